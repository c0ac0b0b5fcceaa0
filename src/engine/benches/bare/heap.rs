//! The bare loop's event list: a binary heap in the order (time, sequence number), the standard library's and
//! a faster one of its own.

use std::collections::BinaryHeap;

use super::latencies::{Latencies, Quick, Usual};

/// An event list.
pub trait List<E> {
    /// What goes with it: the usual histogram with the usual list, the faster one with the faster.
    type Latencies: Latencies;
    /// Makes an empty one.
    fn new() -> Self;
    /// Adds an entry.
    fn push(&mut self, entry: Entry<E>);
    /// Removes the first entry.
    fn pop(&mut self) -> Option<Entry<E>>;
}

/// An event that waits for its moment.
#[derive(Clone, Copy)]
pub struct Entry<E> {
    /// When it happens, in nanoseconds.
    pub time: u64,
    /// Which of all events it is.
    pub seq: u64,
    /// When its request arrived, in nanoseconds.
    pub born: u64,
    /// What happens.
    pub event: E,
}

impl<E> Entry<E> {
    /// One comparison without a branch.
    #[inline]
    fn key(&self) -> u128 {
        (u128::from(self.time) << 64) | u128::from(self.seq)
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    /// The other way round: the standard heap has the greatest on top.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.key().cmp(&self.key())
    }
}

/// The standard library's binary heap, as anybody would take it.
pub struct Plain<E>(BinaryHeap<Entry<E>>);

impl<E> List<E> for Plain<E> {
    type Latencies = Usual;

    fn new() -> Self {
        Self(BinaryHeap::new())
    }

    #[inline]
    fn push(&mut self, entry: Entry<E>) {
        self.0.push(entry);
    }

    #[inline]
    fn pop(&mut self) -> Option<Entry<E>> {
        self.0.pop()
    }
}

/// A binary heap whose top stays empty after a pop until the next push or pop: most events schedule
/// another, which then sinks from the top, and the heap is put in order once instead of twice.
pub struct Heap<E> {
    entries: Vec<Entry<E>>,
    top_is_empty: bool,
}

impl<E: Copy> List<E> for Heap<E> {
    type Latencies = Quick;

    fn new() -> Self {
        Self {
            entries: Vec::new(),
            top_is_empty: false,
        }
    }

    #[inline]
    fn push(&mut self, entry: Entry<E>) {
        if self.top_is_empty {
            self.top_is_empty = false;
            self.sink(entry);
            return;
        }
        self.entries.push(entry);
        let mut hole = self.entries.len() - 1;
        while hole > 0 {
            let parent = (hole - 1) / 2;
            if self.entries[parent].key() <= entry.key() {
                break;
            }
            self.entries[hole] = self.entries[parent];
            hole = parent;
        }
        self.entries[hole] = entry;
    }

    #[inline]
    fn pop(&mut self) -> Option<Entry<E>> {
        if self.top_is_empty {
            self.top_is_empty = false;
            let last = self.entries.pop()?;
            if !self.entries.is_empty() {
                self.sink(last);
            }
        }
        let first = *self.entries.first()?;
        self.top_is_empty = true;
        Some(first)
    }
}

impl<E: Copy> Heap<E> {
    /// Lets an entry sink from the empty top to its place.
    #[inline]
    fn sink(&mut self, entry: Entry<E>) {
        let entries = self.entries.as_mut_slice();
        let mut hole = 0;
        loop {
            let mut child = 2 * hole + 1;
            if child >= entries.len() {
                break;
            }
            if child + 1 < entries.len() {
                child += usize::from(entries[child + 1].key() < entries[child].key());
            }
            if entry.key() <= entries[child].key() {
                break;
            }
            entries[hole] = entries[child];
            hole = child;
        }
        entries[hole] = entry;
    }
}
