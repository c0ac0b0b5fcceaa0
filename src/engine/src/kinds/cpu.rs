//! A processor shared fairly between everyone who wants it, in virtual time: O(log n) a change.
//!
//! Each of n runnable jobs gets min(1, cores / n) of a core. Virtual time runs at that rate; a job that
//! came at virtual time v with work w is done at v + w, whoever comes and goes meanwhile. Another program
//! on the same machine counts as jobs that never end. What a job is must not live here.

use archplay_kernel::{Handle, MinHeap, TimerId};

#[derive(Clone, Copy, Debug)]
struct Share {
    finish: f64,
    seq: u64,
    job: Handle,
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.seq == other.seq
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(
            self.finish
                .total_cmp(&other.finish)
                .then(self.seq.cmp(&other.seq)),
        )
    }
}

/// A shared processor.
#[derive(Clone, Debug)]
pub(crate) struct Cpu {
    cores: f64,
    /// Cores that another program wants all the time.
    hog: f64,
    virtual_ns: f64,
    since: u64,
    seq: u64,
    heap: MinHeap<Share>,
    timer: TimerId,
    /// Busy core-nanoseconds since the start, the other program's included.
    pub busy_ns: f64,
    /// Runnable jobs × nanoseconds since the start, the other program's included.
    pub runnable_area: f64,
}

impl Cpu {
    /// A processor with this many cores. `timer` fires when its next job is done: call
    /// [`Cpu::finish_one`] then.
    pub(crate) fn new(cores: u32, timer: TimerId) -> Self {
        Self {
            cores: f64::from(cores.max(1)),
            hog: 0.0,
            virtual_ns: 0.0,
            since: 0,
            seq: 0,
            heap: MinHeap::default(),
            timer,
            busy_ns: 0.0,
            runnable_area: 0.0,
        }
    }

    /// Cores, at least 1.
    pub(crate) fn cores(&self) -> f64 {
        self.cores
    }

    /// How many want a core now, the other program included.
    pub(crate) fn runnable(&self) -> f64 {
        self.heap.len() as f64 + self.hog
    }

    /// The share of a core that each job gets.
    fn rate(&self) -> f64 {
        (self.cores / self.runnable()).min(1.0)
    }

    /// Brings virtual time and the counters up to a moment.
    pub(crate) fn settle(&mut self, now: u64) {
        let span = now.saturating_sub(self.since) as f64;
        self.since = now;
        let n = self.runnable();
        if span > 0.0 && n > 0.0 {
            self.virtual_ns += span * self.rate();
            self.busy_ns += span * n.min(self.cores);
            self.runnable_area += span * n;
        }
    }

    /// Adds a job with this much work in nanoseconds of one core.
    pub(crate) fn start(
        &mut self,
        now: u64,
        work_ns: f64,
        job: Handle,
        queue: &mut crate::core::Queue,
    ) {
        self.settle(now);
        if self.heap.is_empty() {
            // Nobody is left who remembers the old virtual time: begin anew and keep its precision.
            self.virtual_ns = 0.0;
        }
        self.seq += 1;
        self.heap.push(Share {
            finish: self.virtual_ns + work_ns,
            seq: self.seq,
            job,
        });
        self.arm(now, queue);
    }

    /// Removes the next job that is done, when its timer has fired. It may be one that nobody waits for.
    pub(crate) fn finish_one(
        &mut self,
        now: u64,
        queue: &mut crate::core::Queue,
    ) -> Option<Handle> {
        self.settle(now);
        let done = self.heap.pop()?;
        // The timer was rounded up to whole nanoseconds; virtual time never runs back.
        self.virtual_ns = self.virtual_ns.max(done.finish);
        self.arm(now, queue);
        Some(done.job)
    }

    /// Drops everyone; the other program stays.
    pub(crate) fn clear(&mut self, now: u64, queue: &mut crate::core::Queue) {
        self.settle(now);
        self.heap.clear();
        queue.clear(self.timer);
    }

    /// Another program wants so many cores from now on; 0 for none.
    pub(crate) fn set_hog(&mut self, now: u64, cores: f64, queue: &mut crate::core::Queue) {
        self.settle(now);
        self.hog = if cores > 0.0 { cores } else { 0.0 };
        self.arm(now, queue);
    }

    fn arm(&self, now: u64, queue: &mut crate::core::Queue) {
        let Some(next) = self.heap.peek() else {
            queue.clear(self.timer);
            return;
        };
        let left = (next.finish - self.virtual_ns).max(0.0) / self.rate();
        // Up to the next whole nanosecond; what is beyond any scenario is cut.
        let ns = if left < 9e18 {
            left as u64 + u64::from(left.fract() > 0.0)
        } else {
            u64::MAX / 2
        };
        queue.set(self.timer, now.saturating_add(ns));
    }
}
