//! Places in the function table: which hold what, and which of them the rest fills.
//!
//! Must not live here: who uses which place (see `needs.rs`), calls through the table (see `split.rs`).

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::Value;
use walrus::{ConstExpr, ElementItems, ElementKind, FunctionId, Module, TableId};

use super::needs::{Needed, Needs};
use super::split::ids;

/// Which places in the table hold which function.
pub fn places(module: &Module) -> Vec<(u32, FunctionId)> {
    let mut places = Vec::new();
    for element in module.elements.iter() {
        if let (ElementItems::Functions(functions), Some(from)) =
            (&element.items, first_place(&element.kind))
        {
            places.extend((from..).zip(functions.iter().copied()));
        }
    }
    places
}

fn first_place(kind: &ElementKind) -> Option<u32> {
    match kind {
        ElementKind::Active {
            offset: ConstExpr::Value(Value::I32(from)),
            ..
        } => Some(from.cast_unsigned()),
        _ => None,
    }
}

/// The places in the table that the rest fills, and the positions of their functions: nothing in the first part
/// knows these places.
pub fn gone(
    module: &Module,
    moved: &BTreeSet<usize>,
    needs: &Needs,
    needed: &Needed,
) -> BTreeMap<u32, usize> {
    let position: BTreeMap<FunctionId, usize> = (ids(module).into_iter()).zip(0..).collect();
    places(module)
        .into_iter()
        .filter(|(place, _)| needs.knows_place(*place) && !needed.places.contains(place))
        .filter_map(|(place, id)| Some((place, *position.get(&id)?)))
        .filter(|(_, position)| moved.contains(position))
        .collect()
}

/// Leaves a function nobody calls in the places that the rest will fill: the table is one piece that way.
pub fn leave_places(first: &mut Module, gone: &BTreeMap<u32, usize>, nobody: FunctionId) {
    for element in first.elements.iter_mut() {
        if let (ElementItems::Functions(functions), Some(from)) =
            (&mut element.items, first_place(&element.kind))
        {
            for (place, function) in (from..).zip(functions) {
                if gone.contains_key(&place) {
                    *function = nobody;
                }
            }
        }
    }
}

/// Puts functions into places of the table.
pub fn fill(module: &mut Module, table: TableId, places: BTreeMap<u32, FunctionId>) {
    let mut rows: Vec<(u32, Vec<FunctionId>)> = Vec::new();
    for (place, function) in places {
        match rows.last_mut() {
            Some((from, row)) if *from as usize + row.len() == place as usize => row.push(function),
            _ => rows.push((place, vec![function])),
        }
    }
    for (from, row) in rows {
        let offset = ConstExpr::Value(Value::I32(from.cast_signed()));
        let kind = ElementKind::Active { table, offset };
        let id = module.elements.add(kind, ElementItems::Functions(row));
        module.tables.get_mut(table).elem_segments.insert(id);
    }
}
