//! The connections of a proxy to one database. Who waits for how long must not live here.

use std::collections::VecDeque;

use archplay_kernel::Handle;
use archplay_report::Reason;

use crate::core::Core;
use crate::plant::{NodeId, Way};

/// Connections to one database.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// Who was meant, and who answers since the first connection was opened.
    pub(super) node: NodeId,
    pub(super) to: NodeId,
    /// Rises when all are lost, so that a borrowed one of before is not given back.
    pub(super) life: u32,
    pub(super) open: u64,
    pub(super) idle: u64,
    /// Clients with a connection of their own, and how many of these are at work.
    pub(super) pinned: u64,
    pub(super) pinned_busy: u64,
    /// Statements at work.
    pub(super) busy: u64,
    pub(super) line: VecDeque<(Handle, Way, u64)>,
}

impl Pool {
    pub(super) const fn new(node: NodeId) -> Self {
        Self {
            node,
            to: node,
            life: 0,
            open: 0,
            idle: 0,
            pinned: 0,
            pinned_busy: 0,
            busy: 0,
            line: VecDeque::new(),
        }
    }

    /// All connections are lost.
    pub(super) fn lose(&mut self) {
        self.life = self.life.wrapping_add(1);
        (self.open, self.idle, self.busy) = (0, 0, 0);
        (self.pinned, self.pinned_busy) = (0, 0);
    }

    /// Whether a statement comes over a client connection that has one of its own already. Which of so many
    /// client connections it uses is drawn among those that are not at work.
    pub(super) fn has_pinned(&self, clients: u64, draw: f64) -> bool {
        let free = clients.saturating_sub(self.busy).max(1);
        let own = self.pinned.saturating_sub(self.pinned_busy);
        own > 0 && draw * (free as f64) < own as f64
    }

    /// Another client has a connection of its own, and uses it.
    pub(super) fn pin(&mut self) {
        self.pinned += 1;
        self.pinned_busy += 1;
    }

    /// Takes a connection that nobody has, or opens one of at most `size`: whether there was one.
    ///
    /// # Errors
    /// Why none could be opened.
    pub(super) fn take(&mut self, core: &mut Core, size: u64, pins: bool) -> Result<bool, Reason> {
        if self.open > 0 && !core.boards[self.to as usize].up {
            self.lose();
        }
        if self.idle > 0 {
            self.idle -= 1;
            return Ok(true);
        }
        if self.open >= size {
            return Ok(false);
        }
        if self.open == 0 {
            self.to = core.answers(self.node);
        }
        match core.connect(self.to) {
            Ok(()) => {
                self.open += 1;
                Ok(true)
            }
            // The database has no more to give: those that are open go round.
            Err(Reason::DbConnectionLimit) if self.open > 0 && !pins => Ok(false),
            Err(reason) => Err(reason),
        }
    }
}
