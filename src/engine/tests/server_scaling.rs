//! Auto-scaling groups: in time and late, in and out, after deaths.

mod server_support;
mod support;

use archplay_model::scenario::{FaultAction, FaultTarget, RatePoint};
use archplay_report::{EventCode, Metric};
use server_support::{clock, column, count, fault};
use support::{compute, design, id, page, run, scenario};

#[test]
fn a_group_follows_the_cpu_late_and_the_schedule_in_time() {
    let drawing = |params: &str| {
        design(&format!(
            "c client
             g auto_scaling_group(min=1; max=8; desired=1; {params})
             s server in g
             c > s"
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
         g auto_scaling_group(min=1; max=4; desired=4; policy=target_tracking; in_datapoints=3)
         s server in g
         c > s",
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
         r region
         z1 zone in r
         z2 zone in r
         g auto_scaling_group(min=4; max=6; desired=4; boot_secs=60) in r
         s server in g
         c > s",
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
