//! The built program: what it prints, in which language, and how it ends.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

mod common;

use std::path::PathBuf;
use std::process::{Command, Output};

use archplay_report::sha256_hex;
use archplay_text::{Lang, t};

const TASK: &str = "03-compute/tasks/flash-sale";

/// A small scenario and drawings for it, in a folder of this test's own.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// The presets' steady scenario, two minutes of it.
    fn short(&self) -> String {
        let text = archplay_model::presets::Preset::Steady.json();
        let at = text.find("\"duration_secs\"").unwrap();
        let end = at + text[at..].find(',').unwrap();
        self.write(
            "short.json",
            &format!("{}\"duration_secs\": 120{}", &text[..at], &text[end..]),
        )
    }

    fn shop(&self) -> String {
        self.write("shop.json", SHOP)
    }
}

const SHOP: &str = r#"{"schema":"archplay/design/1","name":"My shop","components":[
{"id":"client-1","kind":"client","x":0,"y":0},
{"id":"database-1","kind":"database","x":400,"y":0},
{"id":"server-1","kind":"server","x":200,"y":0,"params":{"vcpu":8}}],
"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"}]}"#;

fn archplay(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archplay"))
        .args(args)
        .current_dir(common::root())
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "en_GB.UTF-8")
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

#[test]
fn help_is_complete_in_both_languages() {
    let commands: [(&[&str], &[&str]); 5] = [
        (&[], &["lang", "help", "version"]),
        (
            &["run"],
            &[
                "design", "scenario", "seed", "replay", "paired", "json", "out", "lang", "help",
            ],
        ),
        (&["check"], &["design", "scenario", "json", "lang", "help"]),
        (
            &["grade"],
            &["task", "designs", "seed", "json", "lang", "help"],
        ),
        (&["lesson"], &["lesson", "pack", "lang", "help"]),
    ];
    for lang in Lang::ALL {
        for (command, args) in commands {
            let output = archplay(&[command, &["--lang", lang.tag(), "--help"]].concat());
            assert_eq!(status(&output), 0, "{command:?}");
            let text = out(&output);
            for arg in args {
                let help = t(lang, &format!("cli.arg.{arg}"));
                assert!(
                    text.contains(&*help),
                    "{command:?}: {arg} is not explained: {text}"
                );
            }
            assert!(
                text.contains("  archplay "),
                "{command:?}: no examples: {text}"
            );
            // A key that shows is a text that is missing.
            assert!(!text.contains("cli."), "{command:?}: {text}");
        }
    }
}

#[test]
fn a_run_is_repeated_with_what_was_done_by_hand() {
    let desk = Desk::new("replay");
    let (shop, scenario) = (desk.shop(), desk.short());
    let report = desk.0.join("report.json").to_string_lossy().into_owned();
    let file = |report_sha256: &str, design_sha256: &str| {
        format!(
            r#"{{"schema":"archplay/run/1","scenario":"steady","seed":7,
"design_sha256":"{design_sha256}","scenario_sha256":"{0}","report_sha256":"{report_sha256}",
"interventions":[
{{"at_ns":30000000001,"action":"kill","target":{{"component":"server-1"}}}},
{{"at_ns":60000000001,"action":"restore","target":{{"component":"server-1"}}}}],
"requests":[
{{"at_ns":40000000001,"user":3,"ask":"post"}},
{{"at_ns":50000000001,"user":4,"ask":{{"read":{{"cursor":7}}}}}}],
"texts":{{"0":"무지개 <b>사진</b>"}}}}"#,
            "0".repeat(64)
        )
    };
    let replay = |file: &str, out: &[&str]| {
        let args = ["run", &shop, "-s", &scenario, "--replay", file];
        archplay(&[&args[..], out].concat())
    };
    let none = "0".repeat(64);
    let first = desk.write("run.json", &file(&none, &none));
    let output = replay(&first, &["--out", &report]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("seed 7"), "{text}");
    let lines = ["server-1", "User 3", "User 4"].map(|word| {
        let mut lines = text
            .lines()
            .skip_while(|line| !line.contains("Done by hand"));
        lines.position(|line| line.contains(word))
    });
    assert!(
        lines[0] < lines[1] && lines[1] < lines[2] && lines[0].is_some(),
        "{text}"
    );
    assert!(text.contains("“무지개 <b>사진</b>”"), "{text}");
    assert!(
        err(&output).contains("design is another"),
        "{}",
        err(&output)
    );
    let json = std::fs::read_to_string(&report).unwrap();
    assert!(json.contains("\"interventions\":[{\"at_ns\":30000000001,\"action\":\"kill\""));
    assert!(json.contains("\"requests\":[{\"at_ns\":40000000001,\"user\":3,\"ask\":\"post\"}"));
    let again = desk.write("again.json", &file(&sha256_hex(&json), &none));
    assert!(err(&replay(&again, &[])).contains("byte for byte"));
    let broken = desk.write("broken.json", &file(&none, "no"));
    let output = replay(&broken, &[]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("design_sha256"), "{}", err(&output));
}

/// What only services ask of one another is no line without requests among what visitors ask for.
#[test]
fn what_only_services_ask_is_not_listed_as_asked_by_visitors() {
    let task = "lessons/02-monitoring/tasks/alarms";
    let [design, scenario] = ["start", "scenario"].map(|name| format!("{task}/{name}.json"));
    let text = std::fs::read_to_string(common::root().join(&scenario)).unwrap();
    let read = archplay_model::format::read_scenario(&text).unwrap();
    let names = ["order", "payment"].map(|id| {
        let found = read.operations.iter().find(|o| o.id.as_str() == id);
        found.unwrap().name.en.clone()
    });
    let output = archplay(&["run", &design, "-s", &scenario]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let text = out(&output);
    let listed = names.map(|name| {
        text.lines()
            .any(|line| line.trim_start().starts_with(&name))
    });
    assert_eq!(listed, [true, false], "{text}");
}

#[test]
fn runs_and_prints_the_fingerprint_of_what_it_exports() {
    let desk = Desk::new("run");
    let (shop, scenario) = (desk.shop(), desk.short());
    let file = desk.0.join("report.json").to_string_lossy().into_owned();
    let output = archplay(&["run", &shop, "-s", &scenario, "--seed", "7", "--out", &file]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let sha256 = sha256_hex(&std::fs::read_to_string(&file).unwrap());
    let text = out(&output);
    assert!(
        text.trim_end().ends_with(&format!("SHA-256 {sha256}")),
        "{text}"
    );
    assert!(
        text.contains("My shop") && text.contains("seed 7"),
        "{text}"
    );

    let json = archplay(&[
        "run",
        &shop,
        "--scenario",
        &scenario,
        "--seed",
        "7",
        "--json",
    ]);
    assert_eq!(sha256_hex(&out(&json)), sha256);
    assert_eq!(err(&json).trim(), format!("SHA-256 {sha256}"));
    let other = archplay(&["run", &shop, "-s", &scenario, "--seed", "8", "--json"]);
    assert_ne!(sha256_hex(&out(&other)), sha256);
}

#[test]
fn speaks_the_language_of_the_environment_or_the_option() {
    let desk = Desk::new("lang");
    let missing = desk.0.join("nothing.json").to_string_lossy().into_owned();
    let korean = |text: &str| text.contains("읽을 수 없어요");
    assert!(!korean(&err(&archplay(&["check", &missing]))));
    assert!(korean(&err(&archplay(&[
        "check", &missing, "--lang", "ko"
    ]))));
    assert!(korean(&err(&archplay(&["--lang=ko", "check", &missing]))));
    let output = Command::new(env!("CARGO_BIN_EXE_archplay"))
        .args(["check", &missing])
        .env("LC_ALL", "ko_KR.UTF-8")
        .output()
        .unwrap();
    assert!(korean(&err(&output)));
}

#[test]
fn checks_with_place_and_reason() {
    let desk = Desk::new("check");
    let shop = desk.shop();
    let fine = archplay(&["check", &shop, "-s", "steady"]);
    assert_eq!(
        (status(&fine), out(&fine).trim()),
        (0, "No problems found.")
    );

    let alone = desk.write(
        "alone.json",
        &SHOP.replace(r#"{"from":"client-1","to":"server-1"},"#, ""),
    );
    assert_eq!(
        status(&archplay(&["check", &alone])),
        0,
        "alone it is a drawing like any other"
    );
    let output = archplay(&["check", &alone, "--scenario", "flash-crowd"]);
    assert_eq!(status(&output), 1);
    assert!(
        out(&output).contains("client-1: no way leads to a server"),
        "{}",
        out(&output)
    );

    let wrong = desk.write("wrong.json", &SHOP.replace("\"vcpu\":8", "\"vcpu\":9000"));
    let output = archplay(&["check", &wrong, "--json"]);
    assert_eq!(status(&output), 1);
    let problems: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(problems[0]["code"], "param_out_of_range");
}

#[test]
fn refuses_what_it_cannot_use() {
    let desk = Desk::new("refuse");
    let shop = desk.shop();
    let refused = |args: &[&str], told: &str| {
        let output = archplay(args);
        assert_eq!(status(&output), 2, "{args:?}");
        assert!(err(&output).contains(told), "{args:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{args:?}");
    };
    let ufo = desk.write("ufo.json", &SHOP.replace("\"database\"", "\"ufo\""));
    refused(
        &["run", &ufo, "-s", "steady"],
        "(line 3, column 31, components[1].kind): A value cannot be read",
    );
    let broken = desk.write("broken.json", "{\"schema\": \"archplay/design/1\",\n oops}");
    refused(
        &["check", &broken],
        "(line 2, column 2): This cannot be read as JSON",
    );
    let foreign = desk.write("foreign.json", "<mxfile/>");
    refused(&["check", &foreign], "This cannot be read as JSON");
    let future = desk.write("future.json", "{\"schema\": \"archplay/design/9\"}");
    refused(&["check", &future], "later version (archplay/design/9)");
    let bytes = desk.0.join("bytes.json");
    std::fs::write(&bytes, [0xff, 0xfe, 0x00]).unwrap();
    refused(
        &["check", &bytes.to_string_lossy()],
        "This cannot be read as JSON",
    );
    refused(
        &["run", &shop, "-s", "lunch"],
        "There is no scenario “lunch”",
    );
    refused(
        &["grade", "99-nothing", &shop],
        "There is no task “99-nothing”",
    );
    refused(&["run", &shop], "--scenario");
    refused(&["fly"], "fly");
    refused(&["run", &shop, "-s", "steady", "--seed", "-1"], "-1");
    let lonely = desk.write(
        "lonely.json",
        "{\"schema\":\"archplay/design/1\",\"components\":[]}",
    );
    refused(&["run", &lonely, "-s", "steady"], "The drawing is empty");
}

#[test]
fn grades_by_the_task() {
    let folder = common::root().join("lessons").join(TASK);
    let start = folder.join("start.json").to_string_lossy().into_owned();
    let good = folder
        .join("reference-scheduled-cdn.json")
        .to_string_lossy()
        .into_owned();
    let output = archplay(&["grade", TASK, &good, &start, "--lang", "ko"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    let text = out(&output);
    assert!(
        text.contains("reference-scheduled-cdn.json: 통과"),
        "{text}"
    );
    assert!(text.contains("start.json: 미달"), "{text}");
    assert!(
        text.contains("처음 실패한 곳") && text.contains("회복하지 못함"),
        "{text}"
    );

    let output = archplay(&["grade", TASK, &good, "--seed", "3", "--json"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let verdicts: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(verdicts[0]["verdict"]["passed"], true);
    assert_eq!(
        verdicts[0]["verdict"]["fingerprints"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_paired_run_says_what_the_faults_have_cost() {
    let desk = Desk::new("paired");
    let (shop, calm) = (desk.shop(), desk.short());
    let text = std::fs::read_to_string(&calm).unwrap();
    let faulty = text.replacen(
        "\"journeys\":",
        "\"faults\": [{\"at\": \"10:00:30\", \"until\": \"10:01:00\", \"action\": \"kill\", \"target\": \"one_server\"}],
         \"business\": {\"order\": \"order\", \"revenue\": 2.5},
         \"journeys\":",
        1,
    );
    let faulty = desk.write("faulty.json", &faulty);
    let output = archplay(&["run", &shop, "-s", &faulty, "--paired"]);
    let told = out(&output);
    assert!(output.status.success(), "{output:?}");
    let row = |name: &str| {
        let line = told
            .lines()
            .rev()
            .find(|line| line.trim_start().starts_with(name));
        let line = line.unwrap_or_else(|| panic!("{name}: {told}"));
        let cells = line
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty());
        let number = |cell: &str| -> f64 {
            let digits = cell.trim_end_matches(|c: char| !c.is_ascii_digit());
            digits.replace(',', "").parse().unwrap()
        };
        let numbers: Vec<f64> = cells.skip(1).map(number).collect();
        let [this, calm, lost] = numbers[..] else {
            panic!("{line}");
        };
        assert!((calm - this - lost).abs() < 0.006, "{line}");
        (this, calm)
    };
    let (orders, revenue) = (row("Orders"), row("Revenue"));
    assert!(orders.1 > orders.0 + 30.0, "{told}");
    assert!((revenue.1 - orders.1 * 2.5).abs() < 0.01, "{told}");
    assert!(row("Availability").0 < 95.0);
    assert!(row("Visitors who got through").1 > 500.0);

    // The report is what it was, and the pair stands among the notes.
    let json = archplay(&["run", &shop, "-s", &faulty, "--paired", "--json"]);
    let bare = archplay(&["run", &shop, "-s", &faulty, "--json"]);
    assert_eq!(json.stdout, bare.stdout);
    assert!(String::from_utf8_lossy(&json.stderr).contains("Availability"));
    let nothing = archplay(&["run", &shop, "-s", &calm, "--paired"]);
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("nothing to compare"));
}
