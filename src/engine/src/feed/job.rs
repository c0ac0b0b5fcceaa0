//! What a call is about that asks for many rows of the feed at once, and how far its reading or fan-out has come.

use archplay_feed::{Batch, Page, PostId, ReadPlan, User};
use archplay_kernel::Handle;

use super::Part;
use crate::plant::NodeId;

/// A page under way.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub plan: ReadPlan,
    pub page: Page,
    /// When it began.
    pub began_ns: u64,
    /// Where the page begins as its reader knows it.
    pub from: archplay_feed::Cursor,
    /// Posts before the page that are counted off; 0 with a cursor.
    pub skip: u32,
    /// Whether whoever makes it counts posts off from the newest.
    pub by_offset: bool,
    /// Rows looked up so far: lists and outboxes.
    pub lookups: u32,
    /// Whether the list was wanted and not found.
    pub lost: bool,
}

/// A fan-out under way.
#[derive(Clone, Debug)]
pub(crate) struct Fan {
    pub origin: u64,
    pub post: Option<PostId>,
    pub created_ns: u64,
    pub recipients: Vec<User>,
    /// Of a sampled author: the batches that have been promised.
    pub batches: Vec<Batch>,
    /// Recipients done.
    pub done: usize,
    /// Whether its author has followers; the part of it that goes as a message of its own.
    pub star: bool,
    pub part: Option<Part>,
    /// What each recipient costs when its batch comes, in nanoseconds.
    pub each_ns: f64,
    /// How often the batch under way has been written, of as often as it is.
    pub turn: u32,
    /// Of one that is divided into messages: batch, turn and number of the next, and as which request the one
    /// under way goes.
    pub next: (usize, u32, u32),
    pub goes_as: Option<u64>,
    /// Whether the message comes again if this fails.
    pub comes_again: bool,
}

/// What a job is for.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Read(Box<Reading>),
    FanOut(Box<Fan>),
    /// Pictures and films, by the rows of their posts.
    Media,
    /// A part of another's rows, asked side by side with the rest.
    Part {
        fan_out: bool,
    },
}

/// A job: the rows that the statement under way is about.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The call that does it.
    pub owner: Handle,
    pub task: Task,
    /// The sampled user's, and which of its copies does it.
    pub user: User,
    pub copy: u32,
    pub rows: Wanted,
}

/// The rows that a statement is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Rows by the sample's numbers, from 1 on.
    pub keys: Vec<u64>,
    /// Those of them that a cache did not have.
    pub missing: Vec<u64>,
    /// Whether the statement is about those that are missing.
    pub fetching: bool,
    /// What each row costs, in rows: a row of friendships is as long as there are friends.
    pub weight: u32,
    /// Whether the last statement had an answer.
    pub answered: bool,
    /// The cache that has answered with a row as it was, not as it is.
    pub outdated: Option<NodeId>,
}

impl Job {
    pub(crate) fn new(owner: Handle, task: Task, user: User, copy: u32) -> Self {
        Self {
            owner,
            task,
            user,
            copy,
            rows: Wanted::default(),
        }
    }

    /// Whether a write is a push: only into lists that are there.
    pub(crate) const fn pushes(&self) -> bool {
        matches!(self.task, Task::FanOut(_) | Task::Part { fan_out: true })
    }
}

impl Wanted {
    /// The rows of the statement under way.
    pub(crate) fn now(&self) -> &[u64] {
        if self.fetching {
            &self.missing
        } else {
            &self.keys
        }
    }

    /// The next statement is about these rows.
    pub(crate) fn ask(&mut self, keys: impl Iterator<Item = u64>, weight: u32) {
        self.keys.clear();
        self.keys.extend(keys);
        self.missing.clear();
        (self.fetching, self.answered, self.outdated) = (false, false, None);
        self.weight = weight.max(1);
    }
}

/// Jobs by handle.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jobs {
    slots: Vec<(u32, Option<Box<Job>>)>,
    free: Vec<u32>,
    /// Where the search for orphans goes on.
    hand: usize,
}

impl Jobs {
    pub(crate) fn add(&mut self, job: Job) -> Handle {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push((0, None));
            self.slots.len() as u32 - 1
        });
        let slot = &mut self.slots[index as usize];
        // Never 0, the number of a handle to nothing.
        slot.0 = slot.0.wrapping_add(1).max(1);
        slot.1 = Some(Box::new(job));
        Handle::new(index, slot.0)
    }

    pub(crate) fn get(&self, handle: Handle) -> Option<&Job> {
        let (generation, job) = self.slots.get(handle.index() as usize)?;
        job.as_deref()
            .filter(|_| *generation == handle.generation())
    }

    pub(crate) fn get_mut(&mut self, handle: Handle) -> Option<&mut Job> {
        let (generation, job) = self.slots.get_mut(handle.index() as usize)?;
        let same = *generation == handle.generation();
        job.as_deref_mut().filter(|_| same)
    }

    /// Takes a job out to work on it; its handle stays good for [`Jobs::put_back`].
    pub(crate) fn take(&mut self, handle: Handle) -> Option<Box<Job>> {
        self.get(handle)?;
        self.slots.get_mut(handle.index() as usize)?.1.take()
    }

    pub(crate) fn put_back(&mut self, handle: Handle, job: Box<Job>) {
        if let Some(slot) = self.slots.get_mut(handle.index() as usize) {
            slot.1 = Some(job);
        }
    }

    pub(crate) fn remove(&mut self, handle: Handle) -> Option<Box<Job>> {
        self.get(handle)?;
        let job = self.slots.get_mut(handle.index() as usize)?.1.take();
        self.free.push(handle.index());
        job
    }

    /// Looks at the next job in turn: one whose call was lost with its machine is nobody's.
    pub(crate) fn orphan(&mut self, lives: impl Fn(Handle) -> bool) -> Option<Box<Job>> {
        if self.slots.is_empty() {
            return None;
        }
        self.hand = (self.hand + 1) % self.slots.len();
        let (generation, job) = self.slots.get(self.hand)?;
        let orphan = job.as_ref().is_some_and(|job| !lives(job.owner));
        let handle = Handle::new(self.hand as u32, *generation);
        if orphan { self.remove(handle) } else { None }
    }
}
