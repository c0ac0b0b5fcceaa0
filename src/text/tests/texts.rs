//! The texts are complete: both languages have the same keys and placeholders, everything that the code
//! can name has its text, and the page asks for no key that is not there.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use archplay_course::{Across, LessonError, Stat, TargetMetric, TargetUnit};
use archplay_model::catalogue::{self, ParamKind, Unit};
use archplay_model::format::LoadError;
use archplay_model::presets::Preset;
use archplay_model::scenario::FaultAction;
use archplay_model::{Kind, LinkRefusal, Place, Role};
use archplay_report::{EventCode, Kept, Measure, Metric, MetricUnit, Reason};
use archplay_text::{Lang, find, t};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts of one language by area (file) and key.
fn areas(lang: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(root().join("locales")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if let Some(area) = name.strip_suffix(&format!(".{lang}.toml")) {
            let text = fs::read_to_string(&path).unwrap();
            let table: toml::Table =
                toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut keys = BTreeMap::new();
            flatten("", &toml::Value::Table(table), &mut keys);
            out.insert(area.to_owned(), keys);
        }
    }
    out
}

fn flatten(prefix: &str, value: &toml::Value, out: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, inner) in table {
                let name = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten(&name, inner, out);
            }
        }
        toml::Value::String(text) => {
            out.insert(prefix.to_owned(), text.clone());
        }
        other => panic!("{prefix}: {other:?} is no text"),
    }
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
        .collect()
}

/// Units without a word: a bare number says it all in that language.
const MAY_BE_EMPTY: [&str; 1] = ["unit.count"];

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (ko, en) = (areas("ko"), areas("en"));
    let names = |areas: &BTreeMap<String, BTreeMap<String, String>>| -> Vec<String> {
        areas.keys().cloned().collect()
    };
    assert_eq!(names(&ko), names(&en));
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (area, ko) in &ko {
        let en = &en[area];
        let of = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
        let different: Vec<_> = of(ko).symmetric_difference(&of(en)).cloned().collect();
        assert!(
            different.is_empty(),
            "{area}: only in one language: {different:?}"
        );
        for (key, text) in ko {
            assert_eq!(placeholders(text), placeholders(&en[key]), "{area}: {key}");
            for text in [text, &en[key]] {
                assert!(
                    !text.trim().is_empty() || MAY_BE_EMPTY.contains(&key.as_str()),
                    "{key}"
                );
            }
            if let Some(other) = seen.insert(key.clone(), area.clone()) {
                panic!("{key} is in {other} and in {area}");
            }
        }
    }
    assert!(seen.len() > 300, "the texts were not found");
}

#[test]
fn the_built_in_texts_are_those_of_the_files() {
    for (lang, tag) in [(Lang::Ko, "ko"), (Lang::En, "en")] {
        for (key, text) in areas(tag).into_values().flatten() {
            assert_eq!(t(lang, &key), text, "{tag} {key}");
        }
    }
}

fn keys_of(keys: &mut Vec<String>, area: &str, slugs: &[&str]) {
    keys.extend(slugs.iter().map(|slug| format!("{area}.{slug}")));
}

fn wanted() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut add = |key: String| keys.push(key);
    for kind in Kind::ALL {
        add(format!("kind.{}.name", kind.slug()));
        add(format!("kind.{}.about", kind.slug()));
        add(format!("palette.words.{}", kind.slug()));
        for spec in catalogue::all_params(kind) {
            let area = catalogue::text_area(kind, spec.key);
            add(format!("param.{area}.{}.name", spec.key));
            add(format!("param.{area}.{}.help", spec.key));
            if let ParamKind::Choice { options, .. } = spec.kind {
                for option in options {
                    add(format!("choice.{area}.{}.{option}", spec.key));
                }
            }
        }
    }
    if let ParamKind::Choice { options, .. } = catalogue::load_balancer::ALGORITHM.kind {
        keys_of(&mut keys, "canvas.algorithm", options);
    }
    keys_of(&mut keys, "fault", &FaultAction::SLUGS);
    keys_of(&mut keys, "palette.role", &Role::ALL.map(Role::slug));
    let mut add = |key: String| keys.push(key);
    let units = Unit::ALL.map(Unit::slug).into_iter();
    let units = units.chain(MetricUnit::ALL.map(MetricUnit::slug));
    for slug in units.chain(TargetUnit::ALL.map(TargetUnit::slug)) {
        add(format!("unit.{slug}"));
    }
    for place in Place::ALL {
        add(format!("place.{}", place.slug()));
    }
    for preset in Preset::ALL {
        add(format!("preset.{}.name", preset.slug()));
        add(format!("preset.{}.about", preset.slug()));
    }
    for refusal in LinkRefusal::ALL {
        add(format!("link_refusal.{}", refusal.slug()));
        add(format!("problem.link_{}", refusal.slug()));
    }
    // `ValueRefusal` carries values, so it has no list; its slugs end the problem codes `param_…`.
    for slug in source_strings("src/model/src/catalogue/mod.rs", "=> \"") {
        if ["not_", "out_", "bad_"]
            .iter()
            .any(|start| slug.starts_with(start))
        {
            add(format!("value_refusal.{slug}"));
            add(format!("problem.param_{slug}"));
        }
    }
    for code in problem_codes() {
        add(format!("problem.{code}"));
    }
    for code in LoadError::CODES {
        add(format!("load_error.{code}"));
    }
    for code in LessonError::CODES {
        add(format!("lesson_error.{code}"));
    }
    for reason in Reason::ALL {
        add(format!("reason.{}.name", reason.slug()));
        add(format!("reason.{}.help", reason.slug()));
    }
    for code in EventCode::ALL {
        add(format!("event.{}", code.slug()));
    }
    for metric in metrics() {
        add(format!("metric.{}.name", metric.slug()));
        add(format!("metric.{}.help", metric.slug()));
    }
    for measure in Measure::ALL {
        add(format!("measure.{}", measure.slug()));
    }
    keys_of(&mut keys, "stat", &Stat::ALL.map(Stat::slug));
    keys_of(&mut keys, "across", &Across::ALL.map(Across::slug));
    let mut add = |key: String| keys.push(key);
    for kept in Kept::ALL {
        add(format!("trace.kept.{}", kept.slug()));
    }
    for metric in TargetMetric::ALL {
        add(format!("target.{}.name", metric.slug()));
        add(format!("target.{}.help", metric.slug()));
        add(format!("verdict.{}", metric.nothing()));
    }
    keys
}

/// Texts between `open` and the next quote on the lines of a source file.
fn source_strings(file: &str, open: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let parts = text.split(open).skip(1);
    parts
        .filter_map(|rest| rest.split_once('"').map(|(name, _)| name.to_owned()))
        .collect()
}

/// Codes given to problems anywhere in the model, read off its sources: a new one needs its text.
fn problem_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for path in sources("src/model/src") {
        let text = fs::read_to_string(&path).unwrap();
        for open in ["Problem::error(", "Problem::warning("] {
            for rest in text.split(open).skip(1) {
                if let Some((code, _)) = rest
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once('"'))
                {
                    codes.insert(code.to_owned());
                }
            }
        }
        if path
            .components()
            .any(|part| part.as_os_str() == "scenario_check")
        {
            for part in text.split('"').filter(|part| part.starts_with("scenario_")) {
                codes.insert(part.to_owned());
            }
        }
    }
    assert!(codes.len() > 25, "the codes were not found: {codes:?}");
    codes
}

/// One of each.
fn metrics() -> Vec<Metric> {
    let failed = std::iter::once(Metric::Failed(Reason::Timeout));
    failed.chain(Metric::PLAIN).collect()
}

#[test]
fn everything_that_code_can_name_has_its_text() {
    let mut gaps = Vec::new();
    for key in wanted() {
        for lang in Lang::ALL {
            if find(lang, &key).is_none() {
                gaps.push(format!("{} {key}", lang.tag()));
            }
        }
    }
    assert!(gaps.is_empty(), "no text for {gaps:#?}");
}

fn sources(dir: &str) -> Vec<PathBuf> {
    let mut open = vec![root().join(dir)];
    let mut out = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// Literals that look like `area.name` or longer right after a call of a text function.
fn asked_keys(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for call in ["tr(", "trf(", "t(", "tf(", "find("] {
        for (at, _) in text.match_indices(call) {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' || before == '.' {
                continue;
            }
            let args = text[at + call.len()..].trim_start();
            let Some((_, rest)) = args.split_once(',') else {
                continue;
            };
            let Some(rest) = rest.trim_start().strip_prefix('"') else {
                continue;
            };
            if args
                .find('"')
                .is_some_and(|quote| args[..quote].contains([';', ')']))
            {
                continue;
            }
            if let Some((key, _)) = rest.split_once('"') {
                out.push(key.to_owned());
            }
        }
    }
    out
}

#[test]
fn finds_the_keys_in_sources() {
    let text = r#"tr(lang, "a.b") + tr(*lang,"c.d") + t(Lang::Ko, "e.f"); start(x, "g.h"); tf(
        lang, "i.j", &[])"#;
    let keys: BTreeSet<String> = asked_keys(text).into_iter().collect();
    assert_eq!(keys, ["a.b", "c.d", "e.f", "i.j"].map(String::from).into());
}

#[test]
fn the_page_and_the_command_line_ask_only_for_texts_that_exist() {
    let mut gaps = BTreeSet::new();
    for dir in ["src/app", "src/cli/src"] {
        for path in sources(dir) {
            for key in asked_keys(&fs::read_to_string(&path).unwrap()) {
                if Lang::ALL.into_iter().any(|lang| find(lang, &key).is_none()) {
                    gaps.insert(format!("{} {key}", path.display()));
                }
            }
        }
    }
    assert!(gaps.is_empty(), "{gaps:#?}");
}

#[test]
fn no_text_is_left_over_of_a_kind_or_a_parameter_that_is_gone() {
    let wanted: BTreeSet<String> = wanted().into_iter().collect();
    let areas = areas("ko");
    let of_a_kind = |key: &&String| {
        [
            "kind.",
            "param.",
            "choice.",
            "palette.words.",
            "fault.",
            "palette.role.",
        ]
        .iter()
        .any(|start| key.starts_with(start))
    };
    let left: Vec<_> = areas
        .values()
        .flat_map(BTreeMap::keys)
        .filter(of_a_kind)
        .filter(|key| !wanted.contains(*key) && key.as_str() != "fault.over")
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}
