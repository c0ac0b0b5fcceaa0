//! The few changes of the open drawing that this room makes.

use std::rc::Rc;

use archplay_editor::{Command, EditRefusal};
use archplay_model::{Design, Problem};

use crate::app::session::{Dispatch, EditorAction};

/// Opens another drawing; its history begins anew.
pub fn open(dispatch: &Dispatch, design: Design) {
    // Opening mends what does not fit and is refused only for a drawing beyond the limits of a file.
    let _ = dispatch.apply(EditorAction::Load(design));
}

/// A drawing that gave way to another.
#[derive(Clone)]
pub struct Replaced {
    /// What had to be mended in the new one.
    pub mended: Vec<Problem>,
    before: Rc<Design>,
}

/// Puts another design in the place of the open one, as one step that can be undone.
///
/// # Errors
/// The editor's refusal; nothing has changed then.
pub fn replace(dispatch: &Dispatch, design: Design) -> Result<Replaced, EditRefusal> {
    let before = dispatch.design();
    let outcome = dispatch.apply(EditorAction::Do(Command::Replace { design }))?;
    dispatch.apply(EditorAction::Fit)?;
    Ok(Replaced {
        mended: outcome.mended,
        before,
    })
}

/// Takes a replacement back: by undo while it is the last step, else as a step of its own, so that what
/// was drawn since can be had back as well.
pub fn take_back(dispatch: &Dispatch, replaced: &Replaced) {
    let replace = Command::Replace {
        design: (*replaced.before).clone(),
    };
    let last = dispatch.read(|editor| editor.undo_slug());
    let action = if last == Some(replace.slug()) {
        EditorAction::Undo
    } else {
        EditorAction::Do(replace)
    };
    // A design that was open before is never refused.
    let _ = dispatch.apply(action);
    let _ = dispatch.apply(EditorAction::Fit);
}

/// Puts what was there before in its place again, whatever has been done since; that is one step too.
pub fn bring_back(dispatch: &Dispatch, replaced: &Replaced) {
    let design = (*replaced.before).clone();
    // A design that was open before is never refused.
    let _ = dispatch.apply(EditorAction::Do(Command::Replace { design }));
    let _ = dispatch.apply(EditorAction::Fit);
}

/// Names the drawing.
///
/// # Errors
/// The editor's refusal, for a name that is too long.
pub fn rename(dispatch: &Dispatch, name: &str) -> Result<(), EditRefusal> {
    let name = name.to_owned();
    dispatch.apply(EditorAction::Do(Command::RenameDesign { name }))?;
    Ok(())
}
