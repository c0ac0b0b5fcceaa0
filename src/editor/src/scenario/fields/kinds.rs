//! Fields that there is one of for each kind: prices, and what may be used.

use std::collections::BTreeMap;

use archplay_model::Kind;

use crate::scenario::value::{Control, FieldValue, FieldView, Unit};

/// A table of prices: its name in text keys and its unit.
#[derive(Clone, Copy)]
pub(super) struct PriceTable(&'static str, Unit);

pub(super) const HOUR: PriceTable = PriceTable("hour_prices", Unit::MoneyPerHour);
pub(super) const MILLION: PriceTable = PriceTable("request_prices", Unit::MoneyPerMillion);

pub(super) fn view_prices(
    prices: &BTreeMap<Kind, f64>,
    path: &str,
    PriceTable(of, unit): PriceTable,
) -> Vec<FieldView> {
    Kind::ALL
        .into_iter()
        .map(|kind| FieldView {
            of,
            key: kind.slug(),
            path: format!("{path}.{}", kind.slug()),
            control: Control::real(0.0, 1e9, unit),
            optional: true,
            value: prices
                .get(&kind)
                .map_or(FieldValue::Absent, |price| FieldValue::Number(*price)),
        })
        .collect()
}

pub(super) fn put_price(
    prices: &mut BTreeMap<Kind, f64>,
    key: &str,
    value: &FieldValue,
) -> Option<()> {
    let kind = Kind::from_slug(key)?;
    match value {
        FieldValue::Absent => prices.remove(&kind),
        value => prices.insert(kind, value.number()?),
    };
    Some(())
}

/// Whether only some kinds may be used; then each kind.
const LIMITED: &str = "limited";

pub(super) fn view_allowed(allow: Option<&[Kind]>) -> Vec<FieldView> {
    let field = |key, on| FieldView {
        of: "allowed",
        key,
        path: "allow".into(),
        control: Control::Flag,
        optional: false,
        value: FieldValue::Flag(on),
    };
    let kinds = allow.map(|allow| {
        Kind::ALL
            .into_iter()
            .map(|kind| field(kind.slug(), allow.contains(&kind)))
    });
    std::iter::once(field(LIMITED, allow.is_some()))
        .chain(kinds.into_iter().flatten())
        .collect()
}

pub(super) fn put_allowed(
    allow: &mut Option<Vec<Kind>>,
    key: &str,
    value: &FieldValue,
) -> Option<()> {
    let on = value.flag()?;
    if key == LIMITED {
        *allow = on.then(|| Kind::ALL.to_vec());
        return Some(());
    }
    let kind = Kind::from_slug(key)?;
    let allow = allow.as_mut()?;
    allow.retain(|other| *other != kind);
    if on {
        allow.push(kind);
    }
    Some(())
}
