//! What cards say when nothing runs: the name and a line about the size.

use archplay_model::catalogue::{
    ParamSpec, api_gateway, auto_scaling_group, bastion, cache, client, connection_proxy,
    controller, database, dns, function, graph_store, id_generator, identity, key_value,
    load_balancer, monitor, notification, queue, rate_limiter, region, search, server, station,
    waiting_room, worker,
};
use archplay_model::{Component, Kind};
use archplay_text::Lang;
use yew::AttrValue;

use crate::app::lang::{tr, trf};

/// The name shown for a component: its own, else its kind's.
pub fn display_name(component: &Component, lang: Lang) -> AttrValue {
    if component.name.is_empty() {
        kind_name(component.kind, lang)
    } else {
        component.name.clone().into()
    }
}

/// The name of a kind.
pub fn kind_name(kind: Kind, lang: Lang) -> AttrValue {
    tr(lang, &format!("kind.{}.name", kind.slug()))
}

/// A number as people write it: thousands separated, no digits that say nothing.
pub fn number(value: f64) -> String {
    let rounded = if value.abs() >= 10.0 {
        value.round()
    } else {
        (value * 10.0).round() / 10.0
    };
    let text = format!("{rounded}");
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut out = String::new();
    let digits = whole.trim_start_matches('-').len();
    for (i, c) in whole.chars().enumerate() {
        let from_end = whole.len() - i;
        if c != '-' && from_end != digits && from_end % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The line under the name while nothing runs.
pub fn size_line(component: &Component, lang: Lang) -> AttrValue {
    let count = |spec: &ParamSpec| number(component.number(spec));
    let one = |key: &str, spec: &ParamSpec| {
        trf(lang, &format!("canvas.line.{key}"), &[("n", &count(spec))])
    };
    let chosen = |spec: &ParamSpec| {
        let (kind, option) = (component.kind.slug(), component.text(spec));
        tr(lang, &format!("choice.{kind}.{}.{option}", spec.key))
    };
    let size = |vcpu: &ParamSpec, memory: &ParamSpec| {
        trf(
            lang,
            "canvas.size",
            &[("vcpu", &count(vcpu)), ("memory", &count(memory))],
        )
    };
    match component.kind {
        Kind::Client => place(component.text(&client::PLACE), lang),
        Kind::Region => place(component.text(&region::PLACE), lang),
        Kind::LoadBalancer => tr(
            lang,
            &format!(
                "canvas.algorithm.{}",
                component.text(&load_balancer::ALGORITHM)
            ),
        ),
        Kind::Server => size(&server::VCPU, &server::MEMORY_GIB),
        Kind::Database => size(&database::VCPU, &database::MEMORY_GIB),
        Kind::Cdn => tr(lang, "canvas.cdn_line"),
        Kind::AutoScalingGroup => trf(
            lang,
            "canvas.group_size",
            &[
                ("min", &count(&auto_scaling_group::MIN)),
                ("max", &count(&auto_scaling_group::MAX)),
            ],
        ),
        Kind::Dns => chosen(&dns::POLICY),
        Kind::WaitingRoom if component.text(&waiting_room::MODE) == "ceiling" => {
            one("ceiling", &waiting_room::CEILING)
        }
        Kind::WaitingRoom => one("admits", &waiting_room::RATE_PER_SEC),
        Kind::RateLimiter => one("rate", &rate_limiter::RATE_PER_SEC),
        Kind::ApiGateway => one("rate", &api_gateway::RATE_PER_SEC),
        Kind::Identity => one("rate", &identity::RATE_PER_SEC),
        Kind::Notification => one("rate", &notification::RATE_PER_SEC),
        Kind::Function => one("quota", &function::QUOTA),
        Kind::Worker => one("workers", &worker::WORKERS),
        Kind::Station if component.number(&station::WORKERS) < 1.0 => {
            tr(lang, "canvas.line.servers_unlimited")
        }
        Kind::Station => one("servers", &station::WORKERS),
        Kind::Queue => one("capacity", &queue::CAPACITY),
        Kind::Cache => one("memory", &cache::MEMORY_MIB),
        Kind::KeyValue => one("partitions", &key_value::PARTITIONS),
        Kind::ConnectionProxy => one("connections", &connection_proxy::CONNECTIONS),
        Kind::Search => one("shards", &search::SHARDS),
        Kind::GraphStore => one("vcpu", &graph_store::VCPU),
        Kind::Bastion => one("vcpu", &bastion::VCPU),
        Kind::IdGenerator => chosen(&id_generator::SCHEME),
        Kind::Monitor => chosen(&monitor::METRIC),
        Kind::Controller => chosen(&controller::ACTION),
        Kind::Zone | Kind::Subnet | Kind::ObjectStore => AttrValue::default(),
    }
}

fn place(slug: &str, lang: Lang) -> AttrValue {
    tr(lang, &format!("canvas.place.{slug}"))
}

/// The most connections a database takes: what was set, else what its memory allows. For a proxy those
/// that it keeps to the database.
pub fn connection_limit(component: &Component) -> f64 {
    if component.kind == Kind::ConnectionProxy {
        return component.number(&connection_proxy::CONNECTIONS);
    }
    let set = component.number(&database::MAX_CONNECTIONS);
    if set > 0.0 {
        set
    } else {
        (component.number(&database::MEMORY_GIB) * 1_073_741_824.0 / 12_582_880.0).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let check = |value: f64, expected: &str| assert_eq!(number(value), expected);
        check(0.0, "0");
        check(0.25, "0.3");
        check(7.0, "7");
        check(99.96, "100");
        check(999.4, "999");
        check(8_192.0, "8,192");
        check(1_234_567.0, "1,234,567");
        check(-12_345.0, "-12,345");
    }
}
