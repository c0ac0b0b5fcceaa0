//! An alarm on a metric: how often it looks, how many samples have to breach, and what silence counts as.
//! Judged by the same window as the engine's monitor.

use archplay_kernel::{AlarmState, AlarmWindow, MissingSample};

use crate::picture::{
    Knob, Lane, Lanes, Limit, Line, Lines, Panel, Picture, Says, Span, Tone, Unit,
};
use crate::scale::Axis;
use crate::{Figure, taken};

const THRESHOLD: f64 = 0.8;
/// The metric is known every ten seconds.
const STEP_SECS: f64 = 10.0;
/// A short rush that nobody needs to be woken for: from, to, in seconds.
const RUSH: (f64, f64) = (300.0, 340.0);
/// The trouble that the alarm is for.
const TROUBLE: (f64, f64) = (720.0, 1_260.0);
/// From here on the server is dead and says nothing.
const DEAD: f64 = 1_560.0;
const END: f64 = 2_400.0;

/// M and N of the stops.
const RULES: [(usize, usize); 5] = [(1, 1), (2, 2), (2, 3), (3, 3), (3, 5)];
const MISSING: [MissingSample; 4] = [
    MissingSample::Stays,
    MissingSample::Breaching,
    MissingSample::NotBreaching,
    MissingSample::Ignore,
];

pub(crate) const FIGURE: Figure = Figure {
    slug: "alarm",
    knobs: &[
        Knob {
            slug: "period",
            unit: Unit::Secs,
            stops: &[10.0, 30.0, 60.0, 120.0, 300.0],
            start: 2,
        },
        Knob {
            slug: "rule",
            unit: Unit::Word(&["m1n1", "m2n2", "m2n3", "m3n3", "m3n5"]),
            stops: &[0.0, 1.0, 2.0, 3.0, 4.0],
            start: 3,
        },
        Knob {
            slug: "missing",
            unit: Unit::Word(&["missing", "breaching", "not_breaching", "ignore"]),
            stops: &[0.0, 1.0, 2.0, 3.0],
            start: 0,
        },
    ],
    show,
};

/// The metric at a time; `None` when nobody tells it.
fn metric(secs: f64) -> Option<f64> {
    let within = |(from, to): (f64, f64)| secs >= from && secs < to;
    if secs >= DEAD {
        return None;
    }
    // It never stands quite still.
    let wave = 0.06 * libm::sin(secs / 47.0) + 0.03 * libm::sin(secs / 13.0);
    Some(if within(RUSH) {
        0.98
    } else if within(TROUBLE) {
        0.93 + wave / 2.0
    } else {
        0.45 + wave
    })
}

/// Each sample: when it is judged, and the mean of its period.
fn samples(period: f64) -> Vec<(f64, Option<f64>)> {
    let each = (period / STEP_SECS) as usize;
    let known: Vec<Option<f64>> = (0..(END / STEP_SECS) as usize)
        .map(|i| metric(i as f64 * STEP_SECS))
        .collect();
    known
        .chunks_exact(each.max(1))
        .enumerate()
        .map(|(i, part)| {
            let here: Vec<f64> = part.iter().copied().flatten().collect();
            let mean = (!here.is_empty()).then(|| here.iter().sum::<f64>() / here.len() as f64);
            ((i + 1) as f64 * period, mean)
        })
        .collect()
}

fn span(state: AlarmState, from: f64, to: f64) -> Span {
    let (slug, tone) = match state {
        AlarmState::Insufficient => ("insufficient", Tone::Empty),
        AlarmState::Fine => ("fine", Tone::Good),
        AlarmState::Alarm => ("alarm", Tone::Bad),
    };
    Span {
        slug,
        from,
        to,
        tone,
    }
}

fn show(knobs: &[f64]) -> Picture {
    let [period, rule, missing] = taken(knobs);
    let (datapoints, of) = RULES.get(rule as usize).copied().unwrap_or((1, 1));
    let missing = MISSING
        .get(missing as usize)
        .copied()
        .unwrap_or(MissingSample::Stays);
    let samples = samples(period);
    let mut window = AlarmWindow::new(datapoints, of, missing);
    let (mut state, mut since) = (AlarmState::Insufficient, 0.0);
    let mut spans = Vec::new();
    let mut raised = Vec::new();
    for (at, value) in &samples {
        let next = window
            .push(value.map(|value| value > THRESHOLD))
            .unwrap_or(state);
        if next != state {
            spans.push(span(state, since, *at));
            (state, since) = (next, *at);
            if next == AlarmState::Alarm {
                raised.push(*at);
            }
        }
    }
    spans.push(span(state, since, END));
    let seen = samples
        .iter()
        .filter_map(|(at, value)| Some((*at, (*value)?)));
    let x = Axis::linear("time", Unit::Secs, 0.0, END);
    let steps: Vec<(f64, f64)> = (0..(DEAD / STEP_SECS) as usize)
        .filter_map(|i| {
            let at = i as f64 * STEP_SECS;
            Some((at, metric(at)?))
        })
        .collect();
    let from = |begin: f64, end: f64| raised.iter().find(|at| **at >= begin && **at < end);
    // What began before the trouble was for the rush.
    let false_alarm = from(0.0, TROUBLE.0).is_some();
    let found = from(TROUBLE.0, DEAD).map(|at| at - TROUBLE.0);
    let dead = from(DEAD, END + 1.0).map(|at| at - DEAD);
    let case = match (found, dead) {
        (Some(_), Some(_)) => "both",
        (Some(_), None) => "no_dead",
        (None, Some(_)) => "no_trouble",
        (None, None) => "none",
    };
    let false_word = Unit::Word(&["quiet", "woken"]).of(f64::from(u8::from(false_alarm)));
    Picture {
        panels: vec![
            Panel::Lines(Lines {
                x,
                y: Axis::linear("cpu", Unit::Share, 0.0, 1.0),
                lines: vec![
                    Line {
                        slug: "metric",
                        points: steps,
                        steps: false,
                    },
                    Line {
                        slug: "seen",
                        points: seen.collect(),
                        steps: true,
                    },
                ],
                marks: Vec::new(),
                limits: vec![Limit {
                    slug: "threshold",
                    value: Unit::Share.of(THRESHOLD),
                }],
            }),
            Panel::Lanes(Lanes {
                x,
                lanes: vec![Lane {
                    slug: "state",
                    spans,
                }],
            }),
        ],
        says: Says {
            case,
            values: vec![
                ("found", Unit::Secs.of(found.unwrap_or(0.0))),
                ("dead", Unit::Secs.of(dead.unwrap_or(0.0))),
                ("rush", false_word),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(period: f64, rule: f64, missing: f64) -> (&'static str, f64, f64, f64) {
        let says = show(&[period, rule, missing]).says;
        let of = |i: usize| says.values[i].1.number;
        (says.case, of(0), of(1), of(2))
    }

    #[test]
    fn period_and_rule_say_how_soon() {
        // The lecture's table: 15 min, 3 min, 30 s, 10 s; the period has to be over.
        assert_eq!(said(60.0, 3.0, 0.0), ("no_dead", 180.0, 0.0, 0.0));
        assert_eq!(said(10.0, 3.0, 1.0), ("both", 30.0, 30.0, 1.0));
        assert_eq!(said(10.0, 0.0, 1.0), ("both", 10.0, 10.0, 1.0));
        // Three periods of five minutes do not fit into nine minutes of trouble.
        assert_eq!(said(300.0, 3.0, 0.0).0, "none");
        // In a mean of five minutes the rush is not to be seen; in one of ten seconds it is.
        assert_eq!(said(300.0, 0.0, 0.0).3, 0.0);
        assert_eq!(said(10.0, 0.0, 0.0).3, 1.0);
    }

    #[test]
    fn silence_is_only_heard_by_those_who_count_it() {
        for missing in [0.0, 2.0, 3.0] {
            assert_eq!(said(60.0, 3.0, missing).0, "no_dead");
        }
        assert_eq!(said(60.0, 3.0, 1.0), ("both", 180.0, 180.0, 0.0));
    }
}
