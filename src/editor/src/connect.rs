//! Connecting: which components a link can go to, and why not to the others.

use archplay_model::{Design, Id};

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

/// All cards but the asking one, in reading order.
pub(crate) fn candidates(design: &Design, from: &Id) -> Vec<Candidate> {
    reading_order(design, |c| !c.kind.is_group() && c.id != *from)
        .into_iter()
        .map(|id| Candidate {
            refusal: may_connect(design, from, &id).err(),
            id,
        })
        .collect()
}
