//! Finds the drawing that belongs to a place: the one last open there, the last changed one, or a new one.

use archplay_model::Design;
use archplay_model::format::read_design;

use crate::app::route::Desk;
use crate::app::store::keeper::{Open, new_id};
use crate::app::store::local;
use crate::app::store::record::{DrawingRecord, latest};
use crate::app::store::shelf::Shelf;

/// What was found.
pub enum Found {
    /// A kept drawing.
    Kept(Box<Open>, Box<Design>),
    /// A kept drawing that this version cannot read; it stays where it is.
    Unreadable(String),
    /// Nothing: a new drawing is wanted.
    Nothing,
}

fn current_key(desk: Desk) -> String {
    format!("archplay/current/{}", desk.slug())
}

/// Remembers which drawing is open at a place.
pub fn remember(desk: Desk, id: &str) {
    local::set(&current_key(desk), id);
}

/// Forgets which drawing was open at a place.
pub fn forget(desk: Desk) {
    local::remove(&current_key(desk));
}

/// A new drawing, not kept until it is changed.
pub fn fresh(desk: Desk, name: &str) -> Open {
    Open {
        record: DrawingRecord {
            id: new_id(),
            name: name.to_owned(),
            json: String::new(),
            modified_ms: 0.0,
            session: match desk {
                Desk::Session(number) => Some(number),
                Desk::Free => None,
            },
            trashed_ms: None,
        },
        seen_ms: None,
    }
}

/// Marks a place as waiting for a new drawing.
const NEW: &str = "new";

/// Asks that the next visit to a place begins a new drawing.
pub fn ask_for_new(desk: Desk) {
    local::set(&current_key(desk), NEW);
}

/// Looks for the drawing of a place.
pub async fn find(shelf: &Shelf, desk: Desk) -> Found {
    let current = local::get(&current_key(desk));
    if current.as_deref() == Some(NEW) {
        return Found::Nothing;
    }
    let mut record = None;
    if let Some(id) = current {
        let remembered = shelf.get(&id).await.ok().flatten();
        record = remembered.filter(|record| !record.is_trashed() && record.desk() == desk);
    }
    if record.is_none() {
        let all = shelf.list().await.unwrap_or_default();
        record = latest(&all, desk).cloned();
    }
    let Some(mut record) = record else {
        return Found::Nothing;
    };
    match read_design(&record.json) {
        Ok((mut design, _)) => {
            design.name.clone_from(&record.name);
            record.json = String::new();
            let seen_ms = Some(record.modified_ms);
            Found::Kept(Box::new(Open { record, seen_ms }), Box::new(design))
        }
        Err(_) => Found::Unreadable(record.name),
    }
}
