//! What the editor says: labels, units, values, refusals. Pure.

use archplay_editor::scenario::tree;
use archplay_editor::scenario::{
    Choice, Control, DemandKind, FieldValue, FieldView, Refer, ScenarioRefusal, Unit, Word,
};
use archplay_model::scenario::{Demand, LocalText};
use archplay_model::{Id, Scenario};
use archplay_text::{Lang, find, t};
use yew::AttrValue;

use crate::app::inspector::format_number;
use crate::app::lang::{tr, trf};
use crate::app::lesson::local_text;

/// The label of a field.
pub fn label(lang: Lang, view: &FieldView) -> AttrValue {
    let own = format!("scenario.field.{}.{}", view.of, view.key);
    match find(lang, &own) {
        Some(text) => AttrValue::from(text.into_owned()),
        // Fields of which there is one for each kind are called like the kind.
        None => tr(lang, &format!("kind.{}.name", view.key)),
    }
}

/// What else there is to know of a field.
pub fn help(lang: Lang, view: &FieldView) -> Option<AttrValue> {
    let help = find(lang, &format!("scenario.help.{}.{}", view.of, view.key))?;
    Some(AttrValue::from(help.into_owned()))
}

/// The name of a unit; none for plain numbers.
pub fn unit(lang: Lang, unit: Unit) -> Option<AttrValue> {
    (unit != Unit::Plain).then(|| tr(lang, &format!("scenario.unit.{}", unit.slug())))
}

/// The text of a word of a choice.
pub fn word(lang: Lang, choice: Choice, slug: &str) -> AttrValue {
    let key = match choice.name {
        "kind" => format!("kind.{slug}.name"),
        "place" => format!("place.{slug}"),
        name => format!("scenario.choice.{name}.{slug}"),
    };
    tr(lang, &key)
}

/// A value as it is typed.
pub fn typed(value: &FieldValue) -> String {
    match value {
        FieldValue::Absent => String::new(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Number(number) => format_number(*number),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Time(time) => time.to_string(),
    }
}

/// Why a value was not taken.
pub fn refusal(lang: Lang, refused: &ScenarioRefusal) -> AttrValue {
    let key = format!("scenario.refusal.{}", refused.slug());
    let (min, max) = match refused {
        ScenarioRefusal::OutOfRange { min, max } => (format_number(*min), format_number(*max)),
        ScenarioRefusal::TooLong { max } | ScenarioRefusal::Full { max } => {
            (String::new(), max.to_string())
        }
        _ => Default::default(),
    };
    trf(lang, &key, &[("min", &min), ("max", &max)])
}

/// What a field may name: ids and how they are shown.
pub fn names(
    lang: Lang,
    refer: Refer,
    scenario: &Scenario,
    design: &archplay_model::Design,
) -> Vec<(String, AttrValue)> {
    let plain = |id: &Id| (id.to_string(), AttrValue::from(id.to_string()));
    let with_name = |id: &Id, name: &str| match name.trim() {
        "" => plain(id),
        name => (id.to_string(), AttrValue::from(name.to_owned())),
    };
    match refer {
        Refer::Dataset => scenario.datasets.iter().map(|d| plain(&d.id)).collect(),
        Refer::Journey => scenario.journeys.iter().map(|j| plain(&j.id)).collect(),
        Refer::Operation => scenario
            .operations
            .iter()
            .map(|o| with_name(&o.id, &local_text(lang, &o.name)))
            .collect(),
        Refer::Component => design
            .components
            .values()
            .map(|c| with_name(&c.id, &c.name))
            .collect(),
        Refer::Link => design
            .links
            .keys()
            .map(|key| {
                let name = |id: &Id| match design.get(id).map(|c| c.name.trim()) {
                    Some("") | None => id.to_string(),
                    Some(name) => name.to_owned(),
                };
                let shown = format!("{} → {}", name(&key.from), name(&key.to));
                (key.name(), shown.into())
            })
            .collect(),
    }
}

/// What something is called in a list: its name, else its id.
pub fn called(lang: Lang, name: &LocalText, id: &Id) -> AttrValue {
    match local_text(lang, name).trim() {
        "" => AttrValue::from(id.to_string()),
        name => AttrValue::from(name.to_owned()),
    }
}

/// A demand in a line: what it is, about what, how much.
pub fn demand(lang: Lang, demand: &Demand) -> String {
    let kind = DemandKind::of(demand);
    let mut out = word(lang, DemandKind::CHOICE, kind.slug()).to_string();
    let amount = |number: f64, of: Unit| match unit(lang, of) {
        // Korean counters stand with their number.
        Some(unit) if !unit.is_ascii() => format!(" {}{unit}", format_number(number)),
        Some(unit) => format!(" {} {unit}", format_number(number)),
        None => format!(" {}", format_number(number)),
    };
    match demand {
        Demand::Compute { cpu_ms, .. } | Demand::Login { cpu_ms } => {
            out += &amount(*cpu_ms, Unit::Millis);
        }
        Demand::Static { bytes, objects } => {
            out += &amount(*bytes as f64, Unit::Bytes);
            out += &amount(f64::from(*objects), Unit::Pieces);
        }
        Demand::Read { dataset, rows, .. } => {
            out += &format!(" {dataset}");
            out += &amount(f64::from(*rows), Unit::Rows);
        }
        Demand::Write { dataset, .. }
        | Demand::Insert { dataset, .. }
        | Demand::NextId { dataset } => out += &format!(" {dataset}"),
        Demand::Reserve {
            dataset, amount: n, ..
        } => {
            out += &format!(" {dataset}");
            out += &amount(f64::from(*n), Unit::Pieces);
        }
        Demand::Publish { topic: id } | Demand::Call { service: id } => out += &format!(" {id}"),
        Demand::Repeat { times, .. } => out += &amount(f64::from(*times), Unit::Times),
        Demand::Par {
            wait_for: Some(n),
            demands,
        } => out += &format!(" {n}/{}", demands.len()),
        Demand::Seq(_)
        | Demand::Par { .. }
        | Demand::Transaction(_)
        | Demand::Optional(_)
        | Demand::Authenticate
        | Demand::Notify
        | Demand::ReadFeed { .. }
        | Demand::FanOut { .. } => {}
    }
    if kind.holds() && tree::children(demand).is_empty() {
        out += " ·";
        out += &t(lang, "scenario.demands.nothing");
    }
    out
}

/// What a number field says of its range.
pub fn range(lang: Lang, control: &Control) -> Option<AttrValue> {
    let Control::Number { min, max, .. } = control else {
        return None;
    };
    let (min, max) = (format_number(*min), format_number(*max));
    Some(trf(lang, "scenario.range", &[("min", &min), ("max", &max)]))
}
