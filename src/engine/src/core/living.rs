//! Routes that pass over those who are known to be dead.
//!
//! Who asks learns at once that a component died, because its connections break; that a line was cut it does not
//! learn.

use super::Core;
use crate::plant::{AskId, Choice, NOBODY, RouteId, Way};

impl Core {
    /// The way that was chosen, or one in its place if that leads to the dead: another of the same route, else
    /// what the second route says. `question` is the ask, its row, and what the choice is drawn by.
    pub(super) fn living(
        &mut self,
        route: RouteId,
        index: u64,
        question: (AskId, u64, u64, u64),
    ) -> Option<Way> {
        let plan = self.plant.routes[route as usize];
        let ways = self.plant.ways(route);
        let count = ways.len() as u64;
        let up = |at: u64| self.boards[ways[(at % count) as usize].node as usize].up;
        let (ask, row, person, key) = question;
        let chosen = ways.get(index as usize).copied();
        if chosen.is_none() || up(index) {
            return chosen;
        }
        let other = match plan.choice {
            Choice::Consistent => archplay_kernel::ring::owner_among(row, count as u32, up),
            Choice::Turns | Choice::Sticky => (index + 1..index + count).find(|at| up(*at)),
            // The rows of one are not with another.
            Choice::Hash | Choice::Range | Choice::Modulo | Choice::Weighted => None,
        };
        match other {
            Some(at) => ways.get((at % count) as usize).copied(),
            None if plan.next == NOBODY || plan.choice == Choice::Consistent => chosen,
            None => self.pick_way(plan.next, ask, row, person, key),
        }
    }
}
