//! One case: its numbers, its drawing to open, its run to repeat.

use std::rc::Rc;

use archplay_report::check::Check;
use archplay_text::Lang;
use yew::prelude::*;

use super::live::{Live, use_rerun};
use super::open::use_open_check;
use super::table::Numbers;
use super::words;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// How much of a fingerprint is shown.
const SHA_SHOWN: usize = 16;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct CaseProps {
    /// The case.
    pub check: Rc<Check>,
}

/// The case.
#[component]
pub fn Case(props: &CaseProps) -> Html {
    let lang = use_lang();
    let check = &props.check;
    let open = use_open_check();
    let rerun = use_rerun(check);
    let title = words::title(lang, check);
    let running = matches!(&*rerun.live, Live::Running(_));
    let openers = (0..check.runs.len()).map(|index| {
        let label = match check.runs.len() {
            1 => tr(lang, "checks.open"),
            _ => trf(lang, "checks.open_n", &[("n", &(index + 1).to_string())]),
        };
        let args = [("open", label.as_str()), ("title", title.as_str())];
        let name = trf(lang, "checks.open_of", &args);
        let (open, check) = (open.clone(), check.clone());
        let onclick = Callback::from(move |_: MouseEvent| open.emit((check.clone(), index)));
        html! {
            <button key={index} type="button" class="btn" {onclick} aria-label={name}>{ label }</button>
        }
    });
    let again = trf(lang, "checks.rerun_of", &[("title", &title)]);
    html! {
        <article class="check" id={format!("check-{}", check.id)} data-check={check.id.clone()}>
            <h3>{ title.clone() }</h3>
            <p class="check-source">
                { trf(lang, "checks.source", &[("source", &words::source(lang, check))]) }
            </p>
            <Numbers check={check.clone()} live={rerun.live.clone()} />
            if !check.runs.is_empty() {
                <div class="check-actions">
                    { for openers }
                    if running {
                        <button type="button" class="btn" onclick={rerun.stop.reform(|_| ())}>
                            <Icon name={IconName::Stop} size={16} />
                            { tr(lang, "checks.stop") }
                        </button>
                    } else {
                        <button type="button" class="btn" onclick={rerun.start.reform(|_| ())} aria-label={again}>
                            <Icon name={IconName::Play} size={16} />
                            { tr(lang, "checks.rerun") }
                        </button>
                    }
                </div>
            }
            <div class="check-said" role="status">{ said(lang, check, &rerun.live) }</div>
        </article>
    }
}

/// What there is to say about the run here and now.
fn said(lang: Lang, check: &Check, live: &Live) -> Html {
    match live {
        Live::Idle => Html::default(),
        Live::Running(share) => {
            let percent = ((share * 100.0) as u32).to_string();
            html! { <p>{ trf(lang, "checks.running", &[("percent", &percent)]) }</p> }
        }
        Live::Failed(detail) => html! {
            <p class="check-bad">
                <Icon name={IconName::Alert} size={16} />
                { trf(lang, "checks.rerun_failed", &[("detail", detail)]) }
            </p>
        },
        Live::Done(runs) => {
            let short = |sha: &str| format!("{}…", sha.chars().take(SHA_SHOWN).collect::<String>());
            let lines = runs.iter().zip(&check.runs).map(|(run, stored)| {
                let same = run.sha256 == stored.sha256;
                let (key, class, icon) = if same {
                    ("checks.same_bytes", "check-good", IconName::Check)
                } else {
                    ("checks.other_bytes", "check-bad", IconName::Alert)
                };
                let args = [
                    ("sha", &*short(&run.sha256)),
                    ("stored", &*short(&stored.sha256)),
                ];
                html! {
                    <p {class} data-same={same.to_string()} title={run.sha256.clone()}>
                        <Icon name={icon} size={16} />
                        { trf(lang, key, &args) }
                    </p>
                }
            });
            html! { <>{ for lines }</> }
        }
    }
}
