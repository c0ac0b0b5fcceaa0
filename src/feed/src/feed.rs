//! The news feed: what is written where when somebody posts, deletes, makes friends or blocks.
//!
//! Each operation is one step on the data. Who takes the step, on which machine and when, is the
//! caller's; nothing happens by itself. Reading and recovery are in modules of their own.

mod pending;
mod read;
mod recovery;

pub use pending::{Backfill, Batch};
pub use read::{Cursor, ListUse, Page, ReadPlan, Work};
pub use recovery::{Rebuilt, shard_of};

use pending::Pending;

use crate::lists::{FeedLists, Put};
use crate::posts::{Posts, Story};
use crate::{Graph, People, PostId, Refused, Rule, User};

/// How a feed is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// The strategy.
    pub rule: Rule,
    /// How many ids a feed list has room for (1 or more); the fact sheet's 500, Twitter's 800.
    pub list_cap: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            rule: Rule::Push,
            list_cap: 500,
        }
    }
}

/// What became of a batch of ids that was written to feed lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Ids that are new in their lists.
    pub written: u32,
    /// Ids that were in already: a batch came twice.
    pub already: u32,
    /// Ids that were older than what the list is for.
    pub below: u32,
    /// Ids for lists that are lost.
    pub lost: u32,
    /// How long after the post was made they came, in nanoseconds.
    pub age_ns: u64,
}

/// The bytes a feed takes, counted by capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Friendships.
    pub graph: usize,
    /// Reading and posting rates.
    pub people: usize,
    /// The posts table with its media references.
    pub posts: usize,
    /// Feed lists.
    pub lists: usize,
    /// Fan-outs on their way (about 40 bytes each).
    pub pending: usize,
}

impl Memory {
    /// The sum.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.graph + self.people + self.posts + self.lists + self.pending
    }
}

/// Users, friendships, posts and feed lists under one rule.
#[derive(Clone, Debug)]
pub struct Feed {
    graph: Graph,
    people: People,
    posts: Posts,
    lists: FeedLists,
    rule: Rule,
    /// One bit a user: has had more friends than the rule pushes for.
    above: Box<[u64]>,
    pending: Pending,
}

impl Feed {
    /// An empty feed for these users. Who has no rates is dormant.
    #[must_use]
    pub fn new(graph: Graph, people: People, config: Config) -> Self {
        let users = graph.users();
        let mut feed = Self {
            posts: Posts::new(users),
            lists: FeedLists::new(users, config.list_cap),
            graph,
            people,
            rule: config.rule,
            above: vec![0; users.div_ceil(64) as usize].into(),
            pending: Pending::default(),
        };
        feed.mark_all_above();
        feed
    }

    /// The friendships; they are changed through the feed.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Everybody's rates.
    #[must_use]
    pub const fn people(&self) -> &People {
        &self.people
    }

    /// The posts table.
    #[must_use]
    pub const fn posts(&self) -> &Posts {
        &self.posts
    }

    /// The feed lists.
    #[must_use]
    pub const fn lists(&self) -> &FeedLists {
        &self.lists
    }

    /// The rule in force.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// Whether an author's posts are pushed into a reader's list.
    #[must_use]
    pub fn pushes(&self, author: User, reader: User) -> bool {
        match self.rule {
            Rule::Push => true,
            Rule::Pull => false,
            Rule::ByFriends { .. } => !self.is_above(author),
            Rule::ByActivity { views_per_day } => {
                self.people.views_per_day(reader) >= views_per_day
            }
            Rule::ByRates { cost_ratio } => {
                let star = self.graph.star(author).map(|star| star.posts_per_day);
                let posts = star.unwrap_or_else(|| self.people.posts_per_day(author));
                self.people.views_per_day(reader) >= cost_ratio * posts
            }
        }
    }

    /// Writes a post into the posts table, from where its author sees it at once. `None` for an unknown
    /// author. Unless the rule is to pull, its fan-out is on its way from now on.
    pub fn post(&mut self, author: User, now_ns: u64, story: &Story) -> Option<PostId> {
        let post = self.posts.insert(author, now_ns, story)?;
        if self.rule.pushes_at_all() {
            self.pending.begin(post);
        }
        Some(post)
    }

    /// Deletes a post; tells whether it was there. Lists keep its id; readers no longer get it.
    pub fn delete(&mut self, post: PostId) -> bool {
        self.posts.delete(post)
    }

    /// Divides the fan-out of a post into batches of about `size` recipients (at least 1), by ranges of
    /// users: recipients are looked up when a batch is delivered. None when nobody is pushed to.
    ///
    /// Asked again, for instance because the message came twice, it makes the batches anew.
    pub fn fan_out(&mut self, post: PostId, size: u32) -> Vec<Batch> {
        let recipients = self.recipients_in(post, User(0), User(u32::MAX));
        let batches = Batch::divide(post, &recipients, size.max(1) as usize);
        self.pending.replace(post, &batches);
        batches
    }

    /// Who gets the post of a batch, as friendships and rule are now; nobody once it is deleted.
    #[must_use]
    pub fn recipients(&self, batch: &Batch) -> Vec<User> {
        self.recipients_in(batch.post, batch.first, batch.last)
    }

    /// Whose lists an author's posts are pushed into, in order, whatever becomes of them there.
    pub fn audience(&self, author: User, row: &mut Vec<User>) {
        self.audience_in(author, User(0), User(u32::MAX), row);
    }

    /// The same of a range of users.
    pub fn audience_in(&self, author: User, first: User, last: User, row: &mut Vec<User>) {
        row.clear();
        if self.rule.pushes_at_all() {
            // Blocked friends too: there is no backfill when a block goes.
            self.graph.readers_of(author, first, last, row);
            row.retain(|reader| self.pushes(author, *reader));
        }
    }

    /// Whether anybody's posts are pushed to a reader, so that there is a list for them.
    #[must_use]
    pub fn has_list(&self, reader: User) -> bool {
        match self.rule {
            Rule::Push => true,
            Rule::Pull => false,
            Rule::ByActivity { views_per_day } => {
                self.people.views_per_day(reader) >= views_per_day
            }
            Rule::ByFriends { .. } | Rule::ByRates { .. } => {
                let mut row = Vec::new();
                self.graph.authors_of(reader, &mut row);
                row.iter().any(|author| self.pushes(*author, reader))
            }
        }
    }

    fn recipients_in(&self, post: PostId, first: User, last: User) -> Vec<User> {
        let mut row = Vec::new();
        if let Some(author) = self.posts.author(post)
            && self.posts.is_live(post)
        {
            self.audience_in(author, first, last, &mut row);
        }
        row
    }

    /// Writes a batch into the lists of its recipients. Coming twice does no harm.
    pub fn deliver(&mut self, batch: &Batch, now_ns: u64) -> Delivery {
        let mut delivery = Delivery {
            age_ns: self.age_ns(batch.post, now_ns),
            ..Delivery::default()
        };
        for reader in self.recipients(batch) {
            delivery.count(self.lists.put(reader, batch.post));
        }
        self.pending.end(batch);
        delivery
    }

    /// Takes note that a batch will never be delivered. What its recipients miss from now on is lost, not
    /// late.
    pub fn drop_batch(&mut self, batch: &Batch) {
        self.pending.end(batch);
    }

    /// Takes note that a post's fan-out will never be made, or no more of it.
    pub fn drop_fan_out(&mut self, post: PostId) {
        self.pending.replace(post, &[]);
    }

    /// Makes two users friends. Older posts of one come into the other's list by a backfill, for each
    /// direction that is pushed; until that is done they are late.
    ///
    /// # Errors
    ///
    /// As [`Graph::befriend`].
    pub fn befriend(&mut self, a: User, b: User) -> Result<Vec<Backfill>, Refused> {
        self.graph.befriend(a, b)?;
        self.mark_above(a);
        self.mark_above(b);
        let jobs = [(a, b), (b, a)].map(|(reader, author)| Backfill { reader, author });
        let pushed = |job: &Backfill| self.pushes(job.author, job.reader);
        let jobs: Vec<Backfill> = jobs.into_iter().filter(pushed).collect();
        for job in &jobs {
            self.pending.begin_backfill(*job);
        }
        Ok(jobs)
    }

    /// Writes a new friend's posts into a reader's list, as many as the list is for.
    pub fn backfill(&mut self, job: Backfill, now_ns: u64) -> Delivery {
        let mut delivery = Delivery::default();
        let next = PostId(self.posts.count());
        let mut post = self.posts.outbox(job.author, next).next();
        if let Some(newest) = post {
            delivery.age_ns = self.age_ns(newest, now_ns);
        }
        while let Some(this) = post {
            let put = self.lists.put(job.reader, this);
            delivery.count(put);
            // Older ones are below as well.
            if matches!(put, Put::Below | Put::Lost) {
                break;
            }
            post = self.posts.earlier(this);
        }
        self.pending.end_backfill(job);
        delivery
    }

    /// Takes note that a backfill will never be made.
    pub fn drop_backfill(&mut self, job: Backfill) {
        self.pending.end_backfill(job);
    }

    /// Ends a friendship; tells whether there was one. Lists keep ids of the other's posts; readers no
    /// longer get them.
    pub fn unfriend(&mut self, a: User, b: User) -> bool {
        self.graph.unfriend(a, b)
    }

    /// Lets a user block another; tells whether that is new. Neither gets posts of the other any longer.
    pub fn block(&mut self, who: User, whom: User) -> bool {
        self.graph.block(who, whom)
    }

    /// Takes a block back; tells whether there was one. The posts are there again.
    pub fn unblock(&mut self, who: User, whom: User) -> bool {
        self.graph.unblock(who, whom)
    }

    /// Puts another rule in force. Lists stay if the new rule pushes only what the old one did; else they
    /// cannot be complete and begin with the next post, and what is older is pulled until
    /// [`Feed::rebuild`].
    pub fn set_rule(&mut self, rule: Rule) {
        let stays = rule.is_within(self.rule);
        self.rule = rule;
        if !stays {
            self.above.fill(0);
            let next = PostId(self.posts.count());
            for user in 0..self.graph.users() {
                self.lists.begin_at(User(user), next);
            }
        }
        self.mark_all_above();
    }

    /// Whether a post may still be on its way into a reader's list.
    #[must_use]
    pub fn is_on_its_way(&self, post: PostId, reader: User) -> bool {
        let author = self.posts.author(post);
        self.pending.has(post, reader)
            || author.is_some_and(|author| self.pending.has_backfill(Backfill { reader, author }))
    }

    /// How many batches (or fan-outs not yet divided) and backfills are on their way.
    #[must_use]
    pub fn on_their_way(&self) -> usize {
        self.pending.len()
    }

    /// The bytes the feed takes.
    #[must_use]
    pub fn memory(&self) -> Memory {
        Memory {
            graph: self.graph.bytes() + self.above.len() * 8,
            people: self.people.bytes(),
            posts: self.posts.bytes(),
            lists: self.lists.bytes(),
            pending: self.pending.len() * 40,
        }
    }

    fn age_ns(&self, post: PostId, now_ns: u64) -> u64 {
        now_ns.saturating_sub(self.posts.created_ns(post).unwrap_or(now_ns))
    }

    fn is_above(&self, user: User) -> bool {
        let word = self.above.get(user.0 as usize / 64).copied().unwrap_or(0);
        word >> (user.0 % 64) & 1 == 1
    }

    fn mark_all_above(&mut self) {
        if matches!(self.rule, Rule::ByFriends { .. }) {
            for user in 0..self.graph.users() {
                self.mark_above(User(user));
            }
        }
    }

    fn mark_above(&mut self, user: User) {
        // The bound first: counting takes time.
        if let Rule::ByFriends { most } = self.rule
            && !self.is_above(user)
            && self.graph.at_most(user) > most
            && self.graph.degree(user) > most
            && let Some(word) = self.above.get_mut(user.0 as usize / 64)
        {
            *word |= 1 << (user.0 % 64);
        }
    }
}

impl Delivery {
    const fn count(&mut self, put: Put) {
        match put {
            Put::Written => self.written += 1,
            Put::Already => self.already += 1,
            Put::Below => self.below += 1,
            Put::Lost => self.lost += 1,
        }
    }
}
