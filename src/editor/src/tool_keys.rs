//! What keys do to the tool at hand.

use std::collections::BTreeSet;

use archplay_model::{Id, LinkKey};

use crate::reading_order::{neighbour, reading_order};
use crate::{
    Command, Direction, EditRefusal, Editor, GRID, Outcome, Placing, SelectState, Selection, Tool,
};

/// How many grid steps an arrow key with Shift moves.
const LARGE_STEP: f64 = 10.0;

/// A key that the canvas hands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolKey {
    /// An arrow; with Shift ten times as far.
    Arrow(Direction, bool),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// The next (or, with Shift, the one before) in reading order.
    Next(bool),
    /// The next (or, with Shift, the one before) among the links of a card.
    Link(bool),
}

impl Editor {
    /// Handles a key. The flag says whether it was of use; if not, it is someone else's.
    ///
    /// # Errors
    /// Why what Enter confirmed is refused.
    pub fn key(&mut self, key: ToolKey) -> Result<(bool, Outcome), EditRefusal> {
        let nothing = |used: bool| Ok((used, Outcome::default()));
        match (key, self.tool.clone()) {
            (ToolKey::Escape, _) => nothing(self.escape()),
            (ToolKey::Arrow(direction, large), Tool::Select(SelectState::Idle)) => {
                nothing(self.nudge(direction, large))
            }
            (ToolKey::Next(back), Tool::Select(SelectState::Idle)) => {
                nothing(self.select_next(back))
            }
            (ToolKey::Link(back), Tool::Select(SelectState::Idle)) => {
                nothing(self.select_link(back))
            }
            (ToolKey::Enter, Tool::Place(Placing { kind, at })) => {
                self.tool = Tool::default();
                let placed = match at {
                    Some(at) => self.place(kind, at),
                    None => self.place_in_view(kind),
                };
                placed.map(|outcome| (true, outcome))
            }
            (ToolKey::Enter, Tool::Connect(connecting)) => {
                if let Some(refusal) = connecting.chosen().and_then(|c| c.refusal.clone()) {
                    // The tool stays, so that another target can be chosen.
                    return Err(refusal);
                }
                self.confirm_connect().map(|outcome| (true, outcome))
            }
            (ToolKey::Arrow(direction, _), Tool::Connect(connecting)) => {
                let ids: Vec<_> = connecting.candidates.iter().map(|c| c.id.clone()).collect();
                let start = connecting.target.as_ref().unwrap_or(&connecting.from);
                if let Some(next) = neighbour(&self.design, start, direction, &ids) {
                    self.choose_target(next);
                }
                nothing(true)
            }
            (ToolKey::Next(back), Tool::Connect(connecting)) => {
                let ids: Vec<_> = connecting.candidates.iter().map(|c| c.id.clone()).collect();
                if let Some(next) = after(&ids, connecting.target.as_ref(), back) {
                    self.choose_target(next);
                }
                nothing(true)
            }
            (ToolKey::Arrow(..) | ToolKey::Next(_), Tool::Place(_))
            | (ToolKey::Arrow(..) | ToolKey::Next(_) | ToolKey::Enter, Tool::Select(_))
            | (ToolKey::Link(_), _) => nothing(false),
        }
    }

    /// Escape: leaves what the tool is doing; if it does nothing, goes from a link back to the card from
    /// which keys have reached it, else drops the selection. Returns whether there was anything to leave.
    pub fn escape(&mut self) -> bool {
        if self.cancel() {
            return true;
        }
        if let Some(card) = self.reached_from().cloned() {
            self.select(Selection::component(card));
            return true;
        }
        let had = !self.selection.is_empty();
        self.select(Selection::default());
        had
    }

    /// Moves the selection by one grid step, or ten. Returns whether there was anything to move.
    pub fn nudge(&mut self, direction: Direction, large: bool) -> bool {
        let ids = self.selection.components.clone();
        if ids.is_empty() {
            return false;
        }
        let step = if large { GRID * LARGE_STEP } else { GRID };
        let (sx, sy) = direction.step();
        self.apply(Command::Nudge {
            ids,
            dx: sx * step,
            dy: sy * step,
        })
        .is_ok()
    }

    /// Selects the next component in reading order, or the one before; from a link that keys have reached
    /// it goes on at their card. False at the end, so that the focus can go on.
    pub fn select_next(&mut self, back: bool) -> bool {
        let ids = reading_order(&self.design, |_| true);
        let current = self.selection.components.first();
        let current = current.or_else(|| self.reached_from());
        let at = current.and_then(|id| ids.iter().position(|i| i == id));
        let next = match (at, back) {
            (None, false) => ids.first(),
            (None, true) => ids.last(),
            (Some(at), false) => ids.get(at + 1),
            (Some(at), true) => at.checked_sub(1).and_then(|at| ids.get(at)),
        };
        match next.cloned() {
            Some(id) => {
                self.select(Selection::component(id));
                true
            }
            None => false,
        }
    }

    /// Selects the next link of the selected card, or the one before, around their end: first those that
    /// leave it, then those that arrive. From a link it goes on among those of the card it was reached
    /// from, or else of the one it leaves. With nothing selected it begins with the links of the whole
    /// drawing. False if there is no link.
    pub fn select_link(&mut self, back: bool) -> bool {
        let current = self.selection.single_link().cloned();
        let card = self.reached_from().cloned();
        let card = card.or_else(|| current.as_ref().map(|link| link.from.clone()));
        let card = card.or_else(|| self.selection.components.first().cloned());
        let links = self.links_of(card.as_ref());
        let Some(link) = after(&links, current.as_ref(), back) else {
            return false;
        };
        let card = card.unwrap_or_else(|| link.from.clone());
        self.select(Selection::link(link.clone()));
        self.reached = Some((link, card));
        true
    }

    /// The card from which keys have reached the selected link.
    fn reached_from(&self) -> Option<&Id> {
        let (link, card) = self.reached.as_ref()?;
        (self.selection.single_link() == Some(link)).then_some(card)
    }

    /// The links of a card, those that leave it first, or of the whole drawing; in reading order of what
    /// is at their ends.
    fn links_of(&self, card: Option<&Id>) -> Vec<LinkKey> {
        let order = reading_order(&self.design, |_| true);
        let place = |id: &Id| order.iter().position(|other| other == id);
        let arrives = |link: &LinkKey| card.is_some_and(|card| link.from != *card);
        let mut links: Vec<_> = self
            .design
            .links
            .keys()
            .filter(|link| card.is_none_or(|card| link.from == *card || link.to == *card))
            .cloned()
            .collect();
        links.sort_by_cached_key(|link| (arrives(link), place(&link.from), place(&link.to)));
        links
    }

    /// Selects the component nearest in a direction from the selected one. False if there is none.
    pub fn select_towards(&mut self, direction: Direction) -> bool {
        let ids: Vec<_> = self.design.components.keys().cloned().collect();
        let from = self.selection.components.first().cloned();
        match from.and_then(|from| neighbour(&self.design, &from, direction, &ids)) {
            Some(id) => {
                self.select(Selection::component(id));
                true
            }
            None => false,
        }
    }

    /// All components in reading order, for the tab order of the drawing.
    #[must_use]
    pub fn reading_order(&self) -> Vec<Id> {
        reading_order(&self.design, |_| true)
    }

    fn choose_target(&mut self, id: Id) {
        if let Tool::Connect(connecting) = &mut self.tool {
            connecting.target = Some(id);
            connecting.pointer = None;
        }
    }

    /// The components that a command on the selection is about.
    #[must_use]
    pub fn selected_ids(&self) -> BTreeSet<Id> {
        self.selection.components.clone()
    }
}

/// The next in a list, around its end.
fn after<T: Clone + PartialEq>(list: &[T], current: Option<&T>, back: bool) -> Option<T> {
    let count = list.len();
    if count == 0 {
        return None;
    }
    let at = current.and_then(|c| list.iter().position(|i| i == c));
    let next = match (at, back) {
        (None, false) => 0,
        (None, true) => count - 1,
        (Some(at), false) => (at + 1) % count,
        (Some(at), true) => (at + count - 1) % count,
    };
    list.get(next).cloned()
}
