//! Measures of a component over the focus window: what queueing theory and the stores' own books speak of.

use serde::{Deserialize, Serialize};

/// One measure. Counted for visits that began inside the focus window; areas over the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Visits that came.
    Visits,
    /// Visits that were served.
    Served,
    /// Visits that found every waiting place taken.
    Refused,
    /// Visits that left the line before service.
    Abandoned,
    /// Share of those admitted that had to wait, 0 to 1.
    WaitShare,
    /// Mean wait before service, of those served, in ms.
    WaitMean,
    /// Mean wait of all admitted, in ms: those who left count the time until then.
    WaitMeanAll,
    /// The longest wait of one served, in ms.
    WaitMax,
    /// Mean time from arrival to the end, of those served, in ms.
    SojournMean,
    /// Median of the same.
    SojournP50,
    /// 95th percentile of the same.
    SojournP95,
    /// 99th percentile of the same.
    SojournP99,
    /// 99.9th percentile of the same.
    SojournP999,
    /// Mean number waiting.
    QueueMean,
    /// Most that waited at once, over the whole run.
    QueueMax,
    /// How many wait now, at the end of the run or when the report was made.
    QueueNow,
    /// Mean number inside.
    InsideMean,
    /// Busy server time / server time, 0 to 1.
    Utilisation,
    /// Served visits, per second.
    Throughput,
    /// When the last service ended, in ms since the start.
    LastDone,
    /// Answers from what was kept / all look-ups, 0 to 1.
    HitRatio,
    /// Look-ups that found nothing, per second.
    MissRate,
    /// Mean number of items kept that are still good.
    ItemsMean,
    /// Mean delay from a write to its copy, in ms.
    LagMean,
    /// Median of the same.
    LagP50,
    /// 95th percentile of the same.
    LagP95,
    /// 99th percentile of the same.
    LagP99,
    /// Writes not yet copied at the end.
    LagBacklog,
    /// Identifiers drawn.
    IdsDrawn,
    /// Inserts whose identifier was taken.
    Collisions,
    /// Acknowledged writes that were lost.
    LostWrites,
    /// Reads that did not see a write they had to see.
    StaleReads,
    /// Pieces sold beyond the stock.
    Oversold,
    /// Questions asked again.
    Retries,
    /// Mean time waited before asking again, over all first questions, in ms.
    BackoffMean,
    /// Mean wait for a connection, of all who asked for one, in ms.
    PoolWaitMean,
    /// Messages taken in.
    Published,
    /// Messages worked on.
    Consumed,
    /// Messages delivered more than once.
    Redelivered,
    /// Messages that went to the dead letters.
    DeadLetters,
    /// Mean time from publishing to the end of the work, in ms.
    DeliveryMean,
    /// 99th percentile of the same.
    DeliveryP99,
    /// Instances started for a request.
    ColdStarts,
    /// Rows looked at / rows returned.
    RowsExamined,
    /// Alarms raised.
    Alarms,
}
