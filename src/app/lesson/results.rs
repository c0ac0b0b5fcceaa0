//! Targets before, results after, and the first cause of a failure.

use std::rc::Rc;

use archplay_course::{PlannedRun, Target, TargetResult, Verdict, plan};
use archplay_model::Design;
use archplay_model::format::{read_scenario, write_scenario};
use archplay_protocol::Speed;
use web_sys::Element;
use yew::prelude::*;

use super::data::TaskRef;
use super::figure;
use super::panel::local_text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunCommand, RunState, Status, use_run, use_run_dispatch};
use crate::app::scenario::use_scenario;
use crate::app::session::use_dispatch;

/// The targets of a task and, once graded, what was measured.
#[derive(Properties, PartialEq)]
pub struct TargetsProps {
    /// The task.
    pub task: TaskRef,
    /// The verdict on the drawing.
    pub verdict: Option<Rc<Verdict>>,
}

/// A table: what is measured, what is wanted, what came out in each run.
#[component]
pub fn Targets(props: &TargetsProps) -> Html {
    let lang = use_lang();
    let node = use_node_ref();
    use_effect_with(props.verdict.clone(), {
        let node = node.clone();
        move |verdict| {
            if verdict.is_some() {
                show(&node);
            }
        }
    });
    let verdict = props.verdict.as_deref();
    let task = &props.task.task;
    let headline = verdict.map(|verdict| {
        let (class, icon, key) = if verdict.passed {
            ("verdict verdict-ok", IconName::Check, "task.passed")
        } else {
            ("verdict verdict-fail", IconName::Close, "task.failed")
        };
        let met = |target: &&Target| results_of(verdict, target).all(|result| result.passed);
        let met = task.targets.iter().filter(met).count().to_string();
        let all = task.targets.len().to_string();
        let args = [("met", met.as_str()), ("all", all.as_str())];
        html! {
            <p {class} role="status"><Icon name={icon} size={20} />{ trf(lang, key, &args) }</p>
        }
    });
    let several = task.runs.len() > 1;
    let columns = verdict.map(|_| {
        if several {
            let column = |(i, run): (usize, &archplay_course::TaskRun)| {
                html! {
                    <th scope="col" class="figure" key={run.id.as_str()} title={local_text(lang, &run.name)}>
                        { i + 1 }
                    </th>
                }
            };
            task.runs.iter().enumerate().map(column).collect::<Html>()
        } else {
            html! { <th scope="col" class="figure">{ tr(lang, "task.measured") }</th> }
        }
    });
    html! {
        <section class="targets" ref={node}>
            { headline }
            <table class={classes!((several && verdict.is_some()).then_some("several"))}>
                <caption class="visually-hidden">{ tr(lang, "task.targets") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ tr(lang, "task.target") }</th>
                        { columns }
                    </tr>
                </thead>
                <tbody>
                    for target in &task.targets {
                        <TargetRow key={target.id.as_str()} target={target.clone()} task={props.task.clone()}
                            results={verdict.map(|verdict| results_of(verdict, target).cloned().collect::<Vec<_>>())} />
                    }
                </tbody>
            </table>
            if several && verdict.is_some() {
                <ol class="run-names">
                    for run in &task.runs {
                        <li key={run.id.as_str()}>{ local_text(lang, &run.name) }</li>
                    }
                </ol>
            }
        </section>
    }
}

/// Scrolls the panel, and nothing else, until the element stands at its top.
fn show(node: &NodeRef) {
    let element = node.cast::<Element>();
    let panel = element
        .as_ref()
        .and_then(|element| element.closest(".lesson-body").ok().flatten());
    if let (Some(element), Some(panel)) = (element, panel) {
        let way = element.get_bounding_client_rect().top() - panel.get_bounding_client_rect().top();
        panel.set_scroll_top(panel.scroll_top() + way as i32 - 16);
    }
}

fn results_of<'a>(
    verdict: &'a Verdict,
    target: &'a Target,
) -> impl Iterator<Item = &'a TargetResult> {
    verdict
        .results
        .iter()
        .filter(|result| result.target == target.id.as_str())
}

#[derive(Properties, PartialEq)]
struct TargetRowProps {
    target: Target,
    task: TaskRef,
    /// By run; `None` before the grading.
    results: Option<Vec<TargetResult>>,
}

#[component]
fn TargetRow(props: &TargetRowProps) -> Html {
    let lang = use_lang();
    let target = &props.target;
    let slug = target.metric.slug();
    let runs = &props.task.task.runs;
    let wanted = figure::wanted(lang, target.metric, target.compare, target.value);
    // Before the grading, a target that holds in some runs only says in which.
    let only: Vec<String> = runs
        .iter()
        .filter(|run| props.results.is_none() && target.runs.contains(&run.id))
        .map(|run| local_text(lang, &run.name))
        .collect();
    let cells = props.results.as_ref().map(|results| {
        runs.iter()
            .map(|run| {
                let result = results.iter().find(|result| result.run == run.id.as_str());
                html! { <ResultCell key={run.id.as_str()} result={result.cloned()} target={target.clone()} /> }
            })
            .collect::<Html>()
    });
    html! {
        <tr>
            <th scope="row" title={tr(lang, &format!("target.{slug}.help"))}>
                { tr(lang, &format!("target.{slug}.name")) }
                <span class="limit">
                    { wanted }
                    if !only.is_empty() {
                        { format!(" · {}", only.join(", ")) }
                    }
                </span>
            </th>
            { cells }
        </tr>
    }
}

#[derive(Properties, PartialEq)]
struct ResultCellProps {
    /// `None` where the target does not hold in this run.
    result: Option<TargetResult>,
    target: Target,
}

#[component]
fn ResultCell(props: &ResultCellProps) -> Html {
    let lang = use_lang();
    let Some(result) = &props.result else {
        return html! { <td class="figure quiet">{ "–" }</td> };
    };
    let (class, icon, word) = if result.passed {
        ("met", IconName::Check, "verdict.passed")
    } else {
        ("missed", IconName::Close, "verdict.failed")
    };
    html! {
        <td {class}>
            <span class="result">
                <Icon name={icon} size={14} />
                { figure::measured(lang, props.target.metric, result.measured) }
                <span class="visually-hidden">{ tr(lang, word) }</span>
            </span>
        </td>
    }
}

/// The first failure of a verdict.
#[derive(Properties, PartialEq)]
pub struct CauseProps {
    /// The task.
    pub task: TaskRef,
    /// The verdict.
    pub verdict: Rc<Verdict>,
}

/// Where, when and why it failed first, with a button that looks at that moment.
#[component]
pub fn Cause(props: &CauseProps) -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let run = use_run_dispatch();
    let seed = use_scenario().map_or(1, |chosen| chosen.seed);
    // The moment to look at once a run that was started for it has come so far.
    let awaited = use_state_eq(|| None::<u32>);
    let Some((run_id, component, reason, at_ns, count)) = &props.verdict.first_cause else {
        return Html::default();
    };
    let Ok(scenario) = read_scenario(&props.task.scenario) else {
        return Html::default();
    };
    let design = dispatch.design();
    let name = design.get(component).map_or_else(
        || component.to_string(),
        |found| {
            if found.name.trim().is_empty() {
                tr(lang, &format!("kind.{}.name", found.kind.slug())).to_string()
            } else {
                found.name.clone()
            }
        },
    );
    let time = figure::clock(scenario.start, *at_ns);
    let args = [
        ("time", time.as_str()),
        ("component", name.as_str()),
        (
            "reason",
            &*tr(lang, &format!("reason.{}.name", reason.slug())),
        ),
        ("count", &figure::grouped(*count as f64, 0)),
    ];
    let secs = figure::clock_secs(scenario.start, *at_ns);
    let task = &props.task.task;
    let planned = plan(task, &scenario, seed)
        .into_iter()
        .find(|planned| planned.id.as_str() == run_id);
    let look = planned.map(|planned| {
        let awaited = awaited.clone();
        Callback::from(move |_: MouseEvent| {
            let design = dispatch.design();
            if shows(&run.now(), &design, &planned) {
                let row = run.now().data.table().row_at(secs);
                run.apply(RunCommand::SetCursor(Some(row)));
            } else {
                awaited.set(Some(secs));
                run.apply(RunCommand::Start {
                    design,
                    scenario: write_scenario(&planned.scenario).into(),
                    seed: planned.seed,
                    speed: Speed::Full,
                });
            }
        })
    });
    let which = task
        .runs
        .iter()
        .find(|run| task.runs.len() > 1 && run.id.as_str() == run_id)
        .map(|run| html! { <p class="quiet">{ local_text(lang, &run.name) }</p> });
    let reached = awaited.setter();
    let reached = Callback::from(move |()| reached.set(None));
    html! {
        <section class="cause">
            { which }
            <p class="cause-what">{ trf(lang, "verdict.first_cause", &args) }</p>
            <p class="quiet">{ tr(lang, &format!("reason.{}.help", reason.slug())) }</p>
            if let Some(look) = look {
                <button type="button" class="btn" onclick={look}>
                    <Icon name={IconName::Clock} size={16} />
                    { trf(lang, "task.look", &[("time", &time)]) }
                </button>
            }
            if let Some(secs) = *awaited {
                <Await {secs} {reached} />
            }
        </section>
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
