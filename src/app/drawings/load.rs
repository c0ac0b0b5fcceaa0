//! Finds the drawing that belongs to a place: the one last open there, the last changed one, or a new one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use archplay_model::Design;
use archplay_model::format::read_design;
use archplay_text::Lang;
use yew::Callback;

use super::ops;
use crate::app::dialog::{Toast, say_with};
use crate::app::lang::tr;
use crate::app::lesson::data::TaskRef;
use crate::app::route::Desk;
use crate::app::session::Dispatch;
use crate::app::store::keeper::{Keeper, Open, new_id};
use crate::app::store::local;
use crate::app::store::record::{DrawingRecord, latest};
use crate::app::store::shelf::Shelf;

/// What was found.
enum Found {
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
fn fresh(desk: Desk, name: &str) -> Open {
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

thread_local! {
    /// The drawing that the next visit to a place begins with.
    static GIVEN: RefCell<Option<(Desk, Design)>> = const { RefCell::new(None) };
}

/// Asks that the next visit to a place begins a new drawing with this design.
pub fn ask_for_given(desk: Desk, design: Design) {
    ask_for_new(desk);
    GIVEN.set(Some((desk, design)));
}

/// Looks for the drawing of a place.
async fn find(shelf: &Shelf, desk: Desk) -> Found {
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

/// The opening of a place's drawing.
pub struct Opening {
    /// Who watches it from then on.
    pub keeper: Keeper,
    /// The place.
    pub desk: Desk,
    /// The task it may begin with.
    pub task: Option<TaskRef>,
    /// Whether that task cannot be had.
    pub lesson_failed: bool,
    /// The editor.
    pub dispatch: Dispatch,
    /// Whom to tell.
    pub toasts: Callback<Toast>,
    /// In which language.
    pub lang: Lang,
    /// Whether it is still wanted.
    pub alive: Rc<Cell<bool>>,
}

impl Opening {
    /// Opens the drawing. Tells whether it is open; a new one of a session waits for its lesson.
    pub async fn run(&self) -> bool {
        self.keeper.flush().await;
        let found = find(&self.keeper.shelf(), self.desk).await;
        if !self.alive.get() {
            return false;
        }
        match found {
            Found::Kept(open, design) => {
                remember(self.desk, &open.record.id);
                ops::open(&self.dispatch, *design);
                self.keeper.watch(Some(*open), self.dispatch.design());
                true
            }
            Found::Unreadable(name) => {
                let args = [("name", name.as_str())];
                self.toasts
                    .emit(Toast::bad(say_with("drawings.unreadable", &args)));
                self.begin()
            }
            Found::Nothing => self.begin(),
        }
    }

    fn begin(&self) -> bool {
        let given = GIVEN.take().filter(|(desk, _)| *desk == self.desk);
        let design = match (self.desk, &self.task) {
            _ if given.is_some() => given.map(|(_, design)| design),
            (Desk::Free, _) => Some(Design {
                name: tr(self.lang, "drawings.untitled").to_string(),
                ..Design::default()
            }),
            (Desk::Session(number), Some(task)) if task.lesson.session == u32::from(number) => {
                task.prepared(self.lang, &task.start)
            }
            (Desk::Session(_), _) => None,
        };
        let Some(design) = design else {
            self.wait();
            return false;
        };
        let open = fresh(self.desk, &design.name);
        remember(self.desk, &open.record.id);
        ops::open(&self.dispatch, design);
        self.keeper.watch(Some(open), self.dispatch.design());
        true
    }

    /// Nothing of another place stays on the screen while the lesson is not here. When it cannot be had,
    /// one can draw all the same, and what is drawn is kept.
    fn wait(&self) {
        self.keeper.watch(None, Rc::default());
        let name = if self.lesson_failed {
            tr(self.lang, "drawings.untitled").to_string()
        } else {
            String::new()
        };
        let open = self.lesson_failed.then(|| fresh(self.desk, &name));
        let design = Design {
            name,
            ..Design::default()
        };
        ops::open(&self.dispatch, design);
        self.keeper.watch(open, self.dispatch.design());
    }
}
