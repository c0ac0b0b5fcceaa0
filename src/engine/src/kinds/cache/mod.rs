//! A cache: keeps rows of datasets in memory, by shards with a processor each.
//!
//! Which rows are in, and how old they are, decides every hit and miss; the hit ratio is only counted. A row
//! that was overwritten in the store stays as it is until it is forgotten, expires or has to go. What the
//! asker does with a miss (it fetches, and brings what it found) lives with the asker.

mod behind;
mod flight;
mod shard;

use archplay_kernel::{Handle, Policy, mix, ns_from_ms, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::cache as spec;
use archplay_model::scenario::{FaultAction, Pick};
use archplay_report::{EventCode, Measure, Metric, Reason};

use self::behind::Behind;
use self::flight::Flights;
use self::shard::{ITEM_BYTES, Shard, key_of, life};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, MISS, Notice, Phase};
use crate::plant::{Access, Ask, AskId, NodeId};
use crate::stats::columns::Sink;

/// Stages of a call in here.
const AT_SHARD: u8 = 1;
const WAITS: u8 = 2;
const FETCHES: u8 = 3;
const WRITES: u8 = 4;

/// Timers.
const LATE: u32 = 0;
const BEHIND: u32 = 1;

/// Which shard a key belongs to.
const SHARD: u64 = 0x6361_6368_6531;

/// Who writes to the store, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Aside,
    Through,
    Behind,
}

/// What a call in here is about.
#[derive(Clone, Copy, Debug)]
struct Wish {
    key: u64,
    row: u64,
    ask: AskId,
    access: Access,
    /// A version that its answer must not be older than.
    want: u64,
}

/// A cache.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    node: NodeId,
    mode: Mode,
    shards: Vec<Shard>,
    operation_ns: f64,
    latency_ns: u64,
    ttl_ns: u64,
    jitter: f64,
    single_flight: bool,
    behind_ns: u64,
    flights: Option<Flights>,
    behind: Option<Behind>,
    /// Cores that another program wants, and memory that one takes: since when, bytes a nanosecond.
    hog: f64,
    leak: Option<(u64, f64)>,
    /// Versions of what is written here and nowhere else.
    own_version: u64,
    /// Look-ups and hits in the bucket, and in the focus window.
    bucket: (u64, u64),
    focus: (u64, u64),
    stale: u64,
}

impl Cache {
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let count = component.count(&spec::SHARDS).max(1) as usize;
        let sliding = component.text(&spec::SLIDING) == "yes";
        let (policy, renew) = match component.text(&spec::POLICY) {
            "lfu" => (Policy::LfuInCache, sliding),
            "lfu_perfect" => (Policy::LfuPerfect, sliding),
            _ if sliding => (Policy::Ttl { sliding }, false),
            _ => (Policy::Lru, false),
        };
        let entries = component.count(&spec::ENTRIES) as usize;
        let bytes = (component.number(&spec::MEMORY_MIB) * 1_048_576.0) as u64;
        let datasets = &compiler.plant.datasets;
        let sizes: Vec<u64> = datasets
            .iter()
            .map(|dataset| u64::from(dataset.row_bytes) + ITEM_BYTES)
            .collect();
        let shard = |i: usize| {
            // What does not divide goes to the first shards.
            let own = entries / count + usize::from(i < entries % count);
            Shard::new(
                policy,
                renew,
                (entries > 0).then_some(own),
                bytes / count as u64,
                sizes.clone(),
                compiler.plant.focus,
            )
        };
        Self {
            node,
            mode: match component.text(&spec::MODE) {
                "through" => Mode::Through,
                "behind" => Mode::Behind,
                _ => Mode::Aside,
            },
            shards: (0..count).map(shard).collect(),
            operation_ns: component.number(&spec::OPERATION_US) * 1e3,
            latency_ns: ns_from_ms(component.number(&spec::LATENCY_MS)),
            ttl_ns: ns_from_secs(component.number(&spec::TTL_SECS)),
            jitter: component.number(&spec::TTL_JITTER_PERCENT) / 100.0,
            single_flight: component.text(&spec::SINGLE_FLIGHT) == "yes",
            behind_ns: ns_from_ms(component.number(&spec::BEHIND_MS)),
            flights: None,
            behind: None,
            hog: 0.0,
            leak: None,
            own_version: 0,
            bucket: (0, 0),
            focus: (0, 0),
            stale: 0,
        }
    }

    fn shard_of(&mut self, key: u64) -> &mut Shard {
        let count = self.shards.len() as u64;
        let index = if count == 1 {
            0
        } else {
            mix(key, SHARD) % count
        };
        &mut self.shards[index as usize]
    }

    /// Processor time of one operation now.
    fn operation(&self, core: &Core) -> u64 {
        // A program beside it gets its share of the cores.
        let shared = 1.0 + self.hog / self.shards.len() as f64;
        (self.operation_ns * shared * core.stretch(self.node)) as u64
    }

    /// What a call wants; `None` if it is nothing that a cache has.
    fn wish(&self, core: &mut Core, handle: Handle) -> Option<Wish> {
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
    fn work(&mut self, core: &mut Core, handle: Handle) {
        if core.expired(handle) {
            return core.fail(handle, Reason::CallTimeout, self.node);
        }
        let Some(wish) = self.wish(core, handle) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
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
    fn give(&mut self, core: &mut Core, handle: Handle, version: u64, want: u64) {
        if version < want {
            self.stale += u64::from(core.stats.in_focus(core.now));
            return core.fail(handle, Reason::StaleRead, self.node);
        }
        if let Some(call) = core.call(handle) {
            call.value = version;
        }
        core.finish(handle, Ok(()));
    }

    /// Gets a missing item: asks the store itself, or lets the asker do it.
    fn fetch(&mut self, core: &mut Core, handle: Handle, wish: Wish) {
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

    fn life_of(&self, core: &Core, key: u64) -> u64 {
        let salt = core.plant.nodes[self.node as usize].salt;
        life(self.ttl_ns, self.jitter, mix(mix(salt, key), core.now))
    }

    /// Bytes of each shard's memory that another program has taken.
    fn leaked(&self, now: u64) -> u64 {
        self.leak.map_or(0, |(since, per_ns)| {
            (now.saturating_sub(since) as f64 * per_ns / self.shards.len() as f64) as u64
        })
    }

    fn put(&mut self, core: &Core, key: u64, version: u64) {
        let (now, ttl, leaked) = (core.now, self.life_of(core, key), self.leaked(core.now));
        self.shard_of(key).put(key, version, now, ttl, leaked);
    }

    /// An operation that nobody waits for takes processor time as any other.
    fn occupy(&mut self, core: &Core, key: u64) {
        let ns = self.operation(core);
        self.shard_of(key).processor.take(core.now, ns);
    }

    /// What was missing is here: those who waited for it get it.
    fn landed(&mut self, core: &mut Core, key: u64, version: u64) {
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
    fn next_fetches(&mut self, core: &mut Core, key: u64) {
        while let Some(handle) = self.flights.as_mut().and_then(|f| f.next(key)) {
            if !waits(core, handle) {
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

    fn empty(&mut self, now: u64) {
        for shard in &mut self.shards {
            shard.clear(now);
        }
    }

    fn die(&mut self, core: &mut Core) {
        let now = core.now;
        self.empty(now);
        for shard in &mut self.shards {
            shard.processor.clear(now);
        }
        if let Some(flights) = &mut self.flights {
            flights.clear();
        }
        if let Some(behind) = &mut self.behind {
            behind.die();
        }
        core.drop_inside(self.node, None, Reason::ConnectionLost);
    }
}

/// Whether a call still waits for somebody else's fetch.
fn waits(core: &mut Core, handle: Handle) -> bool {
    core.call(handle)
        .is_some_and(|call| call.stage == WAITS && call.phase == Phase::Inside)
}

impl Behaviour for Cache {
    fn begin(&mut self, core: &mut Core) {
        core.boards[self.node as usize].paid = self.shards.len() as u32;
        if self.single_flight {
            self.flights = Some(Flights::new(core.add_timer(self.node, LATE)));
        }
        if self.mode == Mode::Behind {
            self.behind = Some(Behind::new(
                self.behind_ns,
                core.add_timer(self.node, BEHIND),
            ));
        }
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let up = core.boards[self.node as usize].up;
        let Some(call) = core.call(handle) else {
            return;
        };
        let ask = call.ask;
        if matches!(core.plant.asks[ask as usize], Ask::Health) {
            return if up {
                core.finish(handle, Ok(()))
            } else {
                core.fail(handle, Reason::Refused, self.node)
            };
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        let Some(wish) = self.wish(core, handle) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        core.enter(handle);
        if let Some(call) = core.call(handle) {
            call.stage = AT_SHARD;
        }
        let (now, ns) = (core.now, self.operation(core));
        let done = self.shard_of(wish.key).processor.take(now, ns);
        let latency = (self.latency_ns as f64 * core.stretch(self.node)) as u64;
        core.wait(handle, (done - now).saturating_add(latency));
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        if core.call(handle).is_some_and(|call| call.stage == AT_SHARD) {
            self.work(core, handle);
        }
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: Answer) {
        let Some(stage) = core.call(handle).map(|call| call.stage) else {
            return;
        };
        let Some(wish) = self.wish(core, handle) else {
            return;
        };
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

    fn own_answered(&mut self, core: &mut Core, answer: Answer) {
        if let Some(behind) = &mut self.behind
            && let Some(key) = behind.answered(core, &answer)
        {
            self.shard_of(key).confirm(key, answer.value);
        }
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag == BEHIND {
            if let Some(behind) = &mut self.behind {
                behind.flush(core, self.node);
            }
            return;
        }
        while let Some(key) = self.flights.as_mut().and_then(|f| f.overdue(core.now)) {
            self.next_fetches(core, key);
        }
        if let Some(flights) = &mut self.flights {
            flights.rearm(&mut core.queue);
        }
    }

    fn notice(&mut self, core: &mut Core, _about: NodeId, notice: Notice) {
        if !core.boards[self.node as usize].up {
            return;
        }
        match notice {
            Notice::Fill {
                dataset,
                row,
                version,
            } => {
                let key = key_of(dataset, row);
                self.occupy(core, key);
                self.put(core, key, version);
                self.landed(core, key, version);
            }
            Notice::Forget { dataset, row } => {
                let key = key_of(dataset, row);
                self.occupy(core, key);
                let now = core.now;
                self.shard_of(key).forget(key, now);
            }
            _ => {}
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
        match action {
            FaultAction::Kill if on => self.die(core),
            FaultAction::Expire if on => {
                self.empty(core.now);
                core.note(EventCode::Expired, self.node, 0, 0);
            }
            FaultAction::HogCpu { cores } => self.hog = if on { cores.max(0.0) } else { 0.0 },
            FaultAction::LeakMemory { mib_per_sec } => {
                let per_ns = mib_per_sec.max(0.0) * 1_048_576.0 / 1e9;
                self.leak = on.then_some((core.now, per_ns));
            }
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let (looked, hits) = std::mem::take(&mut self.bucket);
        let hit_ratio = hits as f64 / looked as f64;
        let (mut memory, mut busy) = (0.0_f64, 0.0_f64);
        for shard in &mut self.shards {
            memory = memory.max(shard.fullness(end));
            busy = busy.max(shard.processor.take_share(end, span_ns));
        }
        sink.component(core, self.node, Metric::HitRatio, hit_ratio);
        sink.component(core, self.node, Metric::Memory, memory.min(1.0));
        sink.component(core, self.node, Metric::Utilisation, busy.min(1.0));
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let now = core.now;
        let mut load = Load::default();
        for shard in &self.shards {
            load.busy_ns += shard.processor.busy_ns(now) as f64;
            load.capacity_ns += shard.processor.capacity_ns(now);
        }
        Some(load)
    }

    fn units(&mut self, core: &mut Core) -> (u32, f64) {
        let shards = self.shards.len() as u32;
        (shards, f64::from(shards) * core.now as f64)
    }

    fn measures(&mut self, core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        let now = core.now;
        let (begin, end) = core.stats.focus;
        let span = now.min(end).saturating_sub(begin) as f64;
        let (looked, hits) = self.focus;
        let items: f64 = self.shards.iter_mut().map(|s| s.live_area(now)).sum();
        out.extend([
            (Measure::HitRatio, hits as f64 / looked as f64),
            (Measure::MissRate, (looked - hits) as f64 / (span / 1e9)),
            (Measure::ItemsMean, items / span),
            (Measure::StaleReads, self.stale as f64),
        ]);
        if let Some(behind) = &self.behind {
            out.extend([
                (Measure::LostWrites, behind.lost as f64),
                (Measure::LagBacklog, behind.backlog() as f64),
            ]);
        }
    }
}
