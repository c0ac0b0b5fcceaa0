//! Spares the short functions (see `split.rs`) of those that are called from one or two places only: what such a
//! function does is done there.

use std::collections::BTreeMap;

use walrus::ir::{
    Call, CallIndirect, Const, Instr, InstrSeq, Value, Visitor, VisitorMut, dfs_in_order,
    dfs_pre_order_mut,
};
use walrus::{FunctionId, FunctionKind, Module, TableId, TypeId};

/// From how many places a function of the rest may be called without a short function in the first part.
const FEW_CALLS: usize = 2;

/// Changes the calls in `callers` of functions whose places in the table are given.
pub fn call_directly(
    module: &mut Module,
    callers: &[FunctionId],
    places: BTreeMap<FunctionId, i32>,
    ensure: FunctionId,
    table: TableId,
) {
    let mut calls = Calls::default();
    for id in callers {
        if let FunctionKind::Local(function) = &module.funcs.get(*id).kind {
            dfs_in_order(&mut calls, function, function.entry_block());
        }
    }
    let few = |id: &FunctionId| calls.0.get(id).is_some_and(|count| *count <= FEW_CALLS);
    let few = places.into_iter().filter(|(id, _)| few(id));
    let direct = few.map(|(id, place)| (id, (module.funcs.get(id).ty(), place)));
    let mut directly = Directly {
        direct: direct.collect(),
        ensure,
        table,
    };
    for id in callers {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(*id).kind {
            let entry = function.entry_block();
            dfs_pre_order_mut(&mut directly, function, entry);
        }
    }
}

/// How often each function is called.
#[derive(Default)]
struct Calls(BTreeMap<FunctionId, usize>);

impl<'instr> Visitor<'instr> for Calls {
    fn visit_function_id(&mut self, function: &FunctionId) {
        *self.0.entry(*function).or_default() += 1;
    }
}

struct Directly {
    direct: BTreeMap<FunctionId, (TypeId, i32)>,
    ensure: FunctionId,
    table: TableId,
}

impl VisitorMut for Directly {
    fn start_instr_seq_mut(&mut self, seq: &mut InstrSeq) {
        let called = |instr: &Instr| match instr {
            Instr::Call(call) => self.direct.get(&call.func).copied(),
            _ => None,
        };
        if !seq.instrs.iter().any(|(instr, _)| called(instr).is_some()) {
            return;
        }
        for (instr, at) in std::mem::take(&mut seq.instrs) {
            let Some((ty, place)) = called(&instr) else {
                seq.instrs.push((instr, at));
                continue;
            };
            let (func, table) = (self.ensure, self.table);
            let value = Value::I32(place);
            seq.instrs.push((Call { func }.into(), at));
            seq.instrs.push((Const { value }.into(), at));
            seq.instrs.push((CallIndirect { ty, table }.into(), at));
        }
    }
}
