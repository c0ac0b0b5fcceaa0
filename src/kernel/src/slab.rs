//! A slab: records that are made and dropped all the time, without an allocation each.

/// Names a record and its generation: a handle to a record that was dropped finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    /// The slot.
    pub index: u32,
    /// Odd for a record that is there; rises with each record made and dropped in the slot.
    pub generation: u32,
}

impl Handle {
    /// A handle to nothing.
    pub const NONE: Self = Self {
        index: u32::MAX,
        generation: 0,
    };
}

/// Records by handle. They are plain data: a dropped one only stops being found.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    /// Odd while the record is there.
    generation: u32,
    value: T,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T: Copy> Slab<T> {
    /// Adds a record.
    #[inline]
    pub fn insert(&mut self, value: T) -> Handle {
        if let Some(index) = self.free.pop()
            && let Some(slot) = self.slots.get_mut(index as usize)
        {
            slot.generation = slot.generation.wrapping_add(1);
            slot.value = value;
            return Handle {
                index,
                generation: slot.generation,
            };
        }
        self.grow(value)
    }

    #[cold]
    fn grow(&mut self, value: T) -> Handle {
        let index = u32::try_from(self.slots.len()).unwrap_or(u32::MAX - 1);
        self.slots.push(Slot {
            generation: 1,
            value,
        });
        Handle {
            index,
            generation: 1,
        }
    }

    /// Drops a record; `false` if there was none.
    #[inline]
    pub fn free(&mut self, handle: Handle) -> bool {
        match self.slots.get_mut(handle.index as usize) {
            Some(slot) if slot.generation == handle.generation => {
                slot.generation = slot.generation.wrapping_add(1);
                self.free.push(handle.index);
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
        let slot = self.slots.get(handle.index as usize)?;
        (slot.generation == handle.generation).then_some(&slot.value)
    }

    /// Looks a record up to change it.
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let slot = self.slots.get_mut(handle.index as usize)?;
        (slot.generation == handle.generation).then_some(&mut slot.value)
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All records in the order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let handle = Handle {
                index: index as u32,
                generation: slot.generation,
            };
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
        let old = slab.insert("a");
        assert_eq!(slab.remove(old), Some("a"));
        let new = slab.insert("b");
        assert_eq!((old.index, slab.get(old)), (new.index, None));
        assert_eq!(slab.remove(old), None);
        assert_eq!((slab.get(new), slab.len()), (Some(&"b"), 1));
        assert_eq!(slab.get(Handle::NONE), None);
    }
}
