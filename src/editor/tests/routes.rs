//! Ways after a change are those that a search for all links finds, and only what is concerned is searched.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_editor::{Command, Editor, Modifiers, Point, Routes};
use archplay_model::{Component, Design, Id, Kind, Link, LinkKey};
use proptest::prelude::*;

const NONE: Modifiers = Modifiers {
    shift: false,
    alt: false,
};

fn id(name: &str) -> Id {
    Id::new(name).unwrap()
}

fn put(design: &mut Design, name: &str, kind: Kind, x: f64, y: f64) {
    let card = Component::new(id(name), kind, x, y);
    design.components.insert(id(name), card);
}

fn join(design: &mut Design, from: &str, to: &str) {
    let key = LinkKey::new(id(from), id(to));
    design.links.insert(key, Link::default());
}

/// A hundred components in columns, with 185 links: a client, balancers, servers, databases.
fn columns() -> Design {
    let mut design = Design::default();
    put(&mut design, "client", Kind::Client, 0.0, 800.0);
    for db in 0..18 {
        let (x, y) = (f64::from(db % 2), f64::from(db / 2));
        let name = format!("db-{db}");
        put(
            &mut design,
            &name,
            Kind::Database,
            1_400.0 + 200.0 * x,
            200.0 * y,
        );
    }
    for row in 0..9 {
        let (lb, y) = (format!("lb-{row}"), 200.0 * f64::from(row));
        put(&mut design, &lb, Kind::LoadBalancer, 240.0, y);
        join(&mut design, "client", &lb);
        for nth in 0..8 {
            let server = format!("server-{row}-{nth}");
            let (dx, dy) = (200.0 * f64::from(nth / 2), 96.0 * f64::from(nth % 2));
            put(&mut design, &server, Kind::Server, 480.0 + dx, y + dy);
            join(&mut design, &lb, &server);
            join(
                &mut design,
                &server,
                &format!("db-{}", (row * 8 + nth) % 18),
            );
            if nth % 2 == 0 {
                join(
                    &mut design,
                    &server,
                    &format!("db-{}", (row * 3 + nth) % 18),
                );
            }
        }
    }
    design
}

/// A hundred components in rows of two that ask each other.
fn pairs() -> Design {
    let mut design = Design::default();
    for row in 0..50 {
        let (lb, server) = (format!("lb-{row}"), format!("server-{row}"));
        let (x, y) = (600.0 * f64::from(row % 5), 200.0 * f64::from(row / 5));
        put(&mut design, &lb, Kind::LoadBalancer, x, y);
        put(&mut design, &server, Kind::Server, x + 240.0, y + 24.0);
        join(&mut design, &lb, &server);
    }
    design
}

/// Drags a card in a circle and tells how many links each step had to search.
fn drag(editor: &mut Editor, name: &str, steps: u32) -> Vec<usize> {
    let before = editor.routes();
    let (x, y) = editor.design().get(&id(name)).unwrap().rect().center();
    let mut searched = Vec::new();
    let at = |step: u32| {
        let angle = f64::from(step) / 8.0;
        Point::new(x + 60.0 * angle.sin(), y + 60.0 * (1.0 - angle.cos()))
    };
    editor.pointer_down(at(0), NONE);
    for step in 1..=steps {
        let revision = editor.revision();
        editor.pointer_move(at(step), NONE);
        if editor.revision() != revision {
            let routes = editor.routes();
            assert_eq!(*routes, Routes::of(editor.design()), "step {step}");
            searched.push(routes.searched());
        }
    }
    editor.pointer_cancel();
    assert_eq!(editor.routes(), before);
    searched
}

#[test]
fn a_drag_searches_only_the_links_it_concerns() {
    let mut editor = Editor::new(pairs());
    assert_eq!(editor.routes().searched(), 50);
    let searched = drag(&mut editor, "server-22", 50);
    assert!(searched.len() > 30);
    assert!(searched.iter().all(|count| *count <= 1), "{searched:?}");
}

#[test]
fn a_drag_in_a_crowd_searches_a_part_of_the_links() {
    let mut editor = Editor::new(columns());
    let all = editor.design().links.len();
    assert_eq!((editor.design().components.len(), all), (100, 185));
    for name in ["server-4-3", "lb-4", "db-7"] {
        let searched = drag(&mut editor, name, 50);
        let mean = searched.iter().sum::<usize>() / searched.len();
        assert!(mean * 2 < all, "{name}: {mean} of {all}, {searched:?}");
    }
}

#[test]
fn what_moves_no_card_searches_nothing() {
    let mut editor = Editor::new(columns());
    let before = editor.routes();
    let name = "shop".to_owned();
    editor.apply(Command::RenameDesign { name }).unwrap();
    let after = editor.routes();
    assert_eq!(after.searched(), 0);
    // The page draws a link anew only if its way is another.
    for ((_, one), (_, other)) in before.iter().zip(after.iter()) {
        assert!(std::rc::Rc::ptr_eq(one, other));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Any cards, any links, also such as an editor would refuse.
    #[test]
    fn ways_found_from_those_before_are_those_found_anew(
        cards in prop::collection::vec((0.0..1_200.0, 0.0..1_200.0), 2..30),
        links in prop::collection::vec((0..30_usize, 0..30_usize), 0..60),
        changes in prop::collection::vec((0..6, 0..30_usize, 0..30_usize, -60.0..60.0, -60.0..60.0), 1..12),
    ) {
        let name = |at: usize| format!("c{at}");
        let mut design = Design::default();
        for (at, (x, y)) in cards.iter().enumerate() {
            put(&mut design, &name(at), Kind::Server, *x, *y);
        }
        for (from, to) in links {
            join(&mut design, &name(from % cards.len()), &name(to % cards.len()));
        }
        let mut routes = Routes::of(&design);
        for (what, one, other, dx, dy) in changes {
            let (one, other) = (name(one % cards.len()), name(other % cards.len()));
            match what {
                0 => drop(design.components.remove(&id(&one))),
                1 => drop(design.links.remove(&LinkKey::new(id(&one), id(&other)))),
                2 => join(&mut design, &one, &other),
                3 => put(&mut design, &one, Kind::Server, 600.0 + 10.0 * dx, 600.0 + 10.0 * dy),
                _ => {
                    if let Some(card) = design.components.get_mut(&id(&one)) {
                        card.x += dx;
                        card.y += dy;
                    }
                }
            }
            routes = routes.after(&design);
            prop_assert_eq!(&routes, &Routes::of(&design));
        }
    }
}
