//! A relational database: connection slots, processor, buffer pool, disk, row locks, copies.
//!
//! A statement goes through stages: it waits for its row's lock (writes), reads the pages that are not in
//! memory, uses the processor, becomes durable (writes), waits for copies that it must wait for, and is
//! answered. A lock is kept until then, or until the transaction ends. Each part has a file of its own and
//! knows nothing of the others; what is not a relational store's business must not live here.

mod agreeing;
mod applying;
mod certifying;
mod change;
mod counts;
mod disk;
mod failover;
mod hand_over;
mod joining;
mod late;
mod lock_line;
mod locks;
mod memory;
mod moving;
mod pages;
mod peers;
mod plan;
mod planner;
mod replication;
mod roles;
mod rows;
mod shipping;
mod statement;
mod undo;
mod working;

use archplay_kernel::{Deadlines, Handle, TimerId};
use archplay_model::catalogue::{database as spec, parse_indexes};
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Id};
use archplay_report::{EventCode, Measure, Reason};

use super::cpu::Cpu;
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::plant::{Ask, NodeId};
use crate::stats::columns::Sink;
use counts::Counts;
use disk::Disk;
use locks::Locks;
use pages::{Extent, Pages};
use plan::{Costs, MIB, costs, shards};
use replication::{Copies, Role};
use rows::Book;
use undo::Undo;

/// Stages of a call in here.
pub(super) const LOCKED: u8 = 1;
pub(super) const READS: u8 = 2;
const ON_CPU: u8 = 3;
const BETWEEN: u8 = 4;
pub(super) const COMMITS: u8 = 5;
pub(super) const SYNCS: u8 = 6;
const EARLY: u8 = 7;
const RELAYED: u8 = 8;
const APPLIES: u8 = 9;

/// Timers.
const CPU_TIMER: u32 = 0;
const LOCK_TIMER: u32 = 1;
const SWEEP_TIMER: u32 = 2;
const RETRY_TIMER: u32 = 3;
const SYNC_TIMER: u32 = 4;
const PROMOTE_TIMER: u32 = 5;
const WATCH_TIMER: u32 = 6;
const HAND_OVER_TIMER: u32 = 7;
const JOIN_TIMER: u32 = 8;
const MOVE_TIMER: u32 = 9;
const MEMORY_TIMER: u32 = 10;
const LATE_TIMER: u32 = 11;
const RESTART_TIMER: u32 = 12;
const ARRIVE_TIMER: u32 = 13;

/// A dataset that is kept here.
#[derive(Clone, Debug)]
struct Table {
    /// Rows at the start, of this shard.
    rows: f64,
    row_bytes: f64,
    indexes: Vec<Vec<Id>>,
    book: Book,
}

/// A database at work.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    node: NodeId,
    vcpu: u32,
    slots: u64,
    costs: Costs,
    /// For each dataset the table here, if it is kept here.
    table_of: Vec<Option<u32>>,
    tables: Vec<Table>,
    /// For each statement its plan, and for how many rows it was made.
    plans: Vec<Option<(f64, planner::Plan)>>,
    cpu: Option<Cpu>,
    pages: Pages,
    disk: Disk,
    locks: Locks,
    undo: Undo,
    lock_waits: Option<Deadlines<(Handle, u64)>>,
    /// Whether somebody looks after owners that are gone.
    sweeping: bool,
    copies: Copies,
    /// What it has to do with shards that join.
    growth: joining::Growth,
    counts: Counts,
    /// Connections, and mebibytes lost to a leak, for which the pool was sized.
    sized_for: (u64, u64),
    /// Bytes of the disk in use.
    used: f64,
    /// A fault has filled the disk.
    filled: bool,
    /// Bytes a second that leak, and since when.
    leak: Option<(f64, u64)>,
    /// Fires when what leaks has used up the memory.
    memory_timer: Option<TimerId>,
    life: memory::Life,
    /// Fires when it has started again.
    restart_timer: Option<TimerId>,
}

impl Database {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let costs = costs(component);
        let declared = parse_indexes(component.text(&spec::INDEXES)).unwrap_or_default();
        let (mut table_of, mut tables, mut extents) = (Vec::new(), Vec::new(), Vec::new());
        for dataset in 0..compiler.plant.datasets.len() {
            let plan = &compiler.plant.datasets[dataset];
            if !compiler.placement.holds(node as usize, &plan.id) {
                table_of.push(None);
                continue;
            }
            let id = plan.id.clone();
            let late = compiler.joins(node as usize) > 0.0;
            let shards = shards(compiler, component, node, &id);
            let plan = &compiler.plant.datasets[dataset];
            table_of.push(Some(tables.len() as u32));
            let indexes = declared.iter().filter(|index| index.dataset == plan.id);
            tables.push(Table {
                rows: match late {
                    true => 1.0,
                    false => (plan.rows as f64 / shards as f64).max(1.0),
                },
                row_bytes: f64::from(plan.row_bytes),
                indexes: indexes.map(|index| index.columns.clone()).collect(),
                book: Book::new(
                    plan.stock,
                    u64::from(component.count(&spec::AUTO_INCREMENT_OFFSET)),
                    u64::from(component.count(&spec::AUTO_INCREMENT_STEP)),
                ),
            });
            extents.push(Extent {
                rows: plan.rows,
                row_bytes: plan.row_bytes,
                shards,
            });
        }
        let used = tables
            .iter()
            .map(|table| table.rows * table.row_bytes)
            .sum();
        Self {
            node,
            vcpu: component.count(&spec::VCPU),
            slots: archplay_model::connection_limit(component),
            table_of,
            tables,
            plans: vec![None; compiler.plant.statements.len()],
            cpu: None,
            pages: Pages::new(&extents, costs.pool_bytes(0, 0.0)),
            disk: Disk::new(component.number(&spec::IOPS)),
            locks: Locks::default(),
            undo: Undo::default(),
            lock_waits: None,
            sweeping: false,
            growth: joining::Growth::new(compiler, component, node),
            copies: Copies::new(compiler, component, node),
            counts: Counts::default(),
            sized_for: (0, 0),
            used,
            filled: false,
            leak: None,
            memory_timer: None,
            life: memory::Life::default(),
            restart_timer: None,
            costs,
        }
    }

    /// Whether there is room to write.
    fn has_room(&mut self, core: &mut Core) -> bool {
        let full = self.filled || self.used >= self.costs.disk;
        if full && !self.counts.disk_full {
            self.counts.disk_full = true;
            core.note(EventCode::DiskFull, self.node, 0, 0);
        }
        !full
    }
}

impl Behaviour for Database {
    fn begin(&mut self, core: &mut Core) {
        core.boards[self.node as usize].slots = self.slots;
        self.begin_memory(core);
        self.cpu = Some(Cpu::new(self.vcpu, core.add_timer(self.node, CPU_TIMER)));
        let timer = core.add_timer(self.node, LOCK_TIMER);
        self.lock_waits = Some(Deadlines::new(self.costs.lock_timeout_ns, timer));
        self.begin_copies(core);
        self.show_role(core);
        self.begin_growth(core);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(ask) = core.call(handle).map(|call| call.ask) else {
            return;
        };
        let up = core.boards[self.node as usize].up;
        match core.plant.asks[ask as usize] {
            Ask::Health if up && self.copies.role != Role::Out => {
                return core.finish(handle, Ok(()));
            }
            Ask::Health => return core.fail(handle, Reason::ConnectionLost, self.node),
            Ask::Replicate => return self.receive(core, handle),
            _ => {}
        }
        core.stats.rate(self.node);
        if !up || self.copies.role == Role::Out {
            return core.fail(handle, Reason::ConnectionLost, self.node);
        }
        match core.plant.asks[ask as usize] {
            Ask::Data { statement } => self.statement(core, handle, statement),
            _ => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        match core.call(handle).map(|call| call.stage) {
            Some(READS) => self.pages_read(core, handle),
            Some(BETWEEN) => self.lock(core, handle),
            Some(COMMITS) => self.committed(core, handle),
            Some(APPLIES) => self.applied(core, handle),
            _ => {}
        }
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        self.acknowledged(core, answer);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        match tag {
            CPU_TIMER => {
                let done = self
                    .cpu
                    .as_mut()
                    .and_then(|cpu| cpu.finish_one(core.now, &mut core.queue));
                if let Some(handle) = done {
                    self.computed(core, handle);
                }
            }
            LOCK_TIMER => self.lock_timeouts(core),
            SWEEP_TIMER => self.sweep(core),
            RETRY_TIMER => self.retry_copies(core),
            SYNC_TIMER => self.sync_timeouts(core),
            PROMOTE_TIMER => self.promotion_due(core),
            WATCH_TIMER => self.watch(core),
            HAND_OVER_TIMER => self.hand_over_due(core),
            JOIN_TIMER => self.join(core),
            MOVE_TIMER => self.pages_due(core),
            LATE_TIMER => self.look_at_late(core),
            ARRIVE_TIMER => self.part_due(core),
            MEMORY_TIMER => self.check_memory(core),
            RESTART_TIMER => self.restarted(core),
            _ => {}
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        match notice {
            Notice::TransactionEnded { owner, commits } => {
                if commits {
                    self.commit_unasked(core, owner);
                    self.undo.committed(owner);
                } else {
                    self.roll_back(core, owner);
                }
                self.release_all(core, owner);
            }
            Notice::Promote => self.ordered_to_promote(core),
            Notice::Promoted { from, has } => self.promoted_other(core, about, (from, has)),
            Notice::MovePages { count } => self.move_pages(core, about, count),
            Notice::PagesMoved => self.pages_moved(core),
            Notice::Follows { version } => self.followed(core, about, version),
            Notice::Died | Notice::Restored => {
                self.source_changed(core, about);
                self.answer_syncs(core);
            }
            Notice::Restart if core.boards[self.node as usize].up => {
                self.restart(core, Reason::ConnectionLost);
            }
            Notice::Opened => self.check_memory(core),
            _ => {}
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        let now = core.now;
        match action {
            FaultAction::Kill => self.kill(core, on),
            FaultAction::FillDisk => {
                self.filled = on;
                self.counts.disk_full = false;
            }
            FaultAction::HogCpu { cores } => {
                if let Some(cpu) = &mut self.cpu {
                    cpu.set_hog(now, if on { cores } else { 0.0 }, &mut core.queue);
                }
            }
            FaultAction::LeakMemory { mib_per_sec } => {
                self.set_leak(core, on.then_some(mib_per_sec * MIB));
            }
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        self.put_columns(core, sink, end, span_ns);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let cpu = self.cpu.as_mut()?;
        cpu.settle(core.now);
        Some(Load {
            busy_ns: cpu.busy_ns,
            capacity_ns: cpu.cores() * core.now as f64,
        })
    }

    fn measures(&mut self, core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        self.put_measures(core, out);
    }
}
