//! Keys while the canvas has the focus. Letters are matched by their place on the keyboard, so that they
//! work in 한글 mode too; none fires while a syllable is being composed.
//!
//! Keys with Ctrl belong to the whole page (see `shortcuts`). Must not live here: what a tool does.

use archplay_editor::{ConnectMode, Direction, EditRefusal, Outcome, Tool, ToolKey};
use archplay_model::Id;
use web_sys::KeyboardEvent;

use crate::app::session::Dispatch;

/// What a key came to.
#[derive(Debug, PartialEq)]
pub enum Pressed {
    /// Nothing of the canvas's.
    NotOurs,
    /// Done.
    Done(Result<Outcome, EditRefusal>),
    /// Nothing could be done; this text says why.
    Told(&'static str),
    /// The name of this component is to be typed.
    Rename(Id),
    /// A component's name is to be typed in the middle of the view.
    Place,
    /// Space went down.
    Space,
}

/// Handles a key.
pub fn press(event: &KeyboardEvent, dispatch: &Dispatch) -> Pressed {
    let composing = event.is_composing() || event.key_code() == 229;
    if composing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return Pressed::NotOurs;
    }
    let shift = event.shift_key();
    let code = event.code();
    if let Some(key) = tool_key(&code, shift) {
        let used = dispatch.update(|editor| editor.key(key));
        return match used {
            Ok((true, outcome)) => Pressed::Done(Ok(outcome)),
            Err(refusal) => Pressed::Done(Err(refusal)),
            Ok((false, _)) => unused(key, dispatch),
        };
    }
    let done = || Pressed::Done(Ok(Outcome::default()));
    match code.as_str() {
        "F2" => rename(dispatch),
        "Delete" | "Backspace" => {
            if dispatch.update(|editor| editor.remove_selection()) {
                done()
            } else {
                Pressed::NotOurs
            }
        }
        "KeyC" => {
            let started = dispatch.update(|editor| match editor.selection().single().cloned() {
                Some(id) => editor.start_connect(&id, ConnectMode::Keyboard),
                None => false,
            });
            if started { done() } else { Pressed::NotOurs }
        }
        "KeyF" => {
            dispatch.update(|editor| editor.fit());
            done()
        }
        "Equal" | "NumpadAdd" => zoom(dispatch, 1.2),
        "Minus" | "NumpadSubtract" => zoom(dispatch, 1.0 / 1.2),
        "Digit0" | "Numpad0" => {
            dispatch.update(|editor| editor.zoom_to(1.0));
            done()
        }
        "Space" => Pressed::Space,
        _ => Pressed::NotOurs,
    }
}

fn tool_key(code: &str, shift: bool) -> Option<ToolKey> {
    Some(match code {
        "ArrowLeft" => ToolKey::Arrow(Direction::Left, shift),
        "ArrowRight" => ToolKey::Arrow(Direction::Right, shift),
        "ArrowUp" => ToolKey::Arrow(Direction::Up, shift),
        "ArrowDown" => ToolKey::Arrow(Direction::Down, shift),
        "Enter" | "NumpadEnter" => ToolKey::Enter,
        "Escape" => ToolKey::Escape,
        "Tab" => ToolKey::Next(shift),
        "KeyL" => ToolKey::Link(shift),
        _ => return None,
    })
}

/// What a key means when the tool has no use for it.
fn unused(key: ToolKey, dispatch: &Dispatch) -> Pressed {
    match key {
        ToolKey::Enter => match rename(dispatch) {
            Pressed::NotOurs if dispatch.read(|editor| editor.selection().is_empty()) => {
                Pressed::Place
            }
            other => other,
        },
        ToolKey::Arrow(direction, _) => {
            let (dx, dy) = direction.step();
            dispatch.update(|editor| editor.pan(-dx * 48.0, -dy * 48.0));
            Pressed::Done(Ok(Outcome::default()))
        }
        ToolKey::Link(_) if dispatch.read(|editor| *editor.tool() == Tool::default()) => {
            Pressed::Told("canvas.say.no_link")
        }
        ToolKey::Escape | ToolKey::Next(_) | ToolKey::Link(_) => Pressed::NotOurs,
    }
}

/// Asks for the name of the one component that is selected.
pub fn rename(dispatch: &Dispatch) -> Pressed {
    match dispatch.read(|editor| editor.selection().single().cloned()) {
        Some(id) => Pressed::Rename(id),
        None => Pressed::NotOurs,
    }
}

fn zoom(dispatch: &Dispatch, factor: f64) -> Pressed {
    dispatch.update(|editor| {
        let zoom = editor.camera().zoom * factor;
        editor.zoom_to(zoom);
    });
    Pressed::Done(Ok(Outcome::default()))
}
