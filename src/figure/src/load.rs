//! The load average beside CPU utilisation: what one counts and the other cannot show.

use archplay_theory::load_average;

use crate::picture::{Knob, Limit, Line, Lines, Panel, Picture, Says, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

const CORES: f64 = 2.0;
/// Before the rush half a core is busy.
const BEFORE: f64 = 0.5;
/// The rush, in seconds from the beginning.
const RUSH: (f64, f64) = (120.0, 720.0);
const END: f64 = 1_800.0;
const STEP: f64 = 20.0;

pub(crate) const FIGURE: Figure = Figure {
    slug: "load",
    knobs: &[
        Knob {
            slug: "running",
            unit: Unit::Count,
            stops: &[0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0],
            start: 6,
        },
        Knob {
            slug: "disk",
            unit: Unit::Count,
            stops: &[0.0, 1.0, 2.0, 4.0, 8.0, 16.0],
            start: 0,
        },
    ],
    show,
};

/// A load average over `window` seconds at a time.
fn average(active: f64, window: f64, secs: f64) -> f64 {
    let rush = (secs.min(RUSH.1) - RUSH.0).max(0.0);
    let top = load_average(BEFORE, active, rush, window);
    load_average(top, BEFORE, (secs - RUSH.1).max(0.0), window)
}

fn show(knobs: &[f64]) -> Picture {
    let [running, disk] = taken(knobs);
    let active = running + disk;
    let times = || (0..=(END / STEP) as u32).map(|i| f64::from(i) * STEP);
    let line = |slug, window| Line {
        slug,
        points: times().map(|t| (t, average(active, window, t))).collect(),
        steps: false,
    };
    let cpu = (running / CORES).min(1.0);
    let cpu_at = |t: f64| {
        if t >= RUSH.0 && t < RUSH.1 {
            cpu
        } else {
            BEFORE / CORES
        }
    };
    let x = Axis::linear("time", Unit::Secs, 0.0, END);
    // Five minutes into the rush.
    let asked = RUSH.0 + 300.0;
    Picture {
        panels: vec![
            Panel::Lines(Lines {
                x,
                y: Axis::linear("cpu", Unit::Share, 0.0, 1.0),
                lines: vec![Line {
                    slug: "cpu",
                    points: times().map(|t| (t, cpu_at(t))).collect(),
                    steps: true,
                }],
                marks: Vec::new(),
                limits: Vec::new(),
            }),
            Panel::Lines(Lines {
                x,
                y: Axis::linear("load", Unit::Plain, 0.0, (active * 1.1).max(CORES * 2.0)),
                lines: vec![line("m1", 60.0), line("m5", 300.0), line("m15", 900.0)],
                marks: Vec::new(),
                limits: vec![Limit {
                    slug: "cores",
                    value: Unit::Count.of(CORES),
                }],
            }),
        ],
        says: Says {
            case: if cpu < 1.0 && active > CORES {
                "disk"
            } else if active > CORES {
                "over"
            } else {
                "fits"
            },
            values: vec![
                ("cpu", Unit::Share.of(cpu)),
                ("active", Unit::Plain.of(active)),
                ("m1", Unit::Plain.of(average(active, 60.0, asked))),
                ("m15", Unit::Plain.of(average(active, 900.0, asked))),
                ("times", Unit::Times.of(active / CORES)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_stops_at_all_and_the_load_does_not() {
        let said = |running, disk| {
            let says = show(&[running, disk]).says;
            (says.case, says.values[0].1.number, says.values[2].1.number)
        };
        let (case, cpu, m1) = said(8.0, 0.0);
        assert_eq!((case, cpu), ("over", 1.0));
        // After five of its minutes nothing is left of what was before but e^-5.
        assert!((m1 - (8.0 - 7.5 * libm::exp(-5.0))).abs() < 1e-9);
        let (_, cpu, m1_double) = said(16.0, 0.0);
        assert!(cpu == 1.0 && m1_double > 1.9 * m1);
        // Waiting for a disk: the CPU idles, the load is high.
        let (case, cpu, m1) = said(0.5, 16.0);
        assert!(case == "disk" && cpu == 0.25 && m1 > 16.0);
        assert_eq!(said(1.0, 0.0).0, "fits");
    }
}
