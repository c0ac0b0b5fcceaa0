//! The scenario's faults as moments: where one has an end, that is a moment of its own. A time of day that is past when
//! the scenario begins is meant for the next day.

use archplay_kernel::NS_PER_SEC;
use archplay_model::Scenario;

use crate::plant::{DAY_SECS, FaultPlan};

pub(super) fn faults(scenario: &Scenario) -> Vec<FaultPlan> {
    let start = scenario.start.secs();
    let mut out = Vec::new();
    let mut number = 0;
    for fault in &scenario.faults {
        let at = fault.at.secs();
        let next_day = at < start;
        let since = if next_day { at + DAY_SECS } else { at } - start;
        if next_day && since >= scenario.duration_secs {
            continue;
        }
        let plan = FaultPlan {
            at_ns: u64::from(since) * NS_PER_SEC,
            action: fault.action,
            target: fault.target.clone(),
            ends: false,
            number,
        };
        number += 1;
        if let Some(until) = fault.until {
            let lasts = until.secs().saturating_sub(at);
            out.push(FaultPlan {
                at_ns: plan.at_ns + u64::from(lasts) * NS_PER_SEC,
                ends: true,
                ..plan.clone()
            });
        }
        out.push(plan);
    }
    out.sort_by_key(|plan| plan.at_ns);
    out
}
