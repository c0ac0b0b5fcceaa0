//! Makes a program tell which of its functions are run, and which places in them: each has a byte behind the
//! program's memory, which is 1 when the place was reached.

use std::collections::BTreeMap;

use walrus::ir::{Instr, InstrSeqId, MemArg, Store, StoreKind, Value};
use walrus::{ExportItem, FunctionId, FunctionKind, Module};

use super::cold::{key, places};
use super::list::plain;
use super::split::LOADER;
use crate::failure::{Failure, OrFail as _, Result};

const PAGE_BYTES: usize = 65_536;

/// A program that is watched.
pub struct Watched {
    /// The program; when it starts it calls `rest.hit`, by which a script finds the memory.
    pub wasm: Vec<u8>,
    /// Where the bytes begin.
    pub base: usize,
    /// By byte: what is reached there, and the byte of what it stands in.
    places: Vec<(Option<usize>, String)>,
}

impl Watched {
    /// A line for each byte: the line of what it stands in or nothing, a tabulator, the name.
    pub fn places(&self) -> String {
        let line = |(parent, name): &(Option<usize>, String)| {
            format!(
                "{}\t{name}\n",
                parent.map_or_else(String::new, |p| p.to_string())
            )
        };
        self.places.iter().map(line).collect()
    }
}

/// Has all functions, and the places in them that could be taken out, leave a mark.
pub fn watched(wasm: &[u8]) -> Result<Watched> {
    let mut module = Module::from_buffer(wasm).or_fail(|| "the wasm cannot be read".to_owned())?;
    let memory = module.memories.iter().next();
    let memory = memory.ok_or_else(|| Failure::new("the wasm has no memory"))?;
    let (memory, base) = (memory.id(), memory.initial as usize * PAGE_BYTES);
    let mut names = Vec::new();
    let all: Vec<FunctionId> = module.funcs.iter().map(walrus::Function::id).collect();
    for id in &all {
        let FunctionKind::Local(function) = &module.funcs.get(*id).kind else {
            continue;
        };
        let name = module.funcs.get(*id).name.clone().unwrap_or_default();
        let (shape, places) = places(&module, function);
        let entry = names.len();
        let mut marks: BTreeMap<InstrSeqId, Vec<(usize, usize)>> = BTreeMap::new();
        for (number, place) in places.iter().enumerate() {
            let mark = (place.from, entry + 1 + number);
            marks.entry(place.seq).or_default().push(mark);
        }
        names.push((None, plain(&name)));
        for (number, place) in places.iter().enumerate() {
            let parent = place.parent.map_or(entry, |parent| entry + 1 + parent);
            names.push((Some(parent), key(&name, shape, number)));
        }
        let FunctionKind::Local(function) = &mut module.funcs.get_mut(*id).kind else {
            continue;
        };
        let first = function.entry_block();
        marks.entry(first).or_default().insert(0, (0, entry));
        for (seq, marks) in marks {
            let instrs = &mut function.block_mut(seq).instrs;
            for (from, mark) in marks.into_iter().rev() {
                let at = i32::try_from(base + mark).or_fail(|| "too many places".to_owned())?;
                let code: [Instr; 3] = [
                    walrus::ir::Const {
                        value: Value::I32(at),
                    }
                    .into(),
                    walrus::ir::Const {
                        value: Value::I32(1),
                    }
                    .into(),
                    Store {
                        memory,
                        kind: StoreKind::I32_8 { atomic: false },
                        arg: MemArg {
                            align: 1,
                            offset: 0,
                        },
                    }
                    .into(),
                ];
                instrs.splice(from..from, code.map(|instr| (instr, Default::default())));
            }
        }
    }
    let pages = names.len().div_ceil(PAGE_BYTES) as u64;
    let ours = module.memories.get_mut(memory);
    ours.initial += pages;
    ours.maximum = ours.maximum.map(|maximum| maximum + pages);
    let nothing = module.types.add(&[], &[]);
    let (hit, _) = module.add_import_func(LOADER, "hit", nothing);
    let exported: Vec<FunctionId> = module
        .exports
        .iter()
        .filter_map(|export| match export.item {
            ExportItem::Function(id) => Some(id),
            _ => None,
        })
        .collect();
    for id in exported {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            function.builder_mut().func_body().call_at(0, hit);
        }
    }
    Ok(Watched {
        wasm: module.emit_wasm(),
        base,
        places: names,
    })
}
