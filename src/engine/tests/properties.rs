//! Properties of every run: nothing is lost, Little's law holds, slices do not matter, same bytes.

mod server_support;
mod support;

use archplay_engine::{Budget, Run, simulate};
use archplay_model::catalogue::{self, ParamKind};
use archplay_model::scenario::{Demand, FaultAction, FaultTarget, Refresh};
use archplay_model::{Component, Design, Id, Kind, Link, LinkKey, Place, Value, link_rule};
use proptest::prelude::*;
use server_support::read;
use support::{compute, design, id, scenario, with_admin};

/// A kind, a parent, and for each parameter whether and where in its range it is set.
type Box = (u8, u8, Vec<(u8, f64)>);

fn random_design(boxes: &[Box], links: &[(u8, u8)]) -> Design {
    let mut design = Design::default();
    let mut ids: Vec<Id> = Vec::new();
    for (kind, parent, params) in boxes {
        let kind = Kind::ALL[*kind as usize % Kind::ALL.len()];
        let mut component = Component::new(design.free_id(kind), kind, 0.0, 0.0);
        let outer = ids.get(*parent as usize).and_then(|id| design.get(id));
        component.parent = outer
            .filter(|o| kind.may_be_in(Some(o.kind)))
            .map(|outer| outer.id.clone());
        for (spec, (set, at)) in catalogue::params(kind).iter().zip(params) {
            if *set > 1 {
                continue;
            }
            let value = match spec.kind {
                ParamKind::Number {
                    min, max, integer, ..
                } => {
                    // Towards the low end, where things break, and now and then at the very ends.
                    let value = if *at < 0.05 {
                        min
                    } else {
                        {
                            let low = at * at * at;
                            min + (max - min) * low * low * low
                        }
                    };
                    Value::Number(if integer { value.floor() } else { value })
                }
                ParamKind::Choice { options, .. } => {
                    Value::Text(options[(at * 0.999 * options.len() as f64) as usize].into())
                }
                ParamKind::Names(_) => continue,
                ParamKind::Weights | ParamKind::Indexes => continue,
                ParamKind::Schedule => Value::Text("00:01=1, 00:02=0".into()),
            };
            component.params.insert(spec.key.into(), value);
        }
        ids.push(component.id.clone());
        design.components.insert(component.id.clone(), component);
    }
    // The last two are a client and a server: linked, so that most designs can run.
    let last = ids.len() as u8;
    for (from, to) in links.iter().chain(&[(last - 2, last - 1)]) {
        let from = &ids[*from as usize % ids.len()];
        let to = &ids[*to as usize % ids.len()];
        let kinds = (design.components[from].kind, design.components[to].kind);
        if from != to && link_rule(kinds.0, kinds.1).is_ok() {
            design
                .links
                .insert(LinkKey::new(from.clone(), to.clone()), Link::default());
        }
    }
    design
}

fn shop(rate: f64) -> archplay_model::Scenario {
    let demand = Demand::Seq(vec![
        compute(10.0),
        Demand::Transaction(vec![
            read("product"),
            compute(2.0),
            Demand::Write {
                dataset: id("product"),
                key: Default::default(),
            },
        ]),
        Demand::Static {
            bytes: 200_000,
            objects: 4,
        },
    ]);
    let mut load = with_admin(scenario(rate, 180, demand), 5.0);
    load.audiences[0].timeout_secs = 4.0;
    load.audiences[0].refresh = Refresh {
        probability: 0.7,
        max: 3,
        delay_secs: 1.0,
        ..Refresh::default()
    };
    let fault = |at, action, target| server_support::fault(at, None, action, target);
    load.faults = vec![
        fault(40, FaultAction::Kill, FaultTarget::OneServer),
        fault(80, FaultAction::Kill, FaultTarget::Place(Place::Seoul)),
        fault(110, FaultAction::Restore, FaultTarget::Place(Place::Seoul)),
    ];
    load
}

fn boxes() -> impl Strategy<Value = Vec<Box>> {
    let params = proptest::collection::vec((0_u8..6, 0.0..1.0_f64), 14);
    proptest::collection::vec((any::<u8>(), 0_u8..14, params), 1..14).prop_map(|mut list| {
        list.push((0, 255, Vec::new()));
        list.push((3, 255, Vec::new()));
        list
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Every random design runs to the end or is refused by the checker with a place; nothing is lost.
    #[test]
    fn random_designs(
        boxes in boxes(),
        links in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..40),
        rate in 1.0..150.0_f64,
        seed in any::<u64>(),
    ) {
        let design = random_design(&boxes, &links);
        let load = shop(rate);
        match Run::compile(&design, &load, seed) {
            Err(problems) => prop_assert!(!problems.is_empty()),
            Ok(mut run) => {
                let mut slices = 0;
                while !run.advance(Budget { until_ns: u64::MAX, max_events: 100_000 }).done {
                    slices += 1;
                    prop_assert!(slices < 1_000, "it ends");
                }
                prop_assert_eq!(run.check_conservation(), Ok(()));
                let rows = run.rows_total();
                prop_assert_eq!(run.table().rows(), rows);
                for (i, key) in run.table().keys.iter().enumerate() {
                    use archplay_report::Metric as M;
                    for value in run.table().column(i).filter(|v| !v.is_nan()) {
                        prop_assert!(value >= 0.0 && value.is_finite(), "{key:?} {value}");
                        if matches!(key.metric, M::Utilisation | M::Workers | M::Nic | M::HitRatio) {
                            prop_assert!(value <= 1.0, "{key:?} {value}");
                        }
                    }
                }
            }
        }
    }
}

fn sample() -> Design {
    design(
        "c client
         e cdn
         b load_balancer(algorithm=power_of_two; health_interval_secs=5)
         g auto_scaling_group(min=1; max=5; desired=2; policy=target_tracking; period_secs=10; boot_secs=20)
         s server in g
         d database(max_connections=25)
         c > b
         c > e
         e > b
         b > s
         s > d",
    )
}

#[test]
fn slices_do_not_matter() {
    let (design, load) = (sample(), shop(90.0));
    let whole = simulate(&design, &load, 5).map(|report| report.to_json());
    for (events, step_ns) in [(1, u64::MAX), (777, u64::MAX), (u64::MAX, 333_333_333)] {
        let Ok(mut run) = Run::compile(&design, &load, 5) else {
            panic!("it compiles")
        };
        let mut until = step_ns;
        while !run
            .advance(Budget {
                until_ns: until,
                max_events: events,
            })
            .done
        {
            until = until.saturating_add(step_ns);
        }
        assert_eq!(Ok(run.report().to_json()), whole, "{events} {step_ns}");
    }
}

#[test]
fn a_clone_goes_on_by_itself() {
    let Ok(mut run) = Run::compile(&sample(), &shop(90.0), 5) else {
        panic!("it compiles")
    };
    run.advance(Budget {
        until_ns: 70_000_000_000,
        max_events: u64::MAX,
    });
    let mut copy = run.clone();
    let to_end = |run: &mut Run| {
        while !run
            .advance(Budget {
                until_ns: u64::MAX,
                max_events: u64::MAX,
            })
            .done
        {}
        run.report().to_json()
    };
    assert_eq!(to_end(&mut run), to_end(&mut copy));
}

#[test]
fn another_seed_gives_other_numbers() {
    let run = |seed| simulate(&sample(), &shop(90.0), seed).map(|report| report.whole);
    assert_ne!(run(1), run(2));
    assert_eq!(run(1), run(1));
}
