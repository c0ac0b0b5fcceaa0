//! What the strip says: one sentence about the run, and how bad it is. Pure.

use archplay_model::{Design, Problem, Scenario};
use archplay_protocol::Summary;
use archplay_report::{Event, Metric, Subject};
use archplay_text::{Lang, t, tf};

use crate::app::charts::component_name;
use crate::app::charts::format::{clock_text, figure, grouped};
use crate::app::lang::{tr, trf};
use crate::app::run::{RunState, Status, Trouble};

/// How a sentence is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Just so.
    Plain,
    /// As wanted.
    Good,
    /// Not as wanted.
    Bad,
}

/// Share of the visitors from which a run counts as gone well.
const WELL: f64 = 0.95;

/// The sentence of the strip. The open drawing is the one that was refused, if one was.
pub fn sentence(
    run: &RunState,
    scenario: Option<&Scenario>,
    open: &Design,
    lang: Lang,
) -> (Tone, String) {
    if let Some(trouble) = &run.trouble {
        return (Tone::Bad, trouble_text(trouble, lang));
    }
    let (tone, text) = match run.status {
        Status::Idle => (Tone::Plain, idle(scenario, lang)),
        Status::Starting => (Tone::Plain, tr(lang, "run.starting").to_string()),
        _ if run.preparing => (Tone::Plain, tr(lang, "run.starting").to_string()),
        Status::Failed | Status::Dead => (Tone::Bad, problems(run, open, lang)),
        Status::Finished if run.cursor.is_none() => match &run.summary {
            Some(summary) => verdict(summary, run, lang),
            None => (Tone::Plain, moment(run, lang)),
        },
        Status::Stopped if run.cursor.is_none() => {
            let clock = run.clock_secs().map_or_else(String::new, clock_text);
            (Tone::Plain, tf(lang, "run.stopped", &[("clock", &clock)]))
        }
        Status::Running | Status::Paused | Status::Finished | Status::Stopped => {
            (Tone::Plain, moment(run, lang))
        }
    };
    (tone, text)
}

fn idle(scenario: Option<&Scenario>, lang: Lang) -> String {
    match scenario {
        Some(scenario) => {
            let name = match lang {
                Lang::Ko => &scenario.name.ko,
                Lang::En => &scenario.name.en,
            };
            tf(lang, "run.idle", &[("scenario", name)])
        }
        None => t(lang, "run.no_scenario").into_owned(),
    }
}

fn trouble_text(trouble: &Trouble, lang: Lang) -> String {
    t(lang, trouble.key()).into_owned()
}

fn problems(run: &RunState, open: &Design, lang: Lang) -> String {
    let errors: Vec<&Problem> = run
        .problems
        .iter()
        .filter(|p| p.severity == archplay_model::Severity::Error)
        .collect();
    let Some(first) = errors.first() else {
        return t(lang, "run.failed").into_owned();
    };
    let count = errors.len().to_string();
    let text = problem_text(first, Some(open), lang);
    tf(lang, "run.refused", &[("count", &count), ("first", &text)])
}

/// The text of a problem with components by their names.
pub fn problem_text(problem: &Problem, design: Option<&Design>, lang: Lang) -> String {
    let args: Vec<(&str, String)> = problem
        .args
        .iter()
        .map(|(name, value)| {
            let id = archplay_model::Id::new(value).ok();
            let known = id.filter(|id| design.is_some_and(|d| d.get(id).is_some()));
            let value = known.map_or_else(|| value.clone(), |id| component_name(design, &id, lang));
            (name.as_str(), value)
        })
        .collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
    tf(lang, &format!("problem.{}", problem.code), &args)
}

/// How many of a hundred visitors got through, and where it began to fail.
fn verdict(summary: &Summary, run: &RunState, lang: Lang) -> (Tone, String) {
    if summary.visitors == 0 {
        return (Tone::Plain, t(lang, "run.verdict_nobody").into_owned());
    }
    let share = summary.visitors_done as f64 / summary.visitors as f64;
    let goal = goal(run.scenario.as_deref(), lang);
    let (key, of, done) = match (share * 100.0).floor() as u64 {
        _ if summary.visitors_done == 0 => ("run.verdict_none", summary.visitors, 0),
        0 => ("run.verdict_few", summary.visitors, summary.visitors_done),
        percent if share >= WELL => ("run.verdict_most", 100, percent),
        percent => ("run.verdict_few", 100, percent),
    };
    let text = tf(
        lang,
        key,
        &[
            ("of", &grouped(of)),
            ("done", &grouped(done)),
            ("goal", &goal),
        ],
    );
    let tone = if share >= WELL { Tone::Good } else { Tone::Bad };
    let text = match before(run) {
        Some(percent) => {
            let before = tf(lang, "run.before", &[("done", &percent)]);
            format!("{text} {before}")
        }
        None => text,
    };
    match summary.causes.first() {
        Some((id, reason, first_ns, _)) if tone == Tone::Bad => {
            let start = run.scenario.as_ref().map_or(0, |s| s.start.secs());
            let at = start.saturating_add((first_ns / 1_000_000_000) as u32);
            let cause = tf(
                lang,
                "run.first_cause",
                &[
                    ("clock", &clock_text(at)),
                    ("where", &component_name(run.design.as_deref(), id, lang)),
                    ("why", &tr(lang, &format!("reason.{}.name", reason.slug()))),
                ],
            );
            (tone, format!("{text} {cause}"))
        }
        _ => (tone, text),
    }
}

/// How many of a hundred got through in the run before.
fn before(run: &RunState) -> Option<String> {
    let summary = run.previous.as_ref()?.summary.as_ref()?;
    let share = summary.visitors_done as f64 / summary.visitors as f64;
    let percent = (share * 1_000.0).floor() / 10.0;
    let percent = if percent >= 1.0 {
        percent.floor()
    } else {
        percent
    };
    (summary.visitors > 0).then(|| figure(percent))
}

/// What visitors came for: the last operation, if all must do it and all journeys end with it.
fn goal(scenario: Option<&Scenario>, lang: Lang) -> String {
    let all = t(lang, "run.goal_all").into_owned();
    let Some(scenario) = scenario else { return all };
    let mut last = scenario
        .journeys
        .iter()
        .filter(|journey| {
            let first = journey.steps.first();
            let operation = first.and_then(|step| scenario.operation(&step.operation));
            operation.is_some_and(|o| o.entry == archplay_model::scenario::Entry::Visitor)
        })
        .map(|journey| journey.steps.last());
    let Some(Some(step)) = last.next() else {
        return all;
    };
    let same = last.all(|other| other.is_some_and(|other| other.operation == step.operation));
    match scenario.operation(&step.operation) {
        Some(operation) if same && step.probability >= 1.0 => {
            let name = match lang {
                Lang::Ko => &operation.name.ko,
                Lang::En => &operation.name.en,
            };
            tf(lang, "run.goal", &[("operation", name)])
        }
        _ => all,
    }
}

/// What happens at the moment shown: an event just before it, else the rates.
fn moment(run: &RunState, lang: Lang) -> String {
    let Some(row) = run.shown_row() else {
        // Nothing was measured yet: time stands still, or the first row is on its way.
        let key = match run.status {
            Status::Paused => "run.stands_still",
            _ => "run.starting",
        };
        return tr(lang, key).to_string();
    };
    let table = run.data.table();
    let bucket_ns = u64::from(table.bucket_secs) * 1_000_000_000;
    let until = (row as u64 + 1) * bucket_ns;
    // Recent enough to be read while it runs fast: two hundredths of the whole.
    let since = until.saturating_sub((run.rows_total as u64 / 50).max(3) * bucket_ns);
    let events = run.data.events();
    let last = events
        .iter()
        .take_while(|event| event.at_ns < until)
        .last()
        .filter(|event| event.at_ns >= since);
    if let Some(event) = last {
        let at = table.start_secs + (event.at_ns / 1_000_000_000) as u32;
        return format!("{} {}", clock_text(at), event_text(event, run, lang));
    }
    let value = |metric| {
        let column = table.find(&Subject::System, metric);
        column.map_or(0.0, |column| table.value(row, column))
    };
    let (offered, good) = (value(Metric::Offered), value(Metric::Good));
    tf(
        lang,
        "run.moment",
        &[("offered", &figure(offered)), ("good", &figure(good))],
    )
}

/// The text of an event with the component's name.
pub fn event_text(event: &Event, run: &RunState, lang: Lang) -> String {
    let name = component_name(run.design.as_deref(), &event.id, lang);
    let (from, to) = (event.from.to_string(), event.to.to_string());
    trf(
        lang,
        &format!("event.{}", event.code.slug()),
        &[("id", &name), ("from", &from), ("to", &to), ("count", &to)],
    )
    .to_string()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use archplay_model::presets::Preset;

    use super::*;

    fn finished(visitors: u64, done: u64) -> RunState {
        let mut run = RunState {
            status: Status::Finished,
            ..RunState::default()
        };
        run.scenario = Preset::Steady.scenario().ok().map(Rc::new);
        run.summary = Some(Rc::new(Summary {
            visitors,
            visitors_done: done,
            ..Summary::default()
        }));
        run
    }

    #[test]
    fn verdicts_never_round_up() {
        let check = |visitors, done, tone, part: &str| {
            let run = finished(visitors, done);
            let (found, text) = sentence(&run, None, &Design::default(), Lang::Ko);
            assert!(text.contains(part), "{text}");
            assert_eq!(found, tone);
        };
        check(10_000, 399, Tone::Bad, "100명 중 3명만");
        check(10_000, 9_999, Tone::Good, "100명 중 99명이");
        check(10_000, 10_000, Tone::Good, "100명 중 100명이");
        check(12_345, 7, Tone::Bad, "12,345명 중 7명만");
        check(12_345, 0, Tone::Bad, "12,345명 중 아무도");
        check(0, 0, Tone::Plain, "없");
    }

    #[test]
    fn every_state_has_its_words_in_both_languages() {
        for lang in Lang::ALL {
            for status in [
                Status::Idle,
                Status::Starting,
                Status::Running,
                Status::Paused,
                Status::Stopped,
                Status::Failed,
            ] {
                let run = RunState {
                    status,
                    ..RunState::default()
                };
                let (_, text) = sentence(&run, None, &Design::default(), lang);
                assert!(!text.starts_with("run.") && !text.contains('{'), "{text}");
            }
            for trouble in [
                Trouble::Hang,
                Trouble::Version,
                Trouble::Crashed(String::new()),
                Trouble::NoWorker(String::new()),
                Trouble::Unreadable(String::new()),
            ] {
                assert!(archplay_text::find(lang, trouble.key()).is_some());
            }
        }
    }
}
