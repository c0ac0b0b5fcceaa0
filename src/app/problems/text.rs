//! Sentences for problems and refusals, with the names that people gave instead of ids.

use archplay_editor::EditRefusal;
use archplay_model::catalogue::{ValueRefusal, find as find_param, text_area};
use archplay_model::{Design, Id, Kind, Location, Problem, Scenario};
use archplay_text::{Lang, tf};
use yew::AttrValue;

use crate::app::dialog::Said;
use crate::app::inspector::format_number;
use crate::app::lang::{tr, trf};
use crate::app::number::read_number;

/// What a component is called: its name, else its kind's, with the id where there are several.
pub fn label_of(design: &Design, id: &Id, lang: Lang) -> String {
    let Some(component) = design.get(id) else {
        return id.to_string();
    };
    if !component.name.trim().is_empty() {
        return component.name.clone();
    }
    let kind = archplay_text::t(lang, &format!("kind.{}.name", component.kind.slug()));
    let alone = design
        .components
        .values()
        .filter(|c| c.kind == component.kind)
        .count()
        == 1;
    if alone {
        kind.into_owned()
    } else {
        format!("{kind} {id}")
    }
}

/// The sentence for a problem.
pub fn problem_text(
    problem: &Problem,
    design: &Design,
    scenario: Option<&Scenario>,
    lang: Lang,
) -> AttrValue {
    let args: Vec<(String, String)> = problem
        .args
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                argument(name, value, problem, design, scenario, lang),
            )
        })
        .collect();
    trf(lang, &format!("problem.{}", problem.code), &borrowed(&args))
}

fn argument(
    name: &str,
    value: &str,
    problem: &Problem,
    design: &Design,
    scenario: Option<&Scenario>,
    lang: Lang,
) -> String {
    let id = || Id::new(value).ok();
    let found = match name {
        "id" | "from" | "to" | "parent" | "name" => id().map(|id| label_of(design, &id, lang)),
        "param" => param_name(value, problem, design, lang),
        "audience" => id().and_then(|id| {
            let audience = scenario?.audiences.iter().find(|a| a.id == id)?;
            Some(match lang {
                Lang::Ko => audience.name.ko.clone(),
                Lang::En => audience.name.en.clone(),
            })
        }),
        "operation" => id().and_then(|id| {
            let name = &scenario?.operation(&id)?.name;
            Some(match lang {
                Lang::Ko => name.ko.clone(),
                Lang::En => name.en.clone(),
            })
        }),
        "min" | "max" | "count" => read_number(value).map(format_number),
        _ => None,
    };
    found.unwrap_or_else(|| value.to_owned())
}

fn param_name(key: &str, problem: &Problem, design: &Design, lang: Lang) -> Option<String> {
    let Location::Param(id, _) = &problem.at else {
        return None;
    };
    let kind = design.get(id)?.kind;
    // One that the kind does not have, from somebody else's file, has no name but its own.
    find_param(kind, key)?;
    let area = text_area(kind, key);
    Some(tr(lang, &format!("param.{area}.{key}.name")).to_string())
}

/// The sentence for a command that was refused.
fn refusal_text(lang: Lang, refusal: &EditRefusal) -> AttrValue {
    if let EditRefusal::Value(refusal) = refusal {
        return value_refusal_text(lang, refusal);
    }
    let mut args = refusal.args();
    for (name, value) in &mut args {
        if matches!(name.as_str(), "kind" | "group")
            && let Some(kind) = Kind::from_slug(value)
        {
            *value = tf(lang, &format!("kind.{}.name", kind.slug()), &[]);
        }
    }
    trf(lang, &refusal.text_key(), &borrowed(&args))
}

/// The same as a message that is shown later; `lang` is only for telling one refusal from another.
pub fn refused(lang: Lang, refusal: EditRefusal) -> Said {
    Said::made(lang, move |lang| refusal_text(lang, &refusal))
}

/// The sentence for a value that was refused.
pub fn value_refusal_text(lang: Lang, refusal: &ValueRefusal) -> AttrValue {
    let mut args = refusal.args();
    for (name, value) in &mut args {
        if matches!(name.as_str(), "min" | "max")
            && let Some(number) = read_number(value)
        {
            *value = format_number(number);
        }
    }
    trf(
        lang,
        &format!("value_refusal.{}", refusal.slug()),
        &borrowed(&args),
    )
}

fn borrowed(args: &[(String, String)]) -> Vec<(&str, &str)> {
    args.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::{Component, check};
    use archplay_text::find;

    #[test]
    fn a_problem_names_what_people_named() {
        let mut design = Design::default();
        for name in ["", "상품 DB"] {
            let id = design.free_id(Kind::Database);
            let mut component = Component::new(id.clone(), Kind::Database, 0.0, 0.0);
            component.name = name.into();
            component
                .params
                .insert("vcpu".into(), archplay_model::Value::Number(0.0));
            design.components.insert(id, component);
        }
        let texts: Vec<String> = check::check_design(&design)
            .iter()
            .map(|p| problem_text(p, &design, None, Lang::Ko).to_string())
            .collect();
        assert!(
            texts[0].starts_with("데이터베이스 database-1: ‘vCPU’"),
            "{texts:?}"
        );
        assert!(texts[1].starts_with("상품 DB: ‘vCPU’"), "{texts:?}");
    }

    #[test]
    fn a_setting_that_no_kind_has_is_called_what_the_file_calls_it() {
        let mut design = Design::default();
        let id = design.free_id(Kind::WaitingRoom);
        let mut component = Component::new(id.clone(), Kind::WaitingRoom, 0.0, 0.0);
        component
            .params
            .insert("speed".into(), archplay_model::Value::Number(5.0));
        design.components.insert(id, component);
        let problems = check::check_design(&design);
        let unknown = problems.iter().find(|p| p.code == "unknown_param");
        let text = unknown.map(|p| problem_text(p, &design, None, Lang::Ko).to_string());
        assert_eq!(
            text.as_deref(),
            Some("대기실: 모르는 설정 ‘speed’ 값은 쓰이지 않아요.")
        );
    }

    #[test]
    fn every_refusal_has_its_text() {
        for lang in Lang::ALL {
            for slug in EditRefusal::SLUGS {
                assert!(
                    find(lang, &format!("edit_refusal.{slug}")).is_some(),
                    "{lang:?} {slug}"
                );
            }
            for slug in archplay_editor::Command::SLUGS {
                assert!(
                    find(lang, &format!("edit.{slug}")).is_some(),
                    "{lang:?} {slug}"
                );
            }
        }
    }
}
