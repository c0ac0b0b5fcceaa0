//! Flash crowds, and cases without chance.

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Arrivals, RatePoint, Spread};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{Measure, Report};

use crate::case::Case;
use crate::check::Measured;
use crate::queue::{of_station, once, part, service};
use crate::support::{compute, design, run, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    let value = match case.model["type"].as_str().unwrap() {
        "fanout" => fan(case, metric),
        _ if case.model["arrival"]["dist"] == "constant" => timetable(case, metric),
        _ => flash(case, metric),
    };
    Measured { value, n: 0.0 }
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

fn timetable(case: &Case, metric: &str) -> f64 {
    let (report, _) = once(case, || {
        let rate = 1.0 / case.number(&["arrival", "interval"]).unwrap();
        let mut scenario = scenario(rate, 60, compute(1.0));
        scenario.audiences[0].arrivals = Arrivals::Gaps(Spread::Constant);
        scenario.audiences[0].limit = Some(case.number(&["arrival", "count"]).unwrap() as u64);
        (run(&station(case), &scenario, 1), 0.0)
    });
    let s = part(&report, "s");
    let m = |measure| s.measure(measure).unwrap();
    let served = m(Measure::Served);
    match metric {
        "wait_of_request_1000" | "wait_max" => m(Measure::WaitMax) / 1e3,
        "last_completion" => m(Measure::LastDone) / 1e3,
        "utilisation_until_last_completion" => {
            let busy = served * case.number(&["service", "mean"]).unwrap();
            // The station's own books agree with the hand calculation of busy time.
            assert!((m(Measure::Utilisation) * 60.0 - busy).abs() < 1e-6);
            busy / (m(Measure::LastDone) / 1e3)
        }
        "drops" => m(Measure::Refused),
        "served" => served,
        other => of_station(s, other),
    }
}

fn fan(case: &Case, metric: &str) -> f64 {
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
    let report = run(&design(&text), &scenario(10.0, 60, compute(1.0)), 1);
    of_station(part(&report, "gate"), "sojourn_mean")
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

fn flash(case: &Case, metric: &str) -> f64 {
    let (rate, end) = points(case);
    let mut scenario = scenario(1.0, end + 400, compute(1.0));
    scenario.audiences[0].rate = rate;
    let drawing = station(case);
    match metric {
        "backlog_at_end" => waiting(&mut advance(&drawing, &scenario, u64::from(end) * 1_000)),
        "drain_time" => drain(&drawing, &scenario, u64::from(end) * 1_000),
        "arrivals_in_burst" => arrivals(&drawing, &scenario, 20, end),
        "backlog_peak" => once_measure(case, &drawing, &scenario, Measure::QueueMax),
        "max_wait" => once_measure(case, &drawing, &scenario, Measure::WaitMax) / 1e3,
        "drops" => once_measure(case, &drawing, &scenario, Measure::Refused),
        other => panic!("nobody measures {other}"),
    }
}

fn once_measure(case: &Case, drawing: &Design, scenario: &Scenario, measure: Measure) -> f64 {
    let (report, _): (Report, f64) = once(case, || (run(drawing, scenario, 1), 0.0));
    part(&report, "s").measure(measure).unwrap()
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
    part(&run.report(), "s").measure(Measure::QueueNow).unwrap()
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

fn arrivals(drawing: &Design, scenario: &Scenario, from: u32, to: u32) -> f64 {
    let mut scenario = scenario.clone();
    let at = ClockTime::from_secs;
    scenario.focus = Some(archplay_model::scenario::Window {
        from: at(from),
        to: at(to),
    });
    run(drawing, &scenario, 1).focus.operations[0].offered as f64
}
