//! Faults that hold at the same time: the strongest counts, and what holds ends with the last of them. Kills of what
//! is around a component do not live here.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Demand, Fault, FaultAction, FaultTarget, Scenario};
use archplay_model::{ClockTime, Kind, LinkKey};
use archplay_report::{EventCode, Metric, Subject};

use crate::support::{compute, design, id, near, scenario};

fn fault(action: FaultAction, target: FaultTarget, (at, until): (u32, u32)) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: Some(ClockTime::from_secs(until)),
        action,
        target,
    }
}

fn component(name: &str) -> FaultTarget {
    FaultTarget::Component(id(name))
}

fn run(drawing: &str, load: &Scenario) -> Run {
    let mut run = Run::compile(&design(drawing), load, 1).unwrap();
    run.advance(Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    });
    assert_eq!(run.check_conservation(), Ok(()));
    run
}

fn mean(run: &Run, subject: &Subject, metric: Metric, from: u32, to: u32) -> f64 {
    let table = run.table();
    let column = table.find(subject, metric).unwrap();
    archplay_report::column_mean(table, column, from, to).unwrap()
}

fn good(run: &Run, from: u32, to: u32) -> f64 {
    mean(run, &Subject::System, Metric::Good, from, to)
}

/// 50 requests in a second, impatient, for two minutes; good ones before, between and after two faults: the strong
/// one from 20 to 80 s and the weak one from 40 to 60 s, or the other way round.
fn nested(
    drawing: &str,
    demand: Demand,
    strong: (FaultAction, FaultTarget),
    weak: (FaultAction, FaultTarget),
) {
    let mut load = scenario(50.0, 120, demand);
    load.audiences[0].timeout_secs = 0.5;
    let (long, short) = ((20, 80), (40, 60));
    let of =
        |(action, target): &(FaultAction, FaultTarget), when| fault(*action, target.clone(), when);
    load.faults = vec![of(&strong, long), of(&weak, short)];
    let what = format!("{:?} and {:?}", strong.0, weak.0);
    let held = run(drawing, &load);
    assert!(good(&held, 5, 20) > 45.0, "{what} before");
    for (from, to) in [(22, 40), (42, 60), (62, 80)] {
        assert!(good(&held, from, to) < 25.0, "{what} from {from} s");
    }
    assert!(good(&held, 100, 120) > 45.0, "{what} after");
    // The strong one inside the weak one, or both as strong and one after the other: it ends with the second.
    load.faults = vec![of(&strong, (20, 60)), of(&(strong.0, weak.1), (40, 80))];
    let held = run(drawing, &load);
    for (from, to) in [(22, 40), (42, 60), (62, 80)] {
        assert!(good(&held, from, to) < 25.0, "{what} twice, from {from} s");
    }
    assert!(good(&held, 100, 120) > 45.0, "{what} twice, after");
}

#[test]
fn the_end_of_one_is_not_that_of_another() {
    let server = "c client(access_rtt_ms=0)\ns server(vcpu=2)\nc > s";
    let servers = || FaultTarget::Kind(Kind::Server);
    let (all, one) = (
        FaultAction::HogCpu { cores: 800.0 },
        FaultAction::HogCpu { cores: 0.1 },
    );
    nested(
        server,
        compute(10.0),
        (all, component("s")),
        (one, servers()),
    );
    nested(
        server,
        compute(10.0),
        (all, component("s")),
        (one, FaultTarget::OneServer),
    );
    let (slow, less) = (
        FaultAction::Slow { factor: 100.0 },
        FaultAction::Slow { factor: 1.5 },
    );
    let station = "c client\ns station(workers=0; service_ms=10; service=constant)\nc > s";
    let stations = || FaultTarget::Kind(Kind::Station);
    nested(
        station,
        compute(10.0),
        (slow, component("s")),
        (less, stations()),
    );
    let fill = FaultAction::FillDisk;
    nested(
        server,
        compute(10.0),
        (fill, component("s")),
        (fill, servers()),
    );
    nested(
        server,
        compute(10.0),
        (fill, servers()),
        (fill, FaultTarget::OneServer),
    );
    let link = || FaultTarget::Link(LinkKey::new(id("c"), id("s")));
    nested(
        server,
        compute(10.0),
        (FaultAction::Cut, link()),
        (FaultAction::Cut, component("s")),
    );
    let (most, some) = (
        FaultAction::Lose { share: 0.95 },
        FaultAction::Lose { share: 0.01 },
    );
    nested(
        server,
        compute(10.0),
        (most, link()),
        (some, component("s")),
    );
}

/// What leaks faster ends earlier and gives back what it has taken: the slower leak goes on.
#[test]
fn a_leak_goes_on_when_another_has_ended() {
    let leak = |mib_per_sec, when| {
        fault(
            FaultAction::LeakMemory { mib_per_sec },
            component("s"),
            when,
        )
    };
    let mut load = scenario(1.0, 120, compute(1.0));
    let memory = |load: &Scenario, at: u32| {
        let held = run("c client\ns server(vcpu=2; memory_gib=4)\nc > s", load);
        mean(
            &held,
            &Subject::Component(id("s")),
            Metric::Memory,
            at,
            at + 1,
        ) * 4096.0
    };
    let empty = memory(&load, 70);
    load.faults = vec![leak(5.0, (20, 100)), leak(10.0, (40, 60))];
    near(memory(&load, 39) - empty, 98.0, 0.1, "the first alone");
    near(
        memory(&load, 50) - empty,
        205.0,
        0.1,
        "faster, from what there was",
    );
    near(
        memory(&load, 80) - empty,
        250.0,
        0.1,
        "the first alone again",
    );
    near(memory(&load, 110), empty, 0.05, "none");
}

#[test]
fn each_kill_of_one_ends_for_its_own() {
    let drawing =
        "c client\nb load_balancer\ns1 server\ns2 server\ns3 server\nc > b\nb > s1\nb > s2\nb > s3";
    for (first, second, between, after) in [
        ((20, 80), (40, 50), 2.0, 2.0),
        ((20, 50), (40, 80), 2.0, 2.0),
    ] {
        let mut load = scenario(60.0, 120, compute(2.0));
        let kill = |when| fault(FaultAction::Kill, FaultTarget::OneServer, when);
        load.faults = vec![kill(first), kill(second)];
        let held = run(drawing, &load);
        let up = |from, to| {
            let of = |name| {
                mean(
                    &held,
                    &Subject::Component(id(name)),
                    Metric::Instances,
                    from,
                    to,
                )
            };
            ["s1", "s2", "s3"].map(of)
        };
        assert_eq!(up(25, 38), [0.0, 1.0, 1.0]);
        assert_eq!(up(42, 48), [0.0, 0.0, 1.0]);
        let left: f64 = up(55, 75).iter().sum();
        assert_eq!((left, up(55, 75)[2]), (between, 1.0));
        assert_eq!(up(55, 75)[0], f64::from(u8::from(first.1 == 50)), "its own");
        assert_eq!(up(85, 115).iter().sum::<f64>(), after + 1.0);
    }
}

/// A kill of one instance and a kill of all: the end of neither is that of the other.
#[test]
fn one_stays_dead_when_all_are_back() {
    let drawing = "c client
         g auto_scaling_group(min=2; max=2; desired=2; boot_secs=1; period_secs=3600)
         s server(vcpu=4) in g
         b load_balancer
         c > b
         b > s";
    let mut load = scenario(50.0, 120, compute(2.0));
    load.audiences[0].timeout_secs = 0.5;
    let up = |load: &Scenario, from, to| {
        let held = run(drawing, load);
        mean(
            &held,
            &Subject::Component(id("s")),
            Metric::Instances,
            from,
            to,
        )
    };
    let (one, all) = (FaultTarget::OneServer, component("s"));
    let kill = |target: &FaultTarget, when| fault(FaultAction::Kill, target.clone(), when);
    load.faults = vec![kill(&one, (20, 90)), kill(&all, (40, 60))];
    assert_eq!(up(&load, 25, 38), 1.0);
    assert_eq!(up(&load, 42, 58), 0.0);
    assert_eq!(up(&load, 62, 88), 1.0, "all but one");
    assert_eq!(up(&load, 92, 118), 2.0);
    load.faults = vec![kill(&one, (20, 60)), kill(&all, (40, 90))];
    assert_eq!(up(&load, 62, 88), 0.0, "all are dead");
    assert_eq!(up(&load, 92, 118), 2.0);
}

/// The log says that a fault begins only where it does something.
#[test]
fn what_does_nothing_is_not_noted() {
    let drawing = "c client\nb load_balancer\ns server\nk cache(shards=2)\nc > b\nb > s\ns > k";
    let began = |action, target| {
        let mut load = scenario(1.0, 60, compute(1.0));
        load.faults = vec![fault(action, target, (20, 40))];
        let held = run(drawing, &load);
        let of = |code| {
            let list = held.events().iter().filter(|event| event.code == code);
            list.map(|event| event.id.to_string()).collect::<Vec<_>>()
        };
        let began = of(EventCode::FaultBegan);
        assert_eq!(began, of(EventCode::FaultEnded));
        began
    };
    let shard = |shard| FaultAction::KillShard { shard };
    assert_eq!(began(shard(9), component("k")), [""; 0]);
    assert_eq!(began(shard(2), component("k")), ["k"]);
    assert_eq!(began(FaultAction::FillDisk, component("b")), [""; 0]);
    let everywhere = || FaultTarget::Place(archplay_model::Place::Seoul);
    assert_eq!(began(FaultAction::FillDisk, everywhere()), ["s"]);
    assert_eq!(began(FaultAction::Cut, FaultTarget::OneServer), [""; 0]);
    assert_eq!(began(FaultAction::Cut, component("s")), ["s"]);
}

/// By hand what is done later takes the place of what was done before; mending ends everything.
#[test]
fn by_hand_the_last_counts() {
    let load = scenario(50.0, 120, compute(5.0));
    let mut run = Run::compile(&design("c client\ns server(vcpu=4)\nc > s"), &load, 1).unwrap();
    for (until, factor) in [(30, Some(20.0)), (60, Some(1.2)), (90, None)] {
        run.advance(Budget {
            until_ns: until * 1_000_000_000,
            max_events: u64::MAX,
        });
        let action = factor.map_or(FaultAction::Restore, |factor| FaultAction::Slow { factor });
        run.intervene(action, component("s"));
    }
    run.advance(Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    });
    let busy = |from, to| {
        mean(
            &run,
            &Subject::Component(id("s")),
            Metric::Utilisation,
            from,
            to,
        )
    };
    assert!(busy(31, 60) > 0.95, "slow");
    near(busy(75, 90), 1.2 * busy(5, 30), 0.15, "less slow");
    near(busy(100, 120), busy(5, 30), 0.15, "mended");
}
