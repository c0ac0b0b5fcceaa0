//! Finds the places in a function from which on a first visit may never go: the arm of an `if`, or what follows
//! a conditional branch, each to the end of its block. Says what has to be known to take such code out.
//!
//! Must not live here: which places a first visit does not reach (`list.rs`), taking out (`outline.rs`).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use walrus::ir::{Instr, InstrSeqId, InstrSeqType};
use walrus::{LocalFunction, LocalId, Module, ValType};

use super::list::plain;

/// Code from a place to the end of its block.
pub struct Place {
    /// The block.
    pub seq: InstrSeqId,
    /// The first instruction.
    pub from: usize,
    /// The innermost place before, whose code has this one's in it.
    pub parent: Option<usize>,
    /// Locals that the code needs.
    pub params: Vec<LocalId>,
    /// Locals that it changes and others need after it; all of them are in `params` too.
    pub results: Vec<LocalId>,
    /// The ways out of it; falling through, if it does, is the first.
    pub exits: Vec<Exit>,
    /// What it leaves on the stack when it falls through.
    pub value: Option<ValType>,
    /// What the function returns.
    pub returns: Option<ValType>,
}

/// A way out of the code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// To the end of its block.
    Fall,
    /// A branch to the end of an outer block, or to the start of an outer loop.
    Branch(InstrSeqId),
    /// Out of the function.
    Return,
}

/// The name of a place in the list: the function's, a fingerprint of what the function is made of, a number.
/// A function that has changed has none of its old names.
pub fn key(function: &str, shape: u64, place: usize) -> String {
    format!("{} {shape:016x} {place}", plain(function))
}

/// The places of a function worth taking out, outer ones before those in them, and its fingerprint.
pub fn places(module: &Module, function: &LocalFunction) -> (u64, Vec<Place>) {
    let mut body = Body {
        module,
        function,
        outer: BTreeMap::new(),
        gets: BTreeMap::new(),
        shape: Sha256::new(),
    };
    let returns = module.types.get(function.ty()).results();
    body.survey(function.entry_block(), Outer::Function, false);
    let digest = std::mem::take(&mut body.shape).finalize();
    let shape = digest[..8]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let mut out = Vec::new();
    if returns.len() <= 1 {
        body.search(function.entry_block(), None, false, &mut out);
    }
    (shape, out)
}

/// What a sequence of instructions belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outer {
    Function,
    Block,
    Loop,
}

struct Body<'a> {
    module: &'a Module,
    function: &'a LocalFunction,
    /// By sequence: what it is, and whether a loop is around it.
    outer: BTreeMap<InstrSeqId, (Outer, bool)>,
    /// How often each local is read.
    gets: BTreeMap<LocalId, usize>,
    shape: Sha256,
}

/// What was met in a place's code.
#[derive(Default)]
struct Met {
    inside: BTreeSet<InstrSeqId>,
    gets: BTreeMap<LocalId, usize>,
    /// Read before it is surely written.
    early: BTreeSet<LocalId>,
    written: BTreeSet<LocalId>,
    surely: BTreeSet<LocalId>,
    exits: BTreeSet<Exit>,
    bytes: usize,
    refused: bool,
}

impl Body<'_> {
    /// Looks at everything once.
    fn survey(&mut self, seq: InstrSeqId, outer: Outer, in_loop: bool) {
        let in_loop = in_loop || outer == Outer::Loop;
        self.outer.insert(seq, (outer, in_loop));
        let function = self.function;
        for (instr, _) in &function.block(seq).instrs {
            self.shape.update([kind(instr)]);
            match instr {
                Instr::Block(block) => self.survey(block.seq, Outer::Block, in_loop),
                Instr::Loop(block) => self.survey(block.seq, Outer::Loop, in_loop),
                Instr::IfElse(arms) => {
                    self.survey(arms.consequent, Outer::Block, in_loop);
                    self.survey(arms.alternative, Outer::Block, in_loop);
                }
                Instr::LocalGet(get) => *self.gets.entry(get.local).or_default() += 1,
                _ => {}
            }
        }
        self.shape.update([0]);
    }

    fn search(&self, seq: InstrSeqId, parent: Option<usize>, arm: bool, out: &mut Vec<Place>) {
        let mut parent = parent;
        // Whether what comes now may be left out; whether the stack is as at the start.
        let (mut may, mut height) = (arm, Some(0));
        for (from, (instr, _)) in self.function.block(seq).instrs.iter().enumerate() {
            if may && height == Some(0) {
                may = false;
                if let Some(place) = self.place(seq, from, parent) {
                    parent = Some(out.len());
                    out.push(place);
                }
            }
            match instr {
                Instr::Block(block) => self.search(block.seq, parent, false, out),
                Instr::Loop(block) => self.search(block.seq, parent, false, out),
                Instr::IfElse(arms) => {
                    self.search(arms.consequent, parent, true, out);
                    self.search(arms.alternative, parent, true, out);
                }
                _ => {}
            }
            may |= matches!(
                instr,
                Instr::Block(_) | Instr::Loop(_) | Instr::IfElse(_) | Instr::BrIf(_)
            );
            height = height.and_then(|height| Some(height + self.effect(instr)?));
        }
    }

    /// How much higher the stack is after an instruction; `None` when nothing comes after it, or it is unknown.
    fn effect(&self, instr: &Instr) -> Option<i32> {
        let left = |seq| match self.function.block(seq).ty {
            InstrSeqType::Simple(value) => Some(i32::from(value.is_some())),
            InstrSeqType::MultiValue(_) => None,
        };
        let call = |ty| {
            let ty = self.module.types.get(ty);
            i32::try_from(ty.results().len())
                .ok()?
                .checked_sub(i32::try_from(ty.params().len()).ok()?)
        };
        match instr {
            Instr::Block(block) => left(block.seq),
            Instr::Loop(block) => left(block.seq),
            Instr::IfElse(arms) => Some(left(arms.consequent)? - 1),
            Instr::Call(to) => call(self.module.funcs.get(to.func).ty()),
            Instr::CallIndirect(to) => Some(call(to.ty)? - 1),
            Instr::LocalGet(_) | Instr::GlobalGet(_) | Instr::Const(_) => Some(1),
            Instr::MemorySize(_) | Instr::TableSize(_) => Some(1),
            Instr::RefNull(_) | Instr::RefFunc(_) => Some(1),
            Instr::LocalTee(_) | Instr::Unop(_) | Instr::Load(_) | Instr::MemoryGrow(_) => Some(0),
            Instr::DataDrop(_) | Instr::TableGet(_) | Instr::RefIsNull(_) => Some(0),
            Instr::LocalSet(_) | Instr::GlobalSet(_) | Instr::Binop(_) | Instr::Drop(_) => Some(-1),
            Instr::BrIf(_) | Instr::TableGrow(_) => Some(-1),
            Instr::Store(_) | Instr::Select(_) | Instr::TernOp(_) | Instr::TableSet(_) => Some(-2),
            Instr::MemoryInit(_) | Instr::MemoryCopy(_) | Instr::MemoryFill(_) => Some(-3),
            Instr::TableFill(_) => Some(-3),
            _ => None,
        }
    }

    /// The code from here, when it can be taken out and that is worth it.
    fn place(&self, seq: InstrSeqId, from: usize, parent: Option<usize>) -> Option<Place> {
        let block = self.function.block(seq);
        let mut met = Met::default();
        for (instr, _) in &block.instrs[from..] {
            self.meet(instr, true, &mut met);
        }
        let (outer, in_loop) = *self.outer.get(&seq)?;
        let returns = self.module.types.get(self.function.ty()).results().first();
        let ends = matches!(
            block.instrs.last()?.0,
            Instr::Br(_) | Instr::BrTable(_) | Instr::Return(_) | Instr::Unreachable(_)
        );
        let mut value = None;
        if !ends {
            met.exits.insert(Exit::Fall);
            value = match (outer, block.ty) {
                (Outer::Function, _) => returns.copied(),
                (_, InstrSeqType::Simple(value)) => value,
                (_, InstrSeqType::MultiValue(_)) => return None,
            };
        }
        let leaves = |exit: &Exit| match exit {
            Exit::Return => true,
            Exit::Fall => outer == Outer::Function,
            Exit::Branch(_) => false,
        };
        let read_after = |local: &&LocalId| {
            let inside = met.gets.get(local).copied().unwrap_or_default();
            let everywhere = self.gets.get(local).copied().unwrap_or_default();
            everywhere > inside || (in_loop && met.early.contains(local))
        };
        let results: Vec<LocalId> = if met.exits.iter().all(leaves) {
            Vec::new()
        } else {
            met.written.iter().filter(read_after).copied().collect()
        };
        let params: BTreeSet<LocalId> = met.early.iter().chain(&results).copied().collect();
        // What stays in its place.
        let cost = 30 + 4 * params.len() + 2 * results.len() + 5 * met.exits.len();
        if met.refused || met.bytes < cost {
            return None;
        }
        // By type, so that few kinds of functions are needed.
        let by_type = |locals: &mut Vec<LocalId>| {
            locals.sort_by_key(|local| (self.module.locals.get(*local).ty(), *local));
        };
        let (mut params, mut results) = (params.into_iter().collect(), results);
        by_type(&mut params);
        by_type(&mut results);
        Some(Place {
            seq,
            from,
            parent,
            params,
            results,
            exits: met.exits.into_iter().collect(),
            value,
            returns: returns.copied(),
        })
    }

    fn meet(&self, instr: &Instr, top: bool, met: &mut Met) {
        met.bytes += match instr {
            Instr::Binop(_) | Instr::Unop(_) | Instr::Drop(_) | Instr::Return(_) => 1,
            Instr::LocalGet(_) | Instr::LocalSet(_) | Instr::LocalTee(_) | Instr::Br(_) => 2,
            Instr::BrTable(table) => 2 + table.blocks.len(),
            _ => 3,
        };
        let mut nested = |seq: InstrSeqId| {
            met.inside.insert(seq);
            for (instr, _) in &self.function.block(seq).instrs {
                self.meet(instr, false, met);
            }
        };
        match instr {
            Instr::Block(block) => nested(block.seq),
            Instr::Loop(block) => nested(block.seq),
            Instr::IfElse(arms) => {
                nested(arms.consequent);
                nested(arms.alternative);
            }
            Instr::LocalGet(get) => {
                *met.gets.entry(get.local).or_default() += 1;
                if !met.surely.contains(&get.local) {
                    met.early.insert(get.local);
                }
            }
            Instr::LocalSet(set) => met.write(set.local, top),
            Instr::LocalTee(set) => met.write(set.local, top),
            Instr::Br(to) => self.leave(to.block, met),
            Instr::BrIf(to) => self.leave(to.block, met),
            Instr::BrTable(table) => {
                for to in table.blocks.iter().chain([&table.default]) {
                    self.leave(*to, met);
                }
            }
            Instr::Return(_) => drop(met.exits.insert(Exit::Return)),
            Instr::Unreachable(_) => {}
            // Whatever else may go elsewhere is not understood here.
            other => met.refused |= self.effect(other).is_none(),
        }
    }

    fn leave(&self, to: InstrSeqId, met: &mut Met) {
        if met.inside.contains(&to) {
            return;
        }
        let plain = self.function.block(to).ty == InstrSeqType::Simple(None);
        match self.outer.get(&to) {
            Some((Outer::Function, _)) => drop(met.exits.insert(Exit::Return)),
            Some(_) if plain => drop(met.exits.insert(Exit::Branch(to))),
            _ => met.refused = true,
        }
    }
}

impl Met {
    fn write(&mut self, local: LocalId, top: bool) {
        self.written.insert(local);
        if top {
            self.surely.insert(local);
        }
    }
}

/// A number for what an instruction is, without what changes from build to build.
fn kind(instr: &Instr) -> u8 {
    match instr {
        Instr::Block(_) => 1,
        Instr::Loop(_) => 2,
        Instr::IfElse(_) => 3,
        Instr::Br(_) => 4,
        Instr::BrIf(_) => 5,
        Instr::BrTable(_) => 6,
        Instr::Call(_) => 7,
        Instr::CallIndirect(_) => 8,
        Instr::LocalGet(_) => 9,
        Instr::LocalSet(_) => 10,
        Instr::LocalTee(_) => 11,
        Instr::Const(_) => 12,
        Instr::Binop(_) => 13,
        Instr::Unop(_) => 14,
        Instr::Load(_) => 15,
        Instr::Store(_) => 16,
        Instr::Return(_) => 17,
        Instr::Select(_) => 18,
        _ => 19,
    }
}
