//! What each command of the table does.

use archplay_editor::{Command, ConnectMode, EditRefusal, Selection, ToolKey};
use archplay_model::{Id, Kind};
use archplay_text::Lang;
use gloo::timers::callback::Timeout;
use web_sys::Event;
use yew::Callback;

use crate::app::class::{full_screen, toggle_or_begin};
use crate::app::dialog::{Toast, say};
use crate::app::inspector::{focus_by_hand, focus_inspector};
use crate::app::lesson::data::TaskRef;
use crate::app::palette::drag::{canvas, focus_canvas};
use crate::app::problems::refused;
use crate::app::route::{Desk, Route, SESSIONS, Tool, navigate};
use crate::app::session::Dispatch;
use crate::app::shell::{ZoneAction, Zones};

use super::clipboard;
use super::focus::in_dialog;
use super::table::Action;
use super::{RENAME, Sheet};

/// What commands work with.
#[derive(Clone, PartialEq)]
pub struct Env {
    /// The language of messages.
    pub lang: Lang,
    /// The editor.
    pub dispatch: Dispatch,
    /// Starts, pauses or goes on.
    pub run_toggle: Callback<()>,
    /// Where the page is.
    pub desk: Desk,
    /// Shows a message.
    pub toasts: Callback<Toast>,
    /// Opens the key sheet or the command list.
    pub open: Callback<Sheet>,
    /// The zones of the page.
    pub zones: Zones,
    /// The open task.
    pub task: Option<TaskRef>,
}

impl Env {
    /// Tells why something was refused.
    pub fn tell<T>(&self, result: Result<T, EditRefusal>) {
        if let Err(refusal) = result {
            self.toasts.emit(Toast::bad(refused(self.lang, refusal)));
        }
    }

    /// Places a component of a kind in the middle of the view.
    pub fn place(&self, kind: Kind) {
        self.tell(self.dispatch.update(|editor| editor.place_in_view(kind)));
        soon(focus_canvas);
    }

    /// Selects a component and shows it.
    pub fn go_to(&self, id: &Id) {
        self.dispatch.update(|editor| {
            editor.select(Selection::component(id.clone()));
            editor.show_selection();
        });
        soon(focus_canvas);
    }

    /// Carries out a command.
    pub fn perform(&self, action: Action) {
        let dispatch = &self.dispatch;
        match action {
            Action::RunPause => self.run_toggle.emit(()),
            Action::Undo => drop(dispatch.update(|editor| editor.undo())),
            Action::Redo => drop(dispatch.update(|editor| editor.redo())),
            Action::Copy => clipboard::copy(self),
            Action::Cut => clipboard::cut(self),
            Action::Paste => clipboard::paste(self),
            Action::Duplicate => self.tell(dispatch.update(|editor| editor.duplicate())),
            Action::SelectAll => dispatch.update(|editor| editor.select_all()),
            Action::Delete => drop(dispatch.update(|editor| editor.remove_selection())),
            Action::Ungroup => self.ungroup(),
            Action::Layout => {
                self.tell(dispatch.update(|editor| {
                    let outcome = editor.apply(Command::Layout);
                    editor.fit();
                    outcome
                }));
            }
            Action::Connect => {
                let started =
                    dispatch.update(|editor| match editor.selection().single().cloned() {
                        Some(id) => editor.start_connect(&id, ConnectMode::Keyboard),
                        None => false,
                    });
                if started {
                    soon(focus_canvas);
                } else {
                    self.toasts.emit(Toast::bad(say("command.needs_card")));
                }
            }
            Action::Links => self.links(),
            Action::ByHand => self.by_hand(),
            Action::Details => soon(focus_inspector),
            Action::Rename => self.rename(),
            Action::Fit => dispatch.update(|editor| editor.fit()),
            Action::ZoomIn => self.zoom(1.2),
            Action::ZoomOut => self.zoom(1.0 / 1.2),
            Action::ZoomActual => dispatch.update(|editor| editor.zoom_to(1.0)),
            Action::PreviousSession => self.session(false),
            Action::NextSession => self.session(true),
            Action::Envelope => self.zones.apply(ZoneAction::Envelope(true)),
            Action::Phone => self.zones.apply(ZoneAction::TogglePhone),
            Action::Commands => self.open.emit(Sheet::Commands),
            Action::Keys => self.open.emit(Sheet::Keys),
            Action::Glossary => self.open.emit(Sheet::Glossary),
            Action::Share => self.open.emit(Sheet::Share),
            Action::Cancel => drop(dispatch.update(|editor| editor.escape())),
            Action::Present => self.zones.apply(ZoneAction::TogglePresent),
            Action::PresentFull => full_screen(),
            Action::Class => navigate(Route::Class(Tool::default())),
            Action::Read => {
                if let Desk::Session(number) = self.desk {
                    navigate(Route::Read(number));
                }
            }
            Action::Timer => toggle_or_begin(self.task.as_ref()),
            // These keys are the projector view's own.
            Action::PresentZone => {}
            // Only the canvas knows what these keys mean at the moment.
            Action::Move | Action::Walk | Action::Edit => soon(focus_canvas),
        }
    }

    fn ungroup(&self) {
        let id = self
            .dispatch
            .read(|editor| editor.selection().single().cloned());
        match id {
            Some(id) => {
                self.tell(
                    self.dispatch
                        .update(|editor| editor.apply(Command::Ungroup { id })),
                );
            }
            None => self.toasts.emit(Toast::bad(say("command.needs_group"))),
        }
    }

    fn links(&self) {
        let reached = self.dispatch.update(|editor| {
            let reached = editor.key(ToolKey::Link(false));
            editor.show_selection();
            reached
        });
        if let Ok((true, _)) = reached {
            soon(focus_canvas);
        } else {
            self.toasts.emit(Toast::bad(say("canvas.say.no_link")));
        }
    }

    fn by_hand(&self) {
        let toasts = self.toasts.clone();
        soon(move || {
            if !focus_by_hand() {
                toasts.emit(Toast::bad(say("by_hand.needs_run")));
            }
        });
    }

    fn rename(&self) {
        if self
            .dispatch
            .read(|editor| editor.selection().single().is_none())
        {
            self.toasts.emit(Toast::bad(say("command.needs_one")));
            return;
        }
        soon(|| {
            if let (Some(canvas), Ok(event)) = (canvas(), Event::new(RENAME)) {
                // Nobody prevents it.
                let _ = canvas.dispatch_event(&event);
            }
        });
    }

    fn zoom(&self, factor: f64) {
        self.dispatch.update(|editor| {
            let zoom = editor.camera().zoom * factor;
            editor.zoom_to(zoom);
        });
    }

    /// Goes to a session's neighbour; beyond the last comes the free playground, and back.
    fn session(&self, next: bool) {
        let to = match (self.desk, next) {
            (Desk::Session(n), true) if n < SESSIONS => Desk::Session(n + 1),
            (Desk::Session(_), true) => Desk::Free,
            (Desk::Session(n), false) if n > 1 => Desk::Session(n - 1),
            (Desk::Free, false) => Desk::Session(SESSIONS),
            (same, _) => same,
        };
        if to != self.desk {
            navigate(Route::Desk(to));
        }
    }
}

/// Moves the focus: at once, or as soon as the list that called is gone and gives it free.
fn soon(act: impl FnOnce() + 'static) {
    if in_dialog() {
        Timeout::new(30, act).forget();
    } else {
        act();
    }
}
