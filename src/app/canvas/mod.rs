//! The canvas: the drawing, live figures on it, and the hands that change it.
//!
//! Layers from back to front, each an `<svg>` of its own: dots, groups, links, live links, cards, live cards,
//! marks of interaction. All follow one camera. Must not live here: rules of editing (the editor's), where
//! figures come from (`run`), what a parameter means (the catalogue's).

mod announce;
mod card;
mod cards;
mod controls;
mod feed_path;
mod figure;
mod groups;
mod hands;
mod hint;
mod keys;
mod layer;
mod links;
mod live_cards;
mod minimap;
mod names;
mod overlay;
mod path;
mod place;
mod rename;
mod secondary;
mod stage;
mod still;
mod text;
mod tip;

pub use archplay_model::{CARD_H, CARD_W};
pub use stage::Canvas;
pub use still::{Same, Still};
