//! Messages to devices: taken in at once, delivered one after the other at a rate.

use std::collections::VecDeque;

use archplay_kernel::{Gauge, Handle, Histogram, TimerId, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::notification as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use super::Behaviour;
use crate::compile::Compiler;
use crate::core::Core;
use crate::plant::{Ask, NodeId};
use crate::stats::columns::Sink;

/// A notification service.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    node: NodeId,
    /// Between two deliveries, in nanoseconds.
    gap_ns: f64,
    delivery_ns: f64,
    capacity: u64,
    /// When those were taken in that wait for their turn.
    line: VecDeque<u64>,
    /// When the last turn was, as exactly as the rate is.
    turn_ns: f64,
    timer: Option<TimerId>,
    waiting: Gauge,
    taken_in: u64,
    delivered: u64,
    delivery: Histogram,
}

impl Notification {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(_compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        Self {
            node,
            gap_ns: 1e9 / component.number(&spec::RATE_PER_SEC),
            delivery_ns: component.number(&spec::DELIVERY_MS) * 1e6,
            capacity: u64::from(component.count(&spec::CAPACITY)),
            line: VecDeque::new(),
            turn_ns: f64::MIN,
            timer: None,
            waiting: Gauge::default(),
            taken_in: 0,
            delivered: 0,
            delivery: Histogram::default(),
        }
    }

    /// Gives their turn to all who have it by now, and sets the timer for the next.
    fn serve(&mut self, core: &mut Core) {
        let now = core.now as f64;
        while let Some(began) = self.line.front().copied() {
            let gap = self.gap_ns * core.stretch(self.node);
            let turn = (self.turn_ns + gap).max(began as f64);
            if turn > now {
                if let Some(timer) = self.timer {
                    core.queue.set(timer, (turn as u64).max(core.now) + 1);
                }
                break;
            }
            self.turn_ns = turn;
            self.line.pop_front();
            let took = now - began as f64 + self.delivery_ns * core.stretch(self.node);
            if core.stats.in_focus(began) {
                self.delivered += 1;
                self.delivery.record(ns_from_secs(took / 1e9));
            }
        }
        self.show(core);
    }

    fn show(&mut self, core: &mut Core) {
        let waiting = self.line.len() as u64;
        self.waiting.set(core.now, waiting);
        core.boards[self.node as usize].units[0].waiting = waiting as u32;
    }
}

impl Behaviour for Notification {
    fn begin(&mut self, core: &mut Core) {
        self.timer = Some(core.add_timer(self.node, 0));
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let up = core.boards[self.node as usize].up;
        let ask = core.plant.asks[call.ask as usize];
        if ask == Ask::Health {
            let answer = if up { Ok(()) } else { Err(Reason::Refused) };
            return core.finish(handle, answer);
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        core.enter(handle);
        if ask != Ask::Notify {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        let free = self.line.is_empty() && self.turn_ns + self.gap_ns <= core.now as f64;
        if !free && self.line.len() as u64 >= self.capacity {
            if core.stats.first_limit(self.node) {
                let room = self.capacity.min(u64::from(u32::MAX)) as u32;
                core.note(EventCode::QueueFull, self.node, 0, room);
            }
            return core.fail(handle, Reason::QueueFull, self.node);
        }
        // Whoever asks is told that the message was taken in; the device gets it later.
        self.line.push_back(core.now);
        self.taken_in += u64::from(core.stats.in_focus(core.now));
        core.finish(handle, Ok(()));
        if self.line.len() == 1 {
            self.serve(core);
        } else {
            self.show(core);
        }
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        self.serve(core);
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if action == FaultAction::Kill && on {
            self.line.clear();
            self.show(core);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let waiting = self.waiting.take_mean(end, span_ns);
        sink.component(core, self.node, Metric::Backlog, waiting);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        out.extend([
            (Measure::Published, self.taken_in as f64),
            (Measure::Consumed, self.delivered as f64),
            (Measure::DeliveryMean, self.delivery.mean_ms()),
            (Measure::DeliveryP99, self.delivery.quantile_ms(0.99)),
        ]);
    }
}
