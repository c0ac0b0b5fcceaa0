//! Deadlines that are all the same distance ahead, of records that know themselves since when they wait: nothing is
//! written down as long as nobody waits that long.

use std::collections::VecDeque;

use crate::{EventQueue, TimerId};

/// Deadlines that are looked for in rounds, with one timer for the next.
///
/// Most who wait are answered long before their deadline. So whoever begins to wait is not noted; the timer fires
/// about once in the time of a deadline, and then everyone who waits is looked through and listed. When deadlines are
/// met, or rounds would come soon after each other, those who begin to wait are listed at once, for a round costs as
/// much as there are records.
#[derive(Clone, Debug)]
pub struct Rounds<T> {
    after_ns: u64,
    /// By deadline. Whoever waits and is not in here began after those who are.
    list: VecDeque<(u64, T)>,
    timer: TimerId,
    armed: bool,
    /// Whether whoever begins to wait is listed at once.
    lists: bool,
    /// Whether somebody's deadline has come since the timer was set.
    met: bool,
    /// When everyone was looked through last.
    looked_ns: u64,
    /// When the list is this long its front is looked through.
    look_at: usize,
}

/// So many more may come before the front is looked through again: at once is cheaper than one by one.
const PATCH: usize = 64;

impl<T: Copy> Rounds<T> {
    /// Makes deadlines that come `after_ns` after somebody begins to wait; `timer` fires for the first.
    #[must_use]
    pub const fn new(after_ns: u64, timer: TimerId) -> Self {
        Self {
            after_ns,
            list: VecDeque::new(),
            timer,
            armed: false,
            lists: false,
            met: false,
            looked_ns: 0,
            look_at: PATCH,
        }
    }

    /// Somebody begins to wait.
    #[inline(always)]
    pub fn begin<E: Copy + Default>(
        &mut self,
        now: u64,
        item: T,
        queue: &mut EventQueue<E>,
        alive: impl Fn(&T) -> bool,
    ) {
        if !self.armed || self.lists {
            self.note(now, item, queue, alive);
        }
    }

    #[cold]
    #[inline(never)]
    fn note<E: Copy + Default>(
        &mut self,
        now: u64,
        item: T,
        queue: &mut EventQueue<E>,
        alive: impl Fn(&T) -> bool,
    ) {
        let at = now.saturating_add(self.after_ns);
        if self.lists {
            if self.list.len() >= self.look_at {
                self.drop_front(alive);
                self.look_at = self.list.len() + PATCH;
            }
            self.list.push_back((at, item));
        }
        if !self.armed {
            queue.set(self.timer, at);
            self.armed = true;
        }
    }

    fn drop_front(&mut self, alive: impl Fn(&T) -> bool) {
        while self.list.front().is_some_and(|(_, item)| !alive(item)) {
            self.list.pop_front();
        }
    }

    /// The timer has fired: the next whose deadline has come. `alive` tells who still waits, `everyone` all who
    /// wait and since when. `None` sets the timer anew.
    pub fn due<E: Copy + Default, I: Iterator<Item = (u64, T)>>(
        &mut self,
        now: u64,
        queue: &mut EventQueue<E>,
        alive: impl Fn(&T) -> bool,
        everyone: impl FnOnce() -> I,
    ) -> Option<T> {
        self.drop_front(&alive);
        if self.list.is_empty() {
            self.lists = self.met || now < self.looked_ns.saturating_add(self.after_ns / 2);
            self.looked_ns = now;
            self.look(everyone());
        }
        match self.list.front() {
            Some((at, _)) if *at <= now => {
                self.met = true;
                return self.list.pop_front().map(|(_, item)| item);
            }
            Some((at, _)) => queue.set(self.timer, *at),
            None => (self.armed, self.lists) = (false, false),
        }
        self.lists &= std::mem::replace(&mut self.met, false) || self.looked_ns == now;
        None
    }

    /// Lists everyone who waits.
    #[cold]
    fn look(&mut self, everyone: impl Iterator<Item = (u64, T)>) {
        let after = self.after_ns;
        let all = everyone.map(|(since, item)| (since.saturating_add(after), item));
        self.list.extend(all);
        // Those in neighbouring places often came one after the other: a sort that knows runs. Equal ones stay in the
        // order of their places.
        self.list.make_contiguous().sort_by_key(|(at, _)| *at);
        self.look_at = self.list.len() + PATCH;
    }

    /// Nobody waits any more.
    pub fn clear(&mut self) {
        self.list.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// People who wait, as somebody who keeps a list of all would know them.
    struct Hall {
        queue: EventQueue<()>,
        rounds: Rounds<usize>,
        /// Since when each waits; `None` when it has gone.
        waits: Vec<Option<u64>>,
        looks: usize,
        gave_up: Vec<(u64, usize)>,
    }

    const AFTER: u64 = 1_000;

    impl Hall {
        fn new() -> Self {
            let mut queue = EventQueue::default();
            let timer = queue.add_timer(());
            Self {
                queue,
                rounds: Rounds::new(AFTER, timer),
                waits: Vec::new(),
                looks: 0,
                gave_up: Vec::new(),
            }
        }

        fn comes(&mut self, now: u64) -> usize {
            self.waits.push(Some(now));
            let (waits, item) = (&self.waits, self.waits.len() - 1);
            self.rounds
                .begin(now, item, &mut self.queue, |i| waits[*i].is_some());
            item
        }

        /// Everything that the timer does before a moment.
        fn until(&mut self, end: u64) {
            while let Some((now, ())) = self.queue.pop_before(end) {
                loop {
                    let (waits, looks) = (&self.waits, &mut self.looks);
                    let due = self.rounds.due(
                        now,
                        &mut self.queue,
                        |i| waits[*i].is_some(),
                        || {
                            *looks += 1;
                            let all = waits.iter().enumerate();
                            all.filter_map(|(i, since)| since.map(|since| (since, i)))
                        },
                    );
                    let Some(i) = due else {
                        break;
                    };
                    assert_eq!(self.waits[i].take(), Some(now - AFTER));
                    self.gave_up.push((now, i));
                }
            }
        }
    }

    #[test]
    fn everyone_gives_up_in_time_and_nobody_who_was_answered() {
        let mut stream = crate::Stream::named(1, "hall", "visits");
        // Hardly anyone, half of all, everyone waits too long; one by one, then nobody for a long time.
        for share in [0.001, 0.5, 1.0] {
            let mut hall = Hall::new();
            let (mut now, mut answers) = (0, Vec::new());
            let mut wanted = Vec::new();
            for i in 0..20_000 {
                now += u64::from(stream.below(20)) + if i % 5_000 == 0 { 10_000 } else { 0 };
                answers.sort_unstable();
                while let Some((at, item)) = answers.first().copied().filter(|(at, _)| *at <= now) {
                    answers.remove(0);
                    hall.until(at);
                    hall.waits[item] = None;
                }
                hall.until(now);
                let item = hall.comes(now);
                if stream.unit() < share {
                    wanted.push((now + AFTER, item));
                } else {
                    answers.push((now + 1 + u64::from(stream.below(AFTER as u32 - 1)), item));
                }
            }
            for (at, item) in answers {
                hall.until(at);
                hall.waits[item] = None;
            }
            hall.until(u64::MAX);
            hall.gave_up.sort_unstable();
            assert_eq!(hall.gave_up, wanted);
            // A round for each time of a deadline, not one for each who gives up.
            let periods = now / AFTER;
            assert!(hall.looks as u64 <= 3 * periods, "{} looks", hall.looks);
        }
    }

    #[test]
    fn a_timer_that_finds_nobody_comes_to_rest() {
        let mut hall = Hall::new();
        let item = hall.comes(5);
        hall.waits[item] = None;
        hall.until(u64::MAX);
        assert_eq!((hall.looks, hall.queue.pop_before(u64::MAX)), (1, None));
        hall.comes(10_000);
        hall.until(u64::MAX);
        assert_eq!(hall.gave_up, [(11_000, 1)]);
    }
}
