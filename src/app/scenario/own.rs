//! Scenarios of a person's own: the list, and that every change is kept without being asked.
//!
//! What is changed counts at once; the shelf follows a moment later. Must not live here: which scenario is
//! chosen, anything shown.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use archplay_model::Scenario;
use archplay_model::format::{read_scenario, write_scenario};
use archplay_model::scenario::LocalText;
use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::store::keeper::{SaveState, new_id};
use crate::app::store::local;
use crate::app::store::record::{free_name, next_stamp};
use crate::app::store::scenarios::{ScenarioRecord, put_aside, take_aside};
use crate::app::store::shelf::{SaveError, Shelf};

/// Where versions before this one kept the only own scenario.
const OLD_KEY: &str = "archplay/own-scenario";
/// The id that it gets.
pub const OLD_ID: &str = "own";
/// How long after the last change a scenario is kept, in milliseconds.
const PAUSE_MS: u32 = 500;

/// What the page knows of them.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnState {
    /// All of them, the last changed first; `None` until they were asked for and read.
    pub list: Option<Rc<Vec<ScenarioRecord>>>,
    /// Whether they are kept.
    pub save: SaveState,
}

impl Default for OwnState {
    fn default() -> Self {
        Self {
            list: None,
            save: SaveState::Kept,
        }
    }
}

/// A change of what the page knows of them.
pub enum Change {
    /// The list was read.
    Loaded(Vec<ScenarioRecord>),
    /// One is new, or new again.
    Put(ScenarioRecord),
    /// One is gone.
    Drop(Rc<str>),
    /// Whether they are kept has changed.
    Save(SaveState),
}

impl Reducible for OwnState {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Loaded(list) => next.list = Some(list.into()),
            // A list that was not read yet will have it when it is.
            Change::Put(record) => {
                if let Some(list) = &mut next.list {
                    let list = Rc::make_mut(list);
                    list.retain(|other| other.id != record.id);
                    list.insert(0, record);
                }
            }
            Change::Drop(id) => {
                if let Some(list) = &mut next.list {
                    Rc::make_mut(list).retain(|other| *other.id != *id);
                }
            }
            Change::Save(save) => next.save = save,
        }
        next.into()
    }
}

#[derive(Default)]
struct Inner {
    shelf: Option<Shelf<ScenarioRecord>>,
    /// The versions of each that this page knows the shelf to hold.
    seen: BTreeMap<String, f64>,
    /// What the shelf does not hold yet.
    pending: BTreeMap<String, ScenarioRecord>,
    saving: bool,
    timer: Option<Timeout>,
}

/// What can be done with own scenarios. Cheap to clone; never changes while the page lives.
#[derive(Clone)]
pub struct OwnActions {
    inner: Rc<RefCell<Inner>>,
    state: Callback<Change>,
}

impl PartialEq for OwnActions {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl OwnActions {
    pub(super) fn new(state: Callback<Change>) -> Self {
        Self {
            inner: Rc::default(),
            state,
        }
    }

    /// Reads the list, also anew.
    pub fn load(&self) {
        let this = self.clone();
        spawn_local(async move {
            let shelf = this.shelf().await;
            for aside in take_aside() {
                let there = shelf.get(&aside.id).await.ok().flatten();
                if there.is_none_or(|there| there.modified_ms < aside.modified_ms) {
                    this.see(&shelf, &aside.id).await;
                    this.inner
                        .borrow_mut()
                        .pending
                        .insert(aside.id.clone(), aside);
                }
            }
            if let Some(scenario) = local::get(OLD_KEY).and_then(|json| read_scenario(&json).ok()) {
                let old = record(OLD_ID.to_owned(), &scenario, js_sys::Date::now());
                this.inner.borrow_mut().pending.insert(old.id.clone(), old);
            }
            local::remove(OLD_KEY);
            let mut list = shelf.list().await.unwrap_or_default();
            let waiting = {
                let mut inner = this.inner.borrow_mut();
                for record in &list {
                    let seen = record.modified_ms;
                    inner.seen.insert(record.id.clone(), seen);
                }
                inner.pending.values().cloned().collect::<Vec<_>>()
            };
            list.retain(|record| waiting.iter().all(|other| other.id != record.id));
            list.splice(0..0, waiting.iter().cloned());
            this.state.emit(Change::Loaded(list));
            if !waiting.is_empty() {
                this.save().await;
            }
        });
    }

    /// Adds a scenario under a name that is still free; returns its id and the scenario as it is kept.
    pub fn add(&self, mut scenario: Scenario, list: &[ScenarioRecord]) -> (Rc<str>, Scenario) {
        scenario.name = free_names(&scenario.name, list);
        let id = new_id();
        self.put(record(id.clone(), &scenario, js_sys::Date::now()));
        (id.into(), scenario)
    }

    /// Takes over a scenario as it is now.
    pub fn update(&self, id: &str, scenario: &Scenario) {
        let before = {
            let inner = self.inner.borrow();
            let pending = inner.pending.get(id).map(|record| record.modified_ms);
            pending.or_else(|| inner.seen.get(id).copied())
        };
        let stamp = next_stamp(js_sys::Date::now(), before);
        self.put(record(id.to_owned(), scenario, stamp));
    }

    /// Puts a scenario back, or in the place of the one with its id.
    pub fn put(&self, record: ScenarioRecord) {
        self.state.emit(Change::Put(record.clone()));
        self.state.emit(Change::Save(SaveState::Waiting));
        let this = self.clone();
        let mut inner = self.inner.borrow_mut();
        inner.pending.insert(record.id.clone(), record);
        inner.timer = Some(Timeout::new(PAUSE_MS, move || this.save_soon()));
    }

    /// Throws a scenario away.
    pub fn delete(&self, id: &Rc<str>) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.pending.remove(&**id);
            inner.seen.remove(&**id);
        }
        self.state.emit(Change::Drop(id.clone()));
        let (this, id) = (self.clone(), id.clone());
        spawn_local(async move {
            if let Err(error) = this.shelf().await.delete(&id).await {
                this.state.emit(Change::Save(SaveState::Failed(error)));
            }
        });
    }

    /// Keeps what is not kept yet, now. For leaving the page: it is put aside as well.
    pub fn leave(&self) {
        let waiting = {
            let inner = self.inner.borrow();
            inner.pending.values().for_each(put_aside);
            !inner.pending.is_empty()
        };
        if waiting {
            self.save_soon();
        }
    }

    fn save_soon(&self) {
        let this = self.clone();
        spawn_local(async move { this.save().await });
    }

    async fn shelf(&self) -> Shelf<ScenarioRecord> {
        let known = self.inner.borrow().shelf.clone();
        match known {
            Some(shelf) => shelf,
            None => {
                let shelf = Shelf::open().await;
                self.inner.borrow_mut().shelf = Some(shelf.clone());
                shelf
            }
        }
    }

    async fn see(&self, shelf: &Shelf<ScenarioRecord>, id: &str) {
        if let Ok(Some(there)) = shelf.get(id).await {
            let mut inner = self.inner.borrow_mut();
            inner.seen.insert(id.to_owned(), there.modified_ms);
        }
    }

    async fn save(&self) {
        if std::mem::replace(&mut self.inner.borrow_mut().saving, true) {
            return;
        }
        let shelf = self.shelf().await;
        let result = loop {
            let next = self.inner.borrow().pending.values().next().cloned();
            let Some(record) = next else { break Ok(()) };
            if let Err(error) = self.save_one(&shelf, &record).await {
                break Err(error);
            }
            let mut inner = self.inner.borrow_mut();
            inner.seen.insert(record.id.clone(), record.modified_ms);
            // Unless it was changed, or thrown away, meanwhile.
            if inner.pending.get(&record.id) == Some(&record) {
                inner.pending.remove(&record.id);
            }
        };
        self.inner.borrow_mut().saving = false;
        self.state.emit(Change::Save(match result {
            Ok(()) => SaveState::Kept,
            Err(error) => SaveState::Failed(error),
        }));
    }

    async fn save_one(
        &self,
        shelf: &Shelf<ScenarioRecord>,
        record: &ScenarioRecord,
    ) -> Result<(), SaveError> {
        let seen = self.inner.borrow().seen.get(&record.id).copied();
        let seen: Vec<f64> = seen.into_iter().collect();
        match shelf.save(record, &seen).await {
            Err(SaveError::Conflict) => {
                // Another tab has changed it: that version is kept as one of its own.
                let Some(theirs) = shelf.get(&record.id).await? else {
                    return shelf.save(record, &[]).await;
                };
                let (seen, mut copy) = (theirs.modified_ms, theirs);
                copy.id = new_id();
                if let Ok(mut scenario) = read_scenario(&copy.json) {
                    let list = shelf.list().await?;
                    scenario.name = free_names(&scenario.name, &list);
                    copy.name = scenario.name.clone();
                    copy.json = write_scenario(&scenario);
                }
                shelf.save(&copy, &[]).await?;
                self.state.emit(Change::Put(copy));
                shelf.save(record, &[seen]).await?;
                self.state.emit(Change::Put(record.clone()));
                Ok(())
            }
            other => other,
        }
    }
}

fn record(id: String, scenario: &Scenario, modified_ms: f64) -> ScenarioRecord {
    ScenarioRecord {
        id,
        name: scenario.name.clone(),
        json: write_scenario(scenario),
        modified_ms,
    }
}

fn free_names(name: &LocalText, list: &[ScenarioRecord]) -> LocalText {
    LocalText {
        ko: free_name(&name.ko, list.iter().map(|record| record.name.ko.as_str())),
        en: free_name(&name.en, list.iter().map(|record| record.name.en.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(id: &str, ko: &str) -> ScenarioRecord {
        ScenarioRecord {
            id: id.into(),
            name: LocalText {
                ko: ko.into(),
                en: ko.into(),
            },
            json: String::new(),
            modified_ms: 1.0,
        }
    }

    #[test]
    fn the_list_follows_changes() {
        let ids = |state: &OwnState| -> Vec<String> {
            let list = state.list.as_deref().cloned().unwrap_or_default();
            list.into_iter().map(|record| record.id).collect()
        };
        let state = Rc::new(OwnState::default());
        let state = state.reduce(Change::Loaded(vec![own("a", "가"), own("b", "나")]));
        let state = state.reduce(Change::Put(own("b", "다")));
        assert_eq!(ids(&state), ["b", "a"]);
        let first = state.list.as_ref().map(|list| list[0].name.ko.clone());
        assert_eq!(first.as_deref(), Some("다"));
        let state = state.reduce(Change::Drop("b".into()));
        assert_eq!(ids(&state), ["a"]);
    }

    #[test]
    fn copies_get_names_of_their_own() {
        let names = free_names(&own("x", "가").name, &[own("a", "가")]);
        assert_eq!(names.ko, "가 (2)");
    }
}
