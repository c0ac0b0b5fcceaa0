//! What is counted of the news feed: for the series, and for the report. It decides nothing.

use archplay_feed::reference::Verdict;
use archplay_kernel::Histogram;
use archplay_report::{Measure, Metric, Subject};

use crate::stats::columns::Sink;

/// Counts of the bucket under way, or of the focus window.
#[derive(Clone, Debug, Default)]
struct Counts {
    reads: u64,
    posts: u64,
    lookups: u64,
    writes: u64,
    wasted: u64,
    judged: u64,
    /// Judged pages that miss something which is on its way, or show what has just ceased to be right.
    stale: u64,
    late: u64,
    lost: u64,
    ghosts: u64,
    disorder: u64,
    twice: u64,
    own: u64,
    lists_lost: u64,
    rebuilt: u64,
    undelivered: u64,
    outdated: u64,
    friends_changed: u64,
    blocks_changed: u64,
    deleted: u64,
    oldest_ns: u64,
    delivery: Histogram,
    /// Of these to friends, not to followers.
    to_friends: Histogram,
}

impl Counts {
    const fn errors(&self) -> u64 {
        self.lost + self.ghosts + self.disorder + self.twice
    }
}

/// All counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    bucket: Counts,
    focus: Counts,
    /// POSTs since the stretch under way began.
    pub posted: u64,
}

impl Tally {
    fn each(&mut self, in_focus: bool, count: impl Fn(&mut Counts)) {
        count(&mut self.bucket);
        if in_focus {
            count(&mut self.focus);
        }
    }

    pub(crate) fn read(&mut self, in_focus: bool, lookups: u32) {
        self.each(in_focus, |counts| {
            counts.reads += 1;
            counts.lookups += u64::from(lookups);
        });
    }

    pub(crate) fn posted(&mut self, in_focus: bool) {
        self.posted += 1;
        self.each(in_focus, |counts| counts.posts += 1);
    }

    /// Ids written to lists, so long after the post; of these to people who never read.
    pub(crate) fn pushed(&mut self, in_focus: bool, ids: u64, wasted: u64, age_ns: u64) {
        self.each(in_focus, |counts| {
            counts.writes += ids;
            counts.wasted += wasted;
            counts.delivery.record_times(age_ns, ids);
        });
    }

    /// The same beside accounts with followers, for an author who has none.
    pub(crate) fn pushed_to_friends(&mut self, in_focus: bool, ids: u64, age_ns: u64) {
        if in_focus {
            self.focus.to_friends.record_times(age_ns, ids);
        }
    }

    pub(crate) fn judged(&mut self, in_focus: bool, verdict: &Verdict) {
        let late = verdict.late + verdict.behind;
        self.each(in_focus, |counts| {
            counts.judged += 1;
            counts.stale += u64::from(late + verdict.outdated > 0);
            counts.outdated += u64::from(verdict.outdated);
            counts.late += u64::from(late);
            counts.lost += u64::from(verdict.lost);
            counts.ghosts += u64::from(verdict.ghosts);
            counts.disorder += u64::from(verdict.disorder);
            counts.twice += u64::from(verdict.twice);
            counts.own += u64::from(verdict.own);
            let oldest = verdict.oldest_missing_ns.unwrap_or(0);
            counts.oldest_ns = counts.oldest_ns.max(oldest);
        });
    }

    pub(crate) fn list_lost(&mut self, in_focus: bool) {
        self.each(in_focus, |counts| counts.lists_lost += 1);
    }

    pub(crate) fn rebuilt(&mut self, in_focus: bool) {
        self.each(in_focus, |counts| counts.rebuilt += 1);
    }

    pub(crate) fn friends_changed(&mut self, in_focus: bool) {
        self.each(in_focus, |counts| counts.friends_changed += 1);
    }

    pub(crate) fn blocks_changed(&mut self, in_focus: bool) {
        self.each(in_focus, |counts| counts.blocks_changed += 1);
    }

    pub(crate) fn deleted(&mut self, in_focus: bool) {
        self.each(in_focus, |counts| counts.deleted += 1);
    }

    /// A fan-out that nobody will finish.
    pub(crate) fn undelivered(&mut self, in_focus: bool) {
        self.each(in_focus, |counts| counts.undelivered += 1);
    }

    /// Names or values of the series; `list_mb` is what all lists take.
    pub(crate) fn columns(&mut self, sink: &mut Sink<'_>, secs: f64, list_mb: f64) {
        let counts = std::mem::take(&mut self.bucket);
        let subject = || Subject::System;
        let quantile = |q| counts.delivery.quantile_ms(q);
        let per_read = counts.lookups as f64 / counts.reads as f64;
        let stale = counts.stale as f64 / counts.judged as f64;
        for (metric, value) in [
            (Metric::DeliveryP50, quantile(0.5)),
            (Metric::DeliveryP95, quantile(0.95)),
            (Metric::DeliveryP99, quantile(0.99)),
            (Metric::FanOutWrites, counts.writes as f64 / secs),
            (Metric::LookupsPerRead, per_read),
            (Metric::StaleShare, stale),
            (Metric::FeedErrors, counts.errors() as f64),
            (Metric::WastedPushes, counts.wasted as f64 / secs),
            (Metric::ListMemory, list_mb),
        ] {
            sink.put(subject, metric, value);
        }
    }

    /// What is told of the focus window.
    pub(crate) fn measures(
        &self,
        list_mb: f64,
        famous: bool,
        changes: bool,
    ) -> Vec<(Measure, f64)> {
        let counts = &self.focus;
        let quantile = |q| counts.delivery.quantile_ms(q);
        let mut out = vec![
            (Measure::FeedReads, counts.reads as f64),
            (Measure::FeedPosts, counts.posts as f64),
            (
                Measure::LookupsPerRead,
                counts.lookups as f64 / counts.reads as f64,
            ),
            (Measure::FanOutWrites, counts.writes as f64),
            (
                Measure::WastedPushes,
                counts.wasted as f64 / counts.writes as f64,
            ),
            (Measure::DeliveryMean, counts.delivery.mean_ms()),
            (Measure::DeliveryP50, quantile(0.5)),
            (Measure::DeliveryP95, quantile(0.95)),
            (Measure::DeliveryP99, quantile(0.99)),
            (Measure::DeliveryMax, counts.delivery.max_ms()),
            (Measure::FeedJudged, counts.judged as f64),
            (
                Measure::StaleShare,
                counts.stale as f64 / counts.judged as f64,
            ),
            (Measure::StalePosts, counts.late as f64),
            (Measure::StalenessMax, counts.oldest_ns as f64 / 1e6),
            (Measure::FeedMissing, counts.lost as f64),
            (Measure::FeedGhosts, counts.ghosts as f64),
            (Measure::FeedDisorder, counts.disorder as f64),
            (Measure::FeedTwice, counts.twice as f64),
            (Measure::OwnMissing, counts.own as f64),
            (Measure::Undelivered, counts.undelivered as f64),
            (Measure::ListsLost, counts.lists_lost as f64),
            (Measure::ListsRebuilt, counts.rebuilt as f64),
            (Measure::ListMemory, list_mb),
        ];
        if changes {
            out.extend([
                (Measure::FeedOutdated, counts.outdated as f64),
                (Measure::FriendChanges, counts.friends_changed as f64),
                (Measure::BlockChanges, counts.blocks_changed as f64),
                (Measure::PostsDeleted, counts.deleted as f64),
            ]);
        }
        if famous {
            let friends = |q| counts.to_friends.quantile_ms(q);
            out.extend([
                (Measure::FriendsDeliveryP95, friends(0.95)),
                (Measure::FriendsDeliveryP99, friends(0.99)),
            ]);
        }
        out
    }
}
