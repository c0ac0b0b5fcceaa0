//! Components, links and their parameter values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::{ParamKind, ParamSpec};
use crate::{Id, Kind};

/// The value of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Value {
    /// On or off.
    Flag(bool),
    /// A number in the parameter's unit.
    Number(f64),
    /// A choice, a list of names or a schedule.
    Text(String),
}

/// Parameters that a person has set. What is absent has the catalogue's default.
pub type Params = BTreeMap<String, Value>;

/// A rectangle on the canvas, in canvas units (pixels at zoom 1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width, not negative.
    pub w: f64,
    /// Height, not negative.
    pub h: f64,
}

impl Rect {
    /// Whether the point lies inside or on the edge.
    #[must_use]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        x >= self.x && y >= self.y && x <= self.x + self.w && y <= self.y + self.h
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains_rect(&self, other: &Self) -> bool {
        self.contains(other.x, other.y) && self.contains(other.x + other.w, other.y + other.h)
    }

    /// Whether the two share any area or edge.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.x <= other.x + other.w
            && other.x <= self.x + self.w
            && self.y <= other.y + other.h
            && other.y <= self.y + self.h
    }

    /// The middle.
    #[must_use]
    pub fn center(&self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        let right = (self.x + self.w).max(other.x + other.w);
        let bottom = (self.y + self.h).max(other.y + other.h);
        Self {
            x,
            y,
            w: right - x,
            h: bottom - y,
        }
    }
}

/// The width of a component card, in canvas units.
pub const CARD_W: f64 = 132.0;
/// The height of a component card, in canvas units.
pub const CARD_H: f64 = 64.0;

/// One box on the canvas: a component, or a group that holds components.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Unique within the design.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// The name a person gave; empty means the kind's own name is shown.
    pub name: String,
    /// The group it stands in.
    pub parent: Option<Id>,
    /// Left edge on the canvas (absolute, also inside groups).
    pub x: f64,
    /// Top edge on the canvas.
    pub y: f64,
    /// Width; for cards always [`CARD_W`].
    pub w: f64,
    /// Height; for cards always [`CARD_H`].
    pub h: f64,
    /// What a person has set.
    pub params: Params,
}

impl Component {
    /// Makes a component of a kind with its usual size and no parameters set.
    #[must_use]
    pub fn new(id: Id, kind: Kind, x: f64, y: f64) -> Self {
        let (w, h) = Self::default_size(kind);
        Self {
            id,
            kind,
            name: String::new(),
            parent: None,
            x,
            y,
            w,
            h,
            params: Params::new(),
        }
    }

    /// The size of a new component of this kind.
    #[must_use]
    pub const fn default_size(kind: Kind) -> (f64, f64) {
        match kind {
            Kind::Region => (520.0, 320.0),
            Kind::Zone => (240.0, 240.0),
            Kind::AutoScalingGroup => (180.0, 136.0),
            Kind::Subnet => (220.0, 200.0),
            _ => (CARD_W, CARD_H),
        }
    }

    /// The place it takes on the canvas.
    #[must_use]
    pub const fn rect(&self) -> Rect {
        Rect {
            x: self.x,
            y: self.y,
            w: self.w,
            h: self.h,
        }
    }

    /// The number of a parameter: what was set if it is a usable number, else the default.
    /// 0 for a parameter that is no number.
    #[must_use]
    pub fn number(&self, spec: &ParamSpec) -> f64 {
        match (self.params.get(spec.key), &spec.kind) {
            (Some(Value::Number(n)), ParamKind::Number { .. }) if n.is_finite() => *n,
            (_, ParamKind::Number { default, .. }) => *default,
            _ => 0.0,
        }
    }

    /// A parameter that counts things, as `u32`; out-of-range values are brought into the range.
    #[must_use]
    pub fn count(&self, spec: &ParamSpec) -> u32 {
        let (min, max) = match spec.kind {
            ParamKind::Number { min, max, .. } => (min, max),
            _ => (0.0, 0.0),
        };
        // In range by the catalogue, whose bounds all fit into u32.
        self.number(spec).clamp(min, max).round() as u32
    }

    /// The text of a parameter (choice, names, schedule): what was set, else the default.
    #[must_use]
    pub fn text(&self, spec: &ParamSpec) -> &str {
        match (self.params.get(spec.key), &spec.kind) {
            (Some(Value::Text(text)), _) => text,
            (_, ParamKind::Choice { default, .. }) => default,
            _ => "",
        }
    }

    /// The list of ids in a names parameter; empty means "all that no one else claims".
    #[must_use]
    pub fn names(&self, spec: &ParamSpec) -> Vec<Id> {
        self.text(spec)
            .split([',', ' '])
            .filter_map(|part| Id::new(part.trim()).ok())
            .collect()
    }
}

/// The two ends of a link; there is at most one link from one component to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkKey {
    /// Who asks.
    pub from: Id,
    /// Who is asked.
    pub to: Id,
}

impl LinkKey {
    /// Makes a key.
    #[must_use]
    pub const fn new(from: Id, to: Id) -> Self {
        Self { from, to }
    }

    /// The name in reports: `from>to`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}>{}", self.from, self.to)
    }
}

/// What is known of a link besides its ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// A note a person wrote on the arrow; empty for none.
    pub label: String,
}
/// Mebibytes that the system and a database without connections take.
pub const DATABASE_BASE_MIB: f64 = 256.0;

/// How many connections a database has at once: what was set, else what its memory allows.
#[must_use]
pub fn connection_limit(database: &Component) -> u64 {
    /// Bytes of memory for each connection when no limit is set: RDS for MySQL.
    const BYTES_EACH: f64 = 12_582_880.0;
    const GIB: f64 = 1_073_741_824.0;
    let memory = database.number(&crate::catalogue::database::MEMORY_GIB) * GIB;
    match database.count(&crate::catalogue::database::MAX_CONNECTIONS) {
        0 => ((memory / BYTES_EACH) as u64).max(1),
        n => u64::from(n),
    }
}
