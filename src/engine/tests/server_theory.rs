//! The engine against closed forms, through a drawing, a scenario and a report.
//!
//! A server with as many workers as cores gives every worker a core of its own: M/M/c. With more workers
//! than cores it is processor sharing.

mod support;

use support::{compute, design, near, page, run, scenario};

fn mmc(servers: u32, rate: f64, service_ms: f64, tolerance: f64) {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu={servers}; workers={servers}; backlog=1000000; memory_gib=4096)
         c > s"
    ));
    let report = run(&drawing, &scenario(rate, 20_000, compute(service_ms)), 1);
    let (totals, service) = (page(&report), service_ms / 1e3);
    let rho = rate * service / f64::from(servers);
    near(report.components[0].utilisation, rho, 0.01, "utilisation");
    let mean = archplay_theory::mmc_sojourn(servers, rate, service) * 1e3;
    near(totals.latency_mean_ms, mean, tolerance, "mean sojourn");
    for (got, q) in [
        (totals.latency_p50_ms, 0.5),
        (totals.latency_p95_ms, 0.95),
        (totals.latency_p99_ms, 0.99),
    ] {
        let wanted = archplay_theory::mmc_sojourn_quantile(servers, rate, service, q) * 1e3;
        near(got, wanted, tolerance + 0.01, &format!("p{}", q * 100.0));
    }
    // Little's law with the report's own numbers.
    let inside = report.components[0].mean_inside;
    near(
        inside,
        totals.good as f64 / 20_000.0 * totals.latency_mean_ms / 1e3,
        0.01,
        "Little",
    );
}

#[test]
fn mm1_at_half_load() {
    mmc(1, 50.0, 10.0, 0.02);
}

#[test]
fn mm1_at_80_percent() {
    mmc(1, 80.0, 10.0, 0.03);
}

#[test]
fn mm4_at_80_percent() {
    mmc(4, 64.0, 50.0, 0.03);
}

#[test]
fn processor_sharing_has_the_mean_of_theory_for_constant_work_too() {
    for spread in [
        archplay_model::scenario::Spread::Constant,
        archplay_model::scenario::Spread::Exponential,
    ] {
        let drawing = design(
            "c client(access_rtt_ms=0)
             s server(vcpu=1; workers=100000; memory_gib=4096)
             c > s",
        );
        let demand = archplay_model::scenario::Demand::Compute {
            cpu_ms: 10.0,
            spread,
        };
        let report = run(&drawing, &scenario(70.0, 10_000, demand), 2);
        let wanted = archplay_theory::mg1_ps_sojourn(70.0, 0.01) * 1e3;
        near(page(&report).latency_mean_ms, wanted, 0.02, "mean sojourn");
    }
}

#[test]
fn a_full_backlog_refuses_the_share_of_mmck() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=2; workers=2; backlog=3; memory_gib=4096)
         c > s",
    );
    let report = run(&drawing, &scenario(240.0, 5_000, compute(10.0)), 3);
    let totals = page(&report);
    let share = totals.failed_total() as f64 / totals.offered as f64;
    near(
        share,
        archplay_theory::mmck_refused(2, 5, 240.0, 0.01),
        0.02,
        "refused share",
    );
}

#[test]
fn erlang_b_when_nobody_may_wait() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=8; workers=8; backlog=0; memory_gib=4096)
         c > s",
    );
    let report = run(&drawing, &scenario(60.0, 5_000, compute(100.0)), 4);
    let totals = page(&report);
    let share = totals.failed_total() as f64 / totals.offered as f64;
    near(
        share,
        archplay_theory::erlang_b(8, 6.0),
        0.03,
        "refused share",
    );
}
