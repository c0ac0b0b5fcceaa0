//! Says what is selected and what a link would meet, for those who do not see it.

use archplay_editor::{ConnectMode, Tool};
use archplay_model::{Design, Id};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::lang::{tr, trf, use_lang};
use crate::app::session::{use_interaction, use_live_document, use_selection};

use super::names::{display_name, kind_name, size_line};
use super::tip::refusal_text;

/// The live region.
#[component]
pub fn Announcer() -> Html {
    let lang = use_lang();
    let document = use_live_document();
    let selection = use_selection();
    let interaction = use_interaction();
    let design = &document.design;
    let text = match &interaction.tool {
        Tool::Connect(connecting) if connecting.mode == ConnectMode::Keyboard => {
            match connecting.chosen() {
                Some(candidate) => {
                    let target = named(design, &candidate.id, lang);
                    match &candidate.refusal {
                        None => trf(lang, "canvas.say.target", &[("name", &target)]),
                        Some(refusal) => {
                            let why = refusal_text(lang, refusal);
                            trf(
                                lang,
                                "canvas.say.refused",
                                &[("name", &target), ("why", &why)],
                            )
                        }
                    }
                }
                None => tr(lang, "canvas.say.no_target"),
            }
        }
        _ => match (selection.single(), selection.single_link(), selection.len()) {
            (Some(id), ..) => trf(
                lang,
                "canvas.say.selected",
                &[("name", &named(design, id, lang))],
            ),
            (_, Some(key), _) => trf(
                lang,
                "canvas.say.link",
                &[
                    ("from", &named(design, &key.from, lang)),
                    ("to", &named(design, &key.to, lang)),
                ],
            ),
            (.., 0) => AttrValue::default(),
            (.., n) => trf(lang, "canvas.say.many", &[("n", &n.to_string())]),
        },
    };
    html! { <p class="visually-hidden" aria-live="polite">{ text }</p> }
}

/// A component as it is read out: its name, its kind if that says more, its size.
fn named(design: &Design, id: &Id, lang: Lang) -> AttrValue {
    let Some(component) = design.get(id) else {
        return id.to_string().into();
    };
    let name = display_name(component, lang);
    let kind = kind_name(component.kind, lang);
    let line = size_line(component, lang);
    if name == kind {
        format!("{name} {line}").into()
    } else {
        format!("{name}, {kind} {line}").into()
    }
}
