//! The quantities in groups: estimate, formula, what the run measured, how far apart they are.

use std::rc::Rc;

use archplay_feed::sizing::{Quantity, Unit, sizing};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::charts::format::{figure, grouped};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::RunState;

use super::Asked;
use super::measured::{Apart, apart, measured};

/// The groups with their quantities, in order.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "rates",
        &["reads_mean", "reads_peak", "posts_mean", "posts_peak"],
    ),
    (
        "fan_out",
        &[
            "push_writes_mean",
            "push_writes_peak",
            "push_writes_worst_mean",
            "push_writes_worst_peak",
            "delivery_worst",
            "pull_lookups_mean",
            "pull_lookups_peak",
            "pull_lookups_worst_read",
            "rate_ratio",
            "push_advantage",
        ],
    ),
    ("memory", &["feed_cache", "content_cache", "graph_cache"]),
    (
        "storage",
        &[
            "text_storage",
            "media_storage",
            "feed_egress_peak",
            "media_egress_peak",
            "media_ingress_peak",
        ],
    ),
];

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// What is asked of the service.
    pub requirements: Asked,
    /// The run.
    pub run: Rc<RunState>,
}

/// The table.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let lang = use_lang();
    let run = &props.run;
    let quantities = sizing(&props.requirements.0);
    html! {
        <table class="envelope-table">
            <caption class="visually-hidden">{ tr(lang, "feed.envelope.results") }</caption>
            <thead>
                <tr>
                    <th scope="col">{ tr(lang, "feed.envelope.quantity") }</th>
                    <th scope="col">{ tr(lang, "feed.envelope.estimate") }</th>
                    <th scope="col">{ tr(lang, "feed.envelope.measured") }</th>
                    <th scope="col">{ tr(lang, "feed.envelope.apart") }</th>
                </tr>
            </thead>
            for (group, names) in GROUPS {
                <tbody key={group}>
                    <tr class="envelope-group">
                        <th scope="rowgroup" colspan="4">{ tr(lang, &format!("feed.envelope.group.{group}")) }</th>
                    </tr>
                    for quantity in quantities.iter().filter(|quantity| names.contains(&quantity.name)) {
                        { row(quantity, run, lang) }
                    }
                </tbody>
            }
        </table>
    }
}

fn row(quantity: &Quantity, run: &RunState, lang: Lang) -> Html {
    let measured = measured(run, quantity.name);
    let apart = measured.and_then(|measured| apart(quantity.value, measured));
    html! {
        <tr key={quantity.name} data-quantity={quantity.name}>
            <th scope="row">
                { tr(lang, &format!("feed.size.{}", quantity.name)) }
                <small>{ formula(quantity, lang) }</small>
            </th>
            <td>{ with_unit(quantity.value, quantity.unit, lang) }</td>
            <td>{ measured.map_or_else(|| "–".to_owned(), |value| with_unit(value, quantity.unit, lang)) }</td>
            <td>{ apart.map_or_else(|| "–".into(), |apart| apart_text(apart, lang)) }</td>
        </tr>
    }
}

/// The formula with names and values: "daily visitors 10,000,000 × reads 10 ÷ 86,400 s".
fn formula(quantity: &Quantity, lang: Lang) -> AttrValue {
    const PLACES: [&str; 4] = ["a", "b", "c", "d"];
    let inputs: Vec<String> = quantity
        .inputs
        .iter()
        .map(|(name, value)| {
            let short = tr(lang, &format!("feed.size.{name}"));
            format!("{short} {}", amount(*value))
        })
        .collect();
    let args: Vec<(&str, &str)> = PLACES
        .into_iter()
        .zip(inputs.iter().map(String::as_str))
        .collect();
    trf(lang, &format!("feed.formula.{}", quantity.formula), &args)
}

/// A number: whole ones in full, others to three figures.
pub fn amount(value: f64) -> String {
    if value.fract() == 0.0 && (0.0..1e15).contains(&value) {
        grouped(value as u64)
    } else {
        figure(value)
    }
}

fn with_unit(value: f64, unit: Unit, lang: Lang) -> String {
    let slug = match unit {
        Unit::PerSec => "per_sec",
        Unit::Gigabytes => "gigabytes",
        Unit::GigabytesPerDay => "gigabytes_per_day",
        Unit::MegabytesPerSec => "megabytes_per_sec",
        Unit::Secs => "secs",
        Unit::Count => "count",
        Unit::Ratio => "ratio",
    };
    let value = figure(value);
    trf(lang, &format!("feed.unit.{slug}"), &[("value", &value)]).to_string()
}

fn apart_text(apart: Apart, lang: Lang) -> AttrValue {
    match apart {
        Apart::Same => tr(lang, "feed.envelope.same"),
        Apart::Percent(percent) => {
            let sign = if percent > 0.0 { "+" } else { "−" };
            let size = figure(percent.abs());
            format!("{sign}{size}%").into()
        }
        Apart::Times(ratio) => trf(lang, "feed.envelope.times", &[("ratio", &figure(ratio))]),
    }
}

#[cfg(test)]
mod tests {
    use archplay_feed::sizing::Requirements;

    use super::super::inputs::FIELDS;
    use super::*;

    #[test]
    fn every_quantity_stands_in_one_group_and_has_its_texts() {
        let quantities = sizing(&Requirements::default());
        let shown: usize = GROUPS.iter().map(|(_, names)| names.len()).sum();
        assert_eq!(shown, quantities.len());
        for lang in Lang::ALL {
            for quantity in &quantities {
                let groups = GROUPS
                    .iter()
                    .filter(|(_, names)| names.contains(&quantity.name));
                assert_eq!(groups.count(), 1, "{}", quantity.name);
                let text = formula(quantity, lang);
                assert!(!text.contains("feed.") && !text.contains('{'), "{text}");
                assert!(text.contains(&amount(quantity.inputs[0].1)), "{text}");
                let key = format!("feed.size.{}", quantity.name);
                assert!(archplay_text::find(lang, &key).is_some(), "{key}");
                let value = with_unit(quantity.value, quantity.unit, lang);
                assert!(!value.contains("feed."), "{value}");
            }
            for field in FIELDS {
                let key = format!("feed.size.{}", field.key);
                assert!(archplay_text::find(lang, &key).is_some(), "{key}");
            }
        }
    }
}
