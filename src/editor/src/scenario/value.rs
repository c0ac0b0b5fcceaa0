//! What a field of a scenario can hold, and how it is set.

use archplay_model::ClockTime;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Nothing: only fields that may be empty.
    Absent,
    /// A name, an id, or the slug of a choice.
    Text(String),
    /// A number in the field's unit.
    Number(f64),
    /// On or off.
    Flag(bool),
    /// A time of day.
    Time(ClockTime),
}

impl FieldValue {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(super) fn time(&self) -> Option<ClockTime> {
        match self {
            Self::Time(time) => Some(*time),
            _ => None,
        }
    }
}

/// What a number counts. The text is `scenario.unit.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nothing but itself.
    Plain,
    /// Seconds.
    Secs,
    /// Milliseconds.
    Millis,
    /// Percent of a stated whole.
    Percent,
    /// Microseconds.
    Micros,
    /// Bytes.
    Bytes,
    /// Rows.
    Rows,
    /// Times.
    Times,
    /// So many times as much.
    Ratio,
    /// Pieces.
    Pieces,
    /// People.
    People,
    /// New visitors per second.
    PerSec,
    /// Cores.
    Cores,
    /// Mebibytes per second.
    MibPerSec,
    /// Neutral units of money.
    Money,
    /// Money for an hour.
    MoneyPerHour,
    /// Money for a gigabyte.
    MoneyPerGb,
    /// Money for a million requests.
    MoneyPerMillion,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 18] = [
        Self::Plain,
        Self::Secs,
        Self::Millis,
        Self::Percent,
        Self::Micros,
        Self::Bytes,
        Self::Rows,
        Self::Times,
        Self::Ratio,
        Self::Pieces,
        Self::People,
        Self::PerSec,
        Self::Cores,
        Self::MibPerSec,
        Self::Money,
        Self::MoneyPerHour,
        Self::MoneyPerGb,
        Self::MoneyPerMillion,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Secs => "secs",
            Self::Millis => "millis",
            Self::Percent => "percent",
            Self::Micros => "micros",
            Self::Bytes => "bytes",
            Self::Rows => "rows",
            Self::Times => "times",
            Self::Ratio => "ratio",
            Self::Pieces => "pieces",
            Self::People => "people",
            Self::PerSec => "per_sec",
            Self::Cores => "cores",
            Self::MibPerSec => "mib_per_sec",
            Self::Money => "money",
            Self::MoneyPerHour => "money_per_hour",
            Self::MoneyPerGb => "money_per_gb",
            Self::MoneyPerMillion => "money_per_million",
        }
    }
}

/// What a field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refer {
    /// A dataset of the scenario.
    Dataset,
    /// An operation of the scenario.
    Operation,
    /// A journey of the scenario.
    Journey,
    /// A component of the drawing.
    Component,
    /// A link of the drawing, written `from>to`.
    Link,
}

/// The words a field may hold. Their texts are `scenario.choice.<name>.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The name in text keys; `kind` and `place` have the texts of the model.
    pub name: &'static str,
    /// The words.
    pub slugs: &'static [&'static str],
}

/// How a field is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// A line of text, as long as a name may be.
    Text,
    /// An id of the scenario.
    Id,
    /// A number.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
        /// Whether only whole numbers.
        whole: bool,
        /// What it counts.
        unit: Unit,
    },
    /// A time of day.
    Time,
    /// On or off.
    Flag,
    /// One of a few words.
    Choice(Choice),
    /// The name of something.
    Refer(Refer),
}

impl Control {
    /// A number with decimals.
    pub(super) const fn real(min: f64, max: f64, unit: Unit) -> Self {
        Self::Number {
            min,
            max,
            whole: false,
            unit,
        }
    }

    /// A whole number.
    pub(super) const fn whole(min: f64, max: f64, unit: Unit) -> Self {
        Self::Number {
            min,
            max,
            whole: true,
            unit,
        }
    }

    /// The number an arrow key goes to from this one.
    #[must_use]
    pub fn stepped(&self, from: f64, up: bool, big: bool) -> f64 {
        let Self::Number {
            min, max, whole, ..
        } = *self
        else {
            return from;
        };
        let size = from.abs();
        let mut step = if whole || size >= 10.0 {
            1.0
        } else if size >= 1.0 {
            0.1
        } else {
            0.01
        };
        if size >= 1_000.0 {
            step = 100.0;
        }
        if big {
            step *= 10.0;
        }
        let next = if up { from + step } else { from - step };
        (next / 0.001).round().mul_add(0.001, 0.0).clamp(min, max)
    }
}

/// A field as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldView {
    /// Of what it is a field, in text keys.
    pub of: &'static str,
    /// Its name. The texts are `scenario.field.<of>.<key>` and, if there is help, `scenario.help.<of>.<key>`.
    pub key: &'static str,
    /// Its place as the checker writes it.
    pub path: String,
    /// How it is set.
    pub control: Control,
    /// Whether it may be empty.
    pub optional: bool,
    /// What it holds.
    pub value: FieldValue,
}
