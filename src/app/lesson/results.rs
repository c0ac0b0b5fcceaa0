//! Targets before, results after. Why a target was missed is in `why.rs`.

use std::rc::Rc;

use archplay_course::{Target, TargetResult, Verdict};
use archplay_model::Scenario;
use archplay_model::format::read_scenario;
use web_sys::Element;
use yew::prelude::*;

use super::data::TaskRef;
use super::figure;
use super::panel::local_text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

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
        let points = figure::points(verdict.score);
        let score = trf(lang, "verdict.score", &[("score", &points)]);
        html! {
            <p {class} role="status">
                <Icon name={icon} size={20} />{ trf(lang, key, &args) }
                if !verdict.passed {
                    <span class="score">{ score }</span>
                }
            </p>
        }
    });
    let scenario = use_memo(props.task.clone(), |task| {
        read_scenario(&task.scenario).ok().map(Rc::new)
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
                            scenario={(*scenario).clone()}
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
    /// Where operations and audiences have their names.
    scenario: Option<Rc<Scenario>>,
    /// By run; `None` before the grading.
    results: Option<Vec<TargetResult>>,
}

#[component]
fn TargetRow(props: &TargetRowProps) -> Html {
    let lang = use_lang();
    let target = &props.target;
    let slug = target.metric.slug();
    let runs = &props.task.task.runs;
    let wanted = figure::wanted(lang, target);
    let name = figure::name(lang, target, props.scenario.as_deref());
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
                { name }
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
                { figure::measured(lang, &props.target, result.measured) }
                <span class="visually-hidden">{ tr(lang, word) }</span>
            </span>
        </td>
    }
}
