//! A schedule as rows of a time and a count.

use archplay_model::catalogue::{ValueRefusal, parse_schedule, waiting_room, write_schedule};
use archplay_model::limits::MAX_SCHEDULE;
use archplay_model::{ClockTime, Value};
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

use super::field::{Control, ControlProps};

type Row = (String, String);

fn rows_of(value: Option<&Value>) -> Vec<Row> {
    let Some(Value::Text(text)) = value else {
        return Vec::new();
    };
    match parse_schedule(text) {
        Ok(actions) => actions
            .iter()
            .map(|a| (a.at.to_string(), a.count.to_string()))
            .collect(),
        // A schedule from a file that cannot be read is shown as it is, to be mended by hand.
        Err(_) => text
            .split(',')
            .filter(|entry| !entry.trim().is_empty())
            .map(|entry| {
                let (at, count) = entry.split_once('=').unwrap_or((entry, ""));
                (at.trim().to_owned(), count.trim().to_owned())
            })
            .collect(),
    }
}

/// The rows as a schedule; rows that are empty do not count.
fn read(rows: &[Row]) -> Result<Value, ValueRefusal> {
    let entries: Vec<String> = rows
        .iter()
        .filter(|(at, count)| !at.trim().is_empty() || !count.trim().is_empty())
        .map(|(at, count)| format!("{}={}", at.trim(), count.trim()))
        .collect();
    let actions = parse_schedule(&entries.join(", "))?;
    Ok(Value::Text(write_schedule(&actions)))
}

/// The next sensible row: an hour after the last, with as many.
fn next_row(rows: &[Row]) -> Row {
    let last = rows.iter().rev().find_map(|(at, count)| {
        let at: ClockTime = at.parse().ok()?;
        Some((at, count.parse::<u32>().ok()?))
    });
    let (at, count) = match last {
        Some((at, count)) => (ClockTime::from_secs((at.secs() + 3_600) % 86_400), count),
        None => (ClockTime::from_secs(14 * 3_600), 2),
    };
    (at.to_string(), count.to_string())
}

/// Whether only the time counts: when a waiting room opens. The count is 1 then.
fn is_time(control: &Control) -> bool {
    control.spec.key == waiting_room::OPENS.key
}

fn commit(control: &Control, rows: &[Row]) {
    control.commit.emit(read(rows));
    control.seal.emit(());
}

/// The control of a schedule.
#[component]
pub fn ScheduleControl(props: &ControlProps) -> Html {
    let lang = use_lang();
    let control = &props.control;
    let rows = use_state_eq(|| rows_of(control.value.as_ref()));
    // What is typed and not yet a value, for when the control disappears.
    let pending = use_mut_ref(|| None::<Vec<Row>>);
    use_effect_with(control.value.clone(), {
        let (rows, pending) = (rows.setter(), pending.clone());
        move |value| {
            *pending.borrow_mut() = None;
            rows.set(rows_of(value.as_ref()));
        }
    });
    use_effect_with(control.commit_last.clone(), {
        let pending = pending.clone();
        move |commit_last| {
            let commit_last = commit_last.clone();
            move || {
                let left = pending.borrow_mut().take();
                if let Some(Ok(value)) = left.as_deref().map(read) {
                    commit_last.emit(value);
                }
            }
        }
    });
    let edit = |index: usize, change: fn(&mut Row, String)| {
        let (rows, pending) = (rows.clone(), pending.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = (*rows).clone();
                if let Some(row) = next.get_mut(index) {
                    change(row, input.value());
                }
                *pending.borrow_mut() = Some(next.clone());
                rows.set(next);
            }
        })
    };
    let settle = {
        let (pending, control) = (pending.clone(), control.clone());
        move || {
            let typed = pending.borrow_mut().take();
            if let Some(rows) = typed {
                commit(&control, &rows);
            }
        }
    };
    let onblur = {
        let settle = settle.clone();
        Callback::from(move |_: FocusEvent| settle())
    };
    let onkeydown = {
        let (pending, rows, control) = (pending.clone(), rows.clone(), control.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            match event.key().as_str() {
                "Enter" => settle(),
                "Escape" if pending.borrow().is_some() || control.invalid => {
                    *pending.borrow_mut() = None;
                    rows.set(rows_of(control.value.as_ref()));
                    control.forget.emit(());
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let remove = |index: usize| {
        let (rows, pending, control) = (rows.clone(), pending.clone(), control.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = (*rows).clone();
            if index < next.len() {
                next.remove(index);
            }
            *pending.borrow_mut() = None;
            rows.set(next.clone());
            commit(&control, &next);
        })
    };
    let add = {
        let (rows, pending, control) = (rows.clone(), pending.clone(), control.clone());
        Callback::from(move |_: MouseEvent| {
            let mut next = (*rows).clone();
            let (at, count) = next_row(&next);
            next.push(if is_time(&control) {
                (at, "1".to_owned())
            } else {
                (at, count)
            });
            *pending.borrow_mut() = None;
            rows.set(next.clone());
            commit(&control, &next);
        })
    };
    let described = (!control.described_by.is_empty()).then(|| control.described_by.clone());
    let time = is_time(control);
    let full = rows.len() >= if time { 1 } else { MAX_SCHEDULE };
    html! {
        <div class="schedule" role="group" aria-labelledby={format!("{}-label", control.id)}>
            if control.value.is_none() {
                <p class="param-note">{ tr(lang, "inspector.mixed") }</p>
            }
            for (i, (at, count)) in rows.iter().enumerate() {
                <div class="schedule-row" key={i}>
                    <input class="input" type="text" inputmode="numeric" autocomplete="off" placeholder="13:50"
                        value={at.clone()} aria-invalid={control.invalid.to_string()}
                        aria-describedby={described.clone()}
                        aria-label={if time {
                            tr(lang, "inspector.opens_at")
                        } else {
                            trf(lang, "inspector.schedule_at", &[("n", &(i + 1).to_string())])
                        }}
                        oninput={edit(i, |row, text| row.0 = text)} onblur={onblur.clone()}
                        onkeydown={onkeydown.clone()} />
                    if !time {
                        <span aria-hidden="true">{ "→" }</span>
                        <input class="input" type="text" inputmode="numeric" autocomplete="off" placeholder="9"
                            value={count.clone()} aria-invalid={control.invalid.to_string()}
                            aria-describedby={described.clone()}
                            aria-label={trf(lang, "inspector.schedule_count", &[("n", &(i + 1).to_string())])}
                            oninput={edit(i, |row, text| row.1 = text)} onblur={onblur.clone()}
                            onkeydown={onkeydown.clone()} />
                        <span class="param-unit">{ tr(lang, "inspector.instances") }</span>
                    }
                    <button type="button" class="param-tool" onclick={remove(i)}
                        aria-label={trf(lang, "inspector.schedule_remove", &[("at", at)])}
                        title={trf(lang, "inspector.schedule_remove", &[("at", at)])}>
                        <Icon name={IconName::Minus} size={14} />
                    </button>
                </div>
            }
            if !(time && full) {
                <button type="button" class="btn btn-quiet schedule-add" disabled={full} onclick={add}>
                    <Icon name={IconName::Plus} size={14} />
                    { tr(lang, if time { "inspector.opens_add" } else { "inspector.schedule_add" }) }
                </button>
            }
        </div>
    }
}

/// A schedule is sorted by time when it is read, so rows may move when they are committed.
#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: &str, count: &str) -> Row {
        (at.into(), count.into())
    }

    #[test]
    fn rows_become_a_schedule_in_order_of_time() {
        let rows = [row("15:00", "2"), row("", ""), row("13:50", "9")];
        assert_eq!(read(&rows), Ok(Value::Text("13:50=9, 15:00=2".into())));
        assert!(matches!(
            read(&[row("noon", "9")]),
            Err(ValueRefusal::BadSchedule { entry }) if entry == "noon=9"
        ));
        assert_eq!(read(&[]), Ok(Value::Text(String::new())));
    }

    #[test]
    fn an_unreadable_schedule_is_shown_as_it_is() {
        let value = Value::Text("13:50=9, noon".into());
        assert_eq!(rows_of(Some(&value)), [row("13:50", "9"), row("noon", "")]);
    }

    #[test]
    fn a_new_row_continues_the_last() {
        assert_eq!(next_row(&[]), row("14:00", "2"));
        assert_eq!(
            next_row(&[row("13:50", "9"), row("x", "")]),
            row("14:50", "9")
        );
    }
}
