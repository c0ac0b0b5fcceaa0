//! The discussion timer. It counts against a clock that is handed in, so that a reload or a sleeping tab loses nothing.

/// Milliseconds of a minute.
const MINUTE: u64 = 60_000;
/// The longest time that can be set, in minutes.
const LONGEST: u64 = 600;

/// What a timer is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It runs, with more than a minute left.
    Running,
    /// It runs, and the last minute has begun.
    LastMinute,
    /// It stands.
    Paused,
    /// The time is over.
    Over,
}

impl Stage {
    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::LastMinute => "last_minute",
            Self::Paused => "paused",
            Self::Over => "over",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Until this moment, in milliseconds since 1970.
    Until(u64),
    /// It stands with this many milliseconds left.
    Left(u64),
}

/// A timer for the discussion of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// What is discussed: lesson, slash, task.
    pub about: String,
    /// The session's number.
    pub session: u8,
    state: State,
    /// Whether its end has been told.
    rung: bool,
}

impl Timer {
    /// Starts one. `now` in milliseconds since 1970.
    #[must_use]
    pub fn start(about: &str, session: u8, minutes: u32, now: u64) -> Self {
        let minutes = u64::from(minutes).clamp(1, LONGEST);
        Self {
            about: about.to_owned(),
            session,
            state: State::Until(now + minutes * MINUTE),
            rung: false,
        }
    }

    /// How much is left, in milliseconds.
    #[must_use]
    pub const fn left(&self, now: u64) -> u64 {
        match self.state {
            State::Until(end) => end.saturating_sub(now),
            State::Left(left) => left,
        }
    }

    /// What it is at.
    #[must_use]
    pub const fn stage(&self, now: u64) -> Stage {
        match (self.state, self.left(now)) {
            (_, 0) => Stage::Over,
            (State::Left(_), _) => Stage::Paused,
            (State::Until(_), left) if left <= MINUTE => Stage::LastMinute,
            (State::Until(_), _) => Stage::Running,
        }
    }

    /// Stands still.
    pub fn pause(&mut self, now: u64) {
        self.state = State::Left(self.left(now));
    }

    /// Goes on. A timer that is over stays so.
    pub fn resume(&mut self, now: u64) {
        if let State::Left(left) = self.state
            && left > 0
        {
            self.state = State::Until(now + left);
        }
    }

    /// Gives more time; after the end it runs anew from now.
    pub fn extend(&mut self, minutes: u32, now: u64) {
        let left = self.left(now) + u64::from(minutes) * MINUTE;
        let left = left.min(LONGEST * MINUTE);
        let over = self.left(now) == 0;
        self.state = match self.state {
            State::Left(_) if !over => State::Left(left),
            _ => State::Until(now + left),
        };
        self.rung = false;
    }

    /// Whether the end has come and nobody has been told.
    #[must_use]
    pub fn is_due(&self, now: u64) -> bool {
        self.stage(now) == Stage::Over && !self.rung
    }

    /// Notes that the end was told.
    pub fn ring(&mut self) {
        self.rung = true;
    }

    /// As it is kept.
    #[must_use]
    pub fn to_text(&self) -> String {
        let (letter, value) = match self.state {
            State::Until(end) => ("u", end),
            State::Left(left) => ("l", left),
        };
        let rung = u8::from(self.rung);
        format!("1 {} {letter} {value} {rung} {}", self.session, self.about)
    }

    /// Reads what was kept.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ' ');
        let mut next = || parts.next();
        if next()? != "1" {
            return None;
        }
        let session = next()?.parse().ok()?;
        let letter = next()?;
        let value: u64 = next()?.parse().ok()?;
        let state = match letter {
            "u" => State::Until(value),
            "l" => State::Left(value.min(LONGEST * MINUTE)),
            _ => return None,
        };
        let rung = next()? == "1";
        Some(Self {
            about: next()?.to_owned(),
            session,
            state,
            rung,
        })
    }

    /// What is left as `4:59`: a second that has begun counts, so that zero is shown only at the end.
    #[must_use]
    pub fn text(&self, now: u64) -> String {
        let secs = self.left(now).div_ceil(1000);
        format!("{}:{:02}", secs / 60, secs % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    fn five() -> Timer {
        Timer::start("03-compute/flash-sale", 3, 5, NOW)
    }

    #[test]
    fn it_counts_down_to_the_end_and_tells_once() {
        let mut timer = five();
        assert_eq!(
            (timer.text(NOW), timer.stage(NOW)),
            ("5:00".into(), Stage::Running)
        );
        assert_eq!(timer.text(NOW + 1), "5:00");
        assert_eq!(timer.text(NOW + 1_000), "4:59");
        assert_eq!(timer.stage(NOW + 4 * MINUTE), Stage::LastMinute);
        assert!(!timer.is_due(NOW + 5 * MINUTE - 1));
        assert_eq!(timer.text(NOW + 5 * MINUTE - 1), "0:01");
        let end = NOW + 5 * MINUTE;
        assert!(timer.is_due(end) && timer.text(end) == "0:00");
        timer.ring();
        assert!(!timer.is_due(end + 1) && timer.stage(end + 1) == Stage::Over);
    }

    #[test]
    fn a_pause_keeps_what_is_left() {
        let mut timer = five();
        timer.pause(NOW + 2 * MINUTE);
        assert_eq!(timer.stage(NOW + 90 * MINUTE), Stage::Paused);
        timer.resume(NOW + 90 * MINUTE);
        assert_eq!(timer.left(NOW + 91 * MINUTE), 2 * MINUTE);
        timer.resume(NOW + 91 * MINUTE);
        assert_eq!(timer.left(NOW + 91 * MINUTE), 2 * MINUTE);
    }

    #[test]
    fn more_time_can_be_had_also_when_it_stands_or_is_over() {
        let mut timer = five();
        timer.extend(1, NOW);
        assert_eq!(timer.left(NOW), 6 * MINUTE);
        timer.pause(NOW);
        timer.extend(5, NOW);
        assert_eq!(
            (timer.left(NOW), timer.stage(NOW)),
            (11 * MINUTE, Stage::Paused)
        );
        timer.resume(NOW);
        let end = NOW + 20 * MINUTE;
        timer.ring();
        timer.extend(1, end);
        assert_eq!(
            (timer.left(end), timer.stage(end + 1)),
            (MINUTE, Stage::LastMinute)
        );
        assert!(timer.is_due(end + MINUTE), "its new end is told too");
        timer.extend(u32::MAX, end);
        assert_eq!(timer.left(end), LONGEST * MINUTE);
    }

    #[test]
    fn it_survives_a_reload() {
        let mut timer = five();
        assert_eq!(Timer::read(&timer.to_text()), Some(timer.clone()));
        timer.pause(NOW + 1);
        timer.ring();
        assert_eq!(Timer::read(&timer.to_text()), Some(timer));
        for bad in [
            "",
            "1",
            "2 3 u 1 0 a",
            "1 3 x 1 0 a",
            "1 3 u -1 0 a",
            "1 3 u 1 0",
        ] {
            assert_eq!(Timer::read(bad), None, "{bad}");
        }
    }
}
