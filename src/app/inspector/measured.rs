//! What a component's kind measures beyond the charts, in the run that has ended.
//!
//! The numbers are the report's. Must not live here: what is measured.

use archplay_model::Id;
use archplay_report::{Measure, MetricUnit};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::charts::format::{clock_text, figure, grouped, value_text};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunState, use_run};
use crate::app::store::local;

/// Whether a person keeps the section open, from one component to the next.
const OPEN_KEY: &str = "archplay/measured";
const OPEN: &str = "open";

/// Whose measures.
#[derive(Properties, PartialEq)]
pub struct MeasuredProps {
    /// The component.
    pub id: Id,
}

/// The section; nothing while no run has ended.
#[component]
pub fn Measured(props: &MeasuredProps) -> Html {
    let lang = use_lang();
    let run = use_run();
    let open = use_state_eq(|| local::get(OPEN_KEY).as_deref() == Some(OPEN));
    let Some(told) = told(&run, &props.id) else {
        return Html::default();
    };
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let element: Option<web_sys::Element> = event.target_dyn_into();
            if let Some(element) = element {
                let shown = element.has_attribute("open");
                local::set(OPEN_KEY, if shown { OPEN } else { "" });
                open.set(shown);
            }
        })
    };
    let body = match told {
        Told::Absent => note(lang, "measured.absent"),
        Told::Nothing => note(lang, "measured.none"),
        Told::Measures(list) => html! {
            <table class="counts">
                <caption class="field-help">{ window(&run, lang) }</caption>
                <tbody>
                    for (measure, value) in list {
                        <tr key={measure.slug()} data-measure={measure.slug()}>
                            <th scope="row">{ tr(lang, &format!("measure.{}", measure.slug())) }</th>
                            <td>{ amount(*measure, *value, lang) }</td>
                        </tr>
                    }
                </tbody>
            </table>
        },
    };
    html! {
        <details class="param-more measured" open={*open} {ontoggle}>
            <summary>{ tr(lang, "measured.title") }</summary>
            { body }
        </details>
    }
}

fn note(lang: Lang, key: &str) -> Html {
    html! { <p class="param-note">{ tr(lang, key) }</p> }
}

/// What there is to say of a component.
#[derive(Debug, PartialEq)]
enum Told<'a> {
    /// It was not in the drawing that was run.
    Absent,
    /// Its kind measures nothing, or nothing happened.
    Nothing,
    Measures(&'a [(Measure, f64)]),
}

fn told<'a>(run: &'a RunState, id: &Id) -> Option<Told<'a>> {
    let summary = run.summary.as_ref()?;
    let design = run.design.as_ref()?;
    if design.get(id).is_none() {
        return Some(Told::Absent);
    }
    let found = summary.measures.iter().find(|(of, _)| of == id);
    Some(match found {
        Some((_, list)) if !list.is_empty() => Told::Measures(list),
        _ => Told::Nothing,
    })
}

/// Of which time the measures are.
pub fn window(run: &RunState, lang: Lang) -> AttrValue {
    match run.scenario.as_ref().and_then(|scenario| scenario.focus) {
        Some(focus) => trf(
            lang,
            "measured.focus",
            &[
                ("from", &clock_text(focus.from.secs())),
                ("to", &clock_text(focus.to.secs())),
            ],
        ),
        None => tr(lang, "measured.whole"),
    }
}

/// A value with its unit.
pub fn amount(measure: Measure, value: f64, lang: Lang) -> String {
    match measure.unit() {
        MetricUnit::Count if value.fract() == 0.0 && value >= 0.0 => grouped(value as u64),
        MetricUnit::Count => figure(value),
        unit @ MetricUnit::Share => value_text(value, unit),
        unit => {
            let label = tr(lang, &format!("unit.{}", unit.slug()));
            format!("{} {label}", figure(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use archplay_model::{Component, Design, Kind};
    use archplay_protocol::Summary;

    use super::*;

    #[test]
    fn a_component_has_measures_or_a_reason_for_having_none() {
        let id = |n| Id::numbered("server", n);
        let mut design = Design::default();
        for n in 1..=2 {
            let server = Component::new(id(n), Kind::Server, 0.0, 0.0);
            design.components.insert(server.id.clone(), server);
        }
        let list = vec![(Measure::Visits, 3.0)];
        let mut run = RunState {
            design: Some(Rc::new(design)),
            ..RunState::default()
        };
        assert_eq!(told(&run, &id(1)), None, "before the end");
        run.summary = Some(Rc::new(Summary {
            measures: vec![(id(1), list.clone())],
            ..Summary::default()
        }));
        assert_eq!(told(&run, &id(1)), Some(Told::Measures(&list)));
        assert_eq!(told(&run, &id(2)), Some(Told::Nothing));
        assert_eq!(told(&run, &id(3)), Some(Told::Absent));
    }

    #[test]
    fn every_measure_has_its_name_and_unit_in_both_languages() {
        for lang in Lang::ALL {
            for measure in Measure::ALL {
                let name = tr(lang, &format!("measure.{}", measure.slug()));
                let text = amount(measure, 1234.5, lang);
                for text in [&*name, &*text] {
                    assert!(
                        !text.contains("measure.") && !text.contains("unit."),
                        "{text}"
                    );
                }
            }
        }
        assert_eq!(amount(Measure::Visits, 12_345.0, Lang::Ko), "12,345");
        assert_eq!(amount(Measure::HitRatio, 0.951, Lang::Ko), "95%");
        assert_eq!(amount(Measure::WaitMean, 1.234, Lang::En), "1.23 ms");
    }
}
