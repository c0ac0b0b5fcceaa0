//! The points of a curve as a table, for exact numbers.

use archplay_editor::scenario::curve::{Frame, added_after};
use archplay_editor::scenario::{At, ScenarioCommand, fields};
use archplay_model::scenario::RatePoint;
use yew::prelude::*;

use super::edit::{use_edit, use_shown};
use super::field::FieldRow;
use super::text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// As many rows are shown at most.
const MOST_ROWS: usize = 120;

/// Whose points.
#[derive(Properties, PartialEq)]
pub struct PointsProps {
    /// The audience's number.
    pub audience: usize,
    /// Its frame.
    pub frame: Frame,
    /// Its points.
    pub points: Vec<RatePoint>,
    /// The chosen point.
    pub selected: usize,
    /// Chooses another.
    pub select: Callback<usize>,
}

/// The table.
#[component]
pub fn Points(props: &PointsProps) -> Html {
    let lang = use_lang();
    let (Some(edit), Some(shown)) = (use_edit(), use_shown()) else {
        return Html::default();
    };
    let audience = props.audience;
    let rows = props.points.iter().take(MOST_ROWS).enumerate();
    let rows = rows.map(|(index, point)| {
        let at = At::Point(audience, index);
        let number = (index + 1).to_string();
        let cells = fields(&shown.scenario, &at).into_iter().map(|view| {
            let label = text::label(lang, &view);
            let name = trf(lang, "scenario.curve.cell", &[("number", &number), ("field", &label)]);
            html! { <td key={view.key}><FieldRow at={at.clone()} {view} bare={Some(name)} /></td> }
        });
        let remove = {
            let (edit, at) = (edit.clone(), at.clone());
            Callback::from(move |_: MouseEvent| {
                // The last one stays; its button is off.
                let _ = edit.apply(ScenarioCommand::Remove(at.clone()));
            })
        };
        let time = point.at.to_string();
        let label = trf(lang, "scenario.curve.remove", &[("at", &time)]);
        let focus = props.select.reform(move |_: FocusEvent| index);
        html! {
            <tr key={index} class={classes!((index == props.selected).then_some("selected"))} onfocusin={focus}>
                <th scope="row">{ number.clone() }</th>
                { for cells }
                <td>
                    <button type="button" class="icon-btn" disabled={props.points.len() < 2} onclick={remove}
                        title={label.clone()} aria-label={label}>
                        <Icon name={IconName::Minus} size={14} />
                    </button>
                </td>
            </tr>
        }
    });
    let add = {
        let (edit, frame, points) = (edit.clone(), props.frame, props.points.clone());
        let (selected, select) = (props.selected, props.select.clone());
        Callback::from(move |_: MouseEvent| {
            let (points, index) = added_after(&frame, &points, selected);
            let command = ScenarioCommand::Curve {
                audience,
                points,
                moved: None,
            };
            if edit.apply(command).is_ok() {
                select.emit(index);
            }
        })
    };
    let more = props.points.len().saturating_sub(MOST_ROWS);
    html! {
        <div class="sced-points">
            <table>
                <caption class="visually-hidden">{ tr(lang, "scenario.curve.table") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ tr(lang, "scenario.curve.nr") }</th>
                        <th scope="col">{ tr(lang, "scenario.field.point.at") }</th>
                        <th scope="col">{ tr(lang, "scenario.unit.per_sec") }</th>
                        <th><span class="visually-hidden">{ tr(lang, "scenario.curve.tools") }</span></th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
            if more > 0 {
                <p class="field-help">{ trf(lang, "scenario.curve.more", &[("count", &more.to_string())]) }</p>
            }
            <button type="button" class="btn" onclick={add}>
                <Icon name={IconName::Plus} size={14} />
                { tr(lang, "scenario.curve.add") }
            </button>
        </div>
    }
}
