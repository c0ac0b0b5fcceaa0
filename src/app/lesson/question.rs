//! A question with answers to choose from. What was answered is remembered; nothing is graded.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_course::prose::{Address, link_address};
use archplay_course::question::{Choice, QUESTIONS_FILE, Question};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::data::{FetchError, Remote, fetch};
use super::panel::local_text;
use super::prose::{draw, outside};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::store::local;

thread_local! {
    static KEPT: RefCell<Option<Rc<Vec<Question>>>> = const { RefCell::new(None) };
}

/// Which question.
#[derive(Properties, PartialEq)]
pub struct QuestionPlaceProps {
    /// Its id.
    pub id: AttrValue,
}

/// The question, once its file is here.
#[component]
pub fn QuestionPlace(props: &QuestionPlaceProps) -> Html {
    let lang = use_lang();
    let all = use_state(|| {
        KEPT.with_borrow(|kept| match kept {
            Some(all) => Remote::Ready(all.clone()),
            None => Remote::<Vec<Question>>::Loading,
        })
    });
    let attempt = use_state_eq(|| 0_u32);
    use_effect_with(*attempt, {
        let all = all.clone();
        move |_| {
            if all.ready().is_none() {
                let all = all.setter();
                spawn_local(async move {
                    all.set(
                        match fetch::<Vec<Question>>(&format!("lessons/{QUESTIONS_FILE}")).await {
                            Ok(list) => {
                                let list = Rc::new(list);
                                KEPT.set(Some(list.clone()));
                                Remote::Ready(list)
                            }
                            Err(error) => Remote::Failed(error),
                        },
                    );
                });
            }
        }
    });
    let failed = |error: &FetchError| {
        let attempt = attempt.clone();
        let args = [("detail", &*error.detail())].map(|(n, v)| (n, v.to_owned()));
        let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        html! {
            <p class="notice notice-bad" role="alert">
                { trf(lang, &format!("fetch.{}", error.slug()), &args) }
                <button type="button" class="btn" onclick={move |_: MouseEvent| attempt.set(*attempt + 1)}>
                    { tr(lang, "lesson.retry") }
                </button>
            </p>
        }
    };
    match &*all {
        Remote::Loading => html! { <p class="quiet">{ tr(lang, "question.loading") }</p> },
        Remote::Failed(error) => failed(error),
        Remote::Ready(list) => {
            let at = list.iter().position(|question| *question.id == *props.id);
            at.map_or_else(Html::default, |at| {
                html! { <Asked of={Of(list.clone(), at)} /> }
            })
        }
    }
}

/// A question within its file, compared by identity.
#[derive(Clone)]
struct Of(Rc<Vec<Question>>, usize);

impl PartialEq for Of {
    fn eq(&self, other: &Self) -> bool {
        self.1 == other.1 && Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
struct AskedProps {
    of: Of,
}

#[component]
fn Asked(props: &AskedProps) -> Html {
    let lang = use_lang();
    let key = props
        .of
        .0
        .get(props.of.1)
        .map(|q| format!("archplay/question/{}", q.id));
    let answered = use_state_eq(|| key.as_deref().and_then(local::get));
    let chosen = use_state_eq(|| (*answered).clone());
    let Some((question, key)) = props.of.0.get(props.of.1).zip(key) else {
        return Html::default();
    };
    let done = answered
        .as_ref()
        .filter(|id| question.choices.iter().any(|choice| choice.id == **id))
        .cloned();
    let answer = {
        let (answered, chosen, key) = (answered.clone(), chosen.clone(), key.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(id) = &*chosen {
                local::set(&key, id);
                answered.set(Some(id.clone()));
            }
        })
    };
    let again = {
        let (answered, chosen) = (answered.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| {
            local::remove(&key);
            chosen.set(None);
            answered.set(None);
        })
    };
    let choose = Callback::from({
        let chosen = chosen.clone();
        move |id: String| chosen.set(Some(id))
    });
    let prose = |text: &archplay_course::prose::LocalProse| draw(lang, "", &question.sources, text);
    let view = |choice: &Choice| {
        let right = choice.id == question.answer;
        let mine = done.as_ref() == Some(&choice.id);
        let (icon, word, class) = if right {
            (IconName::Check, "question.right", "met")
        } else {
            (IconName::Close, "question.wrong", "missed")
        };
        let (choose, id) = (choose.clone(), choice.id.clone());
        html! {
            <li key={choice.id.clone()} class={classes!("ask-choice", mine.then_some("ask-mine"))}>
                <label>
                    <input type="radio" name={format!("ask-{}", question.id)} value={choice.id.clone()}
                        checked={chosen.as_ref() == Some(&choice.id)} disabled={done.is_some()}
                        onchange={move |_: Event| choose.emit(id.clone())} />
                    <span><b>{ format!("{}. ", choice.id) }</b>{ local_text(lang, &choice.text) }</span>
                </label>
                if done.is_some() {
                    <div class="ask-why">
                        <p class={classes!("result", class)}>
                            <Icon name={icon} size={16} />
                            { tr(lang, word) }
                            if mine { { tr(lang, "question.mine") } }
                        </p>
                        <div class="prose">{ prose(&choice.why) }</div>
                    </div>
                }
            </li>
        }
    };
    html! {
        <section class="ask" data-question={question.id.clone()} aria-label={tr(lang, "question.title")}>
            <div class="prose ask-prompt">{ prose(&question.prompt) }</div>
            <fieldset>
                <legend>{ tr(lang, "question.choose") }</legend>
                <ul class="ask-choices">{ for question.choices.iter().map(view) }</ul>
            </fieldset>
            if let Some(done) = done {
                <p class="ask-verdict" role="status">
                    { tr(lang, if done == question.answer { "question.passed" } else { "question.missed" }) }
                </p>
                <div class="prose ask-about">{ prose(&question.about) }</div>
                <ol class="ask-sources" aria-label={tr(lang, "lesson.sources")}>
                    for source in &question.sources {
                        <li key={source.id.clone()}>
                            { match link_address(&source.url) {
                                Some(Address::Outside(address)) => outside(&address, html! { { source.title.clone() } }),
                                _ => html! { { source.title.clone() } },
                            } }
                        </li>
                    }
                </ol>
                <button type="button" class="btn" onclick={again}>
                    <Icon name={IconName::Reset} size={16} />
                    { tr(lang, "question.again") }
                </button>
            } else {
                <button type="button" class="btn btn-primary" onclick={answer} disabled={chosen.is_none()}>
                    <Icon name={IconName::Check} size={16} />
                    { tr(lang, "question.answer") }
                </button>
            }
        </section>
    }
}
