//! The rest of the program: what moved, with all else imported from the first part, which exports it.
//!
//! Must not live here: which functions move, how the first part calls them (see `split.rs`).

use std::collections::{BTreeMap, BTreeSet};

use walrus::{FunctionBuilder, FunctionId, FunctionKind, GlobalKind, ImportKind, Module, ValType};

use super::split::{FIRST, Ways, called_by, ids};
use super::table::fill;
use crate::failure::{OrFail as _, Result};

/// Makes the second copy into the rest, and exports from the first what it needs.
pub fn make_rest(
    first: &mut Module,
    rest: &mut Module,
    moved: &BTreeSet<usize>,
    ways: &Ways,
    gone: &BTreeMap<u32, usize>,
) -> Result {
    let first_ids = ids(first);
    let rest_ids = ids(rest);
    // What moved functions call and did not move itself.
    let mut wanted: BTreeSet<usize> = BTreeSet::new();
    let position: BTreeMap<FunctionId, usize> = rest_ids
        .iter()
        .enumerate()
        .map(|(p, id)| (*id, p))
        .collect();
    for place in moved {
        if let FunctionKind::Local(function) = &rest.funcs.get(rest_ids[*place]).kind {
            wanted.extend(called_by(function).iter().filter_map(|id| position.get(id)));
        }
    }
    rest.exports = Default::default();
    rest.start = None;
    for id in rest.elements.iter().map(|e| e.id()).collect::<Vec<_>>() {
        rest.elements.delete(id);
    }
    for id in rest.data.iter().map(|d| d.id()).collect::<Vec<_>>() {
        rest.data.delete(id);
    }
    let old: Vec<_> = rest.imports.iter().map(|i| i.id()).collect();
    for id in old {
        rest.imports.delete(id);
    }
    let mut names = Names::default();
    for (place, id) in rest_ids.iter().enumerate() {
        if moved.contains(&place) {
            continue;
        }
        let ty = rest.funcs.get(*id).ty();
        let name = names.next();
        let import = rest.imports.add(FIRST, &name, ImportKind::Function(*id));
        rest.funcs.get_mut(*id).kind =
            FunctionKind::Import(walrus::ImportedFunction { import, ty });
        if wanted.contains(&place) {
            first.exports.add(&name, first_ids[place]);
        }
    }
    for (ours, theirs) in pairs(first.tables.iter(), rest.tables.iter(), walrus::Table::id) {
        let name = names.next();
        first.exports.add(&name, ours);
        let import = rest.imports.add(FIRST, &name, ImportKind::Table(theirs));
        let (initial, maximum) = {
            let table = first.tables.get(ours);
            (table.initial, table.maximum)
        };
        let table = rest.tables.get_mut(theirs);
        (table.initial, table.maximum, table.import) = (initial, maximum, Some(import));
        table.elem_segments.clear();
    }
    for (ours, theirs) in pairs(
        first.memories.iter(),
        rest.memories.iter(),
        walrus::Memory::id,
    ) {
        let name = names.next();
        first.exports.add(&name, ours);
        let import = rest.imports.add(FIRST, &name, ImportKind::Memory(theirs));
        let memory = rest.memories.get_mut(theirs);
        memory.import = Some(import);
        memory.data_segments.clear();
    }
    for (ours, theirs) in pairs(
        first.globals.iter(),
        rest.globals.iter(),
        walrus::Global::id,
    ) {
        let name = names.next();
        first.exports.add(&name, ours);
        let import = rest.imports.add(FIRST, &name, ImportKind::Global(theirs));
        rest.globals.get_mut(theirs).kind = GlobalKind::Import(import);
    }
    first.exports.add("here", ways.here);
    let (here, _) = rest.add_import_global(FIRST, "here", ValType::I32, true, false);
    let table = rest.tables.main_function_table();
    if let Some(table) = table.or_fail(|| "the wasm has several function tables".to_owned())? {
        let of_stubs = ways.places.iter().map(|(position, place)| {
            let place = (ways.base + place).cast_unsigned();
            (place, rest_ids[*position])
        });
        let own = gone.iter().map(|(place, p)| (*place, rest_ids[*p]));
        fill(rest, table, own.chain(of_stubs).collect());
    }
    let mut builder = FunctionBuilder::new(&mut rest.types, &[], &[]);
    builder.func_body().i32_const(1).global_set(here);
    rest.start = Some(builder.finish(Vec::new(), &mut rest.funcs));
    Ok(())
}

/// The same things of both copies, which have them in the same order; those that only the first has, because
/// they were added to it, come after and are left out.
fn pairs<'a, T: 'a, I>(
    first: impl Iterator<Item = &'a T>,
    rest: impl Iterator<Item = &'a T>,
    id: fn(&T) -> I,
) -> Vec<(I, I)> {
    first.map(id).zip(rest.map(id)).collect()
}

/// Short names, one after the other.
#[derive(Default)]
struct Names(u32);

impl Names {
    fn next(&mut self) -> String {
        let mut n = self.0;
        self.0 += 1;
        let mut name = String::from("$");
        loop {
            name.push(char::from_digit(n % 36, 36).unwrap_or('0'));
            n /= 36;
            if n == 0 {
                return name;
            }
        }
    }
}
