//! Parameters that mean nothing as things stand: names that the scenario does not have, a store for sessions that
//! is not there, weights that are not used, metrics that nobody under watch has. And connections beyond the memory.

use std::collections::BTreeSet;

use crate::catalogue::{
    self, NameDomain, ParamKind, ParamSpec, database, dns, load_balancer, monitor, parse_weights,
    server, waiting_room,
};
use crate::{Component, Design, Id, Kind, Location, Problem, Scenario};

/// Adds settings of a drawing that have no effect.
pub(super) fn check(design: &Design, out: &mut Vec<Problem>) {
    let copies = copies(design);
    for component in design.components.values() {
        match component.kind {
            Kind::Server => check_sessions(design, component, out),
            Kind::LoadBalancer => {
                let used = component.text(&load_balancer::ALGORITHM) == "weighted";
                check_weights(design, component, &load_balancer::WEIGHTS, used, out);
            }
            Kind::Dns => {
                let used = component.text(&dns::POLICY) == "weighted";
                check_weights(design, component, &dns::WEIGHTS, used, out);
            }
            Kind::Database => check_connections(component, out),
            Kind::Monitor => check_metric(design, &copies, component, out),
            _ => {}
        }
    }
}

/// Databases that another has a link to.
fn copies(design: &Design) -> BTreeSet<&Id> {
    let is_database = |id: &Id| design.get(id).is_some_and(|c| c.kind == Kind::Database);
    let keys = design.links.keys();
    keys.filter(|key| is_database(&key.from) && is_database(&key.to))
        .map(|key| &key.to)
        .collect()
}

/// Adds what the scenario does not have: names of operations and datasets, orders.
pub(super) fn check_with_scenario(design: &Design, scenario: &Scenario, out: &mut Vec<Problem>) {
    let operations: BTreeSet<&Id> = scenario.operations.iter().map(|o| &o.id).collect();
    let datasets: BTreeSet<&Id> = scenario.datasets.iter().map(|d| &d.id).collect();
    for component in design.components.values() {
        if component.kind == Kind::Monitor
            && component.text(&monitor::METRIC) == "orders_per_min"
            && scenario.business.is_none()
        {
            out.push(of_param("orders_not_counted", component, &monitor::METRIC));
        }
        if component.kind == Kind::WaitingRoom {
            check_opening(component, scenario, out);
        }
        for spec in catalogue::params(component.kind) {
            let (known, code) = match spec.kind {
                ParamKind::Names(NameDomain::Operations) => {
                    (&operations, "names_unknown_operation")
                }
                ParamKind::Names(NameDomain::Datasets) => (&datasets, "names_unknown_dataset"),
                _ => continue,
            };
            for name in component.names(spec) {
                if !known.contains(&name) {
                    out.push(of_param(code, component, spec).with("value", &name));
                }
            }
        }
    }
}

/// Doors that open after the run let nobody in.
fn check_opening(component: &Component, scenario: &Scenario, out: &mut Vec<Problem>) {
    let opens = catalogue::parse_schedule(component.text(&waiting_room::OPENS)).unwrap_or_default();
    let opens = opens.iter().filter(|entry| entry.count > 0);
    let first = opens.min_by_key(|entry| scenario.since_start(entry.at));
    if let Some(first) = first.filter(|e| scenario.since_start(e.at) >= scenario.duration_secs) {
        let problem = of_param("never_opens", component, &waiting_room::OPENS);
        out.push(problem.with("value", first.at));
    }
}

fn of_param(code: &str, component: &Component, spec: &ParamSpec) -> Problem {
    let at = Location::Param(component.id.clone(), spec.key.into());
    Problem::warning(code, at)
        .with("id", &component.id)
        .with("param", spec.key)
}

/// Sessions go to a cache or store with a link from the server.
fn check_sessions(design: &Design, component: &Component, out: &mut Vec<Problem>) {
    let keeps = |to: &Id| {
        let kind = design.get(to).map(|c| c.kind);
        matches!(kind, Some(Kind::Cache | Kind::KeyValue | Kind::Database))
    };
    if component.text(&server::SESSIONS) == "store"
        && !design.outgoing(&component.id).any(|key| keeps(&key.to))
    {
        out.push(of_param(
            "sessions_without_store",
            component,
            &server::SESSIONS,
        ));
    }
}

/// A database whose connections take more than its memory is killed before they are all open.
fn check_connections(component: &Component, out: &mut Vec<Problem>) {
    let count = crate::connection_limit(component);
    let connections = count as f64 * component.number(&database::CONNECTION_MIB);
    if crate::DATABASE_BASE_MIB + connections > component.number(&database::MEMORY_GIB) * 1_024.0 {
        let spec = match component.count(&database::MAX_CONNECTIONS) {
            0 => &database::CONNECTION_MIB,
            _ => &database::MAX_CONNECTIONS,
        };
        out.push(of_param("connections_beyond_memory", component, spec).with("count", count));
    }
}

/// Weights count only where targets are chosen by them, and then one without a weight is never chosen.
fn check_weights(
    design: &Design,
    component: &Component,
    spec: &ParamSpec,
    used: bool,
    out: &mut Vec<Problem>,
) {
    let weights = parse_weights(component.text(spec)).unwrap_or_default();
    if weights.is_empty() {
        // All weigh the same.
        return;
    }
    if !used {
        out.push(of_param("weights_not_used", component, spec));
        return;
    }
    for key in design.outgoing(&component.id) {
        if !weights.iter().any(|(name, _)| *name == key.to) {
            out.push(of_param("target_without_weight", component, spec).with("name", &key.to));
        }
    }
}

/// A monitor samples nothing if nobody under watch has its metric.
fn check_metric(
    design: &Design,
    copies: &BTreeSet<&Id>,
    component: &Component,
    out: &mut Vec<Problem>,
) {
    let mut watched: BTreeSet<Id> = component.names(&monitor::WATCHES).into_iter().collect();
    if watched.is_empty() {
        let acts_on = component.names(&monitor::ACTS_ON);
        let linked = design.outgoing(&component.id).map(|key| key.to.clone());
        watched = linked.filter(|id| !acts_on.contains(id)).collect();
        if watched.is_empty() {
            watched.extend(acts_on);
        }
    }
    let boxes = watched
        .iter()
        .any(|id| design.get(id).is_some_and(|c| c.kind.is_group()));
    let within = |c: &&Component| {
        let outer = || design.ancestors(&c.id);
        boxes && outer().iter().any(|a| watched.contains(&a.id))
    };
    let inside = design.components.values().filter(within);
    let members = watched.iter().filter_map(|id| design.get(id)).chain(inside);
    let mut members = members
        .filter(|c| !c.kind.is_group() && c.kind != Kind::Client)
        .peekable();
    let metric = component.text(&monitor::METRIC);
    if members.peek().is_some() && !members.any(|c| has_metric(copies, c, metric)) {
        out.push(of_param("metric_of_nobody", component, &monitor::METRIC));
    }
}

/// Whether a component has something to show for a metric.
fn has_metric(copies: &BTreeSet<&Id>, component: &Component, metric: &str) -> bool {
    let kind = component.kind;
    match metric {
        "utilisation" => matches!(
            kind,
            Kind::Server
                | Kind::Function
                | Kind::Worker
                | Kind::Station
                | Kind::Cache
                | Kind::Database
                | Kind::KeyValue
                | Kind::Search
                | Kind::GraphStore
                | Kind::IdGenerator
                | Kind::Bastion
        ),
        "backlog" => matches!(
            kind,
            Kind::Server | Kind::Station | Kind::Queue | Kind::Notification
        ),
        "memory" => matches!(kind, Kind::Server | Kind::Database | Kind::Cache),
        "disk" => matches!(kind, Kind::Server | Kind::Database),
        "connections" => matches!(kind, Kind::Database | Kind::ConnectionProxy),
        "hit_ratio" => matches!(kind, Kind::Database | Kind::Cache | Kind::Cdn),
        "lag" => kind == Kind::Search || copies.contains(&component.id),
        "load_average" => kind == Kind::Server,
        _ => true,
    }
}
