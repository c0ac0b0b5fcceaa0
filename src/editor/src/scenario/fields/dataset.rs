//! Fields of a dataset.

use archplay_model::Id;
use archplay_model::scenario::Dataset;

use super::{Field, flag, id, number};
use crate::scenario::value::{Control, FieldValue, Unit};

pub(super) const DATASET: &[Field<Dataset>] = &[
    id!("id", Control::Id, id),
    number!("rows", Control::whole(1.0, 1e12, Unit::Rows), rows),
    number!(
        "row_bytes",
        Control::whole(1.0, 1e9, Unit::Bytes),
        row_bytes
    ),
    number!(
        "zipf_alpha",
        Control::real(0.0, 10.0, Unit::Plain),
        zipf_alpha
    ),
    Field::new(
        "stock",
        Control::whole(0.0, 1e9, Unit::Pieces),
        |it: &Dataset| {
            Some(
                it.stock
                    .map_or(FieldValue::Absent, |stock| FieldValue::Number(stock.into())),
            )
        },
        |it, value| {
            it.stock = match value {
                FieldValue::Absent => None,
                value => Some(value.number()? as u32),
            };
            Some(())
        },
    )
    .optional(),
    flag!("unique", unique),
];
