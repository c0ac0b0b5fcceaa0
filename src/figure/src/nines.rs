//! Nines and the time that nobody can use: parts in a row, parts side by side.

use archplay_theory::{parallel_availability, series_availability};

use crate::picture::{Bar, Bars, Knob, Panel, Picture, Says, Tone, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

const MONTH_SECS: f64 = 30.0 * 86_400.0;
/// The outage of session 5.
const OUTAGE_SECS: f64 = 84.0 * 60.0;
/// The shortest time on the scale.
const LEAST_SECS: f64 = 0.01;

pub(crate) const FIGURE: Figure = Figure {
    slug: "nines",
    knobs: &[
        Knob {
            slug: "each",
            unit: Unit::Share,
            stops: &[0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.999_99],
            start: 4,
        },
        Knob {
            slug: "parts",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0],
            start: 4,
        },
    ],
    show,
};

/// Seconds of a month of 30 days that this availability leaves unusable.
fn down(availability: f64) -> f64 {
    (1.0 - availability) * MONTH_SECS
}

fn show(knobs: &[f64]) -> Picture {
    let [each, parts] = taken(knobs);
    let all = vec![each; parts as usize];
    let (series, parallel) = (series_availability(&all), parallel_availability(&all));
    let scale = Axis::log("down", Unit::Secs, LEAST_SECS, MONTH_SECS);
    let bar = |slug, secs: f64, tone| Bar {
        slug,
        n: Some(Unit::Count.of(parts)),
        value: Unit::Secs.of(secs),
        tone,
    };
    Picture {
        panels: vec![Panel::Bars(Bars {
            scale,
            bars: vec![
                bar("one", down(each), Tone::Plain),
                bar("series", down(series), Tone::Bad),
                bar("parallel", down(parallel), Tone::Good),
                bar("outage", OUTAGE_SECS, Tone::Empty),
            ],
            limit: None,
        })],
        says: Says {
            // Below the scale nobody could tell it from nothing.
            case: if down(parallel) < LEAST_SECS {
                "never"
            } else {
                "result"
            },
            values: vec![
                ("each", Unit::Share.of(each)),
                ("n", Unit::Count.of(parts)),
                ("series", Unit::Share.of(series)),
                ("series_down", Unit::Secs.of(down(series))),
                ("parallel", Unit::Share.of(parallel)),
                ("parallel_down", Unit::Secs.of(down(parallel))),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of the sentence for an availability and a number of parts.
    fn said(each: f64, parts: f64, name: &str) -> f64 {
        let says = show(&[each, parts]).says;
        let value = says.values.iter().find(|(n, _)| *n == name);
        value.map_or(f64::NAN, |(_, value)| value.number)
    }

    #[test]
    fn the_numbers_of_the_lecture() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6 * b, "{a} {b}");
        close(said(0.999, 1.0, "series_down"), 43.2 * 60.0);
        close(said(0.99, 1.0, "series_down"), 7.2 * 3_600.0);
        close(said(0.9999, 1.0, "series_down"), 4.32 * 60.0);
        assert!((said(0.999, 5.0, "series") - 0.9950).abs() < 1e-4);
        close(said(0.99, 2.0, "parallel"), 0.9999);
        // 84 minutes leave 99.806 % of a month.
        assert!((1.0 - OUTAGE_SECS / MONTH_SECS - 0.998_06).abs() < 1e-5);
    }
}
