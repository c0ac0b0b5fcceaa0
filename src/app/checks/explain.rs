//! What is compared with what, and what that does not say.

use yew::prelude::*;

use crate::app::lang::{tr, use_lang};

/// The questions that are answered: `checks.explain.<key>_title` and `checks.explain.<key>`.
pub const QUESTIONS: [&str; 6] = ["what", "tolerance", "differ", "ties", "same", "not"];

/// What the model leaves simple: `checks.simplified.<key>`, a sentence each.
pub const SIMPLIFIED: [&str; 7] = [
    "network",
    "answers",
    "edges",
    "percentiles",
    "aggregate",
    "aggregate_whole",
    "aggregate_piles",
];

/// The explanations.
#[component]
pub fn Explain() -> Html {
    let lang = use_lang();
    html! {
        <>
            <div class="checks-explain">
                for key in QUESTIONS {
                    <section key={key}>
                        <h2>{ tr(lang, &format!("checks.explain.{key}_title")) }</h2>
                        <p>{ tr(lang, &format!("checks.explain.{key}")) }</p>
                    </section>
                }
            </div>
            <section class="checks-simplified">
                <h2>{ tr(lang, "checks.simplified_title") }</h2>
                <p>{ tr(lang, "checks.simplified_about") }</p>
                <ul>
                    for key in SIMPLIFIED {
                        <li key={key}>{ tr(lang, &format!("checks.simplified.{key}")) }</li>
                    }
                </ul>
            </section>
        </>
    }
}
