//! The charts' values as a table, for those who cannot or do not want to read lines.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::RunState;

use super::format::{clock_text, value_text};
use super::spec::{ChartId, Line};

/// At most so many rows are listed.
const ROWS: usize = 120;

/// What the table shows.
#[derive(Properties, PartialEq)]
pub struct ValuesTableProps {
    /// The charts whose lines are columns.
    pub charts: Rc<[ChartId]>,
    /// The run.
    pub run: Rc<RunState>,
}

/// The table.
#[component]
pub fn ValuesTable(props: &ValuesTableProps) -> Html {
    let ValuesTableProps { charts, run } = props;
    let lang = use_lang();
    let table = run.data.table();
    let rows = table.rows();
    if rows == 0 {
        return html! { <p class="charts-note">{ tr(lang, "charts.empty") }</p> };
    }
    let step = step(run.rows_total);
    let groups: Vec<(ChartId, Vec<Line>)> = charts
        .iter()
        .map(|chart| (*chart, chart.lines(run, lang)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let secs = (step as u32 * table.bucket_secs).to_string();
    html! {
        <div class="charts-table" tabindex="0" role="region" aria-label={tr(lang, "charts.table")}>
            <table>
                <caption>{ trf(lang, "charts.table_step", &[("secs", &secs)]) }</caption>
                <thead>
                    <tr>
                        <th scope="col" rowspan="2">{ tr(lang, "charts.clock") }</th>
                        for (chart, lines) in &groups {
                            <th key={chart.slug()} scope="colgroup" colspan={lines.len().to_string()}>
                                { tr(lang, &chart.title_key()) }{ " " }
                                <small>{ tr(lang, &format!("chart_unit.{}", chart.slug())) }</small>
                            </th>
                        }
                    </tr>
                    <tr>
                        for (chart, lines) in &groups {
                            for line in lines {
                                <th key={format!("{}{}", chart.slug(), line.column)} scope="col">{ line.name.clone() }</th>
                            }
                        }
                    </tr>
                </thead>
                <tbody>
                    for row in (0..rows).step_by(step) {
                        <tr key={row}>
                            <th scope="row">{ clock_text(table.time_of(row)) }</th>
                            for (chart, lines) in &groups {
                                for line in lines {
                                    <td key={format!("{}{}", chart.slug(), line.column)}>
                                        { value_text(table.value(row, line.column), chart.unit()) }
                                    </td>
                                }
                            }
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}

/// Distance of the listed rows: a round number, so that the times are.
fn step(rows_total: usize) -> usize {
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600]
        .into_iter()
        .find(|step| rows_total.div_ceil(*step) <= ROWS)
        .unwrap_or(rows_total.div_ceil(ROWS).max(1))
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn steps_are_round() {
        for (rows, expected) in [(0, 1), (120, 1), (121, 2), (3_600, 30), (86_400, 1_800)] {
            assert_eq!(step(rows), expected, "{rows}");
        }
    }
}
