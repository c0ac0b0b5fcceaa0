//! An object store: a while until the first byte, then the bytes at the bandwidth of one transfer; many
//! transfers do not slow each other down, but there is a limit of requests a second.
//!
//! What is written goes to linked buckets (`copying`), and queues and functions are told of it (`events`).

mod events;

use archplay_kernel::{Handle, ns_from_ms, ns_from_ns};
use archplay_model::catalogue::object_store as spec;
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};
use archplay_report::{EventCode, Measure, Metric, Reason};

use self::events::Events;
use super::Behaviour;
use super::bucket::{Bucket, Rate};
use super::copying::{self, Copying};
use super::shelf::{Shelf, Turn, bytes_of, count_far, statement_of, turned_away};
use crate::compile::Compiler;
use crate::core::{Answer, Core};
use crate::plant::{Ask, NodeId};
use crate::stats::columns::Sink;

/// Names in one answer to a request for a list, as in S3.
const LISTED: f64 = 1_000.0;

/// What a call takes.
#[derive(Clone, Copy, Debug)]
struct Size {
    bytes: u64,
    requests: f64,
    /// Requests for lists among them, which come one after the other before the rest.
    lists: f64,
}

/// An object store.
#[derive(Clone, Debug)]
pub(crate) struct ObjectStore {
    node: NodeId,
    first_byte_ns: u64,
    ns_per_byte: f64,
    rate: Rate,
    bucket: Bucket,
    shelf: Shelf,
    events: Events,
    /// In this bucket.
    bytes: u64,
    refused: u64,
    noted: bool,
}

impl ObjectStore {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let per_sec = component.number(&spec::RATE_PER_SEC);
        let rate = Rate::new(per_sec, per_sec.max(1.0));
        let mbps = component.number(&spec::TRANSFER_MBPS);
        Self {
            node,
            first_byte_ns: ns_from_ms(component.number(&spec::FIRST_BYTE_MS)),
            ns_per_byte: 8_000.0 / mbps,
            rate,
            bucket: Bucket::full(rate, 0),
            // Whoever has written reads it at once.
            shelf: Shelf::new(node, 0).copying(Copying::new(compiler, component, node)),
            events: Events::new(compiler, component, node),
            bytes: 0,
            refused: 0,
            noted: false,
        }
    }

    /// What a call takes; `None` if it is about nothing that an object store has.
    fn size(&self, core: &mut Core, handle: Handle) -> Option<Size> {
        let of = |bytes: u64, requests: f64| Size {
            bytes,
            requests,
            lists: 0.0,
        };
        let ask = core.call(handle)?.ask;
        match core.plant.asks[ask as usize] {
            Ask::Files { bytes, objects, .. } => Some(of(bytes, f64::from(objects.max(1)))),
            _ => {
                let statement = statement_of(&core.plant, ask)?;
                let media = core.plant.feed.as_ref().map(|plan| plan.media);
                if media == Some(statement.dataset) {
                    let count = core.media_rows(handle).len();
                    if count > 0 {
                        return Some(of(core.media_size(count), count as f64));
                    }
                }
                let dataset = &core.plant.datasets[statement.dataset as usize];
                if let Some(looked) = statement.looked_at(dataset.rows) {
                    // It knows names alone: who searches lists them and fetches one object after the other.
                    let lists = (looked / LISTED).ceil();
                    return Some(Size {
                        bytes: (looked * f64::from(dataset.row_bytes)) as u64,
                        requests: looked + lists,
                        lists,
                    });
                }
                Some(of(bytes_of(&core.plant, statement), 1.0))
            }
        }
    }
}

impl ObjectStore {
    fn writes(&self, core: &mut Core, handle: Handle) -> bool {
        let ask = core.call(handle).map_or(0, |call| call.ask);
        statement_of(&core.plant, ask).is_some_and(|statement| statement.access.writes())
    }

    /// An object that another bucket has sent here: it takes the time of its bytes, and a request.
    fn take_in(&mut self, core: &mut Core, handle: Handle) {
        if !core.boards[self.node as usize].up || self.shelf.copying.is_none() {
            return core.finish(handle, Err(Reason::Refused));
        }
        if !self.bucket.has(self.rate, core.now, 1.0) {
            return core.finish(handle, Err(Reason::Unavailable503));
        }
        self.bucket.spend(1.0);
        core.enter(handle);
        let dataset = core.call(handle).map_or(0, |call| call.held);
        let bytes = core
            .plant
            .datasets
            .get(dataset as usize)
            .map_or(0, |d| d.row_bytes);
        let ns = self.first_byte_ns as f64 + f64::from(bytes) * self.ns_per_byte;
        core.wait(handle, ns_from_ns(ns * core.stretch(self.node)));
    }

    /// Takes so many requests, or fails the call.
    fn let_in(&mut self, core: &mut Core, handle: Handle, requests: f64) -> bool {
        if self.bucket.has(self.rate, core.now, requests) {
            self.bucket.spend(requests);
            return true;
        }
        self.refused += 1;
        if !std::mem::replace(&mut self.noted, true) {
            core.note(EventCode::Throttled, self.node, 0, 0);
        }
        core.fail(handle, Reason::Unavailable503, self.node);
        false
    }

    /// The objects of a page come side by side over one connection, as fast as requests are allowed.
    fn transfer(&self, core: &mut Core, handle: Handle, size: Size) {
        let begins = self.first_byte_ns as f64 * (1.0 + size.lists);
        let ns = begins + size.bytes as f64 * self.ns_per_byte + self.rate.ns_beyond(size.requests);
        core.wait(handle, ns_from_ns(ns * core.stretch(self.node)));
    }

    /// Events by operation that no consumer has worked on, for the checks.
    pub(crate) fn count_events(&self, out: &mut [u64]) {
        self.events.count(out);
    }
}

impl Behaviour for ObjectStore {
    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        if copying::brings_write(core, handle) {
            return self.take_in(core, handle);
        }
        if turned_away(core, handle, self.node) {
            return;
        }
        let Some(size) = self.size(core, handle) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        if self.shelf.read_only() && self.writes(core, handle) {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        Shelf::begin(core, handle);
        if self.let_in(core, handle, size.requests) {
            core.enter(handle);
            self.transfer(core, handle, size);
        }
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        if copying::brings_write(core, handle) {
            return self.shelf.take(core, handle);
        }
        let Some(size) = self.size(core, handle) else {
            return;
        };
        let plant = std::rc::Rc::clone(&core.plant);
        let Some(call) = core.call(handle) else {
            return;
        };
        let (ask, link) = (call.ask, call.link);
        if let Some(statement) = statement_of(&plant, ask) {
            match self.shelf.next_turn(core, handle, statement) {
                Turn::Ends => {}
                Turn::Waits => return,
                Turn::Writes => {
                    if self.let_in(core, handle, size.requests) {
                        self.transfer(core, handle, size);
                    }
                    return;
                }
            }
        }
        let from = plant.links.get(link as usize).map(|link| link.from);
        let visitor = from.is_some_and(|from| plant.nodes[from as usize].kind == Kind::Client);
        if visitor {
            core.boards[self.node as usize].bytes_out += size.bytes;
            self.bytes += size.bytes;
        } else {
            count_far(core, self.node, handle, size.bytes);
        }
        match statement_of(&plant, ask) {
            Some(statement) => {
                let written = self.shelf.written();
                self.shelf.end(core, handle, statement, false);
                if self.shelf.written() > written {
                    self.events.tell(core, handle);
                }
            }
            None => core.finish(handle, Ok(())),
        }
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        if answer.ask != core.plant.replicate {
            self.events.answered(core, answer);
        } else if let Some(copying) = &mut self.shelf.copying {
            copying.answered(core, answer);
        }
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag == events::RETRY_TIMER {
            self.events.retry(core);
        } else if let Some(copying) = &mut self.shelf.copying {
            copying.retry(core);
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if action == FaultAction::Kill && on {
            core.drop_inside(self.node, None, Reason::ConnectionLost);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let secs = span_ns.max(1) as f64 / 1e9;
        let bytes = std::mem::take(&mut self.bytes) as f64 / 1e6;
        let refused = std::mem::take(&mut self.refused) as f64;
        sink.component(core, self.node, Metric::Egress, bytes / secs);
        sink.component(core, self.node, Metric::Throttled, refused / secs);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        self.shelf.measures(out);
        self.events.measures(out);
    }
}
