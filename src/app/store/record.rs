//! A kept drawing, and the order and names of kept drawings. Pure.

use serde::{Deserialize, Serialize};

use crate::app::route::Desk;

/// One drawing as the browser keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingRecord {
    /// Unique within the browser.
    pub id: String,
    /// The name people see; the same stands in the design.
    pub name: String,
    /// Design JSON.
    pub json: String,
    /// When it was last changed, in milliseconds since 1970; also tells one version from the next.
    pub modified_ms: f64,
    /// The session it belongs to; `None` for the free playground.
    #[serde(default)]
    pub session: Option<u8>,
    /// When it was thrown away, if it was.
    #[serde(default)]
    pub trashed_ms: Option<f64>,
}

impl DrawingRecord {
    /// Where it is worked on.
    pub fn desk(&self) -> Desk {
        self.session.map_or(Desk::Free, Desk::Session)
    }

    /// Whether it lies in the trash.
    pub const fn is_trashed(&self) -> bool {
        self.trashed_ms.is_some()
    }
}

/// The drawing to open at a place when none is remembered: the last changed one that belongs there.
pub fn latest(records: &[DrawingRecord], desk: Desk) -> Option<&DrawingRecord> {
    records
        .iter()
        .filter(|record| !record.is_trashed() && record.desk() == desk)
        .max_by(|a, b| a.modified_ms.total_cmp(&b.modified_ms))
}

/// A name that none of the taken ones equals: the name itself, else with ` (2)`, ` (3)` …
pub fn free_name<'a>(name: &str, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    if !taken.clone().any(|other| other == name) {
        return name.to_owned();
    }
    let stem = strip_number(name);
    let mut number = 2_u32;
    loop {
        let candidate = format!("{stem} ({number})");
        if !taken.clone().any(|other| other == candidate) {
            return candidate;
        }
        number += 1;
    }
}

fn strip_number(name: &str) -> &str {
    let stem = name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
        .filter(|(_, digits)| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    stem.map_or(name, |(stem, _)| stem)
}

/// A time stamp later than the one before, even when the clock stood still or went back.
pub fn next_stamp(now_ms: f64, before: Option<f64>) -> f64 {
    match before {
        Some(before) if now_ms <= before => before + 1.0,
        _ => now_ms,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn record(id: &str, modified_ms: f64, session: Option<u8>) -> DrawingRecord {
        DrawingRecord {
            id: id.into(),
            name: id.to_uppercase(),
            json: "{}".into(),
            modified_ms,
            session,
            trashed_ms: None,
        }
    }

    #[test]
    fn opens_the_latest_of_the_place() {
        let mut list = vec![
            record("old", 1.0, Some(3)),
            record("new", 5.0, Some(3)),
            record("free", 9.0, None),
        ];
        let id = |list: &[DrawingRecord], desk| latest(list, desk).map(|r| r.id.clone());
        assert_eq!(id(&list, Desk::Session(3)).as_deref(), Some("new"));
        list[1].trashed_ms = Some(6.0);
        assert_eq!(id(&list, Desk::Session(3)).as_deref(), Some("old"));
        assert_eq!(id(&list, Desk::Session(4)), None);
        assert_eq!(id(&list, Desk::Free).as_deref(), Some("free"));
    }

    #[test]
    fn names_stay_apart() {
        let check = |name: &str, taken: &[&str], expected: &str| {
            assert_eq!(free_name(name, taken.iter().copied()), expected);
        };
        check("가게", &[], "가게");
        check("가게", &["가게"], "가게 (2)");
        check("가게 (2)", &["가게", "가게 (2)"], "가게 (3)");
        check("가게 (둘)", &["가게 (둘)"], "가게 (둘) (2)");
        check("()", &["()"], "() (2)");
    }

    #[test]
    fn stamps_always_rise() {
        assert_eq!(next_stamp(10.0, None), 10.0);
        assert_eq!(next_stamp(10.0, Some(9.0)), 10.0);
        assert_eq!(next_stamp(10.0, Some(10.0)), 11.0);
        assert_eq!(next_stamp(10.0, Some(20.0)), 21.0);
    }

    #[test]
    fn old_records_read() {
        let json = "{\"id\":\"x\",\"name\":\"n\",\"json\":\"{}\",\"modified_ms\":5.0}";
        let read: Result<DrawingRecord, _> = serde_json::from_str(json);
        assert!(read.is_ok_and(|r| r.desk() == Desk::Free && !r.is_trashed()));
    }
}
