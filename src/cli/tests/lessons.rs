//! Every lesson with the real engine on ten seeds: references pass in every graded run, the starting
//! drawing fails, wrong answers fail for the reason they name, and the numbers in the text are true.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use archplay_course::bundle::{self, AnswersBundle, LessonBundle, LessonIndex, TaskBundle};
use archplay_course::{
    Grader, Move, START_FILE, TargetResult, TargetUnit, TaskToml, is_empty_canvas, parse_task,
    plan, unfair,
};
use archplay_model::Severity;
use archplay_model::check::check;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::scenario::LocalText;
use archplay_report::{Reason, Report};

const SEEDS: u64 = 10;

/// All files below a folder with one of the endings, by path relative to it, with `/`.
fn texts(dir: &Path, endings: &[&str]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let key = path
                    .strip_prefix(dir)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                out.insert(key, fs::read_to_string(&path).unwrap());
            }
        }
    }
    out
}

fn files() -> BTreeMap<String, String> {
    texts(&common::root().join("lessons"), &[".toml", ".md", ".json"])
}

/// The lessons to prove. Whoever writes one names it (`ARCHPLAY_LESSON=04`), because all of them take minutes.
fn lessons() -> Vec<(LessonBundle, AnswersBundle)> {
    let only = std::env::var("ARCHPLAY_LESSON").unwrap_or_default();
    let mut lessons = all_lessons();
    lessons.retain(|(lesson, _)| lesson.id.as_str().starts_with(&only));
    assert!(!lessons.is_empty(), "no lesson begins with {only}");
    lessons
}

fn all_lessons() -> Vec<(LessonBundle, AnswersBundle)> {
    let built: BTreeMap<String, String> = bundle::build(&files())
        .unwrap_or_else(|e| panic!("{e}"))
        .into_iter()
        .collect();
    let index: LessonIndex = serde_json::from_str(&built["index.json"]).unwrap();
    assert!(!index.lessons.is_empty());
    let read = index.lessons.iter().map(|entry| {
        let lesson = serde_json::from_str(&built[&format!("{}.ko.json", entry.id)]).unwrap();
        let answers = serde_json::from_str(&built[&format!("{}.answers.json", entry.id)]).unwrap();
        (lesson, answers)
    });
    read.collect()
}

fn tasks(lesson: &LessonBundle) -> impl Iterator<Item = &TaskBundle> {
    lesson.tasks.iter().map(|task| &task.graded)
}

/// A lesson's text as it is written; the bundle has only the tree.
fn markdown(lesson: &LessonBundle) -> LocalText {
    let files = files();
    let text = |lang: &str| files[&format!("{}/{lang}.md", lesson.id)].clone();
    LocalText {
        ko: text("ko"),
        en: text("en"),
    }
}

/// One graded run of one design.
#[derive(Clone, Debug)]
struct Outcome {
    results: Vec<TargetResult>,
    main_reason: Option<Reason>,
}

impl Outcome {
    fn missed(&self) -> BTreeSet<&str> {
        self.results
            .iter()
            .filter(|r| !r.passed)
            .map(|r| r.target.as_str())
            .collect()
    }

    fn measured(&self, target: &str) -> f64 {
        let result = self.results.iter().find(|r| r.target == target);
        result.and_then(|r| r.measured).unwrap_or(f64::NAN)
    }
}

/// What is to be run: task, design file, run, seed.
type Key = (String, String, String, u64);

/// A design with the runs that matter for it. Kept as text: ids are not for several threads.
struct Job {
    key: Key,
    task: String,
    design: String,
}

/// Whether a task begins with clients alone, which cannot run.
fn starts_empty(task: &TaskBundle) -> bool {
    is_empty_canvas(&read_design(&task.start).unwrap().0)
}

fn jobs() -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut names = BTreeSet::new();
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            let new = names.insert(task.task.id.to_string());
            assert!(new, "two tasks are called {}", task.task.id);
            let text = serde_json::to_string(task).unwrap();
            let all: Vec<String> = task.task.runs.iter().map(|r| r.id.to_string()).collect();
            let first = vec![all[0].clone()];
            let mut add = |file: &str, design: &str, runs: &[String]| {
                for run in runs {
                    for seed in 1..=SEEDS {
                        jobs.push(Job {
                            key: (
                                task.task.id.to_string(),
                                file.into(),
                                run.clone(),
                                seed * 7_919,
                            ),
                            task: text.clone(),
                            design: design.into(),
                        });
                    }
                }
            };
            if !starts_empty(task) {
                add("start.json", &task.start, &first);
            }
            for reference in &answers.references {
                add(&reference.about.file, &reference.design, &all);
            }
            for wrong in &answers.wrongs {
                let mut runs: BTreeSet<String> = first.iter().cloned().collect();
                runs.extend(wrong.about.fails_in.iter().map(ToString::to_string));
                add(
                    &wrong.about.file,
                    &wrong.design,
                    &runs.into_iter().collect::<Vec<_>>(),
                );
            }
        }
    }
    jobs
}

fn outcome(job: &Job) -> Outcome {
    let task: TaskBundle = serde_json::from_str(&job.task).unwrap();
    let scenario = read_scenario(&task.scenario).unwrap();
    let (design, _) = read_design(&job.design).unwrap();
    let runs = plan(&task.task, &scenario, job.key.3);
    let run = runs
        .iter()
        .find(|run| run.id.as_str() == job.key.2)
        .unwrap();
    let report = archplay_engine::simulate(&design, &run.scenario, run.seed).unwrap();
    let mut grader = Grader::new(&task.task, &design);
    grader.add(run, &report);
    Outcome {
        results: grader.finish().results,
        main_reason: main_reason(&report),
    }
}

fn main_reason(report: &Report) -> Option<Reason> {
    let count = |reason: Reason| -> u64 {
        let visitors = report.focus.operations.iter().filter(|o| !o.admin);
        visitors.map(|o| o.failed_for(reason)).sum()
    };
    Reason::ALL
        .into_iter()
        .filter(|r| count(*r) > 0)
        .max_by_key(|r| count(*r))
}

/// All runs, made once by all cores and shared by the tests below.
fn outcomes() -> &'static BTreeMap<Key, Outcome> {
    static ALL: OnceLock<BTreeMap<Key, Outcome>> = OnceLock::new();
    ALL.get_or_init(|| {
        let jobs = jobs();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = outcome(job);
                        done.lock().unwrap().insert(job.key.clone(), outcome);
                    }
                });
            }
        });
        done.into_inner().unwrap()
    })
}

/// The outcomes of a design in a run, by seed.
fn of<'a>(
    task: &'a TaskBundle,
    file: &'a str,
    run: &'a str,
) -> impl Iterator<Item = (u64, &'static Outcome)> + 'a {
    let found = outcomes()
        .iter()
        .filter(move |((t, f, r, _), _)| t == task.task.id.as_str() && f == file && r == run);
    found.map(|((_, _, _, seed), outcome)| (*seed, outcome))
}

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

/// A task's file as it is written; the bundle has only what is graded.
fn written(lesson: &LessonBundle, task: &TaskBundle) -> TaskToml {
    let name = format!("{}/tasks/{}/task.toml", lesson.id, task.task.id);
    parse_task(&name, &files()[&name]).unwrap()
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

/// The median over the seeds in the first run.
fn median(task: &TaskBundle, file: &str, target: &str) -> f64 {
    let run = task.task.runs[0].id.as_str();
    let mut list: Vec<f64> = of(task, file, run)
        .map(|(_, o)| o.measured(target))
        .collect();
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
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

/// Marks such as `[ALB-HC]` in a text.
fn cited(text: &str) -> BTreeSet<String> {
    let parts = text
        .split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']'))
        // What a bracket follows is a link, such as one to the glossary.
        .filter(|(_, after)| !after.starts_with('('));
    let marks = parts.flat_map(|(inside, _)| inside.split(", "));
    marks
        .filter(|mark| {
            mark.len() > 2
                && mark
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn texts_are_whole_in_both_languages_and_their_sources_are_there() {
    for (lesson, _) in lessons() {
        let heads = |text: &str| text.lines().filter(|l| l.starts_with('#')).count();
        let rows = |text: &str| text.lines().filter(|l| l.starts_with('|')).count();
        let LocalText { ko, en } = &markdown(&lesson);
        assert_eq!(
            (heads(ko), rows(ko)),
            (heads(en), rows(en)),
            "{}",
            lesson.id
        );
        assert!(heads(ko) > 5);
        let sources: BTreeSet<String> = lesson.sources.iter().map(|s| s.id.clone()).collect();
        assert_eq!(cited(ko), sources, "{} ko", lesson.id);
        assert_eq!(cited(en), sources, "{} en", lesson.id);
        for text in [ko, en] {
            assert!(
                !text.contains("[U]") && !text.contains(concat!("TO", "DO")),
                "{}",
                lesson.id
            );
        }
    }
}

/// A folder holds all of its lesson, so that it can be packed; what two of them share must stay the same.
#[test]
fn the_whole_day_is_the_same_in_both_sessions_and_has_a_drawing() {
    let built: BTreeMap<String, String> = bundle::build(&files())
        .unwrap_or_else(|e| panic!("{e}"))
        .into_iter()
        .collect();
    let days: Vec<String> = ["07-news-feed", "08-review"]
        .into_iter()
        .map(|id| {
            let lesson: LessonBundle =
                serde_json::from_str(&built[&format!("{id}.ko.json")]).unwrap();
            let answers: AnswersBundle =
                serde_json::from_str(&built[&format!("{id}.answers.json")]).unwrap();
            let day = lesson.extras.first().unwrap();
            assert!(day.drawn && answers.extras.contains_key(&day.id), "{id}");
            day.scenario.clone()
        })
        .collect();
    assert_eq!(days[0], days[1]);
}

#[test]
fn session_3_quotes_the_symptoms_word_for_word() {
    let lessons = all_lessons();
    let (lesson, _) = lessons.iter().find(|(l, _)| l.session == 3).unwrap();
    let text = markdown(lesson);
    for words in [
        "사용자들이 Time-out 페이지를 마주하고 있습니다.",
        "관리자가 상황 수습을 위해 서버에 원격 접속(SSH)를 시도해봤지만, 접속이 불가능하여 대응이 늦어지고 있습니다.",
        "모니터링 지표로 CPU 점유율, 서버 애플리케이션 상 응답 지연 시간, 그리고 Time-out 횟수가 증가한 것을 확인했습니다.",
    ] {
        assert!(text.ko.contains(words), "{words}");
        assert!(
            text.en.contains(words),
            "the original stands in the English text too: {words}"
        );
    }
}

#[test]
fn broken_lessons_are_refused_with_place_and_reason() {
    let refused = |change: &dyn Fn(&mut BTreeMap<String, String>), expected: &str| {
        let mut files = files();
        change(&mut files);
        let told = bundle::build(&files).map(|_| ()).unwrap_err().to_string();
        assert!(told.starts_with(expected), "{told}");
    };
    const TASK: &str = "03-compute/tasks/flash-sale/task.toml";
    let replace = |file: &'static str, from: &'static str, to: &'static str| {
        move |files: &mut BTreeMap<String, String>| {
            let text = files.get_mut(file).unwrap();
            assert!(text.contains(from), "{from}");
            *text = text.replacen(from, to, 1);
        }
    };
    refused(
        &|files| {
            files.remove("03-compute/en.md");
        },
        "03-compute/en.md: missing_file",
    );
    refused(
        &|files| {
            let text = files.get_mut("03-compute/ko.md").unwrap();
            text.insert_str(0, "\n[a](javascript:x)\n");
        },
        "03-compute/ko.md:2: bad_value: link `javascript:x`",
    );
    refused(
        &replace(
            "03-compute/lesson.toml",
            "[[hints]]\nko = \"",
            "[[hints]]\nko = \"![a](../b.svg) ",
        ),
        "03-compute/lesson.toml: bad_value at `hints[0].ko`: picture `../b.svg`",
    );
    refused(
        &replace(
            TASK,
            "[think]\nko = \"",
            "[think]\nko = \"> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > ",
        ),
        "03-compute/tasks/flash-sale/task.toml: out_of_range at `think.ko`: nested deeper than",
    );
    const DAY: &str = "07-news-feed/lesson.toml";
    refused(
        &replace(DAY, "scenario = \"day.json\"", "scenario = \"night.json\""),
        "07-news-feed/night.json: missing_file",
    );
    refused(
        &replace(DAY, "tasks/news-feed/reference-", "tasks/news-feed/no-"),
        "07-news-feed/tasks/news-feed/no-by-activity.json: missing_file",
    );
    refused(
        &replace(DAY, "[extra.about]\nko = \"", "[extra.about]\nko = \" \" #"),
        "07-news-feed/lesson.toml: missing_text at `extra[0].about`",
    );
    refused(
        &replace(
            "03-compute/lesson.toml",
            "session = 3",
            "session = \"three\"",
        ),
        "03-compute/lesson.toml:4: bad_value at `session`",
    );
    refused(
        &replace(TASK, "[title]", "[title"),
        "03-compute/tasks/flash-sale/task.toml:8: not_toml",
    );
    refused(
        &replace(TASK, "\"visitors_done_share\"", "\"luck\""),
        "03-compute/tasks/flash-sale/task.toml:",
    );
    refused(
        &replace(TASK, "runs = [\"incident\"]", "runs = [\"yesterday\"]"),
        "03-compute/tasks/flash-sale/task.toml: unknown_id at `targets[4].runs`: yesterday",
    );
    const FIRE: &str = "02-monitoring/tasks/site-fire/task.toml";
    for (from, told) in [
        ("-700", ": beyond the scenario"),
        ("100", ""),
        ("-99999999", ""),
    ] {
        refused(
            &|files| {
                let text = files.get_mut(FIRE).unwrap();
                *text = text.replacen("from = -230", &format!("from = {from}"), 1);
            },
            &format!("{FIRE}: out_of_range at `runs[1].later_secs`{told}"),
        );
    }
    let steps = "03-compute/tasks/flash-sale/task.toml";
    refused(
        &replace(TASK, "{ target = \"timeouts\",", "{ target = \"luck\","),
        &format!("{steps}: unknown_id at `reference[1].steps[0].moves[0].target`: luck"),
    );
    refused(
        &replace(
            TASK,
            "{ target = \"recovery\",",
            "{ target = \"recovery\", run = \"incident\",",
        ),
        &format!("{steps}: unknown_id at `reference[1].steps[2].moves[2].run`: incident"),
    );
    refused(
        &replace(
            TASK,
            "[[reference.steps]]\nfile = \"reference-scheduled-cdn.json\"",
            "[[reference.steps]]\nfile = \"reference-scheduled.json\"",
        ),
        &format!("{steps}: last_step at `reference[1].steps[3].file`: `reference-scheduled-cdn"),
    );
    refused(
        &replace(
            TASK,
            "[[reference.steps]]\nfile = \"step-2-cdn.json\"",
            "[[reference.steps]]\nfile = \"step-9.json\"",
        ),
        "03-compute/tasks/flash-sale/step-9.json: missing_file",
    );
    refused(
        &replace(
            "03-compute/tasks/flash-sale/start.json",
            "\"kind\":\"server\"",
            "\"kind\":\"ufo\"",
        ),
        "03-compute/tasks/flash-sale/start.json: bad_document at `components[2].kind`",
    );
    // Clients alone are an empty canvas, with anything more it is a drawing that leads nowhere.
    refused(
        &replace(
            "07-news-feed/tasks/news-feed/start.json",
            "\"components\": [",
            "\"components\": [{\"id\":\"c\",\"kind\":\"cache\",\"name\":\"c\",\"x\":1,\"y\":1},",
        ),
        "07-news-feed/tasks/news-feed/start.json: bad_document: client_without_way",
    );
    refused(
        &replace(
            "03-compute/tasks/flash-sale/scenario.json",
            "\"operations\"",
            "\"operationz\"",
        ),
        "03-compute/tasks/flash-sale/scenario.json: bad_document",
    );
}
