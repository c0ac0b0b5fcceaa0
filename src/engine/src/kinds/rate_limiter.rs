//! Rate limiter: a token bucket for all, or one for each visitor. What is beyond the rate is refused with
//! 429 at once; all else goes on untouched, and its answer does not come back through here.

use archplay_kernel::Handle;
use archplay_model::Component;
use archplay_model::catalogue::rate_limiter as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Metric, Reason};

use super::Behaviour;
use super::bucket::{Bucket, Rate};
use crate::compile::Compiler;
use crate::core::Core;
use crate::keyed::Keyed;
use crate::plant::{NodeId, RouteId};
use crate::stats::columns::Sink;

#[derive(Clone, Debug)]
pub(crate) struct RateLimiter {
    node: NodeId,
    rate: Rate,
    /// The bucket of all, or …
    all: Option<Bucket>,
    /// … one for each visitor, forgotten as soon as it would be full again.
    visitors: Keyed<Bucket>,
    /// The way of health checks.
    checks: RouteId,
    throttled: u64,
    noted: bool,
}

impl RateLimiter {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let burst = f64::from(component.count(&spec::BURST));
        let rate = Rate::new(component.number(&spec::RATE_PER_SEC), burst);
        Self {
            node,
            rate,
            all: (component.text(&spec::PER) == "all").then_some(Bucket::full(rate, 0)),
            visitors: Keyed::default(),
            checks: super::check_route(compiler, node),
            throttled: 0,
            noted: false,
        }
    }

    fn allows(&mut self, now: u64, person: u64) -> bool {
        if let Some(all) = &mut self.all {
            return all.take(self.rate, now);
        }
        let kept = self.visitors.get(person, now);
        let mut bucket = kept.unwrap_or_else(|| Bucket::full(self.rate, now));
        let allowed = bucket.take(self.rate, now);
        let until = bucket.full_at(self.rate).max(now + 1);
        self.visitors.put(person, now, until, bucket);
        allowed
    }
}

impl Behaviour for RateLimiter {
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
        if !check {
            core.enter(handle);
        }
        if !check && !self.allows(core.now, call.person) {
            self.throttled += 1;
            if !std::mem::replace(&mut self.noted, true) {
                core.note(EventCode::Throttled, self.node, 0, 0);
            }
            return core.fail(handle, Reason::Throttled429, self.node);
        }
        match super::next_way(core, handle, self.node, self.checks) {
            Some(way) => core.pass_on(handle, way, crate::plant::NOBODY),
            None if check => core.finish(handle, Ok(())),
            None => core.fail(handle, Reason::NoRoute, self.node),
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
            // Nothing waits in here; who has spent what is forgotten.
            self.visitors.clear();
            self.all = self.all.map(|_| Bucket::full(self.rate, core.now));
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let throttled = std::mem::take(&mut self.throttled) as f64 / (span_ns as f64 / 1e9);
        sink.component(core, self.node, Metric::Throttled, throttled);
    }
}
