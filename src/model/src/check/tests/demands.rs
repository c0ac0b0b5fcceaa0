//! What is asked for and answered by nobody.

use super::{drawing, told};
use crate::Scenario;
use crate::check::check;

/// A scenario in which visitors ask for `buy`, which takes this. `pay` and `mail` are there to be asked for.
fn scenario(demand: &str) -> Scenario {
    let json = format!(
        r#"{{
 "schema": "archplay/scenario/1", "id": "asks", "name": {{"ko": "", "en": ""}},
 "start": "10:00", "duration_secs": 600,
 "datasets": [{{"id": "order", "rows": 10, "row_bytes": 100}}],
 "operations": [
  {{"id": "buy", "name": {{"ko": "", "en": ""}}, "demand": {demand}}},
  {{"id": "pay", "name": {{"ko": "", "en": ""}}, "demand": "authenticate"}},
  {{"id": "mail", "name": {{"ko": "", "en": ""}}, "demand": "notify"}}
 ],
 "journeys": [{{"id": "visit", "within_secs": 60, "steps": [{{"operation": "buy"}}]}}],
 "audiences": [
  {{"id": "all", "name": {{"ko": "", "en": ""}}, "journey": "visit", "timeout_secs": 10,
   "rate": [{{"at": "10:00", "per_sec": 1}}]}}
 ]
}}"#
    );
    serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}\n{json}"))
}

fn expect(demand: &str, text: &str, expected: &[&str]) {
    let found = told(&check(&drawing(text), &scenario(demand)));
    assert_eq!(found, expected, "{demand}\n{text}");
}

const SHOP: &str = "v client\nb load_balancer\ns server\nv > b\nb > s";
const COMPUTE: &str = r#"{"compute": {"cpu_ms": 1}}"#;

#[test]
fn somebody_handles_what_visitors_ask_for() {
    expect(COMPUTE, SHOP, &[]);
    let named = |ids: &str| SHOP.replace("s server", &format!("s server handles: \"{ids}\""));
    expect(COMPUTE, &named("pay, buy"), &[]);
    expect(COMPUTE, &named("pay"), &["v nobody_handles"]);
    // Another server is named for it, to which no way leads.
    let other = format!("{SHOP}\nt server handles: \"buy\"\nw worker\nw > t");
    expect(COMPUTE, &other, &["w never_asked", "v nobody_handles"]);
    expect(COMPUTE, &format!("{other}\nb > t"), &["w never_asked"]);
}

#[test]
fn files_come_from_servers_and_object_stores() {
    let files = r#"{"static": {"bytes": 10, "objects": 1}}"#;
    expect(files, SHOP, &[]);
    let function = SHOP.replace("s server", "s function");
    expect(files, &function, &["v no_files"]);
    let both = format!(r#"{{"seq": [{files}, {{"repeat": {{"times": 2, "demand": {files}}}}}]}}"#);
    expect(&both, &function, &["v no_files"]);
    expect(&both, &format!("{function}\no object_store\nv > o"), &[]);
    // What a program sends comes from whoever runs it.
    let sent = format!(r#"{{"optional": {files}}}"#);
    expect(&sent, &function, &[]);
}

#[test]
fn services_are_reached_from_whoever_runs_the_operation() {
    expect(r#""authenticate""#, SHOP, &["s no_identity"]);
    let shop = format!("{SHOP}\ni identity\ns > i");
    expect(r#""authenticate""#, &shop, &[]);
    expect(r#"{"optional": "notify"}"#, SHOP, &["s no_notification"]);
    let shop = format!("{SHOP}\nn notification\ns > n");
    expect(r#"{"par": {"demands": ["notify"]}}"#, &shop, &[]);
    // Identifiers are made by the server itself.
    expect(r#"{"next_id": {"dataset": "order"}}"#, SHOP, &[]);
}

#[test]
fn calls_are_followed_to_whoever_handles_them() {
    let call = r#"{"call": {"service": "pay"}}"#;
    let named = SHOP.replace("s server", "s server handles: \"buy\"");
    let two = format!("{named}\np server handles: \"pay\"");
    expect(
        call,
        &format!("{two}\nx server\nx > p"),
        &["x never_asked", "s nobody_handles"],
    );
    expect(call, &format!("{two}\ns > p"), &["p no_identity"]);
    expect(call, &format!("{two}\ns > p\ni identity\np > i"), &[]);
}

#[test]
fn messages_are_put_into_a_queue_and_taken_out() {
    let publish = r#"{"publish": {"topic": "mail"}}"#;
    expect(publish, SHOP, &["s no_queue"]);
    let queue = format!("{SHOP}\nq queue\ns > q");
    expect(publish, &queue, &["q queue_without_consumer"]);
    // Dead letters are not taken out, but these are no dead letters.
    expect(
        publish,
        &format!("{queue}\nd queue\nq > d"),
        &["q queue_without_consumer"],
    );
    let worker = |handles: &str| format!("{queue}\nw worker handles: \"{handles}\"\nq > w");
    expect(publish, &worker("pay"), &["q topic_without_consumer"]);
    expect(publish, &worker("mail"), &["w no_notification"]);
    expect(
        publish,
        &format!("{}\nd queue\nq > d\nn notification\nw > n", worker("mail")),
        &[],
    );
    let station = format!("{queue}\nw station\nq > w");
    expect(publish, &station, &[]);
    // By way of a gateway.
    let gateway = format!("{SHOP}\ng api_gateway\nq queue\ns > g\ng > q");
    let found = told(&check(&drawing(&gateway), &scenario(publish)));
    assert!(
        found.contains(&"q queue_without_consumer".to_owned()),
        "{found:?}"
    );
}
