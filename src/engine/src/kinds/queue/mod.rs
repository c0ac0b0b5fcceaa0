//! A message queue that delivers at least once: publishers are answered when their message is kept, consumers
//! take messages, and what nobody finishes in time is given out again.
//!
//! Consumers look for messages themselves: a worker every `poll_ms` while there is nothing, and at once when
//! it has a place free again. The looks of one consumer are counted here, because an empty look costs
//! nothing else; a consumer that is dead or beyond a cut does not look. What is done with a message does
//! not live here.

mod consumers;
mod publish;
mod store;

use std::collections::VecDeque;

use archplay_kernel::{Gauge, Handle, Histogram, TimerId, mix, ns_from_ns, ns_from_secs};
use archplay_model::catalogue::queue as spec;
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};
use archplay_report::{EventCode, Measure, Metric, Reason};

use super::Behaviour;
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::plant::{Ask, AskId, NOBODY, NodeId, Way};
use crate::stats::columns::Sink;
use consumers::{Batch, Consumer, consumer};
use store::{NONE, Order, State, Store};

/// Stages of a publish in here.
const KEEPS: u8 = 1;
pub(super) const WAITS: u8 = 2;
/// Timers: the next message becomes visible again; a consumer looks.
const VISIBLE: u32 = 0;
const LOOK: u32 = 1;

/// Counts over the focus window.
#[derive(Clone, Debug, Default)]
struct Counts {
    published: u64,
    consumed: u64,
    redelivered: u64,
    dead: u64,
    delivery: Histogram,
}

/// A message queue.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    node: NodeId,
    capacity: u64,
    visibility_ns: u64,
    max_receives: u32,
    publish_ns: f64,
    /// Whether publishers wait for room.
    waits: bool,
    /// The ask that makes a consumer run an operation.
    work: Vec<AskId>,
    consumers: Vec<Consumer>,
    /// Who is offered the next message first.
    turn: usize,
    /// Where the dead letters go.
    dead: Option<Way>,
    store: Store,
    batches: Vec<Batch>,
    free_batches: Vec<u32>,
    publishers: VecDeque<Handle>,
    timer: Option<TimerId>,
    depth: Gauge,
    dead_letters: u64,
    counts: Counts,
    scratch: Vec<u32>,
}

impl Queue {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let partitions = component.count(&spec::PARTITIONS);
        let fifo = component.text(&spec::FIFO) == "yes";
        let order = if partitions > 1 {
            Order::Partitions {
                count: partitions,
                keys: fifo,
            }
        } else if fifo {
            Order::Keys
        } else {
            Order::Any
        };
        let ways = compiler.out_ways(component);
        let consumers = ways
            .iter()
            .filter_map(|way| consumer(compiler, node, *way))
            .collect();
        Self {
            node,
            capacity: u64::from(component.count(&spec::CAPACITY)),
            visibility_ns: ns_from_secs(component.number(&spec::VISIBILITY_SECS)),
            max_receives: component.count(&spec::MAX_RECEIVES),
            publish_ns: component.number(&spec::PUBLISH_MS) * 1e6,
            waits: component.text(&spec::WHEN_FULL) == "wait",
            work: compiler.asks.work.clone(),
            consumers,
            turn: 0,
            dead: ways
                .into_iter()
                .find(|way| compiler.plant.nodes[way.node as usize].kind == Kind::Queue),
            store: Store::new(order, compiler.scenario.operations.len()),
            batches: Vec::new(),
            free_batches: Vec::new(),
            publishers: VecDeque::new(),
            timer: None,
            depth: Gauge::default(),
            dead_letters: 0,
            counts: Counts::default(),
            scratch: Vec::new(),
        }
    }

    /// Writes the depth down.
    fn show(&mut self, core: &mut Core) {
        let visible = self.store.visible;
        self.depth.set(core.now, visible);
        let shown = visible.min(u64::from(u32::MAX)) as u32;
        core.boards[self.node as usize].units[0].waiting = shown;
    }

    // --- what becomes of a message -----------------------------------------------------------------

    /// A consumer has finished a message.
    fn done(&mut self, core: &mut Core, index: u32) {
        let Some(message) = self.store.get(index).copied() else {
            return;
        };
        self.store.remove(index);
        if core.stats.in_focus(message.published_ns) {
            self.counts.consumed += 1;
            self.counts.delivery.record(core.now - message.published_ns);
        }
        core.stats
            .message_good(core.now, message.operation, message.published_ns);
        self.show(core);
        self.let_in(core);
    }

    /// Messages whose time in a consumer's hands is over.
    fn time_out(&mut self, core: &mut Core) {
        while let Some((index, taken_ns)) = self.store.first_taken() {
            if taken_ns.saturating_add(self.visibility_ns) > core.now {
                break;
            }
            let receives = self.store.get(index).map_or(0, |m| m.receives);
            if self.max_receives > 0 && receives >= self.max_receives {
                self.bury(core, index);
            } else {
                self.store.show_again(index);
            }
        }
        self.set_timer(core);
        self.show(core);
        self.let_in(core);
        self.offer(core);
    }

    fn set_timer(&mut self, core: &mut Core) {
        if let (Some(timer), Some((_, taken_ns))) = (self.timer, self.store.first_taken()) {
            let at = taken_ns.saturating_add(self.visibility_ns);
            core.queue.set(timer, at);
        }
    }

    /// A message that was given out often enough.
    fn bury(&mut self, core: &mut Core, index: u32) {
        self.dead_letters += 1;
        self.counts.dead += u64::from(core.stats.in_focus(core.now));
        if self.dead_letters == 1 {
            core.note(EventCode::DeadLetter, self.node, 0, 1);
        }
        let Some(message) = self.store.get(index).copied() else {
            return;
        };
        self.store.give_up(index);
        let Some(way) = self.dead else {
            return self.lose(core, index, None);
        };
        let tag = u64::from(index) << 32 | u64::from(NONE);
        let ask = self.work[message.operation as usize];
        let mut call = core.own_call(self.node, tag, ask, way.node, mix(message.key, u64::MAX));
        (call.origin, call.person) = (message.origin, message.person);
        call.row = message.row;
        call.value = message.published_ns;
        core.send(call, way, NOBODY);
    }

    /// A message ends without having been worked on.
    fn lose(&mut self, core: &mut Core, index: u32, refused: Option<Reason>) {
        let Some(message) = self.store.get(index).copied() else {
            return;
        };
        self.store.remove(index);
        let failure = Reason::ALL.get(usize::from(message.failure)).copied();
        let reason = refused.or(failure).unwrap_or(Reason::Timeout);
        if refused.is_none() && failure.is_none() {
            // Nobody has said that it failed: it was never finished in time.
            core.stats.cause(core.now, self.node, reason);
        }
        let (operation, published) = (message.operation, message.published_ns);
        core.feed_lost(message.origin);
        core.stats
            .message_failed(core.now, operation, published, reason);
        self.let_in(core);
    }

    /// Messages by operation that the queue holds, for the checks; how many are on the way to another queue.
    pub(crate) fn count_messages(&self, out: &mut [u64]) -> u64 {
        self.store.count(out)
    }
}

impl Behaviour for Queue {
    fn begin(&mut self, core: &mut Core) {
        self.timer = Some(core.add_timer(self.node, VISIBLE));
        let salt = core.plant.nodes[self.node as usize].salt;
        for consumer in &mut self.consumers {
            // Nobody's looks fall together with another's.
            let draw = mix(mix(core.plant.seed, salt), u64::from(consumer.way.node));
            consumer.empty_ns = draw % consumer.poll_ns.max(1);
        }
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let up = core.boards[self.node as usize].up;
        if core.plant.asks[call.ask as usize] == Ask::Health {
            let answer = if up { Ok(()) } else { Err(Reason::Refused) };
            return core.finish(handle, answer);
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        core.enter(handle);
        let ns = self.publish_ns * core.stretch(self.node);
        if ns < 1.0 {
            return self.keep(core, handle);
        }
        if let Some(call) = core.call(handle) {
            call.stage = KEEPS;
        }
        core.wait(handle, ns_from_ns(ns));
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        if core.call(handle).map(|call| call.stage) == Some(KEEPS) {
            self.keep(core, handle);
        }
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        let (index, batch) = ((answer.tag >> 32) as u32, answer.tag as u32);
        if batch == NONE {
            // The queue of dead letters has it, or it is lost.
            return match answer.result {
                Ok(()) => {
                    self.store.remove(index);
                    self.let_in(core);
                }
                Err(reason) => self.lose(core, index, Some(reason)),
            };
        }
        // The receipt holds until another takes the message; a dead queue hears nothing.
        let valid = self
            .store
            .get(index)
            .is_some_and(|m| m.batch == batch && m.state != State::Moves);
        if valid && core.boards[self.node as usize].up {
            match answer.result {
                Ok(()) => self.done(core, index),
                // It stays hidden until its time is over, as after a consumer that died.
                Err(reason) => {
                    if let Some(message) = self.store.get_mut(index) {
                        message.failure = reason.index() as u8;
                    }
                }
            }
        }
        self.give_back(core, batch);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag == VISIBLE {
            return self.time_out(core);
        }
        let which = (tag - LOOK) as usize;
        if let Some(consumer) = self.consumers.get_mut(which) {
            consumer.planned = false;
            if core.boards[consumer.way.node as usize].up {
                self.look(core, which);
            }
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        let found = self.consumers.iter().position(|c| c.way.node == about);
        let Some(which) = found else { return };
        match notice {
            Notice::Restored => {
                self.consumers[which].empty_ns = core.now;
                self.plan_look(core, which);
            }
            Notice::PlaceFree => self.look_at_once(core, which),
            _ => {}
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if action != FaultAction::Kill {
            return;
        }
        if on {
            // Messages are on disk; only who was publishing is lost.
            self.publishers.clear();
            core.drop_inside(node, None, Reason::ConnectionLost);
        } else {
            self.offer(core);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let depth = self.depth.take_mean(end, span_ns);
        let oldest = self.store.oldest_ns();
        let age = oldest.map_or(0.0, |at| end.saturating_sub(at) as f64 / 1e9);
        sink.component(core, self.node, Metric::Backlog, depth);
        sink.component(core, self.node, Metric::OldestAge, age);
        let dead = self.dead_letters as f64;
        sink.component(core, self.node, Metric::DeadLetters, dead);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        let counts = &self.counts;
        out.extend([
            (Measure::Published, counts.published as f64),
            (Measure::Consumed, counts.consumed as f64),
            (Measure::Redelivered, counts.redelivered as f64),
            (Measure::DeadLetters, counts.dead as f64),
            (Measure::DeliveryMean, counts.delivery.mean_ms()),
            (Measure::DeliveryP99, counts.delivery.quantile_ms(0.99)),
        ]);
    }
}
