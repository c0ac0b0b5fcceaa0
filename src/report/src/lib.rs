//! What a run tells: series, totals, events, causes, and the report file with its fingerprint; and the shape
//! of the checks that hold reports to theory.
//!
//! The engine fills these types, pages and command line show them, lessons grade them. Must not live
//! here: simulation, display text (names are keys: `metric.<slug>`, `reason.<slug>`, `event.<slug>`).

mod by_hand;
pub mod check;
mod event;
mod measure;
mod metric;
mod paired;
mod query;
mod reason;
mod report;
mod series;
mod trace;

pub use by_hand::{HandAnswer, HandOutcome, HandPost, Met, Person, Via};
pub use event::{Event, EventCode};
pub use measure::Measure;
pub use metric::{Metric, MetricUnit};
pub use paired::{Losses, Standing, floor_percent};
pub use query::{column_max, column_mean, column_quantile, peak};
pub use reason::Reason;
pub use report::{
    Aggregation, AudienceTotals, Cause, ComponentTotals, Cost, FeedTotals, OperationTotals,
    REPORT_SCHEMA, Report, Totals, sha256_hex,
};
pub use series::{SeriesKey, SeriesTable, Subject};
pub use trace::{Kept, Span, Trace};
