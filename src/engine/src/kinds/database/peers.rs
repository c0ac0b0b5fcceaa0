//! Those who get the log, and what goes out to them. When something goes out must not live here.

use archplay_report::EventCode;

use super::change::Change;
use crate::core::Core;
use crate::plant::Way;

/// The most messages on their way to one copy.
pub(super) const WINDOW: u32 = 65_536;

/// A write in the log.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) at_ns: u64,
    pub(super) version: u64,
    /// The version of the row before; of one that takes back under the rule of agreement, what it takes back.
    pub(super) before: u64,
    pub(super) change: Change,
    /// It takes back a write of a transaction that failed.
    pub(super) undoes: bool,
    /// It has failed already: no other primary is to take it in.
    pub(super) void: bool,
    pub(super) moves: Moves,
    /// How many pieces the row says are left after it, where of two writes that conflict one replaces the other.
    /// Elsewhere `change` says enough.
    pub(super) left: Option<i32>,
}

/// What an entry says of rows that change their shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Moves {
    #[default]
    Nothing,
    /// What is known of one of them.
    Row,
    /// How many they are (`person`), on how many pages (`amount`).
    Pages,
}

impl Entry {
    /// Its marks in one word.
    pub(super) fn marks(&self) -> u32 {
        let moves = match self.moves {
            Moves::Nothing => 0,
            Moves::Row => 8,
            Moves::Pages => 16,
        };
        u32::from(self.change.inserts)
            | u32::from(self.undoes) << 1
            | u32::from(self.void) << 2
            | moves
    }
}

impl Moves {
    /// From the marks of an entry.
    pub(super) const fn of(marks: u32) -> Self {
        match marks & 24 {
            8 => Self::Row,
            16 => Self::Pages,
            _ => Self::Nothing,
        }
    }
}

/// Somebody who gets the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) way: Way,
    /// A primary of its own: it gets what was written here, not what came from elsewhere.
    pub(super) mutual: bool,
    pub(super) sync: bool,
    /// The next entry to be sent, and the one sent before it.
    pub(super) next: u64,
    pub(super) sent: u64,
    /// Everything up to here needs not be sent again; and the last entry that it has said it has.
    pub(super) acked: u64,
    pub(super) got: u64,
    pub(super) inflight: u32,
    /// Tells answers to earlier messages apart, after something was lost.
    pub(super) round: u16,
    /// It cannot be reached.
    pub(super) down: bool,
    /// It is so far behind that commits do not wait for it.
    pub(super) behind: bool,
    /// It has missed what is in no log for it: when it will have been handed that.
    pub(super) whole_at: Option<u64>,
}

impl Peer {
    pub(super) fn new(way: Way, mutual: bool, sync: bool, next: u64) -> Self {
        Self {
            way,
            mutual,
            sync,
            next,
            sent: 0,
            acked: next - 1,
            got: 0,
            inflight: 0,
            round: 0,
            down: false,
            behind: false,
            whole_at: None,
        }
    }

    /// What is on its way to it will not arrive: everything after what it has acknowledged is sent again.
    pub(super) fn lose(&mut self) {
        self.round = self.round.wrapping_add(1);
        (self.inflight, self.next, self.sent) = (0, self.acked + 1, self.got);
        self.down = true;
    }

    /// It has this entry, and with it all before.
    pub(super) fn has(&mut self, entry: u64) {
        self.got = self.got.max(entry);
        self.acked = self.acked.max(entry);
    }

    /// Nothing is on its way to it: what it does not get at all counts as had.
    pub(super) fn pass_skipped(&mut self) {
        if self.inflight == 0 && !self.down {
            self.acked = self.acked.max(self.next - 1);
        }
    }

    /// Commits do not wait for it until it has caught up.
    pub(super) fn fall_behind(&mut self, core: &mut Core) {
        if !std::mem::replace(&mut self.behind, true) && self.sync {
            core.note(EventCode::CopyBehind, self.way.node, 0, 0);
        }
    }

    /// Whether a commit must wait until this one has the entry; `asks` if it has to agree.
    pub(super) fn waits_for(&self, entry: u64, asks: bool) -> bool {
        (asks || self.sync && !self.behind) && self.acked < entry
    }
}

/// A peer, a round and an entry in one word, as the answer brings it back.
pub(super) const fn tag(peer: usize, round: u16, entry: u64) -> u64 {
    (peer as u64) << 56 | (round as u64) << 40 | entry & 0xff_ffff_ffff
}
