//! The components at work, one file a kind: what each does with the calls that reach it.
//!
//! A kind has a plan (from its parameters), a state, and answers to what can happen to it ([`Behaviour`]).
//! It has an effect outside itself only through [`Core`]. Adding a kind means a file here, a line in
//! [`Node`] and one in [`compile`]; the compiler leads through the rest.

mod apart;
mod api_gateway;
mod bastion;
mod bucket;
mod cache;
mod cdn;
mod connection_proxy;
mod controller;
mod copying;
mod cpu;
mod database;
mod dns;
mod feeling;
mod function;
mod graph_store;
mod held_up;
mod id_generator;
mod identity;
mod key_value;
mod load_balancer;
mod monitor;
mod notification;
mod object_store;
mod pools;
mod program;
mod proxy;
mod queue;
mod rate_limiter;
mod search;
mod server;
mod shelf;
mod station;
mod waiting_room;
mod watch;
mod worker;

pub(crate) use bastion::destination;
pub(crate) use feeling::feels;
pub(crate) use held_up::{HeldUp, held_up};

use archplay_kernel::Handle;
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};

use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::plant::{NOBODY, NodeId, RouteId, Target, Way};
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
    fn answered(&mut self, _core: &mut Core, _call: Handle, _answer: &Answer) {}
    /// A question of `call`, which the component has, is asked a second time (hedging) after `first`, which the
    /// component had chosen itself. Whom it asks then; `None` for the same.
    fn other(&mut self, _core: &mut Core, _call: Handle, _first: Target) -> Option<Target> {
        None
    }
    /// A question of `call` is tried again after `first`, which the component had chosen itself, has said no or
    /// nothing. Whom it asks then; `None` for the same. Whoever knows of somebody else asks there.
    fn next(&mut self, core: &mut Core, call: Handle, first: Target) -> Option<Target> {
        self.other(core, call, first)
    }
    /// The answer to a call that the component sent for itself.
    fn own_answered(&mut self, _core: &mut Core, _answer: &Answer) {}
    /// One of its own timers.
    fn timer(&mut self, _core: &mut Core, _tag: u32) {}
    /// Somebody that it has a link to has changed.
    fn notice(&mut self, _core: &mut Core, _about: NodeId, _notice: Notice) {}
    /// A fault begins (`on`) or ends; of one unit, or of all (`None`). `core.boards` already says up or down and
    /// how slow it is.
    fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        unit: Option<u32>,
        action: FaultAction,
        on: bool,
    );
    /// The focus window begins (`which` is 0) or ends (1): areas are noted.
    fn mark(&mut self, _now: u64, _which: usize) {}
    /// Names or values of its series. `end` is the end of the bucket.
    fn columns(&mut self, _core: &mut Core, _sink: &mut Sink<'_>, _end: u64, _span_ns: u64) {}
    /// Processor or server time so far.
    fn load(&mut self, _core: &mut Core) -> Option<Load> {
        None
    }
    /// Requests in its line times nanoseconds so far, where theory asks for it.
    fn waiting(&self, _now: u64) -> u128 {
        0
    }
    /// Highest number of units in service, and unit-nanoseconds paid for.
    fn units(&mut self, _core: &mut Core) -> (u32, f64) {
        (0, 0.0)
    }
    /// Vectors of its measures for the report, by name; kept small.
    fn measures(&mut self, _core: &mut Core, _out: &mut Vec<(archplay_report::Measure, f64)>) {}
}

/// Since when memory leaks at another rate: as long ago as leaves as much leaked as there is, if it leaks faster now;
/// as before, if the faster of two leaks has ended and given back its memory.
fn leak_since(before: Option<(u64, f64)>, rate: f64, now: u64) -> u64 {
    match before {
        Some((since, old)) if old > 0.0 => {
            let kept = (old / rate).min(1.0);
            now - (now.saturating_sub(since) as f64 * kept) as u64
        }
        _ => now,
    }
}

/// The route by which a component that passes requests on also passes health checks on: that of the first
/// operation that it can pass on.
pub(crate) fn check_route(compiler: &Compiler<'_>, node: NodeId) -> RouteId {
    let works = compiler.asks.work.iter();
    let routes = works.map(|ask| compiler.plant.route(node, *ask));
    routes.into_iter().find(|r| *r != NOBODY).unwrap_or(NOBODY)
}

/// The way on for a call that passes through a component; `check` is the route of health checks.
pub(crate) fn next_way(
    core: &mut Core,
    handle: Handle,
    node: NodeId,
    check: RouteId,
) -> Option<Way> {
    let call = core.calls.get(handle)?;
    let (ask, row) = (call.ask, call.row);
    let route = if ask == core.plant.health {
        check
    } else {
        core.plant.route(node, ask)
    };
    if route == NOBODY {
        return None;
    }
    core.choose(handle, route, ask, row).map(|(way, _)| way)
}

/// A component at work.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Begins requests, or only stands around others: nothing reaches it.
    Passive,
    ApiGateway(Box<api_gateway::ApiGateway>),
    Bastion(Box<bastion::Bastion>),
    Cache(Box<cache::Cache>),
    Cdn(Box<cdn::Cdn>),
    ConnectionProxy(Box<connection_proxy::ConnectionProxy>),
    Controller(Box<controller::Controller>),
    Database(Box<database::Database>),
    Dns(Box<dns::Dns>),
    Function(Box<function::Function>),
    GraphStore(Box<graph_store::GraphStore>),
    IdGenerator(Box<id_generator::IdGenerator>),
    Identity(Box<identity::Identity>),
    KeyValue(Box<key_value::KeyValue>),
    LoadBalancer(Box<load_balancer::LoadBalancer>),
    Monitor(Box<monitor::Monitor>),
    Notification(Box<notification::Notification>),
    ObjectStore(Box<object_store::ObjectStore>),
    Queue(Box<queue::Queue>),
    RateLimiter(Box<rate_limiter::RateLimiter>),
    Search(Box<search::Search>),
    Server(Box<server::Server>),
    Station(Box<station::Station>),
    WaitingRoom(Box<waiting_room::WaitingRoom>),
    Worker(Box<worker::Worker>),
}

/// Does the same with whatever kind it is.
macro_rules! each {
    ($node:expr, $kind:ident => $then:expr, passive => $else:expr) => {
        match $node {
            Node::Passive => $else,
            Node::ApiGateway($kind) => $then,
            Node::Bastion($kind) => $then,
            Node::Cache($kind) => $then,
            Node::Cdn($kind) => $then,
            Node::ConnectionProxy($kind) => $then,
            Node::Controller($kind) => $then,
            Node::Database($kind) => $then,
            Node::Dns($kind) => $then,
            Node::Function($kind) => $then,
            Node::GraphStore($kind) => $then,
            Node::IdGenerator($kind) => $then,
            Node::Identity($kind) => $then,
            Node::KeyValue($kind) => $then,
            Node::LoadBalancer($kind) => $then,
            Node::Monitor($kind) => $then,
            Node::Notification($kind) => $then,
            Node::ObjectStore($kind) => $then,
            Node::Queue($kind) => $then,
            Node::RateLimiter($kind) => $then,
            Node::Search($kind) => $then,
            Node::Server($kind) => $then,
            Node::Station($kind) => $then,
            Node::WaitingRoom($kind) => $then,
            Node::Worker($kind) => $then,
        }
    };
}

impl Node {
    /// The component of a kind.
    #[cold]
    #[inline(never)]
    pub(crate) fn compile(
        compiler: &mut Compiler<'_>,
        component: &Component,
        node: NodeId,
    ) -> Self {
        match component.kind {
            Kind::Client | Kind::Region | Kind::Zone | Kind::AutoScalingGroup | Kind::Subnet => {
                Self::Passive
            }
            Kind::ApiGateway => Self::ApiGateway(Box::new(api_gateway::ApiGateway::new(
                compiler, component, node,
            ))),
            Kind::Bastion => {
                Self::Bastion(Box::new(bastion::Bastion::new(compiler, component, node)))
            }
            Kind::Cache => Self::Cache(Box::new(cache::Cache::new(compiler, component, node))),
            Kind::Cdn => Self::Cdn(Box::new(cdn::Cdn::new(compiler, component, node))),
            Kind::ConnectionProxy => Self::ConnectionProxy(Box::new(
                connection_proxy::ConnectionProxy::new(compiler, component, node),
            )),
            Kind::Controller => Self::Controller(Box::new(controller::Controller::new(
                compiler, component, node,
            ))),
            Kind::Database => {
                Self::Database(Box::new(database::Database::new(compiler, component, node)))
            }
            Kind::Dns => Self::Dns(Box::new(dns::Dns::new(compiler, component, node))),
            Kind::Function => {
                Self::Function(Box::new(function::Function::new(compiler, component, node)))
            }
            Kind::GraphStore => Self::GraphStore(Box::new(graph_store::GraphStore::new(
                compiler, component, node,
            ))),
            Kind::IdGenerator => Self::IdGenerator(Box::new(id_generator::IdGenerator::new(
                compiler, component, node,
            ))),
            Kind::Identity => {
                Self::Identity(Box::new(identity::Identity::new(compiler, component, node)))
            }
            Kind::KeyValue => Self::KeyValue(Box::new(key_value::KeyValue::new(
                compiler, component, node,
            ))),
            Kind::LoadBalancer => Self::LoadBalancer(Box::new(load_balancer::LoadBalancer::new(
                compiler, component, node,
            ))),
            Kind::Monitor => {
                Self::Monitor(Box::new(monitor::Monitor::new(compiler, component, node)))
            }
            Kind::Notification => Self::Notification(Box::new(notification::Notification::new(
                compiler, component, node,
            ))),
            Kind::ObjectStore => Self::ObjectStore(Box::new(object_store::ObjectStore::new(
                compiler, component, node,
            ))),
            Kind::Queue => Self::Queue(Box::new(queue::Queue::new(compiler, component, node))),
            Kind::RateLimiter => Self::RateLimiter(Box::new(rate_limiter::RateLimiter::new(
                compiler, component, node,
            ))),
            Kind::Search => Self::Search(Box::new(search::Search::new(compiler, component, node))),
            Kind::Server => Self::Server(Box::new(server::Server::new(compiler, component, node))),
            Kind::Station => {
                Self::Station(Box::new(station::Station::new(compiler, component, node)))
            }
            Kind::WaitingRoom => Self::WaitingRoom(Box::new(waiting_room::WaitingRoom::new(
                compiler, component, node,
            ))),
            Kind::Worker => Self::Worker(Box::new(worker::Worker::new(compiler, component, node))),
        }
    }

    pub(crate) fn begin(&mut self, core: &mut Core) {
        each!(self, kind => kind.begin(core), passive => {});
    }

    #[inline(always)]
    pub(crate) fn arrive(&mut self, core: &mut Core, call: Handle) {
        each!(self, kind => apart::arrive(kind.as_mut(), core, call), passive => {
            let node = core.call(call).map_or(0, |call| call.node);
            core.fail(call, archplay_report::Reason::NoRoute, node);
        });
    }

    #[inline(always)]
    pub(crate) fn due(&mut self, core: &mut Core, call: Handle, epoch: u16) {
        each!(self, kind => apart::due(kind.as_mut(), core, call, epoch), passive => {});
    }

    #[inline(always)]
    pub(crate) fn answered(&mut self, core: &mut Core, call: Handle, answer: &Answer) {
        each!(self, kind => apart::answered(kind.as_mut(), core, call, answer), passive => {});
    }

    pub(crate) fn other(&mut self, core: &mut Core, call: Handle, first: Target) -> Option<Target> {
        each!(self, kind => kind.other(core, call, first), passive => None)
    }

    pub(crate) fn next(&mut self, core: &mut Core, call: Handle, first: Target) -> Option<Target> {
        each!(self, kind => kind.next(core, call, first), passive => None)
    }

    pub(crate) fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        each!(self, kind => apart::own_answered(kind.as_mut(), core, answer), passive => {});
    }

    pub(crate) fn timer(&mut self, core: &mut Core, tag: u32) {
        each!(self, kind => apart::timer(kind.as_mut(), core, tag), passive => {});
    }

    pub(crate) fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        each!(self, kind => apart::notice(kind.as_mut(), core, about, notice), passive => {});
    }

    pub(crate) fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        each!(self, kind => apart::fault(kind.as_mut(), core, node, unit, action, on), passive => {});
    }

    pub(crate) fn mark(&mut self, now: u64, which: usize) {
        each!(self, kind => kind.mark(now, which), passive => {});
    }

    pub(crate) fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        each!(self, kind => kind.columns(core, sink, end, span_ns), passive => {});
    }

    pub(crate) fn load(&mut self, core: &mut Core) -> Option<Load> {
        each!(self, kind => kind.load(core), passive => None)
    }

    pub(crate) fn waiting(&self, now: u64) -> u128 {
        each!(self, kind => kind.waiting(now), passive => 0)
    }

    pub(crate) fn units(&mut self, core: &mut Core) -> (u32, f64) {
        each!(self, kind => kind.units(core), passive => (0, 0.0))
    }

    pub(crate) fn measures(
        &mut self,
        core: &mut Core,
        out: &mut Vec<(archplay_report::Measure, f64)>,
    ) {
        each!(self, kind => kind.measures(core, out), passive => {});
    }
}
