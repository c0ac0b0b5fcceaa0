//! `archplay steps`: measures what the steps of a task's model answers move, and says what has to stand in the
//! task's file where it says something else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use archplay_course::bundle::{ReferenceDesign, TaskBundle};
use archplay_course::{Grader, Move, STEP_SEED, needed_runs, plan};
use archplay_engine::simulate;
use archplay_model::format::{read_design, read_scenario};

use crate::Outcome;
use crate::args::StepsArgs;
use crate::input;
use crate::print::Out;

/// What a drawing measures: by run and target.
type Values = BTreeMap<(String, String), Option<f64>>;

/// Measures all steps of a task.
pub(crate) fn steps(args: &StepsArgs, out: &mut Out) -> Outcome {
    let Some((task, answers)) = input::answers(&args.task, out) else {
        return Outcome::BadInput;
    };
    let stepped = |reference: &&ReferenceDesign| !reference.about.steps.is_empty();
    let mut fine = true;
    for reference in answers.references.iter().filter(stepped) {
        fine &= of_reference(&task, reference, out);
    }
    if fine {
        Outcome::Passed
    } else {
        Outcome::Failed
    }
}

/// Measures the steps to one design, one drawing after the other.
fn of_reference(task: &TaskBundle, reference: &ReferenceDesign, out: &mut Out) -> bool {
    let steps = &reference.about.steps;
    let mut wrong = Vec::new();
    // The first step is compared with the drawing at the start.
    let first = steps.iter().take(1).flat_map(|step| &step.moves);
    let mut before = values(task, &task.start, first);
    for (i, (step, design)) in steps.iter().zip(reference.step_designs()).enumerate() {
        let next = steps.get(i + 1).into_iter().flat_map(|next| &next.moves);
        let now = values(task, design, step.moves.iter().chain(next));
        let measured: Vec<Move> = step
            .moves
            .iter()
            .map(|moved| {
                let of = |values: &Values| {
                    let run = moved.run(&task.task)?;
                    let key = (run.id.to_string(), moved.target.to_string());
                    values.get(&key).copied().flatten()
                };
                moved.measured(of(&before), of(&now))
            })
            .collect();
        if !step.moves.iter().zip(&measured).all(|(a, b)| a.says(b)) {
            wrong.push((&step.file, measured));
        }
        before = now;
    }
    let task = task.task.id.as_str();
    let args = [("task", task), ("file", &reference.about.file)];
    let key = if wrong.is_empty() { "fine" } else { "differ" };
    out.line(&out.tf(&format!("cli.steps.{key}"), &args));
    for (file, moves) in &wrong {
        out.line(&format!("# {file}\n{}", written(moves)));
    }
    wrong.is_empty()
}

/// What some moves need of one drawing. A drawing that cannot run measures nothing.
fn values<'a>(task: &TaskBundle, design: &str, moves: impl Iterator<Item = &'a Move>) -> Values {
    let mut out = Values::new();
    let (Ok((design, _)), Ok(scenario)) = (read_design(design), read_scenario(&task.scenario))
    else {
        return out;
    };
    let runs = plan(&task.task, &scenario, STEP_SEED);
    let mut grader = Grader::new(&task.task, &design);
    for position in needed_runs(&task.task, moves) {
        let Some(run) = runs.get(position) else {
            continue;
        };
        if let Ok(report) = simulate(&design, &run.scenario, run.seed) {
            grader.add(run, &report);
        }
    }
    for result in grader.finish().results {
        out.insert((result.run, result.target), result.measured);
    }
    out
}

/// The lines of `task.toml`.
fn written(moves: &[Move]) -> String {
    let mut text = String::from("moves = [\n");
    for moved in moves {
        let mut fields = vec![format!("target = \"{}\"", moved.target)];
        fields.extend(moved.run.as_ref().map(|run| format!("run = \"{run}\"")));
        // Debug writes every number as TOML reads it.
        fields.extend(moved.before.map(|value| format!("before = {value:?}")));
        fields.extend(moved.after.map(|value| format!("after = {value:?}")));
        let _ = writeln!(text, "  {{ {} }},", fields.join(", "));
    }
    text.push(']');
    text
}
