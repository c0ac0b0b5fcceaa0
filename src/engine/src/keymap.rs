//! Values by 64-bit key, without an allocation for each: as many as there are keys in at once.
//!
//! What the values mean does not live here.

use archplay_kernel::{FOREVER, KeyStore, Policy};

/// Keys with a value each.
#[derive(Clone, Debug)]
pub(crate) struct KeyMap<T> {
    keys: KeyStore,
    /// By slot of the key; those of free slots are old.
    values: Vec<T>,
    len: usize,
}

impl<T> Default for KeyMap<T> {
    fn default() -> Self {
        Self {
            keys: KeyStore::new(Policy::Lru, None),
            values: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Default> KeyMap<T> {
    /// The value of a key that is in.
    pub(crate) fn get(&self, key: u64) -> Option<&T> {
        self.values.get(self.keys.slot(key)? as usize)
    }

    /// The value of a key that is in, to change it.
    pub(crate) fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        self.values.get_mut(self.keys.slot(key)? as usize)
    }

    /// The value of a key, and whether it has just come in; then the value is some old one or the default.
    pub(crate) fn entry(&mut self, key: u64) -> (&mut T, bool) {
        let found = self.keys.slot(key);
        let fresh = found.is_none();
        let slot = found.unwrap_or_else(|| {
            self.keys.insert(key, 0, FOREVER);
            self.len += 1;
            self.keys.slot(key).unwrap_or(0)
        }) as usize;
        if slot >= self.values.len() {
            self.values.resize_with(slot + 1, T::default);
        }
        (&mut self.values[slot], fresh)
    }

    /// Takes a key out; tells whether it was in. Its value keeps its memory for the next.
    pub(crate) fn remove(&mut self, key: u64) -> bool {
        let was = self.keys.remove(key);
        self.len -= usize::from(was);
        was
    }

    /// How many keys are in.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Takes all out and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.keys.clear();
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_belongs_to_a_key() {
        let mut map = KeyMap::<u64>::default();
        for key in 0..100 {
            let (value, fresh) = map.entry(key * 7);
            assert!(fresh);
            *value = key;
        }
        for key in (0..100).step_by(2) {
            assert!(map.remove(key * 7));
        }
        assert_eq!(map.len(), 50);
        assert_eq!(map.get(7), Some(&1));
        assert_eq!(map.get(14), None);
        if let Some(value) = map.get_mut(21) {
            *value += 1;
        }
        assert_eq!(map.entry(21), (&mut 4, false));
    }
}
