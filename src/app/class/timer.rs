//! The discussion timer: kept in the browser, the same in every tab, seen beside the task, in the bar and on the projector.
//!
//! Must not live here: how it counts (`archplay_course::class::Timer`), the sound itself (`sound`).

use std::rc::Rc;

use archplay_course::class::{Stage, Timer};
use archplay_text::Lang;
use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use yew::prelude::*;

use super::sound;
use crate::app::bar::{Entry, Menu};
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{is_here, tr, trf, use_lang};
use crate::app::lesson::data::TaskRef;
use crate::app::store::local;

const KEY: &str = "archplay/timer";
/// The window hears this when the timer was changed in this tab; other tabs hear of the storage.
const CHANGED: &str = "archplay-timer";
/// How often it is looked at while it runs, in milliseconds: often enough that no second is skipped.
const TICK_MS: u32 = 250;
/// How much more time the buttons give, in minutes.
const MORE: [u32; 2] = [1, 5];

fn now_ms() -> u64 {
    js_sys::Date::now().max(0.0) as u64
}

fn kept() -> Option<Timer> {
    Timer::read(&local::get(KEY)?)
}

fn keep(timer: Option<&Timer>) {
    match timer {
        Some(timer) => drop(local::set(KEY, &timer.to_text())),
        None => local::remove(KEY),
    }
    if let Ok(event) = Event::new(CHANGED) {
        // Nobody prevents it.
        let _ = gloo::utils::window().dispatch_event(&event);
    }
}

/// What can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Stops or goes on.
    Toggle,
    /// Gives this many minutes more.
    More(u32),
    /// Takes it away.
    End,
}

/// Changes the timer, if there is one.
pub fn act(what: Do) {
    sound::prepare();
    let Some(mut timer) = kept() else { return };
    let now = now_ms();
    match what {
        Do::Toggle if timer.stage(now) == Stage::Paused => timer.resume(now),
        Do::Toggle => timer.pause(now),
        Do::More(minutes) => timer.extend(minutes, now),
        Do::End => {
            keep(None);
            return;
        }
    }
    keep(Some(&timer));
}

/// Begins the discussion of a task; another one's ends.
pub fn begin(task: &TaskRef) {
    sound::prepare();
    let session = u8::try_from(task.lesson.session).unwrap_or(0);
    let timer = Timer::start(&name_of(task), session, minutes_of(task), now_ms());
    keep(Some(&timer));
}

/// Stops the timer or lets it go on; without one, begins the discussion of the open task.
pub fn toggle_or_begin(task: Option<&TaskRef>) {
    match (kept(), task) {
        (Some(_), _) => act(Do::Toggle),
        (None, Some(task)) => begin(task),
        (None, None) => {}
    }
}

fn name_of(task: &TaskRef) -> String {
    format!("{}/{}", task.lesson.id, task.task.id)
}

fn minutes_of(task: &TaskRef) -> u32 {
    let task = task.lesson.tasks.get(task.index);
    task.map_or(5, |task| task.discussion)
}

/// The timer as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What is discussed.
    pub about: String,
    /// What is left, as text.
    pub text: String,
    /// What it is at.
    pub stage: Stage,
}

fn look() -> Option<Rc<Shown>> {
    let timer = kept()?;
    let now = now_ms();
    Some(Rc::new(Shown {
        text: timer.text(now),
        stage: timer.stage(now),
        about: timer.about,
    }))
}

/// Returns the timer; the component renders again with every second of it.
#[hook]
pub fn use_timer() -> Option<Rc<Shown>> {
    let shown = use_state_eq(look);
    use_effect_with((), {
        let shown = shown.setter();
        move |()| {
            let window = gloo::utils::window();
            let again = shown.clone();
            let listeners = [
                EventListener::new(&window, CHANGED, move |_| shown.set(look())),
                EventListener::new(&window, "storage", move |_| again.set(look())),
            ];
            move || drop(listeners)
        }
    });
    let runs = (shown.as_ref())
        .is_some_and(|shown| matches!(shown.stage, Stage::Running | Stage::LastMinute));
    use_effect_with(runs, {
        let shown = shown.setter();
        move |runs| {
            let ticks = runs.then(|| Interval::new(TICK_MS, move || shown.set(look())));
            move || drop(ticks)
        }
    });
    (*shown).clone()
}

/// Returns whether there is a timer at all. Most pages never have one: nothing else of this file runs on them.
#[hook]
fn use_is_there() -> bool {
    let is_there = use_state_eq(|| local::get(KEY).is_some());
    use_effect_with((), {
        let is_there = is_there.setter();
        move |()| {
            let listeners = [CHANGED, "storage"].map(|event| {
                let is_there = is_there.clone();
                EventListener::new(&gloo::utils::window(), event, move |_| {
                    is_there.set(local::get(KEY).is_some());
                })
            });
            move || drop(listeners)
        }
    });
    *is_there
}

/// Tells the timer's end, wherever one is.
#[component]
pub fn Bell() -> Html {
    let is_there = use_is_there();
    html! {
        if is_there {
            <Ringing />
        }
    }
}

/// The timer in the bar, wherever one is: shown while there is one.
#[component]
pub fn TimerChip() -> Html {
    let is_there = use_is_there();
    html! {
        if is_there {
            <Chip />
        }
    }
}

/// Tells the end, once in all tabs, and says to screen readers what the timer is at.
#[component]
fn Ringing() -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    let stage = use_timer().map(|shown| shown.stage);
    // After a reload the text may be still to come.
    let here = is_here(lang, "class.timer.over");
    use_effect_with((stage, here), move |(stage, here)| {
        let due = kept().filter(|timer| *stage == Some(Stage::Over) && timer.is_due(now_ms()));
        let due = due.filter(|_| *here);
        if let Some(mut timer) = due {
            timer.ring();
            keep(Some(&timer));
            sound::ring();
            let give = Callback::from(|()| act(Do::More(1)));
            let toast = Toast::done(say("class.timer.over"));
            toasts.emit(toast.with_action(say_with("class.timer.more", &[("minutes", "1")]), give));
        }
    });
    let Some(stage) = stage else {
        return Html::default();
    };
    html! {
        <p class="visually-hidden" role="status">{ tr(lang, &format!("class.timer.{}", stage.slug())) }</p>
    }
}

/// Whose discussion.
#[derive(Properties, PartialEq)]
pub struct DiscussionProps {
    /// The task.
    pub task: TaskRef,
}

/// The timer beside a task.
#[component]
pub fn Discussion(props: &DiscussionProps) -> Html {
    let lang = use_lang();
    let shown = use_timer();
    let mine = shown.filter(|shown| shown.about == name_of(&props.task));
    let minutes = minutes_of(&props.task).to_string();
    let label = tr(lang, "class.timer.title");
    let Some(shown) = mine else {
        let onclick = {
            let task = props.task.clone();
            Callback::from(move |_: MouseEvent| begin(&task))
        };
        return html! {
            <section class="discussion" aria-label={label}>
                <Icon name={IconName::Clock} size={18} />
                <span>{ trf(lang, "class.timer.planned", &[("minutes", &minutes)]) }</span>
                <button type="button" class="btn" {onclick}>{ tr(lang, "class.timer.begin") }</button>
            </section>
        };
    };
    html! {
        <section class="discussion" aria-label={label} data-stage={shown.stage.slug()}>
            <span class="discussion-time" role="timer">{ shown.text.clone() }</span>
            if shown.stage == Stage::Over {
                <span class="discussion-over">{ tr(lang, "class.timer.over_short") }</span>
            } else {
                <button type="button" class="btn" onclick={|_| act(Do::Toggle)}>
                    { tr(lang, toggle_key(shown.stage)) }
                </button>
            }
            for minutes in MORE {
                <button key={minutes} type="button" class="btn" onclick={move |_| act(Do::More(minutes))}>
                    { more(lang, minutes) }
                </button>
            }
            <SoundSwitch />
            <button type="button" class="icon-btn" onclick={|_| act(Do::End)} aria-label={tr(lang, "class.timer.end")}
                title={tr(lang, "class.timer.end")}>
                <Icon name={IconName::Close} size={18} />
            </button>
        </section>
    }
}

const fn toggle_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Paused => "class.timer.resume",
        _ => "class.timer.pause",
    }
}

fn more(lang: Lang, minutes: u32) -> AttrValue {
    trf(
        lang,
        "class.timer.more",
        &[("minutes", &minutes.to_string())],
    )
}

/// Whether the end is heard.
#[component]
fn SoundSwitch() -> Html {
    let lang = use_lang();
    let on = use_state_eq(sound::is_on);
    let onclick = {
        let on = on.clone();
        Callback::from(move |_: MouseEvent| {
            sound::switch(!*on);
            on.set(!*on);
        })
    };
    let label = tr(lang, "class.timer.sound");
    html! {
        <button type="button" class="icon-btn" aria-pressed={on.to_string()} {onclick}
            aria-label={label.clone()} title={label}>
            <Icon name={IconName::Notification} size={18} />
        </button>
    }
}

/// What the bar has of the timer.
#[component]
fn Chip() -> Html {
    let lang = use_lang();
    let Some(shown) = use_timer() else {
        return Html::default();
    };
    let entry = |icon: IconName, label: AttrValue, what: Do| Entry::Do {
        icon,
        label,
        run: Callback::from(move |()| act(what)),
    };
    let mut entries = Vec::new();
    if shown.stage != Stage::Over {
        let icon = match shown.stage {
            Stage::Paused => IconName::Play,
            _ => IconName::Pause,
        };
        entries.push(entry(icon, tr(lang, toggle_key(shown.stage)), Do::Toggle));
    }
    entries.extend(MORE.map(|n| entry(IconName::Plus, more(lang, n), Do::More(n))));
    entries.push(entry(IconName::Close, tr(lang, "class.timer.end"), Do::End));
    let label = trf(lang, "class.timer.chip", &[("time", &shown.text)]);
    html! {
        <div class="timer-chip" data-stage={shown.stage.slug()}>
            <Menu {label} icon={IconName::Clock} wide={true} {entries} />
        </div>
    }
}
