//! Connecting: which components a link can go to, and why not to the others.

use archplay_model::{Component, Design, Id, may_link_itself};

use crate::EditRefusal;
use crate::apply::may_connect;
use crate::reading_order::reading_order;

/// A component to which a link may or may not be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The component.
    pub id: Id,
    /// Why not; `None` if it can.
    pub refusal: Option<EditRefusal>,
}

/// All cards in reading order, the asking one only if it may ask itself.
pub(crate) fn candidates(design: &Design, from: &Id) -> Vec<Candidate> {
    let fits = |c: &Component| !c.kind.is_group() && (c.id != *from || may_link_itself(c.kind));
    reading_order(design, fits)
        .into_iter()
        .map(|id| Candidate {
            refusal: may_connect(design, from, &id).err(),
            id,
        })
        .collect()
}
