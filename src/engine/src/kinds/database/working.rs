//! What a statement has to work through: the pages that it needs, and the processor's time.

use std::rc::Rc;

use archplay_kernel::{Handle, mix, unit_of};

use super::planner::{self, Plan, Query};
use super::{Database, ON_CPU, READS};
use crate::core::Core;
use crate::plant::{Access, Statement};

/// Purposes of draws.
const ROWS: u64 = 0x726f_7773;
const PAGE: u64 = 0x7061_6765;

/// Pages of a long scan that are read at once: InnoDB reads ahead by extents of 64.
const READ_AHEAD: u32 = 64;

impl Database {
    /// Looks for the pages that a statement needs; those that are not in memory are read.
    pub(super) fn find_pages(&mut self, core: &mut Core, handle: Handle) {
        let plant = Rc::clone(&core.plant);
        let Some((statement, access, table, dataset)) = self.of(core, handle) else {
            return;
        };
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let (row, key, origin, arrived) = (call.row, call.key, call.origin, call.arrived_ns);
        let in_focus = core.stats.in_focus(arrived);
        let plan = &plant.statements[statement as usize];
        let (looked_up, misses) = match access {
            Access::Read { .. } | Access::Write if self.of_feed(core, handle) => {
                let (rows, _) = core.feed_rows(handle).unwrap_or((1, 1));
                let writes = access.writes();
                let mut misses = 0;
                for n in 0..rows as usize {
                    let row = core.feed_row(handle, n).unwrap_or(row);
                    misses += u64::from(!self.pages.touch(table, row, writes));
                }
                if in_focus && !writes {
                    self.counts.rows.0 += f64::from(rows);
                    self.counts.rows.1 += f64::from(rows);
                }
                (f64::from(rows), misses)
            }
            Access::Read { rows, .. } if by_key(plan) => {
                let mut misses = 0;
                for n in 0..rows {
                    // The row itself, and others as popular.
                    let draw = mix(mix(origin, ROWS), u64::from(n));
                    let popularity = &plant.datasets[dataset as usize].popularity;
                    let row = if n == 0 {
                        row
                    } else {
                        popularity.sample_key(draw)
                    };
                    misses += u64::from(!self.pages.touch(table, row, false));
                }
                if in_focus {
                    self.counts.rows.0 += f64::from(rows);
                    self.counts.rows.1 += f64::from(rows);
                }
                (f64::from(rows), misses)
            }
            Access::Read { .. } => {
                let way = self.plan(statement, table, plan);
                let fraction = unit_of(mix(key, PAGE));
                if in_focus {
                    self.counts.rows.0 += way.examined;
                    self.counts.rows.1 += way.returned.max(1.0);
                }
                (way.pages, self.pages.scan(table, way.pages, fraction))
            }
            Access::Insert { .. } => {
                let id = call.value;
                let last = id == 0 || self.tables[table as usize].book.is_last(id);
                let there = self.pages.add(table, last, mix(id, PAGE));
                (1.0, u64::from(!there))
            }
            Access::Write | Access::Reserve { .. } | Access::Commit => {
                let writes = call.need == 0;
                (1.0, u64::from(!self.pages.touch(table, row, writes)))
            }
        };
        self.counts
            .looked_up(looked_up, looked_up - misses as f64, in_focus);
        self.flush(core);
        if let Some(call) = core.call(handle) {
            call.held = misses.min(u64::from(u32::MAX)) as u32;
        }
        self.pages_read(core, handle);
    }

    /// Whether a statement is about rows of the news feed.
    fn of_feed(&self, core: &Core, handle: Handle) -> bool {
        core.feed_rows(handle).is_some()
    }

    /// So many pages are still to be read: the next of them, or on to the processor.
    pub(super) fn pages_read(&mut self, core: &mut Core, handle: Handle) {
        let (now, stretch) = (core.now, core.stretch(self.node));
        let Some(call) = core.call(handle) else {
            return;
        };
        if call.held == 0 {
            return self.compute(core, handle);
        }
        let count = call.held.min(READ_AHEAD);
        call.held -= count;
        call.stage = READS;
        call.in_line(now, self.disk.line_ns(now));
        let ns = self
            .disk
            .submit(now, count, self.costs.disk_read_ns, stretch);
        core.wait(handle, ns);
    }

    fn compute(&mut self, core: &mut Core, handle: Handle) {
        let Some((statement, access, table, _)) = self.of(core, handle) else {
            return;
        };
        let plant = Rc::clone(&core.plant);
        let plan = &plant.statements[statement as usize];
        let costs = self.costs;
        let (now, stretch) = (core.now, core.stretch(self.node));
        let Some(call) = core.call(handle) else {
            return;
        };
        call.stage = ON_CPU;
        let only_reads = call.need == 1;
        let many = core.feed_rows(handle);
        let ns = match access {
            Access::Read { .. } | Access::Write if many.is_some() => {
                let (rows, weight) = many.unwrap_or((1, 1));
                let each = if access.writes() {
                    costs.write_ns
                } else {
                    costs.read_ns
                };
                f64::from(rows) * (each + f64::from(weight.saturating_sub(1)) * costs.row_ns)
            }
            Access::Read { rows, .. } if by_key(plan) => costs.read_ns * f64::from(rows),
            Access::Read { .. } => {
                let way = self.plan(statement, table, plan);
                costs.read_ns + (way.examined - 1.0).max(0.0) * costs.row_ns
            }
            _ if only_reads => costs.read_ns,
            _ => {
                let indexes = self.tables[table as usize].indexes.len();
                costs.write_ns + costs.index_ns * indexes as f64
            }
        };
        if let Some(cpu) = &mut self.cpu {
            cpu.start(now, ns * stretch, handle, &mut core.queue);
        }
    }

    /// The plan of a query; made anew when the table has grown.
    fn plan(&mut self, statement: u32, table: u32, of: &Statement) -> Plan {
        let own = &self.tables[table as usize];
        let rows = own.rows + own.book.added as f64;
        if let Some((for_rows, plan)) = self.plans[statement as usize]
            && rows <= for_rows * 1.001
        {
            return plan;
        }
        let (limit, offset) = match of.access {
            Access::Read { rows, offset, .. } => (rows, offset),
            _ => (1, 0),
        };
        let query = Query {
            filters: &of.filters,
            order_by: of.order_by.as_ref(),
            limit,
            offset,
        };
        let plan = planner::plan(&query, &own.indexes, rows, self.pages.per_page(table));
        self.plans[statement as usize] = Some((rows, plan));
        plan
    }
}

/// Whether a read goes by key: no conditions, no order.
fn by_key(statement: &Statement) -> bool {
    let skips = matches!(statement.access, Access::Read { offset, .. } if offset > 0);
    statement.filters.is_empty() && statement.order_by.is_none() && !skips
}
