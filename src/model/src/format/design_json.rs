//! Design JSON: one component a line, ordered by id, so that files diff.

use std::collections::BTreeMap;

use super::document::{ComponentDoc, DesignDoc, LinkDoc};
use super::{LoadError, read_json};
use crate::limits::{MAX_COMPONENTS, MAX_COORDINATE, MAX_LINKS, MAX_NAME_CHARS, MAX_PARAMS};
use crate::{Component, Design, Id, Link, LinkKey, Location, Problem, Value, limits};

/// The schema name that this version writes.
pub const DESIGN_SCHEMA: &str = "archplay/design/1";

/// Writes a design. The same design always gives the same text.
#[must_use]
pub fn write_design(design: &Design) -> String {
    let mut out = String::from("{\n");
    let line = |value: &dyn erased::Json| value.json();
    out.push_str(&format!("\"schema\": {},\n", line(&DESIGN_SCHEMA)));
    out.push_str(&format!("\"name\": {},\n", line(&design.name)));
    let components: Vec<String> = design
        .components
        .values()
        .map(|c| line(&component_doc(c)))
        .collect();
    let links: Vec<String> = design
        .links
        .iter()
        .map(|(key, link)| {
            line(&LinkDoc {
                from: key.from.clone(),
                to: key.to.clone(),
                label: link.label.clone(),
            })
        })
        .collect();
    out.push_str(&list("components", &components));
    out.push_str(",\n");
    out.push_str(&list("links", &links));
    out.push_str("\n}\n");
    out
}

/// Turning a value of our own document types into JSON cannot fail; this says so in one place.
mod erased {
    pub trait Json {
        fn json(&self) -> String;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap_or_default()
        }
    }
}

fn list(name: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return format!("\"{name}\": []");
    }
    format!("\"{name}\": [\n{}\n]", lines.join(",\n"))
}

fn component_doc(component: &Component) -> ComponentDoc {
    let group = component.kind.is_group();
    let mut params = component.params.clone();
    // JSON has no NaN or infinity; such a value could not be read back.
    params.retain(|_, value| !matches!(value, Value::Number(n) if !n.is_finite()));
    ComponentDoc {
        id: component.id.clone(),
        kind: component.kind,
        name: component.name.clone(),
        parent: component.parent.clone(),
        x: component.x,
        y: component.y,
        w: group.then_some(component.w),
        h: group.then_some(component.h),
        params,
    }
}

/// Reads a design. What is odd but harmless is mended and told beside the result.
///
/// # Errors
/// [`LoadError`] with place and reason for a file that is broken, foreign, from a later version or too big.
pub fn read_design(text: &str) -> Result<(Design, Vec<Problem>), LoadError> {
    let doc: DesignDoc = read_json(text, "archplay/design", 1)?;
    for (what, count, max) in [
        ("components", doc.components.len(), MAX_COMPONENTS),
        ("links", doc.links.len(), MAX_LINKS),
    ] {
        if count > max {
            return Err(LoadError::whole("too_many")
                .with("what", what)
                .with("count", count)
                .with("max", max));
        }
    }
    let mut problems = Vec::new();
    let mut components: BTreeMap<Id, Component> = BTreeMap::new();
    for (i, doc) in doc.components.into_iter().enumerate() {
        if components.contains_key(&doc.id) {
            return Err(LoadError {
                path: format!("components[{i}]"),
                ..LoadError::whole("duplicate_id")
            }
            .with("id", &doc.id));
        }
        let component = component_from(doc, &mut problems);
        components.insert(component.id.clone(), component);
    }
    let mut design = Design {
        name: cut(&doc.name),
        components,
        links: BTreeMap::new(),
    };
    mend_parents(&mut design, &mut problems);
    for doc in doc.links {
        let key = LinkKey::new(doc.from, doc.to);
        let missing = [&key.from, &key.to]
            .into_iter()
            .find(|id| design.get(id).is_none())
            .cloned();
        if let Some(missing) = missing {
            problems.push(
                Problem::warning("dropped_link", Location::Link(key.clone()))
                    .with("from", &key.from)
                    .with("to", &key.to)
                    .with("missing", missing),
            );
        } else {
            design.links.insert(
                key,
                Link {
                    label: cut(&doc.label),
                },
            );
        }
    }
    Ok((design, problems))
}

fn cut(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME_CHARS)
        .collect()
}

fn component_from(doc: ComponentDoc, problems: &mut Vec<Problem>) -> Component {
    let mut component = Component::new(doc.id, doc.kind, doc.x, doc.y);
    component.name = cut(&doc.name);
    component.parent = doc.parent;
    if component.kind.is_group() {
        component.w = doc.w.unwrap_or(component.w).clamp(80.0, MAX_COORDINATE);
        component.h = doc.h.unwrap_or(component.h).clamp(60.0, MAX_COORDINATE);
    }
    let (x, y) = (component.x, component.y);
    component.x = x.clamp(-MAX_COORDINATE, MAX_COORDINATE);
    component.y = y.clamp(-MAX_COORDINATE, MAX_COORDINATE);
    if (component.x, component.y) != (x, y) {
        let at = Location::Component(component.id.clone());
        problems.push(Problem::warning("moved_into_canvas", at).with("id", &component.id));
    }
    let total = doc.params.len();
    component.params = doc
        .params
        .into_iter()
        .filter(|(key, value)| {
            let text_fits = !matches!(value, Value::Text(t) if t.len() > limits::MAX_TEXT_BYTES);
            key.len() <= 64 && text_fits
        })
        .take(MAX_PARAMS)
        .collect();
    if component.params.len() < total {
        let at = Location::Component(component.id.clone());
        problems.push(
            Problem::warning("dropped_params", at)
                .with("id", &component.id)
                .with("count", total - component.params.len()),
        );
    }
    component
}

/// Clears parents that do not exist, are no groups, or form a ring.
fn mend_parents(design: &mut Design, problems: &mut Vec<Problem>) {
    let bad: Vec<Id> = design
        .components
        .values()
        .filter(|c| {
            c.parent.as_ref().is_some_and(|parent| {
                let no_group = design.get(parent).is_none_or(|p| !p.kind.is_group());
                no_group || rings(design, &c.id)
            })
        })
        .map(|c| c.id.clone())
        .collect();
    for id in bad {
        if let Some(component) = design.components.get_mut(&id) {
            let parent = component.parent.take();
            problems.push(
                Problem::warning("dropped_parent", Location::Component(id.clone()))
                    .with("id", &id)
                    .with("parent", parent.map_or_else(String::new, |p| p.to_string())),
            );
        }
    }
}

/// Whether following the parents never ends, or goes deeper than allowed.
fn rings(design: &Design, id: &Id) -> bool {
    let mut next = design.get(id).and_then(|c| c.parent.as_ref());
    for _ in 0..limits::MAX_DEPTH {
        match next {
            None => return false,
            Some(parent) => next = design.get(parent).and_then(|c| c.parent.as_ref()),
        }
    }
    next.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use expect_test::{Expect, expect};

    fn sample() -> Design {
        let mut design = Design {
            name: "가게 \"<b>\"".into(),
            ..Design::default()
        };
        for kind in [Kind::Client, Kind::Server, Kind::Zone] {
            let id = design.free_id(kind);
            design
                .components
                .insert(id.clone(), Component::new(id, kind, 10.0, 20.5));
        }
        let (client, server) = (Id::new("client-1").unwrap(), Id::new("server-1").unwrap());
        let web = design.components.get_mut(&server).unwrap();
        web.parent = Some(Id::new("zone-1").unwrap());
        web.params.insert("vcpu".into(), Value::Number(8.0));
        design
            .links
            .insert(LinkKey::new(client, server), Link::default());
        design
    }

    #[test]
    fn writes_one_component_a_line() {
        expect![[r#"
            {
            "schema": "archplay/design/1",
            "name": "가게 \"<b>\"",
            "components": [
            {"id":"client-1","kind":"client","x":10.0,"y":20.5},
            {"id":"server-1","kind":"server","in":"zone-1","x":10.0,"y":20.5,"params":{"vcpu":8.0}},
            {"id":"zone-1","kind":"zone","x":10.0,"y":20.5,"w":240.0,"h":240.0}
            ],
            "links": [
            {"from":"client-1","to":"server-1"}
            ]
            }
        "#]]
        .assert_eq(&write_design(&sample()));
    }

    #[test]
    fn reads_what_it_wrote() {
        assert_eq!(
            read_design(&write_design(&sample())).unwrap(),
            (sample(), vec![])
        );
    }

    fn refused(text: &str, expected: &Expect) {
        let e = read_design(text).unwrap_err();
        expected.assert_eq(&format!("{} {}:{} {}", e.code, e.line, e.column, e.path));
    }

    #[test]
    fn refuses_with_place_and_reason() {
        refused("", &expect!["empty 0:0 "]);
        refused(
            "{\"schema\": \"archplay/design/1\",\n \"compo",
            &expect!["not_json 2:7 "],
        );
        refused("[1,2]", &expect!["foreign 0:0 "]);
        refused("{\"cells\":[]}", &expect!["foreign 0:0 "]);
        refused("<mxfile/>", &expect!["not_json 1:1 "]);
        refused(
            "{\"schema\":\"archplay/design/7\"}",
            &expect!["future 0:0 "],
        );
        refused(
            "{\"schema\":\"archplay/scenario/1\"}",
            &expect!["wrong_kind_of_file 0:0 "],
        );
        refused(
            "{\"schema\":\"archplay/design/1\",\n\"components\":[\n{\"id\":\"a\",\"kind\":\"ufo\",\"x\":0,\"y\":0}]}",
            &expect!["bad_value 3:22 components[0].kind"],
        );
        refused(
            "{\"schema\":\"archplay/design/1\",\"components\":[{\"id\":\"a\",\"kind\":\"cdn\",\"x\":0,\"y\":0},{\"id\":\"a\",\"kind\":\"cdn\",\"x\":0,\"y\":0}]}",
            &expect!["duplicate_id 0:0 components[1]"],
        );
        refused(&"[".repeat(100_000), &expect!["not_json 1:100000 "]);
    }

    #[test]
    fn mends_and_tells() {
        let text = "{\"schema\":\"archplay/design/1\",\"components\":[{\"id\":\"a\",\"kind\":\"server\",\"x\":1e300,\"y\":0,\"in\":\"b\"},{\"id\":\"b\",\"kind\":\"zone\",\"x\":0,\"y\":0,\"in\":\"b\"}],\"links\":[{\"from\":\"a\",\"to\":\"ghost\"}]}";
        let (design, problems) = read_design(text).unwrap();
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(
            codes,
            [
                "moved_into_canvas",
                "dropped_parent",
                "dropped_parent",
                "dropped_link"
            ]
        );
        assert!(design.links.is_empty());
    }
}
