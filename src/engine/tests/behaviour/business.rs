//! What a shop counts: the visitors of a day.

use archplay_model::scenario::{Business, Mode, Scenario};
use archplay_model::{ClockTime, Kind};
use archplay_report::{Metric, Report, Subject};

use crate::reports::system;
use crate::support::{compute, design, id, run, scenario, with_admin};

fn shop(mut load: Scenario) -> Scenario {
    load.business = Some(Business {
        order: id("page"),
        revenue: 1.0,
    });
    load
}

fn drawing() -> archplay_model::Design {
    design("c client\ns server(vcpu=8)\nc > s")
}

fn arrived(report: &Report) -> u64 {
    let of = &report.whole.audiences[0];
    of.arrived
}

#[test]
fn visitors_are_counted_by_the_day_and_administrators_are_none() {
    let mut load = with_admin(shop(scenario(20.0, 180, compute(1.0))), 5.0);
    load.start = ClockTime::from_secs(86_400 - 60);
    for audience in &mut load.audiences {
        audience.rate[0].at = load.start;
    }
    let report = run(&drawing(), &load, 1);
    let days = system(&report, Metric::Dau);
    // It rises all day, and begins again at midnight, after one minute.
    assert!(days[..60].windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(
        days[60] < days[59] && days[60] < 60.0,
        "{} {}",
        days[59],
        days[60]
    );
    assert!(days[60..].windows(2).all(|pair| pair[0] <= pair[1]));
    assert_eq!((days[59] + days[179]) as u64, arrived(&report));
    // Who comes back to look again is no other visitor.
    let mut again = shop(scenario(20.0, 60, compute(1.0)));
    let step = again.journeys[0].steps[0].clone();
    again.journeys[0].steps.push(step);
    let report = run(&drawing(), &again, 1);
    assert_eq!(system(&report, Metric::Dau)[59] as u64, arrived(&report));
    assert!(report.whole.operations[0].offered > arrived(&report) * 3 / 2);
}

#[test]
fn what_stands_for_others_is_counted_with_them() {
    let mut load = shop(scenario(50.0, 7_200, compute(1.0)));
    load.mode = Mode::Aggregate;
    let report = run(&drawing(), &load, 1);
    let days = system(&report, Metric::Dau);
    let last = days.last().copied().unwrap_or_default();
    assert!((last - 7_200.0 * 50.0).abs() < 7_200.0, "{last}");
    assert_eq!(last as u64, arrived(&report));
}

#[test]
fn without_a_business_nobody_counts() {
    let report = run(&drawing(), &scenario(20.0, 10, compute(1.0)), 1);
    assert_eq!(report.series.find(&Subject::System, Metric::Dau), None);
}

/// The cost of an hour, where nothing costs but what is told.
fn cost_of(drawn: &str, price: impl Fn(&mut archplay_model::scenario::Prices)) -> f64 {
    let mut load = scenario(1.0, 3_600, compute(1.0));
    load.prices = archplay_model::scenario::Prices {
        server_vcpu_hour: 0.0,
        database_vcpu_hour: 0.0,
        load_balancer_hour: 0.0,
        graph_store_vcpu_hour: 0.0,
        cdn_gb: 0.0,
        server_gb: 0.0,
        ..load.prices
    };
    price(&mut load.prices);
    let report = run(&design(drawn), &load, 1);
    report.cost.total
}

#[test]
fn memory_and_disks_have_prices_of_their_own() {
    let near = |cost: f64, wanted: f64| assert!((cost - wanted).abs() < 1e-6, "{cost} {wanted}");
    let shop = "c client\ns server\nd database(memory_gib=64; iops=5000)\nk cache(memory_mib=2048; shards=4)\nc > s\ns > d\ns > k";
    near(cost_of(shop, |_| {}), 0.0);
    near(
        cost_of(shop, |prices| prices.database_memory_gib_hour = 0.5),
        32.0,
    );
    // A graph store's cores come on top of the store itself.
    let graph = "c client\ns server\nd graph_store(vcpu=16)\nc > s\ns > d";
    near(cost_of(graph, |_| {}), 0.0);
    near(
        cost_of(graph, |prices| {
            prices.graph_store_vcpu_hour = 0.5;
            prices.hour.insert(Kind::GraphStore, 3.0);
        }),
        11.0,
    );
    // So do a search engine's, for each of its shards.
    let found = "c client\ns server\nf search(shards=3; vcpu=4)\nc > s\ns > f";
    near(cost_of(found, |_| {}), 0.0);
    near(
        cost_of(found, |prices| {
            prices.search_vcpu_hour = 0.5;
            prices.hour.insert(Kind::Search, 2.0);
        }),
        12.0,
    );
    near(
        cost_of(shop, |prices| prices.database_kiops_hour = 0.3),
        1.5,
    );
    // So much for what is provisioned, however little of it is used; the store itself comes on top.
    let kept = "c client\ns server\nk key_value(read_units=20000; write_units=5000)\nc > s\ns > k";
    near(
        cost_of(kept, |prices| {
            prices.key_value_kread_hour = 0.5;
            prices.key_value_kwrite_hour = 2.0;
            prices.hour.insert(Kind::KeyValue, 3.0);
        }),
        23.0,
    );
    // A function is paid for while it works, so one that nobody calls costs nothing.
    let idle = "c client\ns server\nf function\nc > s";
    near(
        cost_of(idle, |prices| {
            prices.hour.insert(Kind::Function, 3.0);
        }),
        0.0,
    );
    // The memory is that of all shards together.
    near(
        cost_of(shop, |prices| prices.cache_memory_gib_hour = 0.25),
        0.5,
    );
}
