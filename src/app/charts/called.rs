//! What a component is called wherever a run is told of: its name, and its id where another has the same name.

use archplay_model::{Component, Design, Id, Kind};
use archplay_text::{Lang, t};

/// The kinds of those that have no name of their own: other kinds' texts may not be here yet.
fn unnamed(design: &Design) -> impl Iterator<Item = Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for component in design.components.values() {
        if component.name.is_empty() && !kinds.contains(&component.kind) {
            kinds.push(component.kind);
        }
    }
    kinds.into_iter()
}

/// The name of a component; with its id if another has the same.
pub fn component_name(design: Option<&Design>, id: &Id, lang: Lang) -> String {
    let Some((design, own)) = design.and_then(|design| Some((design, design.get(id)?))) else {
        return id.to_string();
    };
    let kind_name = |kind: Kind| t(lang, &format!("kind.{}.name", kind.slug())).into_owned();
    let name = match own.name.is_empty() {
        true => kind_name(own.kind),
        false => own.name.clone(),
    };
    // Looked up once for each kind, not for each component.
    let called_so: Vec<Kind> = match own.name.is_empty() {
        true => vec![own.kind],
        false => unnamed(design)
            .filter(|kind| kind_name(*kind) == name)
            .collect(),
    };
    let twin = |other: &Component| match other.name.is_empty() {
        true => called_so.contains(&other.kind),
        false => other.name == name,
    };
    let mut others = design.components.values().filter(|other| other.id != *id);
    if others.any(twin) {
        format!("{name} ({id})")
    } else {
        name
    }
}
