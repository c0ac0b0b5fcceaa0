//! Measures of a component over the focus window: what queueing theory and the stores' own books speak of.

use serde::{Deserialize, Serialize};

use crate::MetricUnit;

/// One measure. Counted for visits that began inside the focus window, areas over the window; where it says so, over
/// the whole run.
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
    /// Most that waited at once.
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
    /// Questions asked again, over the whole run.
    Retries,
    /// Mean time waited before asking again, of all questions of the whole run however many tries each took, in ms.
    BackoffMean,
    /// Mean wait for a connection, of all who asked for one in the whole run, in ms.
    PoolWaitMean,
    /// Messages taken in.
    Published,
    /// Messages worked on.
    Consumed,
    /// Deliveries of messages after their first: a message may be delivered again several times.
    Redelivered,
    /// Messages that went to the dead letters, over the whole run.
    DeadLetters,
    /// Mean time from publishing to the end of the work, in ms.
    DeliveryMean,
    /// 99th percentile of the same.
    DeliveryP99,
    /// The same of posts that go to friends, where some accounts have followers: 95 of 100.
    FriendsDeliveryP95,
    /// 99 of 100.
    FriendsDeliveryP99,
    /// Instances started for a request, over the whole run.
    ColdStarts,
    /// Rows looked at / rows returned.
    RowsExamined,
    /// Alarms raised.
    Alarms,
    /// Median time from a post to a friend's feed list, in ms.
    DeliveryP50,
    /// 95th percentile of the same.
    DeliveryP95,
    /// The longest of the same.
    DeliveryMax,
    /// Pages of a news feed that were read.
    FeedReads,
    /// Posts that were stored.
    FeedPosts,
    /// Rows (feed lists, authors' own posts) looked up for a page, mean.
    LookupsPerRead,
    /// Ids written to feed lists.
    FanOutWrites,
    /// Share of them for users who never read, 0 to 1.
    WastedPushes,
    /// Pages compared with the feed by definition.
    FeedJudged,
    /// Share of the judged pages that miss a post which is on its way, 0 to 1.
    StaleShare,
    /// Posts missing on judged pages that are on their way.
    StalePosts,
    /// Age of the oldest post missing on a judged page, in ms.
    StalenessMax,
    /// Posts missing on judged pages that nobody will bring.
    FeedMissing,
    /// Posts on judged pages that are not for this reader.
    FeedGhosts,
    /// Posts on judged pages that are not older than the one above.
    FeedDisorder,
    /// Posts on judged pages that the reader has had before.
    FeedTwice,
    /// Own posts missing on judged pages.
    OwnMissing,
    /// Fan-outs that nobody will finish.
    Undelivered,
    /// Posts on judged pages of people whom the reader no longer sees, since friendships or blocks changed while the
    /// page was made.
    FeedOutdated,
    /// Friendships of sampled users that were made or ended.
    FriendChanges,
    /// Blocks of sampled users that were set or taken back.
    BlockChanges,
    /// Posts of sampled users that were deleted.
    PostsDeleted,
    /// Feed lists that were not found where they had been.
    ListsLost,
    /// Feed lists made anew.
    ListsRebuilt,
    /// What all feed lists of the whole take, in MB (10^6).
    ListMemory,
}

impl Measure {
    /// All measures, for tables and for the tests that look for their texts.
    pub const ALL: [Self; 72] = [
        Self::Visits,
        Self::Served,
        Self::Refused,
        Self::Abandoned,
        Self::WaitShare,
        Self::WaitMean,
        Self::WaitMeanAll,
        Self::WaitMax,
        Self::SojournMean,
        Self::SojournP50,
        Self::SojournP95,
        Self::SojournP99,
        Self::SojournP999,
        Self::QueueMean,
        Self::QueueMax,
        Self::QueueNow,
        Self::InsideMean,
        Self::Utilisation,
        Self::Throughput,
        Self::LastDone,
        Self::HitRatio,
        Self::MissRate,
        Self::ItemsMean,
        Self::LagMean,
        Self::LagP50,
        Self::LagP95,
        Self::LagP99,
        Self::LagBacklog,
        Self::IdsDrawn,
        Self::Collisions,
        Self::LostWrites,
        Self::StaleReads,
        Self::Oversold,
        Self::Retries,
        Self::BackoffMean,
        Self::PoolWaitMean,
        Self::Published,
        Self::Consumed,
        Self::Redelivered,
        Self::DeadLetters,
        Self::DeliveryMean,
        Self::DeliveryP99,
        Self::FriendsDeliveryP95,
        Self::FriendsDeliveryP99,
        Self::ColdStarts,
        Self::RowsExamined,
        Self::Alarms,
        Self::DeliveryP50,
        Self::DeliveryP95,
        Self::DeliveryMax,
        Self::FeedReads,
        Self::FeedPosts,
        Self::LookupsPerRead,
        Self::FanOutWrites,
        Self::WastedPushes,
        Self::FeedJudged,
        Self::StaleShare,
        Self::StalePosts,
        Self::StalenessMax,
        Self::FeedMissing,
        Self::FeedGhosts,
        Self::FeedDisorder,
        Self::FeedTwice,
        Self::OwnMissing,
        Self::Undelivered,
        Self::FeedOutdated,
        Self::FriendChanges,
        Self::BlockChanges,
        Self::PostsDeleted,
        Self::ListsLost,
        Self::ListsRebuilt,
        Self::ListMemory,
    ];

    /// The name in files and text keys: `measure.<slug>`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::Served => "served",
            Self::Refused => "refused",
            Self::Abandoned => "abandoned",
            Self::WaitShare => "wait_share",
            Self::WaitMean => "wait_mean",
            Self::WaitMeanAll => "wait_mean_all",
            Self::WaitMax => "wait_max",
            Self::SojournMean => "sojourn_mean",
            Self::SojournP50 => "sojourn_p50",
            Self::SojournP95 => "sojourn_p95",
            Self::SojournP99 => "sojourn_p99",
            Self::SojournP999 => "sojourn_p999",
            Self::QueueMean => "queue_mean",
            Self::QueueMax => "queue_max",
            Self::QueueNow => "queue_now",
            Self::InsideMean => "inside_mean",
            Self::Utilisation => "utilisation",
            Self::Throughput => "throughput",
            Self::LastDone => "last_done",
            Self::HitRatio => "hit_ratio",
            Self::MissRate => "miss_rate",
            Self::ItemsMean => "items_mean",
            Self::LagMean => "lag_mean",
            Self::LagP50 => "lag_p50",
            Self::LagP95 => "lag_p95",
            Self::LagP99 => "lag_p99",
            Self::LagBacklog => "lag_backlog",
            Self::IdsDrawn => "ids_drawn",
            Self::Collisions => "collisions",
            Self::LostWrites => "lost_writes",
            Self::StaleReads => "stale_reads",
            Self::Oversold => "oversold",
            Self::Retries => "retries",
            Self::BackoffMean => "backoff_mean",
            Self::PoolWaitMean => "pool_wait_mean",
            Self::Published => "published",
            Self::Consumed => "consumed",
            Self::Redelivered => "redelivered",
            Self::DeadLetters => "dead_letters",
            Self::DeliveryMean => "delivery_mean",
            Self::DeliveryP99 => "delivery_p99",
            Self::FriendsDeliveryP95 => "friends_delivery_p95",
            Self::FriendsDeliveryP99 => "friends_delivery_p99",
            Self::ColdStarts => "cold_starts",
            Self::RowsExamined => "rows_examined",
            Self::Alarms => "alarms",
            Self::DeliveryP50 => "delivery_p50",
            Self::DeliveryP95 => "delivery_p95",
            Self::DeliveryMax => "delivery_max",
            Self::FeedReads => "feed_reads",
            Self::FeedPosts => "feed_posts",
            Self::LookupsPerRead => "lookups_per_read",
            Self::FanOutWrites => "fan_out_writes",
            Self::WastedPushes => "wasted_pushes",
            Self::FeedJudged => "feed_judged",
            Self::StaleShare => "stale_share",
            Self::StalePosts => "stale_posts",
            Self::StalenessMax => "staleness_max",
            Self::FeedMissing => "feed_missing",
            Self::FeedGhosts => "feed_ghosts",
            Self::FeedDisorder => "feed_disorder",
            Self::FeedTwice => "feed_twice",
            Self::OwnMissing => "own_missing",
            Self::Undelivered => "undelivered",
            Self::FeedOutdated => "feed_outdated",
            Self::FriendChanges => "friend_changes",
            Self::BlockChanges => "block_changes",
            Self::PostsDeleted => "posts_deleted",
            Self::ListsLost => "lists_lost",
            Self::ListsRebuilt => "lists_rebuilt",
            Self::ListMemory => "list_memory",
        }
    }

    /// The unit.
    #[must_use]
    pub const fn unit(self) -> MetricUnit {
        match self {
            Self::Visits
            | Self::Served
            | Self::Refused
            | Self::Abandoned
            | Self::QueueMean
            | Self::QueueMax
            | Self::QueueNow
            | Self::InsideMean
            | Self::ItemsMean
            | Self::LagBacklog
            | Self::IdsDrawn
            | Self::Collisions
            | Self::LostWrites
            | Self::StaleReads
            | Self::Oversold
            | Self::Retries
            | Self::Published
            | Self::Consumed
            | Self::Redelivered
            | Self::DeadLetters
            | Self::ColdStarts
            | Self::RowsExamined
            | Self::Alarms
            | Self::FeedReads
            | Self::FeedPosts
            | Self::LookupsPerRead
            | Self::FanOutWrites
            | Self::FeedJudged
            | Self::StalePosts
            | Self::FeedMissing
            | Self::FeedGhosts
            | Self::FeedDisorder
            | Self::FeedTwice
            | Self::OwnMissing
            | Self::Undelivered
            | Self::FeedOutdated
            | Self::FriendChanges
            | Self::BlockChanges
            | Self::PostsDeleted
            | Self::ListsLost
            | Self::ListsRebuilt => MetricUnit::Count,
            Self::WaitShare
            | Self::Utilisation
            | Self::HitRatio
            | Self::WastedPushes
            | Self::StaleShare => MetricUnit::Share,
            Self::WaitMean
            | Self::WaitMeanAll
            | Self::WaitMax
            | Self::SojournMean
            | Self::SojournP50
            | Self::SojournP95
            | Self::SojournP99
            | Self::SojournP999
            | Self::LastDone
            | Self::LagMean
            | Self::LagP50
            | Self::LagP95
            | Self::LagP99
            | Self::BackoffMean
            | Self::PoolWaitMean
            | Self::DeliveryMean
            | Self::DeliveryP99
            | Self::FriendsDeliveryP95
            | Self::FriendsDeliveryP99
            | Self::DeliveryP50
            | Self::DeliveryP95
            | Self::DeliveryMax
            | Self::StalenessMax => MetricUnit::Milliseconds,
            Self::ListMemory => MetricUnit::Megabytes,
            Self::Throughput | Self::MissRate => MetricUnit::PerSecond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slug_is_the_serialised_name_and_none_is_left_out() {
        for (i, measure) in Measure::ALL.into_iter().enumerate() {
            assert_eq!(measure as usize, i);
            let json = serde_json::to_string(&measure).unwrap_or_default();
            assert_eq!(json.trim_matches('"'), measure.slug());
        }
    }
}
