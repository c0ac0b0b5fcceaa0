//! Checks of the engine against theory: what a case expects, what was measured, and how a value is read off a
//! report. The cases are files under `static/checks/`; tests of the engine write them, the page shows them.
//!
//! Must not live here: how a case is run, display text (names are keys: `checks.case.<id>.title`,
//! `checks.metric.<metric>`, `checks.family.<family>.name`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Report;

/// The families of cases, in the order of the page.
pub const FAMILIES: [&str; 26] = [
    "invariant",
    "deterministic",
    "sampler",
    "mm1",
    "mmc",
    "mmck",
    "md1",
    "mg1",
    "gim1",
    "erlangb",
    "erlanga",
    "timeout",
    "jackson",
    "nested",
    "fanout",
    "retry",
    "lb",
    "timevarying",
    "lru",
    "lfu",
    "ttl",
    "replication",
    "ids",
    "dns",
    "server",
    "queue",
];

/// One case: a drawing under a scenario, and what theory says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Unique; the name of its file.
    pub id: String,
    /// One of [`FAMILIES`].
    pub family: String,
    /// Where its documents are, in the page's list; the site's build fills it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What was compared.
    pub rows: Vec<CheckRow>,
    /// What was run for it. Cases without a drawing have none.
    pub runs: Vec<CheckRun>,
}

/// A run of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRun {
    /// The seed.
    pub seed: u64,
    /// SHA-256 of the report, made natively.
    pub sha256: String,
    /// The drawing; the page's list leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<Value>,
    /// The scenario; the page's list leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Value>,
}

/// One number of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRow {
    /// What was measured, as a key.
    pub metric: String,
    /// Where, if the case has several places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// In what.
    pub unit: CheckUnit,
    /// What kind of theory the expected value comes from.
    pub kind: CheckKind,
    /// What theory says.
    pub expected: f64,
    /// What the engine did.
    pub measured: f64,
    /// How far apart they may be.
    pub tolerance: f64,
    /// How many requests it was measured on; 0 where requests are not what it depends on.
    pub requests: u64,
    /// Which of the case's runs it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<usize>,
    /// How it is read off that run's report; absent where a look at the end is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Reading>,
}

impl CheckRow {
    /// Whether a value is as near to the expected one as it has to be. NaN is not.
    #[must_use]
    pub fn takes(&self, value: f64) -> bool {
        (value - self.expected).abs() <= self.tolerance
    }

    /// Whether the measured value is.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.takes(self.measured)
    }

    /// How far a value is off, in tolerances: -1 to 1 within. 0 where both are exact.
    #[must_use]
    pub fn offset(&self, value: f64) -> f64 {
        let off = value - self.expected;
        if off == 0.0 {
            0.0
        } else {
            off / self.tolerance
        }
    }
}

/// In what a number of a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckUnit {
    /// A time in seconds.
    Seconds,
    /// A part of a whole, 0 to 1.
    Share,
    /// Something a second.
    PerSecond,
    /// A bare number.
    Count,
}

/// Where an expected value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// A closed form, or a Markov chain solved to the last digit.
    Exact,
    /// The mean of many runs of an independent program.
    Bruteforce,
    /// A published approximation; the tolerance covers its error.
    Approximation,
    /// A limit for large systems.
    Asymptotic,
    /// A limit for much traffic; the tolerance covers its bias.
    Fluid,
}

impl CheckKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Exact,
        Self::Bruteforce,
        Self::Approximation,
        Self::Asymptotic,
        Self::Fluid,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Bruteforce => "bruteforce",
            Self::Approximation => "approximation",
            Self::Asymptotic => "asymptotic",
            Self::Fluid => "fluid",
        }
    }
}

/// How a value is read off a report: the sum of `top` over the sum of `over`, times `scale`.
///
/// A term is `place/figure`, with a minus sign in front when it is subtracted. The place is a component, the figure
/// one of its measures or totals; `@operation` is an operation of the focus window, whose figures are its totals
/// and `failed` or `failed:<reason>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// What is added up.
    pub top: Vec<String>,
    /// What it is divided by; by nothing if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
    /// What it is multiplied with.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub scale: f64,
}

const fn one() -> f64 {
    1.0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_one(n: &f64) -> bool {
    *n == 1.0
}

impl Reading {
    /// Reads one figure.
    #[must_use]
    pub fn one(term: impl Into<String>) -> Self {
        Self {
            top: vec![term.into()],
            over: Vec::new(),
            scale: 1.0,
        }
    }

    /// The same, divided.
    #[must_use]
    pub fn over<const N: usize>(mut self, terms: [String; N]) -> Self {
        self.over = terms.into();
        self
    }

    /// The same, multiplied.
    #[must_use]
    pub const fn times(mut self, scale: f64) -> Self {
        self.scale = scale;
        self
    }

    /// The value; `None` when the report does not have it.
    #[must_use]
    pub fn of(&self, figures: &Figures) -> Option<f64> {
        let top = figures.sum(&self.top)?;
        let over = if self.over.is_empty() {
            1.0
        } else {
            figures.sum(&self.over)?
        };
        Some(top / over * self.scale)
    }
}

/// The part of a report that readings look at.
#[derive(Clone, Debug, Deserialize)]
pub struct Figures {
    focus: Value,
    components: Vec<Value>,
}

impl Figures {
    /// Takes it from a report's JSON; `None` when that is no report.
    #[must_use]
    pub fn from_json(report: &str) -> Option<Self> {
        serde_json::from_str(report).ok()
    }

    /// Takes it from a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let value = |part: serde_json::Result<Value>| part.unwrap_or_default();
        let components = report.components.iter();
        Self {
            focus: value(serde_json::to_value(&report.focus)),
            components: components.map(|c| value(serde_json::to_value(c))).collect(),
        }
    }

    fn sum(&self, terms: &[String]) -> Option<f64> {
        let mut sum = 0.0;
        for term in terms {
            let (sign, term) = match term.strip_prefix('-') {
                Some(term) => (-1.0, term),
                None => (1.0, term.as_str()),
            };
            sum += sign * self.figure(term)?;
        }
        Some(sum)
    }

    fn figure(&self, term: &str) -> Option<f64> {
        let (place, figure) = term.split_once('/')?;
        let Some(operation) = place.strip_prefix('@') else {
            let component = self.components.iter().find(|c| c["id"] == place)?;
            let measures = component["measures"].as_array();
            let measure = measures.and_then(|list| list.iter().find(|pair| pair[0] == figure));
            return measure.map_or(&component[figure], |pair| &pair[1]).as_f64();
        };
        let operations = self.focus["operations"].as_array()?;
        let operation = operations.iter().find(|o| o["operation"] == operation)?;
        let Some(reason) = figure.strip_prefix("failed") else {
            return operation[figure].as_f64();
        };
        let failed = operation["failed"].as_array()?.iter();
        let wanted = reason.strip_prefix(':');
        let counts = failed.filter(|pair| wanted.is_none_or(|wanted| pair[0] == wanted));
        Some(counts.filter_map(|pair| pair[1].as_f64()).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_off_a_report() {
        let report = r#"{"schema":"x","focus":{"operations":[{"operation":"page","offered":10,"inside":2,
            "failed":[["timeout",3],["refused",1]]}]},"components":[{"id":"s","arrived":7,
            "measures":[["visits",8.0],["refused",2.0],["lag_mean",null]]}]}"#;
        let figures = Figures::from_json(report);
        let read = |top: &[&str], over: &[&str]| {
            let own = |terms: &[&str]| terms.iter().map(|t| (*t).to_owned()).collect();
            let reading = Reading {
                top: own(top),
                over: own(over),
                scale: 10.0,
            };
            figures.as_ref().and_then(|figures| reading.of(figures))
        };
        assert_eq!(read(&["s/visits"], &[]), Some(80.0));
        assert_eq!(read(&["s/arrived"], &[]), Some(70.0));
        assert_eq!(
            read(&["s/refused"], &["s/visits", "-s/refused"]),
            Some(2.0 / 6.0 * 10.0)
        );
        assert_eq!(
            read(&["@page/failed"], &["@page/offered", "-@page/inside"]),
            Some(5.0)
        );
        assert_eq!(read(&["@page/failed:timeout"], &[]), Some(30.0));
        assert_eq!(read(&["@page/failed:gave_up"], &[]), Some(0.0));
        for nothing in ["s/lag_mean", "s/none", "t/visits", "@x/offered", "visits"] {
            assert_eq!(read(&[nothing], &[]), None, "{nothing}");
        }
        assert!(Figures::from_json("{}").is_none());
    }

    #[test]
    fn a_row_takes_what_is_near_enough() {
        let mut row = CheckRow {
            metric: "x".into(),
            at: None,
            unit: CheckUnit::Count,
            kind: CheckKind::Exact,
            expected: 2.0,
            measured: 2.5,
            tolerance: 1.0,
            requests: 0,
            run: None,
            read: None,
        };
        assert!(row.passes() && row.takes(3.0) && !row.takes(3.1) && !row.takes(f64::NAN));
        assert_eq!(row.offset(1.5), -0.5);
        row.tolerance = 0.0;
        assert!(row.takes(2.0) && !row.takes(2.1));
        assert_eq!(row.offset(2.0), 0.0);
    }
}
