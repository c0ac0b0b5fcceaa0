//! Flash crowds, and cases without chance.

use std::rc::Rc;

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Arrivals, RatePoint, Spread, Window};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::Measure;
use archplay_report::check::Reading;

use crate::case::Case;
use crate::check::{Measured, once};
use crate::queue::{of_station, service};
use crate::support::checks::{Ran, measure as of};
use crate::support::{compute, design, id, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    match case.model["type"].as_str().unwrap() {
        "fanout" => fan(case, metric),
        _ if case.model["arrival"]["dist"] == "constant" => timetable(case, metric),
        _ => flash(case, metric),
    }
}

fn read(ran: Rc<Ran>, reading: Reading) -> Measured {
    Measured::Read(ran, reading, 0.0)
}

fn station(case: &Case) -> Design {
    let workers = case.number(&["workers"]).unwrap();
    let capacity = case.number(&["queue_capacity"]);
    let capacity = capacity.map_or(String::new(), |n| format!("; queue_capacity={n}"));
    let service = service(&case.model["service"]);
    design(&format!(
        "c client(access_rtt_ms=0)\ns station(workers={workers}; {service}{capacity})\nc > s"
    ))
}

fn timetable(case: &Case, metric: &str) -> Measured {
    let ran = once(&case.id, || {
        let rate = 1.0 / case.number(&["arrival", "interval"]).unwrap();
        let mut scenario = scenario(rate, 60, compute(1.0));
        scenario.audiences[0].arrivals = Arrivals::Gaps(Spread::Constant);
        scenario.audiences[0].limit = Some(case.number(&["arrival", "count"]).unwrap() as u64);
        (station(case), scenario)
    });
    let ms = |name| of("s", name).times(1e-3);
    let reading = match metric {
        "wait_of_request_1000" | "wait_max" => ms("wait_max"),
        "last_completion" => ms("last_done"),
        // The station tells its share of the whole minute; here it is that of the time until the last one.
        "utilisation_until_last_completion" => of("s", "utilisation")
            .over(["s/last_done".into()])
            .times(60e3),
        "drops" => of("s", "refused"),
        "served" => of("s", "served"),
        other => of_station("s", other),
    };
    read(ran, reading)
}

fn fan(case: &Case, metric: &str) -> Measured {
    let branches: Vec<f64> = case.model["branches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b.as_f64().unwrap())
        .collect();
    let how = match metric {
        "parallel_all" => "wait_for=0",
        "parallel_first" => "wait_for=1",
        "parallel_quorum2" => "wait_for=2",
        _ => "sequential=yes",
    };
    let mut text = format!(
        "c client(access_rtt_ms=0)
         gate station(workers=0; service_ms=0; service=constant; then=fork; {how})
         c > gate\n"
    );
    for (i, secs) in branches.iter().enumerate() {
        let ms = secs * 1e3;
        text +=
            &format!("b{i} station(workers=0; service_ms={ms}; service=constant)\ngate > b{i}\n");
    }
    let ran = once(&format!("{} {metric}", case.id), || {
        (design(&text), scenario(10.0, 60, compute(1.0)))
    });
    read(ran, of_station("gate", "sojourn_mean"))
}

fn points(case: &Case) -> (Vec<RatePoint>, u32) {
    let steps = case.model["arrival"]["steps"].as_array().unwrap();
    let rates: Vec<f64> = steps.iter().map(|step| step[1].as_f64().unwrap()).collect();
    let after = steps[2][0]
        .as_str()
        .unwrap()
        .trim_start_matches("t0+")
        .parse::<u32>()
        .unwrap();
    let end = 20 + after;
    let point = |secs, per_sec| RatePoint {
        at: ClockTime::from_secs(secs),
        per_sec,
    };
    let list = vec![
        point(0, rates[0]),
        point(20, rates[0]),
        point(20, rates[1]),
        point(end, rates[1]),
        point(end, rates[2]),
    ];
    (list, end)
}

fn flash(case: &Case, metric: &str) -> Measured {
    let (rate, end) = points(case);
    let mut scenario = scenario(1.0, end + 400, compute(1.0));
    scenario.audiences[0].rate = rate;
    let drawing = station(case);
    let ran = once(&case.id, || (drawing.clone(), scenario.clone()));
    let end_ms = u64::from(end) * 1_000;
    let found = |value| Measured::Found(ran.clone(), value, 0.0);
    match metric {
        "backlog_at_end" => found(waiting(&mut advance(&drawing, &scenario, end_ms))),
        "drain_time" => found(drain(&drawing, &scenario, end_ms)),
        "arrivals_in_burst" => {
            let at = ClockTime::from_secs;
            let (from, to) = (at(20), at(end));
            scenario.focus = Some(Window { from, to });
            let burst = once(&format!("{} burst", case.id), || (drawing, scenario));
            read(burst, Reading::one("@page/offered"))
        }
        "backlog_peak" => read(ran, of("s", "queue_max")),
        "max_wait" => read(ran, of("s", "wait_max").times(1e-3)),
        "drops" => read(ran, of("s", "refused")),
        other => panic!("nobody measures {other}"),
    }
}

/// A run up to a moment in milliseconds.
fn advance(drawing: &Design, scenario: &Scenario, until_ms: u64) -> Run {
    let mut run = Run::compile(drawing, scenario, 1).unwrap();
    on(&mut run, until_ms);
    run
}

fn on(run: &mut Run, until_ms: u64) {
    run.advance(Budget {
        until_ns: until_ms * 1_000_000,
        max_events: u64::MAX,
    });
}

fn waiting(run: &mut Run) -> f64 {
    let report = run.report();
    let station = report.components.iter().find(|c| c.id == id("s"));
    station.unwrap().measure(Measure::QueueNow).unwrap()
}

/// From the end of the burst until no request waits, in seconds: first by seconds, then by hundredths.
fn drain(drawing: &Design, scenario: &Scenario, end_ms: u64) -> f64 {
    let mut at = end_ms;
    let mut run = advance(drawing, scenario, at);
    loop {
        let mut next = run.clone();
        on(&mut next, at + 1_000);
        if waiting(&mut next) == 0.0 {
            break;
        }
        (run, at) = (next, at + 1_000);
    }
    while waiting(&mut run) > 0.0 {
        at += 10;
        on(&mut run, at);
    }
    (at - end_ms) as f64 / 1e3
}
