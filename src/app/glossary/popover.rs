//! What a marked word of a text means: shown while the pointer or the focus is on it, or once it is pressed.
//!
//! A text listens for all its words at once; the words themselves are plain buttons with `data-term`.

use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};
use yew::prelude::*;

use super::data::{in_lang, use_glossary};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::Remote;

/// Half of what an explanation is high at most, for the choice between above and below.
const ROOM: f64 = 190.0;
/// How wide it is, where there is so much room.
const WIDE: f64 = 320.0;

/// Why an explanation is shown; what was pressed stays when the pointer leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Pointer,
    Focus,
    Pressed,
}

/// The word that is explained.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    word: Element,
    why: Why,
}

/// What a text with marked words hears.
pub struct WordEvents {
    /// The pointer comes to something.
    pub over: Callback<MouseEvent>,
    /// The pointer leaves something.
    pub out: Callback<MouseEvent>,
    /// The focus comes.
    pub focus: Callback<FocusEvent>,
    /// The focus goes.
    pub blur: Callback<FocusEvent>,
    /// Something is pressed.
    pub press: Callback<MouseEvent>,
    /// A key is pressed.
    pub key: Callback<KeyboardEvent>,
}

/// The marked word of a text that is explained, and what finds out which it is.
#[hook]
pub fn use_marked() -> (UseStateHandle<Option<Marked>>, WordEvents) {
    let marked = use_state_eq(|| None::<Marked>);
    let close_if = |leaves: fn(Why) -> bool| {
        let marked = marked.clone();
        move || {
            if marked.as_ref().is_some_and(|open| leaves(open.why)) {
                marked.set(None);
            }
        }
    };
    let events = WordEvents {
        over: {
            let marked = marked.clone();
            Callback::from(move |event: MouseEvent| {
                let held = marked.as_ref().is_some_and(|open| open.why == Why::Pressed);
                if let Some(word) = word_of(event.target()).filter(|_| !held) {
                    let why = Why::Pointer;
                    marked.set(Some(Marked { word, why }));
                }
            })
        },
        out: {
            let close = close_if(|why| why == Why::Pointer);
            Callback::from(move |event: MouseEvent| {
                let to = event.related_target();
                if word_of(to.clone()).is_none() && closest(to, ".term-pop").is_none() {
                    close();
                }
            })
        },
        focus: {
            let marked = marked.clone();
            Callback::from(move |event: FocusEvent| {
                if let Some(word) = word_of(event.target()) {
                    let why = Why::Focus;
                    marked.set(Some(Marked { word, why }));
                }
            })
        },
        blur: {
            let close = close_if(|why| why != Why::Pointer);
            Callback::from(move |_: FocusEvent| close())
        },
        press: {
            let marked = marked.clone();
            Callback::from(move |event: MouseEvent| {
                let word = word_of(event.target());
                let again = marked.as_ref().is_some_and(|open| {
                    open.why == Why::Pressed && Some(&open.word) == word.as_ref()
                });
                let inside = closest(event.target(), ".term-pop").is_some();
                match word {
                    Some(word) if !again => marked.set(Some(Marked {
                        word,
                        why: Why::Pressed,
                    })),
                    _ if inside => {}
                    _ => marked.set(None),
                }
            })
        },
        key: {
            let marked = marked.clone();
            Callback::from(move |event: KeyboardEvent| {
                if event.key() == "Escape" && marked.is_some() {
                    event.prevent_default();
                    event.stop_propagation();
                    marked.set(None);
                }
            })
        },
    };
    (marked, events)
}

fn closest(target: Option<EventTarget>, selector: &str) -> Option<Element> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest(selector).ok()?
}

fn word_of(target: Option<EventTarget>) -> Option<Element> {
    closest(target, ".term")
}

/// Which word, and the element around the text.
#[derive(Properties, PartialEq)]
pub struct TermPopoverProps {
    /// The word.
    pub marked: Marked,
    /// The text, by which it is placed.
    pub room: NodeRef,
}

/// The explanation.
#[component]
pub fn TermPopover(props: &TermPopoverProps) -> Html {
    let lang = use_lang();
    let (terms, retry) = use_glossary();
    let word = &props.marked.word;
    let id = word.get_attribute("data-term").unwrap_or_default();
    let name = format!("term-pop-{id}");
    use_effect_with((word.clone(), name.clone()), |(word, name)| {
        let word = word.clone();
        // Without it the explanation is still to be seen.
        let _ = word.set_attribute("aria-describedby", name);
        move || {
            let _ = word.remove_attribute("aria-describedby");
        }
    });
    let style = (props.room.cast::<Element>())
        .map(|room| style(word, &room))
        .unwrap_or_default();
    let other = lang.other();
    let body = match &terms {
        Remote::Loading => html! { <p class="quiet">{ tr(lang, "glossary.loading") }</p> },
        Remote::Failed(_) => html! {
            <p>
                { tr(lang, "glossary.failed") }
                <button type="button" class="link-btn" onclick={retry.reform(|_| ())}>
                    { tr(lang, "lesson.retry") }
                </button>
            </p>
        },
        Remote::Ready(terms) => match terms.iter().find(|term| term.id == id) {
            Some(term) => html! {
                <>
                    <p class="term-name">
                        <strong>{ in_lang(lang, &term.name).to_owned() }</strong>
                        <span lang={other.tag()}>{ in_lang(other, &term.name).to_owned() }</span>
                    </p>
                    <p>{ in_lang(lang, &term.text).to_owned() }</p>
                </>
            },
            None => html! { <p>{ tr(lang, "glossary.unknown") }</p> },
        },
    };
    html! {
        <div class="term-pop" {style}>
            <div class="term-card" id={name} role="tooltip">{ body }</div>
        </div>
    }
}

/// Where it stands: below the word, or above where below is no room.
fn style(word: &Element, room: &Element) -> String {
    let (at, room) = (
        word.get_bounding_client_rect(),
        room.get_bounding_client_rect(),
    );
    let height = gloo::utils::window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let wide = WIDE.min(room.width());
    let left = (at.left() - room.left()).min(room.width() - wide).max(0.0);
    let along = if at.bottom() + ROOM > height && at.top() > ROOM {
        format!("bottom:{:.0}px", room.bottom() - at.top())
    } else {
        format!("top:{:.0}px", at.bottom() - room.top())
    };
    format!("left:{left:.0}px;width:{wide:.0}px;{along}")
}

/// What stands beside a word in the list: its sessions.
pub(super) fn sessions(lang: archplay_text::Lang, sessions: &[u32]) -> Html {
    let link = |session: &u32| {
        let number = session.to_string();
        html! {
            <a key={number.clone()} href={format!("#/s{number}")}>
                <Icon name={IconName::Book} size={12} />
                { trf(lang, "glossary.session", &[("number", &number)]) }
            </a>
        }
    };
    html! { <p class="term-sessions">{ for sessions.iter().map(link) }</p> }
}
