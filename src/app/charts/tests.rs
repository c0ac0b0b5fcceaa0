//! From a run's state to the scene of a chart, without a browser.

use std::rc::Rc;

use archplay_model::format::{read_design, read_scenario};
use archplay_model::presets::Preset;
use archplay_report::{Metric, SeriesKey, SeriesTable, Subject};
use archplay_text::Lang;

use crate::app::feed::list_budget_mb;
use crate::app::run::{Data, Previous, RunState, Status};

use super::scene::scene;
use super::spec::ChartId;
use super::{chosen, slugs, toggled};

#[test]
fn the_choice_keeps_the_order_and_never_becomes_empty() {
    let two = toggled(&[ChartId::Cpu], ChartId::Traffic);
    assert_eq!(*two, [ChartId::Traffic, ChartId::Cpu]);
    assert_eq!(*toggled(&two, ChartId::Traffic), [ChartId::Cpu]);
    assert_eq!(*toggled(&[ChartId::Cpu], ChartId::Cpu), [ChartId::Cpu]);
    assert_eq!(*chosen(&slugs(&ChartId::ALL)), ChartId::ALL);
    assert!(chosen("nonsense,").is_empty());
}

#[test]
fn every_chart_has_its_texts() {
    for lang in Lang::ALL {
        for chart in ChartId::ALL {
            for key in [chart.title_key(), format!("chart_unit.{}", chart.slug())] {
                assert!(archplay_text::find(lang, &key).is_some(), "{key}");
            }
        }
    }
}

const SHOP: &str = r#"{"schema":"archplay/design/1","name":"","components":[
{"id":"client-1","kind":"client","x":0,"y":0},
{"id":"server-1","kind":"server","x":200,"y":0},
{"id":"database-1","kind":"database","x":400,"y":0}
],"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"}]}"#;

/// A real run as the page would hold it.
fn crowd() -> RunState {
    let (design, _) = read_design(SHOP).unwrap_or_else(|e| panic!("{e}"));
    let scenario = Preset::FlashCrowd
        .scenario()
        .unwrap_or_else(|e| panic!("{e}"));
    let report =
        archplay_engine::simulate(&design, &scenario, 1).unwrap_or_else(|e| panic!("{e:?}"));
    let rows = report.series.rows();
    RunState {
        status: Status::Finished,
        run: 1,
        data: Data::new(report.series, rows),
        rows_total: rows,
        design: Some(Rc::new(design)),
        scenario: Some(Rc::new(scenario)),
        ..RunState::default()
    }
}

#[test]
fn scenes_show_every_value_and_no_more_points_than_pixels_deserve() {
    let run = crowd();
    let (width, height) = (190.0, 160.0);
    for chart in ChartId::ALL {
        let scene = scene(chart, &run, Lang::Ko, &[], (width, height), 16.0);
        if ChartId::FIRST.contains(&chart) {
            assert!(!scene.lines.is_empty(), "{chart:?}");
        }
        assert!((2..=8).contains(&scene.clock.len()), "{:?}", scene.clock);
        for line in &scene.lines {
            let points: usize = line.stretches.iter().map(Vec::len).sum();
            assert!(points <= 4 * width as usize, "{chart:?}: {points}");
            let top = line
                .stretches
                .iter()
                .flatten()
                .map(|p| p.1)
                .fold(0.0, f64::max);
            assert!(top <= scene.axis.to * (1.0 + 1e-9), "{chart:?}");
            assert!(!line.name.contains('.'), "{}", line.name);
        }
    }
    let none = ChartId::FEED.iter().find(|chart| chart.is_measured(&run));
    assert_eq!(none, None, "a shop has no news feed");
    let failures = scene(
        ChartId::Failures,
        &run,
        Lang::Ko,
        &[],
        (width, height),
        16.0,
    );
    assert!(
        !failures.lines.is_empty(),
        "the crowd is too much for one server"
    );
}

/// A real run of a small news feed as the page would hold it.
fn feed() -> RunState {
    let design = include_str!("../../../tests/fixtures/small-feed/design.json");
    let scenario = include_str!("../../../tests/fixtures/small-feed/scenario.json");
    let (design, _) = read_design(design).unwrap_or_else(|e| panic!("{e}"));
    let scenario = read_scenario(scenario).unwrap_or_else(|e| panic!("{e}"));
    let report =
        archplay_engine::simulate(&design, &scenario, 1).unwrap_or_else(|e| panic!("{e:?}"));
    let rows = report.series.rows();
    RunState {
        status: Status::Finished,
        run: 1,
        data: Data::new(report.series, rows),
        rows_total: rows,
        design: Some(Rc::new(design)),
        scenario: Some(Rc::new(scenario)),
        ..RunState::default()
    }
}

#[test]
fn a_feed_has_values_in_every_chart_of_its_own() {
    let run = feed();
    for chart in ChartId::FEED {
        let targets: Vec<f64> = list_budget_mb(&run)
            .into_iter()
            .filter(|_| chart == ChartId::FeedMemory)
            .collect();
        let scene = scene(chart, &run, Lang::Ko, &targets, (400.0, 200.0), 16.0);
        assert!(!scene.lines.is_empty(), "{chart:?}");
        for line in &scene.lines {
            assert!(!line.stretches.is_empty(), "{chart:?} {}", line.name);
            assert!(!line.name.contains("feed."), "{}", line.name);
        }
        let budget = scene.lines.iter().any(|line| line.name.contains("67.1"));
        assert_eq!(budget, chart == ChartId::FeedMemory, "64 MiB");
    }
}

#[test]
fn the_run_before_is_a_ghost_only_on_the_same_clock() {
    let mut run = crowd();
    let ghosts = |run: &RunState| {
        let scene = scene(ChartId::Traffic, run, Lang::En, &[], (400.0, 200.0), 16.0);
        scene
            .lines
            .iter()
            .filter(|line| !line.ghost.is_empty())
            .count()
    };
    assert_eq!(ghosts(&run), 0);
    run.previous = Some(Previous {
        data: run.data.clone(),
        summary: None,
    });
    assert_eq!(ghosts(&run), 2);
    let other = SeriesTable {
        start_secs: 0,
        ..run.data.table().clone()
    };
    run.previous = Some(Previous {
        data: Data::new(other, 0),
        summary: None,
    });
    assert_eq!(ghosts(&run), 0);
}

#[test]
fn a_target_is_drawn_where_it_can_be_seen() {
    let targets = [3_000_000.0];
    let scene_of = |run: &RunState| {
        scene(
            ChartId::Latency,
            run,
            Lang::Ko,
            &targets,
            (400.0, 200.0),
            16.0,
        )
    };
    let shown = scene_of(&crowd());
    assert!(shown.axis.to >= targets[0]);
    let line = shown.lines.last().unwrap_or_else(|| panic!("no lines"));
    assert!(line.name.starts_with("p95"), "{}", line.name);
    assert_eq!(line.stretches[0][0], (0.0, targets[0]));
    let idle = scene_of(&RunState::default());
    assert!(idle.lines.is_empty(), "nothing to compare it with yet");
}

/// With very many servers a chart has lines of those with the greatest values, the same ones while a run goes on.
#[test]
fn of_very_many_components_the_greatest_are_drawn() {
    let id = |n: usize| format!("server-{n}");
    let boxes: Vec<String> = (0..300)
        .map(|n| {
            format!(
                r#"{{"id":"{}","kind":"server","x":0,"y":{}}}"#,
                id(n),
                n * 100
            )
        })
        .collect();
    let text = format!(
        r#"{{"schema":"archplay/design/1","name":"","components":[{}],"links":[]}}"#,
        boxes.join(",")
    );
    let (design, _) = read_design(&text).unwrap_or_else(|e| panic!("{e}"));
    let design = Rc::new(design);
    let names: Vec<_> = design.components.keys().cloned().collect();
    let run = |rows: usize| {
        let keys = names
            .iter()
            .map(|id| SeriesKey::new(Subject::Component(id.clone()), Metric::Utilisation));
        let busy = |id: &archplay_model::Id| match id.as_str() {
            "server-150" => 0.9,
            _ => 0.1,
        };
        let row: Vec<f64> = names.iter().map(busy).collect();
        let table = SeriesTable {
            start_secs: 0,
            bucket_secs: 1,
            keys: keys.collect(),
            values: row.repeat(rows),
        };
        RunState {
            data: Data::new(table, rows),
            rows_total: rows,
            design: Some(design.clone()),
            ..RunState::default()
        }
    };
    let lines = ChartId::Cpu.lines(&run(20), Lang::Ko);
    assert_eq!(lines.len(), 24);
    assert_eq!(ChartId::Cpu.chosen_from(&run(20)), Some(names.len()));
    assert!(lines.iter().any(|line| line.name.contains("server-150")));
    let mut different: Vec<&String> = lines.iter().map(|line| &line.name).collect();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 24, "all names differ");
    assert_eq!(ChartId::Cpu.lines(&run(21), Lang::Ko), lines);
}

/// What only services ask of one another is no line without requests among what visitors ask for.
#[test]
fn what_only_services_ask_has_no_line() {
    let mut run = crowd();
    let table = run.data.table().clone();
    let operations = |run: &RunState| {
        let lines = ChartId::Operations.lines(run, Lang::Ko);
        lines
            .iter()
            .filter(|line| line.name.starts_with("inner"))
            .count()
    };
    let inner = |metric| {
        let id = archplay_model::Id::new("inner").unwrap_or_else(|e| panic!("{e:?}"));
        SeriesKey::new(Subject::Operation(id), metric)
    };
    let with = |value: f64| {
        let mut keys = table.keys.clone();
        keys.extend([Metric::Offered, Metric::Good].map(inner));
        let values = table.values.chunks(table.keys.len());
        let values = values.flat_map(|row| row.iter().copied().chain([value, value]));
        let more = SeriesTable {
            keys,
            values: values.collect(),
            ..table.clone()
        };
        Data::new(more, run.rows_total)
    };
    let (never, some) = (with(0.0), with(1.0));
    run.data = never;
    assert_eq!(operations(&run), 0);
    // What comes from a queue is offered.
    run.data = some;
    assert_eq!(operations(&run), 2);
}
