//! Parameters that mean nothing as things stand: names that the scenario does not have, a store for sessions that
//! is not there, weights that are not used, metrics that nobody under watch has.

use std::collections::BTreeSet;

use crate::catalogue::{
    self, NameDomain, ParamKind, ParamSpec, dns, load_balancer, monitor, parse_weights, server,
};
use crate::{Component, Design, Id, Kind, Location, Problem, Scenario};

/// Adds settings of a drawing that have no effect.
pub(super) fn check(design: &Design, component: &Component, out: &mut Vec<Problem>) {
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
        Kind::Monitor => check_metric(design, component, out),
        _ => {}
    }
}

/// Adds what the scenario does not have: names of operations and datasets, orders.
pub(super) fn check_with_scenario(
    component: &Component,
    scenario: &Scenario,
    out: &mut Vec<Problem>,
) {
    if component.kind == Kind::Monitor
        && component.text(&monitor::METRIC) == "orders_per_min"
        && scenario.business.is_none()
    {
        out.push(of_param("orders_not_counted", component, &monitor::METRIC));
    }
    for spec in catalogue::params(component.kind) {
        let ParamKind::Names(domain) = spec.kind else {
            continue;
        };
        for name in component.names(spec) {
            let (known, code) = match domain {
                NameDomain::Operations => {
                    let known = scenario.operation(&name).is_some();
                    (known, "names_unknown_operation")
                }
                NameDomain::Datasets => {
                    let known = scenario.datasets.iter().any(|d| d.id == name);
                    (known, "names_unknown_dataset")
                }
                NameDomain::Components | NameDomain::Audiences => continue,
            };
            if !known {
                out.push(of_param(code, component, spec).with("value", &name));
            }
        }
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
fn check_metric(design: &Design, component: &Component, out: &mut Vec<Problem>) {
    let mut watched: BTreeSet<Id> = component.names(&monitor::WATCHES).into_iter().collect();
    if watched.is_empty() {
        let acts_on = component.names(&monitor::ACTS_ON);
        let linked = design.outgoing(&component.id).map(|key| key.to.clone());
        watched = linked.filter(|id| !acts_on.contains(id)).collect();
        if watched.is_empty() {
            watched.extend(acts_on);
        }
    }
    let within = |c: &Component| {
        watched.contains(&c.id)
            || design
                .ancestors(&c.id)
                .iter()
                .any(|a| watched.contains(&a.id))
    };
    let members = design.components.values();
    let mut members = members
        .filter(|c| !c.kind.is_group() && c.kind != Kind::Client && within(c))
        .peekable();
    let metric = component.text(&monitor::METRIC);
    if members.peek().is_some() && !members.any(|c| has_metric(design, c, metric)) {
        out.push(of_param("metric_of_nobody", component, &monitor::METRIC));
    }
}

/// Whether a component has something to show for a metric.
fn has_metric(design: &Design, component: &Component, metric: &str) -> bool {
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
        "lag" => {
            // Of databases only those that another has a link to have something to copy.
            let is_copy = || {
                let keys = design.links.keys();
                let mut from = keys.filter(|k| k.to == component.id).map(|k| &k.from);
                from.any(|id| design.get(id).is_some_and(|c| c.kind == Kind::Database))
            };
            kind == Kind::Search || kind == Kind::Database && is_copy()
        }
        "load_average" => kind == Kind::Server,
        _ => true,
    }
}
