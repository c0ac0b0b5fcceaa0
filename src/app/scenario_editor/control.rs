//! The controls of a field: a line to type in, a choice, a check box.

use archplay_editor::scenario::{
    At, Control, FieldValue, FieldView, Refer, ScenarioCommand, ScenarioRefusal,
};
use archplay_model::ClockTime;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::edit::{use_edit, use_shown};
use super::text;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::number::read_number;

/// What a control is about.
#[derive(Clone, Properties, PartialEq)]
pub struct ControlProps {
    /// Of what it is a field.
    pub at: At,
    /// The field.
    pub view: FieldView,
    /// The element's id.
    pub id: AttrValue,
    /// Its name, where no label stands beside it.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// Whether what it holds was found to be wrong.
    pub wrong: bool,
    /// The element that says more.
    pub described_by: Option<AttrValue>,
    /// Told why a value was not taken, and when one was.
    pub refused: Callback<Option<ScenarioRefusal>>,
}

impl ControlProps {
    fn command(&self, value: FieldValue) -> ScenarioCommand {
        ScenarioCommand::Set {
            at: self.at.clone(),
            key: self.view.key,
            value,
        }
    }
}

/// What a line of text means for a field.
fn read(view: &FieldView, line: &str) -> Result<FieldValue, ScenarioRefusal> {
    let line = line.trim();
    if line.is_empty() && view.optional {
        return Ok(FieldValue::Absent);
    }
    match view.control {
        Control::Number { .. } => {
            let plain = line.replace([',', ' '], "");
            let number = read_number(&plain).ok_or(ScenarioRefusal::WrongValue)?;
            Ok(FieldValue::Number(number))
        }
        Control::Time => {
            let time: Result<ClockTime, _> = line.parse();
            time.map(FieldValue::Time)
                .map_err(|_| ScenarioRefusal::WrongValue)
        }
        _ => Ok(FieldValue::Text(line.to_owned())),
    }
}

/// A line to type in. What is typed becomes a value with Enter, or when the field is left.
#[component]
pub fn Line(props: &ControlProps) -> Html {
    let edit = use_edit();
    let draft = use_state_eq(|| None::<String>);
    let pending = use_mut_ref(|| None::<String>);
    let shown = text::typed(&props.view.value);
    use_effect_with(shown.clone(), {
        let (draft, pending) = (draft.setter(), pending.clone());
        move |_| {
            *pending.borrow_mut() = None;
            draft.set(None);
        }
    });
    let oninput = {
        let (draft, pending) = (draft.setter(), pending.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                *pending.borrow_mut() = Some(input.value());
                draft.set(Some(input.value()));
            }
        })
    };
    let commit = {
        let (props, edit, draft) = (props.clone(), edit.clone(), draft.setter());
        move |value: Result<FieldValue, ScenarioRefusal>| {
            let Some(edit) = &edit else { return };
            let done = value.and_then(|value| edit.apply(props.command(value)));
            if done.is_ok() {
                draft.set(None);
            }
            props.refused.emit(done.err());
        }
    };
    let settle = {
        let (commit, pending, view) = (commit.clone(), pending.clone(), props.view.clone());
        move || {
            // Out of the cell first: what follows may draw this anew.
            let line = pending.borrow_mut().take();
            if let Some(line) = line {
                commit(read(&view, &line));
            }
        }
    };
    let onblur = {
        let (settle, edit) = (settle.clone(), edit.clone());
        Callback::from(move |_: FocusEvent| {
            settle();
            if let Some(edit) = &edit {
                edit.seal();
            }
        })
    };
    let onkeydown = {
        let (draft, pending, props) = (draft.clone(), pending.clone(), props.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            let undo = (event.ctrl_key() || event.meta_key()) && event.code() == "KeyZ";
            match event.key().as_str() {
                "Enter" => settle(),
                // What is typed and not yet a value is taken back first.
                "Escape" if draft.is_some() => {
                    *pending.borrow_mut() = None;
                    draft.set(None);
                    props.refused.emit(None);
                }
                _ if undo && draft.is_some() => {
                    *pending.borrow_mut() = None;
                    draft.set(None);
                    props.refused.emit(None);
                }
                key @ ("ArrowUp" | "ArrowDown") => {
                    let line = pending.borrow().clone();
                    let value = match line {
                        Some(line) => read(&props.view, &line).ok(),
                        None => Some(props.view.value.clone()),
                    };
                    let Some(FieldValue::Number(number)) = value else {
                        return;
                    };
                    *pending.borrow_mut() = None;
                    let up = key == "ArrowUp";
                    let next = props.view.control.stepped(number, up, event.shift_key());
                    commit(Ok(FieldValue::Number(next)));
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let numeric = matches!(props.view.control, Control::Number { .. });
    html! {
        <input id={props.id.clone()} class="input" type="text" autocomplete="off" spellcheck="false"
            inputmode={numeric.then_some("decimal")} value={(*draft).clone().unwrap_or(shown)}
            aria-label={props.name.clone()} aria-invalid={props.wrong.to_string()}
            aria-describedby={props.described_by.clone()} {oninput} {onblur} {onkeydown} />
    }
}

/// One of several: words, or names of things.
#[component]
pub fn Select(props: &ControlProps) -> Html {
    let lang = use_lang();
    let (edit, shown) = (use_edit(), use_shown());
    let (Some(edit), Some(shown)) = (edit, shown) else {
        return Html::default();
    };
    let view = &props.view;
    let mut options: Vec<(String, AttrValue)> = match view.control {
        Control::Choice(choice) => choice
            .slugs
            .iter()
            .map(|slug| ((*slug).to_owned(), text::word(lang, choice, slug)))
            .collect(),
        Control::Refer(refer) => text::names(lang, refer, &shown.scenario, &shown.design),
        _ => Vec::new(),
    };
    let current = text::typed(&view.value);
    if !current.is_empty() && options.iter().all(|(value, _)| *value != current) {
        let key = match view.control {
            Control::Refer(Refer::Component | Refer::Link) => "scenario.not_in_drawing",
            _ => "scenario.not_defined",
        };
        let missing = trf(lang, key, &[("name", &current)]);
        options.push((current.clone(), missing));
    }
    let onchange = {
        let props = props.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
                return;
            };
            let value = match select.value() {
                none if none.is_empty() => FieldValue::Absent,
                word => FieldValue::Text(word),
            };
            edit.seal();
            props.refused.emit(edit.apply(props.command(value)).err());
        })
    };
    html! {
        <select id={props.id.clone()} class="select" aria-label={props.name.clone()} {onchange}
            aria-invalid={props.wrong.to_string()} aria-describedby={props.described_by.clone()}>
            if view.optional {
                <option value="" selected={current.is_empty()}>{ tr(lang, "scenario.none") }</option>
            }
            for (value, name) in options {
                <option key={value.clone()} value={value.clone()} selected={value == current}>{ name }</option>
            }
        </select>
    }
}

/// On or off.
#[component]
pub fn Check(props: &ControlProps) -> Html {
    let edit = use_edit();
    let onchange = {
        let (props, edit) = (props.clone(), edit);
        Callback::from(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            if let (Some(input), Some(edit)) = (input, &edit) {
                edit.seal();
                let value = FieldValue::Flag(input.checked());
                props.refused.emit(edit.apply(props.command(value)).err());
            }
        })
    };
    html! {
        <input id={props.id.clone()} type="checkbox" checked={props.view.value == FieldValue::Flag(true)}
            aria-describedby={props.described_by.clone()} {onchange} />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(control: Control, optional: bool) -> FieldView {
        FieldView {
            of: "x",
            key: "x",
            path: String::new(),
            control,
            optional,
            value: FieldValue::Absent,
        }
    }

    #[test]
    fn lines_are_read_as_their_field_means_them() {
        let number = Control::Number {
            min: 0.0,
            max: 1e9,
            whole: false,
            unit: archplay_editor::scenario::Unit::Secs,
        };
        let read = |control, optional, line| read(&view(control, optional), line);
        assert_eq!(
            read(number, false, " 1,200.5 "),
            Ok(FieldValue::Number(1_200.5))
        );
        assert_eq!(
            read(number, false, "many"),
            Err(ScenarioRefusal::WrongValue)
        );
        assert_eq!(read(number, true, " "), Ok(FieldValue::Absent));
        assert_eq!(
            read(Control::Time, false, "9:05"),
            Ok(FieldValue::Time(ClockTime::from_secs(32_700)))
        );
        assert!(read(Control::Time, false, "25:00").is_err());
        assert_eq!(
            read(Control::Text, false, " 가게 "),
            Ok(FieldValue::Text("가게".into()))
        );
    }
}
