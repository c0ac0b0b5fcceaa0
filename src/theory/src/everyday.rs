//! Arithmetic of one line that lessons do by hand: scans with a limit, layers of retries, load averages,
//! waiting rooms.

/// Rows that a query looks at until it has found `limit` that fit, or all it has to look through.
///
/// `within` is the share of the rows that an index leads to (1 without one), `fitting` the share of all rows
/// that the query wants. Where those that fit lie evenly, limit·within/fitting rows hold `limit` of them.
#[must_use]
pub fn rows_examined(rows: f64, within: f64, fitting: f64, limit: f64) -> f64 {
    let all = rows * within;
    if fitting <= 0.0 {
        return all;
    }
    (limit * within / fitting).min(all)
}

/// Calls that reach the last of `layers` layers for one request of a user, when nothing succeeds and each
/// layer tries `tries` times: triesˡ.
///
/// Source: M. Brooker, *Timeouts, retries, and backoff with jitter*, Amazon Builders' Library.
#[must_use]
pub fn calls_of_layers(tries: u32, layers: u32) -> f64 {
    (0..layers).fold(1.0, |calls, _| calls * f64::from(tries))
}

/// A load average after `secs` seconds with `active` threads that run, want to run or wait for a disk:
/// it was `before` and is damped over `window` seconds.
///
/// Source: B. Gregg, *Linux load averages: solving the mystery* (2017).
#[must_use]
pub fn load_average(before: f64, active: f64, secs: f64, window: f64) -> f64 {
    active + (before - active) * libm::exp(-secs / window)
}

/// A waiting room in which somebody stands. Times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitingLine {
    /// How many are admitted before.
    pub ahead: f64,
    /// Admitted per second.
    pub admitted: f64,
    /// Newcomers per second, who stand behind.
    pub behind: f64,
}

impl WaitingLine {
    /// How long it takes from the beginning, for somebody who keeps the place.
    #[must_use]
    pub fn wait(&self) -> f64 {
        self.ahead / self.admitted
    }

    /// How long it takes from the beginning, for somebody who goes to the end of the line after so many
    /// seconds: all who have come meanwhile are before. Who is inside by then loses nothing.
    #[must_use]
    pub fn wait_when_renewed(&self, after: f64) -> f64 {
        if after <= 0.0 || after >= self.wait() {
            return self.wait();
        }
        self.wait() + self.behind * after / self.admitted
    }

    /// How many stand before somebody at a time, who went to the end of the line at `renewed`, if at all.
    #[must_use]
    pub fn place(&self, time: f64, renewed: Option<f64>) -> f64 {
        let came = match renewed {
            Some(after) if time >= after && after < self.wait() => self.behind * after,
            _ => 0.0,
        };
        (self.ahead + came - self.admitted * time).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_looks_on_until_enough_fit() {
        let scan = |rows, fitting| rows_examined(rows, 1.0, fitting, 20.0).round();
        assert_eq!(scan(1e6, 0.05), 400.0);
        assert_eq!(scan(1e6, 0.01), 2_000.0);
        assert_eq!(scan(1e6, 0.001), 20_000.0);
        assert_eq!(scan(1e6, 0.000_1), 200_000.0);
        assert_eq!(scan(100_000.0, 0.000_1), 100_000.0);
        assert_eq!(scan(100_000.0, 0.0), 100_000.0);
        // An index that knows all conditions leads to what is wanted.
        assert_eq!(rows_examined(1e6, 0.001, 0.001, 20.0), 20.0);
        assert_eq!(rows_examined(5e5, 0.000_03, 0.000_03, 20.0).round(), 15.0);
    }

    #[test]
    fn layers_multiply() {
        assert_eq!(calls_of_layers(3, 5), 243.0);
        assert_eq!(calls_of_layers(3, 0), 1.0);
        assert_eq!(calls_of_layers(1, 5), 1.0);
    }

    #[test]
    fn a_load_average_comes_near_in_its_time() {
        let after = |secs| load_average(0.0, 10.0, secs, 60.0);
        assert!((after(60.0) - 6.321).abs() < 1e-3);
        assert!((after(600.0) - 10.0).abs() < 1e-3);
        assert_eq!(after(0.0), 0.0);
        // In two steps as in one.
        let two = load_average(after(25.0), 10.0, 35.0, 60.0);
        assert!((two - after(60.0)).abs() < 1e-12);
    }

    #[test]
    fn who_goes_to_the_end_waits_for_those_who_came() {
        let line = WaitingLine {
            ahead: 172_573.0,
            admitted: 80.0,
            behind: 60.0,
        };
        assert_eq!((line.wait() / 60.0).round(), 36.0);
        assert_eq!(line.wait_when_renewed(600.0) - line.wait(), 450.0);
        assert_eq!(line.wait_when_renewed(0.0), line.wait());
        assert_eq!(line.wait_when_renewed(1e6), line.wait());
        assert_eq!(line.place(600.0, None), 124_573.0);
        assert_eq!(line.place(600.0, Some(600.0)), 160_573.0);
        assert_eq!(line.place(line.wait_when_renewed(600.0), Some(600.0)), 0.0);
    }
}
