//! Lessons that are broken are refused with place and reason.

use std::collections::BTreeMap;

use archplay_course::bundle;

use crate::files::files;

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
