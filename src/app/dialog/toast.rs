//! Short messages at the lower edge. One live region, so that screen readers hear them too.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};

use super::said::Said;

/// How long a message stays, in milliseconds; messages with a button or bad news stay longer.
const SHORT_MS: u32 = 5_000;
const LONG_MS: u32 = 12_000;
/// How many are shown at once.
const MOST: usize = 3;

/// What kind of news it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something could not be done.
    Bad,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// What it says.
    pub text: Said,
    /// What kind of news it is.
    pub tone: Tone,
    /// A button and what it does.
    pub action: Option<(Said, Callback<()>)>,
    /// Further lines, such as warnings.
    pub details: Vec<Said>,
}

impl Toast {
    /// A message that something was done.
    pub const fn done(text: Said) -> Self {
        Self {
            text,
            tone: Tone::Done,
            action: None,
            details: Vec::new(),
        }
    }

    /// A message that something could not be done.
    pub fn bad(text: Said) -> Self {
        Self {
            tone: Tone::Bad,
            ..Self::done(text)
        }
    }

    /// Adds a button.
    #[must_use]
    pub fn with_action(mut self, label: Said, run: Callback<()>) -> Self {
        self.action = Some((label, run));
        self
    }

    /// Adds further lines.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Said>) -> Self {
        self.details = details;
        self
    }

    fn stays_ms(&self) -> Option<u32> {
        match (self.tone, self.details.is_empty()) {
            // Warnings and bad news are read at leisure and closed by hand.
            (Tone::Bad, _) | (_, false) => None,
            (Tone::Done, true) if self.action.is_some() => Some(LONG_MS),
            (Tone::Done, true) => Some(SHORT_MS),
        }
    }
}

enum Action {
    Show(Toast),
    Close(u32),
}

#[derive(Clone, Default, PartialEq)]
struct Shown {
    next: u32,
    list: Vec<(u32, Toast)>,
}

impl Reducible for Shown {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut shown = (*self).clone();
        match action {
            Action::Show(toast) => {
                // The same news again replaces itself rather than piling up.
                shown.list.retain(|(_, old)| old.text != toast.text);
                if shown.list.len() >= MOST {
                    shown.list.remove(0);
                }
                shown.list.push((shown.next, toast));
                shown.next += 1;
            }
            Action::Close(id) => shown.list.retain(|(other, _)| *other != id),
        }
        shown.into()
    }
}

/// Returns what shows a message. Never changes while the page lives.
#[hook]
pub fn use_toasts() -> Callback<Toast> {
    use_context::<Callback<Toast>>().unwrap_or_default()
}

/// What stands inside the provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What can show messages.
    pub children: Html,
}

/// Provides messages and shows them.
#[component]
pub fn ToastProvider(props: &ProviderProps) -> Html {
    let shown = use_reducer_eq(Shown::default);
    let show = use_callback((), {
        let dispatch = shown.dispatcher();
        move |toast: Toast, ()| dispatch.dispatch(Action::Show(toast))
    });
    let close = use_callback((), {
        let dispatch = shown.dispatcher();
        move |id: u32, ()| dispatch.dispatch(Action::Close(id))
    });
    html! {
        <ContextProvider<Callback<Toast>> context={show}>
            { props.children.clone() }
            <div class="toasts" role="status">
                for (id, toast) in &shown.list {
                    <ToastCard key={*id} id={*id} toast={toast.clone()} close={close.clone()} />
                }
            </div>
        </ContextProvider<Callback<Toast>>>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    id: u32,
    toast: Toast,
    close: Callback<u32>,
}

#[component]
fn ToastCard(props: &CardProps) -> Html {
    let lang = use_lang();
    let (id, toast) = (props.id, &props.toast);
    use_effect_with((), {
        let (close, stays) = (props.close.clone(), toast.stays_ms());
        move |()| {
            let timer = stays.map(|ms| Timeout::new(ms, move || close.emit(id)));
            move || drop(timer)
        }
    });
    let onclose = {
        let close = props.close.clone();
        Callback::from(move |_: MouseEvent| close.emit(id))
    };
    let action = toast.action.as_ref().map(|(label, run)| {
        let (run, close) = (run.clone(), props.close.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            run.emit(());
            close.emit(id);
        });
        html! { <button type="button" class="toast-action" {onclick}>{ label.text(lang) }</button> }
    });
    let tone = match toast.tone {
        Tone::Done => "toast-done",
        Tone::Bad => "toast-bad",
    };
    html! {
        <div class={classes!("toast-card", tone)}>
            <Icon name={if toast.tone == Tone::Bad { IconName::Alert } else { IconName::Check }} size={18} />
            <div class="toast-text">
                <p>{ toast.text.text(lang) }</p>
                if !toast.details.is_empty() {
                    <ul>
                        for line in &toast.details {
                            <li>{ line.text(lang) }</li>
                        }
                    </ul>
                }
            </div>
            { action }
            <button type="button" class="icon-btn" onclick={onclose}
                aria-label={tr(lang, "dialog.dismiss")} title={tr(lang, "dialog.dismiss")}>
                <Icon name={IconName::Close} size={18} />
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use archplay_text::Lang;

    use super::*;

    fn after(actions: Vec<Action>) -> Vec<String> {
        let shown = actions
            .into_iter()
            .fold(Rc::new(Shown::default()), |shown, action| {
                shown.reduce(action)
            });
        let texts = shown.list.iter().map(|(_, t)| t.text.text(Lang::Ko));
        texts.map(|text| text.to_string()).collect()
    }

    #[test]
    fn the_latest_few_stay() {
        let made = |text: &'static str| Said::made(Lang::Ko, move |_| text.into());
        let show = |text| Action::Show(Toast::done(made(text)));
        assert_eq!(after(vec![show("a"), show("b"), show("a")]), ["b", "a"]);
        assert_eq!(
            after(vec![show("a"), show("b"), show("c"), show("d")]),
            ["b", "c", "d"]
        );
        assert_eq!(after(vec![show("a"), show("b"), Action::Close(0)]), ["b"]);
    }
}
