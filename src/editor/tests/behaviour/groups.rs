//! Groups: what they take in, how they are dragged, resized and taken apart.

use archplay_editor::{Command, EditRefusal, Editor, Hit, Point, Selection, Tool, ToolKey};
use archplay_model::{Design, Id, Kind, Rect};

use crate::{NONE, act, add, drag, id, parent, rect, shop};

#[test]
fn one_drag_is_one_step_and_adopts() {
    let mut editor = shop();
    let (before, start) = (editor.steps().0, editor.design().clone());
    drag(&mut editor, (500.0, 20.0), (480.0, 300.0));
    assert_eq!(editor.steps().0, before + 1);
    assert_eq!(editor.undo_slug(), Some("move"));
    assert_eq!(parent(&editor, "server-1"), Some(id("zone-1")));
    // Moving the zone takes the server along.
    let server = rect(&editor, "server-1");
    drag(&mut editor, (420.0, 205.0), (420.0, 405.0));
    assert!((rect(&editor, "server-1").y - server.y - 200.0).abs() < 1e-9);
    // Dragging the server out sets it free.
    let server = rect(&editor, "server-1");
    drag(
        &mut editor,
        (server.x + 20.0, server.y + 20.0),
        (900.0, 20.0),
    );
    assert_eq!(parent(&editor, "server-1"), None);
    for _ in 0..3 {
        editor.undo();
    }
    assert_eq!(editor.design(), &start);
}

#[test]
fn a_drag_shows_which_group_adopts_and_escape_takes_it_back() {
    let mut editor = shop();
    let start = editor.design().clone();
    editor.pointer_down(Point::new(500.0, 20.0), NONE);
    editor.pointer_move(Point::new(480.0, 300.0), NONE);
    assert_eq!(editor.overlay().adopt, Some(id("zone-1")));
    editor.pointer_move(Point::new(481.0, 301.0), NONE);
    assert_eq!(editor.overlay().adopt, Some(id("zone-1")));
    let steps = editor.steps();
    assert_eq!(editor.key(ToolKey::Escape).map(|(used, _)| used), Ok(true));
    assert!(std::rc::Rc::ptr_eq(&start, editor.design()));
    assert_eq!(editor.steps(), steps);
    assert_eq!(editor.tool(), &Tool::default());
}

#[test]
fn groups_take_only_what_their_kind_may_hold() {
    let mut editor = shop();
    drag(&mut editor, (20.0, 20.0), (480.0, 300.0));
    assert_eq!(
        parent(&editor, "client-1"),
        None,
        "visitors stand in no zone"
    );
    let refusal = editor.apply(Command::SetParent {
        id: id("client-1"),
        parent: Some(id("zone-1")),
    });
    assert_eq!(
        refusal,
        Err(EditRefusal::ParentNotAllowed {
            kind: Kind::Client,
            group: Kind::Zone
        })
    );
}

#[test]
fn a_group_never_gets_smaller_than_its_content() {
    let mut editor = shop();
    act(
        &mut editor,
        Command::SetParent {
            id: id("server-1"),
            parent: Some(id("zone-1")),
        },
    );
    let frame = rect(&editor, "zone-1");
    act(
        &mut editor,
        Command::Resize {
            id: id("zone-1"),
            rect: Rect {
                w: 10.0,
                h: 10.0,
                ..frame
            },
        },
    );
    assert!(rect(&editor, "zone-1").contains_rect(&rect(&editor, "server-1")));
    assert!(rect(&editor, "zone-1").w < frame.w);
}

#[test]
fn a_group_drawn_around_cards_takes_them_in() {
    let mut editor = Editor::new(Design::default());
    add(&mut editor, Kind::Server, 40.0, 60.0);
    add(&mut editor, Kind::Client, 40.0, 160.0);
    add(&mut editor, Kind::Region, 0.0, 0.0);
    assert_eq!(parent(&editor, "server-1"), Some(id("region-1")));
    assert_eq!(parent(&editor, "client-1"), None);
}

#[test]
fn handles_resize_in_one_step() {
    let mut editor = shop();
    editor.select(Selection::component(id("zone-1")));
    let frame = rect(&editor, "zone-1");
    let corner = (frame.x + frame.w, frame.y + frame.h);
    assert!(matches!(
        editor.hit(Point::new(corner.0, corner.1)),
        Hit::Handle { .. }
    ));
    let before = editor.steps().0;
    drag(&mut editor, corner, (corner.0 + 80.0, corner.1 + 41.0));
    assert_eq!(editor.steps().0, before + 1);
    let after = rect(&editor, "zone-1");
    assert_eq!((after.w, after.h), (frame.w + 80.0, frame.h + 40.0));
}

#[test]
fn removing_a_group_removes_its_content_and_ungrouping_keeps_it() {
    let inside = || {
        let mut editor = shop();
        let command = Command::SetParent {
            id: id("server-1"),
            parent: Some(id("zone-1")),
        };
        act(&mut editor, command);
        act(
            &mut editor,
            Command::Connect {
                from: id("load-balancer-1"),
                to: id("server-1"),
            },
        );
        editor
    };
    let mut editor = inside();
    editor.select(Selection::component(id("zone-1")));
    assert!(editor.remove_selection());
    editor.check_invariants().unwrap();
    assert_eq!(editor.design().components.len(), 2);
    assert!(editor.design().links.is_empty());
    let mut editor = inside();
    act(&mut editor, Command::Ungroup { id: id("zone-1") });
    assert_eq!(parent(&editor, "server-1"), None);
    assert_eq!(editor.design().links.len(), 1);
}

#[test]
fn a_subnet_holds_cards_and_scaling_groups_and_stands_in_a_zone() {
    let mut editor = shop();
    let subnet = add(&mut editor, Kind::Subnet, 416.0, 240.0);
    assert_eq!(parent(&editor, subnet.as_str()), Some(id("zone-1")));
    let set = |editor: &mut Editor, one: &str, parent: &Id| {
        editor.apply(Command::SetParent {
            id: id(one),
            parent: Some(parent.clone()),
        })
    };
    set(&mut editor, "server-1", &subnet).unwrap();
    let group = add(&mut editor, Kind::AutoScalingGroup, 900.0, 900.0);
    set(&mut editor, group.as_str(), &subnet).unwrap();
    editor.check_invariants().unwrap();
    for one in ["client-1", "zone-1"] {
        assert!(set(&mut editor, one, &subnet).is_err(), "{one}");
    }
    assert!(set(&mut editor, subnet.as_str(), &group).is_err());
}
