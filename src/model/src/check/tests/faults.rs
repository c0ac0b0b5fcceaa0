//! Faults that do nothing to those whom they are aimed at.

use super::{SHOP, drawing, told};
use crate::check::check;
use crate::presets::Preset;

/// Expects that a fault in this drawing does something or not.
fn expect(text: &str, action: &str, target: &str, works: bool) {
    let mut scenario = Preset::Steady.scenario().unwrap_or_else(|e| panic!("{e}"));
    let fault = format!(
        r#"{{"at": "{}", "action": {action}, "target": {target}}}"#,
        scenario.start
    );
    scenario.faults = vec![serde_json::from_str(&fault).unwrap_or_else(|e| panic!("{e} {fault}"))];
    let mut design = drawing(&format!("{SHOP}\nd database\ns > d\n{text}"));
    // Where there is a zone, the database stands in it.
    let zone = design
        .components
        .keys()
        .find(|id| id.as_str() == "z")
        .cloned();
    let database = design
        .components
        .values_mut()
        .find(|c| c.id.as_str() == "d");
    database.unwrap_or_else(|| panic!("{text}")).parent = zone;
    let expected: &[&str] = match works {
        true => &[],
        false => &["faults[0].action fault_without_effect"],
    };
    let found = told(&check(&design, &scenario));
    assert_eq!(found, expected, "{action} {target}\n{text}");
}

const CACHE: &str = "c cache shards: 3\ns > c\nc > d";

#[test]
fn each_action_works_on_some_kinds_only() {
    let hog = r#"{"hog_cpu": {"cores": 1}}"#;
    let leak = r#"{"leak_memory": {"mib_per_sec": 1}}"#;
    let slow = r#"{"slow": {"factor": 2}}"#;
    let step = r#"{"step_clock": {"ms": 5}}"#;
    let cut = r#""cut""#;
    for (action, target, works) in [
        (hog, r#"{"kind": "database"}"#, true),
        (hog, r#"{"kind": "object_store"}"#, false),
        (leak, r#""one_server""#, true),
        (leak, r#"{"one_of": "queue"}"#, false),
        (slow, r#"{"component": "d"}"#, true),
        (slow, r#"{"component": "v"}"#, false),
        (slow, r#"{"component": "nobody"}"#, true),
        (slow, r#"{"link": {"from": "s", "to": "d"}}"#, true),
        (step, r#""one_server""#, true),
        (step, r#"{"kind": "database"}"#, false),
        (r#""kill""#, r#"{"component": "v"}"#, false),
        (r#""kill""#, r#"{"component": "s"}"#, true),
        (r#""kill""#, r#"{"link": {"from": "s", "to": "d"}}"#, false),
        (
            r#""restore""#,
            r#"{"link": {"from": "s", "to": "d"}}"#,
            true,
        ),
        (r#""fill_disk""#, r#"{"component": "d"}"#, true),
        (r#""fill_disk""#, r#"{"kind": "cache"}"#, false),
        (r#""expire""#, r#"{"kind": "cdn"}"#, true),
        (r#""expire""#, r#"{"kind": "server"}"#, false),
        (cut, r#"{"component": "s"}"#, true),
        (cut, r#"{"place": "tokyo"}"#, true),
        (cut, r#""one_server""#, false),
        (cut, r#"{"kind": "server"}"#, false),
        (r#""fail_resolver""#, r#"{"component": "s"}"#, true),
        (r#""fail_resolver""#, r#"{"component": "d"}"#, false),
        (r#""fail_resolver""#, r#"{"kind": "worker"}"#, true),
        (r#""fail_resolver""#, r#"{"place": "tokyo"}"#, true),
    ] {
        expect("", action, target, works);
    }
}

#[test]
fn a_place_or_box_is_struck_by_what_is_in_it() {
    let expire = r#""expire""#;
    expect("", expire, r#"{"place": "seoul"}"#, false);
    expect(CACHE, expire, r#"{"place": "seoul"}"#, true);
    expect(CACHE, expire, r#"{"place": "tokyo"}"#, true);
    let zone = r#"{"component": "z"}"#;
    expect("z zone", expire, zone, false);
    expect("z zone", r#""fill_disk""#, zone, true);
    // An empty box strikes nobody, whatever is done to it.
    expect("z zone\ny zone", expire, r#"{"component": "y"}"#, true);
}

#[test]
fn a_shard_is_one_that_the_cache_has() {
    let kill = |shard: u32| format!(r#"{{"kill_shard": {{"shard": {shard}}}}}"#);
    for target in [
        r#"{"component": "c"}"#,
        r#"{"kind": "cache"}"#,
        r#"{"one_of": "cache"}"#,
        r#"{"place": "seoul"}"#,
    ] {
        expect(CACHE, &kill(3), target, true);
        expect(CACHE, &kill(4), target, false);
    }
    expect("", &kill(4), r#"{"kind": "cache"}"#, true);
    expect("", &kill(1), r#"{"kind": "database"}"#, false);
}
