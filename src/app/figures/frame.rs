//! The frame of a figure: title, drawings, knobs, the sentence, and how it is computed.

use archplay_figure::{Figure as Pure, Knob, Panel, find};
use gloo::events::EventListener;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::bars::BarsView;
use super::bits::BitsView;
use super::lanes::LanesView;
use super::lines::LinesView;
use super::words::{said, value};
use crate::app::lang::{tr, use_lang};

/// Which figure.
#[derive(Properties, PartialEq)]
pub struct FigureProps {
    /// Its name.
    pub name: AttrValue,
}

/// A figure.
#[component]
pub fn Figure(props: &FigureProps) -> Html {
    let lang = use_lang();
    match find(&props.name) {
        Some(figure) => html! { <Frame figure={Known(figure)} /> },
        None => html! { <p class="quiet">{ tr(lang, "figure.unknown") }</p> },
    }
}

/// A figure that is there, compared by identity.
#[derive(Clone, Copy)]
pub struct Known(pub &'static Pure);

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

#[derive(Properties, PartialEq)]
struct FrameProps {
    figure: Known,
}

#[component]
fn Frame(props: &FrameProps) -> Html {
    let lang = use_lang();
    let figure = props.figure.0;
    let places = use_state_eq(|| figure.start());
    let printing = use_printing();
    // On paper nobody can turn a knob: all see the same.
    let shown = if printing {
        figure.start()
    } else {
        (*places).clone()
    };
    let picture = use_memo(shown.clone(), |shown| figure.picture(shown));
    let slug = figure.slug;
    let sentence = said(lang, slug, &picture.says);
    let turn = {
        let places = places.clone();
        Callback::from(move |(index, place): (usize, usize)| {
            let mut next = (*places).clone();
            if let Some(knob) = next.get_mut(index) {
                *knob = place;
            }
            places.set(next);
        })
    };
    let title = format!("figure-{slug}");
    let panel = |panel: &Panel| match panel.clone() {
        Panel::Lines(lines) => html! { <LinesView {slug} {lines} label={sentence.clone()} /> },
        Panel::Bars(bars) => html! { <BarsView {slug} {bars} label={sentence.clone()} /> },
        Panel::Lanes(lanes) => html! { <LanesView {slug} {lanes} label={sentence.clone()} /> },
        Panel::Bits(bits) => html! { <BitsView {slug} {bits} label={sentence.clone()} /> },
    };
    html! {
        <figure class="fig" data-figure={slug} aria-labelledby={title.clone()}>
            <figcaption class="fig-title" id={title}>
                { tr(lang, &format!("figure.{slug}.title")) }
            </figcaption>
            { for picture.panels.iter().map(panel) }
            <div class="fig-knobs">
                for (index, knob) in figure.knobs.iter().enumerate() {
                    <KnobView key={knob.slug} {slug} {index} knob={*knob}
                        place={shown.get(index).copied().unwrap_or_default()} turn={turn.clone()} />
                }
            </div>
            <p class="fig-says" aria-live="polite">{ sentence.clone() }</p>
            <details class="fig-how">
                <summary>{ tr(lang, "figure.how") }</summary>
                <p>{ tr(lang, &format!("figure.{slug}.how")) }</p>
                <p class="quiet">{ tr(lang, &format!("figure.{slug}.source")) }</p>
            </details>
        </figure>
    }
}

/// Whether the page is being printed.
#[hook]
fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    use_effect_with((), {
        let printing = printing.setter();
        move |()| {
            let window = gloo::utils::window();
            let listen = |event: &'static str, on: bool| {
                let printing = printing.clone();
                EventListener::new(&window, event, move |_| printing.set(on))
            };
            let listeners = [listen("beforeprint", true), listen("afterprint", false)];
            move || drop(listeners)
        }
    });
    *printing
}

#[derive(Properties, PartialEq)]
struct KnobProps {
    slug: &'static str,
    index: usize,
    knob: Knob,
    place: usize,
    turn: Callback<(usize, usize)>,
}

/// A knob with its name and what it says.
#[component]
fn KnobView(props: &KnobProps) -> Html {
    let lang = use_lang();
    let (slug, knob) = (props.slug, props.knob);
    let id = format!("figure-{slug}-{}", knob.slug);
    let says = value(lang, slug, knob.unit.of(knob.value(props.place)));
    let oninput = {
        let (turn, index) = (props.turn.clone(), props.index);
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let place = input.and_then(|input| input.value().parse::<usize>().ok());
            if let Some(place) = place {
                turn.emit((index, place));
            }
        })
    };
    html! {
        <div class="fig-knob">
            <label for={id.clone()}>{ tr(lang, &format!("figure.{slug}.knob.{}", knob.slug)) }</label>
            <output for={id.clone()}>{ says.clone() }</output>
            <input type="range" {id} min="0" max={knob.stops.len().saturating_sub(1).to_string()} step="1"
                value={props.place.to_string()} aria-valuetext={says} {oninput} />
        </div>
    }
}
