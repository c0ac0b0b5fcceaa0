//! Every lesson with the real engine on ten seeds: references pass in every graded run, the starting
//! drawing fails, wrong answers fail for the reason they name, and the numbers in the text are true.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

mod broken;
#[path = "../common/mod.rs"]
mod common;
mod files;
mod graded;
mod texts;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use archplay_course::bundle::{self, AnswersBundle, LessonBundle};
use archplay_course::{Move, START_FILE, TargetUnit, is_empty_canvas, unfair};
use archplay_model::Severity;
use archplay_model::check::check;
use archplay_model::format::{read_design, read_scenario};

use files::{files, lessons, markdown, tasks, written};
use graded::{SEEDS, median, of, starts_empty};

#[test]
fn references_pass_on_ten_seeds() {
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            assert!(
                answers.references.len() >= 3,
                "{}: three references",
                task.task.id
            );
            for reference in &answers.references {
                for run in &task.task.runs {
                    let mut seeds = 0;
                    for (seed, outcome) in of(task, &reference.about.file, run.id.as_str()) {
                        let missed: Vec<_> = outcome.results.iter().filter(|r| !r.passed).collect();
                        let file = &reference.about.file;
                        assert!(
                            missed.is_empty(),
                            "{file} {} seed {seed}: {missed:#?}",
                            run.id
                        );
                        seeds += 1;
                    }
                    assert_eq!(seeds, SEEDS);
                }
            }
        }
    }
}

#[test]
fn the_start_fails_on_ten_seeds() {
    for (lesson, _) in lessons() {
        for task in tasks(&lesson) {
            let written = written(&lesson, task);
            if starts_empty(task) {
                assert!(written.start_misses.is_empty(), "{}", task.task.id);
                continue;
            }
            let mut seeds = 0;
            for (seed, outcome) in of(task, "start.json", task.task.runs[0].id.as_str()) {
                let place = format!("{} seed {seed}: {outcome:#?}", task.task.id);
                let missed = outcome.missed();
                assert!(!missed.is_empty(), "{place}");
                let named = &written.start_misses;
                assert!(named.iter().all(|t| missed.contains(t.as_str())), "{place}");
                assert_eq!(outcome.results[0].run, task.task.runs[0].id.as_str());
                // Only the flash sale collapses wholly.
                if lesson.session == 3 {
                    assert!(outcome.measured("done") < 0.05, "{place}");
                }
                seeds += 1;
            }
            assert_eq!(seeds, SEEDS);
        }
    }
}

#[test]
fn wrong_answers_fail_for_their_reason_on_ten_seeds() {
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            assert!(
                answers.wrongs.len() >= 3,
                "{}: three wrong answers",
                task.task.id
            );
            let first = task.task.runs[0].id.as_str();
            for wrong in &answers.wrongs {
                let about = &wrong.about;
                let mut seeds = 0;
                for (seed, outcome) in of(task, &about.file, first) {
                    let place = format!("{} seed {seed}: {outcome:#?}", about.file);
                    let missed = outcome.missed();
                    assert!(
                        about.misses.iter().all(|t| missed.contains(t.as_str())),
                        "{place}"
                    );
                    assert!(
                        about.reaches.iter().all(|t| !missed.contains(t.as_str())),
                        "{place}"
                    );
                    if let Some(reason) = about.main_reason {
                        assert_eq!(outcome.main_reason, Some(reason), "{place}");
                    }
                    seeds += 1;
                }
                assert_eq!(seeds, SEEDS);
                for run in &about.fails_in {
                    for (seed, outcome) in of(task, &about.file, run.as_str()) {
                        let file = &about.file;
                        let missed = outcome.missed();
                        assert!(!missed.is_empty(), "{file} {run} seed {seed} passes");
                        assert!(
                            about.fails_by.iter().all(|t| missed.contains(t.as_str())),
                            "{file} {run} seed {seed}: {outcome:#?}"
                        );
                    }
                }
            }
        }
    }
}

/// A value as it stands in a table of a text, Korean and English.
fn figure(unit: TargetUnit, value: f64) -> [String; 2] {
    let both = |text: String| [text.clone(), text];
    match unit {
        _ if value.is_nan() => both("–".into()),
        TargetUnit::Share => {
            let percent = format!("{:.1}", value * 100.0);
            [format!("{percent}%"), format!("{percent} %")]
        }
        TargetUnit::Milliseconds => both(format!("{value:.0} ms")),
        TargetUnit::Seconds => [format!("{value:.1}초"), format!("{value:.1} s")],
        TargetUnit::Count => both(format!("{value:.0}")),
        _ => both(format!("{value:.1}")),
    }
}

#[test]
fn the_table_in_the_text_is_what_the_engine_measures() {
    // All at once: a run of this test takes minutes.
    let mut wanted = String::new();
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            let columns = written(&lesson, task).table;
            if columns.is_empty() {
                continue;
            }
            let start = ("start.json", "처음 그림", "The drawing at the start");
            let wrongs = (answers.wrongs.iter()).map(|w| (&w.about.file, &w.about.name));
            let references = (answers.references.iter()).map(|r| (&r.about.file, &r.about.name));
            let named = wrongs
                .chain(references)
                .map(|(f, n)| (f.as_str(), n.ko.as_str(), n.en.as_str()));
            let (mut ko, mut en) = (String::new(), String::new());
            let start = (!starts_empty(task)).then_some(start);
            for (file, name_ko, name_en) in start.into_iter().chain(named) {
                write!(ko, "| {name_ko} |").unwrap();
                write!(en, "| {name_en} |").unwrap();
                for column in &columns {
                    let target = task.task.targets.iter().find(|t| t.id == *column).unwrap();
                    let value = median(task, file, column.as_str());
                    let [in_ko, in_en] = figure(target.unit(), value);
                    write!(ko, " {in_ko} |").unwrap();
                    write!(en, " {in_en} |").unwrap();
                }
                writeln!(ko).unwrap();
                writeln!(en).unwrap();
            }
            let text = markdown(&lesson);
            let (ko_md, en_md) = (&text.ko, &text.en);
            for (md, lines, name) in [(ko_md, &ko, "ko.md"), (en_md, &en, "en.md")] {
                if !md.contains(lines.as_str()) {
                    let task = &task.task.id;
                    writeln!(wanted, "{name} of {task} should have these lines:\n{lines}").unwrap();
                }
            }
        }
    }
    assert!(wanted.is_empty(), "{wanted}");
}

#[test]
fn drawings_of_lessons_are_clean() {
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            let scenario = read_scenario(&task.scenario).unwrap();
            let (start, _) = read_design(&task.start).unwrap();
            let references = answers.references.iter().map(|r| &r.design);
            let wrongs = answers.wrongs.iter().map(|w| &w.design);
            let steps = answers.references.iter().flat_map(|r| &r.steps);
            for text in references.chain(wrongs).chain(steps).chain([&task.start]) {
                let (design, mut problems) = read_design(text).unwrap();
                // What the lesson shows may be graded.
                problems.extend(unfair(&task.task, &scenario, &start, &design));
                if !is_empty_canvas(&design) {
                    problems.extend(check(&design, &scenario));
                }
                assert!(
                    problems.iter().all(|p| p.severity != Severity::Error),
                    "{problems:?}"
                );
                assert!(problems.is_empty(), "{}: {problems:?}", design.name);
                let written = archplay_model::format::write_design(&design);
                assert_eq!(
                    &written, text,
                    "{} is not written as the page writes",
                    design.name
                );
            }
        }
    }
}

#[test]
fn what_is_drawn_has_english_names() {
    let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    let mut missing = BTreeSet::new();
    let built = bundle::build(&files()).unwrap_or_else(|e| panic!("{e}"));
    for (name, text) in built.iter().filter(|(name, _)| name.ends_with(".en.json")) {
        let lesson: LessonBundle = serde_json::from_str(text).unwrap();
        let answers = name.replace(".en.json", ".answers.json");
        let (_, answers) = built.iter().find(|(other, _)| *other == answers).unwrap();
        let answers: AnswersBundle = serde_json::from_str(answers).unwrap();
        let starts = tasks(&lesson).map(|task| (true, &task.start));
        let references = answers.tasks.iter().flat_map(|t| &t.references);
        let wrongs = answers.tasks.iter().flat_map(|t| &t.wrongs);
        let prepared = references
            .flat_map(|r| r.steps.iter().chain([&r.design]))
            .chain(wrongs.map(|w| &w.design));
        for (is_start, text) in starts.chain(prepared.map(|text| (false, text))) {
            let (mut design, _) = read_design(text).unwrap();
            lesson.name_in_english(&mut design);
            // Only the drawing at the start brings its own name.
            let own = is_start.then_some(&design.name);
            let names = design.components.values().map(|c| &c.name).chain(own);
            missing.extend(
                names
                    .filter(|n| hangul(n))
                    .map(|n| format!("{}: {n}", lesson.id)),
            );
        }
    }
    assert!(
        missing.is_empty(),
        "`names` of lesson.toml lacks {missing:#?}"
    );
}

#[test]
fn a_model_answer_of_every_task_has_steps_that_each_move_a_target() {
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            let id = &task.task.id;
            // Session 7's first task begins with nothing, and session 8 is its walk.
            let all = lesson.session <= 7 && !starts_empty(task);
            let stepped = answers.references.iter().map(|r| &r.about.steps);
            let stepped: Vec<_> = stepped.filter(|steps| !steps.is_empty()).collect();
            assert!(!all || !stepped.is_empty(), "{id} has no steps");
            for steps in stepped {
                assert!(
                    (2..=6).contains(&steps.len()),
                    "{id}: {} steps",
                    steps.len()
                );
                for step in steps.iter().filter(|step| step.file != START_FILE) {
                    let helps = |moved: &Move| {
                        let target = moved.target(&task.task);
                        target.is_some_and(|target| moved.helps(target))
                    };
                    assert!(
                        step.moves.iter().any(helps),
                        "{id}: {} helps not",
                        step.file
                    );
                }
            }
        }
    }
}

#[test]
fn what_steps_move_is_what_the_engine_measures() {
    let mut wanted = String::new();
    for (lesson, _) in lessons() {
        for task in tasks(&lesson) {
            let folder = format!("lessons/{}/tasks/{}", lesson.id, task.task.id);
            let output = Command::new(env!("CARGO_BIN_EXE_archplay"))
                .args(["steps", &folder, "--lang", "en"])
                .current_dir(common::root())
                .output()
                .unwrap();
            if !output.status.success() {
                let told = [output.stdout, output.stderr].concat();
                writeln!(wanted, "{folder}\n{}", String::from_utf8_lossy(&told)).unwrap();
            }
        }
    }
    assert!(wanted.is_empty(), "{wanted}");
}
