//! Pictures and films of a news feed at the edge: each under a key of its own, several in one request.
//!
//! Only those that are not here are fetched. Two readers who miss the same picture at once fetch it twice.

use archplay_kernel::{Handle, mix, unit_of};

use super::{Cdn, MEDIA, PASSES};
use crate::core::Core;
use crate::plant::NOBODY;

/// Apart from the keys of files and reads.
const KEY: u64 = 0x006d_6564_6961;
/// Purpose of the draws of ages at the beginning.
const AGE: u64 = 0x0061_6765;

const fn key_of(row: u64) -> u64 {
    mix(row, KEY)
}

impl Cdn {
    /// Puts in the media of posts that are older than the run, as old as it happens to be.
    pub(super) fn warm_media(&mut self, core: &Core) {
        let (rows, factor) = core.warm_media();
        let scaled = (self.ttl_ns as f64 / factor) as u64;
        self.media_ttl_ns = if self.ttl_ns == 0 { 0 } else { scaled.max(1) };
        if self.media_ttl_ns == 0 {
            return;
        }
        let salt = core.plant.nodes[self.node as usize].salt;
        for row in rows {
            let key = key_of(row);
            let rest = 1.0 - unit_of(mix(mix(salt, AGE), key));
            let ttl = (self.media_ttl_ns as f64 * rest) as u64;
            self.kept.insert(key, core.now, ttl.max(1));
        }
    }

    /// A reader asks for the media of a page.
    pub(super) fn media(&mut self, core: &mut Core, handle: Handle) {
        let now = core.now;
        let rows = core.media_rows(handle).to_vec();
        if self.ttl_ns == 0 {
            return self.forward(core, handle, PASSES, NOBODY);
        }
        let (all, mut missing) = (rows.len() as u64, rows);
        missing.retain(|row| !self.kept.get(key_of(*row), now));
        let hits = all - missing.len() as u64;
        self.asked += all;
        self.hits += hits;
        if core.stats.in_focus(now) {
            self.focus.0 += hits;
            self.focus.1 += all;
        }
        if missing.is_empty() {
            let bytes = core.media_bytes(handle);
            self.serve(core, bytes);
            core.enter(handle);
            return core.finish(handle, Ok(()));
        }
        core.media_missing(handle, missing);
        self.forward(core, handle, MEDIA, NOBODY);
    }

    /// What was missing has come, and all goes to the reader.
    pub(super) fn keep_media(&mut self, core: &mut Core, handle: Handle) {
        for row in core.media_rows(handle) {
            self.kept.insert(key_of(*row), core.now, self.media_ttl_ns);
        }
        let bytes = core.media_bytes(handle);
        self.serve(core, bytes);
    }
}
