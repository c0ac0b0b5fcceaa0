//! `archplay grade`: runs everything that a task asks for and prints the verdict on each design.

use std::path::Path;

use archplay_course::bundle::TaskBundle;
use archplay_course::{
    Compare, Grader, PlannedRun, Target, TargetResult, Verdict, Why, Word, plan, unfair,
};
use archplay_engine::simulate;
use archplay_model::format::read_design;
use archplay_model::scenario::LocalText;
use archplay_model::{Design, Id, Problem, Scenario};
use archplay_text::Lang;
use serde_json::json;

use super::run::name_of;
use crate::Outcome;
use crate::args::GradeArgs;
use crate::input;
use crate::numbers::{count, decimal, target};
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
        let verdict = match verdict(&task, &scenario, &runs, design) {
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
    scenario: &Scenario,
    runs: &[PlannedRun],
    design: &Design,
) -> Result<Verdict, Vec<Problem>> {
    // A first drawing that cannot be read has been refused with its lesson.
    if let Ok((start, _)) = read_design(&task.start) {
        let problems = unfair(&task.task, scenario, &start, design);
        if !problems.is_empty() {
            return Err(problems);
        }
    }
    let mut grader = Grader::new(&task.task, design);
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
    let word = passed(verdict.passed, out);
    let points = decimal(verdict.score * 100.0, 0);
    let score = out.tf("verdict.score", &[("score", &points)]);
    out.line(&format!("{}: {word} · {score}", path.display()));
    let head = ["run", "target", "wanted", "measured", "result"];
    let head = head.map(|key| out.t(&format!("cli.column.{key}"))).to_vec();
    let mut table = Table::new(2, head);
    let mut whys = Vec::new();
    for result in &verdict.results {
        let Some(target) = (task.task.targets.iter()).find(|t| t.id.as_str() == result.target)
        else {
            continue;
        };
        let run = task
            .task
            .runs
            .iter()
            .find(|run| run.id.as_str() == result.run);
        let run = run.map_or(result.run.clone(), |run| local(&run.name, out));
        let name = name(target, scenario, out);
        let first = verdict
            .results
            .iter()
            .find(|r| r.target == result.target && r.why.is_some());
        let first = first.is_some_and(|r| r.run == result.run);
        if let Some(why) = result.why.as_ref().filter(|_| first) {
            let when = self::why(why, design, scenario, out);
            whys.push(format!("{run} · {name}: {when}"));
        }
        table.row(vec![
            run,
            name,
            wanted(target, out),
            measured(target, result, out),
            passed(result.passed, out),
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
    for line in whys {
        out.line(&format!("- {line}"));
    }
    for (run, sha256) in &verdict.fingerprints {
        out.line(&format!("SHA-256 {sha256}  {run}"));
    }
    out.line("");
}

fn passed(passed: bool, out: &Out) -> String {
    out.t(if passed {
        "verdict.passed"
    } else {
        "verdict.failed"
    })
}

fn local(text: &LocalText, out: &Out) -> String {
    match out.lang {
        Lang::Ko => text.ko.clone(),
        Lang::En => text.en.clone(),
    }
}

/// The target's name as the page has it.
fn name(target: &Target, scenario: &Scenario, out: &Out) -> String {
    Word::join(&target.words(Some(scenario)), |word| match word {
        Word::Key(key) => out.t(key),
        Word::Text(text) => local(text, out),
        Word::Over => String::new(),
    })
}

/// When and where a target was missed.
fn why(why: &Why, design: &Design, scenario: &Scenario, out: &Out) -> String {
    let time = out.clock(scenario.start, why.at_ns);
    let component = (why.component.as_ref()).map_or_else(String::new, |id| match Id::new(id) {
        Ok(id) => name_of(design, &id),
        Err(_) => id.clone(),
    });
    let reason = why.reason.map_or_else(String::new, |reason| {
        out.t(&format!("reason.{}.name", reason.slug()))
    });
    let args = [
        ("time", time.as_str()),
        ("component", &component),
        ("reason", &reason),
        ("count", &count(why.count)),
    ];
    match (&why.component, why.reason) {
        (Some(_), Some(_)) => out.tf("verdict.why_cause", &args),
        (Some(_), None) => out.tf("verdict.why_where", &args[..2]),
        _ => out.tf("verdict.why_when", &args[..1]),
    }
}

fn wanted(of: &Target, out: &Out) -> String {
    let key = match of.compare {
        Compare::AtMost => "verdict.at_most",
        Compare::AtLeast => "verdict.at_least",
    };
    out.tf(key, &[("value", &target(out, of.unit(), of.value))])
}

fn measured(of: &Target, result: &TargetResult, out: &Out) -> String {
    match result.measured {
        Some(value) => target(out, of.unit(), value),
        None => out.t(&format!("verdict.{}", of.metric.nothing())),
    }
}
