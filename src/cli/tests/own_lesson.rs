//! A lesson of one's own: a folder anywhere is checked, packed and graded; what is broken is refused in both
//! languages, with place and reason.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use archplay_course::bundle::{Pack, is_pack, read_pack};

fn archplay(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archplay"))
        .args(args)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

const SHOP: &str = r#"{"schema":"archplay/design/1","name":"My shop","components":[
{"id":"client-1","kind":"client","x":0,"y":0},
{"id":"database-1","kind":"database","x":400,"y":0},
{"id":"server-1","kind":"server","x":200,"y":0,"params":{"vcpu":8}}],
"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"}]}"#;

const LESSON: &str = r#"
schema = "archplay/lesson/1"
id = "my-lesson"
session = 4
tasks = ["first"]
title = { ko = "내 수업", en = "My lesson" }
summary = { ko = "짧은 수업이에요.", en = "A short lesson." }
[[hints]]
ko = "천천히 보세요."
en = "Take your time."
[[sources]]
id = "BOOK"
title = "A book"
"#;

const TASK: &str = r#"
schema = "archplay/task/1"
id = "first"
title = { ko = "첫 과제", en = "First task" }
prompt = { ko = "살려 주세요.", en = "Save it." }
think = { ko = "왜일까요?", en = "Why?" }
[[runs]]
id = "calm"
name = { ko = "평소", en = "As usual" }
[[runs]]
id = "fewer"
name = { ko = "30% 적은 날", en = "30 % fewer" }
load = 0.7
seed_offset = 10
[[targets]]
id = "db"
metric = "series"
of = { kind = "database", series = "connections", stat = "max" }
compare = "at_most"
value = 1000
[[targets]]
id = "errors"
metric = "error_share"
compare = "at_most"
value = 0.0
weight = 3
runs = ["calm"]
"#;

/// A small lesson in a folder of the test's own.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let desk = Self(root.join("my-lesson"));
        let preset = archplay_model::presets::Preset::Steady.json();
        let at = preset.find("\"duration_secs\"").unwrap();
        let end = at + preset[at..].find(',').unwrap();
        let scenario = format!("{}\"duration_secs\": 120{}", &preset[..at], &preset[end..]);
        for (file, text) in [
            ("lesson.toml", LESSON),
            (
                "ko.md",
                "# 내 수업\n\n책에서 봤어요 [BOOK].\n\n```figure nines\n```\n\n[캐시](term:cache)\n",
            ),
            (
                "en.md",
                "# My lesson\n\nFrom a book [BOOK].\n\n```figure nines\n```\n\n[cache](term:cache)\n",
            ),
            ("tasks/first/task.toml", TASK),
            ("tasks/first/start.json", SHOP),
            ("tasks/first/scenario.json", &scenario),
        ] {
            desk.write(file, text);
        }
        desk
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn change(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.0.join(name)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    fn folder(&self) -> String {
        text(&self.0)
    }

    fn beside(&self, name: &str) -> String {
        text(&self.0.parent().unwrap().join(name))
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn a_folder_is_checked_packed_and_graded() {
    let desk = Desk::new("whole");
    let (folder, file) = (desk.folder(), desk.beside("my-lesson.json"));
    let output = archplay(&["lesson", &folder, "--pack", &file, "--lang", "ko"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let told = out(&output);
    assert!(
        told.contains("내 수업(세션 4)") && told.contains("목표 2개"),
        "{told}"
    );

    let packed = fs::read_to_string(&file).unwrap();
    assert!(is_pack(&packed));
    let pack = read_pack("my-lesson.json", &packed).unwrap();
    assert_eq!(pack.to_json(), packed, "what is read is written alike");

    // The same verdict from the folder, from the file, and from a task that is named.
    let shop = text(&desk.0.join("tasks/first/start.json"));
    let task = text(&desk.0.join("tasks/first"));
    let verdicts: Vec<String> = [folder.as_str(), &file, &format!("{file}#first"), &task]
        .iter()
        .map(|from| {
            let output = archplay(&["grade", from, &shop, "--json"]);
            assert_eq!(status(&output), 0, "{from}: {}", err(&output));
            out(&output)
        })
        .collect();
    assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]));
    let read: serde_json::Value = serde_json::from_str(&verdicts[0]).unwrap();
    assert_eq!(read[0]["verdict"]["score"], 1.0);
    assert_eq!(read[0]["verdict"]["results"].as_array().unwrap().len(), 3);

    let output = archplay(&["grade", &format!("{file}#second"), &shop, "--lang", "en"]);
    assert_eq!(status(&output), 2);
    assert!(
        err(&output).contains("several tasks or none"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_part_of_the_score_is_given_for_a_part_of_the_targets() {
    let desk = Desk::new("part");
    desk.change("tasks/first/task.toml", "value = 1000", "value = 0");
    let shop = text(&desk.0.join("tasks/first/start.json"));
    let output = archplay(&["grade", &desk.folder(), &shop, "--lang", "ko"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    let told = out(&output);
    assert!(told.contains("미달 · 점수 75점"), "{told}");
    assert!(
        told.contains("DB 커넥션 수 · 최댓값 · 데이터베이스"),
        "{told}"
    );
}

#[test]
fn broken_lessons_are_refused_in_both_languages() {
    const TASK_FILE: &str = "tasks/first/task.toml";
    const AT: &str = "my-lesson/tasks/first/task.toml";
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "lesson.toml",
            "id = \"my-lesson\"",
            "id = \"other\"",
            "my-lesson/lesson.toml (`id`)",
        ),
        (
            "lesson.toml",
            "en = \"A short lesson.\"",
            "en = \" \"",
            "my-lesson/lesson.toml (`summary`)",
        ),
        (
            "ko.md",
            "[BOOK]",
            "![x](a.svg)",
            "my-lesson/lesson.toml (`lesson.text.ko`)",
        ),
        ("ko.md", "figure nines", "figure luck", "my-lesson/ko.md"),
        ("ko.md", "term:cache", "term:luck", "my-lesson/ko.md"),
        (
            "en.md",
            "figure nines",
            "question serverless-502",
            "my-lesson/en.md",
        ),
        (
            TASK_FILE,
            "metric = \"error_share\"",
            "metric = \"luck\"",
            "my-lesson/tasks/first/task.toml:",
        ),
        (TASK_FILE, "series = \"connections\", ", "", AT),
        (
            TASK_FILE,
            "series = \"connections\"",
            "series = \"luck\"",
            AT,
        ),
        (TASK_FILE, "kind = \"database\"", "kind = \"ufo\"", AT),
        (TASK_FILE, "stat = \"max\"", "stat = \"total\"", AT),
        (
            TASK_FILE,
            "compare = \"at_most\"\nvalue = 1000",
            "compare = \"at_most\"\nsince = \"00:00\"\nvalue = 1000",
            AT,
        ),
        (TASK_FILE, "weight = 3", "weight = 0", AT),
        (
            TASK_FILE,
            "weight = 3",
            "of = { operations = [\"fly\"] }",
            AT,
        ),
        (TASK_FILE, "weight = 3", "of = { measure = \"visits\" }", AT),
        (TASK_FILE, "weight = 3", "than_run = \"fewer\"", AT),
        (TASK_FILE, "weight = 3", "than_run = \"never\"", AT),
        (
            TASK_FILE,
            "weight = 3",
            "window = { from = \"23:00\", to = \"22:00\" }",
            AT,
        ),
        (
            TASK_FILE,
            "weight = 3",
            "name = { ko = \"\", en = \"x\" }",
            AT,
        ),
        (TASK_FILE, "load = 0.7", "load = -1", AT),
        (TASK_FILE, "load = 0.7", "data = 0", AT),
        (
            TASK_FILE,
            "load = 0.7",
            "faults = [{ at = \"99:00\", action = \"kill\", target = \"one_server\" }]",
            AT,
        ),
        (TASK_FILE, "runs = [\"calm\"]", "runs = [\"never\"]", AT),
        (
            TASK_FILE,
            "[[runs]]",
            "start_misses = [\"never\"]\n[[runs]]",
            AT,
        ),
        (
            "tasks/first/start.json",
            "\"kind\":\"server\"",
            "\"kind\":\"ufo\"",
            "my-lesson/tasks/first/start.json",
        ),
    ];
    for (i, (file, from, to, place)) in cases.iter().enumerate() {
        let desk = Desk::new(&format!("broken-{i}"));
        desk.change(file, from, to);
        let mut told = Vec::new();
        for lang in ["ko", "en"] {
            let output = archplay(&["lesson", &desk.folder(), "--lang", lang]);
            let words = err(&output);
            assert_eq!(status(&output), 2, "{to}: {}{words}", out(&output));
            assert!(words.starts_with(place), "{to}: {words}");
            assert!(!words.contains("lesson_error"), "{to}: {words}");
            told.push(words);
        }
        assert_ne!(told[0], told[1], "{to}");
    }
}

#[test]
fn broken_files_are_refused_with_place_and_reason() {
    let desk = Desk::new("file");
    let file = desk.beside("my-lesson.json");
    let output = archplay(&["lesson", &desk.folder(), "--pack", &file]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let whole = fs::read_to_string(&file).unwrap();
    let refused = |text: &str| {
        let error = read_pack("x.json", text).unwrap_err();
        (error.code, error.path)
    };
    let changed = |change: &dyn Fn(&mut Pack)| {
        let mut pack = read_pack("", &whole).unwrap();
        change(&mut pack);
        refused(&pack.to_json())
    };
    assert_eq!(refused("{").0, "not_a_bundle");
    assert_eq!(refused(&whole[..whole.len() / 2]).0, "not_a_bundle");
    assert_eq!(refused(&" ".repeat(5_000_000)).0, "too_big");
    let other = whole.replacen("lesson-pack/1", "lesson-pack/2", 1);
    assert_eq!(refused(&other), ("wrong_schema", "schema".into()));
    assert_eq!(
        changed(&|pack| pack.lesson.text.en.clear()),
        ("missing_text", "lesson.text.en".into())
    );
    assert_eq!(
        changed(&|pack| pack.lesson.sources.clear()),
        ("unknown_id", "lesson.text.ko".into())
    );
    assert_eq!(
        changed(&|pack| pack.answers.tasks.clear()),
        ("out_of_range", "answers.tasks".into())
    );
    assert_eq!(
        changed(&|pack| pack.lesson.tasks[0].graded.task.targets[1].weight = -1.0),
        (
            "out_of_range",
            "lesson.tasks[0].graded.task.targets[1].weight".into()
        )
    );
    assert_eq!(
        changed(&|pack| pack.lesson.tasks[0].graded.start = "{}".into()).0,
        "bad_document"
    );
    assert_eq!(
        changed(&|pack| pack.lesson.tasks[0].graded.scenario = "[]".into()).0,
        "bad_document"
    );
}
