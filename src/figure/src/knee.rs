//! Waiting against utilisation: M/M/c and its knee.

use archplay_theory::{mmc_sojourn, mmc_sojourn_quantile};

use crate::picture::{Knob, Line, Lines, Mark, Panel, Picture, Says, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

/// Mean time of service in seconds.
const SERVICE: f64 = 0.05;
const P95: f64 = 0.95;
/// The highest time on the axis, in milliseconds.
const TOP_MS: f64 = 1_000.0;

pub(crate) const FIGURE: Figure = Figure {
    slug: "knee",
    knobs: &[
        Knob {
            slug: "busy",
            unit: Unit::Share,
            stops: &[
                0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98,
                0.99,
            ],
            start: 8,
        },
        Knob {
            slug: "servers",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
            start: 2,
        },
    ],
    show,
};

fn show(knobs: &[f64]) -> Picture {
    let [busy, servers] = taken(knobs);
    let count = servers as u32;
    let rate = |busy: f64| busy * servers / SERVICE;
    let mean = |busy: f64| mmc_sojourn(count, rate(busy), SERVICE) * 1e3;
    let tail = |busy: f64| mmc_sojourn_quantile(count, rate(busy), SERVICE, P95) * 1e3;
    let x = Axis::linear("busy", Unit::Share, 0.0, 1.0);
    let y = Axis::linear("time", Unit::Millis, 0.0, TOP_MS);
    let line = |slug, of: &dyn Fn(f64) -> f64| {
        let mut points = Vec::new();
        for i in 1..=99 {
            let (at, time) = (f64::from(i) / 100.0, of(f64::from(i) / 100.0));
            points.push((at, y.cut(time)));
            if time > y.to {
                break;
            }
        }
        Line {
            slug,
            points,
            steps: false,
        }
    };
    let mark = |line, ms: f64| Mark {
        line,
        x: busy,
        y: y.cut(ms),
        value: Unit::Millis.of(ms),
    };
    Picture {
        panels: vec![Panel::Lines(Lines {
            x,
            y,
            lines: vec![line("mean", &mean), line("p95", &tail)],
            marks: vec![mark(0, mean(busy)), mark(1, tail(busy))],
            limits: Vec::new(),
        })],
        says: Says {
            case: "result",
            values: vec![
                ("busy", Unit::Share.of(busy)),
                ("n", Unit::Count.of(servers)),
                ("rate", Unit::Count.of(rate(busy))),
                ("mean", Unit::Millis.of(mean(busy))),
                ("p95", Unit::Millis.of(tail(busy))),
                ("times", Unit::Times.of(mean(busy) / (SERVICE * 1e3))),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lectures_table_for_four() {
        for (busy, ms) in [
            (0.5, 54.0),
            (0.8, 87.0),
            (0.9, 148.0),
            (0.95, 273.0),
            (0.99, 1_272.0),
        ] {
            let says = show(&[busy, 4.0]).says;
            assert_eq!(says.values[3].1.number.round(), ms);
        }
    }
}
