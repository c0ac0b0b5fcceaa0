//! The scenario editor: fields, commands, history; and that any sequence undone gives the start.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::rc::Rc;

use archplay_editor::scenario::tree::{self, Way, children};
use archplay_editor::scenario::{
    At, Control, DemandKind, FieldValue, List, Refer, ScenarioCommand, ScenarioEditor,
    ScenarioRefusal, Wrapper, fields, path, uses,
};
use archplay_model::format::{read_scenario, write_scenario};
use archplay_model::presets::Preset;
use archplay_model::scenario::{Demand, RatePoint};
use archplay_model::{ClockTime, Design, Id, Location, Scenario, check};
use proptest::prelude::*;

use ScenarioCommand::{
    Add, AddDemand, Curve, Duplicate, Remove, Replace, Set, Shift, Unwrap, Wrap,
};

fn editor(preset: Preset) -> ScenarioEditor {
    ScenarioEditor::new(Rc::new(preset.scenario().unwrap()))
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.into())
}

fn set(at: At, key: &'static str, value: FieldValue) -> ScenarioCommand {
    Set { at, key, value }
}

/// Every part that has fields.
fn places(scenario: &Scenario) -> Vec<At> {
    let mut out = vec![
        At::Scenario,
        At::Business,
        At::Feed,
        At::Prices,
        At::HourPrices,
        At::RequestPrices,
        At::Allowed,
    ];
    out.extend((0..scenario.datasets.len()).map(At::Dataset));
    for (i, operation) in scenario.operations.iter().enumerate() {
        out.push(At::Operation(i));
        for row in tree::rows(&operation.demand) {
            if let Some(Demand::Read { filters, .. }) = tree::node(&operation.demand, &row.path) {
                let filters = (0..filters.len()).map(|k| At::Filter(i, row.path.clone(), k));
                out.extend(filters);
            }
            out.push(At::Demand(i, row.path));
        }
    }
    for (i, journey) in scenario.journeys.iter().enumerate() {
        out.push(At::Journey(i));
        for (k, step) in journey.steps.iter().enumerate() {
            out.push(At::Step(i, k));
            out.extend((0..step.or.len()).map(|n| At::Alternative(i, k, n)));
        }
    }
    for (i, audience) in scenario.audiences.iter().enumerate() {
        out.push(At::Audience(i));
        out.extend((0..audience.rate.len()).map(|k| At::Point(i, k)));
    }
    out.extend((0..scenario.faults.len()).map(At::Fault));
    let celebrities = scenario.feed.iter().flat_map(|feed| &feed.celebrities);
    for (i, celebrity) in celebrities.enumerate() {
        out.push(At::Celebrity(i));
        out.extend((0..celebrity.at.len()).map(|k| At::Moment(i, k)));
    }
    out
}

/// Some value that a control takes, or nearly.
fn value(control: &Control, optional: bool, dice: u32) -> FieldValue {
    if optional && dice.is_multiple_of(4) {
        return FieldValue::Absent;
    }
    match control {
        Control::Text => FieldValue::Text(format!("이름 {}", dice % 5)),
        Control::Id => FieldValue::Text(format!("id-{}", dice % 7)),
        Control::Number {
            min, max, whole, ..
        } => {
            let number = min + (max.min(1e6) - min) * f64::from(dice % 1_000) / 999.0;
            FieldValue::Number(if *whole { number.round() } else { number })
        }
        Control::Time => FieldValue::Time(ClockTime::from_secs(dice % 86_401)),
        Control::Flag => FieldValue::Flag(dice.is_multiple_of(2)),
        Control::Choice(choice) => text(choice.slugs[dice as usize % choice.slugs.len()]),
        Control::Refer(Refer::Link) => text("a>b"),
        Control::Refer(_) => FieldValue::Text(format!("id-{}", dice % 7)),
    }
}

/// A command for this scenario, by dice.
fn command(scenario: &Scenario, [kind, which, dice]: [u32; 3]) -> ScenarioCommand {
    let places = places(scenario);
    let at = places[which as usize % places.len()].clone();
    let (operation, steps) = match &at {
        At::Demand(operation, path) => (*operation, path.clone()),
        _ => (0, Vec::new()),
    };
    match kind % 14 {
        0..=4 => {
            let fields = fields(scenario, &at);
            let Some(field) = fields.get(dice as usize % fields.len().max(1)) else {
                return Remove(at);
            };
            let value = value(&field.control, field.optional, dice / 7);
            set(at, field.key, value)
        }
        5 => {
            let list = match dice % 10 {
                0 => List::Datasets,
                1 => List::Operations,
                2 => List::Journeys,
                3 => List::Audiences,
                4 => List::Faults,
                5 => List::Steps(0),
                6 => List::Alternatives(0, 0),
                7 => List::Celebrities,
                8 => List::Moments(0),
                _ => List::Filters(operation, steps),
            };
            Add {
                list,
                name: String::new(),
            }
        }
        6 => Duplicate(at),
        7 => Remove(at),
        8 => {
            let ways = [Way::Up, Way::Down, Way::Out, Way::In];
            Shift(at, ways[dice as usize % 4])
        }
        9 => Wrap(operation, steps, Wrapper::ALL[dice as usize % 5]),
        10 => Unwrap(operation, steps),
        11 => AddDemand {
            operation,
            path: steps,
            kind: DemandKind::LEAVES[dice as usize % 12],
        },
        12 => {
            let point = |n: u32| RatePoint {
                at: ClockTime::from_secs((dice / 3 * n) % 86_400),
                per_sec: f64::from(dice % 97),
            };
            Curve {
                audience: 0,
                points: (0..dice % 4).map(point).collect(),
                moved: (dice.is_multiple_of(2)).then_some(0),
            }
        }
        _ => Replace(Box::new(Preset::ALL[dice as usize % 4].scenario().unwrap())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_undone_gives_the_start(
        preset in 0_usize..4,
        dice in proptest::collection::vec(any::<[u32; 3]>(), 0..60),
    ) {
        let mut editor = editor(Preset::ALL[preset]);
        let start = editor.scenario().clone();
        for roll in dice {
            let command = command(editor.scenario(), roll);
            let before = editor.scenario().clone();
            match roll[0] % 3 {
                0 if roll[2] % 5 == 0 => { editor.undo(); }
                0 if roll[2] % 5 == 1 => { editor.redo(); }
                0 => {
                    // A gesture that is cancelled leaves nothing.
                    let _ = editor.preview(command);
                    editor.cancel();
                    prop_assert_eq!(editor.scenario(), &before);
                }
                1 if roll[2] % 3 == 0 => {
                    let _ = editor.preview(command);
                    editor.commit();
                }
                _ => {
                    if editor.apply(command).is_err() {
                        prop_assert_eq!(editor.scenario(), &before);
                    }
                }
            }
            // What can be edited can be kept: every state is a file that reads back.
            let file = write_scenario(editor.scenario());
            let read = read_scenario(&file);
            prop_assert_eq!(read.as_ref(), Ok(&**editor.scenario()));
        }
        let end = editor.scenario().clone();
        let mut steps = 0;
        while editor.undo() {
            steps += 1;
        }
        prop_assert_eq!(editor.scenario(), &start);
        for _ in 0..steps {
            editor.redo();
        }
        prop_assert_eq!(editor.scenario(), &end);
    }
}

#[test]
fn edits_of_one_field_are_one_step_until_it_is_left() {
    let mut editor = editor(Preset::Steady);
    let timeout = |secs| set(At::Audience(0), "timeout_secs", FieldValue::Number(secs));
    for secs in [3.0, 4.0, 5.0] {
        editor.apply(timeout(secs)).unwrap();
    }
    editor.seal();
    editor.apply(timeout(6.0)).unwrap();
    editor.undo();
    assert!((editor.scenario().audiences[0].timeout_secs - 5.0).abs() < 1e-9);
    editor.undo();
    assert!(!editor.can_undo() && editor.can_redo());
    // There and back again is no step.
    let first = editor.scenario().audiences[0].timeout_secs;
    editor.apply(timeout(9.0)).unwrap();
    editor.apply(timeout(first)).unwrap();
    assert!(!editor.can_undo());
}

#[test]
fn a_new_id_goes_wherever_the_old_one_was_named() {
    let mut editor = editor(Preset::FlashCrowd);
    assert_eq!(uses(editor.scenario(), &At::Dataset(0)), 3);
    editor
        .apply(set(At::Dataset(0), "id", text("goods")))
        .unwrap();
    editor
        .apply(set(At::Operation(2), "id", text("buy")))
        .unwrap();
    editor
        .apply(set(At::Journey(0), "id", text("trip")))
        .unwrap();
    assert!(
        check::check(&Design::default(), editor.scenario())
            .iter()
            .all(|problem| !matches!(problem.at, Location::Scenario(_)))
    );
    assert_eq!(uses(editor.scenario(), &At::Dataset(0)), 3);
    let taken = editor.apply(set(At::Dataset(1), "id", text("goods")));
    assert_eq!(taken, Err(ScenarioRefusal::Taken));
    let copy = editor.apply(Duplicate(At::Operation(2))).unwrap();
    assert_eq!(copy, Some(At::Operation(3)));
    assert_eq!(
        editor.scenario().operations[3].id,
        Id::new("buy-2").unwrap()
    );
}

#[test]
fn what_cannot_be_is_refused_with_the_range() {
    let mut editor = editor(Preset::RegionLoss);
    let mut refused = |at, key, value| editor.apply(set(at, key, value)).unwrap_err();
    let number = FieldValue::Number;
    let point = || At::Point(0, 0);
    assert_eq!(
        refused(point(), "per_sec", number(-1.0)),
        ScenarioRefusal::OutOfRange { min: 0.0, max: 1e6 }
    );
    let rows = refused(At::Dataset(0), "rows", number(1.5));
    assert_eq!(rows, ScenarioRefusal::NotWhole);
    let id = refused(At::Dataset(0), "id", text("한글"));
    assert_eq!(id, ScenarioRefusal::BadId);
    let number_as_word = refused(At::Fault(0), "action", number(1.0));
    assert_eq!(number_as_word, ScenarioRefusal::WrongValue);
    // A field that this fault does not have.
    let factor = refused(At::Fault(0), "factor", number(2.0));
    assert_eq!(factor, ScenarioRefusal::NotThere);
    assert_eq!(editor.apply(Remove(point())), Err(ScenarioRefusal::LastOne));
    assert!(!editor.can_undo());
}

#[test]
fn a_fault_gets_the_numbers_of_its_action() {
    let mut editor = editor(Preset::RegionLoss);
    let keys = |editor: &ScenarioEditor| -> Vec<&str> {
        let fields = fields(editor.scenario(), &At::Fault(0));
        fields.iter().map(|field| field.key).collect()
    };
    assert_eq!(keys(&editor), ["at", "until", "action", "target", "place"]);
    editor
        .apply(set(At::Fault(0), "action", text("slow")))
        .unwrap();
    editor
        .apply(set(At::Fault(0), "target", text("link")))
        .unwrap();
    assert_eq!(
        keys(&editor),
        ["at", "until", "action", "factor", "target", "link"]
    );
    editor
        .apply(set(At::Fault(0), "link", text("web>db")))
        .unwrap();
    assert_eq!(
        editor.apply(set(At::Fault(0), "link", text("web"))),
        Err(ScenarioRefusal::WrongValue)
    );
}

#[test]
fn demands_are_wrapped_moved_and_freed() {
    let mut editor = editor(Preset::FlashCrowd);
    let shape = |editor: &ScenarioEditor| -> String {
        fn of(demand: &Demand) -> String {
            let inner: Vec<String> = children(demand).iter().map(of).collect();
            let name = format!("{:?}", DemandKind::of(demand)).to_lowercase();
            match inner.is_empty() {
                true => name,
                false => format!("{name}({})", inner.join(" ")),
            }
        }
        of(&editor.scenario().operations[2].demand)
    };
    assert_eq!(
        shape(&editor),
        "seq(compute transaction(read compute write))"
    );
    editor.apply(Wrap(2, vec![1], Wrapper::Optional)).unwrap();
    assert_eq!(
        shape(&editor),
        "seq(compute optional(transaction(read compute write)))"
    );
    // The checker goes through an optional without a mark.
    let at = At::Demand(2, vec![1, 0, 2]);
    assert_eq!(path(editor.scenario(), &at), "operations[2].demand[1][2]");
    editor.apply(Unwrap(2, vec![1])).unwrap();
    let to = editor
        .apply(Shift(At::Demand(2, vec![1, 0]), Way::Out))
        .unwrap();
    assert_eq!(to, Some(At::Demand(2, vec![2])));
    let to = editor
        .apply(Shift(At::Demand(2, vec![2]), Way::In))
        .unwrap();
    assert_eq!(to, Some(At::Demand(2, vec![1, 2])));
    assert_eq!(
        shape(&editor),
        "seq(compute transaction(compute write read))"
    );
    let added = editor.apply(AddDemand {
        operation: 2,
        path: vec![0],
        kind: DemandKind::NextId,
    });
    assert_eq!(added, Ok(Some(At::Demand(2, vec![1]))));
    editor
        .apply(set(At::Demand(2, vec![2]), "demand", text("par")))
        .unwrap();
    assert_eq!(
        shape(&editor),
        "seq(compute nextid par(compute write read))"
    );
    editor.apply(Unwrap(2, vec![2])).unwrap();
    assert_eq!(shape(&editor), "seq(compute nextid compute write read)");
    editor.apply(Remove(At::Demand(2, vec![]))).unwrap();
    assert_eq!(shape(&editor), "seq");
    let mut deep = Ok(None);
    for _ in 0..20 {
        deep = editor.apply(Wrap(2, vec![], Wrapper::Repeat));
    }
    assert_eq!(deep, Err(ScenarioRefusal::TooDeep));
}

#[test]
fn problems_are_found_beside_their_fields() {
    let mut scenario = Preset::RegionLoss.scenario().unwrap();
    scenario.audiences[0].timeout_secs = 0.0;
    scenario.audiences[0].rate[0].per_sec = -1.0;
    scenario.journeys[0].steps[1].think_secs = -1.0;
    scenario.datasets[0].rows = 0;
    scenario.duration_secs = 0;
    scenario.prices.cdn_gb = -1.0;
    let known: Vec<String> = places(&scenario)
        .iter()
        .flat_map(|at| fields(&scenario, at))
        .map(|field| field.path)
        .collect();
    let problems = check::check(&Design::default(), &scenario);
    let mut paths = problems.iter().filter_map(|problem| match &problem.at {
        Location::Scenario(path) => Some(path),
        _ => None,
    });
    assert_eq!(paths.clone().count(), 6);
    assert!(paths.all(|path| known.contains(path)), "{problems:?}");
}

#[test]
fn celebrities_are_added_set_and_taken_away() {
    let mut editor = editor(Preset::Daily);
    let add = |list| Add {
        list,
        name: String::new(),
    };
    let none = editor.apply(add(List::Celebrities));
    assert_eq!(none, Err(ScenarioRefusal::NotThere), "there is no feed");
    editor
        .apply(set(At::Feed, "on", FieldValue::Flag(true)))
        .unwrap();
    let star = editor.apply(add(List::Celebrities)).unwrap();
    assert_eq!(star, Some(At::Celebrity(0)));
    editor
        .apply(set(At::Celebrity(0), "followers", FieldValue::Number(1e7)))
        .unwrap();
    let few = editor.apply(set(At::Celebrity(0), "followers", FieldValue::Number(0.0)));
    assert_eq!(
        few,
        Err(ScenarioRefusal::OutOfRange {
            min: 1.0,
            max: 1e10
        })
    );
    editor.apply(add(List::Moments(0))).unwrap();
    let at = ClockTime::from_secs(75_720);
    editor
        .apply(set(At::Moment(0, 0), "time", FieldValue::Time(at)))
        .unwrap();
    editor.apply(Duplicate(At::Celebrity(0))).unwrap();
    editor.apply(Remove(At::Moment(1, 0))).unwrap();
    let stars = |editor: &ScenarioEditor| editor.scenario().feed.clone().unwrap().celebrities;
    let found = stars(&editor);
    assert_eq!((found[0].at.as_slice(), found[1].at.len()), (&[at][..], 0));
    assert!((found[1].followers - 1e7).abs() < 1.0);
    assert_eq!(
        path(editor.scenario(), &At::Moment(0, 0)),
        "feed.celebrities[0].at[0]"
    );
    editor.apply(Remove(At::Celebrity(0))).unwrap();
    editor.undo();
    assert_eq!(stars(&editor), found);
}

#[test]
fn the_peak_factor_is_that_of_the_curves() {
    let mut editor = editor(Preset::Daily);
    let found = |editor: &ScenarioEditor| {
        let fields = fields(editor.scenario(), &At::Feed);
        let field = fields.iter().find(|field| field.key == "peak_factor");
        field.map(|field| field.value.clone())
    };
    assert_eq!(found(&editor), None, "there is no feed");
    editor
        .apply(set(At::Feed, "on", FieldValue::Flag(true)))
        .unwrap();
    let curve = editor.scenario().audiences[0].rate.clone();
    editor
        .apply(set(At::Feed, "peak_factor", FieldValue::Number(3.0)))
        .unwrap();
    assert_eq!(found(&editor), Some(FieldValue::Number(3.0)));
    assert_ne!(editor.scenario().audiences[0].rate, curve);
    editor.undo();
    assert_eq!(editor.scenario().audiences[0].rate, curve);
}
