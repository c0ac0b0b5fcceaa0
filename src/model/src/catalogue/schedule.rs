//! Schedules: counts from times of day on, `13:50=9, 15:00=2`.

use super::ValueRefusal;
use crate::ClockTime;
use crate::limits::{MAX_SCHEDULE, MAX_TEXT_BYTES};

/// One scheduled action: from this time of day on, at least and first this many instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// When.
    pub at: ClockTime,
    /// How many instances.
    pub count: u32,
}

/// Reads a schedule such as `13:50=9, 15:00=2`, in order of time.
///
/// # Errors
/// [`ValueRefusal::BadSchedule`] with the first entry that does not read.
pub fn parse_schedule(text: &str) -> Result<Vec<Scheduled>, ValueRefusal> {
    let bad = |entry: &str| ValueRefusal::BadSchedule {
        entry: entry.chars().take(40).collect(),
    };
    if text.len() > MAX_TEXT_BYTES {
        return Err(bad(text));
    }
    let mut out = Vec::new();
    for entry in text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let (at, count) = entry.split_once('=').ok_or_else(|| bad(entry))?;
        let at = at.trim().parse().map_err(|_| bad(entry))?;
        let count: u32 = count.trim().parse().map_err(|_| bad(entry))?;
        if count > crate::limits::MAX_INSTANCES || out.len() >= MAX_SCHEDULE {
            return Err(bad(entry));
        }
        out.push(Scheduled { at, count });
    }
    out.sort_by_key(|action| action.at);
    Ok(out)
}

/// Writes a schedule as [`parse_schedule`] reads it.
#[must_use]
pub fn write_schedule(actions: &[Scheduled]) -> String {
    let parts: Vec<String> = actions
        .iter()
        .map(|a| format!("{}={}", a.at, a.count))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_round_trip_in_order_of_time() {
        let read = parse_schedule(" 15:00=2,13:50=9 ").unwrap_or_default();
        assert_eq!(write_schedule(&read), "13:50=9, 15:00=2");
    }
}
