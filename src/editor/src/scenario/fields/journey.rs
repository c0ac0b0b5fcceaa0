//! Fields of a journey, its steps and their alternatives.

use archplay_model::Id;
use archplay_model::scenario::{Alternative, Journey, JourneyStep, State};

use super::{Field, id, number, percent, share, word};
use crate::scenario::value::{Control, FieldValue, Refer, Unit};
use crate::scenario::words::Word;

pub(super) const JOURNEY: &[Field<Journey>] = &[
    id!("id", Control::Id, id),
    number!(
        "within_secs",
        Control::real(0.001, 1e9, Unit::Secs),
        within_secs
    ),
];

/// A state that may be absent.
macro_rules! state {
    ($key:literal, $member:ident) => {
        Field::new(
            $key,
            Control::Choice(State::CHOICE),
            |it: &JourneyStep| {
                let state = it.$member.as_ref();
                Some(state.map_or(FieldValue::Absent, |state| word(state)))
            },
            |it: &mut JourneyStep, value| {
                it.$member = match value {
                    FieldValue::Absent => None,
                    value => Some(State::from_slug(value.text()?)?),
                };
                Some(())
            },
        )
        .optional()
    };
}

pub(super) const STEP: &[Field<JourneyStep>] = &[
    id!("operation", Control::Refer(Refer::Operation), operation),
    number!(
        "think_secs",
        Control::real(0.0, 86_400.0, Unit::Secs),
        think_secs
    ),
    share!("probability", probability),
    state!("gives", gives),
    state!("needs", needs),
];

pub(super) const ALTERNATIVE: &[Field<Alternative>] = &[
    id!("operation", Control::Refer(Refer::Operation), operation),
    number!("weight", Control::real(0.0, 1e6, Unit::Plain), weight),
];
