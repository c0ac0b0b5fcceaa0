//! Requests that a person makes by hand to the news feed of a run: as a user of its sample, beside everybody else's.

use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HandAsk {
    /// To store a new post.
    Post,
    /// A page of the user's own feed.
    Read {
        /// Where the page begins: what came as `next` with the page before. The newest if absent.
        #[serde(default)]
        cursor: Option<u64>,
    },
}

impl HandAsk {
    /// The name in text keys.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Read { cursor: None } => "read",
            Self::Read { cursor: Some(_) } => "read_on",
        }
    }
}

/// A request made by hand while a run goes on, with the moment at which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Simulated time since the start, in nanoseconds.
    pub at_ns: u64,
    /// Who asks: a user of the sample, from 0 on.
    pub user: u32,
    /// What is asked for.
    pub ask: HandAsk,
}
