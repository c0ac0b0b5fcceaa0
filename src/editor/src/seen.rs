//! How much of a drawing is drawn: all of a small one; of a large one what is in view, and without its texts where
//! they would be too small to be read. Must not live here: what anything looks like.

use archplay_model::Rect;

use crate::Camera;

/// A drawing of so many components is drawn in part.
pub const MANY: usize = 400;
/// Below this zoom a large drawing is drawn without texts: they would be less than six pixels high.
const FAR: f64 = 0.5;
/// Room for what hangs over the edge of a card: badges, captions, the ends of links.
const OVERHANG: f64 = 64.0;

/// The part of a drawing that is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    part: Option<Rect>,
    far: bool,
}

impl Seen {
    /// For a camera, the size of the screen's part in pixels, and so many components. What is drawn changes in steps
    /// of about a quarter of the view, so that most steps of the camera change nothing.
    #[must_use]
    pub fn of(camera: &Camera, viewport: (f64, f64), components: usize) -> Self {
        if components < MANY {
            return Self::default();
        }
        let view = camera.visible(viewport);
        let (x, w) = stretch(view.x - OVERHANG, view.w + 2.0 * OVERHANG);
        let (y, h) = stretch(view.y - OVERHANG, view.h + 2.0 * OVERHANG);
        Self {
            part: Some(Rect { x, y, w, h }),
            far: camera.zoom < FAR,
        }
    }

    /// Whether something in this frame is drawn.
    #[must_use]
    pub fn shows(&self, frame: &Rect) -> bool {
        self.part.is_none_or(|part| part.intersects(frame))
    }

    /// Whether cards and links are drawn without their details.
    #[must_use]
    pub const fn is_far(&self) -> bool {
        self.far
    }
}

/// A stretch that holds the given one and begins and ends at whole steps: where and how long.
fn stretch(from: f64, length: f64) -> (f64, f64) {
    let mut step = 64.0;
    while step * 4.0 < length {
        step *= 2.0;
    }
    let begin = (from / step).floor() * step;
    let end = ((from + length) / step).ceil() * step;
    (begin, end - begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: (f64, f64) = (1366.0, 620.0);

    fn at(x: f64, zoom: f64) -> Camera {
        Camera { x, y: 0.0, zoom }
    }

    fn card(x: f64, y: f64) -> Rect {
        Rect {
            x,
            y,
            w: 132.0,
            h: 64.0,
        }
    }

    #[test]
    fn small_drawings_are_drawn_whole() {
        let seen = Seen::of(&at(0.0, 0.1), SCREEN, MANY - 1);
        assert!(seen.shows(&card(1e9, -1e9)) && !seen.is_far());
        assert_eq!(seen, Seen::of(&at(77.0, 3.0), SCREEN, 3));
    }

    #[test]
    fn of_large_ones_everything_in_view_is_drawn_and_little_else() {
        for zoom in [0.1, 0.49, 0.5, 1.0, 4.0] {
            for step in -40..40 {
                let camera = at(f64::from(step) * 13.7, zoom);
                let seen = Seen::of(&camera, SCREEN, 5_000);
                let view = camera.visible(SCREEN);
                for x in [view.x - 131.0, view.x, view.x + view.w] {
                    for y in [view.y - 63.0, view.y + view.h] {
                        assert!(seen.shows(&card(x, y)), "{camera:?} {x} {y}");
                    }
                }
                let far = 0.5 * view.w + 300.0;
                assert!(!seen.shows(&card(view.x - 132.0 - far, 0.0)), "{camera:?}");
                assert!(!seen.shows(&card(view.x + view.w + far, 0.0)), "{camera:?}");
                assert_eq!(seen.is_far(), zoom < 0.5);
            }
        }
    }

    #[test]
    fn most_steps_of_the_camera_change_nothing() {
        let seen = |i: i32| Seen::of(&at(f64::from(i) * 4.0, 1.0), SCREEN, 5_000);
        let changes = (0..1_000).filter(|i| seen(*i) != seen(i + 1)).count();
        assert!(changes < 20, "{changes}");
    }
}
