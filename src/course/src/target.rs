//! A target: what is measured, where, in which runs, and the limit.

use archplay_model::scenario::{LocalText, Window};
use archplay_model::{ClockTime, Id, Scenario};
use serde::{Deserialize, Serialize};

use crate::{Across, Compare, Scope, Stat, TargetMetric, TargetUnit};

/// One thing that has to be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name within the task.
    pub id: Id,
    /// The name people see, where the metric's own would not say enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// What is measured.
    pub metric: TargetMetric,
    /// Where.
    #[serde(default, skip_serializing_if = "is_default")]
    pub of: Scope,
    /// The same metric elsewhere in the run: the target speaks of how many times that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub than: Option<Scope>,
    /// An earlier run: the target speaks of how many times its value there it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub than_run: Option<Id>,
    /// Which way it goes.
    pub compare: Compare,
    /// The limit, in the metric's unit.
    pub value: f64,
    /// The runs in which it holds; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Id>,
    /// From when something is timed; the beginning of the focus window if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<ClockTime>,
    /// What is looked at, for metrics that do not count whole visits; the focus window if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What counts as measured when there is nothing to measure; without it that is a miss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<f64>,
    /// How much it counts in the score, against 1 for the others.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
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

fn is_default(scope: &Scope) -> bool {
    *scope == Scope::default()
}

/// A piece of a target's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A text's key.
    Key(String),
    /// A text of the lesson's own.
    Text(LocalText),
    /// What stands before it is divided by what stands behind it.
    Over,
}

impl Word {
    /// The pieces as one text; `read` gives the words of a key or of both languages.
    #[must_use]
    pub fn join(words: &[Self], read: impl Fn(&Self) -> String) -> String {
        let mut out = String::new();
        let mut over = true;
        for word in words {
            let now = *word == Self::Over;
            if !out.is_empty() {
                out.push_str(if now || over { " " } else { " · " });
            }
            over = now;
            if now {
                out.push('÷');
            } else {
                out.push_str(&read(word));
            }
        }
        out
    }

    fn plain(text: &Id) -> Self {
        Self::Text(LocalText {
            ko: text.to_string(),
            en: text.to_string(),
        })
    }
}

impl Target {
    /// A target on a metric, without anything special.
    #[must_use]
    pub fn new(id: Id, metric: TargetMetric, compare: Compare, value: f64) -> Self {
        Self {
            id,
            name: None,
            metric,
            of: Scope::default(),
            than: None,
            than_run: None,
            compare,
            value,
            runs: Vec::new(),
            since: None,
            window: None,
            absent: None,
            weight: 1.0,
        }
    }

    /// Whether it holds in a run.
    #[must_use]
    pub fn applies_to(&self, run: &Id) -> bool {
        self.runs.is_empty() || self.runs.contains(run)
    }

    /// Whether a measured value meets it.
    #[must_use]
    pub fn is_met(&self, value: f64) -> bool {
        match self.compare {
            Compare::AtMost => value <= self.value,
            Compare::AtLeast => value >= self.value,
        }
    }

    /// The unit of its value.
    #[must_use]
    pub fn unit(&self) -> TargetUnit {
        if self.than.is_some() || self.than_run.is_some() || self.of.across == Across::Imbalance {
            return TargetUnit::Times;
        }
        match (self.metric, self.of.series, self.of.measure) {
            (TargetMetric::Series, Some(series), _) => {
                let unit = series.metric().unit().into();
                match unit {
                    TargetUnit::PerSecond | TargetUnit::PerMinute
                        if self.of.stat == Stat::Total =>
                    {
                        TargetUnit::Count
                    }
                    TargetUnit::UnitsPerHour if self.of.stat == Stat::Total => {
                        TargetUnit::PriceUnits
                    }
                    unit => unit,
                }
            }
            (TargetMetric::Measure, _, Some(measure)) => measure.unit().into(),
            (metric, ..) => metric.unit(),
        }
    }

    /// Its name, in pieces that stand one after the other. Operations and audiences are called as in the scenario.
    #[must_use]
    pub fn words(&self, scenario: Option<&Scenario>) -> Vec<Word> {
        if let Some(name) = &self.name {
            return vec![Word::Text(name.clone())];
        }
        let key = |area: &str, slug: &str| Word::Key(format!("{area}.{slug}.name"));
        let mut words = Vec::new();
        match (self.metric, self.of.series, self.of.measure) {
            (TargetMetric::Series, Some(series), _) => {
                words.push(key("metric", series.slug()));
                if self.of.stat != Stat::Worst {
                    words.push(Word::Key(format!("stat.{}", self.of.stat.slug())));
                }
            }
            (TargetMetric::Measure, _, Some(measure)) => {
                words.push(Word::Key(format!("measure.{}", measure.slug())));
            }
            (metric, ..) => words.push(key("target", metric.slug())),
        }
        words.extend(about(&self.of, scenario));
        if !matches!(self.of.across, Across::Worst) {
            words.push(Word::Key(format!("across.{}", self.of.across.slug())));
        }
        if let Some(than) = &self.than {
            words.push(Word::Over);
            words.extend(about(than, scenario));
        }
        if self.than_run.is_some() {
            words.push(Word::Key("target_than_run".into()));
        }
        words
    }
}

/// What a scope is about.
fn about(scope: &Scope, scenario: Option<&Scenario>) -> Vec<Word> {
    let operation = |id: &Id| scenario.and_then(|s| s.operation(id)).map(|o| &o.name);
    let audience = |id: &Id| {
        let all = scenario.map(|s| &s.audiences);
        let found = all.and_then(|all| all.iter().find(|a| &a.id == id));
        found.map(|a| &a.name)
    };
    let named = |id: &Id, name: Option<&LocalText>| {
        name.map_or_else(|| Word::plain(id), |name| Word::Text(name.clone()))
    };
    let key = |area: &str, slug: &str| Word::Key(format!("{area}.{slug}.name"));
    let mut words: Vec<Word> = scope
        .operations
        .iter()
        .map(|id| named(id, operation(id)))
        .collect();
    words.extend(scope.audiences.iter().map(|id| named(id, audience(id))));
    words.extend(scope.reasons.iter().map(|r| key("reason", r.slug())));
    words.extend(scope.kind.iter().map(|k| key("kind", k.slug())));
    words.extend(scope.components.iter().map(Word::plain));
    words
}
