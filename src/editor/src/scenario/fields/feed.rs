//! Fields of the news feed and of its accounts with followers.

use archplay_model::scenario::{Audience, Celebrity, Feed};
use archplay_model::{ClockTime, Id, Scenario};

use super::{Field, number, percent};
use crate::scenario::curve;
use crate::scenario::value::{Control, FieldValue, Refer, Unit};

/// A number of the feed.
macro_rules! of_feed {
    ($key:literal, $control:expr, $member:ident: $type:ty) => {
        Field::new(
            $key,
            $control,
            |it: &Scenario| Some(FieldValue::Number(it.feed.as_ref()?.$member as f64)),
            |it: &mut Scenario, value| {
                it.feed.as_mut()?.$member = value.number()? as $type;
                Some(())
            },
        )
    };
}

/// A dataset of the feed.
macro_rules! dataset {
    ($key:literal, $member:ident) => {
        Field::new(
            $key,
            Control::Refer(Refer::Dataset),
            |it: &Scenario| Some(FieldValue::Text(it.feed.as_ref()?.$member.to_string())),
            |it: &mut Scenario, value| {
                it.feed.as_mut()?.$member = Id::new(value.text()?).ok()?;
                Some(())
            },
        )
    };
}

/// A dataset that the feed may do without.
macro_rules! may_be {
    ($key:literal, $member:ident) => {
        Field::new(
            $key,
            Control::Refer(Refer::Dataset),
            |it: &Scenario| {
                let own = it.feed.as_ref()?.$member.as_ref();
                Some(own.map_or(FieldValue::Absent, |id| FieldValue::Text(id.to_string())))
            },
            |it: &mut Scenario, value| {
                it.feed.as_mut()?.$member = match value {
                    FieldValue::Absent => None,
                    value => Some(Id::new(value.text()?).ok()?),
                };
                Some(())
            },
        )
        .optional()
    };
}

const FRIENDS: Control = Control::real(1.0, 65_535.0, Unit::People);
const A_DAY: Control = Control::real(0.0, 86_400.0, Unit::Times);
const SIGMA: Control = Control::real(0.0, 5.0, Unit::Plain);

/// How much busier than on average the busiest moment is. It stands in the curves, which get steeper or flatter; the
/// audience that most belong to speaks for all.
const PEAK: Field<Scenario> = Field::new(
    "peak_factor",
    Control::real(1.0, 100.0, Unit::Ratio),
    |it| {
        it.feed.as_ref()?;
        let (from, to) = lasts(it);
        let expected = |audience: &&Audience| curve::expected(&audience.rate, from, to);
        let audiences = it.audiences.iter();
        let most = audiences.max_by(|a, b| expected(a).total_cmp(&expected(b)))?;
        let factor = curve::peak_factor(&most.rate, from, to)?;
        Some(FieldValue::Number((factor * 100.0).round() / 100.0))
    },
    |it, value| {
        let (from, to) = lasts(it);
        let factor = value.number()?;
        for audience in &mut it.audiences {
            audience.rate = curve::with_peak_factor(&audience.rate, from, to, factor);
        }
        Some(())
    },
);

/// From when to when a scenario lasts, in seconds of its first day, as far as curves are drawn.
fn lasts(scenario: &Scenario) -> (u32, u32) {
    let from = scenario.start.secs();
    let to = from.saturating_add(scenario.duration_secs).min(DAY_SECS);
    (from, to.max(from + 1))
}

const DAY_SECS: u32 = 86_400;

pub(super) const FEED: &[Field<Scenario>] = &[
    Field::new(
        "on",
        Control::Flag,
        |it: &Scenario| Some(FieldValue::Flag(it.feed.is_some())),
        |it: &mut Scenario, value| {
            // The datasets in their order, as far as there are any.
            let named = |i: usize, name: &str| {
                let own = it.datasets.iter().find(|d| d.id.as_str() == name);
                let found = own.or_else(|| it.datasets.get(i));
                found.map_or_else(|| Id::numbered(name, 1), |d| d.id.clone())
            };
            let feed = Feed::new(
                named(0, "lists"),
                named(1, "friendships"),
                named(2, "posts"),
                named(3, "outboxes"),
            );
            it.feed = value.flag()?.then_some(feed);
            Some(())
        },
    ),
    dataset!("lists", lists),
    dataset!("friendships", friendships),
    dataset!("posts", posts),
    dataset!("outboxes", outboxes),
    may_be!("profiles", profiles),
    may_be!("media", media),
    Field::new(
        "media_share",
        Control::real(0.0, 100.0, Unit::Percent),
        |it: &Scenario| Some(percent(it.feed.as_ref()?.media_share)),
        |it: &mut Scenario, value| {
            it.feed.as_mut()?.media_share = value.number()? / 100.0;
            Some(())
        },
    ),
    of_feed!("users", Control::whole(2.0, 1e6, Unit::People), users: u32),
    Field::new(
        "visitors_per_day",
        Control::real(1.0, 1e10, Unit::People),
        |it: &Scenario| {
            let visitors = it.feed.as_ref()?.visitors_per_day;
            Some(visitors.map_or(FieldValue::Absent, FieldValue::Number))
        },
        |it: &mut Scenario, value| {
            it.feed.as_mut()?.visitors_per_day = match value {
                FieldValue::Absent => None,
                value => Some(value.number()?),
            };
            Some(())
        },
    )
    .optional(),
    PEAK,
    of_feed!("mean_friends", FRIENDS, mean_friends: f64),
    of_feed!("median_friends", FRIENDS, median_friends: f64),
    of_feed!("max_friends", Control::whole(1.0, 65_535.0, Unit::People), max_friends: u32),
    of_feed!("views_per_day", A_DAY, views_per_day: f64),
    of_feed!("posts_per_day", A_DAY, posts_per_day: f64),
    Field::new(
        "dormant",
        Control::real(0.0, 100.0, Unit::Percent),
        |it: &Scenario| Some(percent(it.feed.as_ref()?.dormant)),
        |it: &mut Scenario, value| {
            it.feed.as_mut()?.dormant = value.number()? / 100.0;
            Some(())
        },
    ),
    of_feed!("view_sigma", SIGMA, view_sigma: f64),
    of_feed!("post_sigma", SIGMA, post_sigma: f64),
    of_feed!("together", Control::real(-1.0, 1.0, Unit::Plain), together: f64),
    of_feed!("befriends_per_day", A_DAY, befriends_per_day: f64),
    of_feed!("unfriends_per_day", A_DAY, unfriends_per_day: f64),
    of_feed!("blocks_per_day", A_DAY, blocks_per_day: f64),
    of_feed!("unblocks_per_day", A_DAY, unblocks_per_day: f64),
    of_feed!("deletes_per_day", A_DAY, deletes_per_day: f64),
    of_feed!("page_posts", Control::whole(1.0, 1_000.0, Unit::Pieces), page_posts: u32),
    of_feed!("entry_bytes", Control::whole(1.0, 1e6, Unit::Bytes), entry_bytes: u32),
    of_feed!("warm_days", Control::real(0.0, 365.0, Unit::Plain), warm_days: f64),
];

pub(super) const CELEBRITY: &[Field<Celebrity>] = &[
    number!(
        "followers",
        Control::whole(1.0, 1e10, Unit::People),
        followers
    ),
    number!("posts_per_day", A_DAY, posts_per_day),
];

pub(super) const MOMENT: &[Field<ClockTime>] = &[Field::new(
    "time",
    Control::Time,
    |it| Some(FieldValue::Time(*it)),
    |it, value| {
        *it = value.time()?;
        Some(())
    },
)];
