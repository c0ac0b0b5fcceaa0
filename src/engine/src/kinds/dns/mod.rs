//! Name server: leads each request to one of its targets by a policy, as the visitor's resolver remembers it.
//!
//! Resolvers keep an answer for its time to live, so a change reaches visitors late. Which answer is given
//! now is in `answer`, the checks of the targets in `probe`. A look-up takes no time; the way from the
//! visitor to the target does.

mod answer;
mod probe;
#[cfg(test)]
mod tests;

use archplay_kernel::{Handle, mix, ns_from_secs, unit_of};
use archplay_model::catalogue::{dns as spec, parse_weights};
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, LinkKey, Place};
use archplay_report::{EventCode, Metric, Reason};

use self::answer::Policy;
use super::Behaviour;
use super::proxy::Watch;
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::keyed::Keyed;
use crate::plant::{AskId, LinkId, NOBODY, NodeId, Way};
use crate::stats::columns::Sink;

/// What a name can lead to.
#[derive(Clone, Copy, Debug)]
struct Member {
    way: Way,
    place: Place,
    weight: f64,
    healthy: bool,
    fails: u32,
    passes: u32,
    /// What a check asks for; `NOBODY` for no checks.
    check: AskId,
    next_check_ns: u64,
    /// Rises when the name server dies: answers to older checks mean nothing.
    generation: u32,
}

/// Who asks: where they are, and how long the way to each target takes.
#[derive(Clone, Debug)]
struct Asker {
    link: LinkId,
    place: Place,
    delays: Vec<u64>,
}

/// An answer: the target to try first, and which of its class have an address in it too.
#[derive(Clone, Copy, Debug)]
struct Kept {
    first: u32,
    others: u64,
}

/// Its timers. From `MEMBERS` on: the next check of a target, and a check that is known to have failed when
/// its time is up.
const CHECKS: u32 = 0;
const MEMBERS: u32 = 1;

/// Purposes of draws.
const STRAGGLES: u64 = 0x7374_7261;
const AGE: u64 = 0x6167_6500;

#[derive(Clone, Debug)]
pub(crate) struct Dns {
    node: NodeId,
    policy: Policy,
    ttl_ns: u64,
    stragglers: f64,
    straggler_ttl_ns: u64,
    /// How many resolvers the visitors of a place share; 0 for one each.
    resolvers: u64,
    interval_ns: u64,
    threshold: u32,
    timeout_ns: u64,
    members: Vec<Member>,
    askers: Vec<Asker>,
    /// For each ask which targets can answer it; `NOBODY` for none.
    class_of: Vec<u32>,
    classes: Vec<Vec<u32>>,
    /// The target that answers while it is healthy.
    primary: u32,
    /// Where a controller has led all names.
    switched: Option<u32>,
    /// What resolvers remember: by resolver and class the answer.
    kept: Keyed<Kept>,
    checks: Watch,
    /// Does not answer any more, by a fault of its own.
    mute: bool,
}

impl Dns {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let secs = |spec| ns_from_secs(component.number(spec));
        let ways = compiler.out_ways(component);
        let policy = Policy::from_slug(component.text(&spec::POLICY));
        let given = parse_weights(component.text(&spec::WEIGHTS)).unwrap_or_default();
        let primary = component.names(&spec::PRIMARY);
        let (class_of, classes) = classes(compiler, &ways, node);
        let members: Vec<Member> = ways
            .iter()
            .map(|way| {
                let plan = &compiler.plant.nodes[way.node as usize];
                let named = given.iter().find(|(id, _)| *id == plan.id);
                let weight = if given.is_empty() {
                    1.0
                } else {
                    named.map_or(0.0, |(_, weight)| *weight)
                };
                Member {
                    way: *way,
                    place: plan.place,
                    weight,
                    healthy: true,
                    fails: 0,
                    passes: 0,
                    check: probe::ask_of(compiler, component, node, way.node, policy),
                    next_check_ns: 0,
                    generation: 0,
                }
            })
            .collect();
        let first = members.iter().position(|member| {
            primary.contains(&compiler.plant.nodes[member.way.node as usize].id)
        });
        if policy == Policy::Multivalue {
            compiler.plant.nodes[node as usize].addresses = answer::ADDRESSES.min(ways.len()) as u8;
        }
        let timeout_ns = secs(&spec::CHECK_TIMEOUT_SECS);
        let interval_ns = secs(&spec::CHECK_INTERVAL_SECS);
        Self {
            node,
            policy,
            ttl_ns: secs(&spec::TTL_SECS),
            stragglers: component.number(&spec::STRAGGLERS_PERCENT) / 100.0,
            straggler_ttl_ns: secs(&spec::STRAGGLER_TTL_SECS),
            resolvers: u64::from(component.count(&spec::RESOLVERS)),
            interval_ns,
            threshold: component.count(&spec::FAILURE_THRESHOLD),
            timeout_ns,
            askers: askers(compiler, &members, node),
            members,
            class_of,
            classes,
            primary: first.unwrap_or(0) as u32,
            switched: None,
            kept: Keyed::default(),
            // Without a limit of its own a check has failed when the next one is due.
            checks: Watch::new(if timeout_ns > 0 {
                timeout_ns
            } else {
                interval_ns
            }),
            mute: false,
        }
    }

    /// Whether it answers resolvers.
    fn answers(&self, core: &Core) -> bool {
        core.boards[self.node as usize].up && !self.mute
    }

    /// What a visitor's resolver answers, and whether it still remembered that.
    fn resolve(
        &mut self,
        core: &Core,
        asker: usize,
        class: u32,
        person: u64,
    ) -> Result<(Kept, bool), Reason> {
        let now = core.now;
        let place = self.askers[asker].place;
        if core.resolvers_down[place as usize] {
            return Err(Reason::NameUnresolved);
        }
        let shared = self.resolvers > 0;
        let resolver = if shared {
            mix(place as u64, person % self.resolvers)
        } else {
            person
        };
        let key = mix(resolver, u64::from(class));
        if let Some(kept) = self.kept.get(key, now) {
            return Ok((kept, true));
        }
        if !self.answers(core) {
            return Err(Reason::NameUnresolved);
        }
        let salt = core.plant.nodes[self.node as usize].salt;
        let own = mix(mix(core.plant.seed, salt), resolver);
        let first = self
            .answer(asker, class, mix(own, now))
            .ok_or(Reason::NoRoute)?;
        let others = self.others(class);
        let kept = Kept { first, others };
        let mut ttl = self.ttl_ns;
        if self.stragglers > 0.0 && unit_of(mix(own, STRAGGLES)) < self.stragglers {
            ttl = ttl.max(self.straggler_ttl_ns);
        }
        if ttl > 0 {
            let age = (ttl as f64 * unit_of(mix(own, AGE))) as u64;
            // A resolver that many share had asked long before the run began: its first answer ages from then.
            let until = if shared && age > now { age } else { now + ttl };
            self.kept.put(key, now, until, kept);
        }
        Ok((kept, false))
    }
}

/// Which targets can answer what.
fn classes(compiler: &Compiler<'_>, ways: &[Way], node: NodeId) -> (Vec<u32>, Vec<Vec<u32>>) {
    let plant = &compiler.plant;
    let mut classes: Vec<Vec<u32>> = Vec::new();
    let class_of = (0..plant.asks.len() as AskId).map(|ask| {
        let able = plant.ways(plant.route(node, ask));
        if able.is_empty() {
            return NOBODY;
        }
        let members: Vec<u32> = (0_u32..)
            .zip(ways)
            .filter(|(_, way)| able.iter().any(|other| other.node == way.node))
            .map(|(i, _)| i)
            .collect();
        let found = classes.iter().position(|other| *other == members);
        found.unwrap_or_else(|| {
            classes.push(members);
            classes.len() - 1
        }) as u32
    });
    let class_of = class_of.collect();
    (class_of, classes)
}

/// Everyone with a link to the name server.
fn askers(compiler: &Compiler<'_>, members: &[Member], node: NodeId) -> Vec<Asker> {
    let plant = &compiler.plant;
    let links = (0_u32..).zip(&plant.links);
    links
        .filter(|(_, link)| link.to == node)
        .map(|(i, link)| {
            let from = &plant.nodes[link.from as usize];
            let delay = |member: &Member| {
                let to = &plant.nodes[member.way.node as usize].id;
                let key = LinkKey::new(from.id.clone(), to.clone());
                crate::compile::delay_ns(compiler.design, &key)
            };
            Asker {
                link: i,
                place: from.place,
                delays: members.iter().map(delay).collect(),
            }
        })
        .collect()
}

impl Behaviour for Dns {
    fn begin(&mut self, core: &mut Core) {
        self.checks.begin(core, self.node, CHECKS);
        self.begin_checks(core);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle).copied() else {
            return;
        };
        if call.ask == core.plant.health {
            return if self.answers(core) {
                core.finish(handle, Ok(()))
            } else {
                core.fail(handle, Reason::Refused, self.node)
            };
        }
        if call.pending == 0 {
            // The next address of an answer needs no new look-up.
            core.stats.rate(self.node);
            core.enter(handle);
        }
        let asker = self.askers.iter().position(|asker| asker.link == call.link);
        let class = self.class_of[call.ask as usize];
        let Some(asker) = asker.filter(|_| class != NOBODY) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        let (kept, remembered) = match self.resolve(core, asker, class, call.person) {
            Ok(found) => found,
            Err(reason) => return core.fail(handle, reason, self.node),
        };
        let Some(member) = self.address(class, kept, call.pending) else {
            // It failed where the last address led.
            return core.finish(handle, Err(Reason::Refused));
        };
        if let Some(call) = core.call(handle) {
            call.pending = 0;
        }
        let way = self.members[member as usize].way;
        let delay = self.askers[asker].delays[member as usize];
        let dead = !core.boards[way.node as usize].up;
        let more = self.policy == Policy::Multivalue;
        if remembered && dead && !more && self.leads_elsewhere(class, member) {
            // There and back to where nobody is any more.
            if let Some(call) = core.call(handle) {
                call.back_ns = call.back_ns.saturating_add(delay.saturating_mul(2));
            }
            return core.fail(handle, Reason::DnsStale, self.node);
        }
        core.pass_on_far(handle, way.node, way.link, NOBODY, delay);
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        self.probed(core, answer);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag == CHECKS {
            return self.checks_timed_out(core);
        }
        let (member, late) = ((tag - MEMBERS) / 2, (tag - MEMBERS) % 2 == 1);
        if late {
            self.count(core, member, false);
        } else {
            self.check(core, member);
        }
    }

    fn notice(&mut self, core: &mut Core, _about: NodeId, notice: Notice) {
        let count = self.members.len() as u32;
        if notice == Notice::SwitchNames && count > 1 {
            let from = self.switched.unwrap_or(self.primary);
            let to = (from + 1) % count;
            self.switched = Some(to);
            core.note(EventCode::NamesSwitched, self.node, from, to);
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
        match action {
            // Nothing waits in here, and what resolvers remember is theirs.
            FaultAction::Kill if on => self.forget_checks(),
            FaultAction::FailResolver => self.mute = on,
            FaultAction::Expire if on => self.kept.clear(),
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, _span_ns: u64) {
        let healthy = self.members.iter().filter(|member| member.healthy);
        let count = healthy.count() as f64;
        sink.component(core, self.node, Metric::Healthy, count);
    }
}
