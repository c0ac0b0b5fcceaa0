//! The teams' table: many files are opened, graded on the same seeds, and compared.
//!
//! Must not live here: how a drawing is graded (the worker's), what gradings add up to (the course's).

mod board;
mod desk;
mod export;
mod files;
mod intake;
mod table;
mod task;

use archplay_course::class::teams::{MOST_SEEDS, read_seeds};
use archplay_text::Lang;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::board::{Board, Stage};
use self::desk::desk;
use self::files::Files;
use self::table::TeamTable;
use self::task::TaskChoice;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// The tool.
#[component]
pub fn Teams() -> Html {
    let lang = use_lang();
    let trigger = use_force_update();
    use_effect_with((), move |()| {
        let hear = trigger.clone();
        desk().listen(Callback::from(move |()| hear.force_update()));
        // What is within has chosen a task before anybody listened.
        trigger.force_update();
        || desk().listen(Callback::noop())
    });
    let board = desk().board();
    html! {
        <>
            <p>{ tr(lang, "class.teams.about") }</p>
            <div class="class-row">
                <TaskChoice chosen={board.chosen.clone()} />
                <Seeds seeds={board.seeds.clone()} />
            </div>
            <Files bad={board.bad.clone()} teams={board.teams.len()} beside={board.beside} reading={board.reading} />
            if !board.teams.is_empty() {
                { actions(lang, &board) }
                <TeamTable board={board.clone()} />
            }
            <p class="quiet">{ tr(lang, "class.teams.cli") }</p>
        </>
    }
}

/// Begin, how far it is, end.
fn actions(lang: Lang, board: &Board) -> Html {
    let (over, all) = board.progress();
    let begin = Callback::from(|_: MouseEvent| desk().begin());
    let stop = Callback::from(|_: MouseEvent| desk().change(Board::stop));
    let skip = Callback::from(|_: MouseEvent| desk().skip());
    let clear = Callback::from(|_: MouseEvent| desk().clear());
    let texts = [("done", over.to_string()), ("all", all.to_string())];
    let args: Vec<(&str, &str)> = texts.iter().map(|(n, v)| (*n, v.as_str())).collect();
    if board.going {
        let share = match board.at().map(|team| &team.stage) {
            Some(Stage::Running(share)) => *share,
            _ => 0.0,
        };
        let now = (over as f64 + share) / all.max(1) as f64;
        let file = board.at().map_or("", |team| team.file.as_str());
        return html! {
            <div class="class-going">
                <p role="status">{ trf(lang, "class.teams.going", &args) }</p>
                <progress max="1" value={now.to_string()} aria-label={tr(lang, "task.progress")} />
                <span class="quiet class-file">{ file.to_owned() }</span>
                <button type="button" class="btn" onclick={skip}>{ tr(lang, "class.teams.skip") }</button>
                <button type="button" class="btn" onclick={stop}>{ tr(lang, "task.stop") }</button>
            </div>
        };
    }
    let can = board.chosen.is_some();
    html! {
        <div class="class-actions">
            if over < all {
                <button type="button" class="btn btn-primary" disabled={!can} onclick={begin}>
                    <Icon name={IconName::Check} size={16} />
                    { trf(lang, "class.teams.begin", &[("count", &(all - over).to_string())]) }
                </button>
            }
            <button type="button" class="btn" disabled={!can} onclick={export::csv(lang, board)}>
                <Icon name={IconName::Download} size={16} />
                { tr(lang, "class.teams.csv") }
            </button>
            <button type="button" class="btn" onclick={clear}>{ tr(lang, "class.teams.clear") }</button>
            <span class="quiet" role="status">{ trf(lang, "class.teams.done", &args) }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SeedsProps {
    seeds: Vec<u64>,
}

/// The seeds, as text.
#[component]
fn Seeds(props: &SeedsProps) -> Html {
    let lang = use_lang();
    let bad = use_state_eq(|| false);
    let shown = props.seeds.iter().map(ToString::to_string);
    let shown = shown.collect::<Vec<_>>().join(", ");
    let onchange = {
        let bad = bad.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let seeds = read_seeds(&input.value());
            bad.set(seeds.is_none());
            if let Some(seeds) = seeds {
                desk().change(|board| board.set_seeds(seeds));
            }
        })
    };
    let most = MOST_SEEDS.to_string();
    html! {
        <div class="field class-seeds">
            <label for="class-seeds">{ tr(lang, "class.teams.seeds") }</label>
            <input id="class-seeds" class="input" type="text" inputmode="numeric" value={shown} {onchange}
                aria-invalid={bad.to_string()} aria-describedby="class-seeds-help" />
            <p id="class-seeds-help" class={if *bad { "field-error" } else { "field-help" }}>
                { trf(lang, "class.teams.seeds_help", &[("most", &most)]) }
            </p>
        </div>
    }
}
