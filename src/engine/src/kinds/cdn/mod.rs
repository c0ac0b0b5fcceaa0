//! Content delivery network: keeps answers near the visitors, under real keys, so that the hit ratio is a
//! result.
//!
//! Static files are kept by operation and leg; answers to reads that are the same for everyone by operation
//! and rows, if it is told to (`keys`). All edges together are one store without a limit of size. Those who
//! miss the same key at once wait for one fetch.

mod keys;
mod media;

use archplay_kernel::{Handle, KeyStore, Policy, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::cdn as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use self::keys::Keys;
use super::Behaviour;
use super::proxy::{Proxy, hand_back, seen};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Outcome, Phase};
use crate::keyed::Keyed;
use crate::plant::{Ask, NOBODY, NodeId};
use crate::stats::columns::Sink;

/// Stages of a call in here.
const PASSES: u8 = 1;
const FETCHES: u8 = 2;
pub(super) const WAITS: u8 = 3;
const MEDIA: u8 = 4;

/// Something that is being fetched, and who waits for it.
#[derive(Clone, Debug, Default)]
struct Fetch {
    key: u64,
    waiting: Vec<Handle>,
}

#[derive(Clone, Debug)]
pub(crate) struct Cdn {
    node: NodeId,
    ttl_ns: u64,
    /// The same for media: through one of the sample pass the requests of all that it stands for.
    media_ttl_ns: u64,
    keys: Keys,
    kept: KeyStore,
    proxy: Proxy,
    /// Which fetch brings a key.
    coming: Keyed<u32>,
    fetches: Vec<Fetch>,
    free: Vec<u32>,
    /// Answers from the edge, and requests for what can be kept: in this bucket, and in the focus window.
    hits: u64,
    asked: u64,
    bytes: u64,
    focus: (u64, u64),
}

impl Cdn {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let timeout = ns_from_secs(component.number(&spec::ORIGIN_TIMEOUT_SECS));
        let reads = component.text(&spec::CACHEABLE) == "static_and_reads";
        Self {
            node,
            ttl_ns: ns_from_secs(component.number(&spec::TTL_SECS)),
            media_ttl_ns: 0,
            keys: Keys::new(compiler, reads),
            kept: KeyStore::new(Policy::Ttl { sliding: false }, None),
            proxy: Proxy::new(node, timeout, |call| call.stage != WAITS),
            coming: Keyed::default(),
            fetches: Vec::new(),
            free: Vec::new(),
            hits: 0,
            asked: 0,
            bytes: 0,
            focus: (0, 0),
        }
    }

    /// Bytes go to a visitor.
    fn serve(&mut self, core: &mut Core, bytes: u64) {
        self.bytes += bytes;
        core.boards[self.node as usize].bytes_out += bytes;
    }

    /// Sends a call on to the origin.
    fn forward(&mut self, core: &mut Core, handle: Handle, stage: u8, fetch: u32) {
        let Some(way) = super::next_way(core, handle, self.node, NOBODY) else {
            if stage == FETCHES {
                self.end_fetch(core, fetch, Err(Reason::NoRoute), 0);
            }
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        core.enter(handle);
        let Some(call) = core.call(handle) else {
            return;
        };
        (call.stage, call.held) = (stage, fetch);
        let ask = call.ask;
        self.proxy.forward(core, handle, (way, NOBODY), ask);
    }

    /// A miss: fetches what is missing, or waits for whoever fetches it already.
    fn miss(&mut self, core: &mut Core, handle: Handle, key: u64) {
        if let Some(fetch) = self.coming.get(key, core.now) {
            core.enter(handle);
            if let Some(call) = core.call(handle) {
                (call.stage, call.held) = (WAITS, fetch);
            }
            self.fetches[fetch as usize].waiting.push(handle);
            return;
        }
        let fetch = self.free.pop().unwrap_or_else(|| {
            self.fetches.push(Fetch::default());
            self.fetches.len() as u32 - 1
        });
        self.fetches[fetch as usize].key = key;
        self.coming.put(key, core.now, u64::MAX, fetch);
        self.forward(core, handle, FETCHES, fetch);
    }

    /// A fetch has ended: everyone who waits for it gets the same answer.
    fn end_fetch(&mut self, core: &mut Core, fetch: u32, result: Outcome, value: u64) {
        let plan = &mut self.fetches[fetch as usize];
        let key = plan.key;
        let mut waiting = std::mem::take(&mut plan.waiting);
        self.coming.remove(key);
        if result.is_ok() {
            self.kept.insert(key, core.now, self.ttl_ns);
        }
        for handle in waiting.drain(..) {
            let Some(call) = core.call(handle) else {
                continue;
            };
            if call.phase != Phase::Inside || call.stage != WAITS || call.held != fetch {
                continue;
            }
            call.value = value;
            let ask = call.ask;
            if result.is_ok() {
                let bytes = self.keys.bytes(core, ask);
                self.serve(core, bytes);
            }
            core.finish(handle, result);
        }
        // The list keeps its memory for the next fetch.
        self.fetches[fetch as usize].waiting = waiting;
        self.free.push(fetch);
    }
}

impl Behaviour for Cdn {
    fn begin(&mut self, core: &mut Core) {
        self.proxy.begin(core, 0);
        self.warm_media(core);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle).copied() else {
            return;
        };
        let check = call.ask == core.plant.health;
        if !check {
            core.stats.rate(self.node);
        }
        if !core.boards[self.node as usize].up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        if check {
            // The edges are there; what is behind them is checked there.
            return core.finish(handle, Ok(()));
        }
        if matches!(
            core.plant.asks[call.ask as usize],
            Ask::Media { upload: false, .. }
        ) {
            return self.media(core, handle);
        }
        let Some(key) = self.keys.key(core, &call) else {
            return self.forward(core, handle, PASSES, NOBODY);
        };
        let counts = core.stats.in_focus(core.now);
        let hit = self.kept.get(key, core.now);
        self.asked += 1;
        self.hits += u64::from(hit);
        self.focus.0 += u64::from(hit && counts);
        self.focus.1 += u64::from(counts);
        if hit {
            let bytes = self.keys.bytes(core, call.ask);
            self.serve(core, bytes);
            core.enter(handle);
            core.finish(handle, Ok(()))
        } else if self.ttl_ns == 0 {
            // Nothing may be kept, so nobody may get another's answer either.
            self.forward(core, handle, PASSES, NOBODY);
        } else {
            self.miss(core, handle, key);
        }
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let (stage, fetch) = (call.stage, call.held);
        if answer.result.is_ok() {
            let bytes = self.keys.bytes(core, answer.ask);
            self.serve(core, bytes);
        }
        if stage == MEDIA && answer.result.is_ok() {
            self.keep_media(core, handle);
        }
        hand_back(core, handle, answer);
        if stage == FETCHES {
            self.end_fetch(core, fetch, seen(answer.result), answer.value);
        }
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        while let Some(handle) = self.proxy.timed_out(core) {
            let late = core.calls.get(handle).map(|call| (call.stage, call.held));
            core.fail(handle, Reason::GatewayTimeout504, self.node);
            if let Some((FETCHES, fetch)) = late {
                self.end_fetch(core, fetch, Err(Reason::GatewayTimeout504), 0);
            }
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        match action {
            FaultAction::Kill if on => {
                self.kept.clear();
                self.coming.clear();
                self.fetches.clear();
                self.free.clear();
                self.proxy.clear();
                core.drop_inside(node, None, Reason::ConnectionLost);
            }
            FaultAction::Expire if on => {
                let count = self.kept.len(core.now) as u32;
                self.kept.clear();
                core.note(EventCode::Expired, node, count, 0);
            }
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let ratio = self.hits as f64 / self.asked as f64;
        let megabytes = self.bytes as f64 / 1e6 / (span_ns as f64 / 1e9);
        (self.hits, self.asked, self.bytes) = (0, 0, 0);
        sink.component(core, self.node, Metric::HitRatio, ratio);
        sink.component(core, self.node, Metric::Egress, megabytes);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        let (hits, asked) = self.focus;
        if asked > 0 {
            out.push((Measure::HitRatio, hits as f64 / asked as f64));
        }
    }
}
