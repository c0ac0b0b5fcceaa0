//! Retries in several layers: each multiplies what the one below it gets.

use archplay_theory::calls_of_layers;

use crate::picture::{Bar, Bars, Knob, Panel, Picture, Says, Tone, Unit};
use crate::scale::Axis;
use crate::{Figure, taken};

pub(crate) const FIGURE: Figure = Figure {
    slug: "retries",
    knobs: &[
        Knob {
            slug: "tries",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 3.0, 4.0, 5.0],
            start: 2,
        },
        Knob {
            slug: "layers",
            unit: Unit::Count,
            stops: &[1.0, 2.0, 3.0, 4.0, 5.0],
            start: 4,
        },
    ],
    show,
};

fn show(knobs: &[f64]) -> Picture {
    let [tries, layers] = taken(knobs);
    let calls = |layer: u32| calls_of_layers(tries as u32, layer);
    let layers = layers as u32;
    let bars = (1..=layers).map(|layer| Bar {
        slug: if layer == layers { "last" } else { "layer" },
        n: Some(Unit::Count.of(f64::from(layer))),
        value: Unit::Count.of(calls(layer)),
        tone: if layer == layers {
            Tone::Bad
        } else {
            Tone::Plain
        },
    });
    let alone = calls(1);
    Picture {
        panels: vec![Panel::Bars(Bars {
            scale: Axis::log("calls", Unit::Count, 0.5, 5_000.0),
            bars: bars.collect(),
            limit: None,
        })],
        says: Says {
            case: "result",
            values: vec![
                ("n", Unit::Count.of(f64::from(layers))),
                ("tries", Unit::Count.of(tries)),
                ("times", Unit::Times.of(calls(layers))),
                ("alone", Unit::Times.of(alone)),
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_tries_in_five_layers() {
        let says = show(&[3.0, 5.0]).says;
        assert_eq!(
            (says.values[2].1.number, says.values[3].1.number),
            (243.0, 3.0)
        );
    }
}
