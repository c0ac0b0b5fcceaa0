//! One parameter: label, control, unit, help on demand, default, and why a value was refused.

use std::collections::BTreeSet;
use std::rc::Rc;

use archplay_editor::{Command, EditRefusal};
use archplay_model::catalogue::{
    NameDomain, ParamKind, ParamSpec, Unit, ValueRefusal, nature, text_area,
};
use archplay_model::{Id, Kind, Value};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::dialog::{Toast, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::problems::{refused, value_refusal_text};
use crate::app::session::{Dispatch, use_dispatch};

use super::choice::ChoiceControl;
use super::list::ListControl;
use super::names::NamesControl;
use super::number::NumberControl;
use super::schedule::ScheduleControl;
use super::value::{Shown, format_number};

/// Which parameter of which components.
#[derive(Properties, PartialEq)]
pub struct FieldProps {
    /// The components.
    pub ids: Rc<BTreeSet<Id>>,
    /// The kind by which texts are found.
    pub kind: Kind,
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// What it shows.
    pub shown: Shown,
    /// The unit of a number.
    pub unit: Unit,
}

/// What every control is given.
#[derive(Clone, PartialEq)]
pub struct Control {
    /// The id of the element that has the focus.
    pub id: AttrValue,
    /// The kind by which texts are found.
    pub kind: Kind,
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// The unit of a number.
    pub unit: Unit,
    /// The common value.
    pub value: Option<Value>,
    /// Whether the last value was refused.
    pub invalid: bool,
    /// The ids of the elements that describe it.
    pub described_by: AttrValue,
    /// Takes a value, or what could not be read.
    pub commit: Callback<Result<Value, ValueRefusal>>,
    /// Takes a value when there is nobody left to tell of a refusal.
    pub commit_last: Callback<Value>,
    /// Forgets a refusal.
    pub forget: Callback<()>,
    /// The field is left: the next change is an undo step of its own.
    pub seal: Callback<()>,
}

/// What the controls of this module take.
#[derive(Properties, PartialEq)]
pub struct ControlProps {
    /// See [`Control`].
    pub control: Control,
}

fn set(
    dispatch: &Dispatch,
    ids: &BTreeSet<Id>,
    key: &str,
    value: Value,
) -> Result<(), EditRefusal> {
    let command = Command::SetParam {
        ids: ids.clone(),
        key: key.to_owned(),
        value,
    };
    dispatch.update(|editor| editor.apply(command)).map(|_| ())
}

/// The field.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let refusal = use_state_eq(|| None::<ValueRefusal>);
    let help = use_state_eq(|| false);
    let (spec, kind) = (props.spec, props.kind);

    // Another value from elsewhere (undo, another field) makes an old refusal pointless.
    use_effect_with(props.shown.clone(), {
        let refusal = refusal.setter();
        move |_| refusal.set(None)
    });

    let deps = (dispatch.clone(), props.ids.clone());
    let commit = use_callback(deps.clone(), {
        let refusal = refusal.setter();
        move |value: Result<Value, ValueRefusal>, (dispatch, ids)| {
            let result = value
                .map_err(EditRefusal::Value)
                .and_then(|value| set(dispatch, ids, spec.key, value));
            match result {
                Ok(()) => refusal.set(None),
                Err(EditRefusal::Value(why)) => refusal.set(Some(why)),
                Err(other) => toasts.emit(Toast::bad(refused(lang, other))),
            }
        }
    });
    let commit_last = use_callback(deps.clone(), move |value: Value, (dispatch, ids)| {
        // The field is gone: a value that is refused now is dropped, as Escape would have.
        let _ = set(dispatch, ids, spec.key, value);
    });
    let forget = use_callback((), {
        let refusal = refusal.setter();
        move |(), ()| refusal.set(None)
    });
    let seal = use_callback(dispatch.clone(), move |(), dispatch| {
        dispatch.update(|e| e.seal())
    });
    let reset = use_callback(deps, move |_: MouseEvent, (dispatch, ids)| {
        let command = Command::ResetParam {
            ids: (**ids).clone(),
            key: spec.key.to_owned(),
        };
        // Only a component that is gone could refuse it.
        let _ = dispatch.update(|editor| editor.apply(command));
    });
    let toggle_help = {
        let help = help.clone();
        Callback::from(move |_: MouseEvent| help.set(!*help))
    };

    let id = AttrValue::from(format!("param-{}", spec.key));
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let mut described = Vec::new();
    if refusal.is_some() {
        described.push(error_id.as_str());
    }
    if *help {
        described.push(help_id.as_str());
    }
    let control = Control {
        id: id.clone(),
        kind,
        spec,
        unit: props.unit,
        value: props.shown.value.clone(),
        invalid: refusal.is_some(),
        described_by: described.join(" ").into(),
        commit,
        commit_last,
        forget,
        seal,
    };
    let text = |part: &str| format!("param.{}.{}.{part}", text_area(kind, spec.key), spec.key);
    let name = tr(lang, &text("name"));
    let label_id = format!("{id}-label");
    let label = match spec.kind {
        // Groups of controls are labelled, not a single one.
        ParamKind::Names(_) | ParamKind::Schedule | ParamKind::Choice { .. } => {
            html! { <span class="param-name" id={label_id}>{ name.clone() }</span> }
        }
        ParamKind::Number { .. } | ParamKind::Weights | ParamKind::Indexes => {
            html! { <label class="param-name" for={id.clone()}>{ name.clone() }</label> }
        }
    };
    let inline = matches!(spec.kind, ParamKind::Number { .. });
    let help_label = trf(lang, "inspector.help", &[("name", name.as_str())]);
    let reset_label = trf(
        lang,
        "inspector.reset",
        &[("default", default_text(lang, kind, spec).as_str())],
    );
    html! {
        <div class={classes!("param", inline.then_some("param-inline"), props.shown.set.then_some("param-set"))}>
            <div class="param-head">
                { label }
                if props.shown.set {
                    <button type="button" class="param-tool" aria-label={reset_label.clone()}
                        title={reset_label} onclick={reset}>
                        <Icon name={IconName::Reset} size={14} />
                    </button>
                }
                <button type="button" class="param-tool" aria-expanded={help.to_string()}
                    aria-controls={help_id.clone()} aria-label={help_label.clone()} title={help_label}
                    onclick={toggle_help}>
                    <Icon name={IconName::Help} size={14} />
                </button>
            </div>
            {
                match spec.kind {
                    ParamKind::Number { .. } => html! { <NumberControl {control} /> },
                    ParamKind::Choice { .. } => html! { <ChoiceControl {control} /> },
                    ParamKind::Names(_) => html! { <NamesControl {control} /> },
                    ParamKind::Schedule => html! { <ScheduleControl {control} /> },
                    ParamKind::Weights | ParamKind::Indexes => html! { <ListControl {control} /> },
                }
            }
            if let Some(why) = &*refusal {
                <p class="field-error" id={error_id} role="alert">{ value_refusal_text(lang, why) }</p>
            }
            <div id={help_id} class="field-help" hidden={!*help}>
                <p>{ tr(lang, &text("help")) }</p>
                if let Some(range) = range_text(lang, kind, spec) { <p>{ range }</p> }
                if nature(kind, spec.key).is_some() { <p>{ tr(lang, "inspector.natural") }</p> }
            </div>
        </div>
    }
}

/// The label of a unit; nothing for plain counts.
pub fn unit_text(lang: Lang, unit: Unit) -> Option<AttrValue> {
    (unit != Unit::Count).then(|| tr(lang, &format!("unit.{}", unit.slug())))
}

/// A number with its unit, as it stands beside a field.
pub fn with_unit(lang: Lang, value: f64, unit: Unit) -> String {
    match unit_text(lang, unit) {
        Some(unit) if unit.as_str() == "%" => format!("{}%", format_number(value)),
        Some(unit) => format!("{} {unit}", format_number(value)),
        None => format_number(value),
    }
}

/// What it means when nothing is set.
pub fn default_text(lang: Lang, kind: Kind, spec: &ParamSpec) -> AttrValue {
    match spec.kind {
        ParamKind::Number { default, .. } => with_unit(lang, default, spec.unit).into(),
        ParamKind::Choice { default, .. } => tr(
            lang,
            &format!(
                "choice.{}.{}.{default}",
                text_area(kind, spec.key),
                spec.key
            ),
        ),
        ParamKind::Names(domain) => names_default(lang, domain),
        ParamKind::Schedule => tr(lang, "inspector.schedule_default"),
        ParamKind::Weights => tr(lang, "inspector.weights_default"),
        ParamKind::Indexes => tr(lang, "inspector.indexes_default"),
    }
}

/// What it means when no name is given.
pub fn names_default(lang: Lang, domain: NameDomain) -> AttrValue {
    tr(
        lang,
        match domain {
            NameDomain::Components => "inspector.components_default",
            NameDomain::Audiences | NameDomain::Operations | NameDomain::Datasets => {
                "inspector.names_default"
            }
        },
    )
}

fn range_text(lang: Lang, kind: Kind, spec: &ParamSpec) -> Option<AttrValue> {
    let ParamKind::Number { min, max, .. } = spec.kind else {
        return None;
    };
    Some(trf(
        lang,
        "inspector.range",
        &[
            ("min", &format_number(min)),
            ("max", &with_unit(lang, max, spec.unit)),
            ("default", &default_text(lang, kind, spec)),
        ],
    ))
}
