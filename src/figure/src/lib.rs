//! The figures of the lessons: each has one or a few knobs, and what is drawn and said follows from where
//! they stand, by the closed forms of `archplay-theory` and the parts of the kernel. Nothing is drawn by hand.
//!
//! Must not live here: words (they are `figure.*` in the locales), how a picture looks on the page.

mod alarm;
mod failover;
mod ids;
mod knee;
mod layers;
mod load;
mod lru;
mod nines;
mod picture;
mod pool;
mod ring;
mod scale;
mod scan;
mod waiting;

pub use picture::{
    Bar, Bars, Bits, Field, Knob, Lane, Lanes, Limit, Line, Lines, Mark, Panel, Picture, Says,
    Span, Tone, Unit, Value,
};
pub use scale::Axis;

/// A figure: its knobs and what they lead to.
#[derive(Debug)]
pub struct Figure {
    /// The name in lessons and text keys.
    pub slug: &'static str,
    /// What can be turned.
    pub knobs: &'static [Knob],
    show: fn(&[f64]) -> Picture,
}

impl Figure {
    /// The places of all knobs at the beginning.
    #[must_use]
    pub fn start(&self) -> Vec<usize> {
        self.knobs.iter().map(|knob| knob.start).collect()
    }

    /// What is to be seen with the knobs at these places; one that is missing or beyond its end stands at the
    /// beginning or at its end.
    #[must_use]
    pub fn picture(&self, places: &[usize]) -> Picture {
        let values: Vec<f64> = self
            .knobs
            .iter()
            .enumerate()
            .map(|(i, knob)| knob.value(places.get(i).copied().unwrap_or(knob.start)))
            .collect();
        (self.show)(&values)
    }
}

/// All figures, in the order of the sessions.
pub static FIGURES: [Figure; 13] = [
    nines::FIGURE,
    waiting::FIGURE,
    alarm::FIGURE,
    load::FIGURE,
    knee::FIGURE,
    layers::FIGURE,
    pool::FIGURE,
    lru::FIGURE,
    failover::FIGURE,
    ids::COLLISIONS,
    ids::SNOWFLAKE,
    scan::FIGURE,
    ring::FIGURE,
];

/// Finds a figure by its name.
#[must_use]
pub fn find(slug: &str) -> Option<&'static Figure> {
    FIGURES.iter().find(|figure| figure.slug == slug)
}

/// The values of the knobs, for the figures' own files: a missing one is 0, which only a mistake in a
/// figure's own list can make.
fn taken<const N: usize>(values: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| values.get(i).copied().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every place of every knob, the others at their beginning.
    fn each(figure: &Figure, mut see: impl FnMut(&[usize], Picture)) {
        for (i, knob) in figure.knobs.iter().enumerate() {
            for place in 0..knob.stops.len() {
                let mut places = figure.start();
                places[i] = place;
                see(&places, figure.picture(&places));
            }
        }
    }

    #[test]
    fn names_are_plain_and_differ() {
        for (i, figure) in FIGURES.iter().enumerate() {
            assert!(figure.slug.chars().all(|c| c.is_ascii_lowercase()));
            assert!(FIGURES[..i].iter().all(|other| other.slug != figure.slug));
            assert!(!figure.knobs.is_empty() && figure.knobs.len() <= 3);
            assert!(
                figure
                    .knobs
                    .iter()
                    .all(|knob| knob.start < knob.stops.len())
            );
            assert!(std::ptr::eq(find(figure.slug).unwrap(), figure));
        }
        assert!(find("none").is_none());
    }

    #[test]
    fn whatever_is_turned_is_drawn_within_its_axes() {
        for figure in &FIGURES {
            each(figure, |places, picture| {
                let at = format!("{} {places:?}", figure.slug);
                assert!(
                    !picture.panels.is_empty() && !picture.says.values.is_empty(),
                    "{at}"
                );
                for (name, value) in &picture.says.values {
                    assert!(value.number.is_finite(), "{at}: {name}");
                }
                for panel in &picture.panels {
                    check(panel, &at);
                }
            });
        }
    }

    fn check(panel: &Panel, at: &str) {
        let inside = |axis: &Axis, value: f64| {
            assert!(value.is_finite(), "{at} {}", axis.slug);
            let place = axis.place(value);
            assert!((0.0..=1.0).contains(&place), "{at} {}: {value}", axis.slug);
        };
        match panel {
            Panel::Lines(lines) => {
                assert!(
                    lines.x.ticks().len() >= 2 && lines.y.ticks().len() >= 2,
                    "{at}"
                );
                for line in &lines.lines {
                    assert!(line.points.len() >= 2, "{at} {}", line.slug);
                    for (x, y) in &line.points {
                        inside(&lines.x, *x);
                        inside(&lines.y, *y);
                    }
                }
                assert!(lines.marks.iter().all(|m| m.line < lines.lines.len()));
            }
            Panel::Bars(bars) => {
                assert!(!bars.bars.is_empty(), "{at}");
                for bar in &bars.bars {
                    inside(&bars.scale, bar.value.number);
                }
            }
            Panel::Lanes(lanes) => {
                for span in lanes.lanes.iter().flat_map(|lane| &lane.spans) {
                    inside(&lanes.x, span.from);
                    assert!(span.to >= span.from && span.to <= lanes.x.to, "{at}");
                }
            }
            Panel::Bits(bits) => {
                assert_eq!(bits.fields.iter().map(|f| f.bits).sum::<u32>(), 64, "{at}");
            }
        }
    }

    #[test]
    fn the_same_places_give_the_same_picture_and_others_another() {
        for figure in &FIGURES {
            let start = figure.picture(&figure.start());
            assert_eq!(start, figure.picture(&[]), "{}", figure.slug);
            for (i, knob) in figure.knobs.iter().enumerate() {
                let mut places = figure.start();
                places[i] = if knob.start == 0 {
                    knob.stops.len() - 1
                } else {
                    0
                };
                assert_ne!(
                    start,
                    figure.picture(&places),
                    "{} {}",
                    figure.slug,
                    knob.slug
                );
            }
        }
    }
}
