//! What an operation takes: demands and their combinators.

use serde::{Deserialize, Serialize};

use crate::Id;

/// What an operation takes: one demand, or several put together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Demand {
    /// Files that are the same for everyone; a CDN can serve them.
    Static {
        /// All objects together, in bytes.
        bytes: u64,
        /// How many objects.
        objects: u32,
    },
    /// CPU time on a server.
    Compute {
        /// Mean CPU time in milliseconds.
        cpu_ms: f64,
        /// How it varies.
        #[serde(default)]
        spread: Spread,
    },
    /// Reads rows, by key unless filters are given.
    Read {
        /// From which dataset.
        dataset: Id,
        /// How many rows, at least 1.
        #[serde(default = "one")]
        rows: u32,
        /// Conditions; with any, the database's planner decides how many rows it looks at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        filters: Vec<Filter>,
        /// The column by which the result is ordered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order_by: Option<Id>,
        /// Rows skipped before the first that is returned (offset pagination).
        #[serde(default, skip_serializing_if = "is_zero")]
        offset: u32,
        /// Which copy may answer.
        #[serde(default, skip_serializing_if = "Consistency::is_default")]
        consistency: Consistency,
        /// Which row.
        #[serde(default, skip_serializing_if = "Pick::is_default")]
        key: Pick,
    },
    /// Writes one row by key.
    Write {
        /// To which dataset.
        dataset: Id,
        /// Which row.
        #[serde(default, skip_serializing_if = "Pick::is_default")]
        key: Pick,
    },
    /// Adds a row with the id drawn last by `next_id`, or with the store's own.
    Insert {
        /// To which dataset.
        dataset: Id,
        /// What happens when the id is taken.
        #[serde(default)]
        on_conflict: OnConflict,
    },
    /// Takes an amount from a row's stock, if there is enough.
    Reserve {
        /// The dataset with the stock.
        dataset: Id,
        /// How many pieces, at least 1.
        #[serde(default = "one")]
        amount: u32,
        /// Which row.
        #[serde(default, skip_serializing_if = "Pick::is_default")]
        key: Pick,
        /// Read, then write what is left by that in a second statement, without a lock or a condition: oversells.
        #[serde(default, skip_serializing_if = "is_false")]
        read_then_write: bool,
    },
    /// Draws an identifier for the next insert: from a linked id generator, else by the server's own scheme.
    NextId {
        /// For which dataset.
        dataset: Id,
    },
    /// Puts a message into a queue; the answer does not wait for its processing.
    Publish {
        /// The operation that the consumer runs.
        topic: Id,
    },
    /// Asks another service and waits for it.
    Call {
        /// The operation that the other runs.
        service: Id,
    },
    /// Checks who the visitor is.
    Authenticate,
    /// Sends something to devices.
    Notify,
    /// Reads a page of the visitor's feed: friendships, feed list, own posts of those who are not pushed, and the
    /// posts on the page.
    ReadFeed {
        /// Which page: 0 for the newest, 1 for the one after that which the visitor has read last, and so on.
        #[serde(default, skip_serializing_if = "is_zero")]
        page: u32,
        /// CPU time in microseconds for each row that is looked through.
        #[serde(default = "read_cpu_us")]
        cpu_us: f64,
    },
    /// Writes the post that was inserted before into the feed lists of the author's friends, as far as the strategy
    /// pushes it.
    FanOut {
        /// CPU time in microseconds for each friend.
        #[serde(default = "push_cpu_us")]
        cpu_us: f64,
    },
    /// A remote login: CPU time beside the requests, without a worker thread.
    Login {
        /// Mean CPU time in milliseconds.
        cpu_ms: f64,
    },
    /// One after the other.
    Seq(Vec<Demand>),
    /// All at once; goes on when enough have succeeded.
    Par {
        /// How many have to succeed; all if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wait_for: Option<u32>,
        /// What.
        demands: Vec<Demand>,
    },
    /// One after the other, holding one database connection from the first statement to the last.
    Transaction(Vec<Demand>),
    /// The same several times in a row.
    Repeat {
        /// How often, at least 1.
        times: u32,
        /// What.
        demand: Box<Demand>,
    },
    /// If it fails, the answer is degraded but good.
    Optional(Box<Demand>),
}

const fn read_cpu_us() -> f64 {
    2.0
}

const fn push_cpu_us() -> f64 {
    5.0
}

pub(super) const fn one() -> u32 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
pub(super) const fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
pub(super) const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// How a time varies about its mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Spread {
    /// Exponentially distributed (coefficient of variation 1).
    #[default]
    Exponential,
    /// Always the mean.
    Constant,
    /// Uniformly distributed about the mean.
    Uniform {
        /// Half the width / mean, 0 to 1.
        half_width: f64,
    },
    /// Sum of equal exponential phases.
    Erlang {
        /// How many phases, 1 to 100.
        phases: u32,
    },
    /// Mixture of two exponential distributions with balanced means.
    Hyperexponential {
        /// Coefficient of variation, at least 1.
        cv: f64,
    },
    /// Lognormally distributed.
    Lognormal {
        /// Coefficient of variation, above 0.
        cv: f64,
    },
}

/// Which copy of a dataset may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// Caches and replicas may answer.
    #[default]
    Eventual,
    /// Only the primary.
    Strong,
}

impl Consistency {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which row of a dataset a demand is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Drawn from the dataset's popularity, once for each operation.
    #[default]
    Popular,
    /// Drawn anew for each demand.
    Fresh,
    /// The visitor's own row: the same throughout the journey.
    Own,
    /// The most popular row.
    Hottest,
}

impl Pick {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What an insert does when the id is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// It fails: a unique constraint.
    #[default]
    Error,
    /// The row that was there stays; both visitors now mean the same row.
    FirstWins,
    /// The row that was there is overwritten.
    LastWins,
}

/// A condition of a query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The column.
    pub column: Id,
    /// How it is compared.
    #[serde(default)]
    pub op: FilterOp,
    /// Share of the rows that meet it, above 0 to 1.
    pub selectivity: f64,
}

/// How a column is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilterOp {
    /// Equal: an index can go on to its next column.
    #[default]
    Equal,
    /// In a range: the last column of an index that helps.
    Range,
    /// Contains a text (`LIKE '%…%'`): no ordinary index helps.
    Contains,
}
