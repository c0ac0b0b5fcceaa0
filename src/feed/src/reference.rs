//! The feed by definition, and what a page is worth beside it.
//!
//! Nothing here uses feed lists, outboxes or rules: only the posts table, the graph and the definition.

use crate::{Cursor, Feed, Page, PostId, ReadPlan, User};

/// The feed by definition: of all posts below the cursor, newest first, the first `n` that are not deleted
/// and whose author is the reader or a friend, with no block between them.
///
/// Looks at every post until the page is full: for samples and tests.
#[must_use]
pub fn page(feed: &Feed, reader: User, cursor: Cursor, n: u32) -> Vec<PostId> {
    let mut seen = Vec::new();
    feed.graph().seen_by(reader, &mut seen);
    let posts = feed.posts();
    let newest = cursor.before().0.min(posts.count());
    let visible = |post: &PostId| {
        posts.is_live(*post)
            && posts
                .author(*post)
                .is_some_and(|author| author == reader || seen.binary_search(&author).is_ok())
    };
    (0..newest)
        .rev()
        .map(PostId)
        .filter(visible)
        .take(n as usize)
        .collect()
}

/// What is wrong with a page. All zeros is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Missing posts that are still on their way into the reader's list: staleness.
    pub late: u32,
    /// Missing posts because the reader's row of the graph came from a cache that is behind, or has changed while the
    /// page was made: staleness.
    pub behind: u32,
    /// Missing posts that nobody will bring: an error.
    pub lost: u32,
    /// Missing posts of the reader's own, however they got lost; counted in one of the others as well.
    pub own: u32,
    /// Posts on the page that should not be there: deleted, or by somebody who is no friend or blocked.
    pub ghosts: u32,
    /// Posts on the page that have ceased to be right while it was made: staleness.
    pub outdated: u32,
    /// Posts that are not older than the one above them.
    pub disorder: u32,
    /// Posts that are on the page twice or more.
    pub twice: u32,
    /// The age of the newest missing post, in nanoseconds.
    pub newest_missing_ns: Option<u64>,
    /// The age of the oldest missing post, in nanoseconds: how stale the page is.
    pub oldest_missing_ns: Option<u64>,
}

impl Verdict {
    /// How many posts are missing in the stretch of time that the page covers.
    #[must_use]
    pub const fn missing(&self) -> u32 {
        self.late + self.behind + self.lost
    }

    /// Whether the page is what the definition gives.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        *self == Self::default()
    }

    /// Whether something is wrong that waiting does not mend. A ghost counts, since it has been seen.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        self.lost + self.ghosts + self.disorder + self.twice > 0
    }
}

/// Compares a page with the definition, on the stretch that it covers: from its cursor to its last post,
/// or to the end of the feed if it is not full. `now_ns` is when it was read.
#[must_use]
pub fn judge(feed: &Feed, plan: &ReadPlan, got: &Page, now_ns: u64) -> Verdict {
    judge_with(feed, plan, got, now_ns, &|_| false)
}

/// The same of a page that has taken time to make: `in_flux` tells of posts which were made, or whose place in this
/// feed has changed, since that began. What is wrong with those is staleness.
#[must_use]
pub fn judge_with(
    feed: &Feed,
    plan: &ReadPlan,
    got: &Page,
    now_ns: u64,
    in_flux: &dyn Fn(PostId) -> bool,
) -> Verdict {
    let mut verdict = Verdict::default();
    let posts = feed.posts();
    let on_page = sorted(&got.posts);
    verdict.twice = on_page.windows(2).filter(|two| two[0] == two[1]).count() as u32;
    verdict.disorder = got.posts.windows(2).filter(|two| two[0] < two[1]).count() as u32;
    let sees = |post: PostId| {
        posts.is_live(post)
            && post < plan.cursor.before()
            && posts
                .author(post)
                .is_some_and(|author| feed.graph().sees(plan.reader, author))
    };
    let unseen = on_page.iter().filter(|post| !sees(**post));
    for post in unseen {
        if in_flux(*post) {
            verdict.outdated += 1;
        } else {
            verdict.ghosts += 1;
        }
    }
    let full = plan.n > 0 && got.posts.len() >= plan.n as usize;
    let last = on_page.first().copied().filter(|_| full);
    for post in page(feed, plan.reader, plan.cursor, plan.n) {
        if last.is_some_and(|last| post < last) {
            break;
        }
        if on_page.binary_search(&post).is_ok() {
            continue;
        }
        let Some(author) = posts.author(post) else {
            continue;
        };
        let own = author == plan.reader;
        verdict.own += u32::from(own);
        if !own && plan.seen.binary_search(&author).is_err() {
            verdict.behind += 1;
        } else if feed.is_on_its_way(post, plan.reader) {
            verdict.late += 1;
        } else if !own && in_flux(post) {
            verdict.behind += 1;
        } else {
            verdict.lost += 1;
        }
        let age = posts
            .created_ns(post)
            .map(|created| now_ns.saturating_sub(created));
        verdict.newest_missing_ns = verdict.newest_missing_ns.or(age);
        verdict.oldest_missing_ns = age;
    }
    verdict
}

fn sorted(posts: &[PostId]) -> Vec<PostId> {
    let mut sorted = posts.to_vec();
    sorted.sort_unstable();
    sorted
}
