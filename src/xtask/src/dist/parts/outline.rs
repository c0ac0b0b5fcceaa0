//! Takes out of functions what a first visit does not run of them: such code becomes a function of its own,
//! which can move into the rest. What a function does stays the same.
//!
//! The new function gets the locals that the code needs, and gives back those that it changed and the number
//! of the way out that it took. Must not live here: which code, see `cold.rs` and `list.rs`.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use walrus::ir::{
    BinaryOp, Block, Br, BrIf, BrTable, Call, Const, IfElse, Instr, InstrSeqId, InstrSeqType,
    LocalGet, LocalSet, LocalTee, Loop, Return, Unreachable, Value,
};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, LocalFunction, LocalId, Module, ValType};

use super::cold::{Exit, Place, key, places};
use super::list::Moved;
use crate::failure::{OrFail as _, Result};

/// How the names of the new functions begin.
const COLD: &str = "cold ";

/// Tells whether a function was made here.
pub fn is_cold(name: &str) -> bool {
    name.starts_with(COLD)
}

/// Takes all listed places out of the functions that are not listed themselves.
pub fn outline(wasm: &[u8], list: &Moved) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(wasm).or_fail(|| "the wasm cannot be read".to_owned())?;
    let all: Vec<FunctionId> = module.funcs.iter().map(walrus::Function::id).collect();
    for id in all {
        for (number, place) in listed(&module, id, list).into_iter().enumerate() {
            take_out(&mut module, id, &place, number);
        }
    }
    Ok(module.emit_wasm())
}

/// The listed places of a function, none of them inside of another.
fn listed(module: &Module, id: FunctionId, list: &Moved) -> Vec<Place> {
    let function = module.funcs.get(id);
    let (Some(name), FunctionKind::Local(local)) = (&function.name, &function.kind) else {
        return Vec::new();
    };
    if list.has(name) {
        return Vec::new();
    }
    let (shape, places) = places(module, local);
    let mut taken = vec![false; places.len()];
    let mut out = Vec::new();
    for (number, place) in places.into_iter().enumerate() {
        let inside = place.parent.is_some_and(|parent| taken[parent]);
        let wanted = !inside && list.has(&key(name, shape, number));
        taken[number] = inside || wanted;
        if wanted {
            out.push(place);
        }
    }
    out
}

/// What the new function gives back, in order, and where that is put.
struct Given {
    code: Option<LocalId>,
    returned: Option<LocalId>,
    value: Option<LocalId>,
}

impl Given {
    fn new(module: &mut Module, place: &Place) -> Self {
        let returned = place
            .returns
            .filter(|_| place.exits.contains(&Exit::Return));
        let mut add = |ty: ValType| module.locals.add(ty);
        Self {
            code: (place.exits.len() > 1).then(|| add(ValType::I32)),
            returned: returned.map(&mut add),
            value: place.value.map(add),
        }
    }

    fn all(&self) -> impl Iterator<Item = LocalId> {
        [self.code, self.returned, self.value].into_iter().flatten()
    }
}

fn take_out(module: &mut Module, id: FunctionId, place: &Place, number: usize) {
    let types = |module: &Module, locals: &[LocalId]| -> Vec<ValType> {
        locals
            .iter()
            .map(|local| module.locals.get(*local).ty())
            .collect()
    };
    let inside = Given::new(module, place);
    let outside = Given::new(module, place);
    let given: Vec<LocalId> = inside.all().collect();
    let params = types(module, &place.params);
    let mut results = types(module, &given);
    results.extend(types(module, &place.results));
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);

    // The code with its own locals, in a block whose end is reached by every way out.
    let whole = builder.dangling_instr_seq(None).id();
    let mut copy = Copy {
        place,
        given: &inside,
        whole,
        locals: BTreeMap::new(),
        seqs: BTreeMap::new(),
    };
    let arguments: Vec<LocalId> = place
        .params
        .iter()
        .map(|local| copy.local(module, *local))
        .collect();
    let mut code: Vec<Instr> = Vec::new();
    let FunctionKind::Local(old) = std::mem::replace(
        &mut module.funcs.get_mut(id).kind,
        FunctionKind::Uninitialized(module.types.add(&[], &[])),
    ) else {
        return;
    };
    for (instr, _) in &old.block(place.seq).instrs[place.from..] {
        copy.instr(module, &old, &mut builder, instr, &mut code);
    }
    if let Some(value) = inside.value {
        let ty = InstrSeqType::Simple(place.value);
        let inner = builder.dangling_instr_seq(ty).id();
        fill(&mut builder, inner, code);
        code = vec![
            Block { seq: inner }.into(),
            LocalSet { local: value }.into(),
        ];
    }
    if place.exits.first() == Some(&Exit::Fall) {
        code.extend(copy.tell(Exit::Fall));
    }
    fill(&mut builder, whole, code);
    let mut body: Vec<Instr> = vec![Block { seq: whole }.into()];
    body.extend(given.iter().map(|local| get(*local)));
    body.extend(
        place
            .results
            .iter()
            .map(|local| get(copy.local(module, *local))),
    );
    let entry = builder.func_body_id();
    fill(&mut builder, entry, body);
    let name = module.funcs.get(id).name.clone().unwrap_or_default();
    let cold = builder.finish(arguments, &mut module.funcs);
    module.funcs.get_mut(cold).name = Some(format!("{COLD}{name} {number}"));

    let mut old = old;
    call(&mut old, place, &outside, cold);
    module.funcs.get_mut(id).kind = FunctionKind::Local(old);
}

fn fill(builder: &mut FunctionBuilder, seq: InstrSeqId, code: Vec<Instr>) {
    let mut seq = builder.instr_seq(seq);
    for instr in code {
        seq.instr(instr);
    }
}

fn get(local: LocalId) -> Instr {
    LocalGet { local }.into()
}

fn number(value: usize) -> Instr {
    let value = Value::I32(i32::try_from(value).unwrap_or(i32::MAX));
    Const { value }.into()
}

/// Puts the call into the place of the code.
fn call(function: &mut LocalFunction, place: &Place, given: &Given, cold: FunctionId) {
    let mut code: Vec<Instr> = place.params.iter().map(|local| get(*local)).collect();
    code.push(Call { func: cold }.into());
    let set = given.all().chain(place.results.iter().copied());
    let set: Vec<LocalId> = set.collect();
    code.extend(set.into_iter().rev().map(|local| LocalSet { local }.into()));
    let mut go = |function: &mut LocalFunction, number_of_exit: usize, exit: Exit| {
        let mut way: Vec<Instr> = match exit {
            Exit::Fall => given.value.map(get).into_iter().collect(),
            Exit::Branch(block) => vec![Br { block }.into()],
            Exit::Return => {
                let mut way: Vec<Instr> = given.returned.map(get).into_iter().collect();
                way.push(Return {}.into());
                way
            }
        };
        if number_of_exit == 0 {
            code.append(&mut way);
            return;
        }
        code.extend(given.code.map(get));
        code.push(number(number_of_exit));
        let op = BinaryOp::I32Eq;
        code.push(walrus::ir::Binop { op }.into());
        if let Exit::Branch(block) = exit {
            code.push(BrIf { block }.into());
            return;
        }
        let builder = function.builder_mut();
        let consequent = builder.dangling_instr_seq(None).id();
        let alternative = builder.dangling_instr_seq(None).id();
        fill(builder, consequent, way);
        code.push(
            IfElse {
                consequent,
                alternative,
            }
            .into(),
        );
    };
    // The first way is what is left when it was none of the others.
    for (number, exit) in place.exits.iter().enumerate().rev() {
        go(function, number, *exit);
    }
    if place.exits.is_empty() {
        code.push(Unreachable {}.into());
    }
    let block = function.block_mut(place.seq);
    block.instrs.truncate(place.from);
    block
        .instrs
        .extend(code.into_iter().map(|instr| (instr, Default::default())));
}

/// Copies code from one function into another.
struct Copy<'a> {
    place: &'a Place,
    given: &'a Given,
    /// Where a way out leads to.
    whole: InstrSeqId,
    locals: BTreeMap<LocalId, LocalId>,
    seqs: BTreeMap<InstrSeqId, InstrSeqId>,
}

impl Copy<'_> {
    fn local(&mut self, module: &mut Module, local: LocalId) -> LocalId {
        *self.locals.entry(local).or_insert_with(|| {
            let ty = module.locals.get(local).ty();
            module.locals.add(ty)
        })
    }

    /// Notes which way out is taken.
    fn tell(&self, exit: Exit) -> Vec<Instr> {
        let place = self.place.exits.iter().position(|other| *other == exit);
        match (self.given.code, place) {
            (Some(local), Some(place)) => vec![number(place), LocalSet { local }.into()],
            _ => Vec::new(),
        }
    }

    fn out(&self, old: &LocalFunction, to: InstrSeqId) -> Vec<Instr> {
        let exit = if to == old.entry_block() {
            Exit::Return
        } else {
            Exit::Branch(to)
        };
        let mut way: Vec<Instr> = match (exit, self.given.returned) {
            (Exit::Return, Some(local)) => vec![LocalSet { local }.into()],
            _ => Vec::new(),
        };
        way.extend(self.tell(exit));
        way.push(Br { block: self.whole }.into());
        way
    }

    fn seq(
        &mut self,
        module: &mut Module,
        old: &LocalFunction,
        builder: &mut FunctionBuilder,
        seq: InstrSeqId,
    ) -> InstrSeqId {
        let block = old.block(seq);
        let new = builder.dangling_instr_seq(block.ty).id();
        self.seqs.insert(seq, new);
        let mut code = Vec::new();
        for (instr, _) in &block.instrs {
            self.instr(module, old, builder, instr, &mut code);
        }
        fill(builder, new, code);
        new
    }

    fn instr(
        &mut self,
        module: &mut Module,
        old: &LocalFunction,
        builder: &mut FunctionBuilder,
        instr: &Instr,
        code: &mut Vec<Instr>,
    ) {
        let known = |seqs: &BTreeMap<InstrSeqId, InstrSeqId>, seq| seqs.get(&seq).copied();
        let new = match instr {
            Instr::Block(block) => Block {
                seq: self.seq(module, old, builder, block.seq),
            }
            .into(),
            Instr::Loop(block) => Loop {
                seq: self.seq(module, old, builder, block.seq),
            }
            .into(),
            Instr::IfElse(arms) => IfElse {
                consequent: self.seq(module, old, builder, arms.consequent),
                alternative: self.seq(module, old, builder, arms.alternative),
            }
            .into(),
            Instr::LocalGet(i) => get(self.local(module, i.local)),
            Instr::LocalSet(i) => LocalSet {
                local: self.local(module, i.local),
            }
            .into(),
            Instr::LocalTee(i) => LocalTee {
                local: self.local(module, i.local),
            }
            .into(),
            Instr::Br(to) => match known(&self.seqs, to.block) {
                Some(block) => Br { block }.into(),
                None => return code.extend(self.out(old, to.block)),
            },
            Instr::BrIf(to) => match known(&self.seqs, to.block) {
                Some(block) => BrIf { block }.into(),
                None => {
                    let way = self.out(old, to.block);
                    self.out_if(builder, way)
                }
            },
            Instr::BrTable(table) => return self.table(module, old, builder, table, code),
            Instr::Return(_) => return code.extend(self.out(old, old.entry_block())),
            other => other.clone(),
        };
        code.push(new);
    }

    /// A choice between several ways: for each that leads out there is a block, and after its end the way.
    fn table(
        &self,
        module: &mut Module,
        old: &LocalFunction,
        builder: &mut FunctionBuilder,
        table: &BrTable,
        code: &mut Vec<Instr>,
    ) {
        let mut ways: BTreeMap<InstrSeqId, InstrSeqId> = BTreeMap::new();
        for to in table.blocks.iter().chain([&table.default]) {
            if !self.seqs.contains_key(to) && !ways.contains_key(to) {
                ways.insert(*to, builder.dangling_instr_seq(None).id());
            }
        }
        let new = |to: &InstrSeqId| self.seqs.get(to).or(ways.get(to)).copied().unwrap_or(*to);
        let choice = BrTable {
            blocks: table.blocks.iter().map(new).collect(),
            default: new(&table.default),
        };
        if ways.is_empty() {
            code.push(choice.into());
            return;
        }
        // Blocks begin with an empty stack.
        let which = module.locals.add(ValType::I32);
        code.push(LocalSet { local: which }.into());
        let mut inner: Vec<Instr> = vec![get(which), choice.into()];
        for (to, block) in &ways {
            fill(builder, *block, inner);
            inner = vec![Block { seq: *block }.into()];
            inner.extend(self.out(old, *to));
        }
        code.extend(inner);
    }

    /// A way out that is taken when the number on the stack is not 0.
    fn out_if(&self, builder: &mut FunctionBuilder, way: Vec<Instr>) -> Instr {
        if way.len() == 1 {
            return BrIf { block: self.whole }.into();
        }
        let consequent = builder.dangling_instr_seq(None).id();
        let alternative = builder.dangling_instr_seq(None).id();
        fill(builder, consequent, way);
        IfElse {
            consequent,
            alternative,
        }
        .into()
    }
}
