//! A worker that takes messages from queues: threads that each work off a batch, processors that they share,
//! connections to databases. When it dies, what it works on is lost to it; the queue gives it out again.

use std::collections::{BTreeMap, VecDeque};

use archplay_kernel::{Gauge, Handle, exp_of, mix};
use archplay_model::Component;
use archplay_model::catalogue::worker as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{Metric, Reason};

use super::cpu::Cpu;
use super::pools::{PoolWaits, Pools, pooled_ways};
use super::program::{self, Drawn, Host};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice, Outcome, Phase, Waiter};
use crate::plant::{Ask, NodeId, Program, Target, Way};
use crate::stats::columns::Sink;

/// Stages besides those of a program: waits for the message before it, is done and waits for its batch, is
/// a login.
const WAITS: u8 = 1;
const DONE: u8 = 2;
const LOGIN: u8 = 3;
/// Timers.
const CPU: u32 = 0;
const POOL: u32 = 1;
/// How long a message waits for a connection: 30 s, the default of the pools that most use (HikariCP).
const POOL_WAIT_NS: u64 = 30_000_000_000;
const LOGIN_CPU: u64 = 0x006c_6f67_696e;

/// A batch in a thread's hands: its messages one after the other, then all answers together.
#[derive(Clone, Debug, Default)]
struct Batch {
    waiting: VecDeque<Handle>,
    done: Vec<Handle>,
    /// Messages that belong to it.
    size: u32,
    at_work: bool,
}

/// A worker.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    node: NodeId,
    vcpu: u32,
    workers: u32,
    pool_size: u32,
    pooled: Vec<Way>,
    programs: Vec<Option<Program>>,
    state: Option<State>,
    /// By queue and the queue's number for it.
    batches: BTreeMap<(NodeId, u64), Batch>,
    busy: Gauge,
    /// Names outside cannot be looked up.
    unresolved: bool,
    /// When it died last: messages that were on their way then find their connection gone.
    died_ns: Option<u64>,
    seen: Load,
    seen_runnable: f64,
}

/// What exists once the run has begun.
#[derive(Clone, Debug)]
struct State {
    cpu: Cpu,
    pools: Pools,
    waits: PoolWaits,
}

impl Worker {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let ways = compiler.out_ways(component);
        Self {
            node,
            vcpu: component.count(&spec::VCPU),
            workers: component.count(&spec::WORKERS),
            pool_size: component.count(&spec::DB_POOL),
            pooled: pooled_ways(&compiler.plant, &ways),
            programs: compiler.programs(node),
            state: None,
            batches: BTreeMap::new(),
            busy: Gauge::default(),
            unresolved: false,
            died_ns: None,
            seen: Load::default(),
            seen_runnable: 0.0,
        }
    }

    /// A message of a batch has come.
    fn take(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        let size = u32::from(call.need).max(1);
        if self.died_ns.is_some_and(|died| call.sent_ns <= died) {
            return core.fail(handle, Reason::ConnectionLost, self.node);
        }
        call.stage = WAITS;
        let Some(key) = Self::batch_of(core, handle) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        core.enter(handle);
        let batch = self.batches.entry(key).or_default();
        batch.size = size;
        batch.waiting.push_back(handle);
        self.show(core);
        self.next(core, key);
    }

    /// The thread of a batch goes to its next message; after the last it gives all of them back.
    fn next(&mut self, core: &mut Core, key: (NodeId, u64)) {
        let Some(batch) = self.batches.get_mut(&key) else {
            return;
        };
        if batch.at_work {
            return;
        }
        if let Some(handle) = batch.waiting.pop_front() {
            batch.at_work = true;
            // Not at once: a batch of nothing but trifles must not become a deep recursion.
            return core.soon(handle);
        }
        if batch.done.len() < batch.size as usize {
            // The rest is still on its way.
            return;
        }
        let done = self.batches.remove(&key).unwrap_or_default().done;
        for handle in done {
            let result = core.call(handle).map_or(Ok(()), |call| call.result);
            core.finish(handle, result);
        }
        self.show(core);
    }

    fn start(&mut self, core: &mut Core, handle: Handle) {
        let ask = core.call(handle).map_or(0, |call| call.ask);
        let program = match core.plant.asks[ask as usize] {
            Ask::Work { operation } => self.programs[operation as usize],
            _ => None,
        };
        match program {
            Some(program) => program::start(self, core, handle, program),
            None => {
                let (now, node) = (core.now, self.node);
                core.stats.cause(now, node, Reason::NoRoute);
                self.ended(core, handle, Err(Reason::NoRoute));
            }
        }
    }

    fn show(&mut self, core: &Core) {
        self.busy.set(core.now, self.batches.len() as u64);
    }

    /// The batch that a call belongs to: its queue and the number in its tag.
    fn batch_of(core: &mut Core, handle: Handle) -> Option<(NodeId, u64)> {
        match core.call(handle)?.waiter {
            Waiter::Node { node, tag } => Some((node, tag & u64::from(u32::MAX))),
            _ => None,
        }
    }

    /// Its process ends, and with it everything that it had in hand.
    fn lose_all(&mut self, core: &mut Core) {
        self.died_ns = Some(core.now);
        self.batches.clear();
        self.show(core);
        if let Some(state) = &mut self.state {
            state.cpu.clear(core.now, &mut core.queue);
            state.pools.close(core);
        }
        core.drop_inside(self.node, None, Reason::ConnectionLost);
    }

    /// One job of the processor is done.
    fn worked(&mut self, core: &mut Core) {
        let done = match &mut self.state {
            Some(state) => state.cpu.finish_one(core.now, &mut core.queue),
            None => None,
        };
        let Some(handle) = done else { return };
        let stage = core
            .call(handle)
            .filter(|call| call.phase == Phase::Inside)
            .map(|call| call.stage);
        match stage {
            Some(program::ON_CPU) => program::go_on(self, core, handle),
            Some(LOGIN) => core.finish(handle, Ok(())),
            _ => {}
        }
    }
}

impl Host for Worker {
    fn node(&self) -> NodeId {
        self.node
    }

    fn pools(&mut self, _unit: u32) -> Option<&mut Pools> {
        self.state.as_mut().map(|state| &mut state.pools)
    }

    fn pool_waits(&mut self) -> Option<&mut PoolWaits> {
        self.state.as_mut().map(|state| &mut state.waits)
    }

    fn work(&mut self, core: &mut Core, call: Handle, work_ns: f64) {
        let work = work_ns * core.stretch(self.node);
        if let Some(state) = &mut self.state {
            state.cpu.start(core.now, work, call, &mut core.queue);
        }
    }

    fn transmit(&mut self, core: &mut Core, call: Handle, _bytes: u64, _inside: bool) {
        // Nobody waits for bytes of a message's work.
        core.soon(call);
    }

    fn draw_id(&mut self, _core: &mut Core, _call: Handle, _dataset: u32) -> Drawn {
        Drawn::ByStore
    }

    fn resolves(&self) -> bool {
        !self.unresolved
    }

    fn ended(&mut self, core: &mut Core, handle: Handle, result: Outcome) {
        let Some(call) = core.call(handle) else {
            return;
        };
        call.stage = DONE;
        call.result = result;
        let Some(key) = Self::batch_of(core, handle) else {
            return core.finish(handle, result);
        };
        if let Some(batch) = self.batches.get_mut(&key) {
            batch.at_work = false;
            batch.done.push(handle);
        }
        self.next(core, key);
    }
}

impl Behaviour for Worker {
    fn begin(&mut self, core: &mut Core) {
        let timer = core.add_timer(self.node, CPU);
        self.state = Some(State {
            cpu: Cpu::new(self.vcpu, timer),
            pools: Pools::new(self.pool_size, &self.pooled),
            waits: PoolWaits::new(core, self.node, POOL, POOL_WAIT_NS),
        });
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let ask = core.plant.asks[call.ask as usize];
        let up = core.boards[self.node as usize].up;
        match ask {
            Ask::Health => {
                let answer = if up { Ok(()) } else { Err(Reason::Refused) };
                return core.finish(handle, answer);
            }
            Ask::Branch if up => return program::begin_branch(self, core, handle),
            _ => core.stats.rate(self.node),
        }
        match ask {
            _ if !up => core.fail(handle, Reason::Refused, self.node),
            Ask::Work { .. } => self.take(core, handle),
            Ask::Login { mean_ns } => {
                core.enter(handle);
                if let Some(call) = core.call(handle) {
                    call.stage = LOGIN;
                }
                let work = exp_of(mix(call.key, LOGIN_CPU), mean_ns);
                self.work(core, handle, work);
            }
            _ => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        match core.call(handle).map(|call| call.stage) {
            Some(WAITS) => self.start(core, handle),
            Some(program::SENDS | program::WAITS_ID) => program::go_on(self, core, handle),
            Some(program::AGAIN) => program::again(self, core, handle),
            _ => {}
        }
    }

    fn other(&mut self, core: &mut Core, handle: Handle, (first, _): Target) -> Option<Target> {
        program::other(self, core, handle, first)
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        program::answered(self, core, handle, answer);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        match tag {
            CPU => self.worked(core),
            _ => program::pool_timeouts(self, core),
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        match notice {
            Notice::Died => program::store_died(self, core, about, 1),
            // The name leads to another now; connections have to be opened anew.
            Notice::Promoted { from, .. } => program::store_died(self, core, from, 1),
            Notice::Restart => self.lose_all(core),
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
            FaultAction::Kill if on => self.lose_all(core),
            FaultAction::FailResolver => self.unresolved = on,
            FaultAction::HogCpu { cores } => {
                if let Some(state) = &mut self.state {
                    let cores = if on { cores } else { 0.0 };
                    state.cpu.set_hog(now, cores, &mut core.queue);
                }
            }
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let load = self.load(core).unwrap_or_default();
        let area = match &mut self.state {
            Some(state) => {
                state.cpu.settle(end);
                state.cpu.runnable_area
            }
            None => 0.0,
        };
        let busy = load.busy_ns - self.seen.busy_ns;
        let runnable = (area - self.seen_runnable) / span_ns as f64;
        (self.seen, self.seen_runnable) = (load, area);
        let share = busy / (f64::from(self.vcpu) * span_ns as f64);
        let threads = self.busy.take_mean(end, span_ns) / f64::from(self.workers);
        sink.component(core, self.node, Metric::Utilisation, share);
        sink.component(core, self.node, Metric::Workers, threads);
        sink.component(core, self.node, Metric::Runnable, runnable);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let state = self.state.as_mut()?;
        state.cpu.settle(core.now);
        Some(Load {
            busy_ns: state.cpu.busy_ns,
            capacity_ns: state.cpu.cores() * core.now as f64,
        })
    }
}
