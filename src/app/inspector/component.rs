//! The panel of one component, or of several together.

use std::rc::Rc;

use archplay_editor::{Command, ConnectMode, EditRefusal, Selection};
use archplay_model::Kind;
use archplay_model::catalogue::{CALLER_TEXTS, ParamSpec, is_of_feed, text_area};
use archplay_model::limits::MAX_NAME_CHARS;
use archplay_model::scenario::FaultTarget;
use yew::prelude::*;

use crate::app::dialog::{Toast, use_toasts};
use crate::app::feed::{FeedMeasured, has_lists};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::palette::drag::focus_canvas;
use crate::app::problems::refused;
use crate::app::scenario::use_scenario;
use crate::app::session::{use_dispatch, use_document};

use super::NAME_FIELD;
use super::by_hand::ByHand;
use super::field::Field;
use super::measured::Measured;
use super::membership::Membership;
use super::text_field::TextField;
use super::value::{common, shown, unit_of};

/// What is selected.
#[derive(Properties, PartialEq)]
pub struct ComponentPanelProps {
    /// At least one component, or several links.
    pub selection: Rc<Selection>,
}

/// The panel.
#[component]
pub fn ComponentPanel(props: &ComponentPanelProps) -> Html {
    let lang = use_lang();
    let document = use_document();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let design = &document.design;
    let selection = &props.selection;
    let ids = Rc::new(selection.components.clone());
    let chosen = use_scenario();
    let feeds = chosen
        .as_ref()
        .is_some_and(|chosen| chosen.scenario.feed.is_some());
    // What is about a news feed comes and goes with it, and is then what matters.
    let specs: Vec<&'static ParamSpec> = common(design, &ids)
        .into_iter()
        .filter(|spec| feeds || !is_of_feed(spec) || shown(design, &ids, spec).set)
        .collect();
    let single = selection.single().and_then(|id| design.get(id));
    let kinds: Vec<Kind> = ids
        .iter()
        .filter_map(|id| design.get(id))
        .map(|c| c.kind)
        .collect();
    let same_kind = kinds
        .first()
        .copied()
        .filter(|first| kinds.iter().all(|kind| kind == first));

    let tell = use_callback((), move |result: Result<(), EditRefusal>, ()| {
        if let Err(refusal) = result {
            toasts.emit(Toast::bad(refused(lang, refusal)));
        }
    });
    let kind = kinds.first().copied().unwrap_or(Kind::Server);
    let field = |spec: &'static ParamSpec| {
        let unit = unit_of(design, &ids, kind, spec);
        let shown = shown(design, &ids, spec);
        html! { <Field key={spec.key} ids={ids.clone()} {kind} {spec} {shown} {unit} /> }
    };
    let (basic, advanced): (Vec<&'static ParamSpec>, Vec<_>) = specs
        .into_iter()
        .partition(|spec| !spec.advanced || is_of_feed(spec));
    let changed = advanced
        .iter()
        .filter(|spec| shown(design, &ids, spec).set)
        .count();
    let (asking, advanced): (Vec<_>, Vec<_>) = advanced
        .into_iter()
        .partition(|spec| text_area(kind, spec.key) == CALLER_TEXTS);

    let remove = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.update(|editor| editor.remove_selection());
            focus_canvas();
        })
    };
    let duplicate = {
        let (dispatch, tell) = (dispatch.clone(), tell.clone());
        Callback::from(move |_: MouseEvent| {
            tell.emit(dispatch.update(|editor| editor.duplicate()).map(|_| ()));
            // This panel goes, and the focus must not go with it.
            focus_canvas();
        })
    };
    let head = match (single, same_kind) {
        (Some(component), _) => html! {
            <header class="inspector-head">
                <Icon name={IconName::of(component.kind)} size={24} />
                <div>
                    <h2>{ tr(lang, &format!("kind.{}.name", component.kind.slug())) }</h2>
                    <code title={tr(lang, "inspector.id")}>{ component.id.as_str().to_owned() }</code>
                </div>
            </header>
        },
        (None, kind) => html! {
            <header class="inspector-head">
                <Icon name={kind.map_or(IconName::List, IconName::of)} size={24} />
                <h2>{ trf(lang, "inspector.several", &[("count", &selection.len().to_string())]) }</h2>
            </header>
        },
    };
    html! {
        <div class="inspector-body">
            { head }
            if let Some(component) = single {
                <ByHand target={FaultTarget::Component(component.id.clone())} />
            }
            if let Some(component) = single {
                <div class="field">
                    <label for={NAME_FIELD}>{ tr(lang, "inspector.name") }</label>
                    <TextField id={NAME_FIELD} value={component.name.clone()} max={MAX_NAME_CHARS}
                        placeholder={tr(lang, &format!("kind.{}.name", component.kind.slug()))}
                        on_text={{
                            let (id, dispatch, tell) = (component.id.clone(), dispatch.clone(), tell.clone());
                            move |name| {
                                let command = Command::Rename { id: id.clone(), name };
                                tell.emit(dispatch.update(|editor| editor.apply(command)).map(|_| ()));
                            }
                        }}
                        on_leave={{
                            let dispatch = dispatch.clone();
                            move |()| dispatch.update(|editor| editor.seal())
                        }} />
                </div>
            }
            if let Some(kind) = same_kind {
                <p class="inspector-about">{ tr(lang, &format!("kind.{}.about", kind.slug())) }</p>
            }
            if let Some(component) = single {
                <Measured id={component.id.clone()} />
                if chosen.is_some_and(|chosen| has_lists(&chosen.scenario, design, &component.id)) {
                    <FeedMeasured />
                }
            }
            for spec in basic { { field(spec) } }
            if ids.len() > 1 && advanced.is_empty() && asking.is_empty() && same_kind.is_none() {
                <p class="param-note">{ tr(lang, "inspector.common") }</p>
            }
            if !advanced.is_empty() || !asking.is_empty() {
                <details class="param-more">
                    <summary>
                        { tr(lang, "inspector.advanced") }
                        if changed > 0 {
                            <span class="chip">
                                { trf(lang, "inspector.changed", &[("count", &changed.to_string())]) }
                            </span>
                        }
                    </summary>
                    for spec in advanced { { field(spec) } }
                    if !asking.is_empty() {
                        <h3 class="param-group">{ tr(lang, "inspector.asking") }</h3>
                        for spec in asking { { field(spec) } }
                    }
                </details>
            }
            if let Some(component) = single { <Membership id={component.id.clone()} /> }
            <div class="inspector-actions">
                if let Some(component) = single {
                    if component.kind.is_group() {
                        <button type="button" class="btn" onclick={{
                            let (id, dispatch, tell) = (component.id.clone(), dispatch.clone(), tell.clone());
                            move |_: MouseEvent| {
                                let command = Command::Ungroup { id: id.clone() };
                                tell.emit(dispatch.update(|editor| editor.apply(command)).map(|_| ()));
                                focus_canvas();
                            }
                        }}>{ tr(lang, "command.ungroup") }</button>
                    } else {
                        <button type="button" class="btn" onclick={{
                            let (id, dispatch) = (component.id.clone(), dispatch.clone());
                            move |_: MouseEvent| {
                                dispatch.update(|editor| editor.start_connect(&id, ConnectMode::Keyboard));
                                focus_canvas();
                            }
                        }}>
                            <Icon name={IconName::Link} size={16} />
                            { tr(lang, "command.connect") }
                        </button>
                    }
                }
                if !ids.is_empty() {
                    <button type="button" class="btn" onclick={duplicate}>
                        <Icon name={IconName::Copy} size={16} />
                        { tr(lang, "command.duplicate") }
                    </button>
                }
                <button type="button" class="btn btn-danger" onclick={remove}>
                    <Icon name={IconName::Trash} size={16} />
                    { tr(lang, "command.delete") }
                </button>
            </div>
        </div>
    }
}
