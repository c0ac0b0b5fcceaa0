//! Links: drawn by pointer and by keyboard, and walked through by keys.

use archplay_editor::{
    Command, ConnectMode, Direction, EditRefusal, Editor, Hit, Point, Selection, Side, Tool,
    ToolKey,
};
use archplay_model::{Kind, LinkKey, LinkRefusal};

use crate::{NONE, act, add, drag, id, rect, shop};

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
