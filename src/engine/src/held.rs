//! Visitors in a line: whoever shows them their place stops their patience meanwhile and learns when they
//! leave. Who stands where must not live here.

use archplay_kernel::Handle;

use crate::core::{Core, Notice, Waiter};
use crate::plant::{NOBODY, NodeId};

impl Core {
    /// A visitor has left: whoever watches is told.
    #[inline]
    pub(crate) fn tell_watcher(&mut self, watcher: NodeId, person: u64) {
        if watcher != NOBODY {
            self.tell_one(watcher, watcher, Notice::VisitorLeft { person });
        }
    }

    /// Who waits for a call in the end, whoever stands in between.
    fn waiter_behind(&self, call: Handle) -> Option<Waiter> {
        let mut at = call;
        loop {
            at = match self.calls.get(at)?.waiter {
                Waiter::Call(parent) => parent,
                Waiter::Asking(asking) => self.askings.get(asking)?.parent,
                last => return Some(last),
            };
        }
    }

    fn visitor_behind(&self, call: Handle) -> Option<Handle> {
        match self.waiter_behind(call)? {
            Waiter::Visitor { visitor, .. } => Some(visitor),
            _ => None,
        }
    }

    /// Whether a component asked for itself: checks, deliveries.
    pub(crate) fn is_own_business(&self, call: Handle) -> bool {
        matches!(self.waiter_behind(call), Some(Waiter::Node { .. }))
    }

    /// Whether somebody still waits for a call's answer.
    pub(crate) fn has_asker(&self, call: Handle) -> bool {
        self.calls
            .get(call)
            .is_some_and(|call| call.waiter != Waiter::Nobody)
    }

    /// A component wants to know when the visitor behind a call leaves.
    pub(crate) fn watch_visitor(&mut self, call: Handle, watcher: NodeId) {
        if let Some(visitor) = self.visitor_behind(call)
            && let Some(visitor) = self.people.visitors.get_mut(visitor)
        {
            visitor.watcher = watcher;
        }
    }

    /// The visitor behind a call sees a place in a line: patience does not run, and the component learns
    /// when the visitor leaves.
    pub(crate) fn hold_visitor(&mut self, call: Handle, watcher: NodeId) {
        self.watch_visitor(call, watcher);
        if let Some(visitor) = self.visitor_behind(call)
            && let Some(visitor) = self.people.visitors.get_mut(visitor)
        {
            visitor.patient_since_ns = u64::MAX;
        }
    }

    /// The visitor's turn has come: patience begins anew.
    pub(crate) fn free_visitor(&mut self, call: Handle) {
        let now = self.now;
        if let Some(handle) = self.visitor_behind(call)
            && let Some(visitor) = self.people.visitors.get_mut(handle)
        {
            visitor.patient_since_ns = now;
            let (audience, attempt) = (visitor.audience, visitor.attempt);
            self.have_patience(audience, handle, attempt);
        }
    }
}
