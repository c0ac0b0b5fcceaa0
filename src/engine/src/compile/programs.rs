//! Programs: what an operation becomes on a component that runs it, step by step.

use archplay_kernel::Sampler;
use archplay_model::catalogue::database;
use archplay_model::placement::Want;
use archplay_model::scenario::Demand;
use archplay_model::{Component, Kind};

use super::{Compiler, asks, scenario_spread};
use crate::plant::{
    Ask, AskId, Choice, NOBODY, NodeId, Program, Route, RouteId, Step, Way, cache_tier,
};

impl Compiler<'_> {
    /// The programs of a component: one for each operation, empty for what it does not run.
    #[cold]
    #[inline(never)]
    pub(crate) fn programs(&mut self, node: NodeId) -> Vec<Option<Program>> {
        let operations = &self.scenario.operations;
        let mut out = Vec::with_capacity(operations.len());
        for operation in operations {
            if !self.placement.runs(node as usize, &operation.id) {
                out.push(None);
                continue;
            }
            self.working = Some(operation.id.clone());
            let mut steps = Vec::new();
            for demand in asks::flatten(&operation.demand) {
                // Static files at this level are the browser's own questions.
                if !matches!(demand, Demand::Static { .. } | Demand::Login { .. }) {
                    self.steps(node, demand, &mut steps);
                }
            }
            out.push(Some(self.store(steps)));
        }
        out
    }

    /// Puts steps where the components find them; jumps inside are made absolute.
    pub(crate) fn store(&mut self, mut steps: Vec<Step>) -> Program {
        close_tries(&mut steps);
        let begin = self.plant.steps.len() as u32;
        self.plant
            .steps
            .extend(steps.into_iter().map(|step| match step {
                Step::Fork {
                    branches,
                    need,
                    after,
                } => Step::Fork {
                    branches,
                    need,
                    after: after + begin,
                },
                Step::Try { until } => Step::Try {
                    until: until + begin,
                },
                Step::EndTry {
                    outer,
                    in_transaction,
                } if outer != NOBODY => Step::EndTry {
                    outer: outer + begin,
                    in_transaction,
                },
                other => other,
            }));
        Program {
            begin,
            end: self.plant.steps.len() as u32,
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn steps(&mut self, node: NodeId, demand: &Demand, out: &mut Vec<Step>) {
        match demand {
            Demand::Compute { cpu_ms, spread } => {
                out.push(Step::Cpu(Sampler::new(
                    scenario_spread(*spread),
                    cpu_ms * 1e6,
                )));
            }
            Demand::Seq(list) => {
                for inner in list {
                    self.steps(node, inner, out);
                }
            }
            Demand::Repeat { times, demand } => {
                for _ in 0..*times {
                    self.steps(node, demand, out);
                }
            }
            Demand::Transaction(list) => {
                out.push(Step::Begin);
                let begin = out.len();
                for inner in list {
                    self.steps(node, inner, out);
                }
                out.extend(self.commit_step(node, &out[begin..]));
                out.push(Step::End);
            }
            Demand::Par { wait_for, demands } => {
                let at = out.len();
                out.push(Step::NoRoute);
                for inner in demands {
                    self.steps(node, inner, out);
                    out.push(Step::Done);
                }
                let branches = demands.len() as u32;
                let need = wait_for.unwrap_or(branches).min(branches);
                out[at] = Step::Fork {
                    branches,
                    need,
                    after: out.len() as u32,
                };
            }
            Demand::Optional(inner) => {
                let at = out.len();
                out.push(Step::NoRoute);
                self.steps(node, inner, out);
                // What is around it is filled in when the whole is known.
                out.push(Step::EndTry {
                    outer: NOBODY,
                    in_transaction: false,
                });
                out[at] = Step::Try {
                    until: out.len() as u32 - 1,
                };
            }
            Demand::Static { bytes, .. } => out.push(Step::Send { bytes: *bytes }),
            Demand::Login { .. } => {}
            Demand::ReadFeed { .. } | Demand::FanOut { .. } => self.feed_steps(node, demand, out),
            Demand::Publish { topic } if self.fans_out_at_once(node, topic) => {
                self.at_once(node, topic, out);
            }
            other => match self.shards_asked(node, other) {
                Some((route, ask)) => self.scatter(route, ask, out),
                None => out.push(self.ask_step(node, other)),
            },
        }
    }

    /// The route of a query that has no key although the rows are spread over shards: all must be asked.
    fn shards_asked(&self, node: NodeId, demand: &Demand) -> Option<(RouteId, AskId)> {
        let Demand::Read {
            filters,
            order_by,
            offset,
            ..
        } = demand
        else {
            return None;
        };
        if filters.is_empty() && order_by.is_none() && *offset == 0 {
            return None;
        }
        let ask = self.asks.of(demand)?;
        let mut route = self.plant.route(node, ask);
        loop {
            let plan = self.plant.routes.get(route as usize)?;
            let ways = self.plant.ways(route);
            let kind = |way: &Way| self.plant.nodes[way.node as usize].kind;
            if ways.iter().all(|way| kind(way) == Kind::Cache) {
                // A cache keeps rows, not the answers of queries over shards.
                route = plan.next;
                continue;
            }
            let sharded = matches!(
                plan.choice,
                Choice::Hash | Choice::Range | Choice::Modulo | Choice::Consistent
            );
            return (sharded && ways.len() > 1).then_some((route, ask));
        }
    }

    /// Scatter and gather: one branch for each shard; it goes on when all have answered.
    fn scatter(&mut self, route: RouteId, ask: AskId, out: &mut Vec<Step>) {
        let plan = self.plant.routes[route as usize];
        out.push(Step::NoRoute);
        let at = out.len() - 1;
        // Copies stand in the order of their shards, so each has its own to fall back to.
        let behind = self.plant.routes.get(plan.next as usize).copied();
        let behind = behind.filter(|next| plan.passes_dead && next.count == plan.count);
        for (i, first) in (plan.first..plan.first + plan.count).enumerate() {
            let mut next = NOBODY;
            if let Some(behind) = behind {
                next = self.plant.routes.len() as RouteId;
                self.plant.routes.push(Route {
                    first: behind.first + i as u32,
                    count: 1,
                    next: NOBODY,
                    passes_dead: false,
                    grows: false,
                    ..behind
                });
            }
            self.plant.routes.push(Route {
                first,
                count: 1,
                next,
                passes_dead: next != NOBODY,
                grows: false,
                ..plan
            });
            let route = self.plant.routes.len() as RouteId - 1;
            out.extend([Step::Ask { route, ask }, Step::Done]);
        }
        out[at] = Step::Fork {
            branches: plan.count,
            need: plan.count,
            after: out.len() as u32,
        };
    }

    /// How a transaction is committed to primaries that have to agree: once for all its writes, if it has but one
    /// connection. One over several stores, or with branches, gives a connection up in between; there the primaries
    /// agree on each write.
    #[cold]
    #[inline(never)]
    fn commit_step(&mut self, node: NodeId, inside: &[Step]) -> Option<Step> {
        let (mut written, mut stores) = (None, None);
        for step in inside {
            let (route, ask) = match *step {
                Step::Ask { route, ask } => (route, ask),
                Step::Fork { .. } | Step::Gather { .. } | Step::Feed(_) => return None,
                _ => continue,
            };
            let Ask::Data { statement } = self.plant.asks[ask as usize] else {
                continue;
            };
            let store = self.behind_caches(route)?;
            let route = self.plant.routes[store as usize];
            let nodes: Vec<NodeId> = self.plant.ways(store).iter().map(|way| way.node).collect();
            if route.choice != Choice::Turns || stores.get_or_insert(nodes.clone()) != &nodes {
                return None;
            }
            let statement = &self.plant.statements[statement as usize];
            if statement.access.writes() {
                written = Some(statement.dataset);
            }
        }
        let dataset = written?;
        let mut commits = self.asks.commits.iter();
        let ask = commits.find(|(of, _)| *of == dataset)?.1;
        let agree = stores?.iter().all(|store| self.agrees(*store, dataset));
        let route = self.behind_caches(self.plant.route(node, ask))?;
        agree.then_some(Step::Ask { route, ask })
    }

    /// The stores behind the caches of a route, unless the caches ask them themselves.
    fn behind_caches(&self, mut route: RouteId) -> Option<RouteId> {
        while route != NOBODY && cache_tier(&self.plant, route) {
            let mut ways = self.plant.ways(route).iter();
            if ways.any(|way| self.plant.nodes[way.node as usize].takes_writes) {
                return None;
            }
            route = self.plant.routes[route as usize].next;
        }
        (route != NOBODY).then_some(route)
    }

    /// Whether what is written there needs the agreement of other primaries.
    fn agrees(&self, store: NodeId, dataset: u32) -> bool {
        let components = self.placement.components();
        let component = components[store as usize];
        if component.kind == Kind::ConnectionProxy {
            let want = Want::Write(self.scenario.datasets[dataset as usize].id.clone());
            let behind = self.placement.behind(store as usize, &want);
            return behind.iter().all(|i| self.agrees(*i as NodeId, dataset));
        }
        let mutual = |other: &&&Component| {
            other.kind == Kind::Database
                && self.link(&component.id, &other.id).is_some()
                && self.link(&other.id, &component.id).is_some()
        };
        component.kind == Kind::Database
            && component.text(&database::CONFLICT) == "error"
            && components.iter().any(|other| mutual(&other))
    }

    /// A question to somebody else.
    #[cold]
    #[inline(never)]
    fn ask_step(&self, node: NodeId, demand: &Demand) -> Step {
        let Some(ask) = self.asks.of(demand) else {
            return Step::NoRoute;
        };
        match (self.plant.route(node, ask), demand) {
            (NOBODY, Demand::NextId { dataset }) => {
                let dataset = self.scenario.datasets.iter().position(|d| &d.id == dataset);
                Step::OwnId {
                    dataset: dataset.unwrap_or(0) as u32,
                }
            }
            (NOBODY, _) => Step::NoRoute,
            (route, _) => Step::Ask { route, ask },
        }
    }
}

/// Tells each end of a `Try` what is around it. A branch is failed by what happens in it, so no `Try` outside
/// its fork counts for it.
fn close_tries(steps: &mut [Step]) {
    // Open tries: where each ends and whether it stands in a transaction; `None` is the border of a fork,
    // which is passed at the step after it.
    let mut open: Vec<(u32, Option<bool>)> = Vec::new();
    let mut in_transaction = false;
    for (at, step) in (0_u32..).zip(steps.iter_mut()) {
        while open
            .last()
            .is_some_and(|(until, inner)| inner.is_none() && *until <= at)
        {
            open.pop();
        }
        match *step {
            Step::Begin => in_transaction = true,
            Step::End => in_transaction = false,
            Step::Try { until } => open.push((until, Some(in_transaction))),
            Step::Fork { after, .. } => open.push((after, None)),
            Step::EndTry { .. } => {
                let own = open.pop().and_then(|(_, inner)| inner).unwrap_or(false);
                let outer = match open.last() {
                    Some((until, Some(_))) => *until,
                    _ => NOBODY,
                };
                *step = Step::EndTry {
                    outer,
                    in_transaction: own,
                };
            }
            _ => {}
        }
    }
}
