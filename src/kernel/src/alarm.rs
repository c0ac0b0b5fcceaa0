//! When an alarm rises: M of the last N samples breach, and what a sample that is not there counts as.
//!
//! Must not live here: what is sampled, and what an alarm does.

use std::collections::VecDeque;

/// What a sample that is not there counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingSample {
    /// No sample; when all are missing, nothing is known.
    Stays,
    /// As one that breaches.
    Breaching,
    /// As one that does not.
    NotBreaching,
    /// As if it had not been due: the state stays.
    Ignore,
}

/// What an alarm says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmState {
    /// There is no sample to judge by.
    Insufficient,
    /// Too few samples breach.
    Fine,
    /// Enough samples breach.
    Alarm,
}

/// The last samples of an alarm.
#[derive(Clone, Debug)]
pub struct AlarmWindow {
    datapoints: usize,
    of: usize,
    missing: MissingSample,
    /// Whether the last samples breached; `None` for no sample.
    window: VecDeque<Option<bool>>,
}

impl AlarmWindow {
    /// An alarm for `datapoints` breaching samples among the last `of`, without any yet. What makes no sense
    /// becomes the nearest thing that does.
    #[must_use]
    pub fn new(datapoints: usize, of: usize, missing: MissingSample) -> Self {
        let of = of.max(1);
        Self {
            datapoints: datapoints.clamp(1, of),
            of,
            missing,
            window: VecDeque::new(),
        }
    }

    /// Forgets all samples.
    pub fn clear(&mut self) {
        self.window.clear();
    }

    /// How many of the last samples breach.
    #[must_use]
    pub fn breaching(&self) -> usize {
        self.window.iter().filter(|b| **b == Some(true)).count()
    }

    /// Takes a sample: whether it breaches, `None` if there is none. Returns what the alarm says now; `None`
    /// when the sample does not count and all stays as it was.
    pub fn push(&mut self, breaches: Option<bool>) -> Option<AlarmState> {
        let counted = match (breaches, self.missing) {
            (None, MissingSample::Breaching) => Some(true),
            (None, MissingSample::NotBreaching) => Some(false),
            (None, MissingSample::Ignore) => return None,
            (breaches, _) => breaches,
        };
        self.window.push_back(counted);
        if self.window.len() > self.of {
            self.window.pop_front();
        }
        Some(if self.breaching() >= self.datapoints {
            AlarmState::Alarm
        } else if self.window.iter().all(Option::is_none) {
            AlarmState::Insufficient
        } else {
            AlarmState::Fine
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(missing: MissingSample, samples: &[Option<bool>]) -> Vec<Option<AlarmState>> {
        let mut window = AlarmWindow::new(2, 3, missing);
        samples.iter().map(|sample| window.push(*sample)).collect()
    }

    #[test]
    fn two_of_three() {
        use AlarmState::{Alarm, Fine};
        let told = states(
            MissingSample::Stays,
            &[true, false, true, false, false].map(Some),
        );
        assert_eq!(told, [Fine, Fine, Alarm, Fine, Fine].map(Some));
    }

    #[test]
    fn what_is_missing_counts_as_was_said() {
        use AlarmState::{Alarm, Fine, Insufficient};
        let gone = [Some(false), None, None, None];
        let check = |missing, expected: [Option<AlarmState>; 4]| {
            assert_eq!(states(missing, &gone), expected, "{missing:?}");
        };
        check(
            MissingSample::Stays,
            [Fine, Fine, Fine, Insufficient].map(Some),
        );
        check(
            MissingSample::Breaching,
            [Fine, Fine, Alarm, Alarm].map(Some),
        );
        check(MissingSample::NotBreaching, [Some(Fine); 4]);
        check(MissingSample::Ignore, [Some(Fine), None, None, None]);
    }
}
