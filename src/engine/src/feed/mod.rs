//! The news feed at work: its rows, who is whom, what is on its way, and the jobs of the calls that read and
//! write it.
//!
//! The rows are `archplay-feed`'s; when a step of theirs is taken is decided by the programs of the drawing
//! (`kinds::program::feed`), and what a statement costs by the components that answer it. Nothing here takes
//! time.
//!
//! **Sample and whole.** A sampled user stands for `factor` real ones (`Scale`). Requests come at the full rate.
//! Each is made by a sampled user or a copy of one; a copy takes the same steps over the same rows, but does not
//! change them. So a page is as stale as in the whole, a fan-out as large, a delivery as late. A cache counts
//! an item of the sample as `factor` items and lets its time to live pass `factor` times as fast; a store is
//! asked for the copy's own row.

mod by_hand;
mod changes;
mod job;
mod media;
mod plan;
mod rows;
mod stars;
mod tally;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use archplay_feed::{Feed, PostId, Scale, User, Weighted};
use archplay_kernel::{Handle, mix};

pub(crate) use job::{Fan, Job, Jobs, Reading, Task, Wanted};
pub(crate) use plan::{FeedHost, FeedPlan};
pub(crate) use rows::way_index;
pub(crate) use stars::Part;
use stars::Stars;
pub(crate) use tally::Tally;

use crate::core::Core;
use crate::keyed::Keyed;
use crate::plant::{NodeId, Plant};

/// Purposes of draws.
const USER: u64 = 0x7573_6572;
const COPY: u64 = 0x636f_7079;
const JUDGE: u64 = 0x6a75_6467;
const AUTHOR: u64 = 0x6175_7468;

/// How long a visitor's place in the feed is remembered: half an hour, as sessions are.
const PLACE_NS: u64 = 1_800_000_000_000;
/// About so many users' worth of reads are judged of each read by everybody.
const JUDGED_USERS: u32 = 500;
/// The most fan-outs that are remembered for a retry.
const MOST_POSTED: usize = 1_000_000;
/// Ended fan-outs of which is remembered which post they were about.
const MOST_ENDED: usize = 50_000;

/// A post whose fan-out has not ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posted {
    pub author: User,
    pub copy: u32,
    pub created_ns: u64,
    /// Its row, if the author is a sampled user.
    pub post: Option<PostId>,
    /// The part of its fan-out that this is, if it goes in parts.
    pub part: Option<Part>,
    /// Whether its fan-out has ended once.
    pub ended: bool,
}

/// Everything about the feed that changes.
#[derive(Clone, Debug)]
pub(crate) struct FeedState {
    pub feed: Feed,
    pub scale: Scale,
    pub jobs: Jobs,
    pub tally: Tally,
    by_views: Weighted,
    by_posts: Weighted,
    stars: Stars,
    /// By the request that made them.
    posted: BTreeMap<u64, Posted>,
    /// Those of them whose fan-out has ended, the latest last: a queue may hand its message out once more.
    ended: VecDeque<u64>,
    /// Where each visitor's last page ended.
    places: Keyed<u32>,
    /// The media of pages whose readers have not fetched them yet, by the request for the page.
    shown: BTreeMap<u64, Vec<u64>>,
    /// One read of so many is judged.
    judge_every: u64,
    /// Posts that left out time still owes to the sample, in posts.
    owed: f64,
    /// Posts made for time that was left out, and before the run.
    made: u64,
    by_hand: by_hand::Requests,
    changes: changes::Changes,
}

/// A person and whose feed it reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub user: User,
    pub copy: u32,
}

impl FeedState {
    /// Generates users and friendships, and the posts of the days before the run.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(plant: &Plant) -> Option<Box<Self>> {
        let plan = plant.feed.as_ref()?;
        let scale = plan.scale;
        let (by_views, by_posts) = (plan.people.by_views(), plan.people.by_posts());
        let mut state = Box::new(Self {
            feed: plan.feed(plant.seed),
            jobs: Jobs::default(),
            tally: Tally::default(),
            posted: BTreeMap::new(),
            ended: VecDeque::new(),
            places: Keyed::default(),
            shown: BTreeMap::new(),
            judge_every: u64::from((plan.given.users / JUDGED_USERS).max(1)),
            owed: 0.0,
            made: 0,
            by_hand: by_hand::Requests::default(),
            changes: changes::Changes::new(plant),
            by_views,
            by_posts,
            stars: Stars::new(plant),
            scale,
        });
        let posts = (state.by_posts.total() + state.stars.rate()) * plan.given.warm_days;
        state.make_posts(plant, posts as u64, 0);
        Some(state)
    }

    /// Who a person is that makes a request: drawn by how often they post, or by how often they read.
    pub(crate) fn who(&self, origin: u64, person: u64) -> Who {
        if let Some(who) = self.who_by_hand(origin) {
            return who;
        }
        if let Some(user) = self.star_of(person) {
            return Who { user, copy: 0 };
        }
        let table = if person & 1 == 1 {
            &self.by_posts
        } else {
            &self.by_views
        };
        let user = table.sample_key(mix(person, USER)).unwrap_or_default();
        let copy = self.scale.stand_in(user, mix(person, COPY)).copy;
        Who { user, copy }
    }

    /// Whether this read is judged.
    pub(crate) fn judges(&self, origin: u64) -> bool {
        mix(origin, JUDGE).is_multiple_of(self.judge_every)
    }

    /// Where a person goes on reading, if it is known.
    pub(crate) fn place(&self, person: u64, now: u64) -> Option<PostId> {
        self.places.get(person, now).map(PostId)
    }

    /// A person has read up to here.
    pub(crate) fn keep_place(&mut self, person: u64, now: u64, last: PostId) {
        self.places
            .put(person, now, now.saturating_add(PLACE_NS), last.0);
    }

    /// A post has been stored: it is in the table, and its fan-out is to come. Asked again by the same request it
    /// is the same post.
    pub(crate) fn store(&mut self, plan: &FeedPlan, origin: u64, person: u64, now: u64) -> Posted {
        let before = self.posted.get(&origin).copied();
        if let Some(posted) = before.or_else(|| self.stored_by_hand(origin)) {
            return posted;
        }
        let who = self.who(origin, person);
        let story = media::story(plan, origin);
        let post = (who.copy == 0)
            .then(|| self.feed.post(who.user, now, &story))
            .flatten();
        let posted = Posted {
            author: who.user,
            copy: who.copy,
            created_ns: now,
            post,
            part: None,
            ended: false,
        };
        self.posted_by_hand(origin, posted);
        if plan.rule.pushes_at_all() {
            if self.posted.len() >= MOST_POSTED {
                self.posted.pop_first();
            }
            self.posted.insert(origin, posted);
        }
        posted
    }

    /// A fan-out has ended.
    pub(crate) fn delivered(&mut self, origin: u64) {
        if let Some(posted) = self.posted.get_mut(&origin)
            && self.feed.graph().star(posted.author).is_some()
        {
            // Its message may come once more, and must not begin anew.
            posted.part = Some(Part::DONE);
            return;
        }
        if let Some(posted) = self.posted.get_mut(&origin) {
            posted.ended = true;
            self.ended.push_back(origin);
        }
        if self.ended.len() > MOST_ENDED
            && let Some(old) = self.ended.pop_front()
        {
            self.posted.remove(&old);
        }
    }

    /// Nobody will end a fan-out, unless the same request is made again.
    pub(crate) fn gave_up(&mut self, origin: u64, in_focus: bool) {
        let Some(posted) = self.posted.get(&origin).copied() else {
            return;
        };
        match (posted.part, posted.post) {
            (Some(Part { done: true, .. }), _) => return,
            _ if posted.ended => return,
            (Some(Part { batch, .. }), _) => {
                self.posted.remove(&origin);
                if let Some(batch) = batch {
                    self.feed.drop_batch(&batch);
                }
            }
            (None, Some(post)) => self.feed.drop_fan_out(post),
            (None, None) => {}
        }
        self.tally.undelivered(in_focus);
    }

    /// A feed list is not where it was.
    pub(crate) fn lose_list(&mut self, user: User, in_focus: bool) {
        if !self.feed.lists().is_lost(user) {
            self.feed.lose_list(user);
            self.tally.list_lost(in_focus);
        }
    }

    /// Adds posts that nobody simulates, delivered to all at once.
    fn make_posts(&mut self, plant: &Plant, count: u64, now: u64) {
        let salt = mix(plant.seed, AUTHOR);
        let Some(plan) = &plant.feed else { return };
        for _ in 0..count {
            self.made += 1;
            let key = mix(salt, self.made);
            let star = self.stars.drawn(key, self.by_posts.total());
            let Some(author) = star.or_else(|| self.by_posts.sample_key(key)) else {
                return;
            };
            let story = media::story(plan, mix(salt, self.made));
            if let Some(post) = self.feed.post(author, now, &story) {
                for batch in self.feed.fan_out(post, u32::MAX) {
                    self.feed.deliver(&batch, now);
                }
            }
        }
    }

    /// A stretch of time was left out, `times` as long as what was simulated of it: what sampled users would have
    /// posted meanwhile has been posted, and delivered, since only calm stretches are left out.
    pub(crate) fn skip(&mut self, plant: &Plant, now: u64, times: f64) {
        let posted = std::mem::take(&mut self.tally.posted);
        self.owed += posted as f64 * times / self.scale.factor();
        let count = self.owed as u64;
        self.owed -= count as f64;
        self.make_posts(plant, count, now);
    }

    /// Megabytes of all feed lists of the whole.
    pub(crate) fn list_mb(&self, plan: &FeedPlan) -> f64 {
        let entries = self.feed.lists().entries() as f64;
        entries * f64::from(plan.entry_bytes) * self.scale.factor() / 1e6
    }
}

impl Core {
    /// The number of a new visitor: of an audience that posts it is odd.
    pub(crate) fn feed_key(&mut self, audience: u32, key: u64) -> u64 {
        let Some(plan) = &self.plant.feed else {
            return key;
        };
        let posts = plan.posting.get(audience as usize) == Some(&true);
        let famous = posts && !plan.given.celebrities.is_empty();
        let key = (key & !1) | u64::from(posts);
        if famous {
            self.star_comes(key);
        }
        key
    }

    /// A row has been inserted: in the table of posts it is a post.
    pub(crate) fn feed_posted(&mut self, dataset: u32, origin: u64, person: u64) {
        let plant = std::rc::Rc::clone(&self.plant);
        let Some(plan) = &plant.feed else { return };
        let in_focus = self.stats.in_focus(self.now);
        if let Some(state) = &mut self.feed
            && plan.posts == dataset
        {
            state.store(plan, origin, person, self.now);
            state.tally.posted(in_focus);
        }
    }

    /// A message has been lost, or could not be sent: what it was to fan out will not arrive.
    pub(crate) fn feed_lost(&mut self, origin: u64) {
        let in_focus = self.stats.in_focus(self.now);
        if let Some(state) = &mut self.feed {
            state.gave_up(origin, in_focus);
        }
    }

    /// Time was left out after `simulated_ns` of a stretch.
    pub(crate) fn feed_skip(&mut self, simulated_ns: u64, skipped_ns: u64) {
        let plant = std::rc::Rc::clone(&self.plant);
        let (now, total) = (self.now, self.skipped_ns + skipped_ns);
        if let Some(state) = &mut self.feed {
            state.clock_skips(now, total);
            let times = skipped_ns as f64 / simulated_ns.max(1) as f64;
            state.skip(&plant, now, times);
        }
        self.skip_feed_changes(skipped_ns);
    }

    /// How many rows a statement of the feed is about, and what each costs in rows; `None` for other statements.
    pub(crate) fn feed_rows(&self, handle: Handle) -> Option<(u32, u32)> {
        let call = self.calls.get(handle)?;
        let job = self.feed.as_ref()?.jobs.get(call.feed)?;
        Some((job.rows.now().len() as u32, job.rows.weight))
    }

    /// The row of the whole that a store is asked for in the place of the sample's.
    pub(crate) fn feed_row(&self, handle: Handle, index: usize) -> Option<u64> {
        let call = self.calls.get(handle)?;
        let state = self.feed.as_ref()?;
        let job = state.jobs.get(call.feed)?;
        let key = *job.rows.now().get(index)?;
        let dataset = crate::plant::dataset_of(&self.plant, call.ask)?;
        Some(self.row_of_whole(dataset, key, job.copy))
    }

    /// The row of the whole for a row of the sample: copies stand beside each other, as what they do is spread
    /// over the same time.
    pub(crate) fn row_of_whole(&self, dataset: u32, key: u64, copy: u32) -> u64 {
        let factor = self.feed.as_ref().map_or(1.0, |state| state.scale.factor());
        let rows = self.plant.datasets[dataset as usize].rows.max(1);
        let row = (key.saturating_sub(1) as f64 * factor) as u64 + u64::from(copy);
        row % rows + 1
    }

    /// The keys (dataset and row) that a cache has when the run begins, those not used for longest first.
    #[cold]
    #[inline(never)]
    pub(crate) fn feed_warm_keys(&self, node: NodeId) -> Vec<(u32, u64)> {
        let (Some(plan), Some(state)) = (&self.plant.feed, &self.feed) else {
            return Vec::new();
        };
        match plan.warm.iter().find(|warm| warm.node == node) {
            Some(warm) if plan.given.warm_days > 0.0 => rows::warm_keys(plan, state, warm),
            _ => Vec::new(),
        }
    }
}

impl crate::world::World {
    /// What is told of the feed.
    #[cold]
    #[inline(never)]
    pub(crate) fn feed_totals(&self) -> Option<archplay_report::FeedTotals> {
        let plan = self.core.plant.feed.as_ref()?;
        let state = self.core.feed.as_ref()?;
        let famous = !plan.given.celebrities.is_empty();
        Some(archplay_report::FeedTotals {
            sampled: state.scale.sampled(),
            factor: state.scale.factor(),
            measures: state
                .tally
                .measures(state.list_mb(plan), famous, state.changes()),
        })
    }
}
