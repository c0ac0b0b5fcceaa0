//! The shelf: all that is kept of one kind, drawings or scenarios, in IndexedDB, or in `localStorage` where
//! that is missing.
//!
//! Saving never overwrites a version it has not seen: two tabs cannot destroy each other's work.
//! Must not live here: when to save, and what to tell a person.

use std::marker::PhantomData;
use std::rc::Rc;

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::local;
use super::record::DrawingRecord;

const VERSION: u32 = 1;

/// Something that a shelf keeps.
pub trait Kept: Serialize + DeserializeOwned {
    /// The database. Each kind has its own, so that none has to wait for another tab to let go of it.
    const DATABASE: &'static str;
    /// The one store in it.
    const STORE: &'static str;
    /// How its keys begin where `localStorage` stands in.
    const LOCAL_PREFIX: &'static str;

    /// Unique within the browser.
    fn id(&self) -> &str;
    /// When it was last changed, in milliseconds since 1970; also tells one version from the next.
    fn modified_ms(&self) -> f64;
}

impl Kept for DrawingRecord {
    const DATABASE: &'static str = "archplay";
    const STORE: &'static str = "drawings";
    const LOCAL_PREFIX: &'static str = "archplay/drawing/";

    fn id(&self) -> &str {
        &self.id
    }

    fn modified_ms(&self) -> f64 {
        self.modified_ms
    }
}

/// Why something was not kept. The text is `save.<slug>`.
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

/// Where things of a kind are kept. Cheap to clone.
pub struct Shelf<R = DrawingRecord>(Rc<Backend>, PhantomData<R>);

impl<R> Clone for Shelf<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

enum Backend {
    Indexed(Database),
    Local,
}

impl<R: Kept> Shelf<R> {
    /// Opens the shelf; falls back to `localStorage`, which may refuse as well when it comes to saving.
    pub async fn open() -> Self {
        let backend = match open_database(R::DATABASE, R::STORE).await {
            Ok(database) => Backend::Indexed(database),
            Err(_) => Backend::Local,
        };
        Self(Rc::new(backend), PhantomData)
    }

    /// All that is kept, the last changed first. What cannot be read is left where it is and not listed.
    ///
    /// # Errors
    /// [`SaveError`] when the browser does not answer.
    pub async fn list(&self) -> Result<Vec<R>, SaveError> {
        let texts = match &*self.0 {
            Backend::Indexed(database) => {
                let transaction = database.transaction(&[R::STORE], TransactionMode::ReadOnly)?;
                let values = transaction
                    .object_store(R::STORE)?
                    .get_all(None, None)?
                    .await?;
                values.iter().filter_map(JsValue::as_string).collect()
            }
            Backend::Local => local::values(R::LOCAL_PREFIX),
        };
        let mut records: Vec<R> = texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        sort(&mut records);
        Ok(records)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`SaveError`] when the browser does not answer.
    pub async fn get(&self, id: &str) -> Result<Option<R>, SaveError> {
        let text = match &*self.0 {
            Backend::Indexed(database) => {
                let transaction = database.transaction(&[R::STORE], TransactionMode::ReadOnly)?;
                let store = transaction.object_store(R::STORE)?;
                let value = store.get(JsValue::from_str(id))?.await?;
                value.and_then(|value| value.as_string())
            }
            Backend::Local => local::get(&local_key::<R>(id)),
        };
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps something. `seen_ms` are the versions it may take the place of; none for what is new.
    ///
    /// # Errors
    /// [`SaveError::Conflict`] when another version is there; nothing is written then.
    pub async fn save(&self, record: &R, seen_ms: &[f64]) -> Result<(), SaveError> {
        let text = serde_json::to_string(record).unwrap_or_default();
        match &*self.0 {
            Backend::Indexed(database) => {
                // One transaction for the look and the write: no other tab comes between.
                let transaction = database.transaction(&[R::STORE], TransactionMode::ReadWrite)?;
                let store = transaction.object_store(R::STORE)?;
                let key = JsValue::from_str(record.id());
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
                let key = local_key::<R>(record.id());
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

    /// Removes something for good.
    ///
    /// # Errors
    /// [`SaveError`] when the browser does not do it.
    pub async fn delete(&self, id: &str) -> Result<(), SaveError> {
        match &*self.0 {
            Backend::Indexed(database) => {
                let transaction = database.transaction(&[R::STORE], TransactionMode::ReadWrite)?;
                let store = transaction.object_store(R::STORE)?;
                store.delete(JsValue::from_str(id))?.await?;
                transaction.commit()?.await?;
            }
            Backend::Local => local::remove(&local_key::<R>(id)),
        }
        Ok(())
    }
}

/// The last changed first; equal times by id, so that nothing jumps.
fn sort<R: Kept>(records: &mut [R]) {
    records.sort_by(|a, b| {
        b.modified_ms()
            .total_cmp(&a.modified_ms())
            .then_with(|| a.id().cmp(b.id()))
    });
}

fn local_key<R: Kept>(id: &str) -> String {
    format!("{}{id}", R::LOCAL_PREFIX)
}

async fn open_database(name: &str, store: &'static str) -> Result<Database, idb::Error> {
    let factory = Factory::new()?;
    let mut request = factory.open(name, Some(VERSION))?;
    request.on_upgrade_needed(move |event| {
        if let Ok(database) = event.database()
            && !database.store_names().iter().any(|name| name == store)
        {
            // Without the store every later call fails, and `localStorage` takes over.
            let _ = database.create_object_store(store, ObjectStoreParams::new());
        }
    });
    let database = request.await?;
    database.transaction(&[store], TransactionMode::ReadOnly)?;
    Ok(database)
}

/// Whether what is there is neither a version that was seen nor the very one to be written.
fn conflicts<R: Kept>(there: Option<&str>, record: &R, seen_ms: &[f64]) -> bool {
    let there = there.and_then(|text| serde_json::from_str::<R>(text).ok());
    there.is_some_and(|there| {
        let there = there.modified_ms();
        !seen_ms.contains(&there) && there != record.modified_ms()
    })
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    #[test]
    fn last_changed_first() {
        let mut list = [
            record("b", 1.0, None),
            record("c", 3.0, None),
            record("a", 1.0, None),
        ];
        sort(&mut list);
        assert_eq!(list.map(|r| r.id), ["c", "a", "b"]);
    }

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
