//! A family of cases under its heading.

use std::rc::Rc;

use archplay_report::check::Check;
use yew::prelude::*;

use super::case::Case;
use crate::app::lang::{tr, use_lang};

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct FamilyProps {
    /// The family.
    pub family: &'static str,
    /// Its cases.
    pub cases: Vec<Rc<Check>>,
}

/// The heading with what the family is about, and the cases.
#[component]
pub fn Family(props: &FamilyProps) -> Html {
    let lang = use_lang();
    let key = |part: &str| format!("checks.family.{}.{part}", props.family);
    let heading = format!("checks-{}", props.family);
    html! {
        <section class="checks-family" aria-labelledby={heading.clone()}>
            <h2 id={heading}>{ tr(lang, &key("name")) }</h2>
            <p>{ tr(lang, &key("about")) }</p>
            for check in &props.cases {
                <Case key={check.id.clone()} check={check.clone()} />
            }
        </section>
    }
}
