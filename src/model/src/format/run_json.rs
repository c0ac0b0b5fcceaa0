//! Run JSON: the seed of a run and what a person did while it ran. Enough to repeat it on the same drawing
//! under the same scenario, or the same incident on another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{LoadError, read_json};
use crate::Id;
use crate::limits::{MAX_DURATION_SECS, MAX_INTERVENTIONS, MAX_POST_CHARS};
use crate::scenario::{Asked, FaultAction, HandAsk, Intervention};

/// The schema name of a run's file.
pub const RUN_SCHEMA: &str = "archplay/run/1";

/// Letters of a fingerprint.
const SHA256_CHARS: usize = 64;

/// A run's file. The fingerprints tell whether a repetition is of the same run and came to the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RunDoc {
    /// Name and version of the format: `archplay/run/1`.
    pub schema: String,
    /// The scenario's id.
    pub scenario: Id,
    /// The seed.
    pub seed: u64,
    /// SHA-256 of the design's JSON.
    pub design_sha256: String,
    /// SHA-256 of the scenario's JSON.
    pub scenario_sha256: String,
    /// SHA-256 of the report.
    pub report_sha256: String,
    /// What was done by hand, in order of time.
    #[serde(default)]
    pub interventions: Vec<Intervention>,
    /// What was asked of the news feed by hand, in order of time; at the same moment, after what was broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Asked>,
    /// What the posts among them say, by the request's place in that list, from 0. Only for those who read: the
    /// simulation knows a post by its size. At most [`MAX_POST_CHARS`] characters each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<u32, String>,
}

/// Reads a run's file.
///
/// # Errors
/// [`LoadError`] with place and reason.
pub fn read_run(text: &str) -> Result<RunDoc, LoadError> {
    let doc: RunDoc = read_json(text, "archplay/run", 1)?;
    let bad = |path: String, detail: String| LoadError {
        path,
        ..LoadError::whole("bad_value").with("detail", detail)
    };
    for (path, found) in [
        ("design_sha256", &doc.design_sha256),
        ("scenario_sha256", &doc.scenario_sha256),
        ("report_sha256", &doc.report_sha256),
    ] {
        if found.len() != SHA256_CHARS || !found.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad(path.into(), "not a SHA-256".into()));
        }
    }
    let moments = |what: &str, moments: &mut dyn ExactSizeIterator<Item = u64>| {
        let count = moments.len();
        if count > MAX_INTERVENTIONS {
            return Err(LoadError::whole("too_many")
                .with("what", what)
                .with("count", count)
                .with("max", MAX_INTERVENTIONS));
        }
        let mut before = 0;
        for (i, at_ns) in moments.enumerate() {
            if at_ns > u64::from(MAX_DURATION_SECS) * 1_000_000_000 || at_ns < before {
                let path = format!("{what}[{i}].at_ns");
                return Err(bad(path, "out of order or range".into()));
            }
            before = at_ns;
        }
        Ok(())
    };
    let done = &doc.interventions;
    moments("interventions", &mut done.iter().map(|done| done.at_ns))?;
    let asked = &doc.requests;
    moments("requests", &mut asked.iter().map(|asked| asked.at_ns))?;
    for (i, done) in doc.interventions.iter().enumerate() {
        if let Some(wrong) = wrong_strength(&done.action) {
            let slug = done.action.slug();
            return Err(bad(format!("interventions[{i}].action.{slug}"), wrong));
        }
    }
    for (place, text) in &doc.texts {
        let path = || format!("texts.{place}");
        let request = doc.requests.get(*place as usize);
        if request.is_none_or(|request| request.ask != HandAsk::Post) {
            return Err(bad(path(), "no post".into()));
        }
        if !is_post_text(text) {
            return Err(bad(path(), "not a post's text".into()));
        }
    }
    Ok(doc)
}

/// Whether a post can say this: something, not too long, in one line and without what steers a terminal.
#[must_use]
pub fn is_post_text(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MAX_POST_CHARS
        && !text.chars().any(char::is_control)
}

fn wrong_strength(action: &FaultAction) -> Option<String> {
    let (range, value) = (action.strength_range()?, action.strength()?);
    (!range.holds(value)).then(|| format!("{} = {value}", range.field))
}

/// Writes a run's file.
#[must_use]
pub fn write_run(doc: &RunDoc) -> String {
    let mut text = serde_json::to_string_pretty(doc).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::FaultTarget;

    fn doc() -> RunDoc {
        let at = |at_ns, action| Intervention {
            at_ns,
            action,
            target: FaultTarget::Component(Id::numbered("server", 1)),
        };
        let asked = |at_ns, ask| Asked {
            at_ns,
            user: 17,
            ask,
        };
        RunDoc {
            schema: RUN_SCHEMA.into(),
            scenario: Id::numbered("sale", 1),
            seed: u64::MAX,
            design_sha256: "0".repeat(64),
            scenario_sha256: "a".repeat(64),
            report_sha256: "F".repeat(64),
            interventions: vec![
                at(5, FaultAction::Slow { factor: 2.5 }),
                at(5, FaultAction::Kill),
            ],
            requests: vec![
                asked(7, HandAsk::Post),
                asked(9, HandAsk::Read { cursor: None }),
                asked(
                    9,
                    HandAsk::Read {
                        cursor: Some(u64::MAX),
                    },
                ),
            ],
            texts: BTreeMap::from([(0, "점심 <b>사진</b>".to_owned())]),
        }
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(read_run(&write_run(&doc())).as_ref(), Ok(&doc()));
    }

    #[test]
    fn files_from_before_requests_are_read_and_written_as_they_were() {
        let mut doc = doc();
        doc.requests.clear();
        doc.texts.clear();
        let text = write_run(&doc);
        assert!(
            !text.contains("requests") && !text.contains("texts"),
            "{text}"
        );
        assert_eq!(read_run(&text).as_ref(), Ok(&doc));
    }

    #[test]
    fn refuses_with_a_place() {
        let refused = |change: &dyn Fn(&mut RunDoc)| {
            let mut doc = doc();
            change(&mut doc);
            let error = read_run(&write_run(&doc)).err();
            error.map(|error| (error.code, error.path))
        };
        let check = |code, path: &str, change: &dyn Fn(&mut RunDoc)| {
            assert_eq!(refused(change), Some((code, path.to_owned())));
        };
        check("bad_value", "report_sha256", &|doc| {
            doc.report_sha256.push('0');
        });
        check("bad_value", "interventions[1].at_ns", &|doc| {
            doc.interventions[1].at_ns = 4;
        });
        check("bad_value", "interventions[0].at_ns", &|doc| {
            doc.interventions[0].at_ns = u64::MAX;
        });
        check("bad_value", "interventions[0].action.slow", &|doc| {
            doc.interventions[0].action = FaultAction::Slow { factor: 0.5 };
        });
        check("bad_value", "requests[2].at_ns", &|doc| {
            doc.requests[2].at_ns = 8;
        });
        check("bad_value", "texts.1", &|doc| {
            doc.texts.insert(1, "a page says nothing".into());
        });
        check("bad_value", "texts.3", &|doc| {
            doc.texts.insert(3, "nobody asked".into());
        });
        for text in [
            " ",
            "one\ntwo",
            "\u{1b}[31m",
            &"가".repeat(MAX_POST_CHARS + 1),
        ] {
            check("bad_value", "texts.0", &|doc| {
                doc.texts.insert(0, text.into());
            });
        }
        check("too_many", "", &|doc| {
            doc.requests = vec![doc.requests[0]; MAX_INTERVENTIONS + 1];
        });
        check("too_many", "", &|doc| {
            let one = doc.interventions[0].clone();
            doc.interventions = vec![one; MAX_INTERVENTIONS + 1];
        });
        check("future", "", &|doc| doc.schema = "archplay/run/2".into());
        check("wrong_kind_of_file", "", &|doc| {
            doc.schema = "archplay/design/1".into();
        });
    }
}
