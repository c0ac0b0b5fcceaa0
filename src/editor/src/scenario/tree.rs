//! The tree of an operation's demands: where one stands, and how it is added, moved, wrapped and taken away.
//!
//! A place in the tree is the list of child numbers on the way to it; the root's is empty. Pure.

use archplay_model::scenario::Demand;
use archplay_model::{Id, limits};

use super::demand_kind::{DemandKind, Wrapper};
use super::words::Word;

/// Where a demand is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Before the one before it.
    Up,
    /// After the one after it.
    Down,
    /// Out of what it is in, to stand after that.
    Out,
    /// To the end of what stands before it.
    In,
}

/// A demand as a line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandRow {
    /// Its place.
    pub path: Vec<usize>,
    /// What it is.
    pub kind: DemandKind,
}

/// What stands inside a demand.
#[must_use]
pub fn children(demand: &Demand) -> &[Demand] {
    match demand {
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => list,
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => {
            std::slice::from_ref(demand.as_ref())
        }
        _ => &[],
    }
}

/// The list inside a demand that holds any number.
fn list_mut(demand: &mut Demand) -> Option<&mut Vec<Demand>> {
    match demand {
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            Some(list)
        }
        _ => None,
    }
}

/// The demand at a place.
#[must_use]
pub fn node<'a>(root: &'a Demand, path: &[usize]) -> Option<&'a Demand> {
    path.iter()
        .try_fold(root, |demand, index| children(demand).get(*index))
}

/// The demand at a place, to be changed.
pub fn node_mut<'a>(root: &'a mut Demand, path: &[usize]) -> Option<&'a mut Demand> {
    path.iter()
        .try_fold(root, |demand, index| match (demand, index) {
            (Demand::Repeat { demand, .. } | Demand::Optional(demand), 0) => Some(&mut **demand),
            (demand, index) => list_mut(demand)?.get_mut(*index),
        })
}

/// All demands, each before what is in it.
#[must_use]
pub fn rows(root: &Demand) -> Vec<DemandRow> {
    fn walk(demand: &Demand, path: &mut Vec<usize>, out: &mut Vec<DemandRow>) {
        out.push(DemandRow {
            path: path.clone(),
            kind: DemandKind::of(demand),
        });
        for (index, child) in children(demand).iter().enumerate() {
            path.push(index);
            walk(child, path, out);
            path.pop();
        }
    }
    let mut out = Vec::new();
    walk(root, &mut Vec::new(), &mut out);
    out
}

/// How many demands stand within each other at most.
#[must_use]
pub fn depth(demand: &Demand) -> usize {
    children(demand)
        .iter()
        .map(|child| depth(child) + 1)
        .max()
        .unwrap_or(0)
}

/// Whether a tree is as the checker allows.
pub(super) fn fits(root: &Demand) -> bool {
    depth(root) <= limits::MAX_DEPTH && rows(root).len() <= limits::MAX_OPERATION_STEPS
}

/// Adds a demand: at the end of what stands at the place if that holds a list, else after it.
pub(super) fn add(root: &mut Demand, path: &[usize], demand: Demand) -> Option<Vec<usize>> {
    if let Some(list) = list_mut(node_mut(root, path)?) {
        list.push(demand);
        let mut added = path.to_vec();
        added.push(list.len() - 1);
        return Some(added);
    }
    if let Some((last, before)) = path.split_last()
        && let Some(list) = list_mut(node_mut(root, before)?)
    {
        list.insert(last + 1, demand);
        let mut added = before.to_vec();
        added.push(last + 1);
        return Some(added);
    }
    // It stands alone: both become a sequence.
    let here = node_mut(root, path)?;
    let old = std::mem::replace(here, Demand::Authenticate);
    *here = Demand::Seq(vec![old, demand]);
    let mut added = path.to_vec();
    added.push(1);
    Some(added)
}

/// Takes a demand away, with what only held it. The root leaves an empty sequence.
pub(super) fn remove(root: &mut Demand, path: &[usize]) -> Option<()> {
    let Some((last, before)) = path.split_last() else {
        *root = Demand::Seq(Vec::new());
        return Some(());
    };
    match list_mut(node_mut(root, before)?) {
        Some(list) if *last < list.len() => {
            list.remove(*last);
            Some(())
        }
        Some(_) => None,
        None => remove(root, before),
    }
}

/// Puts a copy after a demand.
pub(super) fn duplicate(root: &mut Demand, path: &[usize]) -> Option<Vec<usize>> {
    let copy = node(root, path)?.clone();
    let (last, before) = path.split_last()?;
    let list = list_mut(node_mut(root, before)?)?;
    list.insert(last + 1, copy);
    let mut added = before.to_vec();
    added.push(last + 1);
    Some(added)
}

/// Moves a demand and says where it is then; `None` where it cannot go.
pub(super) fn shift(root: &mut Demand, path: &[usize], way: Way) -> Option<Vec<usize>> {
    let (last, before) = path.split_last()?;
    let mut to = before.to_vec();
    match way {
        Way::Up | Way::Down => {
            let list = list_mut(node_mut(root, before)?)?;
            let next = match way {
                Way::Up => last.checked_sub(1)?,
                _ => last + 1,
            };
            if next >= list.len() {
                return None;
            }
            list.swap(*last, next);
            to.push(next);
        }
        Way::Out => {
            let (parent, above) = before.split_last()?;
            // Only from list to list, else what is left would be empty.
            list_mut(node_mut(root, above)?)?;
            let moved = take(root, before, *last)?;
            list_mut(node_mut(root, above)?)?.insert(parent + 1, moved);
            to = above.to_vec();
            to.push(parent + 1);
        }
        Way::In => {
            let goal = last.checked_sub(1)?;
            to.push(goal);
            list_mut(node_mut(root, &to)?)?;
            let moved = take(root, before, *last)?;
            let list = list_mut(node_mut(root, &to)?)?;
            list.push(moved);
            to.push(list.len() - 1);
        }
    }
    Some(to)
}

fn take(root: &mut Demand, parent: &[usize], index: usize) -> Option<Demand> {
    let list = list_mut(node_mut(root, parent)?)?;
    (index < list.len()).then(|| list.remove(index))
}

/// Puts a demand into another.
pub(super) fn wrap(root: &mut Demand, path: &[usize], with: Wrapper) -> Option<()> {
    let here = node_mut(root, path)?;
    let inner = std::mem::replace(here, Demand::Authenticate);
    *here = match with {
        Wrapper::Seq => Demand::Seq(vec![inner]),
        Wrapper::Transaction => Demand::Transaction(vec![inner]),
        Wrapper::Par => Demand::Par {
            wait_for: None,
            demands: vec![inner],
        },
        Wrapper::Repeat => Demand::Repeat {
            times: 2,
            demand: Box::new(inner),
        },
        Wrapper::Optional => Demand::Optional(Box::new(inner)),
    };
    Some(())
}

/// Puts what is in a demand into its place.
pub(super) fn unwrap(root: &mut Demand, path: &[usize]) -> Option<()> {
    let inner = children(node(root, path)?).to_vec();
    if inner.is_empty() {
        return None;
    }
    if let Some((last, before)) = path.split_last()
        && let Some(list) = list_mut(node_mut(root, before)?)
    {
        list.splice(*last..=*last, inner);
        return Some(());
    }
    let here = node_mut(root, path)?;
    let mut inner = inner;
    let next = match inner.len() {
        1 => inner.remove(0),
        _ => Demand::Seq(inner),
    };
    if *here == next {
        return None;
    }
    *here = next;
    Some(())
}

/// Makes a demand another kind; keeps what both can hold.
pub(super) fn convert(old: &Demand, slug: &str, dataset: Option<&Id>) -> Option<Demand> {
    let kind = DemandKind::from_slug(slug)?;
    let inner = children(old).to_vec();
    let one = || match (inner.len(), old) {
        (0, leaf) if !DemandKind::of(leaf).holds() => leaf.clone(),
        (1, _) => inner[0].clone(),
        _ => Demand::Seq(inner.clone()),
    };
    let list = || match DemandKind::of(old).holds() {
        true => inner.clone(),
        false => vec![old.clone()],
    };
    Some(match kind {
        DemandKind::Seq => Demand::Seq(list()),
        DemandKind::Transaction => Demand::Transaction(list()),
        DemandKind::Par => Demand::Par {
            wait_for: None,
            demands: list(),
        },
        DemandKind::Repeat => Demand::Repeat {
            times: 2,
            demand: Box::new(one()),
        },
        DemandKind::Optional => Demand::Optional(Box::new(one())),
        leaf => leaf.fresh(dataset_of(old).or(dataset), None),
    })
}

/// The dataset that a demand is about.
pub(super) fn dataset_of(demand: &Demand) -> Option<&Id> {
    match demand {
        Demand::Read { dataset, .. }
        | Demand::Write { dataset, .. }
        | Demand::Insert { dataset, .. }
        | Demand::Reserve { dataset, .. }
        | Demand::NextId { dataset } => Some(dataset),
        _ => None,
    }
}
