//! What each command does to a scenario.

use archplay_model::Scenario;

use super::command::{At, ScenarioCommand, ScenarioRefusal};
use super::fields::{fields, write};
use super::value::{Control, FieldValue};
use super::{curve, lists, names, tree};

use ScenarioRefusal as Refusal;

/// Does a command; says what it added or where what it moved is now. After a refusal the scenario may be
/// half changed: the caller works on a copy.
pub(super) fn apply(
    scenario: &mut Scenario,
    command: ScenarioCommand,
) -> Result<Option<At>, Refusal> {
    match command {
        ScenarioCommand::Set { at, key, value } => {
            set(scenario, &at, key, &value)?;
            Ok(None)
        }
        ScenarioCommand::Curve {
            audience, points, ..
        } => {
            let audience = scenario.audiences.get_mut(audience);
            let audience = audience.ok_or(Refusal::NotThere)?;
            if points.is_empty() {
                return Err(Refusal::LastOne);
            }
            audience.rate = curve::mended(points);
            Ok(None)
        }
        ScenarioCommand::Add { list, name } => lists::add(scenario, list, &name).map(Some),
        ScenarioCommand::AddDemand {
            operation,
            path,
            kind,
        } => {
            let fresh = kind.fresh(
                scenario.datasets.first().map(|d| &d.id),
                scenario.operations.first().map(|o| &o.id),
            );
            let added = on_tree(scenario, operation, |root| tree::add(root, &path, fresh))?;
            Ok(Some(At::Demand(operation, added)))
        }
        ScenarioCommand::Duplicate(At::Demand(operation, path)) => {
            let added = on_tree(scenario, operation, |root| tree::duplicate(root, &path))?;
            Ok(Some(At::Demand(operation, added)))
        }
        ScenarioCommand::Duplicate(at) => lists::duplicate(scenario, &at).map(Some),
        ScenarioCommand::Remove(At::Demand(operation, path)) => {
            on_tree(scenario, operation, |root| tree::remove(root, &path))?;
            Ok(None)
        }
        ScenarioCommand::Remove(at) => {
            lists::remove(scenario, &at)?;
            Ok(None)
        }
        ScenarioCommand::Shift(At::Demand(operation, path), way) => {
            let to = on_tree(scenario, operation, |root| tree::shift(root, &path, way))?;
            Ok(Some(At::Demand(operation, to)))
        }
        ScenarioCommand::Shift(at, way) => lists::shift(scenario, &at, way).map(Some),
        ScenarioCommand::Wrap(operation, path, with) => {
            on_tree(scenario, operation, |root| tree::wrap(root, &path, with))?;
            Ok(None)
        }
        ScenarioCommand::Unwrap(operation, path) => {
            on_tree(scenario, operation, |root| tree::unwrap(root, &path))?;
            Ok(None)
        }
        ScenarioCommand::Replace(other) => {
            *scenario = *other;
            Ok(None)
        }
    }
}

fn on_tree<T>(
    scenario: &mut Scenario,
    operation: usize,
    change: impl FnOnce(&mut archplay_model::scenario::Demand) -> Option<T>,
) -> Result<T, Refusal> {
    let operation = scenario.operations.get_mut(operation);
    let root = &mut operation.ok_or(Refusal::NotThere)?.demand;
    let done = change(root).ok_or(Refusal::CannotMove)?;
    if tree::fits(root) {
        Ok(done)
    } else {
        Err(Refusal::TooDeep)
    }
}

fn set(
    scenario: &mut Scenario,
    at: &At,
    key: &'static str,
    value: &FieldValue,
) -> Result<(), Refusal> {
    let view = fields(scenario, at)
        .into_iter()
        .find(|view| view.key == key)
        .ok_or(Refusal::NotThere)?;
    if !(view.optional && *value == FieldValue::Absent) {
        accepts(&view.control, value)?;
    }
    let renamed = match (&view.control, &view.value, value) {
        (Control::Id, FieldValue::Text(old), FieldValue::Text(new)) if old != new => {
            if names::taken(scenario, at, new) {
                return Err(Refusal::Taken);
            }
            Some((old.clone(), new.clone()))
        }
        _ => None,
    };
    write(scenario, at, key, value).ok_or(Refusal::WrongValue)?;
    if let Some((old, new)) = renamed {
        names::rename(scenario, at, &old, &new);
    }
    if let At::Point(audience, _) = at
        && let Some(audience) = scenario.audiences.get_mut(*audience)
    {
        let points = std::mem::take(&mut audience.rate);
        audience.rate = curve::mended(points);
    }
    Ok(())
}

/// Whether a control takes a value.
fn accepts(control: &Control, value: &FieldValue) -> Result<(), Refusal> {
    match (control, value) {
        (Control::Text, FieldValue::Text(text)) => {
            let max = archplay_model::limits::MAX_NAME_CHARS;
            if text.chars().count() > max {
                return Err(Refusal::TooLong { max });
            }
            Ok(())
        }
        (Control::Id | Control::Refer(_), FieldValue::Text(text)) => {
            let link = text.split_once('>');
            let parts = match (control, link) {
                (Control::Refer(super::Refer::Link), Some((from, to))) => [from, to],
                _ => [text.as_str(); 2],
            };
            let good = |part: &str| archplay_model::Id::new(part).is_ok();
            match parts.into_iter().all(good) {
                true => Ok(()),
                false => Err(Refusal::BadId),
            }
        }
        (
            Control::Number {
                min, max, whole, ..
            },
            FieldValue::Number(number),
        ) => {
            if !number.is_finite() || number < min || number > max {
                Err(Refusal::OutOfRange {
                    min: *min,
                    max: *max,
                })
            } else if *whole && number.fract() != 0.0 {
                Err(Refusal::NotWhole)
            } else {
                Ok(())
            }
        }
        (Control::Time, FieldValue::Time(_)) | (Control::Flag, FieldValue::Flag(_)) => Ok(()),
        (Control::Choice(choice), FieldValue::Text(text))
            if choice.slugs.contains(&text.as_str()) =>
        {
            Ok(())
        }
        _ => Err(Refusal::WrongValue),
    }
}
