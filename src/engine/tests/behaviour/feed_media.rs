//! Pictures and films of the feed: from an object store, by a CDN, or through the servers.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::check::check;
use archplay_model::scenario::{Dataset, HandAsk};
use archplay_model::{Design, Scenario};
use archplay_report::{ComponentTotals, HandOutcome, Measure, Metric, Report, Subject};

use crate::feed_support::{changed, errors, feed, ids, op, set};
use crate::support::{id, run};

/// Half of the posts have a picture of 200 kB.
fn with_media(reads: f64, posts: f64, secs: u32) -> Scenario {
    let mut scenario = feed(2_000, reads, posts, secs);
    scenario.datasets.push(Dataset {
        id: id("media"),
        rows: 100_000,
        row_bytes: 200_000,
        zipf_alpha: 0.0,
        stock: None,
        unique: false,
    });
    let feed = scenario.feed.as_mut().unwrap();
    feed.media = Some(id("media"));
    feed.media_share = 0.5;
    (scenario.prices.server_gb, scenario.prices.cdn_gb) = (2.0, 1.0);
    scenario
}

/// The usual drawing with an object store, and these links besides.
fn drawing(links: &str) -> Design {
    let line =
        format!("web-2 > graph\nmedia object_store(holds=media; rate_per_sec=100000)\n{links}");
    let mut drawing = changed(&[("web-2 > graph", &line)]);
    for web in ["web-1", "web-2"] {
        set(&mut drawing, web, "nic_gbps", "0.5");
    }
    drawing
}

fn through_servers() -> Design {
    drawing("web-1 > media\nweb-2 > media")
}

fn by_cdn() -> Design {
    drawing("edge cdn\nedge > media\nweb-1 > media\nweb-2 > media\nusers > edge\nusers > media")
}

fn mean(report: &Report, name: &str, metric: Metric) -> f64 {
    let subject = Subject::Component(id(name));
    let column = report.series.find(&subject, metric).expect("a column");
    archplay_report::column_mean(&report.series, column, 5, 30).unwrap_or(0.0)
}

fn component<'a>(report: &'a Report, name: &str) -> &'a ComponentTotals {
    let mut all = report.components.iter();
    all.find(|c| c.id.as_str() == name).expect("a component")
}

fn measure(report: &Report, name: &str, measure: Measure) -> f64 {
    component(report, name).measure(measure).expect("a measure")
}

#[test]
fn media_through_the_servers_fill_their_network_and_make_pages_slow() {
    let scenario = with_media(100.0, 2.0, 30);
    let (served, edge) = (
        run(&through_servers(), &scenario, 3),
        run(&by_cdn(), &scenario, 3),
    );
    let mut plain = scenario.clone();
    plain.feed.as_mut().unwrap().media = None;
    let none = run(&through_servers(), &plain, 3);
    for report in [&served, &edge, &none] {
        assert_eq!(op(report, "get").failed_total(), 0);
        assert!(errors(report) < 0.5);
    }
    // About ten posts on a page, half with 200 kB: 1 MB a read, 50 MB/s of each server's 62.5.
    let sent = |report: &Report| mean(report, "web-1", Metric::Egress);
    let egress = sent(&served);
    assert!(egress > 45.0 && egress < 60.0, "{egress}");
    assert!(sent(&edge) < 1e-9, "{}", sent(&edge));
    let nic = mean(&served, "web-1", Metric::Nic);
    // Besides the authors' pictures, which go to the store.
    assert!((nic - egress / 62.5).abs() < 0.02, "{nic}");
    // Dearer there than at the edge.
    assert!((served.cost.traffic / edge.cost.traffic - 2.0).abs() < 0.1);
    assert!(none.cost.traffic < 1e-9);
    let p95 = |report: &Report| op(report, "get").latency_p95_ms;
    assert!(
        p95(&served) > p95(&edge) + 30.0,
        "{} {}",
        p95(&served),
        p95(&edge)
    );
    assert!(p95(&edge) > p95(&none), "{} {}", p95(&edge), p95(&none));
    let hits = measure(&edge, "edge", Measure::HitRatio);
    assert!(hits > 0.9, "{hits}");
    let edge_sent = mean(&edge, "edge", Metric::Egress);
    assert!(
        (edge_sent - 2.0 * sent(&served)).abs() < 30.0,
        "{edge_sent}"
    );
}

#[test]
fn straight_from_the_object_store_every_picture_takes_its_time() {
    let scenario = with_media(100.0, 2.0, 30);
    let straight = run(
        &drawing("web-1 > media\nweb-2 > media\nusers > media"),
        &scenario,
        3,
    );
    let edge = run(&by_cdn(), &scenario, 3);
    let p50 = |report: &Report| op(report, "get").latency_p50_ms;
    assert!(
        p50(&straight) > p50(&edge) + 20.0,
        "{} {}",
        p50(&straight),
        p50(&edge)
    );
    assert!(mean(&straight, "media", Metric::Egress) > 90.0);
    assert!(mean(&straight, "web-1", Metric::Nic) < 0.01);
}

#[test]
fn uploads_go_to_the_store_or_through_the_servers() {
    let scenario = with_media(10.0, 50.0, 30);
    let (served, direct) = (
        run(&through_servers(), &scenario, 5),
        run(&by_cdn(), &scenario, 5),
    );
    let posts = |report: &Report| op(report, "post").clone();
    assert_eq!(
        posts(&served).failed_total() + posts(&direct).failed_total(),
        0
    );
    assert_eq!(posts(&served).offered, posts(&direct).offered);
    // Half of the authors wait for their picture, both ways.
    assert!(posts(&direct).latency_p95_ms > posts(&direct).latency_p50_ms + 10.0);
    assert!(mean(&served, "web-1", Metric::Nic) > 0.01);
    assert!(mean(&direct, "web-1", Metric::Nic) < 0.001);
    // Through the servers it is no traffic to the outside, though it goes over the card.
    let sent = |report: &Report| mean(report, "web-1", Metric::Egress);
    let card = mean(&served, "web-1", Metric::Nic) * 62.5 - sent(&served);
    // 25 pictures of 200 kB a second, half of them here.
    assert!((card - 2.5).abs() < 0.7, "{card}");
    assert!(component(&direct, "media").arrived > 700);
}

#[test]
fn who_passes_media_on_must_reach_them() {
    let scenario = with_media(10.0, 1.0, 10);
    assert_eq!(check(&by_cdn(), &scenario), []);
    assert_eq!(check(&through_servers(), &scenario), []);
    let cut = drawing("edge cdn\nedge > media");
    let problems = check(&cut, &scenario);
    assert_eq!(ids(&problems, "no_route"), 2, "{problems:?}");
    let report = run(&cut, &scenario, 1);
    assert!(op(&report, "get").failed_total() > 50);
    // Who leaves it to object store and CDN need not.
    let problems = check(
        &drawing("edge cdn\nedge > media\nusers > edge\nusers > media"),
        &scenario,
    );
    assert_eq!(ids(&problems, "no_route"), 0, "{problems:?}");
}

#[test]
fn a_sample_stands_for_the_whole_at_the_edge() {
    let mut whole = with_media(100.0, 2.0, 60);
    let mut sample = whole.clone();
    {
        let feed = sample.feed.as_mut().unwrap();
        feed.users = 500;
        feed.visitors_per_day = Some(2_000.0 * 0.7);
    }
    whole.feed.as_mut().unwrap().warm_days = 10.0;
    sample.feed.as_mut().unwrap().warm_days = 10.0;
    let mut drawing = by_cdn();
    set(&mut drawing, "edge", "ttl_secs", "20");
    let (whole, sample) = (run(&drawing, &whole, 3), run(&drawing, &sample, 3));
    let hits = |report: &Report| measure(report, "edge", Measure::HitRatio);
    assert!(hits(&whole) < 0.95, "{}", hits(&whole));
    assert!(
        (hits(&whole) - hits(&sample)).abs() < 0.05,
        "{} {}",
        hits(&whole),
        hits(&sample)
    );
}

#[test]
fn a_page_read_by_hand_brings_its_media() {
    let mut run = Run::compile(&by_cdn(), &with_media(50.0, 1.0, 30), 3).unwrap();
    let until = |secs: u64| Budget {
        until_ns: secs * 1_000_000_000,
        max_events: u64::MAX,
    };
    run.advance(until(5));
    let me = run.meet(None).unwrap().me.user;
    run.ask_by_hand(me, HandAsk::Read { cursor: None });
    run.advance(until(30));
    assert_eq!(run.check_conservation(), Ok(()));
    let answer = run.take_answers().pop().unwrap();
    assert!(matches!(
        answer.outcome,
        HandOutcome::Page { missing: 0, .. }
    ));
    let spans = answer.trace.unwrap().spans;
    // After the page, as the visitor's next question.
    let last = spans.iter().rfind(|span| span.parent.is_none()).unwrap();
    assert_eq!(last.component, id("edge"), "{spans:?}");
}
