//! The lecture's day: 10 million visitors with a peak factor of 3, as a class runs it.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_model::check::check;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::scenario::Mode;
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{Measure, Metric, Report, Subject};

use crate::feed_support::{errors, of, op, totals};
use crate::support;

fn documents() -> (Design, Scenario) {
    let (design, mended) =
        read_design(include_str!("../feed_support/lecture.design.json")).unwrap();
    let scenario = read_scenario(include_str!("../feed_support/lecture.scenario.json")).unwrap();
    assert_eq!(mended, []);
    (design, scenario)
}

/// What the lecture asks for, of the whole day.
#[test]
fn the_day_meets_its_targets() {
    let (design, scenario) = documents();
    assert_eq!(check(&design, &scenario), []);
    let report = support::run(&design, &scenario, 1);
    let aggregation = report.aggregation.as_ref().unwrap();
    assert_eq!(aggregation.sampled, aggregation.stretches);
    let (get, upload) = (op(&report, "get_feed"), op(&report, "upload"));
    support::near(get.offered as f64, 1.02e8, 0.05, "reads");
    support::near(upload.offered as f64, 2e6, 0.1, "posts");
    assert_eq!(get.failed_total() + upload.failed_total(), 0);
    assert!(get.latency_p95_ms < 200.0 && upload.latency_p95_ms < 300.0);
    assert!(of(&report, Measure::DeliveryP95) < 5_000.0);
    assert!(of(&report, Measure::FeedJudged) > 500.0);
    assert!(errors(&report) < 0.5, "{:?}", totals(&report));
    // 100,000 users, 30 % of them dormant, for 10 million visitors a day.
    support::near(totals(&report).factor, 1e7 / 7e4, 0.01, "factor");
    // Lists of 3 and 4 days of 190 friends who post 0.2 times a day, for those who read.
    let lists = of(&report, Measure::ListMemory);
    assert!(lists > 10_000.0 && lists < 60_000.0, "{lists}");
    assert!(of(&report, Measure::FanOutWrites) > 0.0);
    as_event_by_event(&design, &scenario, &report);
}

/// What a stretch of the day stands for is what an event by event run of that time gives.
fn as_event_by_event(design: &Design, scenario: &Scenario, day: &Report) {
    let mut evening = scenario.clone();
    evening.mode = Mode::Events;
    evening.start = ClockTime::from_secs(21 * 3_600);
    evening.duration_secs = 12;
    let evening = support::run(design, &evening, 2);
    let column = |report: &Report, metric| {
        let column = report.series.find(&Subject::System, metric).unwrap();
        let begin = 21 * 3_600;
        let (begin, end) = match report.aggregation {
            Some(_) => (begin, begin + 1_800),
            None => (begin + 2, begin + 12),
        };
        archplay_report::column_mean(&report.series, column, begin, end).unwrap()
    };
    for (metric, tolerance) in [
        (Metric::Offered, 0.05),
        (Metric::LatencyP50, 0.02),
        (Metric::LatencyP95, 0.05),
        (Metric::LookupsPerRead, 0.02),
        (Metric::DeliveryP50, 0.1),
        (Metric::FanOutWrites, 0.25),
    ] {
        let (found, wanted) = (column(day, metric), column(&evening, metric));
        support::near(found, wanted, tolerance, metric.slug());
    }
}

/// What changes in time that is left out has changed when the clock goes on; pages are right before and after.
#[test]
fn friends_and_posts_change_in_time_that_is_left_out() {
    let (design, mut scenario) = documents();
    scenario.start = ClockTime::from_secs(18 * 3_600);
    scenario.duration_secs = 4 * 3_600;
    scenario.focus = None;
    let feed = scenario.feed.as_mut().unwrap();
    feed.users = 20_000;
    for rate in [
        &mut feed.befriends_per_day,
        &mut feed.unfriends_per_day,
        &mut feed.blocks_per_day,
        &mut feed.deletes_per_day,
    ] {
        *rate = 0.5;
    }
    let report = support::run(&design, &scenario, 3);
    let aggregation = report.aggregation.as_ref().unwrap();
    assert_eq!(aggregation.sampled, aggregation.stretches);
    assert!(errors(&report) < 0.5, "{:?}", totals(&report));
    // 14,000 who read, half a change of each kind a day, a sixth of a day.
    let wanted = 14_000.0 * 0.5 / 6.0;
    support::near(
        of(&report, Measure::FriendChanges),
        2.0 * wanted,
        0.1,
        "friends",
    );
    support::near(of(&report, Measure::BlockChanges), wanted, 0.1, "blocks");
    // Some have nothing that they could delete.
    let deleted = of(&report, Measure::PostsDeleted);
    assert!(
        deleted > 0.7 * wanted && deleted < 1.1 * wanted,
        "{deleted}"
    );
}
