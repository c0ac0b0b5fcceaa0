//! Whatever breaks, and whenever: nothing is lost in the books of any store, and how a run is cut into slices
//! does not show.

use archplay_engine::{Budget, Run};
use archplay_kernel::mix;
use archplay_model::scenario::{
    Consistency, Demand, Fault, FaultAction, FaultTarget, Filter, FilterOp, OnConflict, Pick,
};
use archplay_model::{ClockTime, Scenario};

use crate::support::{design, id, run, scenario};

const DRAWING: &str = "c client
    s server(vcpu=8; workers=100; memory_gib=16; call_timeout_ms=400; retries=1; propagate_deadline=yes)
    t server(vcpu=8; workers=100; memory_gib=16; handles=late)
    k cache(holds=product; mode=aside; ttl_secs=3; ttl_jitter_percent=30; single_flight=yes; shards=2; entries=100)
    l cache(holds=order; mode=behind; behind_ms=700; policy=lfu; sliding=yes; ttl_secs=5)
    m cache(holds=stock; mode=through; policy=lfu_perfect; memory_mib=0.01; single_flight=yes)
    d database(holds=product)
    v key_value(holds=order; write_units=200; burst_secs=1)
    w key_value(holds=stock; copy_lag_ms=300)
    x search(holds=product; refresh_secs=0.5)
    o object_store(holds=photo; rate_per_sec=60)
    n graph_store(holds=friend; vcpu=1; lookup_cpu_ms=5)
    g id_generator(rate_per_sec=2000)
    c > s
    c > o
    s > t
    s > k
    s > l
    s > m
    s > d
    s > v
    s > w
    s > x
    s > o
    s > n
    s > g
    l > v
    m > w
    x > d";

fn read(dataset: &str, key: Pick, op: Option<FilterOp>) -> Demand {
    let filter = |op| Filter {
        column: id("name"),
        op,
        selectivity: 0.1,
    };
    Demand::Read {
        dataset: id(dataset),
        rows: 2,
        filters: op.map(filter).into_iter().collect(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key,
    }
}

fn write(dataset: &str) -> Demand {
    Demand::Write {
        dataset: id(dataset),
        key: Pick::Popular,
    }
}

fn plan(seed: u64) -> Scenario {
    let everything = Demand::Seq(vec![
        Demand::Static {
            bytes: 50_000,
            objects: 2,
        },
        read("product", Pick::Popular, None),
        read("product", Pick::Hottest, Some(FilterOp::Contains)),
        Demand::Optional(Box::new(Demand::Seq(vec![
            Demand::NextId {
                dataset: id("order"),
            },
            Demand::Insert {
                dataset: id("order"),
                on_conflict: OnConflict::Error,
            },
        ]))),
        write("order"),
        read("order", Pick::Own, None),
        Demand::Par {
            wait_for: Some(2),
            demands: vec![
                read("friend", Pick::Fresh, None),
                read("stock", Pick::Popular, None),
                read("photo", Pick::Popular, None),
            ],
        },
        Demand::Reserve {
            dataset: id("stock"),
            amount: 1,
            key: Pick::Popular,
            read_then_write: seed.is_multiple_of(2),
        },
        write("product"),
    ]);
    let mut plan = scenario(60.0, 25, everything);
    plan.audiences[0].timeout_secs = 2.0;
    let first = plan.datasets[0].clone();
    for name in ["order", "stock", "photo", "friend"] {
        plan.datasets.push(archplay_model::scenario::Dataset {
            id: id(name),
            zipf_alpha: 0.8,
            stock: (name == "stock").then_some(20),
            ..first.clone()
        });
    }
    let targets = ["k", "l", "m", "d", "v", "w", "x", "o", "n", "g", "s"];
    for i in 0..8 {
        let draw = |purpose| mix(mix(seed, i), purpose);
        let action = match draw(1) % 9 {
            0..3 => FaultAction::Kill,
            3 => FaultAction::Slow { factor: 20.0 },
            4 => FaultAction::Expire,
            5 => FaultAction::HogCpu { cores: 5.0 },
            6 => FaultAction::StepClock { ms: -1_500.0 },
            7 => FaultAction::LeakMemory { mib_per_sec: 0.01 },
            _ => FaultAction::Cut,
        };
        let at = draw(2) % 18;
        plan.faults.push(Fault {
            at: ClockTime::from_secs(at as u32),
            until: (action != FaultAction::Expire)
                .then(|| ClockTime::from_secs((at + 1 + draw(3) % 5) as u32)),
            action,
            target: FaultTarget::Component(id(targets[(draw(4) % 11) as usize])),
        });
    }
    plan
}

#[test]
fn nothing_is_lost_whatever_breaks() {
    let drawing = design(DRAWING);
    for seed in 0..40 {
        let report = run(&drawing, &plan(seed), seed);
        assert!(report.whole.operations[0].good > 100, "{seed}");
    }
}

#[test]
fn slices_do_not_show() {
    let drawing = design(DRAWING);
    for seed in 0..4 {
        let plan = plan(seed);
        let whole = run(&drawing, &plan, seed);
        let mut cut = Run::compile(&drawing, &plan, seed).unwrap_or_else(|p| panic!("{p:?}"));
        let budget = Budget {
            until_ns: u64::MAX,
            max_events: 997,
        };
        while !cut.advance(budget).done {
            // A copy goes on as the original would.
            cut = cut.clone();
        }
        let [a, b] = [whole, cut.report()].map(|r| serde_json::to_string(&r).unwrap_or_default());
        assert!(a == b, "seed {seed}");
    }
}
