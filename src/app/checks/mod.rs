//! "Can I believe these numbers?": what the engine measures beside what theory says, and every case to be opened
//! or run again.
//!
//! The cases are files that tests of the engine write (`static/checks`), their shape is `archplay_report::check`.
//! Must not live here: theory, how a run works (see `run::once`).

mod band;
mod case;
mod data;
mod explain;
mod family;
mod filter;
mod live;
mod open;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::rc::Rc;

use archplay_report::check::{Check, FAMILIES};
use archplay_text::Lang;
use yew::prelude::*;

use self::data::{Remote, use_checks};
use self::explain::Explain;
use self::family::Family;
use self::filter::{Controls, Filter};
use crate::app::charts::format::grouped;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::page::{Back, Print, use_title};
use crate::app::scenario::use_own_actions;

/// The page.
#[component]
pub fn ChecksPage() -> Html {
    let lang = use_lang();
    let (checks, retry) = use_checks();
    let filter = use_state_eq(Filter::default);
    let title = use_title(());
    // Opening a case puts its scenario among one's own; what is there must be known by then.
    let own = use_own_actions();
    use_effect_with((), move |()| own.load());
    let set_filter = use_callback((), {
        let filter = filter.setter();
        move |next: Filter, ()| filter.set(next)
    });
    let body = match &checks {
        Remote::Loading => html! { <p role="status">{ tr(lang, "checks.loading") }</p> },
        Remote::Failed(_) => html! {
            <div role="alert">
                <p>{ tr(lang, "checks.failed") }</p>
                <button type="button" class="btn" onclick={retry.reform(|_| ())}>{ tr(lang, "checks.retry") }</button>
            </div>
        },
        Remote::Ready(all) => html! {
            <>
                <Controls filter={(*filter).clone()} families={families(all)} onchange={set_filter} />
                { list(lang, all, &filter) }
            </>
        },
    };
    html! {
        <main class="checks" aria-labelledby="checks-title">
            <div class="checks-page">
                <header class="checks-head">
                    <Back />
                    <h1 id="checks-title" ref={title} tabindex="-1">{ tr(lang, "checks.title") }</h1>
                    <Print />
                </header>
                if let Some(all) = checks.ready() {
                    <p class="checks-summary">{ summary(lang, all) }</p>
                }
                <Explain />
                { body }
            </div>
        </main>
    }
}

/// The families that have cases, in order.
fn families(all: &[Rc<Check>]) -> Vec<&'static str> {
    let has = |family: &&str| all.iter().any(|check| check.family == *family);
    FAMILIES.into_iter().filter(has).collect()
}

/// How many values are within their tolerance.
fn summary(lang: Lang, all: &[Rc<Check>]) -> AttrValue {
    let rows = || all.iter().flat_map(|check| &check.rows);
    let passed = rows().filter(|row| row.passes()).count();
    let text = |count: usize| grouped(count as u64);
    trf(
        lang,
        "checks.summary",
        &[
            ("cases", &text(all.len())),
            ("rows", &text(rows().count())),
            ("passed", &text(passed)),
        ],
    )
}

/// What fits, by family.
fn list(lang: Lang, all: &[Rc<Check>], filter: &Filter) -> Html {
    let shown: Vec<Rc<Check>> = all
        .iter()
        .filter(|check| filter.fits(check, lang))
        .cloned()
        .collect();
    let count = grouped(shown.len() as u64);
    let said = match shown.len() {
        0 => tr(lang, "checks.none"),
        _ => trf(lang, "checks.shown", &[("cases", &count)]),
    };
    let groups = families(&shown).into_iter().map(|family| {
        let cases = shown.iter().filter(|check| check.family == family);
        let cases: Vec<Rc<Check>> = cases.cloned().collect();
        html! { <Family key={family} {family} {cases} /> }
    });
    html! {
        <>
            <p class="checks-shown" role="status">{ said }</p>
            { for groups }
        </>
    }
}
