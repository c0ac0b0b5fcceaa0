//! Hints, one at a time, from the gentle to the plain.

use archplay_course::class::Gate;
use yew::prelude::*;

use super::prose::{Lesson, Part, Prose};
use crate::app::class::{Locked, use_gate};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::OWN;
use crate::app::store::local;

/// Whose hints.
#[derive(Properties, PartialEq)]
pub struct HintsProps {
    /// The lesson.
    pub lesson: Lesson,
}

/// The hints that were asked for, and a button for the next.
#[component]
pub fn Hints(props: &HintsProps) -> Html {
    let lang = use_lang();
    let lesson = &props.lesson.0;
    let key = format!("archplay/hints/{}", lesson.id);
    let all = lesson.hints.len();
    let shown = use_state_eq(|| {
        local::get(&key)
            .and_then(|text| text.parse::<usize>().ok())
            .unwrap_or(0)
    });
    let count = (*shown).min(all);
    let session = u8::try_from(lesson.session).unwrap_or(OWN);
    if let Gate::Closed(opens_ms) = use_gate(session) {
        return html! { <Locked {session} {opens_ms} name="hints" /> };
    }
    let next = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| {
            local::set(&key, &(count + 1).to_string());
            shown.set(count + 1);
        })
    };
    if all == 0 {
        return html! { <p class="quiet">{ tr(lang, "hints.none") }</p> };
    }
    let args = [("shown", count.to_string()), ("all", all.to_string())];
    let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
    html! {
        <>
            <p class="quiet">{ tr(lang, "hints.about") }</p>
            <ol class="hints" aria-live="polite">
                for i in 0..count {
                    <li key={i} class="hint">
                        <Prose lesson={props.lesson.clone()} part={Part::Hint(i)} />
                    </li>
                }
            </ol>
            if count < all {
                <button type="button" class="btn" onclick={next}>
                    <Icon name={IconName::Bulb} size={16} />
                    { trf(lang, if count == 0 { "hints.first" } else { "hints.next" }, &args) }
                </button>
            } else {
                <p class="quiet">{ tr(lang, "hints.all") }</p>
            }
        </>
    }
}
