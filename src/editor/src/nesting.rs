//! Groups: who belongs into which, what moves along, and how large a group must be.

use std::collections::BTreeSet;

use archplay_model::{Design, Id, Kind, Rect};

use crate::Point;

/// The room between a group's frame and what is in it.
pub const GROUP_PAD: f64 = 16.0;
/// The room for a group's title at its top.
pub const GROUP_HEADER: f64 = 32.0;
/// The least width of a group.
pub const MIN_GROUP_W: f64 = 80.0;
/// The least height of a group.
pub const MIN_GROUP_H: f64 = 60.0;

/// Those of the components that do not stand in another of them: moving these moves all.
pub(crate) fn roots(design: &Design, ids: &BTreeSet<Id>) -> BTreeSet<Id> {
    ids.iter()
        .filter(|id| design.components.contains_key(*id))
        .filter(|id| design.ancestors(id).iter().all(|a| !ids.contains(&a.id)))
        .cloned()
        .collect()
}

/// The components and everything in them.
pub(crate) fn with_content(design: &Design, ids: &BTreeSet<Id>) -> BTreeSet<Id> {
    let mut out: BTreeSet<Id> = BTreeSet::new();
    for component in design.components.values() {
        let inside = || {
            design
                .ancestors(&component.id)
                .iter()
                .any(|a| ids.contains(&a.id))
        };
        if ids.contains(&component.id) || inside() {
            out.insert(component.id.clone());
        }
    }
    out
}

/// The innermost group at a point that may hold the kind, leaving some groups out.
pub(crate) fn group_at(
    design: &Design,
    kind: Kind,
    point: Point,
    except: &BTreeSet<Id>,
) -> Option<Id> {
    design
        .components
        .values()
        .filter(|c| kind.may_be_in(Some(c.kind)) && !except.contains(&c.id))
        .filter(|c| c.rect().contains(point.x, point.y))
        .min_by(|a, b| {
            let depth = |c: &archplay_model::Component| design.ancestors(&c.id).len();
            depth(b)
                .cmp(&depth(a))
                .then((a.w * a.h).total_cmp(&(b.w * b.h)))
                .then(a.id.cmp(&b.id))
        })
        .map(|c| c.id.clone())
}

/// Gives each of the roots the parent at whose place its middle stands.
pub(crate) fn rehome(design: &mut Design, roots: &BTreeSet<Id>) {
    let moved = with_content(design, roots);
    for id in roots {
        let Some(component) = design.get(id) else {
            continue;
        };
        let (x, y) = component.rect().center();
        let parent = group_at(design, component.kind, Point::new(x, y), &moved);
        if let Some(component) = design.components.get_mut(id) {
            component.parent = parent;
        }
    }
}

/// Lets groups take in what stands beside them in the tree but wholly inside their frame, so that what
/// looks contained is contained.
pub(crate) fn take_in(design: &mut Design, groups: &BTreeSet<Id>) {
    for id in groups {
        let Some(group) = design.get(id).filter(|c| c.kind.is_group()) else {
            continue;
        };
        let (frame, kind, parent) = (group.rect(), group.kind, group.parent.clone());
        let inside: Vec<Id> = design
            .components
            .values()
            .filter(|c| c.parent == parent && !groups.contains(&c.id))
            .filter(|c| c.kind.may_be_in(Some(kind)) && frame.contains_rect(&c.rect()))
            .map(|c| c.id.clone())
            .collect();
        for child in inside {
            if let Some(component) = design.components.get_mut(&child) {
                component.parent = Some(id.clone());
            }
        }
    }
}

/// The least frame that holds a group's content; `None` for an empty group.
pub(crate) fn needed(design: &Design, group: &Id) -> Option<Rect> {
    let content = design
        .children(group)
        .map(archplay_model::Component::rect)
        .reduce(|a, b| a.union(&b))?;
    Some(Rect {
        x: content.x - GROUP_PAD,
        y: content.y - GROUP_HEADER,
        w: content.w + 2.0 * GROUP_PAD,
        h: content.h + GROUP_HEADER + GROUP_PAD,
    })
}

/// Grows the groups around a component until each holds its content.
pub(crate) fn grow_around(design: &mut Design, id: &Id) {
    let around: Vec<Id> = design.ancestors(id).iter().map(|a| a.id.clone()).collect();
    for group in around {
        let Some(need) = needed(design, &group) else {
            continue;
        };
        if let Some(component) = design.components.get_mut(&group) {
            let frame = component.rect().union(&need);
            (component.x, component.y) = (frame.x, frame.y);
            (component.w, component.h) = (frame.w, frame.h);
        }
    }
}
