//! The undo history: steps that were done and steps that were undone.

use std::rc::Rc;

use crate::{Change, MergeKey};

/// The most undo steps that are kept.
pub const MAX_STEPS: usize = 500;

#[derive(Debug, PartialEq)]
pub(crate) struct Step {
    pub change: Change,
    pub slug: &'static str,
    merge: Option<MergeKey>,
}

/// Steps are shared, so a clone of the history costs little.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    done: Vec<Rc<Step>>,
    undone: Vec<Rc<Step>>,
    sealed: bool,
}

impl History {
    /// Records a change. An empty one leaves no step.
    pub fn record(&mut self, change: Change, slug: &'static str, merge: Option<MergeKey>) {
        if change.is_empty() {
            return;
        }
        self.undone.clear();
        let joins = !self.sealed
            && merge.is_some()
            && self.done.last().is_some_and(|last| last.merge == merge);
        self.sealed = false;
        let change = match self.done.last() {
            Some(last) if joins => {
                let joined = last.change.then(&change);
                self.done.pop();
                joined
            }
            _ => change,
        };
        if change.is_empty() {
            // Back where it began: the step disappears, and the one before must not be added to.
            self.sealed = true;
            return;
        }
        self.done.push(Rc::new(Step {
            change,
            slug,
            merge,
        }));
        if self.done.len() > MAX_STEPS {
            self.done.remove(0);
        }
    }

    /// Makes the next command a step of its own, whatever its policy.
    pub const fn seal(&mut self) {
        self.sealed = true;
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Moves the last step to the undone ones.
    pub fn step_back(&mut self) -> Option<Rc<Step>> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        self.sealed = true;
        Some(step)
    }

    /// Moves the last undone step to the done ones.
    pub fn step_forward(&mut self) -> Option<Rc<Step>> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        self.sealed = true;
        Some(step)
    }

    pub fn last_done(&self) -> Option<&Step> {
        self.done.last().map(Rc::as_ref)
    }

    pub fn last_undone(&self) -> Option<&Step> {
        self.undone.last().map(Rc::as_ref)
    }

    pub const fn lens(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }
}
