//! Those who take messages: when they look, how many they take, and what they are given.

use archplay_kernel::{mix, ns_from_ms};
use archplay_model::Kind;
use archplay_model::catalogue::{function, station, worker};

use super::{LOOK, Queue};
use crate::compile::Compiler;
use crate::core::{Core, Notice};
use crate::plant::{NOBODY, NodeId, Way};

/// How often a consumer beyond a cut tries to look, at most.
const CUT_NS: u64 = 1_000_000_000;

/// Somebody who takes messages.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub way: Way,
    /// The operations that it runs.
    pub runs: Vec<usize>,
    /// Batches that it works on at once.
    pub places: u32,
    /// Messages that it takes at once.
    pub batch: u32,
    /// Time between two looks into an empty queue; 0 for at once.
    pub poll_ns: u64,
    /// When it looked last and found nothing.
    pub empty_ns: u64,
    /// Whether its next look is planned.
    pub planned: bool,
    /// Other queues that it takes from.
    pub rivals: Vec<NodeId>,
}

/// Messages that were taken together and are given back together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    pub consumer: u32,
    pub left: u32,
}

impl Queue {
    /// There is something to take: whoever has a place free will find it with the next look.
    pub(super) fn offer(&mut self, core: &mut Core) {
        let count = self.consumers.len();
        let first = self.turn;
        for i in 0..count {
            self.plan_look(core, (first + i) % count);
        }
    }

    /// Plans the next look of a consumer, if it would take something.
    pub(super) fn plan_look(&mut self, core: &mut Core, which: usize) {
        if self.consumers[which].planned || !self.wants(core, which) {
            return;
        }
        let consumer = &mut self.consumers[which];
        let now = core.now;
        let cut = core
            .links
            .get(consumer.way.link as usize)
            .is_some_and(|link| link.cut);
        let at = if cut {
            now + consumer.poll_ns.max(CUT_NS)
        } else if consumer.poll_ns == 0 {
            now
        } else {
            // Looks come in even steps after the last empty one.
            let steps = now
                .saturating_sub(consumer.empty_ns)
                .div_ceil(consumer.poll_ns);
            consumer.empty_ns + steps * consumer.poll_ns
        };
        if at <= now {
            return self.look(core, which);
        }
        consumer.planned = true;
        core.wake_node(self.node, LOOK + which as u32, at);
    }

    /// Whether a consumer has a place free and would find something.
    fn wants(&mut self, core: &Core, which: usize) -> bool {
        let consumer = &self.consumers[which];
        let board = &core.boards[consumer.way.node as usize];
        board.up && board.taken < consumer.places && self.next_topic(which).is_some()
    }

    /// The operation whose message a consumer would take next: the oldest.
    fn next_topic(&mut self, which: usize) -> Option<usize> {
        let store = &mut self.store;
        let runs = self.consumers[which].runs.iter().copied();
        runs.filter_map(|operation| Some((store.next_ns(operation)?, operation)))
            .min()
            .map(|(_, operation)| operation)
    }

    /// A consumer looks, and takes what it has places for.
    pub(super) fn look(&mut self, core: &mut Core, which: usize) {
        let way = self.consumers[which].way;
        let cut = core
            .links
            .get(way.link as usize)
            .is_some_and(|link| link.cut);
        if cut {
            return self.plan_look(core, which);
        }
        if core.boards[self.node as usize].up {
            while self.wants(core, which) {
                let Some(operation) = self.next_topic(which) else {
                    break;
                };
                self.take(core, which, operation);
            }
        }
        let board = &core.boards[way.node as usize];
        if board.taken < self.consumers[which].places {
            self.consumers[which].empty_ns = core.now;
        }
    }

    /// A consumer takes a batch of one operation.
    fn take(&mut self, core: &mut Core, which: usize, operation: usize) {
        let mut taken = std::mem::take(&mut self.scratch);
        taken.clear();
        let most = self.consumers[which].batch;
        self.store.take(operation, most, core.now, &mut taken);
        let size = taken.len() as u32;
        if size > 0 {
            self.turn = (which + 1) % self.consumers.len();
            let way = self.consumers[which].way;
            core.boards[way.node as usize].taken += 1;
            let batch = self.new_batch(Batch {
                consumer: which as u32,
                left: size,
            });
            for index in &taken {
                self.deliver(core, way, *index, batch, size);
            }
            self.set_timer(core);
            self.show(core);
        }
        self.scratch = taken;
    }

    fn new_batch(&mut self, batch: Batch) -> u32 {
        if let Some(index) = self.free_batches.pop() {
            self.batches[index as usize] = batch;
            return index;
        }
        self.batches.push(batch);
        self.batches.len() as u32 - 1
    }

    /// Sends a message to the one who took it.
    fn deliver(&mut self, core: &mut Core, way: Way, index: u32, batch: u32, size: u32) {
        let Some(message) = self.store.get_mut(index) else {
            return;
        };
        message.batch = batch;
        let message = *message;
        self.counts.redelivered +=
            u64::from(message.receives > 1 && core.stats.in_focus(message.published_ns));
        let ask = self.work[message.operation as usize];
        let tag = u64::from(index) << 32 | u64::from(batch);
        let key = mix(message.key, u64::from(message.receives));
        let mut call = core.own_call(self.node, tag, ask, way.node, key);
        (call.origin, call.person) = (message.origin, message.person);
        call.row = message.row;
        if core.plant.nodes[way.node as usize].kind == Kind::Worker {
            // Which batch it belongs to is in the tag; how many messages there are in it here.
            call.need = size.min(u32::from(u16::MAX)) as u16;
        }
        core.send(call, way, NOBODY);
    }

    /// A batch has one message less in hand; after the last its place is free.
    pub(super) fn give_back(&mut self, core: &mut Core, batch: u32) {
        let Some(entry) = self.batches.get_mut(batch as usize) else {
            return;
        };
        entry.left = entry.left.saturating_sub(1);
        if entry.left > 0 {
            return;
        }
        let which = entry.consumer as usize;
        self.free_batches.push(batch);
        let consumer = self.consumers[which].way.node;
        let board = &mut core.boards[consumer as usize];
        board.taken = board.taken.saturating_sub(1);
        if self.consumers[which].rivals.is_empty() {
            return self.look_at_once(core, which);
        }
        // A place goes round the queues it takes from, so that none is starved.
        for rival in self.consumers[which].rivals.clone() {
            core.tell_one(rival, consumer, Notice::PlaceFree);
        }
        core.tell_one(self.node, consumer, Notice::PlaceFree);
    }

    /// A consumer that has just finished something does not wait for its next look.
    pub(super) fn look_at_once(&mut self, core: &mut Core, which: usize) {
        if core.boards[self.consumers[which].way.node as usize].up {
            self.look(core, which);
        }
    }
}

/// What a queue knows of one that takes from it; `None` for a queue of dead letters.
pub(super) fn consumer(compiler: &Compiler<'_>, node: NodeId, way: Way) -> Option<Consumer> {
    let id = &compiler.plant.nodes[way.node as usize].id;
    let component = compiler.design.get(id)?;
    let (places, batch, poll_ns) = match component.kind {
        Kind::Worker => (
            component.count(&worker::WORKERS),
            component.count(&worker::BATCH),
            ns_from_ms(component.number(&worker::POLL_MS)),
        ),
        Kind::Function => (component.count(&function::QUOTA), 1, 0),
        Kind::Station => match component.count(&station::WORKERS) {
            0 => (u32::MAX, 1, 0),
            workers => (workers, 1, 0),
        },
        _ => return None,
    };
    let operations = &compiler.scenario.operations;
    let runs = operations.iter().enumerate().filter(|(_, operation)| {
        component.kind == Kind::Station || compiler.placement.runs(way.node as usize, &operation.id)
    });
    let askers = compiler.plant.nodes[way.node as usize].askers.iter();
    let rivals = askers.copied().filter(|other| {
        *other != node && compiler.plant.nodes[*other as usize].kind == Kind::Queue
    });
    Some(Consumer {
        way,
        runs: runs.map(|(i, _)| i).collect(),
        places,
        batch,
        poll_ns,
        empty_ns: 0,
        planned: false,
        rivals: rivals.collect(),
    })
}
