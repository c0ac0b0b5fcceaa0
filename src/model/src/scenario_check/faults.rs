//! Checks what breaks. Targets are selectors: what the drawing does not have is not hit.

use super::Findings;
use crate::Scenario;
use crate::scenario::FaultAction;

/// Checks all faults.
pub(super) fn check(scenario: &Scenario, found: &mut Findings<'_>) {
    for (i, fault) in scenario.faults.iter().enumerate() {
        let path = format!("faults[{i}]");
        check_action(fault.action, &format!("{path}.action"), found);
        let Some(until) = fault.until else { continue };
        let path = format!("{path}.until");
        if until <= fault.at {
            found.bad(path, "scenario_order", until);
        } else if matches!(fault.action, FaultAction::Restore | FaultAction::Expire) {
            found.bad(path, "scenario_never_ends", until);
        }
    }
}

fn check_action(action: FaultAction, path: &str, found: &mut Findings<'_>) {
    let (Some(range), Some(value)) = (action.strength_range(), action.strength()) else {
        return;
    };
    let path = format!("{path}.{}.{}", action.slug(), range.field);
    if range.above_min {
        found.above(path, value, range.min, range.max);
    } else {
        found.range(path, value, range.min, range.max);
    }
}
