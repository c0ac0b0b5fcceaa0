//! The day's timetable: eight lessons of fifty minutes, breaks of ten, an hour more for lunch after the third.
//!
//! So the lecture's slides have it. The clock notes on the single slides (until when a discussion goes on) contradict
//! that table, so nothing is taken from them.

use super::clock::{clock_text, read_clock};

/// How many lessons there are; the lesson's number is the session's.
const LESSONS: u8 = 8;
/// How long a lesson is, in minutes.
const LESSON: u16 = 50;
/// From one lesson's beginning to the next one's, in minutes.
const PERIOD: u16 = 60;
/// After this lesson comes lunch.
const BEFORE_LUNCH: u8 = 3;
/// How much longer that break is than the others, in minutes.
const LUNCH: u16 = 60;
/// From the first lesson's beginning to the last one's end, in minutes.
const DAY: u16 = (LESSONS as u16) * PERIOD + LUNCH - (PERIOD - LESSON);

/// When the day begins, unless somebody has set it: 09:00, in minutes after midnight.
pub const USUAL_START: u16 = 9 * 60;
/// The latest beginning at which the day still ends before midnight, in minutes after midnight.
pub const LATEST_START: u16 = 24 * 60 - 1 - DAY;

/// What a slot of the day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// A lesson, by its number from 1.
    Lesson(u8),
    /// The break after a lesson.
    Break,
    /// The long break.
    Lunch,
}

/// A slot of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What it is.
    pub kind: SlotKind,
    /// When it begins, in minutes after midnight.
    pub from: u16,
    /// When it ends, in minutes after midnight.
    pub to: u16,
}

impl Slot {
    /// Whether a minute of the day lies in it.
    #[must_use]
    pub const fn holds(self, minute: u16) -> bool {
        self.from <= minute && minute < self.to
    }
}

/// The timetable of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timetable {
    start: u16,
}

impl Default for Timetable {
    fn default() -> Self {
        Self { start: USUAL_START }
    }
}

impl Timetable {
    /// A day that begins then, in minutes after midnight; `None` if it would not end that day.
    #[must_use]
    pub const fn new(start: u16) -> Option<Self> {
        if start <= LATEST_START {
            Some(Self { start })
        } else {
            None
        }
    }

    /// When it begins, in minutes after midnight.
    #[must_use]
    pub const fn start(self) -> u16 {
        self.start
    }

    /// When the last lesson ends, in minutes after midnight.
    #[must_use]
    pub const fn end(self) -> u16 {
        self.start + DAY
    }

    /// All slots in order, without gaps.
    #[must_use]
    pub fn slots(self) -> Vec<Slot> {
        let mut out = Vec::new();
        let mut from = self.start;
        for number in 1..=LESSONS {
            let to = from + LESSON;
            let kind = SlotKind::Lesson(number);
            out.push(Slot { kind, from, to });
            if number == LESSONS {
                break;
            }
            let (kind, long) = if number == BEFORE_LUNCH {
                (SlotKind::Lunch, LUNCH)
            } else {
                (SlotKind::Break, 0)
            };
            from = to + (PERIOD - LESSON) + long;
            let (begin, end) = (to, from);
            out.push(Slot {
                kind,
                from: begin,
                to: end,
            });
        }
        out
    }

    /// The position of the slot that a minute of the day lies in.
    #[must_use]
    pub fn at(self, minute: u16) -> Option<usize> {
        self.slots().iter().position(|slot| slot.holds(minute))
    }

    /// As it is kept.
    #[must_use]
    pub fn to_text(self) -> String {
        clock_text(self.start)
    }

    /// Reads what was kept or typed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::new(read_clock(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_slides() {
        let slots = Timetable::default().slots();
        let lessons: Vec<(String, String)> = slots
            .iter()
            .filter(|slot| matches!(slot.kind, SlotKind::Lesson(_)))
            .map(|slot| (clock_text(slot.from), clock_text(slot.to)))
            .collect();
        let begins = ["09", "10", "11", "13", "14", "15", "16", "17"];
        let wanted = begins.map(|hour| (format!("{hour}:00"), format!("{hour}:50")));
        assert_eq!(lessons, wanted);
        let lunch = slots.iter().find(|slot| slot.kind == SlotKind::Lunch);
        assert!(lunch.is_some_and(|slot| (slot.from, slot.to) == (710, 780)));
        for pair in slots.windows(2) {
            assert_eq!(pair[0].to, pair[1].from);
        }
        assert_eq!(
            slots.last().map(|slot| slot.to),
            Some(Timetable::default().end())
        );
    }

    #[test]
    fn now_is_in_one_slot() {
        let day = Timetable::default();
        let kind = |minute| day.at(minute).map(|i| day.slots()[i].kind);
        assert_eq!(kind(539), None);
        assert_eq!(kind(540), Some(SlotKind::Lesson(1)));
        assert_eq!(kind(589), Some(SlotKind::Lesson(1)));
        assert_eq!(kind(590), Some(SlotKind::Break));
        assert_eq!(kind(12 * 60), Some(SlotKind::Lunch));
        assert_eq!(kind(13 * 60), Some(SlotKind::Lesson(4)));
        assert_eq!(kind(17 * 60 + 50), None);
    }

    #[test]
    fn another_beginning_is_kept_and_one_too_late_is_refused() {
        let day = Timetable::read("09:30").unwrap();
        assert_eq!(Timetable::read(&day.to_text()), Some(day));
        assert_eq!(day.slots()[0].from, 570);
        assert!(Timetable::new(LATEST_START).is_some_and(|day| day.end() < 24 * 60));
        assert_eq!(Timetable::new(LATEST_START + 1), None);
        assert_eq!(Timetable::read("late"), None);
    }
}
