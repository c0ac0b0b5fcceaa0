//! Rows that a search looks at, condition by condition, without an index and with one that fits.

use archplay_theory::rows_examined;

use crate::picture::{Bar, Bars, Knob, Panel, Picture, Says, Tone, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

const LIMIT: f64 = 20.0;
/// CPU seconds a row.
const ROW_SECS: f64 = 1e-6;
/// The searches of session 6: the share that fits, and the share that the composite index (category, brand,
/// color, size, price) leads to.
const SEARCHES: [(f64, f64); 5] = [
    (0.1, 0.1),
    (0.005, 0.005),
    (0.001_5, 0.005),
    (0.000_15, 0.000_5),
    (0.000_03, 0.000_03),
];

pub(crate) const FIGURE: Figure = Figure {
    slug: "scan",
    knobs: &[
        Knob {
            slug: "conditions",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 3.0, 4.0, 5.0],
            start: 3,
        },
        Knob {
            slug: "rows",
            unit: Unit::Count,
            stops: &[10_000.0, 100_000.0, 500_000.0, 1e6, 5e6, 2e7],
            start: 2,
        },
    ],
    show,
};

fn show(knobs: &[f64]) -> Picture {
    let [conditions, rows] = taken(knobs);
    let chosen = (conditions as usize).clamp(1, SEARCHES.len());
    let scan = |fitting: f64| rows_examined(rows, 1.0, fitting, LIMIT);
    let scale = Axis::log("examined", Unit::Count, 1.0, 2e7);
    let bars = (1_u32..).zip(SEARCHES).map(|(n, (fitting, _))| Bar {
        slug: "scan",
        n: Some(Unit::Count.of(f64::from(n))),
        value: Unit::Count.of(scale.cut(libm::round(scan(fitting)))),
        tone: if n as usize == chosen {
            Tone::Bad
        } else {
            Tone::Plain
        },
    });
    let (fitting, within) = SEARCHES[chosen - 1];
    let (scanned, indexed) = (scan(fitting), rows_examined(rows, within, fitting, LIMIT));
    let mut bars: Vec<Bar> = bars.collect();
    bars.insert(
        chosen,
        Bar {
            slug: "index",
            n: Some(Unit::Count.of(conditions)),
            value: Unit::Count.of(scale.cut(libm::round(indexed))),
            tone: Tone::Good,
        },
    );
    Picture {
        panels: vec![Panel::Bars(Bars {
            scale,
            bars,
            limit: None,
        })],
        says: Says {
            case: if scanned >= rows { "whole" } else { "result" },
            values: vec![
                ("n", Unit::Count.of(conditions)),
                ("fitting", Unit::Share.of(fitting)),
                ("rows", Unit::Count.of(rows)),
                ("scanned", Unit::Count.of(libm::round(scanned))),
                ("indexed", Unit::Count.of(libm::round(indexed))),
                ("cpu", Unit::Secs.of(scanned * ROW_SECS)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lessons_table() {
        let expected = [
            (200.0, 20.0),
            (4_000.0, 20.0),
            (13_333.0, 67.0),
            (133_333.0, 67.0),
            (500_000.0, 15.0),
        ];
        for (n, (scanned, indexed)) in (1..).zip(expected) {
            let says = show(&[f64::from(n), 500_000.0]).says;
            let of = |i: usize| says.values[i].1.number;
            assert_eq!((of(3), of(4)), (scanned, indexed), "{n}");
        }
        assert_eq!(show(&[5.0, 500_000.0]).says.case, "whole");
    }
}
