//! Audiences: curves, journeys, who comes through which client.

use archplay_kernel::{RateCurve, Sampler, Spread, ns_from_secs};
use archplay_model::Id;
use archplay_model::placement::is_admin;
use archplay_model::scenario::{Arrivals, JourneyStep};

use super::{Compiler, scenario_spread};
use crate::plant::{AudiencePlan, JourneyStepPlan};

#[cold]
#[inline(never)]
pub(super) fn audiences(compiler: &Compiler<'_>) -> Vec<AudiencePlan> {
    let scenario = compiler.scenario;
    let plan = |(i, audience): (usize, &archplay_model::scenario::Audience)| {
        let journey = scenario.journey(&audience.journey);
        let points: Vec<(f64, f64)> = audience
            .rate
            .iter()
            .map(|p| (f64::from(p.at.secs()), p.per_sec))
            .collect();
        let gaps = match audience.arrivals {
            Arrivals::Gaps(spread) => scenario_spread(spread),
            Arrivals::Poisson | Arrivals::Even => Spread::Constant,
        };
        AudiencePlan {
            id: audience.id.clone(),
            admin: is_admin(scenario, audience),
            steps: journey
                .map(|journey| journey.steps.as_slice())
                .unwrap_or_default()
                .iter()
                .map(|step| journey_step(compiler, step))
                .collect(),
            within_ns: ns_from_secs(journey.map_or(0.0, |journey| journey.within_secs)),
            curve: RateCurve::new(&points, f64::from(scenario.start.secs())),
            arrivals: audience.arrivals,
            gaps: Sampler::new(gaps, 1.0),
            batch: audience.batch,
            limit: audience.limit.unwrap_or(u64::MAX),
            timeout_ns: ns_from_secs(audience.timeout_secs),
            refresh: audience.refresh,
            clients: compiler
                .placement
                .clients(i)
                .iter()
                .filter_map(|id| compiler.node(id))
                .collect(),
        }
    };
    scenario.audiences.iter().enumerate().map(plan).collect()
}

#[cold]
#[inline(never)]
fn journey_step(compiler: &Compiler<'_>, step: &JourneyStep) -> JourneyStepPlan {
    let operation = |id: &Id| {
        let found = compiler
            .scenario
            .operations
            .iter()
            .position(|o| &o.id == id);
        found.unwrap_or(0) as u32
    };
    let own = operation(&step.operation);
    let mut alternatives = Vec::new();
    if !step.or.is_empty() {
        let total = 1.0 + step.or.iter().map(|other| other.weight).sum::<f64>();
        let mut until = 1.0 / total;
        alternatives.push((own, until));
        for other in &step.or {
            until += other.weight / total;
            alternatives.push((operation(&other.operation), until));
        }
    }
    JourneyStepPlan {
        operation: own,
        alternatives,
        think_ns: step.think_secs * 1e9,
        probability: step.probability,
        gives: step.gives,
        needs: step.needs,
    }
}
