//! A file comes in: measured, read, checked, and only then put in the place of the open drawing.

use std::rc::Rc;

use archplay_course::bundle::{Pack, is_pack, read_pack};
use archplay_course::{LessonError, ProgressError, ProgressFile, is_progress};
use archplay_model::format::{LoadError, RunDoc, read_design, read_run, read_scenario};
use archplay_model::limits::MAX_FILE_BYTES;
use archplay_model::{Design, Problem, Scenario};
use archplay_text::Lang;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::message::{lesson_refusal, refusal, size, warning_words};
use crate::app::class;
use crate::app::dialog::{Said, Toast, say, say_with, use_toasts};
use crate::app::drawings::{DeskActions, replace, take_back, use_desk};
use crate::app::lang::use_lang;
use crate::app::lesson::data::use_course;
use crate::app::lesson::local_text;
use crate::app::problems::refused;
use crate::app::route::{Desk, OWN, use_route};
use crate::app::run::{RunCommand, RunDispatch, use_run_dispatch};
use crate::app::scenario::{
    OwnActions, ScenarioSetter, Source, use_own_actions, use_own_scenarios, use_scenario,
    use_scenario_setter,
};
use crate::app::session::{Dispatch, use_dispatch};
use crate::app::store::scenarios::ScenarioRecord;

/// What a file turned out to be.
#[derive(Debug, PartialEq)]
enum Read {
    Design(Box<Design>, Vec<Problem>),
    Scenario(Box<Scenario>),
    Run(Box<RunDoc>),
    Lesson(Box<Pack>),
    BadLesson(LessonError),
    Progress(Result<ProgressFile, ProgressError>),
    Refused(LoadError),
}

/// Finds out what a file is; a scenario is recognised too.
fn read(text: &str) -> Read {
    if is_pack(text) {
        return match read_pack("", text) {
            Ok(pack) => Read::Lesson(Box::new(pack)),
            Err(error) => Read::BadLesson(error),
        };
    }
    if is_progress(text) {
        return Read::Progress(ProgressFile::read(text));
    }
    match read_design(text) {
        Ok((design, problems)) => Read::Design(Box::new(design), problems),
        Err(error) => {
            let found = error.args.iter().find(|(name, _)| name == "found");
            let is = |family: &str| {
                error.code == "wrong_kind_of_file"
                    && found.is_some_and(|(_, found)| found.starts_with(family))
            };
            let read = if is("archplay/scenario/") {
                read_scenario(text).map(|scenario| Read::Scenario(Box::new(scenario)))
            } else if is("archplay/run/") {
                read_run(text).map(|doc| Read::Run(Box::new(doc)))
            } else {
                return Read::Refused(error);
            };
            read.unwrap_or_else(Read::Refused)
        }
    }
}

/// Returns what takes a list of files: one is imported, several are refused.
#[hook]
pub fn use_import() -> Callback<Vec<File>> {
    let lang = use_lang();
    let toasts = use_toasts();
    let dispatch = use_dispatch();
    let setter = use_scenario_setter();
    let actions = use_own_actions();
    let list = use_own_scenarios().list;
    let scenario = use_scenario().map(|chosen| chosen.json.clone());
    let run = use_run_dispatch();
    let open_lesson = use_course().open;
    let desk = use_desk().actions;
    let here = use_route().desk;
    use_callback(
        (lang, setter, list, scenario, desk, here),
        move |files: Vec<File>, (lang, setter, list, scenario, desk, here)| {
            let import = Import {
                lang: *lang,
                toasts: toasts.clone(),
                dispatch: dispatch.clone(),
                setter: setter.clone(),
                actions: actions.clone(),
                list: list.clone().unwrap_or_default(),
                scenario: scenario.clone(),
                run: run.clone(),
                open_lesson: open_lesson.clone(),
                desk: desk.clone(),
                here: *here,
            };
            let mut files = files.into_iter();
            match (files.next(), files.next()) {
                (Some(file), None) => spawn_local(async move { import.run(file).await }),
                (Some(_), Some(_)) => import.say(Toast::bad(say("files.several"))),
                (None, _) => {}
            }
        },
    )
}

struct Import {
    lang: Lang,
    toasts: Callback<Toast>,
    dispatch: Dispatch,
    setter: ScenarioSetter,
    actions: OwnActions,
    list: Rc<Vec<ScenarioRecord>>,
    /// The JSON of the scenario that is chosen.
    scenario: Option<Rc<str>>,
    run: RunDispatch,
    open_lesson: Callback<Rc<Pack>>,
    desk: DeskActions,
    here: Desk,
}

impl Import {
    async fn run(&self, file: File) {
        let name = file.name();
        if file.size() > MAX_FILE_BYTES as f64 {
            let (found, most) = (
                size(self.lang, file.size()),
                size(self.lang, MAX_FILE_BYTES as f64),
            );
            let args = [("file", name.as_str()), ("size", &found), ("max", &most)];
            self.say(Toast::bad(say_with("files.too_big", &args)));
            return;
        }
        let text = JsFuture::from(file.text()).await.ok();
        let Some(text) = text.and_then(|text| text.as_string()) else {
            let args = [("file", name.as_str())];
            self.say(Toast::bad(say_with("files.unreadable", &args)));
            return;
        };
        match read(&text) {
            Read::Design(design, problems) => self.take_design(*design, &problems),
            Read::Scenario(scenario) => self.take_scenario(*scenario),
            Read::Run(doc) => self.take_run(*doc),
            Read::Lesson(pack) => self.take_lesson(*pack),
            Read::Progress(read) => self.say(class::taken(read)),
            Read::BadLesson(error) => {
                let reason = Said::made(self.lang, move |lang| lesson_refusal(lang, &error).into());
                let args = [("file", name.as_str())];
                let toast = Toast::bad(say_with("files.refused", &args)).with_details(vec![reason]);
                self.say(toast);
            }
            Read::Refused(error) => {
                let reason = Said::made(self.lang, move |lang| refusal(lang, &error).into());
                let args = [("file", name.as_str())];
                let toast = Toast::bad(say_with("files.refused", &args)).with_details(vec![reason]);
                self.say(toast);
            }
        }
    }

    fn take_design(&self, design: Design, problems: &[Problem]) {
        let name = design.name.clone();
        let replaced = match replace(&self.dispatch, design) {
            Ok(replaced) => replaced,
            Err(why) => {
                self.say(Toast::bad(refused(self.lang, why)));
                return;
            }
        };
        let found: Vec<Problem> = problems.iter().chain(&replaced.mended).cloned().collect();
        let details = warning_words(&found);
        let key = if details.is_empty() {
            "files.imported"
        } else {
            "files.imported_with_warnings"
        };
        let dispatch = self.dispatch.clone();
        let toast = Toast::done(say_with(key, &[("name", &name)]))
            .with_details(details)
            .with_action(
                say("bar.undo"),
                Callback::from(move |()| take_back(&dispatch, &replaced)),
            );
        self.say(toast);
    }

    fn take_scenario(&self, scenario: Scenario) {
        let (id, scenario) = self.actions.add(scenario, &self.list);
        let name = local_text(self.lang, &scenario.name);
        self.setter.choose.emit(Source::Own(id));
        let args = [("name", name.as_str())];
        self.say(Toast::done(say_with("files.scenario", &args)));
    }

    /// A lesson is opened with a drawing of its own.
    fn take_lesson(&self, pack: Pack) {
        let name = local_text(self.lang, &pack.lesson.title);
        self.open_lesson.emit(Rc::new(pack));
        self.desk.begin(Desk::Session(OWN), self.here);
        let args = [("name", name.as_str())];
        self.say(Toast::done(say_with("files.lesson", &args)));
    }

    /// A run is repeated on the open drawing under the chosen scenario: on its own it comes to the same, on
    /// another it shows the same incident.
    fn take_run(&self, doc: RunDoc) {
        let Some(scenario) = self.scenario.clone() else {
            self.say(Toast::bad(say("run.no_scenario")));
            return;
        };
        let count = (doc.interventions.len() + doc.requests.len()).to_string();
        let args = [("seed", &*doc.seed.to_string()), ("count", &*count)];
        self.say(Toast::done(say_with("replay.begins", &args)));
        self.run.apply(RunCommand::Replay {
            design: self.dispatch.design(),
            scenario,
            doc: Rc::new(doc),
            speed: self.run.now().speed,
        });
    }

    fn say(&self, toast: Toast) {
        self.toasts.emit(toast);
    }
}

/// Opens the browser's file picker. What is picked goes to `take`.
pub fn pick_file(take: Callback<Vec<File>>) {
    pick(Pick::One, take);
}

/// What can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// One file.
    One,
    /// Several files.
    Several,
    /// All that is in a folder, where the browser can do that.
    Folder,
}

/// Opens the browser's file picker for one file, several or a folder. What is picked goes to `take`.
pub fn pick(what: Pick, take: Callback<Vec<File>>) {
    let input = gloo::utils::document()
        .create_element("input")
        .ok()
        .and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_type("file");
    input.set_accept(".json,application/json");
    input.set_multiple(what != Pick::One);
    if what == Pick::Folder {
        // A browser that does not know it lets several files be picked.
        let _ = input.set_attribute("webkitdirectory", "");
    }
    let own = input.clone();
    EventListener::once(&input, "change", move |_| {
        take.emit(list(own.files().as_ref()));
    })
    .forget();
    input.click();
}

/// A browser's list of files as ours.
pub fn list(files: Option<&web_sys::FileList>) -> Vec<File> {
    files.map_or_else(Vec::new, |files| {
        (0..files.length()).filter_map(|i| files.get(i)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::format::write_design;
    use archplay_model::presets::Preset;

    #[test]
    fn designs_and_scenarios_are_told_apart() {
        let design = Design {
            name: "가게".into(),
            ..Design::default()
        };
        let text = write_design(&design);
        assert_eq!(read(&text), Read::Design(Box::new(design), Vec::new()));
        assert!(matches!(
            read(Preset::Daily.json()),
            Read::Scenario(scenario) if !scenario.name.en.is_empty()
        ));
        let hash = "0".repeat(64);
        let run = format!(
            r#"{{"schema":"archplay/run/1","scenario":"s","seed":7,"design_sha256":"{hash}","scenario_sha256":"{hash}","report_sha256":"{hash}"}}"#
        );
        assert!(matches!(read(&run), Read::Run(doc) if doc.seed == 7));
        let code = |text: &str| match read(text) {
            Read::Refused(error) => error.code,
            _ => "taken",
        };
        assert_eq!(
            code("{\"schema\":\"archplay/report/1\"}"),
            "wrong_kind_of_file"
        );
        let progress = r#"{"schema":"archplay/progress/1","tasks":{}}"#;
        assert!(matches!(read(progress), Read::Progress(Ok(file)) if file.tasks.is_empty()));
        assert!(matches!(
            read(r#"{"schema":"archplay/progress/9"}"#),
            Read::Progress(Err(_))
        ));
        assert_eq!(code("{\"schema\":\"archplay/scenario/9\"}"), "future");
        assert_eq!(code("{\"schema\":\"archplay/scenario/1\"}"), "bad_value");
        assert_eq!(code("{\"schema\":\"archplay/run/1\"}"), "bad_value");
        assert_eq!(code("PNG"), "not_json");
    }
}
