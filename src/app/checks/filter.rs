//! Finding cases: by words, by family, by how far off they are.

use archplay_report::check::Check;
use archplay_text::Lang;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::words;
use crate::app::lang::{tr, use_lang};

/// Beyond this part of its tolerance a value is worth a look; half is one in forty.
const TIGHT: f64 = 0.5;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Words that all have to be there.
    pub text: String,
    /// One family; all if empty.
    pub family: String,
    /// Only what is far off.
    pub tight: bool,
}

impl Filter {
    /// Whether a case is looked for.
    pub fn fits(&self, check: &Check, lang: Lang) -> bool {
        let far = || {
            let mut rows = check.rows.iter();
            rows.any(|row| row.offset(row.measured).abs() > TIGHT)
        };
        (self.family.is_empty() || check.family == self.family)
            && (!self.tight || far())
            && self.has_words(check, lang)
    }

    fn has_words(&self, check: &Check, lang: Lang) -> bool {
        if self.text.trim().is_empty() {
            return true;
        }
        let mut text = format!(
            "{} {} {} {}",
            check.id,
            words::title(lang, check),
            words::source(lang, check),
            tr(lang, &format!("checks.family.{}.name", check.family)),
        );
        for row in &check.rows {
            text.push(' ');
            text.push_str(&words::metric(lang, row));
        }
        let text = text.to_lowercase();
        let wanted = self.text.to_lowercase();
        wanted.split_whitespace().all(|word| text.contains(word))
    }
}

/// What the controls show.
#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    /// What is looked for now.
    pub filter: Filter,
    /// The families to choose from.
    pub families: Vec<&'static str>,
    /// Told what is looked for next.
    pub onchange: Callback<Filter>,
}

/// Search, family, and what is far off.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let lang = use_lang();
    let change = |set: fn(&mut Filter, &Event)| {
        let (filter, onchange) = (props.filter.clone(), props.onchange.clone());
        move |event: Event| {
            let mut next = filter.clone();
            set(&mut next, &event);
            onchange.emit(next);
        }
    };
    let search = change(|next, event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            next.text = input.value();
        }
    });
    let oninput = Callback::from(move |event: InputEvent| search(event.into()));
    let family = Callback::from(change(|next, event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            next.family = select.value();
        }
    }));
    let tight = Callback::from(change(|next, event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            next.tight = input.checked();
        }
    }));
    let chosen = &props.filter.family;
    html! {
        <div class="checks-controls" role="search" aria-label={tr(lang, "checks.controls")}>
            <label class="field">
                <span>{ tr(lang, "checks.search") }</span>
                <input class="input" type="search" value={props.filter.text.clone()} {oninput}
                    placeholder={tr(lang, "checks.search_hint")} autocomplete="off" />
            </label>
            <label class="field">
                <span>{ tr(lang, "checks.by_family") }</span>
                <select class="input" onchange={family}>
                    <option value="" selected={chosen.is_empty()}>{ tr(lang, "checks.all_families") }</option>
                    for slug in props.families.iter().copied() {
                        <option key={slug} value={slug} selected={chosen == slug}>
                            { tr(lang, &format!("checks.family.{slug}.name")) }
                        </option>
                    }
                </select>
            </label>
            <label class="checks-tight">
                <input type="checkbox" checked={props.filter.tight} onchange={tight} />
                { tr(lang, "checks.only_tight") }
            </label>
        </div>
    }
}
