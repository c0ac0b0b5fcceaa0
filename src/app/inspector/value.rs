//! Values as people write them, and which parameters several components have in common.

use std::collections::BTreeSet;

use archplay_model::catalogue::{self, ParamKind, ParamSpec, Unit, monitor, threshold_unit};
use archplay_model::{Component, Design, Id, Kind, Value};

use crate::app::number::read_number;

/// What a field shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The value that all selected components have; `None` if they differ.
    pub value: Option<Value>,
    /// Whether any of them has it set by hand.
    pub set: bool,
}

/// The value of a parameter over several components.
pub fn shown(design: &Design, ids: &BTreeSet<Id>, spec: &ParamSpec) -> Shown {
    let mut components = ids.iter().filter_map(|id| design.get(id));
    let first = components.next().map(|c| current(c, spec));
    let same = first
        .clone()
        .filter(|first| components.all(|c| current(c, spec) == *first));
    let set = ids
        .iter()
        .filter_map(|id| design.get(id))
        .any(|c| c.params.contains_key(spec.key));
    Shown { value: same, set }
}

/// The unit of a parameter: a threshold has that of the metric that is chosen beside it.
pub fn unit_of(design: &Design, ids: &BTreeSet<Id>, kind: Kind, spec: &ParamSpec) -> Unit {
    if kind != Kind::Monitor || spec.key != monitor::THRESHOLD.key {
        return spec.unit;
    }
    match shown(design, ids, &monitor::METRIC).value {
        Some(Value::Text(metric)) => threshold_unit(&metric),
        _ => spec.unit,
    }
}

fn current(component: &Component, spec: &ParamSpec) -> Value {
    match component.params.get(spec.key) {
        Some(value) => value.clone(),
        None => {
            let own = catalogue::find(component.kind, spec.key);
            own.map_or_else(|| spec.default_value(), ParamSpec::default_value)
        }
    }
}

/// The parameters that all the components have, in the order of the first one's kind.
pub fn common(design: &Design, ids: &BTreeSet<Id>) -> Vec<&'static ParamSpec> {
    let mut kinds = ids.iter().filter_map(|id| design.get(id)).map(|c| c.kind);
    let Some(first) = kinds.next() else {
        return Vec::new();
    };
    let others: BTreeSet<_> = kinds.filter(|kind| *kind != first).collect();
    catalogue::all_params(first)
        .filter(|spec| {
            let fits = |kind| catalogue::find(kind, spec.key).is_some_and(|o| alike(spec, o));
            others.iter().all(|kind| fits(*kind))
        })
        .collect()
}

/// Whether two kinds' parameters take the same values.
fn alike(a: &ParamSpec, b: &ParamSpec) -> bool {
    let range = |spec: &ParamSpec| match spec.kind {
        ParamKind::Number {
            min, max, integer, ..
        } => Some((min, max, integer)),
        _ => None,
    };
    match (range(a), range(b)) {
        (Some(x), Some(y)) => x == y && a.unit == b.unit,
        (None, None) => a.kind == b.kind,
        _ => false,
    }
}

/// Reads a number: thousands separators, full-width digits and a unit after it do not matter.
pub fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '_' | '，'))
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0)),
            '．' => '.',
            '－' | '−' => '-',
            other => other,
        })
        .collect();
    let starts_right =
        plain.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if !starts_right {
        return None;
    }
    read_number(&plain)
        .or_else(|| read_number(plain.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.')))
}

/// Writes a number with thousands separators and all its digits.
pub fn format_number(value: f64) -> String {
    let text = format!("{value}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The value after an arrow key: one step, ten with Shift, kept in the range.
pub fn stepped(spec: &ParamSpec, value: f64, up: bool, large: bool) -> f64 {
    let ParamKind::Number {
        min, max, integer, ..
    } = spec.kind
    else {
        return value;
    };
    let size = value.abs();
    let step = match size {
        _ if integer => 1.0,
        s if s < 1.0 => 0.1,
        s if s < 10.0 => 0.5,
        _ => 1.0,
    };
    let step = if large { step * 10.0 } else { step };
    let next = if up { value + step } else { value - step };
    // Steps of a tenth must not show the machine's rounding.
    ((next * 1e6).round() / 1e6).clamp(min, max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::catalogue::server;

    #[test]
    fn reads_numbers_as_people_write_them() {
        let check = |text: &str, expected: Option<f64>| {
            assert_eq!(parse_number(text), expected, "{text}");
        };
        check("8", Some(8.0));
        check(" 1,000 ", Some(1_000.0));
        check("２．５", Some(2.5));
        check("4 GiB", Some(4.0));
        check("30초", Some(30.0));
        check("-1", Some(-1.0));
        check("1e3", Some(1_000.0));
        check("", None);
        check("many", None);
        check("inf", None);
        check("NaN", None);
        check("1.2.3", None);
    }

    #[test]
    fn writes_numbers_with_all_their_digits() {
        let check = |value: f64, expected: &str| {
            assert_eq!(format_number(value), expected);
            assert_eq!(parse_number(expected), Some(value));
        };
        check(0.0, "0");
        check(31_536_000.0, "31,536,000");
        check(1_024.5, "1,024.5");
        check(-1_000.0, "-1,000");
        check(100.0, "100");
    }

    #[test]
    fn arrow_keys_stay_in_the_range() {
        assert!((stepped(&server::VCPU, 256.0, true, true) - 256.0).abs() < 1e-9);
        assert!((stepped(&server::VCPU, 2.0, true, false) - 3.0).abs() < 1e-9);
        assert!((stepped(&server::NIC_GBPS, 0.2, true, false) - 0.3).abs() < 1e-12);
        assert!((stepped(&server::NIC_GBPS, 0.05, false, false) - 0.01).abs() < 1e-12);
    }

    #[test]
    fn different_kinds_share_what_takes_the_same_values() {
        let mut design = Design::default();
        for kind in [Kind::Server, Kind::Database] {
            let id = design.free_id(kind);
            design
                .components
                .insert(id.clone(), Component::new(id, kind, 0.0, 0.0));
        }
        let ids: BTreeSet<Id> = design.components.keys().cloned().collect();
        let keys: Vec<_> = common(&design, &ids).iter().map(|spec| spec.key).collect();
        assert_eq!(keys, ["vcpu", "memory_gib", "restart_secs"]);
        // Their defaults differ, so there is no common value.
        assert_eq!(shown(&design, &ids, &server::VCPU).value, None);
    }
}
