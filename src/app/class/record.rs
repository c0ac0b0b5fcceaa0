//! What was reached, by session: out as a file, in from one, away for the next class.
//!
//! Must not live here: where it is kept (`lesson::progress`), the file's rules (the course's).

use archplay_course::{ProgressError, ProgressFile};
use archplay_text::Lang;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;
use yew::prelude::*;

use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::files::pick_file;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::use_course;
use crate::app::lesson::{figure, local_text, progress};

/// The message about a file of progress that came in.
pub fn taken(read: Result<ProgressFile, ProgressError>) -> Toast {
    match read {
        Ok(file) => {
            let count = file.tasks.len().to_string();
            let undo = progress::merge(file);
            let back = Callback::from(move |()| progress::restore(&undo));
            Toast::done(say_with("class.record.merged", &[("count", &count)]))
                .with_action(say("bar.undo"), back)
        }
        Err(error) => {
            let key = format!("class.progress_error.{}", error.slug());
            Toast::bad(say_with(key, &[("detail", error.detail())]))
        }
    }
}

/// The tool.
#[component]
pub fn RecordTool() -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    let course = use_course();
    let asked = use_state_eq(|| false);
    let version = use_force_update();
    let take_out = Callback::from(|_: MouseEvent| progress::save());
    let take_in = {
        let (toasts, version) = (toasts.clone(), version.clone());
        Callback::from(move |_: MouseEvent| {
            let (toasts, version) = (toasts.clone(), version.clone());
            pick_file(Callback::from(move |files: Vec<File>| {
                let (toasts, version) = (toasts.clone(), version.clone());
                spawn_local(async move {
                    for file in files {
                        let text = JsFuture::from(file.text()).await.ok();
                        let text = text.and_then(|text| text.as_string()).unwrap_or_default();
                        toasts.emit(taken(ProgressFile::read(&text)));
                    }
                    version.force_update();
                });
            }));
        })
    };
    let ask = |value: bool| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(value))
    };
    let forget = {
        let (asked, toasts, version) = (asked.clone(), toasts.clone(), version.clone());
        Callback::from(move |_: MouseEvent| {
            asked.set(false);
            let kept = progress::forget();
            version.force_update();
            let version = version.clone();
            let back = Callback::from(move |()| {
                progress::restore(&kept);
                version.force_update();
            });
            let toast = Toast::done(say("progress.forgotten"));
            toasts.emit(toast.with_action(say("bar.undo"), back));
        })
    };
    let rows = course.index.ready().map(|index| {
        let lessons = index.lessons.iter().filter(|entry| !entry.tasks.is_empty());
        lessons
            .map(|entry| {
                let number = entry.session.to_string();
                let name = trf(lang, "bar.session", &[("number", &number)]);
                let title = local_text(lang, &entry.title);
                html! {
                    <tr key={entry.id.as_str()}>
                        <th scope="row">{ format!("{name} · {title}") }</th>
                        <td class="record-tasks">
                            for (i, task) in entry.tasks.iter().enumerate() {
                                { reached(lang, i, &format!("{}/{task}", entry.id)) }
                            }
                        </td>
                    </tr>
                }
            })
            .collect::<Html>()
    });
    html! {
        <>
            <p>{ tr(lang, "class.record.about") }</p>
            <table class="class-table record-table">
                <caption class="visually-hidden">{ tr(lang, "class.tool.record") }</caption>
                <tbody>{ rows }</tbody>
            </table>
            <div class="class-actions">
                <button type="button" class="btn" onclick={take_out}>
                    <Icon name={IconName::Download} size={16} />
                    { tr(lang, "progress.export") }
                </button>
                <button type="button" class="btn" onclick={take_in}>
                    <Icon name={IconName::Upload} size={16} />
                    { tr(lang, "class.record.import") }
                </button>
                if *asked {
                    <span role="alert">{ tr(lang, "class.record.sure") }</span>
                    <button type="button" class="btn btn-danger" onclick={forget}>{ tr(lang, "class.record.yes") }</button>
                    <button type="button" class="btn" onclick={ask(false)}>{ tr(lang, "class.record.no") }</button>
                } else {
                    <button type="button" class="btn" onclick={ask(true)}>
                        <Icon name={IconName::Trash} size={16} />
                        { tr(lang, "class.record.forget") }
                    </button>
                }
            </div>
            <p class="quiet">{ tr(lang, "class.record.where") }</p>
        </>
    }
}

/// What was reached in a task, by its position.
fn reached(lang: Lang, position: usize, name: &str) -> Html {
    let progress = progress::read(name);
    let number = (position + 1).to_string();
    let points = figure::points(progress.best);
    let args = [("number", number.as_str()), ("score", &points)];
    let (class, key) = if progress.passed {
        ("chip chip-ok", "class.record.passed")
    } else if progress == archplay_course::Progress::default() {
        ("chip", "class.record.untouched")
    } else {
        ("chip", "class.record.best")
    };
    html! {
        <span key={position} {class}>
            if progress.passed {
                <Icon name={IconName::Check} size={14} />
            }
            { trf(lang, key, &args) }
        </span>
    }
}
