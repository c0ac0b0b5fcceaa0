//! A min-heap whose members can be moved and taken out, because it knows where each one stands.
//!
//! Members are small numbers (slots of somebody's arena). Timers of the event queue, expiry and use counts
//! of caches live in such heaps; what the ranks mean does not live here.

/// Rank (a number and a tie-breaker) and member.
#[derive(Clone, Copy, Debug)]
struct Entry {
    rank: (u64, u64),
    member: u32,
}

/// Marks a member that is not in the heap.
const NOWHERE: u32 = u32::MAX;

/// An indexed four-ary min-heap of `u32` members, least rank first.
///
/// Ranks must differ (the second number is a tie-breaker), so that the order depends on nothing else.
#[derive(Clone, Debug, Default)]
pub struct RankedHeap {
    entries: Vec<Entry>,
    /// Where each member stands in `entries`.
    places: Vec<u32>,
}

impl RankedHeap {
    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The least rank and its member.
    #[must_use]
    pub fn first(&self) -> Option<((u64, u64), u32)> {
        self.entries.first().map(|entry| (entry.rank, entry.member))
    }

    /// The rank of a member, if it is in the heap.
    #[must_use]
    pub fn rank(&self, member: u32) -> Option<(u64, u64)> {
        let place = *self.places.get(member as usize)?;
        self.entries.get(place as usize).map(|entry| entry.rank)
    }

    /// Puts a member in, or moves it to a new rank.
    pub fn set(&mut self, member: u32, rank: (u64, u64)) {
        let index = member as usize;
        if index >= self.places.len() {
            self.places.resize(index + 1, NOWHERE);
        }
        let entry = Entry { rank, member };
        let place = self.places[index];
        if place == NOWHERE {
            self.entries.push(entry);
            self.rise(self.entries.len() - 1, entry);
        } else {
            self.settle(place as usize, entry);
        }
    }

    /// Takes a member out; tells whether it was in.
    pub fn remove(&mut self, member: u32) -> bool {
        let Some(place) = self.places.get_mut(member as usize) else {
            return false;
        };
        let place = std::mem::replace(place, NOWHERE) as usize;
        if place >= self.entries.len() {
            return false;
        }
        if let Some(last) = self.entries.pop()
            && place < self.entries.len()
        {
            self.settle(place, last);
        }
        true
    }

    /// Takes the first out.
    pub fn pop(&mut self) -> Option<((u64, u64), u32)> {
        let first = self.first()?;
        self.remove(first.1);
        Some(first)
    }

    /// Takes all out and keeps the memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.places.fill(NOWHERE);
    }

    /// Puts an entry at a place whose own entry no longer counts.
    fn settle(&mut self, place: usize, entry: Entry) {
        if place > 0 && entry.rank < self.entries[(place - 1) / 4].rank {
            self.rise(place, entry);
        } else {
            self.sink(place, entry);
        }
    }

    fn put(&mut self, place: usize, entry: Entry) {
        self.entries[place] = entry;
        self.places[entry.member as usize] = place as u32;
    }

    fn rise(&mut self, mut hole: usize, entry: Entry) {
        let key = entry.key();
        while hole > 0 {
            let parent = self.entries[(hole - 1) / 4];
            if parent.key() <= key {
                break;
            }
            self.put(hole, parent);
            hole = (hole - 1) / 4;
        }
        self.put(hole, entry);
    }

    fn sink(&mut self, mut hole: usize, entry: Entry) {
        let key = entry.key();
        loop {
            let first = hole * 4 + 1;
            let least = match self.entries.get(first..first + 4) {
                // A choice of places, not branches, which no processor could predict.
                Some(children) => {
                    let left = usize::from(children[1].key() < children[0].key());
                    let right = 2 + usize::from(children[3].key() < children[2].key());
                    if children[right].key() < children[left].key() {
                        first + right
                    } else {
                        first + left
                    }
                }
                None => {
                    let few = self.entries.iter().enumerate().skip(first);
                    match few.min_by_key(|(_, child)| child.key()) {
                        Some((least, _)) => least,
                        None => break,
                    }
                }
            };
            let child = self.entries[least];
            if child.key() >= key {
                break;
            }
            self.put(hole, child);
            hole = least;
        }
        self.put(hole, entry);
    }
}

impl Entry {
    /// The rank as one number, which compares without a branch.
    fn key(&self) -> u128 {
        (u128::from(self.rank.0) << 64) | u128::from(self.rank.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a sorted list: putting in, moving, taking out.
        #[test]
        fn agrees_with_a_list(ops in proptest::collection::vec((0_u8..4, 0_u32..12, 0_u64..30), 0..200)) {
            let mut heap = RankedHeap::default();
            let mut list: Vec<((u64, u64), u32)> = Vec::new();
            for (at, (op, member, rank)) in ops.into_iter().enumerate() {
                let rank = (rank, at as u64);
                match op {
                    0 | 1 => {
                        heap.set(member, rank);
                        list.retain(|entry| entry.1 != member);
                        list.push((rank, member));
                    }
                    2 => {
                        prop_assert_eq!(heap.remove(member), list.iter().any(|e| e.1 == member));
                        list.retain(|entry| entry.1 != member);
                    }
                    _ => {
                        list.sort_unstable();
                        prop_assert_eq!(heap.pop(), list.first().copied());
                        if !list.is_empty() {
                            list.remove(0);
                        }
                    }
                }
                list.sort_unstable();
                prop_assert_eq!(heap.first(), list.first().copied());
                prop_assert_eq!(heap.len(), list.len());
                for (rank, member) in &list {
                    prop_assert_eq!(heap.rank(*member), Some(*rank));
                }
            }
        }
    }
}
