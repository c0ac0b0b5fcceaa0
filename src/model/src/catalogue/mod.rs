//! The catalogue: what can be set on each kind of component, in which unit and range, with which default.
//!
//! One definition per parameter serves the inspector, the checker, the file format and the engine.
//! Texts are found by key: `param.<kind>.<key>.name` and `.help`, `choice.<kind>.<key>.<option>`,
//! `unit.<unit>`. A default is part of the file format: changing one needs a migration, because files
//! hold only what differs from what a person left alone.

/// Writes a module of parameters: a constant each, and `ALL` of them in order.
macro_rules! params {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $item:ident = $make:ident($($arg:expr),* $(,)?) $(.$more:ident())*;)* }) => {
        $(#[$doc])*
        pub mod $name {
            #[allow(unused_imports, reason = "not every module has each")]
            use crate::catalogue::{NameDomain, ParamKind, ParamSpec, Unit};

            $($(#[$about])* pub const $item: ParamSpec = ParamSpec::$make($($arg),*)$(.$more())*;)*

            /// All of them, in order.
            pub const ALL: &[ParamSpec] = &[$($item),*];
        }
    };
}

mod compute;
mod control;
mod edge;
mod front;
mod groups;
mod keepers;
mod lists;
mod nature;
mod schedule;
mod spec;
mod stores;

pub use compute::{caller, feed, function, identity, notification, station, worker};
pub use control::{controller, monitor, threshold_unit};
pub use edge::{cdn, client, load_balancer};
pub use front::{api_gateway, bastion, dns, rate_limiter, waiting_room};
pub use groups::{auto_scaling_group, region, subnet, zone};
pub use keepers::{
    cache, connection_proxy, graph_store, id_generator, key_value, object_store, queue, search,
};
pub use lists::{Index, parse_indexes, parse_weights};
pub use nature::{Nature, nature};
pub use schedule::{Scheduled, parse_schedule, write_schedule};
pub use spec::{NameDomain, ParamKind, ParamSpec, Unit, ValueRefusal};
pub use stores::{database, server};

use crate::Kind;

/// All parameters of a kind, in the order of the inspector.
#[must_use]
pub const fn params(kind: Kind) -> &'static [ParamSpec] {
    match kind {
        Kind::Client => client::ALL,
        Kind::Dns => dns::ALL,
        Kind::Cdn => cdn::ALL,
        Kind::WaitingRoom => waiting_room::ALL,
        Kind::RateLimiter => rate_limiter::ALL,
        Kind::LoadBalancer => load_balancer::ALL,
        Kind::ApiGateway => api_gateway::ALL,
        Kind::Server => server::ALL,
        Kind::Function => function::ALL,
        Kind::Worker => worker::ALL,
        Kind::Station => station::ALL,
        Kind::Identity => identity::ALL,
        Kind::Queue => queue::ALL,
        Kind::Cache => cache::ALL,
        Kind::Database => database::ALL,
        Kind::KeyValue => key_value::ALL,
        Kind::ConnectionProxy => connection_proxy::ALL,
        Kind::ObjectStore => object_store::ALL,
        Kind::Search => search::ALL,
        Kind::GraphStore => graph_store::ALL,
        Kind::IdGenerator => id_generator::ALL,
        Kind::Notification => notification::ALL,
        Kind::Monitor => monitor::ALL,
        Kind::Controller => controller::ALL,
        Kind::Bastion => bastion::ALL,
        Kind::Region => region::ALL,
        Kind::Zone => zone::ALL,
        Kind::AutoScalingGroup => auto_scaling_group::ALL,
        Kind::Subnet => subnet::ALL,
    }
}

/// The parameters of how a kind asks others; empty for kinds that ask nobody.
#[must_use]
pub const fn caller_params(kind: Kind) -> &'static [ParamSpec] {
    match kind {
        Kind::Server
        | Kind::Function
        | Kind::Worker
        | Kind::Station
        | Kind::ApiGateway
        | Kind::LoadBalancer
        | Kind::Cache
        | Kind::Identity
        | Kind::ConnectionProxy => caller::ALL,
        _ => &[],
    }
}

/// The parameters of how a kind runs a news feed; empty for kinds that run no operations.
#[must_use]
pub const fn feed_params(kind: Kind) -> &'static [ParamSpec] {
    match kind {
        Kind::Server | Kind::Function | Kind::Worker => feed::ALL,
        _ => &[],
    }
}

/// Whether a parameter is about a news feed: without one in the scenario it does nothing.
#[must_use]
pub fn is_of_feed(spec: &ParamSpec) -> bool {
    spec.key.starts_with("feed_")
}

/// All parameters of a kind, its own first.
pub fn all_params(kind: Kind) -> impl Iterator<Item = &'static ParamSpec> {
    params(kind)
        .iter()
        .chain(feed_params(kind))
        .chain(caller_params(kind))
}

/// Finds a parameter of a kind by its key.
#[must_use]
pub fn find(kind: Kind, key: &str) -> Option<&'static ParamSpec> {
    all_params(kind).find(|spec| spec.key == key)
}

/// Where the texts of a kind's parameter stand: `param.<this>.<key>.name`. The kind's slug, or `caller` for
/// a parameter that all kinds share that ask others, or `feed` for one that all share that run operations.
#[must_use]
pub fn text_area(kind: Kind, key: &str) -> &'static str {
    let has = |list: &[ParamSpec]| list.iter().any(|spec| spec.key == key);
    if has(params(kind)) {
        kind.slug()
    } else if has(feed_params(kind)) {
        FEED_TEXTS
    } else if has(caller_params(kind)) {
        CALLER_TEXTS
    } else {
        kind.slug()
    }
}

/// See [`text_area`].
pub const FEED_TEXTS: &str = "feed";

/// See [`text_area`].
pub const CALLER_TEXTS: &str = "caller";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    #[test]
    fn every_default_is_accepted_and_keys_are_unique() {
        for kind in Kind::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for spec in all_params(kind) {
                assert_eq!(
                    spec.accepts(&spec.default_value()),
                    Ok(()),
                    "{kind:?} {}",
                    spec.key
                );
                assert!(seen.insert(spec.key), "{kind:?} {}", spec.key);
            }
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        let check = |spec: &ParamSpec, value: Value, slug: &str| {
            assert_eq!(
                spec.accepts(&value).err().map(|r| r.slug()),
                Some(slug),
                "{value:?}"
            );
        };
        check(&server::VCPU, Value::Number(0.0), "out_of_range");
        check(&server::VCPU, Value::Number(1.5), "not_whole");
        check(&server::VCPU, Value::Number(f64::NAN), "not_a_number");
        check(&server::VCPU, Value::Text("2".into()), "not_a_number");
        check(
            &load_balancer::ALGORITHM,
            Value::Text("luck".into()),
            "not_a_choice",
        );
        check(
            &database::HOLDS,
            Value::Text("a b, <x>".into()),
            "not_names",
        );
        check(
            &auto_scaling_group::SCHEDULE,
            Value::Text("13:50=9, noon=3".into()),
            "bad_schedule",
        );
    }
}
