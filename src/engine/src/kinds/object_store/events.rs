//! What is written to a bucket makes an event for whoever it is linked to: a message in a queue, or a call of a
//! function that nobody waits for.
//!
//! Events are told at least once. One that is not taken is told again; one that is refused too often is lost,
//! which is counted as a dead letter.

use std::collections::BTreeMap;

use archplay_kernel::{Handle, mix};
use archplay_model::{Component, Kind};
use archplay_report::{EventCode, Measure, Reason};

use crate::compile::Compiler;
use crate::core::{Answer, Core};
use crate::plant::{AskId, NOBODY, NodeId, Way};

/// The timer with which events are told again.
pub(super) const RETRY_TIMER: u32 = 0x6576_6e74;

/// How long a refused event waits, and how often it is told at most: a queue is told until it has room, a function
/// is called three times.
const RETRY_NS: u64 = 1_000_000_000;
const QUEUE_TRIES: u32 = 1_000;
const CALL_TRIES: u32 = 3;

/// Purpose of the draws.
const EVENT: u64 = 0x0065_7665_6e74;

/// Somebody who is told.
#[derive(Clone, Copy, Debug)]
struct Consumer {
    way: Way,
    operation: u32,
    ask: AskId,
    /// A queue counts its messages itself; a function does not.
    counted_there: bool,
}

/// Something that was written.
#[derive(Clone, Copy, Debug)]
struct Event {
    consumer: u32,
    at_ns: u64,
    row: u64,
    person: u64,
    origin: u64,
    tries: u32,
    on_its_way: bool,
}

/// What a bucket tells others.
#[derive(Clone, Debug)]
pub(super) struct Events {
    node: NodeId,
    consumers: Vec<Consumer>,
    /// By a number of their own.
    open: BTreeMap<u64, Event>,
    next: u64,
    planned: bool,
    told: u64,
    lost: u64,
    /// Whether one was lost at all.
    noted: bool,
}

impl Events {
    pub(super) fn new(compiler: &Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let ways = compiler.out_ways(component).into_iter();
        let consumer = |way: Way| {
            let operation = compiler
                .placement
                .event_operation(compiler.scenario, way.node as usize)?;
            let kind = compiler.plant.nodes[way.node as usize].kind;
            Some(Consumer {
                way,
                operation: operation as u32,
                ask: compiler.asks.work[operation],
                counted_there: kind == Kind::Queue,
            })
        };
        Self {
            node,
            consumers: ways.filter_map(consumer).collect(),
            open: BTreeMap::new(),
            next: 0,
            planned: false,
            told: 0,
            lost: 0,
            noted: false,
        }
    }

    /// A call has written something.
    pub(super) fn tell(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        for (consumer, plan) in (0_u32..).zip(self.consumers.clone()) {
            if !plan.counted_there {
                core.stats.message_began(core.now, plan.operation);
            }
            let number = self.next;
            self.next += 1;
            self.open.insert(
                number,
                Event {
                    consumer,
                    at_ns: core.now,
                    row: call.row,
                    person: call.person,
                    origin: call.origin,
                    tries: 0,
                    on_its_way: false,
                },
            );
            self.send(core, number);
        }
    }

    fn send(&mut self, core: &mut Core, number: u64) {
        let Some(event) = self.open.get_mut(&number) else {
            return;
        };
        let plan = self.consumers[event.consumer as usize];
        let way = plan.way;
        if core.links[way.link as usize].cut {
            return self.plan(core);
        }
        event.on_its_way = true;
        event.tries += 1;
        let salt = core.plant.nodes[self.node as usize].salt;
        let key = mix(
            mix(mix(core.plant.seed, salt), EVENT),
            mix(number, u64::from(event.tries)),
        );
        let mut call = core.own_call(self.node, number, plan.ask, way.node, key);
        (call.origin, call.person, call.row) = (event.origin, event.person, event.row);
        core.send(call, way, NOBODY);
    }

    fn plan(&mut self, core: &mut Core) {
        if !std::mem::replace(&mut self.planned, true) {
            core.wake_node(self.node, RETRY_TIMER, core.now + RETRY_NS);
        }
    }

    /// Tells again what nobody has taken.
    pub(super) fn retry(&mut self, core: &mut Core) {
        self.planned = false;
        if !core.boards[self.node as usize].up {
            return self.plan(core);
        }
        let waiting = self.open.iter().filter(|(_, event)| !event.on_its_way);
        let waiting: Vec<u64> = waiting.map(|(number, _)| *number).collect();
        for number in waiting {
            self.send(core, number);
        }
    }

    /// A consumer has taken an event, or not.
    pub(super) fn answered(&mut self, core: &mut Core, answer: &Answer) {
        let Some(event) = self.open.get_mut(&answer.tag) else {
            return;
        };
        let plan = self.consumers[event.consumer as usize];
        let (at_ns, tries) = (event.at_ns, event.tries);
        event.on_its_way = false;
        let Err(reason) = answer.result else {
            self.open.remove(&answer.tag);
            self.told += u64::from(core.stats.in_focus(at_ns));
            if !plan.counted_there {
                core.stats.message_good(core.now, plan.operation, at_ns);
            }
            return;
        };
        let most = if plan.counted_there {
            QUEUE_TRIES
        } else {
            CALL_TRIES
        };
        if tries < most && reason != Reason::NoRoute {
            return self.plan(core);
        }
        self.open.remove(&answer.tag);
        self.lost += u64::from(core.stats.in_focus(core.now));
        if !std::mem::replace(&mut self.noted, true) {
            core.note(EventCode::DeadLetter, self.node, 0, 1);
        }
        if !plan.counted_there {
            core.stats
                .message_failed(core.now, plan.operation, at_ns, reason);
        }
    }

    /// Events of functions that are not worked on, by operation.
    pub(super) fn count(&self, out: &mut [u64]) {
        for event in self.open.values() {
            let plan = &self.consumers[event.consumer as usize];
            if !plan.counted_there {
                out[plan.operation as usize] += 1;
            }
        }
    }

    pub(super) fn measures(&self, out: &mut Vec<(Measure, f64)>) {
        if !self.consumers.is_empty() {
            out.extend([
                (Measure::Published, self.told as f64),
                (Measure::DeadLetters, self.lost as f64),
            ]);
        }
    }
}
