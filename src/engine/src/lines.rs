//! Processors that work first come, first served, in virtual time: the line in front of them is a moment at
//! which each will be free, not a list.
//!
//! What stands in line keeps its place whatever happens to those who asked: work is not cancelled.

use archplay_kernel::MinHeap;

/// Equal processors with one line.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    /// When each will be free.
    free: MinHeap<u64>,
    count: u64,
    /// Work taken in so far, in nanoseconds.
    booked_ns: u64,
    /// Busy time at the last look.
    seen_ns: u64,
}

impl Lines {
    pub(crate) fn new(count: u32) -> Self {
        let mut lines = Self {
            free: MinHeap::default(),
            count: u64::from(count.max(1)),
            booked_ns: 0,
            seen_ns: 0,
        };
        for _ in 0..lines.count {
            lines.free.push(0);
        }
        lines
    }

    /// In how many nanoseconds work that comes now begins: the line before it.
    pub(crate) fn line_ns(&self, now: u64) -> u64 {
        let free = self.free.peek().copied().unwrap_or(0);
        free.saturating_sub(now)
    }

    /// Puts work into the line; when it will be done.
    pub(crate) fn take(&mut self, now: u64, work_ns: u64) -> u64 {
        let begin = self.free.pop().unwrap_or(0).max(now);
        let end = begin.saturating_add(work_ns);
        self.free.push(end);
        self.booked_ns += end - begin;
        end
    }

    /// Puts work into the line: when it will be done, and how long it stands in line before.
    pub(crate) fn take_after_line(&mut self, now: u64, work_ns: u64) -> (u64, u64) {
        let line = self.line_ns(now);
        (self.take(now, work_ns), line)
    }

    /// Busy processor-nanoseconds since the start. A processor that has work is busy without a gap, so what
    /// is still to be done is the time until it is free.
    pub(crate) fn busy_ns(&self, now: u64) -> u64 {
        let open: u64 = self.free.iter().map(|at| at.saturating_sub(now)).sum();
        self.booked_ns - open
    }

    /// The share of the time since the last call that the processors were busy.
    pub(crate) fn take_share(&mut self, now: u64, span_ns: u64) -> f64 {
        let busy = self.busy_ns(now);
        let since = busy - std::mem::replace(&mut self.seen_ns, busy);
        since as f64 / (span_ns.max(1) as f64 * self.count as f64)
    }

    /// Processor-nanoseconds that there were until now.
    pub(crate) fn capacity_ns(&self, now: u64) -> f64 {
        now as f64 * self.count as f64
    }

    /// All work in line is lost.
    pub(crate) fn clear(&mut self, now: u64) {
        self.booked_ns = self.busy_ns(now);
        self.free.clear();
        for _ in 0..self.count {
            self.free.push(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_come_first_served_over_two() {
        let mut lines = Lines::new(2);
        assert_eq!(
            [lines.take(0, 10), lines.take(0, 4), lines.take(1, 4)],
            [10, 4, 8]
        );
        // Nobody waits for a processor that is free.
        assert_eq!((lines.line_ns(1), lines.line_ns(9)), (7, 0));
        assert_eq!(lines.busy_ns(6), 12);
        assert!((lines.take_share(8, 8) - 1.0).abs() < 1e-12);
        assert_eq!(lines.busy_ns(20), 18);
        assert_eq!(lines.take(20, 5), 25);
        lines.clear(22);
        assert_eq!((lines.busy_ns(30), lines.take(23, 1)), (20, 24));
    }
}
