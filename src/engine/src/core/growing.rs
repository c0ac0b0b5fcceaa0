//! Which shard has a row while shards join: rows change their shard one after the other, in an order of their own.
//!
//! Must not live here: what moving costs (`kinds::database::joining`).

use archplay_kernel::{mix, unit_of};

use super::Core;
use crate::plant::{Ask, AskId, Choice, NodeId, RouteId, Way};

/// Purpose of the numbers that say when a row's turn is.
const TURN: u64 = 0x6d6f_7665;

/// Which of so many shards has a row, of so many rows.
pub(crate) fn owner(choice: Choice, row: u64, rows: u64, count: u64) -> u64 {
    let count = count.max(1);
    match choice {
        Choice::Modulo => row % count,
        Choice::Range => {
            let place = u128::from(row.saturating_sub(1)) * u128::from(count);
            (place / u128::from(rows.max(1)) % u128::from(count)) as u64
        }
        Choice::Consistent => archplay_kernel::ring::owner(row, count as u32),
        _ => mix(row, 0x7368_6172) % count,
    }
}

/// When a row's turn to move is, as a share of all that move.
pub(crate) fn turn(row: u64) -> f64 {
    unit_of(mix(row, TURN))
}

impl Core {
    /// The way to the shard that has a row at this moment.
    #[cold]
    pub(super) fn grown_way(&self, route: RouteId, ask: AskId, row: u64) -> Option<Way> {
        let choice = self.plant.routes[route as usize].choice;
        let ways = self.plant.ways(route);
        let late = match self.plant.asks[ask as usize] {
            Ask::Data { statement } if !self.late_rows.is_empty() => {
                let dataset = self.plant.statements[statement as usize].dataset;
                self.late_rows.get(&(dataset, row))
            }
            _ => None,
        };
        if let Some(way) = late.and_then(|at| ways.iter().find(|way| way.node == *at)) {
            return Some(*way);
        }
        let nodes = ways.iter().map(|way| way.node);
        let index = self.grown_place(choice, nodes, (row, self.rows_of(ask)));
        ways.get(index).copied()
    }

    /// Which of these shards, in the order in which they join, is to have a row, of so many rows.
    pub(crate) fn grown_place(
        &self,
        choice: Choice,
        nodes: impl Iterator<Item = NodeId> + Clone,
        (row, rows): (u64, u64),
    ) -> usize {
        let shares = nodes.map(|node| self.boards[node as usize].share);
        let whole = shares.clone().filter(|share| *share >= 1.0).count() as u64;
        let all = shares.clone().filter(|share| *share > 0.0).count() as u64;
        let before = owner(choice, row, rows, whole);
        let after = owner(choice, row, rows, all);
        let moved = shares.clone().nth(whole as usize).unwrap_or(0.0);
        let index = if whole > 0 && turn(row) >= moved {
            before
        } else {
            after
        };
        index as usize
    }
}
