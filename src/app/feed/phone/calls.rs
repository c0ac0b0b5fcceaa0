//! Request and answer of the last call as JSON, and the choice of an earlier one.

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::charts::format::clock_text;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunCommand, RunState, use_run_dispatch};

use super::api::{call, token};
use super::person::name;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct CallsProps {
    /// The run.
    pub run: Rc<RunState>,
    /// Posts on a page.
    pub page: u32,
}

/// The panel.
#[component]
pub fn Calls(props: &CallsProps) -> Html {
    let CallsProps { run, page } = props;
    let lang = use_lang();
    let dispatch = use_run_dispatch();
    let Some((turn, _)) = run.hand.shown() else {
        return html! {
            <div class="phone-calls" tabindex="0" role="region" aria-label={tr(lang, "feed.phone.tab.calls")}>
                <p class="phone-none">{ tr(lang, "feed.phone.no_call") }</p>
                <pre><code>{ "POST /v1/me/feed\nGET /v1/me/feed?n=" }{ page }{ "\nGET /v1/me/feed?cursor=…&n=" }{ page }</code></pre>
            </div>
        };
    };
    let clock = |ns: u64| {
        if ns == 0 {
            tr(lang, "feed.phone.before").to_string()
        } else {
            clock_text(run.clock_of(ns))
        }
    };
    let shown = call(turn, *page, &run.hand.turns, &clock);
    let onchange = Callback::from(move |event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        if let Some(number) = select.and_then(|select| select.value().parse().ok()) {
            dispatch.apply(RunCommand::ShowTurn(Some(number)));
        }
    });
    let status = match shown.status {
        Some(status) => status.to_string().into(),
        None => tr(lang, "feed.phone.no_status"),
    };
    html! {
        <div class="phone-calls" tabindex="0" role="region" aria-label={tr(lang, "feed.phone.tab.calls")}>
            <div class="field">
                <label for="phone-call">{ tr(lang, "feed.phone.which") }</label>
                <select class="select" id="phone-call" {onchange}>
                    for other in run.hand.turns.iter().rev().filter(|turn| turn.answer.is_some()) {
                        <option key={other.number} value={other.number.to_string()} selected={other.number == turn.number}>
                            { trf(lang, &format!("feed.phone.call.{}", other.ask.slug()),
                                &[("n", &(other.number + 1).to_string()), ("name", &name(other.user, lang))]) }
                        </option>
                    }
                </select>
            </div>
            <h3>{ tr(lang, "feed.phone.request") }</h3>
            <pre data-call="request"><code>
                { &shown.line }{ "\n" }
                if let Some(body) = &shown.body {
                    { body }
                } else {
                    { "Authorization: Bearer " }{ token(turn.user) }
                }
            </code></pre>
            <h3>{ tr(lang, "feed.phone.response") }{ " " }<span class="phone-status">{ status }</span></h3>
            if let Some(answer) = &shown.answer {
                <pre data-call="response"><code>{ answer }</code></pre>
            } else {
                <p class="phone-none">{ tr(lang, "feed.phone.no_answer") }</p>
            }
        </div>
    }
}
