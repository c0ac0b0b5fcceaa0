//! A slab: records that are made and dropped all the time, without an allocation each.

/// Names a record and its generation: a handle to a record that was dropped finds nothing.
///
/// One word, not two halves: halves are written one by one and read whole, which stalls the processor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(u64);

impl Handle {
    /// A handle to nothing: no record ever has the first slot. All zeros, which is what most fields of a new record are.
    pub const NONE: Self = Self::new(0, 0);

    /// Puts a handle together.
    #[must_use]
    #[inline]
    pub const fn new(index: u32, generation: u32) -> Self {
        Self((index as u64) << 32 | generation as u64)
    }

    /// The slot.
    #[must_use]
    #[inline]
    pub const fn index(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Odd for a record that is there; rises with each record made and dropped in the slot.
    #[must_use]
    #[inline]
    pub const fn generation(self) -> u32 {
        self.0 as u32
    }

    /// The handle as a number.
    #[must_use]
    #[inline]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The handle that a number stands for.
    #[must_use]
    #[inline]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.index(), self.generation())
    }
}

impl Default for Handle {
    fn default() -> Self {
        Self::NONE
    }
}

/// Records by handle. They are plain data: a dropped one only stops being found.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    slots: Vec<Slot<T>>,
    /// The free slot that the next record goes into, from which the others follow; `END` if there is none.
    free: u32,
}

/// No slot: the first, which belongs to nobody.
const END: u32 = 0;

/// Each begins a line of the processor's cache: a record then lies on as few of them as it can.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
struct Slot<T> {
    /// Odd while the record is there.
    generation: u32,
    /// Of a free slot: the one that is used after it.
    next: u32,
    value: T,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: END,
        }
    }
}

impl<T: Copy + Default> Slab<T> {
    /// Adds a record.
    #[inline(always)]
    pub fn insert(&mut self, value: T) -> Handle {
        if self.free == END {
            self.grow();
        }
        let index = self.free;
        // Nothing but this takes the record: a large one is then written where it stays, not copied there.
        if let Some(slot) = self.slots.get_mut(index as usize) {
            self.free = slot.next;
            slot.generation = slot.generation.wrapping_add(1);
            slot.value = value;
            return Handle::new(index, slot.generation);
        }
        Handle::NONE
    }

    /// Makes room for a record whose handle is wanted before it is there; [`Self::put`] is to follow.
    #[must_use]
    #[inline(always)]
    pub fn reserve(&mut self) -> Handle {
        if self.free == END {
            self.grow();
        }
        let index = self.free;
        let Some(slot) = self.slots.get_mut(index as usize) else {
            return Handle::NONE;
        };
        self.free = slot.next;
        slot.generation = slot.generation.wrapping_add(1);
        Handle::new(index, slot.generation)
    }

    /// Writes a record for which room was made.
    #[inline(always)]
    pub fn put(&mut self, handle: Handle, value: T) {
        if let Some(slot) = self.slots.get_mut(handle.index() as usize) {
            debug_assert_eq!(slot.generation, handle.generation(), "it was reserved");
            slot.value = value;
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        if self.slots.is_empty() {
            // Nobody's: what is there has an odd number, and what a handle to nothing looks for is 0.
            self.add_slot(2);
        }
        self.free = u32::try_from(self.slots.len()).unwrap_or(END);
        self.add_slot(0);
    }

    fn add_slot(&mut self, generation: u32) {
        self.slots.push(Slot {
            generation,
            next: END,
            value: T::default(),
        });
    }

    /// Drops a record; `false` if there was none.
    #[inline(always)]
    pub fn free(&mut self, handle: Handle) -> bool {
        match self.slots.get_mut(handle.index() as usize) {
            Some(slot) if slot.generation == handle.generation() => {
                slot.generation = slot.generation.wrapping_add(1);
                slot.next = self.free;
                self.free = handle.index();
                true
            }
            _ => false,
        }
    }

    /// Drops a record and returns it.
    #[inline]
    pub fn remove(&mut self, handle: Handle) -> Option<T> {
        let value = *self.get(handle)?;
        self.free(handle);
        Some(value)
    }

    /// Looks a record up.
    #[must_use]
    #[inline]
    pub fn get(&self, handle: Handle) -> Option<&T> {
        let slot = self.slots.get(handle.index() as usize)?;
        (slot.generation == handle.generation()).then_some(&slot.value)
    }

    /// Looks a record up to change it.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let slot = self.slots.get_mut(handle.index() as usize)?;
        (slot.generation == handle.generation()).then_some(&mut slot.value)
    }

    /// How many records there are. All slots are looked at: nothing is counted while records come and go.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// All records in the order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let handle = Handle::new(index as u32, slot.generation);
            (slot.generation % 2 == 1).then_some((handle, &slot.value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_handle_finds_nothing() {
        let mut slab = Slab::default();
        let old = slab.reserve();
        slab.put(old, "a");
        assert_eq!(slab.remove(old), Some("a"));
        let new = slab.insert("b");
        assert_eq!((old.index(), slab.get(old)), (new.index(), None));
        assert_eq!(slab.remove(old), None);
        assert_eq!((slab.get(new), slab.len()), (Some(&"b"), 1));
        assert_eq!(slab.get(Handle::NONE), None);
    }

    #[test]
    fn slots_are_used_again_the_last_first() {
        let mut slab = Slab::default();
        let all: Vec<Handle> = (0..4).map(|value| slab.insert(value)).collect();
        for at in [1, 3, 0] {
            assert!(slab.free(all[at]) && !slab.free(all[at]));
        }
        let again: Vec<u32> = (4..8).map(|value| slab.insert(value).index()).collect();
        assert_eq!(again, [1, 4, 2, 5]);
        let values: Vec<i32> = slab.iter().map(|(_, value)| *value).collect();
        assert_eq!((values, slab.len()), (vec![4, 6, 2, 5, 7], 5));
    }
}
