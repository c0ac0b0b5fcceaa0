//! A small service with a news feed, and variants of it.
#![allow(clippy::expect_used, reason = "tests")]
#![allow(dead_code, reason = "every test program uses a part of it")]

use archplay_model::scenario::{
    Audience, Dataset, Demand, Entry, Feed, Journey, JourneyStep, LocalText, OnConflict, Operation,
    RatePoint,
};
use archplay_model::{ClockTime, Design, Id, Scenario, Value};
use archplay_report::{FeedTotals, Measure, OperationTotals, Report};

use crate::support::{compute, design, id, scenario};

/// The usual drawing: servers that read and post, a queue with workers that fan out, and the stores.
pub const USUAL: &str = "
    users client
    balancer load_balancer
    web-1 server(vcpu=8; workers=400; db_pool=40; handles=get next post)
    web-2 server(vcpu=8; workers=400; db_pool=40; handles=get next post)
    queue queue
    fan worker(vcpu=8; workers=32; handles=fan)
    lists cache(memory_mib=1000; holds=lists)
    contents cache(memory_mib=1000; holds=posts outboxes profiles)
    circles cache(memory_mib=1000; holds=friendships)
    db database(vcpu=16; memory_gib=64; holds=posts outboxes profiles)
    graph graph_store(vcpu=8; holds=friendships)
    users > balancer
    balancer > web-1
    balancer > web-2
    web-1 > lists
    web-1 > contents
    web-1 > circles
    web-1 > db
    web-1 > graph
    web-1 > queue
    web-2 > lists
    web-2 > contents
    web-2 > circles
    web-2 > db
    web-2 > graph
    web-2 > queue
    queue > fan
    fan > lists
    fan > circles
    fan > graph";

/// A drawing with some lines of the usual one replaced, or left out where the replacement is empty.
pub fn changed(changes: &[(&str, &str)]) -> Design {
    let mut text = String::new();
    for line in USUAL.lines().map(str::trim) {
        let found = changes.iter().find(|(old, _)| line.starts_with(old));
        text.push_str(found.map_or(line, |(_, new)| new));
        text.push('\n');
    }
    design(&text)
}

/// The usual drawing without a component and its links.
pub fn without(name: &str) -> Design {
    let mut design = changed(&[]);
    let gone = id(name);
    design.components.remove(&gone);
    design
        .links
        .retain(|key, _| key.from != gone && key.to != gone);
    design
}

pub fn insert() -> Demand {
    Demand::Insert {
        dataset: id("posts"),
        on_conflict: OnConflict::Error,
    }
}

pub const FAN_OUT: Demand = Demand::FanOut { cpu_us: 5.0 };

pub fn read_feed(page: u32) -> Demand {
    Demand::ReadFeed { page, cpu_us: 2.0 }
}

fn operation(name: &str, demand: Demand) -> Operation {
    Operation {
        id: id(name),
        name: LocalText::default(),
        entry: Entry::Visitor,
        demand,
    }
}

fn journey(name: &str, steps: &[(&str, f64)]) -> Journey {
    Journey {
        id: id(name),
        steps: steps
            .iter()
            .map(|(operation, think_secs)| JourneyStep {
                operation: id(operation),
                think_secs: *think_secs,
                probability: 1.0,
                or: Vec::new(),
                gives: None,
                needs: None,
            })
            .collect(),
        within_secs: 600.0,
    }
}

/// So many users, who read and post so often a second, all together, for so long. Posting is published; the
/// reader looks at one page; the author posts and then reads.
pub fn feed(users: u32, reads: f64, posts: f64, secs: u32) -> Scenario {
    let mut out = scenario(reads, secs, compute(1.0));
    out.datasets = ["lists", "friendships", "posts", "outboxes", "profiles"]
        .map(|name| Dataset {
            id: id(name),
            rows: u64::from(users) * if name == "posts" { 10 } else { 1 },
            row_bytes: 1_000,
            zipf_alpha: 0.0,
            stock: None,
            unique: false,
        })
        .into();
    let mut feed = Feed::new(id("lists"), id("friendships"), id("posts"), id("outboxes"));
    feed.profiles = Some(id("profiles"));
    feed.users = users;
    feed.mean_friends = 40.0;
    feed.median_friends = 25.0;
    feed.max_friends = 500;
    out.feed = Some(feed);
    let publish = Demand::Publish { topic: id("fan") };
    out.operations = vec![
        operation("get", Demand::Seq(vec![compute(1.0), read_feed(0)])),
        operation("next", Demand::Seq(vec![compute(1.0), read_feed(1)])),
        operation("post", Demand::Seq(vec![compute(1.0), insert(), publish])),
        operation("fan", FAN_OUT),
    ];
    out.journeys = vec![
        journey("look", &[("get", 0.0)]),
        journey("tell", &[("post", 0.0), ("get", 0.0)]),
    ];
    out.audiences[0].journey = id("look");
    out.audiences[0].timeout_secs = 60.0;
    let authors = Audience {
        id: id("authors"),
        journey: id("tell"),
        rate: vec![RatePoint {
            at: ClockTime::from_secs(0),
            per_sec: posts,
        }],
        ..out.audiences[0].clone()
    };
    out.audiences.push(authors);
    out
}

/// Posting writes all lists before it answers.
pub fn at_once(mut scenario: Scenario) -> Scenario {
    scenario.operations[2].demand = Demand::Seq(vec![compute(1.0), insert(), FAN_OUT]);
    scenario
}

/// Readers look at so many pages, with a while between them.
pub fn pages(mut scenario: Scenario, secs: f64) -> Scenario {
    scenario.journeys[0] = journey("look", &[("get", 0.0), ("next", secs)]);
    scenario
}

pub fn totals(report: &Report) -> &FeedTotals {
    report.feed.as_ref().expect("a feed")
}

pub fn of(report: &Report, measure: Measure) -> f64 {
    totals(report).measure(measure).expect("a measure")
}

pub fn op<'a>(report: &'a Report, name: &str) -> &'a OperationTotals {
    let mut all = report.whole.operations.iter();
    all.find(|o| o.operation == name).expect("an operation")
}

/// Posts on judged pages that should not be there, or are not.
pub fn errors(report: &Report) -> f64 {
    [
        Measure::FeedMissing,
        Measure::FeedGhosts,
        Measure::FeedDisorder,
        Measure::FeedTwice,
    ]
    .into_iter()
    .map(|measure| of(report, measure))
    .sum()
}

/// Sets a parameter of a component to a number, or to a word.
pub fn set(design: &mut Design, name: &str, key: &str, value: &str) {
    let component = design.components.get_mut(&id(name)).expect("a component");
    let value = value
        .parse()
        .map_or_else(|_| Value::Text(value.into()), Value::Number);
    component.params.insert(key.into(), value);
}

pub fn ids(problems: &[archplay_model::Problem], code: &str) -> usize {
    problems.iter().filter(|p| p.code == code).count()
}

pub fn name(text: &str) -> Id {
    id(text)
}
