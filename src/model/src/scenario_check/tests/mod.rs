//! Each way a scenario can be wrong, found at its place.

mod span;

use super::check_scenario;
use crate::presets::Preset;
use crate::{Location, Problem, Scenario};

/// A scenario with one of everything, as JSON. Each case below changes one thing in it.
const WHOLE: &str = r#"{
 "schema": "archplay/scenario/1", "id": "whole", "name": {"ko": "전부", "en": "All"},
 "start": "10:00", "duration_secs": 600, "focus": {"from": "10:01", "to": "10:09"},
 "datasets": [
  {"id": "product", "rows": 1000, "row_bytes": 100, "zipf_alpha": 1.1, "stock": 5},
  {"id": "order", "rows": 10, "row_bytes": 100}
 ],
 "operations": [
  {"id": "buy", "name": {"ko": "", "en": ""}, "demand": {"seq": [
   {"compute": {"cpu_ms": 5, "spread": {"uniform": {"half_width": 0.5}}}},
   "authenticate",
   {"read": {"dataset": "product", "filters": [{"column": "price", "selectivity": 0.1}]}},
   {"par": {"wait_for": 1, "demands": [{"call": {"service": "pay"}}, {"write": {"dataset": "order"}}]}},
   {"transaction": [{"reserve": {"dataset": "product", "amount": 1}}, {"insert": {"dataset": "order"}}]},
   {"repeat": {"times": 2, "demand": {"publish": {"topic": "mail"}}}},
   {"optional": {"static": {"bytes": 10, "objects": 1}}}
  ]}},
  {"id": "pay", "name": {"ko": "", "en": ""}, "demand": {"compute": {"cpu_ms": 1}}},
  {"id": "mail", "name": {"ko": "", "en": ""}, "demand": "notify"},
  {"id": "login", "name": {"ko": "", "en": ""}, "entry": "admin", "demand": {"login": {"cpu_ms": 1}}}
 ],
 "journeys": [
  {"id": "visit", "within_secs": 60, "steps": [
   {"operation": "pay", "gives": "session", "or": [{"operation": "buy", "weight": 2}]},
   {"operation": "buy", "needs": "session", "think_secs": 1, "probability": 0.5}
  ]},
  {"id": "admin", "within_secs": 60, "steps": [{"operation": "login"}]}
 ],
 "audiences": [
  {"id": "all", "name": {"ko": "", "en": ""}, "journey": "visit", "rate": [{"at": "10:00", "per_sec": 1}],
   "arrivals": {"gaps": {"erlang": {"phases": 2}}}, "batch": {"mean": 2, "geometric": true}, "limit": 9,
   "timeout_secs": 10, "refresh": {"probability": 0.5, "max": 2, "delay_secs": 1, "growth": "full_jitter"}}
 ],
 "faults": [
  {"at": "10:02", "until": "10:03", "action": {"slow": {"factor": 2}}, "target": {"kind": "database"}},
  {"at": "10:02", "action": {"lose": {"share": 0.1}}, "target": {"link": {"from": "nobody", "to": "nowhere"}}},
  {"at": "10:02", "action": {"leak_memory": {"mib_per_sec": 1}}, "target": "one_server"},
  {"at": "10:02", "action": {"hog_cpu": {"cores": 1}}, "target": {"component": "nobody"}},
  {"at": "10:02", "action": {"step_clock": {"ms": -5}}, "target": {"place": "seoul"}}
 ],
 "prices": {"between_places_gb": 0.1, "hour": {"cache": 1}, "million_requests": {"queue": 0.4}},
 "business": {"order": "buy", "revenue": 30}
}"#;

fn problems(json: &str) -> Vec<Problem> {
    let scenario: Scenario = serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}\n{json}"));
    let mut out = Vec::new();
    check_scenario(&scenario, &mut out);
    out
}

fn told(json: &str) -> Vec<String> {
    let at = |problem: &Problem| match &problem.at {
        Location::Scenario(path) => path.clone(),
        other => panic!("{other:?}"),
    };
    let problems = problems(json);
    problems
        .iter()
        .map(|problem| format!("{} {}", at(problem), problem.code))
        .collect()
}

#[test]
fn whole_and_presets_are_in_order() {
    assert_eq!(told(WHOLE), [""; 0]);
    for preset in Preset::ALL {
        assert_eq!(told(preset.json()), [""; 0], "{preset:?}");
    }
}

/// Puts `new` in the place of `old`, which must be there, and expects one problem.
fn check(old: &str, new: &str, expected: &str) {
    assert!(WHOLE.contains(old), "{old}");
    assert_eq!(told(&WHOLE.replacen(old, new, 1)), [expected], "{new}");
}

#[test]
fn frame_and_data() {
    let range = |path: &str| format!("{path} scenario_range");
    check("scenario/1", "scenario/9", "schema scenario_schema");
    check(
        r#""duration_secs": 600"#,
        r#""duration_secs": 0"#,
        &range("duration_secs"),
    );
    check(
        r#""to": "10:09""#,
        r#""to": "10:01""#,
        "focus.to scenario_order",
    );
    check(
        r#""rows": 1000"#,
        r#""rows": 0"#,
        &range("datasets[0].rows"),
    );
    check(
        r#""zipf_alpha": 1.1"#,
        r#""zipf_alpha": 5.1"#,
        &range("datasets[0].zipf_alpha"),
    );
    check(
        r#""zipf_alpha": 1.1"#,
        r#""zipf_alpha": -1"#,
        &range("datasets[0].zipf_alpha"),
    );
    check(
        r#""id": "admin""#,
        r#""id": "visit""#,
        "journeys[1].id scenario_duplicate",
    );
}

#[test]
fn demands() {
    let at = |rest: &str| format!("operations[0].demand{rest}");
    let range = |rest: &str| format!("{} scenario_range", at(rest));
    check(
        r#""half_width": 0.5"#,
        r#""half_width": 1.5"#,
        &range("[0].spread.uniform.half_width"),
    );
    check(
        r#"{"uniform": {"half_width": 0.5}}"#,
        r#"{"hyperexponential": {"cv": 0.5}}"#,
        &range("[0].spread.hyperexponential.cv"),
    );
    check(
        r#"{"uniform": {"half_width": 0.5}}"#,
        r#"{"lognormal": {"cv": 0}}"#,
        &range("[0].spread.lognormal.cv"),
    );
    check(
        r#""selectivity": 0.1"#,
        r#""selectivity": 0"#,
        &range("[2].filters[0].selectivity"),
    );
    check(
        r#""selectivity": 0.1"#,
        r#""selectivity": 1.01"#,
        &range("[2].filters[0].selectivity"),
    );
    check(
        r#""wait_for": 1"#,
        r#""wait_for": 3"#,
        &range("[3].wait_for"),
    );
    check(
        r#""wait_for": 1"#,
        r#""wait_for": 0"#,
        &range("[3].wait_for"),
    );
    check(r#""amount": 1"#, r#""amount": 0"#, &range("[4][0].amount"));
    check(
        r#"{"reserve": {"dataset": "product", "amount": 1}}"#,
        r#"{"reserve": {"dataset": "order"}}"#,
        &format!("{} scenario_without_stock", at("[4][0]")),
    );
    check(
        r#"{"insert": {"dataset": "order"}}]"#,
        r#"{"call": {"service": "pay"}}]"#,
        &format!("{} scenario_in_transaction", at("[4][1]")),
    );
    check(
        r#"{"insert": {"dataset": "order"}}"#,
        r#"{"insert": {"dataset": "nothing"}}"#,
        &format!("{} scenario_unknown_dataset", at("[4][1]")),
    );
    check(r#""times": 2"#, r#""times": 0"#, &range("[5].times"));
    check(
        r#""times": 2"#,
        r#""times": 5000"#,
        &format!("{} scenario_too_long", at("")),
    );
    check(
        r#""service": "pay""#,
        r#""service": "nobody""#,
        &format!("{} scenario_unknown_operation", at("[3][0].service")),
    );
    check(
        r#""topic": "mail""#,
        r#""topic": "nobody""#,
        &format!("{} scenario_unknown_operation", at("[5].topic")),
    );
    check(
        r#""topic": "mail""#,
        r#""topic": "login""#,
        &format!("{} scenario_entry_mismatch", at("[5].topic")),
    );
    check(r#""objects": 1"#, r#""objects": 0"#, &range("[6].objects"));
}

#[test]
fn operations_that_come_back_to_themselves_are_refused_with_the_path() {
    check(
        r#""demand": {"compute": {"cpu_ms": 1}}"#,
        r#""demand": {"seq": [{"call": {"service": "buy"}}]}"#,
        "operations[1].demand[0].service scenario_recursion",
    );
    check(
        r#""demand": "notify""#,
        r#""demand": {"publish": {"topic": "mail"}}"#,
        "operations[2].demand.topic scenario_recursion",
    );
}

#[test]
fn calls_of_calls_may_not_come_to_too_much() {
    let mut operations = vec![
        r#"{"id": "s0", "name": {"ko": "", "en": ""}, "demand": {"compute": {"cpu_ms": 1}}}"#
            .to_owned(),
    ];
    for i in 1..4 {
        operations.push(format!(
            r#"{{"id": "s{i}", "name": {{"ko": "", "en": ""}}, "demand":
             {{"repeat": {{"times": 900, "demand": {{"call": {{"service": "s{}"}}}}}}}}}}"#,
            i - 1
        ));
    }
    let json = format!(
        r#"{{"schema": "archplay/scenario/1", "id": "deep", "name": {{"ko": "", "en": ""}}, "start": "10:00",
         "duration_secs": 60, "operations": [{}], "journeys": [], "audiences": []}}"#,
        operations.join(",")
    );
    assert_eq!(
        told(&json),
        [
            "operations[2].demand scenario_too_long",
            "operations[3].demand scenario_too_long",
            "audiences no_audience"
        ]
    );
}

#[test]
fn people() {
    let range = |path: &str| format!("{path} scenario_range");
    let order = |path: &str| format!("{path} scenario_unknown_operation");
    check(
        r#""weight": 2"#,
        r#""weight": 0"#,
        &range("journeys[0].steps[0].or[0].weight"),
    );
    check(
        r#"{"operation": "buy", "weight": 2}"#,
        r#"{"operation": "nobody", "weight": 2}"#,
        &order("journeys[0].steps[0].or[0].operation"),
    );
    check(
        r#"{"operation": "buy", "weight": 2}"#,
        r#"{"operation": "login", "weight": 2}"#,
        "journeys[0].steps scenario_entry_mismatch",
    );
    check(
        r#""needs": "session""#,
        r#""needs": "own_write""#,
        "journeys[0].steps[1].needs scenario_needs_before_gives",
    );
    check(
        r#""probability": 0.5}"#,
        r#""probability": 2}"#,
        &range("journeys[0].steps[1].probability"),
    );
    check(
        r#""phases": 2"#,
        r#""phases": 0"#,
        &range("audiences[0].arrivals.gaps.erlang.phases"),
    );
    check(
        r#""mean": 2"#,
        r#""mean": 0.5"#,
        &range("audiences[0].batch.mean"),
    );
    check(
        r#""limit": 9"#,
        r#""limit": 0"#,
        &range("audiences[0].limit"),
    );
    check(
        r#""journey": "visit""#,
        r#""journey": "none""#,
        "audiences[0].journey scenario_unknown_journey",
    );
}

#[test]
fn faults_and_money() {
    let range = |path: &str| format!("{path} scenario_range");
    check(
        r#""until": "10:03""#,
        r#""until": "10:02""#,
        "faults[0].until scenario_order",
    );
    check(
        r#""action": {"slow": {"factor": 2}}"#,
        r#""action": "expire""#,
        "faults[0].until scenario_never_ends",
    );
    check(
        r#""factor": 2"#,
        r#""factor": 0.5"#,
        &range("faults[0].action.slow.factor"),
    );
    check(
        r#""share": 0.1"#,
        r#""share": 1"#,
        &range("faults[1].action.lose.share"),
    );
    check(
        r#""mib_per_sec": 1"#,
        r#""mib_per_sec": 0"#,
        &range("faults[2].action.leak_memory.mib_per_sec"),
    );
    check(
        r#""cores": 1"#,
        r#""cores": -1"#,
        &range("faults[3].action.hog_cpu.cores"),
    );
    check(
        r#"{"hog_cpu": {"cores": 1}}"#,
        r#"{"kill_shard": {"shard": 0}}"#,
        &range("faults[3].action.kill_shard.shard"),
    );
    check(
        r#""ms": -5"#,
        r#""ms": 1e10"#,
        &range("faults[4].action.step_clock.ms"),
    );
    check(
        r#""between_places_gb": 0.1"#,
        r#""between_places_gb": -1"#,
        &range("prices.between_places_gb"),
    );
    check(
        r#"{"cache": 1}"#,
        r#"{"cache": -1}"#,
        &range("prices.hour.cache"),
    );
    check(
        r#"{"queue": 0.4}"#,
        r#"{"queue": 1e10}"#,
        &range("prices.million_requests.queue"),
    );
    check(
        r#""order": "buy""#,
        r#""order": "none""#,
        "business.order scenario_unknown_operation",
    );
    check(
        r#""revenue": 30"#,
        r#""revenue": -1"#,
        &range("business.revenue"),
    );
}

#[test]
fn the_feed() {
    let with = |feed: &str, demand: &str| {
        let with = WHOLE.replacen(
            r#" "datasets": ["#,
            &format!(
                r#" {feed} "datasets": [
  {{"id": "lists", "rows": 1, "row_bytes": 1}}, {{"id": "friends", "rows": 1, "row_bytes": 1}},
  {{"id": "posts", "rows": 1, "row_bytes": 1}}, {{"id": "own", "rows": 1, "row_bytes": 1}},"#
            ),
            1,
        );
        told(&with.replacen(r#""authenticate""#, demand, 1))
    };
    let feed = |more: &str, posts: &str| {
        format!(
            r#""feed": {{"lists": "lists", "friendships": "friends", "posts": "{posts}", "outboxes": "own"{more}}},"#
        )
    };
    let (read, fan) = (r#"{"read_feed": {}}"#, r#"{"fan_out": {"cpu_us": 1}}"#);
    assert_eq!(with(&feed("", "posts"), read), [""; 0]);
    assert_eq!(with(&feed("", "posts"), fan), [""; 0]);
    let demand = "operations[0].demand[1]";
    assert_eq!(with("", read), [format!("{demand} scenario_without_feed")]);
    assert_eq!(with("", fan), [format!("{demand} scenario_without_feed")]);
    assert_eq!(
        with(&feed("", "posts"), r#"{"read_feed": {"page": 2000}}"#),
        [format!("{demand}.page scenario_range")]
    );
    assert_eq!(
        with(&feed("", "nothing"), read),
        ["feed.posts scenario_unknown_dataset"]
    );
    assert_eq!(
        with(&feed("", "lists"), read),
        ["feed.posts scenario_duplicate"]
    );
    assert_eq!(
        with(&feed(r#", "media": "lists""#, "posts"), read),
        ["feed.media scenario_duplicate"]
    );
    for (more, field) in [
        (r#", "users": 1"#, "users"),
        (r#", "users": 2000000, "warm_days": 0"#, "users"),
        (r#", "visitors_per_day": 0"#, "visitors_per_day"),
        (r#", "dormant": 1.5"#, "dormant"),
        (r#", "together": -2"#, "together"),
        (r#", "page_posts": 0"#, "page_posts"),
        (r#", "media_share": 1.5"#, "media_share"),
        (
            r#", "celebrities": [{"followers": 1e7, "at": ["10:01"]}, {"followers": 0}]"#,
            "celebrities[1].followers",
        ),
        (r#", "posts_per_day": 1000"#, "warm_days"),
    ] {
        let field = format!("feed.{field} scenario_range");
        assert_eq!(with(&feed(more, "posts"), read), [field]);
    }
}
