//! The n-th smallest of a list of numbers.
//!
//! The standard library has this as well, and natively it is taken. Built for size, as for the browser, its way is the
//! median of medians whatever the list, which took a fifteenth of a run; so the browser has a quick way here.

/// A list as short as this is sorted.
const SHORT: usize = 12;
/// A part of the list goes with each round, nearly always a third and more.
const ROUNDS: u32 = 48;

/// Finds the number that would stand at `rank` (from 0) if the list were sorted; all before it are not greater, all
/// behind it not less, as with [`slice::select_nth_unstable`]. `None` when the list is not that long.
pub fn select(list: &mut [u64], rank: usize) -> Option<u64> {
    if rank >= list.len() {
        return None;
    }
    Some(if cfg!(target_arch = "wasm32") {
        quick(list, rank)
    } else {
        *list.select_nth_unstable(rank).1
    })
}

/// C. A. R. Hoare, *Algorithm 65: Find*, CACM 4 (1961), with the middle of three as its pivot.
fn quick(list: &mut [u64], rank: usize) -> u64 {
    let (mut begin, mut end) = (0, list.len());
    for _ in 0..ROUNDS {
        let part = &mut list[begin..end];
        if part.len() <= SHORT {
            insertion_sort(part);
            return list[rank];
        }
        let pivot = middle_of_three(part);
        let below = gather(part, |number| number < pivot);
        if rank < begin + below {
            end = begin + below;
            continue;
        }
        let few = below <= part.len() / 8;
        begin += below;
        if few {
            // Perhaps because most are the pivot's equals; one always is.
            begin += gather(&mut part[below..], |number| number == pivot);
            if rank < begin {
                return pivot;
            }
        }
    }
    *list[begin..end].select_nth_unstable(rank - begin).1
}

/// Brings the numbers for which `wanted` says yes to the front; tells how many there are. Nothing branches on a
/// number: what it is cannot be foreseen.
#[inline(always)]
fn gather(list: &mut [u64], wanted: impl Fn(u64) -> bool) -> usize {
    let mut front = 0;
    for at in 0..list.len() {
        let number = list[at];
        // Never behind `at`; said so that nobody has to look.
        let place = front.min(at);
        list[at] = list[place];
        list[place] = number;
        front += usize::from(wanted(number));
    }
    front
}

fn middle_of_three(list: &[u64]) -> u64 {
    let (first, middle, last) = (list[0], list[list.len() / 2], list[list.len() - 1]);
    first.min(middle).max(first.max(middle).min(last))
}

fn insertion_sort(list: &mut [u64]) {
    for end in 1..list.len() {
        let number = list[end];
        let mut hole = end;
        while hole > 0 && list[hole - 1] > number {
            list[hole] = list[hole - 1];
            hole -= 1;
        }
        list[hole] = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against sorting: many equal numbers and few, and what stands on either side.
        #[test]
        fn finds_what_sorting_finds(
            list in proptest::collection::vec(prop_oneof![0_u64..4, any::<u64>(), Just(7)], 0..400),
            rank in 0_usize..420,
        ) {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            let mut selected = list;
            prop_assert_eq!(select(&mut selected.clone(), rank), sorted.get(rank).copied());
            if rank < selected.len() {
                let found = quick(&mut selected, rank);
                prop_assert_eq!((found, selected[rank]), (sorted[rank], found));
                prop_assert!(selected[..rank].iter().all(|number| *number <= found));
                prop_assert!(selected[rank..].iter().all(|number| *number >= found));
                selected.sort_unstable();
                prop_assert_eq!(selected, sorted);
            }
        }
    }

    /// Lists that make a quick way slow end as well: all equal, in order, and an organ's pipes.
    #[test]
    fn lists_in_order_are_no_trouble() {
        let n = 10_000_u64;
        for list in [
            vec![3; n as usize],
            (0..n).collect(),
            (0..n).rev().collect(),
            (0..n).map(|i| i.min(n - i)).collect::<Vec<_>>(),
        ] {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            for rank in [0, 1, 5_000, 9_998, 9_999] {
                assert_eq!(quick(&mut list.clone(), rank), sorted[rank]);
            }
        }
    }
}
