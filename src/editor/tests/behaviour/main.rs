//! What each command and tool does, told by example: here edits, history and selecting.
#![expect(clippy::unwrap_used, reason = "tests")]

mod groups;
mod links;
mod placing;

use std::collections::BTreeSet;

use archplay_editor::{
    Command, Direction, EditRefusal, Editor, MAX_STEPS, Modifiers, Point, Selection, ToolKey,
};
use archplay_model::catalogue::ValueRefusal;
use archplay_model::{Design, Id, Kind, LinkKey, Rect, Value};

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
