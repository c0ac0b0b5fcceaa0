//! The day's timetable, with where it is now and ways to the sessions.
//!
//! Must not live here: when lessons are (`archplay_course::class::Timetable`).

use archplay_course::class::{Slot, SlotKind, Timetable, clock_text};
use archplay_text::Lang;
use gloo::timers::callback::Interval;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::use_course;
use crate::app::route::{Desk, Route};
use crate::app::store::local;

const KEY: &str = "archplay/timetable";
/// How often the clock is looked at, in milliseconds.
const TICK_MS: u32 = 5_000;

/// The timetable as it was set.
pub fn kept() -> Timetable {
    local::get(KEY)
        .and_then(|text| Timetable::read(&text))
        .unwrap_or_default()
}

/// Minutes after midnight, by the reader's clock.
pub fn minute_of_day() -> u16 {
    let now = js_sys::Date::new_0();
    u16::try_from(now.get_hours() * 60 + now.get_minutes()).unwrap_or(0)
}

/// The tool.
#[component]
pub fn Day() -> Html {
    let lang = use_lang();
    let course = use_course();
    let day = use_state_eq(kept);
    let now = use_state_eq(minute_of_day);
    let bad = use_state_eq(|| false);
    use_effect_with((), {
        let now = now.setter();
        move |()| {
            let ticks = Interval::new(TICK_MS, move || now.set(minute_of_day()));
            move || drop(ticks)
        }
    });
    let set = {
        let (day, bad) = (day.setter(), bad.setter());
        Callback::from(move |text: String| {
            let read = Timetable::read(&text);
            bad.set(read.is_none());
            if let Some(read) = read {
                local::set(KEY, &read.to_text());
                day.set(read);
            }
        })
    };
    let onchange = {
        let set = set.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                set.emit(input.value());
            }
        })
    };
    let usual = set.reform(|_: MouseEvent| Timetable::default().to_text());
    let slots = day.slots();
    let at = day.at(*now);
    let index = course.index.ready();
    let is_there = |number: u8| {
        index.is_some_and(|index| {
            let mut lessons = index.lessons.iter();
            lessons.any(|entry| entry.session == u32::from(number))
        })
    };
    html! {
        <>
            <p class="day-now" role="status">{ said(lang, &slots, at, *now, *day) }</p>
            <table class="class-table day">
                <caption class="visually-hidden">{ tr(lang, "class.tool.day") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ tr(lang, "class.day.time") }</th>
                        <th scope="col">{ tr(lang, "class.day.period") }</th>
                        <th scope="col">{ tr(lang, "class.day.content") }</th>
                    </tr>
                </thead>
                <tbody>
                    for (i, slot) in slots.iter().enumerate() {
                        { row(lang, *slot, at == Some(i), &is_there) }
                    }
                </tbody>
            </table>
            <div class="class-row">
                <div class="field">
                    <label for="day-start">{ tr(lang, "class.day.start") }</label>
                    <input id="day-start" class="input" type="time" value={day.to_text()} {onchange}
                        aria-invalid={bad.to_string()} aria-describedby="day-start-help" />
                    <p id="day-start-help" class={if *bad { "field-error" } else { "field-help" }}>
                        { tr(lang, if *bad { "class.day.start_bad" } else { "class.day.start_help" }) }
                    </p>
                </div>
                if *day != Timetable::default() {
                    <button type="button" class="btn day-usual" onclick={usual}>{ tr(lang, "class.day.usual") }</button>
                }
            </div>
            <p class="quiet">{ tr(lang, "class.day.note") }</p>
        </>
    }
}

fn row(lang: Lang, slot: Slot, now: bool, is_there: &dyn Fn(u8) -> bool) -> Html {
    let time = format!("{}–{}", clock_text(slot.from), clock_text(slot.to));
    let current = now.then_some("time");
    let mark = now.then(|| {
        html! { <span class="chip chip-ok"><Icon name={IconName::Clock} size={14} />{ tr(lang, "class.day.now") }</span> }
    });
    let SlotKind::Lesson(number) = slot.kind else {
        let key = match slot.kind {
            SlotKind::Lunch => "class.day.lunch",
            _ => "class.day.break",
        };
        return html! {
            <tr class="day-break" aria-current={current}>
                <td>{ time }</td>
                <td />
                <td>{ tr(lang, key) }{ mark }</td>
            </tr>
        };
    };
    let title = tr(lang, &format!("class.lesson.{number}"));
    let there = is_there(number);
    html! {
        <tr aria-current={current}>
            <td>{ time }</td>
            <td>{ trf(lang, "class.day.number", &[("number", &number.to_string())]) }</td>
            <td>
                if there {
                    <a href={Route::Desk(Desk::Session(number)).hash()}>{ title }</a>
                    { " " }
                    <a class="day-read" href={Route::Read(number).hash()}>{ tr(lang, "class.day.read") }</a>
                } else {
                    { title }
                }
                { mark }
            </td>
        </tr>
    }
}

/// Where the day is, in a sentence.
fn said(lang: Lang, slots: &[Slot], at: Option<usize>, now: u16, day: Timetable) -> AttrValue {
    let Some(slot) = at.and_then(|at| slots.get(at)) else {
        let key = if now < day.start() {
            "class.day.before"
        } else {
            "class.day.after"
        };
        return trf(lang, key, &[("time", &clock_text(day.start()))]);
    };
    let left = (slot.to - now).to_string();
    let end = clock_text(slot.to);
    match slot.kind {
        SlotKind::Lesson(number) => {
            let number = number.to_string();
            let args = [("number", number.as_str()), ("left", &left), ("end", &end)];
            trf(lang, "class.day.in_lesson", &args)
        }
        _ => trf(
            lang,
            "class.day.in_break",
            &[("left", &left), ("end", &end)],
        ),
    }
}
