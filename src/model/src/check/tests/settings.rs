//! Parameters that mean nothing as things stand.

use super::{SHOP, drawing, expect, expect_run, told};
use crate::check::{check, check_design};
use crate::presets::Preset;
use crate::scenario::Business;

#[test]
fn names_are_of_operations_and_datasets_of_the_scenario() {
    let shop = |server: &str, database: &str| {
        format!("v client\ns server {server}\nd database {database}\nv > s\ns > d")
    };
    expect_run(&shop("", r#"holds: "product, order""#), &[]);
    expect_run(
        &shop("", r#"holds: "product, order, ghost""#),
        &["d.holds names_unknown_dataset"],
    );
    expect_run(
        &format!("{}\nt server handles: \"ghost\"\ns > t", shop("", "")),
        &["t.handles names_unknown_operation"],
    );
}

#[test]
fn sessions_in_a_store_need_one() {
    let shop = SHOP.replace("s server", r#"s server sessions: "store""#);
    expect(&shop, &["s.sessions sessions_without_store"]);
    for kind in ["cache", "key_value", "database"] {
        expect(&format!("{shop}\nc {kind}\ns > c"), &[]);
    }
    expect(
        &format!("{shop}\nq queue\ns > q"),
        &["s.sessions sessions_without_store"],
    );
    expect(SHOP, &[]);
}

#[test]
fn weights_are_used_by_who_chooses_by_them() {
    let balancer =
        |params: &str| format!("b load_balancer {params}\ns server\nt server\nb > s\nb > t");
    expect(&balancer(""), &[]);
    expect(&balancer(r#"algorithm: "weighted""#), &[]);
    expect(
        &balancer(r#"algorithm: "weighted" | weights: "s=1, t=2""#),
        &[],
    );
    expect(
        &balancer(r#"algorithm: "weighted" | weights: "s=1""#),
        &["b.weights target_without_weight"],
    );
    expect(
        &balancer(r#"weights: "s=1, t=2""#),
        &["b.weights weights_not_used"],
    );
    let names = |params: &str| format!("n dns {params}\ns server\nt server\nn > s\nn > t");
    expect(&names(r#"policy: "weighted" | weights: "s=1, t=2""#), &[]);
    expect(
        &names(r#"policy: "weighted" | weights: "t=2""#),
        &["n.weights target_without_weight"],
    );
    expect(
        &names(r#"policy: "latency" | weights: "s=1, t=2""#),
        &["n.weights weights_not_used"],
    );
}

#[test]
fn a_monitor_samples_what_its_targets_have() {
    let none = ["m.metric metric_of_nobody"];
    let monitor =
        |metric: &str, kind: &str| format!("m monitor metric: \"{metric}\"\nx {kind}\nm > x");
    for (metric, has, has_not) in [
        ("utilisation", "server", "load_balancer"),
        ("backlog", "queue", "database"),
        ("memory", "cache", "worker"),
        ("disk", "database", "cache"),
        ("connections", "connection_proxy", "server"),
        ("hit_ratio", "cdn", "server"),
        ("lag", "search", "server"),
        ("load_average", "server", "function"),
    ] {
        expect(&monitor(metric, has), &[]);
        expect(&monitor(metric, has_not), &none);
    }
    expect(&monitor("rate", "load_balancer"), &[]);
    // One of them is enough; a primary has no lag, its copy has.
    let lag = monitor("lag", "database");
    expect(&lag, &none);
    expect(&format!("{lag}\ny database\nx > y"), &none);
    expect(&format!("{lag}\ny database\nx > y\nm > y"), &[]);
    // Of a box it watches what is in it.
    let mut boxed = drawing("m monitor metric: \"disk\" | watches: \"z\"\nz zone\nc cache");
    let zone = boxed
        .components
        .keys()
        .find(|id| id.as_str() == "z")
        .cloned();
    for component in boxed.components.values_mut() {
        if component.id.as_str() == "c" {
            component.parent.clone_from(&zone);
        }
    }
    assert_eq!(told(&check_design(&boxed)), none);
    for component in boxed.components.values_mut() {
        component.parent = None;
    }
    assert_eq!(told(&check_design(&boxed)), [""; 0]);
    // What it only acts on it does not watch.
    expect(
        "m monitor metric: \"backlog\" | action: \"restart\" | acts_on: \"s\"\nd database\ns server\nm > d\nm > s",
        &none,
    );
}

#[test]
fn connections_fit_into_the_memory() {
    let shop = |params: &str| format!("{SHOP}\nd database {params}\ns > d");
    expect(&shop(""), &[]);
    // (1,024 − 256) / 4 = 192.
    let small = "memory_gib: 1 | connection_mib: 4 | max_connections";
    expect(&shop(&format!("{small}: 192")), &[]);
    expect(
        &shop(&format!("{small}: 193")),
        &["d.max_connections connections_beyond_memory"],
    );
    // The limit that goes by the memory allows 85.
    expect(&shop("memory_gib: 1 | connection_mib: 9"), &[]);
    expect(
        &shop("memory_gib: 1 | connection_mib: 10"),
        &["d.connection_mib connections_beyond_memory"],
    );
}

#[test]
fn orders_are_counted_where_the_scenario_says_what_one_is() {
    let mut scenario = Preset::Steady.scenario().unwrap_or_else(|e| panic!("{e}"));
    let text = format!("{SHOP}\nd database\ns > d\nm monitor metric: \"orders_per_min\"\nm > s");
    assert!(scenario.business.is_none());
    let found = told(&check(&drawing(&text), &scenario));
    assert_eq!(found, ["m.metric orders_not_counted"]);
    scenario.business = Some(Business {
        order: scenario.operations[0].id.clone(),
        revenue: 1.0,
    });
    assert_eq!(told(&check(&drawing(&text), &scenario)), [""; 0]);
}

#[test]
fn doors_open_within_the_run() {
    let mut scenario = Preset::Steady.scenario().unwrap_or_else(|e| panic!("{e}"));
    scenario.start = crate::ClockTime::from_secs(12 * 3_600);
    let found = |opens: &str, hours: u32| {
        let mut scenario = scenario.clone();
        scenario.duration_secs = hours * 3_600;
        let text = SHOP.replace("v > s", "v > w\nw > s");
        let room = format!("{text}\nw waiting_room opens: \"{opens}\"");
        let mut found = told(&check(&drawing(&room), &scenario));
        found.retain(|problem| problem.ends_with("never_opens"));
        found
    };
    assert_eq!(found("13:00=1", 2), [""; 0]);
    assert_eq!(found("14:00=1", 2), ["w.opens never_opens"]);
    // On the next day.
    assert_eq!(found("11:00=1", 2), ["w.opens never_opens"]);
    assert_eq!(found("11:00=1", 24), [""; 0]);
    assert_eq!(found("11:00=1, 12:30=1", 2), [""; 0]);
    assert_eq!(found("", 2), [""; 0]);
}
