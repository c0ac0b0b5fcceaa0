//! The parameters of a database: what things cost, how much memory is left for pages, how many share the rows.

use archplay_kernel::ns_from_secs;
use archplay_model::catalogue::database as spec;
use archplay_model::placement::is_shard;
use archplay_model::{Component, Id, Kind};

use crate::compile::Compiler;
use crate::plant::NodeId;

pub(super) const GIB: f64 = 1_073_741_824.0;
pub(super) const MIB: f64 = 1_048_576.0;
/// What the system and the idle database take.
pub(super) const BASE_BYTES: f64 = archplay_model::DATABASE_BASE_MIB * MIB;
/// The least buffer pool: InnoDB's own least.
pub(super) const LEAST_POOL: f64 = 5.0 * MIB;

/// What things cost, in nanoseconds and bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Costs {
    pub(super) read_ns: f64,
    pub(super) write_ns: f64,
    pub(super) row_ns: f64,
    pub(super) index_ns: f64,
    pub(super) commit_ns: f64,
    pub(super) disk_read_ns: f64,
    pub(super) memory: f64,
    pub(super) connection: f64,
    pub(super) pool_share: f64,
    pub(super) disk: f64,
    pub(super) lock_timeout_ns: u64,
    pub(super) restart_ns: u64,
}

impl Costs {
    /// Bytes of the buffer pool: its share of the memory, as far as connections and others leave it.
    pub(super) fn pool_bytes(&self, open: u64, leaked: f64) -> f64 {
        let left = self.memory - BASE_BYTES - open as f64 * self.connection - leaked;
        (self.memory * self.pool_share).min(left).max(LEAST_POOL)
    }
}

pub(super) fn costs(component: &Component) -> Costs {
    let ms = |spec| component.number(spec) * 1e6;
    Costs {
        read_ns: ms(&spec::READ_CPU_MS),
        write_ns: ms(&spec::WRITE_CPU_MS),
        row_ns: component.number(&spec::ROW_CPU_US) * 1e3,
        index_ns: ms(&spec::INDEX_CPU_MS),
        commit_ns: ms(&spec::COMMIT_MS),
        disk_read_ns: ms(&spec::DISK_READ_MS),
        memory: component.number(&spec::MEMORY_GIB) * GIB,
        connection: component.number(&spec::CONNECTION_MIB) * MIB,
        pool_share: component.number(&spec::BUFFER_POOL_PERCENT) / 100.0,
        disk: component.number(&spec::DISK_GIB) * GIB,
        lock_timeout_ns: ns_from_secs(component.number(&spec::LOCK_TIMEOUT_SECS)),
        restart_ns: ns_from_secs(component.number(&spec::RESTART_SECS)),
    }
}

/// How many databases share the rows of a dataset; copies of a shard have as many rows as it.
pub(super) fn shards(
    compiler: &mut Compiler<'_>,
    component: &Component,
    node: NodeId,
    dataset: &Id,
) -> u64 {
    let placement = compiler.placement;
    let own = match placement.replica_of(node as usize) {
        Some(primary) => placement.components()[primary],
        None => component,
    };
    if !is_shard(own) {
        return 1;
    }
    if let Some(known) = compiler.shards.get(dataset) {
        return *known;
    }
    let components = placement.components().iter().enumerate();
    let shard = components.filter(|(i, other)| {
        other.kind == Kind::Database
            && is_shard(other)
            && placement.replica_of(*i).is_none()
            && placement.holds(*i, dataset)
            && compiler.joins(*i) <= 0.0
    });
    let count = (shard.count() as u64).max(1);
    compiler.shards.insert(dataset.clone(), count);
    count
}
