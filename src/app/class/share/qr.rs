//! A text as a QR code, as the outline of a drawing.
//!
//! Must not live here: how a code is made (`qrcode`), how it looks.

use qrcode::{Color, EcLevel, QrCode};

/// The empty modules that the standard wants around a code.
const QUIET: usize = 4;

/// A code, drawn on a square.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// How many modules the square has on a side, the empty ones around included.
    pub side: usize,
    /// The dark modules as path data, a module being 1 by 1.
    pub path: String,
}

/// Makes the code of a text; `None` when the text is longer than a code can hold.
pub fn qr(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.into_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        // One oblong for neighbours in a row: seams between squares would show.
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                path.push_str(&format!("M{left} {top}h{long}v1h-{long}z"));
            }
            x += run.len();
        }
    }
    Some(Qr {
        side: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://example.org/archplay/#/s3";

    /// Which modules a path makes dark.
    fn dark(qr: &Qr) -> Vec<Vec<bool>> {
        let mut grid = vec![vec![false; qr.side]; qr.side];
        for run in qr.path.split('M').skip(1) {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|n| n.parse().ok())
                .collect();
            let [x, y, long, ..] = numbers[..] else {
                panic!("{run}");
            };
            for cell in &mut grid[y][x..x + long] {
                assert!(!*cell, "{run} is drawn twice");
                *cell = true;
            }
        }
        grid
    }

    #[test]
    fn the_drawing_is_the_code_with_an_empty_border() {
        let qr = qr(LINK).unwrap();
        let code = QrCode::with_error_correction_level(LINK, EcLevel::M).unwrap();
        let (width, colors) = (code.width(), code.to_colors());
        assert_eq!(qr.side, width + 8);
        for (y, row) in dark(&qr).iter().enumerate() {
            for (x, cell) in row.iter().enumerate() {
                let inside =
                    (QUIET..QUIET + width).contains(&x) && (QUIET..QUIET + width).contains(&y);
                let expected = inside && colors[(y - QUIET) * width + x - QUIET] == Color::Dark;
                assert_eq!(*cell, expected, "{x} {y}");
            }
        }
    }

    #[test]
    fn an_instructors_link_fits_and_a_book_does_not() {
        let join = format!(
            "https://example.org/archplay/#/join/1.{}.{}.30000000",
            "a".repeat(16),
            "b".repeat(32)
        );
        assert!(qr(&join).is_some_and(|qr| qr.side < 60));
        assert_eq!(qr(&"가".repeat(3000)), None);
    }
}
