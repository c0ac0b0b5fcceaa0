//! What each command and tool does, told by example.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use archplay_editor::{
    Command, ConnectMode, Direction, EditRefusal, Editor, Hit, MAX_STEPS, Modifiers, Point,
    SelectState, Selection, Side, Tool, ToolKey,
};
use archplay_model::catalogue::ValueRefusal;
use archplay_model::{Design, Id, Kind, LinkKey, LinkRefusal, Rect, Value};

const NONE: Modifiers = Modifiers {
    shift: false,
    alt: false,
};
const SHIFT: Modifiers = Modifiers {
    shift: true,
    alt: false,
};

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

fn ids(names: &[&str]) -> BTreeSet<Id> {
    names.iter().map(|n| id(n)).collect()
}

/// Applies a command that must succeed, and sweeps the invariants.
fn act(editor: &mut Editor, command: Command) {
    editor.apply(command).unwrap();
    editor.check_invariants().unwrap();
}

fn add(editor: &mut Editor, kind: Kind, x: f64, y: f64) -> Id {
    let outcome = editor.apply(Command::Add { kind, x, y }).unwrap();
    editor.check_invariants().unwrap();
    outcome.created[0].clone()
}

/// A client, a load balancer and a server in a row, and a zone below.
fn shop() -> Editor {
    let mut editor = Editor::new(Design::default());
    add(&mut editor, Kind::Client, 0.0, 0.0);
    add(&mut editor, Kind::LoadBalancer, 240.0, 0.0);
    add(&mut editor, Kind::Server, 480.0, 0.0);
    add(&mut editor, Kind::Zone, 400.0, 200.0);
    editor.select(Selection::default());
    editor
}

fn parent(editor: &Editor, name: &str) -> Option<Id> {
    editor.design().get(&id(name)).unwrap().parent.clone()
}

fn rect(editor: &Editor, name: &str) -> Rect {
    editor.design().get(&id(name)).unwrap().rect()
}

fn drag(editor: &mut Editor, from: (f64, f64), to: (f64, f64)) {
    editor.pointer_move(Point::new(from.0, from.1), NONE);
    editor.pointer_down(Point::new(from.0, from.1), NONE);
    for i in 1..=4 {
        let share = f64::from(i) / 4.0;
        let at = Point::new(
            from.0 + (to.0 - from.0) * share,
            from.1 + (to.1 - from.1) * share,
        );
        editor.pointer_move(at, NONE);
        editor.check_invariants().unwrap();
    }
    let _ = editor.pointer_up(Point::new(to.0, to.1), NONE);
    editor.check_invariants().unwrap();
}

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
fn a_value_out_of_range_is_refused_and_changes_nothing() {
    let mut editor = shop();
    let (design, steps) = (editor.design().clone(), editor.steps());
    let set = |value: Value| Command::SetParam {
        ids: ids(&["server-1"]),
        key: "vcpu".into(),
        value,
    };
    let refusal = editor.apply(set(Value::Number(1_000.0))).unwrap_err();
    assert_eq!(
        refusal,
        EditRefusal::Value(ValueRefusal::OutOfRange {
            min: 1.0,
            max: 256.0
        })
    );
    assert_eq!(refusal.text_key(), "value_refusal.out_of_range");
    assert!(std::rc::Rc::ptr_eq(&design, editor.design()));
    assert_eq!(editor.steps(), steps);
    // One component of several without the parameter refuses it for all.
    let both = Command::SetParam {
        ids: ids(&["server-1", "client-1"]),
        key: "vcpu".into(),
        value: Value::Number(8.0),
    };
    assert_eq!(editor.apply(both), Err(EditRefusal::NoParam("vcpu".into())));
    assert!(std::rc::Rc::ptr_eq(&design, editor.design()));
    // The default is not written down.
    act(&mut editor, set(Value::Number(8.0)));
    act(&mut editor, set(Value::Number(2.0)));
    assert!(
        editor
            .design()
            .get(&id("server-1"))
            .unwrap()
            .params
            .is_empty()
    );
}

#[test]
fn edits_of_one_field_merge_until_it_is_left() {
    let mut editor = shop();
    let before = editor.steps().0;
    let name = |name: &str| Command::Rename {
        id: id("server-1"),
        name: name.into(),
    };
    for text in ["ㅇ", "웨", "웹"] {
        act(&mut editor, name(text));
    }
    assert_eq!(editor.steps().0, before + 1);
    editor.seal();
    act(&mut editor, name("웹 1"));
    assert_eq!(editor.steps().0, before + 2);
    editor.undo();
    assert_eq!(editor.design().get(&id("server-1")).unwrap().name, "웹");
    // Typing on after an undo is a step of its own, and going back to the old name leaves none.
    act(&mut editor, name("웹 2"));
    act(&mut editor, name("웹"));
    assert_eq!(editor.steps(), (before + 1, 0));
    editor.undo();
    assert_eq!(editor.design().get(&id("server-1")).unwrap().name, "");
}

#[test]
fn arrow_keys_merge_and_move_ten_times_as_far_with_shift() {
    let mut editor = shop();
    editor.select(Selection::component(id("client-1")));
    let before = editor.steps().0;
    for large in [false, false, true] {
        editor.key(ToolKey::Arrow(Direction::Right, large)).unwrap();
    }
    assert_eq!(rect(&editor, "client-1").x, 96.0);
    assert_eq!(editor.steps().0, before + 1);
    editor.select(Selection::component(id("server-1")));
    editor.key(ToolKey::Arrow(Direction::Down, false)).unwrap();
    assert_eq!(editor.steps().0, before + 2);
}

#[test]
fn replacing_is_undone_and_opening_begins_anew() {
    let mut editor = shop();
    let shop_design = editor.design().clone();
    let other = Design {
        name: "other".into(),
        ..Design::default()
    };
    act(
        &mut editor,
        Command::Replace {
            design: other.clone(),
        },
    );
    assert_eq!(**editor.design(), other);
    assert!(editor.undo());
    assert_eq!(editor.design(), &shop_design);
    act(&mut editor, Command::Open { design: other });
    assert_eq!(editor.steps(), (0, 0));
}

#[test]
fn a_design_that_does_not_fit_together_is_mended_and_told() {
    let mut design = (**shop().design()).clone();
    design.components.get_mut(&id("client-1")).unwrap().parent = Some(id("zone-1"));
    design.components.get_mut(&id("server-1")).unwrap().x = f64::NAN;
    design.links.insert(
        LinkKey::new(id("server-1"), id("ghost")),
        Default::default(),
    );
    let mut editor = Editor::new(Design::default());
    let outcome = editor.apply(Command::Replace { design }).unwrap();
    editor.check_invariants().unwrap();
    let codes: Vec<_> = outcome.mended.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["dropped_parent", "dropped_link"]);
}

#[test]
fn at_least_two_hundred_steps_are_kept() {
    let mut editor = Editor::new(Design::default());
    for i in 0..MAX_STEPS + 20 {
        act(
            &mut editor,
            Command::Add {
                kind: Kind::Cdn,
                x: i as f64,
                y: 0.0,
            },
        );
    }
    let mut undone = 0;
    while editor.undo() {
        undone += 1;
    }
    assert_eq!(undone, MAX_STEPS);
    const { assert!(MAX_STEPS >= 200) };
}

#[test]
fn click_shift_click_marquee_and_select_all() {
    let mut editor = shop();
    let click = |editor: &mut Editor, x: f64, y: f64, m: Modifiers| {
        editor.pointer_down(Point::new(x, y), m);
        editor.pointer_up(Point::new(x, y), m).unwrap();
    };
    click(&mut editor, 20.0, 20.0, NONE);
    assert_eq!(editor.selection().components, ids(&["client-1"]));
    click(&mut editor, 500.0, 20.0, SHIFT);
    assert_eq!(
        editor.selection().components,
        ids(&["client-1", "server-1"])
    );
    click(&mut editor, 500.0, 20.0, SHIFT);
    assert_eq!(editor.selection().components, ids(&["client-1"]));
    click(&mut editor, 20.0, 500.0, NONE);
    assert!(editor.selection().is_empty());
    drag(&mut editor, (-20.0, -20.0), (300.0, 100.0));
    assert_eq!(
        editor.selection().components,
        ids(&["client-1", "load-balancer-1"])
    );
    editor.select_all();
    assert_eq!(editor.selection().components.len(), 4);
    assert_eq!(editor.key(ToolKey::Escape).map(|(used, _)| used), Ok(true));
    assert!(editor.selection().is_empty());
}

#[test]
fn a_link_is_drawn_from_a_port_and_hit_within_tolerance() {
    let mut editor = shop();
    let port = Side::Right.port(rect(&editor, "client-1"));
    assert!(matches!(
        editor.hit(port),
        Hit::Port {
            side: Side::Right,
            ..
        }
    ));
    drag(&mut editor, (port.x, port.y), (260.0, 20.0));
    let key = LinkKey::new(id("client-1"), id("load-balancer-1"));
    assert_eq!(editor.selection(), &Selection::link(key.clone()));
    assert_eq!(editor.hit(Point::new(186.0, 37.0)), Hit::Link(key.clone()));
    assert_eq!(editor.hit(Point::new(186.0, 40.0)), Hit::Canvas);
    // At a smaller zoom the same six pixels are more of the canvas.
    editor.zoom_to(0.5);
    assert_eq!(editor.hit(Point::new(186.0, 42.0)), Hit::Link(key));
}

#[test]
fn a_target_that_makes_no_sense_says_why() {
    let mut editor = shop();
    add(&mut editor, Kind::Database, 720.0, 0.0);
    assert!(editor.start_connect(&id("client-1"), ConnectMode::Drag));
    editor.pointer_move(Point::new(740.0, 20.0), NONE);
    let Tool::Connect(connecting) = editor.tool() else {
        panic!("{:?}", editor.tool())
    };
    let refusal = EditRefusal::Link(LinkRefusal::ClientToDatabase);
    assert_eq!(connecting.chosen().unwrap().refusal, Some(refusal.clone()));
    let result = editor.pointer_up(Point::new(740.0, 20.0), NONE);
    assert_eq!(result, Err(refusal));
    assert!(editor.design().links.is_empty());
}

#[test]
fn the_keyboard_connects() {
    let mut editor = shop();
    editor.select(Selection::component(id("client-1")));
    assert!(editor.start_connect(&id("client-1"), ConnectMode::Keyboard));
    let target = |editor: &Editor| match editor.tool() {
        Tool::Connect(c) => c.target.clone().unwrap(),
        _ => panic!("not connecting"),
    };
    assert_eq!(target(&editor), id("load-balancer-1"));
    editor.key(ToolKey::Arrow(Direction::Right, false)).unwrap();
    assert_eq!(target(&editor), id("server-1"));
    editor.key(ToolKey::Next(false)).unwrap();
    assert_eq!(target(&editor), id("load-balancer-1"));
    let (used, outcome) = editor.key(ToolKey::Enter).unwrap();
    assert!(used && outcome.connected.is_some());
    assert_eq!(editor.tool(), &Tool::default());
    // Once more: the same link is refused, and the tool stays for another choice.
    editor.start_connect(&id("client-1"), ConnectMode::Keyboard);
    assert_eq!(
        target(&editor),
        id("server-1"),
        "the first that can be linked"
    );
    editor.key(ToolKey::Arrow(Direction::Left, false)).unwrap();
    assert_eq!(target(&editor), id("load-balancer-1"));
    assert_eq!(editor.key(ToolKey::Enter), Err(EditRefusal::AlreadyLinked));
    assert!(matches!(editor.tool(), Tool::Connect(_)));
}

#[test]
fn a_textbook_queue_can_be_linked_to_itself_and_a_server_cannot() {
    let mut editor = shop();
    let station = add(&mut editor, Kind::Station, 720.0, 0.0);
    // By the keyboard another card is offered first; alone, it is its own target.
    assert!(editor.start_connect(&station, ConnectMode::Keyboard));
    let Tool::Connect(connecting) = editor.tool() else {
        panic!("{:?}", editor.tool())
    };
    assert_ne!(connecting.target, Some(station.clone()));
    assert!(connecting.candidates.iter().any(|c| c.id == station));
    editor.cancel();
    // By clicks: pulled out of the card, let go over it, clicked once more.
    let at = Point::new(740.0, 20.0);
    assert!(editor.start_connect(&station, ConnectMode::Drag));
    editor.pointer_move(at, NONE);
    editor.pointer_up(at, NONE).unwrap();
    editor.pointer_move(at, NONE);
    let outcome = editor.pointer_up(at, NONE).unwrap();
    let key = LinkKey::new(station.clone(), station.clone());
    assert_eq!(outcome.connected, Some(key.clone()));
    editor.check_invariants().unwrap();
    assert!(editor.routes().get(&key).is_some());
    // The layout and a copy bear it as well.
    act(&mut editor, Command::Layout);
    editor.select(Selection::component(station));
    editor.duplicate().unwrap();
    editor.check_invariants().unwrap();
    assert_eq!(editor.design().links.len(), 2);

    let server = id("server-1");
    let refused = editor.apply(Command::Connect {
        from: server.clone(),
        to: server,
    });
    assert_eq!(refused, Err(EditRefusal::Link(LinkRefusal::SelfLink)));
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

/// Presses the key that walks through links.
fn walk_links(editor: &mut Editor, back: bool) -> bool {
    let (used, _) = editor.key(ToolKey::Link(back)).unwrap();
    editor.check_invariants().unwrap();
    used
}

/// The shop with a second server below the first, and links from left to right.
fn linked_shop() -> Editor {
    let mut editor = shop();
    add(&mut editor, Kind::Server, 480.0, 80.0);
    for (from, to) in [
        ("client-1", "load-balancer-1"),
        ("load-balancer-1", "server-2"),
        ("load-balancer-1", "server-1"),
    ] {
        let (from, to) = (id(from), id(to));
        act(&mut editor, Command::Connect { from, to });
    }
    editor.select(Selection::default());
    editor
}

#[test]
fn keys_walk_through_the_links_of_a_card() {
    let mut editor = linked_shop();
    let link = |from: &str, to: &str| Selection::link(LinkKey::new(id(from), id(to)));
    let first = link("load-balancer-1", "server-1");
    let second = link("load-balancer-1", "server-2");
    let arriving = link("client-1", "load-balancer-1");
    let (steps, design) = (editor.steps(), editor.design().clone());
    editor.select(Selection::component(id("load-balancer-1")));
    // What leaves the card comes first, in reading order, then what arrives; then from the beginning.
    for expected in [&first, &second, &arriving, &first] {
        assert!(walk_links(&mut editor, false));
        assert_eq!(editor.selection(), expected);
    }
    for expected in [&arriving, &second, &first] {
        assert!(walk_links(&mut editor, true));
        assert_eq!(editor.selection(), expected);
    }
    // Backwards from the card: the last.
    editor.select(Selection::component(id("load-balancer-1")));
    assert!(walk_links(&mut editor, true));
    assert_eq!(editor.selection(), &arriving);
    // Selecting is no step.
    assert_eq!(editor.steps(), steps);
    assert!(std::rc::Rc::ptr_eq(&design, editor.design()));
}

#[test]
fn from_a_link_keys_lead_back_to_its_card_and_on_to_the_next() {
    let mut editor = linked_shop();
    let escape = |editor: &mut Editor| editor.key(ToolKey::Escape).map(|(used, _)| used);
    // The link arrives here: Escape comes back, not to where the link begins.
    editor.select(Selection::component(id("server-1")));
    assert!(walk_links(&mut editor, false));
    let link = LinkKey::new(id("load-balancer-1"), id("server-1"));
    assert_eq!(editor.selection(), &Selection::link(link.clone()));
    assert_eq!(escape(&mut editor), Ok(true));
    assert_eq!(editor.selection(), &Selection::component(id("server-1")));
    assert_eq!(escape(&mut editor), Ok(true));
    assert!(editor.selection().is_empty());
    // Tab goes on at the card.
    for (back, expected) in [(false, "server-1"), (true, "client-1")] {
        editor.select(Selection::component(id("load-balancer-1")));
        assert!(walk_links(&mut editor, false));
        editor.key(ToolKey::Next(back)).unwrap();
        assert_eq!(editor.selection(), &Selection::component(id(expected)));
    }
    // A link that was clicked: its walk goes on where it leaves; Escape lets it go.
    editor.select(Selection::link(link.clone()));
    assert!(walk_links(&mut editor, false));
    let next = LinkKey::new(id("load-balancer-1"), id("server-2"));
    assert_eq!(editor.selection(), &Selection::link(next));
    editor.select(Selection::link(link));
    assert_eq!(escape(&mut editor), Ok(true));
    assert!(editor.selection().is_empty());
}

#[test]
fn with_nothing_selected_keys_begin_with_the_first_link() {
    let mut editor = linked_shop();
    let first = LinkKey::new(id("client-1"), id("load-balancer-1"));
    assert!(walk_links(&mut editor, false));
    assert_eq!(editor.selection(), &Selection::link(first.clone()));
    // It is removed, and comes back.
    assert!(editor.remove_selection());
    assert!(!editor.design().links.contains_key(&first));
    assert!(editor.selection().is_empty());
    assert!(editor.undo());
    assert!(editor.design().links.contains_key(&first));
    assert!(walk_links(&mut editor, true));
    let last = LinkKey::new(id("load-balancer-1"), id("server-2"));
    assert_eq!(editor.selection(), &Selection::link(last));
}

#[test]
fn where_no_link_is_the_key_changes_nothing() {
    let mut editor = shop();
    assert!(!walk_links(&mut editor, false));
    editor.select(Selection::component(id("zone-1")));
    assert!(!walk_links(&mut editor, true));
    assert_eq!(editor.selection(), &Selection::component(id("zone-1")));
    // While a link is drawn the key is nobody's, and the drawing of it goes on.
    let mut editor = linked_shop();
    editor.start_connect(&id("client-1"), ConnectMode::Keyboard);
    assert!(!walk_links(&mut editor, false));
    assert!(matches!(editor.tool(), Tool::Connect(_)));
}

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
