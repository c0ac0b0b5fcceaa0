//! Where a target looks and how many values become one: operations, components, statistics.

use archplay_model::{Id, Kind};
use archplay_report::{EventCode, Measure, Metric, Reason};
use serde::de::value::StrDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a target is about. Which of these a metric takes is in `fields.rs`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Only these operations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Id>,
    /// Only these audiences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Id>,
    /// Only failures for these reasons.
    #[serde(skip_serializing_if = "Vec::is_empty", with = "reasons")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::reasons"))]
    pub reasons: Vec<Reason>,
    /// Only components of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Only components of these names. A drawing need not have them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Id>,
    /// Which series.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::series"))]
    pub series: Option<SeriesName>,
    /// Which measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::measure"))]
    pub measure: Option<Measure>,
    /// Which events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::events"))]
    pub events: Vec<EventCode>,
    /// What becomes of the buckets of a series.
    #[serde(skip_serializing_if = "Stat::is_default")]
    pub stat: Stat,
    /// What becomes of several operations or components.
    #[serde(skip_serializing_if = "Across::is_default")]
    pub across: Across,
}

/// Reasons by their slugs. Those with a number in them are written otherwise by `serde`.
mod reasons {
    use super::{Deserialize, Deserializer, Reason, Serializer};

    pub(super) fn serialize<S: Serializer>(
        reasons: &[Reason],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(reasons.iter().map(|reason| reason.slug()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Reason>, D::Error> {
        let slugs = Vec::<String>::deserialize(deserializer)?;
        let find = |slug: &String| {
            let found = Reason::ALL
                .into_iter()
                .find(|reason| reason.slug() == *slug);
            found.ok_or_else(|| serde::de::Error::custom(format_args!("no reason `{slug}`")))
        };
        slugs.iter().map(find).collect()
    }
}

/// A series by its slug. The failures, a series for each reason, are one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesName {
    /// Failures, for all reasons or those of the scope.
    Failed,
    /// Any other.
    Of(Metric),
}

impl SeriesName {
    /// The name in files and text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Of(metric) => metric.slug(),
        }
    }

    /// A metric with its unit.
    #[must_use]
    pub const fn metric(self) -> Metric {
        match self {
            Self::Failed => Metric::Failed(Reason::Timeout),
            Self::Of(metric) => metric,
        }
    }
}

impl Serialize for SeriesName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for SeriesName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = String::deserialize(deserializer)?;
        if slug == "failed" {
            return Ok(Self::Failed);
        }
        let reader = StrDeserializer::<D::Error>::new(&slug);
        Metric::deserialize(reader).map(Self::Of)
    }
}

/// What becomes of the buckets of a series within the window. Its text is `stat.<slug>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stat {
    /// The greatest for a target of "at most", the least for one of "at least".
    #[default]
    Worst,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// The mean of the buckets that have a value.
    Mean,
    /// The value below which half of the buckets lie.
    P50,
    /// The same for 95 %.
    P95,
    /// The same for 99 %.
    P99,
    /// The last that exists.
    Last,
    /// The sum over time, for series per second, minute or hour.
    Total,
}

impl Stat {
    /// All of them, for the tests that look for their texts.
    pub const ALL: [Self; 9] = [
        Self::Worst,
        Self::Max,
        Self::Min,
        Self::Mean,
        Self::P50,
        Self::P95,
        Self::P99,
        Self::Last,
        Self::Total,
    ];

    /// The name in files and text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Max => "max",
            Self::Min => "min",
            Self::Mean => "mean",
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Last => "last",
            Self::Total => "total",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What becomes of several operations or components. Its text is `across.<slug>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Across {
    /// The greatest for a target of "at most", the least for one of "at least".
    #[default]
    Worst,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// The mean; of a series bucket by bucket.
    Mean,
    /// The sum; of a series bucket by bucket.
    Sum,
    /// The greatest / the mean: 1 when all are alike.
    Imbalance,
}

impl Across {
    /// All of them, for the tests that look for their texts.
    pub const ALL: [Self; 6] = [
        Self::Worst,
        Self::Max,
        Self::Min,
        Self::Mean,
        Self::Sum,
        Self::Imbalance,
    ];

    /// The name in files and text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Max => "max",
            Self::Min => "min",
            Self::Mean => "mean",
            Self::Sum => "sum",
            Self::Imbalance => "imbalance",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_comes_back_from_json_as_it_was() {
        let text = r#"{"operations":["order"],"reasons":["bad_gateway_502"],"kind":"database","series":"failed","measure":"hit_ratio","events":["alarm_raised"],"stat":"p95","across":"sum"}"#;
        let scope: Scope = serde_json::from_str(text).unwrap();
        assert_eq!(scope.reasons, [Reason::BadGateway502]);
        assert_eq!(scope.series, Some(SeriesName::Failed));
        assert_eq!(serde_json::to_string(&scope).unwrap(), text);
        for slug in ["latency_p95", "oldest_age", "dau"] {
            let name: SeriesName = serde_json::from_str(&format!("\"{slug}\"")).unwrap();
            assert_eq!(name.slug(), slug);
        }
        for bad in [
            r#"{"series":"luck"}"#,
            r#"{"reasons":["luck"]}"#,
            r#"{"colour":1}"#,
        ] {
            assert!(serde_json::from_str::<Scope>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slugs_are_the_serialised_names() {
        let same = |json: String, slug: &str| assert_eq!(json.trim_matches('"'), slug);
        for stat in Stat::ALL {
            same(serde_json::to_string(&stat).unwrap(), stat.slug());
        }
        for across in Across::ALL {
            same(serde_json::to_string(&across).unwrap(), across.slug());
        }
    }
}
