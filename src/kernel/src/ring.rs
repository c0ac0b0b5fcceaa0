//! Consistent hashing: shards on a ring, 100 points each, so that another shard moves few keys.

use crate::mix;

const POINTS: u64 = 100;

/// Which of `shards` owns a row. The ring is searched, not stored: 100 points a shard.
///
/// A shard's points depend on its number alone, so with one shard more a row either stays or moves to it.
#[must_use]
pub fn owner(row: u64, shards: u32) -> u64 {
    owner_among(row, shards, |_| true).unwrap_or(0)
}

/// Which of those that are there owns a row: the rows of one that is not go to its neighbours on the ring, and
/// nobody else's move.
#[must_use]
pub fn owner_among(row: u64, shards: u32, there: impl Fn(u64) -> bool) -> Option<u64> {
    let at = mix(row, 0x0000_7269_6e67);
    let distance = |shard: u64| {
        (0..POINTS)
            .map(|point| mix(mix(0x7368_6172_6473, shard), point).wrapping_sub(at))
            .min()
            .unwrap_or(u64::MAX)
    };
    (0..u64::from(shards))
        .filter(|shard| there(*shard))
        .min_by_key(|shard| distance(*shard))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_dead_shard_go_to_several_others_and_no_other_row_moves() {
        let mut heirs = std::collections::BTreeSet::new();
        for row in 1..=2_000 {
            let (before, after) = (owner(row, 5), owner_among(row, 5, |shard| shard != 2));
            if before == 2 {
                heirs.extend(after);
            } else {
                assert_eq!(after, Some(before));
            }
        }
        assert_eq!(heirs.into_iter().collect::<Vec<_>>(), [0, 1, 3, 4]);
        assert_eq!(owner_among(1, 5, |_| false), None);
    }

    #[test]
    fn one_shard_more_moves_its_share_and_nothing_else() {
        let moved: Vec<(u64, u64)> = (1..=2_000)
            .map(|row| (owner(row, 4), owner(row, 5)))
            .filter(|(before, after)| before != after)
            .collect();
        assert!(
            moved.iter().all(|(_, after)| *after == 4),
            "only to the new shard"
        );
        let share = moved.len() as f64 / 2_000.0;
        assert!((0.12..0.28).contains(&share), "{share}, a fifth is fair");
    }
}
