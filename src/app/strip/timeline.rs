//! The scenario's clock as a line: load curve, progress, events, faults to come, scrubber.

use std::rc::Rc;

use archplay_model::{ClockTime, Scenario};
use archplay_text::Lang;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::app::charts::format::clock_text;
use crate::app::charts::step_cursor;
use crate::app::lang::{tr, use_lang, use_texts};
use crate::app::run::{RunCommand, RunDispatch, RunState, use_run_dispatch};

use super::by_hand;
use super::curve::{load_curve, polygon};
use super::words::event_text;

/// What the line shows.
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// The scenario.
    pub scenario: Rc<Scenario>,
    /// The run.
    pub run: Rc<RunState>,
}

const W: f64 = 1_000.0;
const H: f64 = 26.0;
/// Marks closer than this share of the line look like one.
const NEAR: f64 = 0.002;

/// The line.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let TimelineProps { scenario, run } = props;
    let lang = use_lang();
    let texts = use_texts();
    let dispatch = use_run_dispatch();
    let line = use_node_ref();
    let dragging = use_mut_ref(|| false);
    let polygon = use_memo(scenario.clone(), |scenario| {
        polygon(&load_curve(scenario), W, H)
    });
    let marks = {
        let run = run.clone();
        let happened = (run.run, run.data.events().len(), run.rows_total, texts);
        use_memo(happened, move |_| events(&run, lang))
    };
    let length = f64::from(scenario.duration_secs.max(1));
    let done = (run.now_ns as f64 / 1e9 / length).clamp(0.0, 1.0);
    let rows = run.data.rows();
    let shown = run.shown_row();
    let at = |row: usize| row as f64 / run.rows_total.max(1) as f64;
    let clock = shown.map_or(scenario.start.secs(), |row| run.data.table().time_of(row));

    let scrub = {
        let (dispatch, line) = (dispatch.clone(), line.clone());
        move |event: &PointerEvent| scrub(&dispatch, &line, event)
    };
    let onpointerdown = {
        let (scrub, dragging) = (scrub.clone(), dragging.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() == 0 {
                *dragging.borrow_mut() = true;
                if let Some(element) = event.target_dyn_into::<Element>() {
                    let _ = element.set_pointer_capture(event.pointer_id());
                }
                scrub(&event);
            }
        })
    };
    let onpointermove = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            if *dragging.borrow() {
                scrub(&event);
            }
        })
    };
    let end = Callback::from(move |_: PointerEvent| *dragging.borrow_mut() = false);
    let onkeydown = Callback::from(move |event: KeyboardEvent| step_cursor(&dispatch, &event));
    html! {
        <div class="timeline" ref={line} role="slider" tabindex="0" aria-label={tr(lang, "run.timeline")}
            aria-valuemin="0" aria-valuemax={rows.saturating_sub(1).to_string()}
            aria-valuenow={shown.unwrap_or(0).to_string()} aria-valuetext={clock_text(clock)}
            {onpointerdown} {onpointermove} onpointerup={end.clone()} onpointercancel={end} {onkeydown}>
            <svg viewBox={format!("0 0 {W} {H}")} preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <polygon class="timeline-load" points={(*polygon).clone()} />
                <clipPath id="timeline-done"><rect width={(done * W).to_string()} height={H.to_string()} /></clipPath>
                <polygon class="timeline-load done" points={(*polygon).clone()} clip-path="url(#timeline-done)" />
            </svg>
            <span class="timeline-ends" aria-hidden="true">
                <span>{ short_clock(scenario, scenario.start.secs()) }</span>
                <span>{ short_clock(scenario, scenario.end()) }</span>
            </span>
            for (i, (share, text)) in faults(scenario, lang).into_iter().enumerate() {
                <i class="timeline-fault" key={format!("{i}")} style={format!("--at:{share}")} title={text} />
            }
            for (share, text) in marks.iter() {
                <i class="timeline-event" key={format!("{share}")} style={format!("--at:{share}")} title={text} />
            }
            for (i, (share, text)) in by_hand::marks(run, lang).into_iter().enumerate() {
                <i class="timeline-hand" key={format!("hand{i}")} style={format!("--at:{share}")} title={text} />
            }
            <i class="timeline-now" style={format!("--at:{done}")} />
            if let Some(row) = run.cursor.and(shown) {
                <i class="timeline-cursor" style={format!("--at:{}", at(row))} />
            }
        </div>
    }
}

/// A time at an end of the line: seconds only where the ends would look the same without.
fn short_clock(scenario: &Scenario, secs: u32) -> String {
    let letters = if scenario.duration_secs < 120 { 8 } else { 5 };
    clock_text(secs).chars().take(letters).collect()
}

/// Points at the row under the pointer; at the end of what there is, follows the newest.
fn scrub(dispatch: &RunDispatch, line: &NodeRef, event: &PointerEvent) {
    let Some(element) = line.cast::<Element>() else {
        return;
    };
    let run = dispatch.now();
    let rows = run.data.rows();
    if rows == 0 {
        return;
    }
    let rect = element.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
    let row = (share.clamp(0.0, 1.0) * run.rows_total as f64).round() as usize;
    let follow = row >= rows.saturating_sub(1) && run.status.is_active();
    dispatch.apply(RunCommand::SetCursor((!follow).then(|| row.min(rows - 1))));
}

/// Where something breaks and where that ends by itself.
fn faults(scenario: &Scenario, lang: Lang) -> Vec<(f64, AttrValue)> {
    let length = f64::from(scenario.duration_secs.max(1));
    let start = scenario.start.secs();
    let mark = |at: ClockTime, key: &str| {
        // A time of day that is past at the start is the next day's.
        let day = if at.secs() < start { 86_400 } else { 0 };
        let after = f64::from((at.secs() + day).saturating_sub(start));
        let text = format!("{} {}", clock_text(at.secs()), tr(lang, key));
        ((after / length).clamp(0.0, 1.0), text.into())
    };
    let begins = scenario.faults.iter().map(|fault| {
        let key = format!("fault.{}", fault.action.slug());
        mark(fault.at, &key)
    });
    let ends = scenario.faults.iter().filter_map(|fault| fault.until);
    begins
        .chain(ends.map(|until| mark(until, "fault.over")))
        .collect()
}

/// Where marks stand and what they say; events close together share one.
fn events(run: &RunState, lang: Lang) -> Vec<(f64, AttrValue)> {
    let table = run.data.table();
    let total_ns = run.rows_total as f64 * f64::from(table.bucket_secs) * 1e9;
    let mut out: Vec<(f64, Vec<String>)> = Vec::new();
    for event in run.data.events().iter() {
        let share = (event.at_ns as f64 / total_ns.max(1.0)).clamp(0.0, 1.0);
        let at = table.start_secs + (event.at_ns / 1_000_000_000) as u32;
        match out.last_mut() {
            Some((last, texts)) if share - *last < NEAR => {
                if texts.len() < 4 {
                    texts.push(format!(
                        "{} {}",
                        clock_text(at),
                        event_text(event, run, lang)
                    ));
                }
            }
            _ => {
                let text = format!("{} {}", clock_text(at), event_text(event, run, lang));
                out.push((share, vec![text]));
            }
        }
    }
    out.into_iter()
        .map(|(share, texts)| (share, texts.join("\n").into()))
        .collect()
}
