//! Compiles a design and a scenario into a plant and the components at work. The documents have passed the
//! checker.

mod asks;
mod audiences;
mod faults;
mod feed;
mod programs;
mod queued;
mod routes;

use std::collections::BTreeMap;

use archplay_kernel::{NS_PER_SEC, Spread, Zipf, ns_from_ms, text_key};
use archplay_model::catalogue::{
    cache, caller, client, database, graph_store, key_value, search, server, worker,
};
use archplay_model::placement::Placement;
use archplay_model::scenario::Mode;
use archplay_model::{Component, Design, Id, Kind, LinkKey, Place, Scenario};

pub(crate) use asks::AskIndex;

use crate::kinds::Node;
use crate::plant::{
    Backoff, DatasetPlan, LinkId, LinkPlan, NOBODY, NodeId, NodePlan, Plant, Policy, Way,
};

/// One-way delay between two components in one place, in milliseconds: half of a round trip of 0.5 ms,
/// between the 0.25 ms and 3.4 ms measured between availability zones.
const INSIDE_MS: f64 = 0.25;
/// The most rows of a series table.
const MAX_ROWS: u32 = 7_200;
/// The most values that a run keeps: 256 MB here, and as many in the page.
const MAX_CELLS: u64 = 32_000_000;
/// As many columns as a component has, about.
const COLUMNS: usize = 12;

/// What the kinds need to know to make their plans.
pub(crate) struct Compiler<'a> {
    pub design: &'a Design,
    pub scenario: &'a Scenario,
    pub placement: &'a Placement<'a>,
    pub asks: AskIndex,
    pub plant: Plant,
    /// The operation whose program is made.
    pub working: Option<Id>,
    /// Components are made in the order of their ids: machines and generators so far, for those who number them.
    pub machines: u32,
    pub generators: u32,
    /// For each dataset how many shards have its rows, once somebody has asked.
    pub shards: BTreeMap<Id, u64>,
    links: BTreeMap<LinkKey, LinkId>,
}

/// Makes the plant and its components.
#[cold]
#[inline(never)]
pub(crate) fn compile(design: &Design, scenario: &Scenario, seed: u64) -> (Plant, Vec<Node>) {
    let placement = Placement::resolve(design, scenario);
    let (index, links) = links(design, &placement);
    let mut plant = empty_plant(design, scenario, seed);
    plant.links = links;
    plant.nodes = nodes(design, scenario, &placement, &plant.links);
    plant.datasets = datasets(scenario);
    let asks = asks::index(scenario, &placement, &mut plant);
    plant.order = queued::order(scenario);
    plant.feed = crate::feed::FeedPlan::new(design, scenario, seed, &placement);
    let mut compiler = Compiler {
        design,
        scenario,
        placement: &placement,
        asks,
        plant,
        working: None,
        machines: 0,
        generators: 0,
        shards: BTreeMap::new(),
        links: index,
    };
    compiler.policies();
    compiler.routes();
    compiler.plant.audiences = audiences::audiences(&compiler);
    compiler.plant.faults = faults::faults(scenario);
    let nodes = design
        .components
        .values()
        .zip(0..)
        .map(|(component, node)| Node::compile(&mut compiler, component, node))
        .collect();
    (compiler.plant, nodes)
}

fn empty_plant(design: &Design, scenario: &Scenario, seed: u64) -> Plant {
    let end_ns = u64::from(scenario.duration_secs) * NS_PER_SEC;
    let since_start =
        |secs: u32| u64::from(secs.saturating_sub(scenario.start.secs())) * NS_PER_SEC;
    let focus = scenario.focus.map_or((0, end_ns), |w| {
        (
            since_start(w.from.secs()),
            since_start(w.to.secs()).min(end_ns),
        )
    });
    Plant {
        seed,
        start_secs: scenario.start.secs(),
        end_ns,
        bucket_secs: bucket_secs(design, scenario),
        focus,
        nodes: Vec::new(),
        links: Vec::new(),
        datasets: Vec::new(),
        asks: Vec::new(),
        statements: Vec::new(),
        health: 0,
        branch: 0,
        replicate: 0,
        ways: Vec::new(),
        routes: Vec::new(),
        route_of: Vec::new(),
        policies: Vec::new(),
        steps: Vec::new(),
        operations: Vec::new(),
        audiences: Vec::new(),
        faults: Vec::new(),
        feed: None,
        prices: scenario.prices.clone(),
        business: scenario.business.clone(),
        order: NOBODY,
    }
}

/// Length of a bucket of the series. In aggregate it is the stretch that stands for itself.
fn bucket_secs(design: &Design, scenario: &Scenario) -> u32 {
    let columns = design.components.len() * COLUMNS + design.links.len() * 3 + 100;
    let cells = columns as u64 * u64::from(scenario.duration_secs);
    let least = match scenario.mode {
        // A large drawing has as many values a row as would fill the memory.
        Mode::Events => cells.div_ceil(MAX_CELLS).min(u64::from(u32::MAX)) as u32,
        Mode::Aggregate => crate::aggregate::Shape::of(scenario).stretch_secs,
    };
    scenario.duration_secs.div_ceil(MAX_ROWS).max(least)
}

#[cold]
#[inline(never)]
fn links(design: &Design, placement: &Placement<'_>) -> (BTreeMap<LinkKey, LinkId>, Vec<LinkPlan>) {
    let position: BTreeMap<&Id, NodeId> = design.components.keys().zip(0..).collect();
    let components = placement.components();
    let mut index = BTreeMap::new();
    let mut plans = Vec::with_capacity(design.links.len());
    for key in design.links.keys() {
        let (Some(from), Some(to)) = (position.get(&key.from), position.get(&key.to)) else {
            continue;
        };
        index.insert(key.clone(), plans.len() as LinkId);
        let ends = [*from, *to].map(|node| components[node as usize]);
        let places = [*from, *to].map(|node| placement.place(node as usize));
        plans.push(LinkPlan {
            key: key.clone(),
            from: *from,
            to: *to,
            delay_ns: delay_between(ends, places),
            far: places[0] != places[1],
        });
    }
    (index, plans)
}

/// One-way delay of a link. A CDN's edge stands next to its visitors, so the way to it is the access
/// network alone, and the way from it to the origin is the distance between the places. A textbook queue has
/// no network: theory knows none.
pub(crate) fn delay_ns(design: &Design, key: &LinkKey) -> u64 {
    let (Some(from), Some(to)) = (design.get(&key.from), design.get(&key.to)) else {
        return 0;
    };
    delay_between([from, to], [design.place(&key.from), design.place(&key.to)])
}

fn delay_between([from, to]: [&Component; 2], places: [Place; 2]) -> u64 {
    let access = from.number(&client::ACCESS_RTT_MS) / 2.0;
    let apart = places[0].rtt_ms(places[1]) / 2.0;
    let textbook = from.kind == Kind::Station || to.kind == Kind::Station;
    let ms = match (from.kind, to.kind) {
        (Kind::Client, Kind::Cdn) => access,
        // The way to what the name means is counted by the name server's own passing on.
        (Kind::Client, Kind::Dns) | (Kind::Dns, _) => 0.0,
        (Kind::Client, _) => access + apart,
        _ if textbook => apart,
        _ => INSIDE_MS + apart,
    };
    ns_from_ms(ms)
}

/// One way between two components of the kinds that are inside, also if no link is drawn.
pub(crate) fn inside_ns(places: [Place; 2]) -> u64 {
    ns_from_ms(INSIDE_MS + places[0].rtt_ms(places[1]) / 2.0)
}

#[cold]
#[inline(never)]
fn nodes(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    links: &[LinkPlan],
) -> Vec<NodePlan> {
    let position: BTreeMap<&Id, NodeId> = design.components.keys().zip(0..).collect();
    let mut plans: Vec<NodePlan> = design
        .components
        .values()
        .enumerate()
        .map(|(i, component)| {
            let around = design.ancestors(&component.id);
            let boxes = around.iter().filter_map(|c| position.get(&c.id).copied());
            NodePlan {
                id: component.id.clone(),
                kind: component.kind,
                place: placement.place(i),
                salt: text_key(component.id.as_str()),
                domains: std::iter::once(i as NodeId).chain(boxes).collect(),
                unit_zones: Vec::new(),
                policy: NOBODY,
                hour_price: hour_price(component, &scenario.prices),
                takes_writes: takes_writes(design, component),
                askers: Vec::new(),
                addresses: 1,
            }
        })
        .collect();
    for link in links {
        plans[link.to as usize].askers.push(link.from);
    }
    plans
}

/// What one unit of a component costs for an hour.
fn hour_price(component: &Component, prices: &archplay_model::scenario::Prices) -> f64 {
    let cores = |spec| f64::from(component.count(spec));
    let by_kind = |kind| prices.hour.get(&kind).copied().unwrap_or(0.0);
    match component.kind {
        Kind::Server => cores(&server::VCPU) * prices.server_vcpu_hour,
        Kind::Worker => cores(&worker::VCPU) * prices.server_vcpu_hour,
        Kind::Database => {
            cores(&database::VCPU) * prices.database_vcpu_hour
                + component.number(&database::MEMORY_GIB) * prices.database_memory_gib_hour
                + component.number(&database::IOPS) / 1e3 * prices.database_kiops_hour
        }
        // The memory is that of all shards together; a unit is one of them.
        Kind::Cache => {
            let gib = component.number(&cache::MEMORY_MIB) / 1_024.0;
            by_kind(Kind::Cache)
                + gib / cores(&cache::SHARDS).max(1.0) * prices.cache_memory_gib_hour
        }
        Kind::KeyValue => {
            by_kind(Kind::KeyValue)
                + component.number(&key_value::READ_UNITS) / 1e3 * prices.key_value_kread_hour
                + component.number(&key_value::WRITE_UNITS) / 1e3 * prices.key_value_kwrite_hour
        }
        Kind::GraphStore => {
            by_kind(Kind::GraphStore) + cores(&graph_store::VCPU) * prices.graph_store_vcpu_hour
        }
        Kind::Search => by_kind(Kind::Search) + cores(&search::VCPU) * prices.search_vcpu_hour,
        Kind::LoadBalancer => prices.load_balancer_hour,
        kind => by_kind(kind),
    }
}

/// Whether a cache passes writes on itself: it must be told to, and have somebody to pass them to.
fn takes_writes(design: &Design, component: &Component) -> bool {
    component.kind == Kind::Cache
        && component.text(&cache::MODE) != "aside"
        && design.outgoing(&component.id).next().is_some()
}

#[cold]
#[inline(never)]
fn datasets(scenario: &Scenario) -> Vec<DatasetPlan> {
    let plan = |dataset: &archplay_model::scenario::Dataset| DatasetPlan {
        id: dataset.id.clone(),
        rows: dataset.rows,
        row_bytes: dataset.row_bytes,
        salt: text_key(dataset.id.as_str()),
        popularity: Zipf::new(dataset.zipf_alpha, dataset.rows),
        stock: dataset.stock,
    };
    scenario.datasets.iter().map(plan).collect()
}

impl Compiler<'_> {
    /// The index of a component.
    pub(crate) fn node(&self, id: &Id) -> Option<NodeId> {
        self.plant.node(id)
    }

    /// The link from one component to another.
    pub(crate) fn link(&self, from: &Id, to: &Id) -> Option<LinkId> {
        self.links
            .get(&LinkKey::new(from.clone(), to.clone()))
            .copied()
    }

    /// The same by their indices: links stand in the order of their ends.
    pub(crate) fn link_between(&self, from: usize, to: usize) -> Option<LinkId> {
        let wanted = (from as NodeId, to as NodeId);
        let found = self
            .plant
            .links
            .binary_search_by_key(&wanted, |link| (link.from, link.to));
        found.ok().map(|link| link as LinkId)
    }

    /// All links out of a component, in the order of the targets' ids.
    pub(crate) fn out_ways(&self, component: &Component) -> Vec<Way> {
        let keys = self.design.outgoing(&component.id);
        keys.filter_map(|key| {
            Some(Way {
                link: *self.links.get(key)?,
                node: self.node(&key.to)?,
                until: 1.0,
            })
        })
        .collect()
    }

    /// The links out of a component with cumulated probabilities as a text gives them; equal if it is empty.
    /// What the text does not name gets nothing.
    #[cold]
    #[inline(never)]
    pub(crate) fn weighted_ways(&self, component: &Component, text: &str) -> Vec<Way> {
        let mut ways = self.out_ways(component);
        let weights = archplay_model::catalogue::parse_weights(text).unwrap_or_default();
        let equal = 1.0 / ways.len().max(1) as f64;
        let mut sum = 0.0;
        ways.retain_mut(|way| {
            let id = &self.plant.nodes[way.node as usize].id;
            let weight = if weights.is_empty() {
                equal
            } else {
                weights
                    .iter()
                    .find(|(name, _)| name == id)
                    .map_or(0.0, |(_, weight)| *weight)
            };
            sum += weight;
            way.until = sum;
            weight > 0.0
        });
        // Rounding must not let a sum of 1 miss the last draw.
        if let Some(last) = ways.last_mut()
            && (last.until - 1.0).abs() < 1e-9
        {
            last.until = 1.0;
        }
        ways
    }

    /// Policies of those who ask others in other than the plain way.
    #[cold]
    #[inline(never)]
    fn policies(&mut self) {
        for (component, node) in self.design.components.values().zip(0_usize..) {
            let asks = !archplay_model::catalogue::caller_params(component.kind).is_empty();
            let policy = policy(component);
            let plain = policy.timeout_ns == 0
                && policy.retries == 0
                && policy.breaker <= 0.0
                && policy.hedge_ns == 0;
            if asks && !plain {
                self.plant.nodes[node].policy = self.plant.policies.len() as u32;
                self.plant.policies.push(policy);
            }
        }
    }
}

#[cold]
#[inline(never)]
fn policy(component: &Component) -> Policy {
    Policy {
        timeout_ns: ns_from_ms(component.number(&caller::CALL_TIMEOUT_MS)),
        retries: component.count(&caller::RETRIES),
        backoff: match component.text(&caller::BACKOFF) {
            "exponential" => Backoff::Exponential,
            "full_jitter" => Backoff::FullJitter,
            _ => Backoff::Fixed,
        },
        backoff_ns: component.number(&caller::BACKOFF_MS) * 1e6,
        budget: component.number(&caller::RETRY_BUDGET_PERCENT) / 100.0,
        breaker: component.number(&caller::BREAKER_PERCENT) / 100.0,
        breaker_window: component.count(&caller::BREAKER_WINDOW),
        breaker_open_ns: archplay_kernel::ns_from_secs(
            component.number(&caller::BREAKER_OPEN_SECS),
        ),
        hedge_ns: ns_from_ms(component.number(&caller::HEDGE_MS)),
        propagates_deadline: component.text(&caller::PROPAGATE_DEADLINE) == "yes",
    }
}

/// The distribution that a word and a coefficient of variation name.
pub(crate) fn spread_of(word: &str, cv: f64) -> Spread {
    match word {
        "constant" => Spread::Constant,
        // A uniform distribution over mean ± w has a standard deviation of w / √3.
        "uniform" => {
            let half = (cv * 3.0_f64.sqrt()).min(1.0);
            Spread::Uniform {
                low: 1.0 - half,
                high: 1.0 + half,
            }
        }
        // k phases have a coefficient of variation of 1 / √k.
        "erlang" => {
            let phases = (1.0 / (cv * cv).max(1e-4) + 0.5) as u32;
            Spread::Erlang {
                stages: phases.clamp(1, 10_000),
            }
        }
        "hyperexponential" => Spread::Hyperexponential { cv },
        "lognormal" => Spread::Lognormal { cv },
        _ => Spread::Exponential,
    }
}

/// The distribution of a scenario's time.
pub(crate) fn scenario_spread(spread: archplay_model::scenario::Spread) -> Spread {
    use archplay_model::scenario::Spread as Given;
    match spread {
        Given::Exponential => Spread::Exponential,
        Given::Constant => Spread::Constant,
        Given::Uniform { half_width } => Spread::Uniform {
            low: 1.0 - half_width,
            high: 1.0 + half_width,
        },
        Given::Erlang { phases } => Spread::Erlang { stages: phases },
        Given::Hyperexponential { cv } => Spread::Hyperexponential { cv },
        Given::Lognormal { cv } => Spread::Lognormal { cv },
    }
}
