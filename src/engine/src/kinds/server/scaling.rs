//! Auto-scaling groups: scheduled actions, target tracking, steps, orders, replacing what died.

use archplay_kernel::{NS_PER_SEC, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::{self, auto_scaling_group as asg};
use archplay_report::EventCode;

use super::plan::group_of;
use super::unit::State;
use super::{SAMPLE, SCHEDULED, Server};
use crate::compile::Compiler;
use crate::core::Core;
use crate::plant::{DAY_SECS, NodeId};

/// Below this share of the target the group may scale in.
const IN_BELOW: f64 = 0.9;
/// So much above the target, as a share of the capacity, a step is twice as large.
const FAR_ABOVE: f64 = 0.2;

/// How a group follows the CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    Nothing,
    /// As many units as bring the metric to its target.
    Target,
    /// So many more or fewer at a time, and then a pause.
    Steps,
}

/// A group: its parameters and what it wants.
#[derive(Clone, Debug)]
pub(super) struct Group {
    node: NodeId,
    min: u32,
    max: u32,
    desired: u32,
    follows: Follows,
    /// 0 to 1.
    target: f64,
    period_ns: u64,
    out_points: u32,
    in_points: u32,
    boot_ns: u64,
    warmup_ns: u64,
    step: u32,
    cooldown_ns: u64,
    /// (time since the start, count), in order of time.
    schedule: Vec<(u64, u32)>,
    /// Samples in a row above the target, and clearly below it.
    above: u32,
    below: u32,
    /// No step before this moment.
    quiet_until: u64,
}

impl Group {
    /// The group around a server.
    pub(super) fn new(compiler: &Compiler<'_>, component: &Component) -> Option<Self> {
        let group = group_of(compiler, component)?;
        let mut plan = Self {
            node: compiler.node(&group.id)?,
            min: group.count(&asg::MIN),
            max: group.count(&asg::MAX),
            desired: group.count(&asg::DESIRED),
            follows: match group.text(&asg::POLICY) {
                "target_tracking" => Follows::Target,
                "step" => Follows::Steps,
                _ => Follows::Nothing,
            },
            target: group.number(&asg::TARGET_CPU) / 100.0,
            period_ns: ns_from_secs(group.number(&asg::PERIOD_SECS)),
            out_points: group.count(&asg::OUT_DATAPOINTS),
            in_points: group.count(&asg::IN_DATAPOINTS),
            boot_ns: ns_from_secs(group.number(&asg::BOOT_SECS)),
            warmup_ns: ns_from_secs(group.number(&asg::WARMUP_SECS)),
            step: group.count(&asg::STEP),
            cooldown_ns: ns_from_secs(group.number(&asg::COOLDOWN_SECS)),
            schedule: Vec::new(),
            above: 0,
            below: 0,
            quiet_until: 0,
        };
        let start = compiler.scenario.start.secs();
        let actions = catalogue::parse_schedule(group.text(&asg::SCHEDULE)).unwrap_or_default();
        for action in actions {
            let at = action.at.secs();
            if at <= start {
                // It had happened before the scenario begins: its units are there already.
                (plan.min, plan.desired) = (action.count, action.count);
            }
            // Every day at its time.
            let first = if at <= start { at + DAY_SECS } else { at } - start;
            for since in (first..compiler.scenario.duration_secs).step_by(DAY_SECS as usize) {
                let at = u64::from(since) * NS_PER_SEC;
                plan.schedule.push((at, action.count));
            }
        }
        plan.schedule.sort_by_key(|(at, _)| *at);
        Some(plan)
    }

    /// How many units it wants.
    pub(super) fn desired(&self) -> u32 {
        self.desired
    }

    /// Wants so many: the event that says so, if that is another number.
    fn want(&mut self, desired: u32) -> Option<(EventCode, u32, u32)> {
        let before = std::mem::replace(&mut self.desired, desired);
        match desired {
            _ if desired > before => Some((EventCode::ScaleOut, before, desired)),
            _ if desired < before => Some((EventCode::ScaleIn, before, desired)),
            _ => None,
        }
    }

    /// As many as would bring the same work to the target.
    fn needed(&self, metric: f64, up: u32) -> u32 {
        let needed = (f64::from(up) * metric / self.target).min(1e6);
        needed as u32 + u32::from(needed.fract() > 0.0)
    }

    /// Looks at a sample: mean CPU utilisation of the units that are warm.
    fn follow(&mut self, now: u64, metric: f64, up: u32) -> Option<(EventCode, u32, u32)> {
        self.above = if metric > self.target {
            self.above + 1
        } else {
            0
        };
        self.below = if metric < self.target * IN_BELOW {
            self.below + 1
        } else {
            0
        };
        let (out, inwards) = (self.above >= self.out_points, self.below >= self.in_points);
        let needed = self.needed(metric, up);
        match self.follows {
            Follows::Nothing => None,
            Follows::Target if out && needed > self.desired => self.want(needed.min(self.max)),
            Follows::Target if inwards && needed < self.desired => {
                self.below = 0;
                self.want(needed.max(self.min))
            }
            Follows::Steps if now < self.quiet_until => None,
            Follows::Steps if out => {
                let far = metric > self.target + FAR_ABOVE;
                let step = if far { 2 * self.step } else { self.step };
                self.pause(now);
                self.want((self.desired + step).min(self.max).max(self.desired))
            }
            Follows::Steps if inwards => {
                // Not so few that the rest would be above the target again.
                let fewer = self.desired.saturating_sub(self.step);
                self.pause(now);
                self.want(fewer.max(needed).max(self.min).min(self.desired))
            }
            Follows::Target | Follows::Steps => None,
        }
    }

    fn pause(&mut self, now: u64) {
        (self.above, self.below) = (0, 0);
        self.quiet_until = now.saturating_add(self.cooldown_ns);
    }
}

impl Server {
    /// Plans the group's samples and scheduled actions.
    pub(super) fn begin_group(&mut self, core: &mut Core) {
        let Some(group) = &self.group else { return };
        core.wake_node(self.node, SAMPLE, group.period_ns);
        for (i, (at, _)) in (0_u32..).zip(&group.schedule) {
            core.wake_on_calendar(self.node, SCHEDULED | i, *at);
        }
    }

    /// A scheduled action: this many at least, and as many now. It ignores every cooldown.
    pub(super) fn scheduled(&mut self, core: &mut Core, action: u32) {
        let Some(group) = &mut self.group else { return };
        let (_, count) = group.schedule[action as usize];
        let before = group.desired;
        group.min = count.min(group.max);
        group.desired = count.min(group.max);
        (group.above, group.below) = (0, 0);
        core.note(EventCode::Scheduled, group.node, before, group.desired);
        self.apply_desired(core);
    }

    /// A sample of the metric over one period.
    pub(super) fn sample(&mut self, core: &mut Core) {
        let now = core.now;
        let Some(group) = &self.group else { return };
        let (period, warmup) = (group.period_ns, group.warmup_ns);
        core.wake_node(self.node, SAMPLE, now.saturating_add(period));
        let (mut busy, mut capacity, mut up) = (0.0, 0.0, 0_u32);
        for unit in &mut self.units {
            unit.cpu.settle(now);
            let delta = unit.cpu.busy_ns - unit.sampled_busy_ns;
            unit.sampled_busy_ns = unit.cpu.busy_ns;
            if unit.state != State::Up {
                continue;
            }
            up += 1;
            // Present through the whole period and past its warm-up.
            let warm = if unit.up_since == 0 { 0 } else { warmup };
            if unit.up_since + warm + period <= now {
                busy += delta;
                capacity += unit.cpu.cores() * period as f64;
            }
        }
        if let Some(group) = &mut self.group
            && capacity > 0.0
            && let Some((code, from, to)) = group.follow(now, busy / capacity, up)
        {
            core.note(code, group.node, from, to);
        }
        self.replace_dead(core);
        self.apply_desired(core);
    }

    /// A monitor orders more units.
    pub(super) fn scale_out(&mut self, core: &mut Core, by: u32) {
        let Some(group) = &mut self.group else { return };
        let more = group.desired.saturating_add(by).min(group.max);
        if let Some((code, from, to)) = group.want(more.max(group.desired)) {
            core.note(code, group.node, from, to);
            self.apply_desired(core);
        }
    }

    /// Units that died are given up: their place is free for a new one.
    fn replace_dead(&mut self, core: &mut Core) {
        for index in 0..self.units.len() as u32 {
            if self.units[index as usize].state == State::Dead {
                self.set_state(core, index, State::Off);
                let gone = crate::core::Notice::UnitGone { unit: index };
                core.tell(self.node, gone);
            }
        }
    }

    /// Starts or stops units until there are as many as desired.
    fn apply_desired(&mut self, core: &mut Core) {
        let Some(group) = &self.group else { return };
        let (desired, boot_ns) = (group.desired, group.boot_ns);
        let count = self.units.len() as u32;
        let mut there = self
            .units
            .iter()
            .filter(|unit| matches!(unit.state, State::Up | State::Booting | State::Restarting))
            .count() as u32;
        for index in 0..count {
            let off = self.units[index as usize].state == State::Off;
            if there < desired && off && !self.barred(core, index) {
                self.boot(core, index, boot_ns);
                there += 1;
            }
        }
        // Those that are still booting go first, then the last.
        for state in [State::Booting, State::Up] {
            for index in (0..count).rev() {
                if there > desired && self.units[index as usize].state == state {
                    there -= 1;
                    self.stop(core, index);
                }
            }
        }
        self.count_units(core);
    }
}
