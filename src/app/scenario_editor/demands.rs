//! An operation's demands as a tree, and the fields of the chosen one.

use archplay_editor::scenario::tree::{self, Way};
use archplay_editor::scenario::{At, DemandPath, List, ScenarioCommand, path};
use archplay_model::scenario::Demand;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::demand_tools::DemandTools;
use super::edit::{Edit, Shown, use_edit, use_shown};
use super::field::{Fields, Problems};
use super::journeys::{Add, Tool};
use super::text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};

/// Whose demands.
#[derive(Properties, PartialEq)]
pub struct DemandsProps {
    /// The operation's number.
    pub operation: usize,
    /// Its tree.
    pub root: Demand,
}

/// The tree with its tools.
#[component]
pub fn Demands(props: &DemandsProps) -> Html {
    let lang = use_lang();
    let (edit, shown) = (use_edit(), use_shown());
    let selected = use_state_eq(DemandPath::new);
    let wants_focus = use_mut_ref(|| false);
    use_effect_with((*selected).clone(), {
        let wants_focus = wants_focus.clone();
        move |path| {
            if wants_focus.replace(false) {
                focus_row(path);
            }
        }
    });
    let (Some(edit), Some(shown)) = (edit, shown) else {
        return Html::default();
    };
    let operation = props.operation;
    let rows = tree::rows(&props.root);
    // What was chosen may be gone: then what held it is.
    let mut chosen = (*selected).clone();
    while tree::node(&props.root, &chosen).is_none() && chosen.pop().is_some() {}
    let select = {
        let selected = selected.setter();
        Callback::from(move |path: DemandPath| selected.set(path))
    };
    let onkeydown = {
        let (edit, chosen, select) = (edit.clone(), chosen.clone(), select.clone());
        let paths: Vec<DemandPath> = rows.iter().map(|row| row.path.clone()).collect();
        let wants_focus = wants_focus.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(to) = key(&edit, operation, &paths, &chosen, &event) else {
                return;
            };
            event.prevent_default();
            event.stop_propagation();
            *wants_focus.borrow_mut() = true;
            if to == chosen {
                focus_row(&to);
            }
            select.emit(to);
        })
    };
    let lines = rows.into_iter().map(|row| {
        let line = tree::node(&props.root, &row.path).map(|demand| text::demand(lang, demand));
        let is_chosen = row.path == chosen;
        let bad = is_bad(&shown, operation, &row.path);
        let onclick = {
            let path = row.path.clone();
            select.reform(move |_: MouseEvent| path.clone())
        };
        html! {
            <li key={row_id(&row.path)} id={row_id(&row.path)} role="treeitem" aria-level={(row.path.len() + 1).to_string()}
                aria-selected={is_chosen.to_string()} tabindex={if is_chosen { "0" } else { "-1" }}
                class="sced-demand" style={format!("--level:{}", row.path.len())} {onclick}>
                { line }
                if bad {
                    <span class="sced-bad"><Icon name={IconName::Alert} size={14} />
                        <span class="visually-hidden">{ tr(lang, "scenario.has_problem") }</span></span>
                }
            </li>
        }
    });
    let at = At::Demand(operation, chosen.clone());
    html! {
        <div class="sced-demands">
            <div>
                <ul role="tree" aria-label={tr(lang, "scenario.demands.title")} aria-describedby="sced-tree-help" {onkeydown}>
                    { for lines }
                </ul>
                <p id="sced-tree-help" class="field-help">{ tr(lang, "scenario.demands.help") }</p>
                <DemandTools {operation} root={props.root.clone()} path={chosen.clone()} {select} />
            </div>
            <div class="sced-demand-fields" key={row_id(&chosen)}>
                <Problems path={path(&shown.scenario, &at)} />
                <Fields at={at} />
                <Filters {operation} path={chosen.clone()} count={filters(&props.root, &chosen)} />
            </div>
        </div>
    }
}

/// What a key does; the place of what is chosen afterwards.
fn key(
    edit: &Edit,
    operation: usize,
    paths: &[DemandPath],
    chosen: &DemandPath,
    event: &KeyboardEvent,
) -> Option<DemandPath> {
    if event.ctrl_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let at = || At::Demand(operation, chosen.clone());
    let here = paths.iter().position(|path| path == chosen).unwrap_or(0);
    let shift = |way| {
        let moved = edit.apply(ScenarioCommand::Shift(at(), way));
        match moved {
            Ok(Some(At::Demand(_, path))) => Some(path),
            // It cannot go there; the key is used up all the same.
            _ => Some(chosen.clone()),
        }
    };
    match (event.key().as_str(), event.alt_key()) {
        ("ArrowUp", true) => shift(Way::Up),
        ("ArrowDown", true) => shift(Way::Down),
        ("ArrowLeft", true) => shift(Way::Out),
        ("ArrowRight", true) => shift(Way::In),
        ("ArrowUp", false) => paths.get(here.saturating_sub(1)).cloned(),
        ("ArrowDown", false) => paths.get(here + 1).or(paths.last()).cloned(),
        ("Home", false) => paths.first().cloned(),
        ("End", false) => paths.last().cloned(),
        ("ArrowLeft", false) => {
            let mut parent = chosen.clone();
            parent.pop();
            Some(parent)
        }
        ("Delete" | "Backspace", false) => {
            // The one before it is chosen then.
            let before = paths.get(here.saturating_sub(1)).cloned();
            let done = edit.apply(ScenarioCommand::Remove(at()));
            done.ok().and(before)
        }
        _ => None,
    }
}

fn is_bad(shown: &Shown, operation: usize, path_of: &DemandPath) -> bool {
    let at = At::Demand(operation, path_of.clone());
    !shown
        .problems_at(&path(&shown.scenario, &at), false)
        .is_empty()
}

fn row_id(path: &[usize]) -> String {
    let mut id = "sced-demand".to_owned();
    for index in path {
        id.push_str(&format!("-{index}"));
    }
    id
}

fn focus_row(path: &[usize]) {
    let element = gloo::utils::document().get_element_by_id(&row_id(path));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Without the focus it is still chosen.
        let _ = element.focus();
    }
}

fn filters(root: &Demand, path: &[usize]) -> Option<usize> {
    match tree::node(root, path) {
        Some(Demand::Read { filters, .. }) => Some(filters.len()),
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    operation: usize,
    path: DemandPath,
    /// How many conditions there are; `None` when the demand can have none.
    count: Option<usize>,
}

/// The conditions of a reading demand.
#[component]
fn Filters(props: &FiltersProps) -> Html {
    let lang = use_lang();
    let Some(count) = props.count else {
        return Html::default();
    };
    let rows = (0..count).map(|n| {
        let at = At::Filter(props.operation, props.path.clone(), n);
        html! {
            <li key={n} class="sced-or">
                <Fields at={at.clone()} />
                <Tool command={ScenarioCommand::Remove(at)} icon={IconName::Minus} label={tr(lang, "scenario.remove_filter")} />
            </li>
        }
    });
    html! {
        <>
            <h4>{ tr(lang, "scenario.filters") }</h4>
            <ul class="sced-ors">{ for rows }</ul>
            <Add list={List::Filters(props.operation, props.path.clone())} slug="filters" />
        </>
    }
}
