//! Fields of an operation, of its demands and of their conditions.

use archplay_model::Id;
use archplay_model::scenario::{
    Consistency, Demand, Entry, Filter, FilterOp, OnConflict, Operation, Pick, Spread,
};

use super::{Field, choice, id, percent, text, word};
use crate::scenario::demand_kind::DemandKind;
use crate::scenario::tree;
use crate::scenario::value::{Control, FieldValue, Refer, Unit};
use crate::scenario::words::Word;

pub(super) const OPERATION: &[Field<Operation>] = &[
    text!("name.ko", name.ko),
    text!("name.en", name.en),
    id!("id", Control::Id, id),
    choice!("entry", Entry, entry),
];

pub(super) const FILTER: &[Field<Filter>] = &[
    id!("column", Control::Id, column),
    choice!("op", FilterOp, op),
    Field::new(
        "selectivity",
        Control::real(1e-7, 100.0, Unit::Percent),
        |it| Some(percent(it.selectivity)),
        |it, value| {
            it.selectivity = value.number()? / 100.0;
            Some(())
        },
    ),
];

pub(super) fn filters(demand: &Demand) -> Option<&Vec<Filter>> {
    match demand {
        Demand::Read { filters, .. } => Some(filters),
        _ => None,
    }
}

pub(super) fn filters_mut(demand: &mut Demand) -> Option<&mut Vec<Filter>> {
    match demand {
        Demand::Read { filters, .. } => Some(filters),
        _ => None,
    }
}

/// The fields of a spread: its kind and the number that this kind has.
macro_rules! spread_numbers {
    ($name:ident: $type:ty, $get:path, $get_mut:path, $key:literal) => {
        const $name: [Field<$type>; 4] = [
            Field::new(
                $key,
                Control::Choice(<Spread as Word>::CHOICE),
                |it| $get(it).map(word),
                |it, value| {
                    *$get_mut(it)? = <Spread as Word>::from_slug(value.text()?)?;
                    Some(())
                },
            ),
            Field::new(
                concat!($key, ".half_width"),
                Control::real(0.0, 100.0, Unit::Percent),
                |it| match $get(it)? {
                    Spread::Uniform { half_width } => Some(percent(*half_width)),
                    _ => None,
                },
                |it, value| match $get_mut(it)? {
                    Spread::Uniform { half_width } => {
                        *half_width = value.number()? / 100.0;
                        Some(())
                    }
                    _ => None,
                },
            ),
            Field::new(
                concat!($key, ".phases"),
                Control::whole(1.0, 100.0, Unit::Plain),
                |it| match $get(it)? {
                    Spread::Erlang { phases } => Some(FieldValue::Number(f64::from(*phases))),
                    _ => None,
                },
                |it, value| match $get_mut(it)? {
                    Spread::Erlang { phases } => {
                        *phases = value.number()? as u32;
                        Some(())
                    }
                    _ => None,
                },
            ),
            Field::new(
                concat!($key, ".cv"),
                Control::real(0.01, 100.0, Unit::Plain),
                |it| match $get(it)? {
                    Spread::Hyperexponential { cv } | Spread::Lognormal { cv } => {
                        Some(FieldValue::Number(*cv))
                    }
                    _ => None,
                },
                |it, value| match $get_mut(it)? {
                    Spread::Hyperexponential { cv } => {
                        *cv = value.number()?.max(1.0);
                        Some(())
                    }
                    Spread::Lognormal { cv } => {
                        *cv = value.number()?;
                        Some(())
                    }
                    _ => None,
                },
            ),
        ];
    };
}
pub(super) use spread_numbers;

fn spread(it: &Demand) -> Option<&Spread> {
    match it {
        Demand::Compute { spread, .. } => Some(spread),
        _ => None,
    }
}

fn spread_mut(it: &mut Demand) -> Option<&mut Spread> {
    match it {
        Demand::Compute { spread, .. } => Some(spread),
        _ => None,
    }
}

spread_numbers!(SPREAD: Demand, spread, spread_mut, "spread");

/// A number that some demands carry.
macro_rules! of_demand {
    ($key:literal, $control:expr, $($variant:ident)|+, $member:ident: $type:ty) => {
        Field::new(
            $key,
            $control,
            |it: &Demand| match it {
                $(Demand::$variant { $member, .. })|+ => Some(FieldValue::Number(*$member as f64)),
                _ => None,
            },
            |it: &mut Demand, value| match it {
                $(Demand::$variant { $member, .. })|+ => {
                    *$member = value.number()? as $type;
                    Some(())
                }
                _ => None,
            },
        )
    };
}

/// A word that some demands carry.
macro_rules! word_of_demand {
    ($key:literal, $type:ty, $($variant:ident)|+, $member:ident) => {
        Field::new(
            $key,
            Control::Choice(<$type as Word>::CHOICE),
            |it: &Demand| match it {
                $(Demand::$variant { $member, .. })|+ => Some(word($member)),
                _ => None,
            },
            |it: &mut Demand, value| match it {
                $(Demand::$variant { $member, .. })|+ => {
                    *$member = <$type as Word>::from_slug(value.text()?)?;
                    Some(())
                }
                _ => None,
            },
        )
    };
}

/// The field that says what a demand is; changed in [`tree::convert`].
pub(super) const KIND: &str = "demand";

pub(super) const DEMAND: &[Field<Demand>] = &[
    Field::new(
        KIND,
        Control::Choice(DemandKind::CHOICE),
        |it| Some(word(&DemandKind::of(it))),
        |_, _| None,
    ),
    of_demand!("bytes", Control::whole(0.0, 1e11, Unit::Bytes), Static, bytes: u64),
    of_demand!("objects", Control::whole(1.0, 100_000.0, Unit::Pieces), Static, objects: u32),
    of_demand!("cpu_ms", Control::real(0.0, 3_600_000.0, Unit::Millis), Compute | Login, cpu_ms: f64),
    SPREAD[0],
    SPREAD[1],
    SPREAD[2],
    SPREAD[3],
    Field::new(
        "dataset",
        Control::Refer(Refer::Dataset),
        |it| tree::dataset_of(it).map(|id| FieldValue::Text(id.to_string())),
        |it, value| match it {
            Demand::Read { dataset, .. }
            | Demand::Write { dataset, .. }
            | Demand::Insert { dataset, .. }
            | Demand::Reserve { dataset, .. }
            | Demand::NextId { dataset } => {
                *dataset = Id::new(value.text()?).ok()?;
                Some(())
            }
            _ => None,
        },
    ),
    Field::new(
        "operation",
        Control::Refer(Refer::Operation),
        |it| match it {
            Demand::Publish { topic: id } | Demand::Call { service: id } => {
                Some(FieldValue::Text(id.to_string()))
            }
            _ => None,
        },
        |it, value| match it {
            Demand::Publish { topic: id } | Demand::Call { service: id } => {
                *id = Id::new(value.text()?).ok()?;
                Some(())
            }
            _ => None,
        },
    ),
    of_demand!("rows", Control::whole(1.0, 1e6, Unit::Rows), Read, rows: u32),
    of_demand!("amount", Control::whole(1.0, 1e6, Unit::Pieces), Reserve, amount: u32),
    word_of_demand!("key", Pick, Read | Write | Reserve, key),
    word_of_demand!("consistency", Consistency, Read, consistency),
    Field::new(
        "order_by",
        Control::Id,
        |it| match it {
            Demand::Read { order_by, .. } => Some(
                order_by
                    .as_ref()
                    .map_or(FieldValue::Absent, |id| FieldValue::Text(id.to_string())),
            ),
            _ => None,
        },
        |it, value| match it {
            Demand::Read { order_by, .. } => {
                *order_by = match value {
                    FieldValue::Absent => None,
                    value => Some(Id::new(value.text()?).ok()?),
                };
                Some(())
            }
            _ => None,
        },
    )
    .optional(),
    of_demand!("offset", Control::whole(0.0, 4e9, Unit::Rows), Read, offset: u32),
    word_of_demand!("on_conflict", OnConflict, Insert, on_conflict),
    Field::new(
        "read_then_write",
        Control::Flag,
        |it| match it {
            Demand::Reserve {
                read_then_write, ..
            } => Some(FieldValue::Flag(*read_then_write)),
            _ => None,
        },
        |it, value| match it {
            Demand::Reserve {
                read_then_write, ..
            } => {
                *read_then_write = value.flag()?;
                Some(())
            }
            _ => None,
        },
    ),
    Field::new(
        "wait_for",
        Control::whole(1.0, 200.0, Unit::Pieces),
        |it| match it {
            Demand::Par { wait_for, .. } => {
                Some(wait_for.map_or(FieldValue::Absent, |n| FieldValue::Number(n.into())))
            }
            _ => None,
        },
        |it, value| match it {
            Demand::Par { wait_for, .. } => {
                *wait_for = match value {
                    FieldValue::Absent => None,
                    value => Some(value.number()? as u32),
                };
                Some(())
            }
            _ => None,
        },
    )
    .optional(),
    of_demand!("page", Control::whole(0.0, 1_000.0, Unit::Plain), ReadFeed, page: u32),
    of_demand!("cpu_us", Control::real(0.0, 1e6, Unit::Micros), ReadFeed | FanOut, cpu_us: f64),
    of_demand!("times", Control::whole(1.0, 10_000.0, Unit::Times), Repeat, times: u32),
];
