//! The world: everything that changes during a run, and the loop that hands events to those who know
//! what to do. What happens stands in `visitor`, `hop`, `instance`, `store`, `health`, `scaling`, `fault`.

use std::collections::{BTreeMap, VecDeque};

use archplay_kernel::{Deadlines, EventQueue, Gauge, Handle, Slab, Stream, TimerId};
use archplay_report::{Event as LogEntry, EventCode, Reason};

use crate::cpu::Cpu;
use crate::plant::{MAX_HOPS, NOBODY, Node, Plant};
use crate::stats::Stats;

/// What can happen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// The next visitor of an audience comes.
    Arrival(u32),
    /// A visitor has thought, or tries again.
    Wake(Handle),
    /// Someone of this audience has waited too long.
    Patience(u32),
    /// A request reaches where it was going.
    Job(Handle),
    /// Someone on this instance's CPU is done.
    InstanceCpu(u32),
    /// Someone on this database's CPU is done.
    StoreCpu(u32),
    /// Someone has waited too long for a connection of this server's pools.
    PoolTimeout(u32),
    /// A load balancer or CDN has waited too long for an answer.
    ProxyTimeout(u32),
    /// Time to check a target's health.
    HealthCheck {
        balancer: u32,
        target: u32,
        generation: u32,
    },
    /// A health check has waited too long.
    HealthTimeout(u32),
    /// Time to look at a group's metric.
    GroupSample(u32),
    /// A scheduled action of a group.
    Scheduled { group: u32, action: u32 },
    /// An instance has booted, or its process is back.
    Ready { instance: u32, generation: u32 },
    /// A fault.
    Fault(u32),
}

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// On its way to a node.
    ToNode(Node),
    /// Waiting for a worker.
    Backlog,
    /// On the CPU of its instance.
    OnCpu,
    /// Sending by the network card.
    Sending,
    /// Waiting for a connection of the pool.
    ForConnection,
    /// On its way to the database.
    ToStore,
    /// On the database's CPU.
    OnStore,
    /// Being made durable, or on its way back from the database.
    FromStore,
    /// The answer is on its way to the visitor.
    Answering,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A visitor's page.
    Page,
    /// An administrator's login.
    Login,
    /// A health check.
    Health {
        balancer: u32,
        target: u32,
        generation: u32,
    },
}

/// One hop that a request took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hop {
    /// The link; `NOBODY` where there is none (an administrator's way).
    pub link: u32,
    pub sent_ns: u64,
    /// The load balancer or CDN that sent it: its proxy index, or `NOBODY` for a client.
    pub proxy: u32,
    /// The load balancer's target.
    pub target: u32,
}

/// A request under way.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub purpose: Purpose,
    pub visitor: Handle,
    pub attempt: u32,
    pub operation: u32,
    pub leg: u32,
    pub stream: Stream,
    pub phase: Phase,
    pub hops: [Hop; MAX_HOPS],
    pub depth: u8,
    /// How many hops, from the server's side, are still the sender's concern: a proxy that gave up cuts it.
    pub answered_to: u8,
    pub instance: u32,
    pub pc: u32,
    pub end: u32,
    /// The pool of the connection it has, or `NOBODY`.
    pub connection: u32,
    /// The pool of the statement under way.
    pub pool: u32,
    pub in_transaction: bool,
    pub since_ns: u64,
    pub arrived_ns: u64,
    pub result: Result<(), Reason>,
}

/// The state of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not there.
    Off,
    /// Starting.
    Booting,
    /// Takes requests.
    Up,
    /// Finishes what it has.
    Draining,
    /// Killed by a fault.
    Dead,
    /// Its process was killed for memory and starts again.
    Restarting,
}

/// Connections of one instance to one database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    pub open: u32,
    pub idle: u32,
    pub waiting: VecDeque<Handle>,
}

/// An instance of a server.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub state: State,
    pub generation: u32,
    /// A fault keeps it from being there at all.
    pub blocked: bool,
    pub up_since: u64,
    pub busy: Gauge,
    pub backlog: VecDeque<Handle>,
    pub backlog_gauge: Gauge,
    pub logins: u32,
    pub cpu: Cpu,
    pub nic_free_ns: u64,
    pub pools: Vec<Pool>,
    /// CPU busy time at the group's last sample.
    pub sampled_busy_ns: f64,
}

/// A database.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub up: bool,
    pub slots: Gauge,
    pub cpu: Cpu,
}

/// A target of a load balancer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub node: Node,
    pub link: u32,
    pub registered: bool,
    pub healthy: bool,
    pub passes: u32,
    pub fails: u32,
    pub outstanding: u32,
    pub generation: u32,
    /// Newly registered: one passed check is enough.
    pub fresh: bool,
}

/// A load balancer.
#[derive(Clone, Debug)]
pub(crate) struct Balancer {
    pub alive: bool,
    pub targets: Vec<Target>,
    /// Targets that get requests.
    pub eligible: Vec<u32>,
    pub failing_open: bool,
    pub next: usize,
    pub stream: Stream,
    pub checks: Deadlines<Handle>,
}

/// A CDN.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cdn {
    /// For each operation and leg: until when the edge has it.
    pub fresh_until: BTreeMap<(u32, u32), u64>,
    pub next: usize,
}

/// An auto-scaling group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub min: u32,
    pub desired: u32,
    pub above: u32,
    pub below: u32,
}

/// One visitor.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub audience: u32,
    pub client: u32,
    pub key: u64,
    pub born_ns: u64,
    pub step: u32,
    /// Counts all attempts, so that an answer to an earlier one is known as late.
    pub attempt: u32,
    pub tries: u32,
    pub leg: u32,
    pub waiting: bool,
    pub began_ns: u64,
    pub refreshes: bool,
    pub refresh_ns: f64,
    pub job: Handle,
}

/// The most entries of the event log; later ones are counted in the series only.
const MAX_LOG: usize = 20_000;

/// Everything that changes.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub plant: Plant,
    pub now: u64,
    pub queue: EventQueue<Event>,
    pub jobs: Slab<Job>,
    pub visitors: Slab<Visitor>,
    pub arrivals: Vec<Arrivals>,
    pub patience: Vec<Deadlines<(Handle, u32)>>,
    pub cdns: Vec<Cdn>,
    pub balancers: Vec<Balancer>,
    /// Time-outs of CDNs, then of load balancers.
    pub proxies: Vec<Deadlines<(Handle, u8)>>,
    pub instances: Vec<Instance>,
    pub stores: Vec<Store>,
    /// Waits for pool connections, by server.
    pub pool_waits: Vec<Deadlines<(Handle, u64)>>,
    pub groups: Vec<Group>,
    pub stats: Stats,
    pub log: Vec<LogEntry>,
}

/// The arrival process of an audience.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals {
    pub stream: Stream,
    pub area: f64,
    pub count: u64,
}

impl World {
    /// Sets everything up at time 0.
    pub(crate) fn new(plant: Plant) -> Self {
        let mut queue = EventQueue::default();
        let mut timer = |event: Event| -> TimerId { queue.add_timer(event) };
        let arrivals: Vec<Arrivals> = plant
            .audiences
            .iter()
            .map(|audience| Arrivals {
                stream: Stream::named(plant.seed, audience.id.as_str(), "arrivals"),
                area: 0.0,
                count: 0,
            })
            .collect();
        let patience = (0_u32..)
            .zip(&plant.audiences)
            .map(|(i, audience)| Deadlines::new(audience.timeout_ns, timer(Event::Patience(i))))
            .collect();
        let waits = plant.cdns.iter().map(|cdn| cdn.origin_timeout_ns).chain(
            plant
                .balancers
                .iter()
                .map(|balancer| balancer.idle_timeout_ns),
        );
        let proxies = (0_u32..)
            .zip(waits)
            .map(|(i, wait)| Deadlines::new(wait, timer(Event::ProxyTimeout(i))))
            .collect();
        let balancers = (0_u32..)
            .zip(&plant.balancers)
            .map(|(i, plan)| Balancer {
                alive: true,
                targets: targets(&plant, plan),
                eligible: Vec::new(),
                failing_open: false,
                next: 0,
                stream: Stream::named(
                    plant.seed,
                    plant.parts[plan.part as usize].id.as_str(),
                    "choice",
                ),
                checks: Deadlines::new(plan.timeout_ns, timer(Event::HealthTimeout(i))),
            })
            .collect();
        let instances = (0_u32..)
            .zip(&plant.instances)
            .map(|(i, plan)| {
                let server = &plant.servers[plan.server as usize];
                Instance {
                    state: State::Off,
                    generation: 0,
                    blocked: false,
                    up_since: 0,
                    busy: Gauge::default(),
                    backlog: VecDeque::new(),
                    backlog_gauge: Gauge::default(),
                    logins: 0,
                    cpu: Cpu::new(server.cores, timer(Event::InstanceCpu(i))),
                    nic_free_ns: 0,
                    pools: vec![Pool::default(); server.stores.len()],
                    sampled_busy_ns: 0.0,
                }
            })
            .collect();
        let stores = (0_u32..)
            .zip(&plant.stores)
            .map(|(i, plan)| Store {
                up: true,
                slots: Gauge::default(),
                cpu: Cpu::new(plan.cores, timer(Event::StoreCpu(i))),
            })
            .collect();
        let pool_waits = (0_u32..)
            .zip(&plant.servers)
            .map(|(i, plan)| Deadlines::new(plan.pool_timeout_ns, timer(Event::PoolTimeout(i))))
            .collect();
        let groups = plant
            .groups
            .iter()
            .map(|plan| Group {
                min: plan.min,
                desired: plan.desired,
                above: 0,
                below: 0,
            })
            .collect();
        let mut world = Self {
            stats: Stats::new(&plant),
            cdns: vec![Cdn::default(); plant.cdns.len()],
            now: 0,
            queue,
            jobs: Slab::default(),
            visitors: Slab::default(),
            arrivals,
            patience,
            balancers,
            proxies,
            instances,
            stores,
            pool_waits,
            groups,
            log: Vec::new(),
            plant,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        self.begin_instances();
        self.begin_health_checks();
        for audience in 0..self.plant.audiences.len() as u32 {
            self.schedule_arrival(audience);
        }
        for (i, fault) in (0_u32..).zip(&self.plant.faults) {
            self.queue.schedule(fault.at_ns, Event::Fault(i));
        }
    }

    /// Handles the next event before `limit`; `false` when there is none.
    pub(crate) fn step(&mut self, limit: u64) -> bool {
        let Some((time, event)) = self.queue.pop_before(limit) else {
            return false;
        };
        debug_assert!(time >= self.now, "time never goes back");
        self.now = self.now.max(time);
        match event {
            Event::Arrival(audience) => self.arrive(audience),
            Event::Wake(visitor) => self.wake(visitor),
            Event::Patience(audience) => self.lose_patience(audience),
            Event::Job(job) => self.job_due(job),
            Event::InstanceCpu(instance) => self.instance_cpu_done(instance),
            Event::StoreCpu(store) => self.store_cpu_done(store),
            Event::PoolTimeout(server) => self.pool_timeout(server),
            Event::ProxyTimeout(proxy) => self.proxy_timeout(proxy),
            Event::HealthCheck {
                balancer,
                target,
                generation,
            } => {
                self.check_health(balancer, target, generation);
            }
            Event::HealthTimeout(balancer) => self.health_timeout(balancer),
            Event::GroupSample(group) => self.sample_group(group),
            Event::Scheduled { group, action } => self.scheduled(group, action),
            Event::Ready {
                instance,
                generation,
            } => self.ready(instance, generation),
            Event::Fault(fault) => self.fault(fault),
        }
        true
    }

    /// A request reaches where it was going.
    fn job_due(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        match job.phase {
            Phase::ToNode(Node::Cdn(cdn)) => self.reach_cdn(handle, cdn),
            Phase::ToNode(Node::Balancer(balancer)) => self.reach_balancer(handle, balancer),
            Phase::ToNode(Node::Server(server)) => self.reach_server(handle, server),
            Phase::ToNode(Node::Instance(instance)) => self.reach_instance(handle, instance),
            Phase::Sending => self.go_on(handle),
            Phase::ToStore => self.reach_store(handle),
            Phase::FromStore => self.back_from_store(handle),
            Phase::Answering => self.answer(handle),
            // These end by a timer or by someone else, never by an event of their own.
            Phase::Backlog | Phase::OnCpu | Phase::ForConnection | Phase::OnStore => {}
        }
    }

    /// Writes into the event log.
    pub(crate) fn log(&mut self, code: EventCode, part: u32, from: u32, to: u32) {
        if self.log.len() < MAX_LOG {
            let id = self.plant.parts[part as usize].id.clone();
            self.log.push(LogEntry {
                at_ns: self.now,
                code,
                id,
                from,
                to,
            });
        }
    }

    /// The component of an instance.
    pub(crate) fn part_of_instance(&self, instance: u32) -> u32 {
        let server = self.plant.instances[instance as usize].server;
        self.plant.servers[server as usize].part
    }

    /// The component at which a request is now.
    pub(crate) fn part_of_job(&self, job: &Job) -> u32 {
        match job.phase {
            Phase::ToNode(Node::Cdn(i)) => self.plant.cdns[i as usize].part,
            Phase::ToNode(Node::Balancer(i)) => self.plant.balancers[i as usize].part,
            Phase::ToNode(Node::Server(i)) => self.plant.servers[i as usize].part,
            Phase::ToNode(Node::Instance(i)) => self.part_of_instance(i),
            Phase::ToStore | Phase::OnStore | Phase::FromStore => {
                let server = self.plant.instances[job.instance as usize].server;
                let (store, _) = self.plant.servers[server as usize].stores[job.pool as usize];
                self.plant.stores[store as usize].part
            }
            _ if job.instance != NOBODY => self.part_of_instance(job.instance),
            _ => self
                .visitors
                .get(job.visitor)
                .and_then(|visitor| self.plant.clients.get(visitor.client as usize))
                .map_or(0, |client| client.part),
        }
    }
}

fn targets(plant: &Plant, plan: &crate::plant::BalancerPlan) -> Vec<Target> {
    let target = |node, link| Target {
        node,
        link,
        registered: false,
        healthy: false,
        passes: 0,
        fails: 0,
        outstanding: 0,
        generation: 0,
        fresh: true,
    };
    let mut list = Vec::new();
    for way in &plan.ways {
        match way.node {
            Node::Server(server) => {
                let server = &plant.servers[server as usize];
                for i in server.first..server.first + server.count {
                    list.push(target(Node::Instance(i), way.link));
                }
            }
            node => list.push(target(node, way.link)),
        }
    }
    list
}
