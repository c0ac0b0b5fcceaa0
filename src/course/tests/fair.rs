//! What may not be changed where a drawing is graded.

#![expect(clippy::unwrap_used, reason = "a panic is the report")]

use archplay_course::{Task, TaskRun, unfair};
use archplay_model::Id;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::scenario::{Fault, FaultAction, FaultTarget, LocalText};

fn text(words: &str) -> LocalText {
    LocalText {
        ko: words.into(),
        en: words.into(),
    }
}

/// A task in which one building burns.
fn task() -> Task {
    let fire = Fault {
        at: "12:01".parse().unwrap(),
        until: None,
        action: FaultAction::Kill,
        target: FaultTarget::Component(Id::numbered("zone", 1)),
    };
    Task {
        id: Id::new("fire").unwrap(),
        title: text("fire"),
        runs: vec![TaskRun {
            id: Id::new("incident").unwrap(),
            name: text("that day"),
            load: 1.0,
            data: 1.0,
            seed_offset: 0,
            faults: vec![fire],
            instead: false,
            later_secs: None,
        }],
        targets: Vec::new(),
    }
}

const SCENARIO: &str = r#"{
 "schema": "archplay/scenario/1", "id": "fire", "name": {"ko": "불", "en": "Fire"},
 "start": "12:00", "duration_secs": 120,
 "operations": [{"id": "page", "name": {"ko": "쪽", "en": "Page"}, "demand": {"compute": {"cpu_ms": 1}}}],
 "journeys": [{"id": "visit", "within_secs": 10, "steps": [{"operation": "page"}]}],
 "audiences": [{"id": "people", "name": {"ko": "사람", "en": "People"}, "journey": "visit",
  "rate": [{"at": "12:00", "per_sec": 1}], "timeout_secs": 5}]
}"#;

const START: &str = r#"{"schema": "archplay/design/1", "name": "d", "components": [
{"id": "client-1", "kind": "client", "name": "방문자", "x": 0, "y": 0},
{"id": "database-1", "kind": "database", "name": "", "in": "zone-2", "x": 700, "y": 400, "params": {"index_cpu_ms": 0.3}},
{"id": "server-1", "kind": "server", "name": "", "in": "zone-1", "x": 420, "y": 60},
{"id": "zone-1", "kind": "zone", "name": "판교", "x": 400, "y": 0, "w": 300, "h": 200},
{"id": "zone-2", "kind": "zone", "name": "", "x": 400, "y": 300, "w": 600, "h": 200}
], "links": [{"from": "client-1", "to": "server-1"}, {"from": "server-1", "to": "database-1"}]}"#;

/// The codes of what is found about the first drawing with some texts in it replaced.
fn found(changes: &[(&str, &str)]) -> Vec<String> {
    let mut json = START.to_owned();
    for (from, to) in changes {
        assert!(json.contains(from), "{from}");
        json = json.replace(from, to);
    }
    let scenario = read_scenario(SCENARIO).unwrap();
    let (start, _) = read_design(START).unwrap();
    let (design, _) = read_design(&json).unwrap();
    let problems = unfair(&task(), &scenario, &start, &design);
    problems
        .into_iter()
        .map(|p| format!("{} {:?}", p.code, p.at))
        .collect()
}

fn expect(changes: &[(&str, &str)], codes: &[&str]) {
    let found = found(changes);
    assert_eq!(found.len(), codes.len(), "{found:?}");
    for (found, code) in found.iter().zip(codes) {
        assert!(found.starts_with(code), "{found} {code}");
    }
}

const SERVER_PARAMS: &str = r#""x": 420, "y": 60"#;

#[test]
fn what_one_decides_is_fair() {
    expect(&[], &[]);
    expect(
        &[(
            SERVER_PARAMS,
            r#""x": 420, "y": 60, "params": {"vcpu": 8, "backlog": 5}"#,
        )],
        &[],
    );
    // Out of the burning building and into the other one: how that ends, the runs tell.
    expect(&[(r#""in": "zone-1""#, r#""in": "zone-2""#)], &[]);
}

#[test]
fn the_places_that_are_struck_stay_and_hold_what_they_held() {
    let zone = r#"{"id": "zone-1", "kind": "zone", "name": "판교", "x": 400, "y": 0, "w": 300, "h": 200},"#;
    expect(
        &[(zone, ""), (r#""in": "zone-1", "#, "")],
        &["given_removed", "given_outside_zone"],
    );
    expect(&[(r#""in": "zone-1", "#, "")], &["given_outside_zone"]);
    let other =
        r#"{"id": "zone-3", "kind": "zone", "name": "", "x": 400, "y": 600, "w": 300, "h": 200},"#;
    expect(
        &[
            (zone, &format!("{zone}{other}")),
            (r#""in": "zone-1""#, r#""in": "zone-3""#),
        ],
        &["given_outside_zone"],
    );
    // Who watches and switches may stand anywhere.
    let watcher = r#"{"id": "controller-1", "kind": "controller", "name": "", "x": 0, "y": 900},"#;
    expect(&[(zone, &format!("{watcher}{zone}"))], &[]);
}

#[test]
fn visitors_come_from_where_they_come() {
    let client = r#""x": 0, "y": 0"#;
    expect(
        &[(client, r#""x": 0, "y": 0, "params": {"place": "tokyo"}"#)],
        &["given_visitors"],
    );
    expect(
        &[(client, r#""x": 0, "y": 0, "params": {"access_rtt_ms": 1}"#)],
        &["given_visitors"],
    );
    let more = r#"{"id": "client-2", "kind": "client", "name": "", "x": 0, "y": 90, "params": {"place": "tokyo"}},
{"id": "database-1""#;
    expect(&[(r#"{"id": "database-1""#, more)], &["given_visitors"]);
}

#[test]
fn the_textbooks_queue_does_nobodys_work() {
    let station = r#"{"id": "station-1", "kind": "station", "name": "", "x": 400, "y": 900},
{"id": "server-1""#;
    expect(&[(r#"{"id": "server-1""#, station)], &["given_stand_in"]);
    // Under the name of something that was given it is one too.
    let server =
        r#"{"id": "server-1", "kind": "server", "name": "", "in": "zone-1", "x": 420, "y": 60}"#;
    let same =
        r#"{"id": "server-1", "kind": "station", "name": "", "in": "zone-1", "x": 420, "y": 60}"#;
    expect(&[(server, same)], &["given_stand_in"]);
}

#[test]
fn nobody_has_better_machines_than_exist() {
    let params = r#""params": {"index_cpu_ms": 0.3}"#;
    expect(
        &[(params, r#""params": {"index_cpu_ms": 0.1}"#)],
        &["given_better"],
    );
    expect(
        &[(
            params,
            r#""params": {"index_cpu_ms": 0.3, "disk_read_ms": 0}"#,
        )],
        &["given_better"],
    );
    expect(
        &[(params, r#""params": {"index_cpu_ms": 0.5, "apply_ms": 40}"#)],
        &[],
    );
    let more = r#"{"id": "database-2", "kind": "database", "name": "", "in": "zone-2", "x": 700, "y": 500, "params": {"index_cpu_ms": 0.3}},
{"id": "server-1""#;
    expect(&[(r#"{"id": "server-1""#, more)], &[]);
    expect(
        &[(r#"{"id": "server-1""#, &more.replace("0.3", "0.05"))],
        &["given_better"],
    );
}
