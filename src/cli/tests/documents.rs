//! Documents that ship with the project: schemas as the types write them, presets that read and run.

mod common;

use std::fs;

use archplay_course::schema::{lesson_schema, task_schema};
use archplay_model::check::check_design;
use archplay_model::format::{read_design, read_scenario, write_design};
use archplay_model::presets::Preset;
use archplay_model::scenario::Scenario;
use archplay_model::schema::{design_schema, run_schema, scenario_schema};
use archplay_report::sha256_hex;

/// Set to write the schemas anew after a change of the types.
const REGENERATE: &str = "ARCHPLAY_WRITE_SCHEMAS";

#[test]
fn schemas_are_those_of_the_types() {
    for (name, wanted) in [
        ("design-1", design_schema()),
        ("scenario-1", scenario_schema()),
        ("run-1", run_schema()),
        ("lesson-1", lesson_schema()),
        ("task-1", task_schema()),
    ] {
        let path = common::root().join(format!("static/schema/{name}.json"));
        if std::env::var_os(REGENERATE).is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &wanted).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == wanted,
            "static/schema/{name}.json is old: test with {REGENERATE}=1"
        );
    }
}

/// The smallest drawing that every preset can run.
const SHOP: &str = r#"{"schema":"archplay/design/1","name":"","components":[
{"id":"client-1","kind":"client","x":0,"y":0},
{"id":"database-1","kind":"database","x":400,"y":0},
{"id":"server-1","kind":"server","x":200,"y":0,"params":{"vcpu":64,"memory_gib":64}}],
"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"}]}"#;

#[test]
fn presets_read_and_run() {
    let (design, problems) = read_design(SHOP).unwrap();
    assert!(problems.is_empty());
    for preset in Preset::ALL {
        let scenario: Scenario = preset.scenario().unwrap();
        assert_eq!(scenario.id.as_str(), preset.slug());
        let problems = archplay_model::check::check(&design, &scenario);
        assert!(problems.is_empty(), "{}: {problems:?}", preset.slug());
        // A day is long: its first half hour says enough here.
        let scenario = Scenario {
            duration_secs: scenario.duration_secs.min(1_800),
            ..scenario
        };
        let report = archplay_engine::simulate(&design, &scenario, 1).unwrap();
        let offered: u64 = report.whole.operations.iter().map(|o| o.offered).sum();
        assert!(offered > 100, "{}: {offered} requests", preset.slug());
    }
}

#[test]
fn the_same_run_has_the_same_fingerprint() {
    let run = || {
        let (design, _) = read_design(SHOP).unwrap();
        let scenario = read_scenario(Preset::Steady.json()).unwrap();
        let scenario = Scenario {
            duration_secs: 120,
            ..scenario
        };
        sha256_hex(
            &archplay_engine::simulate(&design, &scenario, 7)
                .unwrap()
                .to_json(),
        )
    };
    assert_eq!(run(), run());
}

#[test]
fn a_written_design_runs_to_the_same_report() {
    let scenario = Preset::Steady.scenario().unwrap();
    let scenario = Scenario {
        duration_secs: 120,
        ..scenario
    };
    let fingerprint = |text: &str| {
        let (design, _) = read_design(text).unwrap();
        sha256_hex(
            &archplay_engine::simulate(&design, &scenario, 7)
                .unwrap()
                .to_json(),
        )
    };
    let (design, _) = read_design(SHOP).unwrap();
    assert_eq!(fingerprint(SHOP), fingerprint(&write_design(&design)));
}

/// Files from everywhere, in `tests/fixtures/`. Their names tell what has to become of them:
/// `read--<what>` and `refuse--<code>--<what>`. A file that was once read is read for ever.
#[test]
fn fixtures_are_read_or_refused_as_their_names_say() {
    let (mut read, mut refused) = (0, 0);
    for entry in fs::read_dir(common::root().join("tests/fixtures")).unwrap() {
        let path = entry.unwrap().path();
        // Folders hold what is no document.
        if path.is_dir() {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let parts: Vec<&str> = name.split("--").collect();
        match (parts.as_slice(), read_design(&text)) {
            (["read", _], Ok((design, problems))) => {
                assert!(problems.is_empty(), "{name}: {problems:?}");
                assert_eq!(check_design(&design), [], "{name}");
                let again = read_design(&write_design(&design)).unwrap();
                assert_eq!(again, (design, Vec::new()), "{name}");
                read += 1;
            }
            (["refuse", code, _], Err(error)) => {
                assert_eq!(&error.code, code, "{name}: {error}");
                refused += 1;
            }
            (_, found) => panic!("{name}: {found:?}"),
        }
    }
    assert!(read >= 2 && refused >= 8, "{read} read, {refused} refused");
}
