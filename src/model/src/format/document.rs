//! The design file as it stands on disk. Kept apart from [`crate::Design`], so that the inner types may
//! change while files stay readable.

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Params};

/// A design file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DesignDoc {
    /// Name and version of the format: `archplay/design/1`.
    pub schema: String,
    /// What the drawing is called.
    #[serde(default)]
    pub name: String,
    /// All boxes, ordered by id.
    pub components: Vec<ComponentDoc>,
    /// All links, ordered by their ends.
    #[serde(default)]
    pub links: Vec<LinkDoc>,
}

/// A box in a design file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentDoc {
    /// Unique within the file.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// The name a person gave.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The group it stands in.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// Left edge on the canvas, in pixels at zoom 1.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width; groups only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub w: Option<f64>,
    /// Height; groups only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub h: Option<f64>,
    /// What a person has set; the rest has the catalogue's defaults.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

/// A link in a design file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkDoc {
    /// Who asks.
    pub from: Id,
    /// Who is asked.
    pub to: Id,
    /// A note on the arrow.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}
