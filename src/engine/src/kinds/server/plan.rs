//! What a server's parameters come to.

use archplay_kernel::{IdScheme, Sampler, Spread, ns_from_secs};
use archplay_model::catalogue::{auto_scaling_group as asg, server as spec};
use archplay_model::{Component, Kind};

use crate::compile::Compiler;
use crate::kinds::pools::pooled_ways;
use crate::plant::{Ask, AskId, NodeId, Program, Step, Way};

const MIB: f64 = 1_048_576.0;

/// Where sessions are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sessions {
    /// In the unit that made them.
    Memory,
    /// In a linked store.
    Store {
        node: NodeId,
        /// Whether it loses them when it dies.
        forgets: bool,
    },
    /// With the visitor.
    Token,
}

/// A server's parameters, in the engine's units.
#[derive(Clone, Debug)]
pub(super) struct ServerPlan {
    pub cores: u32,
    /// Bytes.
    pub memory: f64,
    pub base_memory: f64,
    pub request_memory: f64,
    pub connection_memory: f64,
    pub workers: u64,
    pub backlog: usize,
    pub nic_ns_per_byte: f64,
    pub restart_ns: u64,
    pub pool_size: u32,
    pub pool_timeout_ns: u64,
    /// Databases and proxies that it has links to.
    pub stores: Vec<Way>,
    /// For each operation what it does here; `None` for what it does not run.
    pub programs: Vec<Option<Program>>,
    /// What it does for static files, and for media that go through it.
    files: Vec<(AskId, Program)>,
    pub sessions: Sessions,
    /// `None` leaves ids to the store.
    pub id_scheme: Option<IdScheme>,
    /// The number of its first unit among all servers' units, for ids that carry the machine.
    pub first_machine: u32,
    /// Bytes.
    pub disk: f64,
    /// Bytes written by a request.
    pub log: f64,
    /// How many units there may be.
    pub count: u32,
    /// Whether somebody in front checks its health and says itself when a unit is in service.
    pub watched: bool,
}

impl ServerPlan {
    pub(super) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let zones = zones(compiler, component);
        let count = units_of(compiler, component);
        if !zones.is_empty() {
            compiler.plant.nodes[node as usize].unit_zones = (0..count as usize)
                .map(|unit| zones[unit % zones.len()])
                .collect();
        }
        let askers = &compiler.plant.nodes[node as usize].askers;
        let watched = askers
            .iter()
            .any(|asker| compiler.plant.nodes[*asker as usize].kind == Kind::LoadBalancer);
        let ways = compiler.out_ways(component);
        // Machines are numbered through all servers of the drawing, as an operator would do it.
        let first_machine = compiler.machines;
        compiler.machines = first_machine.wrapping_add(count);
        Self {
            cores: component.count(&spec::VCPU),
            memory: component.number(&spec::MEMORY_GIB) * 1_024.0 * MIB,
            base_memory: component.number(&spec::BASE_MEMORY_MIB) * MIB,
            request_memory: component.number(&spec::REQUEST_MEMORY_MIB) * MIB,
            connection_memory: component.number(&spec::CONNECTION_MEMORY_KIB) * 1_024.0,
            workers: u64::from(component.count(&spec::WORKERS)),
            backlog: component.count(&spec::BACKLOG) as usize,
            nic_ns_per_byte: 8.0 / component.number(&spec::NIC_GBPS).max(1e-3),
            restart_ns: ns_from_secs(component.number(&spec::RESTART_SECS)),
            pool_size: component.count(&spec::DB_POOL),
            pool_timeout_ns: ns_from_secs(component.number(&spec::DB_POOL_TIMEOUT_SECS)),
            stores: pooled_ways(&compiler.plant, &ways),
            sessions: sessions(compiler, component, &ways),
            id_scheme: id_scheme(component),
            first_machine,
            disk: component.number(&spec::DISK_GIB) * 1_024.0 * MIB,
            log: component.number(&spec::LOG_KIB) * 1_024.0,
            programs: compiler.programs(node),
            files: files(compiler, component, node),
            count,
            watched,
        }
    }

    /// The program for static files.
    pub(super) fn files(&self, ask: AskId) -> Option<Program> {
        let found = self.files.iter().find(|(other, _)| *other == ask);
        found.map(|(_, program)| *program)
    }
}

/// How many units a server may have.
fn units_of(compiler: &Compiler<'_>, component: &Component) -> u32 {
    group_of(compiler, component).map_or(1, |group| group.count(&asg::MAX).max(1))
}

/// The group that a server is in.
pub(super) fn group_of<'a>(
    compiler: &Compiler<'a>,
    component: &Component,
) -> Option<&'a Component> {
    let parent = component.parent.as_ref()?;
    let group = compiler.design.get(parent)?;
    (group.kind == Kind::AutoScalingGroup).then_some(group)
}

/// The zones over which a group spreads its units: those of its region, when it stands in none itself.
fn zones(compiler: &Compiler<'_>, component: &Component) -> Vec<NodeId> {
    let design = compiler.design;
    let Some(group) = group_of(compiler, component) else {
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
        .filter_map(|zone| compiler.node(&zone.id))
        .collect()
}

fn sessions(compiler: &Compiler<'_>, component: &Component, ways: &[Way]) -> Sessions {
    let kind = |way: &&Way| compiler.plant.nodes[way.node as usize].kind;
    match component.text(&spec::SESSIONS) {
        "token" => Sessions::Token,
        "store" => {
            // The fastest store of those that are linked; without one they stay in memory.
            let order = [Kind::Cache, Kind::KeyValue, Kind::Database];
            let found = order
                .iter()
                .find_map(|wanted| ways.iter().find(|way| kind(way) == *wanted));
            found.map_or(Sessions::Memory, |way| Sessions::Store {
                node: way.node,
                forgets: kind(&way) == Kind::Cache,
            })
        }
        _ => Sessions::Memory,
    }
}

fn id_scheme(component: &Component) -> Option<IdScheme> {
    Some(match component.text(&spec::ID_SCHEME) {
        "timestamp_ms" => IdScheme::TimestampMs,
        "timestamp_ms_random" => IdScheme::TimestampRandom {
            bits: component.count(&spec::ID_RANDOM_BITS),
        },
        "uuid_v4" => IdScheme::UuidV4,
        "uuid_v7" => IdScheme::UuidV7,
        // The machine's number is the unit's own.
        "snowflake" => IdScheme::Snowflake {
            machine: 0,
            repeats: false,
        },
        _ => return None,
    })
}

/// The programs for the static files of every operation: a little CPU for each object, then the bytes.
fn files(
    compiler: &mut Compiler<'_>,
    component: &Component,
    node: NodeId,
) -> Vec<(AskId, Program)> {
    let cpu_ns = component.number(&spec::STATIC_CPU_MS) * 1e6;
    let asks = compiler.plant.asks.clone();
    let mut out = Vec::new();
    for (id, ask) in (0..).zip(asks) {
        if let Ask::Files { bytes, objects, .. } = ask {
            let work = cpu_ns * f64::from(objects);
            let steps = vec![
                Step::Cpu(Sampler::new(Spread::Constant, work)),
                Step::Send { bytes },
            ];
            out.push((id, compiler.store(steps)));
        }
    }
    out.extend(compiler.media_programs(component, node));
    out
}
