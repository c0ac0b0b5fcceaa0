//! A lesson from a file: one at a time, kept while the page is open and, if the browser has room, beyond that.
//!
//! Must not live here: the file's format and what may be in it (the course's).

use std::cell::RefCell;
use std::rc::Rc;

use archplay_course::bundle::{AnswersBundle, LessonBundle, Pack, read_pack};

use crate::app::route::OWN;
use crate::app::store::local;

const KEY: &str = "archplay/own-lesson";

/// A lesson from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The lesson; its session is [`OWN`].
    pub lesson: Rc<LessonBundle>,
    /// Its prepared designs.
    pub answers: Rc<AnswersBundle>,
}

impl Own {
    fn new(pack: &Pack) -> Self {
        let lesson = LessonBundle {
            session: u32::from(OWN),
            ..pack.lesson.clone()
        };
        Self {
            lesson: Rc::new(lesson),
            answers: Rc::new(pack.answers.clone()),
        }
    }
}

thread_local! {
    static OPEN: RefCell<Option<Own>> = const { RefCell::new(None) };
}

/// Keeps a lesson that was opened.
pub fn keep(pack: &Pack) -> Own {
    let own = Own::new(pack);
    if !local::set(KEY, &pack.to_json()) {
        // An older one must not come back in its place.
        local::remove(KEY);
    }
    OPEN.set(Some(own.clone()));
    own
}

/// The lesson that was opened last, here or in an earlier visit.
pub fn kept() -> Option<Own> {
    if let Some(own) = OPEN.with_borrow(Clone::clone) {
        return Some(own);
    }
    let pack = read_pack("", &local::get(KEY)?).ok()?;
    let own = Own::new(&pack);
    OPEN.set(Some(own.clone()));
    Some(own)
}
