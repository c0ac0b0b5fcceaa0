//! A service and the model beside it: each step is taken on both, each page is compared.

use archplay_feed::service::{Job, Service, Setup};
use archplay_feed::{
    Activity, Config, Cursor, Feed, Page, People, PostId, ReadPlan, Rule, Story, User, reference,
    shard_of,
};
use archplay_kernel::NS_PER_SEC;
use proptest::prelude::*;

use crate::model::{Case, Model, Op, STARS, USERS};

const TTL_SECS: u64 = 60;

pub struct World {
    pub service: Service,
    pub model: Model,
    pub now_ns: u64,
    pub invalidate: bool,
    pub dropped: bool,
}

impl World {
    pub fn new(case: &Case) -> Self {
        let people = People::generate(case.people, USERS, &Activity::default());
        let config = Config {
            rule: case.rule,
            list_cap: case.list_cap,
        };
        let model = Model::of(&case.graph);
        let feed = Feed::new(case.graph.clone(), people, config);
        let setup = Setup {
            batch: case.batch,
            contents: 10,
            rows: 6,
            ttl_ns: TTL_SECS * NS_PER_SEC,
            invalidate: case.invalidate,
        };
        Self {
            service: Service::new(feed, setup),
            model,
            now_ns: 0,
            invalidate: case.invalidate,
            dropped: false,
        }
    }

    pub fn apply(&mut self, op: Op) -> Result<(), TestCaseError> {
        self.now_ns += NS_PER_SEC / 7;
        let now = self.now_ns;
        match op {
            Op::Post(user) => {
                let post = self.service.post(User(user), &Story::default(), now);
                prop_assert_eq!(post, Some(PostId(self.model.posts.len() as u32)));
                self.model.posts.push((User(user), true));
            }
            Op::Delete(post) => {
                let was = self
                    .model
                    .posts
                    .get(post as usize)
                    .is_some_and(|post| post.1);
                prop_assert_eq!(self.service.delete(PostId(post)), was);
                if was {
                    self.model.posts[post as usize].1 = false;
                }
            }
            Op::Befriend(a, b) => {
                let (a, b) = (User(a), User(b));
                let count = |user| {
                    self.model
                        .friends
                        .iter()
                        .filter(|pair| pair.0 == user)
                        .count()
                };
                let known = self.model.friends.contains(&(a, b));
                let cap = self.service.feed().graph().cap() as usize;
                let free = a != b && !known && count(a) < cap && count(b) < cap;
                prop_assert_eq!(self.service.befriend(a, b).is_ok(), free);
                if free {
                    self.model.friends.extend([(a, b), (b, a)]);
                }
            }
            Op::Unfriend(a, b) => {
                let (a, b) = (User(a), User(b));
                let known = self.model.friends.remove(&(a, b));
                self.model.friends.remove(&(b, a));
                prop_assert_eq!(self.service.unfriend(a, b), known);
            }
            Op::Block(a, b) => {
                let new = a != b && self.model.blocks.insert((User(a), User(b)));
                prop_assert_eq!(self.service.block(User(a), User(b)), new);
            }
            Op::Unblock(a, b) => {
                let was = self.model.blocks.remove(&(User(a), User(b)));
                prop_assert_eq!(self.service.unblock(User(a), User(b)), was);
            }
            Op::Read(reader, cursor, n) => {
                let cursor = match cursor {
                    0..30 => Cursor::NEWEST,
                    _ => Cursor::after(PostId(cursor - 30)),
                };
                let (plan, page) = self.service.read_planned(User(reader), cursor, n, now);
                self.judge(&plan, &page)?;
            }
            Op::Work(place, twice) => {
                if let Some(job) = self.service.take(place) {
                    self.service.work_on(job, now);
                    if twice {
                        self.service.work_on(job, now);
                    }
                }
            }
            Op::Drop(place) => {
                if let Some(job) = self.service.take(place) {
                    self.dropped = true;
                    let feed = self.service.feed_mut();
                    match job {
                        Job::FanOut(post) => feed.drop_fan_out(post),
                        Job::Deliver(batch) => feed.drop_batch(&batch),
                        Job::Backfill(job) => feed.drop_backfill(job),
                        Job::Rebuild(_) => {}
                    }
                }
            }
            Op::LoseList(user) => self.service.feed_mut().lose_list(User(user)),
            Op::LoseShard(shard) => {
                let lost = self.service.feed_mut().lose_shard(shard, 3);
                let wanted = (0..USERS + STARS).filter(|user| shard_of(User(*user), 3) == shard);
                prop_assert_eq!(lost as usize, wanted.count());
            }
            Op::LoseCaches => self.service.lose_caches(),
            Op::Rebuild(user) => {
                self.service.feed_mut().rebuild(User(user));
            }
            Op::Rule(rule) => self.service.feed_mut().set_rule(rule),
            Op::Wait(secs) => self.now_ns += secs * NS_PER_SEC,
        }
        Ok(())
    }

    /// A page in the middle of everything: what is wrong with it is told, exactly.
    pub fn judge(&self, plan: &ReadPlan, page: &Page) -> Result<(), TestCaseError> {
        let feed = self.service.feed();
        let wanted: Vec<PostId> = self.model.feed(plan.reader, plan.cursor);
        let first: Vec<PostId> = wanted.iter().take(plan.n as usize).copied().collect();
        prop_assert_eq!(
            &reference::page(feed, plan.reader, plan.cursor, plan.n),
            &first
        );
        let verdict = reference::judge(feed, plan, page, self.now_ns);
        prop_assert_eq!((verdict.disorder, verdict.twice), (0, 0));
        prop_assert!(page.posts.len() <= plan.n as usize);
        prop_assert_eq!(
            page.next.is_some(),
            plan.n > 0 && page.posts.len() == plan.n as usize
        );
        // What the model misses between the cursor and the page's last post.
        let covers = |post: &PostId| page.next.is_none_or(|next| *post >= next.before());
        let missing = first
            .iter()
            .filter(|post| covers(post) && !page.posts.contains(post));
        prop_assert_eq!(verdict.missing() as usize, missing.count());
        let ghosts = page.posts.iter().filter(|post| !wanted.contains(post));
        prop_assert_eq!(verdict.ghosts as usize, ghosts.count());
        prop_assert_eq!(verdict.own, 0, "an own post is there at once");
        prop_assert_eq!(verdict.missing() > 0, verdict.newest_missing_ns.is_some());
        prop_assert!(verdict.newest_missing_ns <= verdict.oldest_missing_ns);
        if self.invalidate {
            prop_assert_eq!((verdict.ghosts, verdict.behind), (0, 0));
        }
        if !self.dropped {
            prop_assert_eq!(verdict.lost, 0, "what nobody dropped is at most late");
        }
        if feed.rule() == Rule::Pull && self.invalidate {
            prop_assert!(verdict.is_exact(), "pulling is never behind");
        }
        Ok(())
    }

    /// All jobs done, all caches expired.
    pub fn settle(&mut self) -> Result<(), TestCaseError> {
        while self.service.work(100, self.now_ns) == 100 {}
        prop_assert_eq!(self.service.backlog(), 0);
        prop_assert_eq!(self.service.feed().on_their_way(), 0);
        self.now_ns += TTL_SECS * NS_PER_SEC;
        Ok(())
    }

    /// Everybody's whole feed, page by page, is the model's.
    pub fn everybody_is_exact(&mut self) -> Result<(), TestCaseError> {
        for reader in (0..USERS).map(User) {
            let wanted = self.model.feed(reader, Cursor::NEWEST);
            for n in [1, 3, 100] {
                let mut got = Vec::new();
                let mut cursor = Some(Cursor::NEWEST);
                while let Some(at) = cursor {
                    let (plan, page) = self.service.read_planned(reader, at, n, self.now_ns);
                    let verdict = reference::judge(self.service.feed(), &plan, &page, self.now_ns);
                    prop_assert!(verdict.is_exact(), "{:?}", verdict);
                    got.extend(page.posts);
                    cursor = page.next;
                }
                prop_assert_eq!(&got, &wanted, "{:?} by {}", reader, n);
            }
        }
        Ok(())
    }
}
