//! The keeper: watches the open drawing and keeps it, a moment after each change and when the page is left.
//!
//! Must not live here: anything shown; it tells what happened by [`Notice`] and [`SaveState`].

use std::cell::RefCell;
use std::rc::Rc;

use archplay_model::Design;
use gloo::timers::callback::Timeout;
use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::record::{DrawingRecord, free_name, next_stamp};
use super::rescue::{self, Pending};
use super::shelf::{SaveError, Shelf};

/// How long after the last change a drawing is kept, in milliseconds.
const PAUSE_MS: u32 = 500;
/// How long a stream of changes may put that off.
const LONGEST_MS: f64 = 1_000.0;

/// How often, and how long in milliseconds each time, to wait for a save that is under way.
const LONGEST_WAITS: u32 = 200;
const WAIT_MS: u32 = 20;

/// Whether the open drawing is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum SaveState {
    /// Nothing is open yet.
    Opening,
    /// The browser holds what is on the screen.
    Kept,
    /// It will in a moment.
    Waiting,
    /// It does not; editing goes on.
    Failed(SaveError),
}

/// What a person should hear of.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// The drawing could not be kept; told once until it works again.
    NotKept(SaveError),
    /// Another tab has changed the same drawing: this one goes on as a drawing of its own.
    Forked {
        /// Its name.
        name: String,
        /// Whether it is still the one on the screen.
        open: bool,
    },
    /// A version that had been put aside on the way out was kept under this name.
    Recovered(String),
}

/// The open drawing as the keeper knows it.
#[derive(Clone, Debug)]
pub struct Open {
    /// Everything but its JSON.
    pub record: DrawingRecord,
    /// The version that the shelf holds; `None` when it has never been kept.
    pub seen_ms: Option<f64>,
}

struct Inner {
    shelf: Shelf,
    open: Option<Open>,
    /// Compared by identity: the design that the shelf holds.
    kept: Option<Rc<Design>>,
    latest: Option<Rc<Design>>,
    timer: Option<Timeout>,
    waiting_since_ms: Option<f64>,
    /// The version that is on its way to the shelf.
    saving: Option<f64>,
    state: SaveState,
    copy_suffix: String,
    on_state: Callback<SaveState>,
    on_notice: Callback<Notice>,
    on_kept: Callback<(String, f64)>,
}

/// Keeps the open drawing. Cheap to clone.
#[derive(Clone)]
pub struct Keeper(Rc<RefCell<Inner>>);

/// Whom the keeper tells.
pub struct Listeners {
    /// Whether the drawing is kept.
    pub on_state: Callback<SaveState>,
    /// What a person should hear of.
    pub on_notice: Callback<Notice>,
    /// A drawing was kept: its id and version.
    pub on_kept: Callback<(String, f64)>,
}

fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// An id for a new drawing.
pub fn new_id() -> String {
    let random = (js_sys::Math::random() * 1e9) as u64;
    format!("d{:x}-{random:x}", now_ms() as u64)
}

impl Keeper {
    /// Makes a keeper with nothing open.
    pub fn new(shelf: Shelf, listeners: Listeners) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            shelf,
            open: None,
            kept: None,
            latest: None,
            timer: None,
            waiting_since_ms: None,
            saving: None,
            state: SaveState::Opening,
            copy_suffix: String::new(),
            on_state: listeners.on_state,
            on_notice: listeners.on_notice,
            on_kept: listeners.on_kept,
        })))
    }

    /// The shelf it keeps on.
    pub fn shelf(&self) -> Shelf {
        self.0.borrow().shelf.clone()
    }

    /// What is open.
    pub fn open(&self) -> Option<Open> {
        self.0.borrow().open.clone()
    }

    /// Whether there are changes that the shelf does not hold.
    pub fn is_dirty(&self) -> bool {
        self.0.borrow().is_dirty()
    }

    /// Watches another drawing from now on. `design` is what the shelf holds of it, or what it begins with.
    pub fn watch(&self, open: Option<Open>, design: Rc<Design>) {
        let mut inner = self.0.borrow_mut();
        inner.timer = None;
        inner.waiting_since_ms = None;
        inner.kept = Some(design.clone());
        inner.latest = Some(design);
        let state = if open.is_some() {
            SaveState::Kept
        } else {
            SaveState::Opening
        };
        inner.open = open;
        rescue::set_latest(None);
        drop(inner);
        self.set_state(state);
    }

    /// Sees the drawing as it is now; a change is kept in a moment.
    pub fn see(&self, design: &Rc<Design>) {
        {
            let mut inner = self.0.borrow_mut();
            if inner.latest.as_ref().is_some_and(|d| Rc::ptr_eq(d, design)) {
                return;
            }
            inner.latest = Some(design.clone());
            if inner.open.is_none() {
                // Between two drawings: what is on the screen belongs to neither.
                return;
            }
            rescue::set_latest(inner.pending());
        }
        self.plan();
    }

    /// Keeps what is not kept yet, now. For leaving the page: the browser may not wait for the shelf, so
    /// it is put aside as well.
    pub fn leave(&self) {
        if !self.is_dirty() {
            return;
        }
        let work = {
            let mut inner = self.0.borrow_mut();
            inner.timer = None;
            inner.begin()
        };
        rescue::put_latest_aside();
        if let Some(work) = work {
            let keeper = self.clone();
            spawn_local(async move { keeper.carry_out(work).await });
        }
    }

    /// Keeps what is not kept yet, and tells when it is done.
    pub async fn flush(&self) {
        for _ in 0..LONGEST_WAITS {
            if self.0.borrow().saving.is_none() {
                break;
            }
            TimeoutFuture::new(WAIT_MS).await;
        }
        let work = {
            let mut inner = self.0.borrow_mut();
            inner.timer = None;
            inner.begin()
        };
        if let Some(work) = work {
            self.carry_out(work).await;
        }
    }

    async fn carry_out(&self, (shelf, pending): (Shelf, Pending)) {
        let result = shelf.save(&pending.written(), &pending.seen_ms).await;
        self.saved(&pending, result).await;
    }

    fn plan(&self) {
        let mut inner = self.0.borrow_mut();
        let now = now_ms();
        let since = *inner.waiting_since_ms.get_or_insert(now);
        let left = (since + LONGEST_MS - now).max(0.0);
        let wait = f64::from(PAUSE_MS).min(left) as u32;
        let keeper = self.clone();
        inner.timer = Some(Timeout::new(wait, move || keeper.save()));
        let failed = matches!(inner.state, SaveState::Failed(_));
        drop(inner);
        if !failed {
            self.set_state(SaveState::Waiting);
        }
    }

    fn save(&self) {
        let keeper = self.clone();
        spawn_local(async move { keeper.flush().await });
    }

    async fn saved(&self, pending: &Pending, result: Result<(), SaveError>) {
        let same = {
            let mut inner = self.0.borrow_mut();
            inner.saving = None;
            let same = inner
                .open
                .as_ref()
                .is_some_and(|open| open.record.id == pending.record.id);
            if same && result.is_ok() {
                inner.kept = Some(pending.design.clone());
                inner.waiting_since_ms = None;
                if let Some(open) = &mut inner.open {
                    open.seen_ms = Some(pending.record.modified_ms);
                    open.record = pending.record.clone();
                }
                rescue::set_latest(inner.pending());
            }
            same
        };
        match result {
            Ok(()) => {
                if !(same && self.is_dirty()) {
                    rescue::forget(&pending.record.id);
                }
                let on_kept = self.0.borrow().on_kept.clone();
                on_kept.emit((pending.record.id.clone(), pending.record.modified_ms));
                if same {
                    self.set_state(SaveState::Kept);
                    if self.is_dirty() {
                        self.plan();
                    }
                }
            }
            Err(SaveError::Conflict) => self.fork(pending, same).await,
            Err(error) => {
                let news = !matches!(self.0.borrow().state, SaveState::Failed(_));
                if same {
                    self.set_state(SaveState::Failed(error.clone()));
                }
                if news {
                    self.tell(Notice::NotKept(error));
                }
            }
        }
    }

    /// Goes on as a drawing of its own, because the shelf holds a version made elsewhere.
    async fn fork(&self, pending: &Pending, same: bool) {
        let (shelf, suffix) = {
            let inner = self.0.borrow();
            (inner.shelf.clone(), inner.copy_suffix.clone())
        };
        let taken = shelf.list().await.unwrap_or_default();
        let wished = format!("{} {suffix}", pending.record.name.trim());
        let name = free_name(wished.trim(), taken.iter().map(|r| r.name.as_str()));
        let mut copy = pending.clone();
        copy.record.id = new_id();
        copy.record.name.clone_from(&name);
        copy.design = Rc::new(Design {
            name: name.clone(),
            ..(*pending.design).clone()
        });
        copy.seen_ms = Vec::new();
        match shelf.save(&copy.written(), &[]).await {
            Ok(()) => {
                rescue::forget(&pending.record.id);
                if same {
                    let mut inner = self.0.borrow_mut();
                    inner.kept = Some(pending.design.clone());
                    inner.waiting_since_ms = None;
                    inner.open = Some(Open {
                        seen_ms: Some(copy.record.modified_ms),
                        record: copy.record.clone(),
                    });
                    rescue::set_latest(inner.pending());
                    drop(inner);
                    self.set_state(SaveState::Kept);
                }
                self.tell(Notice::Forked { name, open: same });
                let on_kept = self.0.borrow().on_kept.clone();
                on_kept.emit((copy.record.id, copy.record.modified_ms));
            }
            Err(error) => {
                if same {
                    self.set_state(SaveState::Failed(error.clone()));
                }
                self.tell(Notice::NotKept(error));
            }
        }
    }

    /// Sets what is added to the name of a drawing that goes on by itself.
    pub fn set_copy_suffix(&self, suffix: &str) {
        suffix.clone_into(&mut self.0.borrow_mut().copy_suffix);
    }

    fn set_state(&self, state: SaveState) {
        let changed = {
            let mut inner = self.0.borrow_mut();
            let changed = inner.state != state;
            inner.state = state.clone();
            changed.then(|| inner.on_state.clone())
        };
        if let Some(on_state) = changed {
            on_state.emit(state);
        }
    }

    pub(super) fn tell(&self, notice: Notice) {
        let on_notice = self.0.borrow().on_notice.clone();
        on_notice.emit(notice);
    }
}

impl Inner {
    fn is_dirty(&self) -> bool {
        self.open.is_some()
            && match (&self.latest, &self.kept) {
                (Some(latest), Some(kept)) => !Rc::ptr_eq(latest, kept),
                (Some(_), None) => true,
                (None, _) => false,
            }
    }

    /// What has to be kept, with the stamp it will have.
    fn pending(&self) -> Option<Pending> {
        if !self.is_dirty() {
            return None;
        }
        let (open, design) = (self.open.as_ref()?, self.latest.as_ref()?);
        let mut record = open.record.clone();
        record.name.clone_from(&design.name);
        record.modified_ms = next_stamp(now_ms(), self.saving.or(open.seen_ms));
        record.trashed_ms = None;
        Some(Pending {
            record,
            design: design.clone(),
            seen_ms: open.seen_ms.into_iter().chain(self.saving).collect(),
        })
    }

    /// Begins a save unless one is under way; that one plans the next when it is done.
    fn begin(&mut self) -> Option<(Shelf, Pending)> {
        let pending = self.pending()?;
        // Should the page end now, the same version is put aside.
        rescue::set_latest(Some(pending.clone()));
        if self.saving.is_some() {
            return None;
        }
        self.saving = Some(pending.record.modified_ms);
        Some((self.shelf.clone(), pending))
    }
}
