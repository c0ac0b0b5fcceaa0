//! The shelf: all kept drawings, in IndexedDB, or in `localStorage` where that is missing.
//!
//! Saving never overwrites a version it has not seen: two tabs cannot destroy each other's work.
//! Must not live here: when to save, and what to tell a person.

use std::rc::Rc;

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

use super::local;
use super::record::{DrawingRecord, sort};

const DATABASE: &str = "archplay";
const VERSION: u32 = 1;
const STORE: &str = "drawings";
const LOCAL_PREFIX: &str = "archplay/drawing/";

/// Why a drawing was not kept. The text is `save.<slug>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveError {
    /// The browser keeps nothing for this page.
    Denied,
    /// There is no room left.
    Full,
    /// It holds a version that this page has not seen.
    Conflict,
    /// Anything else, in the browser's own words.
    Other(String),
}

impl SaveError {
    /// The name in text keys.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Full => "full",
            Self::Conflict => "conflict",
            Self::Other(_) => "other",
        }
    }
}

impl From<idb::Error> for SaveError {
    fn from(error: idb::Error) -> Self {
        let words = error.to_string();
        if words.contains("QuotaExceeded") {
            Self::Full
        } else {
            Self::Other(words)
        }
    }
}

/// Where drawings are kept. Cheap to clone.
#[derive(Clone)]
pub struct Shelf(Rc<Backend>);

enum Backend {
    Indexed(Database),
    Local,
}

impl Shelf {
    /// Opens the shelf; falls back to `localStorage`, which may refuse as well when it comes to saving.
    pub async fn open() -> Self {
        Self(Rc::new(match open_database().await {
            Ok(database) => Backend::Indexed(database),
            Err(_) => Backend::Local,
        }))
    }

    /// All drawings, the last changed first. What cannot be read is left where it is and not listed.
    ///
    /// # Errors
    /// [`SaveError`] when the browser does not answer.
    pub async fn list(&self) -> Result<Vec<DrawingRecord>, SaveError> {
        let texts = match &*self.0 {
            Backend::Indexed(database) => {
                let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
                let values = transaction
                    .object_store(STORE)?
                    .get_all(None, None)?
                    .await?;
                values.iter().filter_map(JsValue::as_string).collect()
            }
            Backend::Local => local::values(LOCAL_PREFIX),
        };
        let mut records: Vec<DrawingRecord> = texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        sort(&mut records);
        Ok(records)
    }

    /// One drawing.
    ///
    /// # Errors
    /// [`SaveError`] when the browser does not answer.
    pub async fn get(&self, id: &str) -> Result<Option<DrawingRecord>, SaveError> {
        let text = match &*self.0 {
            Backend::Indexed(database) => {
                let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
                let store = transaction.object_store(STORE)?;
                let value = store.get(JsValue::from_str(id))?.await?;
                value.and_then(|value| value.as_string())
            }
            Backend::Local => local::get(&local_key(id)),
        };
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps a drawing. `seen_ms` are the versions it may take the place of; none for a new drawing.
    ///
    /// # Errors
    /// [`SaveError::Conflict`] when another version is there; nothing is written then.
    pub async fn save(&self, record: &DrawingRecord, seen_ms: &[f64]) -> Result<(), SaveError> {
        let text = serde_json::to_string(record).unwrap_or_default();
        match &*self.0 {
            Backend::Indexed(database) => {
                // One transaction for the look and the write: no other tab comes between.
                let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
                let store = transaction.object_store(STORE)?;
                let key = JsValue::from_str(&record.id);
                let there = store.get(key.clone())?.await?;
                let there = there.and_then(|value| value.as_string());
                if conflicts(there.as_deref(), record, seen_ms) {
                    return Err(SaveError::Conflict);
                }
                store.put(&JsValue::from_str(&text), Some(&key))?.await?;
                transaction.commit()?.await?;
                Ok(())
            }
            Backend::Local => {
                let key = local_key(&record.id);
                if conflicts(local::get(&key).as_deref(), record, seen_ms) {
                    return Err(SaveError::Conflict);
                }
                if local::set(&key, &text) {
                    Ok(())
                } else if local::works() {
                    Err(SaveError::Full)
                } else {
                    Err(SaveError::Denied)
                }
            }
        }
    }

    /// Removes a drawing for good.
    ///
    /// # Errors
    /// [`SaveError`] when the browser does not do it.
    pub async fn delete(&self, id: &str) -> Result<(), SaveError> {
        match &*self.0 {
            Backend::Indexed(database) => {
                let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
                let store = transaction.object_store(STORE)?;
                store.delete(JsValue::from_str(id))?.await?;
                transaction.commit()?.await?;
            }
            Backend::Local => local::remove(&local_key(id)),
        }
        Ok(())
    }
}

fn local_key(id: &str) -> String {
    format!("{LOCAL_PREFIX}{id}")
}

async fn open_database() -> Result<Database, idb::Error> {
    let factory = Factory::new()?;
    let mut request = factory.open(DATABASE, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database()
            && !database.store_names().iter().any(|name| name == STORE)
        {
            // Without the store every later call fails, and `localStorage` takes over.
            let _ = database.create_object_store(STORE, ObjectStoreParams::new());
        }
    });
    let database = request.await?;
    database.transaction(&[STORE], TransactionMode::ReadOnly)?;
    Ok(database)
}

/// Whether what is there is neither a version that was seen nor the very one to be written.
fn conflicts(there: Option<&str>, record: &DrawingRecord, seen_ms: &[f64]) -> bool {
    let there = there.and_then(|text| serde_json::from_str::<DrawingRecord>(text).ok());
    there.is_some_and(|there| {
        !seen_ms.contains(&there.modified_ms) && there.modified_ms != record.modified_ms
    })
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    #[test]
    fn only_a_seen_version_is_overwritten() {
        let text = |ms| serde_json::to_string(&record("a", ms, None)).unwrap_or_default();
        let check = |there: Option<f64>, seen: &[f64], expected: bool| {
            let there = there.map(text);
            let new = record("a", 9.0, None);
            assert_eq!(conflicts(there.as_deref(), &new, seen), expected);
        };
        check(None, &[], false);
        check(None, &[5.0], false);
        check(Some(5.0), &[5.0], false);
        check(Some(7.0), &[5.0], true);
        check(Some(7.0), &[], true);
        // Under way when the page was left: whether it arrived or not, nothing foreign is there.
        check(Some(6.0), &[5.0, 6.0], false);
        // Written a moment ago by this very page, on its way out.
        check(Some(9.0), &[5.0], false);
    }
}
