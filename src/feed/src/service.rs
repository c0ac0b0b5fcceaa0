//! The shortest machine that drives a feed: one queue of jobs, two caches, everything done when told.
//!
//! It takes no time. The engine drives the same steps through the components of a drawing; this is for
//! tests, for counting work, and for whoever wants a feed without a plant.

use std::collections::VecDeque;

use crate::caches::{ContentCache, GraphCache};
use crate::{Backfill, Batch, Cursor, Feed, Page, PostId, ReadPlan, Refused, Story, User};

/// What waits for a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Divide a post's fan-out.
    FanOut(PostId),
    /// Write a batch into lists.
    Deliver(Batch),
    /// Write a new friend's posts into a list.
    Backfill(Backfill),
    /// Make a lost list anew.
    Rebuild(User),
}

/// How a service is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Recipients in a batch.
    pub batch: u32,
    /// Posts that fit into the content cache.
    pub contents: usize,
    /// Rows that fit into the graph cache.
    pub rows: usize,
    /// How long both keep what they have, in nanoseconds.
    pub ttl_ns: u64,
    /// Whether what has changed is dropped from the caches at once; else it lives until it expires.
    pub invalidate: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            batch: 1_000,
            contents: 100_000,
            rows: 10_000,
            ttl_ns: 60_000_000_000,
            invalidate: true,
        }
    }
}

/// The two costs of the rate rule, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ids handed to the lists of recipients.
    pub pushes: u64,
    /// Outboxes of friends looked up by reads.
    pub pulls: u64,
    /// Lists made anew.
    pub rebuilds: u64,
    /// Pages read.
    pub reads: u64,
}

impl Tally {
    /// The cost when a push costs `push` and the look-up of an author `pull`.
    #[must_use]
    pub fn cost(&self, push: f64, pull: f64) -> f64 {
        self.pushes as f64 * push + self.pulls as f64 * pull
    }
}

/// A feed with its caches and its queue.
#[derive(Clone, Debug)]
pub struct Service {
    feed: Feed,
    contents: ContentCache,
    rows: GraphCache,
    setup: Setup,
    jobs: VecDeque<Job>,
    tally: Tally,
}

impl Service {
    /// A service with empty caches and nothing to do.
    #[must_use]
    pub fn new(feed: Feed, setup: Setup) -> Self {
        Self {
            feed,
            contents: ContentCache::new(setup.contents, setup.ttl_ns),
            rows: GraphCache::new(setup.rows, setup.ttl_ns),
            setup,
            jobs: VecDeque::new(),
            tally: Tally::default(),
        }
    }

    /// The feed.
    #[must_use]
    pub const fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The feed, for what the service has no operation of its own for.
    pub const fn feed_mut(&mut self) -> &mut Feed {
        &mut self.feed
    }

    /// What has been done so far.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// How many jobs wait.
    #[must_use]
    pub fn backlog(&self) -> usize {
        self.jobs.len()
    }

    /// Posts; `None` for an unknown user. The fan-out waits for [`Service::work`].
    pub fn post(&mut self, user: User, story: &Story, now_ns: u64) -> Option<PostId> {
        let post = self.feed.post(user, now_ns, story)?;
        if self.feed.rule().pushes_at_all() {
            self.jobs.push_back(Job::FanOut(post));
        }
        Some(post)
    }

    /// Reads a page. A lost list is read around, and its rebuild waits for [`Service::work`].
    pub fn read(&mut self, user: User, cursor: Cursor, n: u32, now_ns: u64) -> Page {
        self.read_planned(user, cursor, n, now_ns).1
    }

    /// Reads a page and hands out the plan as well, for the reference to judge both.
    pub fn read_planned(
        &mut self,
        user: User,
        cursor: Cursor,
        n: u32,
        now_ns: u64,
    ) -> (ReadPlan, Page) {
        let seen = self.rows.seen_by(self.feed.graph(), user, now_ns);
        let plan = self.feed.plan_read_with(user, cursor, n, seen);
        if plan.list == crate::ListUse::Lost && !self.jobs.contains(&Job::Rebuild(user)) {
            self.jobs.push_back(Job::Rebuild(user));
        }
        let (feed, contents) = (&self.feed, &mut self.contents);
        let page = feed.finish_read(&plan, &mut |post| {
            contents.is_live(feed.posts(), post, now_ns)
        });
        self.tally.reads += 1;
        self.tally.pulls += u64::from(page.work.outboxes);
        (plan, page)
    }

    /// Deletes a post; tells whether it was there.
    pub fn delete(&mut self, post: PostId) -> bool {
        if self.setup.invalidate {
            self.contents.invalidate(post);
        }
        self.feed.delete(post)
    }

    /// Makes two users friends; backfills wait for [`Service::work`].
    ///
    /// # Errors
    ///
    /// As [`crate::Graph::befriend`].
    pub fn befriend(&mut self, a: User, b: User) -> Result<(), Refused> {
        let jobs = self.feed.befriend(a, b)?;
        self.jobs.extend(jobs.into_iter().map(Job::Backfill));
        self.rows_changed(a, b);
        Ok(())
    }

    /// Ends a friendship; tells whether there was one.
    pub fn unfriend(&mut self, a: User, b: User) -> bool {
        self.rows_changed(a, b);
        self.feed.unfriend(a, b)
    }

    /// Lets a user block another; tells whether that is new.
    pub fn block(&mut self, who: User, whom: User) -> bool {
        self.rows_changed(who, whom);
        self.feed.block(who, whom)
    }

    /// Takes a block back; tells whether there was one.
    pub fn unblock(&mut self, who: User, whom: User) -> bool {
        self.rows_changed(who, whom);
        self.feed.unblock(who, whom)
    }

    fn rows_changed(&mut self, a: User, b: User) {
        if self.setup.invalidate {
            self.rows.invalidate(a);
            self.rows.invalidate(b);
        }
    }

    /// Loses both caches.
    pub fn lose_caches(&mut self) {
        self.contents.lose();
        self.rows.lose();
    }

    /// Takes the job at a place in the queue (counted around) out, as one of many workers might.
    pub fn take(&mut self, place: usize) -> Option<Job> {
        let place = place.checked_rem(self.jobs.len())?;
        self.jobs.remove(place)
    }

    /// Does a job; what follows from it waits at the end of the queue. A job may be done twice.
    pub fn work_on(&mut self, job: Job, now_ns: u64) {
        match job {
            Job::FanOut(post) => {
                let batches = self.feed.fan_out(post, self.setup.batch);
                self.jobs.extend(batches.into_iter().map(Job::Deliver));
            }
            Job::Deliver(batch) => {
                let done = self.feed.deliver(&batch, now_ns);
                let ids = done.written + done.already + done.below + done.lost;
                self.tally.pushes += u64::from(ids);
            }
            Job::Backfill(job) => {
                self.feed.backfill(job, now_ns);
            }
            Job::Rebuild(user) => {
                self.feed.rebuild(user);
                self.tally.rebuilds += 1;
            }
        }
    }

    /// Does up to so many jobs, oldest first; tells how many.
    pub fn work(&mut self, jobs: usize, now_ns: u64) -> usize {
        for done in 0..jobs {
            let Some(job) = self.take(0) else {
                return done;
            };
            self.work_on(job, now_ns);
        }
        jobs
    }
}
