//! Puts the name of a line beside the line, where it covers neither another line nor another name. Pure.

/// A line in pixels: points from left to right, y downwards.
pub type Path = Vec<(f64, f64)>;

/// A name to place.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its width in pixels.
    pub width: f64,
    /// The stretches of its line.
    pub paths: Vec<Path>,
    /// Where it stood before: kept if it still fits, so that names do not jump.
    pub before: Option<Spot>,
}

/// The plot's room in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

#[derive(Clone, Copy)]
struct Rect {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Not beside its line: needs a piece of the line before it.
    pub apart: bool,
}

/// Width of that piece with the room after it.
pub const PIECE: f64 = 20.0;
/// Distance between a name and its line.
const GAP: f64 = 3.0;
/// How many places along the plot are tried.
const TRIES: usize = 24;

/// Finds a place for every name: beside its line, else anywhere free; `None` where nothing is free.
pub fn place(wanted: &[Wanted], room: Room, height: f64) -> Vec<Option<Spot>> {
    let mut taken: Vec<Rect> = Vec::new();
    let mut out = Vec::with_capacity(wanted.len());
    for label in wanted {
        let rect = |spot: &Spot| Rect {
            x: spot.x,
            y: spot.y,
            w: label.width + if spot.apart { PIECE } else { 0.0 },
            h: height,
        };
        let free = |spot: &Spot| {
            let rect = rect(spot);
            rect.x >= room.left
                && rect.y >= room.top
                && rect.x + rect.w <= room.right
                && rect.y + rect.h <= room.bottom
                && !taken.iter().any(|other| overlap(&rect, other))
                && !wanted
                    .iter()
                    .any(|line| line.paths.iter().any(|path| crosses(path, &rect)))
        };
        let kept = label
            .before
            .filter(|spot| free(spot) && (spot.apart || near(label, (spot.x, spot.y), height)));
        let beside = candidates(label, room, height).map(|(x, y)| Spot { x, y, apart: false });
        let apart = corners(label, room, height).map(|(x, y)| Spot { x, y, apart: true });
        let spot = kept.or_else(|| beside.chain(apart).find(free));
        taken.extend(spot.as_ref().map(rect));
        out.push(spot);
    }
    out
}

/// Places to try for a name apart from its line: from the upper right to the lower left.
fn corners(label: &Wanted, room: Room, height: f64) -> impl Iterator<Item = (f64, f64)> {
    let width = label.width + PIECE;
    let steps = if label.paths.is_empty() { 0 } else { 6 };
    (0..steps).flat_map(move |row| {
        (0..steps).map(move |column| {
            let share = f64::from(column) / 5.0;
            let x = (room.right - width) - (room.right - width - room.left) * share;
            (x, room.top + 6.0 + f64::from(row) * height)
        })
    })
}

/// Places to try: after the line's end, then above and below the line from the right to the left.
fn candidates(label: &Wanted, room: Room, height: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
    let end = label.paths.last().and_then(|path| path.last()).copied();
    let after = end.map(|(x, y)| (x + GAP, y - height / 2.0));
    let last_x = end.map_or(room.left, |(x, _)| x);
    let first_x = label
        .paths
        .first()
        .and_then(|path| path.first())
        .map_or(room.left, |(x, _)| *x);
    let along = (0..TRIES).flat_map(move |n| {
        let share = (n as f64 + 0.5) / TRIES as f64;
        let right = last_x - (last_x - first_x) * share;
        let x = (right - label.width).max(room.left);
        let (top, bottom) = span(label, x, x + label.width)?;
        Some([(x, top - GAP - height), (x, bottom + GAP)])
    });
    after.into_iter().chain(along.flatten())
}

/// Whether the name still stands beside its own line.
fn near(label: &Wanted, (x, y): (f64, f64), height: f64) -> bool {
    let reach = height;
    if let Some((top, bottom)) = span(label, x, x + label.width) {
        return y + height + reach >= top && y - reach <= bottom;
    }
    let end = label.paths.last().and_then(|path| path.last());
    end.is_some_and(|(end_x, end_y)| {
        (x - end_x).abs() <= 2.0 * GAP && (y + height / 2.0 - end_y).abs() <= reach
    })
}

/// Highest and lowest point of a label's own line between two x.
fn span(label: &Wanted, from: f64, to: f64) -> Option<(f64, f64)> {
    let mut out: Option<(f64, f64)> = None;
    for path in &label.paths {
        for pair in path.windows(2) {
            let [a, b] = pair else { continue };
            if b.0 < from || a.0 > to {
                continue;
            }
            let (low, high) = (a.1.min(b.1), a.1.max(b.1));
            out = Some(out.map_or((low, high), |(top, bottom)| {
                (top.min(low), bottom.max(high))
            }));
        }
    }
    out
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

/// Whether a line runs through a rectangle.
fn crosses(path: &Path, rect: &Rect) -> bool {
    path.windows(2).any(|pair| {
        let [a, b] = pair else { return false };
        if b.0 < rect.x || a.0 > rect.x + rect.w {
            return false;
        }
        let at = |x: f64| {
            if b.0 - a.0 < 1e-9 {
                a.1
            } else {
                a.1 + (b.1 - a.1) * ((x - a.0) / (b.0 - a.0)).clamp(0.0, 1.0)
            }
        };
        let steep = b.0 - a.0 < 1e-9;
        let (p, q) = if steep {
            (a.1, b.1)
        } else {
            (at(rect.x.max(a.0)), at((rect.x + rect.w).min(b.0)))
        };
        p.min(q) < rect.y + rect.h && p.max(q) > rect.y
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room {
        left: 0.0,
        top: 0.0,
        right: 200.0,
        bottom: 100.0,
    };

    fn flat(y: f64) -> Vec<Path> {
        vec![(0..=20).map(|i| (f64::from(i) * 10.0, y)).collect()]
    }

    fn wanted(paths: Vec<Path>) -> Wanted {
        Wanted {
            width: 40.0,
            paths,
            before: None,
        }
    }

    fn beside(x: f64, y: f64) -> Option<Spot> {
        Some(Spot { x, y, apart: false })
    }

    fn rects(spots: &[Option<Spot>]) -> Vec<Rect> {
        spots
            .iter()
            .flatten()
            .map(|spot| Rect {
                x: spot.x,
                y: spot.y,
                w: 40.0,
                h: 14.0,
            })
            .collect()
    }

    #[test]
    fn names_cover_no_line_and_no_name() {
        let lines: Vec<Wanted> = [20.0, 50.0, 52.0, 80.0].map(|y| wanted(flat(y))).into();
        let spots = place(&lines, ROOM, 14.0);
        assert!(spots.iter().all(Option::is_some));
        let rects = rects(&spots);
        for (i, rect) in rects.iter().enumerate() {
            assert!(rect.y >= 0.0 && rect.y + rect.h <= 100.0);
            assert!(rects[i + 1..].iter().all(|other| !overlap(rect, other)));
            for line in &lines {
                assert!(!line.paths.iter().any(|path| crosses(path, rect)));
            }
        }
    }

    #[test]
    fn a_growing_line_is_named_after_its_end() {
        let mut line = wanted(vec![vec![(0.0, 50.0), (30.0, 50.0)]]);
        assert_eq!(place(&[line.clone()], ROOM, 14.0), [beside(33.0, 43.0)]);
        line.before = beside(33.0, 43.0);
        assert_eq!(place(&[line], ROOM, 14.0), [beside(33.0, 43.0)]);
    }

    #[test]
    fn where_nothing_is_free_nothing_is_written() {
        let zigzag: Path = (0..200)
            .map(|i| (f64::from(i), if i % 2 == 0 { 0.0 } else { 100.0 }))
            .collect();
        assert_eq!(place(&[wanted(vec![zigzag])], ROOM, 14.0), [None]);
        assert_eq!(place(&[wanted(Vec::new())], ROOM, 14.0), [None]);
    }

    #[test]
    fn a_name_stays_where_it_was_while_it_fits() {
        let mut line = wanted(flat(50.0));
        line.before = beside(60.0, 33.0);
        assert_eq!(place(&[line.clone()], ROOM, 14.0), [beside(60.0, 33.0)]);
        line.before = beside(60.0, 0.0);
        let spots = place(&[line], ROOM, 14.0);
        assert_ne!(spots, [beside(60.0, 0.0)], "too far from its line");
    }

    #[test]
    fn a_line_without_room_beside_it_is_named_elsewhere() {
        // Fills the lower half so densely that nothing fits beside it.
        let dense: Path = (0..=200)
            .map(|i| (f64::from(i), if i % 2 == 0 { 40.0 } else { 100.0 }))
            .collect();
        let mut label = wanted(vec![dense.clone()]);
        label.width = 30.0;
        let high: Path = vec![(0.0, 36.0), (200.0, 36.0)];
        let spots = place(&[label, wanted(vec![high])], ROOM, 14.0);
        assert!(
            spots[0].is_some_and(|spot| spot.y + 14.0 < 36.0),
            "{spots:?}"
        );
    }
}
