//! Links that form a ring where none may be.

use std::collections::BTreeSet;

use crate::{Design, Id, Kind, LinkKey, Location, Problem, Role};

/// Adds rings of what passes requests on, and of replicas.
///
/// What stands in front may be linked in a row but not in a ring: a request would circle for ever. Those that
/// work may ask each other in a ring, because what they ask differs from what they are asked. Two stores may
/// be linked to each other, which makes both of them primaries; a longer ring of replicas has no primary.
pub(super) fn check(design: &Design, out: &mut Vec<Problem>) {
    let front = |id: &Id| design.get(id).is_some_and(|c| c.kind.role() == Role::Front);
    for (from, to) in rings(design, front, |_, _| true) {
        out.push(told("link_cycle", from, to));
    }
    for kind in [Kind::Database, Kind::KeyValue, Kind::ObjectStore] {
        let store = |id: &Id| design.get(id).is_some_and(|c| c.kind == kind);
        let one_way = |from: &Id, to: &Id| {
            let back = LinkKey::new(to.clone(), from.clone());
            !design.links.contains_key(&back)
        };
        for (from, to) in rings(design, store, one_way) {
            out.push(told("replica_ring", from, to));
        }
    }
}

fn told(code: &str, from: &Id, to: &Id) -> Problem {
    let at = Location::Link(LinkKey::new(from.clone(), to.clone()));
    Problem::error(code, at).with("from", from).with("to", to)
}

/// The links that close a ring among the components that `fits` tells, by links that `counts` tells.
fn rings<'a>(
    design: &'a Design,
    fits: impl Fn(&Id) -> bool,
    counts: impl Fn(&Id, &Id) -> bool,
) -> Vec<(&'a Id, &'a Id)> {
    let targets = |id: &'a Id| -> Vec<&'a Id> {
        if !fits(id) {
            return Vec::new();
        }
        design
            .outgoing(id)
            .map(|key| &key.to)
            .filter(|to| *to != id && fits(to) && counts(id, to))
            .collect()
    };
    let mut out = Vec::new();
    let mut done: BTreeSet<&Id> = BTreeSet::new();
    for start in design.components.keys() {
        if !fits(start) || done.contains(start) {
            continue;
        }
        // Depth first with an explicit stack: a hostile file may chain thousands.
        let mut path: Vec<(&Id, Vec<&Id>)> = vec![(start, targets(start))];
        let mut on_path: BTreeSet<&Id> = BTreeSet::from([start]);
        while let Some((id, rest)) = path.last_mut() {
            let id = *id;
            match rest.pop() {
                Some(next) if on_path.contains(next) => out.push((id, next)),
                Some(next) if !done.contains(next) => {
                    on_path.insert(next);
                    path.push((next, targets(next)));
                }
                Some(_) => {}
                None => {
                    on_path.remove(id);
                    done.insert(id);
                    path.pop();
                }
            }
        }
    }
    out
}
