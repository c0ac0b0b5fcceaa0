//! Faults as marks on the scenario's clock, to be chosen and moved with the pointer. The keyboard has the
//! list and the fields below.

use std::rc::Rc;

use archplay_editor::scenario::curve::Frame;
use archplay_editor::scenario::{At, FieldValue, ScenarioCommand};
use archplay_model::Scenario;
use archplay_model::scenario::RatePoint;
use web_sys::Element;
use yew::prelude::*;

use super::curve::short_clock;
use super::edit::use_edit;
use crate::app::lang::{trf, use_lang};

const WIDTH: f64 = 1_200.0;
const SIDE: f64 = 24.0;
const LANE: f64 = 20.0;
/// So many faults stand under each other before the lanes begin anew.
const LANES: usize = 5;

/// What it shows.
#[derive(Properties)]
pub struct TimelineProps {
    /// The scenario.
    pub scenario: Rc<Scenario>,
    /// What each fault is called.
    pub names: Vec<String>,
    /// The chosen fault.
    pub selected: usize,
    /// Chooses another.
    pub select: Callback<usize>,
}

impl PartialEq for TimelineProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.scenario, &other.scenario)
            && self.names == other.names
            && self.selected == other.selected
    }
}

fn x_of(frame: &Frame, at: archplay_model::ClockTime) -> f64 {
    let (x, _) = frame.place(RatePoint { at, per_sec: 0.0 });
    SIDE + x.clamp(0.0, 1.0) * (WIDTH - 2.0 * SIDE)
}

/// The marks.
#[component]
pub fn FaultTimeline(props: &TimelineProps) -> Html {
    let lang = use_lang();
    let edit = use_edit();
    let node = use_node_ref();
    let dragged = use_mut_ref(|| None::<usize>);
    let faults = &props.scenario.faults;
    let frame = Frame::of(&props.scenario, &[]);
    let lanes = faults.len().clamp(1, LANES) as f64;
    let height = 14.0 + lanes * LANE + 24.0;
    let moved = {
        let (edit, node, dragged) = (edit.clone(), node.clone(), dragged.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(edit), Some(index)) = (&edit, *dragged.borrow()) else {
                return;
            };
            let Some(rect) = node.cast::<Element>().map(|e| e.get_bounding_client_rect()) else {
                return;
            };
            let px = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0) * WIDTH;
            let share = (px - SIDE) / (WIDTH - 2.0 * SIDE);
            edit.preview(ScenarioCommand::Set {
                at: At::Fault(index),
                key: "at",
                value: FieldValue::Time(frame.snapped(share, 0.0).at),
            });
        })
    };
    let up = {
        let (edit, dragged) = (edit.clone(), dragged.clone());
        Callback::from(move |_: PointerEvent| {
            if let (Some(_), Some(edit)) = (dragged.borrow_mut().take(), &edit) {
                edit.commit();
            }
        })
    };
    let cancel = {
        let dragged = dragged.clone();
        Callback::from(move |_: PointerEvent| {
            if let (Some(_), Some(edit)) = (dragged.borrow_mut().take(), &edit) {
                edit.cancel();
            }
        })
    };
    let marks = faults.iter().enumerate().map(|(index, fault)| {
        let y = 14.0 + (index % LANES) as f64 * LANE + LANE / 2.0;
        let x = x_of(&frame, fault.at);
        let end = fault.until.map(|until| x_of(&frame, until).max(x));
        let down = {
            let (node, dragged, select) = (node.clone(), dragged.clone(), props.select.clone());
            Callback::from(move |event: PointerEvent| {
                if event.button() != 0 {
                    return;
                }
                event.prevent_default();
                if let Some(element) = node.cast::<Element>() {
                    // Without the capture the mark stays where the pointer left.
                    let _ = element.set_pointer_capture(event.pointer_id());
                }
                *dragged.borrow_mut() = Some(index);
                select.emit(index);
            })
        };
        let name = props.names.get(index).cloned().unwrap_or_default();
        let class = classes!("sced-fault", (index == props.selected).then_some("selected"));
        html! {
            <g key={index} {class} onpointerdown={down}>
                <title>{ format!("{} {name}", fault.at) }</title>
                if let Some(end) = end {
                    <line class="sced-fault-span" x1={x.to_string()} x2={end.to_string()} y1={y.to_string()} y2={y.to_string()} />
                }
                <path d={format!("M{x:.1} {:.1}l7 7-7 7-7-7Z", y - 7.0)} />
            </g>
        }
    });
    let length = f64::from(frame.to - frame.from);
    let base = height - 24.0;
    let ticks = frame.time_marks().into_iter().map(|secs| {
        let x = SIDE + f64::from(secs - frame.from) / length * (WIDTH - 2.0 * SIDE);
        html! {
            <g key={secs}>
                <line class="sced-grid" x1={x.to_string()} x2={x.to_string()} y1="6" y2={base.to_string()} />
                <text class="sced-tick" x={x.to_string()} y={(base + 17.0).to_string()} text-anchor="middle">{ short_clock(secs, &frame) }</text>
            </g>
        }
    });
    let label = trf(
        lang,
        "scenario.timeline",
        &[("count", &faults.len().to_string())],
    );
    html! {
        <svg ref={node.clone()} class="sced-timeline" viewBox={format!("0 0 {WIDTH} {height}")} role="img" aria-label={label}
            onpointermove={moved} onpointerup={up} onpointercancel={cancel}>
            { for ticks }
            <line class="sced-axis" x1={SIDE.to_string()} x2={(WIDTH - SIDE).to_string()} y1={base.to_string()} y2={base.to_string()} />
            { for marks }
        </svg>
    }
}
