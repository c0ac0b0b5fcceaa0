//! The sweep of everything that must hold of a document, for tests after every command.

use archplay_model::limits::{MAX_COMPONENTS, MAX_COORDINATE, MAX_LINKS, MAX_NAME_CHARS};
use archplay_model::{Component, Design};

use crate::mend::parent_fits;
use crate::nesting::{MIN_GROUP_H, MIN_GROUP_W};
use crate::{Editor, Tool};

impl Editor {
    /// Checks all invariants of the document and of what refers to it.
    ///
    /// # Errors
    /// The first that does not hold, in words for a developer.
    pub fn check_invariants(&self) -> Result<(), String> {
        check_design(self.design())?;
        for id in &self.selection().components {
            if self.design().get(id).is_none() {
                return Err(format!("selected component {id} does not exist"));
            }
        }
        for key in &self.selection().links {
            if !self.design().links.contains_key(key) {
                return Err(format!("selected link {} does not exist", key.name()));
            }
        }
        if let Tool::Connect(connecting) = self.tool()
            && self.design().get(&connecting.from).is_none()
        {
            return Err("a link is drawn from nowhere".into());
        }
        if !self.camera().zoom.is_finite() || !self.camera().x.is_finite() {
            return Err("the camera is nowhere".into());
        }
        Ok(())
    }
}

fn check_design(design: &Design) -> Result<(), String> {
    if design.components.len() > MAX_COMPONENTS || design.links.len() > MAX_LINKS {
        return Err("beyond the limits".into());
    }
    for (id, component) in &design.components {
        if *id != component.id {
            return Err(format!(
                "{id} is kept under another id than {}",
                component.id
            ));
        }
        check_component(component)?;
        if !parent_fits(design, component) {
            return Err(format!(
                "{id} stands in {:?}, which may not hold it",
                component.parent
            ));
        }
    }
    for key in design.links.keys() {
        if design.get(&key.from).is_none() || design.get(&key.to).is_none() {
            return Err(format!("link {} has a loose end", key.name()));
        }
    }
    Ok(())
}

fn check_component(component: &Component) -> Result<(), String> {
    let id = &component.id;
    for (what, value) in [("x", component.x), ("y", component.y)] {
        if !(-MAX_COORDINATE..=MAX_COORDINATE).contains(&value) {
            return Err(format!("{id} has {what} = {value}"));
        }
    }
    let size = (component.w, component.h);
    if component.kind.is_group() {
        if !(size.0.is_finite() && size.1.is_finite())
            || size.0 < MIN_GROUP_W
            || size.1 < MIN_GROUP_H
        {
            return Err(format!("group {id} has size {size:?}"));
        }
    } else if size != Component::default_size(component.kind) {
        return Err(format!("card {id} has size {size:?}"));
    }
    if component.name.chars().count() > MAX_NAME_CHARS
        || component.name.chars().any(char::is_control)
    {
        return Err(format!("{id} has a name that no file can hold"));
    }
    Ok(())
}
