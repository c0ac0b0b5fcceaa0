//! A place in a waiting room: how long it takes, and what somebody loses who loads the page anew.

use archplay_theory::WaitingLine;

use crate::picture::{Knob, Line, Lines, Mark, Panel, Picture, Says, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

/// The place on the lecture's slide.
const PLACE: f64 = 172_573.0;
/// Those who come behind, per second.
const BEHIND: f64 = 60.0;
const POINTS: u32 = 60;

pub(crate) const FIGURE: Figure = Figure {
    slug: "waiting",
    knobs: &[
        Knob {
            slug: "admitted",
            unit: Unit::PerSec,
            stops: &[20.0, 40.0, 60.0, 80.0, 120.0, 160.0, 240.0, 400.0, 800.0],
            start: 3,
        },
        Knob {
            slug: "renewed",
            unit: Unit::Secs,
            stops: &[0.0, 60.0, 180.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0],
            start: 4,
        },
    ],
    show,
};

fn show(knobs: &[f64]) -> Picture {
    let [admitted, renewed] = taken(knobs);
    let line = WaitingLine {
        ahead: PLACE,
        admitted,
        behind: BEHIND,
    };
    let (keeps, goes) = (line.wait(), line.wait_when_renewed(renewed));
    let x = Axis::linear("time", Unit::Secs, 0.0, goes.max(keeps) * 1.02);
    let y = Axis::linear("place", Unit::Count, 0.0, 200_000.0);
    let loses = goes > keeps;
    let mut lines = vec![Line {
        slug: "keeps",
        points: vec![(0.0, PLACE), (keeps, 0.0)],
        steps: false,
    }];
    let mut marks = vec![Mark {
        line: 0,
        x: keeps,
        y: 0.0,
        value: Unit::Secs.of(keeps),
    }];
    if loses {
        let times = (0..=POINTS).map(|i| goes * f64::from(i) / f64::from(POINTS));
        let mut points: Vec<(f64, f64)> = times
            .map(|time| (time, y.cut(line.place(time, Some(renewed)))))
            .collect();
        // The jump itself.
        points.push((renewed, y.cut(line.place(renewed, None))));
        points.push((renewed, y.cut(line.place(renewed, Some(renewed)))));
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        lines.push(Line {
            slug: "renews",
            points,
            steps: false,
        });
        marks.push(Mark {
            line: 1,
            x: goes,
            y: 0.0,
            value: Unit::Secs.of(goes),
        });
    }
    Picture {
        panels: vec![Panel::Lines(Lines {
            x,
            y,
            lines,
            marks,
            limits: Vec::new(),
        })],
        says: Says {
            case: if loses {
                "loses"
            } else if renewed > 0.0 {
                "inside"
            } else {
                "keeps"
            },
            values: vec![
                ("place", Unit::Count.of(PLACE)),
                ("rate", Unit::Count.of(admitted)),
                ("wait", Unit::Secs.of(keeps)),
                ("after", Unit::Secs.of(renewed)),
                ("came", Unit::Count.of(BEHIND * renewed)),
                ("more", Unit::Secs.of(goes - keeps)),
                ("total", Unit::Secs.of(goes)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_six_minutes_at_eighty_a_second() {
        let says = show(&[80.0, 600.0]).says;
        let of = |name| {
            says.values
                .iter()
                .find(|(n, _)| *n == name)
                .unwrap()
                .1
                .number
        };
        assert_eq!(says.case, "loses");
        assert_eq!((of("wait") / 60.0).round(), 36.0);
        assert_eq!((of("came"), of("more")), (36_000.0, 450.0));
        assert_eq!(show(&[80.0, 0.0]).says.case, "keeps");
        assert_eq!(show(&[800.0, 600.0]).says.case, "inside");
    }
}
