//! Which shard has a row while shards join: rows change their shard one after the other, in an order of their own.
//!
//! Must not live here: what moving costs (`kinds::database::joining`).

use archplay_kernel::{mix, unit_of};

use super::Core;
use crate::plant::{AskId, Choice, RouteId, Way};

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
        let share = |way: &Way| self.boards[way.node as usize].share;
        let whole = ways.iter().filter(|way| share(way) >= 1.0).count() as u64;
        let all = ways.iter().filter(|way| share(way) > 0.0).count() as u64;
        let rows = self.rows_of(ask);
        let before = owner(choice, row, rows, whole);
        let after = owner(choice, row, rows, all);
        let moved = ways.get(whole as usize).map_or(0.0, share);
        let index = if whole > 0 && turn(row) >= moved {
            before
        } else {
            after
        };
        ways.get(index as usize).copied()
    }
}
