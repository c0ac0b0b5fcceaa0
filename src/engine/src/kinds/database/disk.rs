//! The disk of a database: so many page reads and writes a second, first come first served.
//!
//! Only when an operation is done lives here; what it is for does not.

/// A disk that starts at most one operation every 1 / IOPS; each then takes a time of its own.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    /// Nanoseconds between the starts of two operations.
    gap_ns: f64,
    /// When the next operation can start, in nanoseconds.
    free_at: f64,
    /// Nanoseconds of all operations so far, each counted as one gap.
    submitted_ns: f64,
}

impl Disk {
    pub(super) fn new(iops: f64) -> Self {
        Self {
            gap_ns: 1e9 / iops.max(1e-9),
            free_at: 0.0,
            submitted_ns: 0.0,
        }
    }

    /// In how many nanoseconds an operation submitted now begins: the line before it.
    pub(super) fn line_ns(&self, now: u64) -> u64 {
        (self.free_at - now as f64).max(0.0) as u64
    }

    /// Queues `count` operations of `latency_ns` each, everything `stretch` times as long. Returns in how
    /// many nanoseconds the last is done.
    pub(super) fn submit(&mut self, now: u64, count: u32, latency_ns: f64, stretch: f64) -> u64 {
        let start = self.free_at.max(now as f64);
        let gap = self.gap_ns * stretch;
        let count = f64::from(count);
        self.free_at = start + count * gap;
        self.submitted_ns += count * gap;
        let done = start + (count - 1.0).max(0.0) * gap + latency_ns * stretch;
        let left = (done - now as f64).max(0.0);
        left as u64 + u64::from(left.fract() > 0.0)
    }

    /// Nanoseconds that it has been busy until now.
    pub(super) fn busy_ns(&self, now: u64) -> f64 {
        self.submitted_ns - (self.free_at - now as f64).max(0.0)
    }

    /// What waits is forgotten.
    pub(super) fn clear(&mut self, now: u64) {
        self.submitted_ns = self.busy_ns(now);
        self.free_at = now as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_start_one_gap_apart_and_last_their_own_time() {
        // 1,000 a second, 5 ms each.
        let mut disk = Disk::new(1_000.0);
        assert_eq!(disk.submit(0, 1, 5e6, 1.0), 5_000_000);
        assert_eq!(disk.submit(0, 2, 5e6, 1.0), 7_000_000);
        assert_eq!(disk.submit(1_000_000, 1, 5e6, 1.0), 7_000_000);
        assert!((disk.busy_ns(2_000_000) - 2e6).abs() < 1.0);
        assert_eq!(
            (disk.line_ns(2_000_000), disk.line_ns(9_000_000)),
            (2_000_000, 0)
        );
        disk.clear(2_000_000);
        assert_eq!(disk.submit(2_000_000, 1, 5e6, 1.0), 5_000_000);
    }

    /// M/D/1: the mean wait of Poisson arrivals is ρ D / (2 (1 − ρ)).
    #[test]
    fn waits_as_an_m_d_1_queue() {
        let mut disk = Disk::new(1_000.0);
        let (mut at, mut sum, n) = (0.0, 0.0, 400_000_u64);
        for i in 0..n {
            at += archplay_kernel::exp_of(archplay_kernel::mix(7, i), 1e6 / 0.8);
            sum += disk.submit(at as u64, 1, 0.0, 1.0) as f64;
        }
        let (got, wanted) = (sum / n as f64, 0.8 * 1e6 / (2.0 * 0.2));
        assert!((got / wanted - 1.0).abs() < 0.03, "{got} {wanted}");
    }
}
