//! Which task is graded: a session, then one of its tasks. At first the one that is open on the page.

use std::rc::Rc;

use archplay_course::bundle::LessonBundle;
use archplay_model::Id;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::board::Chosen;
use super::desk::desk;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::{FetchError, fetch, use_course};
use crate::app::lesson::{local_text, own};
use crate::app::route::OWN;

/// The choice.
#[derive(Properties, PartialEq)]
pub struct TaskChoiceProps {
    /// The task as it is chosen.
    pub chosen: Option<Chosen>,
}

/// Two fields.
#[component]
pub fn TaskChoice(props: &TaskChoiceProps) -> Html {
    let lang = use_lang();
    let course = use_course();
    let lesson = use_state(|| None::<Result<Rc<LessonBundle>, FetchError>>);
    // Nothing chosen yet: what is open on the page.
    use_effect_with(course.task(), {
        let lesson = lesson.clone();
        move |task| {
            if let Some(task) = task
                && desk().board().chosen.is_none()
            {
                choose(&task.lesson, task.index);
                lesson.set(Some(Ok(task.lesson.clone())));
            }
        }
    });
    let load = {
        let (lesson, open) = (lesson.setter(), course.lesson.ready().cloned());
        Callback::from(move |(id, position): (Option<Id>, usize)| {
            let take = {
                let lesson = lesson.clone();
                move |found: Rc<LessonBundle>| {
                    choose(&found, position);
                    lesson.set(Some(Ok(found)));
                }
            };
            let Some(id) = id else {
                if let Some(own) = own::kept() {
                    take(own.lesson);
                }
                return;
            };
            if let Some(open) = open.as_ref().filter(|open| open.id == id) {
                take(open.clone());
                return;
            }
            let lesson = lesson.clone();
            spawn_local(async move {
                match fetch::<LessonBundle>(&format!("lessons/{id}.{}.json", lang.tag())).await {
                    Ok(found) => take(Rc::new(found)),
                    Err(error) => lesson.set(Some(Err(error))),
                }
            });
        })
    };
    // The names of a task that was chosen earlier.
    use_effect_with(lang, {
        let (chosen, load) = (props.chosen.clone(), load.clone());
        move |_| {
            if let Some(chosen) = chosen {
                let id = (chosen.session != OWN).then_some(chosen.lesson);
                load.emit((id, chosen.position));
            }
        }
    });
    let now = props.chosen.as_ref();
    let is_own = now.is_some_and(|now| now.session == OWN);
    let entries = course.index.ready().cloned();
    let entries = entries.iter().flat_map(|index| &index.lessons);
    let lessons: Vec<(String, String, bool)> = entries
        .filter(|entry| !entry.tasks.is_empty())
        .map(|entry| {
            let number = entry.session.to_string();
            let name = trf(lang, "bar.session", &[("number", &number)]);
            let here = !is_own && now.is_some_and(|now| now.lesson == entry.id);
            let title = local_text(lang, &entry.title);
            (entry.id.to_string(), format!("{name} · {title}"), here)
        })
        .chain(course.own.as_ref().map(|title| {
            let title = local_text(lang, title);
            let name = tr(lang, "lesson.own");
            (String::new(), format!("{name} · {title}"), is_own)
        }))
        .collect();
    let on_lesson = {
        let load = load.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                load.emit((Id::new(&select.value()).ok(), 0));
            }
        })
    };
    let tasks = match &*lesson {
        Some(Ok(lesson)) => lesson.tasks.as_slice(),
        _ => &[],
    };
    let on_task = {
        let lesson = lesson.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let position = select.and_then(|select| usize::try_from(select.selected_index()).ok());
            if let (Some(position), Some(Ok(lesson))) = (position, &*lesson) {
                choose(lesson, position);
            }
        })
    };
    html! {
        <>
            <div class="field">
                <label for="class-lesson">{ tr(lang, "class.teams.session") }</label>
                <select id="class-lesson" class="select" onchange={on_lesson}>
                    for (id, name, here) in lessons {
                        <option key={id.clone()} value={id} selected={here}>{ name }</option>
                    }
                </select>
            </div>
            <div class="field">
                <label for="class-task">{ tr(lang, "class.teams.task") }</label>
                <select id="class-task" class="select" onchange={on_task} disabled={tasks.is_empty()}>
                    for (i, task) in tasks.iter().enumerate() {
                        <option key={i} value={i.to_string()} selected={now.is_some_and(|now| now.position == i)}>
                            { local_text(lang, &task.graded.task.title) }
                        </option>
                    }
                </select>
                if let Some(Err(error)) = &*lesson {
                    <p class="field-error" role="alert">
                        { trf(lang, &format!("fetch.{}", error.slug()), &[("detail", &error.detail())]) }
                    </p>
                }
            </div>
        </>
    }
}

fn choose(lesson: &Rc<LessonBundle>, position: usize) {
    let Some(task) = lesson.tasks.get(position) else {
        return;
    };
    let chosen = Chosen {
        lesson: lesson.id.clone(),
        session: u8::try_from(lesson.session).unwrap_or(OWN),
        position,
        bundle: Rc::new(task.graded.clone()),
    };
    desk().change(|board| board.choose(chosen));
}
