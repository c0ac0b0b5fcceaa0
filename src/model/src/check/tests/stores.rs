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
