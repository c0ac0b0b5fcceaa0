//! Compiles a design and a scenario into a plant. The documents have passed the checker.

use std::collections::BTreeMap;

use archplay_kernel::{NS_PER_SEC, RateCurve, ns_from_ms, ns_from_secs};
use archplay_model::catalogue::{self, auto_scaling_group as asg, cdn, client, database};
use archplay_model::catalogue::{load_balancer as lb, server};
use archplay_model::placement::{Leg, Placement, is_admin};
use archplay_model::scenario::{Entry, FaultAction, FaultTarget};
use archplay_model::{Component, Design, Id, Kind, LinkKey, Scenario};

use crate::plant::{
    Algorithm, AudiencePlan, BalancerPlan, CdnPlan, ClientPlan, FaultPlan, FaultScope, GroupPlan,
    InstancePlan, JourneyStepPlan, LinkPlan, Node, OperationPlan, Part, Plant, ServerPlan,
    StorePlan, Way,
};
use crate::program;

/// One-way delay between two components in one place, in milliseconds: half of a round trip of 0.5 ms,
/// between the 0.25 ms and 3.4 ms measured between availability zones.
const INSIDE_MS: f64 = 0.25;
/// The most rows of a series table.
const MAX_ROWS: u32 = 7_200;
const MIB: f64 = 1_048_576.0;

/// Makes the plant.
pub(crate) fn compile(design: &Design, scenario: &Scenario, seed: u64) -> Plant {
    let index = Index::new(design);
    let placement = Placement::resolve(design, scenario);
    let links = links(design);
    let end_ns = u64::from(scenario.duration_secs) * NS_PER_SEC;
    let bucket_secs = scenario.duration_secs.div_ceil(MAX_ROWS).max(1);
    let since_start =
        |secs: u32| u64::from(secs.saturating_sub(scenario.start.secs())) * NS_PER_SEC;
    let focus = scenario.focus.map_or((0, end_ns), |w| {
        (since_start(w.from.secs()), since_start(w.to.secs()))
    });
    let mut plant = Plant {
        seed,
        start_secs: scenario.start.secs(),
        end_ns,
        bucket_secs,
        focus,
        parts: design
            .components
            .values()
            .map(|c| Part {
                id: c.id.clone(),
                kind: c.kind,
            })
            .collect(),
        links: links.1,
        clients: Vec::new(),
        cdns: Vec::new(),
        balancers: Vec::new(),
        balancer_domains: Vec::new(),
        servers: Vec::new(),
        instances: Vec::new(),
        stores: Vec::new(),
        groups: Vec::new(),
        steps: Vec::new(),
        operations: scenario
            .operations
            .iter()
            .map(|operation| OperationPlan {
                id: operation.id.clone(),
                admin: operation.entry == Entry::Admin,
                login_ns: program::login_ns(&operation.demand),
                legs: program::legs(&operation.demand),
            })
            .collect(),
        audiences: Vec::new(),
        faults: faults(scenario),
        prices: scenario.prices,
    };
    let ways = |id: &Id, leg: Leg| -> Vec<Way> {
        placement
            .next(id, leg)
            .iter()
            .filter_map(|to| {
                let link = *links.0.get(&LinkKey::new(id.clone(), to.clone()))?;
                Some(Way {
                    link,
                    node: index.node(to)?,
                })
            })
            .collect()
    };
    for component in design.components.values() {
        let part = index.part(&component.id);
        let id = &component.id;
        match component.kind {
            Kind::Client => plant.clients.push(ClientPlan {
                part,
                ways: [ways(id, Leg::Dynamic), ways(id, Leg::Static)],
            }),
            Kind::Cdn => plant.cdns.push(CdnPlan {
                part,
                ways: [ways(id, Leg::Dynamic), ways(id, Leg::Static)],
                ttl_ns: ns_from_secs(component.number(&cdn::TTL_SECS)),
                origin_timeout_ns: ns_from_secs(component.number(&cdn::ORIGIN_TIMEOUT_SECS)),
            }),
            Kind::LoadBalancer => {
                plant
                    .balancers
                    .push(balancer(design, component, part, ways(id, Leg::Dynamic)));
                plant.balancer_domains.push(domains(design, id));
            }
            Kind::Database => plant.stores.push(StorePlan {
                part,
                place: design.place(id),
                domains: domains(design, id),
                cores: component.count(&database::VCPU),
                slots: max_connections(component),
            }),
            Kind::Server => add_server(
                design, scenario, &placement, &index, &links.0, component, &mut plant,
            ),
            Kind::Region | Kind::Zone | Kind::AutoScalingGroup => {}
        }
    }
    plant.audiences = audiences(scenario, &placement, &index);
    plant
}

/// The limit a person set, or the one that RDS for MySQL derives from the memory: bytes / 12,582,880.
pub(crate) fn max_connections(component: &Component) -> u32 {
    match component.count(&database::MAX_CONNECTIONS) {
        0 => (component.number(&database::MEMORY_GIB) * 1_073_741_824.0 / 12_582_880.0) as u32,
        set => set,
    }
}

/// Positions of components among their kind.
struct Index {
    parts: BTreeMap<Id, u32>,
    nodes: BTreeMap<Id, (Kind, u32)>,
}

impl Index {
    fn new(design: &Design) -> Self {
        let mut counts: BTreeMap<Kind, u32> = BTreeMap::new();
        let mut nodes = BTreeMap::new();
        for component in design.components.values() {
            let count = counts.entry(component.kind).or_default();
            nodes.insert(component.id.clone(), (component.kind, *count));
            *count += 1;
        }
        let parts = design.components.keys().cloned().zip(0..).collect();
        Self { parts, nodes }
    }

    fn part(&self, id: &Id) -> u32 {
        self.parts.get(id).copied().unwrap_or(0)
    }

    fn of(&self, id: &Id) -> u32 {
        self.nodes.get(id).map_or(0, |(_, index)| *index)
    }

    fn node(&self, id: &Id) -> Option<Node> {
        match *self.nodes.get(id)? {
            (Kind::Cdn, i) => Some(Node::Cdn(i)),
            (Kind::LoadBalancer, i) => Some(Node::Balancer(i)),
            (Kind::Server, i) => Some(Node::Server(i)),
            _ => None,
        }
    }
}

fn links(design: &Design) -> (BTreeMap<LinkKey, u32>, Vec<LinkPlan>) {
    let mut index = BTreeMap::new();
    let mut plans = Vec::with_capacity(design.links.len());
    for key in design.links.keys() {
        index.insert(key.clone(), plans.len() as u32);
        plans.push(LinkPlan {
            key: key.clone(),
            delay_ns: delay_ns(design, key),
        });
    }
    (index, plans)
}

/// One-way delay of a link. A CDN's edge stands next to its visitors, so the way to it is the access
/// network alone, and the way from it to the origin is the distance between the places.
fn delay_ns(design: &Design, key: &LinkKey) -> u64 {
    let (Some(from), Some(to)) = (design.get(&key.from), design.get(&key.to)) else {
        return 0;
    };
    let access = from.number(&client::ACCESS_RTT_MS) / 2.0;
    let apart = design.place(&key.from).rtt_ms(design.place(&key.to)) / 2.0;
    let ms = match (from.kind, to.kind) {
        (Kind::Client, Kind::Cdn) => access,
        (Kind::Client, _) => access + apart,
        _ => INSIDE_MS + apart,
    };
    ns_from_ms(ms)
}

/// The component itself and all boxes around it.
fn domains(design: &Design, id: &Id) -> Vec<Id> {
    let mut list = vec![id.clone()];
    list.extend(design.ancestors(id).into_iter().map(|c| c.id.clone()));
    list
}

fn balancer(design: &Design, component: &Component, part: u32, ways: Vec<Way>) -> BalancerPlan {
    BalancerPlan {
        part,
        place: design.place(&component.id),
        algorithm: match component.text(&lb::ALGORITHM) {
            "least_outstanding" => Algorithm::LeastOutstanding,
            "power_of_two" => Algorithm::PowerOfTwo,
            "random" => Algorithm::Random,
            _ => Algorithm::RoundRobin,
        },
        ways,
        interval_ns: ns_from_secs(component.number(&lb::HEALTH_INTERVAL_SECS)),
        timeout_ns: ns_from_secs(component.number(&lb::HEALTH_TIMEOUT_SECS)),
        idle_timeout_ns: ns_from_secs(component.number(&lb::IDLE_TIMEOUT_SECS)),
        unhealthy: component.count(&lb::UNHEALTHY_THRESHOLD),
        healthy: component.count(&lb::HEALTHY_THRESHOLD),
    }
}

fn add_server(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement,
    index: &Index,
    links: &BTreeMap<LinkKey, u32>,
    component: &Component,
    plant: &mut Plant,
) {
    let id = &component.id;
    let server_index = plant.servers.len() as u32;
    let group = component
        .parent
        .as_ref()
        .and_then(|parent| design.get(parent))
        .filter(|parent| parent.kind == Kind::AutoScalingGroup);
    let count = group.map_or(1, |group| group.count(&asg::MAX));
    let first = plant.instances.len() as u32;
    let zones = zones_for(design, component, group);
    for i in 0..count {
        let mut around = domains(design, id);
        if !zones.is_empty() {
            around.push(zones[i as usize % zones.len()].clone());
        }
        plant.instances.push(InstancePlan {
            server: server_index,
            domains: around,
        });
    }
    let stores: Vec<(u32, u32)> = design
        .outgoing(id)
        .filter(|key| {
            design
                .get(&key.to)
                .is_some_and(|c| c.kind == Kind::Database)
        })
        .filter_map(|key| Some((index.of(&key.to), *links.get(key)?)))
        .collect();
    let group_index = group.map(|group| {
        plant.groups.push(group_plan(
            scenario,
            group,
            index.part(&group.id),
            server_index,
        ));
        plant.groups.len() as u32 - 1
    });
    let programs = program::programs(
        design,
        scenario,
        placement,
        component,
        index_of_store(index, &stores),
        plant,
    );
    let handles = scenario
        .operations
        .iter()
        .map(|operation| archplay_model::placement::handles(design, id, &operation.id))
        .collect();
    plant.servers.push(ServerPlan {
        part: index.part(id),
        place: design.place(id),
        cores: component.count(&server::VCPU),
        memory: component.number(&server::MEMORY_GIB) * 1024.0 * MIB,
        base_memory: component.number(&server::BASE_MEMORY_MIB) * MIB,
        request_memory: component.number(&server::REQUEST_MEMORY_MIB) * MIB,
        connection_memory: component.number(&server::CONNECTION_MEMORY_KIB) * 1024.0,
        workers: component.count(&server::WORKERS),
        backlog: component.count(&server::BACKLOG) as usize,
        nic_ns_per_byte: 8.0 / component.number(&server::NIC_GBPS).max(1e-3),
        restart_ns: ns_from_secs(component.number(&server::RESTART_SECS)),
        pool_size: component.count(&server::DB_POOL),
        pool_timeout_ns: ns_from_secs(component.number(&server::DB_POOL_TIMEOUT_SECS)),
        stores,
        first,
        count,
        group: group_index,
        programs,
        handles,
    });
}

/// Finds the position of a database among a server's pools.
fn index_of_store<'a>(
    index: &'a Index,
    stores: &'a [(u32, u32)],
) -> impl Fn(&Id) -> Option<u32> + 'a {
    move |id| {
        let wanted = index.of(id);
        stores
            .iter()
            .position(|(store, _)| *store == wanted)
            .map(|position| position as u32)
    }
}

/// The zones over which a group spreads its instances: those of its region, when it stands in none itself.
fn zones_for(design: &Design, component: &Component, group: Option<&Component>) -> Vec<Id> {
    let Some(group) = group else {
        return Vec::new();
    };
    if design.enclosing(&component.id, Kind::Zone).is_some() {
        return Vec::new();
    }
    let region = design.enclosing(&group.id, Kind::Region).map(|c| &c.id);
    design
        .components
        .values()
        .filter(|c| c.kind == Kind::Zone)
        .filter(|zone| design.enclosing(&zone.id, Kind::Region).map(|c| &c.id) == region)
        .map(|zone| zone.id.clone())
        .collect()
}

fn group_plan(scenario: &Scenario, group: &Component, part: u32, server: u32) -> GroupPlan {
    let start = scenario.start.secs();
    let mut plan = GroupPlan {
        part,
        server,
        min: group.count(&asg::MIN),
        max: group.count(&asg::MAX),
        desired: group.count(&asg::DESIRED),
        tracking: group.text(&asg::POLICY) == "target_tracking",
        target: group.number(&asg::TARGET_CPU) / 100.0,
        period_ns: ns_from_secs(group.number(&asg::PERIOD_SECS)),
        out_points: group.count(&asg::OUT_DATAPOINTS),
        in_points: group.count(&asg::IN_DATAPOINTS),
        boot_ns: ns_from_secs(group.number(&asg::BOOT_SECS)),
        warmup_ns: ns_from_secs(group.number(&asg::WARMUP_SECS)),
        schedule: Vec::new(),
    };
    for action in catalogue::parse_schedule(group.text(&asg::SCHEDULE)).unwrap_or_default() {
        if action.at.secs() <= start {
            // It had happened before the scenario begins: its instances are there already.
            (plan.min, plan.desired) = (action.count, action.count);
        } else {
            plan.schedule.push((
                u64::from(action.at.secs() - start) * NS_PER_SEC,
                action.count,
            ));
        }
    }
    plan
}

fn audiences(scenario: &Scenario, placement: &Placement, index: &Index) -> Vec<AudiencePlan> {
    let operation = |id: &Id| {
        scenario
            .operations
            .iter()
            .position(|o| &o.id == id)
            .unwrap_or(0) as u32
    };
    let plan = |(i, audience): (usize, &archplay_model::scenario::Audience)| {
        let journey = scenario.journey(&audience.journey);
        let points: Vec<(f64, f64)> = audience
            .rate
            .iter()
            .map(|p| (f64::from(p.at.secs()), p.per_sec))
            .collect();
        AudiencePlan {
            id: audience.id.clone(),
            admin: is_admin(scenario, audience),
            steps: journey
                .map(|journey| journey.steps.as_slice())
                .unwrap_or_default()
                .iter()
                .map(|step| JourneyStepPlan {
                    operation: operation(&step.operation),
                    think_ns: step.think_secs * 1e9,
                    probability: step.probability,
                })
                .collect(),
            within_ns: ns_from_secs(journey.map_or(0.0, |journey| journey.within_secs)),
            curve: RateCurve::new(&points, f64::from(scenario.start.secs())),
            arrivals: audience.arrivals,
            timeout_ns: ns_from_secs(audience.timeout_secs),
            refresh: audience.refresh,
            clients: placement.clients(i).iter().map(|id| index.of(id)).collect(),
        }
    };
    scenario.audiences.iter().enumerate().map(plan).collect()
}

fn faults(scenario: &Scenario) -> Vec<FaultPlan> {
    let start = scenario.start.secs();
    scenario
        .faults
        .iter()
        .filter(|fault| fault.at.secs() >= start)
        .map(|fault| FaultPlan {
            at_ns: u64::from(fault.at.secs() - start) * NS_PER_SEC,
            kill: fault.action == FaultAction::Kill,
            scope: match &fault.target {
                FaultTarget::Component(id) => FaultScope::Domain(id.clone()),
                FaultTarget::OneServer => FaultScope::OneServer,
                FaultTarget::Place(place) => FaultScope::Place(*place),
            },
        })
        .collect()
}
