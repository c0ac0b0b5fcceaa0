//! The camera: which part of the canvas the screen shows, and how large.

use archplay_model::Rect;

use crate::Point;
use crate::geometry::sane;

/// The smallest zoom, 10 %.
pub const MIN_ZOOM: f64 = 0.1;
/// The greatest zoom, 400 %.
pub const MAX_ZOOM: f64 = 4.0;

/// Screen pixels = (canvas units − corner) × zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The canvas point at the viewport's left edge.
    pub x: f64,
    /// The canvas point at the viewport's top edge.
    pub y: f64,
    /// Screen pixels per canvas unit, [`MIN_ZOOM`] to [`MAX_ZOOM`].
    pub zoom: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            x: 0.0,
            y: 0.0,
            zoom: 1.0,
        }
    }
}

impl Camera {
    /// Where a canvas point is on the screen, from the viewport's corner.
    #[must_use]
    pub fn screen_from_canvas(&self, canvas: Point) -> Point {
        Point::new(
            (canvas.x - self.x) * self.zoom,
            (canvas.y - self.y) * self.zoom,
        )
    }

    /// Which canvas point a screen point (from the viewport's corner) shows.
    #[must_use]
    pub fn canvas_from_screen(&self, screen: Point) -> Point {
        Point::new(screen.x / self.zoom + self.x, screen.y / self.zoom + self.y)
    }

    /// The part of the canvas that a viewport of this size shows.
    #[must_use]
    pub fn visible(&self, viewport: (f64, f64)) -> Rect {
        Rect {
            x: self.x,
            y: self.y,
            w: viewport.0 / self.zoom,
            h: viewport.1 / self.zoom,
        }
    }

    /// Moves the drawing by screen pixels, as if it were dragged.
    #[must_use]
    pub fn panned(self, dx: f64, dy: f64) -> Self {
        let mut out = self;
        out.x = sane(self.x - sane(dx) / self.zoom);
        out.y = sane(self.y - sane(dy) / self.zoom);
        out
    }

    /// Another zoom; the canvas point under the screen point stays where it is.
    #[must_use]
    pub fn zoomed_about(self, screen: Point, zoom: f64) -> Self {
        let zoom = if zoom.is_nan() {
            1.0
        } else {
            zoom.clamp(MIN_ZOOM, MAX_ZOOM)
        };
        let screen = screen.sane();
        let fixed = self.canvas_from_screen(screen);
        Self {
            x: sane(fixed.x - screen.x / zoom),
            y: sane(fixed.y - screen.y / zoom),
            zoom,
        }
    }

    /// Shows a rectangle as a whole, in the middle, with a margin in screen pixels; never above 100 %.
    #[must_use]
    pub fn fitting(rect: Rect, viewport: (f64, f64), margin: f64) -> Self {
        let room = (
            (viewport.0 - 2.0 * margin).max(1.0),
            (viewport.1 - 2.0 * margin).max(1.0),
        );
        let zoom = (room.0 / rect.w.max(1.0))
            .min(room.1 / rect.h.max(1.0))
            .clamp(MIN_ZOOM, 1.0);
        let (cx, cy) = rect.center();
        Self {
            x: sane(cx - viewport.0 / zoom / 2.0),
            y: sane(cy - viewport.1 / zoom / 2.0),
            zoom,
        }
    }

    /// Moves as little as possible so that a rectangle is seen with a margin in screen pixels; zooms out
    /// only if it does not fit.
    #[must_use]
    pub fn showing(self, rect: Rect, viewport: (f64, f64), margin: f64) -> Self {
        let room = (viewport.0 - 2.0 * margin, viewport.1 - 2.0 * margin);
        if rect.w * self.zoom > room.0 || rect.h * self.zoom > room.1 {
            return Self::fitting(rect, viewport, margin);
        }
        let edge = margin / self.zoom;
        let seen = self.visible(viewport);
        let shift = |low: f64, size: f64, seen_low: f64, seen_size: f64| {
            let under = low - edge - seen_low;
            let over = low + size + edge - (seen_low + seen_size);
            if under < 0.0 { under } else { over.max(0.0) }
        };
        Self {
            x: sane(self.x + shift(rect.x, rect.w, seen.x, seen.w)),
            y: sane(self.y + shift(rect.y, rect.h, seen.y, seen.h)),
            zoom: self.zoom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Point, b: Point) -> bool {
        a.distance(b) < 1e-6
    }

    #[test]
    fn zoom_keeps_the_point_under_the_pointer() {
        let camera = Camera {
            x: 40.0,
            y: -20.0,
            zoom: 0.7,
        };
        let pointer = Point::new(300.0, 120.0);
        for zoom in [0.01, 0.1, 0.5, 1.0, 3.9, 80.0] {
            let after = camera.zoomed_about(pointer, zoom);
            assert!(near(
                camera.canvas_from_screen(pointer),
                after.canvas_from_screen(pointer)
            ));
            assert!((MIN_ZOOM..=MAX_ZOOM).contains(&after.zoom));
            assert!(near(
                after.screen_from_canvas(after.canvas_from_screen(pointer)),
                pointer
            ));
        }
    }

    #[test]
    fn fits_everything_and_never_magnifies() {
        let rect = Rect {
            x: -500.0,
            y: 100.0,
            w: 3_000.0,
            h: 400.0,
        };
        let camera = Camera::fitting(rect, (900.0, 500.0), 40.0);
        assert!(camera.visible((900.0, 500.0)).contains_rect(&rect));
        let small = Rect {
            w: 10.0,
            h: 10.0,
            ..rect
        };
        assert!((Camera::fitting(small, (900.0, 500.0), 40.0).zoom - 1.0).abs() < 1e-9);
    }

    #[test]
    fn showing_what_is_seen_moves_nothing() {
        let camera = Camera::default();
        let seen = Rect {
            x: 100.0,
            y: 100.0,
            w: 132.0,
            h: 64.0,
        };
        assert_eq!(camera.showing(seen, (800.0, 600.0), 40.0), camera);
        let right = Rect { x: 900.0, ..seen };
        let moved = camera.showing(right, (800.0, 600.0), 40.0);
        assert!(moved.visible((800.0, 600.0)).contains_rect(&right));
        assert!((moved.y - camera.y).abs() < 1e-9);
    }
}
