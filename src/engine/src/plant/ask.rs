//! What can be asked for.

use archplay_model::scenario::{Consistency, OnConflict, Pick};

/// What one component asks another for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ask {
    /// The part of an operation that the application works on; also a call of a service, and a message to a
    /// worker.
    Work { operation: u32 },
    /// Static files of an operation.
    Files {
        operation: u32,
        bytes: u64,
        objects: u32,
    },
    /// A statement on a dataset, by index into `Plant::statements`.
    Data { statement: u32 },
    /// The media of the page that an operation has shown, or of the post that it is about to make: which, says the
    /// call's job.
    Media {
        operation: u32,
        statement: u32,
        upload: bool,
    },
    /// An identifier for a dataset.
    NextId { dataset: u32 },
    /// A message for whoever runs the operation.
    Publish { operation: u32 },
    /// Who is this?
    Authenticate,
    /// A message to a device.
    Notify,
    /// A remote login with this mean CPU time.
    Login { mean_ns: f64 },
    /// Is the component there? Waits for a worker as any request does.
    Health,
    /// A branch of a program that runs beside the others on the same server. Never leaves it.
    Branch,
    /// A write that a database passes on to a copy. Never asked by a visitor's request.
    Replicate,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Access {
    /// Reads this many rows.
    Read {
        rows: u32,
        offset: u32,
        consistency: Consistency,
    },
    /// Overwrites a row.
    Write,
    /// Adds a row.
    Insert { on_conflict: OnConflict },
    /// Takes pieces from a row's stock.
    Reserve { amount: u32, read_then_write: bool },
    /// Ends a transaction whose writes need the agreement of others: asked of databases alone.
    Commit,
}

impl Access {
    /// Whether it changes anything.
    pub(crate) const fn writes(self) -> bool {
        !matches!(self, Self::Read { .. })
    }
}

/// A statement on a dataset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub dataset: u32,
    pub access: Access,
    pub pick: Pick,
    /// Conditions of a query: (column, comparison, share of rows that meet it).
    pub filters: Vec<archplay_model::scenario::Filter>,
    pub order_by: Option<archplay_model::Id>,
}

impl Statement {
    /// Rows of so many that a store without indexes looks at until a query has found enough; `None` for what goes by
    /// key.
    pub(crate) fn looked_at(&self, all: u64) -> Option<f64> {
        let Access::Read { rows, offset, .. } = self.access else {
            return None;
        };
        if self.order_by.is_some() {
            return Some(all as f64);
        }
        if self.filters.is_empty() {
            return None;
        }
        let fits: f64 = self.filters.iter().map(|f| f.selectivity).product();
        let wanted = f64::from(rows) + f64::from(offset);
        Some((wanted / fits.max(1e-12)).min(all as f64))
    }
}
