//! The design: what a student draws.

use std::collections::BTreeMap;

use crate::catalogue::client;
use crate::{Component, Id, Kind, Link, LinkKey, Place, Rect};

/// Components, links and a name. Ordered by id, so files and runs never depend on the order of drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// What the drawing is called.
    pub name: String,
    /// All boxes by id; groups too.
    pub components: BTreeMap<Id, Component>,
    /// All links by their ends.
    pub links: BTreeMap<LinkKey, Link>,
}

impl Design {
    /// Looks a component up.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&Component> {
        self.components.get(id)
    }

    /// An id for a new component of a kind: the slug and the lowest free number.
    #[must_use]
    pub fn free_id(&self, kind: Kind) -> Id {
        let mut n = 1;
        loop {
            let id = Id::numbered(kind.slug(), n);
            if !self.components.contains_key(&id) {
                return id;
            }
            n += 1;
        }
    }

    /// The components directly inside a group, in id order.
    pub fn children<'a>(&'a self, group: &'a Id) -> impl Iterator<Item = &'a Component> {
        self.components
            .values()
            .filter(move |c| c.parent.as_ref() == Some(group))
    }

    /// The groups around a component, innermost first. Ends at a missing or repeated parent.
    #[must_use]
    pub fn ancestors(&self, id: &Id) -> Vec<&Component> {
        let mut out: Vec<&Component> = Vec::new();
        let mut next = self.get(id).and_then(|c| c.parent.as_ref());
        while let Some(parent) = next.and_then(|p| self.get(p)) {
            if out.len() >= crate::limits::MAX_DEPTH || out.iter().any(|c| c.id == parent.id) {
                break;
            }
            out.push(parent);
            next = parent.parent.as_ref();
        }
        out
    }

    /// The nearest group of a kind around a component.
    #[must_use]
    pub fn enclosing(&self, id: &Id, kind: Kind) -> Option<&Component> {
        self.ancestors(id).into_iter().find(|c| c.kind == kind)
    }

    /// Everything inside a group, however deep, in id order.
    #[must_use]
    pub fn descendants(&self, group: &Id) -> Vec<&Component> {
        self.components
            .values()
            .filter(|c| self.ancestors(&c.id).iter().any(|a| &a.id == group))
            .collect()
    }

    /// Where a component stands: its own place parameter (clients), its region's, else Seoul.
    #[must_use]
    pub fn place(&self, id: &Id) -> Place {
        let Some(component) = self.get(id) else {
            return Place::default();
        };
        let slug = match component.kind {
            Kind::Client => component.text(&client::PLACE),
            _ => match self.enclosing(id, Kind::Region) {
                Some(region) => region.text(&crate::catalogue::region::PLACE),
                None => return Place::default(),
            },
        };
        Place::from_slug(slug).unwrap_or_default()
    }

    /// Links that leave a component, in the order of their targets.
    pub fn outgoing<'a>(&'a self, id: &'a Id) -> impl Iterator<Item = &'a LinkKey> {
        // Keys are ordered by `from` first, so a component's links stand together.
        let first = LinkKey::new(id.clone(), Id::least());
        self.links
            .range(first..)
            .map(|(key, _)| key)
            .take_while(move |key| &key.from == id)
    }

    /// The smallest rectangle around everything; `None` when the canvas is empty.
    #[must_use]
    pub fn bounds(&self) -> Option<Rect> {
        self.components
            .values()
            .map(Component::rect)
            .reduce(|a, b| a.union(&b))
    }
}
