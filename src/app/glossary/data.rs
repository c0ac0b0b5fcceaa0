//! The glossary's file: fetched when the first word is asked for, then kept.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_course::glossary::{GLOSSARY_FILE, Term};
use archplay_model::scenario::LocalText;
use archplay_text::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::lesson::data::{Remote, fetch};

thread_local! {
    static KEPT: RefCell<Option<Rc<Vec<Term>>>> = const { RefCell::new(None) };
}

fn kept() -> Remote<Vec<Term>> {
    KEPT.with_borrow(|kept| match kept {
        Some(terms) => Remote::Ready(terms.clone()),
        None => Remote::Loading,
    })
}

/// Returns all words, and what tries again after a failure.
#[hook]
pub fn use_glossary() -> (Remote<Vec<Term>>, Callback<()>) {
    let terms = use_state(kept);
    let attempt = use_state_eq(|| 0_u32);
    use_effect_with(*attempt, {
        let terms = terms.setter();
        move |_| {
            if kept().ready().is_some() {
                return;
            }
            terms.set(Remote::Loading);
            spawn_local(async move {
                terms.set(
                    match fetch::<Vec<Term>>(&format!("lessons/{GLOSSARY_FILE}")).await {
                        Ok(list) => {
                            KEPT.set(Some(Rc::new(list)));
                            kept()
                        }
                        Err(error) => Remote::Failed(error),
                    },
                );
            });
        }
    });
    let retry = Callback::from(move |()| attempt.set(*attempt + 1));
    ((*terms).clone(), retry)
}

/// A text in one language.
pub fn in_lang(lang: Lang, text: &LocalText) -> &str {
    match lang {
        Lang::Ko => &text.ko,
        Lang::En => &text.en,
    }
}
