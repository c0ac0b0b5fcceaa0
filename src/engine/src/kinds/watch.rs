//! What monitors and controllers share: whom they see, whom they order about, and over which link.

use archplay_model::{Component, Id, Kind};

use super::Load;
use crate::compile::Compiler;
use crate::core::{Core, Notice};
use crate::plant::{LinkId, NOBODY, NodeId};

/// What a monitor reads from a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub node: NodeId,
    pub load: Option<Load>,
}

/// Somebody who is watched or ordered about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub node: NodeId,
    /// The link to it; `NOBODY` if it is only named.
    pub link: LinkId,
}

impl Target {
    /// Whether nothing comes through between the two.
    pub(super) fn cut(self, core: &Core) -> bool {
        core.links
            .get(self.link as usize)
            .is_some_and(|link| link.cut)
    }

    /// Whether it is there and takes requests.
    pub(super) fn alive(self, core: &Core) -> bool {
        let board = &core.boards[self.node as usize];
        board.up && (board.units.is_empty() || board.units.iter().any(|unit| unit.up))
    }
}

/// Those whom names mean, one list a name: of a box all that is in it.
pub(super) fn named(
    compiler: &Compiler<'_>,
    component: &Component,
    names: &[Id],
) -> Vec<Vec<Target>> {
    let nodes = names.iter().filter_map(|id| compiler.node(id));
    nodes
        .map(|node| members(compiler, component, node))
        .collect()
}

/// Those a component has links to, one list each.
pub(super) fn linked(compiler: &Compiler<'_>, component: &Component) -> Vec<Vec<Target>> {
    let ways = compiler.out_ways(component);
    ways.iter()
        .map(|way| members(compiler, component, way.node))
        .collect()
}

fn members(compiler: &Compiler<'_>, component: &Component, node: NodeId) -> Vec<Target> {
    let plans = (0_u32..).zip(&compiler.plant.nodes);
    let inside = plans.filter(|(other, plan)| {
        let works = !plan.kind.is_group() && plan.kind != Kind::Client;
        works && (*other == node || plan.domains.contains(&node)) && plan.id != component.id
    });
    inside
        .map(|(other, plan)| Target {
            node: other,
            link: compiler.link(&component.id, &plan.id).unwrap_or(NOBODY),
        })
        .collect()
}

/// What helps a component best: the dead are started, a copy becomes the primary, names move on, a group
/// gets another instance.
pub(super) fn help(core: &Core, target: Target) -> Notice {
    if !target.alive(core) {
        return Notice::Restart;
    }
    let plan = &core.plant.nodes[target.node as usize];
    let mut boxes = plan.domains.iter();
    let grouped = boxes.any(|id| core.plant.nodes[*id as usize].kind == Kind::AutoScalingGroup);
    match plan.kind {
        Kind::Database => Notice::Promote,
        Kind::Dns => Notice::SwitchNames,
        Kind::Server if grouped => Notice::ScaleOut { by: 1 },
        _ => Notice::Restart,
    }
}

/// Gives an order, if it gets through.
pub(super) fn order(core: &mut Core, from: NodeId, target: Target, notice: Notice) {
    if !target.cut(core) {
        core.tell_one(target.node, from, notice);
    }
}
