//! Posting as a friend: who, what, and off it goes.

use std::rc::Rc;

use archplay_model::format::is_post_text;
use archplay_model::limits::MAX_POST_CHARS as MOST;
use archplay_model::scenario::HandAsk;
use archplay_report::{Met, Person};
use archplay_text::Lang;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::charts::format::grouped;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunCommand, RunState, use_run_dispatch};

use super::person::name;

/// What the form works with.
#[derive(Properties, PartialEq)]
pub struct ComposeProps {
    /// The run.
    pub run: Rc<RunState>,
    /// Whose friends there are.
    pub met: Rc<Met>,
    /// Whether something can be asked now.
    pub ready: bool,
}

/// The form.
#[component]
pub fn Compose(props: &ComposeProps) -> Html {
    let ComposeProps { met, ready, .. } = props;
    let (ready, lang) = (*ready, use_lang());
    let dispatch = use_run_dispatch();
    let author = use_state_eq(|| None::<u32>);
    let text = use_state_eq(String::new);
    let field = use_node_ref();
    // One's own posts reach friends as well: a hermit can at least talk to oneself.
    let known = |user: &u32| met.friends.iter().any(|friend| friend.user == *user);
    let who = author
        .filter(known)
        .or_else(|| met.friends.first().map(|friend| friend.user))
        .unwrap_or(met.me.user);
    let onchange = {
        let author = author.setter();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            author.set(select.and_then(|select| select.value().parse().ok()));
        })
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
            }
        })
    };
    let onsubmit = {
        let (field, text) = (field.clone(), text.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // The field itself, which has what an input method has just finished.
            let Some(input) = field.cast::<HtmlInputElement>() else {
                return;
            };
            // One line, as the run's file takes it.
            let said = input.value().replace(char::is_control, " ");
            let said: String = said.trim().chars().take(MOST).collect();
            if !ready || !is_post_text(&said) {
                return;
            }
            dispatch.apply(RunCommand::Ask {
                user: who,
                ask: HandAsk::Post,
                text: Some(said.into()),
            });
            input.set_value("");
            text.set(String::new());
        })
    };
    // Enter that ends a syllable sends nothing.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && composing {
            event.prevent_default();
        }
    });
    let empty = text.trim().is_empty();
    html! {
        <form class="phone-compose" aria-label={tr(lang, "feed.phone.compose")} {onsubmit}>
            <label class="field-label" for="phone-author">{ tr(lang, "feed.phone.as_friend") }</label>
            <select class="select" id="phone-author" {onchange} disabled={!ready}>
                for friend in met.friends.iter() {
                    <option key={friend.user} value={friend.user.to_string()} selected={friend.user == who}>
                        { option(friend, lang) }
                    </option>
                }
                if met.friends.is_empty() {
                    <option value={met.me.user.to_string()} selected={true}>{ tr(lang, "feed.phone.myself") }</option>
                }
            </select>
            <div class="phone-write">
                <input ref={field} class="input" type="text" maxlength={MOST.to_string()} autocomplete="off"
                    aria-label={tr(lang, "feed.phone.text")} placeholder={tr(lang, "feed.phone.text")}
                    value={(*text).clone()} {oninput} {onkeydown} />
                <button type="submit" class="btn btn-primary" disabled={!ready || empty}>
                    { tr(lang, "feed.phone.post") }
                </button>
            </div>
        </form>
    }
}

fn option(friend: &Person, lang: Lang) -> AttrValue {
    trf(
        lang,
        "feed.phone.friend",
        &[
            ("name", &name(friend.user, lang)),
            ("friends", &grouped(friend.friends.into())),
        ],
    )
}
