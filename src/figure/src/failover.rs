//! A region is gone: how long until DNS has led everybody away.

use archplay_theory::DnsFailover;

use crate::picture::{Knob, Lane, Lanes, Line, Lines, Panel, Picture, Says, Span, Tone, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

/// The outage of session 5, in seconds.
const OUTAGE: f64 = 84.0 * 60.0;
const POINTS: u32 = 80;

pub(crate) const FIGURE: Figure = Figure {
    slug: "failover",
    knobs: &[
        Knob {
            slug: "interval",
            unit: Unit::Secs,
            stops: &[10.0, 30.0, 60.0],
            start: 1,
        },
        Knob {
            slug: "threshold",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 3.0, 5.0, 10.0],
            start: 2,
        },
        Knob {
            slug: "ttl",
            unit: Unit::Secs,
            stops: &[0.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3_600.0],
            start: 3,
        },
    ],
    show,
};

fn show(knobs: &[f64]) -> Picture {
    let [interval, threshold, ttl] = taken(knobs);
    let dns = DnsFailover {
        interval,
        threshold: threshold as u32,
        probe_timeout: 0.0,
        ttl,
    };
    let detect = interval * threshold;
    let end = (dns.max() * 1.05).max(120.0);
    let x = Axis::linear("time", Unit::Secs, 0.0, end);
    // The time by which each share is back, read the other way round.
    let mut points = vec![(0.0, 1.0)];
    points.extend((0..=POINTS).map(|i| {
        let back = f64::from(i) / f64::from(POINTS);
        (
            x.cut(dns.quantile(back.clamp(1e-6, 1.0 - 1e-6))),
            1.0 - back,
        )
    }));
    points.push((end, 0.0));
    let span = |slug, from: f64, to: f64, tone| Span {
        slug,
        from,
        to: to.min(end),
        tone,
    };
    Picture {
        panels: vec![
            Panel::Lines(Lines {
                x,
                y: Axis::linear("away", Unit::Share, 0.0, 1.0),
                lines: vec![Line {
                    slug: "away",
                    points,
                    steps: false,
                }],
                marks: Vec::new(),
                limits: Vec::new(),
            }),
            Panel::Lanes(Lanes {
                x,
                lanes: vec![Lane {
                    slug: "worst",
                    spans: vec![
                        span("detect", 0.0, detect, Tone::Bad),
                        span("ttl", detect, detect + ttl, Tone::Strong),
                        span("back", detect + ttl, end, Tone::Good),
                    ],
                }],
            }),
        ],
        says: Says {
            case: "result",
            values: vec![
                ("detect", Unit::Secs.of(detect)),
                ("ttl", Unit::Secs.of(ttl)),
                ("half", Unit::Secs.of(dns.quantile(0.5))),
                ("worst", Unit::Secs.of(dns.max())),
                ("share", Unit::Share.of(dns.max() / OUTAGE)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lectures_worst_cases() {
        for (interval, ttl, worst) in [
            (30.0, 60.0, 150.0),
            (10.0, 60.0, 90.0),
            (30.0, 300.0, 390.0),
            (30.0, 3_600.0, 3_690.0),
        ] {
            let says = show(&[interval, 3.0, ttl]).says;
            assert_eq!(says.values[3].1.number, worst);
        }
    }
}
