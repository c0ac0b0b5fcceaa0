//! Checks what of a scenario lies outside of its run, and whether anybody comes at all.

use super::Findings;
use crate::Scenario;

/// Adds what can have no part in the run.
pub(super) fn check(scenario: &Scenario, found: &mut Findings<'_>) {
    if scenario.audiences.is_empty() {
        found.odd("audiences", "no_audience", "");
    }
    if scenario.duration_secs == 0 {
        // Told already, and then nothing happens in it.
        return;
    }
    for (i, fault) in scenario.faults.iter().enumerate() {
        if scenario.since_start(fault.at) >= scenario.duration_secs {
            found.odd(format!("faults[{i}].at"), "fault_never_happens", fault.at);
        }
    }
    let (start, end) = (scenario.start.secs(), scenario.end());
    if let Some(focus) = scenario.focus
        && focus.from < focus.to
        && (focus.from.secs() >= end || focus.to.secs() <= start)
    {
        let value = format!("{}–{}", focus.from, focus.to);
        found.odd("focus", "focus_outside_run", value);
    }
    for (i, audience) in scenario.audiences.iter().enumerate() {
        // The first point after the end still says whereto the line before it leads.
        let points = audience.rate.windows(2).enumerate();
        for (k, pair) in points.filter(|(_, pair)| pair[0].at.secs() >= end) {
            let path = format!("audiences[{i}].rate[{}].at", k + 1);
            found.odd(path, "rate_after_end", pair[1].at);
        }
    }
}
