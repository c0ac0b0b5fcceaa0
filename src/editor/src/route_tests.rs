//! Ways of links, by example.

use super::ground::overlap;
use super::*;
use crate::geometry::inflate;
use archplay_model::{Component, Kind, Link};

fn design(cards: &[(&str, f64, f64)], links: &[(&str, &str)]) -> Design {
    let mut design = Design::default();
    for (name, x, y) in cards {
        let id = Id::new(name).unwrap();
        design
            .components
            .insert(id.clone(), Component::new(id, Kind::Server, *x, *y));
    }
    for (from, to) in links {
        let key = LinkKey::new(Id::new(from).unwrap(), Id::new(to).unwrap());
        design.links.insert(key, Link::default());
    }
    design
}

fn way(design: &Design, from: &str, to: &str) -> Route {
    let key = LinkKey::new(Id::new(from).unwrap(), Id::new(to).unwrap());
    Routes::of(design).get(&key).unwrap().clone()
}

#[test]
fn neighbours_in_a_row_are_joined_straight() {
    let design = design(
        &[("a", 0.0, 0.0), ("b", 300.0, 0.0)],
        &[("a", "b"), ("b", "a")],
    );
    let there = way(&design, "a", "b");
    assert_eq!((there.from_side, there.to_side), (Side::Right, Side::Left));
    assert_eq!(there.points.len(), 2);
    // The way back keeps its distance.
    assert!((way(&design, "b", "a").points[0].y - there.points[0].y).abs() > 4.0);
}

#[test]
fn stacked_cards_use_top_and_bottom() {
    let design = design(&[("a", 0.0, 0.0), ("b", 0.0, 200.0)], &[("a", "b")]);
    let route = way(&design, "a", "b");
    assert_eq!((route.from_side, route.to_side), (Side::Bottom, Side::Top));
    assert_eq!(route.points.len(), 2);
}

#[test]
fn goes_around_a_card_in_between() {
    let design = design(
        &[("a", 0.0, 0.0), ("wall", 250.0, 0.0), ("b", 500.0, 0.0)],
        &[("a", "b")],
    );
    let wall = inflate(design.get(&Id::new("wall").unwrap()).unwrap().rect(), 1.0);
    for s in way(&design, "a", "b").points.windows(2) {
        assert!(!wall.intersects(&crate::geometry::rect_between(s[0], s[1])));
    }
}

#[test]
fn a_fan_does_not_cross_itself() {
    let targets = ["b", "c", "d", "e"];
    let cards: Vec<_> = std::iter::once(("a", 0.0, 240.0))
        .chain(
            targets
                .iter()
                .enumerate()
                .map(|(i, t)| (*t, 400.0, 160.0 * i as f64)),
        )
        .collect();
    let links: Vec<_> = targets.iter().map(|t| ("a", *t)).collect();
    let routes = Routes::of(&design(&cards, &links));
    let all: Vec<&Route> = routes.iter().map(|(_, r)| &**r).collect();
    for (i, one) in all.iter().enumerate() {
        for other in &all[..i] {
            for s in one.points.windows(2) {
                let s = crate::geometry::rect_between(s[0], s[1]);
                for t in other.points.windows(2) {
                    let t = crate::geometry::rect_between(t[0], t[1]);
                    assert!(!s.intersects(&t), "{one:?} {other:?}");
                }
            }
        }
    }
}

#[test]
fn every_stretch_is_straight_even_when_cards_overlap() {
    let design = design(
        &[("a", 0.0, 0.0), ("b", 10.0, 5.0), ("c", 0.0, 0.0)],
        &[("a", "b"), ("a", "c"), ("c", "b")],
    );
    for (_, route) in Routes::of(&design).iter() {
        assert!(route.points.len() >= 2);
    }
}

#[test]
fn links_between_other_cards_do_not_lie_on_each_other() {
    let design = design(
        &[
            ("a", 0.0, 0.0),
            ("b", 0.0, 104.0),
            ("c", 0.0, 208.0),
            ("d", 0.0, 312.0),
        ],
        &[("a", "c"), ("d", "b")],
    );
    let (one, other) = (way(&design, "a", "c"), way(&design, "d", "b"));
    for s in one.points.windows(2) {
        for t in other.points.windows(2) {
            assert!(!overlap([s[0], s[1]], [t[0], t[1]]), "{one:?} {other:?}");
        }
    }
}

#[test]
fn a_loop_leaves_at_the_side_and_comes_back_from_above() {
    let mut design = design(
        &[("a", 100.0, 100.0), ("b", 400.0, 100.0)],
        &[("a", "a"), ("a", "b")],
    );
    let loop_way = way(&design, "a", "a");
    assert_eq!(
        (loop_way.from_side, loop_way.to_side),
        (Side::Right, Side::Top)
    );
    assert_eq!(loop_way.points.len(), 5);
    let card = design.components.values().next().unwrap().rect();
    for point in &loop_way.points[1..4] {
        assert!(!card.contains(point.x, point.y), "{point:?}");
    }
    // Moved cards take their loops along, found anew or not.
    let before = Routes::of(&design);
    for component in design.components.values_mut() {
        component.y += 64.0;
    }
    assert_eq!(before.after(&design), Routes::of(&design));
}
