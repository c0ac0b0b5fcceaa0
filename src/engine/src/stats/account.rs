//! Totals of a run, what it cost, and the checks that must hold on every run.

use archplay_kernel::{Histogram, NS_PER_SEC};
use archplay_model::Kind;
use archplay_report::{
    AudienceTotals, Cause, ComponentTotals, Cost, Measure, OperationTotals, Reason, Totals,
};

use super::{Done, OperationStats, PeopleCounts, REASONS, Requests, Stats};
use crate::core::Core;
use crate::world::World;

const NS_PER_HOUR: f64 = 3.6e12;

impl World {
    /// What the plant costs at this moment, in units per hour, without traffic.
    pub(crate) fn cost_rate(&self) -> f64 {
        (0_u32..)
            .zip(&self.core.plant.nodes)
            .map(|(node, plan)| {
                let there = self.core.boards[node as usize].paid;
                f64::from(there) * plan.hour_price
            })
            .sum()
    }

    /// What the run cost so far.
    #[cold]
    #[inline(never)]
    pub(crate) fn cost(&mut self) -> Cost {
        let hours = self.core.clock() as f64 / NS_PER_HOUR;
        let prices = self.core.plant.prices.clone();
        let mut cost = Cost::default();
        let mut far = 0;
        for (i, done) in self.done().into_iter().enumerate() {
            // Where stretches were left out, what was simulated stands for them too.
            let left_out = self.core.stats.left_out(i);
            let kind = self.core.plant.nodes[i].kind;
            let price = self.core.plant.nodes[i].hour_price;
            let unit_ns = done.unit_ns + left_out.unit_ns;
            let hours = if unit_ns > 0.0 || matches!(kind, Kind::Server | Kind::Function) {
                unit_ns / NS_PER_HOUR
            } else {
                hours
            };
            let spent = hours * price;
            let million = prices.million_requests.get(&kind).copied().unwrap_or(0.0);
            let requests = (done.arrived + left_out.arrived) as f64 / 1e6 * million;
            match kind {
                Kind::Server => cost.servers += spent,
                Kind::Database => cost.databases += spent,
                Kind::LoadBalancer => cost.load_balancers += spent,
                _ => cost.others += spent,
            }
            cost.requests += requests;
            let bytes = (done.bytes_out + left_out.bytes_out) as f64 / 1e9;
            far += done.bytes_far + left_out.bytes_far;
            cost.traffic += bytes
                * if kind == Kind::Cdn {
                    prices.cdn_gb
                } else {
                    prices.server_gb
                };
        }
        cost.traffic += far as f64 / 1e9 * prices.between_places_gb;
        cost.total = cost.servers
            + cost.databases
            + cost.load_balancers
            + cost.traffic
            + cost.others
            + cost.requests;
        cost
    }

    /// What each component has done so far.
    pub(crate) fn done(&mut self) -> Vec<Done> {
        let now = self.core.now;
        let nodes = self.nodes.iter_mut().enumerate();
        nodes
            .map(|(i, node)| {
                let load = node.load(&mut self.core);
                let (_, unit_ns) = node.units(&mut self.core);
                let waiting = node.waiting(now);
                let (part, board) = (&self.core.stats.parts[i], &self.core.boards[i]);
                Done {
                    load,
                    unit_ns,
                    area: part.inside.area(now),
                    waiting,
                    arrived: part.arrived,
                    bytes_out: board.bytes_out,
                    bytes_far: board.bytes_far,
                }
            })
            .collect()
    }

    /// Totals over the whole run, or over the focus window.
    #[cold]
    #[inline(never)]
    pub(crate) fn totals(&self, focus: bool) -> Totals {
        let stats = &self.core.stats;
        let plant = &self.core.plant;
        let pick = |operation: &OperationStats| -> Requests {
            if focus && !stats.all_focus {
                operation.focus.clone()
            } else {
                operation.so_far(stats.weight)
            }
        };
        let operations = plant
            .operations
            .iter()
            .zip(&stats.operations)
            .map(|(plan, operation)| {
                let requests = pick(operation);
                OperationTotals {
                    queued: operation.queued,
                    ..operation_totals(plan.id.to_string(), operation.admin, &requests)
                }
            });
        let audiences = plant
            .audiences
            .iter()
            .zip(&stats.audiences)
            .map(|(plan, audience)| {
                let people = stats.people(audience, focus);
                audience_totals(plan.id.to_string(), audience.admin, &people)
            });
        Totals {
            operations: operations.collect(),
            audiences: audiences.collect(),
        }
    }

    /// Means and peaks by component.
    #[cold]
    #[inline(never)]
    pub(crate) fn component_totals(&mut self) -> Vec<ComponentTotals> {
        let now = self.core.now;
        let span = self.core.clock() as f64;
        let mut out = Vec::new();
        for i in 0..self.nodes.len() {
            let plan = &self.core.plant.nodes[i];
            if !Stats::counts(plan.kind) && !matches!(plan.kind, Kind::Monitor | Kind::Controller) {
                continue;
            }
            let id = plan.id.clone();
            // What has not come yet of the window is empty.
            for which in self.core.stats.marked..2 {
                self.mark(i, now, which);
            }
            let left_out = self.core.stats.left_out(i);
            let load = self.nodes[i].load(&mut self.core);
            let (most, unit_ns) = self.nodes[i].units(&mut self.core);
            let mut measures = Vec::new();
            self.nodes[i].measures(&mut self.core, &mut measures);
            let part = &mut self.core.stats.parts[i];
            if let Some((retries, backoff_ms)) = part.asked_again() {
                measures.push((Measure::Retries, retries));
                measures.push((Measure::BackoffMean, backoff_ms));
            }
            let area = (part.inside.area(now) + left_out.area) as f64;
            out.push(ComponentTotals {
                id,
                utilisation: load.map_or(f64::NAN, |load| {
                    let more = left_out.load.unwrap_or_default();
                    let capacity_ns = load.capacity_ns + more.capacity_ns;
                    if capacity_ns > 0.0 {
                        ((load.busy_ns + more.busy_ns) / capacity_ns).min(1.0)
                    } else {
                        0.0
                    }
                }),
                max_instances: most,
                instance_hours: (unit_ns + left_out.unit_ns) / NS_PER_HOUR,
                mean_inside: if span > 0.0 { area / span } else { 0.0 },
                // In the time left out as many leave as come: those inside stay who they are.
                arrived: part.arrived + left_out.arrived,
                left: part.left + left_out.arrived,
                time_secs: (part.time_inside(now) + left_out.area) as f64 / NS_PER_SEC as f64,
                measures,
            });
        }
        out
    }

    /// Where requests failed, the earliest first.
    #[cold]
    #[inline(never)]
    pub(crate) fn causes(&self) -> Vec<Cause> {
        let mut list = Vec::new();
        for (plan, part) in self.core.plant.nodes.iter().zip(&self.core.stats.parts) {
            for reason in Reason::ALL {
                let (first_ns, count) = part.causes[reason.index()];
                if count > 0 {
                    list.push(Cause {
                        component: plan.id.clone(),
                        reason,
                        first_ns,
                        count,
                    });
                }
            }
        }
        list.sort_by_key(|cause| cause.first_ns);
        list
    }
}

/// Checks conservation and Little's law. `held` are the messages in all queues by operation, `moving` those of
/// them that are on their way from one queue to another.
///
/// # Errors
/// What does not hold.
#[cold]
#[inline(never)]
pub(crate) fn check(core: &mut Core, held: &[u64], moving: u64) -> Result<(), String> {
    let now = core.now;
    let mut askings = core.askings.iter();
    if let Some((_, asking)) = askings.find(|(handle, asking)| !core.ends(*handle, asking)) {
        return Err(format!("nobody ends {asking:?}"));
    }
    let (mut inside, mut offered, mut ended) = ([0_u64; 2], [0_u64; 2], [0_u64; 2]);
    for (i, stats) in (0_u32..).zip(&core.stats.audiences) {
        let (here, waiting) = core.people_of(i);
        inside[usize::from(stats.admin)] += waiting;
        let (came, left) = stats.simulated();
        let all = stats.stands_for(core.stats.weight);
        if came != left + here || !core.stats.fits(all, here) {
            return Err(format!(
                "audience {i}: {came} came, {left} left, {here} here; they stand for {all:?}"
            ));
        }
    }
    for (i, stats) in core.stats.operations.iter().enumerate() {
        if stats.queued {
            check_messages(i, stats, held[i], moving)?;
            continue;
        }
        let admin = usize::from(stats.admin);
        let (begun, done) = stats.simulated();
        let all = stats.stands_for(core.stats.weight);
        if !core.stats.fits(all, begun - done) {
            return Err(format!(
                "operation {i}: {begun} begun, {done} ended; they stand for {all:?}"
            ));
        }
        offered[admin] += begun;
        ended[admin] += done;
    }
    for admin in [0, 1] {
        if offered[admin] != ended[admin] + inside[admin] {
            return Err(format!(
                "admin {admin}: {} offered, {} ended, {} inside",
                offered[admin], ended[admin], inside[admin]
            ));
        }
    }
    for (plan, part) in core.plant.nodes.iter().zip(&mut core.stats.parts) {
        let (area, time) = (part.inside.area(now), part.time_inside(now));
        if area != time {
            return Err(format!(
                "Little's law at {}: area {area}, time {time}",
                plan.id
            ));
        }
        if part.arrived != part.left + part.inside.value() {
            return Err(format!(
                "{}: {} in, {} out",
                plan.id, part.arrived, part.left
            ));
        }
    }
    Ok(())
}

/// Messages of an operation that is run from queues: published = done + given up + still in a queue. A dead
/// letter on its way to another queue may be in neither or both.
fn check_messages(i: usize, stats: &OperationStats, held: u64, moving: u64) -> Result<(), String> {
    let (offered, ended) = stats.simulated();
    if offered != ended + stats.messages {
        return Err(format!(
            "operation {i}: {offered} published, {ended} ended, {} inside",
            stats.messages
        ));
    }
    if held.abs_diff(stats.messages) > moving {
        return Err(format!(
            "operation {i}: {} messages inside, {held} in the queues, {moving} moving",
            stats.messages
        ));
    }
    Ok(())
}

fn failures(counts: &[u64; REASONS]) -> Vec<(Reason, u64)> {
    Reason::ALL
        .into_iter()
        .map(|reason| (reason, counts[reason.index()]))
        .filter(|(_, n)| *n > 0)
        .collect()
}

fn operation_totals(operation: String, admin: bool, requests: &Requests) -> OperationTotals {
    let latency: &Histogram = &requests.latency;
    let failed: u64 = requests.failed.iter().sum();
    OperationTotals {
        operation,
        admin,
        queued: false,
        offered: requests.offered,
        good: requests.good,
        failed: failures(&requests.failed),
        inside: requests.offered.saturating_sub(requests.good + failed),
        latency_mean_ms: latency.mean_ms(),
        latency_p50_ms: latency.quantile_ms(0.5),
        latency_p90_ms: latency.quantile_ms(0.9),
        latency_p95_ms: latency.quantile_ms(0.95),
        latency_p99_ms: latency.quantile_ms(0.99),
        latency_max_ms: latency.max_ms(),
    }
}

fn audience_totals(audience: String, admin: bool, people: &PeopleCounts) -> AudienceTotals {
    let lost: u64 = people.lost.iter().sum();
    AudienceTotals {
        audience,
        admin,
        arrived: people.arrived,
        done: people.done,
        lost: failures(&people.lost),
        late: people.late,
        inside: people
            .arrived
            .saturating_sub(people.done + people.late + lost),
    }
}
