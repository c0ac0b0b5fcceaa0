//! What caches have to do besides hitting: hot shards, stampedes, cold starts, stale rows, lost writes.

use archplay_model::scenario::{
    Consistency, Demand, Fault, FaultAction, FaultTarget, JourneyStep, Operation, Pick, State,
    Window,
};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{column, measured};
use crate::support::{self, design, id, page, run, scenario};

fn read(key: Pick) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key,
    }
}

fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

/// client → server → cache with these parameters, and the store behind both.
fn drawing(cache: &str, store: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=100000; memory_gib=4096)
         k cache({cache})
         d key_value(read_units=1000000; write_units=1000000;{store})
         c > s
         s > k
         s > d
         k > d"
    ))
}

fn arrived(report: &Report, component: &str) -> u64 {
    let found = report.components.iter().find(|c| c.id == id(component));
    found.map_or(0, |c| c.arrived)
}

fn fault(at: u32, until: Option<u32>, action: FaultAction) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: until.map(ClockTime::from_secs),
        action,
        target: FaultTarget::Component(id("k")),
    }
}

/// A journey of two steps: `first`, then `second` after `think` seconds, which must see the first's write.
fn own_write(plan: &mut Scenario, first: Demand, second: Demand, think: f64) {
    plan.operations[0].demand = first;
    plan.operations.push(Operation {
        id: id("look"),
        demand: second,
        ..plan.operations[0].clone()
    });
    plan.journeys[0].steps[0].gives = Some(State::OwnWrite);
    let step = JourneyStep {
        operation: id("look"),
        think_secs: think,
        gives: None,
        needs: Some(State::OwnWrite),
        ..plan.journeys[0].steps[0].clone()
    };
    plan.journeys[0].steps.push(step);
}

#[test]
fn a_hot_key_saturates_its_shard_while_the_others_idle() {
    let cache = "shards=4; operation_us=1000; latency_ms=0; policy=lru";
    let spread = run(
        &drawing(cache, ""),
        &scenario(1_500.0, 20, read(Pick::Popular)),
        1,
    );
    let hot = run(
        &drawing(cache, ""),
        &scenario(1_500.0, 20, read(Pick::Hottest)),
        1,
    );
    let busiest = |report: &Report| column(report, "k", Metric::Utilisation)[10];
    assert!(busiest(&hot) > 0.999, "{}", busiest(&hot));
    assert!(
        (0.3..0.6).contains(&busiest(&spread)),
        "{}",
        busiest(&spread)
    );
    // One shard of four works: the whole looks idle.
    let whole = hot
        .components
        .iter()
        .find(|c| c.id == id("k"))
        .map_or(0.0, |c| c.utilisation);
    assert!((whole - 0.25).abs() < 0.01, "{whole}");
    assert!(page(&hot).latency_p99_ms > 100.0 * page(&spread).latency_p99_ms);
    // Two keys on different shards, or one: the answer waits for the shard, first come first served.
    assert!(page(&hot).good < 20_100 && page(&spread).good > 29_000);
}

#[test]
fn the_waiting_at_a_shard_is_that_of_constant_service() {
    // M/D/1: at 80 % the mean wait is twice the service time, half of M/M/1's.
    let cache = "operation_us=1000; latency_ms=0";
    let mut plan = scenario(800.0, 200, read(Pick::Popular));
    plan.datasets[0].rows = 1;
    let report = run(&drawing(cache, ""), &plan, 4);
    // Beside the shard: four ways of 0.25 ms.
    let wanted = archplay_theory::mg1(800.0, 0.001, 0.0).sojourn_mean * 1e3 + 0.5;
    support::near(page(&report).latency_mean_ms, wanted, 0.02, "sojourn");
}

#[test]
fn a_hot_key_that_expires_lets_everyone_ask_the_store() {
    let ask = |params: &str| {
        let cache = format!("policy=ttl; ttl_secs=2;{params}");
        // The store takes 200 ms: 100 requests come meanwhile.
        let plan = scenario(500.0, 60, read(Pick::Hottest));
        let report = run(&drawing(&cache, "latency_ms=200"), &plan, 2);
        assert_eq!(page(&report).failed_total(), 0);
        (
            arrived(&report, "d"),
            measured(&report, "k", Measure::HitRatio),
        )
    };
    for mode in ["aside", "through"] {
        let (stampede, hits) = ask(&format!("mode={mode}"));
        let (single, same_hits) = ask(&format!("mode={mode}; single_flight=yes"));
        // About 27 times expired in a minute.
        assert!((26..=29).contains(&single), "{mode}: {single}");
        assert!(
            stampede > 80 * single && stampede < 120 * single,
            "{mode}: {stampede}"
        );
        // Those who wait for somebody else's fetch have not hit either.
        assert!((hits - same_hits).abs() < 0.02, "{hits} {same_hits}");
    }
}

#[test]
fn when_the_fetcher_fails_another_fetches() {
    let mut plan = scenario(200.0, 20, read(Pick::Hottest));
    plan.faults.push(Fault {
        target: FaultTarget::Component(id("d")),
        ..fault(0, Some(5), FaultAction::Kill)
    });
    let report = run(&drawing("single_flight=yes", "latency_ms=10"), &plan, 3);
    // While the store is dead one a second asks it and fails, the others wait for their turn.
    let failed = page(&report).failed_total();
    assert!((4..=7).contains(&failed), "{failed}");
    assert!(arrived(&report, "d") <= 2, "{}", arrived(&report, "d"));
    let hits = column(&report, "k", Metric::HitRatio);
    assert!(hits[2] < 0.01 && hits[15] > 0.99, "{hits:?}");
}

#[test]
fn a_jitter_of_the_ttl_spreads_what_would_expire_at_once() {
    let worst = |params: &str| {
        let cache = format!("policy=ttl; ttl_secs=20;{params}");
        let mut plan = scenario(2_000.0, 60, read(Pick::Popular));
        plan.datasets[0].rows = 500;
        let report = run(&drawing(&cache, ""), &plan, 5);
        let hits = column(&report, "k", Metric::HitRatio);
        // After the cold start.
        hits[5..].iter().copied().fold(1.0, f64::min)
    };
    let (together, apart) = (worst(""), worst("ttl_jitter_percent=50"));
    assert!(together < 0.9, "{together}");
    assert!(apart > 0.96, "{apart}");
}

#[test]
fn a_cache_that_comes_back_is_cold() {
    let mut plan = scenario(500.0, 60, read(Pick::Popular));
    plan.datasets[0].zipf_alpha = 0.9;
    plan.faults.push(fault(30, Some(32), FaultAction::Kill));
    let report = run(&drawing("", ""), &plan, 6);
    let hits = column(&report, "k", Metric::HitRatio);
    assert!(
        hits[29] > 0.95 && hits[32] < 0.8 && hits[55] > 0.95,
        "{hits:?}"
    );
    // Meanwhile the server goes to the store itself.
    assert_eq!(column(&report, "k", Metric::Memory)[31], 0.0);
    assert!(column(&report, "d", Metric::Rate)[31] > 400.0);
    assert!(page(&report).failed_total() < 10);
}

#[test]
fn everything_expires_at_once() {
    let mut plan = scenario(500.0, 40, read(Pick::Popular));
    plan.datasets[0].zipf_alpha = 0.9;
    plan.faults.push(fault(30, None, FaultAction::Expire));
    let report = run(&drawing("", ""), &plan, 6);
    let hits = column(&report, "k", Metric::HitRatio);
    assert!(hits[29] > 0.95 && hits[30] < 0.8, "{hits:?}");
    let codes = report
        .events
        .iter()
        .filter(|e| e.code == EventCode::Expired);
    assert_eq!(codes.count(), 1);
    assert_eq!(page(&report).failed_total(), 0);
}

#[test]
fn memory_holds_as_many_rows_as_their_size_allows() {
    // 0.5 MiB: 3,196 rows of 100 bytes, or 469 of 1,054, each with 64 bytes beside it.
    for (bytes, fits) in [(100, 3_196.0), (1_054, 468.0)] {
        let mut plan = scenario(500.0, 100, read(Pick::Popular));
        plan.datasets[0].rows = 100_000;
        plan.datasets[0].row_bytes = bytes;
        plan.focus = Some(Window {
            from: ClockTime::from_secs(50),
            to: ClockTime::from_secs(100),
        });
        let report = run(&drawing("memory_mib=0.5", ""), &plan, 7);
        let items = measured(&report, "k", Measure::ItemsMean);
        assert!((items - fits).abs() < 2.0, "{items} {fits}");
        assert!(column(&report, "k", Metric::Memory)[99] > 0.99);
    }
}

#[test]
fn a_program_that_takes_memory_leaves_less_for_the_items() {
    let mut plan = scenario(500.0, 100, read(Pick::Popular));
    plan.datasets[0].rows = 2_000;
    plan.faults.push(fault(
        40,
        None,
        FaultAction::LeakMemory { mib_per_sec: 0.004 },
    ));
    let report = run(&drawing("memory_mib=0.32", ""), &plan, 7);
    let hits = column(&report, "k", Metric::HitRatio);
    assert!(hits[39] > 0.95 && hits[99] < 0.5, "{hits:?}");
}

#[test]
fn a_write_makes_the_cache_forget_and_the_writer_sees_it() {
    let mut plan = scenario(200.0, 30, write(Pick::Own));
    own_write(&mut plan, write(Pick::Own), read(Pick::Own), 0.1);
    for mode in ["aside", "through"] {
        let report = run(
            &drawing(&format!("mode={mode}"), "consistency=strong"),
            &plan,
            8,
        );
        assert_eq!(report.whole.operations[1].failed_total(), 0, "{mode}");
        assert_eq!(measured(&report, "k", Measure::StaleReads), 0.0);
        // A cache that is written through has the row; one that forgot it has to fetch it.
        let hits = measured(&report, "k", Measure::HitRatio);
        assert!(
            if mode == "aside" {
                hits < 0.2
            } else {
                hits > 0.95
            },
            "{mode}: {hits}"
        );
    }
}

#[test]
fn somebody_who_writes_past_the_cache_leaves_an_old_row_in_it() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         a server(vcpu=64; handles=look)
         w server(vcpu=64; handles=page)
         k cache(policy=ttl; ttl_secs=2)
         d key_value(read_units=1000000; write_units=1000000; consistency=strong)
         c > a
         c > w
         a > k
         a > d
         w > d",
    );
    let stale = |think: f64| {
        let mut plan = scenario(200.0, 60, write(Pick::Own));
        own_write(&mut plan, write(Pick::Own), read(Pick::Own), think);
        plan.datasets[0].rows = 20;
        let report = run(&drawing, &plan, 9);
        let look = &report.whole.operations[1];
        assert_eq!(look.failed_total(), look.failed_for(Reason::StaleRead));
        let counted = measured(&report, "k", Measure::StaleReads);
        assert!((counted - look.failed_for(Reason::StaleRead) as f64).abs() < 0.5);
        counted / look.offered as f64
    };
    // A row is old for up to 2 s after it was cached.
    let (soon, late) = (stale(0.2), stale(20.0));
    assert!(soon > 0.7, "{soon}");
    assert!(late < 0.25 * soon, "{late}");
}

#[test]
fn writes_that_wait_die_with_the_cache() {
    let mut plan = scenario(300.0, 20, write(Pick::Popular));
    plan.faults.push(fault(10, Some(11), FaultAction::Kill));
    let behind = run(&drawing("mode=behind; behind_ms=2000", ""), &plan, 10);
    // Everything of the last two seconds was acknowledged, and the store never got it.
    let lost = measured(&behind, "k", Measure::LostWrites);
    assert!((500.0..700.0).contains(&lost), "{lost}");
    let through = run(&drawing("mode=through", ""), &plan, 10);
    assert!(
        page(&through).failed_total() > 200,
        "nobody takes writes meanwhile"
    );
    // Those behind are faster, and several writes to one row are one for the store.
    assert!(page(&behind).latency_p50_ms < page(&through).latency_p50_ms - 3.0);
    plan.datasets[0].rows = 50;
    plan.faults.clear();
    let few = run(&drawing("mode=behind; behind_ms=2000", ""), &plan, 10);
    assert!(arrived(&few, "d") < 600, "{}", arrived(&few, "d"));
    assert!((4_000.0..8_000.0).contains(&(page(&few).good as f64)));
    assert_eq!(measured(&few, "k", Measure::LostWrites), 0.0);
    assert!(measured(&few, "k", Measure::LagBacklog) > 100.0);
}

#[test]
fn what_was_written_behind_is_read_from_the_cache_even_when_it_had_to_go() {
    let mut plan = scenario(200.0, 20, write(Pick::Own));
    own_write(&mut plan, write(Pick::Own), read(Pick::Own), 0.3);
    plan.datasets[0].rows = 1_000_000;
    let report = run(
        &drawing("mode=behind; behind_ms=5000; entries=2", ""),
        &plan,
        11,
    );
    assert!(measured(&report, "k", Measure::HitRatio) > 0.99);
    assert_eq!(report.whole.operations[1].failed_total(), 0);
}

#[test]
fn rows_are_spread_over_caches_and_the_loss_of_one_costs_its_share() {
    let two = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096)
         k cache
         l cache
         d key_value(read_units=1000000)
         c > s
         s > k
         s > l
         s > d",
    );
    let mut plan = scenario(1_000.0, 40, read(Pick::Popular));
    plan.faults.push(fault(20, None, FaultAction::Kill));
    let report = run(&two, &plan, 12);
    let (k, l) = (arrived(&report, "k"), arrived(&report, "l"));
    assert!(k + l > 29_000 && l > 15_000, "{k} {l}");
    let store = column(&report, "d", Metric::Rate);
    assert!(store[18] < 5.0, "{}", store[18]);
    assert!((400.0..600.0).contains(&store[30]), "{}", store[30]);
}

#[test]
fn another_program_on_the_cache_slows_it_down() {
    let mut plan = scenario(600.0, 40, read(Pick::Popular));
    plan.faults
        .push(fault(20, None, FaultAction::HogCpu { cores: 3.0 }));
    let report = run(&drawing("operation_us=400; latency_ms=0", ""), &plan, 13);
    let busy = column(&report, "k", Metric::Utilisation);
    assert!(
        (0.2..0.35).contains(&busy[15]) && (0.85..=1.0).contains(&busy[35]),
        "{busy:?}"
    );
}

/// Whoever misses reads the store; before what it read is in the cache, somebody else writes and makes the
/// cache forget. The old row comes in afterwards, and nobody knows.
#[test]
fn an_old_row_that_comes_in_after_a_write_stays() {
    let stale = |place: &str| {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             far region(place={place})
             a server(vcpu=64; handles=look) in far
             w server(vcpu=64; handles=page)
             k cache(policy=ttl; ttl_secs=5)
             d key_value(read_units=1000000; write_units=1000000; consistency=strong)
             c > a
             c > w
             a > k
             a > d
             w > k
             w > d"
        ));
        let mut plan = scenario(100.0, 60, write(Pick::Own));
        own_write(&mut plan, write(Pick::Own), read(Pick::Own), 0.1);
        plan.datasets[0].rows = 10;
        let report = run(&drawing, &plan, 14);
        measured(&report, "k", Measure::StaleReads)
    };
    // Every write is followed by its own forgetting, yet from Tokyo the row is 16 ms on its way.
    assert_eq!(stale("seoul"), 0.0);
    assert!(stale("tokyo") > 100.0, "{}", stale("tokyo"));
}

#[test]
fn a_database_behind_a_cache_gets_the_misses_alone() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096; db_pool=100)
         k cache(mode=aside)
         d database
         c > s
         s > k
         s > d",
    );
    let mut plan = scenario(200.0, 60, write(Pick::Own));
    own_write(&mut plan, write(Pick::Own), read(Pick::Own), 0.5);
    plan.operations.push(Operation {
        id: id("again"),
        demand: read(Pick::Own),
        ..plan.operations[0].clone()
    });
    let again = JourneyStep {
        operation: id("again"),
        ..plan.journeys[0].steps[1].clone()
    };
    plan.journeys[0].steps.push(again);
    plan.datasets[0].rows = 1_000_000;
    let report = run(&drawing, &plan, 15);
    let operations = &report.whole.operations;
    assert_eq!(operations.iter().map(|o| o.failed_total()).sum::<u64>(), 0);
    // One write, one miss, one hit for each visitor.
    let (all, store) = (operations[0].offered, arrived(&report, "d"));
    assert!(
        store > all * 19 / 10 && store < all * 21 / 10,
        "{all} {store}"
    );
    let hits = measured(&report, "k", Measure::HitRatio);
    assert!((0.48..0.52).contains(&hits), "{hits}");
}

#[test]
fn a_cache_that_writes_through_to_a_database_keeps_what_the_database_has() {
    for (mode, lost) in [("through", false), ("behind", true)] {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=1000; memory_gib=4096; db_pool=100)
             k cache(mode={mode}; behind_ms=1000)
             d database(vcpu=16)
             c > s
             s > k
             k > d"
        ));
        let mut plan = scenario(200.0, 40, write(Pick::Own));
        own_write(&mut plan, write(Pick::Own), read(Pick::Own), 0.5);
        plan.datasets[0].rows = 1_000_000;
        let calm = run(&drawing, &plan, 16);
        let failed: u64 = calm.whole.operations.iter().map(|o| o.failed_total()).sum();
        assert_eq!(failed, 0, "{mode}");
        assert!(measured(&calm, "k", Measure::HitRatio) > 0.99, "{mode}");
        plan.faults.push(fault(20, Some(21), FaultAction::Kill));
        let broken = run(&drawing, &plan, 16);
        let writes = broken.components.iter().find(|c| c.id == id("k"));
        let writes = writes.and_then(|c| c.measures.iter().find(|m| m.0 == Measure::LostWrites));
        let writes = writes.map_or(0.0, |m| m.1);
        assert_eq!(writes > 100.0, lost, "{mode}: {writes}");
    }
}

/// Askers who have given up must not be sent to fetch: each would cost the others another second.
#[test]
fn only_who_still_waits_is_sent_to_fetch() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=100000; memory_gib=4096; call_timeout_ms=700)
         k cache(single_flight=yes)
         d key_value(read_units=1000000; latency_ms=5)
         c > s
         s > k
         s > d",
    );
    let mut plan = scenario(200.0, 20, read(Pick::Hottest));
    plan.faults.push(Fault {
        target: FaultTarget::Component(id("d")),
        ..fault(0, Some(5), FaultAction::Kill)
    });
    let report = run(&drawing, &plan, 17);
    let hits = column(&report, "k", Metric::HitRatio);
    assert!(hits[7] > 0.99, "{hits:?}");
}
