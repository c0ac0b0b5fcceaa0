//! Every field, choice, unit and refusal of the scenario editor has its text in both languages.

use archplay_editor::scenario::shape::Shape;
use archplay_editor::scenario::tree::rows;
use archplay_editor::scenario::{
    At, DemandKind, FieldValue, List, ScenarioCommand, ScenarioEditor, ScenarioRefusal, Unit, Word,
    every_choice, fields,
};
use archplay_model::presets::Preset;
use archplay_model::scenario::{Arrivals, FaultAction, FaultTarget, Spread};
use archplay_text::{Lang, find};

fn check(keys: &[String]) {
    let missing: Vec<&String> = keys
        .iter()
        .filter(|key| Lang::ALL.into_iter().any(|lang| find(lang, key).is_none()))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn words_units_and_refusals_have_texts() {
    let choices = every_choice();
    let words = choices.iter().flat_map(|choice| {
        let name = choice.name;
        let slugs = choice.slugs.iter();
        slugs.map(move |slug| format!("scenario.choice.{name}.{slug}"))
    });
    let units = Unit::ALL.map(|unit| format!("scenario.unit.{}", unit.slug()));
    let refusals = ScenarioRefusal::SLUGS.map(|slug| format!("scenario.refusal.{slug}"));
    let shapes = Shape::ALL.map(|shape| format!("scenario.shape.{}", shape.slug()));
    let keys = words.chain(units).chain(refusals).chain(shapes);
    check(&keys.collect::<Vec<_>>());
}

/// Sets a field to each of its words and collects the fields that there are then.
fn collect(
    editor: &mut ScenarioEditor,
    at: &At,
    key: &'static str,
    words: &[&str],
    out: &mut Vec<String>,
) {
    for word in words {
        let value = FieldValue::Text((*word).to_owned());
        let set = ScenarioCommand::Set {
            at: at.clone(),
            key,
            value,
        };
        if let Err(why) = editor.apply(set) {
            panic!("{at:?} {key} {word}: {why:?}");
        }
        keys(editor, at, out);
    }
}

fn keys(editor: &ScenarioEditor, at: &At, out: &mut Vec<String>) {
    for view in fields(editor.scenario(), at) {
        let own = format!("scenario.field.{}.{}", view.of, view.key);
        let of_kind = ["hour_prices", "request_prices", "allowed"].contains(&view.of);
        out.push(match of_kind && view.key != "limited" {
            true => format!("kind.{}.name", view.key),
            false => own,
        });
    }
}

#[test]
fn fields_have_labels() {
    let scenario = Preset::RegionLoss.scenario();
    let scenario = scenario.unwrap_or_else(|e| panic!("{e}"));
    let mut editor = ScenarioEditor::new(scenario.into());
    let mut out = Vec::new();
    for list in [List::Alternatives(0, 0), List::Filters(1, vec![1])] {
        let name = String::new();
        let added = editor.apply(ScenarioCommand::Add { list, name });
        assert!(added.is_ok(), "{added:?}");
    }
    for (at, key) in [
        (At::Scenario, "focus"),
        (At::Business, "on"),
        (At::Feed, "on"),
        (At::Allowed, "limited"),
        (At::Audience(0), "batch"),
    ] {
        let value = FieldValue::Flag(true);
        let set = editor.apply(ScenarioCommand::Set { at, key, value });
        assert!(set.is_ok(), "{set:?}");
    }
    for at in [
        At::Scenario,
        At::Business,
        At::Feed,
        At::Prices,
        At::HourPrices,
        At::RequestPrices,
        At::Allowed,
        At::Dataset(0),
        At::Operation(0),
        At::Filter(1, vec![1], 0),
        At::Journey(0),
        At::Step(0, 0),
        At::Alternative(0, 0, 0),
        At::Audience(0),
        At::Point(0, 0),
    ] {
        let before = out.len();
        keys(&editor, &at, &mut out);
        assert!(out.len() > before, "{at:?}");
    }
    let fault = At::Fault(0);
    collect(
        &mut editor,
        &fault,
        "action",
        FaultAction::CHOICE.slugs,
        &mut out,
    );
    collect(
        &mut editor,
        &fault,
        "target",
        FaultTarget::CHOICE.slugs,
        &mut out,
    );
    let audience = At::Audience(0);
    collect(
        &mut editor,
        &audience,
        "arrivals",
        Arrivals::CHOICE.slugs,
        &mut out,
    );
    collect(
        &mut editor,
        &audience,
        "gaps",
        Spread::CHOICE.slugs,
        &mut out,
    );
    let demand = At::Demand(0, vec![0]);
    collect(
        &mut editor,
        &demand,
        "spread",
        Spread::CHOICE.slugs,
        &mut out,
    );
    collect(
        &mut editor,
        &demand,
        "demand",
        DemandKind::CHOICE.slugs,
        &mut out,
    );
    assert!(!rows(&editor.scenario().operations[0].demand).is_empty());
    check(&out);
}
