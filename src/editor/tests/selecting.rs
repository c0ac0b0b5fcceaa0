//! What is selected is in the drawing, whatever came in between.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_editor::{Command, Editor, Modifiers, Point, Selection};
use archplay_model::{Design, Kind};

/// A client and a server beside it, linked.
fn pair() -> Editor {
    let mut editor = Editor::new(Design::default());
    for (kind, x) in [(Kind::Client, 0.0), (Kind::Server, 400.0)] {
        editor.apply(Command::Add { kind, x, y: 0.0 }).unwrap();
    }
    let ids: Vec<_> = editor.design().components.keys().cloned().collect();
    let [from, to] = <[_; 2]>::try_from(ids).unwrap();
    editor.apply(Command::Connect { from, to }).unwrap();
    editor
}

#[test]
fn a_rectangle_forgets_what_was_cut_while_it_was_drawn() {
    let (corner, shift) = (
        Point::new(-50.0, 600.0),
        Modifiers {
            shift: true,
            alt: false,
        },
    );
    for mode in [Modifiers::default(), shift] {
        for ends in [true, false] {
            let mut editor = pair();
            editor.select_all();
            editor.pointer_down(corner, mode);
            editor.pointer_move(Point::new(-20.0, 560.0), mode);
            let first = editor.design().components.keys().next().unwrap().clone();
            editor.select(Selection::component(first));
            editor.cut().unwrap();
            if ends {
                editor.pointer_move(Point::new(-10.0, 550.0), mode);
                editor.pointer_up(Point::new(-10.0, 550.0), mode).unwrap();
            } else {
                editor.pointer_cancel();
            }
            editor.check_invariants().unwrap();
        }
    }
}
