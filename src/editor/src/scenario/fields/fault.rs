//! Fields of a fault.

use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{Id, Kind, LinkKey, Place};

use super::{Field, choice, percent, time, word};
use crate::scenario::value::{Control, FieldValue, Refer, Unit};
use crate::scenario::words::Word;

/// A number that some action carries.
macro_rules! of_action {
    ($key:literal, $control:expr, $variant:ident, $member:ident) => {
        Field::new(
            $key,
            $control,
            |it: &Fault| match it.action {
                FaultAction::$variant { $member } => Some(FieldValue::Number($member)),
                _ => None,
            },
            |it: &mut Fault, value| match &mut it.action {
                FaultAction::$variant { $member } => {
                    *$member = value.number()?;
                    Some(())
                }
                _ => None,
            },
        )
    };
}

/// A word or name that some target carries.
macro_rules! of_target {
    ($key:literal, $control:expr, $variant:ident, $write:expr, $read:expr) => {
        Field::new(
            $key,
            $control,
            |it: &Fault| match &it.target {
                FaultTarget::$variant(inner) => Some(FieldValue::Text($write(inner))),
                _ => None,
            },
            |it: &mut Fault, value| match &mut it.target {
                FaultTarget::$variant(inner) => {
                    *inner = $read(value.text()?)?;
                    Some(())
                }
                _ => None,
            },
        )
    };
}

fn link(text: &str) -> Option<LinkKey> {
    let (from, to) = text.split_once('>')?;
    Some(LinkKey::new(Id::new(from).ok()?, Id::new(to).ok()?))
}

pub(super) const FAULT: &[Field<Fault>] = &[
    time!("at", at),
    Field::new(
        "until",
        Control::Time,
        |it: &Fault| Some(it.until.map_or(FieldValue::Absent, FieldValue::Time)),
        |it, value| {
            it.until = match value {
                FieldValue::Absent => None,
                value => Some(value.time()?),
            };
            Some(())
        },
    )
    .optional(),
    choice!("action", FaultAction, action),
    of_action!(
        "factor",
        Control::real(1.0, 1_000.0, Unit::Ratio),
        Slow,
        factor
    ),
    Field::new(
        "share",
        Control::real(0.0, 99.0, Unit::Percent),
        |it| match it.action {
            FaultAction::Lose { share } => Some(percent(share)),
            _ => None,
        },
        |it, value| match &mut it.action {
            FaultAction::Lose { share } => {
                *share = value.number()? / 100.0;
                Some(())
            }
            _ => None,
        },
    ),
    of_action!(
        "mib_per_sec",
        Control::real(0.001, 1e6, Unit::MibPerSec),
        LeakMemory,
        mib_per_sec
    ),
    of_action!(
        "cores",
        Control::real(0.001, 1_024.0, Unit::Cores),
        HogCpu,
        cores
    ),
    of_action!(
        "ms",
        Control::real(-8.64e7, 8.64e7, Unit::Millis),
        StepClock,
        ms
    ),
    Field::new(
        "shard",
        Control::whole(1.0, 1_000.0, Unit::Plain),
        |it| match it.action {
            FaultAction::KillShard { shard } => Some(FieldValue::Number(f64::from(shard))),
            _ => None,
        },
        |it, value| match &mut it.action {
            FaultAction::KillShard { shard } => {
                *shard = value.number()? as u32;
                Some(())
            }
            _ => None,
        },
    ),
    choice!("target", FaultTarget, target),
    of_target!(
        "place",
        Control::Choice(Place::CHOICE),
        Place,
        |place: &Place| place.slug().to_owned(),
        Place::from_slug
    ),
    of_target!(
        "kind",
        Control::Choice(Kind::CHOICE),
        Kind,
        |kind: &Kind| kind.slug().to_owned(),
        Kind::from_slug
    ),
    of_target!(
        "one_of",
        Control::Choice(Kind::CHOICE),
        OneOf,
        |kind: &Kind| kind.slug().to_owned(),
        Kind::from_slug
    ),
    of_target!(
        "component",
        Control::Refer(Refer::Component),
        Component,
        Id::to_string,
        |text: &str| Id::new(text).ok()
    ),
    of_target!(
        "link",
        Control::Refer(Refer::Link),
        Link,
        LinkKey::name,
        link
    ),
];
