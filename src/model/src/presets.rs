//! Scenarios that fit any drawing, for the free playground.

use crate::Scenario;
use crate::format::{LoadError, read_scenario};

/// A preset scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The same rate all the time.
    Steady,
    /// A day, with its night and its evening peak.
    Daily,
    /// A crowd within a minute.
    FlashCrowd,
    /// Everything in Seoul dies for a while.
    RegionLoss,
}

impl Preset {
    /// All presets, in the order of the menu.
    pub const ALL: [Self; 4] = [
        Self::Steady,
        Self::Daily,
        Self::FlashCrowd,
        Self::RegionLoss,
    ];

    /// The name on the command line and in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Daily => "daily",
            Self::FlashCrowd => "flash_crowd",
            Self::RegionLoss => "region_loss",
        }
    }

    /// Finds a preset by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.slug() == slug)
    }

    /// The scenario file.
    #[must_use]
    pub const fn json(self) -> &'static str {
        match self {
            Self::Steady => include_str!("../presets/steady.json"),
            Self::Daily => include_str!("../presets/daily.json"),
            Self::FlashCrowd => include_str!("../presets/flash_crowd.json"),
            Self::RegionLoss => include_str!("../presets/region_loss.json"),
        }
    }

    /// The scenario.
    ///
    /// # Errors
    /// Never for the files that ship: a test reads them all.
    pub fn scenario(self) -> Result<Scenario, LoadError> {
        read_scenario(self.json())
    }
}
