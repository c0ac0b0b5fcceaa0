//! What a cache does with the calls that its processors have come to: look-ups, fetches, writes.

use archplay_kernel::{Handle, mix};
use archplay_model::scenario::Pick;
use archplay_report::Reason;

use super::shard::{key_of, life};
use super::{Cache, FETCHES, Mode, WAITS, WRITES};
use crate::core::{Answer, Core, MISS, Phase, Waiter};
use crate::kinds::shelf::older;
use crate::plant::{Access, Ask, AskId};

/// What a call in here is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub key: u64,
    pub row: u64,
    pub ask: AskId,
    pub access: Access,
    /// A version that its answer must not be older than.
    want: u64,
}

impl Cache {
    /// What a call wants; `None` if it is nothing that a cache has.
    pub(super) fn wish(&self, core: &mut Core, handle: Handle) -> Option<Wish> {
        let call = *core.call(handle)?;
        let Ask::Data { statement } = core.plant.asks[call.ask as usize] else {
            return None;
        };
        let statement = &core.plant.statements[statement as usize];
        Some(Wish {
            key: key_of(statement.dataset, call.row),
            row: call.row,
            ask: call.ask,
            access: statement.access,
            want: if statement.pick == Pick::Own {
                call.want
            } else {
                0
            },
        })
    }

    /// The processor has come to a call.
    pub(super) fn work(&mut self, core: &mut Core, handle: Handle) {
        if core.expired(handle) {
            return core.fail(handle, Reason::CallTimeout, self.node);
        }
        let Some(wish) = self.wish(core, handle) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        if self.is_down(wish.key) && !self.has_many(core, handle) {
            // It was on its way to the shard, or in its line.
            return core.fail(handle, Reason::ConnectionLost, self.node);
        }
        if self.work_on_feed(core, handle, wish) {
            return;
        }
        if wish.access.writes() {
            self.write(core, handle, wish);
        } else {
            self.read(core, handle, wish);
        }
    }

    fn read(&mut self, core: &mut Core, handle: Handle, wish: Wish) {
        let now = core.now;
        let ttl = self.life_of(core, wish.key);
        let dirty = self.behind.as_ref().is_some_and(|b| b.is_dirty(wish.key));
        let found = self.shard_of(wish.key).look(wish.key, now, ttl);
        let hit = dirty || found.is_some();
        self.bucket.0 += 1;
        self.bucket.1 += u64::from(hit);
        if core.stats.in_focus(now) {
            self.focus.0 += 1;
            self.focus.1 += u64::from(hit);
        }
        if dirty {
            // Newer than anything that the store has.
            return self.give(core, handle, found.unwrap_or(0), 0);
        }
        if let Some(version) = found {
            self.tell_if_outdated(core, handle, wish.key);
            return self.give(core, handle, version, wish.want);
        }
        if let Some(flights) = &mut self.flights
            && !flights.join(now, wish.key, handle, &mut core.queue)
        {
            if let Some(call) = core.call(handle) {
                call.stage = WAITS;
            }
            return;
        }
        self.fetch(core, handle, wish);
    }

    /// Answers with an item of this version, unless it is too old for this visitor.
    pub(super) fn give(&mut self, core: &mut Core, handle: Handle, version: u64, want: u64) {
        if older(version, want) {
            self.stale += u64::from(core.stats.in_focus(core.now));
            return core.fail(handle, Reason::StaleRead, self.node);
        }
        if let Some(call) = core.call(handle) {
            call.value = version;
        }
        core.finish(handle, Ok(()));
    }

    /// Gets a missing item: asks the store itself, or lets the asker do it.
    pub(super) fn fetch(&mut self, core: &mut Core, handle: Handle, wish: Wish) {
        let route = match self.mode {
            Mode::Aside => None,
            Mode::Through | Mode::Behind => core.route(self.node, wish.ask),
        };
        let Some(call) = core.call(handle) else {
            return;
        };
        match route {
            Some(route) => {
                call.stage = FETCHES;
                core.ask(handle, route, wish.ask, wish.row);
            }
            None => {
                call.value = MISS;
                core.finish(handle, Ok(()));
            }
        }
    }

    fn write(&mut self, core: &mut Core, handle: Handle, wish: Wish) {
        let now = core.now;
        let Some(route) = (self.mode != Mode::Aside)
            .then(|| core.route(self.node, wish.ask))
            .flatten()
        else {
            // Nobody behind it: what is written is here and nowhere else.
            self.own_version += 1;
            let version = self.own_version;
            self.put(core, wish.key, version);
            return self.give(core, handle, version, 0);
        };
        if let (Some(behind), Access::Write) = (&mut self.behind, wish.access) {
            behind.keep(core, wish.key, wish.ask, wish.row, 1);
            let ttl = self.life_of(core, wish.key);
            let leaked = self.leaked(now);
            let shard = self.shard_of(wish.key);
            let version = shard.look(wish.key, now, ttl).unwrap_or(0);
            shard.put(wish.key, version, now, ttl, leaked);
            return self.give(core, handle, 0, 0);
        }
        if let Some(call) = core.call(handle) {
            call.stage = WRITES;
        }
        core.ask(handle, route, wish.ask, wish.row);
    }

    pub(super) fn life_of(&self, core: &Core, key: u64) -> u64 {
        let salt = core.plant.nodes[self.node as usize].salt;
        life(
            self.feed.ttl_ns((key >> 48) as u32, self.ttl_ns),
            self.jitter,
            mix(mix(salt, key), core.now),
        )
    }

    /// Bytes of each shard's memory that another program has taken.
    pub(super) fn leaked(&self, now: u64) -> u64 {
        self.leak.map_or(0, |(since, per_ns)| {
            (now.saturating_sub(since) as f64 * per_ns / self.shards.len() as f64) as u64
        })
    }

    pub(super) fn put(&mut self, core: &Core, key: u64, version: u64) {
        if self.is_down(key) {
            return;
        }
        let (now, ttl, leaked) = (core.now, self.life_of(core, key), self.leaked(core.now));
        self.shard_of(key).put(key, version, now, ttl, leaked);
    }

    /// An operation that nobody waits for takes processor time as any other.
    pub(super) fn occupy(&mut self, core: &Core, key: u64) {
        if self.is_down(key) {
            return;
        }
        let ns = self.operation(core);
        self.shard_of(key).processor.take(core.now, ns);
    }

    /// What was missing is here: those who waited for it get it.
    pub(super) fn landed(&mut self, core: &mut Core, key: u64, version: u64) {
        while let Some(handle) = self.flights.as_mut().and_then(|f| f.next(key)) {
            if !waits(core, handle) {
                continue;
            }
            let want = self.wish(core, handle).map_or(0, |wish| wish.want);
            self.give(core, handle, version, want);
        }
        if let Some(flights) = &mut self.flights {
            flights.end(key);
        }
    }

    /// Whoever fetched an item has not brought it: the next of those who wait fetches.
    pub(super) fn next_fetches(&mut self, core: &mut Core, key: u64) {
        while let Some(handle) = self.flights.as_mut().and_then(|f| f.next(key)) {
            if !waits(core, handle) {
                continue;
            }
            if abandoned(core, handle) {
                // Would fetch for nobody, while the others wait for it.
                core.fail(handle, Reason::CallTimeout, self.node);
                continue;
            }
            if let Some(flights) = &mut self.flights {
                flights.lead(core.now, key, &mut core.queue);
            }
            if let Some(wish) = self.wish(core, handle) {
                return self.fetch(core, handle, wish);
            }
        }
        if let Some(flights) = &mut self.flights {
            flights.end(key);
        }
    }

    /// The store's answer to what a call had to ask it.
    pub(super) fn store_answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        let Some(stage) = core.call(handle).map(|call| call.stage) else {
            return;
        };
        let Some(wish) = self.wish(core, handle) else {
            return;
        };
        if self.store_answered_feed(core, handle, wish, answer) {
            return;
        }
        if stage == FETCHES {
            if let Err(reason) = answer.result {
                core.finish(handle, Err(reason));
                return self.next_fetches(core, wish.key);
            }
            self.occupy(core, wish.key);
            self.put(core, wish.key, answer.value);
            self.give(core, handle, answer.value, 0);
            return self.landed(core, wish.key, answer.value);
        }
        if stage != WRITES {
            return;
        }
        self.occupy(core, wish.key);
        match answer.result {
            Ok(()) => {
                // An insert makes a row that nobody has asked for yet.
                if !matches!(wish.access, Access::Insert { .. }) {
                    self.put(core, wish.key, answer.value);
                }
                self.give(core, handle, answer.value, 0);
            }
            Err(reason) => {
                // Nobody knows what the store has now.
                let now = core.now;
                self.shard_of(wish.key).forget(wish.key, now);
                core.finish(handle, Err(reason));
            }
        }
    }
}

/// Whether nobody waits for the answer to a call any more.
fn abandoned(core: &mut Core, handle: Handle) -> bool {
    core.expired(handle)
        || core
            .call(handle)
            .is_some_and(|call| call.waiter == Waiter::Nobody)
}

/// Whether a call still waits for somebody else's fetch.
fn waits(core: &mut Core, handle: Handle) -> bool {
    core.call(handle)
        .is_some_and(|call| call.stage == WAITS && call.phase == Phase::Inside)
}
