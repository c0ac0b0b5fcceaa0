//! Whatever is done to a drawing, it stays whole, and everything that was done can be undone and redone.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use archplay_editor::{
    Command, ConnectMode, Direction, EditRefusal, Editor, Modifiers, Point, Routes, Selection,
    ToolKey,
};
use archplay_model::{Design, Id, Kind, Rect, Value, catalogue, format};
use proptest::prelude::*;
use proptest::sample::Index;

/// Something a person or another part of the page does. Components are chosen by index among those there.
#[derive(Clone, Debug)]
enum Act {
    Add(Kind, f64, f64),
    Nudge(Vec<Index>, f64, f64),
    Move(Vec<Index>, f64, f64),
    Resize(Index, f64, f64, f64, f64),
    SetParent(Index, Option<Index>),
    Ungroup(Index),
    Rename(Index, String),
    RenameDesign(String),
    SetParam(Index, Index, Value),
    ResetParam(Index, Index),
    Connect(Index, Index),
    SetLabel(Index, String),
    Remove(Vec<Index>),
    Duplicate(Vec<Index>),
    CutPaste(Vec<Index>, f64, f64),
    Layout,
    Replace,
    Select(Vec<Index>),
    Preview(Index, f64, f64, bool),
    Undo,
    Redo,
    Seal,
    Down(f64, f64, bool),
    Drag(f64, f64, bool),
    Up(f64, f64, bool),
    PointerCancel,
    PressOn(Index, f64, f64),
    StartConnect(Index, bool),
    Arm(Kind),
    Key(ToolKey),
    Zoom(f64),
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        12 => -400.0..1_200.0,
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(-1e300),
        1 => Just(0.0),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let kind = || proptest::sample::select(Kind::ALL.to_vec());
    let some = || prop::collection::vec(any::<Index>(), 1..4);
    let at = || (coordinate(), coordinate());
    let value = prop_oneof![
        (-10.0..400.0).prop_map(Value::Number),
        Just(Value::Number(f64::NAN)),
        (1..300_i32).prop_map(|n| Value::Number(f64::from(n))),
        "[a-z_, :=0-9]{0,12}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Flag),
    ];
    let key = prop_oneof![
        (0..4_usize, any::<bool>()).prop_map(|(i, l)| ToolKey::Arrow(Direction::ALL[i], l)),
        Just(ToolKey::Enter),
        Just(ToolKey::Escape),
        any::<bool>().prop_map(ToolKey::Next),
        any::<bool>().prop_map(ToolKey::Link),
    ];
    let edits = prop_oneof![
        4 => (kind(), at()).prop_map(|(k, (x, y))| Act::Add(k, x, y)),
        2 => (some(), at()).prop_map(|(i, (x, y))| Act::Nudge(i, x, y)),
        2 => (some(), at()).prop_map(|(i, (x, y))| Act::Move(i, x, y)),
        2 => (any::<Index>(), at(), at()).prop_map(|(i, (x, y), (w, h))| Act::Resize(i, x, y, w, h)),
        2 => (any::<Index>(), any::<Option<Index>>()).prop_map(|(i, p)| Act::SetParent(i, p)),
        1 => any::<Index>().prop_map(Act::Ungroup),
        1 => (any::<Index>(), "\\PC{0,90}").prop_map(|(i, n)| Act::Rename(i, n)),
        1 => "[ a-z가-힣\\n]{0,9}".prop_map(Act::RenameDesign),
        3 => (any::<Index>(), any::<Index>(), value).prop_map(|(i, p, v)| Act::SetParam(i, p, v)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(i, p)| Act::ResetParam(i, p)),
        4 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Act::Connect(a, b)),
        1 => (any::<Index>(), "[a-z]{0,5}").prop_map(|(i, n)| Act::SetLabel(i, n)),
        1 => some().prop_map(Act::Remove),
        1 => some().prop_map(Act::Duplicate),
        1 => (some(), at()).prop_map(|(i, (x, y))| Act::CutPaste(i, x, y)),
        1 => Just(Act::Layout),
        1 => Just(Act::Replace),
    ];
    let inputs = prop_oneof![
        2 => some().prop_map(Act::Select),
        1 => (any::<Index>(), at(), any::<bool>()).prop_map(|(i, (x, y), c)| Act::Preview(i, x, y, c)),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
        1 => Just(Act::Seal),
        3 => (at(), any::<bool>()).prop_map(|((x, y), s)| Act::Down(x, y, s)),
        4 => (at(), any::<bool>()).prop_map(|((x, y), s)| Act::Drag(x, y, s)),
        3 => (at(), any::<bool>()).prop_map(|((x, y), s)| Act::Up(x, y, s)),
        1 => Just(Act::PointerCancel),
        4 => (any::<Index>(), 0.0..1.0, 0.0..1.0).prop_map(|(i, x, y)| Act::PressOn(i, x, y)),
        1 => (any::<Index>(), any::<bool>()).prop_map(|(i, k)| Act::StartConnect(i, k)),
        1 => kind().prop_map(Act::Arm),
        3 => key.prop_map(Act::Key),
        1 => coordinate().prop_map(Act::Zoom),
    ];
    prop_oneof![edits, inputs]
}

fn pick(editor: &Editor, index: &Index) -> Id {
    let ids: Vec<&Id> = editor.design().components.keys().collect();
    if ids.is_empty() {
        Id::new("nobody").unwrap()
    } else {
        (*index.get(&ids)).clone()
    }
}

fn picks(editor: &Editor, indices: &[Index]) -> BTreeSet<Id> {
    indices.iter().map(|i| pick(editor, i)).collect()
}

fn param_key(editor: &Editor, id: &Id, index: &Index) -> String {
    let specs: Vec<_> = editor
        .design()
        .get(id)
        .into_iter()
        .flat_map(|c| catalogue::all_params(c.kind))
        .collect();
    if specs.is_empty() {
        "nothing".into()
    } else {
        index.get(&specs).key.to_owned()
    }
}

/// A command that was refused must have left the design alone, to the pointer.
fn apply(editor: &mut Editor, command: Command) {
    editor.cancel();
    let before = editor.design().clone();
    if editor.apply(command).is_err() {
        assert!(std::rc::Rc::ptr_eq(&before, editor.design()));
    }
}

fn perform(editor: &mut Editor, act: &Act) {
    let shift = |shift: &bool| Modifiers {
        shift: *shift,
        alt: *shift,
    };
    match act {
        Act::Add(kind, x, y) => apply(
            editor,
            Command::Add {
                kind: *kind,
                x: *x,
                y: *y,
            },
        ),
        Act::Nudge(i, dx, dy) => {
            let ids = picks(editor, i);
            apply(
                editor,
                Command::Nudge {
                    ids,
                    dx: *dx,
                    dy: *dy,
                },
            );
        }
        Act::Move(i, dx, dy) => {
            let ids = picks(editor, i);
            apply(
                editor,
                Command::Move {
                    ids,
                    dx: *dx,
                    dy: *dy,
                },
            );
        }
        Act::Resize(i, x, y, w, h) => {
            let id = pick(editor, i);
            let rect = Rect {
                x: *x,
                y: *y,
                w: *w,
                h: *h,
            };
            apply(editor, Command::Resize { id, rect });
        }
        Act::SetParent(i, parent) => {
            let (id, parent) = (pick(editor, i), parent.as_ref().map(|p| pick(editor, p)));
            apply(editor, Command::SetParent { id, parent });
        }
        Act::Ungroup(i) => {
            let id = pick(editor, i);
            apply(editor, Command::Ungroup { id });
        }
        Act::Rename(i, name) => {
            let id = pick(editor, i);
            apply(
                editor,
                Command::Rename {
                    id,
                    name: name.clone(),
                },
            );
        }
        Act::RenameDesign(name) => apply(editor, Command::RenameDesign { name: name.clone() }),
        Act::SetParam(i, p, value) => {
            let id = pick(editor, i);
            let key = param_key(editor, &id, p);
            let ids = BTreeSet::from([id]);
            apply(
                editor,
                Command::SetParam {
                    ids,
                    key,
                    value: value.clone(),
                },
            );
        }
        Act::ResetParam(i, p) => {
            let id = pick(editor, i);
            let key = param_key(editor, &id, p);
            apply(
                editor,
                Command::ResetParam {
                    ids: BTreeSet::from([id]),
                    key,
                },
            );
        }
        Act::Connect(a, b) => {
            let (from, to) = (pick(editor, a), pick(editor, b));
            apply(editor, Command::Connect { from, to });
        }
        Act::SetLabel(i, label) => {
            let links: Vec<_> = editor.design().links.keys().cloned().collect();
            if !links.is_empty() {
                let link = i.get(&links).clone();
                apply(
                    editor,
                    Command::SetLabel {
                        link,
                        label: label.clone(),
                    },
                );
            }
        }
        Act::Remove(i) => {
            let ids = picks(editor, i);
            apply(
                editor,
                Command::Remove {
                    ids,
                    links: BTreeSet::new(),
                },
            );
        }
        Act::Duplicate(i) => {
            if editor.design().components.len() < 40 {
                editor.select(Selection::components(picks(editor, i)));
                let _ = editor.duplicate();
            }
        }
        Act::CutPaste(i, x, y) => {
            editor.select(Selection::components(picks(editor, i)));
            if let Some(text) = editor.cut() {
                editor.paste(&text, Some(Point::new(*x, *y))).unwrap();
            }
        }
        Act::Layout => apply(editor, Command::Layout),
        Act::Replace => apply(editor, Command::Replace { design: sample() }),
        Act::Select(i) => editor.select(Selection::components(picks(editor, i))),
        Act::Preview(i, dx, dy, commit) => {
            let before = editor.steps();
            editor.begin_gesture();
            let marked = editor.design().clone();
            let ids = BTreeSet::from([pick(editor, i)]);
            let _ = editor.preview(Command::Move {
                ids,
                dx: *dx,
                dy: *dy,
            });
            if *commit {
                editor.commit_gesture();
            } else {
                editor.cancel_gesture();
                assert!(std::rc::Rc::ptr_eq(&marked, editor.design()));
                assert_eq!(before, editor.steps());
            }
        }
        Act::Undo => drop(editor.undo()),
        Act::Redo => drop(editor.redo()),
        Act::Seal => editor.seal(),
        Act::Down(x, y, s) => editor.pointer_down(Point::new(*x, *y), shift(s)),
        Act::Drag(x, y, s) => editor.pointer_move(Point::new(*x, *y), shift(s)),
        Act::Up(x, y, s) => drop(editor.pointer_up(Point::new(*x, *y), shift(s))),
        Act::PointerCancel => editor.pointer_cancel(),
        Act::PressOn(i, u, v) => {
            if let Some(rect) = editor.design().get(&pick(editor, i)).map(|c| c.rect()) {
                let at = Point::new(rect.x + rect.w * u, rect.y + rect.h * v);
                editor.pointer_down(at, Modifiers::default());
            }
        }
        Act::StartConnect(i, keyboard) => {
            let mode = if *keyboard {
                ConnectMode::Keyboard
            } else {
                ConnectMode::Drag
            };
            let id = pick(editor, i);
            editor.start_connect(&id, mode);
        }
        Act::Arm(kind) => editor.arm(*kind),
        Act::Key(key) => drop(editor.key(*key)),
        Act::Zoom(factor) => editor.zoom_by(Point::new(*factor, 10.0), *factor),
    }
}

fn sample() -> Design {
    let text = r#"{"schema":"archplay/design/1","name":"shop","components":[
        {"id":"client-1","kind":"client","x":0,"y":80},
        {"id":"group-1","kind":"auto_scaling_group","in":"zone-1","x":440,"y":60,"w":180,"h":136},
        {"id":"lb","kind":"load_balancer","in":"region-1","x":220,"y":80},
        {"id":"region-1","kind":"region","x":200,"y":0,"w":760,"h":320},
        {"id":"server-1","kind":"server","in":"group-1","x":464,"y":100},
        {"id":"db","kind":"database","in":"region-1","x":760,"y":80},
        {"id":"zone-1","kind":"zone","in":"region-1","x":420,"y":20,"w":240,"h":240}],
        "links":[{"from":"client-1","to":"lb"},{"from":"lb","to":"server-1"},{"from":"server-1","to":"db"}]}"#;
    format::read_design(text).unwrap().0
}

fn undo_all(editor: &mut Editor) -> usize {
    editor.cancel();
    let mut count = 0;
    while editor.undo() {
        editor.check_invariants().unwrap();
        count += 1;
    }
    count
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn everything_can_be_undone_and_redone(
        from_sample in any::<bool>(),
        acts in prop::collection::vec(act(), 1..60),
    ) {
        let start = if from_sample { sample() } else { Design::default() };
        let mut editor = Editor::new(start.clone());
        for act in &acts {
            perform(&mut editor, act);
            if let Err(what) = editor.check_invariants() {
                return Err(TestCaseError::fail(format!("{what} after {act:?}")));
            }
        }
        editor.cancel();
        // Steps that are undone already are made again first: the end is the end of the whole line.
        while editor.redo() {}
        let end = editor.design().clone();
        let steps = undo_all(&mut editor);
        prop_assert_eq!(&**editor.design(), &start);
        let mut again = 0;
        while editor.redo() {
            editor.check_invariants().unwrap();
            again += 1;
        }
        prop_assert_eq!(steps, again);
        prop_assert_eq!(editor.design(), &end);
        // What the editor holds, a file can hold.
        let read = format::read_design(&format::write_design(&end)).unwrap();
        prop_assert_eq!(&read.0, &*end);
    }

    #[test]
    fn a_cancelled_gesture_leaves_no_trace(
        acts in prop::collection::vec(act(), 0..20),
        moves in prop::collection::vec((coordinate(), coordinate()), 1..10),
        on in any::<Index>(),
    ) {
        let mut editor = Editor::new(sample());
        for act in &acts {
            perform(&mut editor, act);
        }
        editor.cancel();
        let (design, selection, steps) =
            (editor.design().clone(), editor.selection().clone(), editor.steps());
        if let Some(rect) = editor.design().get(&pick(&editor, &on)).map(|c| c.rect()) {
            editor.select(selection.clone());
            editor.pointer_down(Point::new(rect.x + 20.0, rect.y + 10.0), Modifiers { shift: true, alt: false });
            for (x, y) in moves {
                editor.pointer_move(Point::new(x, y), Modifiers::default());
                editor.check_invariants().unwrap();
            }
            editor.escape();
            prop_assert!(!editor.in_gesture());
        }
        prop_assert_eq!(&design, editor.design());
        prop_assert_eq!(steps, editor.steps());
    }

    #[test]
    fn pasting_any_text_never_panics(text in "\\PC{0,200}") {
        let mut editor = Editor::new(sample());
        let refusal = editor.paste(&text, None).err();
        prop_assert!(matches!(refusal, Some(EditRefusal::NotAFragment(_))));
    }

    #[test]
    fn routes_are_the_same_each_time_and_straight(acts in prop::collection::vec(act(), 1..30)) {
        let mut editor = Editor::new(sample());
        for act in &acts {
            perform(&mut editor, act);
            // Found from the ways before, also in the middle of a gesture, and yet as if for the first time.
            prop_assert_eq!(&*editor.routes(), &Routes::of(editor.design()), "after {:?}", act);
        }
        let again = Editor::new((**editor.design()).clone());
        prop_assert_eq!(&*editor.routes(), &*again.routes());
        for (key, route) in editor.routes().iter() {
            prop_assert!(route.points.len() >= 2);
            for w in route.points.windows(2) {
                let bent = (w[0].x - w[1].x).abs() > 0.01 && (w[0].y - w[1].y).abs() > 0.01;
                prop_assert!(!bent, "{} is not straight: {:?}", key.name(), route.points);
            }
        }
    }
}
