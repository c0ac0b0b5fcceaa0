//! A post is brought to its readers: divided into batches, written batch by batch.

use archplay_feed::User;
use archplay_kernel::Handle;

use super::{At, add, row};
use crate::core::{Core, Waiter};
use crate::feed::{Fan, FeedPlan, FeedState, Job, Part, Task, Wanted};
use crate::plant::FeedStep;

pub(super) fn begin_fan_out(
    core: &mut Core,
    handle: Handle,
    plan: &FeedPlan,
    skip: u32,
) -> Option<f64> {
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
    let graph = state.feed.graph();
    let star = graph.star(posted.author).is_some();
    // Of followers, who are no row, the first as many as anybody has friends.
    let friends = graph.degree(posted.author);
    let friends = if star {
        friends.min(graph.cap())
    } else {
        friends
    };
    let fan = Fan {
        origin,
        post: posted.post,
        created_ns: posted.created_ns,
        recipients: Vec::new(),
        batches: Vec::new(),
        done: 0,
        star,
        part: posted.part,
        each_ns: 0.0,
        turn: 0,
        next: (0, 0, 0),
        goes_as: None,
        comes_again: matches!(call.waiter, Waiter::Node { .. }),
    };
    let task = Task::FanOut(Box::new(fan));
    let mut job = Job::new(handle, task, posted.author, posted.copy);
    // A part knows whom it is for.
    let asked = posted.part.is_none().then_some(row(posted.author.0));
    job.rows.ask(asked.into_iter(), friends);
    add(core, handle, job);
    Some(0.0)
}

/// Takes a step of a fan-out; tells how much work of the processor it is, in nanoseconds, and how many steps the
/// program goes on or back.
pub(super) fn step(
    state: &mut FeedState,
    at: &At,
    (fan, rows): (&mut Fan, &mut Wanted),
) -> (f64, i64) {
    match at.step {
        FeedStep::Divide { cpu_ns } => (divide(state, at, fan, cpu_ns), 0),
        FeedStep::NextBatch { skip } => {
            let rest = fan.recipients.get(fan.done..).unwrap_or(&[]);
            let size = rest.len().min(at.host.batch as usize);
            rows.ask(rest[..size].iter().map(|user| row(user.0)), 1);
            let work = size as f64 * fan.each_ns;
            (work, if size == 0 { i64::from(skip) } else { 0 })
        }
        FeedStep::Split { skip } => {
            split(state, fan);
            let none = fan.goes_as.is_none();
            (0.0, if none { i64::from(skip) } else { 0 })
        }
        FeedStep::SplitOff { back } => (0.0, -i64::from(back)),
        FeedStep::Delivered { back } => {
            delivered(state, at, fan);
            (0.0, -i64::from(back))
        }
        FeedStep::EndFanOut => {
            state.delivered(fan.origin);
            (0.0, 0)
        }
        _ => (0.0, 0),
    }
}

/// Looks up who gets the post; tells what that costs, in nanoseconds.
fn divide(state: &mut FeedState, at: &At, fan: &mut Fan, cpu_ns: f64) -> f64 {
    let mut recipients = std::mem::take(&mut fan.recipients);
    fan.batches.clear();
    match fan.part {
        Some(part) if part.done => recipients.clear(),
        Some(part) => {
            let feed = &state.feed;
            feed.audience_in(at.user, part.first, part.last, &mut recipients);
            fan.batches.extend(part.batch);
        }
        None => {
            state.feed.audience(at.user, &mut recipients);
            if let Some(post) = fan.post {
                fan.batches = state.feed.fan_out(post, at.host.batch);
            }
        }
    }
    fan.comes_again = matches!(at.waiter, Waiter::Node { .. });
    fan.recipients = recipients;
    (fan.done, fan.turn) = (0, 0);
    if fan.star && fan.part.is_none() {
        // Followers are looked up as their lists are written, not all at once.
        fan.each_ns = cpu_ns;
        return 0.0;
    }
    fan.recipients.len() as f64 * cpu_ns
}

/// The next part of a fan-out to followers becomes a message; then nothing is left to write here.
fn split(state: &mut FeedState, fan: &mut Fan) {
    fan.goes_as = None;
    if !fan.star || fan.part.is_some() {
        return;
    }
    fan.recipients.clear();
    while let Some(batch) = fan.batches.get(fan.next.0).copied() {
        let (place, turn, number) = fan.next;
        fan.next = match turn + 1 < state.times(place) {
            true => (place, turn + 1, number + 1),
            false => (place + 1, 0, number + 1),
        };
        let part = Part {
            first: batch.first,
            last: batch.last,
            batch: (turn == 0).then_some(batch),
            done: false,
        };
        fan.goes_as = state.part(fan.origin, number, part);
        if fan.goes_as.is_some() {
            return;
        }
    }
}

/// A batch is in its lists.
fn delivered(state: &mut FeedState, at: &At, fan: &mut Fan) {
    let place = fan.done / at.host.batch.max(1) as usize;
    if fan.turn == 0
        && let Some(batch) = fan.batches.get(place).copied()
    {
        state.feed.deliver(&batch, at.now);
    }
    let end = fan.recipients.len().min(fan.done + at.host.batch as usize);
    let pushed = &fan.recipients[fan.done.min(end)..end];
    let people = state.feed.people();
    let sleeps = |user: &&User| people.views_per_day(**user) <= 0.0;
    let wasted = pushed.iter().filter(sleeps).count() as u64;
    let age = at.now.saturating_sub(fan.created_ns);
    state
        .tally
        .pushed(at.in_focus, pushed.len() as u64, wasted, age);
    if !fan.star {
        let ids = pushed.len() as u64;
        state.tally.pushed_to_friends(at.in_focus, ids, age);
    }
    fan.turn += 1;
    if !fan.star || fan.part.is_some() || fan.turn >= state.times(place) {
        (fan.done, fan.turn) = (end, 0);
    }
}
