//! The tables of fields: what can be set of each part of a scenario.

mod audience;
mod dataset;
mod demand;
mod fault;
mod feed;
mod general;
mod journey;
mod kinds;

use archplay_model::Scenario;

use super::command::At;
use super::names::path;
use super::tree;
use super::value::{Control, FieldValue, FieldView};
use super::words::Word;

/// A field of something of type `T`.
struct Field<T: 'static> {
    key: &'static str,
    control: Control,
    optional: bool,
    /// `None` when the thing has no such field now.
    get: fn(&T) -> Option<FieldValue>,
    /// `None` when it does not take the value.
    set: fn(&mut T, &FieldValue) -> Option<()>,
}

impl<T> Clone for Field<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Field<T> {}

impl<T> Field<T> {
    const fn new(
        key: &'static str,
        control: Control,
        get: fn(&T) -> Option<FieldValue>,
        set: fn(&mut T, &FieldValue) -> Option<()>,
    ) -> Self {
        Self {
            key,
            control,
            optional: false,
            get,
            set,
        }
    }

    const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// A number that is always there.
macro_rules! number {
    ($key:literal, $control:expr, $($member:tt).+) => {
        Field::new(
            $key,
            $control,
            |it| Some(FieldValue::Number(it.$($member).+ as f64)),
            |it, value| {
                it.$($member).+ = value.number()? as _;
                Some(())
            },
        )
    };
}

/// A share of 0 to 1, shown in percent.
macro_rules! share {
    ($key:literal, $($member:tt).+) => {
        Field::new(
            $key,
            Control::real(0.0, 100.0, Unit::Percent),
            |it| Some(percent(it.$($member).+)),
            |it, value| {
                it.$($member).+ = value.number()? / 100.0;
                Some(())
            },
        )
    };
}

/// A time of day that is always there.
macro_rules! time {
    ($key:literal, $($member:tt).+) => {
        Field::new(
            $key,
            Control::Time,
            |it| Some(FieldValue::Time(it.$($member).+)),
            |it, value| {
                it.$($member).+ = value.time()?;
                Some(())
            },
        )
    };
}

/// On or off, always there.
macro_rules! flag {
    ($key:literal, $($member:tt).+) => {
        Field::new(
            $key,
            Control::Flag,
            |it| Some(FieldValue::Flag(it.$($member).+)),
            |it, value| {
                it.$($member).+ = value.flag()?;
                Some(())
            },
        )
    };
}

/// A line of text.
macro_rules! text {
    ($key:literal, $($member:tt).+) => {
        Field::new(
            $key,
            Control::Text,
            |it| Some(FieldValue::Text(it.$($member).+.clone())),
            |it, value| {
                it.$($member).+ = value.text()?.to_owned();
                Some(())
            },
        )
    };
}

/// An id: its own, or that of something else.
macro_rules! id {
    ($key:literal, $control:expr, $($member:tt).+) => {
        Field::new(
            $key,
            $control,
            |it| Some(FieldValue::Text(it.$($member).+.to_string())),
            |it, value| {
                it.$($member).+ = Id::new(value.text()?).ok()?;
                Some(())
            },
        )
    };
}

/// One of a few words.
macro_rules! choice {
    ($key:literal, $type:ty, $($member:tt).+) => {
        Field::new(
            $key,
            Control::Choice(<$type as Word>::CHOICE),
            |it| Some(word(&it.$($member).+)),
            |it, value| {
                it.$($member).+ = <$type as Word>::from_slug(value.text()?)?;
                Some(())
            },
        )
    };
}

use {choice, flag, id, number, share, text, time};

/// The word of a choice as a value.
fn word(value: &impl Word) -> FieldValue {
    FieldValue::Text(value.slug().to_owned())
}

/// A share in percent, without the dust of binary fractions.
fn percent(share: f64) -> FieldValue {
    FieldValue::Number((share * 1e11).round() / 1e9)
}

fn view<T>(table: &[Field<T>], of: &'static str, thing: &T, path: &str) -> Vec<FieldView> {
    let place = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    table
        .iter()
        .filter_map(|field| {
            Some(FieldView {
                of,
                key: field.key,
                path: place(field.key),
                control: field.control,
                optional: field.optional,
                value: (field.get)(thing)?,
            })
        })
        .collect()
}

fn put<T>(table: &[Field<T>], thing: &mut T, key: &str, value: &FieldValue) -> Option<()> {
    let field = table.iter().find(|field| field.key == key)?;
    (field.set)(thing, value)
}

/// The fields of a part of a scenario, in the order in which they are shown; none if it is not there.
#[must_use]
pub fn fields(scenario: &Scenario, at: &At) -> Vec<FieldView> {
    look(scenario, at, &path(scenario, at)).unwrap_or_default()
}

fn look(scenario: &Scenario, at: &At, path: &str) -> Option<Vec<FieldView>> {
    Some(match at {
        At::Scenario => view(general::SCENARIO, "scenario", scenario, path),
        At::Business => view(general::BUSINESS, "business", scenario, path),
        At::Feed => view(feed::FEED, "feed", scenario, path),
        At::Prices => view(general::PRICES, "prices", &scenario.prices, path),
        At::HourPrices => kinds::view_prices(&scenario.prices.hour, path, kinds::HOUR),
        At::RequestPrices => {
            kinds::view_prices(&scenario.prices.million_requests, path, kinds::MILLION)
        }
        At::Allowed => kinds::view_allowed(scenario.allow.as_deref()),
        At::Dataset(i) => view(
            dataset::DATASET,
            "dataset",
            scenario.datasets.get(*i)?,
            path,
        ),
        At::Operation(i) => view(
            demand::OPERATION,
            "operation",
            scenario.operations.get(*i)?,
            path,
        ),
        At::Demand(i, steps) => {
            let root = &scenario.operations.get(*i)?.demand;
            view(demand::DEMAND, "demand", tree::node(root, steps)?, path)
        }
        At::Filter(i, steps, k) => {
            let root = &scenario.operations.get(*i)?.demand;
            let filters = demand::filters(tree::node(root, steps)?)?;
            view(demand::FILTER, "filter", filters.get(*k)?, path)
        }
        At::Journey(i) => view(
            journey::JOURNEY,
            "journey",
            scenario.journeys.get(*i)?,
            path,
        ),
        At::Step(i, k) => {
            let step = scenario.journeys.get(*i)?.steps.get(*k)?;
            view(journey::STEP, "step", step, path)
        }
        At::Alternative(i, k, n) => {
            let step = scenario.journeys.get(*i)?.steps.get(*k)?;
            view(journey::ALTERNATIVE, "alternative", step.or.get(*n)?, path)
        }
        At::Audience(i) => view(
            audience::AUDIENCE,
            "audience",
            scenario.audiences.get(*i)?,
            path,
        ),
        At::Point(i, k) => {
            let points = &scenario.audiences.get(*i)?.rate;
            view(audience::POINT, "point", points.get(*k)?, path)
        }
        At::Fault(i) => view(fault::FAULT, "fault", scenario.faults.get(*i)?, path),
        At::Celebrity(i) => {
            let celebrity = scenario.feed.as_ref()?.celebrities.get(*i)?;
            view(feed::CELEBRITY, "celebrity", celebrity, path)
        }
        At::Moment(i, k) => {
            let celebrity = scenario.feed.as_ref()?.celebrities.get(*i)?;
            view(feed::MOMENT, "moment", celebrity.at.get(*k)?, path)
        }
    })
}

/// Writes a value that the control takes into a field. `None` when it cannot be written.
pub(super) fn write(
    scenario: &mut Scenario,
    at: &At,
    key: &'static str,
    value: &FieldValue,
) -> Option<()> {
    match at {
        At::Scenario => put(general::SCENARIO, scenario, key, value),
        At::Business => put(general::BUSINESS, scenario, key, value),
        At::Feed => put(feed::FEED, scenario, key, value),
        At::Prices => put(general::PRICES, &mut scenario.prices, key, value),
        At::HourPrices => kinds::put_price(&mut scenario.prices.hour, key, value),
        At::RequestPrices => kinds::put_price(&mut scenario.prices.million_requests, key, value),
        At::Allowed => kinds::put_allowed(&mut scenario.allow, key, value),
        At::Dataset(i) => put(dataset::DATASET, scenario.datasets.get_mut(*i)?, key, value),
        At::Operation(i) => put(
            demand::OPERATION,
            scenario.operations.get_mut(*i)?,
            key,
            value,
        ),
        At::Demand(i, steps) => {
            let first = scenario.datasets.first().map(|d| d.id.clone());
            let root = &mut scenario.operations.get_mut(*i)?.demand;
            let node = tree::node_mut(root, steps)?;
            if key == demand::KIND {
                *node = tree::convert(node, value.text()?, first.as_ref())?;
                return Some(());
            }
            put(demand::DEMAND, node, key, value)
        }
        At::Filter(i, steps, k) => {
            let root = &mut scenario.operations.get_mut(*i)?.demand;
            let filters = demand::filters_mut(tree::node_mut(root, steps)?)?;
            put(demand::FILTER, filters.get_mut(*k)?, key, value)
        }
        At::Journey(i) => put(journey::JOURNEY, scenario.journeys.get_mut(*i)?, key, value),
        At::Step(i, k) => {
            let step = scenario.journeys.get_mut(*i)?.steps.get_mut(*k)?;
            put(journey::STEP, step, key, value)
        }
        At::Alternative(i, k, n) => {
            let step = scenario.journeys.get_mut(*i)?.steps.get_mut(*k)?;
            put(journey::ALTERNATIVE, step.or.get_mut(*n)?, key, value)
        }
        At::Audience(i) => put(
            audience::AUDIENCE,
            scenario.audiences.get_mut(*i)?,
            key,
            value,
        ),
        At::Point(i, k) => {
            let points = &mut scenario.audiences.get_mut(*i)?.rate;
            put(audience::POINT, points.get_mut(*k)?, key, value)
        }
        At::Fault(i) => put(fault::FAULT, scenario.faults.get_mut(*i)?, key, value),
        At::Celebrity(i) => {
            let celebrities = &mut scenario.feed.as_mut()?.celebrities;
            put(feed::CELEBRITY, celebrities.get_mut(*i)?, key, value)
        }
        At::Moment(i, k) => {
            let celebrities = &mut scenario.feed.as_mut()?.celebrities;
            let moments = &mut celebrities.get_mut(*i)?.at;
            put(feed::MOMENT, moments.get_mut(*k)?, key, value)
        }
    }
}
