//! The panel on the left: title, tabs, and what is in them.

use archplay_text::Lang;
use yew::prelude::*;

use super::data::{Remote, use_course};
use super::free::FreePanel;
use super::hints::Hints;
use super::prose::Lesson;
use super::status::Status;
use super::task::TaskTab;
use super::text::TextTab;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::{Desk, OWN, Route, use_route};
use crate::app::store::local;

const TAB_KEY: &str = "archplay/tab";

/// What the panel shows of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Text,
    Task,
    Hints,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Text, Self::Task, Self::Hints];

    const fn slug(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Task => "task",
            Self::Hints => "hints",
        }
    }

    const fn icon(self) -> IconName {
        match self {
            Self::Text => IconName::Book,
            Self::Task => IconName::Flag,
            Self::Hints => IconName::Bulb,
        }
    }

    fn beside(self, step: usize) -> Self {
        let place = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        Self::ALL[(place + step) % Self::ALL.len()]
    }
}

/// The panel on the left.
#[component]
pub fn LessonPanel() -> Html {
    let lang = use_lang();
    let route = use_route();
    let unknown = route.unknown.as_ref().map(|address| {
        let args = [("address", address.as_str())];
        html! {
            <p class="notice notice-bad" role="alert">
                <Icon name={IconName::Alert} size={18} />
                { trf(lang, "lesson.unknown_place", &args) }
            </p>
        }
    });
    html! {
        <div class="lesson">
            { unknown }
            if let Desk::Session(number) = route.desk {
                <SessionPanel key={number} {number} />
            } else {
                <FreePanel />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SessionProps {
    number: u8,
}

#[component]
fn SessionPanel(props: &SessionProps) -> Html {
    let lang = use_lang();
    let course = use_course();
    let tab = use_state_eq(|| {
        local::get(TAB_KEY)
            .and_then(|slug| Tab::ALL.into_iter().find(|tab| tab.slug() == slug))
            .unwrap_or(Tab::Text)
    });
    let choose = use_callback((), {
        let tab = tab.setter();
        move |chosen: Tab, ()| {
            local::set(TAB_KEY, chosen.slug());
            tab.set(chosen);
        }
    });
    let number = props.number.to_string();
    let session = if props.number == OWN {
        tr(lang, "lesson.own")
    } else {
        trf(lang, "bar.session", &[("number", &number)])
    };
    let title = match &course.lesson {
        Remote::Ready(lesson) => AttrValue::from(local_text(lang, &lesson.title)),
        _ if props.number == OWN => tr(lang, "lesson.own"),
        _ => tr(lang, &format!("session.{number}")),
    };
    let body = match &course.lesson {
        Remote::Ready(lesson) => {
            let lesson = Lesson(lesson.clone());
            match *tab {
                Tab::Text => html! { <TextTab {lesson} to_task={choose.reform(|()| Tab::Task)} /> },
                Tab::Task => html! { <TaskTab {lesson} /> },
                Tab::Hints => html! { <Hints {lesson} /> },
            }
        }
        Remote::Loading => html! { <Status error={None} retry={course.retry.clone()} /> },
        Remote::Failed(error) => {
            html! { <Status error={Some(error.clone())} retry={course.retry.clone()} /> }
        }
    };
    html! {
        <>
            <header class="lesson-head">
                <p class="lesson-session">{ session }</p>
                <h1>{ title }</h1>
                <TabBar tab={*tab} {choose} />
            </header>
            <div class="lesson-body" id="lesson-body" role="tabpanel" tabindex="0" key={tab.slug()}
                aria-labelledby={format!("lesson-tab-{}", tab.slug())}>
                { body }
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct TabBarProps {
    tab: Tab,
    choose: Callback<Tab>,
}

/// The tabs; arrow keys go from one to the next.
#[component]
fn TabBar(props: &TabBarProps) -> Html {
    let lang = use_lang();
    let onkeydown = {
        let (tab, choose) = (props.tab, props.choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => tab.beside(1),
                "ArrowLeft" => tab.beside(Tab::ALL.len() - 1),
                "Home" => Tab::Text,
                "End" => Tab::Hints,
                _ => return,
            };
            event.prevent_default();
            choose.emit(next);
            focus(&format!("lesson-tab-{}", next.slug()));
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={tr(lang, "lesson.tabs")} {onkeydown}>
            for tab in Tab::ALL {
                <button type="button" key={tab.slug()} class="tab" role="tab"
                    id={format!("lesson-tab-{}", tab.slug())} aria-controls="lesson-body"
                    aria-selected={(tab == props.tab).to_string()}
                    tabindex={if tab == props.tab { "0" } else { "-1" }}
                    onclick={props.choose.reform(move |_| tab)}>
                    <Icon name={tab.icon()} size={16} />
                    { tr(lang, &format!("lesson.tab.{}", tab.slug())) }
                </button>
            }
        </div>
    }
}

fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = gloo::utils::document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // Without focus the tab is still chosen.
        let _ = element.focus();
    }
}

/// The text of a lesson's own in the page's language.
pub fn local_text(lang: Lang, text: &archplay_model::scenario::LocalText) -> String {
    match lang {
        Lang::Ko => text.ko.clone(),
        Lang::En => text.en.clone(),
    }
}

/// The address of the session that every visit can fall back on.
pub fn first_session() -> String {
    Route::Desk(Desk::Session(crate::app::route::FIRST_SESSION)).hash()
}
