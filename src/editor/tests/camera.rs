//! What is seen of a drawing: nothing that matters lies under what floats over the canvas.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_editor::{Command, Editor, Point, Selection};
use archplay_model::{Design, Id, Kind, Rect};

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

fn rect(editor: &Editor, name: &str) -> Rect {
    editor.design().get(&id(name)).unwrap().rect()
}

/// A client, a load balancer and a server in a row.
fn shop() -> Editor {
    let mut editor = Editor::new(Design::default());
    for (i, kind) in [Kind::Client, Kind::LoadBalancer, Kind::Server]
        .into_iter()
        .enumerate()
    {
        let x = 240.0 * i as f64;
        editor.apply(Command::Add { kind, x, y: 0.0 }).unwrap();
    }
    editor.select(Selection::default());
    editor
}

#[test]
fn a_panel_at_the_right_covers_nothing_that_is_selected() {
    let mut editor = shop();
    editor.set_viewport(800.0, 600.0);
    editor.set_covered(300.0);
    let seen_right = |editor: &Editor, name: &str| {
        let rect = rect(editor, name);
        let corner = Point::new(rect.x + rect.w, rect.y);
        editor.camera().screen_from_canvas(corner).x
    };
    editor.select(Selection::component(id("server-1")));
    assert!(seen_right(&editor, "server-1") > 500.0);
    editor.uncover_selection();
    assert!(seen_right(&editor, "server-1") <= 500.0);
    // What is seen already stays where it is, and everything fits beside the panel.
    let camera = editor.camera();
    editor.select(Selection::component(id("load-balancer-1")));
    editor.uncover_selection();
    assert_eq!(editor.camera(), camera);
    editor.fit();
    assert!(seen_right(&editor, "server-1") <= 500.0);
}

#[test]
fn a_drawing_that_is_fitted_has_no_card_under_the_lower_corners() {
    let mut editor = shop();
    let corners = |editor: &Editor| {
        let lowest = rect(editor, "server-1");
        let end = Point::new(lowest.x + lowest.w, lowest.y + lowest.h);
        editor.camera().screen_from_canvas(end)
    };
    editor.set_viewport(950.0, 320.0);
    editor.fit();
    let before = editor.camera();
    let far = Command::Move {
        ids: [id("server-1")].into(),
        dx: 900.0,
        dy: 600.0,
    };
    editor.apply(far).unwrap();
    editor.fit();
    assert!(editor.camera().zoom < before.zoom);
    let end = corners(&editor);
    assert!(end.y <= 320.0 - 50.0, "{end:?}");
}
