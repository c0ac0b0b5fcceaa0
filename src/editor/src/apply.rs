//! Carrying a command out on a design.

use std::collections::{BTreeMap, BTreeSet};

use archplay_model::limits::{MAX_COMPONENTS, MAX_COORDINATE, MAX_LINKS, MAX_NAME_CHARS};
use archplay_model::{
    Component, Design, Id, Kind, Link, LinkKey, LinkRefusal, Rect, Value, catalogue, link_rule,
    may_link_itself,
};

use crate::geometry::sane;
use crate::nesting::{self, MIN_GROUP_H, MIN_GROUP_W};
use crate::{Command, EditRefusal, Outcome, layout, mend};

/// Carries out a command. On refusal the design may be half changed: the caller works on a copy.
pub(crate) fn run(design: &mut Design, command: Command) -> Result<Outcome, EditRefusal> {
    let outcome = carry_out(design, command)?;
    design.components.values_mut().for_each(mend::tidy_up);
    Ok(outcome)
}

fn carry_out(design: &mut Design, command: Command) -> Result<Outcome, EditRefusal> {
    let done = Ok(Outcome::default());
    match command {
        Command::Add { kind, x, y } => return add(design, kind, x, y),
        Command::Nudge { ids, dx, dy } => {
            let roots = shift(design, &ids, dx, dy)?;
            nesting::rehome(design, &roots);
        }
        Command::Move { ids, dx, dy } => {
            let roots = shift(design, &ids, dx, dy)?;
            settle(design, &roots);
        }
        Command::Resize { id, rect } => resize(design, &id, rect)?,
        Command::SetParent { id, parent } => set_parent(design, &id, parent)?,
        Command::Ungroup { id } => ungroup(design, &id)?,
        Command::Rename { id, name } => {
            let name = checked_name(name)?;
            component_mut(design, &id)?.name = name;
        }
        Command::RenameDesign { name } => design.name = checked_name(name)?,
        Command::SetParam { ids, key, value } => set_param(design, &ids, &key, &value)?,
        Command::ResetParam { ids, key } => {
            for id in &ids {
                component_mut(design, id)?.params.remove(&key);
            }
        }
        Command::Connect { from, to } => return connect(design, from, to),
        Command::SetLabel { link, label } => {
            let label = checked_name(label)?;
            let (from, to) = (link.from.clone(), link.to.clone());
            let found = design.links.get_mut(&link);
            found.ok_or(EditRefusal::NoLink { from, to })?.label = label;
        }
        Command::Remove { ids, links } => remove(design, &ids, &links)?,
        Command::Paste { fragment, dx, dy } => return paste(design, fragment, dx, dy),
        Command::Layout => layout::arrange(design),
        Command::Replace { design: new } | Command::Open { design: new } => {
            return replace(design, new);
        }
    }
    done
}

fn component_mut<'a>(design: &'a mut Design, id: &Id) -> Result<&'a mut Component, EditRefusal> {
    design
        .components
        .get_mut(id)
        .ok_or_else(|| EditRefusal::NoComponent(id.clone()))
}

fn all_exist(design: &Design, ids: &BTreeSet<Id>) -> Result<(), EditRefusal> {
    match ids.iter().find(|id| design.get(id).is_none()) {
        Some(id) => Err(EditRefusal::NoComponent(id.clone())),
        None => Ok(()),
    }
}

/// Homes, and groups that take in and grow: what happens when components are let go of.
fn settle(design: &mut Design, roots: &BTreeSet<Id>) {
    nesting::rehome(design, roots);
    nesting::take_in(design, roots);
    for id in roots {
        nesting::grow_around(design, id);
    }
}

fn add(design: &mut Design, kind: Kind, x: f64, y: f64) -> Result<Outcome, EditRefusal> {
    if design.components.len() >= MAX_COMPONENTS {
        return Err(EditRefusal::Full {
            max: MAX_COMPONENTS,
        });
    }
    let id = design.free_id(kind);
    let component = Component::new(id.clone(), kind, sane(x), sane(y));
    design.components.insert(id.clone(), component);
    settle(design, &BTreeSet::from([id.clone()]));
    Ok(Outcome {
        created: vec![id],
        ..Outcome::default()
    })
}

/// Moves components and their content, not beyond the edge of the canvas. Returns the roots.
fn shift(
    design: &mut Design,
    ids: &BTreeSet<Id>,
    dx: f64,
    dy: f64,
) -> Result<BTreeSet<Id>, EditRefusal> {
    all_exist(design, ids)?;
    let roots = nesting::roots(design, ids);
    let moving = nesting::with_content(design, &roots);
    let (mut dx, mut dy) = (sane(dx), sane(dy));
    for component in moving.iter().filter_map(|id| design.get(id)) {
        dx = dx.clamp(-MAX_COORDINATE - component.x, MAX_COORDINATE - component.x);
        dy = dy.clamp(-MAX_COORDINATE - component.y, MAX_COORDINATE - component.y);
    }
    for id in &moving {
        let component = component_mut(design, id)?;
        component.x = sane(component.x + dx);
        component.y = sane(component.y + dy);
    }
    Ok(roots)
}

fn resize(design: &mut Design, id: &Id, rect: Rect) -> Result<(), EditRefusal> {
    if !component_mut(design, id)?.kind.is_group() {
        return Err(EditRefusal::NotAGroup(id.clone()));
    }
    let mut frame = Rect {
        x: sane(rect.x),
        y: sane(rect.y),
        w: sane(rect.w).max(MIN_GROUP_W),
        h: sane(rect.h).max(MIN_GROUP_H),
    };
    if let Some(need) = nesting::needed(design, id) {
        frame = frame.union(&need);
    }
    let group = component_mut(design, id)?;
    (group.x, group.y, group.w, group.h) =
        (sane(frame.x), sane(frame.y), sane(frame.w), sane(frame.h));
    nesting::take_in(design, &BTreeSet::from([id.clone()]));
    nesting::grow_around(design, id);
    Ok(())
}

fn set_parent(design: &mut Design, id: &Id, parent: Option<Id>) -> Result<(), EditRefusal> {
    let kind = component_mut(design, id)?.kind;
    if let Some(parent) = &parent {
        let group = component_mut(design, parent)?.kind;
        if !group.is_group() {
            return Err(EditRefusal::NotAGroup(parent.clone()));
        }
        if parent == id || design.ancestors(parent).iter().any(|a| &a.id == id) {
            return Err(EditRefusal::ParentCycle);
        }
        if !kind.may_be_in(Some(group)) {
            return Err(EditRefusal::ParentNotAllowed { kind, group });
        }
    }
    let (dx, dy) = way_into(design, id, parent.as_ref());
    shift(design, &BTreeSet::from([id.clone()]), dx, dy)?;
    component_mut(design, id)?.parent = parent;
    nesting::grow_around(design, id);
    Ok(())
}

/// How far a component must move to be seen inside its new group, or outside all.
fn way_into(design: &Design, id: &Id, parent: Option<&Id>) -> (f64, f64) {
    let Some(rect) = design.get(id).map(Component::rect) else {
        return (0.0, 0.0);
    };
    let (cx, cy) = rect.center();
    match parent.and_then(|p| design.get(p)) {
        Some(group) if group.rect().contains(cx, cy) => (0.0, 0.0),
        Some(group) => {
            let content = design
                .children(&group.id)
                .filter(|c| c.id != *id)
                .map(|c| c.y + c.h);
            let below = content.fold(group.y + nesting::GROUP_HEADER, |a, b| {
                a.max(b + nesting::GROUP_PAD)
            });
            (group.x + nesting::GROUP_PAD - rect.x, below - rect.y)
        }
        None => match design.ancestors(id).last() {
            Some(outer) if outer.rect().intersects(&rect) => {
                (outer.x + outer.w + nesting::GROUP_PAD - rect.x, 0.0)
            }
            _ => (0.0, 0.0),
        },
    }
}

fn ungroup(design: &mut Design, id: &Id) -> Result<(), EditRefusal> {
    let group = component_mut(design, id)?;
    if !group.kind.is_group() {
        return Err(EditRefusal::NotAGroup(id.clone()));
    }
    let outer = group.parent.clone();
    let outer_kind = outer.as_ref().and_then(|o| design.get(o)).map(|o| o.kind);
    for component in design.components.values_mut() {
        if component.parent.as_ref() == Some(id) {
            component.parent = outer
                .clone()
                .filter(|_| component.kind.may_be_in(outer_kind));
        }
    }
    remove(design, &BTreeSet::from([id.clone()]), &BTreeSet::new())
}

fn checked_name(name: String) -> Result<String, EditRefusal> {
    if name.chars().filter(|c| !c.is_control()).count() > MAX_NAME_CHARS {
        return Err(EditRefusal::NameTooLong {
            max: MAX_NAME_CHARS,
        });
    }
    Ok(mend::cut(&name))
}

/// What equals the default is not written down: files hold only what a person has changed.
fn set_param(
    design: &mut Design,
    ids: &BTreeSet<Id>,
    key: &str,
    value: &Value,
) -> Result<(), EditRefusal> {
    for id in ids {
        let component = component_mut(design, id)?;
        let spec = catalogue::find(component.kind, key)
            .ok_or_else(|| EditRefusal::NoParam(key.chars().take(64).collect()))?;
        spec.accepts(value).map_err(EditRefusal::Value)?;
        if *value == spec.default_value() {
            component.params.remove(key);
        } else {
            component.params.insert(key.to_owned(), value.clone());
        }
    }
    Ok(())
}

/// Says whether two components can be linked now.
pub(crate) fn may_connect(design: &Design, from: &Id, to: &Id) -> Result<(), EditRefusal> {
    let kind = |id: &Id| {
        let found = design.get(id).map(|c| c.kind);
        found.ok_or_else(|| EditRefusal::NoComponent(id.clone()))
    };
    let (a, b) = (kind(from)?, kind(to)?);
    if from == to && !may_link_itself(a) {
        return Err(EditRefusal::Link(LinkRefusal::SelfLink));
    }
    link_rule(a, b).map_err(EditRefusal::Link)?;
    if design
        .links
        .contains_key(&LinkKey::new(from.clone(), to.clone()))
    {
        return Err(EditRefusal::AlreadyLinked);
    }
    if design.links.len() >= MAX_LINKS {
        return Err(EditRefusal::Full { max: MAX_LINKS });
    }
    Ok(())
}

fn connect(design: &mut Design, from: Id, to: Id) -> Result<Outcome, EditRefusal> {
    may_connect(design, &from, &to)?;
    let key = LinkKey::new(from, to);
    design.links.insert(key.clone(), Link::default());
    Ok(Outcome {
        connected: Some(key),
        ..Outcome::default()
    })
}

fn remove(
    design: &mut Design,
    ids: &BTreeSet<Id>,
    links: &BTreeSet<LinkKey>,
) -> Result<(), EditRefusal> {
    all_exist(design, ids)?;
    if let Some(key) = links.iter().find(|key| !design.links.contains_key(*key)) {
        return Err(EditRefusal::NoLink {
            from: key.from.clone(),
            to: key.to.clone(),
        });
    }
    let gone = nesting::with_content(design, ids);
    design.components.retain(|id, _| !gone.contains(id));
    design.links.retain(|key, _| {
        !links.contains(key) && !gone.contains(&key.from) && !gone.contains(&key.to)
    });
    Ok(())
}

fn paste(
    design: &mut Design,
    mut fragment: Design,
    dx: f64,
    dy: f64,
) -> Result<Outcome, EditRefusal> {
    let mended = mend::mend(&mut fragment);
    if fragment.components.is_empty() {
        return Err(EditRefusal::Empty);
    }
    if design.components.len() + fragment.components.len() > MAX_COMPONENTS {
        return Err(EditRefusal::Full {
            max: MAX_COMPONENTS,
        });
    }
    if design.links.len() + fragment.links.len() > MAX_LINKS {
        return Err(EditRefusal::Full { max: MAX_LINKS });
    }
    let top: BTreeSet<Id> = fragment.components.keys().cloned().collect();
    let outer = nesting::roots(&fragment, &top);
    shift(&mut fragment, &top, dx, dy)?;
    let mut new_ids: BTreeMap<Id, Id> = BTreeMap::new();
    for (id, mut component) in fragment.components {
        let new = if design.components.contains_key(&id) {
            design.free_id(component.kind)
        } else {
            id.clone()
        };
        component.id = new.clone();
        new_ids.insert(id, new.clone());
        // A parent may come later in the order and get another id: set below.
        design.components.insert(new, component);
    }
    for new in new_ids.values() {
        if let Some(component) = design.components.get_mut(new) {
            component.parent = component
                .parent
                .as_ref()
                .and_then(|p| new_ids.get(p))
                .cloned();
        }
    }
    for (key, link) in fragment.links {
        if let (Some(from), Some(to)) = (new_ids.get(&key.from), new_ids.get(&key.to)) {
            design
                .links
                .insert(LinkKey::new(from.clone(), to.clone()), link);
        }
    }
    let outer: BTreeSet<Id> = outer
        .iter()
        .filter_map(|id| new_ids.get(id))
        .cloned()
        .collect();
    nesting::rehome(design, &outer);
    for id in &outer {
        nesting::grow_around(design, id);
    }
    Ok(Outcome {
        created: new_ids.into_values().collect(),
        mended,
        ..Outcome::default()
    })
}

fn replace(design: &mut Design, mut new: Design) -> Result<Outcome, EditRefusal> {
    if new.components.len() > MAX_COMPONENTS || new.links.len() > MAX_LINKS {
        return Err(EditRefusal::Full {
            max: MAX_COMPONENTS,
        });
    }
    let mended = mend::mend(&mut new);
    *design = new;
    Ok(Outcome {
        mended,
        ..Outcome::default()
    })
}
