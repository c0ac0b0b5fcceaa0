//! Identifiers: keys that are a millisecond, and the bits of a Snowflake.

use archplay_theory::MsKeys;

use crate::picture::{Bits, Field, Knob, Line, Lines, Mark, Panel, Picture, Says, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

const DAY_SECS: f64 = 86_400.0;
const YEAR_MS: f64 = 365.25 * DAY_SECS * 1e3;
/// The least probability on the axis.
const LEAST: f64 = 1e-6;

pub(crate) const COLLISIONS: Figure = Figure {
    slug: "mskeys",
    knobs: &[
        Knob {
            slug: "rate",
            unit: Unit::PerSec,
            stops: &[
                1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0,
            ],
            start: 5,
        },
        Knob {
            slug: "bits",
            unit: Unit::Count,
            stops: &[0.0, 1.0, 2.0, 3.0, 4.0, 8.0, 10.0, 16.0, 20.0, 32.0],
            start: 0,
        },
    ],
    show: collisions,
};

/// The probability that a key is somebody else's too. Random bits share the arrivals of a millisecond out
/// among 2ᵇ lots, each with its own Poisson stream.
fn shared(rate: f64, bits: f64) -> f64 {
    let lots = libm::exp2(bits);
    let keys = MsKeys {
        rate: rate / lots,
        random_bits: 0,
    };
    keys.shared()
}

fn collisions(knobs: &[f64]) -> Picture {
    let [rate, bits] = taken(knobs);
    let x = Axis::log("rate", Unit::Count, 1.0, 2_000.0);
    let y = Axis::log("shared", Unit::Share, LEAST, 1.0);
    let line = |slug, bits| Line {
        slug,
        points: (0..=33)
            .map(|i| x.cut(libm::pow(10.0, f64::from(i) / 10.0)))
            .map(|rate| (rate, y.cut(shared(rate, bits))))
            .collect(),
        steps: false,
    };
    let mut lines = vec![line("plain", 0.0)];
    if bits > 0.0 {
        lines.push(line("random", bits));
    }
    let chance = shared(rate, bits);
    let a_day = rate * DAY_SECS * chance;
    Picture {
        panels: vec![Panel::Lines(Lines {
            x,
            y,
            marks: vec![Mark {
                line: lines.len() - 1,
                x: rate,
                y: y.cut(chance),
                value: Unit::Share.of(chance),
            }],
            lines,
            limits: Vec::new(),
        })],
        says: Says {
            case: match (bits > 0.0, a_day < 1.0) {
                (false, _) => "plain",
                (true, false) => "random",
                (true, true) => "seldom",
            },
            values: vec![
                ("rate", Unit::Count.of(rate)),
                ("bits", Unit::Count.of(bits)),
                ("chance", Unit::Share.of(chance)),
                ("day", Unit::Count.of(libm::round(a_day))),
                ("days", Unit::Count.of(libm::round(1.0 / a_day))),
                ("lots", Unit::Count.of(libm::exp2(bits))),
            ],
        },
    }
}

pub(crate) const SNOWFLAKE: Figure = Figure {
    slug: "snowflake",
    knobs: &[
        Knob {
            slug: "time",
            unit: Unit::Count,
            stops: &[37.0, 38.0, 39.0, 40.0, 41.0, 42.0, 43.0, 44.0],
            start: 4,
        },
        Knob {
            slug: "machine",
            unit: Unit::Count,
            stops: &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0],
            start: 5,
        },
    ],
    show: snowflake,
};

fn snowflake(knobs: &[f64]) -> Picture {
    let [time, machine] = taken(knobs);
    let sequence = 63.0 - time - machine;
    let (years, machines, each) = (
        libm::exp2(time) / YEAR_MS,
        libm::exp2(machine),
        libm::exp2(sequence),
    );
    let field = |slug, bits: f64, holds| Field {
        slug,
        bits: bits as u32,
        holds,
    };
    Picture {
        panels: vec![Panel::Bits(Bits {
            fields: vec![
                field("sign", 1.0, Unit::Count.of(0.0)),
                field("time", time, Unit::Years.of(years)),
                field("machine", machine, Unit::Count.of(machines)),
                field("sequence", sequence, Unit::Count.of(each)),
            ],
        })],
        says: Says {
            case: "result",
            values: vec![
                ("years", Unit::Years.of(years)),
                ("machines", Unit::Count.of(machines)),
                ("each", Unit::Count.of(each)),
                ("all", Unit::Count.of(machines * each * 1e3)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_kernel::{IdGenerator, IdScheme, Issued, Stream};

    #[test]
    fn the_lectures_collisions() {
        for (rate, percent, a_day) in [
            (1.0, 0.1, 86.0),
            (10.0, 1.0, 8_600.0),
            (100.0, 9.5, 822_000.0),
            (1_000.0, 63.2, 54_610_000.0),
        ] {
            let chance = shared(rate, 0.0);
            assert!((chance * 100.0 - percent).abs() < 0.05, "{rate}: {chance}");
            let day = rate * DAY_SECS * chance;
            assert!((day / a_day - 1.0).abs() < 0.01, "{rate}: {day}");
        }
        // Three bits: an eighth as many, as long as there are few.
        assert!((shared(1.0, 0.0) / shared(1.0, 3.0) - 8.0).abs() < 0.01);
    }

    #[test]
    fn the_engine_makes_ids_of_the_same_bits() {
        let says = snowflake(&[41.0, 10.0]).says;
        let of = |i: usize| says.values[i].1.number;
        assert!((of(0) - 69.7).abs() < 0.05);
        assert_eq!((of(1), of(2)), (1_024.0, 4_096.0));
        assert_eq!(of(3), 4_194_304_000.0);
        let scheme = IdScheme::Snowflake {
            machine: 0,
            repeats: false,
        };
        let mut generator = IdGenerator::new(scheme);
        let mut stream = Stream::new(1);
        let made = (0..5_000)
            .filter(|_| matches!(generator.next(7_000_000, &mut stream), Issued::Id(_)))
            .count();
        assert_eq!(made as f64, of(2));
    }
}
