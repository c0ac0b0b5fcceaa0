//! Commands: every way in which a design can change, as data.

use std::collections::BTreeSet;

use archplay_model::{Design, Id, Kind, LinkKey, Problem, Rect, Value};

/// One change of a design. [`Command::policy`] says how it is recorded.
///
/// A command either happens as a whole or is refused as a whole. Its inverse is the difference between
/// the designs before and after ([`crate::Change`]), so it is exact whatever the command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Adds a component with its top left corner at a place; a group there adopts it.
    Add {
        /// What.
        kind: Kind,
        /// Left edge.
        x: f64,
        /// Top edge.
        y: f64,
    },
    /// Moves components with all that is in them, freely; they join and leave groups by where their
    /// middle comes to stand. For arrow keys.
    Nudge {
        /// Which.
        ids: BTreeSet<Id>,
        /// To the right.
        dx: f64,
        /// Down.
        dy: f64,
    },
    /// Moves components and lets go of them: as [`Command::Nudge`], and the groups that hold them grow
    /// to their size.
    Move {
        /// Which.
        ids: BTreeSet<Id>,
        /// To the right.
        dx: f64,
        /// Down.
        dy: f64,
    },
    /// Gives a group another frame, never smaller than its content needs.
    Resize {
        /// Which group.
        id: Id,
        /// The frame wished for.
        rect: Rect,
    },
    /// Puts a component into a group or takes it out, without moving it.
    SetParent {
        /// Which.
        id: Id,
        /// The group, or none.
        parent: Option<Id>,
    },
    /// Removes a group but not what is in it.
    Ungroup {
        /// Which group.
        id: Id,
    },
    /// Names a component; an empty name shows the kind's own.
    Rename {
        /// Which.
        id: Id,
        /// The name.
        name: String,
    },
    /// Names the drawing.
    RenameDesign {
        /// The name.
        name: String,
    },
    /// Sets a parameter of one or several components.
    SetParam {
        /// Which; all must have the parameter.
        ids: BTreeSet<Id>,
        /// The parameter.
        key: String,
        /// The value.
        value: Value,
    },
    /// Gives a parameter its default again.
    ResetParam {
        /// Which components.
        ids: BTreeSet<Id>,
        /// The parameter.
        key: String,
    },
    /// Links two components.
    Connect {
        /// Who asks.
        from: Id,
        /// Who is asked.
        to: Id,
    },
    /// Writes a note on a link.
    SetLabel {
        /// Which link.
        link: LinkKey,
        /// The note; empty for none.
        label: String,
    },
    /// Removes components with all that is in them, their links, and more links.
    Remove {
        /// Components.
        ids: BTreeSet<Id>,
        /// Links.
        links: BTreeSet<LinkKey>,
    },
    /// Adds a copy of what another design holds. Ids that are taken are replaced.
    Paste {
        /// What.
        fragment: Design,
        /// How far to move it, to the right.
        dx: f64,
        /// How far to move it, down.
        dy: f64,
    },
    /// Arranges everything in columns from those who ask to those who are asked.
    Layout,
    /// Puts another design in the place of this one: an import, a reset.
    Replace {
        /// The design.
        design: Design,
    },
    /// Opens another drawing: as [`Command::Replace`], but history begins anew.
    Open {
        /// The design.
        design: Design,
    },
}

/// How a command is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// As an undo step of its own.
    Step,
    /// Together with the last step if that has the same key and nothing came between, else as a step.
    Merge(MergeKey),
    /// Not at all: history is emptied.
    Forget,
}

/// What consecutive commands must have in common to become one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeKey {
    /// Arrow keys on the same components.
    Nudge(BTreeSet<Id>),
    /// Typing the same component's name.
    Name(Id),
    /// Typing the drawing's name.
    DesignName,
    /// Changing the same parameter of the same components.
    Param(BTreeSet<Id>, String),
    /// Typing the same link's note.
    Label(LinkKey),
}

impl Command {
    /// How it is recorded.
    #[must_use]
    pub fn policy(&self) -> Policy {
        match self {
            Self::Nudge { ids, .. } => Policy::Merge(MergeKey::Nudge(ids.clone())),
            Self::Rename { id, .. } => Policy::Merge(MergeKey::Name(id.clone())),
            Self::RenameDesign { .. } => Policy::Merge(MergeKey::DesignName),
            Self::SetParam { ids, key, .. } => {
                Policy::Merge(MergeKey::Param(ids.clone(), key.clone()))
            }
            Self::SetLabel { link, .. } => Policy::Merge(MergeKey::Label(link.clone())),
            Self::Open { .. } => Policy::Forget,
            Self::Add { .. }
            | Self::Move { .. }
            | Self::Resize { .. }
            | Self::SetParent { .. }
            | Self::Ungroup { .. }
            | Self::ResetParam { .. }
            | Self::Connect { .. }
            | Self::Remove { .. }
            | Self::Paste { .. }
            | Self::Layout
            | Self::Replace { .. } => Policy::Step,
        }
    }

    /// The name in text keys: `edit.<slug>`, as in "Undo: move".
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Nudge { .. } | Self::Move { .. } => "move",
            Self::Resize { .. } => "resize",
            Self::SetParent { .. } => "set_parent",
            Self::Ungroup { .. } => "ungroup",
            Self::Rename { .. } => "rename",
            Self::RenameDesign { .. } => "rename_design",
            Self::SetParam { .. } => "set_param",
            Self::ResetParam { .. } => "reset_param",
            Self::Connect { .. } => "connect",
            Self::SetLabel { .. } => "set_label",
            Self::Remove { .. } => "remove",
            Self::Paste { .. } => "paste",
            Self::Layout => "layout",
            Self::Replace { .. } => "replace",
            Self::Open { .. } => "open",
        }
    }

    /// All slugs, for the tests that look for their texts.
    pub const SLUGS: [&'static str; 16] = [
        "add",
        "move",
        "resize",
        "set_parent",
        "ungroup",
        "rename",
        "rename_design",
        "set_param",
        "reset_param",
        "connect",
        "set_label",
        "remove",
        "paste",
        "layout",
        "replace",
        "open",
    ];
}

/// What a command brought about besides the change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Components that it added, in id order; the editor selects them.
    pub created: Vec<Id>,
    /// A link that it added; the editor selects it.
    pub connected: Option<LinkKey>,
    /// What it had to mend in a design from outside.
    pub mended: Vec<Problem>,
}
