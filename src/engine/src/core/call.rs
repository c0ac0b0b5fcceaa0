//! A call: one component's request to another, from the moment it is sent until its answer is back.

use archplay_kernel::Handle;
use archplay_report::Reason;

use crate::plant::{AskId, LinkId, NOBODY, NodeId};

/// As many calls one request of a visitor may cause, all in all.
pub(crate) const MOST_CALLS: u32 = 20_000;

/// What a request came to.
pub(crate) type Outcome = Result<(), Reason>;

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiter {
    /// Nobody any more, or nobody ever (a message).
    Nobody,
    /// A visitor, in this attempt.
    Visitor { visitor: Handle, attempt: u32 },
    /// The work of another call.
    Call(Handle),
    /// An asking under a policy (time-out, retries, hedging).
    Asking(Handle),
    /// A component for itself: health checks, deliveries, replication. `tag` is the component's own.
    Node { node: NodeId, tag: u64 },
}

/// Where a call is. What a kind needs to tell apart while it has the call is `Call::stage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// On its way to the component.
    Going,
    /// In the component.
    Inside,
    /// Its answer is on its way back.
    Back,
}

/// What a step has to do with the visitor's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    None,
    Gives,
    Needs,
}

/// A request under way.
///
/// In this order, which is that of the memory: what every hop reads stands together, then what a question takes over
/// from the call that asks it, and what only some kinds need comes last: each hop then touches fewer lines of the
/// processor's cache. What begins as 0 stands side by side, so that it is written in one go.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Call {
    pub waiter: Waiter,
    pub ask: AskId,
    /// Who is asked, and which of its units (instances); `NOBODY` lets the component choose.
    pub node: NodeId,
    pub unit: u32,
    pub link: LinkId,
    pub phase: Phase,
    /// Own to the kind that has the call.
    pub stage: u8,
    /// Rises whenever what was planned for the call no longer holds: events of an older epoch are void.
    pub epoch: u16,
    /// How many calls deep, against endless rings.
    pub depth: u16,
    /// How many questions it has asked, so that each has draws of its own.
    pub asked: u16,
    pub sent_ns: u64,
    pub arrived_ns: u64,
    /// Draws of this call alone (service times).
    pub key: u64,
    /// The answer takes this much longer: hops that passed it on.
    pub back_ns: u64,
    pub left_ns: u64,
    /// For traces: time waited for places and for connections, in microseconds; and, below, the last finished
    /// question.
    pub queue_us: u32,
    /// How many calls it may still cause, directly or not: most of it goes with a question and comes back with the
    /// answer. Retries in layers that ask each other in a ring would multiply without end.
    pub budget: u32,
    /// A word that belongs to the kind that has the call.
    pub held: u32,
    /// Questions about to be asked side by side: they share the budget.
    pub share: u16,
    pub result: Outcome,
    /// Whether the call's own program is inside a transaction.
    pub in_transaction: bool,
    /// The question it asked last, to find where the time goes.
    pub child: Handle,
    /// What the answer carries: a version, an identifier.
    pub value: u64,
    /// Nobody needs the answer after this; `u64::MAX` for never.
    pub deadline_ns: u64,
    /// Draws of the visitor's step: what belongs to the request wherever it goes (which rows).
    pub origin: u64,
    /// The visitor, for stickiness and ownership.
    pub person: u64,
    /// The row it is about, for statements.
    pub row: u64,
    /// A version that a read must not be older than: the visitor's own write. 0 for any.
    pub want: u64,
    /// Of a statement: the call whose transaction it is a part of; `NONE` commits by itself. The store is
    /// told when that transaction ends.
    pub transaction: Handle,
    /// What it does with the news feed, or the rows of the feed that it asks for.
    pub feed: Handle,
    /// Whether the step needs the visitor's session, or makes one.
    pub session: Session,
    /// Whether the visitor logs in with this step; the server that makes the session forgets `session`.
    pub logs_in: bool,
    /// Answers that are still to come, and successes that are still needed, of branches.
    pub pending: u16,
    pub need: u16,
    /// How often a connection for its statement was asked for in vain, and, below, the link for which it waits.
    pub tries: u16,
    pub pieces: Handle,
    /// Another word of the kind that has the call.
    pub since_ns: u64,
    /// The version of what the work for this call has written last; 0 for nothing.
    pub wrote: u64,
    /// Program counter and its end.
    pub pc: u32,
    pub end: u32,
    pub pool_us: u32,
    /// Where a failed step makes the program go on; `NOBODY` fails the call.
    pub rescue: u32,
    /// What the second of two equal questions (hedging) has taken, of the same sort as `held`; `NOBODY` for nothing.
    pub beside: u32,
    pub wants: LinkId,
}

impl Call {
    /// A call that nobody has sent yet.
    #[inline]
    pub(crate) const fn new(waiter: Waiter, ask: AskId, node: NodeId) -> Self {
        Self {
            waiter,
            ask,
            node,
            unit: NOBODY,
            link: NOBODY,
            phase: Phase::Going,
            stage: 0,
            epoch: 0,
            depth: 0,
            budget: MOST_CALLS,
            share: 0,
            asked: 0,
            child: Handle::NONE,
            origin: 0,
            key: 0,
            person: 0,
            row: 0,
            session: Session::None,
            logs_in: false,
            want: 0,
            value: 0,
            sent_ns: 0,
            arrived_ns: 0,
            left_ns: 0,
            queue_us: 0,
            pool_us: 0,
            pieces: Handle::NONE,
            deadline_ns: u64::MAX,
            back_ns: 0,
            pc: 0,
            end: 0,
            rescue: NOBODY,
            beside: NOBODY,
            pending: 0,
            need: 0,
            tries: 0,
            wants: NOBODY,
            held: NOBODY,
            since_ns: 0,
            transaction: Handle::NONE,
            feed: Handle::NONE,
            in_transaction: false,
            wrote: 0,
            result: Ok(()),
        }
    }
}

impl Call {
    /// For traces: it has waited for a place.
    pub(crate) fn waited_in_line(&mut self, ns: u64) {
        self.queue_us = self.queue_us.saturating_add((ns / 1_000) as u32);
    }

    /// For traces: it will wait for so long, and what it waits for then begins.
    pub(crate) fn in_line(&mut self, now: u64, ns: u64) {
        self.since_ns = now + ns;
        self.waited_in_line(ns);
    }
}

impl Default for Call {
    fn default() -> Self {
        Self::new(Waiter::Nobody, 0, NOBODY)
    }
}

/// The value of an answer that says "not here": a cache that lets its asker fetch.
pub(crate) const MISS: u64 = u64::MAX;

/// What comes back to the one who asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub ask: AskId,
    pub result: Outcome,
    pub value: u64,
    pub row: u64,
    /// Who answered; `NOBODY` when nobody was asked in the end.
    pub node: NodeId,
    /// Since the question was sent, in nanoseconds.
    pub took_ns: u64,
    /// The asker's own word, for answers to [`Waiter::Node`].
    pub tag: u64,
}
