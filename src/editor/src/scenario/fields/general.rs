//! Fields of the scenario itself, of its prices and of its business.

use archplay_model::scenario::{Business, Mode, Prices, Window};
use archplay_model::{ClockTime, Id, Scenario, limits};

use super::{Field, choice, id, number, text, time};
use crate::scenario::value::{Control, FieldValue, Refer, Unit};
use crate::scenario::words::Word;

use super::word;

pub(super) const SCENARIO: &[Field<Scenario>] = &[
    text!("name.ko", name.ko),
    text!("name.en", name.en),
    id!("id", Control::Id, id),
    time!("start", start),
    number!(
        "duration_secs",
        Control::whole(1.0, limits::MAX_DURATION_SECS as f64, Unit::Secs),
        duration_secs
    ),
    choice!("mode", Mode, mode),
    Field::new(
        "focus",
        Control::Flag,
        |it| Some(FieldValue::Flag(it.focus.is_some())),
        |it, value| {
            let end = ClockTime::from_secs(it.end().min(86_400));
            it.focus = value.flag()?.then_some(Window {
                from: it.start,
                to: end,
            });
            Some(())
        },
    ),
    Field::new(
        "focus.from",
        Control::Time,
        |it| it.focus.map(|focus| FieldValue::Time(focus.from)),
        |it, value| {
            it.focus.as_mut()?.from = value.time()?;
            Some(())
        },
    ),
    Field::new(
        "focus.to",
        Control::Time,
        |it| it.focus.map(|focus| FieldValue::Time(focus.to)),
        |it, value| {
            it.focus.as_mut()?.to = value.time()?;
            Some(())
        },
    ),
];

pub(super) const BUSINESS: &[Field<Scenario>] = &[
    Field::new(
        "on",
        Control::Flag,
        |it| Some(FieldValue::Flag(it.business.is_some())),
        |it, value| {
            // What is bought is most often what is done last.
            let last = it.operations.last().map(|o| o.id.clone());
            it.business = value.flag()?.then(|| Business {
                order: last.unwrap_or_else(|| Id::numbered("operation", 1)),
                revenue: 1.0,
            });
            Some(())
        },
    ),
    Field::new(
        "order",
        Control::Refer(Refer::Operation),
        |it| {
            let business = it.business.as_ref()?;
            Some(FieldValue::Text(business.order.to_string()))
        },
        |it, value| {
            it.business.as_mut()?.order = Id::new(value.text()?).ok()?;
            Some(())
        },
    ),
    Field::new(
        "revenue",
        Control::real(0.0, 1e9, Unit::Money),
        |it| Some(FieldValue::Number(it.business.as_ref()?.revenue)),
        |it, value| {
            it.business.as_mut()?.revenue = value.number()?;
            Some(())
        },
    ),
];

const PER_HOUR: Control = Control::real(0.0, 1e9, Unit::MoneyPerHour);
const PER_GB: Control = Control::real(0.0, 1e9, Unit::MoneyPerGb);

pub(super) const PRICES: &[Field<Prices>] = &[
    number!("server_vcpu_hour", PER_HOUR, server_vcpu_hour),
    number!("database_vcpu_hour", PER_HOUR, database_vcpu_hour),
    number!(
        "database_memory_gib_hour",
        PER_HOUR,
        database_memory_gib_hour
    ),
    number!("database_kiops_hour", PER_HOUR, database_kiops_hour),
    number!("cache_memory_gib_hour", PER_HOUR, cache_memory_gib_hour),
    number!("graph_store_vcpu_hour", PER_HOUR, graph_store_vcpu_hour),
    number!("search_vcpu_hour", PER_HOUR, search_vcpu_hour),
    number!("load_balancer_hour", PER_HOUR, load_balancer_hour),
    number!("cdn_gb", PER_GB, cdn_gb),
    number!("server_gb", PER_GB, server_gb),
    number!("key_value_kread_hour", PER_HOUR, key_value_kread_hour),
    number!("key_value_kwrite_hour", PER_HOUR, key_value_kwrite_hour),
    number!("between_places_gb", PER_GB, between_places_gb),
];
