//! What can be done with a drawing that is not open: rename, duplicate, throw away, restore.

use archplay_model::format::{read_design, write_design};

use crate::app::store::keeper::new_id;
use crate::app::store::record::{DrawingRecord, free_name, next_stamp};
use crate::app::store::shelf::{SaveError, Shelf};

/// Names a drawing, in the list and in the design.
pub async fn rename(shelf: &Shelf, record: &DrawingRecord, name: &str) -> Result<(), SaveError> {
    let seen = record.modified_ms;
    let renamed = DrawingRecord {
        modified_ms: next_stamp(js_sys::Date::now(), Some(seen)),
        ..with_name(record, name)
    };
    shelf.save(&renamed, &[seen]).await
}

/// Makes a copy with a name of its own.
pub async fn duplicate(shelf: &Shelf, record: &DrawingRecord) -> Result<(), SaveError> {
    let all = shelf.list().await?;
    let name = free_name(&record.name, all.iter().map(|other| other.name.as_str()));
    let copy = DrawingRecord {
        id: new_id(),
        modified_ms: next_stamp(js_sys::Date::now(), Some(record.modified_ms)),
        ..with_name(record, &name)
    };
    shelf.save(&copy, &[]).await
}

/// Throws a drawing away; it can be restored.
pub async fn trash(shelf: &Shelf, id: &str) -> Result<(), SaveError> {
    set_trashed(shelf, id, Some(js_sys::Date::now())).await
}

/// Takes a drawing out of the trash.
pub async fn restore(shelf: &Shelf, id: &str) -> Result<(), SaveError> {
    set_trashed(shelf, id, None).await
}

async fn set_trashed(shelf: &Shelf, id: &str, when: Option<f64>) -> Result<(), SaveError> {
    let Some(mut record) = shelf.get(id).await? else {
        return Ok(());
    };
    record.trashed_ms = when;
    shelf.save(&record, &[record.modified_ms]).await
}

/// The record under another name. A design that cannot be read keeps the name inside; the list shows ours.
fn with_name(record: &DrawingRecord, name: &str) -> DrawingRecord {
    let json = read_design(&record.json).map_or_else(
        |_| record.json.clone(),
        |(mut design, _)| {
            name.clone_into(&mut design.name);
            write_design(&design)
        },
    );
    DrawingRecord {
        name: name.to_owned(),
        json,
        ..record.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::Design;

    #[test]
    fn the_design_bears_the_name_too() {
        let record = DrawingRecord {
            id: "a".into(),
            name: "old".into(),
            json: write_design(&Design::default()),
            modified_ms: 1.0,
            session: Some(3),
            trashed_ms: None,
        };
        let renamed = with_name(&record, "새 이름");
        let inside = read_design(&renamed.json).map(|(design, _)| design.name);
        assert_eq!(
            (renamed.name.as_str(), inside.as_deref()),
            ("새 이름", Ok("새 이름"))
        );
        let broken = DrawingRecord {
            json: "{".into(),
            ..record
        };
        assert_eq!(with_name(&broken, "x").json, "{");
    }
}
