//! The lessons' files: fetched, kept while the page is open, asked for again on request.
//!
//! Must not live here: how a lesson looks.

use std::rc::Rc;

use archplay_course::bundle::{AnswersBundle, LessonBundle, LessonIndex, Pack, TaskBundle};
use archplay_model::format::read_design;
use archplay_model::scenario::LocalText;
use archplay_model::{Design, Id};
use archplay_text::Lang;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::own;
use crate::app::lang::use_lang;
use crate::app::route::{Desk, OWN, use_route};
use crate::app::store::local;

/// Something that has to come over the network.
#[derive(Debug)]
pub enum Remote<T> {
    /// Under way.
    Loading,
    /// Here.
    Ready(Rc<T>),
    /// It did not come.
    Failed(FetchError),
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready(value) => Self::Ready(value.clone()),
            Self::Failed(error) => Self::Failed(error.clone()),
        }
    }
}

impl<T> PartialEq for Remote<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loading, Self::Loading) => true,
            (Self::Ready(a), Self::Ready(b)) => Rc::ptr_eq(a, b),
            (Self::Failed(a), Self::Failed(b)) => a == b,
            _ => false,
        }
    }
}

impl<T> Remote<T> {
    /// What has come.
    pub fn ready(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Why something did not come. The text is `fetch.<slug>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The browser says it is offline.
    Offline,
    /// The server could not be reached.
    Unreachable,
    /// The server answered with this status.
    Status(u16),
    /// It came, but is not what was expected; the reader's own words.
    Unreadable(String),
    /// There is no such lesson yet.
    NotYet,
    /// No lesson from a file is open.
    NoOwn,
}

impl FetchError {
    /// The name in text keys.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "status",
            Self::Unreadable(_) => "unreadable",
            Self::NotYet => "not_yet",
            Self::NoOwn => "no_own",
        }
    }

    /// The value for `{detail}` in the text.
    pub fn detail(&self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::Unreadable(words) => words.clone(),
            _ => String::new(),
        }
    }
}

/// The lessons and the one that is open.
#[derive(Clone, PartialEq)]
pub struct Course {
    /// All lessons.
    pub index: Remote<LessonIndex>,
    /// The lesson of the open session; loading for ever in the free playground, where nobody asks.
    pub lesson: Remote<LessonBundle>,
    /// The open task's position in the lesson.
    pub task_index: usize,
    /// The name of the lesson from a file, if one is open.
    pub own: Option<LocalText>,
    /// Opens a lesson from a file.
    pub open: Callback<Rc<Pack>>,
    /// Opens another task.
    pub set_task: Callback<usize>,
    /// Tries again what has failed.
    pub retry: Callback<()>,
}

impl Course {
    /// The open task.
    pub fn task(&self) -> Option<TaskRef> {
        let lesson = self.lesson.ready()?.clone();
        let index = self.task_index.min(lesson.tasks.len().checked_sub(1)?);
        Some(TaskRef { lesson, index })
    }
}

/// A task within its lesson; cheap to clone.
#[derive(Clone)]
pub struct TaskRef {
    /// The lesson.
    pub lesson: Rc<LessonBundle>,
    /// The task's position.
    pub index: usize,
}

impl TaskRef {
    /// Reads a drawing that the lesson has prepared, with names in the reader's language.
    pub fn prepared(&self, lang: Lang, text: &str) -> Option<Design> {
        let (mut design, _) = read_design(text).ok()?;
        if lang == Lang::En {
            self.lesson.name_in_english(&mut design);
        }
        Some(design)
    }
}

impl std::ops::Deref for TaskRef {
    type Target = TaskBundle;

    fn deref(&self) -> &TaskBundle {
        &self.lesson.tasks[self.index].graded
    }
}

impl PartialEq for TaskRef {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && Rc::ptr_eq(&self.lesson, &other.lesson)
    }
}

/// Returns the lessons.
#[hook]
pub fn use_course() -> Course {
    use_context::<Course>().unwrap_or_else(|| Course {
        index: Remote::Loading,
        lesson: Remote::Loading,
        own: None,
        open: Callback::noop(),
        task_index: 0,
        set_task: Callback::noop(),
        retry: Callback::noop(),
    })
}

/// Fetches a lesson's prepared designs; those of a lesson from a file are here already.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch_answers(lesson: &LessonBundle) -> Result<Rc<AnswersBundle>, FetchError> {
    if lesson.session == u32::from(OWN) {
        let own = own::kept().ok_or(FetchError::NoOwn)?;
        return Ok(own.answers.clone());
    }
    fetch(&format!("lessons/{}.answers.json", lesson.id))
        .await
        .map(Rc::new)
}

/// Fetches a file of the site.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch<T: DeserializeOwned>(address: &str) -> Result<T, FetchError> {
    let window = gloo::utils::window();
    let unreachable = || {
        if gloo::utils::window().navigator().on_line() {
            FetchError::Unreachable
        } else {
            FetchError::Offline
        }
    };
    let response = JsFuture::from(window.fetch_with_str(address))
        .await
        .map_err(|_| unreachable())?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| unreachable())?;
    if !response.ok() {
        return Err(FetchError::Status(response.status()));
    }
    let text = response.text().map_err(|_| unreachable())?;
    let text = JsFuture::from(text).await.map_err(|_| unreachable())?;
    let text = text.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| FetchError::Unreadable(error.to_string()))
}

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the context.
    pub children: Html,
}

/// Provides the lessons.
#[component]
pub fn CourseProvider(props: &ProviderProps) -> Html {
    let desk = use_route().desk;
    let attempt = use_state_eq(|| 0_u32);
    let index = use_state_eq(|| Remote::<LessonIndex>::Loading);
    let lang = use_lang();
    let lesson = use_state_eq(|| (None::<Id>, lang, Remote::<LessonBundle>::Loading));
    let task_index = use_state_eq(|| 0_usize);
    let own = use_state(own::kept);
    let open_own = use_callback((), {
        let (own, task_index) = (own.setter(), task_index.setter());
        move |pack: Rc<Pack>, ()| {
            task_index.set(0);
            own.set(Some(own::keep(&pack)));
        }
    });

    use_effect_with(*attempt, {
        let index = index.clone();
        move |_| {
            if index.ready().is_none() {
                index.set(Remote::Loading);
                spawn_local(async move { index.set(remote(fetch("lessons/index.json").await)) });
            }
        }
    });

    // `None` while the index is not here; then the lesson, or that there is none.
    let wanted: Option<Result<Id, ()>> = match (desk, index.ready()) {
        (Desk::Session(OWN), _) => None,
        (Desk::Session(number), Some(index)) => Some(
            index
                .lessons
                .iter()
                .find(|entry| entry.session == u32::from(number))
                .map(|entry| entry.id.clone())
                .ok_or(()),
        ),
        _ => None,
    };
    use_effect_with((wanted.clone(), lang, *attempt), {
        let (lesson, task_index) = (lesson.clone(), task_index.clone());
        move |(wanted, lang, _)| {
            let (lang, alive) = (*lang, Rc::new(std::cell::Cell::new(true)));
            // In another language it stays until that has come, or for good if it does not come.
            let here = |id: &Id| lesson.0.as_ref() == Some(id) && lesson.2.ready().is_some();
            if let Some(Ok(id)) = wanted.clone()
                && !(here(&id) && lesson.1 == lang)
            {
                let here = here(&id);
                if !here {
                    task_index.set(kept_task(&id));
                    lesson.set((Some(id.clone()), lang, Remote::Loading));
                }
                let alive = alive.clone();
                spawn_local(async move {
                    let fetched = fetch(&format!("lessons/{id}.{}.json", lang.tag())).await;
                    if alive.get() && (fetched.is_ok() || !here) {
                        lesson.set((Some(id), lang, remote(fetched)));
                    }
                });
            }
            move || alive.set(false)
        }
    });

    let open = match (&*index, &wanted) {
        _ if desk == Desk::Session(OWN) => match &*own {
            Some(own) => Remote::Ready(own.lesson.clone()),
            None => Remote::Failed(FetchError::NoOwn),
        },
        (Remote::Failed(error), _) => Remote::Failed(error.clone()),
        (_, Some(Err(()))) => Remote::Failed(FetchError::NotYet),
        (_, Some(Ok(id))) if lesson.0.as_ref() == Some(id) => lesson.2.clone(),
        _ => Remote::Loading,
    };
    let retry = use_callback((), {
        let attempt = attempt.clone();
        move |(), ()| attempt.set(*attempt + 1)
    });
    let own_here = (own.as_ref()).filter(|_| desk == Desk::Session(OWN));
    let open_id = own_here.map_or_else(|| lesson.0.clone(), |own| Some(own.lesson.id.clone()));
    let set_task = use_callback(open_id, {
        let task_index = task_index.setter();
        move |position: usize, id: &Option<Id>| {
            if let Some(id) = id {
                remember_task(id, position);
            }
            task_index.set(position);
        }
    });
    let course = Course {
        index: (*index).clone(),
        lesson: open,
        own: own.as_ref().map(|own| own.lesson.title.clone()),
        open: open_own,
        task_index: *task_index,
        set_task,
        retry,
    };
    html! {
        <ContextProvider<Course> context={course}>
            { props.children.clone() }
        </ContextProvider<Course>>
    }
}

fn remote<T>(result: Result<T, FetchError>) -> Remote<T> {
    match result {
        Ok(value) => Remote::Ready(value.into()),
        Err(error) => Remote::Failed(error),
    }
}

fn task_key(lesson: &Id) -> String {
    format!("archplay/task/{lesson}")
}

/// Remembers which task of a lesson is open, for the next time the lesson is.
pub fn remember_task(lesson: &Id, position: usize) {
    local::set(&task_key(lesson), &position.to_string());
}

fn kept_task(lesson: &Id) -> usize {
    local::get(&task_key(lesson))
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}
