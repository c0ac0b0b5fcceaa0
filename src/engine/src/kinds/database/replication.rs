//! What a database knows about copies: its log, who gets it, what it has applied of others' logs.
//!
//! Every write gets the next position of its primary's log. A version is a position and whose log it is.
//! What a copy has applied is what a read there sees. How writes go out (`shipping`), come in (`applying`)
//! and who takes over (`failover`) must not live here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use archplay_kernel::{Deadlines, Handle, Sampler, ns_from_secs};
use archplay_model::catalogue::database as spec;
use archplay_model::{Component, Kind};
use archplay_report::Reason;

use super::agreeing::Agreement;
use super::peers::{Entry, Peer};
use crate::compile::{Compiler, spread_of};
use crate::core::{Core, Outcome};
use crate::plant::{LinkId, NodeId};

/// Bits of a version that count positions; above them stands whose log it is.
pub(super) const POSITION_BITS: u32 = 48;
pub(super) const POSITION: u64 = (1 << POSITION_BITS) - 1;
/// The most writes kept for a copy that does not take them; then it begins anew from a copy of the whole.
pub(super) const MOST_LOG: usize = 262_144;
/// The most rows whose version is kept, and overwritten versions remembered, with several primaries.
pub(super) const MOST_ROWS: usize = 1_000_000;
/// How often a copy that could not be reached is tried again, and a source looked at.
pub(super) const RETRY_NS: u64 = 1_000_000_000;
/// What a database is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Primary,
    /// Takes no writes but those of this one, which come over this link.
    Replica {
        from: NodeId,
        link: LinkId,
    },
    /// Another has taken over: it stays out.
    Out,
}

/// Which of two writes stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Last,
    First,
    Neither,
}

/// What comes from one sender.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) from: NodeId,
    pub(super) received: u64,
    pub(super) applied: u64,
    /// Messages that came before their turn.
    pub(super) early: BTreeMap<u64, Handle>,
}

/// The version of a row, with several primaries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub(super) version: u64,
    pub(super) at_ns: u64,
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
    /// The link over which it got its log before it took over: whoever takes over from it comes that way, if no
    /// link of their own is drawn.
    pub(super) came_by: Option<LinkId>,
    /// How much of this one's log the successor has.
    pub(super) successor_has: u64,
    /// It rejoined and has not caught up yet: it does not take over by itself.
    pub(super) behind: bool,
    /// Whether the source is looked at from time to time.
    pub(super) watching: bool,
    pub(super) lineage: u64,
    pub(super) position: u64,
    /// For each log how far it has been applied here.
    pub(super) known: Vec<(u64, u64)>,
    /// Of these logs, what came after was lost, as far as it does not come yet.
    pub(super) cut_off: Vec<(u64, u64)>,
    /// Of these logs, what came after the one position and up to the other is lost for good.
    pub(super) gone: Vec<(u64, u64, u64)>,
    /// The version applied last.
    pub(super) latest: u64,
    pub(super) log: VecDeque<Entry>,
    pub(super) first: u64,
    pub(super) peers: Vec<Peer>,
    pub(super) streams: Vec<Stream>,
    pub(super) line: VecDeque<Handle>,
    pub(super) applying: bool,
    pub(super) apply: Sampler,
    /// Mean time of it, in nanoseconds.
    pub(super) apply_ns: f64,
    pub(super) rule: Rule,
    /// Several primaries write the same rows.
    pub(super) tracks: bool,
    pub(super) versions: BTreeMap<(u32, u64), Version>,
    pub(super) overwritten: BTreeSet<u64>,
    pub(super) refused: BTreeSet<u64>,
    pub(super) agreement: Agreement,
    /// Commits that wait for copies: entry, call.
    pub(super) syncs: VecDeque<(u64, Handle)>,
    pub(super) sync_waits: Option<Deadlines<(Handle, u64)>>,
    pub(super) retrying: bool,
    pub(super) last_commit_ns: u64,
    /// Its rows may come from another shard.
    pub(super) grows: bool,
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
        let own_log = tracks || compiler.has_double(node as usize);
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
            came_by: None,
            successor_has: 0,
            behind: false,
            watching: false,
            lineage: if own_log { u64::from(node) + 1 } else { 0 },
            position: 0,
            known: Vec::new(),
            cut_off: Vec::new(),
            gone: Vec::new(),
            latest: 0,
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
            apply_ns: component.number(&spec::APPLY_MS) * 1e6,
            rule: match component.text(&spec::CONFLICT) {
                "first_write_wins" => Rule::First,
                "error" => Rule::Neither,
                _ => Rule::Last,
            },
            tracks,
            versions: BTreeMap::new(),
            overwritten: BTreeSet::new(),
            refused: BTreeSet::new(),
            agreement: Agreement::default(),
            syncs: VecDeque::new(),
            sync_waits: None,
            retrying: false,
            last_commit_ns: 0,
            grows: false,
        }
    }

    /// The version that a read here sees.
    pub(super) fn version(&self) -> u64 {
        match self.role {
            Role::Replica { .. } => self.latest,
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
        let mut gone = self.gone.iter();
        if gone.any(|(of, after, to)| *of == lineage && position > *after && position <= *to) {
            return Err(Reason::LostWrite);
        }
        let own = self.role == Role::Primary && lineage == self.lineage;
        // A row that came from another shard brought that one's position with it.
        if own && (self.grows || position <= self.position) || self.known_of(lineage) >= position {
            return Ok(());
        }
        let mut cut_off = self.cut_off.iter();
        Err(
            if cut_off.any(|(of, after)| *of == lineage && position > *after) {
                Reason::LostWrite
            } else {
                Reason::StaleRead
            },
        )
    }

    /// How far a log has been applied here.
    pub(super) fn known_of(&self, lineage: u64) -> u64 {
        let found = self.known.iter().find(|(of, _)| *of == lineage);
        found.map_or(0, |(_, position)| *position)
    }

    pub(super) fn learn(&mut self, version: u64) {
        self.latest = version;
        let (lineage, position) = (version >> POSITION_BITS, version & POSITION);
        match self.known.iter_mut().find(|(of, _)| *of == lineage) {
            Some((_, known)) => *known = position.max(*known),
            None => self.known.push((lineage, position)),
        }
    }

    /// The last entry of the log.
    pub(super) fn last(&self) -> u64 {
        self.first + self.log.len() as u64 - 1
    }

    pub(super) fn append(&mut self, entry: Entry) -> u64 {
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
    pub(super) fn trim(&mut self) {
        let acked = self.peers.iter().map(|peer| peer.acked).min();
        while !self.log.is_empty() && acked.is_some_and(|acked| acked >= self.first) {
            self.log.pop_front();
            self.first += 1;
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

    /// Everyone who gets the log.
    pub(super) fn peer_nodes(&self) -> Vec<NodeId> {
        self.peers.iter().map(|peer| peer.way.node).collect()
    }
}

pub(super) const fn stamp(lineage: u64, position: u64) -> u64 {
    lineage << POSITION_BITS | position
}

impl Copies {
    /// A row is written here: the version before.
    pub(super) fn overwrite(&mut self, key: (u32, u64), version: u64, at_ns: u64) -> u64 {
        if !self.tracks {
            return 0;
        }
        let before = self.versions.get(&key).map_or(0, |version| version.version);
        self.keep(key, Version { version, at_ns });
        before
    }

    pub(super) fn keep(&mut self, key: (u32, u64), version: Version) {
        if self.versions.len() >= MOST_ROWS && !self.versions.contains_key(&key) {
            self.versions.pop_first();
        }
        self.versions.insert(key, version);
    }

    pub(super) fn forget_write(&mut self, version: u64) {
        put(&mut self.overwritten, version);
    }
}

/// Remembers a version, and forgets the oldest of too many.
pub(super) fn put(versions: &mut BTreeSet<u64>, version: u64) {
    if versions.len() >= MOST_ROWS {
        versions.pop_first();
    }
    versions.insert(version);
}
