//! Reading a feed: what has to be looked up, and the page that comes of it.
//!
//! Whether the page is right does not live here: the reference judges it.

use std::collections::BinaryHeap;

use super::Feed;
use crate::lists::LOST;
use crate::{PostId, User};

/// Where a page begins: after the post with this id, towards older ones. New posts do not move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(PostId);

impl Cursor {
    /// The newest post.
    pub const NEWEST: Self = Self(PostId(u32::MAX));

    /// What is older than a post.
    #[must_use]
    pub const fn after(post: PostId) -> Self {
        Self(post)
    }

    /// The id below which the page begins.
    #[must_use]
    pub const fn before(self) -> PostId {
        self.0
    }
}

/// What a read does with the reader's feed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListUse {
    /// Nobody is pushed to this reader, or the page begins where the list has ended.
    Unused,
    /// It is lost: everything is pulled, and somebody should rebuild it.
    Lost,
    /// It is read.
    Read {
        /// How many ids it has.
        entries: u32,
    },
}

/// What a read will look up, as far as is known before it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPlan {
    /// Who reads.
    pub reader: User,
    /// Where the page begins.
    pub cursor: Cursor,
    /// How many posts are wanted.
    pub n: u32,
    /// The reader's row of the graph as it was read: friends who are not blocked, in order.
    pub seen: Vec<User>,
    /// The feed list.
    pub list: ListUse,
    /// Whose outboxes are looked up: the reader's own (so that an own post is there at once), those of
    /// friends who are not pushed, and all friends' when there is no list.
    pub outboxes: Vec<User>,
}

/// What a read has looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Ids taken from the feed list.
    pub entries: u32,
    /// Outboxes of others looked up, those included that were needed when the list ended within the page.
    pub outboxes: u32,
    /// Ids left out because of their author: no longer a friend, or blocked.
    pub hidden: u32,
    /// Posts left out because they are deleted.
    pub deleted: u32,
}

/// A page of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The posts, newest first.
    pub posts: Vec<PostId>,
    /// Where the next page begins; `None` when the feed ended before this one was full.
    pub next: Option<Cursor>,
    /// What has been looked up for it.
    pub work: Work,
}

impl Feed {
    /// Plans a read of up to `n` posts with the reader's row of the graph as it is now.
    #[must_use]
    pub fn plan_read(&self, reader: User, cursor: Cursor, n: u32) -> ReadPlan {
        let mut seen = Vec::new();
        self.graph.seen_by(reader, &mut seen);
        self.plan_read_with(reader, cursor, n, seen)
    }

    /// Plans a read with a row of the graph from elsewhere, for instance from a cache that is behind. The
    /// row must be in order.
    #[must_use]
    pub fn plan_read_with(
        &self,
        reader: User,
        cursor: Cursor,
        n: u32,
        seen: Vec<User>,
    ) -> ReadPlan {
        let pulled = seen.iter().filter(|friend| !self.pushes(**friend, reader));
        let mut outboxes = vec![reader];
        outboxes.extend(pulled);
        let all_pulled = outboxes.len() == seen.len() + 1;
        let floor = self.lists.floor(reader);
        let list = if all_pulled {
            ListUse::Unused
        } else if floor == LOST {
            ListUse::Lost
        } else if cursor.before() <= floor {
            ListUse::Unused
        } else {
            let entries = self.lists.of(reader).len() as u32;
            ListUse::Read { entries }
        };
        if !all_pulled && !matches!(list, ListUse::Read { .. }) {
            outboxes.truncate(1);
            outboxes.extend(&seen);
        }
        ReadPlan {
            reader,
            cursor,
            n,
            seen,
            list,
            outboxes,
        }
    }

    /// Plans a read for which the list cannot be had: as if it were lost.
    #[must_use]
    pub fn plan_without_list(
        &self,
        reader: User,
        cursor: Cursor,
        n: u32,
        seen: Vec<User>,
    ) -> ReadPlan {
        let mut outboxes = Vec::with_capacity(seen.len() + 1);
        outboxes.push(reader);
        outboxes.extend(&seen);
        ReadPlan {
            reader,
            cursor,
            n,
            seen,
            list: ListUse::Lost,
            outboxes,
        }
    }

    /// Plans for whoever takes a lost list for an empty one: only what is never pushed is pulled.
    #[must_use]
    pub fn plan_as_if_empty(&self, mut plan: ReadPlan) -> ReadPlan {
        if plan.list == ListUse::Lost {
            plan.list = ListUse::Read { entries: 0 };
            let reader = plan.reader;
            let pulled = plan
                .seen
                .iter()
                .filter(|friend| !self.pushes(**friend, reader));
            plan.outboxes = std::iter::once(reader).chain(pulled.copied()).collect();
        }
        plan
    }

    /// The posts that the page will ask the content store for, if none of them is deleted: keys for the
    /// accesses to a content cache.
    #[must_use]
    pub fn candidates(&self, plan: &ReadPlan) -> Vec<PostId> {
        self.finish_read(plan, &mut |_| true).posts
    }

    /// Makes the page from lists and outboxes as they are now. `is_live` tells whether a post is there as
    /// its reader sees it, which may be a cache's word; it is asked once for each post, newest first.
    pub fn finish_read(&self, plan: &ReadPlan, is_live: &mut dyn FnMut(PostId) -> bool) -> Page {
        let mut page = Page::default();
        let floor = self.lists.floor(plan.reader);
        let others = |users: &[User]| users.iter().filter(|user| **user != plan.reader).count();
        page.work.outboxes = others(&plan.outboxes) as u32;
        // What is not planned from a list has all outboxes and needs none.
        let with_list = matches!(plan.list, ListUse::Read { .. });
        let list = if with_list {
            self.lists.of(plan.reader)
        } else {
            &[]
        };
        let end = if with_list { floor } else { PostId(0) };
        let before = plan.cursor.before();
        self.merge(plan, &plan.outboxes, list, before, end, &mut page, is_live);
        if page.posts.len() < plan.n as usize && end > PostId(0) {
            // The list has ended within the page: below it, everything is pulled.
            let mut all = Vec::with_capacity(plan.seen.len() + 1);
            all.push(plan.reader);
            all.extend(&plan.seen);
            page.work.outboxes += plan.seen.len() as u32;
            let before = before.min(end);
            self.merge(plan, &all, &[], before, PostId(0), &mut page, is_live);
        }
        if plan.n > 0 && page.posts.len() == plan.n as usize {
            page.next = page.posts.last().map(|last| Cursor::after(*last));
        }
        page
    }

    /// Reads a page in one step, with nothing between the data and the reader.
    #[must_use]
    pub fn read(&self, reader: User, cursor: Cursor, n: u32) -> Page {
        let plan = self.plan_read(reader, cursor, n);
        self.finish_read(&plan, &mut |post| self.posts.is_live(post))
    }

    /// Adds to a page from a list and outboxes, newest first, what is below `before` and not below `end`.
    #[expect(
        clippy::too_many_arguments,
        reason = "one loop with two uses; a struct would only rename them"
    )]
    fn merge(
        &self,
        plan: &ReadPlan,
        outboxes: &[User],
        list: &[PostId],
        before: PostId,
        end: PostId,
        page: &mut Page,
        is_live: &mut dyn FnMut(PostId) -> bool,
    ) {
        let newest = outboxes
            .iter()
            .filter_map(|author| self.posts.outbox(*author, before).next());
        let mut heads: BinaryHeap<PostId> = newest.collect();
        let mut left = list.partition_point(|post| *post < before);
        while page.posts.len() < plan.n as usize {
            let listed = left.checked_sub(1).and_then(|at| list.get(at)).copied();
            let Some(post) = heads
                .peek()
                .copied()
                .max(listed)
                .filter(|post| *post >= end)
            else {
                break;
            };
            if listed == Some(post) {
                left -= 1;
                page.work.entries += 1;
            }
            // The same post may be in the list and in an outbox.
            if heads.peek() == Some(&post) {
                heads.pop();
                heads.extend(self.posts.earlier(post));
            }
            let author = self.posts.author(post).unwrap_or(plan.reader);
            if author != plan.reader && plan.seen.binary_search(&author).is_err() {
                page.work.hidden += 1;
            } else if is_live(post) {
                page.posts.push(post);
            } else {
                page.work.deleted += 1;
            }
        }
    }
}
