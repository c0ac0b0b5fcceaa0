//! API gateway: a rate with a burst (429), a limit on how long it waits for those behind (504), and 502 when
//! they give no usable answer. How many requests it holds at once is not limited.

use archplay_kernel::{Handle, ns_from_secs};
use archplay_model::catalogue::api_gateway as spec;
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};
use archplay_report::{EventCode, Metric, Reason};

use super::Behaviour;
use super::bucket::{Bucket, Rate};
use super::proxy::{Proxy, hand_back};
use crate::compile::Compiler;
use crate::core::{Answer, Core};
use crate::plant::{NOBODY, NodeId, RouteId, Target};
use crate::stats::columns::Sink;

#[derive(Clone, Debug)]
pub(crate) struct ApiGateway {
    node: NodeId,
    rate: Rate,
    bucket: Bucket,
    proxy: Proxy,
    /// The way of health checks.
    checks: RouteId,
    throttled: u64,
    noted: bool,
}

impl ApiGateway {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let burst = f64::from(component.count(&spec::BURST));
        let rate = Rate::new(component.number(&spec::RATE_PER_SEC), burst);
        let timeout = component.number(&spec::INTEGRATION_TIMEOUT_SECS);
        Self {
            node,
            rate,
            bucket: Bucket::full(rate, 0),
            proxy: Proxy::new(node, ns_from_secs(timeout), |_| true),
            checks: super::check_route(compiler, node),
            throttled: 0,
            noted: false,
        }
    }
}

impl Behaviour for ApiGateway {
    fn begin(&mut self, core: &mut Core) {
        self.proxy.begin(core, 0);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(ask) = core.calls.get(handle).map(|call| call.ask) else {
            return;
        };
        let check = ask == core.plant.health;
        if !check {
            core.stats.rate(self.node);
        }
        if !core.boards[self.node as usize].up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        if !check && !self.bucket.take(self.rate, core.now) {
            self.throttled += 1;
            if !std::mem::replace(&mut self.noted, true) {
                core.note(EventCode::Throttled, self.node, 0, 0);
            }
            return core.fail(handle, Reason::Throttled429, self.node);
        }
        match super::next_way(core, handle, self.node, self.checks) {
            Some(way) => {
                core.enter(handle);
                self.proxy.forward(core, handle, (way, NOBODY), ask);
            }
            None if check => core.finish(handle, Ok(())),
            None => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    fn other(&mut self, core: &mut Core, handle: Handle, (first, _): Target) -> Option<Target> {
        let ask = core.calls.get(handle)?.ask;
        let route = if ask == core.plant.health {
            self.checks
        } else {
            core.plant.route(self.node, ask)
        };
        core.beside(route, first).map(|way| (way, NOBODY))
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        let function = core
            .plant
            .nodes
            .get(answer.node as usize)
            .is_some_and(|node| node.kind == Kind::Function);
        if function && answer.result == Err(Reason::Throttled429) {
            // A function that is throttled gives the gateway no usable answer.
            return core.finish(handle, Err(Reason::BadGateway502));
        }
        hand_back(core, handle, answer);
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        while let Some(handle) = self.proxy.timed_out(core) {
            core.fail(handle, Reason::GatewayTimeout504, self.node);
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
        if action == FaultAction::Kill && on {
            self.proxy.clear();
            self.bucket = Bucket::full(self.rate, core.now);
            core.drop_inside(node, None, Reason::ConnectionLost);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let throttled = std::mem::take(&mut self.throttled) as f64 / (span_ns as f64 / 1e9);
        sink.component(core, self.node, Metric::Throttled, throttled);
    }
}
