//! The tools of the tree of demands: add, wrap, unwrap, move, copy, remove.

use archplay_editor::scenario::tree::{self, Way};
use archplay_editor::scenario::{
    At, DemandKind, DemandPath, ScenarioCommand, ScenarioRefusal, Word, Wrapper,
};
use archplay_model::scenario::Demand;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::edit::use_edit;
use super::text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// What the tools are for.
#[derive(Properties, PartialEq)]
pub struct ToolsProps {
    /// The operation's number.
    pub operation: usize,
    /// Its tree.
    pub root: Demand,
    /// The chosen demand.
    pub path: DemandPath,
    /// Chooses another.
    pub select: Callback<DemandPath>,
}

/// The tools.
#[component]
pub fn DemandTools(props: &ToolsProps) -> Html {
    let lang = use_lang();
    let edit = use_edit();
    let refused = use_state_eq(|| None::<ScenarioRefusal>);
    let (operation, path) = (props.operation, props.path.clone());
    let act = {
        let (refused, select) = (refused.setter(), props.select.clone());
        Callback::from(move |command: ScenarioCommand| {
            let Some(edit) = &edit else { return };
            match edit.apply(command) {
                Ok(at) => {
                    refused.set(None);
                    if let Some(At::Demand(_, path)) = at {
                        select.emit(path);
                    }
                }
                Err(why) => refused.set(Some(why)),
            }
        })
    };
    let Some(chosen) = tree::node(&props.root, &path) else {
        return Html::default();
    };
    let name = text::demand(lang, chosen);
    let at = || At::Demand(operation, path.clone());
    let button = |icon: IconName, key: &str, enabled: bool, command: ScenarioCommand| {
        let label = trf(lang, key, &[("name", &name)]);
        let onclick = act.reform(move |_: MouseEvent| command.clone());
        html! {
            <button type="button" class="icon-btn" disabled={!enabled} {onclick} title={label.clone()} aria-label={label}>
                <Icon name={icon} size={16} />
            </button>
        }
    };
    let shift = |icon, key, way| {
        button(
            icon,
            key,
            !path.is_empty(),
            ScenarioCommand::Shift(at(), way),
        )
    };
    // A menu that does what is chosen and shows its name again.
    let menu = |key: &str,
                kinds: Vec<DemandKind>,
                command: Callback<DemandKind, ScenarioCommand>| {
        let act = act.clone();
        let onchange = Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
                return;
            };
            if let Some(kind) = DemandKind::from_slug(&select.value()) {
                act.emit(command.emit(kind));
            }
            select.set_selected_index(0);
        });
        html! {
            <select class="select" aria-label={tr(lang, key)} {onchange}>
                <option value="" selected=true>{ tr(lang, key) }</option>
                for kind in kinds {
                    <option key={kind.slug()} value={kind.slug()}>{ text::word(lang, DemandKind::CHOICE, kind.slug()) }</option>
                }
            </select>
        }
    };
    let add = {
        let path = path.clone();
        Callback::from(move |kind| ScenarioCommand::AddDemand {
            operation,
            path: path.clone(),
            kind,
        })
    };
    let wrap = {
        let path = path.clone();
        Callback::from(move |kind: DemandKind| {
            let with = Wrapper::ALL.into_iter().find(|with| with.kind() == kind);
            ScenarioCommand::Wrap(operation, path.clone(), with.unwrap_or(Wrapper::Seq))
        })
    };
    let kinds: Vec<DemandKind> = DemandKind::LEAVES
        .into_iter()
        .chain(Wrapper::ALL.map(Wrapper::kind))
        .collect();
    let holds = !tree::children(chosen).is_empty();
    let unwrap = ScenarioCommand::Unwrap(operation, path.clone());
    html! {
        <div class="sced-tools" role="group" aria-label={tr(lang, "scenario.demands.tools")}>
            { menu("scenario.demands.add", kinds, add) }
            { menu("scenario.demands.wrap", Wrapper::ALL.map(Wrapper::kind).to_vec(), wrap) }
            { button(IconName::Fit, "scenario.demands.unwrap", holds, unwrap) }
            { shift(IconName::ChevronUp, "scenario.move_up", Way::Up) }
            { shift(IconName::ChevronDown, "scenario.move_down", Way::Down) }
            { shift(IconName::ChevronLeft, "scenario.demands.out", Way::Out) }
            { shift(IconName::ChevronRight, "scenario.demands.into", Way::In) }
            { button(IconName::Copy, "scenario.duplicate_it", !path.is_empty(), ScenarioCommand::Duplicate(at())) }
            { button(IconName::Trash, "scenario.remove", true, ScenarioCommand::Remove(at())) }
            if let Some(why) = &*refused {
                <p class="field-error" role="alert">{ text::refusal(lang, why) }</p>
            }
        </div>
    }
}
