//! The targets of a load balancer: units of the components that it is linked to, and for each set of them
//! that some request can go to the list of those that get requests now.

use archplay_model::catalogue::load_balancer as spec;
use archplay_model::catalogue::parse_weights;
use archplay_model::{Component, Kind};

use crate::compile::Compiler;
use crate::core::Core;
use crate::plant::{AskId, NOBODY, NodeId, Way};

/// One unit behind a load balancer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub way: Way,
    /// Its place on the component's board.
    pub unit: u32,
    /// The unit that is asked; `NOBODY` where a component is one whole.
    pub asked: u32,
    /// Which of the links leads to it.
    pub link: u32,
    /// Takes part at all.
    pub registered: bool,
    /// Its checks say that it can be asked.
    pub healthy: bool,
    /// A newcomer that has not passed a check yet.
    pub fresh: bool,
    pub passes: u32,
    pub fails: u32,
    /// Rises with each registration and deregistration: answers to older checks mean nothing.
    pub generation: u32,
    /// Requests under way to it.
    pub outstanding: u32,
    /// Since when it gets its slowly growing share; `None` for its full share.
    pub slow_since: Option<u64>,
    pub next_check_ns: u64,
}

/// Requests that the same links can serve share a list of targets.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// Which links.
    links: Vec<bool>,
    /// Who gets requests now.
    pub eligible: Vec<u32>,
    /// Cumulated weights of these, up to 1.
    pub until: Vec<f64>,
    /// Whose turn it is.
    pub next: usize,
}

/// All targets.
#[derive(Clone, Debug)]
pub(super) struct Targets {
    pub list: Vec<Target>,
    pub classes: Vec<Class>,
    /// For each ask its class; `NOBODY` for what no target can answer.
    class_of: Vec<u32>,
    ways: Vec<Way>,
    /// Weight of each link.
    weights: Vec<f64>,
    fail_open: bool,
}

impl Class {
    /// Whose turn it is.
    #[inline(always)]
    pub(super) fn next_turn(&mut self) -> Option<u32> {
        let n = self.eligible.len();
        let position = if self.next < n {
            self.next
        } else {
            self.next.checked_rem(n)?
        };
        self.next = position + 1;
        self.eligible.get(position).copied()
    }
}

impl Targets {
    pub(super) fn new(compiler: &Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let ways = compiler.out_ways(component);
        let plant = &compiler.plant;
        // The first class is that of all links: health checks from above may go anywhere.
        let mut classes = vec![vec![true; ways.len()]];
        let class_of = (0..plant.asks.len() as AskId).map(|ask| {
            if ask == plant.health {
                return 0;
            }
            let route = plant.route(node, ask);
            if route == NOBODY {
                return NOBODY;
            }
            let able = plant.ways(route);
            let links: Vec<bool> = ways
                .iter()
                .map(|way| able.iter().any(|other| other.node == way.node))
                .collect();
            let found = classes.iter().position(|other| *other == links);
            found.unwrap_or_else(|| {
                classes.push(links);
                classes.len() - 1
            }) as u32
        });
        let class_of = class_of.collect();
        let given = parse_weights(component.text(&spec::WEIGHTS)).unwrap_or_default();
        let weight = |way: &Way| {
            if given.is_empty() {
                return 1.0;
            }
            let id = &plant.nodes[way.node as usize].id;
            let found = given.iter().find(|(name, _)| name == id);
            found.map_or(0.0, |(_, weight)| *weight)
        };
        Self {
            list: Vec::new(),
            classes: classes
                .into_iter()
                .map(|links| Class {
                    links,
                    ..Class::default()
                })
                .collect(),
            class_of,
            weights: ways.iter().map(weight).collect(),
            ways,
            fail_open: component.text(&spec::FAIL_OPEN) != "no",
        }
    }

    /// The components behind the links.
    pub(super) fn nodes(&self) -> Vec<NodeId> {
        self.ways.iter().map(|way| way.node).collect()
    }

    pub(super) fn class_of(&self, ask: AskId) -> u32 {
        self.class_of[ask as usize]
    }

    pub(super) fn find(&self, node: NodeId, unit: u32) -> Option<u32> {
        let found = self
            .list
            .iter()
            .position(|target| target.way.node == node && target.unit == unit)?;
        Some(found as u32)
    }

    /// The target for a unit, made when it is seen first.
    pub(super) fn place_of(&mut self, core: &Core, node: NodeId, unit: u32) -> Option<u32> {
        if let Some(found) = self.find(node, unit) {
            return Some(found);
        }
        let link = self.ways.iter().position(|way| way.node == node)?;
        let server = core.plant.nodes[node as usize].kind == Kind::Server;
        self.list.push(Target {
            way: self.ways[link],
            unit,
            asked: if server { unit } else { NOBODY },
            link: link as u32,
            registered: false,
            healthy: false,
            fresh: false,
            passes: 0,
            fails: 0,
            generation: 0,
            outstanding: 0,
            slow_since: None,
            next_check_ns: 0,
        });
        Some(self.list.len() as u32 - 1)
    }

    /// Whether a target gets requests of a class.
    pub(super) fn takes(&self, class: u32, target: u32) -> bool {
        let Some(plan) = self.list.get(target as usize) else {
            return false;
        };
        let class = &self.classes[class as usize];
        let healthy = plan.registered && plan.healthy;
        class.links[plan.link as usize] && (healthy || class.eligible.contains(&target))
    }

    /// A request goes to a target.
    pub(super) fn take(&mut self, target: u32) -> (Way, u32) {
        let target = &mut self.list[target as usize];
        target.outstanding += 1;
        (target.way, target.asked)
    }

    /// A request to a target has ended.
    pub(super) fn done(&mut self, target: u32) {
        if let Some(target) = self.list.get_mut(target as usize) {
            target.outstanding = target.outstanding.saturating_sub(1);
        }
    }

    /// Nothing is under way any more.
    pub(super) fn forget_requests(&mut self) {
        for target in &mut self.list {
            target.outstanding = 0;
        }
    }

    /// How many are healthy.
    pub(super) fn healthy(&self) -> u32 {
        let all = self.list.iter();
        all.filter(|t| t.registered && t.healthy).count() as u32
    }

    /// How many units of a component are healthy.
    pub(super) fn healthy_of(&self, node: NodeId) -> u32 {
        let all = self.list.iter();
        let of = all.filter(|t| t.way.node == node && t.registered && t.healthy);
        of.count() as u32
    }

    /// How many get requests.
    pub(super) fn in_use(&self) -> u32 {
        self.classes[0].eligible.len() as u32
    }

    /// Lists anew who gets requests. If none of a class is healthy, all that take part do, unless it was told
    /// not to. Returns whether that is so for all links together.
    pub(super) fn refresh(&mut self) -> bool {
        let mut open = false;
        for (i, class) in self.classes.iter_mut().enumerate() {
            class.eligible.clear();
            class.until.clear();
            let able = |t: &Target| class.links[t.link as usize] && t.registered;
            let healthy = (0_u32..)
                .zip(&self.list)
                .filter(|(_, t)| able(t) && t.healthy);
            class.eligible.extend(healthy.map(|(i, _)| i));
            if class.eligible.is_empty() && self.fail_open {
                let known = (0_u32..)
                    .zip(&self.list)
                    .filter(|(_, t)| able(t) && !t.fresh);
                class.eligible.extend(known.map(|(i, _)| i));
                open |= i == 0 && !class.eligible.is_empty();
            }
            // A link's weight is shared by its units.
            let mut units = vec![0_u32; class.links.len()];
            for target in &class.eligible {
                units[self.list[*target as usize].link as usize] += 1;
            }
            let mut sum = 0.0;
            for target in &class.eligible {
                let link = self.list[*target as usize].link as usize;
                sum += self.weights[link] / f64::from(units[link]);
                class.until.push(sum);
            }
            for until in &mut class.until {
                *until /= sum.max(f64::MIN_POSITIVE);
            }
        }
        open
    }
}
