//! `archplay lesson`: checks a lesson and puts it into one file, which the page opens.

use archplay_text::Lang;

use crate::Outcome;
use crate::args::LessonArgs;
use crate::input;
use crate::print::Out;

/// Checks a lesson, and packs it if asked to.
pub(crate) fn lesson(args: &LessonArgs, out: &mut Out) -> Outcome {
    let Some(pack) = input::lesson(&args.lesson, out) else {
        return Outcome::BadInput;
    };
    let lesson = &pack.lesson;
    let title = match out.lang {
        Lang::Ko => &lesson.title.ko,
        Lang::En => &lesson.title.en,
    };
    let session = lesson.session.to_string();
    let args_of = [("title", title.as_str()), ("session", &session)];
    out.line(&out.tf("cli.lesson.fine", &args_of));
    for (task, answers) in lesson.tasks.iter().zip(&pack.answers.tasks) {
        let task = &task.graded.task;
        let counts = [
            task.runs.len(),
            task.targets.len(),
            answers.references.len(),
            answers.wrongs.len(),
        ]
        .map(|count| count.to_string());
        let args = [
            ("task", task.id.as_str()),
            ("runs", &counts[0]),
            ("targets", &counts[1]),
            ("references", &counts[2]),
            ("wrongs", &counts[3]),
        ];
        out.line(&out.tf("cli.lesson.task", &args));
    }
    for extra in &lesson.extras {
        let title = match out.lang {
            Lang::Ko => &extra.title.ko,
            Lang::En => &extra.title.en,
        };
        let args = [("extra", extra.id.as_str()), ("title", title.as_str())];
        out.line(&out.tf("cli.lesson.extra", &args));
    }
    let Some(path) = &args.pack else {
        return Outcome::Passed;
    };
    let name = path.display().to_string();
    match std::fs::write(path, pack.to_json()) {
        Ok(()) => {
            out.line(&out.tf("cli.lesson.packed", &[("file", &name)]));
            Outcome::Passed
        }
        Err(error) => {
            let args = [("file", name.as_str()), ("detail", &error.to_string())];
            out.note(&out.tf("cli.cannot_write", &args));
            Outcome::BadInput
        }
    }
}
