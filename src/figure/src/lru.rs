//! How much of Zipf's law fits into an LRU cache, by Che's approximation.

use archplay_theory::ZipfGroups;

use crate::picture::{Knob, Line, Lines, Mark, Panel, Picture, Says, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

const KEYS: usize = 100_000;

pub(crate) const FIGURE: Figure = Figure {
    slug: "lru",
    knobs: &[
        Knob {
            slug: "size",
            unit: Unit::Share,
            stops: &[
                0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.72, 0.85, 1.0,
            ],
            start: 5,
        },
        Knob {
            slug: "alpha",
            unit: Unit::Plain,
            stops: &[0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2],
            start: 2,
        },
    ],
    show,
};

fn show(knobs: &[f64]) -> Picture {
    let [size, alpha] = taken(knobs);
    let keys = KEYS as f64;
    let law = ZipfGroups::new(alpha, KEYS);
    let hit = law.lru_hit_ratio(size * keys);
    // From hardly anything to nearly everything: the time that an entry stays.
    let times = (0..=60).map(|i| libm::pow(10.0, f64::from(i) / 10.0 + 1.5));
    let mut points = vec![(0.0, 0.0)];
    points.extend(times.map(|time| {
        let (entries, ratio) = law.lru_at(time);
        ((entries / keys).min(1.0), ratio.min(1.0))
    }));
    points.push((1.0, 1.0));
    let y = Axis::linear("hit", Unit::Share, 0.0, 1.0);
    Picture {
        panels: vec![Panel::Lines(Lines {
            x: Axis::linear("size", Unit::Share, 0.0, 1.0),
            y,
            lines: vec![
                Line {
                    slug: "lru",
                    points,
                    steps: false,
                },
                Line {
                    slug: "even",
                    points: vec![(0.0, 0.0), (1.0, 1.0)],
                    steps: false,
                },
            ],
            marks: vec![Mark {
                line: 0,
                x: size,
                y: y.cut(hit),
                value: Unit::Share.of(hit),
            }],
            limits: Vec::new(),
        })],
        says: Says {
            case: if size >= 1.0 { "all" } else { "result" },
            values: vec![
                ("alpha", Unit::Plain.of(alpha)),
                ("size", Unit::Share.of(size)),
                ("entries", Unit::Count.of(size * keys)),
                ("hit", Unit::Share.of(hit)),
                ("miss", Unit::Share.of(1.0 - hit)),
                ("first", Unit::Share.of(law.share_of_first(100.0))),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lectures_table() {
        let hit = |size, alpha| show(&[size, alpha]).says.values[3].1.number;
        for (size, alpha, wanted) in [
            (0.01, 0.8, 0.20),
            (0.05, 0.8, 0.37),
            (0.1, 0.8, 0.47),
            (0.2, 1.0, 0.81),
            (0.5, 1.0, 0.92),
            // Nine of ten hits take nearly three quarters of all keys.
            (0.72, 0.8, 0.90),
        ] {
            let found = hit(size, alpha);
            assert!((found - wanted).abs() < 0.006, "{size} {alpha}: {found}");
        }
        assert_eq!(hit(1.0, 0.6), 1.0);
    }
}
