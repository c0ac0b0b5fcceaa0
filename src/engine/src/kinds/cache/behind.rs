//! Write-behind: writes that were acknowledged and that the store does not have yet.
//!
//! Several writes to one row become one write to the store, which is what makes it cheap, and all of them
//! are lost together when the cache dies before.

use archplay_kernel::{Deadlines, TimerId, mix};

use super::shard::key_of;
use crate::core::{Answer, Core};
use crate::keyed::Keyed;
use crate::plant::{Ask, AskId, NOBODY, NodeId};

/// Writes to one row.
#[derive(Clone, Copy, Debug)]
struct Dirty {
    ask: AskId,
    row: u64,
    count: u32,
}

/// All that waits for the store.
#[derive(Clone, Debug)]
pub(super) struct Behind {
    dirty: Keyed<Dirty>,
    due: Deadlines<u64>,
    /// Acknowledged writes that wait here, and that are on their way to the store.
    waiting: u64,
    sent: u64,
    /// Acknowledged writes that the store will never have.
    pub lost: u64,
    /// Rises with each death, so that answers to what was sent before are known.
    life: u32,
}

impl Behind {
    pub(super) fn new(after_ns: u64, timer: TimerId) -> Self {
        Self {
            dirty: Keyed::default(),
            due: Deadlines::new(after_ns, timer),
            waiting: 0,
            sent: 0,
            lost: 0,
            life: 0,
        }
    }

    /// Whether the store has an older row than the cache.
    pub(super) fn is_dirty(&self, key: u64) -> bool {
        self.dirty.get(key, 0).is_some()
    }

    /// Writes that the store does not have.
    pub(super) const fn backlog(&self) -> u64 {
        self.waiting + self.sent
    }

    /// Keeps a write for later.
    pub(super) fn keep(&mut self, core: &mut Core, key: u64, ask: AskId, row: u64, count: u32) {
        self.waiting += u64::from(count);
        if let Some(dirty) = self.dirty.get_mut(key, 0) {
            dirty.count = dirty.count.saturating_add(count);
        } else {
            self.dirty.put(key, 0, u64::MAX, Dirty { ask, row, count });
            self.due.add(core.now, key, &mut core.queue);
        }
    }

    /// Sends what has waited long enough.
    pub(super) fn flush(&mut self, core: &mut Core, node: NodeId) {
        while let Some(key) = self.due.pop_due(core.now) {
            let Some(dirty) = self.dirty.remove(key) else {
                continue;
            };
            self.waiting -= u64::from(dirty.count);
            let tag = (u64::from(self.life) << 32) | u64::from(dirty.count);
            let draws = mix(mix(core.plant.nodes[node as usize].salt, key), core.now);
            let way = core
                .route(node, dirty.ask)
                .and_then(|route| core.choose_own(route, dirty.ask, dirty.row, draws));
            let Some(way) = way else {
                self.lost += u64::from(dirty.count);
                continue;
            };
            self.sent += u64::from(dirty.count);
            let mut call = core.own_call(node, tag, dirty.ask, way.node, draws);
            call.row = dirty.row;
            core.send(call, way, NOBODY);
        }
        let dirty = &self.dirty;
        self.due
            .rearm(&mut core.queue, |key| dirty.get(*key, 0).is_some());
    }

    /// The store has answered: the row it is about, if it has it now. Otherwise the write waits again.
    pub(super) fn answered(&mut self, core: &mut Core, answer: &Answer) -> Option<u64> {
        let (life, count) = ((answer.tag >> 32) as u32, answer.tag as u32);
        self.sent = self.sent.saturating_sub(u64::from(count));
        let Ask::Data { statement } = core.plant.asks[answer.ask as usize] else {
            return None;
        };
        let key = key_of(
            core.plant.statements[statement as usize].dataset,
            answer.row,
        );
        if answer.result.is_ok() {
            return Some(key);
        }
        if life == self.life {
            self.keep(core, key, answer.ask, answer.row, count);
        } else {
            self.lost += u64::from(count);
        }
        None
    }

    /// A part of the cache dies, and what waited in it is gone.
    pub(super) fn lose(&mut self, gone: impl Fn(u64) -> bool) {
        let keys: Vec<u64> = self.dirty.keys().filter(|key| gone(*key)).collect();
        for key in keys {
            if let Some(dirty) = self.dirty.remove(key) {
                self.waiting -= u64::from(dirty.count);
                self.lost += u64::from(dirty.count);
            }
        }
    }

    /// The cache dies, and what waited in it is gone.
    pub(super) fn die(&mut self) {
        self.lost += self.waiting;
        self.waiting = 0;
        self.life = self.life.wrapping_add(1);
        self.dirty.clear();
    }
}
