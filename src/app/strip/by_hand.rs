//! Words for what was done by hand, and their marks on the time line.

use archplay_model::scenario::{FaultAction, FaultTarget, Intervention};
use archplay_text::Lang;
use yew::AttrValue;

use crate::app::charts::component_name;
use crate::app::charts::format::{clock_text, figure};
use crate::app::lang::{tr, trf};
use crate::app::run::RunState;

/// By what a strength is multiplied where people read and type it: shares are shown in percent.
pub const fn strength_scale(action: &FaultAction) -> f64 {
    match action {
        FaultAction::Lose { .. } => 100.0,
        _ => 1.0,
    }
}

/// What is done, with its strength.
pub fn action_text(action: &FaultAction, lang: Lang) -> String {
    let what = tr(lang, &format!("by_hand.do.{}", action.slug()));
    match action.strength() {
        Some(strength) => {
            let unit = tr(lang, &format!("by_hand.unit.{}", action.slug()));
            format!(
                "{what} {} {unit}",
                figure(strength * strength_scale(action))
            )
        }
        None => what.to_string(),
    }
}

/// To whom it is done.
pub fn target_text(target: &FaultTarget, run: &RunState, lang: Lang) -> String {
    let name = |id| component_name(run.design.as_deref(), id, lang);
    match target {
        FaultTarget::Component(id) => name(id),
        FaultTarget::Link(link) => format!("{} → {}", name(&link.from), name(&link.to)),
        FaultTarget::OneServer => tr(lang, "kind.server.name").to_string(),
        FaultTarget::Kind(kind) | FaultTarget::OneOf(kind) => {
            tr(lang, &format!("kind.{}.name", kind.slug())).to_string()
        }
        FaultTarget::Place(place) => tr(lang, &format!("place.{}", place.slug())).to_string(),
    }
}

/// Both together; what a repetition has still to do says so.
pub fn intervention_text(done: &Intervention, run: &RunState, lang: Lang) -> String {
    let args = [
        ("where", &*target_text(&done.target, run, lang)),
        ("what", &*action_text(&done.action, lang)),
    ];
    let text = trf(lang, "by_hand.mark", &args);
    if done.at_ns > run.now_ns {
        trf(lang, "by_hand.planned", &[("text", &text)]).to_string()
    } else {
        text.to_string()
    }
}

/// Marks on the time line: where, and what they say.
pub fn marks(run: &RunState, lang: Lang) -> Vec<(f64, AttrValue)> {
    let bucket_secs = run.data.table().bucket_secs;
    let total_ns = run.rows_total as f64 * f64::from(bucket_secs) * 1e9;
    run.interventions
        .iter()
        .map(|done| {
            let share = (done.at_ns as f64 / total_ns.max(1.0)).clamp(0.0, 1.0);
            let clock = clock_text(run.clock_of(done.at_ns));
            let text = intervention_text(done, run, lang);
            (share, format!("{clock} {text}").into())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use archplay_model::{Id, Kind, LinkKey, Place};

    use super::*;

    #[test]
    fn everything_that_can_be_done_has_its_words() {
        let id = |n| Id::numbered("server", n);
        let targets = [
            FaultTarget::Component(id(1)),
            FaultTarget::Link(LinkKey::new(id(1), id(2))),
            FaultTarget::OneServer,
            FaultTarget::OneOf(Kind::Cache),
            FaultTarget::Kind(Kind::Cache),
            FaultTarget::Place(Place::ALL[0]),
        ];
        let faults = Kind::ALL
            .into_iter()
            .flat_map(archplay_model::by_hand::faults_for);
        for lang in Lang::ALL {
            for action in faults.clone().chain([&FaultAction::Restore]) {
                for target in &targets {
                    let done = Intervention {
                        at_ns: 1,
                        action: *action,
                        target: target.clone(),
                    };
                    let text = intervention_text(&done, &RunState::default(), lang);
                    assert!(!text.contains("by_hand.") && !text.contains('{'), "{text}");
                }
            }
        }
        let lose = action_text(&FaultAction::Lose { share: 0.3 }, Lang::Ko);
        assert!(lose.ends_with("30 %"), "{lose}");
    }
}
