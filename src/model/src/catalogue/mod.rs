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
pub use stores::{database, server};

use crate::limits::MAX_TEXT_BYTES;
use crate::{Id, Kind, Value};

/// The unit of a number. Its label is `unit.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain count.
    Count,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Gibibytes (2^30 bytes).
    Gibibytes,
    /// Mebibytes (2^20 bytes).
    Mebibytes,
    /// Kibibytes (2^10 bytes).
    Kibibytes,
    /// Gigabits per second (10^9 bit/s).
    GigabitsPerSecond,
    /// Percent; the help text says of what.
    Percent,
    /// Per second.
    PerSecond,
    /// Microseconds.
    Microseconds,
    /// Megabits per second (10^6 bit/s).
    MegabitsPerSecond,
}

impl Unit {
    /// All units, for the tests that look for their labels.
    pub const ALL: [Self; 11] = [
        Self::Count,
        Self::Seconds,
        Self::Milliseconds,
        Self::Gibibytes,
        Self::Mebibytes,
        Self::Kibibytes,
        Self::GigabitsPerSecond,
        Self::Percent,
        Self::PerSecond,
        Self::Microseconds,
        Self::MegabitsPerSecond,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Gibibytes => "gibibytes",
            Self::Mebibytes => "mebibytes",
            Self::Kibibytes => "kibibytes",
            Self::GigabitsPerSecond => "gigabits_per_second",
            Self::Percent => "percent",
            Self::PerSecond => "per_second",
            Self::Microseconds => "microseconds",
            Self::MegabitsPerSecond => "megabits_per_second",
        }
    }
}

/// Which ids a names parameter lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameDomain {
    /// Audiences of the scenario.
    Audiences,
    /// Operations of the scenario.
    Operations,
    /// Datasets of the scenario.
    Datasets,
    /// Components of the drawing.
    Components,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamKind {
    /// A number from `min` to `max`.
    Number {
        /// The least value.
        min: f64,
        /// The greatest value.
        max: f64,
        /// The value when nothing is set.
        default: f64,
        /// Whether only whole numbers are allowed.
        integer: bool,
    },
    /// One of a few words.
    Choice {
        /// The words, as in files.
        options: &'static [&'static str],
        /// The word when nothing is set.
        default: &'static str,
    },
    /// Ids separated by commas; empty means "all that no one else claims".
    Names(NameDomain),
    /// Times and counts, `13:50=9, 15:00=2`; empty for none. See [`parse_schedule`].
    Schedule,
    /// Components and numbers, `db=0.2, cache=0.8`; empty for all alike. See [`parse_weights`].
    Weights,
    /// Indexes, `product(price, brand); order(user)`; empty for none. See [`parse_indexes`].
    Indexes,
}

/// One parameter of a kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// The name in files and text keys.
    pub key: &'static str,
    /// What it takes.
    pub kind: ParamKind,
    /// The unit of a number.
    pub unit: Unit,
    /// Whether the inspector shows it only under "more".
    pub advanced: bool,
}

impl ParamSpec {
    /// A number parameter.
    pub(crate) const fn number(
        key: &'static str,
        unit: Unit,
        range: (f64, f64),
        default: f64,
    ) -> Self {
        let kind = ParamKind::Number {
            min: range.0,
            max: range.1,
            default,
            integer: false,
        };
        Self {
            key,
            kind,
            unit,
            advanced: false,
        }
    }

    /// A whole-number parameter.
    pub(crate) const fn integer(
        key: &'static str,
        unit: Unit,
        range: (u32, u32),
        default: u32,
    ) -> Self {
        let kind = ParamKind::Number {
            min: range.0 as f64,
            max: range.1 as f64,
            default: default as f64,
            integer: true,
        };
        Self {
            key,
            kind,
            unit,
            advanced: false,
        }
    }

    /// A choice parameter.
    pub(crate) const fn choice(key: &'static str, options: &'static [&'static str]) -> Self {
        let kind = ParamKind::Choice {
            options,
            default: options[0],
        };
        Self {
            key,
            kind,
            unit: Unit::Count,
            advanced: false,
        }
    }

    /// A parameter of another kind.
    pub(crate) const fn of(key: &'static str, kind: ParamKind) -> Self {
        Self {
            key,
            kind,
            unit: Unit::Count,
            advanced: false,
        }
    }

    /// Marks it as advanced.
    pub(crate) const fn more(mut self) -> Self {
        self.advanced = true;
        self
    }

    /// The value when nothing is set.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.kind {
            ParamKind::Number { default, .. } => Value::Number(default),
            ParamKind::Choice { default, .. } => Value::Text(default.into()),
            ParamKind::Names(_) | ParamKind::Schedule | ParamKind::Weights | ParamKind::Indexes => {
                Value::Text(String::new())
            }
        }
    }

    /// Says whether a value may be set.
    ///
    /// # Errors
    /// Why not; the text is `value_refusal.<slug>`.
    pub fn accepts(&self, value: &Value) -> Result<(), ValueRefusal> {
        match (&self.kind, value) {
            (
                ParamKind::Number {
                    min, max, integer, ..
                },
                Value::Number(n),
            ) => {
                if !n.is_finite() {
                    Err(ValueRefusal::NotANumber)
                } else if n < min || n > max {
                    Err(ValueRefusal::OutOfRange {
                        min: *min,
                        max: *max,
                    })
                } else if *integer && n.fract() != 0.0 {
                    Err(ValueRefusal::NotWhole)
                } else {
                    Ok(())
                }
            }
            (ParamKind::Number { .. }, _) => Err(ValueRefusal::NotANumber),
            (ParamKind::Choice { options, .. }, Value::Text(text)) => {
                if options.contains(&text.as_str()) {
                    Ok(())
                } else {
                    Err(ValueRefusal::NotAChoice)
                }
            }
            (ParamKind::Names(_), Value::Text(text)) => {
                let fine = text.len() <= MAX_TEXT_BYTES
                    && text
                        .split([',', ' '])
                        .all(|p| p.trim().is_empty() || Id::new(p.trim()).is_ok());
                if fine {
                    Ok(())
                } else {
                    Err(ValueRefusal::NotNames)
                }
            }
            (ParamKind::Schedule, Value::Text(text)) => parse_schedule(text).map(|_| ()),
            (ParamKind::Weights, Value::Text(text)) => parse_weights(text).map(|_| ()),
            (ParamKind::Indexes, Value::Text(text)) => parse_indexes(text).map(|_| ()),
            (ParamKind::Choice { .. }, _) => Err(ValueRefusal::NotAChoice),
            (ParamKind::Names(_), _) => Err(ValueRefusal::NotNames),
            (ParamKind::Schedule, _) => Err(ValueRefusal::BadSchedule {
                entry: String::new(),
            }),
            (ParamKind::Weights | ParamKind::Indexes, _) => Err(ValueRefusal::BadList {
                entry: String::new(),
            }),
        }
    }
}

/// Why a value cannot be set.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueRefusal {
    /// Neither digits nor anything that reads as a number.
    NotANumber,
    /// Outside the range.
    OutOfRange {
        /// The least value.
        min: f64,
        /// The greatest value.
        max: f64,
    },
    /// A fraction where only whole numbers make sense.
    NotWhole,
    /// None of the options.
    NotAChoice,
    /// Not a list of ids.
    NotNames,
    /// Not a list of the wanted form; says which entry.
    BadList {
        /// The entry as written, cut to 40 characters.
        entry: String,
    },
    /// Not a schedule; says which entry.
    BadSchedule {
        /// The entry as written, cut to 40 characters.
        entry: String,
    },
}

impl ValueRefusal {
    /// The name in text keys.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::OutOfRange { .. } => "out_of_range",
            Self::NotWhole => "not_whole",
            Self::NotAChoice => "not_a_choice",
            Self::NotNames => "not_names",
            Self::BadSchedule { .. } => "bad_schedule",
            Self::BadList { .. } => "bad_list",
        }
    }

    /// Names and values for the text.
    #[must_use]
    pub fn args(&self) -> Vec<(String, String)> {
        match self {
            Self::OutOfRange { min, max } => {
                vec![
                    ("min".into(), min.to_string()),
                    ("max".into(), max.to_string()),
                ]
            }
            Self::BadSchedule { entry } | Self::BadList { entry } => {
                vec![("entry".into(), entry.clone())]
            }
            _ => Vec::new(),
        }
    }
}

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
