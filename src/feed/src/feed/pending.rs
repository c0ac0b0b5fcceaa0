//! What has been promised to feed lists and not been written yet.
//!
//! The queue it waits in does not live here: this only tells late from lost.

use std::collections::BTreeSet;

use crate::{PostId, User};

/// A part of a post's fan-out: the friends of its author among a range of users. Twelve bytes and a count,
/// so that a long backlog fits into memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Batch {
    /// The post.
    pub post: PostId,
    /// The first user of the range.
    pub first: User,
    /// The last user of the range, who belongs to it.
    pub last: User,
    /// How many recipients there were when the batch was made.
    pub recipients: u32,
}

/// The write of a new friend's posts into a reader's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Backfill {
    /// Whose list is written.
    pub reader: User,
    /// Whose posts.
    pub author: User,
}

impl Batch {
    /// Divides recipients, who are in order, so that the ranges leave no user out: who becomes a friend
    /// before the delivery is in one of them.
    pub(super) fn divide(post: PostId, recipients: &[User], size: usize) -> Vec<Self> {
        let mut first = User(0);
        let mut batches = Vec::with_capacity(recipients.len().div_ceil(size));
        let mut chunks = recipients.chunks(size).peekable();
        while let Some(chunk) = chunks.next() {
            let last = match (chunks.peek(), chunk) {
                (Some(_), [.., last]) => *last,
                _ => User(u32::MAX),
            };
            batches.push(Self {
                post,
                first,
                last,
                recipients: chunk.len() as u32,
            });
            first = User(last.0.saturating_add(1));
        }
        batches
    }

    /// Stands for a whole fan-out that has not been divided.
    const fn whole(post: PostId) -> Self {
        Self {
            post,
            first: User(0),
            last: User(u32::MAX),
            recipients: u32::MAX,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    batches: BTreeSet<Batch>,
    backfills: BTreeSet<Backfill>,
}

impl Pending {
    pub(super) fn begin(&mut self, post: PostId) {
        self.batches.insert(Batch::whole(post));
    }

    pub(super) fn replace(&mut self, post: PostId, batches: &[Batch]) {
        let old: Vec<Batch> = self.of(post).copied().collect();
        for batch in old {
            self.batches.remove(&batch);
        }
        self.batches.extend(batches);
    }

    pub(super) fn end(&mut self, batch: &Batch) {
        self.batches.remove(batch);
    }

    pub(super) fn has(&self, post: PostId, reader: User) -> bool {
        self.of(post)
            .any(|batch| (batch.first..=batch.last).contains(&reader))
    }

    fn of(&self, post: PostId) -> impl Iterator<Item = &Batch> {
        let from = Batch {
            post,
            first: User(0),
            last: User(0),
            recipients: 0,
        };
        self.batches.range(from..=Batch::end_of(post))
    }

    pub(super) fn begin_backfill(&mut self, job: Backfill) {
        self.backfills.insert(job);
    }

    pub(super) fn end_backfill(&mut self, job: Backfill) {
        self.backfills.remove(&job);
    }

    pub(super) fn has_backfill(&self, job: Backfill) -> bool {
        self.backfills.contains(&job)
    }

    pub(super) fn len(&self) -> usize {
        self.batches.len() + self.backfills.len()
    }
}

impl Batch {
    /// The greatest batch of a post.
    const fn end_of(post: PostId) -> Self {
        Self {
            post,
            first: User(u32::MAX),
            last: User(u32::MAX),
            recipients: u32::MAX,
        }
    }
}
