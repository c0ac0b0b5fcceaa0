//! "My drawings": all that the browser keeps, with the trash.

use std::rc::Rc;

use archplay_text::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::desk::{DeskActions, use_desk};
use super::ops;
use super::row::{Row, RowAction};
use super::shelf_ops;
use crate::app::dialog::{Modal, Toast, say, say_with, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::{Desk, Route, navigate, use_route};
use crate::app::session::{Dispatch, use_dispatch};
use crate::app::store::record::DrawingRecord;
use crate::app::store::shelf::SaveError;

/// What the list knows: nothing yet, the drawings, or why not.
type Listed = Option<Result<Rc<Vec<DrawingRecord>>, SaveError>>;

/// The dialog with all drawings.
#[component]
pub fn DrawingsDialog() -> Html {
    let lang = use_lang();
    let here = use_route().desk;
    let desk = use_desk();
    let toasts = use_toasts();
    let dispatch = use_dispatch();
    let listed = use_state(|| None::<Result<Rc<Vec<DrawingRecord>>, SaveError>>);
    let trash = use_state_eq(|| false);

    use_effect_with((desk.shelf_revision, desk.actions.clone()), {
        let listed = listed.setter();
        move |(_, actions)| {
            let actions = actions.clone();
            spawn_local(async move {
                if let Some(shelf) = actions.shelf() {
                    // What is on the screen belongs into the list as it is.
                    actions.flush().await;
                    listed.set(Some(shelf.list().await.map(Rc::new)));
                }
            });
        }
    });

    let close = use_callback(here, |(), here| navigate(Route::Desk(*here)));
    let act = {
        let work = Work {
            here,
            actions: desk.actions.clone(),
            dispatch,
            toasts,
        };
        use_callback((lang, here, desk.actions.clone()), {
            move |(record, action): (DrawingRecord, RowAction), _| work.start(record, action)
        })
    };
    let new = {
        let (actions, close) = (desk.actions.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            actions.new_free(here);
        })
    };
    let show = |value: bool| {
        let trash = trash.clone();
        Callback::from(move |_: MouseEvent| trash.set(value))
    };
    let count = |trashed: bool| match &*listed {
        Some(Ok(records)) => records.iter().filter(|r| r.is_trashed() == trashed).count(),
        _ => 0,
    };
    let tab = |value: bool, key: &str| {
        let selected = *trash == value;
        html! {
            <button type="button" class="tab" role="tab" aria-selected={selected.to_string()}
                onclick={show(value)}>
                { trf(lang, key, &[("count", &count(value).to_string())]) }
            </button>
        }
    };
    html! {
        <Modal title={tr(lang, "drawings.title")} onclose={close} class="modal-wide">
            <div class="drawings-head">
                <div class="tabs" role="tablist">
                    { tab(false, "drawings.kept") }
                    { tab(true, "drawings.trash") }
                </div>
                <button type="button" class="btn" onclick={new}>
                    <Icon name={IconName::Plus} size={16} />
                    { tr(lang, "bar.new") }
                </button>
            </div>
            { body(lang, &listed, *trash, desk.actions.open_id().as_deref(), &act) }
            <p class="modal-note">{ tr(lang, "drawings.where") }</p>
        </Modal>
    }
}

fn body(
    lang: Lang,
    listed: &Listed,
    trash: bool,
    open: Option<&str>,
    act: &Callback<(DrawingRecord, RowAction)>,
) -> Html {
    let records = match listed {
        None => {
            return html! { <p class="drawings-empty" role="status">{ tr(lang, "drawings.loading") }</p> };
        }
        Some(Err(error)) => {
            let text = tr(lang, &format!("save.{}", error.slug()));
            return html! { <p class="drawings-empty" role="alert">{ text }</p> };
        }
        Some(Ok(records)) => records,
    };
    let shown: Vec<&DrawingRecord> = records.iter().filter(|r| r.is_trashed() == trash).collect();
    if shown.is_empty() {
        let key = if trash {
            "drawings.trash_empty"
        } else {
            "drawings.empty"
        };
        return html! { <p class="drawings-empty">{ tr(lang, key) }</p> };
    }
    html! {
        <ul class="drawings">
            for record in shown {
                <Row key={record.id.clone()} record={record.clone()} act={act.clone()}
                    open={open == Some(record.id.as_str())} />
            }
        </ul>
    }
}

/// What the rows ask for, done.
#[derive(Clone)]
struct Work {
    here: Desk,
    actions: DeskActions,
    dispatch: Dispatch,
    toasts: Callback<Toast>,
}

impl Work {
    fn start(&self, record: DrawingRecord, action: RowAction) {
        let work = self.clone();
        spawn_local(async move {
            if let Err(error) = work.run(record, action).await {
                let text = say(format!("save.{}", error.slug()));
                work.toasts.emit(Toast::bad(text));
            }
        });
    }

    async fn run(&self, record: DrawingRecord, action: RowAction) -> Result<(), SaveError> {
        let Some(shelf) = self.actions.shelf() else {
            return Ok(());
        };
        let is_open = self.actions.open_id().as_deref() == Some(record.id.as_str());
        match action {
            RowAction::Open => {
                self.actions.flush().await;
                self.actions.open(&record, self.here);
                if is_open {
                    navigate(Route::Desk(self.here));
                }
                return Ok(());
            }
            RowAction::Rename(name) if is_open => {
                // The keeper sees it and keeps it like any other change.
                // The field allows no name that is too long.
                let _ = ops::rename(&self.dispatch, &name);
                return Ok(());
            }
            RowAction::Rename(name) => shelf_ops::rename(&shelf, &record, &name).await?,
            RowAction::Duplicate => {
                shelf_ops::duplicate(&shelf, &record).await?;
            }
            RowAction::Trash => {
                if is_open {
                    self.actions.flush().await;
                }
                shelf_ops::trash(&shelf, &record.id).await?;
                if is_open {
                    self.actions.open_next(self.here);
                }
                self.offer_restore(&record);
            }
            RowAction::Restore => shelf_ops::restore(&shelf, &record.id).await?,
            RowAction::Delete => shelf.delete(&record.id).await?,
        }
        self.actions.tell_changed(&record.id, record.modified_ms);
        Ok(())
    }

    fn offer_restore(&self, record: &DrawingRecord) {
        let (work, again) = (self.clone(), record.clone());
        let restore = Callback::from(move |()| work.start(again.clone(), RowAction::Restore));
        let args = [("name", record.name.as_str())];
        let toast = Toast::done(say_with("drawings.trashed", &args))
            .with_action(say("drawings.restore"), restore);
        self.toasts.emit(toast);
    }
}
