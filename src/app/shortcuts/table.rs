//! The one table of commands: its name, its keys, where they work. The key sheet, the command list and the
//! keyboard all read it, so they cannot disagree.

use archplay_text::Lang;
use web_sys::KeyboardEvent;

use crate::app::lang::tr;

/// What a command does; see `perform`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Starts, pauses or goes on.
    RunPause,
    /// Goes to what can be broken of the selection.
    ByHand,
    /// Draws a link from the selected card.
    Connect,
    /// Moves what is selected.
    Move,
    /// Goes from card to card.
    Walk,
    /// Goes from link to link of a card.
    Links,
    /// Goes to the first field of the inspector.
    Details,
    /// Types the name of what is selected, or places by name.
    Edit,
    /// Types the name of what is selected.
    Rename,
    /// Removes what is selected.
    Delete,
    /// Takes the last step back.
    Undo,
    /// Makes it again.
    Redo,
    /// Copies what is selected.
    Copy,
    /// Copies and removes it.
    Cut,
    /// Adds what was copied.
    Paste,
    /// Copies what is selected beside itself.
    Duplicate,
    /// Selects everything.
    SelectAll,
    /// Takes a group away from around its content.
    Ungroup,
    /// Arranges the drawing.
    Layout,
    /// Shows the whole drawing.
    Fit,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// As large as it is.
    ZoomActual,
    /// The session before.
    PreviousSession,
    /// The session after.
    NextSession,
    /// Opens the calculation of a news feed.
    Envelope,
    /// Opens or closes the phone with somebody's news feed.
    Phone,
    /// Opens the command list.
    Commands,
    /// Opens the key sheet.
    Keys,
    /// Opens the glossary.
    Glossary,
    /// Shows the link to where one is.
    Share,
    /// Leaves whatever is going on.
    Cancel,
    /// The projector view on or off.
    Present,
    /// In the projector view: the next zone or the one before.
    PresentZone,
    /// In the projector view: full screen.
    PresentFull,
    /// Opens the tools for a class.
    Class,
    /// Shows the session's text alone.
    Read,
    /// Begins the discussion, stops its timer, lets it go on.
    Timer,
}

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere, in text fields too.
    Everywhere,
    /// Everywhere but in text fields, which have such keys of their own.
    Page,
    /// While the canvas has the focus, or nothing has.
    Canvas,
    /// As the last, but handled by the canvas or by the browser's clipboard: only shown here.
    Shown,
}

/// Under which heading the key sheet shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Running and lessons.
    Run,
    /// Editing.
    Edit,
    /// Looking.
    View,
}

impl Group {
    /// All, in the order of the sheet.
    pub const ALL: [Self; 3] = [Self::Edit, Self::View, Self::Run];

    /// The name in text keys.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Edit => "edit",
            Self::View => "view",
        }
    }
}

/// Keys pressed together. Matched by the key's place on the keyboard, so that 한글 mode does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// `KeyboardEvent.code`.
    pub code: &'static str,
    /// Ctrl, or ⌘.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
}

const fn key(code: &'static str) -> Chord {
    Chord {
        code,
        ctrl: false,
        shift: false,
    }
}

const fn ctrl(code: &'static str) -> Chord {
    Chord {
        ctrl: true,
        ..key(code)
    }
}

const fn shift(chord: Chord) -> Chord {
    Chord {
        shift: true,
        ..chord
    }
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// The name in text keys: `command.<slug>`.
    pub slug: &'static str,
    /// The keys; any of them.
    pub chords: &'static [Chord],
    /// Where they work.
    pub scope: Scope,
    /// Its heading.
    pub group: Group,
    /// Whether the command list has it.
    pub listed: bool,
}

const fn entry(
    action: Action,
    slug: &'static str,
    chords: &'static [Chord],
    scope: Scope,
    group: Group,
) -> Entry {
    Entry {
        action,
        slug,
        chords,
        scope,
        group,
        listed: true,
    }
}

const fn unlisted(entry: Entry) -> Entry {
    Entry {
        listed: false,
        ..entry
    }
}

use self::Action as A;
use self::Group as G;
use self::Scope as S;

/// All commands, in the order of sheet and list.
pub const TABLE: &[Entry] = &[
    entry(A::RunPause, "run_pause", &[key("Space")], S::Canvas, G::Run),
    entry(A::Envelope, "envelope", &[], S::Shown, G::Run),
    entry(A::Phone, "phone", &[], S::Shown, G::Run),
    entry(A::ByHand, "by_hand", &[key("KeyB")], S::Canvas, G::Run),
    entry(
        A::PreviousSession,
        "previous_session",
        &[key("BracketLeft")],
        S::Canvas,
        G::Run,
    ),
    entry(
        A::NextSession,
        "next_session",
        &[key("BracketRight")],
        S::Canvas,
        G::Run,
    ),
    unlisted(entry(
        A::Commands,
        "commands",
        &[ctrl("KeyK")],
        S::Everywhere,
        G::Run,
    )),
    entry(A::Keys, "keys", &[shift(key("Slash"))], S::Canvas, G::Run),
    entry(A::Glossary, "glossary", &[key("KeyG")], S::Canvas, G::Run),
    entry(A::Connect, "connect", &[key("KeyC")], S::Shown, G::Edit),
    unlisted(entry(
        A::Move,
        "move",
        &[
            key("ArrowLeft"),
            key("ArrowUp"),
            key("ArrowRight"),
            key("ArrowDown"),
        ],
        S::Shown,
        G::Edit,
    )),
    unlisted(entry(
        A::Walk,
        "walk",
        &[key("Tab"), shift(key("Tab"))],
        S::Shown,
        G::Edit,
    )),
    entry(
        A::Links,
        "links",
        &[key("KeyL"), shift(key("KeyL"))],
        S::Shown,
        G::Edit,
    ),
    entry(A::Details, "details", &[key("KeyI")], S::Canvas, G::Edit),
    unlisted(entry(A::Edit, "edit", &[key("Enter")], S::Shown, G::Edit)),
    entry(A::Rename, "rename", &[key("F2")], S::Shown, G::Edit),
    entry(
        A::Delete,
        "delete",
        &[key("Delete"), key("Backspace")],
        S::Shown,
        G::Edit,
    ),
    entry(A::Undo, "undo", &[ctrl("KeyZ")], S::Page, G::Edit),
    entry(
        A::Redo,
        "redo",
        &[shift(ctrl("KeyZ")), ctrl("KeyY")],
        S::Page,
        G::Edit,
    ),
    entry(A::Copy, "copy", &[ctrl("KeyC")], S::Shown, G::Edit),
    entry(A::Cut, "cut", &[ctrl("KeyX")], S::Shown, G::Edit),
    entry(A::Paste, "paste", &[ctrl("KeyV")], S::Shown, G::Edit),
    entry(
        A::Duplicate,
        "duplicate",
        &[ctrl("KeyD")],
        S::Canvas,
        G::Edit,
    ),
    entry(
        A::SelectAll,
        "select_all",
        &[ctrl("KeyA")],
        S::Canvas,
        G::Edit,
    ),
    entry(A::Ungroup, "ungroup", &[], S::Shown, G::Edit),
    entry(A::Layout, "layout", &[], S::Shown, G::Edit),
    unlisted(entry(
        A::Cancel,
        "cancel",
        &[key("Escape")],
        S::Canvas,
        G::Edit,
    )),
    entry(A::Fit, "fit", &[key("KeyF")], S::Shown, G::View),
    entry(
        A::ZoomIn,
        "zoom_in",
        &[key("Equal"), key("NumpadAdd")],
        S::Shown,
        G::View,
    ),
    entry(
        A::ZoomOut,
        "zoom_out",
        &[key("Minus"), key("NumpadSubtract")],
        S::Shown,
        G::View,
    ),
    entry(
        A::ZoomActual,
        "zoom_actual",
        &[key("Digit0"), key("Numpad0")],
        S::Shown,
        G::View,
    ),
    entry(A::Present, "present", &[key("KeyP")], S::Canvas, G::View),
    unlisted(entry(
        A::PresentZone,
        "present_zone",
        &[key("PageUp"), key("PageDown")],
        S::Shown,
        G::View,
    )),
    entry(A::PresentFull, "present_full", &[], S::Shown, G::View),
    entry(A::Class, "class", &[], S::Shown, G::Run),
    entry(A::Read, "read", &[], S::Shown, G::Run),
    entry(A::Share, "share", &[], S::Shown, G::View),
    entry(A::Timer, "timer", &[key("KeyT")], S::Canvas, G::Run),
];

impl Entry {
    /// Whether it is about the news feed, and so nothing where the scenario has none.
    pub fn is_of_feed(&self) -> bool {
        matches!(self.action, Action::Envelope | Action::Phone)
    }
}

/// Finds the command for a key event, by its code and modifiers.
pub fn find(code: &str, ctrl: bool, shift: bool) -> Option<&'static Entry> {
    TABLE
        .iter()
        .filter(|entry| entry.scope != Scope::Shown)
        .find(|entry| {
            entry
                .chords
                .iter()
                .any(|c| c.code == code && c.ctrl == ctrl && c.shift == shift)
        })
}

/// Whether a key belongs to a syllable that is being composed.
pub fn composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// The keys of a chord as they are printed on the keyboard.
pub fn labels(chord: Chord, lang: Lang, mac: bool) -> Vec<String> {
    let mut out = Vec::new();
    if chord.ctrl {
        out.push(if mac {
            "⌘".to_owned()
        } else {
            "Ctrl".to_owned()
        });
    }
    // Shift and the slash make a character of their own.
    if chord.shift && chord.code != "Slash" {
        out.push("Shift".to_owned());
    }
    out.push(match chord.code {
        "Slash" => "?".to_owned(),
        "BracketLeft" => "[".to_owned(),
        "BracketRight" => "]".to_owned(),
        "Equal" | "NumpadAdd" => "+".to_owned(),
        "Minus" | "NumpadSubtract" => "−".to_owned(),
        "Digit0" | "Numpad0" => "0".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowRight" => "→".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "Space" => tr(lang, "keys.space").to_string(),
        "Delete" => "Del".to_owned(),
        "Escape" => "Esc".to_owned(),
        "PageUp" => "PgUp".to_owned(),
        "PageDown" => "PgDn".to_owned(),
        code => code.strip_prefix("Key").unwrap_or(code).to_owned(),
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_their_keys() {
        for (i, entry) in TABLE.iter().enumerate() {
            for other in &TABLE[..i] {
                for chord in entry.chords {
                    assert!(
                        !other.chords.contains(chord),
                        "{} {}",
                        entry.slug,
                        other.slug
                    );
                }
            }
        }
    }

    #[test]
    fn every_command_and_heading_has_its_text() {
        for lang in Lang::ALL {
            for entry in TABLE {
                let key = format!("command.{}", entry.slug);
                assert!(archplay_text::find(lang, &key).is_some(), "{lang:?} {key}");
            }
            for group in Group::ALL {
                let key = format!("keys.group.{}", group.slug());
                assert!(archplay_text::find(lang, &key).is_some(), "{lang:?} {key}");
            }
        }
    }

    #[test]
    fn keys_are_found_by_place_and_modifiers() {
        let check = |code, ctrl, shift, expected: Option<Action>| {
            assert_eq!(find(code, ctrl, shift).map(|e| e.action), expected);
        };
        check("KeyZ", true, false, Some(Action::Undo));
        check("KeyZ", true, true, Some(Action::Redo));
        check("KeyZ", false, false, None);
        // Copying is the browser's event, drawing a link the canvas's key.
        check("KeyC", true, false, None);
        check("KeyC", false, false, None);
        // Walking through links is the canvas's, the way to the inspector the page's.
        check("KeyL", false, false, None);
        check("KeyI", false, false, Some(Action::Details));
        check("KeyI", true, false, None);
        check("Slash", false, true, Some(Action::Keys));
        check("Slash", false, false, None);
    }

    #[test]
    fn labels_read_as_on_the_keyboard() {
        let check = |chord, mac, expected: &str| {
            assert_eq!(labels(chord, Lang::En, mac).join(" "), expected);
        };
        check(shift(ctrl("KeyZ")), false, "Ctrl Shift Z");
        check(ctrl("KeyK"), true, "⌘ K");
        check(shift(key("Slash")), false, "?");
        check(key("F2"), false, "F2");
    }
}
