//! Mending by hand ends whatever was done, and several interventions of one moment all happen.

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{ClockTime, LinkKey};
use archplay_report::Metric;

use crate::support::{compute, design, id, near, scenario};

fn until(run: &mut Run, secs: u64) {
    run.advance(Budget {
        until_ns: secs * 1_000_000_000,
        max_events: u64::MAX,
    });
}

#[test]
fn mending_ends_whatever_was_done() {
    let drawing = design("c client\ns server(vcpu=4)\nc > s");
    for action in [
        FaultAction::Kill,
        FaultAction::Slow { factor: 8.0 },
        FaultAction::HogCpu { cores: 400.0 },
        FaultAction::FillDisk,
        FaultAction::Lose { share: 0.9 },
        FaultAction::Cut,
    ] {
        let mut load = scenario(50.0, 120, compute(20.0));
        load.audiences[0].timeout_secs = 0.5;
        let mut run = Run::compile(&drawing, &load, 1).unwrap();
        until(&mut run, 30);
        let target = match action {
            FaultAction::Lose { .. } | FaultAction::Cut => {
                FaultTarget::Link(LinkKey::new(id("c"), id("s")))
            }
            _ => FaultTarget::Component(id("s")),
        };
        run.intervene(action, target.clone());
        until(&mut run, 60);
        run.intervene(FaultAction::Restore, target);
        until(&mut run, 120);
        assert_eq!(run.check_conservation(), Ok(()));
        let table = run.table();
        let column = table
            .find(&archplay_report::Subject::System, Metric::Good)
            .unwrap();
        let mean = |from, to| archplay_report::column_mean(table, column, from, to).unwrap();
        assert!(mean(40, 60) < 0.7 * mean(5, 30), "{action:?} hurts");
        near(
            mean(90, 120),
            mean(5, 30),
            0.1,
            &format!("{action:?} is over"),
        );
    }
}

#[test]
fn two_of_one_moment_both_happen() {
    let drawing = design("c client\ns1 server\ns2 server\nc > s1\nc > s2");
    let mut run = Run::compile(&drawing, &scenario(20.0, 60, compute(5.0)), 1).unwrap();
    until(&mut run, 20);
    for name in ["s1", "s2"] {
        run.intervene(FaultAction::Kill, FaultTarget::Component(id(name)));
    }
    until(&mut run, 60);
    assert_eq!(run.interventions().len(), 2);
    let table = run.table();
    let column = table
        .find(&archplay_report::Subject::System, Metric::Good)
        .unwrap();
    assert_eq!(
        archplay_report::column_max(table, column, 30, 60),
        Some(0.0)
    );
}

/// What is killed twice, by itself and with its zone, is there again when both are over, whichever ends last.
#[test]
fn the_end_of_one_kill_is_not_that_of_another() {
    let drawing = design("c client\nz zone\ns server(vcpu=4) in z\nc > s");
    for (own, zone, back) in [((20, 30), (10, 90), 90), ((20, 90), (10, 30), 90)] {
        let mut load = scenario(50.0, 120, compute(5.0));
        load.audiences[0].timeout_secs = 0.5;
        load.faults = [(own, "s"), (zone, "z")]
            .map(|((at, until), name)| Fault {
                at: ClockTime::from_secs(at),
                until: Some(ClockTime::from_secs(until)),
                action: FaultAction::Kill,
                target: FaultTarget::Component(id(name)),
            })
            .to_vec();
        let mut run = Run::compile(&drawing, &load, 1).unwrap();
        until(&mut run, 120);
        let table = run.table();
        let column = table
            .find(&archplay_report::Subject::System, Metric::Good)
            .unwrap();
        let mean = |from, to| archplay_report::column_mean(table, column, from, to).unwrap();
        assert!(mean(1, 9) > 40.0, "before");
        assert!(mean(31, back - 1) < 1.0, "dead until {back}");
        assert!(mean(back + 2, 118) > 40.0, "back after {back}");
    }
}

fn killed(at: u32, until: u32, target: FaultTarget) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: Some(ClockTime::from_secs(until)),
        action: FaultAction::Kill,
        target,
    }
}

/// Nor is it where both were of the same component.
#[test]
fn the_end_of_the_shorter_kill_is_not_that_of_the_longer() {
    let drawing = design("c client\ns server(vcpu=4)\nc > s");
    let target = || FaultTarget::Component(id("s"));
    for (first, second) in [((20, 80), (30, 50)), ((20, 50), (30, 80))] {
        let mut load = scenario(50.0, 120, compute(5.0));
        load.audiences[0].timeout_secs = 0.5;
        load.faults = [first, second]
            .map(|(at, end)| killed(at, end, target()))
            .to_vec();
        let mut run = Run::compile(&drawing, &load, 1).unwrap();
        until(&mut run, 120);
        let table = run.table();
        let column = table
            .find(&archplay_report::Subject::System, Metric::Good)
            .unwrap();
        let mean = |from, to| archplay_report::column_mean(table, column, from, to).unwrap();
        assert!(mean(52, 78) < 1.0, "{first:?} {second:?}");
        assert!(mean(85, 118) > 40.0, "{first:?} {second:?}");
    }
}

/// Instances of a group stand in zones: when a kill of all servers ends, those in a zone that is still down stay
/// dead; and a zone's end does not wake those who are killed with all servers.
#[test]
fn instances_in_a_zone_that_is_down_stay_dead() {
    let drawing = design(
        "c client
         r region
         z1 zone in r
         z2 zone in r
         g auto_scaling_group(min=2; max=2; desired=2; boot_secs=1) in r
         s server(vcpu=4) in g
         b load_balancer in r
         c > b
         b > s",
    );
    let kind = || FaultTarget::Kind(archplay_model::Kind::Server);
    let zone = || FaultTarget::Component(id("z1"));
    for (all, one, at_40, after) in [
        ((20, 30), (10, 90), 1.0, 2.0),
        ((20, 90), (10, 30), 0.0, 2.0),
    ] {
        let mut load = scenario(50.0, 400, compute(5.0));
        load.audiences[0].timeout_secs = 0.5;
        load.faults = vec![killed(all.0, all.1, kind()), killed(one.0, one.1, zone())];
        let mut run = Run::compile(&drawing, &load, 1).unwrap();
        until(&mut run, 400);
        let table = run.table();
        let column = table
            .find(
                &archplay_report::Subject::Component(id("s")),
                Metric::Instances,
            )
            .unwrap();
        let mean = |from, to| archplay_report::column_mean(table, column, from, to).unwrap();
        near(mean(2, 9), 2.0, 1e-9, "both before");
        assert_eq!(mean(40, 60), at_40, "{all:?} {one:?}");
        assert_eq!(mean(300, 390), after, "{all:?} {one:?}");
    }
}

/// Mending all controllers by hand wakes none in a zone that is down; mending what is around ends all kills inside.
#[test]
fn nothing_is_mended_on_ground_that_is_gone() {
    let drawing = design("c client\nr region\nz zone in r\ns server(vcpu=4) in z\nc > s");
    let good = |acts: &[(u64, FaultAction, &str)]| {
        let mut load = scenario(50.0, 90, compute(5.0));
        load.audiences[0].timeout_secs = 0.5;
        let mut run = Run::compile(&drawing, &load, 1).unwrap();
        for (at, action, name) in acts {
            until(&mut run, *at);
            run.intervene(*action, FaultTarget::Component(id(name)));
        }
        until(&mut run, 90);
        assert_eq!(run.check_conservation(), Ok(()));
        let table = run.table();
        let column = table
            .find(&archplay_report::Subject::System, Metric::Good)
            .unwrap();
        archplay_report::column_mean(table, column, 60, 88).unwrap()
    };
    let (kill, mend) = (FaultAction::Kill, FaultAction::Restore);
    assert!(good(&[(20, kill, "z"), (30, mend, "s")]) < 1.0, "no ground");
    assert!(good(&[(20, kill, "z"), (30, mend, "z")]) > 40.0);
    assert!(
        good(&[(20, kill, "z"), (30, mend, "r")]) > 40.0,
        "all in it"
    );
    assert!(good(&[(20, kill, "r"), (30, mend, "z")]) < 1.0, "no ground");
    assert!(good(&[(20, kill, "s"), (20, mend, "s")]) > 40.0, "at once");
}
