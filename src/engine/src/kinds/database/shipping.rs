//! The primary's side of copies: every write goes out at once, one message each, over the link as it is.
//!
//! A commit waits for synchronous copies. What could not be delivered is sent again, in order, once the
//! other side can be reached. What a copy does with a write must not live here.

use archplay_kernel::{Deadlines, Handle, mix};
use archplay_report::{EventCode, Reason};

use super::applying::UNTOLD;
use super::change::Change;
use super::peers::{Entry, WINDOW, tag};
use super::replication::{POSITION_BITS, RETRY_NS, Role, stamp};
use super::{Database, RETRY_TIMER, SYNC_TIMER, SYNCS};
use crate::core::{Answer, Core, Phase};
use crate::plant::{NOBODY, Way};

/// How long a commit waits for a synchronous copy before it goes on without: 10 s is MySQL's default
/// (`rpl_semi_sync_source_timeout`).
const SYNC_NS: u64 = 10_000_000_000;

impl Database {
    pub(super) fn begin_copies(&mut self, core: &mut Core) {
        let timer = core.add_timer(self.node, SYNC_TIMER);
        self.copies.sync_waits = Some(Deadlines::new(SYNC_NS, timer));
        self.begin_watch(core);
    }

    /// A write is durable here: it gets its place in the log, goes out, and is answered once those have it
    /// for whom it must wait.
    pub(super) fn record(&mut self, core: &mut Core, handle: Handle, change: Change) {
        if self.defers(core, handle) {
            return self.defer(core, handle, change);
        }
        let now = core.now;
        let left = self.left_of(&change);
        let copies = &mut self.copies;
        copies.position += 1;
        let version = stamp(copies.lineage, copies.position);
        let Some(call) = core.call(handle) else {
            return;
        };
        call.wrote = version;
        (call.stage, call.since_ns) = (SYNCS, now);
        let transaction = call.transaction;
        let before = copies.overwrite(change.key(), version, now);
        if change.counts() {
            self.undo.logged(transaction, change.key(), version);
        }
        let entry = copies.append(Entry {
            at_ns: now,
            version,
            before,
            change,
            left,
            ..Entry::default()
        });
        self.answer_once_there(core, handle, entry, version);
    }

    /// Sends what is in the log, and answers a write once those have it for whom it must wait.
    pub(super) fn answer_once_there(
        &mut self,
        core: &mut Core,
        handle: Handle,
        entry: u64,
        version: u64,
    ) {
        self.ship(core);
        if !self.copies.waits(core, entry) {
            self.copies.agreement.agreed(entry);
            return self.answer_write(core, handle, version);
        }
        self.copies.syncs.push_back((entry, handle));
        if let Some(waits) = &mut self.copies.sync_waits {
            waits.add(core.now, (handle, entry), &mut core.queue);
        }
    }

    /// Sends what has not been sent.
    pub(super) fn ship(&mut self, core: &mut Core) {
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
        for peer in &mut self.copies.peers {
            peer.pass_skipped();
        }
        self.see_who_caught_up(core);
        self.copies.trim();
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
        let salt = mix(core.plant.seed, core.plant.nodes[way.node as usize].salt);
        let key = mix(salt, entry.version);
        let mut call = core.own_call(self.node, tag, core.plant.replicate, way.node, key);
        let change = &entry.change;
        (call.want, call.value) = (before, index);
        (call.origin, call.person, call.row) = (entry.at_ns, change.person, change.row);
        (call.since_ns, call.wrote, call.held) = (entry.version, entry.before, change.dataset);
        (call.pc, call.end) = (change.amount, entry.marks());
        call.rescue = change.less.cast_unsigned();
        call.wants = entry.left.unwrap_or(UNTOLD).cast_unsigned();
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
            let reachable =
                core.boards[peer.way.node as usize].up && !core.links[peer.way.link as usize].cut;
            peer.down &= !reachable || peer.whole_at.is_some();
        }
        self.ship(core);
        if self.copies.peers.iter().any(|peer| peer.down) {
            self.retry_soon(core);
        }
    }

    /// A copy has applied an entry, or could not be reached.
    pub(super) fn acknowledged(&mut self, core: &mut Core, answer: &Answer) {
        let (i, round) = ((answer.tag >> 56) as usize, (answer.tag >> 40) as u16);
        let Some(peer) = self.copies.peers.get_mut(i) else {
            return;
        };
        if peer.round != round || peer.way.node != answer.node {
            return;
        }
        peer.inflight = peer.inflight.saturating_sub(1);
        let entry = answer.value;
        match answer.result {
            Ok(()) | Err(Reason::ConflictingWrite) => {
                peer.has(entry);
                self.see_who_caught_up(core);
                if answer.result.is_err() {
                    self.counts.lost += u64::from(self.copies.refused_by_other(entry));
                }
            }
            Err(_) => {
                peer.lose();
                peer.fall_behind(core);
                self.retry_soon(core);
            }
        }
        self.answer_syncs(core);
        self.ship(core);
    }

    /// Commits wait again for those who have all that is in the log.
    fn see_who_caught_up(&mut self, core: &mut Core) {
        let last = self.copies.last();
        for peer in &mut self.copies.peers {
            if peer.behind && peer.acked >= last {
                peer.behind = false;
                if peer.sync {
                    core.note(EventCode::CopyCaughtUp, peer.way.node, 0, 0);
                }
            }
        }
    }

    /// Answers the commits that need not wait any longer, in order.
    pub(super) fn answer_syncs(&mut self, core: &mut Core) {
        while let Some((entry, handle)) = self.copies.syncs.front().copied() {
            let here = core
                .calls
                .get(handle)
                .filter(|call| call.stage == SYNCS && call.phase == Phase::Inside);
            let version = here.map(|call| call.wrote);
            if version.is_some() && self.copies.waits(core, entry) {
                break;
            }
            self.copies.syncs.pop_front();
            let refused = self.copies.refused.remove(&entry);
            match version {
                Some(_) if refused => self.refuse(core, handle, entry, Reason::ConflictingWrite),
                Some(version) => {
                    self.copies.agreement.agreed(entry);
                    self.answer_write(core, handle, version);
                }
                None => self.copies.agreement.agreed(entry),
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
            if still && self.copies.waits_to_agree(core, entry) {
                // Without an answer nobody knows whether it conflicts.
                self.refuse(core, handle, entry, Reason::CallTimeout);
            } else if still {
                let peers = self.copies.peers.iter_mut();
                for peer in peers.filter(|peer| peer.acked < entry) {
                    peer.fall_behind(core);
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
}
