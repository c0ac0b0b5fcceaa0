//! Steps of a program that read and write the news feed: which rows are wanted next, what the answers mean.

use std::rc::Rc;

use archplay_feed::{Cursor, ListUse, Page, User, reference};
use archplay_kernel::Handle;
use archplay_report::Reason;

use super::{FORKED, Host, fail};
use crate::core::{Core, Outcome, Waiter};
use crate::feed::{Fan, FeedPlan, Job, Reading, Task, way_index};
use crate::plant::{AskId, FeedStep, NodeId, Plant, RouteId, Step, Way, cache_tier, dataset_of};

/// Rows of users and posts are numbered from 1.
const fn row(number: u32) -> u64 {
    number as u64 + 1
}

/// Takes a step; tells how much work of the processor it is, in nanoseconds. `None` if there is no feed.
pub(super) fn step(core: &mut Core, handle: Handle, node: NodeId, step: FeedStep) -> Option<f64> {
    let plant = Rc::clone(&core.plant);
    let plan = plant.feed.as_ref()?;
    match step {
        FeedStep::BeginRead { page } => begin_read(core, handle, plan, (node, page)),
        FeedStep::BeginFanOut { skip } => begin_fan_out(core, handle, plan, skip),
        _ => {
            let mut jump = 0;
            let now = core.now;
            let in_focus = core.stats.in_focus(now);
            let call = core.calls.get(handle)?;
            let (origin, person, waiter) = (call.origin, call.person, call.waiter);
            let state = core.feed.as_mut()?;
            // Out of the way of the rest of the state while it is worked on.
            let mut job = state.jobs.take(call.feed)?;
            let host = plan.hosts[node as usize];
            let user = job.user;
            let Job { task, rows, .. } = &mut *job;
            let work = match (step, task) {
                (FeedStep::AskList, Task::Read(reading)) => {
                    let wanted = matches!(reading.plan.list, ListUse::Read { .. });
                    reading.lookups += u32::from(wanted);
                    rows.ask(wanted.then_some(row(user.0)).into_iter(), 1);
                    0.0
                }
                (FeedStep::AskOutboxes, Task::Read(reading)) => {
                    let wanted = matches!(reading.plan.list, ListUse::Read { .. });
                    if wanted && (!rows.answered || !rows.missing.is_empty()) {
                        // It is not where it was, or nobody can be asked for it.
                        reading.lost = true;
                        if rows.answered {
                            state.lose_list(user, in_focus);
                        }
                        let seen = std::mem::take(&mut reading.plan.seen);
                        let (cursor, n) = (reading.plan.cursor, reading.plan.n);
                        reading.plan = state.feed.plan_without_list(user, cursor, n, seen);
                    }
                    reading.lost |= reading.plan.list == ListUse::Lost;
                    reading.lookups += reading.plan.outboxes.len() as u32;
                    let wanted = reading.plan.outboxes.iter();
                    rows.ask(wanted.map(|user| row(user.0)), 1);
                    0.0
                }
                (FeedStep::MakePage { cpu_ns }, Task::Read(reading)) => {
                    let posts = state.feed.posts();
                    let live = &mut |post| posts.is_live(post);
                    reading.page = state.feed.finish_read(&reading.plan, live);
                    // At once: what is late now may have come when the page is shown.
                    if state.judges(origin) {
                        let verdict = judge(&state.feed, reading, now);
                        state.tally.judged(in_focus, &verdict);
                    }
                    f64::from(reading.lookups + reading.page.work.entries) * cpu_ns
                }
                (FeedStep::AskMore { cpu_ns }, Task::Read(reading)) => {
                    let planned = reading.plan.outboxes.len().saturating_sub(1) as u32;
                    let more = reading.page.work.outboxes > planned;
                    let seen = if more {
                        reading.plan.seen.as_slice()
                    } else {
                        &[]
                    };
                    reading.lookups += seen.len() as u32;
                    let work = seen.len() as f64 * cpu_ns;
                    rows.ask(seen.iter().map(|user| row(user.0)), 1);
                    work
                }
                (FeedStep::AskPosts, Task::Read(reading)) => {
                    state.tally.read(in_focus, reading.lookups);
                    let skip = reading.skip as usize;
                    let shown = reading
                        .page
                        .posts
                        .split_off(skip.min(reading.page.posts.len()));
                    reading.page.posts = shown;
                    if plan.goes_on
                        && let Some(last) = reading.page.posts.last()
                    {
                        state.keep_place(person, now, *last);
                    }
                    // A list of bodies has them already.
                    let listed = matches!(reading.plan.list, ListUse::Read { .. });
                    let wanted = !(listed && plan.bodies);
                    let posts = reading.page.posts.iter().map(|post| row(post.0));
                    rows.ask(posts.filter(|_| wanted), 1);
                    0.0
                }
                (FeedStep::AskProfiles, Task::Read(reading)) => {
                    let posts = state.feed.posts();
                    let authors = reading.page.posts.iter().filter_map(|p| posts.author(*p));
                    rows.ask(authors.map(|user| row(user.0)), 1);
                    rows.keys.sort_unstable();
                    rows.keys.dedup();
                    0.0
                }
                (FeedStep::Rebuild, Task::Read(reading)) => {
                    let wanted = reading.lost && host.rebuilds;
                    rows.ask(wanted.then_some(row(user.0)).into_iter(), 1);
                    0.0
                }
                (FeedStep::EndRead, Task::Read(_)) => {
                    if rows.answered && !rows.keys.is_empty() {
                        state.feed.rebuild(user);
                        state.tally.rebuilt(in_focus);
                    }
                    0.0
                }
                (FeedStep::Divide { cpu_ns }, Task::FanOut(fan)) => {
                    let mut recipients = std::mem::take(&mut fan.recipients);
                    state.feed.audience(user, &mut recipients);
                    if let Some(post) = fan.post {
                        fan.batches = state.feed.fan_out(post, host.batch);
                    }
                    fan.comes_again = matches!(waiter, Waiter::Node { .. });
                    fan.recipients = recipients;
                    fan.done = 0;
                    fan.recipients.len() as f64 * cpu_ns
                }
                (FeedStep::NextBatch { skip }, Task::FanOut(fan)) => {
                    let rest = fan.recipients.get(fan.done..).unwrap_or(&[]);
                    let size = rest.len().min(host.batch as usize);
                    rows.ask(rest[..size].iter().map(|user| row(user.0)), 1);
                    if size == 0 {
                        jump = i64::from(skip);
                    }
                    0.0
                }
                (FeedStep::Delivered { back }, Task::FanOut(fan)) => {
                    let place = fan.done / host.batch.max(1) as usize;
                    if let Some(batch) = fan.batches.get(place).copied() {
                        state.feed.deliver(&batch, now);
                    }
                    let end = fan.recipients.len().min(fan.done + host.batch as usize);
                    let pushed = &fan.recipients[fan.done.min(end)..end];
                    let people = state.feed.people();
                    let sleeps = |user: &&User| people.views_per_day(**user) <= 0.0;
                    let wasted = pushed.iter().filter(sleeps).count() as u64;
                    let age = now.saturating_sub(fan.created_ns);
                    state
                        .tally
                        .pushed(in_focus, pushed.len() as u64, wasted, age);
                    fan.done = end;
                    jump = -i64::from(back);
                    0.0
                }
                (FeedStep::EndFanOut, Task::FanOut(fan)) => {
                    state.delivered(fan.origin);
                    0.0
                }
                _ => 0.0,
            };
            let ended = matches!(step, FeedStep::EndRead | FeedStep::EndFanOut);
            let feed = core.calls.get(handle)?.feed;
            if let Some(state) = &mut core.feed {
                state.jobs.put_back(feed, job);
                if ended {
                    state.jobs.remove(feed);
                }
            }
            if let Some(call) = core.call(handle) {
                call.pc = (i64::from(call.pc) + jump) as u32;
                if ended {
                    call.feed = Handle::NONE;
                }
            }
            Some(work)
        }
    }
}

fn add(core: &mut Core, handle: Handle, job: Job) {
    leave(core, handle, Ok(()));
    let in_focus = core.stats.in_focus(core.now);
    let Some(state) = &mut core.feed else { return };
    let added = state.jobs.add(job);
    // Machines that died have left jobs behind; each new one looks at one old one.
    let calls = &core.calls;
    if let Some(job) = state.jobs.orphan(|owner| calls.get(owner).is_some())
        && let Task::FanOut(fan) = job.task
        && !fan.comes_again
    {
        state.gave_up(fan.origin, in_focus);
    }
    if let Some(call) = core.call(handle) {
        call.feed = added;
    }
}

fn begin_read(
    core: &mut Core,
    handle: Handle,
    plan: &FeedPlan,
    (node, page): (NodeId, u32),
) -> Option<f64> {
    let now = core.now;
    let call = core.calls.get(handle)?;
    let person = call.person;
    let state = core.feed.as_ref()?;
    let who = state.who(person);
    let n = plan.given.page_posts;
    let place = if page == 0 {
        None
    } else {
        state.place(person, now)
    };
    let from = place.map_or(Cursor::NEWEST, Cursor::after);
    let skip = match place {
        Some(_) if plan.hosts[node as usize].by_offset => page.saturating_mul(n),
        _ => 0,
    };
    let cursor = if skip > 0 { Cursor::NEWEST } else { from };
    let read = state
        .feed
        .plan_read(who.user, cursor, n.saturating_add(skip));
    let friends = read.seen.len() as u32;
    let reading = Reading {
        plan: read,
        page: Page::default(),
        from,
        skip,
        lookups: 0,
        lost: false,
    };
    let mut job = Job::new(handle, Task::Read(Box::new(reading)), who.user, who.copy);
    job.rows.ask(std::iter::once(row(who.user.0)), friends);
    add(core, handle, job);
    Some(0.0)
}

fn begin_fan_out(core: &mut Core, handle: Handle, plan: &FeedPlan, skip: u32) -> Option<f64> {
    if !plan.rule.pushes_at_all() {
        let call = core.call(handle)?;
        call.pc += skip;
        return Some(0.0);
    }
    let now = core.now;
    let call = core.calls.get(handle)?;
    let (origin, person) = (call.origin, call.person);
    let state = core.feed.as_mut()?;
    let posted = state.store(plan, origin, person, now);
    let friends = state.feed.graph().degree(posted.author);
    let fan = Fan {
        origin,
        post: posted.post,
        created_ns: posted.created_ns,
        recipients: Vec::new(),
        batches: Vec::new(),
        done: 0,
        comes_again: matches!(call.waiter, Waiter::Node { .. }),
    };
    let task = Task::FanOut(Box::new(fan));
    let mut job = Job::new(handle, task, posted.author, posted.copy);
    job.rows.ask(std::iter::once(row(posted.author.0)), friends);
    add(core, handle, job);
    Some(0.0)
}

/// What the page is worth beside the definition. With an offset, posts that were on an earlier page come twice.
fn judge(feed: &archplay_feed::Feed, reading: &Reading, now: u64) -> reference::Verdict {
    if reading.skip == 0 {
        return reference::judge(feed, &reading.plan, &reading.page, now);
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
    let mut verdict = reference::judge(feed, &plan, &page, now);
    verdict.twice += again.len() as u32;
    verdict
}

/// A call ends, or leaves what it does with the feed.
pub(super) fn leave(core: &mut Core, handle: Handle, result: Outcome) {
    let in_focus = core.stats.in_focus(core.now);
    let Some(call) = core.calls.get_mut(handle) else {
        return;
    };
    let feed = std::mem::replace(&mut call.feed, Handle::NONE);
    if feed == Handle::NONE {
        return;
    }
    let Some(state) = &mut core.feed else { return };
    let job = match state.jobs.get(feed) {
        Some(job) if job.owner == handle => state.jobs.remove(feed),
        _ => None,
    };
    if let Some(job) = job
        && let Task::FanOut(fan) = job.task
        && result.is_err()
        && !fan.comes_again
    {
        state.gave_up(fan.origin, in_focus);
    }
}

/// Asks for the rows that are wanted now: in one go, or side by side where they lie in several places. `true` if
/// the next step asks, `false` if branches do, or nothing is wanted, or nobody can be asked.
pub(super) fn gather<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    (route, ask): (RouteId, AskId),
) -> bool {
    let plant = Rc::clone(&core.plant);
    let Some(call) = core.calls.get(handle) else {
        return false;
    };
    let (feed, unit, at) = (call.feed, call.unit, call.pc - 1);
    let wanted = core
        .feed
        .as_ref()
        .and_then(|state| state.jobs.get(feed))
        .is_some_and(|job| !job.rows.keys.is_empty());
    if !wanted {
        if let Some(call) = core.call(handle) {
            call.pc = at + 3;
            call.stage = super::NOTHING;
        }
        return false;
    }
    if route == crate::plant::NOBODY {
        let node = host.node();
        fail(host, core, handle, Reason::NoRoute, node);
        return false;
    }
    let parts = parts(core, &plant, feed, (route, ask));
    if parts.len() < 2 {
        return true;
    }
    if let Some(call) = core.call(handle) {
        call.stage = FORKED;
        let count = parts.len().min(usize::from(u16::MAX)) as u16;
        (call.pending, call.need, call.share) = (count, count, count);
    }
    let way = Way {
        link: crate::plant::NOBODY,
        node: host.node(),
        until: 1.0,
    };
    for part in parts {
        let Some(mut call) = core.child(handle, plant.branch, way.node) else {
            continue;
        };
        (call.pc, call.end) = (at + 1, at + 2);
        call.transaction = Handle::NONE;
        call.feed = Handle::NONE;
        let sent = core.send(call, way, unit);
        let mut part = part;
        part.owner = sent;
        if let Some(state) = &mut core.feed {
            let added = state.jobs.add(part);
            if let Some(call) = core.call(sent) {
                call.feed = added;
            }
        }
    }
    false
}

/// The wanted rows by where they lie: in which cache, and in which store behind it. Empty or one if all lie
/// together.
fn parts(core: &Core, plant: &Plant, feed: Handle, (route, ask): (RouteId, AskId)) -> Vec<Job> {
    let (Some(state), Some(dataset)) = (&core.feed, dataset_of(plant, ask)) else {
        return Vec::new();
    };
    let Some(job) = state.jobs.get(feed) else {
        return Vec::new();
    };
    let next = plant.routes[route as usize].next;
    let many = |route: RouteId| plant.ways(route).len() > 1;
    if job.rows.keys.len() < 2 || !(many(route) || many(next)) {
        return Vec::new();
    }
    let cached = cache_tier(plant, route);
    let place = |key: u64| {
        let whole = core.row_of_whole(dataset, key, job.copy);
        let first = if cached { key } else { whole };
        (
            way_index(plant, route, dataset, first),
            way_index(plant, next, dataset, whole),
        )
    };
    let mut placed: Vec<((u64, u64), u64)> = job
        .rows
        .keys
        .iter()
        .map(|key| (place(*key), *key))
        .collect();
    // In the order of the places, and within one as they were.
    placed.sort_by_key(|(place, _)| *place);
    let mut parts: Vec<Job> = Vec::new();
    for chunk in placed.chunk_by(|a, b| a.0 == b.0) {
        let fan_out = job.pushes();
        let task = Task::Part { fan_out };
        let mut part = Job::new(Handle::NONE, task, job.user, job.copy);
        part.rows
            .ask(chunk.iter().map(|(_, key)| *key), job.rows.weight);
        parts.push(part);
    }
    parts
}

/// Whether a step asks for rows of the feed: the statement of a [`Step::Gather`].
pub(super) fn is_feed_ask(plant: &Plant, pc: u32) -> bool {
    pc >= 2 && matches!(plant.steps[pc as usize - 2], Step::Gather { .. })
}

/// The row by which a statement finds its way: the first it is about, as the sample or as the whole has it.
pub(super) fn first_row(core: &Core, handle: Handle, cached: bool) -> u64 {
    if cached {
        let key = core.calls.get(handle).and_then(|call| {
            let job = core.feed.as_ref()?.jobs.get(call.feed)?;
            job.rows.now().first().copied()
        });
        return key.unwrap_or(1);
    }
    let call = core.calls.get(handle);
    let ask = call.and_then(|call| match core.plant.steps[call.pc as usize - 1] {
        Step::Ask { ask, .. } => Some(ask),
        _ => None,
    });
    let row = ask.and_then(|ask| {
        let call = core.calls.get(handle)?;
        let job = core.feed.as_ref()?.jobs.get(call.feed)?;
        let dataset = dataset_of(&core.plant, ask)?;
        Some(core.row_of_whole(dataset, *job.rows.now().first()?, job.copy))
    });
    row.unwrap_or(1)
}

/// A cache has answered that it does not have all rows: the next statement is about those that it has not.
pub(super) fn missed(core: &mut Core, handle: Handle) {
    if let Some(job) = job_of(core, handle) {
        let rows = &mut job.rows;
        if rows.missing.is_empty() {
            rows.missing.clone_from(&rows.keys);
        }
        rows.fetching = true;
    }
}

/// A statement begins.
pub(super) fn asks(core: &mut Core, handle: Handle) {
    if let Some(job) = job_of(core, handle) {
        job.rows.missing.clear();
        (job.rows.fetching, job.rows.answered) = (false, false);
    }
}

/// A statement has its answer. Lists that were to be written and are not there are lost.
pub(super) fn told(core: &mut Core, handle: Handle, dataset: u32) {
    let in_focus = core.stats.in_focus(core.now);
    let lists = core.plant.feed.as_ref().map(|plan| plan.lists);
    let Some(call) = core.calls.get(handle) else {
        return;
    };
    let feed = call.feed;
    let Some(state) = &mut core.feed else { return };
    let Some(job) = state.jobs.get_mut(feed) else {
        return;
    };
    job.rows.answered = true;
    if job.pushes() && Some(dataset) == lists && !job.rows.missing.is_empty() {
        let missing = std::mem::take(&mut job.rows.missing);
        for key in missing {
            let user = User(key.saturating_sub(1) as u32);
            state.lose_list(user, in_focus);
        }
    }
}

/// Nobody was there to write feed lists to, and nobody else has them: they are lost with the cache that had them.
/// `false` if the call is about something else.
pub(super) fn lists_gone(core: &mut Core, handle: Handle, dataset: u32) -> bool {
    let Some(job) = job_of(core, handle) else {
        return false;
    };
    if !job.pushes() {
        return false;
    }
    job.rows.missing = job.rows.keys.clone();
    told(core, handle, dataset);
    true
}

fn job_of(core: &mut Core, handle: Handle) -> Option<&mut Job> {
    let feed = core.calls.get(handle)?.feed;
    core.feed.as_mut()?.jobs.get_mut(feed)
}

/// The rows that a cache is to be given: what it did not have.
pub(super) fn fetched(core: &Core, handle: Handle) -> Vec<u64> {
    let call = core.calls.get(handle);
    let job = call.and_then(|call| core.feed.as_ref()?.jobs.get(call.feed));
    job.map_or_else(Vec::new, |job| job.rows.now().to_vec())
}
