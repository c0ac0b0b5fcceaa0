//! The top bar: where one is, what the drawing is called, what can be done with it as a whole.
//!
//! Must not live here: anything about single components of the drawing.

mod about;
mod file_menu;
mod menu;
mod name;
mod stepper;

pub use menu::{Entry, Menu};

use archplay_text::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::about::AboutDialog;
use self::file_menu::FileMenu;
use self::name::DrawingName;
use self::stepper::Stepper;
use crate::app::class::TimerChip;
use crate::app::dialog::{Toast, say, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{Settings, ThemeChoice, tr, trf, use_lang, use_settings};
use crate::app::route::{Desk, Route, Tool, navigate, use_route};
use crate::app::session::{EditorAction, use_dispatch, use_steps};
use crate::app::shell::{ZoneAction, use_zones};
use crate::app::shortcuts::{show_glossary, show_keys};
use crate::app::texts;

/// The bar.
#[component]
pub fn Bar() -> Html {
    let lang = use_lang();
    let settings = use_settings();
    let about = use_state_eq(|| false);
    let show_about = {
        let about = about.clone();
        Callback::from(move |()| about.set(true))
    };
    let hide_about = {
        let about = about.clone();
        Callback::from(move |()| about.set(false))
    };
    html! {
        <div class="bar">
            <LessonToggle />
            <button type="button" class="mark" onclick={show_about.reform(|_| ())}
                title={tr(lang, "bar.about")}>
                <Icon name={IconName::LoadBalancer} size={20} />
                <span>{ tr(lang, "bar.mark") }</span>
            </button>
            <Stepper />
            <DrawingName />
            <UndoRedo />
            <FileMenu />
            <TimerChip />
            <span class="bar-gap" />
            <LangSwitch settings={settings.clone()} />
            <ThemeMenu {settings} />
            <HelpMenu {show_about} />
            if *about {
                <AboutDialog onclose={hide_about} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct HelpProps {
    show_about: Callback<()>,
}

/// Help, and what is not of the drawing: the projector, the class, the checks.
#[component]
fn HelpMenu(props: &HelpProps) -> Html {
    let lang = use_lang();
    let zones = use_zones();
    let desk = use_route().desk;
    let present = {
        let zones = zones.clone();
        Callback::from(move |()| zones.apply(ZoneAction::TogglePresent))
    };
    let mut entries = vec![
        Entry::Do {
            icon: IconName::List,
            label: tr(lang, "bar.keys"),
            run: Callback::from(|()| show_keys()),
        },
        Entry::Do {
            icon: IconName::Search,
            label: tr(lang, "bar.glossary"),
            run: Callback::from(|()| show_glossary()),
        },
        Entry::Do {
            icon: IconName::Present,
            label: tr(
                lang,
                if zones.layout.present {
                    "shell.present_off"
                } else {
                    "shell.present_on"
                },
            ),
            run: present,
        },
        Entry::Do {
            icon: IconName::Client,
            label: tr(lang, "bar.class"),
            run: Callback::from(|()| navigate(Route::Class(Tool::default()))),
        },
        Entry::Do {
            icon: IconName::Check,
            label: tr(lang, "bar.checks"),
            run: Callback::from(|()| navigate(Route::Checks)),
        },
        Entry::Do {
            icon: IconName::Help,
            label: tr(lang, "bar.about"),
            run: props.show_about.clone(),
        },
    ];
    if let Desk::Session(number) = desk {
        let read = Entry::Do {
            icon: IconName::Book,
            label: tr(lang, "bar.read"),
            run: Callback::from(move |()| navigate(Route::Read(number))),
        };
        entries.insert(3, read);
    }
    html! { <Menu label={tr(lang, "bar.help")} icon={IconName::Help} {entries} /> }
}

/// Opens and folds the lesson, panel or drawer.
#[component]
fn LessonToggle() -> Html {
    let lang = use_lang();
    let zones = use_zones();
    let wide = gloo::utils::window()
        .match_media("(min-width: 1024px)")
        .ok()
        .flatten()
        .is_none_or(|query| query.matches());
    let open = if wide {
        zones.layout.lesson_open
    } else {
        zones.layout.drawer_open
    };
    let label = tr(
        lang,
        if open {
            "shell.lesson_close"
        } else {
            "shell.lesson_open"
        },
    );
    let action = if wide {
        ZoneAction::ToggleLesson
    } else {
        ZoneAction::ToggleDrawer
    };
    let onclick = Callback::from(move |_: MouseEvent| zones.apply(action));
    html! {
        <button type="button" class="icon-btn lesson-drawer" aria-expanded={open.to_string()}
            aria-controls="lesson" {onclick} title={label.clone()} aria-label={label}>
            <Icon name={IconName::Book} size={18} />
        </button>
    }
}

/// Undo and redo, with what they would undo or redo.
#[component]
fn UndoRedo() -> Html {
    let lang = use_lang();
    let steps = use_steps();
    let dispatch = use_dispatch();
    let label = |key: &str, slug: Option<&'static str>| match slug {
        Some(slug) => {
            let what = tr(lang, &format!("edit.{slug}"));
            trf(lang, &format!("bar.{key}_what"), &[("what", &what)])
        }
        None => tr(lang, &format!("bar.{key}")),
    };
    let act = |action: EditorAction| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            // Undo and redo are never refused.
            let _ = dispatch.apply(action.clone());
        })
    };
    let undo = label("undo", steps.undo_slug);
    let redo = label("redo", steps.redo_slug);
    html! {
        <div class="bar-group">
            <button type="button" class="icon-btn" disabled={steps.undo == 0} onclick={act(EditorAction::Undo)}
                title={format!("{undo} (Ctrl+Z)")} aria-label={undo}>
                <Icon name={IconName::Undo} size={18} />
            </button>
            <button type="button" class="icon-btn" disabled={steps.redo == 0} onclick={act(EditorAction::Redo)}
                title={format!("{redo} (Ctrl+Shift+Z)")} aria-label={redo}>
                <Icon name={IconName::Redo} size={18} />
            </button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SettingsProps {
    settings: Settings,
}

/// Returns what changes the language once its texts are here, or says that they did not come. Until
/// then the page stays as it is, and asking again does nothing.
#[hook]
fn use_switch_lang(settings: &Settings) -> Callback<Lang> {
    let toasts = use_toasts();
    let waiting = use_mut_ref(|| false);
    let set_lang = settings.set_lang.clone();
    Callback::from(move |wanted: Lang| {
        if waiting.replace(true) {
            return;
        }
        let (toasts, waiting, set_lang) = (toasts.clone(), waiting.clone(), set_lang.clone());
        spawn_local(async move {
            let fetched = texts::fetch(wanted).await;
            waiting.replace(false);
            match fetched {
                Ok(()) => set_lang.emit(wanted),
                Err(reason) => {
                    web_sys::console::error_1(&reason);
                    toasts.emit(Toast::bad(say("lang.load_failed")));
                }
            }
        });
    })
}

/// Says that the rest of the texts did not come.
#[hook]
fn use_missing_texts() {
    let toasts = use_toasts();
    use_effect_with(toasts, |toasts| {
        let toasts = toasts.clone();
        let listener = texts::on_missing(move || {
            toasts.emit(Toast::bad(say("lang.rest_failed")));
        });
        move || drop(listener)
    });
}

/// Shows the other language, in that language.
#[component]
fn LangSwitch(props: &SettingsProps) -> Html {
    let other = props.settings.lang.other();
    let switch = use_switch_lang(&props.settings);
    use_missing_texts();
    let name = tr(other, "bar.this_language");
    html! {
        // On narrow screens only the icon is there.
        <button type="button" class="btn btn-quiet lang-switch" lang={other.tag()} title={name.clone()}
            aria-label={name.clone()} onclick={switch.reform(move |_| other)}>
            <Icon name={IconName::Globe} size={18} />
            <span>{ name }</span>
        </button>
    }
}

#[component]
fn ThemeMenu(props: &SettingsProps) -> Html {
    let lang = props.settings.lang;
    let entries: Vec<Entry> = ThemeChoice::ALL
        .into_iter()
        .map(|choice| Entry::Choice {
            label: tr(lang, &format!("bar.theme_{}", choice.slug())),
            chosen: choice == props.settings.theme,
            run: props.settings.set_theme.reform(move |()| choice),
        })
        .collect();
    let icon = match props.settings.theme {
        ThemeChoice::System => IconName::Contrast,
        ThemeChoice::Light => IconName::Sun,
        ThemeChoice::Dark => IconName::Moon,
    };
    html! { <Menu label={tr(lang, "bar.theme")} {icon} {entries} /> }
}
