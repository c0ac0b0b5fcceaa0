//! A monitor: samples one metric at its own period, raises an alarm when M of N samples breach, and acts.
//!
//! It sees only what it samples: what rises and falls between two samples is averaged away. A component that
//! is dead or beyond a cut gives no sample, and a monitor that is dead takes none.

mod sample;

use archplay_kernel::{AlarmState, AlarmWindow, Handle, MissingSample, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::monitor as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use super::watch::{self, Reading, Target};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Core, Notice};
use crate::plant::NodeId;
use crate::stats::columns::Sink;

/// Timers: a sample is due; scaling while the alarm lasts; from here on a person acts, by the alarm's number.
const SAMPLE: u32 = 0;
const PERSON: u32 = 1;
/// While an alarm lasts, instances are added at most so often.
const SCALES_NS: u64 = 60_000_000_000;

/// What it samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sampled {
    Utilisation,
    Errors,
    LatencyP99,
    LatencyMean,
    Rate,
    Backlog,
    Connections,
    Orders,
    Heartbeat,
    /// A series of the component; shares are turned into percent.
    Series(Metric),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    None,
    CallPerson,
    ScaleOut,
    FailOver,
    Restart,
}

/// A component under watch, and what was read from it at the last sample.
#[derive(Clone, Copy, Debug)]
struct Watched {
    target: Target,
    /// The place of the histogram of its times inside, or of the series that is followed.
    place: usize,
    calls: u64,
    answers: u64,
    errors: u64,
    load: Load,
}

/// A monitor.
#[derive(Clone, Debug)]
pub(crate) struct Monitor {
    node: NodeId,
    watched: Vec<Watched>,
    acts_on: Vec<Target>,
    sampled: Sampled,
    above: bool,
    threshold: f64,
    period_ns: u64,
    action: Action,
    person_ns: u64,
    readings: Vec<Reading>,
    window: AlarmWindow,
    state: AlarmState,
    orders: u64,
    alarms: u32,
    scaled_ns: u64,
}

impl Monitor {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let names = component.names(&spec::WATCHES);
        let acts_on: Vec<Target> =
            watch::named(compiler, component, &component.names(&spec::ACTS_ON)).concat();
        let mut targets = if names.is_empty() {
            // What it only acts on it does not watch.
            let mut linked = watch::linked(compiler, component).concat();
            linked.retain(|target| acts_on.iter().all(|other| other.node != target.node));
            linked
        } else {
            watch::named(compiler, component, &names).concat()
        };
        if targets.is_empty() && names.is_empty() {
            targets.clone_from(&acts_on);
        }
        let missing = match component.text(&spec::MISSING) {
            "breaching" => MissingSample::Breaching,
            "not_breaching" => MissingSample::NotBreaching,
            "ignore" => MissingSample::Ignore,
            _ => MissingSample::Stays,
        };
        let (datapoints, of) = (
            component.count(&spec::DATAPOINTS),
            component.count(&spec::OF),
        );
        let watched = |target| Watched {
            target,
            place: usize::MAX,
            calls: 0,
            answers: 0,
            errors: 0,
            load: Load::default(),
        };
        Self {
            node,
            acts_on: if acts_on.is_empty() {
                targets.clone()
            } else {
                acts_on
            },
            watched: targets.into_iter().map(watched).collect(),
            sampled: match component.text(&spec::METRIC) {
                "error_percent" => Sampled::Errors,
                "latency_p99" => Sampled::LatencyP99,
                "latency_mean" => Sampled::LatencyMean,
                "rate" => Sampled::Rate,
                "backlog" => Sampled::Backlog,
                "memory" => Sampled::Series(Metric::Memory),
                "disk" => Sampled::Series(Metric::DiskUsed),
                "connections" => Sampled::Connections,
                "hit_ratio" => Sampled::Series(Metric::HitRatio),
                "lag" => Sampled::Series(Metric::Lag),
                "orders_per_min" => Sampled::Orders,
                "heartbeat" => Sampled::Heartbeat,
                "load_average" => Sampled::Series(Metric::LoadAverage),
                _ => Sampled::Utilisation,
            },
            above: component.text(&spec::COMPARISON) != "below",
            threshold: component.number(&spec::THRESHOLD),
            period_ns: ns_from_secs(component.number(&spec::PERIOD_SECS)),
            action: match component.text(&spec::ACTION) {
                "call_person" => Action::CallPerson,
                "scale_out" => Action::ScaleOut,
                "fail_over" => Action::FailOver,
                "restart" => Action::Restart,
                _ => Action::None,
            },
            person_ns: ns_from_secs(component.number(&spec::PERSON_SECS)),
            readings: Vec::new(),
            window: AlarmWindow::new(datapoints as usize, of as usize, missing),
            state: AlarmState::Insufficient,
            orders: 0,
            alarms: 0,
            scaled_ns: 0,
        }
    }

    /// What it wants to read from others when this timer has fired; `None` for nothing.
    pub(crate) fn blank_readings(&mut self, tag: u32) -> Option<Vec<Reading>> {
        if tag != SAMPLE || self.sampled != Sampled::Utilisation {
            return None;
        }
        let mut readings = std::mem::take(&mut self.readings);
        readings.clear();
        readings.extend(self.watched.iter().map(|watched| Reading {
            node: watched.target.node,
            load: None,
        }));
        Some(readings)
    }

    /// Is shown what it wanted to read.
    pub(crate) fn read(&mut self, readings: Vec<Reading>) {
        self.readings = readings;
    }

    fn evaluate(&mut self, core: &mut Core, value: Option<f64>) {
        let breaches = value.map(|value| {
            if self.above {
                value > self.threshold
            } else {
                value < self.threshold
            }
        });
        let Some(state) = self.window.push(breaches) else {
            return;
        };
        let bad = self.window.breaching();
        let before = std::mem::replace(&mut self.state, state);
        let shown = value.unwrap_or(0.0).clamp(0.0, 4e9) as u32;
        match state {
            AlarmState::Alarm if before != AlarmState::Alarm => {
                self.alarms += 1;
                core.note(EventCode::AlarmRaised, self.node, bad as u32, shown);
                self.act(core);
            }
            AlarmState::Alarm if self.action == Action::ScaleOut => self.act(core),
            AlarmState::Fine if before == AlarmState::Alarm => {
                core.note(EventCode::AlarmCleared, self.node, bad as u32, shown);
            }
            AlarmState::Insufficient if before != AlarmState::Insufficient => {
                core.note(EventCode::NoData, self.node, 0, 0);
            }
            _ => {}
        }
    }

    fn act(&mut self, core: &mut Core) {
        match self.action {
            Action::None => {}
            Action::CallPerson => {
                core.note(EventCode::PersonCalled, self.node, 0, self.alarms);
                let at = core.now.saturating_add(self.person_ns);
                core.wake_node(self.node, PERSON + self.alarms, at);
            }
            Action::ScaleOut => {
                // As long as the alarm lasts, but not with every fine sample.
                let due = self.scaled_ns.saturating_add(SCALES_NS);
                if self.scaled_ns > 0 && core.now < due {
                    return;
                }
                self.scaled_ns = core.now;
                self.order_all(core, |_, _| Some(Notice::ScaleOut { by: 1 }));
            }
            Action::FailOver => self.order_all(core, |core, target| {
                match core.plant.nodes[target.node as usize].kind {
                    archplay_model::Kind::Database => Some(Notice::Promote),
                    archplay_model::Kind::Dns => Some(Notice::SwitchNames),
                    _ => None,
                }
            }),
            Action::Restart => self.order_all(core, |_, _| Some(Notice::Restart)),
        }
    }

    fn order_all(&self, core: &mut Core, what: impl Fn(&Core, Target) -> Option<Notice>) {
        for target in &self.acts_on {
            if let Some(notice) = what(core, *target) {
                watch::order(core, self.node, *target, notice);
            }
        }
    }

    /// The person who was called for an alarm is there. Whoever finds that all is well does nothing.
    fn person(&mut self, core: &mut Core, alarm: u32) {
        if alarm != self.alarms || self.state == AlarmState::Fine {
            return;
        }
        core.note(EventCode::PersonActed, self.node, 0, alarm);
        self.order_all(core, |core, target| Some(watch::help(core, target)));
    }
}

impl Behaviour for Monitor {
    fn begin(&mut self, core: &mut Core) {
        let times = self.times();
        for watched in &mut self.watched {
            let node = watched.target.node;
            watched.place = match self.sampled {
                _ if times => core.stats.watch(node),
                Sampled::Series(metric) => core.stats.follow(node, metric),
                _ => usize::MAX,
            };
        }
        core.wake_node(self.node, SAMPLE, core.now + self.period_ns);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let up = core.boards[self.node as usize].up;
        let health = core.call(handle).map(|call| call.ask) == Some(core.plant.health);
        if health && up {
            return core.finish(handle, Ok(()));
        }
        core.fail(handle, Reason::Refused, self.node);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag >= PERSON {
            return self.person(core, tag - PERSON);
        }
        core.wake_node(self.node, SAMPLE, core.now + self.period_ns);
        let value = self.sample(core);
        if core.boards[self.node as usize].up {
            self.evaluate(core, value);
        }
    }

    fn fault(
        &mut self,
        _core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if action == FaultAction::Kill && on {
            // Nobody is told that nobody watches any more. Who was called before still comes.
            self.window.clear();
            self.state = AlarmState::Insufficient;
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, _span_ns: u64) {
        let alarm = f64::from(u8::from(self.state == AlarmState::Alarm));
        sink.component(core, self.node, Metric::Alarm, alarm);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        out.push((Measure::Alarms, f64::from(self.alarms)));
    }
}
