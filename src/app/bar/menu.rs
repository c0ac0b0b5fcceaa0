//! A menu that drops from a button: arrow keys, Esc, a click beside it.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};

/// An entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Something to do.
    Do {
        /// Its icon.
        icon: IconName,
        /// What it says.
        label: AttrValue,
        /// What it does.
        run: Callback<()>,
    },
    /// One of several choices.
    Choice {
        /// What it says.
        label: AttrValue,
        /// Whether it is chosen.
        chosen: bool,
        /// What it does.
        run: Callback<()>,
    },
    /// A line between groups.
    Line,
}

/// What a menu shows.
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// The button's name.
    pub label: AttrValue,
    /// The button's icon.
    pub icon: IconName,
    /// Whether the name stands beside the icon.
    #[prop_or_default]
    pub wide: bool,
    /// What the menu holds.
    pub entries: Vec<Entry>,
}

/// A button with a menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let node = use_node_ref();
    let button = use_node_ref();
    use_effect_with(*open, {
        let (open, node) = (open.setter(), node.clone());
        move |is_open| {
            let listener = is_open.then(|| {
                move_focus(&node, Move::First);
                close_beside(&open, &node)
            });
            move || drop(listener)
        }
    });
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, button) = (open.setter(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                // Without focus the menu is still closed.
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (node, close, open) = (node.clone(), close.clone(), open.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => Move::Next,
                "ArrowUp" => Move::Before,
                "Home" => Move::First,
                "End" => Move::Last,
                "Escape" if *open => {
                    event.prevent_default();
                    event.stop_propagation();
                    close.emit(());
                    return;
                }
                "Tab" => {
                    open.set(false);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if *open {
                move_focus(&node, step);
            } else {
                open.set(true);
            }
        })
    };
    let entries = props.entries.iter().map(|entry| entry_view(entry, &close));
    html! {
        <div class="menu-root" ref={node} {onkeydown}>
            <button type="button" ref={button} class={if props.wide { "btn btn-quiet" } else { "icon-btn" }}
                aria-haspopup="menu" aria-expanded={open.to_string()} onclick={toggle}
                aria-label={props.label.clone()} title={props.label.clone()}>
                <Icon name={props.icon} size={18} />
                if props.wide {
                    <span>{ props.label.clone() }</span>
                    <Icon name={IconName::ChevronDown} size={14} />
                }
            </button>
            if *open {
                <div class="menu" role="menu" aria-label={props.label.clone()}>
                    { for entries }
                </div>
            }
        </div>
    }
}

fn entry_view(entry: &Entry, close: &Callback<()>) -> Html {
    let click = |run: &Callback<()>| {
        let (run, close) = (run.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            // First closed, so that a dialog that opens can take the focus.
            close.emit(());
            run.emit(());
        })
    };
    match entry {
        Entry::Line => html! { <hr class="menu-line" /> },
        Entry::Do { icon, label, run } => html! {
            <button type="button" class="menu-item" role="menuitem" tabindex="-1" onclick={click(run)}>
                <Icon name={*icon} size={16} />
                { label.clone() }
            </button>
        },
        Entry::Choice { label, chosen, run } => html! {
            <button type="button" class="menu-item" role="menuitemradio" tabindex="-1"
                aria-checked={chosen.to_string()} onclick={click(run)}>
                <span class="menu-mark">
                    if *chosen {
                        <Icon name={IconName::Check} size={16} />
                    }
                </span>
                { label.clone() }
            </button>
        },
    }
}

#[derive(Clone, Copy)]
enum Move {
    First,
    Last,
    Next,
    Before,
}

fn move_focus(root: &NodeRef, step: Move) {
    let Some(root) = root.cast::<Element>() else {
        return;
    };
    let Ok(items) = root.query_selector_all(".menu-item") else {
        return;
    };
    let count = items.length();
    if count == 0 {
        return;
    }
    let focused: Option<Node> = gloo::utils::document().active_element().map(Node::from);
    let at = (0..count).find(|i| items.item(*i) == focused);
    let next = match (step, at) {
        (Move::First, _) | (Move::Next, None) => 0,
        (Move::Last, _) | (Move::Before, None) => count - 1,
        (Move::Next, Some(i)) => (i + 1) % count,
        (Move::Before, Some(i)) => (i + count - 1) % count,
    };
    let item = items
        .item(next)
        .and_then(|item| item.dyn_into::<HtmlElement>().ok());
    if let Some(item) = item {
        // Without focus the menu still works by pointer.
        let _ = item.focus();
    }
}

fn close_beside(open: &UseStateSetter<bool>, node: &NodeRef) -> EventListener {
    let (open, node) = (open.clone(), node.clone());
    EventListener::new(&gloo::utils::document(), "pointerdown", move |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let inside = node
            .cast::<Node>()
            .is_some_and(|root| root.contains(target.as_ref()));
        if !inside {
            open.set(false);
        }
    })
}
