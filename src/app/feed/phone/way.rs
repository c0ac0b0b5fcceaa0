//! Where the last request spent its time: a list of its stays, each with a bar and its shares in words.

use std::rc::Rc;

use archplay_report::Trace;
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::RunState;
use crate::app::trace::use_go_to;
use crate::app::trace::waterfall::{
    PARTS, bar, depths, milliseconds, parts, result, span_name, whole_ns,
};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct WayProps {
    /// The run.
    pub run: Rc<RunState>,
}

/// The list; a sentence while there is nothing to show.
#[component]
pub fn Way(props: &WayProps) -> Html {
    let WayProps { run } = props;
    let lang = use_lang();
    let go_to = use_go_to();
    let Some((turn, answer)) = run.hand.shown() else {
        return html! { <p class="phone-none">{ tr(lang, "feed.phone.no_way") }</p> };
    };
    let title = trf(
        lang,
        &format!("feed.phone.asked.{}", turn.ask.slug()),
        &[(
            "ms",
            &milliseconds(answer.answered_ns.saturating_sub(answer.asked_ns)),
        )],
    );
    let spans = answer.trace.as_deref().filter(|t| !t.spans.is_empty());
    let Some(trace) = spans else {
        return html! { <p class="phone-none">{ title }{ " " }{ tr(lang, "feed.phone.never_sent") }</p> };
    };
    html! {
        <div class="phone-way traces-colours">
            <h3>{ title }</h3>
            <p class="phone-legend" aria-hidden="true">
                for part in PARTS {
                    <span key={part}><i class={format!("part-{part}")} />{ tr(lang, &format!("trace.part.{part}")) }</span>
                }
            </p>
            <ol>{ for rows(trace, run, lang, &go_to) }</ol>
        </div>
    }
}

fn rows(
    trace: &Trace,
    run: &RunState,
    lang: Lang,
    go_to: &Callback<archplay_model::Id>,
) -> Vec<Html> {
    let whole = whole_ns(trace).max(1) as f64;
    trace
        .spans
        .iter()
        .zip(depths(&trace.spans))
        .enumerate()
        .map(|(i, (span, depth))| {
            let id = span.component.clone();
            let shares: Vec<String> = PARTS
                .into_iter()
                .zip(parts(span))
                .filter(|(_, ns)| *ns > 0)
                .map(|(part, ns)| {
                    let name = tr(lang, &format!("trace.part.{part}"));
                    format!("{name} {}", milliseconds(ns))
                })
                .collect();
            html! {
                <li key={i} style={format!("--depth:{depth}")}>
                    <p class="phone-span">
                        <button type="button" class="waterfall-name" onclick={go_to.reform(move |_: MouseEvent| id.clone())}>
                            { span_name(span, run, lang) }
                        </button>
                        <b>{ milliseconds(span.took_ns) }{ " ms" }</b>
                    </p>
                    <div aria-hidden="true">{ bar(span, whole) }</div>
                    <p class="phone-shares">
                        { shares.join(" · ") }
                        if span.failed.is_some() || span.open {
                            <span class="bad">{ " · " }{ result(span, lang) }</span>
                        }
                    </p>
                </li>
            }
        })
        .collect()
}
