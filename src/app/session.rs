//! The open drawing: one editor for the page, seen through small contexts.
//!
//! The contexts change apart from each other, so that panning never draws the inspector anew:
//! [`use_document`] (the design between gestures), [`use_live_document`] (the design while it is dragged),
//! [`use_selection`], [`use_steps`] (undo and redo), [`use_interaction`] (tool, hover, overlay) and
//! [`use_camera`]. [`use_dispatch`] never changes; it changes the editor, and reads it inside event handlers
//! without subscribing to anything.
//! Must not live here: rules of editing (they are the editor's), storage, anything of a run.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_editor::{
    Camera, Command, EditRefusal, Editor, Hit, Modifiers, Outcome, Overlay, Point, Seen, Selection,
    Tool,
};
use archplay_model::Design;
use yew::prelude::*;

/// A change of the open drawing or of how it is looked at.
#[derive(Clone, Debug)]
pub enum EditorAction {
    /// Carries out a command.
    Do(Command),
    /// Takes the last step back.
    Undo,
    /// Makes the last undone step again.
    Redo,
    /// Opens another drawing and shows all of it; the history begins anew.
    Load(Design),
    /// Selects exactly this.
    Select(Selection),
    /// Shows the whole drawing.
    Fit,
}

/// The design. Equal when nothing was edited in between.
#[derive(Clone, Debug)]
pub struct Document {
    /// The drawing.
    pub design: Rc<Design>,
    /// Rises with every change of the drawing.
    pub revision: u64,
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision && Rc::ptr_eq(&self.design, &other.design)
    }
}

/// How far undo and redo reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// How many steps can be undone.
    pub undo: usize,
    /// How many can be redone.
    pub redo: usize,
    /// What undo takes back: the text is `edit.<slug>`.
    pub undo_slug: Option<&'static str>,
    /// What redo makes again.
    pub redo_slug: Option<&'static str>,
}

/// What pointer and keys are doing on the canvas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interaction {
    /// The tool at hand.
    pub tool: Tool,
    /// What the pointer is over.
    pub hover: Option<Hit>,
    /// What to draw over the drawing.
    pub overlay: Overlay,
}

struct Shared {
    editor: RefCell<Editor>,
    /// Whether the canvas has said how large it is; until then nothing can be fitted into it.
    measured: RefCell<bool>,
    notify: Callback<()>,
}

impl Shared {
    fn new(notify: Callback<()>) -> Self {
        Self {
            editor: RefCell::new(Editor::new(Design::default())),
            measured: RefCell::default(),
            notify,
        }
    }
}

/// Changes the editor. Compares by identity and never changes while the page lives.
#[derive(Clone)]
pub struct Dispatch(Rc<Shared>);

impl PartialEq for Dispatch {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Dispatch {
    /// Applies an action at once; the contexts follow with the next drawing of the page.
    ///
    /// # Errors
    /// The editor's refusal; nothing has changed then.
    pub fn apply(&self, action: EditorAction) -> Result<Outcome, EditRefusal> {
        let nothing = Ok(Outcome::default());
        self.update(|editor| match action {
            EditorAction::Do(command) => editor.apply(command),
            EditorAction::Undo => {
                editor.undo();
                nothing
            }
            EditorAction::Redo => {
                editor.redo();
                nothing
            }
            EditorAction::Load(design) => {
                let outcome = editor.apply(Command::Open { design });
                editor.fit();
                outcome
            }
            EditorAction::Select(selection) => {
                editor.select(selection);
                nothing
            }
            EditorAction::Fit => {
                editor.fit();
                nothing
            }
        })
    }

    /// Changes the editor by any of its methods.
    pub fn update<R>(&self, change: impl FnOnce(&mut Editor) -> R) -> R {
        let result = change(&mut self.0.editor.borrow_mut());
        self.0.notify.emit(());
        result
    }

    /// The pointer moves with nothing pressed; the contexts follow only if that changes anything.
    pub fn hover(&self, at: Point, modifiers: Modifiers) {
        let changed = {
            let mut editor = self.0.editor.borrow_mut();
            let before = (editor.hover().cloned(), editor.tool().clone());
            editor.pointer_move(at, modifiers);
            before.0.as_ref() != editor.hover() || before.1 != *editor.tool()
        };
        if changed {
            self.0.notify.emit(());
        }
    }

    /// Reads the editor as it is at this moment, for event handlers.
    pub fn read<R>(&self, look: impl FnOnce(&Editor) -> R) -> R {
        look(&self.0.editor.borrow())
    }

    /// The design at this moment.
    pub fn design(&self) -> Rc<Design> {
        self.read(|editor| editor.design().clone())
    }

    /// Tells how large the canvas is. A drawing that is seen as a whole stays so; else what is in the middle
    /// stays there.
    pub fn measure(&self, width: f64, height: f64) {
        let first = !self.0.measured.replace(true);
        self.update(|editor| {
            let (before_w, before_h) = editor.viewport();
            let camera = editor.camera();
            let whole = first || {
                editor.fit();
                let fitted = editor.camera();
                editor.set_camera(camera);
                fitted == camera
            };
            editor.set_viewport(width, height);
            if whole {
                editor.fit();
            } else {
                editor.pan((width - before_w) / 2.0, (height - before_h) / 2.0);
            }
        });
    }
}

#[derive(Clone, PartialEq)]
struct LiveDocument(Document);

#[derive(Clone, PartialEq)]
struct CameraCtx(Camera, (f64, f64));

/// Returns the drawing as it was before a gesture began, so that a drag renders nothing but the canvas.
#[hook]
pub fn use_document() -> Document {
    use_context::<Document>().unwrap_or_else(|| Document {
        design: Rc::default(),
        revision: 0,
    })
}

/// Returns the drawing as it is now, also in the middle of a gesture.
#[hook]
pub fn use_live_document() -> Document {
    use_context::<LiveDocument>().map_or_else(
        || Document {
            design: Rc::default(),
            revision: 0,
        },
        |live| live.0,
    )
}

/// Returns the selection; the component renders again when it changes.
#[hook]
pub fn use_selection() -> Rc<Selection> {
    use_context::<Rc<Selection>>().unwrap_or_default()
}

/// Returns how far undo and redo reach.
#[hook]
pub fn use_steps() -> Steps {
    use_context::<Steps>().unwrap_or_default()
}

/// Returns what pointer and keys are doing; the component renders again with every move that matters.
#[hook]
pub fn use_interaction() -> Rc<Interaction> {
    use_context::<Rc<Interaction>>().unwrap_or_default()
}

/// Returns the camera; the component renders again with every step of panning and zooming.
#[hook]
pub fn use_camera() -> Camera {
    use_context::<CameraCtx>().map_or_else(Camera::default, |ctx| ctx.0)
}

/// Returns the size of the canvas on the screen, in pixels.
#[hook]
pub fn use_viewport() -> (f64, f64) {
    use_context::<CameraCtx>().map_or((0.0, 0.0), |ctx| ctx.1)
}

/// Returns which part of the drawing is drawn; the component renders again when that changes.
#[hook]
pub fn use_seen() -> Seen {
    use_context::<Seen>().unwrap_or_default()
}

/// Returns what changes the editor.
#[hook]
pub fn use_dispatch() -> Dispatch {
    let outside = use_memo((), |()| Shared::new(Callback::noop()));
    use_context::<Dispatch>().unwrap_or(Dispatch(outside))
}

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the contexts.
    pub children: Html,
}

/// Owns the editor and provides its contexts.
#[component]
pub fn SessionProvider(props: &ProviderProps) -> Html {
    let trigger = use_force_update();
    let shared = use_memo((), |()| {
        Shared::new(Callback::from(move |()| trigger.force_update()))
    });
    let settled = use_mut_ref(|| None::<Document>);
    let kept = use_mut_ref(|| {
        (
            Rc::new(Selection::default()),
            Rc::new(Interaction::default()),
        )
    });

    let editor = shared.editor.borrow();
    let now = Document {
        design: editor.design().clone(),
        revision: editor.revision(),
    };
    let document = {
        let mut settled = settled.borrow_mut();
        if settled.is_none() || !editor.in_gesture() {
            *settled = Some(now.clone());
        }
        settled.clone().unwrap_or_else(|| now.clone())
    };
    let (undo, redo) = editor.steps();
    let steps = Steps {
        undo,
        redo,
        undo_slug: editor.undo_slug(),
        redo_slug: editor.redo_slug(),
    };
    let interaction = Interaction {
        tool: editor.tool().clone(),
        hover: editor.hover().cloned(),
        overlay: editor.overlay(),
    };
    // What is equal keeps its pointer, so that comparing contexts costs nothing.
    let (selection, interaction) = {
        let mut kept = kept.borrow_mut();
        if *kept.0 != *editor.selection() {
            kept.0 = Rc::new(editor.selection().clone());
        }
        if *kept.1 != interaction {
            kept.1 = Rc::new(interaction);
        }
        kept.clone()
    };
    let camera = CameraCtx(editor.camera(), editor.viewport());
    let seen = Seen::of(&camera.0, camera.1, now.design.components.len());
    drop(editor);
    html! {
        <ContextProvider<Dispatch> context={Dispatch(shared)}>
        <ContextProvider<Document> context={document}>
        <ContextProvider<LiveDocument> context={LiveDocument(now)}>
        <ContextProvider<Steps> context={steps}>
        <ContextProvider<Rc<Selection>> context={selection}>
        <ContextProvider<Rc<Interaction>> context={interaction}>
        <ContextProvider<CameraCtx> context={camera}>
        <ContextProvider<Seen> context={seen}>
            { props.children.clone() }
        </ContextProvider<Seen>>
        </ContextProvider<CameraCtx>>
        </ContextProvider<Rc<Interaction>>>
        </ContextProvider<Rc<Selection>>>
        </ContextProvider<Steps>>
        </ContextProvider<LiveDocument>>
        </ContextProvider<Document>>
        </ContextProvider<Dispatch>>
    }
}
