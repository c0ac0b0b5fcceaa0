//! The scenario's clock: times of day as people write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time of day in whole seconds after midnight, `0..=86_400`.
///
/// Written `14:00` or `14:00:30`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u32);

/// Says why a text is no time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockTimeError(pub String);

impl fmt::Display for ClockTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a time of day: write 14:00 or 14:00:30",
            self.0
        )
    }
}

impl std::error::Error for ClockTimeError {}

impl ClockTime {
    /// Makes a time from seconds after midnight, wrapped into one day.
    #[must_use]
    pub const fn from_secs(secs: u32) -> Self {
        Self(if secs > 86_400 { secs % 86_400 } else { secs })
    }

    /// Seconds after midnight.
    #[must_use]
    pub const fn secs(self) -> u32 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        if s == 0 {
            write!(f, "{h:02}:{m:02}")
        } else {
            write!(f, "{h:02}:{m:02}:{s:02}")
        }
    }
}

impl FromStr for ClockTime {
    type Err = ClockTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ClockTimeError(text.chars().take(40).collect());
        let mut parts = [0_u32; 3];
        let mut count = 0;
        for part in text.trim().split(':') {
            if count == 3 || part.is_empty() || part.len() > 2 {
                return Err(fail());
            }
            parts[count] = part.parse().map_err(|_| fail())?;
            count += 1;
        }
        let [h, m, s] = parts;
        let secs = h * 3600 + m * 60 + s;
        if count < 2 || m > 59 || s > 59 || secs > 86_400 {
            Err(fail())
        } else {
            Ok(Self(secs))
        }
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ClockTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockTime".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, secs) in [
            ("14:00", 50_400),
            ("13:58:20", 50_300),
            ("0:00", 0),
            ("24:00", 86_400),
        ] {
            assert_eq!(text.parse::<ClockTime>().unwrap().secs(), secs);
        }
        for bad in [
            "14",
            "14:60",
            "25:00",
            "14:00:00:00",
            "",
            "a:b",
            "-1:00",
            "14:",
        ] {
            assert!(bad.parse::<ClockTime>().is_err(), "{bad}");
        }
        assert_eq!(ClockTime::from_secs(50_300).to_string(), "13:58:20");
    }
}
