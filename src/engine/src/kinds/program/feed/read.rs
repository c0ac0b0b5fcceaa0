//! A page is read: what each of its steps wants and finds.

use archplay_feed::{Cursor, ListUse, Page, reference};
use archplay_kernel::Handle;

use super::{At, add, row};
use crate::core::Core;
use crate::feed::{FeedPlan, FeedState, Job, Reading, Task, Wanted};
use crate::plant::{FeedStep, NodeId};

pub(super) fn begin_read(
    core: &mut Core,
    handle: Handle,
    plan: &FeedPlan,
    (node, page): (NodeId, u32),
) -> Option<f64> {
    let now = core.now;
    let call = core.calls.get(handle)?;
    let (origin, person) = (call.origin, call.person);
    let state = core.feed.as_ref()?;
    let who = state.who(origin, person);
    let n = plan.given.page_posts;
    let host = plan.hosts[node as usize];
    let by_offset = host.by_offset;
    let (from, skip) = state.place_by_hand(origin, by_offset).unwrap_or_else(|| {
        let place = if page == 0 {
            None
        } else {
            state.place(person, now)
        };
        let skip = match place {
            Some(_) if by_offset => page.saturating_mul(n),
            _ => 0,
        };
        (place.map_or(Cursor::NEWEST, Cursor::after), skip)
    });
    let cursor = if skip > 0 { Cursor::NEWEST } else { from };
    let n = n.saturating_add(skip);
    let mut read = state.feed.plan_read(who.user, cursor, n);
    if host.trusts && read.list == ListUse::Lost {
        // A push has found no list; to this reader there is one, and it is empty.
        read = state.feed.plan_as_if_empty(read);
    }
    let friends = read.seen.len() as u32;
    let reading = Reading {
        plan: read,
        page: Page::default(),
        began_ns: now,
        from,
        skip,
        by_offset,
        lookups: 0,
        lost: false,
    };
    let mut job = Job::new(handle, Task::Read(Box::new(reading)), who.user, who.copy);
    job.rows.ask(std::iter::once(row(who.user.0)), friends);
    add(core, handle, job);
    Some(0.0)
}

/// Takes a step of a page; tells how much work of the processor it is, in nanoseconds.
pub(super) fn step(
    state: &mut FeedState,
    plan: &FeedPlan,
    at: &At,
    (reading, rows): (&mut Reading, &mut Wanted),
) -> f64 {
    match at.step {
        FeedStep::AskList => {
            if let Some(seen) = rows
                .outdated
                .and_then(|node| state.seen_before(node, at.user))
            {
                // What the cache says of friendships is older than what is so.
                let (cursor, n) = (reading.plan.cursor, reading.plan.n);
                let seen = seen.clone();
                let plan = state.feed.plan_read_with(at.user, cursor, n, seen);
                reading.plan = match at.host.trusts {
                    true => state.feed.plan_as_if_empty(plan),
                    false => plan,
                };
            }
            let wanted = matches!(reading.plan.list, ListUse::Read { .. });
            reading.lookups += u32::from(wanted);
            rows.ask(wanted.then_some(row(at.user.0)).into_iter(), 1);
            0.0
        }
        FeedStep::AskOutboxes => {
            ask_outboxes(state, at, reading, rows);
            0.0
        }
        FeedStep::MakePage { cpu_ns } => {
            let posts = state.feed.posts();
            let live = &mut |post| posts.is_live(post) || state.has_still(post);
            reading.page = state.feed.finish_read(&reading.plan, live);
            // At once: what is late now may have come when the page is shown.
            if state.judges(at.origin) {
                let verdict = judge(state, reading, at.now);
                state.tally.judged(at.in_focus, &verdict);
            }
            if state.is_by_hand(at.origin) {
                let missing = judge(state, reading, at.now).missing();
                state.read_by_hand(at.origin, reading, missing);
            }
            f64::from(reading.lookups + reading.page.work.entries) * cpu_ns
        }
        FeedStep::AskMore { cpu_ns } => {
            let planned = reading.plan.outboxes.len().saturating_sub(1) as u32;
            let more = reading.page.work.outboxes > planned;
            let seen = if more {
                reading.plan.seen.as_slice()
            } else {
                &[]
            };
            reading.lookups += seen.len() as u32;
            rows.ask(seen.iter().map(|user| row(user.0)), 1);
            seen.len() as f64 * cpu_ns
        }
        FeedStep::AskPosts => {
            ask_posts(state, plan, at, (reading, rows));
            0.0
        }
        FeedStep::AskProfiles => {
            let posts = state.feed.posts();
            let authors = reading.page.posts.iter().filter_map(|p| posts.author(*p));
            rows.ask(authors.map(|user| row(user.0)), 1);
            rows.keys.sort_unstable();
            rows.keys.dedup();
            0.0
        }
        FeedStep::Rebuild => {
            let wanted = reading.lost && (at.host.rebuilds || at.host.trusts);
            rows.ask(wanted.then_some(row(at.user.0)).into_iter(), 1);
            0.0
        }
        FeedStep::EndRead => {
            let written = rows.answered && !rows.keys.is_empty();
            if written && at.host.trusts {
                // An empty list is where none was; what was pushed until now went nowhere.
                if state.feed.lists().is_lost(at.user) {
                    state.feed.take_for_empty(at.user);
                }
            } else if written {
                state.feed.rebuild(at.user);
                state.tally.rebuilt(at.in_focus);
            }
            if plan.has_media() {
                state.show(at.origin, &reading.page.posts);
            }
            0.0
        }
        _ => 0.0,
    }
}

/// The own posts of whom the list does not have, or of all if there is no list.
fn ask_outboxes(state: &mut FeedState, at: &At, reading: &mut Reading, rows: &mut Wanted) {
    let wanted = matches!(reading.plan.list, ListUse::Read { .. });
    if wanted && (!rows.answered || !rows.missing.is_empty()) {
        // It is not where it was, or nobody can be asked for it.
        reading.lost = true;
        if rows.answered {
            state.lose_list(at.user, at.in_focus);
        }
        if at.host.trusts {
            // As if nothing had been in it: nobody is asked instead.
            reading.plan.list = ListUse::Unused;
        } else {
            let seen = std::mem::take(&mut reading.plan.seen);
            let (cursor, n) = (reading.plan.cursor, reading.plan.n);
            reading.plan = state.feed.plan_without_list(at.user, cursor, n, seen);
        }
    }
    reading.lost |= reading.plan.list == ListUse::Lost;
    reading.lookups += reading.plan.outboxes.len() as u32;
    let wanted = reading.plan.outboxes.iter();
    rows.ask(wanted.map(|user| row(user.0)), 1);
}

/// The posts that the page shows; the visitor has read up to the last of them.
fn ask_posts(
    state: &mut FeedState,
    plan: &FeedPlan,
    at: &At,
    (reading, rows): (&mut Reading, &mut Wanted),
) {
    state.tally.read(at.in_focus, reading.lookups);
    let skip = (reading.skip as usize).min(reading.page.posts.len());
    reading.page.posts = reading.page.posts.split_off(skip);
    if plan.goes_on
        && let Some(last) = reading.page.posts.last()
    {
        state.keep_place(at.person, at.now, *last);
    }
    // A list of bodies has them already.
    let listed = matches!(reading.plan.list, ListUse::Read { .. });
    let wanted = !(listed && plan.bodies);
    let posts = reading.page.posts.iter().map(|post| row(post.0));
    rows.ask(posts.filter(|_| wanted), 1);
}

/// What the page is worth beside the definition. With an offset, posts that were on an earlier page come twice.
fn judge(state: &FeedState, reading: &Reading, now: u64) -> reference::Verdict {
    let feed = &state.feed;
    let flux = |post| state.changes() && state.in_flux(post, reading.began_ns);
    if reading.skip == 0 {
        return reference::judge_with(feed, &reading.plan, &reading.page, now, &flux);
    }
    let skip = reading.skip as usize;
    let shown = reading.page.posts.iter().skip(skip);
    let (new, again): (Vec<_>, Vec<_>) = shown
        .copied()
        .partition(|post| *post < reading.from.before());
    let plan = archplay_feed::ReadPlan {
        cursor: reading.from,
        n: new.len() as u32,
        ..reading.plan.clone()
    };
    let page = Page {
        posts: new,
        ..Page::default()
    };
    let mut verdict = reference::judge_with(feed, &plan, &page, now, &flux);
    verdict.twice += again.len() as u32;
    verdict
}
