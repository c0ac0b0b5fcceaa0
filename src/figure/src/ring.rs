//! One node more: how many keys move by hash mod N, and how many on the engine's ring.

use archplay_kernel::{mix, ring};

use crate::picture::{Bar, Bars, Knob, Panel, Picture, Says, Tone, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

/// Keys that are really placed.
const KEYS: u64 = 2_000;

pub(crate) const FIGURE: Figure = Figure {
    slug: "ring",
    knobs: &[Knob {
        slug: "nodes",
        unit: Unit::Count,
        stops: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0],
        start: 3,
    }],
    show,
};

/// The share of the keys that another node has once there is one more.
fn moved(nodes: u32, owner: impl Fn(u64, u32) -> u64) -> f64 {
    let moves = (0..KEYS).filter(|key| owner(*key, nodes) != owner(*key, nodes + 1));
    moves.count() as f64 / KEYS as f64
}

fn show(knobs: &[f64]) -> Picture {
    let [nodes] = taken(knobs);
    let count = nodes as u32;
    let modulo = moved(count, |key, nodes| mix(key, 0) % u64::from(nodes.max(1)));
    let on_ring = moved(count, ring::owner);
    let next = nodes + 1.0;
    let bar = |slug, share: f64, tone| Bar {
        slug,
        n: None,
        value: Unit::Share.of(share),
        tone,
    };
    Picture {
        panels: vec![Panel::Bars(Bars {
            scale: Axis::linear("moved", Unit::Share, 0.0, 1.0),
            bars: vec![
                bar("modulo", modulo, Tone::Bad),
                bar("modulo_theory", nodes / next, Tone::Plain),
                bar("ring", on_ring, Tone::Good),
                bar("ring_theory", 1.0 / next, Tone::Plain),
            ],
            limit: None,
        })],
        says: Says {
            case: "result",
            values: vec![
                ("before", Unit::Count.of(nodes)),
                ("after", Unit::Count.of(next)),
                ("modulo", Unit::Share.of(modulo)),
                ("ring", Unit::Share.of(on_ring)),
                ("keys", Unit::Count.of(KEYS as f64)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_near_what_theory_says() {
        for nodes in [1.0, 4.0, 9.0, 15.0] {
            let says = show(&[nodes]).says;
            let of = |i: usize| says.values[i].1.number;
            assert!(
                (of(2) - nodes / (nodes + 1.0)).abs() < 0.04,
                "{nodes}: {}",
                of(2)
            );
            assert!(
                (of(3) - 1.0 / (nodes + 1.0)).abs() < 0.08,
                "{nodes}: {}",
                of(3)
            );
        }
    }
}
