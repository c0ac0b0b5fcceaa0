//! Rows of the feed that a statement is about: asked for in one go or side by side, what a cache did not have, and
//! what an answer means for them.

use std::rc::Rc;

use archplay_feed::User;
use archplay_kernel::Handle;
use archplay_report::Reason;

use super::super::{FORKED, Host, fail};
use crate::core::Core;
use crate::feed::{Job, Task, way_index};
use crate::plant::{AskId, Plant, RouteId, Step, Way, cache_tier, dataset_of};

/// Asks for the rows that are wanted now: in one go, or side by side where they lie in several places. `true` if
/// the next step asks, `false` if branches do, or nothing is wanted, or nobody can be asked.
pub(in super::super) fn gather<H: Host>(
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
            call.stage = super::super::NOTHING;
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
pub(in super::super) fn is_feed_ask(plant: &Plant, pc: u32) -> bool {
    pc >= 2 && matches!(plant.steps[pc as usize - 2], Step::Gather { .. })
}

/// The row by which a statement finds its way: the first it is about, as the sample or as the whole has it.
pub(in super::super) fn first_row(core: &Core, handle: Handle, cached: bool) -> u64 {
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
pub(in super::super) fn missed(core: &mut Core, handle: Handle) {
    if let Some(job) = job_of(core, handle) {
        let rows = &mut job.rows;
        if rows.missing.is_empty() {
            rows.missing.clone_from(&rows.keys);
        }
        rows.fetching = true;
    }
}

/// A statement begins.
pub(in super::super) fn asks(core: &mut Core, handle: Handle) {
    if let Some(job) = job_of(core, handle) {
        job.rows.missing.clear();
        (job.rows.fetching, job.rows.answered) = (false, false);
    }
}

/// A statement has its answer. Lists that were to be written and are not there are lost.
pub(in super::super) fn told(core: &mut Core, handle: Handle, dataset: u32) {
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
pub(in super::super) fn lists_gone(core: &mut Core, handle: Handle, dataset: u32) -> bool {
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
pub(in super::super) fn fetched(core: &Core, handle: Handle) -> Vec<u64> {
    let call = core.calls.get(handle);
    let job = call.and_then(|call| core.feed.as_ref()?.jobs.get(call.feed));
    job.map_or_else(Vec::new, |job| job.rows.now().to_vec())
}
