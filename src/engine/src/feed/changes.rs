//! What sampled users do to the feed besides reading and posting: friendships made and ended, blocks set and taken
//! back, posts deleted.
//!
//! There is no request for these, so nobody in the drawing is asked: each is a write to the rows at its moment, which
//! takes no time. What it leads to does: caches forget the rows, as after any write, and who reads next fetches them
//! anew; a page under way was planned with friendships that are no longer so. Older posts of a new friend are written
//! into the list at once. Copies of sampled users change nothing, as in everything else.

use std::collections::{BTreeMap, BTreeSet};

use archplay_feed::{PostId, User};
use archplay_kernel::{NS_PER_SEC, exp_of, mix, unit_of};

use super::{FeedPlan, FeedState};
use crate::core::{Core, Event, Notice};
use crate::plant::{NOBODY, NodeId, Plant};

/// Purposes of draws.
const CHANGE: u64 = 0x6368_616e;
const WHEN: u64 = 1;
const KIND: u64 = 2;
const WHO: u64 = 3;
const WHOM: u64 = 4;
/// Of so many of an author's latest posts one is deleted.
const LATEST: usize = 20;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Befriend,
    Unfriend,
    Block,
    Unblock,
    Delete,
}

const KINDS: [Kind; 5] = [
    Kind::Befriend,
    Kind::Unfriend,
    Kind::Block,
    Kind::Unblock,
    Kind::Delete,
];

/// Rows that have changed.
#[derive(Clone, Copy, Debug)]
enum Changed {
    Friends(User, User),
    Blocks(User, User),
    Post(PostId),
}

/// Changes so far, and how often they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    salt: u64,
    /// The datasets of friendships and of posts; whether any cache keeps rows of them as they were.
    datasets: (u32, u32),
    kept: bool,
    /// Of the sample a second, summed up to each kind.
    sums: [f64; KINDS.len()],
    drawn: u64,
    /// Changes that left out time still owes.
    owed: f64,
    /// Blocks that stand: who, and whom.
    blocks: Vec<(User, User)>,
    /// When friendships or blocks of a user have last changed.
    last: BTreeMap<User, u64>,
    old: Old,
}

/// What caches have that keep rows as they were.
#[derive(Clone, Debug, Default)]
struct Old {
    /// Whom users saw before what is changed right now.
    before: BTreeMap<User, Vec<User>>,
    /// Whom users saw when a cache last fetched the row.
    seen: BTreeMap<(NodeId, User), Vec<User>>,
    /// Deleted posts, and who still has them.
    posts: BTreeSet<(PostId, NodeId)>,
}

impl Changes {
    pub(super) fn new(plant: &Plant) -> Self {
        let Some(plan) = &plant.feed else {
            return Self::default();
        };
        let given = &plan.given;
        let mut sum = 0.0;
        let rates = [
            given.befriends_per_day,
            given.unfriends_per_day,
            given.blocks_per_day,
            given.unblocks_per_day,
            given.deletes_per_day,
        ];
        let sums = rates.map(|per_day| {
            sum += per_day.max(0.0) * f64::from(plan.people.readers()) / 86_400.0;
            sum
        });
        Self {
            salt: mix(plant.seed, CHANGE),
            datasets: (plan.friendships, plan.posts),
            kept: plan.warm.iter().any(|warm| warm.keeps),
            sums,
            ..Self::default()
        }
    }

    /// All of them, a second.
    fn rate(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// The next one: its key, and what it is.
    fn next(&mut self) -> (u64, Kind) {
        self.drawn += 1;
        let key = mix(self.salt, self.drawn);
        let at = unit_of(mix(key, KIND)) * self.rate();
        let which = self.sums.partition_point(|sum| *sum <= at);
        (key, KINDS.get(which).copied().unwrap_or(Kind::Delete))
    }
}

/// One of a row, by a key.
fn one_of<T: Copy>(row: &[T], key: u64) -> Option<T> {
    row.get((unit_of(key) * row.len() as f64) as usize).copied()
}

impl FeedState {
    /// Whether friendships and blocks ever change.
    pub(crate) fn changes(&self) -> bool {
        self.changes.rate() > 0.0
    }

    /// Whether a post was made, or friendships or blocks of its author have changed, from a moment on.
    pub(crate) fn in_flux(&self, post: PostId, from: u64) -> bool {
        let posts = self.feed.posts();
        let author = posts.author(post);
        let changed = author.and_then(|author| self.changes.last.get(&author));
        changed.is_some_and(|at| *at >= from)
            || posts.created_ns(post).is_some_and(|made| made >= from)
    }

    /// A cache keeps a row that has just changed.
    pub(crate) fn kept(&mut self, node: NodeId, dataset: u32, row: u64) {
        let number = row.saturating_sub(1) as u32;
        let (friendships, posts) = self.changes.datasets;
        let old = &mut self.changes.old;
        if dataset == posts {
            old.posts.insert((PostId(number), node));
        } else if dataset == friendships
            && let Some(seen) = old.before.get(&User(number))
        {
            old.seen.insert((node, User(number)), seen.clone());
        }
    }

    /// A cache has such a row no longer.
    pub(crate) fn renewed(&mut self, node: NodeId, dataset: u32, row: u64) {
        let number = row.saturating_sub(1) as u32;
        let (friendships, posts) = self.changes.datasets;
        let old = &mut self.changes.old;
        if dataset == posts {
            old.posts.remove(&(PostId(number), node));
        } else if dataset == friendships {
            old.seen.remove(&(node, User(number)));
        }
    }

    /// Whom a user saw, by the word of a cache.
    pub(crate) fn seen_before(&self, node: NodeId, user: User) -> Option<&Vec<User>> {
        self.changes.old.seen.get(&(node, user))
    }

    /// Whether a cache still has a deleted post.
    pub(crate) fn has_still(&self, post: PostId) -> bool {
        let all = (post, 0)..=(post, NodeId::MAX);
        self.changes.old.posts.range(all).next().is_some()
    }

    fn note_before(&mut self, users: [User; 2]) {
        for user in users {
            if !self.changes.old.before.contains_key(&user) {
                let mut row = Vec::new();
                self.feed.graph().seen_by(user, &mut row);
                self.changes.old.before.insert(user, row);
            }
        }
    }

    /// The next change is made. `None` if there was nothing to change: no friend, no post, or as many friends as one
    /// may have.
    fn change(&mut self, now: u64, in_focus: bool) -> Option<Changed> {
        let (key, kind) = self.changes.next();
        let (who, whom) = (mix(key, WHO), mix(key, WHOM));
        let keep = self.changes.kept;
        let changed = match kind {
            Kind::Befriend => {
                let (a, b) = (
                    self.by_views.sample_key(who)?,
                    self.by_views.sample_key(whom)?,
                );
                if keep {
                    self.note_before([a, b]);
                }
                for job in self.feed.befriend(a, b).ok()? {
                    self.feed.backfill(job, now);
                }
                Changed::Friends(a, b)
            }
            Kind::Unfriend => {
                let user = self.by_views.sample_key(who)?;
                let mut row = Vec::new();
                self.feed.graph().friends(user, &mut row);
                let other = one_of(&row, whom)?;
                if keep {
                    self.note_before([user, other]);
                }
                self.feed.unfriend(user, other);
                Changed::Friends(user, other)
            }
            Kind::Block => {
                let user = self.by_views.sample_key(who)?;
                let mut row = Vec::new();
                self.feed.graph().seen_by(user, &mut row);
                let other = one_of(&row, whom)?;
                if keep {
                    self.note_before([user, other]);
                }
                self.feed.block(user, other);
                self.changes.blocks.push((user, other));
                Changed::Blocks(user, other)
            }
            Kind::Unblock => {
                let count = self.changes.blocks.len();
                let at = (unit_of(who) * count as f64) as usize;
                if at >= count {
                    return None;
                }
                let (user, other) = self.changes.blocks.swap_remove(at);
                if keep {
                    self.note_before([user, other]);
                }
                self.feed.unblock(user, other);
                Changed::Blocks(user, other)
            }
            Kind::Delete => {
                let author = self.by_posts.sample_key(who)?;
                let posts = self.feed.posts();
                let next = PostId(posts.count());
                let live = posts
                    .outbox(author, next)
                    .filter(|post| posts.is_live(*post));
                let latest: Vec<PostId> = live.take(LATEST).collect();
                let post = one_of(&latest, whom)?;
                self.feed.delete(post);
                Changed::Post(post)
            }
        };
        match changed {
            Changed::Friends(a, b) | Changed::Blocks(a, b) => {
                self.changes.last.insert(a, now);
                self.changes.last.insert(b, now);
            }
            Changed::Post(_) => {}
        }
        match changed {
            Changed::Friends(..) => self.tally.friends_changed(in_focus),
            Changed::Blocks(..) => self.tally.blocks_changed(in_focus),
            Changed::Post(_) => self.tally.deleted(in_focus),
        }
        Some(changed)
    }
}

impl Core {
    /// The next change is planned, if there are any.
    pub(crate) fn plan_feed_change(&mut self) {
        let now = self.now;
        let Some(state) = &self.feed else { return };
        let changes = &state.changes;
        if changes.rate() > 0.0 {
            let key = mix(mix(changes.salt, changes.drawn), WHEN);
            let ns = exp_of(key, NS_PER_SEC as f64 / changes.rate());
            self.queue
                .schedule(now.saturating_add(ns as u64), Event::FeedChange);
        }
    }

    /// Somebody changes something.
    #[cold]
    #[inline(never)]
    pub(crate) fn feed_changes(&mut self) {
        self.forget_before();
        self.change_feed();
        self.plan_feed_change();
    }

    /// Time was left out: what would have been changed meanwhile has been.
    pub(super) fn skip_feed_changes(&mut self, skipped_ns: u64) {
        self.forget_before();
        let Some(state) = &mut self.feed else { return };
        let changes = &mut state.changes;
        changes.owed += changes.rate() * skipped_ns as f64 / NS_PER_SEC as f64;
        let count = changes.owed as u64;
        changes.owed -= count as f64;
        for _ in 0..count {
            self.change_feed();
        }
    }

    /// What was changed before has reached the caches.
    fn forget_before(&mut self) {
        if let Some(state) = &mut self.feed {
            state.changes.old.before.clear();
        }
    }

    fn change_feed(&mut self) {
        let (now, in_focus) = (self.now, self.stats.in_focus(self.now));
        let plant = std::rc::Rc::clone(&self.plant);
        let (Some(plan), Some(state)) = (&plant.feed, &mut self.feed) else {
            return;
        };
        let row = |number: u32| u64::from(number) + 1;
        match state.change(now, in_focus) {
            Some(Changed::Friends(a, b) | Changed::Blocks(a, b)) => {
                self.forget_row(plan, plan.friendships, row(a.0));
                self.forget_row(plan, plan.friendships, row(b.0));
            }
            Some(Changed::Post(post)) => self.forget_row(plan, plan.posts, row(post.0)),
            None => {}
        }
    }

    /// Caches that may have a row are told that it is no longer so.
    fn forget_row(&mut self, plan: &FeedPlan, dataset: u32, row: u64) {
        for warm in &plan.warm {
            let holds = |entry: &(u32, u64, u64)| entry.0 == dataset;
            if dataset != NOBODY && warm.datasets.iter().any(holds) {
                let notice = match warm.keeps {
                    true => Notice::Outdate { dataset, row },
                    false => Notice::Forget { dataset, row },
                };
                self.tell_one(warm.node, warm.node, notice);
            }
        }
    }
}
