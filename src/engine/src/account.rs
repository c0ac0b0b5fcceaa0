//! The final account: totals, costs, causes, and the checks that every run has to pass.

use archplay_kernel::{Histogram, NS_PER_SEC};
use archplay_model::Kind;
use archplay_report::{
    AudienceTotals, Cause, ComponentTotals, Cost, OperationTotals, Reason, Totals,
};

use crate::stats::{OperationStats, People, Requests, Stats};
use crate::world::World;

const NS_PER_HOUR: f64 = 3_600.0 * NS_PER_SEC as f64;

impl World {
    /// What is spent now, in price units per hour.
    pub(crate) fn cost_rate(&self) -> f64 {
        let prices = &self.plant.prices;
        let servers: f64 = self
            .plant
            .servers
            .iter()
            .zip(&self.stats.servers)
            .map(|(plan, stats)| f64::from(plan.cores) * stats.paid.value() as f64)
            .sum();
        let stores: f64 = self
            .plant
            .stores
            .iter()
            .map(|plan| f64::from(plan.cores))
            .sum();
        servers * prices.server_vcpu_hour
            + stores * prices.database_vcpu_hour
            + self.plant.balancers.len() as f64 * prices.load_balancer_hour
    }

    /// What was spent.
    pub(crate) fn cost(&mut self) -> Cost {
        let now = self.now;
        let prices = self.plant.prices;
        let hours = now as f64 / NS_PER_HOUR;
        let mut cost = Cost::default();
        let mut server_bytes = 0_u64;
        for (plan, stats) in self.plant.servers.iter().zip(&mut self.stats.servers) {
            stats.paid.settle(now);
            let instance_hours = stats.paid.area() as f64 / NS_PER_HOUR;
            cost.servers += instance_hours * f64::from(plan.cores) * prices.server_vcpu_hour;
            server_bytes += stats.bytes;
        }
        let cores: f64 = self
            .plant
            .stores
            .iter()
            .map(|plan| f64::from(plan.cores))
            .sum();
        cost.databases = cores * hours * prices.database_vcpu_hour;
        cost.load_balancers = self.plant.balancers.len() as f64 * hours * prices.load_balancer_hour;
        let cdn_bytes: u64 = self.stats.cdns.iter().map(|stats| stats.bytes).sum();
        cost.traffic =
            server_bytes as f64 / 1e9 * prices.server_gb + cdn_bytes as f64 / 1e9 * prices.cdn_gb;
        cost.total = cost.servers + cost.databases + cost.load_balancers + cost.traffic;
        cost
    }

    /// Totals over the whole run, or over the focus window.
    pub(crate) fn totals(&self, focus: bool) -> Totals {
        let pick = |stats: &'_ OperationStats| -> Requests {
            if focus {
                stats.focus.clone()
            } else {
                stats.whole.clone()
            }
        };
        let operations = self
            .plant
            .operations
            .iter()
            .zip(&self.stats.operations)
            .map(|(plan, stats)| operation_totals(plan.id.to_string(), stats.admin, &pick(stats)));
        let audiences =
            self.plant
                .audiences
                .iter()
                .zip(&self.stats.audiences)
                .map(|(plan, stats)| {
                    let people = if focus { &stats.focus } else { &stats.whole };
                    audience_totals(plan.id.to_string(), stats.admin, people)
                });
        Totals {
            operations: operations.collect(),
            audiences: audiences.collect(),
        }
    }

    /// Means and peaks by component.
    pub(crate) fn component_totals(&mut self) -> Vec<ComponentTotals> {
        let now = self.now;
        let span = now as f64;
        let mut out = Vec::new();
        for (i, part) in self.plant.parts.iter().enumerate() {
            if !Stats::counts(part.kind) {
                continue;
            }
            let stats = &mut self.stats.parts[i];
            stats.inside.settle(now);
            let area = (stats.inside.area() + stats.extra) as f64;
            let inside_time =
                u128::from(stats.inside.value()) * u128::from(now) - stats.arrival_sum;
            let mut totals = ComponentTotals {
                id: part.id.clone(),
                utilisation: f64::NAN,
                max_instances: 0,
                instance_hours: 0.0,
                mean_inside: if span > 0.0 { area / span } else { 0.0 },
                arrived: stats.arrived,
                left: stats.left,
                time_secs: (stats.time_ns + stats.extra + inside_time) as f64 / NS_PER_SEC as f64,
            };
            if part.kind == Kind::Server
                && let Some(server) = self.plant.servers.iter().position(|s| s.part as usize == i)
            {
                let plan = &self.plant.servers[server];
                let range = plan.first as usize..(plan.first + plan.count) as usize;
                let busy: f64 = self.instances[range]
                    .iter()
                    .map(|instance| instance.cpu.busy_ns)
                    .sum();
                let stats = &mut self.stats.servers[server];
                stats.up.settle(now);
                stats.paid.settle(now);
                let capacity = stats.up.area() as f64 * f64::from(plan.cores);
                totals.utilisation = if capacity > 0.0 {
                    (busy / capacity).min(1.0)
                } else {
                    0.0
                };
                totals.max_instances = stats.most;
                totals.instance_hours = stats.paid.area() as f64 / NS_PER_HOUR;
            }
            if part.kind == Kind::Database
                && let Some(store) = self.plant.stores.iter().position(|s| s.part as usize == i)
            {
                let cpu = &self.stores[store].cpu;
                totals.utilisation = if span > 0.0 {
                    cpu.busy_ns / (span * cpu.cores())
                } else {
                    0.0
                };
            }
            out.push(totals);
        }
        out
    }

    /// Where requests failed, the earliest first.
    pub(crate) fn causes(&self) -> Vec<Cause> {
        let mut list = Vec::new();
        for (part, stats) in self.plant.parts.iter().zip(&self.stats.parts) {
            for reason in Reason::ALL {
                let (first_ns, count) = stats.causes[reason.index()];
                if count > 0 {
                    list.push(Cause {
                        component: part.id.clone(),
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

    /// Checks what must hold on every run: requests offered = good + failed + inside, visitors likewise,
    /// and Little's law at every component (area under the number inside = time spent inside), exactly.
    ///
    /// # Errors
    /// What does not hold.
    pub(crate) fn check_conservation(&mut self) -> Result<(), String> {
        let now = self.now;
        let waiting = |admin: bool| {
            self.visitors
                .iter()
                .filter(|(_, v)| {
                    v.waiting && self.plant.audiences[v.audience as usize].admin == admin
                })
                .count() as u64
        };
        for admin in [false, true] {
            let (mut offered, mut ended) = (0, 0);
            for stats in self
                .stats
                .operations
                .iter()
                .filter(|stats| stats.admin == admin)
            {
                offered += stats.whole.offered;
                ended += stats.whole.good + stats.whole.failed.iter().sum::<u64>();
            }
            let inside = waiting(admin);
            if offered != ended + inside {
                return Err(format!(
                    "admin {admin}: {offered} offered, {ended} ended, {inside} inside"
                ));
            }
        }
        for (i, stats) in self.stats.audiences.iter().enumerate() {
            let here = self
                .visitors
                .iter()
                .filter(|(_, v)| v.audience as usize == i)
                .count() as u64;
            let people = &stats.whole;
            let left = people.done + people.late + people.lost.iter().sum::<u64>();
            if people.arrived != left + here {
                return Err(format!(
                    "audience {i}: {} came, {left} left, {here} here",
                    people.arrived
                ));
            }
        }
        for (i, stats) in self.stats.parts.iter_mut().enumerate() {
            stats.inside.settle(now);
            let inside = u128::from(stats.inside.value()) * u128::from(now) - stats.arrival_sum;
            if stats.inside.area() != stats.time_ns + inside {
                let id = &self.plant.parts[i].id;
                let (area, time) = (stats.inside.area(), stats.time_ns + inside);
                return Err(format!("Little's law at {id}: area {area}, time {time}"));
            }
            if stats.arrived != stats.left + stats.inside.value() {
                let id = &self.plant.parts[i].id;
                return Err(format!("{id}: {} in, {} out", stats.arrived, stats.left));
            }
        }
        Ok(())
    }
}

fn failures(counts: &[u64; Reason::ALL.len()]) -> Vec<(Reason, u64)> {
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
        offered: requests.offered,
        good: requests.good,
        failed: failures(&requests.failed),
        inside: requests.offered - requests.good - failed,
        latency_mean_ms: latency.mean_ms(),
        latency_p50_ms: latency.quantile_ms(0.5),
        latency_p90_ms: latency.quantile_ms(0.9),
        latency_p95_ms: latency.quantile_ms(0.95),
        latency_p99_ms: latency.quantile_ms(0.99),
        latency_max_ms: latency.max_ms(),
    }
}

fn audience_totals(audience: String, admin: bool, people: &People) -> AudienceTotals {
    let lost: u64 = people.lost.iter().sum();
    AudienceTotals {
        audience,
        admin,
        arrived: people.arrived,
        done: people.done,
        lost: failures(&people.lost),
        late: people.late,
        inside: people.arrived - people.done - people.late - lost,
    }
}
