//! A post is brought to its readers: divided into batches, written batch by batch.

use archplay_feed::User;
use archplay_kernel::Handle;

use super::{At, add, row};
use crate::core::{Core, Waiter};
use crate::feed::{Fan, FeedPlan, FeedState, Job, Task, Wanted};
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

/// Takes a step of a fan-out; tells how much work of the processor it is, in nanoseconds, and how many steps the
/// program goes on or back.
pub(super) fn step(
    state: &mut FeedState,
    at: &At,
    (fan, rows): (&mut Fan, &mut Wanted),
) -> (f64, i64) {
    match at.step {
        FeedStep::Divide { cpu_ns } => (divide(state, at, fan) * cpu_ns, 0),
        FeedStep::NextBatch { skip } => {
            let rest = fan.recipients.get(fan.done..).unwrap_or(&[]);
            let size = rest.len().min(at.host.batch as usize);
            rows.ask(rest[..size].iter().map(|user| row(user.0)), 1);
            (0.0, if size == 0 { i64::from(skip) } else { 0 })
        }
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

/// Looks up who gets the post; tells how many that are.
fn divide(state: &mut FeedState, at: &At, fan: &mut Fan) -> f64 {
    let mut recipients = std::mem::take(&mut fan.recipients);
    state.feed.audience(at.user, &mut recipients);
    if let Some(post) = fan.post {
        fan.batches = state.feed.fan_out(post, at.host.batch);
    }
    fan.comes_again = matches!(at.waiter, Waiter::Node { .. });
    fan.recipients = recipients;
    fan.done = 0;
    fan.recipients.len() as f64
}

/// A batch is in its lists.
fn delivered(state: &mut FeedState, at: &At, fan: &mut Fan) {
    let place = fan.done / at.host.batch.max(1) as usize;
    if let Some(batch) = fan.batches.get(place).copied() {
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
    fan.done = end;
}
