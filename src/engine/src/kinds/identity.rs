//! Who a visitor is: logins and checks of tokens, up to a rate.

use archplay_kernel::{Handle, ns_from_ns};
use archplay_model::Component;
use archplay_model::catalogue::identity as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Metric, Reason};

use super::Behaviour;
use crate::compile::Compiler;
use crate::core::Core;
use crate::plant::{Ask, NodeId};
use crate::stats::columns::Sink;

/// An identity service.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    node: NodeId,
    login_ns: f64,
    check_ns: f64,
    rate_per_sec: f64,
    burst: f64,
    /// Logins and checks that may come at this moment …
    tokens: f64,
    /// … which was the last.
    at_ns: u64,
    throttled: u64,
    noted: bool,
}

impl Identity {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(_compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let burst = f64::from(component.count(&spec::BURST));
        Self {
            node,
            login_ns: component.number(&spec::LOGIN_MS) * 1e6,
            check_ns: component.number(&spec::CHECK_MS) * 1e6,
            rate_per_sec: component.number(&spec::RATE_PER_SEC),
            burst,
            tokens: burst,
            at_ns: 0,
            throttled: 0,
            noted: false,
        }
    }

    /// Takes a token of the bucket, if there is one.
    fn admits(&mut self, now: u64) -> bool {
        let secs = (now - self.at_ns) as f64 / 1e9;
        self.at_ns = now;
        self.tokens = (self.tokens + secs * self.rate_per_sec).min(self.burst);
        let admits = self.tokens >= 1.0;
        if admits {
            self.tokens -= 1.0;
        }
        admits
    }
}

impl Behaviour for Identity {
    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let up = core.boards[self.node as usize].up;
        let ask = core.plant.asks[call.ask as usize];
        if ask == Ask::Health {
            let answer = if up { Ok(()) } else { Err(Reason::Refused) };
            return core.finish(handle, answer);
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        if ask != Ask::Authenticate {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        if !self.admits(core.now) {
            self.throttled += 1;
            if !std::mem::replace(&mut self.noted, true) {
                core.note(EventCode::Throttled, self.node, 0, self.rate_per_sec as u32);
            }
            return core.fail(handle, Reason::Throttled429, self.node);
        }
        core.enter(handle);
        // Who gets a session logs in; who has one, or needs none, shows a token.
        let ns = if call.logs_in {
            self.login_ns
        } else {
            self.check_ns
        };
        let ns = ns * core.stretch(self.node);
        core.wait(handle, ns_from_ns(ns));
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        core.finish(handle, Ok(()));
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
            core.drop_inside(node, None, Reason::ConnectionLost);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let secs = span_ns as f64 / 1e9;
        let throttled = std::mem::take(&mut self.throttled) as f64 / secs;
        sink.component(core, self.node, Metric::Throttled, throttled);
    }
}
