//! Where labels stand in a drawing so that they do not cover each other. Pure.

/// Height of a line of text in the drawings' units.
pub const LINE: f64 = 14.0;

/// A label on its way to its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The left edge.
    pub left: f64,
    /// The line that the letters stand on.
    pub base: f64,
    /// How wide it is, about.
    pub width: f64,
}

/// About how wide a text is: Korean letters are wider than others.
pub fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| if c.is_ascii() { 7.0 } else { 12.0 })
        .sum()
}

/// Places labels beside points, within a room from (0, 0) to (`w`, `h`): above, below, further away, the first
/// place where nothing is yet; in the order in which they come.
pub fn place(points: &[(f64, f64, &str)], w: f64, h: f64) -> Vec<Label> {
    let mut out: Vec<Label> = Vec::new();
    for (x, y, text) in points {
        let width = width(text);
        let beside = if *x > w / 2.0 {
            x - width - 7.0
        } else {
            x + 7.0
        };
        let left = beside.clamp(0.0, (w - width).max(0.0));
        let tried = [-6.0, 16.0, -20.0, 30.0, -34.0, 44.0].map(|away| Label {
            left,
            base: y + away,
            width,
        });
        let fits = |label: &&Label| {
            let inside = label.base >= LINE - 3.0 && label.base <= h - 2.0;
            inside && out.iter().all(|other| apart(label, other))
        };
        let chosen = tried.iter().find(fits).unwrap_or(&tried[0]).clone();
        out.push(chosen);
    }
    out
}

fn apart(a: &Label, b: &Label) -> bool {
    (a.base - b.base).abs() >= LINE || a.left + a.width < b.left || b.left + b.width < a.left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_at_one_point_stand_apart_and_inside() {
        let points = [
            (200.0, 100.0, "36분"),
            (210.0, 100.0, "43.5분"),
            (200.0, 98.0, "x"),
        ];
        let placed = place(&points, 240.0, 110.0);
        for (i, label) in placed.iter().enumerate() {
            assert!(label.left >= 0.0 && label.left + label.width <= 240.0);
            assert!(
                placed[..i].iter().all(|other| apart(label, other)),
                "{placed:?}"
            );
        }
    }

    #[test]
    fn near_the_top_a_label_stands_below() {
        let placed = place(&[(10.0, 2.0, "a")], 100.0, 100.0);
        assert!(placed[0].base > 10.0);
    }
}
