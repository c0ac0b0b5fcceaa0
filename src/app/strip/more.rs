//! What a run is made of and what is left of it: seed, totals, report file with its fingerprint.

use std::rc::Rc;

use archplay_text::Lang;
use gloo::timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::charts::format::{figure, grouped};
use crate::app::charts::loss_rows;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::Route;
use crate::app::run::{LossState, RunCommand, RunDispatch, RunState, use_run_dispatch};
use crate::app::scenario::{use_scenario, use_scenario_setter};

use super::replayed::verdict_key;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct MoreProps {
    /// The run.
    pub run: Rc<RunState>,
}

/// The panel behind the button at the end of the strip.
#[component]
pub fn More(props: &MoreProps) -> Html {
    let run = &props.run;
    let lang = use_lang();
    let dispatch = use_run_dispatch();
    let export = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.apply(RunCommand::Export))
    };
    html! {
        <div class="run-more">
            <SeedField />
            { keep_traces(run.keep_traces, &dispatch, lang) }
            if let Some(summary) = &run.summary {
                <dl class="run-totals">
                    { total(lang, "run.total_visitors", &grouped(summary.visitors)) }
                    { total(lang, "run.total_done", &grouped(summary.visitors_done)) }
                    { total(lang, "run.total_requests", &grouped(summary.offered)) }
                    { total(lang, "run.total_good", &grouped(summary.good)) }
                    for (reason, count) in &summary.failed {
                        { total(lang, &format!("reason.{}.name", reason.slug()), &grouped(*count)) }
                    }
                    { total(lang, "run.total_cost", &figure(summary.cost)) }
                </dl>
            }
            if let LossState::Done(losses) = &run.losses {
                <section aria-labelledby="run-losses">
                    <h3 id="run-losses" class="run-heading">{ tr(lang, "losses.title") }</h3>
                    <dl class="run-totals">
                        for row in loss_rows(losses, lang) {
                            <div key={row.slug} title={tr(lang, &format!("losses.about.{}", row.slug))}>
                                <dt>{ row.name }</dt><dd>{ row.lost }</dd>
                            </div>
                        }
                    </dl>
                </section>
            }
            <a href={Route::Checks.hash()}>{ tr(lang, "run.believe") }</a>
            <div class="run-report">
                <button type="button" class="btn" onclick={export} disabled={!run.exportable}>
                    <Icon name={IconName::Download} size={16} />{ tr(lang, "run.export") }
                </button>
                if let Some(sha256) = &run.sha256 {
                    <Fingerprint sha256={AttrValue::from(sha256.clone())}/>
                } else {
                    <p class="field-help">{ tr(lang, "run.export_later") }</p>
                }
                if let Some(key) = verdict_key(run) {
                    <p class="field-help" data-replay={key}>{ tr(lang, key) }</p>
                }
            </div>
        </div>
    }
}

/// Whether the runs to come keep traces.
fn keep_traces(on: bool, dispatch: &RunDispatch, lang: Lang) -> Html {
    let dispatch = dispatch.clone();
    let onchange = Callback::from(move |_: Event| dispatch.apply(RunCommand::KeepTraces(!on)));
    html! {
        <div class="field">
            <label class="run-keep">
                <input type="checkbox" checked={on} {onchange} aria-describedby="run-keep-help" />
                { tr(lang, "trace.keep") }
            </label>
            <p id="run-keep-help" class="field-help">{ tr(lang, "trace.keep_help") }</p>
        </div>
    }
}

fn total(lang: Lang, key: &str, value: &str) -> Html {
    html! { <div key={key.to_owned()}><dt>{ tr(lang, key) }</dt><dd>{ value.to_owned() }</dd></div> }
}

/// The seed: a whole number; anything else is said to be wrong and not taken.
#[component]
fn SeedField() -> Html {
    let lang = use_lang();
    let scenario = use_scenario();
    let setter = use_scenario_setter();
    let wrong = use_state_eq(|| false);
    let seed = scenario.map_or(0, |chosen| chosen.seed);
    let onchange = {
        let wrong = wrong.clone();
        Callback::from(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            let typed = input.map(|input| input.value()).unwrap_or_default();
            match typed.trim().parse::<u64>() {
                Ok(seed) => {
                    wrong.set(false);
                    setter.seed.emit(seed);
                }
                Err(_) => wrong.set(true),
            }
        })
    };
    html! {
        <div class="field">
            <label for="run-seed">{ tr(lang, "run.seed") }</label>
            <input id="run-seed" class="input" inputmode="numeric" autocomplete="off" value={seed.to_string()}
                aria-invalid={wrong.to_string()} aria-describedby="run-seed-help" {onchange} />
            if *wrong {
                <p id="run-seed-help" class="field-error" role="alert">{ tr(lang, "run.seed_wrong") }</p>
            } else {
                <p id="run-seed-help" class="field-help">{ tr(lang, "run.seed_help") }</p>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FingerprintProps {
    sha256: AttrValue,
}

/// The report's SHA-256: its beginning to look at, the whole to copy.
#[component]
fn Fingerprint(props: &FingerprintProps) -> Html {
    let lang = use_lang();
    let copied = use_state_eq(|| false);
    let short: String = props.sha256.chars().take(12).collect();
    let onclick = {
        let (copied, sha256) = (copied.clone(), props.sha256.clone());
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            let written = gloo::utils::window()
                .navigator()
                .clipboard()
                .write_text(&sha256);
            wasm_bindgen_futures::spawn_local(async move {
                // Refused where the page is not trusted; the text can still be selected.
                if wasm_bindgen_futures::JsFuture::from(written).await.is_ok() {
                    copied.set(true);
                    Timeout::new(2_000, move || copied.set(false)).forget();
                }
            });
        })
    };
    html! {
        <p class="run-sha">
            <span>{ "SHA-256" }</span>
            <code title={props.sha256.clone()} data-sha256={props.sha256.clone()}>{ short }{ "…" }</code>
            <button type="button" class="icon-btn" {onclick} aria-label={tr(lang, "run.copy_sha")} title={tr(lang, "run.copy_sha")}>
                <Icon name={if *copied { IconName::Check } else { IconName::Copy }} size={16} />
            </button>
            <span class="visually-hidden" role="status">
                if *copied { { trf(lang, "run.copied", &[]) } }
            </span>
        </p>
    }
}
