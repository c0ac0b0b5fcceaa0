//! Mending designs from outside, so that what the editor holds always fits together.

use archplay_model::format::DESIGN_SCHEMA;
use archplay_model::limits::{MAX_NAME_CHARS, MAX_PARAMS};
use archplay_model::{Component, Design, Id, Location, Problem, Value};

use crate::geometry::{sane, tidy};
use crate::nesting::{MIN_GROUP_H, MIN_GROUP_W};

/// Brings a design into a state that keeps the invariants and tells what was lost by it.
///
/// Designs that come through `format::read_design` are mended there already; what is left are parents
/// that the kinds do not allow. The rest guards against callers who built a design by hand.
pub(crate) fn mend(design: &mut Design) -> Vec<Problem> {
    debug_assert!(
        DESIGN_SCHEMA.ends_with("/1"),
        "a new version may need new mending"
    );
    let mut problems = Vec::new();
    design.name = cut(&design.name);
    for (id, component) in &mut design.components {
        if component.id != *id {
            component.id = id.clone();
        }
        mend_one(component);
    }
    loop {
        let lost: Vec<Id> = design
            .components
            .values()
            .filter(|c| !parent_fits(design, c))
            .map(|c| c.id.clone())
            .collect();
        if lost.is_empty() {
            break;
        }
        for id in lost {
            if let Some(component) = design.components.get_mut(&id) {
                let parent = component.parent.take();
                problems.push(
                    Problem::warning("dropped_parent", Location::Component(id.clone()))
                        .with("id", &id)
                        .with("parent", parent.map_or_else(String::new, |p| p.to_string())),
                );
            }
        }
    }
    let dangling: Vec<_> = design
        .links
        .keys()
        .filter(|key| design.get(&key.from).is_none() || design.get(&key.to).is_none())
        .cloned()
        .collect();
    for key in dangling {
        design.links.remove(&key);
        let missing = if design.get(&key.from).is_none() {
            &key.from
        } else {
            &key.to
        };
        problems.push(
            Problem::warning("dropped_link", Location::Link(key.clone()))
                .with("from", &key.from)
                .with("to", &key.to)
                .with("missing", missing),
        );
    }
    for link in design.links.values_mut() {
        link.label = cut(&link.label);
    }
    problems
}

/// Whether a component's parent exists, may hold it, and is not inside it.
pub(crate) fn parent_fits(design: &Design, component: &Component) -> bool {
    let Some(parent) = &component.parent else {
        return true;
    };
    let Some(group) = design.get(parent) else {
        return false;
    };
    component.kind.may_be_in(Some(group.kind))
        && group.id != component.id
        && design
            .ancestors(parent)
            .iter()
            .all(|a| a.id != component.id)
}

fn mend_one(component: &mut Component) {
    component.name = cut(&component.name);
    if component.kind.is_group() {
        component.w = sane(component.w).max(MIN_GROUP_W);
        component.h = sane(component.h).max(MIN_GROUP_H);
    } else {
        (component.w, component.h) = Component::default_size(component.kind);
    }
    tidy_up(component);
    let unusable = |value: &Value| matches!(value, Value::Number(n) if !n.is_finite());
    component.params.retain(|_, value| !unusable(value));
    while component.params.len() > MAX_PARAMS {
        component.params.pop_last();
    }
}

/// Brings place and size into the form that documents hold.
pub(crate) fn tidy_up(component: &mut Component) {
    for value in [
        &mut component.x,
        &mut component.y,
        &mut component.w,
        &mut component.h,
    ] {
        *value = tidy(*value);
    }
}

pub(crate) fn cut(name: &str) -> String {
    if name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control) {
        return name.to_owned();
    }
    name.chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME_CHARS)
        .collect()
}
