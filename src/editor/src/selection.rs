//! The selection: which components and links the next command is about.

use std::collections::BTreeSet;

use archplay_model::{Design, Id, LinkKey};

/// Selected components and links. Not document: never undone, never saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Components and groups.
    pub components: BTreeSet<Id>,
    /// Links.
    pub links: BTreeSet<LinkKey>,
}

impl Selection {
    /// Only this component.
    #[must_use]
    pub fn component(id: Id) -> Self {
        Self {
            components: BTreeSet::from([id]),
            links: BTreeSet::new(),
        }
    }

    /// These components.
    #[must_use]
    pub fn components(ids: impl IntoIterator<Item = Id>) -> Self {
        Self {
            components: ids.into_iter().collect(),
            links: BTreeSet::new(),
        }
    }

    /// Only this link.
    #[must_use]
    pub fn link(key: LinkKey) -> Self {
        Self {
            components: BTreeSet::new(),
            links: BTreeSet::from([key]),
        }
    }

    /// Everything.
    #[must_use]
    pub fn all(design: &Design) -> Self {
        Self {
            components: design.components.keys().cloned().collect(),
            links: design.links.keys().cloned().collect(),
        }
    }

    /// Whether nothing is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && self.links.is_empty()
    }

    /// How many things are selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.components.len() + self.links.len()
    }

    /// The selected component, if it is the only thing selected.
    #[must_use]
    pub fn single(&self) -> Option<&Id> {
        if self.links.is_empty() && self.components.len() == 1 {
            self.components.first()
        } else {
            None
        }
    }

    /// The selected link, if it is the only thing selected.
    #[must_use]
    pub fn single_link(&self) -> Option<&LinkKey> {
        if self.components.is_empty() && self.links.len() == 1 {
            self.links.first()
        } else {
            None
        }
    }

    /// Adds a component, or takes it out if it was in.
    pub fn toggle(&mut self, id: &Id) {
        if !self.components.remove(id) {
            self.components.insert(id.clone());
        }
    }

    /// Adds a link, or takes it out if it was in.
    pub fn toggle_link(&mut self, key: &LinkKey) {
        if !self.links.remove(key) {
            self.links.insert(key.clone());
        }
    }

    /// Drops what the design no longer has.
    pub(crate) fn prune(&mut self, design: &Design) {
        self.components
            .retain(|id| design.components.contains_key(id));
        self.links.retain(|key| design.links.contains_key(key));
    }
}
