//! What demands there are, and with which numbers a new one begins.

use archplay_model::Id;
use archplay_model::scenario::{Consistency, Demand, OnConflict, Pick, Spread};

/// What a demand is, without its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Demand`")]
pub enum DemandKind {
    Static,
    Compute,
    Read,
    Write,
    Insert,
    Reserve,
    NextId,
    Publish,
    Call,
    Authenticate,
    Notify,
    ReadFeed,
    FanOut,
    Login,
    Seq,
    Par,
    Transaction,
    Repeat,
    Optional,
}

/// What a demand can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Demand`")]
pub enum Wrapper {
    Seq,
    Par,
    Transaction,
    Repeat,
    Optional,
}

impl Wrapper {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 5] = [
        Self::Seq,
        Self::Par,
        Self::Transaction,
        Self::Repeat,
        Self::Optional,
    ];

    /// What it makes.
    #[must_use]
    pub const fn kind(self) -> DemandKind {
        match self {
            Self::Seq => DemandKind::Seq,
            Self::Par => DemandKind::Par,
            Self::Transaction => DemandKind::Transaction,
            Self::Repeat => DemandKind::Repeat,
            Self::Optional => DemandKind::Optional,
        }
    }
}

impl DemandKind {
    /// Leaves, in the order of the menu.
    pub const LEAVES: [Self; 14] = [
        Self::Compute,
        Self::Static,
        Self::Read,
        Self::Write,
        Self::Insert,
        Self::Reserve,
        Self::NextId,
        Self::Publish,
        Self::Call,
        Self::Authenticate,
        Self::Notify,
        Self::ReadFeed,
        Self::FanOut,
        Self::Login,
    ];

    /// What a demand is.
    #[must_use]
    pub const fn of(demand: &Demand) -> Self {
        match demand {
            Demand::Static { .. } => Self::Static,
            Demand::Compute { .. } => Self::Compute,
            Demand::Read { .. } => Self::Read,
            Demand::Write { .. } => Self::Write,
            Demand::Insert { .. } => Self::Insert,
            Demand::Reserve { .. } => Self::Reserve,
            Demand::NextId { .. } => Self::NextId,
            Demand::Publish { .. } => Self::Publish,
            Demand::Call { .. } => Self::Call,
            Demand::Authenticate => Self::Authenticate,
            Demand::Notify => Self::Notify,
            Demand::ReadFeed { .. } => Self::ReadFeed,
            Demand::FanOut { .. } => Self::FanOut,
            Demand::Login { .. } => Self::Login,
            Demand::Seq(_) => Self::Seq,
            Demand::Par { .. } => Self::Par,
            Demand::Transaction(_) => Self::Transaction,
            Demand::Repeat { .. } => Self::Repeat,
            Demand::Optional(_) => Self::Optional,
        }
    }

    /// Whether it holds others.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(
            self,
            Self::Seq | Self::Par | Self::Transaction | Self::Repeat | Self::Optional
        )
    }

    /// One with the usual numbers, about this dataset and this operation.
    #[must_use]
    pub fn fresh(self, dataset: Option<&Id>, operation: Option<&Id>) -> Demand {
        let data = || {
            dataset
                .cloned()
                .unwrap_or_else(|| Id::numbered("dataset", 1))
        };
        let other = || {
            operation
                .cloned()
                .unwrap_or_else(|| Id::numbered("operation", 1))
        };
        match self {
            Self::Static => Demand::Static {
                bytes: 100_000,
                objects: 1,
            },
            Self::Compute => Demand::Compute {
                cpu_ms: 10.0,
                spread: Spread::Exponential,
            },
            Self::Read => Demand::Read {
                dataset: data(),
                rows: 1,
                filters: Vec::new(),
                order_by: None,
                offset: 0,
                consistency: Consistency::Eventual,
                key: Pick::Popular,
            },
            Self::Write => Demand::Write {
                dataset: data(),
                key: Pick::Popular,
            },
            Self::Insert => Demand::Insert {
                dataset: data(),
                on_conflict: OnConflict::Error,
            },
            Self::Reserve => Demand::Reserve {
                dataset: data(),
                amount: 1,
                key: Pick::Popular,
                read_then_write: false,
            },
            Self::NextId => Demand::NextId { dataset: data() },
            Self::Publish => Demand::Publish { topic: other() },
            Self::Call => Demand::Call { service: other() },
            Self::Authenticate => Demand::Authenticate,
            Self::Notify => Demand::Notify,
            Self::ReadFeed => Demand::ReadFeed {
                page: 0,
                cpu_us: 2.0,
            },
            Self::FanOut => Demand::FanOut { cpu_us: 5.0 },
            Self::Login => Demand::Login { cpu_ms: 50.0 },
            Self::Seq => Demand::Seq(Vec::new()),
            Self::Par => Demand::Par {
                wait_for: None,
                demands: Vec::new(),
            },
            Self::Transaction => Demand::Transaction(Vec::new()),
            Self::Repeat => Demand::Repeat {
                times: 2,
                demand: Box::new(Self::Compute.fresh(None, None)),
            },
            Self::Optional => Demand::Optional(Box::new(Self::Compute.fresh(None, None))),
        }
    }
}
