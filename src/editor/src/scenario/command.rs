//! What can be done to a scenario, and why not.

use archplay_model::Scenario;
use archplay_model::scenario::RatePoint;

use super::demand_kind::{DemandKind, Wrapper};
use super::tree::Way;
use super::value::FieldValue;

/// The place of a demand in its operation: child numbers from the root.
pub type DemandPath = Vec<usize>;

/// A part of a scenario that has fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The scenario itself.
    Scenario,
    /// What the visitors are worth.
    Business,
    /// The news feed.
    Feed,
    /// What things cost.
    Prices,
    /// What a component of each kind costs for an hour.
    HourPrices,
    /// What a million requests to each kind cost.
    RequestPrices,
    /// Which kinds may be used.
    Allowed,
    /// A dataset.
    Dataset(usize),
    /// An operation.
    Operation(usize),
    /// A demand of an operation.
    Demand(usize, DemandPath),
    /// A condition of a reading demand.
    Filter(usize, DemandPath, usize),
    /// A journey.
    Journey(usize),
    /// A step of a journey.
    Step(usize, usize),
    /// Another operation in the place of a step's.
    Alternative(usize, usize, usize),
    /// An audience.
    Audience(usize),
    /// A point of an audience's curve.
    Point(usize, usize),
    /// A fault.
    Fault(usize),
    /// An account with followers of the news feed.
    Celebrity(usize),
    /// A moment at which such an account posts.
    Moment(usize, usize),
}

/// A list of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Scenario`")]
pub enum List {
    Datasets,
    Operations,
    Journeys,
    Steps(usize),
    Alternatives(usize, usize),
    Audiences,
    Faults,
    Filters(usize, DemandPath),
    Celebrities,
    Moments(usize),
}

/// A change of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioCommand {
    /// Sets a field.
    Set {
        /// Of what.
        at: At,
        /// The field's name.
        key: &'static str,
        /// What it shall hold.
        value: FieldValue,
    },
    /// Draws the curve of an audience anew.
    Curve {
        /// Which.
        audience: usize,
        /// Its points.
        points: Vec<RatePoint>,
        /// The point that was moved, if only one: moves of the same point in a row are one step.
        moved: Option<usize>,
    },
    /// Adds an entry at the end of a list.
    Add {
        /// Which list.
        list: List,
        /// What people shall call it at first, in both languages.
        name: String,
    },
    /// Adds a demand at a place of an operation's tree, or after it.
    AddDemand {
        /// Which operation.
        operation: usize,
        /// Where.
        path: DemandPath,
        /// What.
        kind: DemandKind,
    },
    /// Adds a copy after an entry.
    Duplicate(At),
    /// Takes an entry away.
    Remove(At),
    /// Moves an entry of a list, or a demand of a tree.
    Shift(At, Way),
    /// Puts a demand into another.
    Wrap(usize, DemandPath, Wrapper),
    /// Puts what is in a demand into its place.
    Unwrap(usize, DemandPath),
    /// Puts another scenario in the place of all.
    Replace(Box<Scenario>),
}

/// Why a change is not made. The text is `scenario.refusal.<slug>`.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioRefusal {
    /// There is no such thing (any more).
    NotThere,
    /// It cannot go there.
    CannotMove,
    /// A field of this kind does not take such a value.
    WrongValue,
    /// Out of range.
    OutOfRange {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// Not a whole number.
    NotWhole,
    /// Too long.
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// No id.
    BadId,
    /// Another has this id.
    Taken,
    /// The list is as long as it may be.
    Full {
        /// The most entries.
        max: usize,
    },
    /// The tree would be too deep or too big.
    TooDeep,
    /// The last one stays.
    LastOne,
}

impl ScenarioRefusal {
    /// The names in text keys.
    pub const SLUGS: [&'static str; 11] = [
        "not_there",
        "cannot_move",
        "wrong_value",
        "out_of_range",
        "not_whole",
        "too_long",
        "bad_id",
        "taken",
        "full",
        "too_deep",
        "last_one",
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        Self::SLUGS[match self {
            Self::NotThere => 0,
            Self::CannotMove => 1,
            Self::WrongValue => 2,
            Self::OutOfRange { .. } => 3,
            Self::NotWhole => 4,
            Self::TooLong { .. } => 5,
            Self::BadId => 6,
            Self::Taken => 7,
            Self::Full { .. } => 8,
            Self::TooDeep => 9,
            Self::LastOne => 10,
        }]
    }
}
