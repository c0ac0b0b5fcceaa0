//! The table as a file that spreadsheets open: the same figures in the same order.

use archplay_course::class::csv;
use archplay_course::class::teams::team_name;
use archplay_model::format::read_scenario;
use archplay_text::Lang;
use yew::prelude::*;

use super::board::{Board, Stage};
use super::files;
use super::table::said;
use crate::app::lang::tr;
use crate::app::lesson::figure;
use crate::app::run::save_as;

const FILE: &str = "archplay-teams.csv";

/// What saves the table as it is now.
pub fn csv(lang: Lang, board: &Board) -> Callback<MouseEvent> {
    let board = board.clone();
    Callback::from(move |_| {
        save_as(
            FILE,
            "text/csv;charset=utf-8",
            &csv::write(&rows(lang, &board)),
        )
    })
}

/// Heads and rows: team, file, drawing, result, score, then for each target what was measured and the result.
/// Files that were not taken stand at the end with their reason.
fn rows(lang: Lang, board: &Board) -> Vec<Vec<String>> {
    let Some(chosen) = &board.chosen else {
        return Vec::new();
    };
    let text = |key: &str| tr(lang, key).to_string();
    let scenario = read_scenario(&chosen.bundle.scenario).ok();
    let targets = &chosen.bundle.task.targets;
    let mut head = vec![
        text("class.teams.team"),
        text("class.teams.file"),
        text("class.teams.drawing"),
        text("class.teams.result"),
        text("class.teams.score"),
    ];
    for target in targets {
        let name = figure::name(lang, target, scenario.as_ref());
        let wanted = figure::wanted(lang, target);
        head.push(format!("{name} ({wanted})"));
        head.push(format!("{name}: {}", text("class.teams.result")));
    }
    let word = |passed: bool| {
        text(if passed {
            "verdict.passed"
        } else {
            "verdict.failed"
        })
    };
    let mut rows = vec![head];
    for team in &board.teams {
        let mut row = vec![
            team_name(&team.file).to_owned(),
            team.file.clone(),
            team.drawing.clone(),
        ];
        match &team.stage {
            Stage::Done(standing) => {
                row.push(word(standing.passed));
                row.push(figure::points(standing.score));
                for (target, cell) in targets.iter().zip(&standing.cells) {
                    row.push(cell.as_ref().map_or_else(String::new, |cell| {
                        figure::measured(lang, target, cell.measured)
                    }));
                    row.push(
                        cell.as_ref()
                            .map_or_else(String::new, |cell| word(cell.passed)),
                    );
                }
            }
            stage => row.push(said(lang, stage)),
        }
        rows.push(row);
    }
    for bad in &board.bad {
        let name = team_name(&bad.file).to_owned();
        let why = files::why(lang, &bad.why);
        rows.push(vec![name, bad.file.clone(), String::new(), why]);
    }
    rows
}
