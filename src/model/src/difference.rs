//! What differs between two drawings as people would tell it: what came, what went, what is set otherwise.
//! Names, notes and where things stand on the canvas make no difference. What was changed alike is told
//! together.
//!
//! Must not live here: texts, and changes that can be taken back (the editor's).

use std::collections::BTreeMap;

use crate::catalogue::{self, ParamSpec};
use crate::{Component, Design, Id, Kind, LinkKey, Value};

/// All that differs; ids in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// What came.
    pub added: Vec<Added>,
    /// What went.
    pub removed: Vec<Id>,
    /// What is set otherwise.
    pub changed: Vec<Changed>,
    /// What stands in another group.
    pub moved: Vec<Moved>,
    /// Links that came.
    pub linked: Vec<Wires>,
    /// Links that went; those of components that went go without saying.
    pub unlinked: Vec<Wires>,
}

/// Components that came and are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// Which.
    pub ids: Vec<Id>,
    /// What they are.
    pub kind: Kind,
    /// The group in which they stand.
    pub parent: Option<Id>,
    /// What is set otherwise than the catalogue has it.
    pub params: Vec<(&'static ParamSpec, Value)>,
}

/// A parameter that several components have otherwise, all in the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// Which.
    pub ids: Vec<Id>,
    /// What they are.
    pub kind: Kind,
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// Its value before.
    pub before: Value,
    /// Its value now.
    pub after: Value,
}

/// Components that stand in another group.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Which.
    pub ids: Vec<Id>,
    /// The group; `None` outside of all.
    pub parent: Option<Id>,
}

/// Links from each of some components to each of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wires {
    /// Who asks.
    pub from: Vec<Id>,
    /// Who is asked.
    pub to: Vec<Id>,
}

impl Difference {
    /// Finds what differs. A component whose kind differs went, and another came.
    #[must_use]
    pub fn between(before: &Design, after: &Design) -> Self {
        let mut out = Self::default();
        for new in after.components.values() {
            match before.get(&new.id).filter(|old| old.kind == new.kind) {
                Some(old) => out.compare(old, new),
                None => out.add(new),
            }
        }
        let gone = |old: &&Component| after.get(&old.id).is_none_or(|new| new.kind != old.kind);
        let gone = before.components.values().filter(gone);
        out.removed = gone.map(|old| old.id.clone()).collect();
        let fresh = |key: &&LinkKey| !before.links.contains_key(key);
        out.linked = wires(after.links.keys().filter(fresh));
        let cut = before.links.keys().filter(|key| {
            let went = |id| out.removed.contains(id);
            !after.links.contains_key(key) && !went(&key.from) && !went(&key.to)
        });
        out.unlinked = wires(cut);
        out
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, new: &Component) {
        let params: Vec<(&'static ParamSpec, Value)> = catalogue::all_params(new.kind)
            .map(|spec| (spec, value(new, spec)))
            .filter(|(spec, value)| *value != spec.default_value())
            .collect();
        let like = self.added.iter_mut().find(|other| {
            other.kind == new.kind && other.parent == new.parent && other.params == params
        });
        match like {
            Some(other) => other.ids.push(new.id.clone()),
            None => self.added.push(Added {
                ids: vec![new.id.clone()],
                kind: new.kind,
                parent: new.parent.clone(),
                params,
            }),
        }
    }

    fn compare(&mut self, old: &Component, new: &Component) {
        for spec in catalogue::all_params(new.kind) {
            let (before, after) = (value(old, spec), value(new, spec));
            if before == after {
                continue;
            }
            let like = self.changed.iter_mut().find(|other| {
                other.kind == new.kind
                    && other.spec.key == spec.key
                    && other.before == before
                    && other.after == after
            });
            match like {
                Some(other) => other.ids.push(new.id.clone()),
                None => self.changed.push(Changed {
                    ids: vec![new.id.clone()],
                    kind: new.kind,
                    spec,
                    before,
                    after,
                }),
            }
        }
        if old.parent != new.parent {
            let like = self.moved.iter_mut().find(|m| m.parent == new.parent);
            match like {
                Some(other) => other.ids.push(new.id.clone()),
                None => self.moved.push(Moved {
                    ids: vec![new.id.clone()],
                    parent: new.parent.clone(),
                }),
            }
        }
    }
}

fn value(component: &Component, spec: &ParamSpec) -> Value {
    let set = component.params.get(spec.key).cloned();
    set.unwrap_or_else(|| spec.default_value())
}

/// Puts links together: first by who asks, then those who ask the same.
fn wires<'a>(links: impl Iterator<Item = &'a LinkKey>) -> Vec<Wires> {
    let mut asked: BTreeMap<&Id, Vec<Id>> = BTreeMap::new();
    for key in links {
        asked.entry(&key.from).or_default().push(key.to.clone());
    }
    let mut out: Vec<Wires> = Vec::new();
    for (from, to) in asked {
        match out.iter_mut().find(|other| other.to == to) {
            Some(other) => other.from.push(from.clone()),
            None => out.push(Wires {
                from: vec![from.clone()],
                to,
            }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{load_balancer, server};
    use crate::format::read_design;

    const ONE: &str = r#"{"schema":"archplay/design/1","name":"One","components":[
{"id":"client-1","kind":"client","x":0,"y":0},
{"id":"database-1","kind":"database","x":400,"y":0},
{"id":"server-1","kind":"server","x":200,"y":0,"params":{"backlog":65536}}],
"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"}]}"#;

    const THREE: &str = r#"{"schema":"archplay/design/1","name":"Three","components":[
{"id":"client-1","kind":"client","name":"Other name","x":9,"y":9},
{"id":"database-1","kind":"database","x":400,"y":0},
{"id":"load-balancer-1","kind":"load_balancer","x":100,"y":0,"params":{"health_interval_secs":5}},
{"id":"server-1","kind":"server","in":"zone-1","x":200,"y":0,"params":{"vcpu":4}},
{"id":"server-2","kind":"server","in":"zone-1","x":200,"y":90,"params":{"vcpu":4}},
{"id":"server-3","kind":"server","in":"zone-1","x":200,"y":180,"params":{"vcpu":4}},
{"id":"zone-1","kind":"zone","x":180,"y":-40,"w":180,"h":400}],
"links":[{"from":"client-1","to":"load-balancer-1"},{"from":"load-balancer-1","to":"server-1"},
{"from":"load-balancer-1","to":"server-2"},{"from":"load-balancer-1","to":"server-3"},
{"from":"server-1","to":"database-1"},{"from":"server-2","to":"database-1"},
{"from":"server-3","to":"database-1"}]}"#;

    fn designs() -> (Design, Design) {
        (read_design(ONE).unwrap().0, read_design(THREE).unwrap().0)
    }

    fn names(ids: &[Id]) -> Vec<&str> {
        ids.iter().map(Id::as_str).collect()
    }

    fn wired(wires: &[Wires]) -> Vec<(Vec<&str>, Vec<&str>)> {
        let both = wires.iter().map(|w| (names(&w.from), names(&w.to)));
        both.collect()
    }

    #[test]
    fn what_came_and_what_is_set_is_told_together_where_it_is_alike() {
        let (one, three) = designs();
        let told = Difference::between(&one, &three);
        let added: Vec<_> = told.added.iter().map(|a| (names(&a.ids), a.kind)).collect();
        let expected = [
            (vec!["load-balancer-1"], Kind::LoadBalancer),
            (vec!["server-2", "server-3"], Kind::Server),
            (vec!["zone-1"], Kind::Zone),
        ];
        assert_eq!(added, expected);
        let spec = load_balancer::HEALTH_INTERVAL_SECS.key;
        assert_eq!(told.added[0].params[0].0.key, spec);
        assert_eq!(told.added[0].params[0].1, Value::Number(5.0));
        let changed: Vec<&str> = told.changed.iter().map(|c| c.spec.key).collect();
        assert_eq!(changed, [server::VCPU.key, server::BACKLOG.key]);
        // Back to the catalogue's value is a change too.
        assert_eq!(told.changed[1].after, server::BACKLOG.default_value());
        assert_eq!(names(&told.moved[0].ids), ["server-1"]);
        assert_eq!(
            told.moved[0].parent.as_ref().map(Id::as_str),
            Some("zone-1")
        );
    }

    #[test]
    fn links_are_told_by_who_asks_whom() {
        let (one, three) = designs();
        let told = Difference::between(&one, &three);
        let linked = [
            (vec!["client-1"], vec!["load-balancer-1"]),
            (
                vec!["load-balancer-1"],
                vec!["server-1", "server-2", "server-3"],
            ),
            (vec!["server-2", "server-3"], vec!["database-1"]),
        ];
        assert_eq!(wired(&told.linked), linked);
        let unlinked = [(vec!["client-1"], vec!["server-1"])];
        assert_eq!(wired(&told.unlinked), unlinked);
    }

    #[test]
    fn links_of_what_went_go_without_saying() {
        let (one, three) = designs();
        let told = Difference::between(&three, &one);
        assert_eq!(
            names(&told.removed),
            ["load-balancer-1", "server-2", "server-3", "zone-1"]
        );
        assert_eq!(told.unlinked, []);
        let linked = [(vec!["client-1"], vec!["server-1"])];
        assert_eq!(wired(&told.linked), linked);
    }

    #[test]
    fn names_and_places_make_no_difference() {
        let (one, _) = designs();
        let mut other = one.clone();
        other.name = "Another".into();
        for component in other.components.values_mut() {
            component.name = "Another".into();
            component.x += 100.0;
        }
        assert!(Difference::between(&one, &other).is_empty());
    }

    #[test]
    fn another_kind_under_the_same_id_is_another_component() {
        let (one, _) = designs();
        let mut other = one.clone();
        for component in other.components.values_mut() {
            if component.kind == Kind::Database {
                component.kind = Kind::KeyValue;
            }
        }
        let told = Difference::between(&one, &other);
        assert_eq!(names(&told.removed), ["database-1"]);
        assert_eq!(names(&told.added[0].ids), ["database-1"]);
    }
}
