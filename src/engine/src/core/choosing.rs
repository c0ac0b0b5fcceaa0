//! Whom a question goes to: the ways of a route, and how one of several is chosen. Who is known to be dead is passed
//! over in `living`.

use archplay_kernel::{Handle, mix, unit_of};

use super::Core;
use crate::plant::{AskId, Choice, NOBODY, RouteId, Way};

/// What changes about a route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RouteState {
    /// Whose turn it is.
    pub next: u32,
}

impl Core {
    /// Chooses a way of a route. Load balancers choose among their targets themselves.
    pub(crate) fn choose(
        &mut self,
        parent: Handle,
        route: RouteId,
        ask: AskId,
        row: u64,
    ) -> Option<(Way, u32)> {
        let call = self.calls.get(parent)?;
        let person = call.person;
        let key = mix(call.key, 0x7761_7973 ^ u64::from(call.asked));
        let way = self.pick_way(route, ask, row, person, key)?;
        Some((way, NOBODY))
    }

    /// Chooses a way for a question that a component asks for itself; `key` is for its draws.
    pub(crate) fn choose_own(
        &mut self,
        route: RouteId,
        ask: AskId,
        row: u64,
        key: u64,
    ) -> Option<Way> {
        self.pick_way(route, ask, row, key, key)
    }

    pub(super) fn pick_way(
        &mut self,
        route: RouteId,
        ask: AskId,
        row: u64,
        person: u64,
        key: u64,
    ) -> Option<Way> {
        let plan = self.plant.routes[route as usize];
        let ways = self.plant.ways(route);
        let count = ways.len() as u64;
        if count == 0 {
            return None;
        }
        if plan.grows {
            return self.grown_way(route, ask, row);
        }
        let index = match plan.choice {
            _ if count == 1 && plan.choice != Choice::Weighted => 0,
            Choice::Turns => {
                let state = &mut self.routes[route as usize];
                let turn = u64::from(state.next);
                state.next = state.next.wrapping_add(1);
                turn % count
            }
            Choice::Sticky => mix(person, 5) % count,
            Choice::Hash => mix(row, 0x7368_6172) % count,
            Choice::Modulo => row % count,
            Choice::Range => {
                let rows = self.rows_of(ask);
                (row.saturating_sub(1)).saturating_mul(count) / rows.max(1) % count
            }
            Choice::Consistent => archplay_kernel::ring::owner(row, count as u32),
            Choice::Weighted => {
                let draw = unit_of(key);
                let found = ways.iter().position(|way| draw < way.until)?;
                found as u64
            }
        };
        if plan.passes_dead {
            return self.living(route, index, (ask, row, person, key));
        }
        self.plant.ways(route).get(index as usize).copied()
    }

    /// Another way of a route than this one, whose target is not known to be dead, if any of them would do.
    pub(crate) fn beside(&self, route: RouteId, way: Way) -> Option<Way> {
        let plan = self.plant.routes.get(route as usize)?;
        // The rows of one shard are not with another.
        if !matches!(
            plan.choice,
            Choice::Turns | Choice::Sticky | Choice::Weighted
        ) {
            return None;
        }
        let ways = self.plant.ways(route);
        let at = ways.iter().position(|other| other.link == way.link)?;
        let (before, after) = (&ways[..at], &ways[at + 1..]);
        let mut others = after.iter().chain(before);
        let up = |other: &&Way| self.boards[other.node as usize].up;
        others.find(up).copied()
    }

    /// How many rows the dataset has that an ask is about.
    pub(super) fn rows_of(&self, ask: AskId) -> u64 {
        match self.plant.asks[ask as usize] {
            crate::plant::Ask::Data { statement } => {
                let dataset = self.plant.statements[statement as usize].dataset;
                self.plant.datasets[dataset as usize].rows
            }
            _ => u64::MAX,
        }
    }
}
