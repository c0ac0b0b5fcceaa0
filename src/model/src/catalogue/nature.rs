//! Which parameters are the nature of a thing rather than a decision: how long a page read takes, how long a
//! machine boots. In free drawing they may be anything; where a drawing is graded nobody may have better ones
//! than are given. Worse ones are a handicap of one's own choice.
//!
//! Must not live here: what the given values are (those of the catalogue and of the task's first drawing).

use crate::{Kind, Value};

/// In which direction a natural value becomes better for the one who designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Times and sizes: less is better.
    Less,
    /// Speeds: more is better.
    More,
    /// Neither: it is as it is.
    Fixed,
}

impl Nature {
    /// Whether a value is no better than the given one.
    #[must_use]
    pub fn is_fair(self, value: &Value, given: &Value) -> bool {
        match (self, value, given) {
            (Self::Less, Value::Number(value), Value::Number(given)) => value >= given,
            (Self::More, Value::Number(value), Value::Number(given)) => value <= given,
            _ => value == given,
        }
    }
}

/// What a parameter is by nature; `None` if it is for the one who designs to decide.
#[must_use]
pub fn nature(kind: Kind, key: &str) -> Option<Nature> {
    let (fixed, less, more): (&[&str], &[&str], &[&str]) = match kind {
        Kind::Client => (&["audiences", "place"], &["access_rtt_ms"], &[]),
        Kind::Dns => (&[], &["stragglers_percent", "straggler_ttl_secs"], &[]),
        Kind::Server => (
            &[],
            &[
                "static_cpu_ms",
                "request_memory_mib",
                "connection_memory_kib",
                "base_memory_mib",
                "restart_secs",
                "log_kib",
            ],
            &[],
        ),
        Kind::Function => (&[], &["cold_start_ms"], &["scale_per_sec", "scale_burst"]),
        Kind::AutoScalingGroup => (&[], &["boot_secs"], &[]),
        Kind::Database => (
            &["apply"],
            &[
                "read_cpu_ms",
                "write_cpu_ms",
                "commit_ms",
                "connection_mib",
                "disk_read_ms",
                "row_cpu_us",
                "index_cpu_ms",
                "restart_secs",
                "apply_ms",
                "promotion_secs",
            ],
            &[],
        ),
        // The textbook's queue stands for somebody else's service.
        Kind::Station => return Some(Nature::Fixed),
        Kind::Cache => (&[], &["operation_us", "latency_ms"], &[]),
        Kind::KeyValue => (&[], &["latency_ms", "copy_lag_ms"], &["burst_secs"]),
        Kind::ConnectionProxy => (&[], &["overhead_ms"], &[]),
        Kind::ObjectStore => (&[], &["first_byte_ms"], &["transfer_mbps", "rate_per_sec"]),
        Kind::Search => (&[], &["query_cpu_ms"], &[]),
        Kind::GraphStore => (&[], &["lookup_cpu_ms", "row_cpu_us"], &[]),
        Kind::IdGenerator => (&[], &["latency_ms"], &["rate_per_sec"]),
        Kind::Queue => (&[], &["publish_ms"], &[]),
        Kind::Identity => (&[], &["check_ms", "login_ms"], &[]),
        Kind::Notification => (&[], &["delivery_ms"], &[]),
        Kind::Bastion => (&[], &["login_cpu_ms"], &[]),
        Kind::Monitor => (&[], &["person_secs"], &[]),
        Kind::Controller => (&[], &["takes_secs"], &[]),
        Kind::WaitingRoom
        | Kind::RateLimiter
        | Kind::ApiGateway
        | Kind::Cdn
        | Kind::LoadBalancer
        | Kind::Worker
        | Kind::Region
        | Kind::Zone
        | Kind::Subnet => return None,
    };
    let found = |keys: &[&str], nature| keys.contains(&key).then_some(nature);
    found(fixed, Nature::Fixed)
        .or_else(|| found(less, Nature::Less))
        .or_else(|| found(more, Nature::More))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{all_params, find};

    #[test]
    fn what_is_natural_is_there() {
        for (kind, key, expected) in [
            (Kind::Client, "place", Nature::Fixed),
            (Kind::Dns, "stragglers_percent", Nature::Less),
            (Kind::Server, "log_kib", Nature::Less),
            (Kind::Function, "scale_per_sec", Nature::More),
            (Kind::AutoScalingGroup, "boot_secs", Nature::Less),
            (Kind::Database, "index_cpu_ms", Nature::Less),
            (Kind::Database, "promotion_secs", Nature::Less),
            (Kind::Station, "service_ms", Nature::Fixed),
            (Kind::Function, "scale_burst", Nature::More),
            (Kind::Cache, "operation_us", Nature::Less),
            (Kind::Cache, "latency_ms", Nature::Less),
            (Kind::KeyValue, "burst_secs", Nature::More),
            (Kind::ObjectStore, "rate_per_sec", Nature::More),
            (Kind::Controller, "takes_secs", Nature::Less),
            (Kind::KeyValue, "copy_lag_ms", Nature::Less),
            (Kind::ConnectionProxy, "overhead_ms", Nature::Less),
            (Kind::ObjectStore, "transfer_mbps", Nature::More),
            (Kind::Search, "query_cpu_ms", Nature::Less),
            (Kind::GraphStore, "lookup_cpu_ms", Nature::Less),
            (Kind::IdGenerator, "rate_per_sec", Nature::More),
            (Kind::Queue, "publish_ms", Nature::Less),
            (Kind::Identity, "login_ms", Nature::Less),
            (Kind::Notification, "delivery_ms", Nature::Less),
            (Kind::Bastion, "login_cpu_ms", Nature::Less),
            (Kind::Monitor, "person_secs", Nature::Less),
        ] {
            assert!(find(kind, key).is_some(), "{kind:?} {key}");
            assert_eq!(nature(kind, key), Some(expected), "{kind:?} {key}");
        }
        assert_eq!(nature(Kind::Server, "vcpu"), None);
        assert_eq!(nature(Kind::Database, "iops"), None);
    }

    #[test]
    fn each_kind_of_machine_leaves_something_to_decide() {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Station) {
            let mut params = all_params(kind);
            let none = params.next().is_none();
            let free = all_params(kind).any(|spec| nature(kind, spec.key).is_none());
            assert!(free || none || kind == Kind::Client, "{kind:?}");
        }
    }

    #[test]
    fn worse_is_fair_and_better_is_not() {
        let n = Value::Number;
        assert!(Nature::Less.is_fair(&n(2.0), &n(1.0)));
        assert!(!Nature::Less.is_fair(&n(0.5), &n(1.0)));
        assert!(!Nature::More.is_fair(&n(2.0), &n(1.0)));
        assert!(!Nature::Fixed.is_fair(&n(2.0), &n(1.0)));
        assert!(Nature::Fixed.is_fair(&n(1.0), &n(1.0)));
    }
}
