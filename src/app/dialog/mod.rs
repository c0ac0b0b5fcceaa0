//! What floats over the page: dialogs, short messages, and the page shown after a crash.
//!
//! A dialog is the browser's own `<dialog>`: it traps the focus, closes with Esc and gives the focus
//! back. Must not live here: what a dialog is about.

pub mod crash;
mod host;
mod modal;
mod said;
mod toast;

pub use host::DialogHost;
pub use modal::Modal;
pub use said::{Said, say, say_with};
pub use toast::{Toast, ToastProvider, use_toasts};
