//! The table: a row a drawing, a column a target, sorted by any column.

use std::rc::Rc;

use archplay_course::Target;
use archplay_course::class::teams::{Cell, SortBy, Standing, order, team_name};
use archplay_model::Scenario;
use archplay_model::format::{read_design, read_scenario};
use archplay_text::Lang;
use yew::prelude::*;

use super::board::{Board, Chosen, Stage, Team};
use crate::app::dialog::{Toast, say_with, use_toasts};
use crate::app::drawings::use_desk;
use crate::app::files::warnings;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::{remember_task, use_course};
use crate::app::lesson::{figure, local_text};
use crate::app::route::{Desk, use_route};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// All of it.
    pub board: Board,
}

/// The table.
#[component]
pub fn TeamTable(props: &TableProps) -> Html {
    let lang = use_lang();
    let sort = use_state_eq(|| (SortBy::Arrival, false));
    let board = &props.board;
    let bundle = board.chosen.as_ref().map(|chosen| chosen.bundle.clone());
    let scenario = use_memo(bundle, |bundle| {
        let bundle = bundle.as_ref()?;
        read_scenario(&bundle.scenario).ok().map(Rc::new)
    });
    let open = use_open(board.chosen.clone());
    let Some(chosen) = &board.chosen else {
        return Html::default();
    };
    let targets = &chosen.bundle.task.targets;
    let rows: Vec<(&str, Option<&Standing>)> = board
        .teams
        .iter()
        .map(|team| (team_name(&team.file), team.standing()))
        .collect();
    let (by, descending) = *sort;
    let head = |what: SortBy, first_down: bool, label: Html, title: Option<AttrValue>| {
        let here = by == what;
        let onclick = {
            let sort = sort.clone();
            Callback::from(move |_: MouseEvent| {
                sort.set((what, if here { !descending } else { first_down }));
            })
        };
        let state = match (here, descending) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        };
        html! {
            <th scope="col" aria-sort={state}>
                <button type="button" class="class-sort" {onclick} {title}>
                    { label }
                    if here {
                        <Icon name={if descending { IconName::ChevronDown } else { IconName::ChevronUp }} size={14} />
                    }
                </button>
            </th>
        }
    };
    let plain = |key: &str| html! { { tr(lang, key) } };
    html! {
        <div class="class-scroll" tabindex="0" role="region" aria-label={tr(lang, "class.teams.table")}>
            <table class="class-table">
                <thead>
                    <tr>
                        { head(SortBy::Name, false, plain("class.teams.team"), None) }
                        { head(SortBy::Score, true, plain("class.teams.score"), None) }
                        for (i, target) in targets.iter().enumerate() {
                            { head(SortBy::Target(i), false, target_head(lang, target, scenario.as_deref()),
                                Some(tr(lang, &format!("target.{}.help", target.metric.slug())))) }
                        }
                        <th scope="col"><span class="visually-hidden">{ tr(lang, "class.teams.open_drawing") }</span></th>
                    </tr>
                </thead>
                <tbody>
                    for team in order(&rows, by, descending).into_iter().filter_map(|i| board.teams.get(i)) {
                        <Row key={team.id} team={team.clone()} chosen={chosen.clone()} open={open.clone()} />
                    }
                </tbody>
            </table>
        </div>
    }
}

fn target_head(lang: Lang, target: &Target, scenario: Option<&Scenario>) -> Html {
    html! {
        <span>
            { figure::name(lang, target, scenario) }
            <span class="limit">{ figure::wanted(lang, target) }</span>
        </span>
    }
}

/// Returns what opens a team's drawing as a new one of the instructor's own, with the task beside it.
#[hook]
fn use_open(chosen: Option<Chosen>) -> Callback<Team> {
    let here = use_route().desk;
    let course = use_course();
    let actions = use_desk().actions;
    let toasts = use_toasts();
    Callback::from(move |team: Team| {
        let Some(chosen) = &chosen else { return };
        let Ok((mut design, _)) = read_design(&team.json) else {
            return;
        };
        let name = team_name(&team.file).to_owned();
        if design.name.trim().is_empty() {
            design.name.clone_from(&name);
        }
        let desk = Desk::Session(chosen.session);
        remember_task(&chosen.lesson, chosen.position);
        if desk == here {
            course.set_task.emit(chosen.position);
        }
        actions.open_new_at(desk, design, here);
        let args = [("name", name.as_str())];
        toasts.emit(Toast::done(say_with("class.teams.opened", &args)));
    })
}

#[derive(Properties, PartialEq)]
struct RowProps {
    team: Team,
    chosen: Chosen,
    open: Callback<Team>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let lang = use_lang();
    let team = &props.team;
    let targets = &props.chosen.bundle.task.targets;
    let onclick = {
        let team = team.clone();
        props.open.reform(move |_: MouseEvent| team.clone())
    };
    let name = team_name(&team.file);
    let label = trf(lang, "class.teams.open_of", &[("name", name)]);
    let result = match &team.stage {
        Stage::Done(standing) => done(lang, &props.chosen, standing, targets),
        stage => {
            let lines = match stage {
                Stage::Refused(problems) => warnings(lang, problems),
                Stage::Failed(detail) => vec![detail.clone()],
                _ => Vec::new(),
            };
            let bad = matches!(stage, Stage::Refused(_) | Stage::Failed(_));
            html! {
                <td colspan={(targets.len() + 1).to_string()} class={classes!("class-stage", bad.then_some("missed"))}>
                    { said(lang, stage) }
                    if !lines.is_empty() {
                        <ul>for line in lines { <li>{ line }</li> }</ul>
                    }
                </td>
            }
        }
    };
    html! {
        <tr data-team={team.file.clone()}>
            <th scope="row">
                <span class="class-team">{ name.to_owned() }</span>
                <span class="limit">
                    { team.drawing.clone() }
                    if !team.mended.is_empty() {
                        { " · " }
                        <span title={warnings(lang, &team.mended).join("\n")}>
                            { trf(lang, "class.teams.mended", &[("count", &team.mended.len().to_string())]) }
                        </span>
                    }
                </span>
            </th>
            { result }
            <td>
                <button type="button" class="btn" {onclick} aria-label={label}>{ tr(lang, "answers.open") }</button>
            </td>
        </tr>
    }
}

/// How far a drawing is, in words.
pub fn said(lang: Lang, stage: &Stage) -> String {
    let key = match stage {
        Stage::Waiting => "class.teams.waiting",
        Stage::Running(share) => {
            let percent = format!("{:.0}", share * 100.0);
            return trf(lang, "class.teams.running", &[("percent", &percent)]).to_string();
        }
        Stage::Done(_) => "class.teams.graded",
        Stage::Refused(_) => "class.teams.refused",
        Stage::Failed(_) => "class.teams.broken",
        Stage::Skipped => "class.teams.skipped",
    };
    tr(lang, key).to_string()
}

fn done(lang: Lang, chosen: &Chosen, standing: &Standing, targets: &[Target]) -> Html {
    let (class, icon, word) = mark(standing.passed);
    let (met, all) = (standing.met().to_string(), targets.len().to_string());
    let args = [("met", met.as_str()), ("all", &all)];
    html! {
        <>
            <td {class}>
                <span class="result">
                    <Icon name={icon} size={14} />
                    { figure::points(standing.score) }
                    <span class="visually-hidden">{ tr(lang, word) }</span>
                </span>
                <span class="limit">{ trf(lang, "class.teams.met", &args) }</span>
            </td>
            for (target, cell) in targets.iter().zip(&standing.cells) {
                { measured(lang, chosen, target, cell.as_ref()) }
            }
        </>
    }
}

fn measured(lang: Lang, chosen: &Chosen, target: &Target, cell: Option<&Cell>) -> Html {
    let Some(cell) = cell else {
        return html! { <td class="quiet">{ "–" }</td> };
    };
    let (class, icon, word) = mark(cell.passed);
    let runs = &chosen.bundle.task.runs;
    let run = runs.iter().find(|run| run.id.as_str() == cell.run);
    let run = run.map_or_else(|| cell.run.clone(), |run| local_text(lang, &run.name));
    let args = [("run", run.as_str()), ("seed", &cell.seed.to_string())];
    let title = trf(lang, "class.teams.where", &args);
    html! {
        <td {class} title={title}>
            <span class="result">
                <Icon name={icon} size={14} />
                { figure::measured(lang, target, cell.measured) }
                <span class="visually-hidden">{ tr(lang, word) }</span>
            </span>
        </td>
    }
}

const fn mark(passed: bool) -> (&'static str, IconName, &'static str) {
    if passed {
        ("met", IconName::Check, "verdict.passed")
    } else {
        ("missed", IconName::Close, "verdict.failed")
    }
}
