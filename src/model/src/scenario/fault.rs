//! What breaks, and how it comes back.

use serde::{Deserialize, Serialize};

use crate::{ClockTime, Id, LinkKey, Place};

/// Something that breaks or comes back at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// When.
    pub at: ClockTime,
    /// When it ends by itself; never if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<ClockTime>,
    /// What happens.
    pub action: FaultAction,
    /// To whom.
    pub target: FaultTarget,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultAction {
    /// It dies with all that is in it.
    Kill,
    /// Whatever was done to it ends; what was killed comes back, empty.
    Restore,
    /// Everything there takes longer.
    Slow {
        /// How many times as long, 1 to 1,000.
        factor: f64,
    },
    /// The network loses packets: a lost message is sent again after a time-out of its own.
    Lose {
        /// Share of messages lost, 0 to 0.99.
        share: f64,
    },
    /// Nothing goes over the link any more; those who send notice only by their time-outs.
    Cut,
    /// The disk is full: writes fail.
    FillDisk,
    /// A process takes more and more memory.
    LeakMemory {
        /// Mebibytes per second.
        mib_per_sec: f64,
    },
    /// Another program takes CPU.
    HogCpu {
        /// How many cores it wants.
        cores: f64,
    },
    /// Everything that a cache or CDN keeps expires at once.
    Expire,
    /// The clock jumps.
    StepClock {
        /// By how many milliseconds; negative is back.
        ms: f64,
    },
    /// Only the name resolver inside it fails; everything else goes on.
    FailResolver,
    /// One shard of a cache dies with all that is in it; it comes back empty. The others go on.
    KillShard {
        /// Which one, from 1 on. What the cache does not have is not hit.
        shard: u32,
    },
}

impl FaultAction {
    /// The names in text keys, `fault.<slug>`, for the tests that look for their texts.
    pub const SLUGS: [&'static str; 12] = [
        "kill",
        "restore",
        "slow",
        "lose",
        "cut",
        "fill_disk",
        "leak_memory",
        "hog_cpu",
        "expire",
        "step_clock",
        "fail_resolver",
        "kill_shard",
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        Self::SLUGS[match self {
            Self::Kill => 0,
            Self::Restore => 1,
            Self::Slow { .. } => 2,
            Self::Lose { .. } => 3,
            Self::Cut => 4,
            Self::FillDisk => 5,
            Self::LeakMemory { .. } => 6,
            Self::HogCpu { .. } => 7,
            Self::Expire => 8,
            Self::StepClock { .. } => 9,
            Self::FailResolver => 10,
            Self::KillShard { .. } => 11,
        }]
    }
}

/// How strong an action with a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrengthRange {
    /// The number's name in files.
    pub field: &'static str,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
    /// Whether the least is just too little.
    pub above_min: bool,
}

impl StrengthRange {
    /// Tells whether a number is in it.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let enough = if self.above_min {
            value > self.min
        } else {
            value >= self.min
        };
        enough && value <= self.max
    }
}

impl FaultAction {
    /// How strong it may be; `None` for what has no strength.
    #[must_use]
    pub const fn strength_range(&self) -> Option<StrengthRange> {
        let (field, min, max, above_min) = match self {
            Self::Slow { .. } => ("factor", 1.0, 1_000.0, false),
            Self::Lose { .. } => ("share", 0.0, 0.99, false),
            Self::LeakMemory { .. } => ("mib_per_sec", 0.0, 1e6, true),
            Self::HogCpu { .. } => ("cores", 0.0, 4_096.0, true),
            Self::StepClock { .. } => ("ms", -1e9, 1e9, false),
            Self::KillShard { .. } => ("shard", 1.0, 1_000.0, false),
            Self::Kill
            | Self::Restore
            | Self::Cut
            | Self::FillDisk
            | Self::Expire
            | Self::FailResolver => return None,
        };
        Some(StrengthRange {
            field,
            min,
            max,
            above_min,
        })
    }

    /// How strong it is.
    #[must_use]
    pub const fn strength(&self) -> Option<f64> {
        match *self {
            Self::Slow { factor: value }
            | Self::Lose { share: value }
            | Self::LeakMemory { mib_per_sec: value }
            | Self::HogCpu { cores: value }
            | Self::StepClock { ms: value } => Some(value),
            Self::KillShard { shard } => Some(shard as f64),
            Self::Kill
            | Self::Restore
            | Self::Cut
            | Self::FillDisk
            | Self::Expire
            | Self::FailResolver => None,
        }
    }

    /// The same action as strong as this; unchanged if it has no strength.
    #[must_use]
    pub const fn with_strength(self, value: f64) -> Self {
        match self {
            Self::Slow { .. } => Self::Slow { factor: value },
            Self::Lose { .. } => Self::Lose { share: value },
            Self::LeakMemory { .. } => Self::LeakMemory { mib_per_sec: value },
            Self::HogCpu { .. } => Self::HogCpu { cores: value },
            Self::StepClock { .. } => Self::StepClock { ms: value },
            Self::KillShard { .. } => Self::KillShard {
                shard: value as u32,
            },
            Self::Kill
            | Self::Restore
            | Self::Cut
            | Self::FillDisk
            | Self::Expire
            | Self::FailResolver => self,
        }
    }
}

/// To whom it happens. Selectors name nothing of the drawing, so a scenario fits any drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultTarget {
    /// A component or group of this name, if the drawing has it.
    Component(Id),
    /// One instance of the first server (by id) that has had its share of the requests.
    OneServer,
    /// The first component of a kind (by id) that has had its share of the requests, or one instance of it.
    OneOf(crate::Kind),
    /// All components of a kind.
    Kind(crate::Kind),
    /// Everything that stands in this place, also outside region boxes. CDN edges are not in it.
    Place(Place),
    /// A link, if the drawing has it.
    Link(LinkKey),
}

/// A fault or setting made by hand while a run goes on, with the moment at which it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// Simulated time since the start, in nanoseconds.
    pub at_ns: u64,
    /// What happens.
    pub action: FaultAction,
    /// To whom.
    pub target: FaultTarget,
}
