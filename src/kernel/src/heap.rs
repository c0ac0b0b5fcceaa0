//! A four-ary min-heap: flatter than a binary one, so fewer cache misses an operation.

/// A min-heap of copyable entries with a total order.
#[derive(Clone, Debug)]
pub struct MinHeap<T> {
    items: Vec<T>,
}

impl<T> Default for MinHeap<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T: Copy + PartialOrd> MinHeap<T> {
    /// The least entry.
    #[must_use]
    pub fn peek(&self) -> Option<&T> {
        self.items.first()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Removes all entries and keeps the memory.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// Adds an entry.
    pub fn push(&mut self, item: T) {
        self.items.push(item);
        self.rise(self.items.len() - 1, item);
    }

    fn rise(&mut self, mut hole: usize, item: T) {
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.items[parent] <= item {
                break;
            }
            self.items[hole] = self.items[parent];
            hole = parent;
        }
        self.items[hole] = item;
    }

    /// Removes the least entry.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.items.pop()?;
        let Some(&top) = self.items.first() else {
            return Some(last);
        };
        // The hole sinks to the bottom first and the last entry rises from there: it nearly always belongs
        // near the bottom, and so no comparison on the way down is hard to foresee.
        let mut hole = 0;
        loop {
            let first = hole * 4 + 1;
            let Some(children) = self.items.get(first..first + 4) else {
                break;
            };
            let left = usize::from(children[1] < children[0]);
            let right = 2 + usize::from(children[3] < children[2]);
            let least = if children[right] < children[left] {
                right
            } else {
                left
            };
            self.items[hole] = children[least];
            hole = first + least;
        }
        // Fewer than four children, none of which has any.
        let first = hole * 4 + 1;
        let children = self.items.get(first..).unwrap_or_default();
        if let Some(&child) = children.first() {
            let (mut least, mut item) = (0, child);
            for (at, child) in children.iter().enumerate().skip(1) {
                if *child < item {
                    (least, item) = (at, *child);
                }
            }
            self.items[hole] = item;
            hole = first + least;
        }
        self.rise(hole, last);
        Some(top)
    }

    /// All entries in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pops_in_order(mut list in proptest::collection::vec(any::<u32>(), 0..200)) {
            let mut heap = MinHeap::default();
            for item in &list {
                heap.push(*item);
            }
            list.sort_unstable();
            let popped: Vec<u32> = std::iter::from_fn(|| heap.pop()).collect();
            prop_assert_eq!(popped, list);
        }
    }
}
