//! Changes: what differs between two designs, so that it can be taken back exactly.

use std::collections::BTreeMap;

use archplay_model::{Component, Design, Id, Link, LinkKey};

/// A record before and after; `None` where it did not exist.
type Pair<T> = (Option<T>, Option<T>);

/// The difference between two designs, record by record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    name: Option<(String, String)>,
    components: BTreeMap<Id, Pair<Component>>,
    links: BTreeMap<LinkKey, Pair<Link>>,
}

impl Change {
    /// Finds what differs.
    #[must_use]
    pub fn between(before: &Design, after: &Design) -> Self {
        Self {
            name: (before.name != after.name).then(|| (before.name.clone(), after.name.clone())),
            components: differing(&before.components, &after.components),
            links: differing(&before.links, &after.links),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.components.is_empty() && self.links.is_empty()
    }

    /// Takes the change back.
    pub fn undo(&self, design: &mut Design) {
        if let Some((before, _)) = &self.name {
            design.name.clone_from(before);
        }
        put(&mut design.components, &self.components, |pair| &pair.0);
        put(&mut design.links, &self.links, |pair| &pair.0);
    }

    /// Makes the change again.
    pub fn redo(&self, design: &mut Design) {
        if let Some((_, after)) = &self.name {
            design.name.clone_from(after);
        }
        put(&mut design.components, &self.components, |pair| &pair.1);
        put(&mut design.links, &self.links, |pair| &pair.1);
    }

    /// This change followed by a later one, as one.
    #[must_use]
    pub fn then(&self, later: &Self) -> Self {
        let name = match (&self.name, &later.name) {
            (Some((before, _)), Some((_, after))) => {
                (before != after).then(|| (before.clone(), after.clone()))
            }
            (one, None) | (None, one) => one.clone(),
        };
        Self {
            name,
            components: joined(&self.components, &later.components),
            links: joined(&self.links, &later.links),
        }
    }

    /// The components that it adds, changes or removes.
    pub fn touched(&self) -> impl Iterator<Item = &Id> {
        self.components.keys()
    }
}

fn differing<K: Ord + Clone, T: PartialEq + Clone>(
    before: &BTreeMap<K, T>,
    after: &BTreeMap<K, T>,
) -> BTreeMap<K, Pair<T>> {
    let mut out = BTreeMap::new();
    for (key, old) in before {
        let new = after.get(key);
        if new != Some(old) {
            out.insert(key.clone(), (Some(old.clone()), new.cloned()));
        }
    }
    for (key, new) in after {
        if !before.contains_key(key) {
            out.insert(key.clone(), (None, Some(new.clone())));
        }
    }
    out
}

fn put<K: Ord + Clone, T: Clone>(
    map: &mut BTreeMap<K, T>,
    pairs: &BTreeMap<K, Pair<T>>,
    side: impl Fn(&Pair<T>) -> &Option<T>,
) {
    for (key, pair) in pairs {
        match side(pair) {
            Some(value) => {
                map.insert(key.clone(), value.clone());
            }
            None => {
                map.remove(key);
            }
        }
    }
}

fn joined<K: Ord + Clone, T: PartialEq + Clone>(
    first: &BTreeMap<K, Pair<T>>,
    later: &BTreeMap<K, Pair<T>>,
) -> BTreeMap<K, Pair<T>> {
    let mut out = first.clone();
    for (key, (old, new)) in later {
        let before = match out.remove(key) {
            Some((before, _)) => before,
            None => old.clone(),
        };
        if before != *new {
            out.insert(key.clone(), (before, new.clone()));
        }
    }
    out
}
