//! What is typed into a field with a list under it, and which line of the list is chosen.
//!
//! The page may be drawn after the next key has come: Yew gives way to the browser when a drawing took long, and keys go
//! before it then. So what is typed stands here, and not in what was drawn last, and a key is acted on by it. Must not live
//! here: what the lines are.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

/// A key for the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the next line, from the last to the first.
    Next,
    /// To the one before, from the first to the last.
    Previous,
}

/// What is typed and chosen.
#[derive(Debug, Default)]
struct Typed {
    query: String,
    /// The line, or one behind the last.
    at: usize,
}

impl Typed {
    fn at(&self, count: usize) -> usize {
        self.at.min(count.saturating_sub(1))
    }

    fn take(&mut self, query: String) {
        self.query = query;
        self.at = 0;
    }

    fn step(&mut self, step: Step, count: usize) -> usize {
        let (at, count) = (self.at(count), count.max(1));
        self.at = match step {
            Step::Next => (at + 1) % count,
            Step::Previous => (at + count - 1) % count,
        };
        self.at
    }
}

/// What is typed and chosen now, whatever was drawn.
#[derive(Clone)]
pub struct Combo {
    typed: Rc<RefCell<Typed>>,
    redraw: UseForceUpdateHandle,
}

impl Combo {
    /// What is typed.
    pub fn query(&self) -> String {
        self.typed.borrow().query.clone()
    }

    /// The position of the chosen line among so many; 0 when there is none.
    pub fn at(&self, count: usize) -> usize {
        self.typed.borrow().at(count)
    }

    /// Something was typed: the first line is chosen.
    pub fn take(&self, query: String) {
        self.typed.borrow_mut().take(query);
        self.redraw.force_update();
    }

    /// Goes on or back among so many lines; returns the line that is chosen then.
    pub fn step(&self, step: Step, count: usize) -> usize {
        let at = self.typed.borrow_mut().step(step, count);
        self.redraw.force_update();
        at
    }
}

/// Returns what is typed; the component renders again when that changes.
#[hook]
pub fn use_combo() -> Combo {
    Combo {
        typed: use_mut_ref(Typed::default),
        redraw: use_force_update(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_begins_at_the_first_line() {
        let mut typed = Typed::default();
        assert_eq!(typed.step(Step::Next, 5), 1);
        assert_eq!(typed.step(Step::Next, 5), 2);
        typed.take("cache".into());
        assert_eq!((typed.query.as_str(), typed.at(3)), ("cache", 0));
    }

    #[test]
    fn steps_go_around_and_stay_within_a_shorter_list() {
        let mut typed = Typed::default();
        assert_eq!(typed.step(Step::Previous, 4), 3);
        assert_eq!(typed.at(2), 1, "two lines are left");
        assert_eq!(typed.step(Step::Next, 2), 0);
        assert_eq!((typed.step(Step::Next, 0), typed.at(0)), (0, 0));
    }
}
