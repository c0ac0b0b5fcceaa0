//! A field with its label, unit, help, and what is wrong with it.

use archplay_editor::scenario::{At, Control, FieldView, ScenarioRefusal, fields};
use yew::prelude::*;

use super::control::{Check, ControlProps, Line, Select};
use super::edit::use_shown;
use super::text;
use crate::app::files::warnings;
use crate::app::lang::use_lang;

/// Which fields are shown.
#[derive(Properties, PartialEq)]
pub struct FieldsProps {
    /// Of what.
    pub at: At,
    /// Only these, by name; all if empty.
    #[prop_or_default]
    pub only: &'static [&'static str],
}

/// The fields of a part of the scenario.
#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let views = fields(&shown.scenario, &props.at);
    let wanted = |view: &FieldView| props.only.is_empty() || props.only.contains(&view.key);
    html! {
        <div class="sced-fields">
            for view in views.iter().filter(|view| wanted(view)) {
                <FieldRow key={view.key} at={props.at.clone()} view={view.clone()} />
            }
        </div>
    }
}

/// What a row shows.
#[derive(Properties, PartialEq)]
pub struct RowProps {
    /// Of what it is a field.
    pub at: At,
    /// The field.
    pub view: FieldView,
    /// In a table: without label, unit and help; named by this instead.
    #[prop_or_default]
    pub bare: Option<AttrValue>,
}

/// The element id of a field: stable, and unique within the dialog.
pub fn field_id(view: &FieldView) -> String {
    let mut id = format!("sced-{}-", view.of);
    for c in view.path.chars().chain(['-']).chain(view.key.chars()) {
        id.push(if c.is_ascii_alphanumeric() { c } else { '-' });
    }
    id
}

/// A field.
#[component]
pub fn FieldRow(props: &RowProps) -> Html {
    let lang = use_lang();
    let refused = use_state_eq(|| None::<ScenarioRefusal>);
    let shown = use_shown();
    let view = &props.view;
    use_effect_with(view.value.clone(), {
        let refused = refused.setter();
        move |_| refused.set(None)
    });
    let Some(shown) = shown else {
        return Html::default();
    };
    let problems = shown.problems_at(&view.path, false);
    let id = field_id(view);
    let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let errors: Vec<AttrValue> = match &*refused {
        Some(refused) => vec![text::refusal(lang, refused)],
        None => warnings(lang, &problems)
            .into_iter()
            .map(AttrValue::from)
            .collect(),
    };
    let bare = props.bare.is_some();
    let help = (!bare).then(|| text::help(lang, view)).flatten();
    let described_by = match (errors.is_empty(), &help) {
        (false, _) => Some(AttrValue::from(error_id.clone())),
        (true, Some(_)) => Some(AttrValue::from(help_id.clone())),
        (true, None) => None,
    };
    let control = ControlProps {
        at: props.at.clone(),
        view: view.clone(),
        id: id.clone().into(),
        name: props.bare.clone(),
        wrong: !errors.is_empty(),
        described_by,
        refused: {
            let refused = refused.setter();
            Callback::from(move |why| refused.set(why))
        },
    };
    let label = text::label(lang, view);
    let errors = html! {
        if !errors.is_empty() {
            <p id={error_id} class="field-error" role="alert">
                for line in errors { <span>{ line }</span> }
            </p>
        }
    };
    if bare {
        return html! { <>{ control_of(control) }{ errors }</> };
    }
    let help = help.map(|help| html! { <p id={help_id} class="field-help">{ help }</p> });
    if view.control == Control::Flag {
        return html! {
            <div class="sced-field sced-flag">
                <label for={id}><Check ..control />{ label }</label>
                { help }
                { errors }
            </div>
        };
    }
    let (unit, range) = match view.control {
        Control::Number { unit, .. } => (text::unit(lang, unit), text::range(lang, &view.control)),
        _ => (None, None),
    };
    html! {
        <div class="sced-field field">
            <label for={id}>{ label }</label>
            <div class="param-number" title={range}>
                { control_of(control) }
                if let Some(unit) = unit {
                    <span class="param-unit">{ unit }</span>
                }
            </div>
            { errors }
            { help }
        </div>
    }
}

fn control_of(control: ControlProps) -> Html {
    match control.view.control {
        Control::Text | Control::Id | Control::Number { .. } | Control::Time => {
            html! { <Line ..control /> }
        }
        Control::Choice(_) | Control::Refer(_) => html! { <Select ..control /> },
        Control::Flag => html! { <Check ..control /> },
    }
}

/// What is wrong at a place that has no field of its own.
#[derive(Properties, PartialEq)]
pub struct ProblemsProps {
    /// The checker's path.
    pub path: String,
    /// Whether what lies below counts too.
    #[prop_or_default]
    pub below: bool,
}

/// The sentences for what is wrong at a place.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let lang = use_lang();
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let lines = warnings(lang, &shown.problems_at(&props.path, props.below));
    html! {
        for line in lines {
            <p class="field-error" role="alert">{ line }</p>
        }
    }
}
