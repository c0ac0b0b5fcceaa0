//! `archplay check`: says what cannot work before anything runs.

use archplay_model::check::{check as check_both, check_design, has_errors};

use crate::Outcome;
use crate::args::CheckArgs;
use crate::input;
use crate::print::Out;

/// Checks a design, alone or with a scenario.
pub(crate) fn check(args: &CheckArgs, out: &mut Out) -> Outcome {
    let Some((design, mut problems)) = input::design(&args.design, out) else {
        return Outcome::BadInput;
    };
    match &args.scenario {
        Some(name) => {
            let Some(scenario) = input::scenario(name, out) else {
                return Outcome::BadInput;
            };
            problems.extend(check_both(&design, &scenario));
        }
        None => problems.extend(check_design(&design)),
    }
    if args.json {
        let json = serde_json::to_string_pretty(&problems).unwrap_or_default();
        out.line(&json);
    } else if problems.is_empty() {
        let text = out.t("cli.check.fine");
        out.line(&text);
    } else {
        for problem in &problems {
            let text = out.problem(problem);
            out.line(&text);
        }
    }
    if has_errors(&problems) {
        Outcome::Failed
    } else {
        Outcome::Passed
    }
}
