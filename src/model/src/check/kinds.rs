//! What only some kinds can get wrong: weights, alarms, textbook queues, indexes.

use crate::catalogue::{
    self, NameDomain, ParamKind, ParamSpec, controller, database, monitor, parse_indexes,
    parse_weights, station,
};
use crate::{Component, Design, Id, Kind, LinkKey, Location, Problem, Scenario};

/// What a sum of probabilities may be above 1 by rounding.
const SLACK: f64 = 1e-9;

/// Adds what is wrong with one component in its drawing.
pub(super) fn check(design: &Design, component: &Component, out: &mut Vec<Problem>) {
    for spec in catalogue::params(component.kind) {
        match spec.kind {
            ParamKind::Weights => check_weights(design, component, spec, out),
            ParamKind::Names(NameDomain::Components) => {
                check_names(design, component, spec, out);
            }
            ParamKind::Number { .. }
            | ParamKind::Choice { .. }
            | ParamKind::Names(_)
            | ParamKind::Schedule
            | ParamKind::Indexes => {}
        }
    }
    match component.kind {
        Kind::Station => check_station(design, component, out),
        Kind::Monitor => check_monitor(design, component, out),
        Kind::Controller => {
            let watches = component.names(&controller::WATCHES);
            if watches.is_empty() && design.outgoing(&component.id).next().is_none() {
                out.push(about(component, "watches_nobody"));
            }
        }
        _ => {}
    }
}

/// Adds what only the scenario tells.
pub(super) fn check_with_scenario(design: &Design, scenario: &Scenario, out: &mut Vec<Problem>) {
    let databases = design.components.values();
    for component in databases.filter(|c| c.kind == Kind::Database) {
        let indexes = parse_indexes(component.text(&database::INDEXES)).unwrap_or_default();
        for index in indexes {
            if !scenario.datasets.iter().any(|d| d.id == index.dataset) {
                out.push(
                    Problem::warning("index_unknown_dataset", at(component, &database::INDEXES))
                        .with("id", &component.id)
                        .with("dataset", &index.dataset),
                );
            }
        }
    }
}

fn at(component: &Component, spec: &ParamSpec) -> Location {
    Location::Param(component.id.clone(), spec.key.into())
}

fn about(component: &Component, code: &str) -> Problem {
    Problem::warning(code, Location::Component(component.id.clone())).with("id", &component.id)
}

fn of_param(problem: Problem, component: &Component, spec: &ParamSpec) -> Problem {
    problem.with("id", &component.id).with("param", spec.key)
}

fn linked(design: &Design, from: &Id, to: &Id) -> bool {
    let key = LinkKey::new(from.clone(), to.clone());
    design.links.contains_key(&key)
}

/// Weights are of linked components; those of a textbook queue are probabilities.
fn check_weights(design: &Design, component: &Component, spec: &ParamSpec, out: &mut Vec<Problem>) {
    // What does not read was told already.
    let weights = parse_weights(component.text(spec)).unwrap_or_default();
    for (name, _) in &weights {
        if !linked(design, &component.id, name) {
            let problem = Problem::warning("weight_of_unlinked", at(component, spec));
            out.push(of_param(problem, component, spec).with("name", name));
        }
    }
    let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
    if spec.key == station::ROUTING.key && sum > 1.0 + SLACK {
        let problem = Problem::error("routing_above_one", at(component, spec));
        out.push(of_param(problem, component, spec).with("sum", sum));
    } else if !weights.is_empty() && sum <= 0.0 && spec.key != station::ROUTING.key {
        let problem = Problem::error("weights_all_zero", at(component, spec));
        out.push(of_param(problem, component, spec));
    }
}

fn check_names(design: &Design, component: &Component, spec: &ParamSpec, out: &mut Vec<Problem>) {
    for name in component.names(spec) {
        if design.get(&name).is_none() {
            let problem = Problem::warning("names_unknown_component", at(component, spec));
            out.push(of_param(problem, component, spec).with("name", &name));
        } else if component.kind == Kind::Dns && !linked(design, &component.id, &name) {
            let problem = Problem::warning("weight_of_unlinked", at(component, spec));
            out.push(of_param(problem, component, spec).with("name", &name));
        }
    }
}

fn check_station(design: &Design, component: &Component, out: &mut Vec<Problem>) {
    let cv = component.number(&station::SERVICE_CV);
    // Where the coefficient of variation matters: uniform 1/√3 at most, Erlang with one phase at most 1.
    let (min, max) = match component.text(&station::SERVICE) {
        "uniform" => (0.0, 0.577_350_269_2),
        "erlang" => (0.1, 1.0),
        "hyperexponential" => (1.0, 100.0),
        "lognormal" => (0.001, 100.0),
        _ => (0.0, f64::INFINITY),
    };
    if cv < min || cv > max {
        let problem = Problem::error("service_cv_range", at(component, &station::SERVICE_CV));
        out.push(
            of_param(problem, component, &station::SERVICE_CV)
                .with("value", cv)
                .with("min", min)
                .with("max", (max * 1e3).floor() / 1e3),
        );
    }
    let targets = design.outgoing(&component.id).count();
    let wait_for = component.count(&station::WAIT_FOR);
    if component.text(&station::THEN) == "fork" && wait_for as usize > targets {
        let problem = Problem::error("wait_for_above_links", at(component, &station::WAIT_FOR));
        out.push(
            of_param(problem, component, &station::WAIT_FOR)
                .with("value", wait_for)
                .with("count", targets),
        );
    }
}

fn check_monitor(design: &Design, component: &Component, out: &mut Vec<Problem>) {
    let watches = component.names(&monitor::WATCHES);
    if watches.is_empty() && design.outgoing(&component.id).next().is_none() {
        out.push(about(component, "watches_nobody"));
    }
    let (datapoints, of) = (
        component.count(&monitor::DATAPOINTS),
        component.count(&monitor::OF),
    );
    if datapoints > of {
        let problem = Problem::error("datapoints_above_of", at(component, &monitor::DATAPOINTS));
        out.push(
            of_param(problem, component, &monitor::DATAPOINTS)
                .with("value", datapoints)
                .with("of", of),
        );
    }
    let acts = ["scale_out", "fail_over", "restart"].contains(&component.text(&monitor::ACTION));
    if acts && component.names(&monitor::ACTS_ON).is_empty() {
        let problem = Problem::warning("acts_on_nobody", at(component, &monitor::ACTS_ON));
        out.push(of_param(problem, component, &monitor::ACTS_ON));
    }
}
