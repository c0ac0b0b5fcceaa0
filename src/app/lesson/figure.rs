//! Figures of targets as people read them. Pure.

use archplay_course::{Compare, Target, TargetUnit, Word};
use archplay_model::scenario::LocalText;
use archplay_model::{ClockTime, Scenario};
use archplay_text::{Lang, t, tf};

/// A value with its unit.
pub fn value(lang: Lang, unit: TargetUnit, value: f64) -> String {
    let sign = t(lang, &format!("unit.{}", unit.slug()));
    match unit {
        TargetUnit::Share => format!("{}{sign}", percent(value * 100.0)),
        // Ten thousand milliseconds say less than ten seconds.
        TargetUnit::Milliseconds if value >= 10_000.0 => {
            let tenths = (value / 100.0).round() / 10.0;
            self::value(lang, TargetUnit::Seconds, tenths)
        }
        TargetUnit::Milliseconds => format!("{} {sign}", grouped(value.round(), 0)),
        TargetUnit::Seconds => {
            let digits = usize::from(value.fract() != 0.0 && value < 100.0);
            let space = if lang == Lang::Ko { "" } else { " " };
            format!("{}{space}{sign}", grouped(value, digits))
        }
        // Things that are counted have no unit beside them.
        TargetUnit::Count => grouped(value, usize::from(value.fract() != 0.0)),
        TargetUnit::Times => {
            let digits = if value.fract() == 0.0 { 0 } else { 2 };
            let space = if lang == Lang::Ko { "" } else { " " };
            format!("{}{space}{sign}", grouped(value, digits))
        }
        _ => {
            let digits = if value.fract() == 0.0 { 0 } else { 2 };
            format!("{} {sign}", grouped(value, digits))
        }
    }
}

/// What is measured, as people call it.
pub fn name(lang: Lang, target: &Target, scenario: Option<&Scenario>) -> String {
    Word::join(&target.words(scenario), |word| match word {
        Word::Key(key) => t(lang, key).into_owned(),
        Word::Text(text) => local(lang, text),
        Word::Over => String::new(),
    })
}

fn local(lang: Lang, text: &LocalText) -> String {
    match lang {
        Lang::Ko => text.ko.clone(),
        Lang::En => text.en.clone(),
    }
}

/// What is wanted: "at most 1,000 ms".
pub fn wanted(lang: Lang, target: &Target) -> String {
    let key = match target.compare {
        Compare::AtMost => "verdict.at_most",
        Compare::AtLeast => "verdict.at_least",
    };
    let limit = value(lang, target.unit(), target.value);
    tf(lang, key, &[("value", &limit)])
}

/// What was measured, or that nothing was.
pub fn measured(lang: Lang, target: &Target, result: Option<f64>) -> String {
    match result {
        Some(found) => value(lang, target.unit(), found),
        None => t(lang, &format!("verdict.{}", target.metric.nothing())).into(),
    }
}

/// A time of the scenario's clock, with seconds.
pub fn clock(start: ClockTime, since_ns: u64) -> String {
    let secs = clock_secs(start, since_ns) % 86_400;
    format!("{:02}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
}

/// The same in seconds after midnight of the first day.
pub fn clock_secs(start: ClockTime, since_ns: u64) -> u32 {
    let gone = u32::try_from(since_ns / 1_000_000_000).unwrap_or(u32::MAX);
    start.secs().saturating_add(gone)
}

/// A score from 0 to 1 in whole points of 100; only a full one is 100.
pub fn points(score: f64) -> String {
    let points = (score * 100.0).round();
    let points = if score < 1.0 {
        points.min(99.0)
    } else {
        points
    };
    grouped(points, 0)
}

/// A percentage that does not round a miss into a pass: 99.96 is not shown as 100.
fn percent(value: f64) -> String {
    let digits = match value {
        v if v == v.round() => 0,
        v if (1.0..99.0).contains(&v) => 1,
        _ => 2,
    };
    let shown = format!("{value:.digits$}");
    if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        shown
    }
}

/// A number with thousands separators.
pub fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{:.digits$}", value.abs());
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    if value < 0.0 {
        out.insert(0, '-');
    }
    out
}

#[cfg(test)]
mod tests {
    use archplay_course::TargetMetric;

    use super::*;

    #[test]
    fn figures_with_units() {
        let check = |unit, number, expected: &str| {
            assert_eq!(value(Lang::Ko, unit, number), expected);
        };
        check(TargetUnit::Share, 0.98, "98%");
        check(TargetUnit::Share, 0.875, "87.5%");
        check(TargetUnit::Share, 0.999_6, "99.96%");
        check(TargetUnit::Share, 0.001_2, "0.12%");
        check(TargetUnit::Share, 1.0, "100%");
        check(TargetUnit::Share, 0.0, "0%");
        check(TargetUnit::Milliseconds, 1234.4, "1,234 ms");
        check(TargetUnit::Milliseconds, 10_027.0, "10초");
        check(TargetUnit::Milliseconds, 12_345.0, "12.3초");
        check(TargetUnit::Seconds, 12.34, "12.3초");
        check(TargetUnit::Seconds, 180.0, "180초");
        check(TargetUnit::Count, 0.0, "0");
        check(TargetUnit::Times, 3.0, "3배");
        check(TargetUnit::Times, 1.254, "1.25배");
        assert_eq!(value(Lang::En, TargetUnit::Seconds, 2.0), "2 s");
    }

    #[test]
    fn nothing_measured_is_said() {
        let target = |metric| {
            let id = archplay_model::Id::new("t").unwrap();
            Target::new(id, metric, Compare::AtMost, 1000.0)
        };
        let cpu = measured(Lang::Ko, &target(TargetMetric::CpuP95), None);
        let recovery = measured(Lang::Ko, &target(TargetMetric::RecoverySecs), None);
        assert_ne!(cpu, recovery);
        assert!(!cpu.contains("verdict."), "{cpu}");
        let latency = target(TargetMetric::LatencyP95Ms);
        assert_eq!(wanted(Lang::Ko, &latency), "1,000 ms 이하");
        assert_eq!(name(Lang::Ko, &latency, None), "응답 지연 시간 p95");
    }

    #[test]
    fn clocks_and_numbers() {
        let start = ClockTime::from_secs(13 * 3600 + 50 * 60);
        assert_eq!(clock(start, 617_900_000_000), "14:00:17");
        assert_eq!(
            clock(ClockTime::from_secs(86_000), 600_000_000_000),
            "00:03:20"
        );
        assert_eq!(grouped(1_234_567.0, 0), "1,234,567");
        assert_eq!(grouped(-999.5, 1), "-999.5");
    }
}
