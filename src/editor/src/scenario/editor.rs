//! A scenario with its history. A scenario is small, so a step of history is the scenario before it.

use std::rc::Rc;

use archplay_model::Scenario;

use super::apply::apply;
use super::command::{At, ScenarioCommand, ScenarioRefusal};

/// The most undo steps that are kept.
const MAX_STEPS: usize = 200;

/// What consecutive changes are one step by.
#[derive(Clone, Debug, PartialEq)]
enum Merge {
    Field(At, &'static str),
    Point(usize, usize),
}

#[derive(Clone, Debug)]
struct Step {
    before: Rc<Scenario>,
    merge: Option<Merge>,
}

/// A scenario that is being edited. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ScenarioEditor {
    now: Rc<Scenario>,
    done: Vec<Step>,
    undone: Vec<Rc<Scenario>>,
    /// The next change is a step of its own.
    sealed: bool,
    /// The scenario at the beginning of a gesture.
    mark: Option<Rc<Scenario>>,
}

impl PartialEq for ScenarioEditor {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.now, &other.now)
            && self.done.len() == other.done.len()
            && self.undone.len() == other.undone.len()
            && self.sealed == other.sealed
            && self.mark.is_some() == other.mark.is_some()
    }
}

impl ScenarioEditor {
    /// Begins with a scenario and no history.
    #[must_use]
    pub const fn new(scenario: Rc<Scenario>) -> Self {
        Self {
            now: scenario,
            done: Vec::new(),
            undone: Vec::new(),
            sealed: false,
            mark: None,
        }
    }

    /// The scenario as it is.
    #[must_use]
    pub const fn scenario(&self) -> &Rc<Scenario> {
        &self.now
    }

    /// Does a command and records it; says what it added. A change that changes nothing leaves no step.
    ///
    /// # Errors
    /// [`ScenarioRefusal`]; nothing is changed then.
    pub fn apply(&mut self, command: ScenarioCommand) -> Result<Option<At>, ScenarioRefusal> {
        self.commit();
        let merge = match &command {
            ScenarioCommand::Set { at, key, .. } => Some(Merge::Field(at.clone(), key)),
            ScenarioCommand::Curve {
                audience,
                moved: Some(point),
                ..
            } => Some(Merge::Point(*audience, *point)),
            _ => None,
        };
        let mut next = (*self.now).clone();
        let added = apply(&mut next, command)?;
        self.record(next, merge);
        Ok(added)
    }

    fn record(&mut self, next: Scenario, merge: Option<Merge>) {
        if next == *self.now {
            return;
        }
        self.undone.clear();
        let last = self.done.last();
        let joins = !self.sealed && merge.is_some() && last.is_some_and(|last| last.merge == merge);
        self.sealed = false;
        let before = std::mem::replace(&mut self.now, Rc::new(next));
        if joins {
            if last.is_some_and(|last| *last.before == *self.now) {
                // Back where it began: the step disappears, and the one before must not be added to.
                if let Some(step) = self.done.pop() {
                    self.now = step.before;
                }
                self.sealed = true;
            }
            return;
        }
        self.done.push(Step { before, merge });
        if self.done.len() > MAX_STEPS {
            self.done.remove(0);
        }
    }

    /// Makes the next change a step of its own.
    pub const fn seal(&mut self) {
        self.sealed = true;
    }

    /// Shows a command without recording it: each preview begins anew at the mark that the first one set.
    ///
    /// # Errors
    /// [`ScenarioRefusal`]; what was shown before stays.
    pub fn preview(&mut self, command: ScenarioCommand) -> Result<(), ScenarioRefusal> {
        let mark = self.mark.get_or_insert_with(|| self.now.clone());
        let mut next = (**mark).clone();
        apply(&mut next, command)?;
        self.now = Rc::new(next);
        Ok(())
    }

    /// Ends a gesture: what is shown becomes one step.
    pub fn commit(&mut self) {
        if let Some(mark) = self.mark.take() {
            let shown = std::mem::replace(&mut self.now, mark);
            self.sealed = true;
            self.record(Rc::unwrap_or_clone(shown), None);
            self.sealed = true;
        }
    }

    /// Ends a gesture without a trace.
    pub fn cancel(&mut self) {
        if let Some(mark) = self.mark.take() {
            self.now = mark;
        }
    }

    /// Whether a gesture is under way.
    #[must_use]
    pub const fn is_previewing(&self) -> bool {
        self.mark.is_some()
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub const fn can_undo(&self) -> bool {
        !self.done.is_empty() || self.mark.is_some()
    }

    /// Whether there is a step to do again.
    #[must_use]
    pub const fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Takes the last step back; a gesture under way is cancelled instead.
    pub fn undo(&mut self) -> bool {
        if self.mark.is_some() {
            self.cancel();
            return true;
        }
        let Some(step) = self.done.pop() else {
            return false;
        };
        self.sealed = true;
        self.undone
            .push(std::mem::replace(&mut self.now, step.before));
        true
    }

    /// Does the last step again that was taken back.
    pub fn redo(&mut self) -> bool {
        self.cancel();
        let Some(next) = self.undone.pop() else {
            return false;
        };
        self.sealed = true;
        let before = std::mem::replace(&mut self.now, next);
        self.done.push(Step {
            before,
            merge: None,
        });
        true
    }
}
