//! Automatic layout: columns from those who ask to those who are asked, groups from the inside out.

use std::collections::{BTreeMap, BTreeSet};

use archplay_model::{Design, Id, Rect};

use crate::geometry::to_grid;
use crate::nesting::{GROUP_HEADER, GROUP_PAD, MIN_GROUP_H, MIN_GROUP_W};

/// The room between columns; links turn there.
const COLUMN_GAP: f64 = 88.0;
/// The room between rows.
const ROW_GAP: f64 = 40.0;
/// How often the order within the columns is improved.
const SWEEPS: usize = 8;

/// Arranges the whole drawing; its top left corner stays where it is.
pub(crate) fn arrange(design: &mut Design) {
    let Some(before) = design.bounds() else {
        return;
    };
    let mut places: BTreeMap<Id, Rect> = BTreeMap::new();
    arrange_inside(design, None, &mut places);
    let all = places.values().copied().reduce(|a, b| a.union(&b));
    let Some(all) = all else { return };
    let (dx, dy) = (to_grid(before.x) - all.x, to_grid(before.y) - all.y);
    for (id, rect) in places {
        if let Some(component) = design.components.get_mut(&id) {
            (component.x, component.y) = (
                crate::geometry::sane(rect.x + dx),
                crate::geometry::sane(rect.y + dy),
            );
            if component.kind.is_group() {
                (component.w, component.h) = (rect.w, rect.h);
            }
        }
    }
}

/// Arranges what stands directly in a group (or on the canvas) with its corner at the origin, and returns
/// the size of it all. Places are absolute within the container.
fn arrange_inside(
    design: &Design,
    container: Option<&Id>,
    places: &mut BTreeMap<Id, Rect>,
) -> (f64, f64) {
    let members: Vec<Id> = design
        .components
        .values()
        .filter(|c| c.parent.as_ref() == container)
        .map(|c| c.id.clone())
        .collect();
    let mut inner: BTreeMap<Id, BTreeMap<Id, Rect>> = BTreeMap::new();
    let mut sizes: BTreeMap<Id, (f64, f64)> = BTreeMap::new();
    for id in &members {
        let Some(component) = design.get(id) else {
            continue;
        };
        let size = if component.kind.is_group() {
            let mut content = BTreeMap::new();
            let (w, h) = arrange_inside(design, Some(id), &mut content);
            let empty = content.is_empty();
            inner.insert(id.clone(), content);
            if empty {
                (component.w, component.h)
            } else {
                (
                    (w + 2.0 * GROUP_PAD).max(MIN_GROUP_W),
                    (h + GROUP_HEADER + GROUP_PAD).max(MIN_GROUP_H),
                )
            }
        } else {
            (component.w, component.h)
        };
        sizes.insert(id.clone(), size);
    }
    let edges = edges_between(design, container, &sizes);
    let columns = ordered(columns_of(&members, &edges), &edges);
    let size_of = |id: &Id| sizes.get(id).copied().unwrap_or_default();
    let heights: Vec<f64> = columns
        .iter()
        .map(|c| c.iter().map(|id| size_of(id).1 + ROW_GAP).sum::<f64>() - ROW_GAP)
        .collect();
    let height = heights.iter().copied().fold(0.0, f64::max);
    let mut x = 0.0;
    for (column, column_height) in columns.iter().zip(&heights) {
        let width = column.iter().map(|id| size_of(id).0).fold(0.0, f64::max);
        let mut y = to_grid((height - column_height) / 2.0);
        for id in column {
            let (w, h) = size_of(id);
            let at = (x + to_grid((width - w) / 2.0), y);
            places.insert(
                id.clone(),
                Rect {
                    x: at.0,
                    y: at.1,
                    w,
                    h,
                },
            );
            for (child, rect) in inner.remove(id).unwrap_or_default() {
                let moved = Rect {
                    x: rect.x + at.0 + GROUP_PAD,
                    y: rect.y + at.1 + GROUP_HEADER,
                    ..rect
                };
                places.insert(child, moved);
            }
            y += to_grid(h + ROW_GAP);
        }
        x += to_grid(width + COLUMN_GAP);
    }
    ((x - COLUMN_GAP).max(0.0), height)
}

/// Links lifted to the members of a container: from the member that holds one end to that of the other.
fn edges_between(
    design: &Design,
    container: Option<&Id>,
    members: &BTreeMap<Id, (f64, f64)>,
) -> BTreeSet<(Id, Id)> {
    let lift = |id: &Id| -> Option<Id> {
        let component = design.get(id)?;
        if component.parent.as_ref() == container {
            return Some(component.id.clone());
        }
        let around = design.ancestors(id);
        let member = around.into_iter().find(|a| a.parent.as_ref() == container);
        member.map(|m| m.id.clone())
    };
    design
        .links
        .keys()
        .filter_map(|key| Some((lift(&key.from)?, lift(&key.to)?)))
        .filter(|(a, b)| a != b && members.contains_key(a) && members.contains_key(b))
        .collect()
}

/// Puts each member one column after the last of those who ask it; links that close a ring are left out.
fn columns_of(members: &[Id], edges: &BTreeSet<(Id, Id)>) -> Vec<Vec<Id>> {
    let mut column: BTreeMap<&Id, usize> = members.iter().map(|id| (id, 0)).collect();
    // As many rounds as members settle every drawing without rings; with rings the cap ends them.
    for _ in 0..members.len().min(64) {
        let mut changed = false;
        for (from, to) in edges {
            let wanted = column.get(from).copied().unwrap_or(0) + 1;
            if column.get(to).copied().unwrap_or(0) < wanted && wanted < members.len() {
                column.insert(to, wanted);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut out: Vec<Vec<Id>> = Vec::new();
    let used: BTreeSet<usize> = column.values().copied().collect();
    for wanted in used {
        out.push(
            members
                .iter()
                .filter(|id| column.get(id) == Some(&wanted))
                .cloned()
                .collect(),
        );
    }
    out
}

/// Orders the columns so that neighbours stand near each other: by the mean place of those linked with.
fn ordered(mut columns: Vec<Vec<Id>>, edges: &BTreeSet<(Id, Id)>) -> Vec<Vec<Id>> {
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let count = columns.len();
        for step in 1..count {
            let (at, other) = if forward {
                (step, step - 1)
            } else {
                (count - 1 - step, count - step)
            };
            let place: BTreeMap<&Id, f64> = columns[other]
                .iter()
                .enumerate()
                .map(|(i, id)| (id, i as f64))
                .collect();
            let mean = |id: &Id, own: usize| {
                let (mut sum, mut n) = (0.0, 0.0);
                for (from, to) in edges {
                    let neighbour = if from == id {
                        to
                    } else if to == id {
                        from
                    } else {
                        continue;
                    };
                    if let Some(i) = place.get(neighbour) {
                        sum += i;
                        n += 1.0;
                    }
                }
                if n > 0.0 { sum / n } else { own as f64 }
            };
            let mut keyed: Vec<(f64, Id)> = columns[at]
                .iter()
                .enumerate()
                .map(|(i, id)| (mean(id, i), id.clone()))
                .collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            columns[at] = keyed.into_iter().map(|(_, id)| id).collect();
        }
    }
    columns
}
