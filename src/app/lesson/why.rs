//! Why a design was not enough: the first failure, and for each missed target the moment at which it went
//! wrong, with a way to look at that moment.

use std::rc::Rc;

use archplay_course::{PlannedRun, Target, Verdict, Why, plan};
use archplay_model::format::{read_scenario, write_scenario};
use archplay_model::{Design, Id, Scenario};
use archplay_protocol::Speed;
use archplay_text::Lang;
use yew::prelude::*;

use super::data::TaskRef;
use super::figure;
use super::panel::local_text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunCommand, RunState, Status, use_run, use_run_dispatch};
use crate::app::scenario::use_scenario;
use crate::app::session::use_dispatch;

/// The failures of a verdict.
#[derive(Properties, PartialEq)]
pub struct CauseProps {
    /// The task.
    pub task: TaskRef,
    /// The verdict.
    pub verdict: Rc<Verdict>,
}

/// Where, when and why it failed.
#[component]
pub fn Cause(props: &CauseProps) -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let seed = use_scenario().map_or(1, |chosen| chosen.seed);
    let Ok(scenario) = read_scenario(&props.task.scenario) else {
        return Html::default();
    };
    let design = dispatch.design();
    let runs = plan(&props.task.task, &scenario, seed);
    let planned = |id: &str| runs.iter().find(|run| run.id.as_str() == id).cloned();
    let first = props.verdict.first_cause.as_ref();
    let first = first.map(|(run_id, component, reason, at_ns, count)| {
        let time = figure::clock(scenario.start, *at_ns);
        let args = [
            ("time", time.as_str()),
            ("component", &component_name(lang, &design, component)),
            (
                "reason",
                &*tr(lang, &format!("reason.{}.name", reason.slug())),
            ),
            ("count", &figure::grouped(*count as f64, 0)),
        ];
        let secs = figure::clock_secs(scenario.start, *at_ns);
        html! {
            <>
                { run_name(lang, &props.task, run_id) }
                <p class="cause-what">{ trf(lang, "verdict.first_cause", &args) }</p>
                <p class="quiet">{ tr(lang, &format!("reason.{}.help", reason.slug())) }</p>
                if let Some(planned) = planned(run_id) {
                    <Look {planned} {secs} text={trf(lang, "task.look", &[("time", &time)])} />
                }
            </>
        }
    });
    let missed = moments(&props.task, &props.verdict);
    if first.is_none() && missed.is_empty() {
        return Html::default();
    }
    let rows = missed.into_iter().map(|(target, run_id, why)| {
        let name = figure::name(lang, target, Some(&scenario));
        let secs = figure::clock_secs(scenario.start, why.at_ns);
        let time = figure::clock(scenario.start, why.at_ns);
        html! {
            <li key={target.id.as_str()}>
                <p><strong>{ name }</strong>{ run_name(lang, &props.task, run_id) }</p>
                <p class="quiet">{ words(lang, why, &scenario, &design) }</p>
                if let Some(planned) = planned(run_id) {
                    <Look {planned} {secs} text={trf(lang, "task.look", &[("time", &time)])} />
                }
            </li>
        }
    });
    html! {
        <section class="cause">
            { first }
            <details class="moments">
                <summary>{ tr(lang, "task.moments") }</summary>
                <ul>{ for rows }</ul>
            </details>
        </section>
    }
}

/// The missed targets that have a moment to look at, each in the first run that missed it.
fn moments<'a>(task: &'a TaskRef, verdict: &'a Verdict) -> Vec<(&'a Target, &'a str, &'a Why)> {
    let targets = task.task.targets.iter();
    let first = targets.filter_map(|target| {
        let id = target.id.as_str();
        let mut results = verdict.results.iter().filter(|r| r.target == id);
        let missed = results.find(|r| r.why.is_some())?;
        Some((target, missed.run.as_str(), missed.why.as_ref()?))
    });
    first.collect()
}

/// When and where a target was missed.
fn words(lang: Lang, why: &Why, scenario: &Scenario, design: &Design) -> String {
    let time = figure::clock(scenario.start, why.at_ns);
    let component = why.component.as_ref();
    let component = component.map(|id| match Id::new(id) {
        Ok(id) => component_name(lang, design, &id),
        Err(_) => id.clone(),
    });
    let reason = why.reason;
    let reason = reason.map(|reason| tr(lang, &format!("reason.{}.name", reason.slug())));
    match (component, reason) {
        (Some(component), Some(reason)) => {
            let count = figure::grouped(why.count as f64, 0);
            let args = [
                ("time", time.as_str()),
                ("component", &component),
                ("reason", &*reason),
                ("count", &count),
            ];
            trf(lang, "verdict.why_cause", &args).to_string()
        }
        (Some(component), None) => {
            let args = [("time", time.as_str()), ("component", &component)];
            trf(lang, "verdict.why_where", &args).to_string()
        }
        _ => trf(lang, "verdict.why_when", &[("time", &time)]).to_string(),
    }
}

fn component_name(lang: Lang, design: &Design, id: &Id) -> String {
    design.get(id).map_or_else(
        || id.to_string(),
        |found| {
            if found.name.trim().is_empty() {
                tr(lang, &format!("kind.{}.name", found.kind.slug())).to_string()
            } else {
                found.name.clone()
            }
        },
    )
}

/// Which run it was, where there are several.
fn run_name(lang: Lang, task: &TaskRef, id: &str) -> Option<Html> {
    let runs = &task.task.runs;
    let run = runs
        .iter()
        .find(|run| runs.len() > 1 && run.id.as_str() == id)?;
    Some(html! { <span class="quiet run-name">{ local_text(lang, &run.name) }</span> })
}

#[derive(Properties, PartialEq)]
struct LookProps {
    planned: PlannedRun,
    secs: u32,
    text: AttrValue,
}

/// A button that looks at a moment of a run.
#[component]
fn Look(props: &LookProps) -> Html {
    let dispatch = use_dispatch();
    let run = use_run_dispatch();
    // Whether the run that was started for it has still to come so far.
    let awaited = use_state_eq(|| false);
    let look = {
        let (awaited, planned, secs) = (awaited.clone(), props.planned.clone(), props.secs);
        Callback::from(move |_: MouseEvent| {
            let design = dispatch.design();
            if shows(&run.now(), &design, &planned) {
                let row = run.now().data.table().row_at(secs);
                run.apply(RunCommand::SetCursor(Some(row)));
            } else {
                awaited.set(true);
                run.apply(RunCommand::Start {
                    design,
                    scenario: write_scenario(&planned.scenario).into(),
                    seed: planned.seed,
                    speed: Speed::Full,
                });
            }
        })
    };
    let reached = awaited.setter();
    let reached = Callback::from(move |()| reached.set(false));
    html! {
        <>
            <button type="button" class="btn" onclick={look}>
                <Icon name={IconName::Clock} size={16} />
                { props.text.clone() }
            </button>
            if *awaited {
                <Await secs={props.secs} {reached} />
            }
        </>
    }
}

/// Whether the results on the screen are those of this drawing in this run.
fn shows(state: &RunState, design: &Rc<Design>, planned: &PlannedRun) -> bool {
    let ended = matches!(state.status, Status::Finished | Status::Stopped);
    ended
        && state.seed == planned.seed
        && state.scenario.as_deref() == Some(&planned.scenario)
        && !state.is_stale(design)
}

#[derive(Properties, PartialEq)]
struct AwaitProps {
    secs: u32,
    reached: Callback<()>,
}

/// Moves the cursor when the run that was started for it has ended.
#[component]
fn Await(props: &AwaitProps) -> Html {
    let lang = use_lang();
    let state = use_run();
    let run = use_run_dispatch();
    let status = state.status;
    use_effect_with((status, props.secs), {
        let reached = props.reached.clone();
        move |(status, secs)| match status {
            Status::Finished => {
                let row = run.now().data.table().row_at(*secs);
                run.apply(RunCommand::SetCursor(Some(row)));
                reached.emit(());
            }
            Status::Failed | Status::Dead | Status::Stopped => reached.emit(()),
            Status::Idle | Status::Starting | Status::Running | Status::Paused => {}
        }
    });
    html! { <p class="quiet" role="status">{ tr(lang, "task.looking") }</p> }
}
