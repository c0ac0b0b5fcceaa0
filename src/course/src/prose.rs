//! What a lesson's Markdown becomes: a tree of allowed elements. It has no place for HTML or scripts, so a
//! text can never become more than text, and whoever draws it lets an address through only by
//! [`link_address`] and [`picture_address`].
//!
//! The tree is made when the site is built (`parse.rs`, behind the `toml` feature) and travels as JSON
//! (`json.rs`). Must not live here: Markdown itself, which the page does not carry, and what the tree looks
//! like on the page.

use serde::{Deserialize, Serialize};

mod json;
#[cfg(feature = "toml")]
mod parse;

#[cfg(feature = "toml")]
pub use parse::{Context, Refusal, parse};

/// The deepest place of a piece in a tree, counted from 0: a text beyond it is refused when the site is
/// built, and not drawn by the page.
pub const MAX_DEPTH: usize = 32;

/// The figures that a text can show, with a block of code called `figure <name>`. What each shows is computed
/// by the crate of the figures, which has the same names.
pub const FIGURES: [&str; 13] = [
    "nines",
    "waiting",
    "alarm",
    "load",
    "knee",
    "retries",
    "pool",
    "lru",
    "failover",
    "mskeys",
    "snowflake",
    "scan",
    "ring",
];

/// A text in both languages; the page gets only one of them at a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LocalProse {
    /// Korean, the original.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ko: Vec<Node>,
    /// English.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub en: Vec<Node>,
}

/// A piece of text as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Plain text.
    Text(String),
    /// Something around other pieces.
    Element(Element, Vec<Self>),
}

/// What may stand around text.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// A paragraph.
    Paragraph,
    /// A heading, 1 to 6.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A list; ordered ones have their first number.
    List(Option<u64>),
    /// An item of a list.
    Item,
    /// Code on lines of its own.
    CodeBlock,
    /// Code within a line.
    Code,
    /// Stress.
    Emphasis,
    /// Strong stress.
    Strong,
    /// Struck out.
    Strike,
    /// A link with its address as it is written; [`link_address`] says whether it may be followed.
    Link(String),
    /// The number of a source, from 0.
    Cite(usize),
    /// A picture with its path below the lesson's folder, see [`picture_address`]; the content is its
    /// description.
    Image(String),
    /// A table.
    Table,
    /// The table's first row.
    TableHead,
    /// A further row.
    TableRow,
    /// A cell. Figures stand to the right.
    Cell {
        /// Whether it heads a column.
        head: bool,
        /// Whether it is aligned to the right.
        right: bool,
    },
    /// A figure by its name, one of [`FIGURES`].
    Figure(String),
    /// A question by its id in `questions.toml`.
    Question(String),
    /// A word that the glossary explains, by its id there.
    Term(String),
    /// A line across.
    Rule,
    /// The end of a line.
    Break,
}

/// Where a link may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A place of this page, with its `#`.
    Inside(String),
    /// Another site, by https.
    Outside(String),
}

/// Says whether and where an address of a link may lead.
#[must_use]
pub fn link_address(address: &str) -> Option<Address> {
    let plain = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    if !plain {
        return None;
    }
    if address.starts_with("#/") {
        return Some(Address::Inside(address.to_owned()));
    }
    let rest = address.strip_prefix("https://")?;
    (!rest.is_empty() && !rest.starts_with('/')).then(|| Address::Outside(address.to_owned()))
}

/// The address of a lesson's picture, relative to the page: only a plain path below the lesson's folder.
#[must_use]
pub fn picture_address(path: &str, lesson: &str) -> Option<String> {
    let plain = path
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    let inside = plain
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'));
    inside.then(|| format!("lessons/{lesson}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_inside_or_by_https() {
        assert_eq!(
            link_address("#/s4"),
            Some(Address::Inside("#/s4".to_owned()))
        );
        assert_eq!(
            link_address("https://example.org/x"),
            Some(Address::Outside("https://example.org/x".to_owned()))
        );
        for bad in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "http://example.org",
            "//example.org",
            "https:///x",
            "https://",
            "https://a\tb",
            "/root",
            "#top",
        ] {
            assert_eq!(link_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn pictures_stay_below_the_lesson() {
        assert_eq!(
            picture_address("img/queue.svg", "03-compute").as_deref(),
            Some("lessons/03-compute/img/queue.svg")
        );
        for bad in [
            "",
            "https://x/y.png",
            "../a.svg",
            "/a.svg",
            "a/../b.svg",
            "a//b.svg",
            "a/",
            "data:x",
        ] {
            assert_eq!(picture_address(bad, "03-compute"), None, "{bad}");
        }
    }
}
