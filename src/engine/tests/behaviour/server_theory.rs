//! The engine against closed forms, through a drawing, a scenario and a report.
//!
//! A server with as many workers as cores gives every worker a core of its own: M/M/c. With more workers
//! than cores it is processor sharing.

use archplay_report::Report;
use archplay_report::check::{CheckKind, CheckUnit, Figures, Reading};

use crate::support::checks::{Expected, Sheet};
use crate::support::{compute, design, near, page, scenario};

/// What theory says exactly, met within this share of it.
fn exact(value: f64, tolerance: f64, unit: CheckUnit) -> Expected {
    Expected {
        value,
        tolerance: value * tolerance,
        kind: CheckKind::Exact,
        unit,
    }
}

/// A row of the page of checks, read off the last run.
fn row(sheet: &mut Sheet, report: &Report, metric: &str, read: Reading, expected: Expected) {
    let value = read.of(&Figures::of(report)).unwrap_or(f64::NAN);
    sheet.add(
        metric,
        expected,
        value,
        Some(read),
        page(report).offered as f64,
    );
}

fn mmc(id: &str, servers: u32, rate: f64, service_ms: f64, tolerance: f64) {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu={servers}; workers={servers}; backlog=1000000; memory_gib=4096)
         c > s"
    ));
    let mut sheet = Sheet::new(id, "server");
    let report = sheet.run(&drawing, &scenario(rate, 20_000, compute(service_ms)), 1);
    let (totals, service) = (page(&report), service_ms / 1e3);
    let rho = rate * service / f64::from(servers);
    let busy = exact(rho, 0.01, CheckUnit::Share);
    row(
        &mut sheet,
        &report,
        "utilisation",
        Reading::one("s/utilisation"),
        busy,
    );
    let mean = archplay_theory::mmc_sojourn(servers, rate, service);
    let mean = exact(mean, tolerance, CheckUnit::Seconds);
    let seconds = |figure: &str| Reading::one(format!("@page/{figure}")).times(1e-3);
    row(
        &mut sheet,
        &report,
        "sojourn_mean",
        seconds("latency_mean_ms"),
        mean,
    );
    for (name, q) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        let wanted = archplay_theory::mmc_sojourn_quantile(servers, rate, service, q);
        let wanted = exact(wanted, tolerance + 0.01, CheckUnit::Seconds);
        let read = seconds(&format!("latency_{name}_ms"));
        row(
            &mut sheet,
            &report,
            &format!("sojourn_{name}"),
            read,
            wanted,
        );
    }
    sheet.finish();
    // Little's law with the report's own numbers.
    let inside = report.components[0].mean_inside;
    near(
        inside,
        totals.good as f64 / 20_000.0 * totals.latency_mean_ms / 1e3,
        0.01,
        "Little",
    );
}

/// Failed requests / all that have ended.
fn refused() -> Reading {
    Reading::one("@page/failed").over(["@page/offered".into(), "-@page/inside".into()])
}

#[test]
fn mm1_at_half_load() {
    mmc("server-mm1-rho50", 1, 50.0, 10.0, 0.02);
}

#[test]
fn mm1_at_80_percent() {
    mmc("server-mm1-rho80", 1, 80.0, 10.0, 0.03);
}

#[test]
fn mm4_at_80_percent() {
    mmc("server-mmc-c4-rho80", 4, 64.0, 50.0, 0.03);
}

#[test]
fn processor_sharing_has_the_mean_of_theory_for_constant_work_too() {
    let spreads = [
        (
            "server-ps-constant",
            archplay_model::scenario::Spread::Constant,
        ),
        (
            "server-ps-exponential",
            archplay_model::scenario::Spread::Exponential,
        ),
    ];
    for (id, spread) in spreads {
        let drawing = design(
            "c client(access_rtt_ms=0)
             s server(vcpu=1; workers=100000; memory_gib=4096)
             c > s",
        );
        let demand = archplay_model::scenario::Demand::Compute {
            cpu_ms: 10.0,
            spread,
        };
        let mut sheet = Sheet::new(id, "server");
        let report = sheet.run(&drawing, &scenario(70.0, 10_000, demand), 2);
        let wanted = archplay_theory::mg1_ps_sojourn(70.0, 0.01);
        let wanted = exact(wanted, 0.02, CheckUnit::Seconds);
        let read = Reading::one("@page/latency_mean_ms").times(1e-3);
        row(&mut sheet, &report, "sojourn_mean", read, wanted);
        sheet.finish();
    }
}

#[test]
fn a_full_backlog_refuses_the_share_of_mmck() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=2; workers=2; backlog=3; memory_gib=4096)
         c > s",
    );
    let mut sheet = Sheet::new("server-mmck-c2-k5", "server");
    let report = sheet.run(&drawing, &scenario(240.0, 5_000, compute(10.0)), 3);
    let wanted = archplay_theory::mmck_refused(2, 5, 240.0, 0.01);
    row(
        &mut sheet,
        &report,
        "loss_prob",
        refused(),
        exact(wanted, 0.02, CheckUnit::Share),
    );
    sheet.finish();
}

#[test]
fn erlang_b_when_nobody_may_wait() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=8; workers=8; backlog=0; memory_gib=4096)
         c > s",
    );
    let mut sheet = Sheet::new("server-erlangb-c8", "server");
    let report = sheet.run(&drawing, &scenario(60.0, 5_000, compute(100.0)), 4);
    let wanted = archplay_theory::erlang_b(8, 6.0);
    row(
        &mut sheet,
        &report,
        "loss_prob",
        refused(),
        exact(wanted, 0.03, CheckUnit::Share),
    );
    sheet.finish();
}
