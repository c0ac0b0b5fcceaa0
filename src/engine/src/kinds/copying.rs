//! Stores of one kind that are linked send each other what is written, after the fact: tables and buckets in
//! several regions.
//!
//! A writer never waits for the others. What could not be delivered is kept and sent again; what arrives twice
//! counts once. Two that are linked both ways take writes both: of two writes to one row that did not know of
//! each other the later stays. What a store does to take a write in lives with the kinds.

use std::collections::{BTreeMap, BTreeSet};

use archplay_kernel::{Handle, Histogram, mix};
use archplay_model::Component;
use archplay_report::{Measure, Reason};

use crate::compile::Compiler;
use crate::core::{Answer, Call, Core, Waiter};
use crate::plant::{Ask, LinkId, NOBODY, NodeId, Way};

/// Bits of a version that count positions; above them stands whose writes are counted.
const POSITION_BITS: u32 = 48;
const POSITION: u64 = (1 << POSITION_BITS) - 1;
/// How often what could not be delivered is sent again.
const RETRY_NS: u64 = 1_000_000_000;
/// The most writes kept for one that does not take them; then it goes on from a copy of the whole.
const MOST_KEPT: usize = 262_144;
/// The most rows whose version is remembered, and writes that were overwritten.
const MOST_ROWS: usize = 1_000_000;

/// A write on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Write {
    pub at_ns: u64,
    pub version: u64,
    /// The version of the row before.
    pub before: u64,
    pub dataset: u32,
    pub row: u64,
    pub person: u64,
    /// Pieces taken.
    pub amount: u32,
    /// The identifier of a row that was added; 0 for none.
    pub id: u64,
}

/// What has come of somebody's writes.
#[derive(Clone, Debug, Default)]
struct Known {
    /// Everything up to here.
    upto: u64,
    /// What came before its turn.
    early: BTreeSet<u64>,
}

impl Known {
    fn has(&self, position: u64) -> bool {
        position <= self.upto || self.early.contains(&position)
    }

    /// `floor` is the first position that the sender still keeps: all before it need not be waited for.
    fn learn(&mut self, position: u64, floor: u64) {
        self.early.insert(position);
        self.upto = self.upto.max(floor.saturating_sub(1));
        while let Some(first) = self.early.first().copied()
            && first <= self.upto + 1
        {
            self.upto = self.upto.max(first);
            self.early.pop_first();
        }
    }
}

/// Somebody who gets what is written here.
#[derive(Clone, Debug)]
struct Peer {
    way: Way,
    /// A copy of this one: it also gets what came from elsewhere.
    copy: bool,
    /// What it has not got, by version, and which of it is not on its way.
    kept: BTreeMap<u64, Write>,
    unsent: BTreeSet<u64>,
}

/// A store's part in a table that several have.
#[derive(Clone, Debug)]
pub(super) struct Copying {
    node: NodeId,
    lineage: u64,
    /// Nobody gets its writes, nor does it get others'.
    alone: bool,
    /// It takes no writes but those of its source.
    pub read_only: bool,
    peers: Vec<Peer>,
    known: BTreeMap<u64, Known>,
    versions: BTreeMap<(u32, u64), (u64, u64)>,
    overwritten: BTreeSet<u64>,
    planned: bool,
    lag: Histogram,
    /// Writes of this one that another's has replaced, and pieces sold twice.
    pub lost: u64,
}

impl Copying {
    /// `None` for a store that has no link to or from another of its kind, and no double: whose writes are whose
    /// does not matter there.
    pub(super) fn new(
        compiler: &Compiler<'_>,
        component: &Component,
        node: NodeId,
    ) -> Option<Box<Self>> {
        let kind = |node: NodeId| compiler.plant.nodes[node as usize].kind;
        let ways = compiler.out_ways(component).into_iter();
        let peers: Vec<Peer> = ways
            .filter(|way| kind(way.node) == component.kind && way.node != node)
            .map(|way| Peer {
                copy: compiler.placement.replica_of(way.node as usize) == Some(node as usize),
                way,
                kept: BTreeMap::new(),
                unsent: BTreeSet::new(),
            })
            .collect();
        let mut askers = compiler.plant.nodes[node as usize].askers.iter();
        let fed = askers.any(|from| kind(*from) == component.kind && *from != node);
        let alone = !fed && peers.is_empty();
        (!alone || compiler.has_double(node as usize)).then(|| {
            Box::new(Self {
                node,
                lineage: u64::from(node) + 1,
                alone,
                read_only: compiler.placement.replica_of(node as usize).is_some(),
                peers,
                known: BTreeMap::new(),
                versions: BTreeMap::new(),
                overwritten: BTreeSet::new(),
                planned: false,
                lag: Histogram::default(),
                lost: 0,
            })
        })
    }

    /// The version of this store's write at a position.
    pub(super) const fn stamp(&self, position: u64) -> u64 {
        self.lineage << POSITION_BITS | position
    }

    /// Whether a read here must not be answered to whoever has written this version, and why.
    pub(super) fn refuses(&self, want: u64) -> Option<Reason> {
        if want == 0 {
            return None;
        }
        if self.overwritten.contains(&want) {
            return Some(Reason::LostWrite);
        }
        let (lineage, position) = (want >> POSITION_BITS, want & POSITION);
        let known = self.known.get(&lineage);
        let seen = lineage == self.lineage || known.is_some_and(|known| known.has(position));
        // A version without a lineage is not of a table that several have.
        (!seen && lineage != 0).then_some(Reason::StaleRead)
    }

    /// A row is written here: it goes out to the others.
    pub(super) fn wrote(&mut self, core: &mut Core, mut write: Write) {
        let key = (write.dataset, write.row);
        if self.alone {
            return;
        }
        write.before = self.versions.get(&key).map_or(0, |(version, _)| *version);
        self.keep_version(key, (write.version, write.at_ns));
        self.pass_on(core, write);
    }

    /// To all who have to get it from here.
    fn pass_on(&mut self, core: &mut Core, write: Write) {
        let own = write.version >> POSITION_BITS == self.lineage;
        for index in 0..self.peers.len() {
            let peer = &mut self.peers[index];
            if !own && !peer.copy {
                continue;
            }
            peer.kept.insert(write.version, write);
            if peer.kept.len() > MOST_KEPT
                && let Some((oldest, _)) = peer.kept.pop_first()
            {
                peer.unsent.remove(&oldest);
            }
            self.send(core, index, write.version);
        }
    }

    fn send(&mut self, core: &mut Core, index: usize, version: u64) {
        let peer = &mut self.peers[index];
        let Some(write) = peer.kept.get(&version).copied() else {
            return;
        };
        let way = peer.way;
        let reachable = core.boards[way.node as usize].up && !core.links[way.link as usize].cut;
        if !reachable {
            peer.unsent.insert(version);
            return self.plan(core);
        }
        peer.unsent.remove(&version);
        let begin = version & !POSITION;
        let first = peer.kept.range(begin..).next();
        let floor = first.map_or(version, |(version, _)| *version) & POSITION;
        let salt = mix(core.plant.seed, core.plant.nodes[way.node as usize].salt);
        let key = mix(salt, version);
        let mut call = core.own_call(self.node, version, core.plant.replicate, way.node, key);
        (call.want, call.value) = (floor, write.id);
        (call.origin, call.person, call.row) = (write.at_ns, write.person, write.row);
        (call.since_ns, call.wrote, call.held) = (version, write.before, write.dataset);
        call.pc = write.amount;
        if far(core, way.link) {
            let bytes = core.plant.datasets[write.dataset as usize].row_bytes;
            core.boards[self.node as usize].bytes_far += u64::from(bytes);
        }
        core.send(call, way, NOBODY);
    }

    fn plan(&mut self, core: &mut Core) {
        if !std::mem::replace(&mut self.planned, true) {
            core.wake_node(self.node, RETRY_TIMER, core.now + RETRY_NS);
        }
    }

    /// The time to try again has come.
    pub(super) fn retry(&mut self, core: &mut Core) {
        self.planned = false;
        if !core.boards[self.node as usize].up {
            return self.plan(core);
        }
        for index in 0..self.peers.len() {
            for version in std::mem::take(&mut self.peers[index].unsent) {
                self.send(core, index, version);
            }
        }
    }

    /// Another has answered what was sent to it.
    pub(super) fn answered(&mut self, core: &mut Core, answer: &Answer) {
        let mut peers = self.peers.iter_mut();
        let Some(peer) = peers.find(|peer| peer.way.node == answer.node) else {
            return;
        };
        if answer.result.is_ok() {
            peer.kept.remove(&answer.tag);
        } else if peer.kept.contains_key(&answer.tag) {
            peer.unsent.insert(answer.tag);
            self.plan(core);
        }
    }

    /// A write of another is taken in. `Some` with it if its rows become rows here.
    pub(super) fn take(&mut self, core: &mut Core, call: &Call) -> Option<Write> {
        let write = Write {
            at_ns: call.origin,
            version: call.since_ns,
            before: call.wrote,
            dataset: call.held,
            row: call.row,
            person: call.person,
            amount: call.pc,
            id: call.value,
        };
        let lineage = write.version >> POSITION_BITS;
        let known = self.known.entry(lineage).or_default();
        let position = write.version & POSITION;
        if lineage == self.lineage || known.has(position) {
            return None;
        }
        known.learn(position, call.want);
        self.pass_on(core, write);
        if core.stats.in_focus(write.at_ns) {
            self.lag.record(core.now - write.at_ns);
        }
        let key = (write.dataset, write.row);
        let here = self.versions.get(&key).copied();
        if let Some((version, at_ns)) = here.filter(|(version, _)| *version != write.before) {
            let later = (write.at_ns, write.version) > (at_ns, version);
            let loser = if later { version } else { write.version };
            self.lost += u64::from(later && version >> POSITION_BITS == self.lineage);
            if self.overwritten.len() >= MOST_ROWS {
                self.overwritten.pop_first();
            }
            self.overwritten.insert(loser);
            if !later {
                return Some(write);
            }
        }
        self.keep_version(key, (write.version, write.at_ns));
        Some(write)
    }

    fn keep_version(&mut self, key: (u32, u64), version: (u64, u64)) {
        if self.versions.len() >= MOST_ROWS && !self.versions.contains_key(&key) {
            self.versions.pop_first();
        }
        self.versions.insert(key, version);
    }

    /// Writes that others have not got.
    pub(super) fn measures(&self, out: &mut Vec<(Measure, f64)>) {
        if !self.known.is_empty() {
            out.extend([
                (Measure::LagMean, self.lag.mean_ms()),
                (Measure::LagP50, self.lag.quantile_ms(0.5)),
                (Measure::LagP95, self.lag.quantile_ms(0.95)),
                (Measure::LagP99, self.lag.quantile_ms(0.99)),
            ]);
        }
        if self.alone {
            return;
        }
        let behind: usize = self.peers.iter().map(|peer| peer.kept.len()).sum();
        out.push((Measure::LagBacklog, behind as f64));
    }
}

/// The timer with which a store tries again.
pub(super) const RETRY_TIMER: u32 = 0x636f_7079;

fn far(core: &Core, link: LinkId) -> bool {
    core.plant.links.get(link as usize).is_some_and(|l| l.far)
}

/// Whether a call brings a write of another store.
pub(super) fn brings_write(core: &Core, handle: Handle) -> bool {
    core.calls.get(handle).is_some_and(|call| {
        core.plant.asks[call.ask as usize] == Ask::Replicate
            && matches!(call.waiter, Waiter::Node { .. })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_of_turn_counts_once_and_closes_the_gap_later() {
        let mut known = Known::default();
        known.learn(1, 1);
        known.learn(4, 2);
        assert!(known.has(1) && known.has(4) && !known.has(2));
        known.learn(2, 2);
        known.learn(3, 3);
        assert_eq!((known.upto, known.early.len()), (4, 0));
        // The sender keeps nothing before 9 any more.
        known.learn(9, 9);
        assert_eq!(known.upto, 9);
    }
}
