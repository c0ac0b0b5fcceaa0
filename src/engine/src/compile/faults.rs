//! The scenario's faults as moments: where one has an end, that is a moment of its own.

use archplay_kernel::NS_PER_SEC;
use archplay_model::Scenario;

use crate::plant::FaultPlan;

pub(super) fn faults(scenario: &Scenario) -> Vec<FaultPlan> {
    let start = scenario.start.secs();
    let since = |secs: u32| u64::from(secs.saturating_sub(start)) * NS_PER_SEC;
    let mut out = Vec::new();
    let faults = scenario
        .faults
        .iter()
        .filter(|fault| fault.at.secs() >= start);
    for (number, fault) in (0_u32..).zip(faults) {
        let plan = FaultPlan {
            at_ns: since(fault.at.secs()),
            action: fault.action,
            target: fault.target.clone(),
            ends: false,
            number,
        };
        if let Some(until) = fault.until {
            out.push(FaultPlan {
                at_ns: since(until.secs()),
                ends: true,
                ..plan.clone()
            });
        }
        out.push(plan);
    }
    out.sort_by_key(|plan| plan.at_ns);
    out
}
