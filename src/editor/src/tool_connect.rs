//! Drawing a link: by dragging, by clicks, or with the keyboard.

use archplay_model::Id;

use crate::connect::candidates;
use crate::{Command, ConnectMode, Connecting, EditRefusal, Editor, Outcome, Point, Tool};

impl Editor {
    /// Begins to draw a link from a card.
    pub fn start_connect(&mut self, from: &Id, mode: ConnectMode) -> bool {
        if self.design.get(from).is_none_or(|c| c.kind.is_group()) {
            return false;
        }
        self.cancel();
        let candidates = candidates(&self.design, from);
        // Another card comes to mind before the card itself.
        let possible = candidates
            .iter()
            .filter(|c| c.refusal.is_none())
            .min_by_key(|c| c.id == *from);
        let target = match mode {
            ConnectMode::Keyboard => possible.or(candidates.first()).map(|c| c.id.clone()),
            ConnectMode::Drag | ConnectMode::Click => None,
        };
        self.tool = Tool::Connect(Connecting {
            from: from.clone(),
            mode,
            candidates: candidates.into(),
            target,
            pointer: None,
        });
        true
    }

    pub(crate) fn connect_move(&mut self, at: Point) {
        let over = self.card_at(at).cloned();
        if let Tool::Connect(connecting) = &mut self.tool {
            connecting.pointer = Some(at);
            let over = over.filter(|id| connecting.candidates.iter().any(|c| c.id == *id));
            if over.is_some() || connecting.mode != ConnectMode::Keyboard {
                connecting.target = over;
            }
        }
    }

    pub(crate) fn connect_up(&mut self, at: Point) -> Result<Outcome, EditRefusal> {
        let over = self.card_at(at).cloned();
        let Tool::Connect(connecting) = &mut self.tool else {
            return Ok(Outcome::default());
        };
        if over.as_ref() == Some(&connecting.from) && connecting.mode == ConnectMode::Drag {
            // Let go where it began: the next click chooses the target.
            connecting.mode = ConnectMode::Click;
            return Ok(Outcome::default());
        }
        if over.is_none() {
            self.cancel();
            return Ok(Outcome::default());
        }
        self.confirm_connect()
    }

    /// Draws the link to the chosen target and leaves the tool.
    ///
    /// # Errors
    /// Why it cannot be drawn.
    pub fn confirm_connect(&mut self) -> Result<Outcome, EditRefusal> {
        let Tool::Connect(connecting) = self.tool.clone() else {
            return Ok(Outcome::default());
        };
        let Some(to) = connecting.target else {
            return Ok(Outcome::default());
        };
        self.tool = Tool::default();
        self.apply(Command::Connect {
            from: connecting.from,
            to,
        })
    }
}
