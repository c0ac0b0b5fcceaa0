//! The command list: every command, every kind, every component of the drawing, found by typing.

use std::rc::Rc;

use archplay_model::{Id, Kind};
use archplay_text::Lang;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::combo::{Step, use_combo};
use crate::app::dialog::Modal;
use crate::app::feed::use_feeds;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::palette::{search, use_allowed};
use crate::app::problems::label_of;
use crate::app::session::{Document, use_document};

use super::perform::Env;
use super::sheet::{is_mac, keys};
use super::table::{Action, Entry, TABLE, composing};

/// The most lines that are shown.
const MOST: usize = 60;

/// A line of the list.
#[derive(Clone)]
enum Line {
    Command(&'static Entry),
    Place(Kind),
    Go(Id, Kind),
}

/// What the list works with.
#[derive(Properties, PartialEq)]
pub struct CommandListProps {
    /// Carries commands out.
    pub env: Env,
    /// It is closed.
    pub on_close: Callback<()>,
}

/// What the list is made of.
struct Lines {
    lang: Lang,
    allowed: Vec<Kind>,
    document: Document,
    feeds: bool,
}

impl Lines {
    /// The lines that a query means, best first, with their texts.
    fn find(&self, query: &str) -> Vec<(String, Line)> {
        let (lang, wanted) = (self.lang, query.trim());
        let commands = TABLE
            .iter()
            .filter(|e| e.listed && e.action != Action::Commands && (self.feeds || !e.is_of_feed()))
            .map(|entry| {
                let text = tr(lang, &format!("command.{}", entry.slug)).to_string();
                (text, Line::Command(entry))
            });
        let kinds = self.allowed.iter().map(|kind| {
            let name = tr(lang, &format!("kind.{}.name", kind.slug()));
            (
                trf(lang, "command.place", &[("kind", name.as_str())]).to_string(),
                Line::Place(*kind),
            )
        });
        let design = &self.document.design;
        let places = design.components.values().map(|component| {
            let name = label_of(design, &component.id, lang);
            let text = trf(lang, "command.go_to", &[("name", &name)]).to_string();
            (text, Line::Go(component.id.clone(), component.kind))
        });
        let mut lines: Vec<(usize, String, Line)> = commands
            .chain(kinds)
            .chain(places)
            .filter_map(|(text, line)| {
                let rank = match &line {
                    _ if wanted.is_empty() => Some(0),
                    Line::Place(kind) if !search::search(wanted, &[*kind]).is_empty() => Some(1),
                    Line::Go(id, _) if id.as_str().contains(wanted) => Some(1),
                    _ => search::found_in(&text, wanted),
                };
                rank.map(|rank| (rank, text, line))
            })
            .collect();
        lines.sort_by_key(|(rank, ..)| *rank);
        lines.truncate(MOST);
        let lines = lines.into_iter();
        lines.map(|(_, text, line)| (text, line)).collect()
    }
}

/// The list.
#[component]
pub fn CommandList(props: &CommandListProps) -> Html {
    let lang = use_lang();
    let found = Rc::new(Lines {
        lang,
        allowed: use_allowed(),
        document: use_document(),
        feeds: use_feeds(),
    });
    let combo = use_combo();
    let query = combo.query();
    let lines = found.find(&query);
    let at = combo.at(lines.len());

    let perform = {
        let (env, on_close) = (props.env.clone(), props.on_close.clone());
        Callback::from(move |line: Line| {
            on_close.emit(());
            match line {
                Line::Command(entry) => env.perform(entry.action),
                Line::Place(kind) => env.place(kind),
                Line::Go(id, _) => env.go_to(&id),
            }
        })
    };
    let oninput = {
        let combo = combo.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                combo.take(input.value());
            }
        })
    };
    let onkeydown = {
        let perform = perform.clone();
        Callback::from(move |event: KeyboardEvent| {
            if composing(&event) {
                return;
            }
            let step = match event.key().as_str() {
                "ArrowDown" => Step::Next,
                "ArrowUp" => Step::Previous,
                "Enter" => {
                    // By what is typed, not by what is drawn.
                    let lines = found.find(&combo.query());
                    if let Some((_, line)) = lines.get(combo.at(lines.len())) {
                        event.prevent_default();
                        perform.emit(line.clone());
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            let next = combo.step(step, found.find(&combo.query()).len());
            let shown = gloo::utils::document().get_element_by_id(&option_id(next));
            if let Some(shown) = shown.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                shown.scroll_into_view_with_scroll_into_view_options(&options);
            }
        })
    };
    let mac = is_mac();
    html! {
        <Modal title={tr(lang, "command.title")} onclose={props.on_close.clone()} class="command-list">
            <input class="input" type="text" role="combobox" autofocus={true} autocomplete="off" spellcheck="false"
                aria-expanded="true" aria-controls="command-options" aria-autocomplete="list"
                aria-activedescendant={(!lines.is_empty()).then(|| option_id(at))}
                placeholder={tr(lang, "command.search")} aria-label={tr(lang, "command.search")}
                value={query.clone()} {oninput} {onkeydown} />
            <ul id="command-options" role="listbox" aria-label={tr(lang, "command.title")}>
                for (i, (text, line)) in lines.iter().enumerate() {
                    <li key={text.clone()} id={option_id(i)} role="option" class="menu-item"
                        aria-selected={(i == at).to_string()}
                        onclick={{
                            let (perform, line) = (perform.clone(), line.clone());
                            move |_: MouseEvent| perform.emit(line.clone())
                        }}>
                        {
                            match line {
                                Line::Command(_) => html! { <span class="line-mark" /> },
                                Line::Place(kind) | Line::Go(_, kind) => html! {
                                    <Icon name={IconName::of(*kind)} size={18} />
                                },
                            }
                        }
                        <span class="line-text">{ text.clone() }</span>
                        if let Line::Command(entry) = line { { keys(entry, lang, mac) } }
                    </li>
                }
            </ul>
            if lines.is_empty() {
                <p class="rail-empty" role="status">{ trf(lang, "command.none", &[("query", query.trim())]) }</p>
            }
        </Modal>
    }
}

fn option_id(index: usize) -> String {
    format!("command-{index}")
}
