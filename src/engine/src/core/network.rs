//! The network: delays, losses, cuts.

use archplay_kernel::{Handle, mix, unit_of};

use super::{Core, Event, Ready};
use crate::plant::{LinkId, NOBODY, NodeId};

/// What a fault has done to a link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkState {
    /// Nothing goes over it.
    pub cut: bool,
    /// Share of messages lost, 0 to 0.99.
    pub loss: f64,
    /// Times as long.
    pub stretch: f64,
    pub breaker: super::asking::Breaker,
}

impl Default for LinkState {
    fn default() -> Self {
        Self {
            cut: false,
            loss: 0.0,
            stretch: 1.0,
            breaker: super::asking::Breaker::default(),
        }
    }
}

/// The first wait before a lost message is sent again; doubled each time. 200 ms is Linux's least
/// retransmission time-out (`TCP_RTO_MIN`).
const RETRANSMIT_NS: u64 = 200_000_000;
/// How long a sender tries to reach somebody beyond a cut before the system gives up: 127 s, what Linux
/// takes with six retries of a connection (`tcp_syn_retries`).
const CONNECT_NS: u64 = 127_000_000_000;
/// Draws of the network.
const LOSS_THERE: u64 = 0x6c6f_7373;
const LOSS_BACK: u64 = 0x6c6f_7374;

impl Core {
    /// Takes a call over its link.
    #[inline(always)]
    pub(crate) fn carry(&mut self, handle: Handle, node: NodeId, link: LinkId, key: u64) {
        self.carry_far((handle, node), link, key, 0);
    }

    /// The same over a link that is longer than the drawing says, by this much one way.
    #[inline(always)]
    pub(crate) fn carry_far(
        &mut self,
        (call, node): (Handle, NodeId),
        link: LinkId,
        key: u64,
        more_ns: u64,
    ) {
        let plain = match self.plant.links.get(link as usize) {
            Some(link) => link.delay_ns + more_ns,
            None => 0,
        };
        if self.disturbed && link != NOBODY {
            self.carry_disturbed((call, node), link, key, plain);
        } else if plain == 0 {
            self.ready.push_back(Ready::Reach { call, node });
        } else {
            let at = self.now.saturating_add(plain);
            self.queue.schedule(at, Event::Reach { call, node });
        }
    }

    /// The same where faults have touched links.
    #[inline(never)]
    fn carry_disturbed(
        &mut self,
        (call, node): (Handle, NodeId),
        link: LinkId,
        key: u64,
        plain: u64,
    ) {
        let state = self.links[link as usize];
        if state.cut {
            return self.lose(call, plain);
        }
        let delay = self.delay(state, plain, mix(key, LOSS_THERE));
        if delay == 0 {
            self.ready.push_back(Ready::Reach { call, node });
        } else {
            self.queue
                .schedule(self.now.saturating_add(delay), Event::Reach { call, node });
        }
    }

    /// It does not arrive over a cut, but the system sends it again and again. What is sent again follows from when
    /// it was sent first: nothing has to be remembered but how much longer the way is than the link.
    #[cold]
    #[inline(never)]
    fn lose(&mut self, handle: Handle, plain: u64) {
        let Some(call) = self.calls.get(handle) else {
            return;
        };
        let (sent, link) = (call.sent_ns, call.link);
        let more = plain.saturating_sub(self.link_delay(link));
        let event = Event::Resend {
            call: handle,
            more_ns: u32::try_from(more).unwrap_or(u32::MAX),
        };
        let after = next_try(self.now.saturating_sub(sent)).min(CONNECT_NS);
        self.queue.schedule(sent.saturating_add(after), event);
    }

    /// What was lost in a cut is sent again, or given up: by the system, or because whoever asked has closed the
    /// connection meanwhile.
    #[cold]
    #[inline(never)]
    pub(crate) fn resend(&mut self, handle: Handle, more_ns: u32) {
        let Some(call) = self.calls.get(handle) else {
            return;
        };
        if call.phase != super::Phase::Going {
            return;
        }
        let left = match call.waiter {
            super::Waiter::Nobody => true,
            super::Waiter::Visitor { visitor, attempt } => {
                let visitor = self.people.visitors.get(visitor);
                visitor.is_none_or(|v| !v.waiting || v.attempt != attempt)
            }
            _ => false,
        };
        if !left && self.now.saturating_sub(call.sent_ns) < CONNECT_NS {
            let (node, link, key) = (call.node, call.link, call.key);
            return self.carry_far((handle, node), link, key, u64::from(more_ns));
        }
        if let Some(call) = self.calls.get_mut(handle) {
            call.result = Err(archplay_report::Reason::Timeout);
            call.phase = super::Phase::Back;
        }
        self.ready.push_back(Ready::Back(handle));
    }

    /// How long an answer takes over a link. A cut does not hold it up: the connection it comes by stands already.
    #[inline]
    pub(crate) fn answer_delay(&self, link: LinkId, key: u64) -> u64 {
        match self.plant.links.get(link as usize) {
            None => 0,
            Some(plan) if !self.disturbed => plan.delay_ns,
            Some(plan) => {
                let state = self.links[link as usize];
                self.delay(state, plan.delay_ns, mix(key, LOSS_BACK))
            }
        }
    }

    fn delay(&self, state: LinkState, plain: u64, key: u64) -> u64 {
        let mut ns = plain;
        if state.stretch > 1.0 {
            ns = (plain as f64 * state.stretch) as u64;
        }
        if state.loss > 0.0 {
            let mut wait = RETRANSMIT_NS;
            let mut draw = key;
            for _ in 0..16 {
                if unit_of(draw) >= state.loss {
                    break;
                }
                ns = ns.saturating_add(wait);
                wait *= 2;
                draw = mix(draw, 1);
            }
        }
        ns
    }
}

/// When something is sent again that was sent so long ago and did not arrive: after 0.2 s, 0.6 s, 1.4 s, and so on.
fn next_try(ago_ns: u64) -> u64 {
    let (mut at, mut wait) = (RETRANSMIT_NS, RETRANSMIT_NS);
    while at <= ago_ns {
        wait *= 2;
        at += wait;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_double() {
        let mut at = 0;
        let mut tries = Vec::new();
        while at < CONNECT_NS {
            at = next_try(at);
            tries.push(at / 1_000_000);
        }
        assert_eq!(tries[..5], [200, 600, 1_400, 3_000, 6_200]);
        assert_eq!(next_try(199_999_999), RETRANSMIT_NS);
        assert_eq!(next_try(600_000_001), 1_400_000_000);
    }
}
