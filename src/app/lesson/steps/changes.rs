//! What differs between two drawings, as a list.

use std::rc::Rc;

use archplay_model::catalogue::{NameDomain, ParamKind, ParamSpec, text_area};
use archplay_model::scenario::LocalText;
use archplay_model::{Added, Changed, Design, Difference, Id, Kind, Scenario, Value, Wires};
use archplay_text::{Lang, t, tf};
use yew::prelude::*;

use crate::app::inspector::{default_text, with_unit};
use crate::app::lang::use_lang;
use crate::app::problems::label_of;

/// What differs.
#[derive(Properties, PartialEq)]
pub struct ChangesProps {
    /// All of it.
    pub difference: Difference,
    /// The drawing before.
    pub before: Rc<Design>,
    /// The drawing now.
    pub after: Rc<Design>,
    /// The scenario, whose audiences and operations have names.
    pub scenario: Option<Rc<Scenario>>,
}

/// The list.
#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    let lang = use_lang();
    let words = Words {
        lang,
        before: &props.before,
        after: &props.after,
        scenario: props.scenario.as_deref(),
    };
    html! {
        <ul class="step-changes">
            for (i, line) in words.lines(&props.difference).into_iter().enumerate() {
                <li key={i}>
                    <span class="step-tag">{ line.tag }</span>
                    <span>
                        { line.text }
                        for more in line.more {
                            <span class="step-param">{ more }</span>
                        }
                    </span>
                </li>
            }
        </ul>
    }
}

/// A line of the list.
#[derive(Debug, PartialEq)]
struct Line {
    /// What kind of change it is.
    tag: String,
    text: String,
    /// How something that came is set.
    more: Vec<String>,
}

struct Words<'a> {
    lang: Lang,
    before: &'a Design,
    after: &'a Design,
    scenario: Option<&'a Scenario>,
}

impl Words<'_> {
    fn lines(&self, difference: &Difference) -> Vec<Line> {
        let line = |tag: &str, text: String, more: Vec<String>| Line {
            tag: t(self.lang, &format!("steps.tag.{tag}")).into_owned(),
            text,
            more,
        };
        let mut out = Vec::new();
        for added in &difference.added {
            let settings = added.params.iter().map(|(spec, value)| {
                let name = self.param(added.kind, spec);
                format!(
                    "{name}: {}",
                    self.value(added.kind, spec, value, self.after)
                )
            });
            out.push(line("added", self.came(added), settings.collect()));
        }
        if !difference.removed.is_empty() {
            let names = self.names(&difference.removed, self.before);
            out.push(line("removed", names, Vec::new()));
        }
        for moved in &difference.moved {
            let names = self.names(&moved.ids, self.after);
            let text = match &moved.parent {
                Some(group) => self.tf("steps.into", &names, group),
                None => tf(self.lang, "steps.out_of", &[("names", &names)]),
            };
            out.push(line("moved", text, Vec::new()));
        }
        for changed in &difference.changed {
            out.push(line("set", self.set(changed), Vec::new()));
        }
        for (tag, list, design) in [
            ("linked", &difference.linked, self.after),
            ("unlinked", &difference.unlinked, self.before),
        ] {
            for wires in list {
                out.push(line(tag, self.wires(wires, design), Vec::new()));
            }
        }
        out
    }

    fn tf(&self, key: &str, names: &str, group: &Id) -> String {
        let group = label_of(self.after, group, self.lang);
        tf(self.lang, key, &[("names", names), ("group", &group)])
    }

    fn names(&self, ids: &[Id], design: &Design) -> String {
        let names = ids.iter().map(|id| label_of(design, id, self.lang));
        names.collect::<Vec<_>>().join(", ")
    }

    fn came(&self, added: &Added) -> String {
        let names = self.names(&added.ids, self.after);
        match &added.parent {
            Some(group) => self.tf("steps.within", &names, group),
            None => names,
        }
    }

    fn set(&self, changed: &Changed) -> String {
        let names = self.names(&changed.ids, self.after);
        let param = self.param(changed.kind, changed.spec);
        let value = |value, design| self.value(changed.kind, changed.spec, value, design);
        let (before, after) = (
            value(&changed.before, self.before),
            value(&changed.after, self.after),
        );
        format!("{names} · {param}: {before} → {after}")
    }

    fn wires(&self, wires: &Wires, design: &Design) -> String {
        let (from, to) = (
            self.names(&wires.from, design),
            self.names(&wires.to, design),
        );
        format!("{from} → {to}")
    }

    fn param(&self, kind: Kind, spec: &ParamSpec) -> String {
        let key = format!("param.{}.{}.name", text_area(kind, spec.key), spec.key);
        t(self.lang, &key).into_owned()
    }

    fn value(&self, kind: Kind, spec: &ParamSpec, value: &Value, design: &Design) -> String {
        match (value, spec.kind) {
            (Value::Number(number), _) => with_unit(self.lang, *number, spec.unit),
            (Value::Flag(flag), _) => flag.to_string(),
            (Value::Text(text), ParamKind::Choice { .. }) => {
                let area = text_area(kind, spec.key);
                t(self.lang, &format!("choice.{area}.{}.{text}", spec.key)).into_owned()
            }
            (Value::Text(text), _) if text.trim().is_empty() => {
                default_text(self.lang, kind, spec).to_string()
            }
            (Value::Text(text), ParamKind::Names(domain)) => {
                let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
                let names = parts.map(|part| self.named(domain, part, design));
                names.collect::<Vec<_>>().join(", ")
            }
            (Value::Text(text), _) => text.clone(),
        }
    }

    /// What something is called that a parameter names. Datasets have no names but their ids.
    fn named(&self, domain: NameDomain, text: &str, design: &Design) -> String {
        let local = |name: &LocalText| match self.lang {
            Lang::Ko => name.ko.clone(),
            Lang::En => name.en.clone(),
        };
        let Ok(id) = Id::new(text) else {
            return text.to_owned();
        };
        let found = match domain {
            NameDomain::Components => Some(label_of(design, &id, self.lang)),
            NameDomain::Operations => {
                let found = self.scenario.and_then(|s| s.operation(&id));
                found.map(|operation| local(&operation.name))
            }
            NameDomain::Audiences => {
                let all = self.scenario.map(|s| &s.audiences);
                let found = all.and_then(|all| all.iter().find(|a| a.id == id));
                found.map(|audience| local(&audience.name))
            }
            NameDomain::Datasets => None,
        };
        found.unwrap_or_else(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::format::read_design;

    use super::*;

    const BEFORE: &str = r#"{"schema":"archplay/design/1","name":"","components":[
{"id":"client-1","kind":"client","name":"손님","x":0,"y":0},
{"id":"server-1","kind":"server","name":"웹","x":200,"y":0,"params":{"backlog":65536}}],
"links":[{"from":"client-1","to":"server-1"}]}"#;
    const AFTER: &str = r#"{"schema":"archplay/design/1","name":"","components":[
{"id":"auto-scaling-group-1","kind":"auto_scaling_group","name":"그룹","x":180,"y":0,"w":180,"h":136,
"params":{"schedule":"13:54=12"}},
{"id":"client-1","kind":"client","name":"손님","x":0,"y":0},
{"id":"load-balancer-1","kind":"load_balancer","name":"문","x":100,"y":0,"params":{"algorithm":"least_outstanding"}},
{"id":"server-1","kind":"server","name":"웹","in":"auto-scaling-group-1","x":200,"y":40,"params":{"backlog":100}}],
"links":[{"from":"client-1","to":"load-balancer-1"},{"from":"load-balancer-1","to":"server-1"}]}"#;

    fn lines(lang: Lang) -> Vec<Line> {
        let (before, _) = read_design(BEFORE).unwrap();
        let (after, _) = read_design(AFTER).unwrap();
        let words = Words {
            lang,
            before: &before,
            after: &after,
            scenario: None,
        };
        words.lines(&Difference::between(&before, &after))
    }

    #[test]
    fn changes_are_told_in_both_languages() {
        let told: Vec<String> = lines(Lang::Ko)
            .into_iter()
            .map(|line| format!("{} {} {}", line.tag, line.text, line.more.join("; ")))
            .collect();
        let told: Vec<&str> = told.iter().map(|line| line.trim()).collect();
        assert_eq!(
            told,
            [
                "추가 그룹 예약 조정: 13:54=12",
                "추가 문 분배 방식: 처리 중인 요청이 가장 적은 서버",
                "이동 웹 → 그룹 안으로",
                "설정 웹 · 대기열 길이: 65,536 → 100",
                "연결 손님 → 문",
                "연결 문 → 웹",
                "끊음 손님 → 웹",
            ]
        );
        for line in lines(Lang::En) {
            let all = format!("{} {:?}", line.tag, line.more);
            assert!(!all.contains("steps.") && !all.contains("param."), "{all}");
        }
    }
}
