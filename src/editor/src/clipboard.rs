//! The clipboard's side of the editor: parts of a drawing as design JSON, which any text field can hold.

use archplay_model::format::{read_design, write_design};
use archplay_model::{Design, Rect};

use crate::geometry::to_grid;
use crate::nesting::with_content;
use crate::{Command, EditRefusal, Editor, Outcome, Point};

/// How far a copy is moved from its original.
const COPY_OFFSET: f64 = 24.0;

impl Editor {
    /// The selected components with all that is in them and the links between them; `None` if none is.
    #[must_use]
    pub fn fragment(&self) -> Option<Design> {
        let ids = with_content(&self.design, &self.selection.components);
        if ids.is_empty() {
            return None;
        }
        let mut out = Design {
            name: self.design.name.clone(),
            ..Design::default()
        };
        for id in &ids {
            if let Some(component) = self.design.get(id) {
                let mut copy = component.clone();
                copy.parent = copy.parent.filter(|parent| ids.contains(parent));
                out.components.insert(id.clone(), copy);
            }
        }
        for (key, link) in &self.design.links {
            if ids.contains(&key.from) && ids.contains(&key.to) {
                out.links.insert(key.clone(), link.clone());
            }
        }
        Some(out)
    }

    /// The selection as text for the clipboard.
    #[must_use]
    pub fn copy(&self) -> Option<String> {
        self.fragment().map(|fragment| write_design(&fragment))
    }

    /// Copies and removes the selection.
    pub fn cut(&mut self) -> Option<String> {
        let text = self.copy()?;
        self.remove_selection();
        Some(text)
    }

    /// Adds what a text from the clipboard holds, with its middle at a canvas point; without a point
    /// beside where it was. Texts are read with the limits of files.
    ///
    /// # Errors
    /// Why the text is no part of a drawing, or does not fit in any more.
    pub fn paste(&mut self, text: &str, at: Option<Point>) -> Result<Outcome, EditRefusal> {
        let (fragment, _) = read_design(text).map_err(EditRefusal::NotAFragment)?;
        let bounds: Rect = fragment.bounds().ok_or(EditRefusal::Empty)?;
        let (dx, dy) = match at {
            Some(at) => {
                let at = at.sane();
                let (x, y) = (at.x - bounds.w / 2.0, at.y - bounds.h / 2.0);
                (to_grid(x) - bounds.x, to_grid(y) - bounds.y)
            }
            None => self.free_offset(&fragment),
        };
        self.apply(Command::Paste { fragment, dx, dy })
    }

    /// As [`Editor::paste`] beside where it was, or into the middle of the view if that is out of sight.
    ///
    /// # Errors
    /// Why the text is no part of a drawing, or does not fit in any more.
    pub fn paste_in_view(&mut self, text: &str) -> Result<Outcome, EditRefusal> {
        let (fragment, _) = read_design(text).map_err(EditRefusal::NotAFragment)?;
        let bounds = fragment.bounds().ok_or(EditRefusal::Empty)?;
        let seen = self.camera.visible(self.viewport).intersects(&bounds);
        self.paste(text, (!seen).then(|| self.view_center()))
    }

    /// Copies the selection beside itself.
    ///
    /// # Errors
    /// When nothing is selected or the drawing is full.
    pub fn duplicate(&mut self) -> Result<Outcome, EditRefusal> {
        let fragment = self.fragment().ok_or(EditRefusal::Empty)?;
        let (dx, dy) = self.free_offset(&fragment);
        self.apply(Command::Paste { fragment, dx, dy })
    }

    /// The least offset at which no copy lies exactly on something.
    fn free_offset(&self, fragment: &Design) -> (f64, f64) {
        let taken = |by: f64| {
            fragment.components.values().any(|c| {
                let same = |o: &archplay_model::Component| {
                    (o.x - c.x - by).abs() < 1.0 && (o.y - c.y - by).abs() < 1.0
                };
                self.design.components.values().any(same)
            })
        };
        let steps = (0..20).map(|n| COPY_OFFSET * f64::from(n));
        let by = steps
            .into_iter()
            .find(|by| !taken(*by))
            .unwrap_or(COPY_OFFSET);
        (by, by)
    }
}
