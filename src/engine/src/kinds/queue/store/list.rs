//! Messages and the lists that are linked through them.

use super::NONE;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kinds::queue) enum State {
    /// In the list of those that nobody has taken yet.
    Waits,
    /// In the list of those that became visible again.
    Again,
    /// Taken, and hidden from the others.
    Taken,
    /// On its way to the queue of dead letters.
    Moves,
}

/// A message; 88 bytes, so that a million of them are nothing to worry about.
#[derive(Clone, Copy, Debug)]
pub(in crate::kinds::queue) struct Message {
    /// Draws of the message, of the visitor's step; the visitor; the row.
    pub key: u64,
    pub origin: u64,
    pub person: u64,
    pub row: u64,
    pub published_ns: u64,
    /// When it was taken last.
    pub taken_ns: u64,
    pub operation: u32,
    /// The batch that has it, or had it last.
    pub batch: u32,
    pub(super) prev: u32,
    pub(super) next: u32,
    /// Neighbours in the order of publishing.
    pub(super) older: u32,
    pub(super) newer: u32,
    pub(super) lane: u32,
    /// How often it was taken.
    pub receives: u32,
    pub state: State,
    /// Why the last consumer failed: index of the reason; 255 for not at all.
    pub failure: u8,
}

impl Message {
    pub(in crate::kinds::queue) const fn new(operation: u32, published_ns: u64) -> Self {
        Self {
            key: 0,
            origin: 0,
            person: 0,
            row: 0,
            published_ns,
            taken_ns: 0,
            operation,
            batch: NONE,
            prev: NONE,
            next: NONE,
            older: NONE,
            newer: NONE,
            lane: NONE,
            receives: 0,
            state: State::Waits,
            failure: u8::MAX,
        }
    }

    /// What its order is about: the row if it has one, else the visitor.
    pub(super) const fn about(&self) -> u64 {
        if self.row > 0 { self.row } else { self.person }
    }
}

/// A list of messages, linked through them.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) head: u32,
    pub(super) tail: u32,
    pub(super) len: u32,
}

impl Default for List {
    fn default() -> Self {
        Self {
            head: NONE,
            tail: NONE,
            len: 0,
        }
    }
}

pub(super) fn push_back(messages: &mut [Message], list: &mut List, index: u32) {
    insert(messages, list, index, NONE);
}

/// Puts a message before another; at the end if that is `NONE`.
pub(super) fn insert(messages: &mut [Message], list: &mut List, index: u32, before: u32) {
    let prev = match messages.get_mut(before as usize) {
        Some(other) => std::mem::replace(&mut other.prev, index),
        None => std::mem::replace(&mut list.tail, index),
    };
    match messages.get_mut(prev as usize) {
        Some(other) => other.next = index,
        None => list.head = index,
    }
    messages[index as usize].prev = prev;
    messages[index as usize].next = before;
    list.len += 1;
}

pub(super) fn unlink(messages: &mut [Message], list: &mut List, index: u32) {
    let Message { prev, next, .. } = messages[index as usize];
    match messages.get_mut(prev as usize) {
        Some(other) => other.next = next,
        None => list.head = next,
    }
    match messages.get_mut(next as usize) {
        Some(other) => other.prev = prev,
        None => list.tail = prev,
    }
    list.len -= 1;
}
