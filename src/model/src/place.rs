//! Places on the map and how far they are from each other.

use serde::{Deserialize, Serialize};

/// A place on the map. Distances are in [`Place::rtt_ms`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Seoul; also where a component outside every region box stands.
    #[default]
    Seoul,
    /// Tokyo.
    Tokyo,
}

impl Place {
    /// All places, first the default.
    pub const ALL: [Self; 2] = [Self::Seoul, Self::Tokyo];

    /// The name in files and keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Seoul => "seoul",
            Self::Tokyo => "tokyo",
        }
    }

    /// Finds a place by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.slug() == slug)
    }

    /// Round-trip time between two places in milliseconds, 0 within one.
    ///
    /// Seoul to Tokyo 31.3 ms: measured between AWS regions, 2017 (see the lesson's sources).
    #[must_use]
    pub const fn rtt_ms(self, other: Self) -> f64 {
        match (self, other) {
            (Self::Seoul, Self::Seoul) | (Self::Tokyo, Self::Tokyo) => 0.0,
            (Self::Seoul, Self::Tokyo) | (Self::Tokyo, Self::Seoul) => 31.3,
        }
    }
}
