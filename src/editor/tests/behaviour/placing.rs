//! What is placed, copied and laid out stands where there is room.

use archplay_editor::{Command, Editor, Point, SelectState, Selection, Tool, ToolKey};
use archplay_model::{Design, Kind, LinkKey, Rect};

use crate::{NONE, SHIFT, act, id, ids, parent, rect, shop};

#[test]
fn placing_by_click_by_enter_and_with_shift_again() {
    let mut editor = Editor::new(Design::default());
    editor.set_viewport(800.0, 600.0);
    editor.arm(Kind::Server);
    editor.pointer_move(Point::new(101.0, 99.0), NONE);
    assert!(editor.overlay().ghost.is_some());
    editor.pointer_down(Point::new(101.0, 99.0), SHIFT);
    editor.pointer_up(Point::new(101.0, 99.0), SHIFT).unwrap();
    assert!(matches!(editor.tool(), Tool::Place(_)));
    editor.pointer_leave();
    editor.key(ToolKey::Enter).unwrap();
    assert_eq!(editor.tool(), &Tool::Select(SelectState::Idle));
    let (x, y) = rect(&editor, "server-2").center();
    assert!((x - 400.0).abs() <= 4.0 && (y - 300.0).abs() <= 4.0);
    assert_eq!(editor.selection().components, ids(&["server-2"]));
}

#[test]
fn what_is_placed_without_a_pointer_covers_no_card() {
    let mut editor = Editor::new(Design::default());
    editor.set_viewport(800.0, 600.0);
    for _ in 0..12 {
        editor.place_in_view(Kind::Server).unwrap();
        editor.check_invariants().unwrap();
    }
    let cards: Vec<Rect> = editor
        .design()
        .components
        .values()
        .map(|c| c.rect())
        .collect();
    for (i, a) in cards.iter().enumerate() {
        assert!(cards[..i].iter().all(|b| !a.intersects(b)));
    }
}

#[test]
fn what_is_placed_near_a_point_stands_there_if_there_is_room() {
    let mut editor = Editor::new(Design::default());
    editor.set_viewport(800.0, 600.0);
    let at = Point::new(400.0, 300.0);
    editor.place_near(Kind::Server, at).unwrap();
    let (x, y) = rect(&editor, "server-1").center();
    assert!((x - at.x).abs() <= 4.0 && (y - at.y).abs() <= 4.0);
    editor.place_near(Kind::Server, at).unwrap();
    assert!(!rect(&editor, "server-1").intersects(&rect(&editor, "server-2")));
}

#[test]
fn what_is_placed_without_a_pointer_stands_wholly_inside_or_outside_groups() {
    let mut editor = Editor::new(Design::default());
    editor.set_viewport(1_000.0, 600.0);
    for kind in [
        Kind::Region,
        Kind::AutoScalingGroup,
        Kind::Server,
        Kind::Client,
        Kind::LoadBalancer,
    ] {
        editor.place_in_view(kind).unwrap();
        editor.check_invariants().unwrap();
    }
    let (region, group) = (
        rect(&editor, "region-1"),
        rect(&editor, "auto-scaling-group-1"),
    );
    assert_eq!(
        parent(&editor, "auto-scaling-group-1"),
        Some(id("region-1"))
    );
    assert_eq!(
        parent(&editor, "server-1"),
        Some(id("auto-scaling-group-1"))
    );
    assert!(
        !region.intersects(&rect(&editor, "client-1")),
        "visitors stand in no region"
    );
    assert!(!group.intersects(&rect(&editor, "load-balancer-1")));
}

#[test]
fn copies_keep_links_and_nesting_under_new_ids() {
    let mut editor = shop();
    act(
        &mut editor,
        Command::SetParent {
            id: id("server-1"),
            parent: Some(id("zone-1")),
        },
    );
    act(
        &mut editor,
        Command::Connect {
            from: id("load-balancer-1"),
            to: id("server-1"),
        },
    );
    editor.select(Selection::components(ids(&["zone-1", "load-balancer-1"])));
    let outcome = editor.duplicate().unwrap();
    editor.check_invariants().unwrap();
    assert_eq!(outcome.created.len(), 3);
    assert_eq!(parent(&editor, "server-2"), Some(id("zone-2")));
    let copied = LinkKey::new(id("load-balancer-2"), id("server-2"));
    assert!(editor.design().links.contains_key(&copied));
    // The copy's roots are selected, so that they can be dragged at once.
    assert_eq!(
        editor.selection().components,
        ids(&["load-balancer-2", "zone-2"])
    );
    // A cut that is pasted keeps its ids, and so its random streams.
    let text = editor.cut().unwrap();
    editor.paste(&text, None).unwrap();
    assert!(editor.design().get(&id("server-2")).is_some());
}

#[test]
fn layout_puts_who_is_asked_to_the_right_and_content_into_groups() {
    let mut editor = shop();
    for (from, to) in [
        ("client-1", "load-balancer-1"),
        ("load-balancer-1", "server-1"),
    ] {
        act(
            &mut editor,
            Command::Connect {
                from: id(from),
                to: id(to),
            },
        );
    }
    act(
        &mut editor,
        Command::SetParent {
            id: id("server-1"),
            parent: Some(id("zone-1")),
        },
    );
    act(&mut editor, Command::Layout);
    let x = |name: &str| rect(&editor, name).x;
    assert!(x("client-1") < x("load-balancer-1") && x("load-balancer-1") < x("zone-1"));
    assert!(rect(&editor, "zone-1").contains_rect(&rect(&editor, "server-1")));
    let all: Vec<Rect> = ["client-1", "load-balancer-1", "zone-1"]
        .map(|n| rect(&editor, n))
        .into();
    for (i, a) in all.iter().enumerate() {
        assert!(all[..i].iter().all(|b| !a.intersects(b)));
    }
}
