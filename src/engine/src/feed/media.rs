//! Pictures and films of posts: which posts have one, what a reader is to fetch and an author brings.
//!
//! What is kept where, and how long bytes take, is the components' business.

use archplay_feed::{Media, MediaKind, PostId, Story};
use archplay_kernel::{Handle, mix, unit_of};

use super::{FeedPlan, FeedState, Job, Task};
use crate::core::Core;
use crate::plant::{Ask, AskId};

/// Purpose of the draws.
const MEDIA: u64 = 0x006d_6564_6961;
/// The most pages whose media are remembered: those of readers who have gone are only dropped by this.
const MOST_SHOWN: usize = 100_000;

/// Whether the post of a request has a picture or film: the same however often it is made.
fn has_media(plan: &FeedPlan, origin: u64) -> bool {
    plan.has_media() && unit_of(mix(origin, MEDIA)) < plan.given.media_share
}

/// What the post of a request says, as far as it matters.
pub(super) fn story(plan: &FeedPlan, origin: u64) -> Story {
    let media = has_media(plan, origin).then_some(Media {
        kind: MediaKind::Photo,
        bytes: plan.media_bytes,
    });
    Story {
        text_bytes: 0,
        media: media.into_iter().collect(),
    }
}

impl FeedState {
    /// A page has been made for a request: its reader will want the media on it.
    pub(crate) fn show(&mut self, origin: u64, posts: &[PostId]) {
        let table = self.feed.posts();
        let with = posts.iter().filter(|post| !table.media(**post).is_empty());
        let rows: Vec<u64> = with.map(|post| u64::from(post.0) + 1).collect();
        if self.shown.len() >= MOST_SHOWN {
            self.shown.pop_first();
        }
        if rows.is_empty() {
            self.shown.remove(&origin);
        } else {
            self.shown.insert(origin, rows);
        }
    }
}

impl Core {
    /// Whether there is anything to ask for in a leg of a request; always for other than media.
    pub(crate) fn has_leg(&self, ask: AskId, origin: u64) -> bool {
        let (Some(plan), Some(state)) = (&self.plant.feed, &self.feed) else {
            return true;
        };
        match self.plant.asks[ask as usize] {
            Ask::Media { upload: true, .. } => has_media(plan, origin),
            Ask::Media { .. } => state.shown.contains_key(&origin),
            _ => true,
        }
    }

    /// The visitor's call for media gets what it is about. Nothing for other calls.
    #[cold]
    pub(crate) fn begin_media(&mut self, handle: Handle) {
        let Some(call) = self.calls.get(handle).copied() else {
            return;
        };
        let Ask::Media { upload, .. } = self.plant.asks[call.ask as usize] else {
            return;
        };
        let Some(state) = &mut self.feed else { return };
        let who = state.who(call.origin, call.person);
        let mut job = Job::new(handle, Task::Media, who.user, who.copy);
        if upload {
            // Its post is not there yet: a row that no reader knows.
            let row = mix(call.origin, MEDIA) >> 17 | 1 << 46;
            job.rows.ask(std::iter::once(row), 1);
        } else if let Some(rows) = state.shown.get(&call.origin) {
            job.rows.ask(rows.iter().copied(), 1);
        }
        let added = state.jobs.add(job);
        // As elsewhere each new one looks at one old one.
        let calls = &self.calls;
        state.jobs.orphan(|owner| calls.get(owner).is_some());
        if let Some(call) = self.call(handle) {
            call.feed = added;
        }
    }

    /// An attempt has ended: nobody fetches what its page showed any more.
    #[cold]
    pub(crate) fn forget_media(&mut self, origin: u64) {
        if let Some(state) = &mut self.feed {
            state.shown.remove(&origin);
        }
    }

    /// The media that a call is about, by their rows.
    pub(crate) fn media_rows(&self, handle: Handle) -> &[u64] {
        let call = self.calls.get(handle);
        let job = call.and_then(|call| self.feed.as_ref()?.jobs.get(call.feed));
        job.map_or(&[], |job| job.rows.now())
    }

    /// The bytes of all media that a call is about.
    pub(crate) fn media_bytes(&self, handle: Handle) -> u64 {
        let call = self.calls.get(handle);
        let job = call.and_then(|call| self.feed.as_ref()?.jobs.get(call.feed));
        self.media_size(job.map_or(0, |job| job.rows.keys.len()))
    }

    /// The bytes of so many.
    pub(crate) fn media_size(&self, count: usize) -> u64 {
        let plan = self.plant.feed.as_ref();
        plan.map_or(0, |plan| count as u64 * u64::from(plan.media_bytes))
    }

    /// From now on a call is about those media only that were not found.
    pub(crate) fn media_missing(&mut self, handle: Handle, missing: Vec<u64>) {
        let Some(call) = self.calls.get(handle) else {
            return;
        };
        let feed = call.feed;
        if let Some(state) = &mut self.feed
            && let Some(job) = state.jobs.get_mut(feed)
        {
            job.rows.missing = missing;
            job.rows.fetching = true;
        }
    }

    /// The media of the posts that are there when the run begins, and how many real ones each stands for.
    #[cold]
    pub(crate) fn warm_media(&self) -> (Vec<u64>, f64) {
        let (Some(plan), Some(state)) = (&self.plant.feed, &self.feed) else {
            return (Vec::new(), 1.0);
        };
        let posts = state.feed.posts();
        let all = if plan.has_media() && plan.given.warm_days > 0.0 {
            posts.count()
        } else {
            0
        };
        let with = (0..all).filter(|post| !posts.media(PostId(*post)).is_empty());
        let rows = with.map(|post| u64::from(post) + 1).collect();
        (rows, state.scale.factor())
    }
}
