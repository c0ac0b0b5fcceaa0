//! The committed cases as the page reads them, and their texts.

use std::collections::BTreeSet;
use std::path::Path;

use archplay_report::check::{Check, CheckKind, CheckRow, CheckUnit, FAMILIES};
use archplay_text::{Lang, find};

use super::explain::{Group, QUESTIONS, SIMPLIFIED};
use super::filter::Filter;
use super::words::{Style, case_key};
use super::{band, open};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn checks() -> Vec<Check> {
    let entries = std::fs::read_dir(root().join("static/checks"));
    let paths = entries.into_iter().flatten().flatten().map(|e| e.path());
    let texts = paths.filter_map(|path| std::fs::read_to_string(path).ok());
    texts
        .map(|text| serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}")))
        .collect()
}

#[test]
fn every_case_can_be_read_opened_and_passes() {
    let checks = checks();
    assert!(checks.len() >= 30);
    for check in &checks {
        assert!(FAMILIES.contains(&check.family.as_str()), "{}", check.id);
        for row in &check.rows {
            assert!(row.passes(), "{} {}", check.id, row.metric);
            assert!(row.run.is_none_or(|run| run < check.runs.len()));
        }
        for index in 0..check.runs.len() {
            let read = open::documents(check, index, "x");
            let (design, scenario, _) = read.unwrap_or_else(|| panic!("{} {index}", check.id));
            assert!(design.components.len() >= 2 && scenario.name.ko == "x");
        }
    }
}

#[test]
fn every_case_has_its_texts() {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for check in checks() {
        keys.insert(case_key(&check.id, "title"));
        keys.insert(case_key(&check.id, "source"));
        for row in check.rows {
            keys.insert(format!("checks.metric.{}", row.metric));
            keys.extend(row.at.map(|at| format!("checks.at.{at}")));
        }
    }
    for family in FAMILIES {
        keys.insert(format!("checks.family.{family}.name"));
        keys.insert(format!("checks.family.{family}.about"));
    }
    for key in QUESTIONS {
        keys.insert(format!("checks.explain.{key}_title"));
        keys.insert(format!("checks.explain.{key}"));
    }
    keys.extend(CheckKind::ALL.map(|kind| format!("checks.kind.{}", kind.slug())));
    for group in &SIMPLIFIED {
        keys.extend(group.heading_keys());
        keys.extend(group.text_keys());
    }
    for lang in Lang::ALL {
        let missing: Vec<_> = keys
            .iter()
            .filter(|key| find(lang, key).is_none())
            .collect();
        assert!(missing.is_empty(), "{} {missing:?}", lang.tag());
    }
}

#[test]
fn every_simplification_that_has_a_text_is_shown() {
    let texts = std::fs::read_to_string(root().join("locales/checks.en.toml")).unwrap_or_default();
    let sections = texts.split("\n[checks.simplified.").skip(1);
    let mut written = Vec::new();
    for (slug, lines) in sections.filter_map(|section| section.split_once("]\n")) {
        let lines = lines.lines().take_while(|line| !line.is_empty());
        let keys = lines.filter_map(|line| line.split_once(" = "));
        written.extend(keys.map(|(key, _)| format!("checks.simplified.{slug}.{key}")));
    }
    let shown: Vec<String> = SIMPLIFIED.iter().flat_map(Group::text_keys).collect();
    assert_eq!(written, shown);
}

fn row(unit: CheckUnit, expected: f64, tolerance: f64) -> CheckRow {
    CheckRow {
        metric: "wait_mean".into(),
        at: None,
        unit,
        kind: CheckKind::Exact,
        expected,
        measured: expected,
        tolerance,
        requests: 0,
        run: None,
        read: None,
    }
}

#[test]
fn numbers_have_the_digits_that_their_tolerance_deserves() {
    let check = |unit, expected, tolerance, texts: [&str; 2]| {
        let row = row(unit, expected, tolerance);
        let text = |value| Style::of(&row).text(Lang::En, value).to_string();
        assert_eq!([text(expected), text(tolerance)], texts);
    };
    check(
        CheckUnit::Seconds,
        0.008_571,
        0.000_301,
        ["8.57 ms", "0.30 ms"],
    );
    check(CheckUnit::Seconds, 105.0, 0.35, ["105.00 s", "0.35 s"]);
    check(CheckUnit::Share, 0.3, 0.0043, ["30.00%", "0.43%"]);
    check(CheckUnit::Count, 84_000.0, 1_260.0, ["84,000", "1,260"]);
    check(CheckUnit::Count, 545.0, 0.0, ["545", "0"]);
    check(CheckUnit::PerSecond, 4.117_6, 0.03, ["4.118/s", "0.030/s"]);
}

#[test]
fn the_mark_stays_on_the_bar() {
    for (offset, place) in [
        (0.0, 50.0),
        (1.0, 90.0),
        (-1.0, 10.0),
        (9.0, 100.0),
        (f64::NAN, 100.0),
    ] {
        assert_eq!(band::place(offset), place, "{offset}");
    }
}

#[test]
fn cases_are_found_by_words_family_and_distance() {
    let checks = checks();
    let found = |filter: &Filter, lang| {
        let fits = checks.iter().filter(|check| filter.fits(check, lang));
        fits.map(|check| check.id.as_str()).collect::<Vec<_>>()
    };
    let text = |text: &str| Filter {
        text: text.into(),
        ..Filter::default()
    };
    assert_eq!(found(&text("m/m/16 95"), Lang::Ko), ["mmc-c16-rho95"]);
    assert_eq!(found(&text("round robin"), Lang::En), ["lb-rr-n4-rho90"]);
    assert_eq!(found(&Filter::default(), Lang::Ko).len(), checks.len());
    assert!(found(&text("nothing like it"), Lang::En).is_empty());
    let family = Filter {
        family: "mm1".into(),
        ..Filter::default()
    };
    assert_eq!(found(&family, Lang::Ko).len(), 2);
    let tight = Filter {
        tight: true,
        ..Filter::default()
    };
    let far = found(&tight, Lang::Ko).len();
    assert!(far > 0 && far < checks.len() / 2, "{far}");
}
