//! Virtual waiting room: holds visitors in a line and lets them in at a rate, or as long as fewer than a
//! ceiling are inside.
//!
//! A visitor's request waits in here until the turn comes and then goes on; whoever has been let in passes
//! freely for a time. Inside is who was let in and has neither left for good nor outstayed the admission.
//! While one waits, the page looks at its position now and then; each look is a request to the room, and one
//! that the room cannot answer breaks the page. Who stands where is in `line`.

mod line;

use std::collections::VecDeque;

use archplay_kernel::{Handle, NS_PER_SEC, TimerId, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::{parse_schedule, waiting_room as spec};
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use self::line::{Line, Place};
use super::Behaviour;
use super::bucket::{Bucket, Rate};
use crate::compile::Compiler;
use crate::core::{Core, Notice, Phase};
use crate::keyed::Keyed;
use crate::plant::{NOBODY, NodeId, RouteId, until_clock};
use crate::stats::columns::Sink;

/// How it limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// This long between two who are let in.
    Gap(u64),
    /// So many inside.
    Ceiling(u64),
}

/// Its timers.
const ADMIT: u32 = 0;
const POLL: u32 = 1;
const EXPIRY: u32 = 2;
const OPEN: u32 = 3;

#[derive(Clone, Debug)]
pub(crate) struct WaitingRoom {
    node: NodeId,
    limit: Limit,
    poll_ns: u64,
    polls: Rate,
    poll_bucket: Bucket,
    keeps_position: bool,
    draws_lots: bool,
    /// From when on it lets people in, and whether that time has come.
    opens_ns: u64,
    open: bool,
    admitted_ns: u64,
    /// The way of health checks.
    checks: RouteId,
    line: Line,
    /// Who has been let in, and until when that holds. Taken out by hand, so that nobody is counted twice.
    admitted: Keyed<u64>,
    /// The same in order of time: (until, visitor).
    expiries: VecDeque<(u64, u64)>,
    inside: u64,
    /// The next may be let in from then on.
    next_ns: u64,
    /// Requests held, in the order of their next look at the position.
    looks: VecDeque<(u64, Handle, u64)>,
    timers: [Option<TimerId>; 3],
    let_in: u64,
    refused: u64,
    noted: bool,
    /// Let in of those who came in the focus window, and the longest of their waits.
    total: u64,
    longest_ns: u64,
    /// The most that waited at once in the focus window.
    most: usize,
}

impl WaitingRoom {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let secs = |spec| ns_from_secs(component.number(spec));
        let limit = if component.text(&spec::MODE) == "ceiling" {
            Limit::Ceiling(u64::from(component.count(&spec::CEILING)))
        } else {
            let rate = component.number(&spec::RATE_PER_SEC);
            Limit::Gap(ns_from_secs(1.0 / rate).max(1))
        };
        let opens = parse_schedule(component.text(&spec::OPENS)).unwrap_or_default();
        let start = compiler.plant.start_secs;
        let opens_ns = opens
            .iter()
            .filter(|entry| entry.count > 0)
            .map(|entry| until_clock(start, entry.at.secs()))
            .min()
            .map_or(0, |secs| u64::from(secs) * NS_PER_SEC);
        let looks = component.number(&spec::POLL_LIMIT_PER_SEC);
        let polls = Rate::new(looks, looks.max(1.0));
        Self {
            node,
            limit,
            poll_ns: secs(&spec::POLL_SECS),
            polls,
            poll_bucket: Bucket::full(polls, 0),
            keeps_position: component.text(&spec::KEEP_POSITION) != "no",
            draws_lots: component.text(&spec::EARLY_DRAW) == "yes",
            opens_ns,
            open: opens_ns == 0,
            admitted_ns: secs(&spec::ADMITTED_SECS),
            checks: super::check_route(compiler, node),
            line: Line::default(),
            admitted: Keyed::default(),
            expiries: VecDeque::new(),
            inside: 0,
            next_ns: 0,
            looks: VecDeque::new(),
            timers: [None; 3],
            let_in: 0,
            refused: 0,
            noted: false,
            total: 0,
            longest_ns: 0,
            most: 0,
        }
    }

    /// A request of somebody who is let in goes on.
    fn pass(&mut self, core: &mut Core, handle: Handle) {
        let ask = core.calls.get(handle).map(|call| call.ask);
        let check = ask == Some(core.plant.health);
        match super::next_way(core, handle, self.node, self.checks) {
            Some(way) => core.pass_on(handle, way, NOBODY),
            None if check => core.finish(handle, Ok(())),
            None => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    /// Whether one more may be let in now.
    fn has_room(&self, now: u64) -> bool {
        self.open
            && match self.limit {
                Limit::Gap(_) => now >= self.next_ns,
                Limit::Ceiling(most) => self.inside < most,
            }
    }

    /// Somebody who came at `since` is let in.
    fn admit(&mut self, core: &mut Core, person: u64, since: u64) {
        let until = core.now.saturating_add(self.admitted_ns);
        if self.admitted.remove(person).is_some() {
            self.inside -= 1;
        }
        self.admitted.put(person, 0, u64::MAX, until);
        if self.expiries.is_empty() {
            self.set(core, EXPIRY, until);
        }
        self.expiries.push_back((until, person));
        self.inside += 1;
        self.let_in += 1;
        self.total += u64::from(core.stats.in_focus(since));
        if let Limit::Gap(gap) = self.limit {
            self.next_ns = core.now + gap;
        }
    }

    /// Lets in from the line as many as may be.
    fn advance(&mut self, core: &mut Core) {
        while self.has_room(core.now) {
            let Some((person, place)) = self.line.next() else {
                return;
            };
            let waits = self.waits(core, place.handle);
            let there = waits && core.has_asker(place.handle);
            if waits && !there {
                // The page was closed in the meantime.
                core.finish(place.handle, Err(Reason::GaveUp));
            }
            if !there && !self.keeps_position {
                continue;
            }
            self.admit(core, person, place.since_ns);
            if there {
                if core.stats.in_focus(place.since_ns) {
                    self.longest_ns = self.longest_ns.max(core.now - place.since_ns);
                }
                core.free_visitor(place.handle);
                self.pass(core, place.handle);
            }
        }
        if let (Limit::Gap(_), true, false) = (self.limit, self.open, self.line.is_empty()) {
            self.set(core, ADMIT, self.next_ns);
        }
    }

    /// A request joins the line; one that comes again for the same visitor takes the old place, or the end.
    fn join(&mut self, core: &mut Core, handle: Handle, person: u64) {
        if let Some(place) = self.line.find(person) {
            if self.waits(core, place.handle) {
                // The page that waited was closed.
                core.finish(place.handle, Err(Reason::GaveUp));
            }
            if !self.keeps_position {
                self.line.remove(person);
            }
        }
        let place = Place {
            handle,
            since_ns: core.now,
            ticket: 0,
        };
        self.line.join(person, place);
        core.hold_visitor(handle, self.node);
        let at = core.now.saturating_add(self.poll_ns);
        if self.looks.is_empty() {
            self.set(core, POLL, at);
        }
        self.looks.push_back((at, handle, person));
        if let (Limit::Gap(_), true, 1) = (self.limit, self.open, self.line.len()) {
            self.set(core, ADMIT, self.next_ns.max(core.now));
        }
    }

    /// Pages look at their position: each look is a request.
    fn look(&mut self, core: &mut Core) {
        while let Some((at, handle, person)) = self.looks.front().copied() {
            let there = self.waits(core, handle) && core.has_asker(handle);
            if there && at > core.now {
                break;
            }
            self.looks.pop_front();
            if !there {
                continue;
            }
            core.stats.rate(self.node);
            core.stats.enter(core.now, self.node);
            core.stats.leave(core.now, self.node, core.now);
            if self.answers(core) {
                let next = core.now.saturating_add(self.poll_ns);
                self.looks.push_back((next, handle, person));
            } else {
                core.fail(handle, Reason::Refused, self.node);
            }
        }
        if let Some((at, ..)) = self.looks.front() {
            let at = *at;
            self.set(core, POLL, at);
        }
    }

    /// Whether the room can answer one more look in this second.
    fn answers(&mut self, core: &mut Core) -> bool {
        let answers = self.poll_bucket.take(self.polls, core.now);
        if !answers {
            self.refused += 1;
            if !std::mem::replace(&mut self.noted, true) {
                core.note(EventCode::Throttled, self.node, 0, 0);
            }
        }
        answers
    }

    /// Admissions run out.
    fn expire(&mut self, core: &mut Core) {
        while let Some((until, person)) = self.expiries.front().copied() {
            let holds = self.admitted.get(person, 0) == Some(until);
            if holds && until > core.now {
                break;
            }
            self.expiries.pop_front();
            if holds {
                self.admitted.remove(person);
                self.inside -= 1;
            }
        }
        if let Some((until, _)) = self.expiries.front() {
            let until = *until;
            self.set(core, EXPIRY, until);
        }
        self.advance(core);
    }

    /// A visitor has left for good.
    fn left(&mut self, core: &mut Core, person: u64) {
        if self.admitted.remove(person).is_some() {
            self.inside -= 1;
            self.advance(core);
        }
        if let Some(place) = self.line.remove(person)
            && self.waits(core, place.handle)
        {
            core.finish(place.handle, Err(Reason::GaveUp));
        }
    }

    /// Whether a request is still held in here.
    fn waits(&self, core: &Core, handle: Handle) -> bool {
        core.calls
            .get(handle)
            .is_some_and(|call| call.node == self.node && call.phase == Phase::Inside)
    }

    fn set(&self, core: &mut Core, which: u32, at: u64) {
        if let Some(Some(timer)) = self.timers.get(which as usize) {
            core.queue.set(*timer, at);
        }
    }
}

impl Behaviour for WaitingRoom {
    fn begin(&mut self, core: &mut Core) {
        for which in [ADMIT, POLL, EXPIRY] {
            self.timers[which as usize] = Some(core.add_timer(self.node, which));
        }
        if self.opens_ns > 0 {
            core.wake_node(self.node, OPEN, self.opens_ns);
        }
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle).copied() else {
            return;
        };
        let check = call.ask == core.plant.health;
        if !check {
            core.stats.rate(self.node);
        }
        if !core.boards[self.node as usize].up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        let until = self.admitted.get(call.person, 0);
        // Checks and what components do for themselves are no visitors.
        let own = check || core.is_own_business(handle);
        if own || until.is_some_and(|until| until > core.now) {
            return self.pass(core, handle);
        }
        if !self.answers(core) {
            return core.fail(handle, Reason::Refused, self.node);
        }
        core.enter(handle);
        if self.line.is_empty() && self.has_room(core.now) {
            self.admit(core, call.person, core.now);
            core.watch_visitor(handle, self.node);
            return self.pass(core, handle);
        }
        self.join(core, handle, call.person);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        match tag {
            ADMIT => self.advance(core),
            POLL => self.look(core),
            EXPIRY => self.expire(core),
            _ => {
                self.open = true;
                if self.draws_lots {
                    self.line.draw_lots(core.plant.seed);
                }
                let waiting = self.line.len() as u32;
                core.note(EventCode::OpenedDoors, self.node, 0, waiting);
                self.advance(core);
            }
        }
    }

    fn notice(&mut self, core: &mut Core, _about: NodeId, notice: Notice) {
        if let Notice::VisitorLeft { person } = notice {
            self.left(core, person);
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
        if action == FaultAction::Kill && on {
            self.line.clear();
            self.looks.clear();
            self.admitted.clear();
            self.expiries.clear();
            self.inside = 0;
            core.drop_inside(node, None, Reason::ConnectionLost);
        }
    }

    fn mark(&mut self, _now: u64, which: usize) {
        if which == 0 {
            self.line.begin_most();
        } else {
            self.most = self.line.most();
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let secs = span_ns as f64 / 1e9;
        let (let_in, refused) = (
            std::mem::take(&mut self.let_in),
            std::mem::take(&mut self.refused),
        );
        let node = self.node;
        sink.component(core, node, Metric::Backlog, self.line.len() as f64);
        sink.component(core, node, Metric::Admitted, let_in as f64 / secs);
        sink.component(core, node, Metric::Throttled, refused as f64 / secs);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        out.push((Measure::Served, self.total as f64));
        out.push((Measure::QueueMax, self.most as f64));
        out.push((Measure::WaitMax, self.longest_ns as f64 / 1e6));
    }
}
