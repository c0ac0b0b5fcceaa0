//! One chart: title, canvas, cursor with its values, words for the empty and failed states.

use std::rc::Rc;

use archplay_text::Lang;
use web_sys::{Element, HtmlCanvasElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::feed::list_budget_mb;
use crate::app::lang::{tr, trf, use_lang, use_texts};
use crate::app::lesson::data::TaskRef;
use crate::app::run::{RunCommand, RunDispatch, RunState, Status, use_run_dispatch};

use super::format::{clock_text, value_text};
use super::observe::SizeObserver;
use super::paint::{Painter, Surface};
use super::queue::enqueue;
use super::scene::scene;
use super::spec::{ChartId, Line, Scale};
use super::theme::Theme;

/// What a chart shows.
#[derive(Properties, PartialEq)]
pub struct ChartProps {
    /// Which.
    pub chart: ChartId,
    /// The run.
    pub run: Rc<RunState>,
    /// Colours and type.
    pub theme: Option<Rc<Theme>>,
    /// The task that is open, for its targets.
    pub task: Option<TaskRef>,
}

/// A chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let ChartProps { chart, run, .. } = props;
    let (chart, lang) = (*chart, use_lang());
    let dispatch = use_run_dispatch();
    let canvas = use_node_ref();
    let plot = use_node_ref();
    let size = use_state_eq(|| None::<(f64, f64)>);
    let unnamed = use_state_eq(Vec::<usize>::new);
    {
        let (plot, size) = (plot.clone(), size.setter());
        use_effect_with((), move |()| {
            let observer = plot.cast::<Element>().and_then(|element| {
                SizeObserver::new(&element, move |width, height| {
                    size.set(Some((width, height)));
                })
            });
            move || drop(observer)
        });
    }
    use_paint(props, &canvas, *size, unnamed.setter());

    let lines = chart.lines(run, lang);
    let title = tr(lang, &chart.title_key());
    let rows = run.data.rows();
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| step_cursor(&dispatch, &event))
    };
    let shown = run.shown_row();
    let now = shown.map_or_else(AttrValue::default, |row| {
        let values: Vec<String> = readings(run, &lines, chart, row)
            .map(|(line, value, _)| format!("{} {value}", line.name))
            .collect();
        let clock = clock_text(run.data.table().time_of(row));
        format!("{clock}, {}", values.join(", ")).into()
    });
    html! {
        <figure class="chart" data-chart={chart.slug()}>
            <figcaption>
                <span class="chart-title">{ title.clone() }</span>
                <span class="chart-unit">{ unit_text(chart, lang) }</span>
                if let Some(all) = chart.chosen_from(run) {
                    <span class="chart-unit">
                        { trf(lang, "charts.chosen", &[("count", &all.to_string())]) }
                    </span>
                }
                if !unnamed.is_empty() {
                    <ul class="chart-legend">
                        for line in unnamed.iter().filter_map(|index| lines.get(*index)) {
                            <li key={line.name.clone()} title={line.name.clone()}>
                                { swatch(line) }<span>{ line.name.clone() }</span>
                            </li>
                        }
                    </ul>
                }
            </figcaption>
            <div class="chart-plot" ref={plot} tabindex="0" role="slider" aria-label={title}
                aria-valuemin="0" aria-valuemax={rows.saturating_sub(1).to_string()}
                aria-valuenow={shown.unwrap_or(0).to_string()} aria-valuetext={now} {onkeydown}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
                if let Some(words) = empty_words(run, chart, &lines, lang) {
                    <p class="chart-empty">{ words }</p>
                }
                if let Some(row) = run.cursor.filter(|_| rows > 0).and(shown) {
                    { cursor(run, &lines, chart, row, lang) }
                }
            </div>
        </figure>
    }
}

/// Paints at the next animation frame whenever something that is seen has changed.
#[hook]
fn use_paint(
    props: &ChartProps,
    canvas: &NodeRef,
    size: Option<(f64, f64)>,
    unnamed: UseStateSetter<Vec<usize>>,
) {
    let painter = use_mut_ref(Painter::default);
    let run = props.run.clone();
    let (chart, lang, theme) = (props.chart, use_lang(), props.theme.clone());
    let texts = use_texts();
    let mut targets = chart.targets(props.task.as_ref().map(|task| &task.task));
    if chart == ChartId::FeedMemory {
        targets.extend(list_budget_mb(&run));
    }
    let events = run.data.events().len();
    let seen = (run.run, run.data.rows(), events, run.rows_total);
    let canvas = canvas.clone();
    let seen = (seen, size, theme, texts, targets);
    use_effect_with(seen, move |(_, size, theme, _, targets)| {
        let (Some((width, height)), Some(theme)) = (*size, theme.clone()) else {
            return;
        };
        // Hidden, or being opened: nothing can be read at this size.
        if width < 80.0 || height < 48.0 {
            return;
        }
        let targets = targets.clone();
        enqueue(chart.slug(), move || {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else {
                return;
            };
            let on = Surface {
                width,
                height,
                ratio: gloo::utils::window().device_pixel_ratio().clamp(1.0, 3.0),
            };
            let scene = scene(chart, &run, lang, &targets, (width, height), theme.root_px);
            unnamed.set(painter.borrow_mut().paint(&canvas, &scene, &theme, on));
        });
    });
}

fn unit_text(chart: ChartId, lang: Lang) -> AttrValue {
    let unit = tr(lang, &format!("chart_unit.{}", chart.slug()));
    match chart.scale() {
        Scale::Log => trf(lang, "charts.log_unit", &[("unit", &unit)]),
        _ => unit,
    }
}

fn empty_words(run: &RunState, chart: ChartId, lines: &[Line], lang: Lang) -> Option<AttrValue> {
    if run.data.rows() == 0 {
        return Some(match run.status {
            Status::Idle => tr(lang, "charts.empty"),
            Status::Paused if !run.preparing => tr(lang, "charts.stands_still"),
            Status::Starting | Status::Running | Status::Paused => tr(lang, "charts.starting"),
            Status::Failed | Status::Dead => tr(lang, "charts.failed"),
            Status::Finished | Status::Stopped => tr(lang, "charts.nothing"),
        });
    }
    let key = match chart {
        ChartId::Failures => "charts.no_failures",
        _ => "charts.none",
    };
    lines.is_empty().then(|| tr(lang, key))
}

/// Every line with its value at a row, and with that of the run before.
fn readings<'a>(
    run: &'a RunState,
    lines: &'a [Line],
    chart: ChartId,
    row: usize,
) -> impl Iterator<Item = (&'a Line, String, Option<String>)> {
    lines.iter().map(move |line| {
        let table = run.data.table();
        let before = run.previous.as_ref().and_then(|previous| {
            let old = previous.data.table();
            let same = old.start_secs == table.start_secs && old.bucket_secs == table.bucket_secs;
            let column = old.find(&line.key.subject, line.key.metric)?;
            (same && row < old.rows()).then(|| value_text(old.value(row, column), chart.unit()))
        });
        let value = value_text(table.value(row, line.column), chart.unit());
        (line, value, before)
    })
}

fn cursor(run: &RunState, lines: &[Line], chart: ChartId, row: usize, lang: Lang) -> Html {
    let share = row as f64 / run.rows_total.max(1) as f64;
    let side = if share > 0.5 { "left" } else { "right" };
    let clock = clock_text(run.data.table().time_of(row));
    let before_title = tr(lang, "charts.before");
    html! {
        <>
            <div class="chart-cursor" style={format!("--at:{share}")}></div>
            <div class={classes!("chart-readout", side)} aria-hidden="true">
                <b>{ clock }</b>
                for (line, value, before) in readings(run, lines, chart, row) {
                    <span key={line.name.clone()} class="chart-reading">
                        { swatch(line) }
                        <span class="chart-reading-name">{ line.name.clone() }</span>
                        <span class="chart-reading-value">{ value }</span>
                        if let Some(before) = before {
                            <span class="chart-reading-before" title={before_title.clone()}>{ before }</span>
                        }
                    </span>
                }
            </div>
        </>
    }
}

/// A piece of the line as it is drawn.
pub fn swatch(line: &Line) -> Html {
    html! {
        <svg class="swatch" width="18" height="8" viewBox="0 0 18 8" aria-hidden="true"
            style={format!("color:var({})", line.colour)}>
            <path d="M0 4H18" stroke="currentColor" stroke-width="2" fill="none"
                stroke-dasharray={line.dash.svg()} />
        </svg>
    }
}

/// Moves the cursor by key; Escape follows the newest row again.
pub fn step_cursor(dispatch: &RunDispatch, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return;
    }
    let run = dispatch.now();
    let Some(row) = run.shown_row() else { return };
    let last = run.data.rows() - 1;
    let step = if event.shift_key() { 60 } else { 1 };
    let to = match event.code().as_str() {
        "ArrowLeft" | "ArrowDown" => Some(row.saturating_sub(step)),
        "ArrowRight" | "ArrowUp" => Some((row + step).min(last)),
        "PageDown" => Some(row.saturating_sub(60)),
        "PageUp" => Some((row + 60).min(last)),
        "Home" => Some(0),
        "End" => Some(last),
        "Escape" if run.cursor.is_some() => None,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    dispatch.apply(RunCommand::SetCursor(to));
}
