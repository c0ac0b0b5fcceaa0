//! Numbers as people read them.

use archplay_course::TargetUnit;

use crate::print::Out;

/// With thousands separators: 12,345.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A share in percent; two decimals near the ends, where they matter.
pub(crate) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".into();
    }
    let value = share * 100.0;
    if (1.0..=99.0).contains(&value) || value == 0.0 || value == 100.0 {
        format!("{value:.1} %")
    } else {
        format!("{value:.2} %")
    }
}

/// A decimal with separators; `–` for what does not exist.
pub(crate) fn decimal(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let text = format!("{:.places$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if value < 0.0 { "-" } else { "" };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// Milliseconds; whole ones from 100 on.
pub(crate) fn millis(value: f64) -> String {
    decimal(value, usize::from(value < 100.0))
}

/// A target's value with its unit.
pub(crate) fn target(out: &Out, unit: TargetUnit, value: f64) -> String {
    let label = out.t(&format!("unit.{}", unit.slug()));
    match unit {
        TargetUnit::Share => percent(value),
        TargetUnit::Milliseconds => format!("{} {label}", millis(value)),
        // Things that are counted have no unit beside them.
        TargetUnit::Count => decimal(value, usize::from(value.fract() != 0.0)),
        TargetUnit::Times => format!("{} {label}", decimal(value, 2)),
        _ => format!("{} {label}", decimal(value, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_thousands() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(count(n), text);
        }
        assert_eq!(decimal(-1_234.56, 1), "-1,234.6");
        assert_eq!(decimal(f64::NAN, 1), "–");
        assert_eq!(percent(0.9951), "99.51 %");
        assert_eq!(percent(0.5), "50.0 %");
    }
}
