//! The slots of a keyed store, chained in order of their last use.

/// No slot.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u64,
    /// The one used next after this; [`NONE`] for the last used.
    newer: u32,
    /// The one used before this; for a free slot the next free one.
    older: u32,
}

/// Keys in slots, from the one used last to the one not used for longest.
#[derive(Clone, Debug)]
pub struct Slots {
    slots: Vec<Slot>,
    newest: u32,
    oldest: u32,
    free: u32,
    len: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            newest: NONE,
            oldest: NONE,
            free: NONE,
            len: 0,
        }
    }
}

impl Slots {
    /// How many slots hold a key.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The key in a slot.
    pub fn key(&self, slot: u32) -> u64 {
        self.slots[slot as usize].key
    }

    /// The slot whose last use is longest ago.
    pub fn oldest(&self) -> Option<u32> {
        (self.oldest != NONE).then_some(self.oldest)
    }

    /// Puts a key into a free slot, as used last.
    pub fn insert(&mut self, key: u64) -> u32 {
        let slot = if self.free == NONE {
            self.slots.push(Slot {
                key,
                newer: NONE,
                older: NONE,
            });
            (self.slots.len() - 1) as u32
        } else {
            let slot = self.free;
            self.free = self.slots[slot as usize].older;
            self.slots[slot as usize].key = key;
            slot
        };
        self.len += 1;
        self.chain(slot);
        slot
    }

    /// Frees a slot.
    pub fn remove(&mut self, slot: u32) {
        self.unchain(slot);
        self.slots[slot as usize].older = self.free;
        self.free = slot;
        self.len -= 1;
    }

    /// Makes a slot the one used last.
    pub fn touch(&mut self, slot: u32) {
        if slot != self.newest {
            self.unchain(slot);
            self.chain(slot);
        }
    }

    /// Frees all and keeps the memory.
    pub fn clear(&mut self) {
        self.slots.clear();
        (self.newest, self.oldest, self.free, self.len) = (NONE, NONE, NONE, 0);
    }

    fn chain(&mut self, slot: u32) {
        let before = self.newest;
        let entry = &mut self.slots[slot as usize];
        (entry.newer, entry.older) = (NONE, before);
        match self.slots.get_mut(before as usize) {
            Some(before) => before.newer = slot,
            None => self.oldest = slot,
        }
        self.newest = slot;
    }

    fn unchain(&mut self, slot: u32) {
        let Slot { newer, older, .. } = self.slots[slot as usize];
        match self.slots.get_mut(newer as usize) {
            Some(newer) => newer.older = older,
            None => self.newest = older,
        }
        match self.slots.get_mut(older as usize) {
            Some(older) => older.newer = newer,
            None => self.oldest = newer,
        }
    }
}
