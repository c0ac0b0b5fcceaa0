//! Whether a repeated run came to what its file holds.

use archplay_model::format::RunDoc;
use yew::prelude::*;

use crate::app::dialog::{Toast, say, use_toasts};
use crate::app::run::{RunState, Status};

/// The key of the sentence about a repetition; `None` before its end and for other runs.
pub fn verdict_key(run: &RunState) -> Option<&'static str> {
    let (doc, summary) = (run.replay.as_ref()?, run.summary.as_ref()?);
    let sha256 = run.sha256.as_ref()?;
    (run.status == Status::Finished).then(|| {
        let found = (
            &*summary.design_sha256,
            &*summary.scenario_sha256,
            &**sha256,
        );
        compare(doc, found)
    })
}

fn compare(doc: &RunDoc, (design, scenario, report): (&str, &str, &str)) -> &'static str {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    if same(&doc.report_sha256, report) {
        "replay.same"
    } else if !same(&doc.design_sha256, design) {
        "replay.design"
    } else if !same(&doc.scenario_sha256, scenario) {
        "replay.scenario"
    } else {
        "replay.other"
    }
}

/// Says it once, when the end is reached.
#[hook]
pub fn use_replay_verdict(run: &RunState) {
    let toasts = use_toasts();
    let ended = verdict_key(run).map(|key| (run.run, key));
    use_effect_with(ended, move |ended| {
        if let Some((_, key)) = ended {
            let text = say(*key);
            toasts.emit(if *key == "replay.same" {
                Toast::done(text)
            } else {
                Toast::bad(text)
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use archplay_model::Id;
    use archplay_model::format::RUN_SCHEMA;

    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        let doc = RunDoc {
            schema: RUN_SCHEMA.into(),
            scenario: Id::numbered("s", 1),
            seed: 1,
            design_sha256: "aa".into(),
            scenario_sha256: "bb".into(),
            report_sha256: "cc".into(),
            interventions: Vec::new(),
            requests: Vec::new(),
            texts: Default::default(),
        };
        for (found, expected) in [
            (("aa", "bb", "CC"), "replay.same"),
            (("a0", "b0", "c0"), "replay.design"),
            (("aa", "b0", "c0"), "replay.scenario"),
            (("aa", "bb", "c0"), "replay.other"),
        ] {
            assert_eq!(compare(&doc, found), expected);
        }
    }
}
