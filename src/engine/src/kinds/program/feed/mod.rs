//! Steps of a program that read and write the news feed: which rows are wanted next, what the answers mean.
//!
//! Here: a step is taken, jobs come and go. `read` has the steps of a page, `fan_out` those of a fan-out, `rows`
//! what is asked of stores and caches.

mod fan_out;
mod read;
mod rows;

use std::rc::Rc;

use archplay_feed::User;
use archplay_kernel::Handle;

use crate::core::{Core, Outcome, Waiter};
use crate::feed::{FeedHost, Job, Task};
use crate::plant::{FeedStep, NodeId};

pub(super) use rows::{asks, fetched, first_row, gather, is_feed_ask, lists_gone, missed, told};

/// Rows of users and posts are numbered from 1.
const fn row(number: u32) -> u64 {
    number as u64 + 1
}

/// Whose step it is, and when.
struct At {
    step: FeedStep,
    host: FeedHost,
    /// The sampled user's.
    user: User,
    origin: u64,
    person: u64,
    waiter: Waiter,
    now: u64,
    in_focus: bool,
}

/// Takes a step; tells how much work of the processor it is, in nanoseconds. `None` if there is no feed.
pub(super) fn step(core: &mut Core, handle: Handle, node: NodeId, step: FeedStep) -> Option<f64> {
    let plant = Rc::clone(&core.plant);
    let plan = plant.feed.as_ref()?;
    match step {
        FeedStep::BeginRead { page } => {
            return read::begin_read(core, handle, plan, (node, page));
        }
        FeedStep::BeginFanOut { skip } => {
            return fan_out::begin_fan_out(core, handle, plan, skip);
        }
        FeedStep::BeginMedia { cpu_ns } => return Some(begin_media(core, handle, cpu_ns)),
        _ => {}
    }
    let now = core.now;
    let in_focus = core.stats.in_focus(now);
    let call = core.calls.get(handle)?;
    let feed = call.feed;
    let (origin, person, waiter) = (call.origin, call.person, call.waiter);
    let state = core.feed.as_mut()?;
    // Out of the way of the rest of the state while it is worked on.
    let mut job = state.jobs.take(feed)?;
    let at = At {
        step,
        host: plan.hosts[node as usize],
        user: job.user,
        origin,
        person,
        waiter,
        now,
        in_focus,
    };
    let Job { task, rows, .. } = &mut *job;
    let (work, jump) = match task {
        Task::Read(reading) => (read::step(state, plan, &at, (reading, rows)), 0),
        Task::FanOut(fan) => fan_out::step(state, &at, (fan, rows)),
        Task::Media | Task::Part { .. } => (0.0, 0),
    };
    let goes_as = match &job.task {
        Task::FanOut(fan) if matches!(step, FeedStep::Split { .. }) => {
            Some(fan.goes_as.unwrap_or(fan.origin))
        }
        _ => None,
    };
    state.jobs.put_back(feed, job);
    let ended = matches!(step, FeedStep::EndRead | FeedStep::EndFanOut);
    if ended {
        state.jobs.remove(feed);
    }
    if let Some(call) = core.call(handle) {
        call.pc = (i64::from(call.pc) + jump) as u32;
        if let Some(origin) = goes_as {
            call.origin = origin;
        }
        if ended {
            call.feed = Handle::NONE;
        }
    }
    Some(work)
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

/// Media are to be passed on: those that whoever asked wants. Nothing if it has given up.
fn begin_media(core: &mut Core, handle: Handle, cpu_ns: f64) -> f64 {
    let given = core.calls.get(handle).and_then(|call| {
        let job = core.feed.as_ref()?.jobs.get(call.feed)?;
        let mut own = Job::new(handle, Task::Media, job.user, job.copy);
        own.rows.ask(job.rows.now().iter().copied(), 1);
        Some(own)
    });
    let Some(job) = given else {
        leave(core, handle, Ok(()));
        return 0.0;
    };
    let work = job.rows.keys.len() as f64 * cpu_ns;
    add(core, handle, job);
    work
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
