//! The words by which the choices of a scenario are named, as in its file.

use archplay_model::scenario::{
    Arrivals, Consistency, Entry, FaultAction, FaultTarget, FilterOp, Growth, Mode, OnConflict,
    Pick, Spread, State,
};
use archplay_model::{Id, Kind, LinkKey, Place};

use super::demand_kind::DemandKind;
use super::value::Choice;

/// Something that is one of a few words.
pub trait Word: Sized {
    /// The words, for a control.
    const CHOICE: Choice;
    /// Its word.
    fn slug(&self) -> &'static str;
    /// What a word means; with the usual numbers, if it has any.
    fn from_slug(slug: &str) -> Option<Self>;
}

macro_rules! words {
    ($type:ty, $name:literal: $($slug:literal = $path:path),+ $(,)?) => {
        impl Word for $type {
            const CHOICE: Choice = Choice { name: $name, slugs: &[$($slug),+] };
            fn slug(&self) -> &'static str {
                match self { $($path => $slug),+ }
            }
            fn from_slug(slug: &str) -> Option<Self> {
                match slug { $($slug => Some($path),)+ _ => None }
            }
        }
    };
}

/// Words of things that carry more: a pattern to tell them, and what one begins with.
macro_rules! words_with {
    ($type:ty, $name:literal: $($slug:literal = $pattern:pat => $value:expr),+ $(,)?) => {
        impl Word for $type {
            const CHOICE: Choice = Choice { name: $name, slugs: &[$($slug),+] };
            fn slug(&self) -> &'static str {
                match self { $($pattern => $slug),+ }
            }
            fn from_slug(slug: &str) -> Option<Self> {
                match slug { $($slug => Some($value),)+ _ => None }
            }
        }
    };
}

words!(Mode, "mode": "events" = Self::Events, "aggregate" = Self::Aggregate);
words!(Entry, "entry": "visitor" = Self::Visitor, "admin" = Self::Admin);
words!(Consistency, "consistency": "eventual" = Self::Eventual, "strong" = Self::Strong);
words!(Pick, "pick": "popular" = Self::Popular, "fresh" = Self::Fresh, "own" = Self::Own, "hottest" = Self::Hottest);
words!(OnConflict, "on_conflict": "error" = Self::Error, "first_wins" = Self::FirstWins, "last_wins" = Self::LastWins);
words!(FilterOp, "filter_op": "equal" = Self::Equal, "range" = Self::Range, "contains" = Self::Contains);
words!(State, "state": "session" = Self::Session, "own_write" = Self::OwnWrite);
words!(Growth, "growth": "random" = Self::Random, "fixed" = Self::Fixed, "doubling" = Self::Doubling, "full_jitter" = Self::FullJitter);

words_with!(Spread, "spread":
    "exponential" = Self::Exponential => Self::Exponential,
    "constant" = Self::Constant => Self::Constant,
    "uniform" = Self::Uniform { .. } => Self::Uniform { half_width: 0.5 },
    "erlang" = Self::Erlang { .. } => Self::Erlang { phases: 4 },
    "hyperexponential" = Self::Hyperexponential { .. } => Self::Hyperexponential { cv: 2.0 },
    "lognormal" = Self::Lognormal { .. } => Self::Lognormal { cv: 1.0 },
);
words_with!(Arrivals, "arrivals":
    "poisson" = Self::Poisson => Self::Poisson,
    "even" = Self::Even => Self::Even,
    "gaps" = Self::Gaps(_) => Self::Gaps(Spread::Exponential),
);
words_with!(FaultAction, "action":
    "kill" = Self::Kill => Self::Kill,
    "restore" = Self::Restore => Self::Restore,
    "slow" = Self::Slow { .. } => Self::Slow { factor: 3.0 },
    "lose" = Self::Lose { .. } => Self::Lose { share: 0.05 },
    "cut" = Self::Cut => Self::Cut,
    "fill_disk" = Self::FillDisk => Self::FillDisk,
    "leak_memory" = Self::LeakMemory { .. } => Self::LeakMemory { mib_per_sec: 1.0 },
    "hog_cpu" = Self::HogCpu { .. } => Self::HogCpu { cores: 1.0 },
    "expire" = Self::Expire => Self::Expire,
    "step_clock" = Self::StepClock { .. } => Self::StepClock { ms: -1_000.0 },
    "fail_resolver" = Self::FailResolver => Self::FailResolver,
    "kill_shard" = Self::KillShard { .. } => Self::KillShard { shard: 1 },
);
words_with!(FaultTarget, "target":
    "one_server" = Self::OneServer => Self::OneServer,
    "one_of" = Self::OneOf(_) => Self::OneOf(Kind::Cache),
    "place" = Self::Place(_) => Self::Place(Place::Seoul),
    "kind" = Self::Kind(_) => Self::Kind(Kind::Server),
    "component" = Self::Component(_) => Self::Component(Id::numbered("server", 1)),
    "link" = Self::Link(_) => Self::Link(LinkKey {
        from: Id::numbered("server", 1),
        to: Id::numbered("database", 1),
    }),
);
words!(DemandKind, "demand":
    "static" = Self::Static,
    "compute" = Self::Compute,
    "read" = Self::Read,
    "write" = Self::Write,
    "insert" = Self::Insert,
    "reserve" = Self::Reserve,
    "next_id" = Self::NextId,
    "publish" = Self::Publish,
    "call" = Self::Call,
    "authenticate" = Self::Authenticate,
    "notify" = Self::Notify,
    "read_feed" = Self::ReadFeed,
    "fan_out" = Self::FanOut,
    "login" = Self::Login,
    "seq" = Self::Seq,
    "par" = Self::Par,
    "transaction" = Self::Transaction,
    "repeat" = Self::Repeat,
    "optional" = Self::Optional,
);

impl Word for Place {
    const CHOICE: Choice = Choice {
        name: "place",
        slugs: &const {
            let mut slugs = [""; Self::ALL.len()];
            let mut i = 0;
            while i < slugs.len() {
                slugs[i] = Self::ALL[i].slug();
                i += 1;
            }
            slugs
        },
    };
    fn slug(&self) -> &'static str {
        (*self).slug()
    }
    fn from_slug(slug: &str) -> Option<Self> {
        Self::from_slug(slug)
    }
}

impl Word for Kind {
    const CHOICE: Choice = Choice {
        name: "kind",
        slugs: &const {
            let mut slugs = [""; Self::ALL.len()];
            let mut i = 0;
            while i < slugs.len() {
                slugs[i] = Self::ALL[i].slug();
                i += 1;
            }
            slugs
        },
    };
    fn slug(&self) -> &'static str {
        (*self).slug()
    }
    fn from_slug(slug: &str) -> Option<Self> {
        Self::from_slug(slug)
    }
}

/// Every choice that has texts of its own, for tests of the texts.
#[must_use]
pub fn every_choice() -> [Choice; 13] {
    [
        Mode::CHOICE,
        Entry::CHOICE,
        Consistency::CHOICE,
        Pick::CHOICE,
        OnConflict::CHOICE,
        FilterOp::CHOICE,
        State::CHOICE,
        Growth::CHOICE,
        Spread::CHOICE,
        Arrivals::CHOICE,
        FaultAction::CHOICE,
        FaultTarget::CHOICE,
        DemandKind::CHOICE,
    ]
}
