//! A rate curve under a pointer or a key: points are added, moved, taken away, drawn by hand.
//!
//! Times snap to a step that fits the length shown, rates to one that fits the height (`frame`). Pure.

mod frame;

pub use frame::Frame;
use frame::snap;

use std::collections::BTreeMap;

use archplay_model::scenario::RatePoint;
use archplay_model::{ClockTime, limits};

/// The last moment that a point can have: the clock of a scenario has one day.
const DAY: u32 = 86_400;
/// The most points of a curve.
pub const MAX_POINTS: usize = 10_000;
/// How far a curve drawn by hand may be from the hand, as a share of the height.
const TOLERANCE: f64 = 0.012;

/// Points as a curve must have them: in order of time, with rates that are allowed, not too many.
#[must_use]
pub fn mended(mut points: Vec<RatePoint>) -> Vec<RatePoint> {
    points.truncate(MAX_POINTS);
    for point in &mut points {
        point.per_sec = if point.per_sec.is_finite() {
            point.per_sec.clamp(0.0, limits::MAX_RATE_PER_SEC)
        } else {
            0.0
        };
    }
    points.sort_by_key(|point| point.at);
    points
}

/// The rate at a moment: straight lines between the points, constant before and after.
#[must_use]
pub fn rate_at(points: &[RatePoint], secs: f64) -> f64 {
    match points
        .iter()
        .position(|point| f64::from(point.at.secs()) > secs)
    {
        Some(0) => points[0].per_sec,
        None => points.last().map_or(0.0, |point| point.per_sec),
        Some(next) => {
            let (a, b) = (points[next - 1], points[next]);
            let (from, to) = (f64::from(a.at.secs()), f64::from(b.at.secs()));
            a.per_sec + (b.per_sec - a.per_sec) * (secs - from) / (to - from)
        }
    }
}

/// How many arrivals a curve stands for between two moments.
#[must_use]
pub fn expected(points: &[RatePoint], from: u32, to: u32) -> f64 {
    let mut times: Vec<u32> = points
        .iter()
        .map(|point| point.at.secs())
        .filter(|at| *at > from && *at < to)
        .chain([from, to])
        .collect();
    times.sort_unstable();
    times
        .windows(2)
        .map(|pair| {
            let (a, b) = (f64::from(pair[0]), f64::from(pair[1]));
            rate_at(points, (a + b) / 2.0) * (b - a)
        })
        .sum()
}

/// How many times the mean the busiest moment between two moments is; `None` while nobody comes.
#[must_use]
pub fn peak_factor(points: &[RatePoint], from: u32, to: u32) -> Option<f64> {
    let mean = expected(points, from, to) / f64::from(to.saturating_sub(from));
    let ends = [from, to].map(|secs| rate_at(points, f64::from(secs)));
    let inner = points
        .iter()
        .filter(|point| (from..=to).contains(&point.at.secs()))
        .map(|point| point.per_sec);
    let peak = inner.chain(ends).fold(0.0, f64::max);
    let factor = peak / mean;
    (factor.is_finite() && mean > 0.0).then_some(factor)
}

/// The same curve, steeper or flatter, with so many times the mean at its busiest moment; as many come as before.
/// Long straight lines get points in between where they could not be steep enough. What a shape cannot be is as near
/// to it as it gets, and a flat curve stays flat.
#[must_use]
pub fn with_peak_factor(points: &[RatePoint], from: u32, to: u32, factor: f64) -> Vec<RatePoint> {
    let wanted = expected(points, from, to);
    let top = points.iter().map(|p| p.per_sec).fold(0.0, f64::max);
    if wanted <= 0.0 || top <= 0.0 {
        return points.to_vec();
    }
    let bent = |points: &[RatePoint], power: f64| -> Vec<RatePoint> {
        let bend = |p: &RatePoint| RatePoint {
            per_sec: (p.per_sec / top).powf(power),
            ..*p
        };
        points.iter().map(bend).collect()
    };
    // The factor rises with the power.
    let (mut low, mut high) = (1.0 / 64.0, 64.0);
    let reached = peak_factor(&bent(points, high), from, to);
    let points = match reached.is_some_and(|reached| reached >= factor) {
        true => points.to_vec(),
        false => with_points_between(points, (to - from) / 48),
    };
    let bent = |power| bent(&points, power);
    for _ in 0..60 {
        let middle: f64 = f64::midpoint(low, high);
        match peak_factor(&bent(middle), from, to) {
            Some(found) if found < factor => low = middle,
            _ => high = middle,
        }
    }
    let mut curve = bent(f64::midpoint(low, high));
    let scale = wanted / expected(&curve, from, to);
    for point in &mut curve {
        point.per_sec = (point.per_sec * scale * 1e4).round() / 1e4;
    }
    curve
}

/// The same curve with points at most so many seconds apart where it rises or falls.
fn with_points_between(points: &[RatePoint], secs: u32) -> Vec<RatePoint> {
    let mut out: Vec<RatePoint> = Vec::new();
    for (i, point) in points.iter().enumerate() {
        out.push(*point);
        let Some(next) = points.get(i + 1) else { break };
        let (a, b) = (point.at.secs(), next.at.secs());
        let pieces = (b - a) / secs.max(1);
        if point.per_sec.total_cmp(&next.per_sec).is_eq() || out.len() > MAX_POINTS / 2 {
            continue;
        }
        for k in 1..pieces {
            let at = a + (u64::from(b - a) * u64::from(k) / u64::from(pieces)) as u32;
            out.push(RatePoint {
                at: ClockTime::from_secs(at),
                per_sec: rate_at(points, f64::from(at)),
            });
        }
    }
    out
}

/// The curve with one more point, and the point's number.
#[must_use]
pub fn added(points: &[RatePoint], point: RatePoint) -> (Vec<RatePoint>, usize) {
    let index = points.partition_point(|other| other.at <= point.at);
    let mut points = points.to_vec();
    points.insert(index, point);
    (points, index)
}

/// A new point in the middle between this one and the next, on the line.
#[must_use]
pub fn added_after(frame: &Frame, points: &[RatePoint], index: usize) -> (Vec<RatePoint>, usize) {
    let here = points.get(index).map_or(frame.from, |p| p.at.secs());
    let next = points.get(index + 1).map_or(frame.to, |p| p.at.secs());
    let middle = f64::from(here.min(next)) + f64::from(next.abs_diff(here)) / 2.0;
    let point = RatePoint {
        at: ClockTime::from_secs(middle as u32),
        per_sec: snap(rate_at(points, middle), frame.rate_step() / 10.0),
    };
    let mut out = points.to_vec();
    let index = (index + 1).min(out.len());
    out.insert(index, point);
    (mended(out), index)
}

/// The curve with a point elsewhere; it does not pass its neighbours.
#[must_use]
pub fn moved(points: &[RatePoint], index: usize, to: RatePoint) -> Vec<RatePoint> {
    let mut out = points.to_vec();
    let least = index.checked_sub(1).and_then(|i| points.get(i));
    let most = points.get(index + 1);
    if let Some(point) = out.get_mut(index) {
        let at = to.at.secs().clamp(
            least.map_or(0, |p| p.at.secs()),
            most.map_or(DAY, |p| p.at.secs()),
        );
        *point = RatePoint {
            at: ClockTime::from_secs(at),
            per_sec: to.per_sec.clamp(0.0, limits::MAX_RATE_PER_SEC),
        };
    }
    out
}

/// The curve with a point moved by steps of the frame.
#[must_use]
pub fn stepped(
    frame: &Frame,
    points: &[RatePoint],
    index: usize,
    (right, up): (i32, i32),
) -> Vec<RatePoint> {
    let Some(point) = points.get(index) else {
        return points.to_vec();
    };
    let secs = i64::from(point.at.secs()) + i64::from(right) * i64::from(frame.time_step());
    let secs = secs.clamp(i64::from(frame.from), i64::from(frame.to)) as u32;
    let to = RatePoint {
        // Only the way that was asked for: the other number stays as it was typed.
        at: if right == 0 {
            point.at
        } else {
            ClockTime::from_secs(secs)
        },
        per_sec: if up == 0 {
            point.per_sec
        } else {
            snap(
                point.per_sec + f64::from(up) * frame.rate_step(),
                frame.rate_step(),
            )
        },
    };
    moved(points, index, to)
}

/// The curve without a point; the last one stays.
#[must_use]
pub fn removed(points: &[RatePoint], index: usize) -> Option<Vec<RatePoint>> {
    if points.len() < 2 || index >= points.len() {
        return None;
    }
    let mut out = points.to_vec();
    out.remove(index);
    Some(out)
}

/// The curve where a hand has drawn over it: places from 0 to 1 within the frame, in the order of the
/// stroke. Only as many points are left as the shape needs.
#[must_use]
pub fn drawn(frame: &Frame, points: &[RatePoint], stroke: &[(f64, f64)]) -> Vec<RatePoint> {
    // Where the hand came by twice, the last time counts.
    let mut hand: BTreeMap<ClockTime, f64> = BTreeMap::new();
    for pair in stroke.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let parts = ((x1 - x0).abs() * 150.0).ceil().clamp(1.0, 150.0);
        for part in 0..=parts as u32 {
            let t = f64::from(part) / parts;
            let (secs, rate) = frame.loose(x0 + (x1 - x0) * t, (y0 + (y1 - y0) * t).min(1.0));
            hand.insert(frame.snap_time(secs), rate);
        }
    }
    let hand: Vec<RatePoint> = hand
        .into_iter()
        .map(|(at, per_sec)| RatePoint { at, per_sec })
        .collect();
    let (Some(first), Some(last)) = (hand.first(), hand.last()) else {
        return points.to_vec();
    };
    let kept = simplified(frame, &hand);
    let step = frame.rate_step() / 10.0;
    let kept = kept.into_iter().map(|point| RatePoint {
        per_sec: snap(point.per_sec, step),
        ..point
    });
    let before = points.iter().filter(|p| p.at < first.at).copied();
    let after = points.iter().filter(|p| p.at > last.at).copied();
    mended(before.chain(kept).chain(after).collect())
}

/// Ramer, Douglas and Peucker: points nearer to the line than the tolerance are left out.
fn simplified(frame: &Frame, points: &[RatePoint]) -> Vec<RatePoint> {
    let mut keep = vec![false; points.len()];
    let Some(last) = points.len().checked_sub(1) else {
        return Vec::new();
    };
    (keep[0], keep[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let ends = [points[from], points[to]];
        let farthest = (from + 1..to)
            .map(|i| {
                let line = rate_at(&ends, f64::from(points[i].at.secs()));
                (i, (points[i].per_sec - line).abs() / frame.top)
            })
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, distance)) = farthest
            && distance > TOLERANCE
        {
            keep[i] = true;
            open.extend([(from, i), (i, to)]);
        }
    }
    points
        .iter()
        .zip(keep)
        .filter_map(|(point, kept)| kept.then_some(*point))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(secs: u32, per_sec: f64) -> RatePoint {
        RatePoint {
            at: ClockTime::from_secs(secs),
            per_sec,
        }
    }

    const FRAME: Frame = Frame {
        from: 36_000,
        to: 37_800,
        top: 100.0,
    };

    #[test]
    fn places_snap_to_steps_people_can_read() {
        assert_eq!((FRAME.time_step(), FRAME.rate_step()), (10, 1.0));
        assert_eq!(FRAME.snapped(0.5, 0.333), point(36_900, 33.0));
        assert_eq!(FRAME.snapped(-1.0, -1.0), point(36_000, 0.0));
        assert_eq!(FRAME.snapped(2.0, 2.0), point(37_800, 100.0));
        assert_eq!(FRAME.time_marks().len(), 7);
        assert_eq!(FRAME.rate_marks(), [0.0, 50.0, 100.0]);
    }

    #[test]
    fn a_point_stays_between_its_neighbours() {
        let curve = [point(36_000, 5.0), point(36_600, 10.0), point(37_200, 5.0)];
        let at = |to| moved(&curve, 1, to)[1];
        assert_eq!(at(point(36_100, 7.0)), point(36_100, 7.0));
        assert_eq!(at(point(90, 7.0)), point(36_000, 7.0));
        assert_eq!(at(point(40_000, -7.0)), point(37_200, 0.0));
        assert_eq!(stepped(&FRAME, &curve, 1, (-1, 0))[1], point(36_590, 10.0));
        assert_eq!(stepped(&FRAME, &curve, 1, (0, 10))[1], point(36_600, 20.0));
    }

    #[test]
    fn points_come_and_go() {
        let curve = [point(36_000, 5.0), point(37_000, 15.0)];
        let (more, index) = added_after(&FRAME, &curve, 0);
        assert_eq!((more[1], index), (point(36_500, 10.0), 1));
        let (more, index) = added_after(&FRAME, &more, 2);
        assert_eq!((more[3], index), (point(37_400, 15.0), 3));
        assert_eq!(added(&curve, point(36_000, 9.0)).1, 1);
        assert_eq!(removed(&curve, 0), Some(vec![curve[1]]));
        assert_eq!(removed(&curve[..1], 0), None);
    }

    #[test]
    fn a_straight_stroke_leaves_two_points_and_what_is_beside_it() {
        let curve = [point(36_000, 5.0), point(36_900, 50.0), point(37_800, 5.0)];
        let after = drawn(&FRAME, &curve, &[(0.25, 0.2), (0.4, 0.2), (0.75, 0.2)]);
        let expected = [curve[0], point(36_450, 20.0), point(37_350, 20.0), curve[2]];
        assert_eq!(after, expected);
        // A click is no stroke.
        assert_eq!(drawn(&FRAME, &curve, &[(0.5, 0.5)]), curve);
    }

    #[test]
    fn visitors_are_the_area() {
        let curve = [point(36_000, 0.0), point(36_100, 10.0)];
        assert!((expected(&curve, 36_000, 36_200) - 1_500.0).abs() < 1e-9);
        // A jump: two points at one moment.
        let jump = [point(36_100, 0.0), point(36_100, 10.0)];
        assert!((expected(&jump, 36_000, 36_200) - 1_000.0).abs() < 1e-9);
        assert!((expected(&[], 0, 10)).abs() < 1e-9);
    }

    #[test]
    fn a_peak_factor_keeps_the_number_of_visitors() {
        let point = |hour: u32, per_sec| RatePoint {
            at: ClockTime::from_secs(hour * 3_600),
            per_sec,
        };
        let day = 86_400;
        let curve = [
            point(0, 10.0),
            point(4, 2.0),
            point(21, 30.0),
            point(24, 10.0),
        ];
        let came = expected(&curve, 0, day);
        for wanted in [1.2, 2.0, 3.0, 6.0] {
            let steeper = with_peak_factor(&curve, 0, day, wanted);
            let found = peak_factor(&steeper, 0, day).unwrap_or_default();
            assert!((found - wanted).abs() < 0.01, "{wanted}: {found}");
            assert!((expected(&steeper, 0, day) / came - 1.0).abs() < 1e-4);
        }
        let flat = [point(0, 5.0)];
        assert_eq!(with_peak_factor(&flat, 0, day, 3.0), flat);
        assert_eq!(peak_factor(&flat, 0, day), Some(1.0));
        assert_eq!(peak_factor(&[point(0, 0.0)], 0, day), None);
    }
}
