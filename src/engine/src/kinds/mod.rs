//! The components at work, one file a kind: what each does with the calls that reach it.
//!
//! A kind has a plan (from its parameters), a state, and answers to what can happen to it ([`Behaviour`]).
//! It has an effect outside itself only through [`Core`]. Adding a kind means a file here, a line in
//! [`Node`] and one in [`compile`]; the compiler leads through the rest.

mod station;

use archplay_kernel::Handle;
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};

use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::plant::NodeId;
use crate::stats::columns::Sink;

/// CPU or server time used and there, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Load {
    /// Busy nanoseconds, all processors or servers together.
    pub busy_ns: f64,
    /// Nanoseconds that they could have been busy.
    pub capacity_ns: f64,
}

/// What a component answers to what happens to it.
pub(crate) trait Behaviour {
    /// The run begins: timers, first units.
    fn begin(&mut self, _core: &mut Core) {}
    /// A call reaches the component. It must be entered, passed on, finished or failed.
    fn arrive(&mut self, core: &mut Core, call: Handle);
    /// What was planned for a call with [`Core::wait`] is due.
    fn due(&mut self, _core: &mut Core, _call: Handle) {}
    /// The answer to a question of `call`, which the component has.
    fn answered(&mut self, _core: &mut Core, _call: Handle, _answer: Answer) {}
    /// The answer to a call that the component sent for itself.
    fn own_answered(&mut self, _core: &mut Core, _answer: Answer) {}
    /// One of its own timers.
    fn timer(&mut self, _core: &mut Core, _tag: u32) {}
    /// Somebody that it has a link to has changed.
    fn notice(&mut self, _core: &mut Core, _about: NodeId, _notice: Notice) {}
    /// A fault begins (`on`) or ends; of one unit, or of all (`None`). `core.boards` already says up or down and
    /// how slow it is.
    fn fault(&mut self, core: &mut Core, node: NodeId, unit: Option<u32>, action: FaultAction, on: bool);
    /// Names or values of its series. `end` is the end of the bucket.
    fn columns(&mut self, _core: &mut Core, _sink: &mut Sink<'_>, _end: u64, _span_ns: u64) {}
    /// Processor or server time so far.
    fn load(&mut self, _core: &mut Core) -> Option<Load> {
        None
    }
    /// Highest number of units in service, and unit-nanoseconds paid for.
    fn units(&mut self, _core: &mut Core) -> (u32, f64) {
        (0, 0.0)
    }
    /// Vectors of its measures for the report, by name; kept small.
    fn measures(&mut self, _core: &mut Core, _out: &mut Vec<(archplay_report::Measure, f64)>) {}
}

/// A component at work.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Begins requests, or only stands around others: nothing reaches it.
    Passive,
    /// A textbook queue.
    Station(Box<station::Station>),
}

/// Does the same with whatever kind it is.
macro_rules! each {
    ($node:expr, $kind:ident => $then:expr, passive => $else:expr) => {
        match $node {
            Node::Passive => $else,
            Node::Station($kind) => $then,
        }
    };
}

impl Node {
    /// The component of a kind.
    pub(crate) fn compile(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        match component.kind {
            Kind::Client
            | Kind::Region
            | Kind::Zone
            | Kind::AutoScalingGroup
            | Kind::Subnet => Self::Passive,
            Kind::Station => Self::Station(Box::new(station::Station::new(compiler, component, node))),
            _ => Self::Passive,
        }
    }

    pub(crate) fn begin(&mut self, core: &mut Core) {
        each!(self, kind => kind.begin(core), passive => {});
    }

    pub(crate) fn arrive(&mut self, core: &mut Core, call: Handle) {
        each!(self, kind => kind.arrive(core, call), passive => {
            let node = core.call(call).map_or(0, |call| call.node);
            core.fail(call, archplay_report::Reason::NoRoute, node);
        });
    }

    pub(crate) fn due(&mut self, core: &mut Core, call: Handle) {
        each!(self, kind => kind.due(core, call), passive => {});
    }

    pub(crate) fn answered(&mut self, core: &mut Core, call: Handle, answer: Answer) {
        each!(self, kind => kind.answered(core, call, answer), passive => {});
    }

    pub(crate) fn own_answered(&mut self, core: &mut Core, answer: Answer) {
        each!(self, kind => kind.own_answered(core, answer), passive => {});
    }

    pub(crate) fn timer(&mut self, core: &mut Core, tag: u32) {
        each!(self, kind => kind.timer(core, tag), passive => {});
    }

    pub(crate) fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        each!(self, kind => kind.notice(core, about, notice), passive => {});
    }

    pub(crate) fn fault(&mut self, core: &mut Core, node: NodeId, unit: Option<u32>, action: FaultAction, on: bool) {
        each!(self, kind => kind.fault(core, node, unit, action, on), passive => {});
    }

    pub(crate) fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        each!(self, kind => kind.columns(core, sink, end, span_ns), passive => {});
    }

    pub(crate) fn load(&mut self, core: &mut Core) -> Option<Load> {
        each!(self, kind => kind.load(core), passive => None)
    }

    pub(crate) fn units(&mut self, core: &mut Core) -> (u32, f64) {
        each!(self, kind => kind.units(core), passive => (0, 0.0))
    }

    pub(crate) fn measures(&mut self, core: &mut Core, out: &mut Vec<(archplay_report::Measure, f64)>) {
        each!(self, kind => kind.measures(core, out), passive => {});
    }
}
