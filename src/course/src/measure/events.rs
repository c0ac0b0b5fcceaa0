//! Metrics from the event log: alarms, calls, what happened how often and when.

use archplay_model::scenario::Fault;
use archplay_report::{Event, EventCode};

use super::{Sight, Stretch, failing_row};
use crate::{Scope, Target, TargetMetric};

/// The clock's second in which something happened.
pub(super) fn clock(sight: Sight<'_>, event: &Event) -> u32 {
    let gone = u32::try_from(event.at_ns / 1_000_000_000).unwrap_or(u32::MAX);
    sight.scenario.start.secs().saturating_add(gone)
}

/// The same to the nanosecond, in seconds.
fn exact(sight: Sight<'_>, event: &Event) -> f64 {
    f64::from(sight.scenario.start.secs()) + event.at_ns as f64 / 1e9
}

/// Events of these codes at the components that a scope means, in order of time.
fn events<'a>(
    codes: &'a [EventCode],
    of: &'a Scope,
    sight: Sight<'a>,
) -> impl Iterator<Item = &'a Event> {
    let log = sight.report.events.iter();
    log.filter(move |event| codes.contains(&event.code) && sight.parts.means(of, &event.id))
}

const fn within(at: u32, window: Stretch) -> bool {
    window.from <= at && at < window.to
}

/// The codes that a metric is about.
fn codes(metric: TargetMetric, of: &Scope) -> Vec<EventCode> {
    match metric {
        TargetMetric::DetectionSecs | TargetMetric::FalseAlarms | TargetMetric::AlarmLeadSecs => {
            vec![EventCode::AlarmRaised]
        }
        TargetMetric::PersonSecs => vec![EventCode::PersonCalled],
        _ => of.events.clone(),
    }
}

pub(super) fn first_secs(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let since = f64::from(sight.since(target));
    let codes = codes(target.metric, of);
    let to = target.window.map_or(u32::MAX, |window| window.to.secs());
    events(&codes, of, sight)
        .map(|event| exact(sight, event))
        .find(|at| *at >= since)
        .filter(|at| *at < f64::from(to))
        .map(|at| at - since)
}

/// How long after its end a fault may still be what an alarm is about, in seconds: what was sampled last of it.
const AFTER_SECS: u32 = 60;

/// Whether an alarm at a moment is false: before `since`; without it, while nothing is wrong. Only within the
/// window, if there is one.
fn is_false(target: &Target, sight: Sight<'_>, at: u32) -> bool {
    let window = target.window.map_or_else(|| sight.whole(), Stretch::from);
    let acts = |fault: &Fault| {
        let end = fault.until.map_or(u32::MAX, |until| until.secs());
        fault.at.secs() <= at && at < end.saturating_add(AFTER_SECS)
    };
    within(at, window)
        && match sight.told_since(target) {
            Some(since) => at < since,
            None => !sight.scenario.faults.iter().any(acts),
        }
}

pub(super) fn false_alarms(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let codes = [EventCode::AlarmRaised];
    let raised = events(&codes, of, sight);
    let wrong = raised.filter(|event| is_false(target, sight, clock(sight, event)));
    Some(wrong.count() as f64)
}

pub(super) fn count(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let window = target.window.map_or_else(|| sight.whole(), Stretch::from);
    let found = events(&of.events, of, sight).filter(|event| within(clock(sight, event), window));
    Some(found.count() as f64)
}

/// The first alarm at or after a target's beginning, in seconds of the clock.
fn first_alarm(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let since = f64::from(sight.since(target));
    let codes = [EventCode::AlarmRaised];
    let mut raised = events(&codes, of, sight).map(|event| exact(sight, event));
    raised.find(|at| *at >= since)
}

pub(super) fn lead_secs(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let alarm = first_alarm(target, of, sight)?;
    let since = sight.since(target);
    let trouble = if of.events.is_empty() {
        failing_row(sight, since).map(f64::from)
    } else {
        let log = sight.report.events.iter();
        log.filter(|event| of.events.contains(&event.code))
            .map(|event| exact(sight, event))
            .find(|at| *at >= f64::from(since))
    };
    Some(trouble.unwrap_or_else(|| f64::from(sight.scenario.end())) - alarm)
}

/// The alarm too many.
pub(crate) fn alarm_moment<'a>(target: &'a Target, sight: Sight<'a>) -> Option<&'a Event> {
    let allowed = target.value.max(0.0) as usize;
    let log = sight.report.events.iter();
    log.filter(|event| event.code == EventCode::AlarmRaised)
        .filter(|event| sight.parts.means(&target.of, &event.id))
        .filter(|event| is_false(target, sight, clock(sight, event)))
        .nth(allowed)
}

/// The event that is one too many, or the one that came too late.
pub(crate) fn event_moment<'a>(target: &'a Target, sight: Sight<'a>) -> Option<&'a Event> {
    let codes = codes(target.metric, &target.of);
    let (from, skip) = match target.metric {
        TargetMetric::EventCount => {
            let window = target.window.map_or_else(|| sight.whole(), Stretch::from);
            (window.from, target.value.max(0.0) as usize)
        }
        _ => (sight.since(target), 0),
    };
    let log = sight.report.events.iter();
    log.filter(|event| codes.contains(&event.code))
        .filter(|event| sight.parts.means(&target.of, &event.id))
        .filter(|event| clock(sight, event) >= from)
        .nth(skip)
}
