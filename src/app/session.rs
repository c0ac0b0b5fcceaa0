//! The open drawing: one editor for the page, seen through small contexts.
//!
//! Three contexts change apart from each other, so that panning never draws the inspector anew:
//! [`use_document`] (the design), [`use_selection`] and [`use_camera`]. [`use_dispatch`] never changes; it
//! changes the editor and reads it inside event handlers without subscribing to anything.
//! Must not live here: rules of editing (they are the editor's), storage, anything of a run.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_model::{Design, Id, LinkKey, Rect};
use yew::prelude::*;

/// What of the canvas is in view: a canvas point and the zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Canvas x at the view's left edge.
    pub x: f64,
    /// Canvas y at the view's top edge.
    pub y: f64,
    /// Screen pixels a canvas unit.
    pub zoom: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            x: -40.0,
            y: -40.0,
            zoom: 1.0,
        }
    }
}

impl Camera {
    /// The least and the greatest zoom.
    pub const ZOOM: (f64, f64) = (0.1, 4.0);

    /// The canvas point under a point of the view.
    pub fn to_canvas(self, x: f64, y: f64) -> (f64, f64) {
        (self.x + x / self.zoom, self.y + y / self.zoom)
    }

    /// The point of the view over a canvas point.
    pub fn to_view(self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.x) * self.zoom, (y - self.y) * self.zoom)
    }

    /// Zooms by a factor around a point of the view that stays where it is.
    #[must_use]
    pub fn zoomed(self, factor: f64, x: f64, y: f64) -> Self {
        let zoom = (self.zoom * factor).clamp(Self::ZOOM.0, Self::ZOOM.1);
        let (cx, cy) = self.to_canvas(x, y);
        Self {
            x: cx - x / zoom,
            y: cy - y / zoom,
            zoom,
        }
    }

    /// Shows all of a rectangle in a view of this size, never larger than life.
    #[must_use]
    pub fn fitting(rect: Rect, view: (f64, f64), margin: f64) -> Self {
        let room = |side: f64| (side - 2.0 * margin).max(40.0);
        let zoom = (room(view.0) / rect.w.max(1.0))
            .min(room(view.1) / rect.h.max(1.0))
            .clamp(Self::ZOOM.0, 1.0);
        let (cx, cy) = rect.center();
        Self {
            x: cx - view.0 / 2.0 / zoom,
            y: cy - view.1 / 2.0 / zoom,
            zoom,
        }
    }
}

/// What is selected, in the order of choosing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Components and groups.
    pub components: Vec<Id>,
    /// Links.
    pub links: Vec<LinkKey>,
}

impl Selection {
    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && self.links.is_empty()
    }
}

/// A change of the open drawing or of how it is looked at.
#[derive(Clone, Debug)]
pub enum EditorAction {
    /// Opens another drawing; the history begins anew.
    Load(Design),
    /// Selects exactly this.
    Select(Selection),
    /// Moves the view.
    SetCamera(Camera),
}

#[derive(Default)]
struct Editor {
    design: Rc<Design>,
    revision: u64,
    selection: Rc<Selection>,
    camera: Camera,
}

/// The design as it is now. Equal when nothing was edited in between.
#[derive(Clone)]
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

#[derive(Clone, PartialEq)]
struct View {
    document: Document,
    selection: Rc<Selection>,
    camera: Camera,
}

struct Shared {
    editor: RefCell<Editor>,
    notify: Callback<()>,
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
    pub fn apply(&self, action: EditorAction) {
        {
            let mut editor = self.0.editor.borrow_mut();
            match action {
                EditorAction::Load(design) => {
                    editor.design = Rc::new(design);
                    editor.revision += 1;
                    editor.selection = Rc::default();
                }
                EditorAction::Select(selection) => editor.selection = Rc::new(selection),
                EditorAction::SetCamera(camera) => editor.camera = camera,
            }
        }
        self.0.notify.emit(());
    }

    /// The design at this moment, for event handlers.
    pub fn design(&self) -> Rc<Design> {
        self.0.editor.borrow().design.clone()
    }

    /// The camera at this moment, for event handlers.
    pub fn camera(&self) -> Camera {
        self.0.editor.borrow().camera
    }

    fn view(&self) -> View {
        let editor = self.0.editor.borrow();
        View {
            document: Document {
                design: editor.design.clone(),
                revision: editor.revision,
            },
            selection: editor.selection.clone(),
            camera: editor.camera,
        }
    }
}

#[derive(Clone, PartialEq)]
struct CameraCtx(Camera);

/// Returns the drawing; the component renders again when it is edited.
#[hook]
pub fn use_document() -> Document {
    use_context::<Document>().unwrap_or_else(|| Document {
        design: Rc::default(),
        revision: 0,
    })
}

/// Returns the selection; the component renders again when it changes.
#[hook]
pub fn use_selection() -> Rc<Selection> {
    use_context::<Rc<Selection>>().unwrap_or_default()
}

/// Returns the camera; the component renders again with every step of panning and zooming.
#[hook]
pub fn use_camera() -> Camera {
    use_context::<CameraCtx>().map_or_else(Camera::default, |ctx| ctx.0)
}

/// Returns what changes the editor.
#[hook]
pub fn use_dispatch() -> Dispatch {
    let outside = use_memo((), |()| Shared {
        editor: RefCell::default(),
        notify: Callback::noop(),
    });
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
    let shared = use_memo((), |()| Shared {
        editor: RefCell::default(),
        notify: Callback::from(move |()| trigger.force_update()),
    });
    let dispatch = Dispatch(shared);
    let view = dispatch.view();
    html! {
        <ContextProvider<Dispatch> context={dispatch}>
            <ContextProvider<Document> context={view.document}>
                <ContextProvider<Rc<Selection>> context={view.selection}>
                    <ContextProvider<CameraCtx> context={CameraCtx(view.camera)}>
                        { props.children.clone() }
                    </ContextProvider<CameraCtx>>
                </ContextProvider<Rc<Selection>>>
            </ContextProvider<Document>>
        </ContextProvider<Dispatch>>
    }
}
