//! The desk: the drawing of the place one is at is opened, watched and kept.

use std::cell::Cell;
use std::rc::Rc;

use archplay_model::Design;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;
use yew::prelude::*;

use super::load::{self, Opening};
use super::ops;
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::files;
use crate::app::lang::{tr, use_lang};
use crate::app::lesson::data::{Remote, use_course};
use crate::app::number::read_number;
use crate::app::route::{Desk, Route, navigate, use_route};
use crate::app::session::{Dispatch, use_dispatch, use_document};
use crate::app::store::keeper::{Keeper, Listeners, Notice, SaveState};
use crate::app::store::record::DrawingRecord;
use crate::app::store::shelf::Shelf;

const CHANNEL: &str = "archplay";

/// What the page knows of the desk.
#[derive(Clone, PartialEq)]
pub struct DeskState {
    /// Whether the open drawing is kept.
    pub save: SaveState,
    /// Rises when the shelf has changed, here or in another tab.
    pub shelf_revision: u32,
    /// What can be done. Never changes once the shelf is open.
    pub actions: DeskActions,
}

/// What can be done with drawings. Cheap to clone.
#[derive(Clone)]
pub struct DeskActions {
    keeper: Option<Keeper>,
    reload: Callback<()>,
    changed: Callback<(String, f64)>,
}

impl PartialEq for DeskActions {
    fn eq(&self, other: &Self) -> bool {
        self.keeper.is_some() == other.keeper.is_some()
    }
}

impl DeskActions {
    /// The shelf, once it is open.
    pub fn shelf(&self) -> Option<Shelf> {
        self.keeper.as_ref().map(Keeper::shelf)
    }

    /// The id of the open drawing.
    pub fn open_id(&self) -> Option<String> {
        let open = self.keeper.as_ref()?.open()?;
        Some(open.record.id)
    }

    /// Keeps what is on the screen, now.
    pub async fn flush(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.flush().await;
        }
    }

    /// Opens a kept drawing at its place; `here` is the place one is at.
    pub fn open(&self, record: &DrawingRecord, here: Desk) {
        load::remember(record.desk(), &record.id);
        self.go(record.desk(), here);
    }

    /// Begins a new drawing in the free playground.
    pub fn new_free(&self, here: Desk) {
        load::ask_for_new(Desk::Free);
        self.go(Desk::Free, here);
    }

    /// Begins a new drawing at a place.
    pub fn begin(&self, desk: Desk, here: Desk) {
        load::ask_for_new(desk);
        self.go(desk, here);
    }

    /// Begins a new drawing in the free playground with what is given. Not kept until it is changed.
    pub fn open_new(&self, design: Design, here: Desk) {
        self.open_new_at(Desk::Free, design, here);
    }

    /// Begins a new drawing at a place with what is given. Not kept until it is changed.
    pub fn open_new_at(&self, desk: Desk, design: Design, here: Desk) {
        load::ask_for_given(desk, design);
        self.go(desk, here);
    }

    /// Opens what is there after the open drawing was thrown away.
    pub fn open_next(&self, here: Desk) {
        if let Some(keeper) = &self.keeper {
            keeper.watch(None, Rc::default());
        }
        load::forget(here);
        self.reload.emit(());
    }

    fn go(&self, desk: Desk, here: Desk) {
        navigate(Route::Desk(desk));
        if desk == here {
            self.reload.emit(());
        }
    }

    /// Tells the lists, here and in other tabs, that a drawing was changed on the shelf.
    pub fn tell_changed(&self, id: &str, modified_ms: f64) {
        self.changed.emit((id.to_owned(), modified_ms));
    }
}

/// Returns the desk.
#[hook]
pub fn use_desk() -> DeskState {
    use_context::<DeskState>().unwrap_or_else(|| DeskState {
        save: SaveState::Opening,
        shelf_revision: 0,
        actions: DeskActions {
            keeper: None,
            reload: Callback::noop(),
            changed: Callback::noop(),
        },
    })
}

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the context.
    pub children: Html,
}

/// Opens, watches and keeps the drawing of the place one is at.
#[component]
pub fn DeskProvider(props: &ProviderProps) -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    let dispatch = use_dispatch();
    let desk = use_route().desk;
    let course = use_course();
    let task = course.task();
    let lesson_failed = matches!(course.lesson, Remote::Failed(_));
    let keeper = use_state(|| None::<Keeper>);
    let save = use_state_eq(|| SaveState::Opening);
    let shelf_revision = use_state_eq(|| 0_u32);
    let reload = use_state_eq(|| 0_u32);

    let bump_shelf = use_callback((), {
        let revision = shelf_revision.clone();
        move |(), ()| revision.set(*revision + 1)
    });
    let bump_reload = use_callback((), {
        let reload = reload.clone();
        move |(), ()| reload.set(*reload + 1)
    });
    let channel = use_memo((), |()| BroadcastChannel::new(CHANNEL).ok());
    let changed = use_callback((), {
        let (channel, bump) = (channel.clone(), bump_shelf.clone());
        move |(id, modified_ms): (String, f64), ()| {
            if let Some(channel) = &*channel {
                // Other tabs that do not hear of it find out when they save.
                let _ = channel.post_message(&format!("{modified_ms}|{id}").into());
            }
            bump.emit(());
        }
    });

    use_effect_with((), {
        let (keeper, save) = (keeper.clone(), save.setter());
        let on_notice = notice_teller(toasts.clone(), dispatch.clone());
        let changed = changed.clone();
        move |()| {
            spawn_local(async move {
                let listeners = Listeners {
                    on_state: Callback::from(move |state| save.set(state)),
                    on_notice,
                    on_kept: changed,
                };
                let made = Keeper::new(Shelf::open().await, listeners);
                made.recover().await;
                keeper.set(Some(made));
            });
        }
    });
    use_effect_with(((*keeper).clone().map(Same), lang), |(keeper, lang)| {
        if let Some(keeper) = keeper {
            keeper.0.set_copy_suffix(&tr(*lang, "drawings.other_tab"));
        }
    });
    use_effect_with((*keeper).clone().map(Same), |keeper| {
        let listeners = keeper.clone().map(|keeper| leave_listeners(&keeper.0));
        move || drop(listeners)
    });
    use_effect_with((*keeper).clone().map(Same), {
        let (toasts, bump, reload) = (toasts.clone(), bump_shelf, bump_reload.clone());
        move |keeper| {
            let listener = (*channel)
                .clone()
                .zip(keeper.clone())
                .map(|(channel, keeper)| {
                    EventListener::new(&channel, "message", move |event| {
                        bump.emit(());
                        if changed_elsewhere(event, &keeper.0) {
                            let toast = Toast::done(say("drawings.changed_elsewhere"))
                                .with_action(say("drawings.load_it"), reload.clone());
                            toasts.emit(toast);
                        }
                    })
                });
            move || drop(listener)
        }
    });

    let opened = use_mut_ref(|| None::<(Desk, u32)>);
    let deps = (
        (*keeper).clone().map(Same),
        desk,
        *reload,
        (task, lesson_failed),
    );
    use_effect_with(deps, {
        let (dispatch, toasts) = (dispatch.clone(), toasts.clone());
        move |(keeper, desk, reload, (task, lesson_failed))| {
            let alive = Rc::new(Cell::new(true));
            let now = (*desk, *reload);
            if let Some(Same(keeper)) = keeper.clone()
                && *opened.borrow() != Some(now)
            {
                // Until this one is open none is: a way back to the last place opens it anew.
                *opened.borrow_mut() = None;
                let opening = Opening {
                    keeper,
                    desk: *desk,
                    task: task.clone(),
                    lesson_failed: *lesson_failed,
                    dispatch,
                    toasts,
                    lang,
                    alive: alive.clone(),
                };
                spawn_local(async move {
                    if opening.run().await {
                        *opened.borrow_mut() = Some(now);
                    }
                });
            }
            move || alive.set(false)
        }
    });

    let state = DeskState {
        save: (*save).clone(),
        shelf_revision: *shelf_revision,
        actions: DeskActions {
            keeper: (*keeper).clone(),
            reload: bump_reload,
            changed,
        },
    };
    html! {
        <ContextProvider<DeskState> context={state}>
            { props.children.clone() }
            if let Some(keeper) = &*keeper {
                <Autosave keeper={Same(keeper.clone())} />
            }
        </ContextProvider<DeskState>>
    }
}

/// A keeper; there is only one.
#[derive(Clone)]
struct Same(Keeper);

impl PartialEq for Same {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Properties, PartialEq)]
struct AutosaveProps {
    keeper: Same,
}

/// Shows the keeper every version of the drawing. Renders with each edit, and nothing else does for it.
#[component]
fn Autosave(props: &AutosaveProps) -> Html {
    let document = use_document();
    use_effect_with(
        (document.revision, props.keeper.clone()),
        move |(_, keeper)| {
            keeper.0.see(&document.design);
        },
    );
    Html::default()
}

fn leave_listeners(keeper: &Keeper) -> [EventListener; 2] {
    let window = gloo::utils::window();
    let document = gloo::utils::document();
    let hide = {
        let keeper = keeper.clone();
        EventListener::new(&window, "pagehide", move |_| keeper.leave())
    };
    let hidden = {
        let (keeper, document) = (keeper.clone(), document.clone());
        EventListener::new(&document.clone(), "visibilitychange", move |_| {
            if document.visibility_state() == web_sys::VisibilityState::Hidden {
                keeper.leave();
            }
        })
    };
    [hide, hidden]
}

/// Whether another tab has kept a version of the open drawing that this one has not seen.
fn changed_elsewhere(event: &Event, keeper: &Keeper) -> bool {
    let text = event
        .dyn_ref::<web_sys::MessageEvent>()
        .and_then(|event| event.data().as_string())
        .unwrap_or_default();
    let Some((stamp, id)) = text.split_once('|') else {
        return false;
    };
    let stamp = read_number(stamp);
    keeper
        .open()
        .is_some_and(|open| open.record.id == id && open.seen_ms != stamp)
}

fn notice_teller(toasts: Callback<Toast>, dispatch: Dispatch) -> Callback<Notice> {
    Callback::from(move |notice: Notice| {
        let toast = match notice {
            Notice::NotKept(error) => {
                let export = {
                    let dispatch = dispatch.clone();
                    Callback::from(move |()| files::export_design(&dispatch.design()))
                };
                let text = say(format!("save.{}", error.slug()));
                Toast::bad(text).with_action(say("files.export"), export)
            }
            Notice::Forked { name, open } => {
                if open {
                    // Too long a name stays as it is; the list shows the other one.
                    let _ = ops::rename(&dispatch, &name);
                }
                Toast::bad(say_with("drawings.forked", &[("name", &name)]))
            }
            Notice::Recovered(name) => {
                Toast::done(say_with("drawings.recovered", &[("name", &name)]))
            }
        };
        toasts.emit(toast);
    })
}
