//! `archplay grade`: runs everything that a task asks for and prints the verdict on each design.

use std::path::Path;

use archplay_course::bundle::TaskBundle;
use archplay_course::{Compare, Grader, PlannedRun, TargetResult, Verdict, plan};
use archplay_engine::simulate;
use archplay_model::{Design, Problem, Scenario};
use archplay_text::Lang;
use serde_json::json;

use super::run::name_of;
use crate::Outcome;
use crate::args::GradeArgs;
use crate::input;
use crate::numbers::{count, target};
use crate::print::Out;
use crate::table::Table;

/// Grades designs by a task.
pub(crate) fn grade(args: &GradeArgs, out: &mut Out) -> Outcome {
    let Some((task, scenario)) = input::task(&args.task, out) else {
        return Outcome::BadInput;
    };
    let mut designs = Vec::new();
    for path in &args.designs {
        let Some((design, _)) = input::design(path, out) else {
            return Outcome::BadInput;
        };
        designs.push((path, design));
    }
    let runs = plan(&task.task, &scenario, args.seed);
    let mut all = Vec::new();
    let mut passed = true;
    for (path, design) in &designs {
        let verdict = match verdict(&task, &runs, design) {
            Ok(verdict) => verdict,
            Err(problems) => {
                for problem in &problems {
                    let text = out.problem(problem);
                    out.note(&format!("{}: {text}", path.display()));
                }
                return Outcome::BadInput;
            }
        };
        passed &= verdict.passed;
        if args.json {
            all.push(json!({ "design": path.display().to_string(), "verdict": verdict }));
        } else {
            print(path, design, &task, &scenario, &verdict, out);
        }
    }
    if args.json {
        let text = serde_json::to_string_pretty(&all).unwrap_or_default();
        out.line(&text);
    }
    if passed {
        Outcome::Passed
    } else {
        Outcome::Failed
    }
}

fn verdict(
    task: &TaskBundle,
    runs: &[PlannedRun],
    design: &Design,
) -> Result<Verdict, Vec<Problem>> {
    let mut grader = Grader::new(&task.task);
    for run in runs {
        grader.add(run, &simulate(design, &run.scenario, run.seed)?);
    }
    Ok(grader.finish())
}

fn print(
    path: &Path,
    design: &Design,
    task: &TaskBundle,
    scenario: &Scenario,
    verdict: &Verdict,
    out: &mut Out,
) {
    let word = out.t(if verdict.passed {
        "verdict.passed"
    } else {
        "verdict.failed"
    });
    out.line(&format!("{}: {word}", path.display()));
    let head = ["run", "target", "wanted", "measured", "result"];
    let head = head.map(|key| out.t(&format!("cli.column.{key}"))).to_vec();
    let mut table = Table::new(2, head);
    for result in &verdict.results {
        let run = task
            .task
            .runs
            .iter()
            .find(|run| run.id.as_str() == result.run);
        let run = run.map_or(result.run.as_str(), |run| match out.lang {
            Lang::Ko => &run.name.ko,
            Lang::En => &run.name.en,
        });
        table.row(vec![
            run.to_owned(),
            out.t(&format!("target.{}.name", result.metric)),
            wanted(result, out),
            measured(result, out),
            out.t(if result.passed {
                "verdict.passed"
            } else {
                "verdict.failed"
            }),
        ]);
    }
    table.print(out);
    if let Some((_, component, reason, first_ns, n)) = &verdict.first_cause {
        let text = out.tf(
            "verdict.first_cause",
            &[
                ("time", &out.clock(scenario.start, *first_ns)),
                ("component", &name_of(design, component)),
                ("reason", &out.t(&format!("reason.{}.name", reason.slug()))),
                ("count", &count(*n)),
            ],
        );
        out.line(&text);
    }
    for (run, sha256) in &verdict.fingerprints {
        out.line(&format!("SHA-256 {sha256}  {run}"));
    }
    out.line("");
}

fn wanted(result: &TargetResult, out: &Out) -> String {
    let key = match result.compare {
        Compare::AtMost => "verdict.at_most",
        Compare::AtLeast => "verdict.at_least",
    };
    out.tf(
        key,
        &[("value", &target(out, &result.metric, result.wanted))],
    )
}

fn measured(result: &TargetResult, out: &Out) -> String {
    match result.measured {
        Some(value) => target(out, &result.metric, value),
        None if result.metric == "recovery_secs" => out.t("verdict.never_recovered"),
        None => out.t("verdict.not_measured"),
    }
}
