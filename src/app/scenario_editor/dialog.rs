//! The dialog: which scenario is edited, and what follows when it changes.

use std::rc::Rc;

use archplay_model::Scenario;
use archplay_model::presets::Preset;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::edit::{Edit, Shown, use_editor};
use super::tabs::Tabs;
use super::tools::{Tools, Wish};
use super::transfer;
use crate::app::dialog::{Modal, Toast, say, say_with, use_toasts};
use crate::app::files::pick_file;
use crate::app::lang::{tr, use_lang};
use crate::app::route::{Route, navigate, use_route};
use crate::app::scenario::{
    ChosenScenario, Source, shown_name, use_own_actions, use_own_scenarios, use_scenario,
    use_scenario_setter,
};
use crate::app::store::record::free_name;
use crate::app::store::scenarios::ScenarioRecord;

/// What is edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A copy of a preset or of a task's scenario; it becomes an own one with the first change.
    Copy,
    /// One of the person's own.
    Own(Rc<str>),
}

/// A scenario on the table. A new number begins with a new history.
#[derive(Clone)]
struct Sitting {
    number: u32,
    target: Target,
    scenario: Rc<Scenario>,
}

impl PartialEq for Sitting {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number && self.target == other.target
    }
}

/// What the editor begins with when this is chosen.
fn sitting(chosen: &ChosenScenario, own: &[ScenarioRecord], number: u32) -> Sitting {
    match &chosen.source {
        Source::Own(id) => Sitting {
            number,
            target: Target::Own(id.clone()),
            scenario: chosen.scenario.clone(),
        },
        Source::Preset(_) | Source::Lesson { .. } | Source::Extra { .. } => {
            // Not called like the one it comes from.
            let presets: Vec<Scenario> = Preset::ALL
                .into_iter()
                .filter_map(|preset| preset.scenario().ok())
                .collect();
            let mut scenario = (*chosen.scenario).clone();
            let first = scenario.name.clone();
            let ko = presets.iter().map(|s| s.name.ko.as_str());
            let ko = ko.chain(own.iter().map(|r| r.name.ko.as_str()));
            let en = presets.iter().map(|s| s.name.en.as_str());
            let en = en.chain(own.iter().map(|r| r.name.en.as_str()));
            scenario.name.ko = free_name(&first.ko, ko.chain([first.ko.as_str()]));
            scenario.name.en = free_name(&first.en, en.chain([first.en.as_str()]));
            Sitting {
                number,
                target: Target::Copy,
                scenario: scenario.into(),
            }
        }
    }
}

/// The dialog.
#[component]
pub fn ScenarioDialog() -> Html {
    let lang = use_lang();
    let here = use_route().desk;
    let chosen = use_scenario();
    let own = use_own_scenarios();
    let actions = use_own_actions();
    let setter = use_scenario_setter();
    let toasts = use_toasts();
    let on_table = use_state_eq(|| None::<Sitting>);
    let bad_file = use_state_eq(|| None::<AttrValue>);
    use_effect_with((), {
        let actions = actions.clone();
        move |()| actions.load()
    });
    // The list first: names of copies must not be taken.
    let ready = chosen.clone().zip(own.list.clone());
    use_effect_with((ready.is_some(), on_table.is_none()), {
        let on_table = on_table.clone();
        move |(ready_now, empty)| {
            if let (true, true, Some((chosen, list))) = (*ready_now, *empty, ready) {
                on_table.set(Some(sitting(&chosen, &list, 0)));
            }
        }
    });
    let close = use_callback(here, |(), here| navigate(Route::Desk(*here)));
    let number = on_table.as_ref().map_or(0, |sitting| sitting.number);
    let list = own.list.clone().unwrap_or_default();
    // Goes on with another scenario.
    let go_on = {
        let (on_table, setter) = (on_table.setter(), setter.clone());
        move |id: Rc<str>, scenario: Scenario, number: u32| {
            setter.choose.emit(Source::Own(id.clone()));
            on_table.set(Some(Sitting {
                number,
                target: Target::Own(id),
                scenario: scenario.into(),
            }));
        }
    };
    let changed = {
        let (on_table, actions) = (on_table.clone(), actions.clone());
        let (setter, list) = (setter.clone(), list.clone());
        Callback::from(move |scenario: Rc<Scenario>| match &*on_table {
            Some(Sitting {
                target: Target::Own(id),
                ..
            }) => actions.update(id, &scenario),
            Some(sitting) => {
                let (id, _) = actions.add((*scenario).clone(), &list);
                setter.choose.emit(Source::Own(id.clone()));
                // The same sitting: its history goes on.
                on_table.set(Some(Sitting {
                    target: Target::Own(id),
                    ..sitting.clone()
                }));
            }
            None => {}
        })
    };
    let import = {
        let (actions, go_on, list) = (actions.clone(), go_on.clone(), list.clone());
        let bad_file = bad_file.setter();
        Callback::from(move |files: Vec<File>| {
            let Some(file) = files.into_iter().next() else {
                return;
            };
            let (actions, go_on, list) = (actions.clone(), go_on.clone(), list.clone());
            let bad_file = bad_file.clone();
            spawn_local(async move {
                match transfer::import(lang, file).await {
                    Ok(scenario) => {
                        bad_file.set(None);
                        let (id, scenario) = actions.add(scenario, &list);
                        go_on(id, scenario, number + 1);
                    }
                    Err(why) => bad_file.set(Some(why)),
                }
            });
        })
    };
    let wish = {
        let (on_table, close) = (on_table.clone(), close.clone());
        Callback::from(move |(wish, now): (Wish, Rc<Scenario>)| match wish {
            Wish::Export => transfer::export(lang, &now),
            Wish::Import => pick_file(import.clone()),
            Wish::Duplicate => {
                let (id, copy) = actions.add((*now).clone(), &list);
                go_on(id, copy, number + 1);
            }
            Wish::Delete => {
                let Some(Sitting {
                    target: Target::Own(id),
                    ..
                }) = &*on_table
                else {
                    return;
                };
                let gone = list.iter().find(|record| *record.id == **id).cloned();
                // Closed first: a message under a dialog cannot be pressed.
                close.emit(());
                actions.delete(id);
                let Some(gone) = gone else { return };
                let name = shown_name(lang, &gone.name);
                let (actions, choose, id) = (actions.clone(), setter.choose.clone(), id.clone());
                let back = Callback::from(move |()| {
                    actions.put(gone.clone());
                    choose.emit(Source::Own(id.clone()));
                });
                toasts.emit(
                    Toast::done(say_with("scenario.deleted", &[("name", &name)]))
                        .with_action(say("bar.undo"), back),
                );
            }
        })
    };
    html! {
        <Modal title={tr(lang, "scenario.title")} onclose={close} class="modal-full">
            if let Some(why) = &*bad_file {
                <p class="notice notice-bad" role="alert">{ why.clone() }</p>
            }
            if let Some(sitting) = &*on_table {
                <Table key={sitting.number} sitting={sitting.clone()} {changed} {wish} />
            } else {
                <p class="drawings-empty" role="status">{ tr(lang, "scenario.loading") }</p>
            }
        </Modal>
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    sitting: Sitting,
    changed: Callback<Rc<Scenario>>,
    wish: Callback<(Wish, Rc<Scenario>)>,
}

/// One scenario with its history, for as long as it is on the table.
#[component]
fn Table(props: &TableProps) -> Html {
    let (shown, edit) = use_editor(&props.sitting.scenario);
    // Between gestures every change is handed on; what it began with is none.
    let last = use_mut_ref(|| props.sitting.scenario.clone());
    use_effect_with((shown.scenario.clone(), shown.busy), {
        let changed = props.changed.clone();
        move |(now, busy): &(Rc<Scenario>, bool)| {
            if !*busy && *last.borrow() != *now {
                *last.borrow_mut() = now.clone();
                changed.emit(now.clone());
            }
        }
    });
    let wish = {
        let (wish, edit) = (props.wish.clone(), edit.clone());
        Callback::from(move |wanted| wish.emit((wanted, edit.now())))
    };
    let onkeydown = {
        let edit = edit.clone();
        Callback::from(move |event: KeyboardEvent| {
            if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
                return;
            }
            match (event.code().as_str(), event.shift_key()) {
                ("KeyZ", false) => edit.undo(),
                ("KeyZ", true) | ("KeyY", false) => edit.redo(),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <ContextProvider<Edit> context={edit}>
            <ContextProvider<Shown> context={shown}>
                <div class="sced" {onkeydown}>
                    <Tools target={props.sitting.target.clone()} {wish} />
                    <Tabs />
                </div>
            </ContextProvider<Shown>>
        </ContextProvider<Edit>>
    }
}
