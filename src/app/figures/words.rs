//! Numbers and names of the figures as people read them.

use archplay_figure::{Says, Unit, Value};
use archplay_text::Lang;
use yew::AttrValue;

use crate::app::lang::{tr, trf};
use crate::app::lesson::grouped;

/// A number with its unit.
pub fn value(lang: Lang, figure: &str, value: Value) -> String {
    let number = value.number;
    let with = |key: &str, number: String| {
        trf(lang, &format!("figure.unit.{key}"), &[("n", &number)]).to_string()
    };
    match value.unit {
        Unit::Count => count(lang, number),
        Unit::Plain => trimmed(number, 2),
        Unit::Share => with("percent", percent(number * 100.0)),
        Unit::Secs => duration(number, &with),
        Unit::Millis => with("ms", figures(number)),
        Unit::PerSec => with("per_sec", count(lang, number)),
        Unit::Times => with("times", figures(number)),
        Unit::Years if number < 2_000.0 => with("years", figures(number)),
        Unit::Years => with("years", count(lang, number)),
        Unit::Word(words) => {
            let word = words.get(number as usize).copied().unwrap_or_default();
            tr(lang, &format!("figure.{figure}.word.{word}")).to_string()
        }
    }
}

/// The sentence with its values.
pub fn said(lang: Lang, figure: &str, says: &Says) -> AttrValue {
    let values: Vec<(&str, String)> = says
        .values
        .iter()
        .map(|(name, number)| (*name, together(&value(lang, figure, *number))))
        .collect();
    let args: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    trf(lang, &format!("figure.{figure}.says.{}", says.case), &args)
}

/// A number that is not parted from its unit, nor from the particle that follows, at the end of a line.
fn together(value: &str) -> String {
    let mut value = value.replace(' ', "\u{a0}");
    if value.ends_with('%') {
        value.push('\u{2060}');
    }
    value
}

/// Something counted: whole, large ones as the language says them.
fn count(lang: Lang, number: f64) -> String {
    let big: &[(f64, &str)] = match lang {
        Lang::Ko => &[
            (1e12, "trillion"),
            (1e8, "hundred_million"),
            (1e6, "ten_thousand"),
        ],
        Lang::En => &[(1e12, "trillion"), (1e9, "billion"), (1e6, "million")],
    };
    for (from, key) in big {
        if number >= *from {
            // A million is said in ten thousands in Korean.
            let unit = if *key == "ten_thousand" { 1e4 } else { *from };
            let shown = figures(number / unit);
            return trf(lang, &format!("figure.big.{key}"), &[("n", &shown)]).to_string();
        }
    }
    match number {
        n if n >= 100.0 || n.fract() == 0.0 => grouped(n.round(), 0),
        n => trimmed(n, 1),
    }
}

/// A time as people say it.
fn duration(secs: f64, with: &dyn Fn(&str, String) -> String) -> String {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 3_600.0;
    const DAY: f64 = 86_400.0;
    match secs {
        0.0 => with("seconds", "0".to_owned()),
        s if s < 1e-3 => with("below_ms", "1".to_owned()),
        s if s < 1.0 => with("ms", figures(s * 1e3)),
        // Up to ten minutes whole seconds are said as such.
        s if s < 2.0 * MINUTE || s < 10.0 * MINUTE && s.fract() == 0.0 && s % MINUTE != 0.0 => {
            with("seconds", figures(s))
        }
        s if s < 2.0 * HOUR => with("minutes", figures(s / MINUTE)),
        s if s < 3.0 * DAY => with("hours", figures(s / HOUR)),
        s => with("days", figures(s / DAY)),
    }
}

/// Three figures that count, more for large whole numbers, and no zeros at the end.
fn figures(number: f64) -> String {
    let digits = match number.abs() {
        n if n >= 100.0 => 0,
        n if n >= 10.0 => 1,
        _ => 2,
    };
    trimmed(number, digits)
}

/// A percentage that never rounds a little away: what is left to 100, or to 0, keeps two figures.
fn percent(number: f64) -> String {
    let left = number.min(100.0 - number);
    let digits = match left {
        n if n <= 0.0 => 0,
        n if n >= 10.0 => 1,
        n if n >= 1.0 => 1,
        n => {
            let places = (1..12).find(|places| n * 10_f64.powi(*places) >= 9.95);
            places.unwrap_or(12) as usize
        }
    };
    trimmed(number, digits)
}

fn trimmed(number: f64, digits: usize) -> String {
    let shown = grouped(number, digits);
    if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use archplay_figure::{FIGURES, Panel};

    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        let check = |value: Value, ko: &str, en: &str| {
            assert_eq!(super::value(Lang::Ko, "nines", value), ko);
            assert_eq!(super::value(Lang::En, "nines", value), en);
        };
        check(Unit::Share.of(0.995_009_99), "99.5%", "99.5 %");
        check(Unit::Share.of(0.998_06), "99.81%", "99.81 %");
        check(Unit::Share.of(0.9999), "99.99%", "99.99 %");
        check(Unit::Share.of(0.999_999_999), "99.9999999%", "99.9999999 %");
        check(Unit::Share.of(0.47), "47%", "47 %");
        check(Unit::Share.of(0.001), "0.1%", "0.1 %");
        check(Unit::Secs.of(43.2 * 60.0), "43.2분", "43.2 min");
        check(Unit::Secs.of(7.2 * 3_600.0), "7.2시간", "7.2 h");
        check(Unit::Secs.of(150.0), "150초", "150 s");
        check(Unit::Secs.of(450.0), "450초", "450 s");
        check(Unit::Secs.of(300.0), "5분", "5 min");
        check(Unit::Secs.of(0.05), "50 ms", "50 ms");
        check(Unit::Secs.of(26.0), "26초", "26 s");
        check(Unit::Secs.of(1e-9), "1 ms 미만", "below 1 ms");
        check(Unit::Count.of(172_573.0), "172,573", "172,573");
        check(Unit::Count.of(54_610_000.0), "5,461만", "54.6 million");
        check(Unit::Count.of(4_194_304_000.0), "41.9억", "4.19 billion");
        check(Unit::Times.of(243.0), "243배", "243×");
        check(Unit::Millis.of(1_272.4), "1,272 ms", "1,272 ms");
        check(Unit::Years.of(69.68), "69.7년", "69.7 years");
    }

    /// Every text that a figure can ask for is there in both languages, and nothing of a sentence stays open.
    #[test]
    fn every_figure_has_its_words() {
        let has = |key: String| {
            for lang in Lang::ALL {
                assert!(archplay_text::find(lang, &key).is_some(), "{lang:?} {key}");
            }
        };
        for figure in &FIGURES {
            let slug = figure.slug;
            let key = |part: &str, name: &str| has(format!("figure.{slug}.{part}.{name}"));
            for part in ["title", "how", "source"] {
                has(format!("figure.{slug}.{part}"));
            }
            for (i, knob) in figure.knobs.iter().enumerate() {
                key("knob", knob.slug);
                if let Unit::Word(words) = knob.unit {
                    words.iter().for_each(|word| key("word", word));
                }
                for other in 0..figure.knobs.len() {
                    for (place, aside) in (0..knob.stops.len()).flat_map(|p| {
                        (0..figure.knobs[other].stops.len()).map(move |aside| (p, aside))
                    }) {
                        let mut places = figure.start();
                        places[other] = aside;
                        places[i] = place;
                        let picture = figure.picture(&places);
                        key("says", picture.says.case);
                        for lang in Lang::ALL {
                            let sentence = said(lang, slug, &picture.says);
                            assert!(!sentence.contains(['{', '}']), "{sentence}");
                            assert!(!sentence.contains("figure."), "{sentence}");
                        }
                        picture.panels.iter().for_each(|panel| names(panel, &key));
                    }
                }
            }
        }
    }

    fn names(panel: &Panel, key: &dyn Fn(&str, &str)) {
        match panel {
            Panel::Lines(lines) => {
                key("axis", lines.x.slug);
                key("axis", lines.y.slug);
                lines.lines.iter().for_each(|line| key("line", line.slug));
                lines
                    .limits
                    .iter()
                    .for_each(|limit| key("limit", limit.slug));
            }
            Panel::Bars(bars) => {
                key("axis", bars.scale.slug);
                bars.bars.iter().for_each(|bar| key("bar", bar.slug));
                bars.limit.iter().for_each(|limit| key("limit", limit.slug));
            }
            Panel::Lanes(lanes) => {
                key("axis", lanes.x.slug);
                for lane in &lanes.lanes {
                    key("lane", lane.slug);
                    lane.spans.iter().for_each(|span| key("span", span.slug));
                }
            }
            Panel::Bits(bits) => bits.fields.iter().for_each(|field| key("bits", field.slug)),
        }
    }
}
