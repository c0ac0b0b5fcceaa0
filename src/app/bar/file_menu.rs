//! What can be done with the drawing as a whole.

use yew::prelude::*;

use super::menu::{Entry, Menu};
use crate::app::dialog::{Toast, say, use_toasts};
use crate::app::drawings::{replace, take_back, use_desk};
use crate::app::files::{export_design, pick_file, use_import};
use crate::app::icons::IconName;
use crate::app::lang::{tr, use_lang};
use crate::app::lesson::data::use_course;
use crate::app::route::{Desk, Route, navigate, use_route};
use crate::app::run::{RunCommand, Status, use_run_dispatch};
use crate::app::session::use_dispatch;
use crate::app::shortcuts::show_share;

/// The file menu.
#[component]
pub fn FileMenu() -> Html {
    let lang = use_lang();
    let here = use_route().desk;
    let desk = use_desk();
    let course = use_course();
    let dispatch = use_dispatch();
    let run = use_run_dispatch();
    let toasts = use_toasts();
    let import = use_import();
    let entry = |icon: IconName, key: &str, run: Callback<()>| Entry::Do {
        icon,
        label: tr(lang, key),
        run,
    };
    let new = {
        let actions = desk.actions.clone();
        Callback::from(move |()| actions.new_free(here))
    };
    let export = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| export_design(&dispatch.design()))
    };
    let report = {
        let (run, toasts) = (run.clone(), toasts.clone());
        Callback::from(move |()| {
            if run.now().exportable {
                run.apply(RunCommand::Export);
            } else {
                toasts.emit(Toast::bad(say("files.no_report")));
            }
        })
    };
    let run_file = {
        let (run, toasts) = (run.clone(), toasts.clone());
        Callback::from(move |()| {
            if run.now().status == Status::Finished {
                run.apply(RunCommand::ExportRun);
            } else {
                toasts.emit(Toast::bad(say("replay.not_yet")));
            }
        })
    };
    let again = import.clone();
    let mut entries = vec![
        entry(IconName::Plus, "bar.new", new),
        entry(
            IconName::Folder,
            "bar.drawings",
            Callback::from(|()| navigate(Route::Drawings)),
        ),
        Entry::Line,
        entry(
            IconName::Upload,
            "bar.import",
            Callback::from(move |()| pick_file(import.clone())),
        ),
        entry(IconName::Download, "bar.export", export),
        entry(IconName::Chart, "bar.export_report", report),
        entry(IconName::Download, "bar.export_run", run_file),
        entry(
            IconName::Reset,
            "bar.replay",
            Callback::from(move |()| pick_file(again.clone())),
        ),
        Entry::Line,
        entry(IconName::Qr, "bar.share", Callback::from(|()| show_share())),
    ];
    let task = course.task().filter(|_| here != Desk::Free);
    if let Some(task) = task {
        let reset = Callback::from(move |()| {
            let replaced = task.prepared(lang, &task.start).and_then(|mut design| {
                design.name.clone_from(&dispatch.design().name);
                replace(&dispatch, design).ok()
            });
            let Some(replaced) = replaced else { return };
            let dispatch = dispatch.clone();
            let back = Callback::from(move |()| take_back(&dispatch, &replaced));
            toasts.emit(Toast::done(say("bar.was_reset")).with_action(say("bar.undo"), back));
        });
        entries.push(Entry::Line);
        entries.push(entry(IconName::Reset, "bar.reset", reset));
    }
    html! { <Menu label={tr(lang, "bar.file")} icon={IconName::Folder} wide={true} {entries} /> }
}
