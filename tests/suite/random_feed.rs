//! Random news feeds for the random designs of `random.rs`.

use archplay_model::scenario::{Dataset, Demand, Feed, OnConflict};
use archplay_model::{Design, Kind, Scenario, Value};

use super::{Dice, id};

/// Friendships, blocks and posts of a feed change, and some caches and readers do not heed what has.
pub(super) fn add_changes(dice: &mut Dice, design: &mut Design, scenario: &mut Scenario) {
    let feed = scenario.feed.as_mut().filter(|_| dice.chance(0.6));
    let Some(feed) = feed else { return };
    for rate in [
        &mut feed.befriends_per_day,
        &mut feed.unfriends_per_day,
        &mut feed.blocks_per_day,
        &mut feed.unblocks_per_day,
        &mut feed.deletes_per_day,
    ] {
        *rate = dice.between(0.0, 3_000.0);
    }
    for component in design.components.values_mut() {
        let new = match component.kind {
            Kind::Cache => ("feed_on_change", "keep"),
            Kind::Server | Kind::Function => ("feed_rebuild", "empty"),
            _ => continue,
        };
        if dice.chance(0.4) {
            component
                .params
                .insert(new.0.into(), Value::Text(new.1.into()));
        }
    }
}

/// Now and then posts have pictures, in a dataset that anybody may have or nobody.
pub(super) fn add_media(dice: &mut Dice, scenario: &mut Scenario) {
    let feed = scenario.feed.as_mut().filter(|_| dice.chance(0.5));
    let Some(feed) = feed else { return };
    feed.media = Some(id("media"));
    feed.media_share = dice.between(0.0, 1.0);
    scenario.datasets.push(Dataset {
        id: id("media"),
        rows: 1 + dice.below(5_000) as u64,
        row_bytes: 1 + dice.below(500_000) as u32,
        zipf_alpha: 0.0,
        stock: None,
        unique: false,
    });
}

/// A news feed beside everything else. All push by one rule, or the checker would refuse nearly every drawing.
pub(super) fn add_feed(dice: &mut Dice, design: &mut Design, scenario: &mut Scenario) {
    let rule = dice.pick(&["push", "pull", "by_friends", "by_activity", "by_rates"]);
    for component in design.components.values_mut() {
        if matches!(component.kind, Kind::Server | Kind::Function | Kind::Worker) {
            for (key, value) in [
                ("feed_rule", Value::Text(rule.into())),
                ("feed_most_friends", Value::Number(20.0)),
                ("feed_views_per_day", Value::Number(5.0)),
                ("feed_cost_ratio", Value::Number(10.0)),
            ] {
                component.params.insert(key.into(), value);
            }
            let batch = f64::from(1 + dice.below(100) as u32);
            let pages = dice.pick(&["cursor", "offset"]);
            let rebuild = dice.pick(&["yes", "no"]);
            for (key, value) in [
                ("feed_batch", Value::Number(batch)),
                ("feed_pages", Value::Text(pages.into())),
                ("feed_rebuild", Value::Text(rebuild.into())),
            ] {
                component.params.insert(key.into(), value);
            }
        } else if component.kind == Kind::Cache {
            let cap = f64::from(1 + dice.below(50) as u32);
            let entries = dice.pick(&["ids", "bodies"]);
            component
                .params
                .insert("feed_list_cap".into(), Value::Number(cap));
            component
                .params
                .insert("feed_entries".into(), Value::Text(entries.into()));
        }
    }
    for name in ["lists", "friendships", "posts", "outboxes"] {
        scenario.datasets.push(Dataset {
            id: id(name),
            rows: 1 + dice.below(5_000) as u64,
            row_bytes: 1 + dice.below(2_000) as u32,
            zipf_alpha: 0.0,
            stock: None,
            unique: false,
        });
    }
    let mut feed = Feed::new(id("lists"), id("friendships"), id("posts"), id("outboxes"));
    feed.users = 2 + dice.below(500) as u32;
    feed.mean_friends = dice.between(1.0, 40.0);
    feed.max_friends = 1 + dice.below(300) as u32;
    feed.visitors_per_day = dice.chance(0.5).then(|| dice.between(1.0, 20_000.0));
    feed.profiles = dice.chance(0.3).then(|| id("product"));
    feed.warm_days = dice.between(0.0, 3.0);
    feed.page_posts = 1 + dice.below(30) as u32;
    scenario.feed = Some(feed);
    for operation in &mut scenario.operations {
        let cpu_us = dice.between(0.0, 50.0);
        let more = match dice.below(4) {
            0 => vec![Demand::ReadFeed {
                page: dice.below(3) as u32,
                cpu_us,
            }],
            1 => vec![
                Demand::Insert {
                    dataset: id("posts"),
                    on_conflict: OnConflict::Error,
                },
                Demand::FanOut { cpu_us },
            ],
            2 => vec![Demand::Optional(Box::new(Demand::Par {
                wait_for: None,
                demands: vec![
                    Demand::FanOut { cpu_us },
                    Demand::ReadFeed { page: 0, cpu_us },
                ],
            }))],
            _ => Vec::new(),
        };
        let old = std::mem::replace(&mut operation.demand, Demand::Authenticate);
        let mut list = vec![old];
        list.extend(more);
        operation.demand = Demand::Seq(list);
    }
}
