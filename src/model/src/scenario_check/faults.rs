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
    match action {
        FaultAction::Slow { factor } => {
            found.range(format!("{path}.slow.factor"), factor, 1.0, 1_000.0);
        }
        FaultAction::Lose { share } => {
            found.range(format!("{path}.lose.share"), share, 0.0, 0.99);
        }
        FaultAction::LeakMemory { mib_per_sec } => {
            found.above(
                format!("{path}.leak_memory.mib_per_sec"),
                mib_per_sec,
                0.0,
                1e6,
            );
        }
        FaultAction::HogCpu { cores } => {
            found.above(format!("{path}.hog_cpu.cores"), cores, 0.0, 4_096.0);
        }
        FaultAction::StepClock { ms } => {
            found.range(format!("{path}.step_clock.ms"), ms, -1e9, 1e9);
        }
        FaultAction::Kill
        | FaultAction::Restore
        | FaultAction::Cut
        | FaultAction::FillDisk
        | FaultAction::Expire
        | FaultAction::FailResolver => {}
    }
}
