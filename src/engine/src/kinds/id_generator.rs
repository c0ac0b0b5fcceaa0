//! A generator of identifiers: one after the other, with the real layout of each scheme, by its own clock.
//!
//! Whether an identifier is taken already is found by the store that gets the row. A counter with a link to a
//! database is kept there, as a ticket server does: each identifier is a write of one and the same row.

use archplay_kernel::{
    Handle, IdGenerator as Maker, IdScheme, Issued, Stream, mix, ns_from_ms, ns_from_secs,
};
use archplay_model::Component;
use archplay_model::catalogue::id_generator as spec;
use archplay_model::placement::counts;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use super::shelf::turned_away;
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core};
use crate::lines::Lines;
use crate::plant::{Ask, AskId, NOBODY, NodeId, RouteId};
use crate::stats::columns::Sink;

/// What its clock shows at the start of a run, in nanoseconds since 1970 (14 November 2023), so that a clock
/// that steps back has somewhere to go.
pub(crate) const EPOCH_NS: u64 = 1_700_000_000_000_000_000;

/// How identifiers are made.
#[derive(Clone, Debug)]
enum Scheme {
    Made(IdScheme, Box<Maker>),
    /// A counter: the next, and the step to the one after.
    Counter(u64, u64),
}

/// A generator of identifiers.
#[derive(Clone, Debug)]
pub(crate) struct IdGenerator {
    node: NodeId,
    scheme: Scheme,
    stream: Stream,
    latency_ns: u64,
    /// Between two identifiers, in nanoseconds.
    gap_ns: f64,
    /// What the gap's rounding owes.
    owed_ns: f64,
    line: Lines,
    /// For each dataset the ask and the route by which its counter is kept in a database.
    counters: Vec<(u32, AskId, RouteId)>,
    /// How far its clock has been stepped.
    clock_ns: i64,
    drawn: u64,
}

/// An identifier of up to 128 bits as the word that calls carry. Those that do not fit are hashed: two that
/// differ give the same word with a probability of 2⁻⁶⁴. Of a time-ordered UUID (version 7) the low bits of
/// the milliseconds stay in front, so that later ones are greater; two of one millisecond give the same word
/// with a probability of 2⁻³³.
pub(crate) const fn word_of(id: u128) -> u64 {
    let (high, low) = ((id >> 64) as u64, id as u64);
    let ordered = high >> 12 & 0xf == 7;
    let word = if high == 0 {
        low
    } else if ordered {
        high >> 16 << 33 | mix(high, low) >> 31
    } else {
        mix(high, low)
    };
    // 0 and the greatest mean something else.
    match word {
        0 => 1,
        u64::MAX => u64::MAX - 1,
        word => word,
    }
}

impl IdGenerator {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let before = compiler.generators;
        compiler.generators += 1;
        let mut counters = Vec::new();
        if counts(component) {
            for (dataset, ask) in &compiler.asks.counters {
                let route = compiler.plant.route(node, *ask);
                if route != NOBODY {
                    counters.push((*dataset, *ask, route));
                }
            }
        }
        let made = |scheme| Scheme::Made(scheme, Box::new(Maker::new(scheme)));
        let step = u64::from(component.count(&spec::STEP).max(1));
        let scheme = match component.text(&spec::SCHEME) {
            "timestamp_ms" => made(IdScheme::TimestampMs),
            "timestamp_ms_random" => made(IdScheme::TimestampRandom {
                bits: component.count(&spec::RANDOM_BITS),
            }),
            "uuid_v4" => made(IdScheme::UuidV4),
            "uuid_v7" => made(IdScheme::UuidV7),
            "ticket" => Scheme::Counter(1, 1),
            "auto_increment" => {
                Scheme::Counter(u64::from(component.count(&spec::OFFSET).max(1)), step)
            }
            _ => made(IdScheme::Snowflake {
                machine: (before & 1_023) as u16,
                repeats: component.text(&spec::STEP_BACK) == "repeat",
            }),
        };
        Self {
            node,
            scheme,
            stream: Stream::named(compiler.plant.seed, component.id.as_str(), "ids"),
            latency_ns: ns_from_ms(component.number(&spec::LATENCY_MS)),
            gap_ns: 1e9 / component.number(&spec::RATE_PER_SEC).max(1e-9),
            owed_ns: 0.0,
            line: Lines::new(1),
            counters,
            clock_ns: 0,
            drawn: 0,
        }
    }

    /// What its own clock shows.
    fn clock(&self, now: u64) -> u64 {
        (EPOCH_NS + now).saturating_add_signed(self.clock_ns)
    }

    fn make(&mut self, now: u64) -> Issued {
        let clock = self.clock(now);
        match &mut self.scheme {
            Scheme::Made(_, maker) => maker.next(clock, &mut self.stream),
            Scheme::Counter(next, step) => {
                let id = *next;
                *next += *step;
                Issued::Id(u128::from(id))
            }
        }
    }
}

impl IdGenerator {
    /// Gives the next identifier to a call.
    fn issue(&mut self, core: &mut Core, handle: Handle) {
        match self.make(core.now) {
            Issued::Wait(ns) => {
                let now = core.now;
                if let Some(call) = core.call(handle) {
                    // For its clock.
                    call.in_line(now, ns.max(1));
                }
                core.wait(handle, ns.max(1));
            }
            Issued::Id(id) => {
                self.drawn += u64::from(core.stats.in_focus(core.now));
                if let Some(call) = core.call(handle) {
                    call.value = word_of(id);
                }
                core.finish(handle, Ok(()));
            }
        }
    }
}

impl Behaviour for IdGenerator {
    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        if turned_away(core, handle, self.node) {
            return;
        }
        let ask = core.call(handle).map_or(0, |call| call.ask);
        if !matches!(core.plant.asks[ask as usize], Ask::NextId { .. }) {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        core.enter(handle);
        let stretch = core.stretch(self.node);
        let exact = self.gap_ns * stretch + self.owed_ns;
        let whole = exact as u64;
        self.owed_ns = exact - whole as f64;
        let now = core.now;
        // The rate says how soon the next may come, not how long one takes.
        let (_, line) = self.line.take_after_line(now, whole);
        if let Some(call) = core.call(handle) {
            call.in_line(now, line);
        }
        let latency = (self.latency_ns as f64 * stretch) as u64;
        core.wait(handle, line.saturating_add(latency));
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        if core.expired(handle) {
            return core.fail(handle, Reason::CallTimeout, self.node);
        }
        let plant = std::rc::Rc::clone(&core.plant);
        let ask = core.call(handle).map_or(0, |call| call.ask);
        let kept = self
            .counters
            .iter()
            .find(|(dataset, ..)| plant.asks[ask as usize] == Ask::NextId { dataset: *dataset });
        if let Some((_, ask, route)) = kept {
            // The counter's row is none of the dataset's.
            return core.ask(handle, *route, *ask, 0);
        }
        self.issue(core, handle);
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        match answer.result {
            Ok(()) => self.issue(core, handle),
            Err(reason) => core.finish(handle, Err(reason)),
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
            FaultAction::Kill if on => {
                self.line.clear(core.now);
                // A counter is on a disk; what a maker remembers of its clock is not.
                if let Scheme::Made(scheme, maker) = &mut self.scheme {
                    **maker = Maker::new(*scheme);
                }
                core.drop_inside(self.node, None, Reason::ConnectionLost);
            }
            FaultAction::StepClock { ms } => {
                let by = ns_from_secs(ms.abs() / 1e3) as i64;
                let forward = (ms >= 0.0) == on;
                self.clock_ns += if forward { by } else { -by };
                core.note(EventCode::ClockStepped, self.node, 0, ms.abs() as u32);
            }
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let busy = self.line.take_share(end, span_ns).min(1.0);
        sink.component(core, self.node, Metric::Utilisation, busy);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        Some(Load {
            busy_ns: self.line.busy_ns(core.now) as f64,
            capacity_ns: self.line.capacity_ns(core.now),
        })
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        out.push((Measure::IdsDrawn, self.drawn as f64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_what_fits_and_tell_the_rest_apart() {
        assert_eq!(word_of(1_700_000_000_123), 1_700_000_000_123);
        assert_eq!(
            [word_of(0), word_of(u128::from(u64::MAX))],
            [1, u64::MAX - 1]
        );
        assert_ne!(word_of(1 << 64), word_of(2 << 64));
        assert_ne!(word_of((1 << 64) | 1), word_of((1 << 64) | 2));
    }
}
