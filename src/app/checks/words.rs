//! Names and numbers of the checks as people read them. Pure.

use archplay_report::check::{Check, CheckRow, CheckUnit};
use archplay_text::Lang;
use yew::AttrValue;

use crate::app::charts::format::grouped;
use crate::app::lang::{tr, trf};

/// The key of a case's texts: ids may have points.
pub fn case_key(id: &str, part: &str) -> String {
    let id = id.replace(['.', '+'], "_");
    format!("checks.case.{id}.{part}")
}

/// What a case is called.
pub fn title(lang: Lang, check: &Check) -> AttrValue {
    tr(lang, &case_key(&check.id, "title"))
}

/// Where its expected values come from.
pub fn source(lang: Lang, check: &Check) -> AttrValue {
    tr(lang, &case_key(&check.id, "source"))
}

/// What a row measures, with its place if there are several.
pub fn metric(lang: Lang, row: &CheckRow) -> AttrValue {
    let name = tr(lang, &format!("checks.metric.{}", row.metric));
    match &row.at {
        Some(at) => format!("{} · {name}", tr(lang, &format!("checks.at.{at}"))).into(),
        None => name,
    }
}

/// On how many requests, runs or draws a row stands.
pub fn based_on(lang: Lang, family: &str, row: &CheckRow) -> AttrValue {
    if row.requests == 0 {
        return AttrValue::default();
    }
    let key = match family {
        "invariant" => "checks.runs",
        "sampler" => "checks.draws",
        _ => "checks.requests",
    };
    trf(lang, key, &[("n", &grouped(row.requests))])
}

/// How the numbers of a row are written: all in one unit, with as many decimals as its tolerance deserves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    unit: &'static str,
    scale: f64,
    decimals: usize,
}

/// The most decimals that anybody wants to compare.
const MOST: usize = 6;

impl Style {
    /// The style of a row.
    pub fn of(row: &CheckRow) -> Self {
        let (unit, scale) = match row.unit {
            CheckUnit::Seconds if row.expected.abs() < 1e-3 => ("microseconds", 1e6),
            CheckUnit::Seconds if row.expected.abs() < 1.0 => ("milliseconds", 1e3),
            CheckUnit::Seconds => ("seconds", 1.0),
            CheckUnit::Share => ("share", 100.0),
            CheckUnit::PerSecond => ("per_second", 1.0),
            CheckUnit::Count => ("count", 1.0),
        };
        // Two digits of the tolerance; of an exact value all that it has.
        let (mut decimals, mut left) = (0, row.tolerance * scale);
        if left > 0.0 {
            while left < 10.0 && decimals < MOST {
                left *= 10.0;
                decimals += 1;
            }
        } else {
            let fits = |n: usize| {
                let text = format!("{:.n$}", row.expected * scale);
                let near = |value: f64| (value - row.expected * scale).abs() < 1e-9;
                crate::app::number::read_number(&text).is_some_and(near)
            };
            decimals = (0..MOST).find(|n| fits(*n)).unwrap_or(MOST);
        }
        Self {
            unit,
            scale,
            decimals,
        }
    }

    /// A value with its unit.
    pub fn text(self, lang: Lang, value: f64) -> AttrValue {
        let value = self.number(value);
        trf(
            lang,
            &format!("checks.unit.{}", self.unit),
            &[("value", &value)],
        )
    }

    /// The number alone, with thousands separators.
    fn number(self, value: f64) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let text = format!("{:.*}", self.decimals, (value * self.scale).abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let whole = grouped(whole.parse().unwrap_or(u64::MAX));
        let sign = if value < 0.0 { "-" } else { "" };
        if rest.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{rest}")
        }
    }
}
