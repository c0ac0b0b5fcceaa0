//! The scenario that is open in the editor, and the handle by which everything in the dialog changes it.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_editor::scenario::{At, ScenarioCommand, ScenarioEditor, ScenarioRefusal};
use archplay_model::{Design, Location, Problem, Scenario, check};
use yew::prelude::*;

use crate::app::session::use_document;

/// What is shown. Cheap to clone.
#[derive(Clone)]
pub struct Shown {
    /// The scenario.
    pub scenario: Rc<Scenario>,
    /// What is wrong with it.
    pub problems: Rc<Vec<Problem>>,
    /// The drawing that it would run.
    pub design: Rc<Design>,
    /// Whether there is a step to undo.
    pub can_undo: bool,
    /// Whether there is a step to do again.
    pub can_redo: bool,
    /// Whether a gesture is under way: nothing is measured or kept anew until it ends.
    pub busy: bool,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.scenario, &other.scenario)
            && Rc::ptr_eq(&self.problems, &other.problems)
            && Rc::ptr_eq(&self.design, &other.design)
            && (self.can_undo, self.can_redo) == (other.can_undo, other.can_redo)
            && self.busy == other.busy
    }
}

impl Shown {
    /// The problems at a path, and at what lies below it if asked for.
    pub fn problems_at(&self, path: &str, below: bool) -> Vec<Problem> {
        let here = |at: &str| match at.strip_prefix(path) {
            Some("") => true,
            Some(rest) => below && (path.is_empty() || rest.starts_with(['.', '['])),
            None => false,
        };
        let problems = self.problems.iter();
        problems
            .filter(|problem| matches!(&problem.at, Location::Scenario(at) if here(at)))
            .cloned()
            .collect()
    }
}

/// Changes the open scenario. Never changes itself while the dialog is open.
#[derive(Clone)]
pub struct Edit {
    editor: Rc<RefCell<ScenarioEditor>>,
    show: Callback<ScenarioEditor>,
}

impl PartialEq for Edit {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.editor, &other.editor)
    }
}

impl Edit {
    fn with<T>(&self, change: impl FnOnce(&mut ScenarioEditor) -> T) -> T {
        let mut editor = self.editor.borrow_mut();
        let done = change(&mut editor);
        let shown = editor.clone();
        drop(editor);
        self.show.emit(shown);
        done
    }

    /// Does a command; says what it added or where what it moved is now.
    pub fn apply(&self, command: ScenarioCommand) -> Result<Option<At>, ScenarioRefusal> {
        self.with(|editor| editor.apply(command))
    }

    /// Shows a command as part of a gesture.
    pub fn preview(&self, command: ScenarioCommand) {
        // What cannot be shown leaves what was shown before.
        let _ = self.with(|editor| editor.preview(command));
    }

    /// Ends a gesture: it becomes one step.
    pub fn commit(&self) {
        self.with(ScenarioEditor::commit);
    }

    /// Ends a gesture without a trace.
    pub fn cancel(&self) {
        self.with(ScenarioEditor::cancel);
    }

    /// Makes the next change a step of its own.
    pub fn seal(&self) {
        self.editor.borrow_mut().seal();
    }

    /// Takes a step back.
    pub fn undo(&self) {
        self.with(ScenarioEditor::undo);
    }

    /// Does a step again.
    pub fn redo(&self) {
        self.with(ScenarioEditor::redo);
    }

    /// The scenario as it is now, for event handlers.
    pub fn now(&self) -> Rc<Scenario> {
        self.editor.borrow().scenario().clone()
    }
}

/// Returns what is shown; inside of the dialog only.
#[hook]
pub fn use_shown() -> Option<Shown> {
    use_context::<Shown>()
}

/// Returns what changes it; inside of the dialog only.
#[hook]
pub fn use_edit() -> Option<Edit> {
    use_context::<Edit>()
}

/// Opens a scenario for editing.
#[hook]
pub fn use_editor(scenario: &Rc<Scenario>) -> (Shown, Edit) {
    let design = use_document().design;
    let editor = use_state(|| ScenarioEditor::new(scenario.clone()));
    let edit = use_memo((), {
        let (first, setter) = ((*editor).clone(), editor.setter());
        move |()| Edit {
            editor: Rc::new(RefCell::new(first)),
            show: Callback::from(move |editor| setter.set(editor)),
        }
    });
    // While something is dragged, the last word stands.
    let busy = editor.is_previewing();
    let last = use_mut_ref(|| None::<Rc<Vec<Problem>>>);
    let checked = use_memo(
        (design.name.clone(), editor.scenario().clone(), busy),
        |(_, scenario, busy)| {
            let known = last.borrow().clone();
            match known {
                Some(known) if *busy => known,
                _ => Rc::new(check::check(&design, scenario)),
            }
        },
    );
    *last.borrow_mut() = Some((*checked).clone());
    let shown = Shown {
        scenario: editor.scenario().clone(),
        problems: (*checked).clone(),
        design,
        can_undo: editor.can_undo(),
        can_redo: editor.can_redo(),
        busy,
    };
    (shown, (*edit).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_apart_by_their_place() {
        let problem = |path: &str| Problem::error("x", Location::Scenario(path.into()));
        let shown = Shown {
            scenario: Rc::new(
                archplay_model::presets::Preset::Steady
                    .scenario()
                    .unwrap_or_else(|e| panic!("{e}")),
            ),
            problems: Rc::new(vec![
                problem("datasets[1].rows"),
                problem("datasets[10].rows"),
                problem("datasets"),
            ]),
            design: Rc::default(),
            can_undo: false,
            can_redo: false,
            busy: false,
        };
        let count = |path: &str, below| shown.problems_at(path, below).len();
        assert_eq!(count("datasets[1]", true), 1);
        assert_eq!(count("datasets[1]", false), 0);
        assert_eq!(count("datasets", true), 3);
        assert_eq!(count("datasets[1].rows", false), 1);
    }
}
