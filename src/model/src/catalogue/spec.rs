//! What a parameter is: its unit, kind, range and default, and why a value is refused.
//!
//! Must not live here: which parameters there are.

use super::{parse_indexes, parse_schedule, parse_weights};
use crate::limits::MAX_TEXT_BYTES;
use crate::{Id, Value};

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
