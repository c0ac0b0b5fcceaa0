//! Copies: the log of a primary, how it reaches those who keep a copy, and how they apply it.
//!
//! Every write gets the next position of its primary's log and goes out at once, one message each, over the
//! link as it is. A copy receives in order, whatever order the network has, and applies one write after the
//! other. What it has applied is what a read there sees. Several primaries that are linked both ways send
//! each other their own writes; each write names the version of the row that it has overwritten, so a
//! conflict is seen where it is. Taking over must not live here (`failover`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use archplay_kernel::{Deadlines, Handle, Sampler, mix, ns_from_secs};
use archplay_model::catalogue::database as spec;
use archplay_model::scenario::OnConflict;
use archplay_model::{Component, Kind};
use archplay_report::Reason;

use super::rows::Inserted;
use super::{APPLIES, Database, EARLY, RELAYED, RETRY_TIMER, SYNC_TIMER, SYNCS, WATCH_TIMER};
use crate::compile::{Compiler, spread_of};
use crate::core::{Answer, Core, Outcome, Phase, Waiter};
use crate::plant::{LinkId, NOBODY, NodeId, Way};

/// Bits of a version that count positions; above them stands whose log it is.
pub(super) const POSITION_BITS: u32 = 48;
const POSITION: u64 = (1 << POSITION_BITS) - 1;
/// The most messages on their way to one copy.
const WINDOW: u32 = 65_536;
/// The most writes kept for a copy that does not take them; then it begins anew from a copy of the whole.
const MOST_LOG: usize = 1_000_000;
/// The most rows whose version is kept, and overwritten versions remembered, with several primaries.
const MOST_ROWS: usize = 1_000_000;
/// How long a commit waits for a synchronous copy before it goes on without: 10 s is MySQL's default
/// (`rpl_semi_sync_source_timeout`).
const SYNC_NS: u64 = 10_000_000_000;
/// How often a copy that could not be reached is tried again, and a source looked at.
pub(super) const RETRY_NS: u64 = 1_000_000_000;
/// Purpose of draws.
const APPLY: u64 = 0x6170_706c_79;

/// What a database is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Primary,
    /// Takes no writes but those of this one, which come over this link.
    Replica { from: NodeId, link: LinkId },
    /// Another has taken over: it stays out.
    Out,
}

/// Which of two writes stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Last,
    First,
    Neither,
}

/// A write in the log.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at_ns: u64,
    version: u64,
    /// The version of the row before.
    before: u64,
    dataset: u32,
    row: u64,
    person: u64,
    amount: u32,
    inserts: bool,
}

/// Somebody who gets the log.
#[derive(Clone, Copy, Debug)]
struct Peer {
    way: Way,
    /// A primary of its own: it gets what was written here, not what came from elsewhere.
    mutual: bool,
    sync: bool,
    /// The next entry to be sent, and the one sent before it.
    next: u64,
    sent: u64,
    acked: u64,
    inflight: u32,
    /// Tells answers to earlier messages apart, after something was lost.
    round: u16,
    /// It cannot be reached.
    down: bool,
    /// It is so far behind that commits do not wait for it.
    behind: bool,
}

/// What comes from one sender.
#[derive(Clone, Debug)]
struct Stream {
    from: NodeId,
    received: u64,
    applied: u64,
    /// Messages that came before their turn.
    early: BTreeMap<u64, Handle>,
}

/// The version of a row, with several primaries.
#[derive(Clone, Copy, Debug)]
struct Version {
    version: u64,
    at_ns: u64,
}

/// Everything about copies.
#[derive(Clone, Debug)]
pub(super) struct Copies {
    pub(super) role: Role,
    /// Whether it is a copy at the beginning: then it has a lag.
    pub(super) is_copy: bool,
    pub(super) automatic: bool,
    pub(super) promotion_ns: u64,
    pub(super) promote_at: Option<u64>,
    pub(super) forced: bool,
    /// Whether the one it is a copy of stays out when it comes back; and whether this one does.
    pub(super) source_fenced: bool,
    pub(super) fenced: bool,
    /// Who took over while it was dead.
    pub(super) successor: Option<NodeId>,
    pub(super) gave_way_to: Option<NodeId>,
    lineage: u64,
    position: u64,
    /// For each log how far it has been applied here.
    known: Vec<(u64, u64)>,
    /// Of these logs, what came after was lost.
    cut_off: Vec<(u64, u64)>,
    log: VecDeque<Entry>,
    first: u64,
    peers: Vec<Peer>,
    streams: Vec<Stream>,
    line: VecDeque<Handle>,
    applying: bool,
    apply: Sampler,
    rule: Rule,
    /// Several primaries write the same rows.
    tracks: bool,
    versions: BTreeMap<(u32, u64), Version>,
    overwritten: BTreeSet<u64>,
    refused: BTreeSet<u64>,
    /// Commits that wait for copies: entry, call.
    syncs: VecDeque<(u64, Handle)>,
    sync_waits: Option<Deadlines<(Handle, u64)>>,
    retrying: bool,
    last_commit_ns: u64,
}

impl Copies {
    pub(super) fn new(compiler: &Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let placement = compiler.placement;
        let components = placement.components();
        let source = placement.replica_of(node as usize);
        let link = source.and_then(|i| compiler.link(&components[i].id, &component.id));
        let mut peers = Vec::new();
        for way in compiler.out_ways(component) {
            let to = components[way.node as usize];
            let back = compiler.link(&to.id, &component.id).is_some();
            let own = placement.replica_of(way.node as usize) == Some(node as usize);
            if to.kind == Kind::Database && (own || back) {
                let sync = to.text(&spec::REPLICATION) == "synchronous";
                peers.push(Peer::new(way, back, sync, 1));
            }
        }
        let tracks = peers.iter().any(|peer| peer.mutual);
        Self {
            role: match (source, link) {
                (Some(from), Some(link)) => Role::Replica {
                    from: from as NodeId,
                    link,
                },
                _ => Role::Primary,
            },
            is_copy: source.is_some() || tracks,
            automatic: component.text(&spec::PROMOTION) == "automatic",
            promotion_ns: ns_from_secs(component.number(&spec::PROMOTION_SECS)),
            promote_at: None,
            forced: false,
            source_fenced: source.is_none_or(|i| components[i].text(&spec::FENCING) == "yes"),
            fenced: component.text(&spec::FENCING) == "yes",
            successor: None,
            gave_way_to: None,
            lineage: if tracks { u64::from(node) + 1 } else { 0 },
            position: 0,
            known: Vec::new(),
            cut_off: Vec::new(),
            log: VecDeque::new(),
            first: 1,
            peers,
            streams: Vec::new(),
            line: VecDeque::new(),
            applying: false,
            apply: Sampler::new(
                spread_of(component.text(&spec::APPLY), 1.0),
                component.number(&spec::APPLY_MS) * 1e6,
            ),
            rule: match component.text(&spec::CONFLICT) {
                "first_write_wins" => Rule::First,
                "error" => Rule::Neither,
                _ => Rule::Last,
            },
            tracks,
            versions: BTreeMap::new(),
            overwritten: BTreeSet::new(),
            refused: BTreeSet::new(),
            syncs: VecDeque::new(),
            sync_waits: None,
            retrying: false,
            last_commit_ns: 0,
        }
    }

    /// The version that a read here sees.
    pub(super) fn version(&self) -> u64 {
        match self.role {
            Role::Replica { .. } => self.known.last().map_or(0, |(l, p)| stamp(*l, *p)),
            _ => stamp(self.lineage, self.position),
        }
    }

    /// Whether a read here sees a write of this version, or why not.
    pub(super) fn sees(&self, want: u64) -> Outcome {
        if want == 0 {
            return Ok(());
        }
        if self.overwritten.contains(&want) {
            return Err(match self.rule {
                Rule::Neither => Reason::ConflictingWrite,
                _ => Reason::LostWrite,
            });
        }
        let (lineage, position) = (want >> POSITION_BITS, want & POSITION);
        let own = self.role == Role::Primary && lineage == self.lineage;
        if own && position <= self.position || self.known_of(lineage) >= position {
            return Ok(());
        }
        let lost = self
            .cut_off
            .iter()
            .any(|(of, after)| *of == lineage && position > *after);
        Err(if lost {
            Reason::LostWrite
        } else {
            Reason::StaleRead
        })
    }

    /// How far a log has been applied here.
    fn known_of(&self, lineage: u64) -> u64 {
        let found = self.known.iter().find(|(of, _)| *of == lineage);
        found.map_or(0, |(_, position)| *position)
    }

    fn learn(&mut self, version: u64) {
        let (lineage, position) = (version >> POSITION_BITS, version & POSITION);
        match self.known.iter_mut().find(|(of, _)| *of == lineage) {
            Some((_, known)) => *known = position.max(*known),
            None => self.known.push((lineage, position)),
        }
    }

    /// The last entry of the log.
    fn last(&self) -> u64 {
        self.first + self.log.len() as u64 - 1
    }

    fn append(&mut self, entry: Entry) -> u64 {
        if self.peers.is_empty() {
            // Nobody gets it.
            self.first += 1;
            return self.first - 1;
        }
        self.log.push_back(entry);
        if self.log.len() > MOST_LOG {
            self.log.pop_front();
            self.first += 1;
        }
        self.last()
    }

    /// Forgets what everyone has.
    fn trim(&mut self) {
        let acked = self.peers.iter().map(|peer| peer.acked).min();
        while self.log.len() > 1 && acked.is_some_and(|acked| acked >= self.first) {
            self.log.pop_front();
            self.first += 1;
        }
    }

    /// What is on its way in is lost; the log is on the disk.
    pub(super) fn die(&mut self) {
        self.line.clear();
        self.applying = false;
        self.syncs.clear();
        for stream in &mut self.streams {
            stream.early.clear();
            stream.received = stream.applied;
        }
        for peer in &mut self.peers {
            peer.lose();
        }
    }

    /// How far behind, in nanoseconds: the age of the oldest write that is not applied.
    pub(super) fn lag(&self, core: &Core, from: NodeId, now: u64) -> u64 {
        let oldest = self.line.front().and_then(|call| core.calls.get(*call));
        let behind = core.boards[from as usize].position > self.version();
        match oldest {
            Some(call) => now.saturating_sub(call.origin),
            None if behind => now.saturating_sub(self.last_commit_ns),
            None => 0,
        }
    }

    /// It is a primary of its own from now on, with a log of its own. Returns what it had not got of the
    /// log of `from`, if that was acknowledged.
    pub(super) fn become_primary(&mut self, node: NodeId, acknowledged: u64) -> u64 {
        self.role = Role::Primary;
        let lineage = acknowledged >> POSITION_BITS;
        let known = self.known_of(lineage);
        self.cut_off.push((lineage, known));
        (self.lineage, self.position) = (u64::from(node) + 1, 0);
        (acknowledged & POSITION).saturating_sub(known)
    }

    /// Another gets the log from now on.
    pub(super) fn add_peer(&mut self, way: Way, mutual: bool, sync: bool) {
        self.tracks |= mutual;
        let next = self.last() + 1;
        self.peers.retain(|peer| peer.way.node != way.node);
        let mut peer = Peer::new(way, mutual, sync, next);
        peer.down = true;
        self.peers.push(peer);
    }

    /// Takes in what has not been applied: it never will be.
    pub(super) fn take_line(&mut self) -> Vec<Handle> {
        let mut lost: Vec<Handle> = self.line.drain(..).collect();
        for stream in &mut self.streams {
            lost.extend(std::mem::take(&mut stream.early).into_values());
            stream.received = stream.applied;
        }
        lost
    }

    /// Everyone who gets the log.
    pub(super) fn peer_nodes(&self) -> Vec<NodeId> {
        self.peers.iter().map(|peer| peer.way.node).collect()
    }
}

impl Peer {
    fn new(way: Way, mutual: bool, sync: bool, next: u64) -> Self {
        Self {
            way,
            mutual,
            sync,
            next,
            sent: 0,
            acked: next - 1,
            inflight: 0,
            round: 0,
            down: false,
            behind: false,
        }
    }

    /// What is on its way to it will not arrive: everything after what it has acknowledged is sent again.
    fn lose(&mut self) {
        self.round = self.round.wrapping_add(1);
        (self.inflight, self.next, self.sent) = (0, self.acked + 1, self.acked);
        self.down = true;
    }
}

const fn stamp(lineage: u64, position: u64) -> u64 {
    lineage << POSITION_BITS | position
}

/// A peer, a round and an entry in one word, as the answer brings it back.
const fn tag(peer: usize, round: u16, entry: u64) -> u64 {
    (peer as u64) << 56 | (round as u64) << 40 | entry & 0xff_ffff_ffff
}

impl Database {
    pub(super) fn begin_copies(&mut self, core: &mut Core) {
        let timer = core.add_timer(self.node, SYNC_TIMER);
        self.copies.sync_waits = Some(Deadlines::new(SYNC_NS, timer));
        if matches!(self.copies.role, Role::Replica { .. }) && self.copies.automatic {
            core.wake_node(self.node, WATCH_TIMER, core.now + RETRY_NS);
        }
    }

    // --- the primary -------------------------------------------------------------------------------

    /// A write is durable here: it gets its place in the log, goes out, and is answered once those have it
    /// for whom it must wait.
    pub(super) fn record(
        &mut self,
        core: &mut Core,
        handle: Handle,
        dataset: u32,
        (amount, inserts): (u32, bool),
    ) {
        let now = core.now;
        let copies = &mut self.copies;
        copies.position += 1;
        let version = stamp(copies.lineage, copies.position);
        let Some(call) = core.call(handle) else {
            return;
        };
        let (row, person) = (call.row, call.person);
        call.wrote = version;
        call.stage = SYNCS;
        let before = copies.overwrite((dataset, row), version, now);
        let entry = copies.append(Entry {
            at_ns: now,
            version,
            before,
            dataset,
            row,
            person,
            amount,
            inserts,
        });
        self.ship(core);
        let waits = self.copies.peers.iter().any(|peer| peer.waits_for(entry));
        if !waits {
            return self.answer_write(core, handle, version);
        }
        self.copies.syncs.push_back((entry, handle));
        if let Some(waits) = &mut self.copies.sync_waits {
            waits.add(now, (handle, entry), &mut core.queue);
        }
    }

    /// Sends what has not been sent.
    fn ship(&mut self, core: &mut Core) {
        let mut unreached = false;
        for i in 0..self.copies.peers.len() {
            loop {
                let copies = &mut self.copies;
                let last = copies.last();
                let peer = &mut copies.peers[i];
                let cut = core.links[peer.way.link as usize].cut;
                if cut && !peer.down {
                    peer.lose();
                }
                unreached |= peer.down && peer.acked < last;
                peer.next = peer.next.max(copies.first);
                if peer.down || peer.inflight >= WINDOW || peer.next > last {
                    break;
                }
                let index = peer.next;
                peer.next += 1;
                let entry = copies.log[(index - copies.first) as usize];
                let foreign = entry.version >> POSITION_BITS != copies.lineage;
                if peer.mutual && foreign {
                    continue;
                }
                let before = std::mem::replace(&mut peer.sent, index);
                peer.inflight += 1;
                let (way, tag) = (peer.way, tag(i, peer.round, index));
                self.send_entry(core, way, tag, (before, index), &entry);
            }
        }
        if unreached {
            self.retry_soon(core);
        }
    }

    fn send_entry(
        &self,
        core: &mut Core,
        way: Way,
        tag: u64,
        (before, index): (u64, u64),
        entry: &Entry,
    ) {
        let key = mix(core.plant.nodes[self.node as usize].salt, entry.version);
        let mut call = core.own_call(self.node, tag, core.plant.replicate, way.node, key);
        (call.want, call.value) = (before, index);
        (call.origin, call.person, call.row) = (entry.at_ns, entry.person, entry.row);
        (call.since_ns, call.wrote, call.held) = (entry.version, entry.before, entry.dataset);
        (call.pc, call.end) = (entry.amount, u32::from(entry.inserts));
        core.send(call, way, NOBODY);
    }

    pub(super) fn retry_soon(&mut self, core: &mut Core) {
        if !self.copies.retrying {
            self.copies.retrying = true;
            core.wake_node(self.node, RETRY_TIMER, core.now + RETRY_NS);
        }
    }

    /// Tries again to reach those who could not be reached.
    pub(super) fn retry_copies(&mut self, core: &mut Core) {
        self.copies.retrying = false;
        if !core.boards[self.node as usize].up || self.copies.role == Role::Out {
            return;
        }
        for peer in &mut self.copies.peers {
            let reachable = core.boards[peer.way.node as usize].up
                && !core.links[peer.way.link as usize].cut;
            peer.down &= !reachable;
        }
        self.ship(core);
        if self.copies.peers.iter().any(|peer| peer.down) {
            self.retry_soon(core);
        }
    }

    /// A copy has applied an entry, or could not be reached.
    pub(super) fn acknowledged(&mut self, core: &mut Core, answer: &Answer) {
        let (i, round) = ((answer.tag >> 56) as usize, (answer.tag >> 40) as u16);
        let last = self.copies.last();
        let Some(peer) = self.copies.peers.get_mut(i) else {
            return;
        };
        if peer.round != round || peer.way.node != answer.node {
            return;
        }
        peer.inflight -= 1;
        let entry = answer.value;
        match answer.result {
            Ok(()) | Err(Reason::ConflictingWrite) => {
                peer.acked = peer.acked.max(entry);
                peer.behind &= peer.acked < last;
                if answer.result.is_err() {
                    self.copies.refused.insert(entry);
                }
            }
            Err(_) => {
                peer.lose();
                peer.behind = true;
                self.retry_soon(core);
            }
        }
        self.answer_syncs(core);
        self.copies.trim();
        self.ship(core);
    }

    /// Answers the commits that need not wait any longer, in order.
    fn answer_syncs(&mut self, core: &mut Core) {
        while let Some((entry, handle)) = self.copies.syncs.front().copied() {
            if self.copies.peers.iter().any(|peer| peer.waits_for(entry)) {
                break;
            }
            self.copies.syncs.pop_front();
            let refused = self.copies.refused.remove(&entry);
            let Some(call) = core.call(handle) else {
                continue;
            };
            if call.stage != SYNCS || call.phase != Phase::Inside {
                continue;
            }
            let version = call.wrote;
            if refused {
                core.fail(handle, Reason::ConflictingWrite, self.node);
                self.unlock_failed(core, handle);
            } else {
                self.answer_write(core, handle, version);
            }
        }
        if self.copies.syncs.is_empty() {
            self.copies.refused.clear();
        }
    }

    /// A commit has waited too long for its copies: from now on none waits until they have caught up.
    pub(super) fn sync_timeouts(&mut self, core: &mut Core) {
        while let Some((handle, entry)) = self
            .copies
            .sync_waits
            .as_mut()
            .and_then(|waits| waits.pop_due(core.now))
        {
            let still = core.call(handle).is_some_and(|call| call.stage == SYNCS);
            if still {
                for peer in &mut self.copies.peers {
                    peer.behind |= peer.acked < entry;
                }
            }
        }
        self.answer_syncs(core);
        let Core { queue, calls, .. } = core;
        if let Some(waits) = &mut self.copies.sync_waits {
            waits.rearm(queue, |(handle, _)| {
                calls.get(*handle).is_some_and(|call| call.stage == SYNCS)
            });
        }
    }

    // --- the copy ----------------------------------------------------------------------------------

    /// A message with a write arrives.
    pub(super) fn receive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        let Waiter::Node { node: from, .. } = call.waiter else {
            return core.finish(handle, Err(Reason::NoRoute));
        };
        let (entry, before) = (call.value, call.want);
        let expected = match self.copies.role {
            Role::Replica { from: source, .. } => source == from,
            Role::Primary => self.copies.peers.iter().any(|p| p.way.node == from && p.mutual),
            Role::Out => false,
        };
        // What a sender that has died had still on its way is lost with its connection.
        let alive = core.boards[from as usize].up;
        if !core.boards[self.node as usize].up || !expected || !alive {
            return core.finish(handle, Err(Reason::ConnectionLost));
        }
        core.enter(handle);
        let streams = &mut self.copies.streams;
        let i = match streams.iter().position(|stream| stream.from == from) {
            Some(i) => i,
            None => {
                streams.push(Stream {
                    from,
                    received: 0,
                    applied: 0,
                    early: BTreeMap::new(),
                });
                streams.len() - 1
            }
        };
        let stream = &mut streams[i];
        if entry <= stream.received {
            // It came before.
            return core.finish(handle, Ok(()));
        }
        if before > stream.received {
            stream.early.insert(entry, handle);
            if let Some(call) = core.call(handle) {
                call.stage = EARLY;
            }
            return;
        }
        self.relay(core, i, handle, entry);
        loop {
            let stream = &mut self.copies.streams[i];
            let Some((entry, handle)) = stream.early.first_key_value() else {
                break;
            };
            let (entry, handle) = (*entry, *handle);
            let fits = core.call(handle).is_none_or(|call| call.want <= stream.received);
            if !fits {
                break;
            }
            stream.early.remove(&entry);
            if entry <= stream.received {
                core.finish(handle, Ok(()));
            } else {
                self.relay(core, i, handle, entry);
            }
        }
        self.apply_next(core);
    }

    /// A write that came in its turn waits to be applied.
    fn relay(&mut self, core: &mut Core, stream: usize, handle: Handle, entry: u64) {
        self.copies.streams[stream].received = entry;
        if let Some(call) = core.call(handle) {
            call.stage = RELAYED;
            self.copies.line.push_back(handle);
        }
    }

    fn apply_next(&mut self, core: &mut Core) {
        let stretch = core.stretch(self.node);
        if self.copies.applying {
            return;
        }
        while let Some(handle) = self.copies.line.front().copied() {
            let Some(call) = core.call(handle).filter(|call| call.stage == RELAYED) else {
                self.copies.line.pop_front();
                continue;
            };
            call.stage = APPLIES;
            self.copies.applying = true;
            let ns = self.copies.apply.sample_key(mix(call.key, APPLY)) * stretch;
            return core.wait(handle, ns_from_secs(ns / 1e9));
        }
    }

    /// A write has been applied here.
    pub(super) fn applied(&mut self, core: &mut Core, handle: Handle) {
        let now = core.now;
        self.copies.applying = false;
        self.copies.line.pop_front();
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        if let Waiter::Node { node: from, .. } = call.waiter {
            let mut streams = self.copies.streams.iter_mut();
            if let Some(stream) = streams.find(|stream| stream.from == from) {
                stream.applied = call.value;
            }
        }
        let entry = Entry {
            at_ns: call.origin,
            version: call.since_ns,
            before: call.wrote,
            dataset: call.held,
            row: call.row,
            person: call.person,
            amount: call.pc,
            inserts: call.end == 1,
        };
        self.copies.last_commit_ns = entry.at_ns;
        self.copies.learn(entry.version);
        if core.stats.in_focus(entry.at_ns) {
            self.counts.lag.record(now - entry.at_ns);
        }
        core.boards[self.node as usize].lag_ns = now - entry.at_ns;
        let accepted = self.merge(core, &entry);
        self.take_over(core, &entry, accepted);
        if matches!(self.copies.role, Role::Replica { .. }) {
            core.boards[self.node as usize].position = entry.version;
        }
        self.copies.append(entry);
        let refused = !accepted && self.copies.rule == Rule::Neither;
        core.finish(
            handle,
            if refused {
                Err(Reason::ConflictingWrite)
            } else {
                Ok(())
            },
        );
        self.ship(core);
        self.apply_next(core);
    }

    /// Rows of a write become rows here, if it stays.
    fn take_over(&mut self, core: &mut Core, entry: &Entry, stays: bool) {
        let Some(table) = self.table_of[entry.dataset as usize] else {
            return;
        };
        let table = &mut self.tables[table as usize];
        self.used += table.row_bytes;
        if entry.amount > 0 && stays {
            let missing = table.book.sell(entry.row, entry.amount);
            if self.copies.tracks {
                self.counts.oversold += u64::from(missing);
            }
        }
        if entry.inserts {
            let rule = match stays {
                true => OnConflict::LastWins,
                false => OnConflict::FirstWins,
            };
            let inserted = table.book.insert(entry.row, entry.person, rule);
            table.book.seen(entry.row);
            self.used += table.row_bytes;
            if let Inserted::Taken { owner } = inserted
                && owner != entry.person
            {
                // Two primaries gave the same identifier away.
                self.counts.collisions += 1;
                let loser = if stays { owner } else { entry.person };
                core.add_stranger(entry.dataset, loser);
            }
        }
    }

    /// With several primaries: whether a write from elsewhere stays, against what was written here.
    fn merge(&mut self, core: &mut Core, entry: &Entry) -> bool {
        let copies = &mut self.copies;
        if !copies.tracks {
            return true;
        }
        let key = (entry.dataset, entry.row);
        let here = copies.versions.get(&key).copied();
        let new = Version {
            version: entry.version,
            at_ns: entry.at_ns,
        };
        let Some(here) = here.filter(|here| here.version != entry.before) else {
            copies.keep(key, new);
            return true;
        };
        let later = (entry.at_ns, entry.version) > (here.at_ns, here.version);
        let stays = match copies.rule {
            Rule::Last => later,
            Rule::First => !later,
            Rule::Neither => false,
        };
        let loser = if stays { here.version } else { entry.version };
        copies.forget_write(loser);
        if copies.rule == Rule::Neither {
            core.stats.cause(core.now, self.node, Reason::ConflictingWrite);
        } else if stays && here.version >> POSITION_BITS == copies.lineage {
            self.counts.lost += 1;
        }
        if stays {
            copies.keep(key, new);
        }
        stays
    }

    /// Writes that this copy has not applied.
    pub(super) fn backlog(&self, core: &Core) -> f64 {
        match self.copies.role {
            Role::Replica { from, .. } => {
                let ahead = core.boards[from as usize].position;
                let known = self.copies.known_of(ahead >> POSITION_BITS);
                (ahead & POSITION).saturating_sub(known) as f64
            }
            _ => self.copies.line.len() as f64,
        }
    }
}

impl Peer {
    /// Whether a commit must wait until this one has the entry.
    fn waits_for(&self, entry: u64) -> bool {
        self.sync && !self.behind && self.acked < entry
    }
}

impl Copies {
    /// A row is written here: the version before.
    fn overwrite(&mut self, key: (u32, u64), version: u64, at_ns: u64) -> u64 {
        if !self.tracks {
            return 0;
        }
        let before = self.versions.get(&key).map_or(0, |version| version.version);
        self.keep(key, Version { version, at_ns });
        before
    }

    fn keep(&mut self, key: (u32, u64), version: Version) {
        if self.versions.len() >= MOST_ROWS && !self.versions.contains_key(&key) {
            self.versions.pop_first();
        }
        self.versions.insert(key, version);
    }

    fn forget_write(&mut self, version: u64) {
        if self.overwritten.len() >= MOST_ROWS {
            self.overwritten.pop_first();
        }
        self.overwritten.insert(version);
    }
}
