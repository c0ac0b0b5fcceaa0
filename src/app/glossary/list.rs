//! The list of all words, to be searched in either language.

use archplay_course::glossary::Term;
use archplay_text::Lang;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::data::{in_lang, use_glossary};
use super::popover::sessions;
use crate::app::dialog::Modal;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::Remote;
use crate::app::palette::search::found_in;

/// How it is closed.
#[derive(Properties, PartialEq)]
pub struct GlossaryProps {
    /// It is closed.
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn Glossary(props: &GlossaryProps) -> Html {
    let lang = use_lang();
    let (terms, retry) = use_glossary();
    let query = use_state_eq(String::new);
    let oninput = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                query.set(input.value());
            }
        })
    };
    // A link to a session leads away from the list.
    let onclick = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: MouseEvent| {
            let element = event.target_dyn_into::<web_sys::Element>();
            if element.is_some_and(|e| matches!(e.closest("a"), Ok(Some(_)))) {
                on_close.emit(());
            }
        })
    };
    let other = lang.other();
    let body = match &terms {
        Remote::Loading => {
            html! { <p class="quiet" role="status">{ tr(lang, "glossary.loading") }</p> }
        }
        Remote::Failed(_) => html! {
            <p role="alert">
                { tr(lang, "glossary.failed") }
                <button type="button" class="link-btn" onclick={retry.reform(|_| ())}>
                    { tr(lang, "lesson.retry") }
                </button>
            </p>
        },
        Remote::Ready(terms) => {
            let found = found(lang, terms, query.trim());
            let count = found.len().to_string();
            html! {
                <>
                    <p class="quiet" role="status">
                        if found.is_empty() {
                            { trf(lang, "glossary.none", &[("query", query.trim())]) }
                        } else {
                            { trf(lang, "glossary.shown", &[("count", &count)]) }
                        }
                    </p>
                    <ul class="glossary-list" {onclick}>
                        for term in found {
                            <li key={term.id.clone()} data-term-of={term.id.clone()}>
                                <h3>
                                    { in_lang(lang, &term.name).to_owned() }
                                    <span lang={other.tag()}>{ in_lang(other, &term.name).to_owned() }</span>
                                </h3>
                                <p>{ in_lang(lang, &term.text).to_owned() }</p>
                                { sessions(lang, &term.sessions) }
                            </li>
                        }
                    </ul>
                </>
            }
        }
    };
    html! {
        <Modal title={tr(lang, "glossary.title")} onclose={props.on_close.clone()} class="glossary">
            <input class="input" type="search" autofocus={true} autocomplete="off" spellcheck="false"
                placeholder={tr(lang, "glossary.search")} aria-label={tr(lang, "glossary.search")}
                value={(*query).clone()} {oninput} />
            { body }
        </Modal>
    }
}

/// The words that a query means: those called so first, then those whose explanation says it; each in order
/// of their names.
fn found<'a>(lang: Lang, terms: &'a [Term], query: &str) -> Vec<&'a Term> {
    let rank = |term: &Term| {
        if query.is_empty() {
            return Some(0);
        }
        let names = [&term.name.ko, &term.name.en];
        let named = names
            .into_iter()
            .filter_map(|name| found_in(name, query))
            .min();
        named.or_else(|| found_in(in_lang(lang, &term.text), query).map(|_| 2))
    };
    let mut found: Vec<(usize, String, &Term)> = terms
        .iter()
        .filter_map(|term| Some((rank(term)?, in_lang(lang, &term.name).to_lowercase(), term)))
        .collect();
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found.into_iter().map(|(_, _, term)| term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Vec<Term> {
        serde_json::from_str(
            r#"[{"id":"lru","name":{"ko":"LRU","en":"LRU"},"text":{"ko":"가장 오래 안 쓴 것부터 내보내요.","en":"Evicts."},"sessions":[4]},
                {"id":"retry","name":{"ko":"재시도","en":"retry"},"text":{"ko":"다시 보내요.","en":"Again."},"sessions":[3]},
                {"id":"cache","name":{"ko":"캐시","en":"cache"},"text":{"ko":"가까이 둬요. 재시도는 아니에요.","en":"Near."},"sessions":[4]}]"#,
        )
        .unwrap()
    }

    #[test]
    fn words_are_found_by_either_name_then_by_what_they_say() {
        let all = terms();
        let ids = |query| -> Vec<&str> {
            found(Lang::Ko, &all, query)
                .iter()
                .map(|t| t.id.as_str())
                .collect()
        };
        assert_eq!(ids(""), ["lru", "retry", "cache"]);
        assert_eq!(ids("재시도"), ["retry", "cache"]);
        assert_eq!(ids("Retry"), ["retry"]);
        assert_eq!(ids("ㅋㅅ"), ["cache"]);
        assert!(ids("없는 말").is_empty());
    }
}
