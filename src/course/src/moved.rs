//! When the faults of a graded run come, where the task leaves that open: nobody can set an alarm by the clock.
//!
//! What is graded of the moved faults is in `measure`; must not live here.

use archplay_model::ClockTime;
use archplay_model::scenario::Fault;
use archplay_report::sha256_hex;
use serde::{Deserialize, Serialize};

/// How much later each of the scenario's faults comes, in seconds; below 0 for earlier. Each is drawn evenly, from
/// the run's seed and the fault's place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// The least.
    pub from: i32,
    /// The most, itself included.
    pub to: i32,
}

/// A fault that was moved: when it began in the scenario, and when it begins in the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The scenario's moment.
    pub from: ClockTime,
    /// The run's.
    pub to: ClockTime,
}

/// The longest way that a fault can be moved, in seconds.
pub(crate) const MOST: i32 = 86_400;

impl Later {
    /// Moves faults and says which went where. Faults that begin at one moment in the scenario stay together.
    pub(crate) fn apply(self, faults: &mut [Fault], seed: u64) -> Vec<Moved> {
        let mut out: Vec<Moved> = Vec::new();
        for (n, fault) in faults.iter_mut().enumerate() {
            let from = fault.at;
            let to = match out.iter().find(|moved| moved.from == from) {
                Some(moved) => moved.to,
                None => shifted(from, self.draw(seed, n)),
            };
            let by = i64::from(to.secs()) - i64::from(from.secs());
            fault.at = to;
            fault.until = fault.until.map(|until| shifted(until, by));
            out.push(Moved { from, to });
        }
        out
    }

    fn draw(self, seed: u64, n: usize) -> i64 {
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        let hash = sha256_hex(&format!("when {seed} {n}"));
        let digits = hash.get(..8).unwrap_or_default();
        let drawn = i64::from(u32::from_str_radix(digits, 16).unwrap_or(0));
        from + drawn % (to - from + 1).max(1)
    }
}

/// A moment so much later, within the clock's day.
fn shifted(at: ClockTime, by: i64) -> ClockTime {
    let secs = (i64::from(at.secs()) + by).clamp(0, 86_400);
    ClockTime::from_secs(u32::try_from(secs).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::scenario::{FaultAction, FaultTarget};

    fn fault(at: &str, until: &str) -> Fault {
        Fault {
            at: at.parse().unwrap(),
            until: Some(until.parse().unwrap()),
            action: FaultAction::Kill,
            target: FaultTarget::OneServer,
        }
    }

    #[test]
    fn each_fault_has_a_moment_of_its_own_and_lasts_as_long_as_before() {
        let given = || {
            vec![
                fault("10:00", "10:04"),
                fault("10:00", "10:01"),
                fault("10:30", "10:35"),
            ]
        };
        let later = Later { from: -60, to: 240 };
        let mut seen = Vec::new();
        for seed in 0..200 {
            let mut faults = given();
            let moved = later.apply(&mut faults, seed);
            assert_eq!(moved.len(), 3);
            for ((before, after), moved) in given().iter().zip(&faults).zip(&moved) {
                let by = i64::from(after.at.secs()) - i64::from(before.at.secs());
                assert!((-60..=240).contains(&by), "{by}");
                assert_eq!((moved.from, moved.to), (before.at, after.at));
                let length = |f: &Fault| f.until.unwrap().secs() - f.at.secs();
                assert_eq!(length(before), length(after));
            }
            assert_eq!(faults[0].at, faults[1].at, "together");
            seen.push((
                i64::from(faults[0].at.secs()) - 36_000,
                i64::from(faults[2].at.secs()) - 37_800,
            ));
            let mut again = given();
            later.apply(&mut again, seed);
            assert_eq!(faults, again, "the same seed, the same moments");
        }
        // Evenly, and each by itself: the mean is 90, the two differ.
        let mean = seen.iter().map(|(a, b)| a + b).sum::<i64>() as f64 / 400.0;
        assert!((mean - 90.0).abs() < 15.0, "{mean}");
        assert!(seen.iter().filter(|(a, b)| a == b).count() < 10);
    }
}
