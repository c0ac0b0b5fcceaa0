//! The core: time, calls, the network, and everything a component needs to have an effect outside itself.
//!
//! A component (`kinds`) never touches another. It sends calls, answers them, sets timers, reads the board
//! and writes its own place on it; the core carries everything over, in order, when the component has
//! returned. What a kind does under load must not live here.

mod again;
mod asking;
mod board;
mod call;
mod choosing;
pub(crate) mod growing;
mod late;
mod living;
mod network;
mod queue;
mod trace;
mod way;

use std::collections::{BTreeMap, VecDeque};

use archplay_kernel::{Handle, Slab, TimerId, mix};
use archplay_model::Place;
use archplay_report::{Event as LogEntry, EventCode, Reason};

pub(crate) use asking::{Asking, WAITS};
pub(crate) use board::{Board, Notice};
pub(crate) use call::{Answer, Call, MISS, Outcome, Phase, Session, Waiter};
pub(crate) use choosing::RouteState;
pub(crate) use network::LinkState;
pub(crate) use queue::{AtOnce, Queue};
pub(crate) use trace::{Ended, Tracer};

use crate::plant::{AskId, LinkId, NOBODY, NodeId, Plant, RouteId};
use crate::stats::Stats;
use crate::visitor::People;

/// What happens at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// The next visitor of an audience comes.
    Arrival(u32),
    /// A visitor has thought, or tries again.
    Wake(Handle),
    /// The longest waiting visitors of an audience have had enough.
    Patience(u32),
    /// A call reaches the component.
    Reach {
        call: Handle,
        node: NodeId,
    },
    /// What a component planned for a call is due, if the epoch still holds.
    Due {
        call: Handle,
        epoch: u16,
        node: NodeId,
    },
    /// An answer reaches the one who asked.
    Back(Handle),
    /// A component's own timer.
    Timer {
        node: NodeId,
        tag: u32,
    },
    /// Calls under a policy have waited too long, or long enough to ask a second time.
    CallTimeout(u32),
    Hedge(u32),
    /// A retry is due.
    Retry(Handle),
    /// A fault of the scenario or a person.
    Fault(u32),
    /// The focus window begins or ends.
    Focus,
    /// A user changes friendships, blocks or posts of the news feed.
    FeedChange,
    /// What was lost in a cut is sent again, over a way so much longer than its link.
    Resend {
        call: Handle,
        more_ns: u32,
    },
}

/// What happens at once, in order, after a component has returned.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ready {
    Reach {
        call: Handle,
        node: NodeId,
    },
    Due {
        call: Handle,
        epoch: u16,
        node: NodeId,
    },
    Back(Handle),
    /// An asking has its answer without a call: an open circuit, no way.
    Settle(Handle),
    /// The next of `Core::notices` is told.
    Notice,
    /// A visitor's attempt fails before it has left.
    Fail {
        visitor: Handle,
        attempt: u32,
        reason: Reason,
    },
}

/// The most entries of the event log; later ones are counted in the series only.
const MAX_LOG: usize = 20_000;

/// Everything outside the components.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub plant: std::rc::Rc<Plant>,
    /// The plant's own time.
    pub now: u64,
    /// How far the clock of the scenario is ahead: stretches that were left out (see `aggregate`).
    pub skipped_ns: u64,
    /// What the scenario's clock brings: faults, scheduled actions, the focus window. It happens before anything
    /// else of its moment.
    pub calendar: BTreeMap<(u64, u32), Event>,
    pub queue: Queue,
    pub ready: AtOnce,
    /// What is told, to whom (to all who have a link there if `NOBODY`) and about whom.
    pub notices: VecDeque<(NodeId, NodeId, Notice)>,
    pub calls: Slab<Call>,
    pub askings: Slab<Asking>,
    pub routes: Vec<RouteState>,
    pub policies: Vec<asking::PolicyTimers>,
    /// For each component: tokens for retries.
    pub budgets: Vec<f64>,
    pub links: Vec<LinkState>,
    /// Whether a fault has ever touched a link: until then nobody looks.
    pub disturbed: bool,
    pub boards: Vec<Board>,
    /// For each place whether the resolvers of the visitors there fail.
    pub resolvers_down: [bool; Place::ALL.len()],
    pub people: People,
    pub stats: Stats,
    pub log: Vec<LogEntry>,
    pub tracer: Tracer,
    /// Answers to what was asked by hand that nobody has taken yet.
    pub answers: Vec<archplay_report::HandAnswer>,
    /// The news feed, if the scenario has one.
    pub feed: Option<Box<crate::feed::FeedState>>,
    /// For each component: visitors whose sessions servers keep in it, by person.
    pub sessions: Vec<Option<Box<archplay_kernel::KeyStore>>>,
    /// Rows, by dataset, that are still at the shard from which they are to move.
    pub late_rows: BTreeMap<(u32, u64), NodeId>,
    /// By dataset: persons whose own row is somebody else's, since two had the same identifier.
    strangers: std::collections::BTreeSet<(u32, u64)>,
}

impl Core {
    /// Everything before the first event.
    pub(crate) fn new(plant: std::rc::Rc<Plant>) -> Self {
        let mut queue = Queue::default();
        Self {
            now: 0,
            skipped_ns: 0,
            calendar: BTreeMap::new(),
            ready: AtOnce::default(),
            notices: VecDeque::new(),
            calls: Slab::default(),
            askings: Slab::default(),
            routes: vec![RouteState::default(); plant.routes.len()],
            policies: asking::timers(&plant, &mut queue),
            budgets: vec![0.0; plant.nodes.len()],
            links: vec![LinkState::default(); plant.links.len()],
            disturbed: false,
            boards: vec![Board::default(); plant.nodes.len()],
            resolvers_down: [false; Place::ALL.len()],
            people: People::new(&plant, &mut queue),
            stats: Stats::new(&plant),
            log: Vec::new(),
            tracer: Tracer::new(&plant),
            answers: Vec::new(),
            feed: crate::feed::FeedState::new(&plant),
            late_rows: BTreeMap::new(),
            strangers: std::collections::BTreeSet::new(),
            sessions: vec![None; plant.nodes.len()],
            queue,
            plant,
        }
    }

    /// A timer of a component.
    pub(crate) fn add_timer(&mut self, node: NodeId, tag: u32) -> TimerId {
        self.queue.add_timer(Event::Timer { node, tag })
    }

    /// The scenario's clock, in nanoseconds since the start.
    pub(crate) fn clock(&self) -> u64 {
        self.now + self.skipped_ns
    }

    /// Plans something for a moment of the scenario's clock, before the first event: afterwards the number, which
    /// keeps what stands at one moment in order, could be taken.
    pub(crate) fn on_calendar(&mut self, at_ns: u64, event: Event) {
        debug_assert_eq!(self.now, 0, "the calendar is written at the beginning");
        let number = self.calendar.len() as u32;
        self.calendar.insert((at_ns, number), event);
    }

    /// A component's `timer` is called at a moment of the scenario's clock.
    pub(crate) fn wake_on_calendar(&mut self, node: NodeId, tag: u32, at_ns: u64) {
        self.on_calendar(at_ns, Event::Timer { node, tag });
    }

    /// A component's `timer` is called once, later.
    pub(crate) fn wake_node(&mut self, node: NodeId, tag: u32, at_ns: u64) {
        self.queue.schedule(at_ns, Event::Timer { node, tag });
    }

    /// Tells those who have a link to a component.
    pub(crate) fn tell(&mut self, about: NodeId, notice: Notice) {
        self.tell_one(NOBODY, about, notice);
    }

    /// Tells one component.
    pub(crate) fn tell_one(&mut self, to: NodeId, about: NodeId, notice: Notice) {
        self.notices.push_back((to, about, notice));
        self.ready.push_back(Ready::Notice);
    }

    /// Who answers in the place of a component: itself, unless another took over.
    pub(crate) fn answers(&self, node: NodeId) -> NodeId {
        let mut at = node;
        // Two switch-overs may lead round in a circle.
        for _ in 0..8 {
            match self.boards[at as usize].replaced_by {
                Some(next) if next != node => at = next,
                _ => break,
            }
        }
        at
    }

    /// Where a call to a component goes, and by which link: a statement to a database goes to the one that took over
    /// from it, if one did; by a link to that one if there is one, else by the old link, whose name leads there now.
    #[inline]
    fn successor(&self, ask: AskId, node: NodeId, link: LinkId) -> (NodeId, LinkId) {
        match self.boards[node as usize].replaced_by {
            None => (node, link),
            Some(_) => self.successor_of(ask, node, link),
        }
    }

    #[cold]
    fn successor_of(&self, ask: AskId, node: NodeId, link: LinkId) -> (NodeId, LinkId) {
        let data = matches!(
            self.plant.asks[ask as usize],
            crate::plant::Ask::Data { .. }
        );
        if !data {
            return (node, link);
        }
        let node = self.answers(node);
        let from = self.plant.links.get(link as usize).map(|link| link.from);
        let mut links = self.plant.links.iter();
        let direct = links.position(|link| Some(link.from) == from && link.to == node);
        (node, direct.map_or(link, |link| link as LinkId))
    }

    /// Opens a connection to a database or proxy, or to the one that took over from it.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn connect(&mut self, node: NodeId) -> Outcome {
        let node = self.answers(node);
        let board = &mut self.boards[node as usize];
        if !board.up {
            return Err(Reason::ConnectionLost);
        }
        if board.open >= board.slots {
            let slots = board.slots;
            if self.stats.first_limit(node) {
                self.note(EventCode::ConnectionLimit, node, 0, slots as u32);
            }
            return Err(Reason::DbConnectionLimit);
        }
        board.open += 1;
        let (open, bears) = (board.open, board.bears);
        self.stats.connections(self.now, node, open);
        if open > bears {
            self.tell_one(node, node, Notice::Opened);
        }
        Ok(())
    }

    /// Closes connections.
    pub(crate) fn disconnect(&mut self, node: NodeId, count: u64) {
        let node = self.answers(node);
        let board = &mut self.boards[node as usize];
        board.open = board.open.saturating_sub(count);
        let open = board.open;
        self.stats.connections(self.now, node, open);
    }

    /// A store gave a person's identifier to somebody else too, who owns the row now. At most 4 million
    /// persons are remembered.
    pub(crate) fn add_stranger(&mut self, dataset: u32, person: u64) {
        const MOST: usize = 4_000_000;
        if self.strangers.len() < MOST {
            self.strangers.insert((dataset, person));
        }
    }

    /// Whether a person's own row of a dataset is somebody else's.
    pub(crate) fn is_stranger(&self, dataset: u32, person: u64) -> bool {
        !self.strangers.is_empty() && self.strangers.contains(&(dataset, person))
    }

    /// How many times as long everything takes at a component (1 without a fault).
    pub(crate) fn stretch(&self, node: NodeId) -> f64 {
        self.boards[node as usize].stretch
    }

    /// Writes into the event log.
    pub(crate) fn note(&mut self, code: EventCode, node: NodeId, from: u32, to: u32) {
        if self.log.len() < MAX_LOG {
            let id = self.plant.nodes[node as usize].id.clone();
            self.log.push(LogEntry {
                at_ns: self.clock(),
                code,
                id,
                from,
                to,
            });
        }
    }

    /// The row of a dataset that a statement of this call is about.
    pub(crate) fn pick_row(
        &self,
        call: &Call,
        dataset: u32,
        pick: archplay_model::scenario::Pick,
    ) -> u64 {
        use archplay_model::scenario::Pick;
        let plan = &self.plant.datasets[dataset as usize];
        match pick {
            Pick::Popular => plan.popularity.sample_key(mix(call.origin, plan.salt)),
            Pick::Fresh => plan.popularity.sample_key(mix(call.key, plan.salt)),
            Pick::Hottest => 1,
            Pick::Own => mix(call.person, plan.salt) % plan.rows + 1,
        }
    }

    /// The route and the way for an ask of a component; `None` if it has none.
    pub(crate) fn route(&self, node: NodeId, ask: AskId) -> Option<RouteId> {
        match self.plant.route(node, ask) {
            NOBODY => None,
            route => Some(route),
        }
    }

    /// The delay of a link one way, as it is now, without losses.
    pub(crate) fn link_delay(&self, link: LinkId) -> u64 {
        match self.plant.links.get(link as usize) {
            Some(plan) => plan.delay_ns,
            None => 0,
        }
    }
}
