//! Traces: where single requests spend their time. Off unless asked for, or for requests that are followed; decides
//! nothing.
//!
//! When an answer is back its call becomes a span, which holds the spans of what that call asked. So spans
//! travel up with the answers, and only those of requests inside are kept. When a visitor has the answer, the
//! tracer keeps the request or forgets it.

use std::collections::{BTreeMap, BTreeSet};

use archplay_kernel::{Handle, Slab, mix};
use archplay_report::{Kept, Reason, Span, Trace};

use super::{Call, Core, Outcome, Phase, Waiter};
use crate::kinds::{HeldUp, held_up};
use crate::plant::{NOBODY, NodeId, Plant};

/// How many requests are kept by lot.
const SAMPLED: usize = 60;
/// How many of the slowest of each operation.
const SLOWEST: usize = 5;
/// How many of the first failures for each reason.
const FAILED: usize = 4;
/// The most spans of one trace.
const MOST_SPANS: usize = 200;

/// A finished call.
#[derive(Clone, Copy, Debug)]
struct Piece {
    node: NodeId,
    unit: u32,
    sent_ns: u64,
    arrived_ns: u64,
    left_ns: u64,
    back_ns: u64,
    queue_ns: u64,
    pool_ns: u64,
    /// Waiting for an answer that another request has asked for.
    shared_ns: u64,
    result: Outcome,
    /// The last piece of those that it asked for, and the one before this among its siblings.
    child: Handle,
    before: Handle,
}

impl Default for Piece {
    fn default() -> Self {
        Self {
            node: 0,
            unit: 0,
            sent_ns: 0,
            arrived_ns: 0,
            left_ns: 0,
            back_ns: 0,
            queue_ns: 0,
            pool_ns: 0,
            shared_ns: 0,
            result: Ok(()),
            child: Handle::NONE,
            before: Handle::NONE,
        }
    }
}

/// Collects spans.
#[derive(Clone, Debug)]
pub(crate) struct Tracer {
    /// Whether every request is watched.
    pub on: bool,
    /// Requests that are traced in any case, by `Call::origin`.
    followed: BTreeSet<u64>,
    /// Whether any is: the question at every answer.
    watches: bool,
    seed: u64,
    pieces: Slab<Piece>,
    /// By lot: the least numbers win.
    sampled: BTreeMap<u64, Trace>,
    /// By operation and time taken.
    slow: Vec<BTreeMap<(u64, u64), Trace>>,
    failed: BTreeMap<Reason, Vec<Trace>>,
}

/// What is known of a visitor's request when it ends.
pub(crate) struct Ended {
    pub operation: u32,
    pub person: u64,
    pub attempt: u32,
    pub began_ns: u64,
    pub result: Outcome,
    /// Its last call, if its answer is still out.
    pub open: Handle,
    /// The pieces of its calls so far.
    pub pieces: Handle,
}

impl Tracer {
    pub(crate) fn new(plant: &Plant) -> Self {
        Self {
            on: false,
            followed: BTreeSet::new(),
            watches: false,
            seed: mix(plant.seed, 0x0074_7261_6365),
            pieces: Slab::default(),
            sampled: BTreeMap::new(),
            slow: vec![BTreeMap::new(); plant.operations.len()],
            failed: BTreeMap::new(),
        }
    }

    /// Traces a request from now on, whatever becomes of the others. For good: calls of it may outlive it.
    pub(crate) fn follow(&mut self, origin: u64) {
        self.followed.insert(origin);
        self.watches = true;
    }

    /// Watches every request from now on.
    pub(crate) fn watch_all(&mut self) {
        self.on = true;
        self.watches = true;
    }

    /// Whether spans of any request's calls are kept.
    #[inline(always)]
    pub(crate) const fn watches_some(&self) -> bool {
        self.watches
    }

    /// Whether spans of this request's calls are kept.
    #[inline(always)]
    pub(crate) fn watches(&self, origin: u64) -> bool {
        self.on || (!self.followed.is_empty() && self.followed.contains(&origin))
    }

    /// Forgets pieces and all below them.
    pub(crate) fn forget(&mut self, pieces: Handle) {
        let mut open = vec![pieces];
        while let Some(handle) = open.pop() {
            if let Some(piece) = self.pieces.remove(handle) {
                open.push(piece.child);
                open.push(piece.before);
            }
        }
    }

    /// Whether a request that ends like this is worth a trace, and why.
    fn wants(&self, now: u64, ended: &Ended) -> Option<(Kept, u64)> {
        let took = now - ended.began_ns;
        let lot = mix(mix(self.seed, ended.person), u64::from(ended.attempt));
        if let Err(reason) = ended.result
            && self
                .failed
                .get(&reason)
                .is_none_or(|list| list.len() < FAILED)
        {
            return Some((Kept::Failed, lot));
        }
        let slow = &self.slow[ended.operation as usize];
        let slower =
            slow.len() < SLOWEST || slow.first_key_value().is_some_and(|(k, _)| k.0 < took);
        if ended.result.is_ok() && slower {
            return Some((Kept::Slow, lot));
        }
        let drawn = self.sampled.len() < SAMPLED
            || self
                .sampled
                .last_key_value()
                .is_some_and(|(greatest, _)| lot < *greatest);
        drawn.then_some((Kept::Sampled, lot))
    }

    #[cold]
    #[inline(never)]
    fn keep(&mut self, trace: Trace, operation: u32, lot: u64) {
        match trace.kept {
            Kept::Failed => {
                if let Some(reason) = trace.failed {
                    self.failed.entry(reason).or_default().push(trace);
                }
            }
            Kept::Slow => {
                let slow = &mut self.slow[operation as usize];
                slow.insert((trace.took_ns, lot), trace);
                if slow.len() > SLOWEST {
                    slow.pop_first();
                }
            }
            Kept::Sampled => {
                self.sampled.insert(lot, trace);
                if self.sampled.len() > SAMPLED {
                    self.sampled.pop_last();
                }
            }
        }
    }

    /// Everything kept, in order of time.
    #[cold]
    #[inline(never)]
    pub(crate) fn traces(&self) -> Vec<Trace> {
        let slow = self.slow.iter().flat_map(BTreeMap::values);
        let failed = self.failed.values().flatten();
        let mut all: Vec<Trace> = self
            .sampled
            .values()
            .chain(slow)
            .chain(failed)
            .cloned()
            .collect();
        all.sort_by(|a, b| (a.began_ns, &a.visitor).cmp(&(b.began_ns, &b.visitor)));
        all
    }
}

impl Core {
    /// What is known of a call at this moment: finished, or left by a visitor who waits no more.
    fn piece(&self, call: &Call, before: Handle) -> Piece {
        // Who was passed on or refused at the door has never entered, and was on the network all the time.
        let entered = call.phase != Phase::Going && call.arrived_ns >= call.sent_ns;
        let left_ns = match call.phase {
            Phase::Back => call.left_ns,
            Phase::Going | Phase::Inside => self.now,
        };
        let held = if entered {
            held_up(self.plant.nodes[call.node as usize].kind, call, left_ns)
        } else {
            HeldUp::default()
        };
        let queue_ns = u64::from(call.queue_us) * 1_000 + held.queue_ns;
        Piece {
            node: call.node,
            unit: call.unit,
            sent_ns: call.sent_ns,
            arrived_ns: if entered { call.arrived_ns } else { left_ns },
            left_ns,
            back_ns: self.now,
            queue_ns: queue_ns.saturating_sub(held.ahead_ns),
            pool_ns: u64::from(call.pool_us) * 1_000 + held.pool_ns,
            shared_ns: held.others_ns,
            result: Ok(()),
            child: call.pieces,
            before,
        }
    }

    /// A call's answer is back: it becomes a piece among those of the one who asked.
    fn close(&mut self, call: &Call, siblings: Handle) -> Handle {
        let piece = Piece {
            result: call.result,
            ..self.piece(call, siblings)
        };
        self.tracer.pieces.insert(piece)
    }

    /// Hands a finished call up to the one who asked, for traces.
    #[cold]
    #[inline(never)]
    pub(crate) fn close_span(&mut self, call: &Call) {
        let parent = match call.waiter {
            Waiter::Call(parent) => parent,
            Waiter::Asking(asking) => self.askings.get(asking).map_or(Handle::NONE, |a| a.parent),
            Waiter::Visitor { visitor, attempt } => {
                let of = self.people.visitors.get(visitor);
                let waits = of.filter(|v| v.waiting && v.attempt == attempt);
                let Some(siblings) = waits.map(|visitor| visitor.pieces) else {
                    return self.tracer.forget(call.pieces);
                };
                let pieces = self.close(call, siblings);
                if let Some(visitor) = self.people.visitors.get_mut(visitor) {
                    visitor.pieces = pieces;
                }
                return;
            }
            Waiter::Nobody | Waiter::Node { .. } => Handle::NONE,
        };
        let Some(siblings) = self.calls.get(parent).map(|parent| parent.pieces) else {
            return self.tracer.forget(call.pieces);
        };
        let pieces = self.close(call, siblings);
        if let Some(parent) = self.calls.get_mut(parent) {
            parent.pieces = pieces;
        }
    }

    /// A visitor's request has ended: it is kept or forgotten.
    #[cold]
    #[inline(never)]
    pub(crate) fn trace_ended(&mut self, ended: &Ended) {
        if let Some((kept, lot)) = self.tracer.wants(self.now, ended) {
            let trace = self.trace_of(ended, kept);
            self.tracer.keep(trace, ended.operation, lot);
        }
        self.tracer.forget(ended.pieces);
    }

    /// The trace of a visitor's request that ends now.
    #[cold]
    #[inline(never)]
    pub(crate) fn trace_of(&self, ended: &Ended, kept: Kept) -> Trace {
        let mut spans = Vec::new();
        if let Some(call) = self.calls.get(ended.open).copied() {
            self.open_spans(&call, ended.began_ns, &mut spans);
        }
        self.closed_spans(ended.pieces, None, ended.began_ns, &mut spans);
        spans.truncate(MOST_SPANS);
        Trace {
            kept,
            operation: self.plant.operations[ended.operation as usize].id.clone(),
            visitor: format!("{:016x}", ended.person),
            began_ns: ended.began_ns,
            took_ns: self.now - ended.began_ns,
            failed: ended.result.err(),
            spans,
        }
    }

    /// Spans of finished calls, each after the one that asked for it.
    #[cold]
    #[inline(never)]
    fn closed_spans(&self, last: Handle, parent: Option<u32>, began: u64, out: &mut Vec<Span>) {
        let mut list = Vec::new();
        let mut at = last;
        while let Some(piece) = self.tracer.pieces.get(at) {
            list.push(*piece);
            at = piece.before;
        }
        for piece in list.iter().rev() {
            if out.len() >= MOST_SPANS {
                return;
            }
            let index = out.len() as u32;
            let others = self.others(piece);
            out.push(self.span(piece, parent, began, others, false));
            self.closed_spans(piece.child, Some(index), began, out);
        }
    }

    /// Time in which at least one question of a piece was open.
    fn others(&self, piece: &Piece) -> u64 {
        let mut stretches = Vec::new();
        let mut at = piece.child;
        while let Some(child) = self.tracer.pieces.get(at) {
            stretches.push((child.sent_ns, child.back_ns));
            at = child.before;
        }
        stretches.sort_unstable();
        let (mut sum, mut end) = (0, 0);
        for (from, to) in stretches {
            let from = from.max(end);
            sum += to.saturating_sub(from);
            end = end.max(to);
        }
        sum
    }

    /// Spans of calls whose answers are still out: the chain of last questions.
    #[cold]
    #[inline(never)]
    fn open_spans(&self, call: &Call, began: u64, out: &mut Vec<Span>) {
        let mut parent = None;
        let mut at = *call;
        loop {
            let piece = self.piece(&at, Handle::NONE);
            let index = out.len() as u32;
            let next = self.calls.get(at.child).copied();
            let others = self.others(&piece) + next.map_or(0, |child| self.now - child.sent_ns);
            out.push(self.span(&piece, parent, began, others, true));
            self.closed_spans(at.pieces, Some(index), began, out);
            parent = Some(index);
            match next {
                Some(next) if out.len() < MOST_SPANS => at = next,
                _ => return,
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn span(
        &self,
        piece: &Piece,
        parent: Option<u32>,
        began: u64,
        others_ns: u64,
        open: bool,
    ) -> Span {
        let took_ns = piece.back_ns - piece.sent_ns;
        let stay = piece.left_ns.saturating_sub(piece.arrived_ns).min(took_ns);
        let queue_ns = piece.queue_ns.min(stay);
        let pool_ns = piece.pool_ns.min(stay - queue_ns);
        let others_ns = (others_ns + piece.shared_ns).min(stay - queue_ns - pool_ns);
        let plan = &self.plant.nodes[piece.node as usize];
        Span {
            component: plan.id.clone(),
            unit: (piece.unit != NOBODY && self.boards[piece.node as usize].units.len() > 1)
                .then_some(piece.unit),
            parent,
            sent_ns: piece.sent_ns.saturating_sub(began),
            took_ns,
            network_ns: took_ns - stay,
            queue_ns,
            pool_ns,
            others_ns,
            service_ns: stay - queue_ns - pool_ns - others_ns,
            failed: piece.result.err(),
            open,
        }
    }
}
