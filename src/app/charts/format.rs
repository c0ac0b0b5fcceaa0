//! Numbers and times as people read them. Pure.

use archplay_report::MetricUnit;

/// A whole number with thousands separators.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A figure with as many decimals as it deserves: three significant ones, none from 100 on.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let size = value.abs();
    let decimals = if !(0.005..99.95).contains(&size) {
        0
    } else if size >= 9.995 {
        1
    } else {
        2
    };
    let text = format!("{size:.decimals$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole = grouped(whole.parse().unwrap_or(u64::MAX));
    let rest = rest.trim_end_matches('0');
    let sign = if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        "-"
    } else {
        ""
    };
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

/// A measured value in the unit of its axis; shares in percent with their sign.
pub fn value_text(value: f64, unit: MetricUnit) -> String {
    if value.is_nan() {
        return "–".into();
    }
    match unit {
        MetricUnit::Share => format!("{}%", figure(percent(value))),
        _ => figure(value),
    }
}

/// A mark on an axis: short, so that it fits beside the plot.
pub fn tick_text(value: f64, unit: MetricUnit) -> String {
    if unit == MetricUnit::Share || value < 10_000.0 {
        value_text(value, unit)
    } else if value < 1e6 {
        format!("{}k", figure(value / 1e3))
    } else {
        format!("{}M", figure(value / 1e6))
    }
}

/// A share in percent, to a tenth below 10 and whole above.
fn percent(share: f64) -> f64 {
    let percent = share * 100.0;
    if percent.abs() < 10.0 {
        (percent * 10.0).round() / 10.0
    } else {
        percent.round()
    }
}

/// Seconds after midnight as `14:00:37`. Later days begin at midnight again.
pub fn clock_text(secs: u32) -> String {
    let secs = secs % 86_400;
    format!("{:02}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
}

/// The same on an axis: seconds only where the steps need them.
pub fn clock_tick_text(secs: u32, step: u32) -> String {
    let text = clock_text(secs);
    if step.is_multiple_of(60) {
        text.chars().take(5).collect()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        for (value, expected) in [
            (0.0, "0"),
            (0.004, "0"),
            (-0.001, "0"),
            (0.456, "0.46"),
            (1.5, "1.5"),
            (12.34, "12.3"),
            (99.97, "100"),
            (1_234.5, "1,234"),
            (1_000_000.0, "1,000,000"),
            (-1_500.0, "-1,500"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(figure(value), expected, "{value}");
        }
        assert_eq!(grouped(12), "12");
        assert_eq!(grouped(123_456), "123,456");
    }

    #[test]
    fn values_with_units() {
        for (value, unit, expected) in [
            (0.8734, MetricUnit::Share, "87%"),
            (0.0123, MetricUnit::Share, "1.2%"),
            (1.0, MetricUnit::Share, "100%"),
            (f64::NAN, MetricUnit::Share, "–"),
            (8_192.0, MetricUnit::Count, "8,192"),
        ] {
            assert_eq!(value_text(value, unit), expected);
        }
    }

    #[test]
    fn marks_are_short() {
        for (value, expected) in [(9_000.0, "9,000"), (100_000.0, "100k"), (2e6, "2M")] {
            assert_eq!(tick_text(value, MetricUnit::Count), expected);
        }
    }

    #[test]
    fn clocks() {
        assert_eq!(clock_text(50_300), "13:58:20");
        assert_eq!(clock_text(86_400 + 61), "00:01:01");
        assert_eq!(clock_tick_text(50_400, 600), "14:00");
        assert_eq!(clock_tick_text(50_410, 10), "14:00:10");
    }
}
