//! Connections: what pools open, what is in use, and what the database allows.

use archplay_theory::little_number;

use crate::picture::{Bar, Bars, Knob, Limit, Panel, Picture, Says, Tone, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

/// RDS for MySQL: bytes of memory for each connection that is allowed by default.
const BYTES_EACH: f64 = 12_582_880.0;
const GIB: f64 = 1_073_741_824.0;
/// The database of session 4.
const MEMORY_GIB: f64 = 2.0;
/// Pages of session 4 that need a slow query, per second.
const RATE: f64 = 48.0;

pub(crate) const FIGURE: Figure = Figure {
    slug: "pool",
    knobs: &[
        Knob {
            slug: "servers",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 17.0, 18.0, 20.0, 24.0, 32.0],
            start: 9,
        },
        Knob {
            slug: "each",
            unit: Unit::Count,
            stops: &[2.0, 5.0, 7.0, 10.0, 15.0, 20.0, 50.0],
            start: 3,
        },
        Knob {
            slug: "query",
            unit: Unit::Secs,
            stops: &[0.01, 0.05, 0.15, 0.5, 1.0, 2.0, 4.0, 8.0],
            start: 2,
        },
    ],
    show,
};

/// The default limit of a MySQL on RDS with so much memory.
fn allowed(gib: f64) -> f64 {
    libm::floor(gib * GIB / BYTES_EACH)
}

fn show(knobs: &[f64]) -> Picture {
    let [servers, each, query] = taken(knobs);
    let open = servers * each;
    let used = little_number(RATE, query);
    let limit = allowed(MEMORY_GIB);
    let tone = |count: f64| {
        if count > limit {
            Tone::Bad
        } else {
            Tone::Plain
        }
    };
    let bar = |slug, count: f64| Bar {
        slug,
        n: None,
        value: Unit::Count.of(count),
        tone: tone(count),
    };
    let top = open.max(used).max(limit) * 1.1;
    let case = match (open > limit, used > open.min(limit)) {
        (true, true) => "both",
        (true, false) => "hidden",
        (false, true) => "waits",
        (false, false) => "fits",
    };
    Picture {
        panels: vec![Panel::Bars(Bars {
            scale: Axis::linear("connections", Unit::Count, 0.0, top),
            bars: vec![bar("open", open), bar("used", used)],
            limit: Some(Limit {
                slug: "allowed",
                value: Unit::Count.of(limit),
            }),
        })],
        says: Says {
            case,
            values: vec![
                ("servers", Unit::Count.of(servers)),
                ("each", Unit::Count.of(each)),
                ("open", Unit::Count.of(open)),
                ("limit", Unit::Count.of(limit)),
                ("used", Unit::Count.of(libm::ceil(used - 1e-9))),
                ("query", Unit::Secs.of(query)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lectures_limits() {
        for (gib, limit) in [
            (1.0, 85.0),
            (2.0, 170.0),
            (4.0, 341.0),
            (8.0, 682.0),
            (16.0, 1_365.0),
        ] {
            assert_eq!(allowed(gib), limit);
        }
        let said = |servers, each, query| {
            let says = show(&[servers, each, query]).says;
            (says.case, says.values[2].1.number, says.values[4].1.number)
        };
        assert_eq!(said(24.0, 10.0, 0.15), ("hidden", 240.0, 8.0));
        assert_eq!(said(24.0, 10.0, 4.0), ("both", 240.0, 192.0));
        assert_eq!(said(8.0, 10.0, 0.15).0, "fits");
        assert_eq!(said(8.0, 10.0, 4.0).0, "waits");
    }
}
