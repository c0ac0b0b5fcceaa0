//! A list with what belongs to the chosen entry beside it.

use archplay_editor::scenario::{At, List, ScenarioCommand, ScenarioRefusal, Way};
use yew::prelude::*;

use super::edit::use_edit;
use super::text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// An entry as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is called.
    pub name: AttrValue,
    /// A second line.
    pub about: AttrValue,
    /// Whether something is wrong with it.
    pub bad: bool,
}

/// What a list shows.
#[derive(Properties, PartialEq)]
pub struct ListProps {
    /// Which list.
    pub list: List,
    /// Its name in text keys.
    pub slug: &'static str,
    /// Its entries.
    pub items: Vec<Item>,
    /// The number of the chosen entry.
    pub selected: usize,
    /// Chooses another.
    pub select: Callback<usize>,
    /// What belongs to the chosen entry.
    pub children: Html,
}

/// The place of an entry of a list.
pub fn entry(list: &List, index: usize) -> At {
    match list {
        List::Datasets => At::Dataset(index),
        List::Operations => At::Operation(index),
        List::Journeys => At::Journey(index),
        List::Audiences => At::Audience(index),
        List::Faults => At::Fault(index),
        List::Steps(j) => At::Step(*j, index),
        List::Alternatives(j, k) => At::Alternative(*j, *k, index),
        List::Filters(o, path) => At::Filter(*o, path.clone(), index),
        List::Celebrities => At::Celebrity(index),
        List::Moments(c) => At::Moment(*c, index),
    }
}

/// The number of an entry in its list.
pub fn index_of(at: &At) -> usize {
    match at {
        At::Dataset(i)
        | At::Operation(i)
        | At::Journey(i)
        | At::Audience(i)
        | At::Fault(i)
        | At::Step(_, i)
        | At::Alternative(_, _, i)
        | At::Point(_, i)
        | At::Filter(_, _, i)
        | At::Celebrity(i)
        | At::Moment(_, i) => *i,
        _ => 0,
    }
}

/// A list with its tools.
#[component]
pub fn ItemList(props: &ListProps) -> Html {
    let lang = use_lang();
    let edit = use_edit();
    let refused = use_state_eq(|| None::<ScenarioRefusal>);
    let act = {
        let (edit, refused) = (edit, refused.setter());
        let (select, count) = (props.select.clone(), props.items.len());
        Callback::from(move |(command, index): (ScenarioCommand, usize)| {
            let Some(edit) = &edit else { return };
            let removes = matches!(command, ScenarioCommand::Remove(_));
            match edit.apply(command) {
                Ok(Some(at)) => {
                    refused.set(None);
                    select.emit(index_of(&at));
                }
                Ok(None) => {
                    refused.set(None);
                    if removes && index + 1 == count {
                        select.emit(index.saturating_sub(1));
                    }
                }
                Err(why) => refused.set(Some(why)),
            }
        })
    };
    let here = entry(&props.list, props.selected);
    let some = props.selected < props.items.len();
    let name = props
        .items
        .get(props.selected)
        .map(|item| item.name.clone());
    let name = name.unwrap_or_default();
    let tool = |icon: IconName, key: &str, enabled: bool, command: ScenarioCommand| {
        let (act, index) = (act.clone(), props.selected);
        let label = trf(lang, key, &[("name", &name)]);
        let onclick = Callback::from(move |_: MouseEvent| act.emit((command.clone(), index)));
        html! {
            <button type="button" class="icon-btn" disabled={!enabled} {onclick} title={label.clone()} aria-label={label}>
                <Icon name={icon} size={16} />
            </button>
        }
    };
    let shift = |way| ScenarioCommand::Shift(here.clone(), way);
    let add = {
        let (act, list) = (act.clone(), props.list.clone());
        let name = tr(lang, &format!("scenario.new.{}", props.slug));
        Callback::from(move |_: MouseEvent| {
            let (list, name) = (list.clone(), name.to_string());
            act.emit((ScenarioCommand::Add { list, name }, 0));
        })
    };
    let label = tr(lang, &format!("scenario.tab.{}", props.slug));
    html! {
        <div class="sced-split">
            <div class="sced-list" role="group" aria-label={label}>
                if props.items.is_empty() {
                    <p class="sced-empty">{ tr(lang, &format!("scenario.empty.{}", props.slug)) }</p>
                }
                <ul>
                    for (index, item) in props.items.iter().enumerate() {
                        <li key={index}>
                            <button type="button" class="sced-item" aria-current={(index == props.selected).to_string()}
                                onclick={props.select.reform(move |_: MouseEvent| index)}>
                                <span>{ item.name.clone() }</span>
                                <small>{ item.about.clone() }</small>
                                if item.bad {
                                    <span class="sced-bad"><Icon name={IconName::Alert} size={14} />
                                        <span class="visually-hidden">{ tr(lang, "scenario.has_problem") }</span></span>
                                }
                            </button>
                        </li>
                    }
                </ul>
                <div class="sced-tools">
                    <button type="button" class="btn" onclick={add}>
                        <Icon name={IconName::Plus} size={14} />
                        { tr(lang, &format!("scenario.add.{}", props.slug)) }
                    </button>
                    { tool(IconName::Copy, "scenario.duplicate_it", some, ScenarioCommand::Duplicate(here.clone())) }
                    { tool(IconName::ChevronUp, "scenario.move_up", some && props.selected > 0, shift(Way::Up)) }
                    { tool(IconName::ChevronDown, "scenario.move_down", props.selected + 1 < props.items.len(), shift(Way::Down)) }
                    { tool(IconName::Trash, "scenario.remove", some, ScenarioCommand::Remove(here.clone())) }
                </div>
                if let Some(why) = &*refused {
                    <p class="field-error" role="alert">{ text::refusal(lang, why) }</p>
                }
            </div>
            if some {
                <div class="sced-detail">{ props.children.clone() }</div>
            }
        </div>
    }
}
