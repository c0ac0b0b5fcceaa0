//! Names as chips to tick: audiences, operations, datasets of the scenario, or components of the drawing.
//! None ticked means "the rest", for components what the help says.

use archplay_model::catalogue::{NameDomain, ParamKind};
use archplay_model::scenario::LocalText;
use archplay_model::{Design, Id, Kind, Scenario, Value};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::lang::{tr, trf, use_lang};
use crate::app::problems::label_of;
use crate::app::scenario::use_scenario;
use crate::app::session::{use_document, use_selection};

use super::field::{ControlProps, names_default};

/// A name to tick.
struct Choice {
    id: String,
    text: String,
    /// Whether the scenario or the drawing knows it.
    known: bool,
}

/// The components of the drawing that can be named: all but visitors and the one that names them.
fn components(design: &Design, own: Option<&Id>, lang: Lang) -> Vec<Choice> {
    design
        .components
        .values()
        .filter(|c| c.kind != Kind::Client && Some(&c.id) != own)
        .map(|c| Choice {
            id: c.id.to_string(),
            text: label_of(design, &c.id, lang),
            known: true,
        })
        .collect()
}

fn choices(domain: NameDomain, scenario: Option<&Scenario>, lang: Lang) -> Vec<Choice> {
    let Some(scenario) = scenario else {
        return Vec::new();
    };
    let named = |id: &Id, name: Option<&LocalText>| Choice {
        id: id.to_string(),
        text: match name {
            Some(name) if lang == Lang::Ko => name.ko.clone(),
            Some(name) => name.en.clone(),
            None => id.to_string(),
        },
        known: true,
    };
    match domain {
        NameDomain::Audiences => scenario
            .audiences
            .iter()
            .map(|a| named(&a.id, Some(&a.name)))
            .collect(),
        NameDomain::Operations => scenario
            .operations
            .iter()
            .map(|o| named(&o.id, Some(&o.name)))
            .collect(),
        NameDomain::Datasets => scenario
            .datasets
            .iter()
            .map(|d| named(&d.id, None))
            .collect(),
        NameDomain::Components => Vec::new(),
    }
}

fn listed(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Text(text)) => text
            .split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// The control of names.
#[component]
pub fn NamesControl(props: &ControlProps) -> Html {
    let lang = use_lang();
    let chosen = use_scenario();
    let document = use_document();
    let selection = use_selection();
    let control = &props.control;
    let ParamKind::Names(domain) = control.spec.kind else {
        return Html::default();
    };
    let ticked = listed(control.value.as_ref());
    let mut all = if domain == NameDomain::Components {
        components(&document.design, selection.single(), lang)
    } else {
        choices(domain, chosen.as_deref().map(|c| &*c.scenario), lang)
    };
    for id in &ticked {
        if all.iter().all(|choice| choice.id != *id) {
            all.push(Choice {
                id: id.clone(),
                text: id.clone(),
                known: false,
            });
        }
    }
    let unknown = match domain {
        NameDomain::Components => "inspector.components_unknown",
        NameDomain::Audiences | NameDomain::Operations | NameDomain::Datasets => {
            "inspector.names_unknown"
        }
    };
    let toggle = |id: &str| {
        let (id, ticked) = (id.to_owned(), ticked.clone());
        let (commit, seal) = (control.commit.clone(), control.seal.clone());
        Callback::from(move |_: Event| {
            let mut next = ticked.clone();
            if let Some(at) = next.iter().position(|other| *other == id) {
                next.remove(at);
            } else {
                next.push(id.clone());
            }
            commit.emit(Ok(Value::Text(next.join(", "))));
            seal.emit(());
        })
    };
    let note = if control.value.is_none() {
        Some(tr(lang, "inspector.mixed"))
    } else if all.is_empty() {
        Some(tr(
            lang,
            if domain == NameDomain::Components {
                "inspector.components_none"
            } else {
                "inspector.names_none"
            },
        ))
    } else if ticked.is_empty() {
        Some(names_default(lang, domain))
    } else {
        None
    };
    html! {
        <div role="group" aria-labelledby={format!("{}-label", control.id)}>
            <div class="name-chips">
                for choice in &all {
                    <label key={choice.id.clone()} class={classes!("name-chip", (!choice.known).then_some("name-unknown"))}
                        title={if choice.known {
                            choice.id.clone().into()
                        } else {
                            trf(lang, unknown, &[("id", &choice.id)])
                        }}>
                        <input type="checkbox" checked={ticked.contains(&choice.id)}
                            onchange={toggle(&choice.id)} />
                        <span>{ choice.text.clone() }</span>
                    </label>
                }
            </div>
            if let Some(note) = note { <p class="param-note">{ note }</p> }
        </div>
    }
}
