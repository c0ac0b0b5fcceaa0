//! Reading order and neighbours by direction: how the keyboard walks through the drawing.

use archplay_model::{Component, Design, Id};

use crate::Direction;

/// Components whose tops differ by less than this stand in one row: half a card.
const ROW: f64 = 32.0;

/// Components row by row from the top, in a row from the left; those of a kind that `pick` accepts.
pub(crate) fn reading_order(design: &Design, pick: impl Fn(&Component) -> bool) -> Vec<Id> {
    let mut all: Vec<&Component> = design.components.values().filter(|c| pick(c)).collect();
    all.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.id.cmp(&b.id)));
    let mut rows: Vec<Vec<&Component>> = Vec::new();
    for component in all {
        match rows.last_mut() {
            Some(row) if component.y - row[0].y < ROW => row.push(component),
            _ => rows.push(vec![component]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.id.cmp(&b.id)));
    }
    rows.into_iter().flatten().map(|c| c.id.clone()).collect()
}

/// The one of the ids that lies nearest in a direction from a component, straight ahead preferred.
pub(crate) fn neighbour(
    design: &Design,
    from: &Id,
    direction: Direction,
    ids: &[Id],
) -> Option<Id> {
    let (x, y) = design.get(from)?.rect().center();
    let (sx, sy) = direction.step();
    ids.iter()
        .filter(|id| *id != from)
        .filter_map(|id| {
            let (ox, oy) = design.get(id)?.rect().center();
            let (dx, dy) = (ox - x, oy - y);
            let ahead = dx * sx + dy * sy;
            let aside = (dx * sy).abs() + (dy * sx).abs();
            (ahead > 1.0).then_some((ahead + 2.0 * aside, id))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id.clone())
}
