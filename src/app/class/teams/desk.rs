//! The board and its worker, for as long as the page is open: the grading goes on while one looks at a drawing.
//!
//! Must not live here: what follows from what (the board's), how it looks.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::board::Board;
use super::intake;
use crate::app::files::Incoming;
use crate::app::run::{GradeTold, Gradings};

/// What is shared by the table and the worker.
pub struct Desk {
    board: RefCell<Board>,
    /// The worker, and the task as it is sent to it.
    worker: RefCell<Option<Gradings>>,
    task_json: RefCell<String>,
    notify: RefCell<Callback<()>>,
    /// What is still to be read; see `intake`.
    pub(super) queue: RefCell<VecDeque<intake::Waiting>>,
    /// How often reading was ended: what comes back of an older one is of no use.
    pub(super) ended: Cell<u32>,
    pub(super) is_reading: Cell<bool>,
}

thread_local! {
    static DESK: Rc<Desk> = Rc::new(Desk {
        board: RefCell::default(),
        worker: RefCell::default(),
        task_json: RefCell::default(),
        notify: RefCell::new(Callback::noop()),
        queue: RefCell::default(),
        ended: Cell::default(),
        is_reading: Cell::default(),
    });
}

/// The desk of this page.
pub fn desk() -> Rc<Desk> {
    DESK.with(Rc::clone)
}

impl Desk {
    /// Whoever shows the board hears of every change; nobody when it is left.
    pub fn listen(&self, notify: Callback<()>) {
        *self.notify.borrow_mut() = notify;
    }

    /// The board as it is now.
    pub fn board(&self) -> Board {
        self.board.borrow().clone()
    }

    /// Changes the board without telling; see [`Desk::tell`].
    pub(super) fn quietly(&self, change: impl FnOnce(&mut Board)) {
        change(&mut self.board.borrow_mut());
    }

    /// Changes the board, ends the worker if nothing goes on any more, and tells.
    pub fn change(&self, change: impl FnOnce(&mut Board)) {
        let going = {
            let mut board = self.board.borrow_mut();
            change(&mut board);
            board.going
        };
        if !going {
            self.end_worker();
        }
        self.tell();
    }

    /// Takes files and folders in, one after the other; `meant` if each was chosen by its name.
    pub fn take(self: &Rc<Self>, incoming: Vec<Incoming>, meant: bool) {
        if intake::put(self, incoming, meant) {
            let me = self.clone();
            spawn_local(async move { intake::read(&me).await });
        }
    }

    /// Reads no more; what was read stays.
    pub fn stop_reading(&self) {
        intake::end(self);
        self.change(|board| board.reading = None);
    }

    /// Throws everything out but task and seeds.
    pub fn clear(&self) {
        intake::end(self);
        self.change(|board| {
            board.reading = None;
            board.clear();
        });
    }

    /// Begins.
    pub fn begin(self: &Rc<Self>) {
        self.change(Board::begin);
        let json = self.board.borrow().chosen.as_ref().map(|chosen| {
            // The parts of a lesson can always be written.
            serde_json::to_string(&*chosen.bundle).unwrap_or_default()
        });
        *self.task_json.borrow_mut() = json.unwrap_or_default();
        self.go_on();
    }

    /// Leaves out the drawing that is being graded.
    pub fn skip(self: &Rc<Self>) {
        self.end_worker();
        self.change(Board::skip);
        self.go_on();
    }

    fn end_worker(&self) {
        let worker = self.worker.borrow_mut().take();
        drop(worker);
    }

    /// Tells whoever shows the board that it has changed.
    pub(super) fn tell(&self) {
        let notify = self.notify.borrow().clone();
        notify.emit(());
    }

    fn go_on(self: &Rc<Self>) {
        let next = self.board.borrow_mut().next();
        let Some(next) = next else {
            self.end_worker();
            self.tell();
            return;
        };
        if self.worker.borrow().is_none() {
            let me = Rc::downgrade(self);
            let started = Gradings::start(Callback::from(move |(run, told)| {
                if let Some(me) = me.upgrade() {
                    me.hear(run, told);
                }
            }));
            match started {
                Ok(worker) => *self.worker.borrow_mut() = Some(worker),
                Err(detail) => {
                    self.change(|board| {
                        board.told(None, GradeTold::Failed(detail));
                        board.stop();
                    });
                    return;
                }
            }
        }
        if let Some(worker) = &*self.worker.borrow() {
            let task = self.task_json.borrow().clone();
            worker.grade(next.run, &next.design, &task, next.seed);
        }
        self.tell();
    }

    fn hear(self: &Rc<Self>, run: Option<u32>, told: GradeTold) {
        if matches!(told, GradeTold::Failed(_)) {
            self.end_worker();
        }
        let over = self.board.borrow_mut().told(run, told);
        if over {
            self.go_on();
        } else {
            self.tell();
        }
    }
}
