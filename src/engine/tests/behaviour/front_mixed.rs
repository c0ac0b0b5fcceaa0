//! All that stands in front in any order, under all that can break, by chance: nothing is lost or counted
//! twice, and a run is the same however it is cut.

use archplay_engine::{Budget, Run};
use archplay_kernel::mix;
use archplay_model::scenario::{Demand, Fault, FaultAction, FaultTarget, Refresh, State};
use archplay_model::{ClockTime, Design, Kind, LinkKey, Place, Scenario};

use crate::support::{compute, design, read, run, scenario};

/// Draws for one case.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = mix(self.0, 1);
        (self.0 >> 16) as usize % n
    }

    fn any<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

fn gate(chance: &mut Chance) -> String {
    let algorithm = chance.any(&[
        "round_robin",
        "least_outstanding",
        "power_of_two",
        "random",
        "shortest_line",
        "weighted",
    ]);
    match chance.below(6) {
        0 => format!(
            "load_balancer(algorithm={algorithm}; health_interval_secs=5; idle_timeout_secs=2; sticky={}; slow_start_secs={}; fail_open={})",
            chance.any(&["no", "yes"]),
            chance.any(&["0", "20"]),
            chance.any(&["no", "yes"]),
        ),
        1 => format!(
            "cdn(ttl_secs={}; origin_timeout_secs=2; cacheable={})",
            chance.any(&["0", "1", "20"]),
            chance.any(&["static", "static_and_reads"]),
        ),
        2 => format!(
            "rate_limiter(rate_per_sec=20; burst=5; per={})",
            chance.any(&["all", "visitor"])
        ),
        3 => "api_gateway(rate_per_sec=30; burst=10; integration_timeout_secs=1)".into(),
        4 => format!(
            "waiting_room(mode={}; rate_per_sec=10; ceiling=15; poll_secs=2; poll_limit_per_sec=40; keep_position={}; early_draw={}; opens={}; admitted_secs=10)",
            chance.any(&["rate", "ceiling"]),
            chance.any(&["yes", "no"]),
            chance.any(&["yes", "no"]),
            chance.any(&["", "00:00:20=1"]),
        ),
        _ => format!("load_balancer(algorithm={algorithm}; health_interval_secs=5; drain_secs=1)"),
    }
}

/// Client, perhaps a name, up to three gates one behind the other, twice, and stations.
fn drawing(chance: &mut Chance) -> Design {
    let mut text = String::from("c client(access_rtt_ms=4)\n");
    let mut heads = Vec::new();
    for side in 0..2 {
        let mut before: Option<String> = None;
        let depth = 1 + chance.below(3);
        for level in 0..depth {
            let mut kind = gate(chance);
            while level > 0 && kind.starts_with("cdn") {
                kind = gate(chance);
            }
            let name = format!("g{side}{level}");
            text.push_str(&format!("{name} {kind}\n"));
            match &before {
                Some(before) => text.push_str(&format!("{before} > {name}\n")),
                None => heads.push(name.clone()),
            }
            before = Some(name);
        }
        for i in 0..2 {
            let name = format!("s{side}{i}");
            text.push_str(&format!(
                "{name} station(workers=2; service_ms=60; queue_capacity=20)\n"
            ));
            text.push_str(&format!(
                "{} > {name}\n",
                before.clone().unwrap_or_default()
            ));
        }
    }
    if chance.below(2) == 0 {
        let policy = chance.any(&[
            "simple",
            "weighted",
            "latency",
            "geolocation",
            "failover",
            "multivalue",
        ]);
        let check = chance.any(&["none", "shallow", "deep"]);
        let resolvers = chance.any(&["0", "20"]);
        text.push_str(&format!(
            "d dns(policy={policy}; check={check}; check_interval_secs=3; ttl_secs=5; resolvers={resolvers}; check_timeout_secs=1)\nc > d\n"
        ));
        for head in &heads {
            text.push_str(&format!("d > {head}\n"));
        }
    } else {
        for head in &heads {
            text.push_str(&format!("c > {head}\n"));
        }
    }
    design(&text)
}

fn crowd(chance: &mut Chance, drawing: &Design) -> Scenario {
    let read = read("product");
    let files = Demand::Static {
        bytes: 1_000,
        objects: 3,
    };
    let mut crowd = scenario(30.0, 60, Demand::Seq(vec![compute(1.0), read, files]));
    let step = crowd.journeys[0].steps[0].clone();
    crowd.journeys[0].steps = vec![step; 3];
    crowd.journeys[0].steps[1].think_secs = 1.0;
    crowd.journeys[0].steps[2].gives = Some(State::OwnWrite);
    crowd.audiences[0].timeout_secs = 4.0;
    crowd.audiences[0].refresh = Refresh {
        probability: 0.7,
        max: 3,
        delay_secs: 1.0,
        ..Refresh::default()
    };
    let names: Vec<_> = drawing.components.keys().cloned().collect();
    let links: Vec<LinkKey> = drawing.links.keys().cloned().collect();
    for _ in 0..4 {
        let at = 5 + chance.below(40) as u32;
        let target = match chance.below(6) {
            0 => FaultTarget::Link(links[chance.below(links.len())].clone()),
            1 => FaultTarget::Place(Place::Seoul),
            2 => FaultTarget::Kind(Kind::LoadBalancer),
            _ => FaultTarget::Component(names[chance.below(names.len())].clone()),
        };
        let action = match chance.below(6) {
            0 => FaultAction::Cut,
            1 => FaultAction::Lose { share: 0.3 },
            2 => FaultAction::Slow { factor: 5.0 },
            3 => FaultAction::Expire,
            4 => FaultAction::FailResolver,
            _ => FaultAction::Kill,
        };
        crowd.faults.push(Fault {
            at: ClockTime::from_secs(at),
            until: (chance.below(2) == 0 && action != FaultAction::Expire)
                .then(|| ClockTime::from_secs(at + 8)),
            action,
            target,
        });
    }
    crowd.faults.sort_by_key(|fault| fault.at);
    crowd
}

#[test]
fn nothing_is_lost_in_any_order_under_any_fault() {
    let mut good = 0;
    for case in 0..150_u64 {
        let mut chance = Chance(mix(case, 7));
        let drawing = drawing(&mut chance);
        let crowd = crowd(&mut chance, &drawing);
        let report = run(&drawing, &crowd, case);
        good += report.whole.operations[0].good;
    }
    assert!(good > 50_000, "{good}: most of it works");
}

#[test]
fn a_run_is_the_same_however_it_is_cut() {
    for case in 0..12_u64 {
        let mut chance = Chance(mix(case, 9));
        let drawing = drawing(&mut chance);
        let crowd = crowd(&mut chance, &drawing);
        let whole = run(&drawing, &crowd, case);
        let Ok(mut cut) = Run::compile(&drawing, &crowd, case) else {
            panic!("case {case} does not compile");
        };
        let mut budget = Budget {
            until_ns: u64::MAX,
            max_events: 1,
        };
        while !cut.advance(budget).done {
            budget.max_events = 1 + chance.below(200) as u64;
            if chance.below(4) == 0 {
                cut = cut.clone();
            }
        }
        assert_eq!(
            format!("{:?}", cut.report()),
            format!("{whole:?}"),
            "case {case}"
        );
    }
}
