//! Databases side by side that keep the same data.

use super::{SHOP, expect_run};

#[test]
fn of_unlinked_databases_only_the_first_is_used() {
    let two = format!("{SHOP}\na database\nb database\ns > a\ns > b");
    expect_run(&two, &["b store_not_used"]);
    // Primaries that copy to each other, a replica, and databases with data of their own.
    expect_run(&format!("{two}\na > b\nb > a"), &[]);
    expect_run(&format!("{two}\na > b"), &[]);
    let own = |a: &str, b: &str| {
        let first = two.replace("a database", &format!("a database holds: \"{a}\""));
        first.replace("b database", &format!("b database holds: \"{b}\""))
    };
    expect_run(&own("product", "order"), &[]);
    expect_run(&own("product, order", "order"), &["b store_not_used"]);
    // Each has an asker of its own.
    expect_run(
        "v client\nl load_balancer\nv > l\nl > s\nl > t\ns server\nt server\na database\nb database\ns > a\nt > b",
        &[],
    );
    // By way of a connection proxy.
    let proxy = "p connection_proxy\ns > p\np > a\np > b\na database\nb database";
    expect_run(&format!("{SHOP}\n{proxy}"), &["b store_not_used"]);
}

#[test]
fn connection_proxies_side_by_side_lead_to_the_same_rows() {
    let proxies = |links: &str, sharding: &str| {
        let stores = format!("a database {sharding}\nb database {sharding}\nc database");
        let ways = "p connection_proxy\nq connection_proxy\ns > p\ns > q";
        format!("{SHOP}\n{stores}\n{ways}\na > c\n{links}")
    };
    let told = |links: &str, problems: &[&str]| expect_run(&proxies(links, ""), problems);
    told("a > b\np > a\nq > a", &[]);
    // The one for writes, the other for reads.
    told("a > b\np > a\nq > b\nq > c", &[]);
    told("p > a\nq > b", &["q proxies_differ"]);
    told("p > a\nq > b\na > b\nb > a", &[]);
    let shards = |links: &str, problems: &[&str]| {
        let sharding = "sharding: \"hash\"";
        expect_run(&proxies(links, sharding), problems);
    };
    shards("p > a\nq > b", &["q proxies_differ"]);
    shards("p > a\np > b\nq > a\nq > b", &[]);
    // A proxy, and a database beside it.
    let beside = "a database\nb database\np connection_proxy\ns > p\np > a";
    expect_run(&format!("{SHOP}\n{beside}\ns > a\na > b"), &[]);
    expect_run(&format!("{SHOP}\n{beside}\ns > b"), &["p proxies_differ"]);
}

#[test]
fn shards_agree_on_how_the_rows_are_spread() {
    let shards = |a: &str, b: &str| {
        format!("{SHOP}\na database sharding: \"{a}\"\nb database sharding: \"{b}\"\ns > a\ns > b")
    };
    expect_run(&shards("hash", "hash"), &[]);
    expect_run(&shards("hash", "range"), &["b.sharding sharding_differs"]);
    expect_run(&shards("hash", "none"), &["b.sharding sharding_differs"]);
    expect_run(&shards("none", "hash"), &["a.sharding sharding_differs"]);
    // A shard's own copy says nothing about sharding.
    expect_run(
        &format!("{}\nc database\na > c\ns > c", shards("hash", "hash")),
        &[],
    );
}

#[test]
fn stores_that_know_nothing_of_each_other_have_a_part_each() {
    for kind in ["key_value", "graph_store"] {
        let two = format!("{SHOP}\na {kind}\nb {kind}\ns > a\ns > b");
        expect_run(&two, &["b stores_apart"]);
        let own = two.replace("a key_value", "a key_value holds: \"product\"");
        let own = own.replace("b key_value", "b key_value holds: \"order\"");
        if kind == "key_value" {
            expect_run(&own, &[]);
            expect_run(&format!("{two}\na > b"), &[]);
        }
    }
    // Each has an asker of its own.
    expect_run(
        "v client\nl load_balancer\nv > l\nl > s\nl > t\ns server\nt server\na key_value\nb key_value\ns > a\nt > b",
        &[],
    );
}

#[test]
fn counters_side_by_side_give_numbers_of_their_own() {
    let two = |a: &str, b: &str| {
        let made = |name: &str, params: &str| format!("{name} id_generator {params}");
        let (a, b) = (made("a", a), made("b", b));
        let text = format!("{SHOP}\n{a}\n{b}\ns > a\ns > b");
        let scenario = crate::presets::Preset::Steady
            .scenario()
            .unwrap_or_else(|e| panic!("{e}"));
        let mut found = super::told(&crate::check::check(&super::drawing(&text), &scenario));
        found.retain(|problem| problem.ends_with("counters_collide"));
        found
    };
    let turns = |offset: u32, step: u32| {
        format!("scheme: \"auto_increment\" | step: {step} | offset: {offset}")
    };
    let none: [&str; 0] = [];
    let ticket = "scheme: \"ticket\"";
    assert_eq!(two(ticket, ticket), ["b counters_collide"]);
    assert_eq!(two(&turns(1, 2), &turns(2, 2)), none);
    assert_eq!(two(&turns(1, 2), &turns(3, 2)), ["b counters_collide"]);
    assert_eq!(two(&turns(1, 2), &turns(2, 3)), ["b counters_collide"]);
    assert_eq!(two(&turns(1, 2), ticket), ["b counters_collide"]);
    // Drawn, not counted.
    assert_eq!(two("", ""), none);
}
