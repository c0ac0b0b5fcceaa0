//! Routes: for each component and each thing it may ask for, whom it asks and how one of several is chosen.

use archplay_model::Kind;
use archplay_model::catalogue::{cache, database};
use archplay_model::placement::{Want, is_shard};

use super::Compiler;
use crate::plant::{Choice, NOBODY, NodeId, Route, RouteId, Way};

impl Compiler<'_> {
    /// Resolves every route once.
    #[cold]
    #[inline(never)]
    pub(super) fn routes(&mut self) {
        let asks = self.plant.asks.len();
        self.plant.route_of = vec![NOBODY; asks * self.plant.nodes.len()];
        let wants = self.asks.wants.clone();
        let mut done: Vec<(Want, usize)> = Vec::new();
        for (ask, want) in wants.into_iter().enumerate() {
            let Some(want) = want else { continue };
            if let Some((_, same)) = done.iter().find(|(other, _)| *other == want) {
                // Two asks for the same thing go the same ways.
                for node in 0..self.plant.nodes.len() {
                    self.plant.route_of[node * asks + ask] =
                        self.plant.route_of[node * asks + same];
                }
                continue;
            }
            let reach = self.placement.reach(&want);
            for node in 0..self.plant.nodes.len() {
                if !self.plant.nodes[node].kind.is_group() {
                    let tiers = self.placement.tiers(node, &want, &reach);
                    self.plant.route_of[node * asks + ask] = self.route(node, &want, tiers);
                }
            }
            done.push((want, ask));
        }
    }

    /// Adds a route over the tiers; the last first, so that each knows the next.
    #[cold]
    #[inline(never)]
    fn route(&mut self, from: usize, want: &Want, tiers: Vec<Vec<usize>>) -> RouteId {
        let mut next = NOBODY;
        for tier in tiers.into_iter().rev() {
            let tier = self.one_for_each_shard(tier);
            let first = self.plant.ways.len() as u32;
            let choice = self.choice(from, &tier);
            for to in &tier {
                let Some(link) = self.link_between(from, *to) else {
                    continue;
                };
                self.plant.ways.push(Way {
                    link,
                    node: *to as NodeId,
                    until: 1.0,
                });
            }
            let mut count = self.plant.ways.len() as u32 - first;
            if choice == Choice::Weighted && count > 1 {
                // Unrelated stores that hold the same thing: the first by id, as drawn.
                self.plant.ways.truncate(first as usize + 1);
                count = 1;
            }
            let choice = if choice == Choice::Weighted {
                Choice::Turns
            } else {
                choice
            };
            let members = self.placement.components();
            let caches = tier.iter().all(|i| members[*i].kind == Kind::Cache);
            let copies = tier.iter().all(|i| self.placement.only_copies(*i, want));
            self.plant.routes.push(Route {
                from: from as NodeId,
                first,
                count,
                choice,
                next,
                grows: tier.iter().any(|i| self.joins(*i) > 0.0),
                passes_dead: next != NOBODY && copies
                    || caches && choice == Choice::Consistent && count > 1,
            });
            next = self.plant.routes.len() as RouteId - 1;
        }
        next
    }

    /// The database of which this one is a copy, or itself.
    fn primary(&self, component: usize) -> usize {
        self.placement.replica_of(component).unwrap_or(component)
    }

    /// Whether a component has a part of the rows, itself or as a copy.
    fn is_shard(&self, component: usize) -> bool {
        is_shard(self.placement.components()[self.primary(component)])
    }

    /// Whether another store keeps the same rows and takes writes of its own, as two databases without a link
    /// between them do: then a write has to be known by whose it is, because the other does not have it.
    #[cold]
    #[inline(never)]
    pub(crate) fn has_double(&self, component: usize) -> bool {
        let components = self.placement.components();
        let writes = |i: usize| {
            matches!(components[i].kind, Kind::Database | Kind::KeyValue)
                && self.placement.replica_of(i).is_none()
                && !is_shard(components[i])
        };
        let same = |other: usize| {
            let mut datasets = self.scenario.datasets.iter();
            datasets.any(|dataset| {
                self.placement.holds(component, &dataset.id)
                    && self.placement.holds(other, &dataset.id)
            })
        };
        writes(component) && (0..components.len()).any(|i| i != component && writes(i) && same(i))
    }

    /// When a shard joins, in seconds after the start; 0 for all others.
    pub(crate) fn joins(&self, component: usize) -> f64 {
        let component = self.placement.components()[self.primary(component)];
        if is_shard(component) {
            component.number(&database::JOINS_SECS)
        } else {
            0.0
        }
    }

    /// Copies of shards stand in the order of their shards; of several copies of one shard the first counts.
    fn one_for_each_shard(&self, mut tier: Vec<usize>) -> Vec<usize> {
        if tier.iter().all(|i| self.is_shard(*i)) {
            // Those who join later stand at the end: before, the rows lie with the first.
            let joins = |i: usize| (self.joins(i) * 1e3) as u64;
            tier.sort_by_key(|i| (joins(*i), self.primary(*i), *i));
            tier.dedup_by_key(|i| self.primary(*i));
        }
        tier
    }

    /// How one of several equals is chosen.
    #[cold]
    #[inline(never)]
    fn choice(&self, from: usize, tier: &[usize]) -> Choice {
        let components = self.placement.components();
        if components[from].kind == Kind::Client {
            return Choice::Sticky;
        }
        let shard = tier.iter().find(|i| self.is_shard(**i));
        if let Some(shard) = shard.map(|i| components[self.primary(*i)]) {
            return match shard.text(&database::SHARDING) {
                "range" => Choice::Range,
                "modulo" => Choice::Modulo,
                "consistent" => Choice::Consistent,
                _ => Choice::Hash,
            };
        }
        let primaries = tier.iter().all(|i| {
            components[*i].kind == Kind::Database && self.placement.replica_of(*i).is_none()
        });
        if primaries {
            // Marked here, cut to one above.
            return Choice::Weighted;
        }
        if tier.iter().all(|i| components[*i].kind == Kind::Cache) {
            let ring = |i: &usize| components[*i].text(&cache::SHARDING) == "consistent";
            return match tier.iter().any(ring) {
                true => Choice::Consistent,
                false => Choice::Hash,
            };
        }
        Choice::Turns
    }
}
