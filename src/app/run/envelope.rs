//! The wrapping that gloo-worker 0.6 puts around messages, seen from the page.
//!
//! The worker is served by gloo-worker. The page speaks to it itself, because gloo's bridge hides the
//! `Worker` object, and without that neither its death can be heard nor can it be killed. The order of
//! the variants is the format; the worker's own tests and the end-to-end tests fail if it moves.

use archplay_protocol::Packet;
use serde::{Deserialize, Serialize};

/// The number by which the worker knows its caller; there is one caller.
const CALLER: usize = 0;

/// What goes to the worker.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub enum ToEnvelope {
    /// A caller is there.
    Connected(usize),
    /// It says something.
    ProcessInput(usize, Packet),
    /// It has left.
    Disconnected(usize),
    /// The worker is to end.
    Destroy,
}

/// What comes from the worker.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub enum FromEnvelope {
    /// It listens now.
    WorkerLoaded,
    /// It says something.
    ProcessOutput(usize, Packet),
}

impl ToEnvelope {
    /// The greeting.
    #[must_use]
    pub const fn hello() -> Self {
        Self::Connected(CALLER)
    }

    /// Wraps a message.
    #[must_use]
    pub const fn input(packet: Packet) -> Self {
        Self::ProcessInput(CALLER, packet)
    }
}
