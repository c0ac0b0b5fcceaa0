//! Trying again: who may and after how long, and circuits that spare both sides the trying. What is tried again must
//! not live here: questions are in `asking`, and programs that have no connection wait by themselves.

use archplay_kernel::{Handle, mix, ns_from_secs, unit_of};
use archplay_report::Reason;

use super::asking::Breaker;
use super::way::MAX_DEPTH;
use super::{Core, Waiter};
use crate::plant::{Backoff, LinkId, MAX_BUDGET, NOBODY, NodeId, Policy};

/// So many calls the work may still cause for whose answer nobody waits any more.
const CALLS_LEFT: u32 = 64;

impl Core {
    /// How long a component waits before it asks again; `None` if it does not. `key` is for the draws of the wait.
    pub(super) fn wait_to_retry(
        &mut self,
        from: NodeId,
        policy: &Policy,
        tries: u32,
        reason: Option<Reason>,
        key: u64,
    ) -> Option<u64> {
        let budget = &mut self.budgets[from as usize];
        let budgeted = policy.budget <= 0.0 || *budget >= 1.0;
        if tries > policy.retries || !budgeted || !reason.is_none_or(retryable) {
            return None;
        }
        if policy.budget > 0.0 {
            *budget -= 1.0;
        }
        let wait = backoff(policy, tries, mix(key, u64::from(tries)));
        self.stats.backoff(from, wait);
        Some(wait)
    }

    /// A component begins to ask something: that adds to its budget for retries.
    pub(crate) fn begins_to_ask(&mut self, from: NodeId) {
        if self.plant.nodes[from as usize].policy == NOBODY {
            return;
        }
        let policy = self.policy(from);
        let budget = &mut self.budgets[from as usize];
        *budget = (*budget + policy.budget).min(MAX_BUDGET);
        self.stats.parts[from as usize].questions += 1;
    }

    /// Nobody waits for a call any more. The work it causes goes on, and may cause some calls more; the others that
    /// it might have caused are its asker's again.
    pub(crate) fn abandon(&mut self, handle: Handle) {
        let Some(call) = self.calls.get_mut(handle) else {
            return;
        };
        let asker = match std::mem::replace(&mut call.waiter, Waiter::Nobody) {
            Waiter::Call(asker) => asker,
            Waiter::Asking(asking) => self.askings.get(asking).map_or(Handle::NONE, |a| a.parent),
            Waiter::Nobody | Waiter::Visitor { .. } | Waiter::Node { .. } => return,
        };
        let (mut at, mut back) = (handle, 0);
        for _ in 0..MAX_DEPTH {
            let Some(call) = self.calls.get_mut(at) else {
                break;
            };
            let rest = call.budget.min(CALLS_LEFT);
            back += call.budget - rest;
            call.budget = rest;
            at = call.child;
        }
        if let Some(asker) = self.calls.get_mut(asker) {
            asker.budget = asker.budget.saturating_add(back);
        }
    }

    /// What a half open circuit was to find out is not known: the next question finds it out.
    pub(super) fn forget_probe(&mut self, link: LinkId) {
        if let Some(state) = self.links.get_mut(link as usize) {
            state.breaker.probing = false;
        }
    }

    /// A component got no connection over a link for its `tries`-th try of a statement: how long it waits before the
    /// next, `None` if there is none. For its circuit this is a failure like any other.
    pub(crate) fn without_connection(
        &mut self,
        (from, link): (NodeId, LinkId),
        tries: u32,
        reason: Reason,
        key: u64,
    ) -> Option<u64> {
        if self.plant.nodes[from as usize].policy == NOBODY {
            return None;
        }
        let policy = self.policy(from);
        if reason != Reason::CircuitOpen {
            let now = self.now;
            if let Some(state) = self.links.get_mut(link as usize) {
                // Half open: this was the try that finds out.
                let breaker = &mut state.breaker;
                breaker.probing |= breaker.open_until != 0 && now >= breaker.open_until;
            }
            self.count_for_breaker(link, from, &policy, true);
        }
        let wait = self.wait_to_retry(from, &policy, tries, Some(reason), key)?;
        self.stats.retried(from);
        Some(wait)
    }

    /// Whether a component need not wait for a connection over a link: its circuit is open.
    pub(crate) fn is_cut_off(&self, from: NodeId, link: LinkId) -> bool {
        if self.plant.nodes[from as usize].policy == NOBODY || self.policy(from).breaker <= 0.0 {
            return false;
        }
        let state = self.links.get(link as usize);
        state.is_some_and(|state| self.now < state.breaker.open_until)
    }

    /// Whether nobody may be asked over a link now; whoever may when it half opens finds out how it is.
    pub(super) fn circuit_open(&mut self, link: LinkId, policy: &Policy) -> bool {
        let now = self.now;
        let Some(state) = self.links.get_mut(link as usize) else {
            return false;
        };
        let breaker = &mut state.breaker;
        if policy.breaker <= 0.0 || breaker.open_until == 0 {
            return false;
        }
        if now < breaker.open_until || breaker.probing {
            return true;
        }
        breaker.probing = true;
        false
    }

    /// A question over a link was answered.
    pub(super) fn count_for_breaker(
        &mut self,
        link: LinkId,
        from: NodeId,
        policy: &Policy,
        failed: bool,
    ) {
        let now = self.now;
        let Some(state) = self.links.get_mut(link as usize) else {
            return;
        };
        if policy.breaker <= 0.0 {
            return;
        }
        let breaker = &mut state.breaker;
        let until = now.saturating_add(policy.breaker_open_ns);
        if breaker.probing {
            *breaker = Breaker {
                open_until: if failed { until } else { 0 },
                ..Breaker::default()
            };
            return;
        }
        // A window that slides by fading: the last `window` calls weigh most.
        let window = f64::from(policy.breaker_window);
        let keep = 1.0 - 1.0 / window;
        breaker.seen = breaker.seen * keep + 1.0;
        breaker.failed = breaker.failed * keep + f64::from(u8::from(failed));
        let enough = breaker.seen >= window * 0.5;
        if breaker.open_until == 0 && enough && breaker.failed >= policy.breaker * breaker.seen {
            breaker.open_until = until;
            self.note(archplay_report::EventCode::CircuitOpened, from, 0, 1);
        }
    }
}

/// Whether asking again can help: what the asked has decided for good it will decide again.
const fn retryable(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::NoRoute
            | Reason::DuplicateKey
            | Reason::SoldOut
            | Reason::WrongIdentity
            | Reason::SessionLost
            | Reason::StaleRead
            | Reason::CircuitOpen
            // The whole transaction would have to be begun anew.
            | Reason::Deadlock
    )
}

/// The wait before the try after `tries`.
fn backoff(policy: &Policy, tries: u32, key: u64) -> u64 {
    let doubled = policy.backoff_ns * f64::from(1_u32 << tries.saturating_sub(1).min(20));
    let ns = match policy.backoff {
        Backoff::Fixed => policy.backoff_ns,
        Backoff::Exponential => doubled,
        Backoff::FullJitter => doubled * unit_of(key),
    };
    ns_from_secs(ns / 1e9)
}
