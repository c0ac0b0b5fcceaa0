//! Taking over: a copy becomes the primary, by itself or by order, and what then becomes of the old one.
//!
//! A copy that takes over stops applying. What the old primary had acknowledged and it has not applied is
//! lost. How writes get from one to the other must not live here (`replication`).

use archplay_model::Kind;
use archplay_model::scenario::OnConflict;
use archplay_report::{EventCode, Reason};

use super::peers::{Entry, Moves};
use super::replication::{RETRY_NS, Role};
use super::{Database, PROMOTE_TIMER, WATCH_TIMER};
use crate::core::{Core, Notice};
use crate::plant::{LinkId, NodeId, Way};

impl Database {
    /// Those who keep copies of this one learn at once that it died or is back: their connections break.
    pub(super) fn tell_copies(&self, core: &mut Core, notice: Notice) {
        for to in self.copies.peer_nodes() {
            core.tell_one(to, self.node, notice);
        }
    }

    /// Whether the one it is a copy of can be reached.
    fn source_reachable(&self, core: &Core) -> bool {
        match self.copies.role {
            Role::Replica { from, link } => {
                core.boards[from as usize].up && !core.links[link as usize].cut
            }
            Role::Primary | Role::Out => true,
        }
    }

    /// Whether there is nobody to be a copy of: the source is gone, and so is whoever it is a copy of itself. Of a
    /// living primary nobody takes over only because a copy in between has died.
    fn primary_gone(&self, core: &Core) -> bool {
        let Role::Replica { from, .. } = self.copies.role else {
            return false;
        };
        let further = std::iter::successors(core.boards[from as usize].follows, |at| {
            core.boards[*at as usize].follows
        });
        // Whoever follows in a ring meets itself again.
        let mut further = further.take(core.boards.len());
        !self.source_reachable(core) && !further.any(|at| core.boards[at as usize].up)
    }

    /// Shows whose copy it is.
    pub(super) fn show_role(&self, core: &mut Core) {
        core.boards[self.node as usize].follows = match self.copies.role {
            Role::Replica { from, .. } => Some(from),
            Role::Primary | Role::Out => None,
        };
    }

    /// The source died or is back.
    pub(super) fn source_changed(&mut self, core: &mut Core, about: NodeId) {
        if matches!(self.copies.role, Role::Replica { from, .. } if from == about) {
            self.look_at_source(core);
        }
    }

    /// Looks at the source from time to time: a cut line tells nobody anything.
    pub(super) fn watch(&mut self, core: &mut Core) {
        self.copies.watching = matches!(self.copies.role, Role::Replica { .. });
        if self.copies.watching {
            self.look_at_source(core);
            core.wake_node(self.node, WATCH_TIMER, core.now + RETRY_NS);
        }
    }

    /// A copy that may take over begins to look at its source.
    pub(super) fn begin_watch(&mut self, core: &mut Core) {
        let copy = matches!(self.copies.role, Role::Replica { .. });
        if copy && self.copies.automatic && !self.copies.watching {
            self.copies.watching = true;
            core.wake_node(self.node, WATCH_TIMER, core.now + RETRY_NS);
        }
    }

    fn look_at_source(&mut self, core: &mut Core) {
        if !self.copies.automatic || !core.boards[self.node as usize].up {
            return;
        }
        if self.source_reachable(core) {
            if !self.copies.forced {
                self.copies.promote_at = None;
            }
            self.copies.behind &= self.backlog(core) > 0.0;
        } else if self.copies.promote_at.is_none() && !self.copies.behind && self.primary_gone(core)
        {
            self.begin_promotion(core);
        }
    }

    fn begin_promotion(&mut self, core: &mut Core) {
        let at = core.now.saturating_add(self.copies.promotion_ns);
        self.copies.promote_at = Some(at);
        core.wake_node(self.node, PROMOTE_TIMER, at);
    }

    /// A controller or a person orders a copy to take over; a dead primary passes the order on.
    pub(super) fn ordered_to_promote(&mut self, core: &mut Core) {
        let up = core.boards[self.node as usize].up;
        match self.copies.role {
            Role::Replica { .. } if up && !self.copies.forced => {
                self.copies.forced = true;
                self.begin_promotion(core);
            }
            Role::Primary if !up => {
                let peers = self.copies.peer_nodes();
                let alive = peers.into_iter().find(|to| core.boards[*to as usize].up);
                if let Some(to) = alive {
                    core.tell_one(to, self.node, Notice::Promote);
                }
            }
            _ => {}
        }
    }

    /// The time that taking over needs is up.
    pub(super) fn promotion_due(&mut self, core: &mut Core) {
        let due = self.copies.promote_at.is_some_and(|at| at <= core.now);
        if !due || !core.boards[self.node as usize].up {
            return;
        }
        self.copies.promote_at = None;
        if self.copies.forced || self.primary_gone(core) {
            self.copies.forced = false;
            self.promote(core);
        }
    }

    fn promote(&mut self, core: &mut Core) {
        let Role::Replica { from, link } = self.copies.role else {
            return;
        };
        let taken = core.boards[from as usize].replaced_by;
        if taken.is_some_and(|other| other != self.node) {
            // Another copy was quicker.
            return;
        }
        let node = self.node;
        for handle in self.copies.take_line() {
            core.finish(handle, Err(Reason::ConnectionLost));
        }
        let acknowledged = core.boards[from as usize].position;
        let (has, lost) = self.copies.become_primary(node, acknowledged);
        self.show_role(core);
        self.counts.lost += lost;
        self.copies.came_by = Some(link);
        // It may have been replaced itself once.
        core.boards[node as usize].replaced_by = None;
        (self.copies.successor, self.copies.gave_way_to) = (None, None);
        core.boards[node as usize].position = self.copies.version();
        core.note(
            EventCode::Promoted,
            node,
            0,
            lost.min(u64::from(u32::MAX)) as u32,
        );
        if self.copies.source_fenced || !core.boards[from as usize].up {
            core.boards[from as usize].replaced_by = Some(node);
        }
        // The other copies of the old one become copies of this one.
        let links = (0_u32..).zip(&core.plant.links);
        let others: Vec<Way> = links
            .filter(|(_, link)| link.from == from && link.to != node)
            .filter(|(_, link)| core.plant.nodes[link.to as usize].kind == Kind::Database)
            .map(|(link, plan)| Way {
                link,
                node: plan.to,
                until: 1.0,
            })
            .collect();
        for way in &others {
            self.copies.add_peer(*way, false, false);
            core.tell_one(way.node, node, Notice::Promoted { from, has });
        }
        // Copies of the old one without a link from it, and those that it had taken over from, say themselves that
        // they follow.
        for (other, plan) in (0_u32..).zip(&core.plant.clone().nodes) {
            let told = other == from || others.iter().any(|way| way.node == other);
            if plan.kind == Kind::Database && other != node && !told {
                core.tell_one(other, node, Notice::Promoted { from, has });
            }
        }
        // Should the old one come back, it becomes a copy, or, not fenced, both write.
        let way = Way {
            link,
            node: from,
            until: 1.0,
        };
        self.copies.add_peer(way, !self.copies.source_fenced, false);
        core.tell_one(from, node, Notice::Promoted { from, has });
        core.tell(node, Notice::Promoted { from, has });
        self.retry_soon(core);
    }

    /// Another has taken over from `from`: this one, or the one this is a copy of.
    pub(super) fn promoted_other(
        &mut self,
        core: &mut Core,
        by: NodeId,
        (from, has): (NodeId, u64),
    ) {
        if from == self.node {
            if self.copies.gave_way_to == Some(by) {
                // It was told already.
                return;
            }
            self.copies.gave_way_to = Some(by);
            self.copies.successor = Some(by);
            self.copies.successor_has = has;
            if core.boards[self.node as usize].up {
                self.give_way(core);
            }
            return;
        }
        if let Role::Replica { from: source, link } = self.copies.role
            && source == from
            && by != self.node
        {
            for handle in self.copies.take_line() {
                core.finish(handle, Err(Reason::ConnectionLost));
            }
            self.copies.role = Role::Replica { from: by, link };
            self.show_role(core);
            self.copies.promote_at = None;
            self.follow(core, by);
            return;
        }
        // The one that had taken over from this one is replaced itself.
        let dead = self.copies.role == Role::Primary && self.copies.successor == Some(from);
        let mut links = core.plant.links.iter();
        let out = self.copies.role == Role::Out
            && self.copies.gave_way_to == Some(from)
            && links.any(|l| [(self.node, by), (by, self.node)].contains(&(l.from, l.to)));
        if (dead || out) && by != self.node {
            self.copies.gave_way_to = Some(by);
            self.copies.successor = Some(by);
            if core.boards[self.node as usize].up {
                self.give_way(core);
            }
        }
    }

    /// It is back after it was killed.
    pub(super) fn came_back(&mut self, core: &mut Core) {
        if self.copies.successor.is_some() && self.copies.role == Role::Primary {
            self.give_way(core);
        }
        self.tell_copies(core, Notice::Restored);
        self.retry_soon(core);
    }

    /// Another has taken over and this one is alive: it stays out, or there are two primaries.
    fn give_way(&mut self, core: &mut Core) {
        let Some(by) = self.copies.successor.take() else {
            return;
        };
        let node = self.node;
        let links = &core.plant.links;
        let between = links
            .iter()
            .position(|link| link.from == node && link.to == by)
            .or_else(|| links.iter().position(|l| l.from == by && l.to == node))
            .or(self.copies.came_by.map(|link| link as usize));
        if self.copies.fenced {
            core.boards[node as usize].replaced_by = Some(by);
            core.note(EventCode::Fenced, node, 0, 0);
            core.drop_inside(node, None, Reason::ConnectionLost);
            self.locks.clear();
            core.boards[node as usize].open = 0;
            core.stats.connections(core.now, node, 0);
            core.tell(node, Notice::Died);
            match between {
                Some(link) => self.rejoin(core, by, link as LinkId),
                None => self.copies.role = Role::Out,
            }
            self.show_role(core);
            return;
        }
        core.boards[node as usize].replaced_by = None;
        core.note(EventCode::SplitBrain, node, 0, 0);
        if let Some(link) = between {
            let way = Way {
                link: link as u32,
                node: by,
                until: 1.0,
            };
            self.copies.add_peer(way, true, false);
            self.retry_soon(core);
        }
    }

    /// A former primary becomes a copy of the one that took over. What it wrote and could not hand over, which was
    /// counted as lost when the other took over, is undone.
    fn rejoin(&mut self, core: &mut Core, by: NodeId, link: LinkId) {
        let tail = self.copies.become_copy(by, link);
        for entry in &tail {
            if entry.moves != Moves::Nothing {
                self.take_moved(&Entry {
                    undoes: !entry.undoes,
                    ..*entry
                });
                continue;
            }
            let change = &entry.change;
            let Some(table) = self.table_of[change.dataset as usize] else {
                continue;
            };
            let table = &mut self.tables[table as usize];
            if entry.undoes {
                // It is as if the transaction had not failed yet: the one that took over does not know that it did.
                if change.amount > 0 {
                    table.book.take(change.row, change.amount, change.less);
                }
                if change.inserts {
                    let rule = OnConflict::FirstWins;
                    table.book.insert(change.row, change.person, rule);
                    self.used += table.row_bytes;
                }
                continue;
            }
            self.used -= table.row_bytes;
            self.used -= table.take_back(change);
        }
        let node = self.node as usize;
        core.boards[node].position = self.copies.version();
        let undone = tail.len().min(u32::MAX as usize) as u32;
        core.note(EventCode::Rejoined, self.node, 0, undone);
        self.copies.behind = true;
        self.begin_watch(core);
        self.follow(core, by);
    }
}
