//! The numbers of the fact sheet, sessions S7 and S8.

use super::*;

fn value(of: &Requirements, name: &str) -> f64 {
    let sheet = sizing(of);
    let found = sheet.iter().find(|quantity| quantity.name == name);
    found.unwrap_or_else(|| panic!("no {name}")).value
}

/// The sheet rounds to two or three digits.
fn check(of: &Requirements, name: &str, wanted: f64) {
    let is = value(of, name);
    assert!(
        (is / wanted - 1.0).abs() < 0.02,
        "{name}: {is}, not {wanted}"
    );
}

#[test]
fn ten_million_visitors() {
    let of = Requirements::default();
    check(&of, "reads_mean", 1_157.0);
    check(&of, "reads_peak", 3_500.0);
    check(&of, "posts_mean", 23.0);
    check(&of, "posts_peak", 69.0);
    check(&of, "push_writes_mean", 4_400.0);
    check(&of, "push_writes_peak", 13_200.0);
    check(&of, "push_writes_worst_mean", 116_000.0);
    check(&of, "push_writes_worst_peak", 347_000.0);
    check(&of, "pull_lookups_mean", 220_000.0);
    check(&of, "pull_lookups_peak", 660_000.0);
    check(&of, "pull_lookups_worst_read", 5_000.0);
    check(&of, "feed_cache", 100.0);
    check(&of, "text_storage", 2.0);
    check(&of, "media_storage", 200.0);
    check(&of, "rate_ratio", 50.0);
    check(&of, "delivery_worst", 0.1);
}

#[test]
fn other_assumptions() {
    let of = Requirements {
        views_per_visitor: 5.0,
        posts_per_visitor: 1.0,
        ..Requirements::default()
    };
    check(&of, "reads_mean", 579.0);
    check(&of, "reads_peak", 1_736.0);
    check(&of, "posts_mean", 116.0);
    check(&of, "posts_peak", 347.0);
    check(&of, "push_writes_mean", 22_000.0);
    check(&of, "push_writes_peak", 66_000.0);
    let lists = |list_entries, entry_bytes, copies| Requirements {
        list_entries,
        entry_bytes,
        copies,
        ..Requirements::default()
    };
    check(&lists(500.0, 20.0, 2.0), "feed_cache", 200.0);
    check(&lists(800.0, 40.0, 1.0), "feed_cache", 320.0);
    check(&lists(200.0, 16.0, 1.0), "feed_cache", 32.0);
}

/// Row 7, 8 and the extension: Twitter 2012, Lady Gaga's followers, ten million followers.
#[test]
fn published_services() {
    let twitter = Requirements {
        visitors: 4_600.0 * DAY_SECS,
        posts_per_visitor: 1.0,
        mean_friends: 75.0,
        max_friends: 31e6,
        worker_writes_per_sec: 345_000.0,
        ..Requirements::default()
    };
    check(&twitter, "push_writes_mean", 345_000.0);
    check(&twitter, "delivery_worst", 90.0);
    let star = Requirements {
        max_friends: 1e7,
        ..Requirements::default()
    };
    check(&star, "delivery_worst", 200.0);
    let dormant = Requirements {
        views_per_visitor: 0.01,
        ..Requirements::default()
    };
    check(&dormant, "push_advantage", 0.05);
}

/// The page shows each formula with its inputs: they must be known by then, and explain the value.
#[test]
fn inputs_are_known_and_names_are_unique() {
    let sheet = sizing(&Requirements::default());
    let fields = format!("{:?}", Requirements::default());
    for (at, quantity) in sheet.iter().enumerate() {
        assert!(!quantity.inputs.is_empty());
        assert!(
            sheet[..at]
                .iter()
                .all(|before| before.name != quantity.name)
        );
        for (name, value) in &quantity.inputs {
            let before = sheet[..at].iter().find(|before| before.name == *name);
            match before {
                Some(before) => assert!((before.value - value).abs() < 1e-12),
                None => assert!(fields.contains(&format!("{name}: {value:?}")), "{name}"),
            }
        }
    }
    let none = Requirements {
        posts_per_visitor: 0.0,
        worker_writes_per_sec: 0.0,
        ..Requirements::default()
    };
    assert!(
        sizing(&none)
            .iter()
            .all(|quantity| quantity.value.is_finite())
    );
}
