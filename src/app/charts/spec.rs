//! Which series each chart shows. Pure.

use std::rc::Rc;

use archplay_model::{Design, Id, Kind, Scenario};
use archplay_report::{Metric, Reason, SeriesKey, SeriesTable, Subject};
use archplay_text::{Lang, t};

use crate::app::feed::asks;
use crate::app::lang::tr;
use crate::app::run::RunState;

pub use super::ids::{ChartId, Scale};

use super::called::component_name;
use super::ids::Lines;

/// A dash pattern, so that lines differ without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// ———
    Solid,
    /// – – –
    Stroked,
    /// · · ·
    Dotted,
    /// – · –
    Mixed,
    /// —— ——
    Long,
}

impl Dash {
    const CYCLE: [Self; 5] = [
        Self::Solid,
        Self::Stroked,
        Self::Dotted,
        Self::Mixed,
        Self::Long,
    ];

    /// Lengths of strokes and gaps in pixels.
    pub const fn pattern(self) -> &'static [f64] {
        match self {
            Self::Solid => &[],
            Self::Stroked => &[5.0, 3.0],
            Self::Dotted => &[1.5, 2.5],
            Self::Mixed => &[7.0, 2.5, 1.5, 2.5],
            Self::Long => &[11.0, 3.0],
        }
    }

    /// The same for an SVG attribute.
    pub fn svg(self) -> String {
        let parts: Vec<String> = self.pattern().iter().map(f64::to_string).collect();
        parts.join(" ")
    }
}

/// One line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its column in the table.
    pub column: usize,
    /// What it is, for finding it in another run.
    pub key: SeriesKey,
    /// Its name.
    pub name: String,
    /// The colour's token in `tokens.css`.
    pub colour: &'static str,
    /// Its dash.
    pub dash: Dash,
}

const SERIES: [&str; 7] = [
    "--series-2",
    "--series-1",
    "--series-3",
    "--series-4",
    "--series-5",
    "--series-6",
    "--series-7",
];

impl ChartId {
    /// Whether a run measures what this chart shows.
    pub fn is_measured(self, run: &RunState) -> bool {
        if Self::FEED.contains(&self) {
            let feed = |scenario: &Rc<Scenario>| scenario.feed.is_some();
            return run.data.rows() > 0 && run.scenario.as_ref().is_some_and(feed);
        }
        let (Lines::System(metric) | Lines::Components(metric) | Lines::Where(metric)) =
            self.source()
        else {
            return true;
        };
        run.data.table().keys.iter().any(|key| key.metric == metric)
    }

    /// Whether a person can choose it.
    pub fn is_offered(self, run: &RunState) -> bool {
        Self::ALWAYS.contains(&self) || self.is_measured(run)
    }

    /// Of how many components the chart draws only those with the greatest values, because all would be too many.
    pub fn chosen_from(self, run: &RunState) -> Option<usize> {
        let (Lines::Components(metric) | Lines::Where(metric)) = self.source() else {
            return None;
        };
        let of_component =
            |key: &&SeriesKey| key.metric == metric && matches!(key.subject, Subject::Component(_));
        let all = run.data.table().keys.iter().filter(of_component).count();
        (all > MOST_LINES).then_some(all)
    }

    /// The lines of the chart. Reasons that occurred in neither this run nor the one before are left out.
    pub fn lines(self, run: &RunState, lang: Lang) -> Vec<Line> {
        let table = run.data.table();
        let previous = run.previous.as_ref().map(|previous| previous.data.table());
        let maker = Maker {
            table: &table,
            previous: previous.as_deref(),
            design: run.design.as_deref(),
            scenario: run.scenario.as_deref(),
            lang,
        };
        match self {
            Self::Traffic => maker.system(&[
                (
                    Metric::Offered,
                    "offered",
                    "--metric-offered",
                    Dash::Stroked,
                ),
                (Metric::Good, "good", "--metric-good", Dash::Solid),
            ]),
            Self::Latency => maker.system(&[
                (Metric::LatencyP50, "p50", "--metric-p50", Dash::Dotted),
                (Metric::LatencyP95, "p95", "--metric-p95", Dash::Stroked),
                (Metric::LatencyP99, "p99", "--metric-p99", Dash::Solid),
            ]),
            Self::Visitors => maker.system(&[
                (
                    Metric::Visitors,
                    "visitors",
                    "--metric-offered",
                    Dash::Stroked,
                ),
                (
                    Metric::VisitorsDone,
                    "visitors_done",
                    "--metric-good",
                    Dash::Solid,
                ),
                (
                    Metric::VisitorsLost,
                    "visitors_lost",
                    "--metric-failed",
                    Dash::Dotted,
                ),
            ]),
            Self::Cost => maker.system(&[(Metric::CostRate, "cost", "--series-1", Dash::Solid)]),
            Self::Failures => maker.failures(),
            Self::FeedGet | Self::FeedPost => {
                let asked = run.scenario.as_ref().and_then(|scenario| match self {
                    Self::FeedGet => asks::read(scenario),
                    _ => asks::post(scenario),
                });
                asked.map_or_else(Vec::new, |operation| maker.latency(&operation.id))
            }
            Self::FeedDelivery => maker.system(&[
                (Metric::DeliveryP50, "p50", "--metric-p50", Dash::Dotted),
                (Metric::DeliveryP95, "p95", "--metric-p95", Dash::Stroked),
                (Metric::DeliveryP99, "p99", "--metric-p99", Dash::Solid),
            ]),
            Self::FeedWrites => maker.system(&[
                (
                    Metric::FanOutWrites,
                    "feed_writes",
                    "--series-1",
                    Dash::Solid,
                ),
                (
                    Metric::WastedPushes,
                    "feed_wasted",
                    "--series-2",
                    Dash::Dotted,
                ),
            ]),
            Self::Operations => maker.operations(),
            Self::Instances => maker.instances(),
            _ => match self.source() {
                Lines::System(metric) => {
                    let name = t(lang, &self.title_key()).into_owned();
                    let column = table.find(&Subject::System, metric);
                    let line = column.map(|c| maker.line(c, name, "--series-1", Dash::Solid));
                    line.into_iter().collect()
                }
                Lines::Components(metric) => maker.components(metric, false),
                Lines::Where(metric) => maker.components(metric, true),
                Lines::Special => Vec::new(),
            },
        }
    }
}

/// As many lines as a chart has at most by component: more could not be told apart.
const MOST_LINES: usize = 24;
/// At least as many values of a column are looked at to find the greatest, and at most twice as many.
const LOOKED_AT: usize = 8;

struct Maker<'a> {
    table: &'a SeriesTable,
    previous: Option<&'a SeriesTable>,
    design: Option<&'a Design>,
    scenario: Option<&'a Scenario>,
    lang: Lang,
}

impl Maker<'_> {
    fn text(&self, name: &str) -> String {
        t(self.lang, &format!("chart_line.{name}")).into_owned()
    }

    fn line(&self, column: usize, name: String, colour: &'static str, dash: Dash) -> Line {
        Line {
            column,
            key: self.table.keys[column].clone(),
            name,
            colour,
            dash,
        }
    }

    fn system(&self, wanted: &[(Metric, &str, &'static str, Dash)]) -> Vec<Line> {
        wanted
            .iter()
            .filter_map(|(metric, name, colour, dash)| {
                let column = self.table.find(&Subject::System, *metric)?;
                Some(self.line(column, self.text(name), colour, *dash))
            })
            .collect()
    }

    /// Percentiles of one operation.
    fn latency(&self, operation: &Id) -> Vec<Line> {
        let subject = Subject::Operation(operation.clone());
        [
            (Metric::LatencyP50, "p50", "--metric-p50", Dash::Dotted),
            (Metric::LatencyP95, "p95", "--metric-p95", Dash::Stroked),
            (Metric::LatencyP99, "p99", "--metric-p99", Dash::Solid),
        ]
        .into_iter()
        .filter_map(|(metric, name, colour, dash)| {
            let column = self.table.find(&subject, metric)?;
            Some(self.line(column, self.text(name), colour, dash))
        })
        .collect()
    }

    fn failures(&self) -> Vec<Line> {
        Reason::ALL
            .into_iter()
            .filter_map(|reason| {
                let column = self.table.find(&Subject::System, Metric::Failed(reason))?;
                // A text is asked for only when it is shown: the other reasons' may not be here yet.
                self.occurred(column).then(|| {
                    let name = tr(self.lang, &format!("reason.{}.name", reason.slug()));
                    let (colour, dash) = nth(reason.index());
                    self.line(column, name.to_string(), colour, dash)
                })
            })
            .collect()
    }

    /// Whether a column is ever above zero, in this run or the one before.
    fn occurred(&self, column: usize) -> bool {
        self.table.column(column).any(|value| value > 0.0)
            || self.previous.is_some_and(|previous| {
                let key = &self.table.keys[column];
                let before = previous.find(&key.subject, key.metric);
                before.is_some_and(|c| previous.column(c).any(|value| value > 0.0))
            })
    }

    /// Columns of a metric by component, in the order of the table, each with its place in that order. Of very many
    /// those with the greatest values.
    fn of(&self, metric: Metric, wanted: impl Fn(&Id) -> bool) -> Vec<(usize, usize, &Id)> {
        let keys = self.table.keys.iter().enumerate();
        let ids = keys.filter_map(|(column, key)| match &key.subject {
            Subject::Component(id) if key.metric == metric && wanted(id) => Some((column, id)),
            _ => None,
        });
        let mut all: Vec<(usize, usize, &Id)> = ids
            .enumerate()
            .map(|(n, (column, id))| (n, column, id))
            .collect();
        if all.len() > MOST_LINES {
            let mut ranked: Vec<(f64, (usize, usize, &Id))> = all
                .into_iter()
                .map(|line| (self.greatest(line.1), line))
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.0.cmp(&b.1.0)));
            all = ranked
                .into_iter()
                .take(MOST_LINES)
                .map(|(_, line)| line)
                .collect();
            all.sort_unstable_by_key(|line| line.0);
        }
        all
    }

    /// The greatest of some values of a column, a few at fixed places, so that the lines stay the same for a while.
    fn greatest(&self, column: usize) -> f64 {
        let rows = self.table.rows();
        let step = (rows / LOOKED_AT).next_power_of_two();
        let some = (0..rows).step_by(step);
        some.map(|row| self.table.value(row, column))
            .fold(0.0, f64::max)
    }

    fn components(&self, metric: Metric, only_where: bool) -> Vec<Line> {
        self.of(metric, |_| true)
            .into_iter()
            .filter(|(_, column, _)| !only_where || self.occurred(*column))
            .map(|(n, column, id)| {
                let (colour, dash) = nth(n);
                self.line(
                    column,
                    component_name(self.design, id, self.lang),
                    colour,
                    dash,
                )
            })
            .collect()
    }

    fn servers(&self, metric: Metric) -> Vec<(usize, usize, &Id)> {
        self.of(metric, |id| {
            let component = self.design.and_then(|design| design.get(id));
            component.is_none_or(|component| component.kind == Kind::Server)
        })
    }

    fn instances(&self) -> Vec<Line> {
        let alone = self.servers(Metric::Instances).len() == 1;
        let mut out = Vec::new();
        for (metric, name, dash) in [
            (Metric::Instances, "in_service", Dash::Solid),
            (Metric::Desired, "desired", Dash::Stroked),
            (Metric::Booting, "booting", Dash::Dotted),
        ] {
            for (n, column, id) in self.servers(metric) {
                let what = self.text(name);
                let (name, colour) = if alone {
                    let colour = match metric {
                        Metric::Instances => "--metric-instances",
                        Metric::Desired => "--series-7",
                        _ => "--series-6",
                    };
                    (what, colour)
                } else {
                    let id = component_name(self.design, id, self.lang);
                    (format!("{id} {what}"), SERIES[n % SERIES.len()])
                };
                out.push(self.line(column, name, colour, dash));
            }
        }
        out
    }

    /// All operations that visitors ask for, also those of administrators, which the totals leave out, and those that
    /// come from queues.
    fn operations(&self) -> Vec<Line> {
        let mut out = Vec::new();
        for (column, key) in self.table.keys.iter().enumerate() {
            let Subject::Operation(id) = &key.subject else {
                continue;
            };
            let (what, dash) = match key.metric {
                Metric::Offered => ("offered", Dash::Stroked),
                Metric::Good => ("good", Dash::Solid),
                _ => continue,
            };
            // What only services ask of one another is a part of what visitors ask for.
            let walked = self.scenario.is_none_or(|scenario| scenario.walks(id));
            if !walked && !self.occurred(column) {
                continue;
            }
            let n = self.operation_index(id);
            let name = format!("{id} {}", self.text(what));
            out.push(self.line(column, name, SERIES[n % SERIES.len()], dash));
        }
        out
    }

    fn operation_index(&self, id: &Id) -> usize {
        let mut seen: Vec<&Id> = Vec::new();
        for key in &self.table.keys {
            if let Subject::Operation(other) = &key.subject {
                if other == id {
                    break;
                }
                if !seen.contains(&other) {
                    seen.push(other);
                }
            }
        }
        seen.len()
    }
}

/// Colour and dash of the n-th line: seven colours, and another dash with every line.
fn nth(n: usize) -> (&'static str, Dash) {
    (SERIES[n % SERIES.len()], Dash::CYCLE[n % Dash::CYCLE.len()])
}
