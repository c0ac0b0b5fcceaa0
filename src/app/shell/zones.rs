//! Which zones of the page are open and how large they are; kept in the browser.
//!
//! Any room may ask [`use_zones`] and change a zone by its `apply`. Must not live here: what the zones show.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::number::read_number;
use crate::app::store::local;

const KEY: &str = "archplay/zones";

/// Width of the lesson panel in pixels.
pub const LESSON_W: (f64, f64) = (340.0, 420.0);
/// Share of the room below the bar that the charts take.
pub const CHARTS_H: (f64, f64) = (0.25, 0.5);

/// Zones of a phone, one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The lesson.
    Read,
    /// The drawing and the run strip.
    #[default]
    Run,
    /// The charts.
    Watch,
}

impl Pane {
    /// All panes in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Read, Self::Run, Self::Watch];

    /// The name in text keys and in `data-pane`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Run => "run",
            Self::Watch => "watch",
        }
    }

    /// The one after it or before it; none beyond the ends.
    pub fn beside(self, after: bool) -> Option<Self> {
        let place = Self::ALL.iter().position(|pane| *pane == self)?;
        let place = if after {
            place + 1
        } else {
            place.checked_sub(1)?
        };
        Self::ALL.get(place).copied()
    }
}

/// The state of all zones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Whether the lesson stands beside the canvas.
    pub lesson_open: bool,
    /// Its width in pixels.
    pub lesson_width: f64,
    /// Whether the lesson's drawer is out, on screens where it is a drawer.
    pub drawer_open: bool,
    /// Whether the charts are open.
    pub charts_open: bool,
    /// Their share of the height.
    pub charts_share: f64,
    /// Large type, one zone at a time.
    pub present: bool,
    /// The zone that the projector shows.
    pub stage: Pane,
    /// Whether cards carry the AWS names.
    pub aws_captions: bool,
    /// Whether the minimap is shown.
    pub minimap: bool,
    /// Whether the calculation of a news feed is open.
    pub envelope_open: bool,
    /// Whether the phone with somebody's news feed stands beside the drawing.
    pub phone_open: bool,
    /// The zone a phone shows.
    pub pane: Pane,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            lesson_open: true,
            lesson_width: 360.0,
            drawer_open: false,
            charts_open: false,
            charts_share: 0.36,
            present: false,
            stage: Pane::Read,
            aws_captions: false,
            minimap: true,
            envelope_open: false,
            phone_open: false,
            pane: Pane::default(),
        }
    }
}

/// A change of the zones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ZoneAction {
    /// Opens or folds the lesson beside the canvas.
    ToggleLesson,
    /// Opens or closes the lesson's drawer, on screens where it is one.
    ToggleDrawer,
    /// Closes the lesson's drawer.
    CloseDrawer,
    /// Sets the width of the lesson, in pixels.
    LessonWidth(f64),
    /// Opens or closes the charts.
    ToggleCharts,
    /// Opens the charts.
    OpenCharts,
    /// Sets the charts' share of the height.
    ChartsShare(f64),
    /// Large type on or off.
    TogglePresent,
    /// Shows a zone on the projector.
    Stage(Pane),
    /// AWS names on or off.
    ToggleAws,
    /// The minimap on or off.
    ToggleMinimap,
    /// Opens or closes the calculation of a news feed.
    Envelope(bool),
    /// Opens or closes the phone with somebody's news feed.
    TogglePhone,
    /// Shows a zone on a phone.
    Show(Pane),
}

impl Layout {
    /// The layout after a change.
    #[must_use]
    pub fn after(mut self, action: ZoneAction) -> Self {
        match action {
            ZoneAction::ToggleLesson => self.lesson_open = !self.lesson_open,
            ZoneAction::ToggleDrawer => self.drawer_open = !self.drawer_open,
            ZoneAction::CloseDrawer => self.drawer_open = false,
            ZoneAction::LessonWidth(width) => {
                self.lesson_width = width.clamp(LESSON_W.0, LESSON_W.1);
                self.lesson_open = true;
            }
            ZoneAction::ToggleCharts => self.charts_open = !self.charts_open,
            ZoneAction::OpenCharts => self.charts_open = true,
            ZoneAction::ChartsShare(share) => {
                self.charts_share = share.clamp(CHARTS_H.0, CHARTS_H.1);
            }
            ZoneAction::TogglePresent => self.present = !self.present,
            ZoneAction::Stage(pane) => self.stage = pane,
            ZoneAction::ToggleAws => self.aws_captions = !self.aws_captions,
            ZoneAction::ToggleMinimap => self.minimap = !self.minimap,
            ZoneAction::Envelope(open) => self.envelope_open = open,
            ZoneAction::TogglePhone => self.phone_open = !self.phone_open,
            ZoneAction::Show(pane) => self.pane = pane,
        }
        self
    }

    fn to_text(self) -> String {
        let flag = u8::from;
        format!(
            "1 {} {} {} {} {} {}",
            flag(self.lesson_open),
            self.lesson_width,
            flag(self.charts_open),
            self.charts_share,
            flag(self.aws_captions),
            flag(self.minimap)
        )
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        if parts.next()? != "1" {
            return None;
        }
        let mut number = || read_number(parts.next()?);
        let mut layout = Self {
            lesson_open: number()? != 0.0,
            ..Self::default()
        };
        layout.lesson_width = number()?.clamp(LESSON_W.0, LESSON_W.1);
        layout.charts_open = number()? != 0.0;
        layout.charts_share = number()?.clamp(CHARTS_H.0, CHARTS_H.1);
        layout.aws_captions = number()? != 0.0;
        layout.minimap = number()? != 0.0;
        Some(layout)
    }
}

impl Reducible for Layout {
    type Action = ZoneAction;

    fn reduce(self: Rc<Self>, action: ZoneAction) -> Rc<Self> {
        let next = self.after(action);
        if next == *self { self } else { Rc::new(next) }
    }
}

/// The zones and the way to change them.
#[derive(Clone, PartialEq)]
pub struct Zones {
    /// How they are now.
    pub layout: Layout,
    apply: Callback<ZoneAction>,
}

impl Zones {
    /// Changes a zone.
    pub fn apply(&self, action: ZoneAction) {
        self.apply.emit(action);
    }
}

/// Returns the zones; outside of the shell they never change.
#[hook]
pub fn use_zones() -> Zones {
    use_context::<Zones>().unwrap_or_else(|| Zones {
        layout: Layout::default(),
        apply: Callback::noop(),
    })
}

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the zones.
    pub children: Html,
}

/// Provides the zones and keeps their sizes.
#[component]
pub fn ZonesProvider(props: &ProviderProps) -> Html {
    let layout = use_reducer_eq(|| {
        local::get(KEY)
            .and_then(|text| Layout::from_text(&text))
            .unwrap_or_default()
    });
    use_effect_with(*layout, |layout| {
        // A browser that keeps nothing begins with the usual sizes next time.
        local::set(KEY, &layout.to_text());
    });
    use_effect_with(layout.present, |present| {
        if let Some(root) = gloo::utils::document().document_element() {
            // A root element that refuses an attribute leaves nothing to repair.
            let _ = if *present {
                root.set_attribute("data-present", "")
            } else {
                root.remove_attribute("data-present")
            };
        }
    });
    let apply = {
        let dispatcher = layout.dispatcher();
        use_callback((), move |action, ()| dispatcher.dispatch(action))
    };
    let zones = Zones {
        layout: *layout,
        apply,
    };
    html! {
        <ContextProvider<Zones> context={zones}>{ props.children.clone() }</ContextProvider<Zones>>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_survive_a_reload_and_stay_in_their_bounds() {
        let layout = Layout::default()
            .after(ZoneAction::LessonWidth(9_000.0))
            .after(ZoneAction::ChartsShare(0.0))
            .after(ZoneAction::ToggleAws);
        assert_eq!(layout.lesson_width, LESSON_W.1);
        assert_eq!(layout.charts_share, CHARTS_H.0);
        assert_eq!(Layout::from_text(&layout.to_text()), Some(layout));
        assert_eq!(Pane::Read.beside(true), Some(Pane::Run));
        assert_eq!(Pane::Read.beside(false), None);
        assert_eq!(Pane::Watch.beside(true), None);
        assert_eq!(Layout::from_text("1 0 NaN"), None);
        assert_eq!(Layout::from_text("2 0 1"), None);
    }
}
