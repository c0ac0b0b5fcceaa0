//! What the benchmark measures with: this thread's CPU time, which other programs on the machine do not
//! lengthen, and the most memory the process had.

/// Seconds this thread has spent on a processor; on systems that do not tell, seconds on the wall.
#[cfg(unix)]
pub fn cpu_secs() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds this thread has spent on a processor; on systems that do not tell, seconds on the wall.
#[cfg(not(unix))]
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at the clock, the engine never"
)]
pub fn cpu_secs() -> f64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGUN.elapsed().as_secs_f64()
}

/// Does something and tells how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = cpu_secs();
    let result = work();
    (cpu_secs() - begun, result)
}

/// The one in the middle; of none, NaN.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The most memory this process had at once, in MiB, where the system tells (Linux).
pub fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}
