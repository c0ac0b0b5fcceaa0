//! Stations, networks of them, and balancers.

use archplay_theory::*;
use serde_json::Value;

use crate::{Metrics, count, number, put, put_quantiles, put_steady, text};

pub fn queues(told: &mut Metrics, model: &Value) {
    if text(model, "/arrival/dist") == "poisson_piecewise" {
        return bursts(told, model);
    }
    let uniform = text(model, "/service/dist") == "uniform";
    let service = if uniform {
        (number(model, "/service/min") + number(model, "/service/max")) / 2.0
    } else {
        number(model, "/service/mean")
    };
    if model.pointer("/arrival/batch").is_some() {
        let batches = number(model, "/arrival/batch_rate");
        let size = number(model, "/arrival/batch/mean");
        return put(
            told,
            "sojourn_mean",
            batch_mm1_sojourn(batches, size, service),
        );
    }
    let rate = number(model, "/arrival/rate");
    let servers = count(model, "/workers");
    if model.pointer("/p_fail").is_some() {
        let (p, retries) = (number(model, "/p_fail"), count(model, "/max_retries"));
        put(
            told,
            "e2e_mean",
            retry_queue_sojourn(rate, service, p, retries),
        );
        put(told, "attempts_per_request", attempts(p, retries));
        put(
            told,
            "n0.utilisation",
            rate * service * attempts(p, retries),
        );
        return;
    }
    if model.pointer("/client_timeout").is_some() {
        put(
            told,
            "timeout_prob",
            mm1_late(rate, service, number(model, "/client_timeout")),
        );
        return put(told, "utilisation", mmc(servers, rate, service).utilisation);
    }
    if let Some(patience) = model.pointer("/queue_timeout/mean").and_then(Value::as_f64) {
        let steady = match text(model, "/queue_timeout/dist") {
            "constant" => mmc_timeout(servers, rate, service, patience),
            _ => erlang_a(servers, rate, service, patience),
        };
        return put_steady(told, "", &steady);
    }
    if let Some(room) = model["queue_capacity"].as_u64() {
        let room = servers + room as u32;
        put_steady(told, "", &mmck(servers, room, rate, service));
        return put_quantiles(told, "sojourn", |q| {
            mmck_sojourn_quantile(servers, room, rate, service, q)
        });
    }
    match (text(model, "/arrival/dist"), text(model, "/service/dist")) {
        ("constant", _) => {
            let sigma = dm1_sigma(rate, service);
            put_steady(told, "", &gim1(rate, service, sigma));
            put_quantiles(told, "sojourn", |q| {
                gim1_sojourn_quantile(service, sigma, q)
            });
        }
        (_, "constant") => {
            let mdc = Mdc::new(servers, rate, service);
            put_steady(told, "", &mdc.steady());
            put_quantiles(told, "sojourn", |q| mdc.sojourn_quantile(q));
        }
        (_, "exponential") => {
            put_steady(told, "", &mmc(servers, rate, service));
            put_quantiles(told, "sojourn", |q| {
                mmc_sojourn_quantile(servers, rate, service, q)
            });
        }
        (_, "uniform") => {
            let cv = uniform_cv(number(model, "/service/min"), number(model, "/service/max"));
            put_steady(told, "", &mg1(rate, service, cv));
        }
        _ => put_steady(told, "", &mg1(rate, service, number(model, "/service/cv"))),
    }
}

fn bursts(told: &mut Metrics, model: &Value) {
    let steps: Vec<f64> = (0..3)
        .map(|at| number(model, &format!("/arrival/steps/{at}/1")))
        .collect();
    let until = text(model, "/arrival/steps/2/0");
    let seconds: f64 = until.trim_start_matches("t0+").parse().unwrap();
    let capacity = number(model, "/workers") / number(model, "/service/mean");
    let room = model["queue_capacity"].as_f64().unwrap_or(f64::INFINITY);
    let burst = burst(steps[2], steps[1], seconds, capacity, room);
    put(told, "backlog_at_end", burst.backlog);
    put(told, "backlog_peak", burst.backlog);
    put(told, "drops", burst.drops);
    put(told, "drain_time", burst.drain_time);
    put(told, "max_wait", burst.max_wait);
    put(told, "arrivals_in_burst", burst.arrivals);
}

pub fn networks(told: &mut Metrics, model: &Value) {
    let rate = number(model, "/arrival/rate");
    let nodes = model["nodes"].as_object().unwrap();
    let names: Vec<&String> = nodes.keys().collect();
    let stations: Vec<Station> = names
        .iter()
        .map(|name| Station {
            servers: nodes[*name]["workers"].as_u64().map(|n| n as u32),
            service: number(&nodes[*name], "/service/mean"),
        })
        .collect();
    let share = |value: &Value| value.as_f64().unwrap_or(0.0);
    let entry: Vec<f64> = names
        .iter()
        .map(|name| share(&model["entry"][*name]))
        .collect();
    let to = |from: &&String| {
        names
            .iter()
            .map(|to| share(&model["routing"][*from][*to]))
            .collect()
    };
    let routing: Vec<Vec<f64>> = names.iter().map(to).collect();
    let visits = visits(&entry, &routing).unwrap();
    for ((name, steady), visits) in names
        .iter()
        .zip(jackson(rate, &visits, &stations))
        .zip(&visits)
    {
        put_steady(told, &format!("{name}."), &steady);
        put(told, &format!("{name}.visits"), *visits);
    }
    put(told, "e2e_mean", jackson_sojourn(rate, &visits, &stations));
    if let [first, second] = stations[..] {
        put_quantiles(told, "e2e", |q| {
            tandem_quantile(rate, [first.service, second.service], q)
        });
    }
}

pub fn nested(told: &mut Metrics, model: &Value) {
    let pool = nested_pool(
        number(model, "/arrival/rate"),
        count(model, "/app/workers") as usize,
        number(model, "/app/cpu/mean"),
        count(model, "/pool/connections") as usize,
        number(model, "/pool/query/mean"),
        200,
    );
    put(told, "sojourn_mean", pool.sojourn_mean);
    put(told, "worker_wait_mean", pool.worker_wait_mean);
    put(told, "pool_wait_mean", pool.pool_wait_mean);
}

pub fn balancers(told: &mut Metrics, model: &Value) {
    let service = number(model, "/service/mean");
    let policy = text(model, "/policy");
    if policy == "power_of_two" {
        let limit = power_of_two_limit(number(model, "/rho"), service);
        return put(told, "limit_sojourn_mean", limit);
    }
    let (rate, servers) = (number(model, "/arrival/rate"), count(model, "/servers"));
    let each = rate / f64::from(servers);
    match policy {
        "random" => {
            put_steady(told, "", &mmc(1, each, service));
            put_quantiles(told, "sojourn", |q| {
                mmc_sojourn_quantile(1, each, service, q)
            });
        }
        "round_robin" => {
            let sigma = ekm1_sigma(servers, each, service);
            put_steady(told, "", &gim1(each, service, sigma));
            put_quantiles(told, "sojourn", |q| {
                gim1_sojourn_quantile(service, sigma, q)
            });
        }
        "jsq" => put(
            told,
            "sojourn_mean",
            shortest_of_two(Shortest::Inside, rate, service),
        ),
        _ => put(
            told,
            "sojourn_mean",
            shortest_of_two(Shortest::Waiting, rate, service),
        ),
    }
}
