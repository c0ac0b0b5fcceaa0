//! What is to be drawn for a chart: axes, thinned lines, marks. Pure; `paint` puts it on the canvas.

use archplay_text::{Lang, tf};

use crate::app::run::RunState;

use super::format::{clock_tick_text, tick_text, value_text};
use super::sample::{Point, extent, stretches};
use super::scale::{Axis, clock_ticks};
use super::spec::{ChartId, Dash, Scale};

/// Room around the plot in CSS pixels. `charts.css` has the same numbers in rem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left, for the values.
    pub left: f64,
    /// Right.
    pub right: f64,
    /// Above, for marks of events.
    pub top: f64,
    /// Below, for the clock.
    pub bottom: f64,
}

impl Frame {
    /// For a root type size in pixels.
    pub const fn of(root_px: f64) -> Self {
        Self {
            left: root_px * 2.75,
            right: root_px * 0.625,
            top: root_px * 0.5,
            bottom: root_px * 1.25,
        }
    }
}

/// A line in rows and values.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneLine {
    /// Its unbroken stretches.
    pub stretches: Vec<Vec<Point>>,
    /// The same of the run before.
    pub ghost: Vec<Vec<Point>>,
    /// Its name.
    pub name: String,
    /// The colour's token.
    pub colour: &'static str,
    /// Its dash.
    pub dash: Dash,
}

/// A whole chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Room around the plot.
    pub frame: Frame,
    /// How many rows the axis of time has.
    pub rows: f64,
    /// Marks on it: row and text.
    pub clock: Vec<(f64, String)>,
    /// The axis of values.
    pub axis: Axis,
    /// Texts of its marks.
    pub marks: Vec<(f64, String)>,
    /// Lines.
    pub lines: Vec<SceneLine>,
    /// Rows at which something happened.
    pub events: Vec<f64>,
}

/// Builds the scene of a chart for a canvas of this size and a root type size, in CSS pixels.
pub fn scene(
    chart: ChartId,
    run: &RunState,
    lang: Lang,
    targets: &[f64],
    (width, height): (f64, f64),
    root_px: f64,
) -> Scene {
    let frame = Frame::of(root_px);
    let table = run.data.table();
    let rows = run.rows_total.max(1) as f64;
    let plot_w = (width - frame.left - frame.right).max(1.0);
    let plot_h = (height - frame.top - frame.bottom).max(1.0);
    let per_column = rows / plot_w;
    let previous = run.previous.as_ref().map(|previous| previous.data.table());
    let previous = previous
        .as_deref()
        .filter(|p| p.start_secs == table.start_secs && p.bucket_secs == table.bucket_secs);
    let mut lines = Vec::new();
    let mut range: Option<(f64, f64)> = None;
    let mut widen = |found: Option<(f64, f64)>| {
        if let Some((low, high)) = found {
            let wide = range.map_or((low, high), |(l, h)| (low.min(l), high.max(h)));
            range = Some(wide);
        }
    };
    for line in chart.lines(run, lang) {
        let before = previous.and_then(|p| Some((p, p.find(&line.key.subject, line.key.metric)?)));
        widen(extent(table.column(line.column)));
        let ghost = before.map_or_else(Vec::new, |(p, column)| {
            widen(extent(p.column(column)));
            stretches(p.column(column).take(run.rows_total), per_column)
        });
        lines.push(SceneLine {
            stretches: stretches(table.column(line.column), per_column),
            ghost,
            name: line.name,
            colour: line.colour,
            dash: line.dash,
        });
    }
    // A line that nobody sees is no target: the axis reaches to it as soon as there are values.
    if let Some((low, high)) = &mut range {
        for target in targets {
            (*low, *high) = (low.min(*target), high.max(*target));
            lines.push(target_line(chart, *target, rows, lang));
        }
    }
    let axis = axis(chart, range, plot_h / (root_px * 1.75));
    let marks = axis
        .ticks
        .iter()
        .map(|tick| (*tick, tick_text(*tick, chart.unit())))
        .collect();
    let bucket = f64::from(table.bucket_secs.max(1));
    let end = table.start_secs + (rows * bucket) as u32;
    let (ticks, step) = clock_ticks(table.start_secs, end, (plot_w / (root_px * 3.25)) as usize);
    let clock = ticks.into_iter().map(|secs| {
        let row = f64::from(secs - table.start_secs) / bucket;
        (row, clock_tick_text(secs, step))
    });
    let events = run.data.events();
    Scene {
        frame,
        rows,
        clock: if run.rows_total == 0 {
            Vec::new()
        } else {
            clock.collect()
        },
        axis,
        marks,
        lines,
        events: events
            .iter()
            .map(|event| event.at_ns as f64 / 1e9 / bucket)
            .collect(),
    }
}

/// What a task wants, as a line through the whole chart that is named like the others.
fn target_line(chart: ChartId, target: f64, rows: f64, lang: Lang) -> SceneLine {
    let key = match chart {
        ChartId::Latency => "charts.target_p95",
        ChartId::FeedMemory => "feed.budget_line",
        _ => "charts.target",
    };
    SceneLine {
        stretches: vec![vec![(0.0, target), (rows, target)]],
        ghost: Vec::new(),
        name: tf(lang, key, &[("value", &value_text(target, chart.unit()))]),
        colour: "--ok",
        dash: Dash::Long,
    }
}

fn axis(chart: ChartId, range: Option<(f64, f64)>, lines_of_text: f64) -> Axis {
    let marks = (lines_of_text as usize).clamp(1, 5);
    let (low, high) = range.unwrap_or((1.0, 0.0));
    match chart.scale() {
        Scale::Linear => Axis::linear(high, 1.0, marks, false),
        Scale::Counted => Axis::linear(high, 1.0, marks, true),
        Scale::Share => Axis::share(high, marks),
        Scale::Log => Axis::log(low, high, marks),
    }
}
