//! Auto-scaling groups: in time and late, in and out, after deaths.

use archplay_model::scenario::{FaultAction, FaultTarget, RatePoint};
use archplay_report::{EventCode, Metric};

use crate::reports::{clock, column, count, fault, part};
use crate::support::{self, compute, design, id, page, run, scenario};

#[test]
fn a_group_follows_the_cpu_late_and_the_schedule_in_time() {
    let drawing = |params: &str| {
        design(&format!(
            "c client
             b load_balancer
             g auto_scaling_group(min=1; max=8; desired=1; {params})
             s server in g
             c > b
             b > s"
        ))
    };
    let mut load = scenario(20.0, 1_800, compute(20.0));
    load.audiences[0].rate.push(RatePoint {
        at: clock(600),
        per_sec: 20.0,
    });
    load.audiences[0].rate.push(RatePoint {
        at: clock(630),
        per_sec: 300.0,
    });
    load.audiences[0].timeout_secs = 10.0;
    let reactive = run(&drawing("policy=target_tracking"), &load, 1);
    let up = column(&reactive, "s", Metric::Instances);
    assert_eq!((up[599], up[700]), (1.0, 1.0));
    // Three samples of a minute above the target, then 180 s of booting and a health check.
    let first = up.iter().position(|n| *n > 1.0).unwrap_or(0);
    assert!((940..=1_080).contains(&first), "{first}");
    assert!(count(&reactive, EventCode::ScaleOut) >= 1);
    let scheduled = run(&drawing("schedule=00:05=8"), &load, 1);
    assert_eq!(column(&scheduled, "s", Metric::Instances)[500], 8.0);
    assert!(page(&scheduled).failed_total() * 100 < page(&scheduled).offered);
    assert!(page(&reactive).failed_total() * 5 > page(&reactive).offered);
}

#[test]
fn a_group_scales_in_and_drains() {
    let drawing = design(
        "c client
         b load_balancer
         g auto_scaling_group(min=1; max=4; desired=4; policy=target_tracking; in_datapoints=3)
         s server in g
         c > b
         b > s",
    );
    let report = run(&drawing, &scenario(20.0, 900, compute(10.0)), 1);
    assert_eq!(column(&report, "s", Metric::Instances)[890], 1.0);
    assert_eq!(
        page(&report).failed_total(),
        0,
        "{:?}",
        page(&report).failed
    );
}

#[test]
fn a_group_replaces_what_died_and_spreads_over_zones() {
    let drawing = design(
        "c client
         b load_balancer(health_interval_secs=5)
         r region
         z1 zone in r
         z2 zone in r
         g auto_scaling_group(min=4; max=6; desired=4; boot_secs=60) in r
         s server in g
         c > b
         b > s",
    );
    let mut load = scenario(20.0, 600, compute(10.0));
    load.faults = vec![fault(
        100,
        None,
        FaultAction::Kill,
        FaultTarget::Component(id("z1")),
    )];
    let report = run(&drawing, &load, 1);
    let up = column(&report, "s", Metric::Instances);
    assert_eq!(
        (up[99], up[101]),
        (4.0, 2.0),
        "half of the instances stood in the zone"
    );
    // Two of the three places in the other zone are taken, so one more finds room.
    assert_eq!(up[400], 3.0);
    load.faults[0].target = FaultTarget::OneServer;
    let report = run(&drawing, &load, 1);
    let up = column(&report, "s", Metric::Instances);
    assert_eq!((up[101], up[400]), (3.0, 4.0));
}

#[test]
fn steps_are_taken_one_at_a_time_with_pauses() {
    let drawing = |params: &str| {
        design(&format!(
            "c client
             b load_balancer
             g auto_scaling_group(min=1; max=12; desired=1; policy=step; boot_secs=10; warmup_secs=0; out_datapoints=1; {params})
             s server(vcpu=1) in g
             c > b
             b > s"
        ))
    };
    let mut load = scenario(150.0, 1_200, compute(20.0));
    load.audiences[0].timeout_secs = 2.0;
    // Three cores are needed for the work and six for half load; every pause lets one step through, a far
    // step of two.
    let slow = run(&drawing("step=1; cooldown_secs=300"), &load, 1);
    let quick = run(&drawing("step=1; cooldown_secs=60"), &load, 1);
    let outs = |report: &archplay_report::Report| -> Vec<(u64, u32, u32)> {
        let events = report.events.iter();
        events
            .filter(|event| event.code == EventCode::ScaleOut)
            .map(|event| (event.at_ns / 1_000_000_000, event.from, event.to))
            .collect()
    };
    let steps = outs(&slow);
    assert!(steps[0] == (60, 1, 3), "{steps:?}");
    // Then the pause is over; how far the CPU is above its target by then is chance.
    assert!(
        steps[1].0 == 360 && steps[1].1 == 3 && steps[1].2 > 3,
        "{steps:?}"
    );
    let steps = outs(&quick);
    assert!(steps[0] == (60, 1, 3) && steps[1].0 <= 180, "{steps:?}");
    let last = column(&quick, "s", Metric::Instances)[1_190];
    assert!((6.0..9.0).contains(&last), "{last}");
}

#[test]
fn steps_lead_back_in_without_going_too_far() {
    let drawing = design(
        "c client
         b load_balancer
         g auto_scaling_group(min=1; max=8; desired=8; policy=step; step=2; in_datapoints=2; cooldown_secs=60)
         s server(vcpu=1) in g
         c > b
         b > s",
    );
    // Four fifths of a core of work: two units carry it below the target of 50 %, one would not.
    let report = run(&drawing, &scenario(40.0, 1_800, compute(20.0)), 1);
    let up = column(&report, "s", Metric::Instances);
    assert_eq!(up[1_790], 2.0);
    assert_eq!(page(&report).failed_total(), 0);
    assert_eq!(count(&report, EventCode::ScaleOut), 0);
}

#[test]
fn one_pays_for_what_is_there() {
    let drawing = design(
        "c client
         g auto_scaling_group(min=1; max=4; desired=1; schedule=00:10=3; boot_secs=0)
         s server(vcpu=2) in g
         c > s",
    );
    let report = run(&drawing, &scenario(5.0, 1_200, compute(5.0)), 1);
    // Ten minutes of one unit and ten of three, with two cores each at 1 an hour.
    let hours = (600.0 + 3.0 * 600.0) / 3_600.0;
    support::near(part(&report, "s").instance_hours, hours, 0.01, "hours");
    support::near(report.cost.servers, 2.0 * hours, 0.01, "cost");
}

#[test]
fn a_group_alone_in_a_place_dies_with_it() {
    let drawing = design(
        "c client
         g auto_scaling_group(min=2; max=4; desired=2; boot_secs=10)
         s server in g
         c > s",
    );
    let mut load = scenario(10.0, 300, compute(5.0));
    let place = FaultTarget::Place(archplay_model::Place::Seoul);
    load.faults = vec![
        fault(60, None, FaultAction::Kill, place.clone()),
        fault(180, None, FaultAction::Restore, place),
    ];
    let report = run(&drawing, &load, 1);
    let up = column(&report, "s", Metric::Instances);
    assert!(
        up[61..180].iter().all(|n| *n == 0.0),
        "nothing boots in a dead place"
    );
    assert_eq!(up[290], 2.0);
}
