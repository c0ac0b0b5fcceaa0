//! Fields of an audience and of the points of its curve.

use archplay_model::scenario::{Arrivals, Audience, Batch, Growth, RatePoint, Spread};
use archplay_model::{Id, Place, limits};

use super::demand::spread_numbers;
use super::{Field, choice, id, number, percent, share, text, time, word};
use crate::scenario::value::{Control, FieldValue, Refer, Unit};
use crate::scenario::words::Word;

fn gaps(it: &Audience) -> Option<&Spread> {
    match &it.arrivals {
        Arrivals::Gaps(spread) => Some(spread),
        Arrivals::Poisson | Arrivals::Even => None,
    }
}

fn gaps_mut(it: &mut Audience) -> Option<&mut Spread> {
    match &mut it.arrivals {
        Arrivals::Gaps(spread) => Some(spread),
        Arrivals::Poisson | Arrivals::Even => None,
    }
}

const SECS: Control = Control::real(0.001, 86_400.0, Unit::Secs);

spread_numbers!(SPREAD_OF_GAPS: Audience, gaps, gaps_mut, "gaps");

pub(super) const AUDIENCE: &[Field<Audience>] = &[
    text!("name.ko", name.ko),
    text!("name.en", name.en),
    id!("id", Control::Id, id),
    choice!("place", Place, place),
    id!("journey", Control::Refer(Refer::Journey), journey),
    number!("timeout_secs", SECS, timeout_secs),
    choice!("arrivals", Arrivals, arrivals),
    SPREAD_OF_GAPS[0],
    SPREAD_OF_GAPS[1],
    SPREAD_OF_GAPS[2],
    SPREAD_OF_GAPS[3],
    Field::new(
        "batch",
        Control::Flag,
        |it| Some(FieldValue::Flag(it.batch.is_some())),
        |it, value| {
            it.batch = value.flag()?.then_some(Batch {
                mean: 10.0,
                geometric: false,
            });
            Some(())
        },
    ),
    Field::new(
        "batch.mean",
        Control::real(1.0, 1e6, Unit::People),
        |it| it.batch.map(|batch| FieldValue::Number(batch.mean)),
        |it, value| {
            it.batch.as_mut()?.mean = value.number()?;
            Some(())
        },
    ),
    Field::new(
        "batch.geometric",
        Control::Flag,
        |it| it.batch.map(|batch| FieldValue::Flag(batch.geometric)),
        |it, value| {
            it.batch.as_mut()?.geometric = value.flag()?;
            Some(())
        },
    ),
    Field::new(
        "limit",
        Control::whole(0.0, 1e12, Unit::People),
        |it: &Audience| {
            Some(
                it.limit
                    .map_or(FieldValue::Absent, |limit| FieldValue::Number(limit as f64)),
            )
        },
        |it, value| {
            it.limit = match value {
                FieldValue::Absent => None,
                value => Some(value.number()? as u64),
            };
            Some(())
        },
    )
    .optional(),
    share!("refresh.probability", refresh.probability),
    number!(
        "refresh.max",
        Control::whole(0.0, 1_000.0, Unit::Times),
        refresh.max
    ),
    number!(
        "refresh.delay_secs",
        Control::real(0.0, 86_400.0, Unit::Secs),
        refresh.delay_secs
    ),
    choice!("refresh.growth", Growth, refresh.growth),
];

pub(super) const POINT: &[Field<RatePoint>] = &[
    time!("at", at),
    number!(
        "per_sec",
        Control::real(0.0, limits::MAX_RATE_PER_SEC, Unit::PerSec),
        per_sec
    ),
];
