//! Why a command was refused.

use archplay_model::catalogue::ValueRefusal;
use archplay_model::format::LoadError;
use archplay_model::{Id, Kind, LinkRefusal};

/// Why a command was refused; the design is as it was. The text is [`EditRefusal::text_key`] filled with
/// [`EditRefusal::args`].
#[derive(Clone, Debug, PartialEq)]
pub enum EditRefusal {
    /// There is no such component.
    NoComponent(Id),
    /// There is no such link.
    NoLink {
        /// Who asks.
        from: Id,
        /// Who is asked.
        to: Id,
    },
    /// The component's kind has no such parameter.
    NoParam(String),
    /// The value may not be set.
    Value(ValueRefusal),
    /// The two cannot be linked.
    Link(LinkRefusal),
    /// They are linked already.
    AlreadyLinked,
    /// It is no group.
    NotAGroup(Id),
    /// This kind may not stand in that kind of group.
    ParentNotAllowed {
        /// Who.
        kind: Kind,
        /// In what.
        group: Kind,
    },
    /// A group cannot stand in itself.
    ParentCycle,
    /// The name has too many characters.
    NameTooLong {
        /// The most it may have.
        max: usize,
    },
    /// The drawing has as many components or links as one may have.
    Full {
        /// The limit.
        max: usize,
    },
    /// What is on the clipboard is no part of a drawing.
    NotAFragment(LoadError),
    /// There is nothing to paste or copy.
    Empty,
}

impl EditRefusal {
    /// The name in text keys.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::NoComponent(_) => "no_component",
            Self::NoLink { .. } => "no_link",
            Self::NoParam(_) => "no_param",
            Self::Value(refusal) => refusal.slug(),
            Self::Link(refusal) => refusal.slug(),
            Self::AlreadyLinked => "already_linked",
            Self::NotAGroup(_) => "not_a_group",
            Self::ParentNotAllowed { .. } => "parent_not_allowed",
            Self::ParentCycle => "parent_cycle",
            Self::NameTooLong { .. } => "name_too_long",
            Self::Full { .. } => "full",
            Self::NotAFragment(_) => "not_a_fragment",
            Self::Empty => "empty",
        }
    }

    /// The key of the text: `edit_refusal.<slug>`, or the value's or the link's own.
    #[must_use]
    pub fn text_key(&self) -> String {
        let family = match self {
            Self::Value(_) => "value_refusal",
            Self::Link(_) => "link_refusal",
            _ => "edit_refusal",
        };
        format!("{family}.{}", self.slug())
    }

    /// Names and values for the text. `kind` and `group` are slugs of kinds.
    #[must_use]
    pub fn args(&self) -> Vec<(String, String)> {
        let one = |name: &str, value: String| vec![(name.to_owned(), value)];
        match self {
            Self::NoComponent(id) | Self::NotAGroup(id) => one("id", id.to_string()),
            Self::NoLink { from, to } => {
                vec![
                    ("from".into(), from.to_string()),
                    ("to".into(), to.to_string()),
                ]
            }
            Self::NoParam(key) => one("param", key.clone()),
            Self::Value(refusal) => refusal.args(),
            Self::ParentNotAllowed { kind, group } => vec![
                ("kind".into(), kind.slug().into()),
                ("group".into(), group.slug().into()),
            ],
            Self::NameTooLong { max } | Self::Full { max } => one("max", max.to_string()),
            Self::Link(_)
            | Self::AlreadyLinked
            | Self::ParentCycle
            | Self::NotAFragment(_)
            | Self::Empty => Vec::new(),
        }
    }

    /// The slugs whose texts are `edit_refusal.<slug>`, for the tests that look for them.
    pub const SLUGS: [&'static str; 11] = [
        "no_component",
        "no_link",
        "no_param",
        "already_linked",
        "not_a_group",
        "parent_not_allowed",
        "parent_cycle",
        "name_too_long",
        "full",
        "not_a_fragment",
        "empty",
    ];
}
