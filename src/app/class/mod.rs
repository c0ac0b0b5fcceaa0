//! What leads a class: the tools (timetable, teams' table, lock on hints and answers, what was reached), the discussion
//! timer, the projector view.
//!
//! The tools are a page over the rooms, like the checks. Must not live here: rules, which are `archplay_course::class`.

mod day;
mod lock;
mod present;
mod record;
mod share;
mod sound;
mod teams;
mod timer;

pub use lock::{Join, Locked, use_gate};
pub use present::{PresentBar, full_screen};
pub use record::taken;
pub use share::Share;
pub use timer::{Bell, Discussion, TimerChip, toggle_or_begin};

use yew::prelude::*;

use self::day::Day;
use self::lock::LockTool;
use self::record::RecordTool;
use self::teams::Teams;
use crate::app::lang::{tr, use_lang};
use crate::app::page::{Back, use_title};
use crate::app::route::{Route, Tool};

/// Which tool is open.
#[derive(Properties, PartialEq)]
pub struct ClassProps {
    /// The tool.
    pub tool: Tool,
}

/// The page.
#[component]
pub fn ClassPage(props: &ClassProps) -> Html {
    let lang = use_lang();
    let title = use_title(props.tool);
    let name = |tool: Tool| tr(lang, &format!("class.tool.{}", tool.slug()));
    html! {
        <main class="page" aria-labelledby="class-title">
            <div class="page-body">
                <header class="page-head">
                    <Back />
                    <h1>{ tr(lang, "class.title") }</h1>
                    <nav class="class-tools" aria-label={tr(lang, "class.title")}>
                        for tool in Tool::ALL {
                            <a key={tool.slug()} class="tab" href={Route::Class(tool).hash()}
                                aria-current={(tool == props.tool).then_some("page")}>{ name(tool) }</a>
                        }
                    </nav>
                </header>
                <h2 id="class-title" class="visually-hidden" ref={title} tabindex="-1">{ name(props.tool) }</h2>
                {
                    match props.tool {
                        Tool::Day => html! { <Day /> },
                        Tool::Teams => html! { <Teams /> },
                        Tool::Lock => html! { <LockTool /> },
                        Tool::Record => html! { <RecordTool /> },
                    }
                }
            </div>
        </main>
    }
}
