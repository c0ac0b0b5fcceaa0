//! Document ids: the names by which files, links, random streams and reports speak of a component.

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Identifies a component within one design, or a dataset, operation or audience within one scenario.
///
/// 1 to 40 characters of `a-z 0-9 - _`, beginning with a letter or digit. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Rc<str>);

/// Says why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError(pub String);

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an id: use 1 to 40 of a-z, 0-9, - and _",
            self.0
        )
    }
}

impl std::error::Error for IdError {}

impl Id {
    /// The longest id, in characters.
    pub const MAX_LEN: usize = 40;

    /// Makes an id from a text that follows the rules.
    ///
    /// # Errors
    /// [`IdError`] with the text (cut to 60 characters) when it does not.
    pub fn new(text: &str) -> Result<Self, IdError> {
        let ok = !text.is_empty()
            && text.len() <= Self::MAX_LEN
            && text
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
            && text.as_bytes()[0].is_ascii_alphanumeric();
        if ok {
            Ok(Self(text.into()))
        } else {
            Err(IdError(text.chars().take(60).collect()))
        }
    }

    /// Returns `prefix-n`. The prefix is one of ours (a kind's slug), so the result is always an id.
    #[must_use]
    pub fn numbered(prefix: &str, n: usize) -> Self {
        let mut text = String::new();
        for c in prefix.chars().take(24) {
            text.push(if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '-'
            });
        }
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            text.insert(0, 'x');
        }
        Self(format!("{text}-{n}").into())
    }

    /// An id that no other precedes, to begin ranges with.
    pub(crate) fn least() -> Self {
        Self("0".into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,39}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        for good in ["a", "web-1", "0", "a_b", &"a".repeat(40)] {
            assert!(Id::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "_a", "A", "한글", "a b", "<b>", &"a".repeat(41)] {
            assert!(Id::new(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Id::numbered("load_balancer", 3),
            Id::new("load-balancer-3").unwrap()
        );
    }
}
