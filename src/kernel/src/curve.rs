//! Arrival rates over time: straight lines between points, and their exact inversion.

/// A rate curve in seconds and events per second.
#[derive(Clone, Debug)]
pub struct RateCurve {
    /// (begin in seconds, rate at the begin, slope, area before); the last goes on for ever.
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    begin: f64,
    rate: f64,
    slope: f64,
    before: f64,
    /// 1 / rate, for pieces without a slope.
    secs_each: f64,
}

impl RateCurve {
    /// Makes a curve from points (seconds, rate) in order of time, shifted so that `start` is 0. Constant
    /// before the first point and after the last. Two points at one time are a jump.
    #[must_use]
    pub fn new(points: &[(f64, f64)], start: f64) -> Self {
        let rate_at = |t: f64| -> f64 {
            let after = points.iter().position(|p| p.0 > t);
            match after {
                None => points.last().map_or(0.0, |p| p.1),
                Some(0) => points[0].1,
                Some(i) => {
                    let (a, b) = (points[i - 1], points[i]);
                    a.1 + (b.1 - a.1) * (t - a.0) / (b.0 - a.0)
                }
            }
        };
        let mut knots: Vec<(f64, f64)> = vec![(0.0, rate_at(start))];
        knots.extend(
            points
                .iter()
                .filter(|p| p.0 > start)
                .map(|p| (p.0 - start, p.1)),
        );
        let mut pieces = Vec::with_capacity(knots.len());
        let mut before = 0.0;
        for (i, &(begin, rate)) in knots.iter().enumerate() {
            let (slope, length) = match knots.get(i + 1) {
                Some(&(next, to)) if next > begin => ((to - rate) / (next - begin), next - begin),
                Some(_) => (0.0, 0.0),
                None => (0.0, 0.0),
            };
            pieces.push(Piece {
                begin,
                rate,
                slope,
                before,
                secs_each: 1.0 / rate,
            });
            before += (rate + slope * length / 2.0) * length;
        }
        Self { pieces }
    }

    /// The rate at a time in seconds after the start.
    #[must_use]
    pub fn rate(&self, secs: f64) -> f64 {
        let i = self.pieces.partition_point(|piece| piece.begin <= secs);
        let Some(piece) = self.pieces.get(i.saturating_sub(1)) else {
            return 0.0;
        };
        piece.rate + piece.slope * (secs - piece.begin)
    }

    /// The area under the curve from the start to a time in seconds.
    #[must_use]
    pub fn area(&self, secs: f64) -> f64 {
        let i = self.pieces.partition_point(|piece| piece.begin <= secs);
        let Some(piece) = self.pieces.get(i.saturating_sub(1)) else {
            return 0.0;
        };
        let span = secs - piece.begin;
        piece.before + (piece.rate + piece.slope * span / 2.0) * span
    }

    /// The greatest rate between two times in seconds.
    #[must_use]
    pub fn max_rate(&self, from: f64, to: f64) -> f64 {
        let inside = self
            .pieces
            .iter()
            .filter(|piece| piece.begin > from && piece.begin <= to);
        // A jump down inside the stretch: the rate just before it counts.
        let before = self
            .pieces
            .iter()
            .zip(self.pieces.iter().skip(1))
            .filter(|(_, next)| next.begin > from && next.begin <= to)
            .map(|(piece, next)| piece.rate + piece.slope * (next.begin - piece.begin));
        inside
            .map(|piece| piece.rate)
            .chain(before)
            .chain([self.rate(from), self.rate(to)])
            .fold(0.0, f64::max)
    }

    /// As [`RateCurve::time_of_area`] for areas that only rise: `at` remembers the piece of the last one.
    #[must_use]
    #[inline]
    pub fn next_time_of_area(&self, at: &mut usize, area: f64) -> f64 {
        while self
            .pieces
            .get(*at + 1)
            .is_some_and(|next| next.before <= area)
        {
            *at += 1;
        }
        self.pieces
            .get(*at)
            .map_or(f64::INFINITY, |piece| piece.time_of_area(area))
    }

    /// The time in seconds at which the area under the curve reaches `area`; infinite if it never does.
    #[must_use]
    pub fn time_of_area(&self, area: f64) -> f64 {
        let i = self.pieces.partition_point(|piece| piece.before <= area);
        let piece = self.pieces.get(i.saturating_sub(1));
        piece.map_or(f64::INFINITY, |piece| piece.time_of_area(area))
    }
}

impl Piece {
    #[inline]
    fn time_of_area(&self, area: f64) -> f64 {
        let piece = self;
        let rest = area - piece.before;
        if piece.slope == 0.0 && piece.rate > 0.0 {
            return piece.begin + rest * piece.secs_each;
        }
        // rate·x + slope·x²/2 = rest, in the form that stays exact for a slope near 0.
        let root = piece.rate * piece.rate + 2.0 * piece.slope * rest;
        let divisor = piece.rate + if root > 0.0 { root.sqrt() } else { 0.0 };
        if divisor > 0.0 {
            piece.begin + 2.0 * rest / divisor
        } else {
            f64::INFINITY
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverts_exactly() {
        let curve = RateCurve::new(
            &[(100.0, 10.0), (200.0, 30.0), (200.0, 5.0), (300.0, 0.0)],
            50.0,
        );
        // 50 s at 10, then 100 s rising to 30, then 100 s falling from 5 to 0.
        for (area, time) in [(0.0, 0.0), (250.0, 25.0), (500.0, 50.0), (2_500.0, 150.0)] {
            assert!((curve.time_of_area(area) - time).abs() < 1e-9, "{area}");
        }
        // 40 s into the rise: 500 + 10·40 + 0.2·40²/2.
        assert!((curve.time_of_area(1_060.0) - 90.0).abs() < 1e-9);
        assert!(curve.time_of_area(2_751.0).is_infinite());
        assert!((curve.area(90.0) - 1_060.0).abs() < 1e-9);
        assert!((curve.max_rate(60.0, 160.0) - 30.0).abs() < 1e-9);
        assert!((curve.max_rate(155.0, 160.0) - 4.75).abs() < 1e-9);
        assert!((curve.rate(100.0) - 20.0).abs() < 1e-9);
        assert!((curve.rate(150.0) - 5.0).abs() < 1e-9);
    }
}
