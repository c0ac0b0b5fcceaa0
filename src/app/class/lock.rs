//! Class mode: the lock that an instructor's link brings, the field for the code, and the tool that makes the link.
//!
//! Must not live here: when the lock is open (`archplay_course::class::Lock`).

use archplay_course::class::{Gate, Lock, SHORTEST_CODE, clock_text, read_clock};
use archplay_text::Lang;
use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use js_sys::Date;
use wasm_bindgen::JsValue;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use super::day;
use super::share::{Code, CopyLink, LinkDialog, page_address};
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{is_here, tr, trf, use_lang};
use crate::app::route::{Desk, Route, join_hash, navigate};
use crate::app::store::local;

const LOCK_KEY: &str = "archplay/class-lock";
/// The sessions for which the code was given, with commas between.
const GIVEN_KEY: &str = "archplay/class-given";
/// The window hears this when either was changed in this tab.
const CHANGED: &str = "archplay-class";
/// How often a closed gate looks at the clock, in milliseconds.
const TICK_MS: u32 = 5_000;
const DAY_MS: f64 = 86_400_000.0;

fn kept() -> Option<Lock> {
    Lock::read(&local::get(LOCK_KEY)?)
}

fn given(session: u8) -> bool {
    let list = local::get(GIVEN_KEY).unwrap_or_default();
    list.split(',').any(|known| known == session.to_string())
}

fn note_given(session: u8) {
    let list = local::get(GIVEN_KEY).unwrap_or_default();
    local::set(GIVEN_KEY, &format!("{list},{session}"));
    tell();
}

/// Takes a lock over, or lets go of it; codes that were given belong to the one before.
fn keep(lock: Option<&Lock>) {
    match lock {
        Some(lock) => drop(local::set(LOCK_KEY, &lock.token())),
        None => local::remove(LOCK_KEY),
    }
    local::remove(GIVEN_KEY);
    tell();
}

fn tell() {
    if let Ok(event) = Event::new(CHANGED) {
        // Nobody prevents it.
        let _ = gloo::utils::window().dispatch_event(&event);
    }
}

fn now_ms() -> u64 {
    Date::now().max(0.0) as u64
}

fn gate(session: u8) -> Gate {
    Lock::gate(kept().as_ref(), given(session), now_ms())
}

/// Whether an instructor had locked a session and its time has come, or its code was given.
pub fn released(session: u8) -> bool {
    kept().is_some() && gate(session) == Gate::Open
}

/// Returns whether hints and answers of a session may be shown; the component renders again when that changes.
#[hook]
pub fn use_gate(session: u8) -> Gate {
    let state = use_state_eq(|| gate(session));
    use_effect_with(session, {
        let state = state.setter();
        move |session| {
            let session = *session;
            state.set(gate(session));
            let window = gloo::utils::window();
            let (here, there) = (state.clone(), state.clone());
            let listeners = [
                EventListener::new(&window, CHANGED, move |_| here.set(gate(session))),
                EventListener::new(&window, "storage", move |_| there.set(gate(session))),
            ];
            let ticks = Interval::new(TICK_MS, move || state.set(gate(session)));
            move || drop((listeners, ticks))
        }
    });
    *state
}

/// A moment as people say it: the time, and the day if it is another one.
fn moment(lang: Lang, ms: u64) -> String {
    let at = Date::new(&JsValue::from_f64(ms as f64));
    let time = clock_of(&at);
    let today = Date::new_0();
    if at.get_date() == today.get_date() && at.get_month() == today.get_month() {
        return time;
    }
    let (month, date) = ((at.get_month() + 1).to_string(), at.get_date().to_string());
    let args = [("month", month.as_str()), ("day", &date), ("time", &time)];
    trf(lang, "class.lock.moment", &args).to_string()
}

fn clock_of(at: &Date) -> String {
    clock_text(u16::try_from(at.get_hours() * 60 + at.get_minutes()).unwrap_or(0))
}

/// The next moment at which the clock shows this, in milliseconds since 1970.
fn next_moment(minutes: u16) -> u64 {
    let at = Date::new_0();
    at.set_hours(u32::from(minutes / 60));
    at.set_minutes(u32::from(minutes % 60));
    at.set_seconds(0);
    at.set_milliseconds(0);
    let ms = at.get_time();
    let ms = if ms <= Date::now() { ms + DAY_MS } else { ms };
    ms.max(0.0) as u64
}

/// A field for the code: what a form was given in it.
fn code_in(form: &NodeRef) -> Option<HtmlInputElement> {
    form.cast::<HtmlInputElement>()
}

/// What is asked for, and what follows.
#[derive(Properties, PartialEq)]
struct CodeFormProps {
    /// Names the field apart from others on the page.
    name: AttrValue,
    /// Why the code is asked for.
    about: AttrValue,
    /// The text on the button.
    button: AttrValue,
    /// The right code was given.
    on_right: Callback<()>,
    /// What stands below.
    #[prop_or_default]
    children: Html,
}

/// Asks for the lock's code.
#[component]
fn CodeForm(props: &CodeFormProps) -> Html {
    let lang = use_lang();
    let wrong = use_state_eq(|| false);
    let field = use_node_ref();
    let onsubmit = {
        let (wrong, field, on_right) = (wrong.clone(), field.clone(), props.on_right.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = code_in(&field) else { return };
            let fits = kept().is_none_or(|lock| lock.fits(&field.value()));
            wrong.set(!fits);
            if fits {
                on_right.emit(());
            }
        })
    };
    let id = format!("code-{}", props.name);
    let error = format!("code-error-{}", props.name);
    html! {
        <form class="locked" {onsubmit}>
            <p>{ props.about.clone() }</p>
            <div class="field">
                <label for={id.clone()}>{ tr(lang, "class.lock.code") }</label>
                <div class="locked-row">
                    <input {id} ref={field} class="input" type="text" autocomplete="off" spellcheck="false"
                        aria-invalid={wrong.to_string()} aria-describedby={error.clone()} />
                    <button type="submit" class="btn">{ props.button.clone() }</button>
                </div>
            </div>
            <p id={error} class="field-error" role="status">
                if *wrong { { tr(lang, "class.lock.wrong") } }
            </p>
            { props.children.clone() }
        </form>
    }
}

/// Whose hints or answers.
#[derive(Properties, PartialEq)]
pub struct LockedProps {
    /// The session.
    pub session: u8,
    /// From when no code is needed, in milliseconds since 1970.
    pub opens_ms: u64,
    /// Names the field apart from others on the page.
    pub name: &'static str,
}

/// In place of what is locked: when it opens, and a field for the code.
#[component]
pub fn Locked(props: &LockedProps) -> Html {
    let lang = use_lang();
    let session = props.session;
    let about = trf(
        lang,
        "class.lock.closed",
        &[("time", &moment(lang, props.opens_ms))],
    );
    html! {
        <CodeForm name={props.name} {about} button={tr(lang, "class.lock.open")}
            on_right={Callback::from(move |()| note_given(session))}>
            <p class="quiet">{ tr(lang, "class.lock.honest") }</p>
        </CodeForm>
    }
}

/// What an instructor's link holds.
#[derive(Properties, PartialEq)]
pub struct JoinProps {
    /// The lock as it stands in the link.
    pub token: String,
    /// Where the page goes on.
    pub desk: Desk,
}

/// Takes over what an instructor's link holds, says so, and goes on. Such a link is often the first thing that is opened,
/// before the texts for it are here: the lock does not wait for them, the message does.
#[component]
pub fn Join(props: &JoinProps) -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    let read = Lock::read(&props.token);
    let (opens_ms, key) = match &read {
        Some(lock) => (lock.opens_ms(), "class.lock.joined"),
        None => (0, "class.lock.bad_link"),
    };
    use_effect_with(props.token.clone(), move |_| {
        if let Some(lock) = read
            && kept().as_ref() != Some(&lock)
        {
            keep(Some(&lock));
        }
    });
    let when = moment(lang, opens_ms);
    let text = say_with(key, &[("time", &when)]);
    let here = is_here(lang, key);
    use_effect_with((props.token.clone(), here), {
        let desk = props.desk;
        move |(_, here)| {
            if *here {
                toasts.emit(match key {
                    "class.lock.joined" => Toast::done(text),
                    _ => Toast::bad(text),
                });
                navigate(Route::Desk(desk));
            }
        }
    });
    Html::default()
}

/// The tool: a code and a time become a link.
#[component]
pub fn LockTool() -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    let made = use_state_eq(|| None::<Lock>);
    let error = use_state_eq(|| None::<&'static str>);
    let (code, time) = (use_node_ref(), use_node_ref());
    let onsubmit = {
        let (made, error) = (made.clone(), error.clone());
        let (code, time) = (code.clone(), time.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(code), Some(time)) = (code_in(&code), code_in(&time)) else {
                return;
            };
            let Some(minutes) = read_clock(&time.value()) else {
                error.set(Some("class.lock.bad_time"));
                return;
            };
            let lock = Lock::new(&code.value(), salt(), next_moment(minutes));
            error.set(lock.is_none().then_some("class.lock.short"));
            made.set(lock);
        })
    };
    let least = SHORTEST_CODE.to_string();
    let usual = clock_text(day::kept().end());
    let link = made.as_ref().map(|lock| AttrValue::from(link_of(lock)));
    let large = use_state_eq(|| false);
    let show = |value: bool| {
        let large = large.clone();
        Callback::from(move |()| large.set(value))
    };
    let here = {
        let (made, toasts) = (made.clone(), toasts.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(lock) = &*made {
                keep(Some(lock));
                toasts.emit(Toast::done(say("class.lock.here_done")));
            }
        })
    };
    html! {
        <>
            <p>{ tr(lang, "class.lock.about") }</p>
            <p class="notice"><Icon name={IconName::Alert} size={18} />{ tr(lang, "class.lock.honest_long") }</p>
            <form class="class-row" {onsubmit}>
                <div class="field">
                    <label for="lock-code">{ tr(lang, "class.lock.code") }</label>
                    <input id="lock-code" ref={code} class="input" type="text" autocomplete="off" spellcheck="false"
                        aria-describedby="lock-code-help" />
                    <p id="lock-code-help" class="field-help">{ trf(lang, "class.lock.code_help", &[("least", &least)]) }</p>
                </div>
                <div class="field">
                    <label for="lock-time">{ tr(lang, "class.lock.time") }</label>
                    <input id="lock-time" ref={time} class="input" type="time" value={usual} aria-describedby="lock-time-help" />
                    <p id="lock-time-help" class="field-help">{ tr(lang, "class.lock.time_help") }</p>
                </div>
                <button type="submit" class="btn btn-primary class-submit">{ tr(lang, "class.lock.make") }</button>
            </form>
            <p class="field-error" role="status">
                if let Some(key) = *error { { trf(lang, key, &[("least", &least)]) } }
            </p>
            if let Some(link) = link {
                <div class="class-link">
                    <div class="field">
                        <label for="lock-link">{ tr(lang, "class.lock.link") }</label>
                        <input id="lock-link" class="input" type="text" readonly={true} value={link.clone()} />
                    </div>
                    <div class="class-actions">
                        <CopyLink link={link.clone()} />
                        <button type="button" class="btn" onclick={show(true).reform(|_| ())}>
                            <Icon name={IconName::Qr} size={16} />
                            { tr(lang, "class.lock.large") }
                        </button>
                        <button type="button" class="btn" onclick={here}>{ tr(lang, "class.lock.here") }</button>
                    </div>
                    <Code link={link.clone()} />
                    if *large {
                        <LinkDialog {link} about={tr(lang, "class.share.locks")} on_close={show(false)} />
                    }
                </div>
            }
            <Here />
        </>
    }
}

/// How this browser stands, and a way out.
#[component]
fn Here() -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    // A session that there is not: nobody gives a code for it.
    let gate = use_gate(u8::MAX);
    let Gate::Closed(opens_ms) = gate else {
        return html! { <p class="quiet">{ tr(lang, "class.lock.open_here") }</p> };
    };
    let on_right = Callback::from(move |()| {
        keep(None);
        toasts.emit(Toast::done(say("class.lock.ended")));
    });
    let about = trf(
        lang,
        "class.lock.closed_here",
        &[("time", &moment(lang, opens_ms))],
    );
    html! { <CodeForm name="end" {about} button={tr(lang, "class.lock.end")} {on_right} /> }
}

fn salt() -> [u8; 8] {
    std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8)
}

/// The page's address with the lock behind it.
fn link_of(lock: &Lock) -> String {
    format!("{}{}", page_address(), join_hash(&lock.token()))
}

/// The link that brings this browser's lock to others.
pub fn kept_link() -> Option<String> {
    kept().as_ref().map(link_of)
}
