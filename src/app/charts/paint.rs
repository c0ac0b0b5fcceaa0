//! Puts a [`Scene`] on a canvas. The only module that knows plotters.
//!
//! Texts are neither measured nor laid out by plotters: in the browser it would put an element into the
//! page for each and force a layout.

use std::collections::BTreeMap;

use js_sys::Array;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::labels::{PIECE, Path, Room, Spot, Wanted, place};
use super::sample::Point;
use super::scene::{Scene, SceneLine};
use super::spec::Dash;
use super::theme::{Rgb, Theme};

/// Remembers where names stood, so that they do not jump.
#[derive(Debug, Default)]
pub struct Painter {
    names: BTreeMap<String, Spot>,
}

/// Where and how big.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Device pixels a CSS pixel.
    pub ratio: f64,
}

type Area = DrawingArea<CanvasBackend, plotters::coord::Shift>;
type Fallible = Result<(), DrawingAreaErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl Painter {
    /// Draws the scene; what was there is gone. Returns which lines no name fitted beside.
    pub fn paint(
        &mut self,
        canvas: &HtmlCanvasElement,
        scene: &Scene,
        theme: &Theme,
        on: Surface,
    ) -> Vec<usize> {
        let (width, height) = (
            (on.width * on.ratio).round().max(1.0) as u32,
            (on.height * on.ratio).round().max(1.0) as u32,
        );
        if canvas.width() != width || canvas.height() != height {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let context = canvas.get_context("2d").ok().flatten();
        let Some(context) = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok())
        else {
            return Vec::new();
        };
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        context.set_line_join("round");
        let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) else {
            return Vec::new();
        };
        let brush = Brush {
            area: backend.into_drawing_area(),
            context,
            scene,
            theme,
            on,
        };
        // Drawing into memory fails only if the context is lost; then the next frame draws.
        let _ = brush.frame();
        let _ = brush.lines();
        brush.names(&mut self.names)
    }
}

struct Brush<'a> {
    area: Area,
    context: CanvasRenderingContext2d,
    scene: &'a Scene,
    theme: &'a Theme,
    on: Surface,
}

impl Brush<'_> {
    fn x(&self, row: f64) -> f64 {
        let frame = self.scene.frame;
        frame.left + (self.on.width - frame.left - frame.right) * (row / self.scene.rows)
    }

    fn y(&self, value: f64) -> f64 {
        let frame = self.scene.frame;
        let height = self.on.height - frame.top - frame.bottom;
        self.on.height - frame.bottom - height * self.scene.axis.position(value)
    }

    fn device(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (
            (x * self.on.ratio).round() as i32,
            (y * self.on.ratio).round() as i32,
        )
    }

    fn stroke(&self, colour: Rgb, alpha: f64, width: f64) -> ShapeStyle {
        let (r, g, b) = colour;
        RGBColor(r, g, b)
            .mix(alpha)
            .stroke_width((width * self.on.ratio).round().max(1.0) as u32)
    }

    fn path(&self, points: &[(f64, f64)], style: ShapeStyle) -> Fallible {
        let device: Vec<(i32, i32)> = points.iter().map(|point| self.device(*point)).collect();
        self.area.draw(&PathElement::new(device, style))
    }

    fn dash(&self, dash: Dash) {
        let pattern = Array::new();
        for length in dash.pattern() {
            pattern.push(&JsValue::from_f64(length * self.on.ratio));
        }
        let _ = self.context.set_line_dash(&pattern);
    }

    fn text(&self, text: &str, at: (f64, f64), pos: Pos, colour: Rgb) -> Fallible {
        let colour = RGBColor(colour.0, colour.1, colour.2);
        let size = self.theme.text_px() * self.on.ratio;
        let style = TextStyle::from((self.theme.family.as_str(), size).into_font())
            .color(&colour)
            .pos(pos);
        self.area
            .draw(&Text::new(text.to_owned(), self.device(at), style))
    }

    /// Grid, axes, their texts, marks of events.
    fn frame(&self) -> Fallible {
        let ink = self.theme.colour("--ink-3");
        let grid = self.stroke(self.theme.colour("--line"), 1.0, 1.0);
        let frame = self.scene.frame;
        let (left, right) = (frame.left, self.on.width - frame.right);
        let (top, bottom) = (frame.top, self.on.height - frame.bottom);
        for (value, text) in &self.scene.marks {
            let y = self.y(*value);
            self.path(&[(left, y), (right, y)], grid)?;
            self.text(
                text,
                (left - 6.0, y),
                Pos::new(HPos::Right, VPos::Center),
                ink,
            )?;
        }
        for (row, text) in &self.scene.clock {
            let x = self.x(*row);
            self.path(&[(x, top), (x, bottom)], grid)?;
            // A text at the very edge would be cut off.
            let half = text.len() as f64 * self.theme.text_px() * 0.28;
            let x = x.min(self.on.width - half).max(half);
            self.text(
                text,
                (x, bottom + 5.0),
                Pos::new(HPos::Center, VPos::Top),
                ink,
            )?;
        }
        let axis = self.stroke(self.theme.colour("--line-2"), 1.0, 1.0);
        self.path(&[(left, bottom), (right, bottom)], axis)?;
        let mark = self.stroke(self.theme.colour("--tight"), 0.9, 1.0);
        let mut last = f64::NEG_INFINITY;
        for row in &self.scene.events {
            let x = self.x(*row);
            // Events closer than this look like one.
            if x - last >= 2.0 {
                self.path(&[(x, top - 4.0), (x, top + 3.0)], mark)?;
                last = x;
            }
        }
        Ok(())
    }

    fn lines(&self) -> Fallible {
        for line in &self.scene.lines {
            let pale = self.stroke(self.theme.colour(line.colour), 0.32, 1.0);
            self.line(&line.ghost, line.dash, pale)?;
        }
        for line in &self.scene.lines {
            let style = self.stroke(self.theme.colour(line.colour), 1.0, 1.25);
            self.line(&line.stretches, line.dash, style)?;
        }
        Ok(())
    }

    fn line(&self, stretches: &[Vec<Point>], dash: Dash, style: ShapeStyle) -> Fallible {
        self.dash(dash);
        for points in stretches.iter().map(|stretch| self.pixels(stretch)) {
            self.path(&points, style)?;
        }
        self.dash(Dash::Solid);
        Ok(())
    }

    /// A stretch in CSS pixels; one single row becomes a short stroke.
    fn pixels(&self, stretch: &[Point]) -> Path {
        let mut out: Path = stretch
            .iter()
            .map(|(row, value)| (self.x(*row), self.y(*value)))
            .collect();
        if let [(x, y)] = out[..] {
            out.push((x + 1.5, y));
        }
        out
    }

    fn names(&self, before: &mut BTreeMap<String, Spot>) -> Vec<usize> {
        let height = self.theme.text_px() * 1.25;
        let size = self.theme.text_px() * self.on.ratio;
        self.context
            .set_font(&format!("normal {size}px {}", self.theme.family));
        let width = |line: &SceneLine| {
            let measured = self.context.measure_text(&line.name);
            measured.map_or(60.0, |m| m.width() / self.on.ratio) + 4.0
        };
        let drawn: Vec<(usize, &SceneLine)> = self
            .scene
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.stretches.is_empty())
            .collect();
        let wanted: Vec<Wanted> = drawn
            .iter()
            .map(|(_, line)| Wanted {
                width: width(line),
                paths: line.stretches.iter().map(|s| self.pixels(s)).collect(),
                before: before.get(&line.name).copied(),
            })
            .collect();
        let room = Room {
            left: self.scene.frame.left + 2.0,
            top: 1.0,
            right: self.on.width,
            bottom: self.on.height - self.scene.frame.bottom - 1.0,
        };
        let spots = place(&wanted, room, height);
        before.clear();
        let mut unnamed = Vec::new();
        for ((index, line), spot) in drawn.into_iter().zip(spots) {
            let Some(spot) = spot else {
                unnamed.push(index);
                continue;
            };
            let (x, y) = (spot.x + 2.0, spot.y + height / 2.0);
            let colour = self.theme.colour(line.colour);
            let x = if spot.apart {
                self.dash(line.dash);
                let piece = [(x, y), (x + PIECE - 4.0, y)];
                let _ = self.path(&piece, self.stroke(colour, 1.0, 1.25));
                self.dash(Dash::Solid);
                x + PIECE
            } else {
                x
            };
            let _ = self.text(
                &line.name,
                (x, y),
                Pos::new(HPos::Left, VPos::Center),
                colour,
            );
            before.insert(line.name.clone(), spot);
        }
        unnamed
    }
}
