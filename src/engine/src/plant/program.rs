//! Programs: what an operation becomes where it is worked on, step by step.

use archplay_kernel::Sampler;

use super::{AskId, RouteId};

/// A range of [`super::Plant::steps`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Program {
    pub begin: u32,
    pub end: u32,
}

/// One step of a program.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// CPU time.
    Cpu(Sampler),
    /// Asks by a route and waits for the answer.
    Ask { route: RouteId, ask: AskId },
    /// The connection of the next statement is kept …
    Begin,
    /// … until here.
    End,
    /// Bytes out by the network card.
    Send { bytes: u64 },
    /// Starts the branches, which follow one after the other as ranges ended by [`Step::Done`], and goes on
    /// after the last when `need` have succeeded. `after` is where it goes on.
    Fork {
        branches: u32,
        need: u32,
        after: u32,
    },
    /// The end of a branch.
    Done,
    /// If a step before `until` fails, the program goes on at `until` with a degraded answer.
    Try { until: u32 },
    /// The end of what [`Step::Try`] began. A later failure goes on at `outer`, the end of the `Try` around
    /// it, or fails the program or branch (`NOBODY`). A transaction that began inside ends here, unless the
    /// `Try` itself stands in a transaction.
    EndTry { outer: u32, in_transaction: bool },
    /// Draws an identifier by the server's own scheme.
    OwnId { dataset: u32 },
    /// Nobody can do it.
    NoRoute,
}
