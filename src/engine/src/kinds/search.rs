//! A search engine: an inverted index over shards. Every query asks all shards and is done when the slowest
//! has answered.
//!
//! What a query costs grows with the logarithm of the rows, not with the rows and not with the conditions.
//! The index is a copy: it asks the databases it is linked to for their changes once a refresh, and shows
//! nothing newer than what it was told then.

use archplay_kernel::{Handle, exp_of, minus_ln, mix, ns_from_ns, ns_from_secs};
use archplay_model::catalogue::search as spec;
use archplay_model::scenario::{FaultAction, Pick};
use archplay_model::{Component, Kind};
use archplay_report::{Measure, Metric, Reason};

use super::shelf::{bytes_of, count_far, older, statement_of, turned_away};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::Core;
use crate::lines::Lines;
use crate::plant::{AskId, NodeId, Statement, Way};
use crate::stats::columns::Sink;

/// Purpose of the draws of query times.
const QUERY: u64 = 0x0071_7565_7279;
/// The rows of a shard at which a query takes the time that the parameter says.
const ROWS: f64 = 1e6;
/// The least time between two questions to a database, in nanoseconds.
const LEAST_REFRESH_NS: u64 = 50_000_000;

/// Timers: it asks, and what it was told is shown.
const ASKS: u32 = 0;
const SHOWS: u32 = 1;

/// A database that it follows.
#[derive(Clone, Copy, Debug)]
struct Source {
    way: Way,
    /// The position of its log that is shown, and when that was its newest.
    shown: (u64, u64),
    /// What it has answered and is not shown yet.
    told: Option<(u64, u64)>,
}

/// A search engine.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    node: NodeId,
    shards: Vec<Lines>,
    cores: f64,
    query_ns: f64,
    refresh_ns: u64,
    sources: Vec<Source>,
    hog: f64,
    stale: u64,
}

impl Search {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let (shards, vcpu) = (
            component.count(&spec::SHARDS).max(1),
            component.count(&spec::VCPU),
        );
        let ways = compiler.out_ways(component).into_iter();
        let source = |way: Way| {
            (compiler.plant.nodes[way.node as usize].kind == Kind::Database).then_some(Source {
                way,
                shown: (0, 0),
                told: None,
            })
        };
        Self {
            node,
            shards: vec![Lines::new(vcpu); shards as usize],
            cores: f64::from(shards) * f64::from(vcpu.max(1)),
            query_ns: component.number(&spec::QUERY_CPU_MS) * 1e6,
            refresh_ns: ns_from_secs(component.number(&spec::REFRESH_SECS)),
            sources: ways.filter_map(source).collect(),
            hog: 0.0,
            stale: 0,
        }
    }

    /// Mean processor time of a query at a shard.
    fn mean_ns(&self, core: &Core, statement: &Statement) -> f64 {
        let rows = core.plant.datasets[statement.dataset as usize].rows as f64;
        let here = rows / self.shards.len() as f64;
        let depth = minus_ln(1.0 / (here + 2.0)) / minus_ln(1.0 / (ROWS + 2.0));
        self.query_ns * depth * core.stretch(self.node) * (1.0 + self.hog / self.cores)
    }

    /// Asks the databases what has changed.
    fn ask(&mut self, core: &mut Core) {
        let now = core.now;
        let mut longest = 0;
        for source in &mut self.sources {
            let link = source.way.link as usize;
            let named = &core.boards[source.way.node as usize];
            let board = match named.replaced_by {
                Some(other) => &core.boards[other as usize],
                None => named,
            };
            source.told = None;
            if board.up && !core.links.get(link).is_some_and(|link| link.cut) {
                source.told = Some((board.position, now));
            }
            longest = longest.max(core.link_delay(source.way.link).saturating_mul(2));
        }
        core.wake_node(self.node, SHOWS, now.saturating_add(longest));
    }

    /// The index shows what it was told.
    fn show(&mut self, core: &mut Core) {
        let now = core.now;
        let up = core.boards[self.node as usize].up;
        for source in &mut self.sources {
            if let Some(told) = source.told.take()
                && up
            {
                source.shown = told;
            }
        }
        let next = self.refresh_ns.max(LEAST_REFRESH_NS);
        core.wake_node(self.node, ASKS, now.saturating_add(next));
    }

    /// The position that the index shows of the database that has a row.
    fn shown(&self, core: &mut Core, ask: AskId, row: u64) -> u64 {
        if let [source] = self.sources.as_slice() {
            return source.shown.0;
        }
        let way = core
            .route(self.node, ask)
            .and_then(|route| core.choose_own(route, ask, row, row));
        let node = way.map(|way| way.node);
        let source = self.sources.iter().find(|s| Some(s.way.node) == node);
        source.map_or(0, |source| source.shown.0)
    }

    /// How old what it shows is, at most, in nanoseconds.
    fn lag_ns(&self, now: u64) -> u64 {
        let oldest = self.sources.iter().map(|source| source.shown.1).min();
        oldest.map_or(0, |at| now.saturating_sub(at))
    }
}

impl Behaviour for Search {
    fn begin(&mut self, core: &mut Core) {
        core.boards[self.node as usize].paid = self.shards.len() as u32;
        if !self.sources.is_empty() {
            self.ask(core);
        }
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        if turned_away(core, handle, self.node) {
            return;
        }
        let plant = std::rc::Rc::clone(&core.plant);
        let (ask, key) = core
            .call(handle)
            .map_or((0, 0), |call| (call.ask, call.key));
        let statement = statement_of(&plant, ask).filter(|s| !s.access.writes());
        let Some(statement) = statement else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        core.enter(handle);
        let (now, mean) = (core.now, self.mean_ns(core, statement));
        let draws = mix(key, QUERY);
        // The shard that is done last, and the line before it there.
        let (mut done, mut line) = (now, 0);
        for (i, shard) in (0_u64..).zip(&mut self.shards) {
            let ns = exp_of(mix(draws, i), mean);
            let (end, waits) = shard.take_after_line(now, ns_from_ns(ns));
            if end > done {
                (done, line) = (end, waits);
            }
        }
        if let Some(call) = core.call(handle) {
            call.in_line(now, line);
        }
        core.wait(handle, done - now);
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        let plant = std::rc::Rc::clone(&core.plant);
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let Some(statement) = statement_of(&plant, call.ask) else {
            return;
        };
        let shown = self.shown(core, call.ask, call.row);
        if statement.pick == Pick::Own && older(shown, call.want) {
            self.stale += u64::from(core.stats.in_focus(core.now));
            return core.fail(handle, Reason::StaleRead, self.node);
        }
        count_far(core, self.node, handle, bytes_of(&plant, statement));
        if let Some(call) = core.call(handle) {
            call.value = shown;
        }
        core.finish(handle, Ok(()));
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag == ASKS {
            self.ask(core);
        } else {
            self.show(core);
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
        match action {
            FaultAction::Kill if on => {
                for shard in &mut self.shards {
                    shard.clear(core.now);
                }
                core.drop_inside(self.node, None, Reason::ConnectionLost);
            }
            FaultAction::HogCpu { cores } => self.hog = if on { cores.max(0.0) } else { 0.0 },
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let lag = self.lag_ns(end);
        core.boards[self.node as usize].lag_ns = lag;
        let shares = self.shards.iter_mut().map(|s| s.take_share(end, span_ns));
        let busiest = shares.fold(0.0, f64::max);
        sink.component(core, self.node, Metric::Utilisation, busiest.min(1.0));
        sink.component(core, self.node, Metric::Lag, lag as f64 / 1e6);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let now = core.now;
        let mut load = Load::default();
        for shard in &self.shards {
            load.busy_ns += shard.busy_ns(now) as f64;
            load.capacity_ns += shard.capacity_ns(now);
        }
        Some(load)
    }

    fn units(&mut self, core: &mut Core) -> (u32, f64) {
        let shards = self.shards.len() as u32;
        (shards, f64::from(shards) * core.now as f64)
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        out.push((Measure::StaleReads, self.stale as f64));
    }
}
