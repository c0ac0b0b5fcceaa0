//! Which data, and which places in the function table, a part of a program needs.
//!
//! The linker was asked (`build.rs`) to leave its relocations in the program: where in the code and in the data
//! the address of a piece of data stands, or the place of a function in the table. Optimising moves code about,
//! so what a function refers to is told by the numbers in it: a number that was such an address once still is
//! one, and any other number between the addresses of the data counts as one too. That finds too much rather
//! than too little. Must not live here: taking the parts apart, see `split.rs` and `data.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use walrus::ir::{Const, Load, Store, Value, Visitor, dfs_in_order};
use walrus::{LocalFunction, Module};

use super::linked::Linked;
use crate::failure::{Failure, OrFail as _, Result};

/// What the data and the table of a linked program are used for.
#[derive(Debug, Default)]
pub struct Needs {
    /// In the order of their addresses; none overlaps another.
    pub(super) pieces: Vec<Piece>,
    /// By the numbers in the code that stand for addresses: the pieces that are meant.
    pub(super) meant: BTreeMap<u32, BTreeSet<usize>>,
    /// The numbers in the code that stand for places in the table.
    pub(super) places: BTreeSet<u32>,
}

/// A piece of data that is used as a whole or not at all.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) at: Range<u32>,
    /// Other pieces whose addresses stand in it.
    pub(super) pieces: BTreeSet<usize>,
    /// Places in the function table that stand in it.
    pub(super) places: BTreeSet<u32>,
}

/// What of a program's data and table is needed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// Addresses, in order.
    pub data: Vec<Range<u32>>,
    /// Places in the function table.
    pub places: BTreeSet<u32>,
}

impl Needed {
    /// Tells whether a byte of the data is needed.
    pub fn has(&self, address: u32) -> bool {
        let after = self.data.partition_point(|at| at.start <= address);
        after > 0 && self.data[after - 1].contains(&address)
    }
}

impl Needs {
    /// Reads the relocations of a linked program.
    ///
    /// # Errors
    /// When the program cannot be read or has no relocations.
    pub fn read(wasm: &[u8]) -> Result<Self> {
        let linked = Linked::read(wasm).or_fail(|| "the linked wasm cannot be read".to_owned())?;
        if linked.is_empty() {
            return Err(Failure::new("the linked wasm has no relocations").advise(
                "build.rs asks the linker for them; is the page's program still called \"app\"?",
            ));
        }
        Ok(linked.needs())
    }

    /// Pieces and the places in the table that stand in them.
    #[cfg(test)]
    pub fn known(pieces: &[(Range<u32>, &[u32])]) -> Self {
        let pieces = pieces.iter().map(|(at, places)| Piece {
            at: at.clone(),
            pieces: BTreeSet::new(),
            places: places.iter().copied().collect(),
        });
        Self {
            pieces: pieces.collect(),
            ..Self::default()
        }
    }

    /// What functions need in which these numbers stand, and what that needs in turn. `anywhere` are the numbers
    /// in all functions: what none of them means was put into another form, and may be needed by any.
    pub fn of(&self, numbers: &BTreeSet<u32>, anywhere: &BTreeSet<u32>) -> Needed {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for (number, pieces) in &self.meant {
            if numbers.contains(number) || !anywhere.contains(number) {
                found.extend(pieces);
            }
        }
        for number in numbers {
            found.extend(self.piece_at(*number));
            if !self.meant.contains_key(number) {
                // Put together from an address and a distance; the end of a piece may be meant, too.
                found.extend(number.checked_sub(1).and_then(|last| self.piece_at(last)));
            }
        }
        let mut places = self.places.clone();
        places.retain(|place| numbers.contains(place) || !anywhere.contains(place));
        let mut waiting: Vec<usize> = found.iter().copied().collect();
        while let Some(piece) = waiting.pop().and_then(|index| self.pieces.get(index)) {
            places.extend(&piece.places);
            waiting.extend(piece.pieces.iter().filter(|other| found.insert(**other)));
        }
        let data = found.iter().map(|index| self.pieces[*index].at.clone());
        Needed {
            data: data.collect(),
            places,
        }
    }

    /// Tells whether a byte of the data belongs to a piece. What belongs to none is not known to be useless.
    pub fn knows(&self, address: u32) -> bool {
        self.piece_at(address).is_some()
    }

    /// Tells whether it is known who uses a place in the table.
    pub fn knows_place(&self, place: u32) -> bool {
        self.places.contains(&place) || self.pieces.iter().any(|p| p.places.contains(&place))
    }

    /// The piece in which an address lies.
    pub(super) fn piece_at(&self, address: u32) -> Option<usize> {
        let after = self.pieces.partition_point(|p| p.at.start <= address);
        let index = after.checked_sub(1)?;
        self.pieces[index].at.contains(&address).then_some(index)
    }
}

/// The numbers in functions that may be addresses or places in the table.
pub fn numbers<'a>(
    module: &'a Module,
    functions: impl Iterator<Item = &'a LocalFunction>,
) -> BTreeSet<u32> {
    let mut numbers = Numbers::default();
    for function in functions {
        dfs_in_order(&mut numbers, function, function.entry_block());
    }
    for global in module.globals.iter() {
        if let walrus::GlobalKind::Local(walrus::ConstExpr::Value(Value::I32(value))) = global.kind
        {
            numbers.0.insert(value.cast_unsigned());
        }
    }
    numbers.0
}

#[derive(Default)]
struct Numbers(BTreeSet<u32>);

impl Numbers {
    fn offset(&mut self, offset: u64) {
        self.0.extend(u32::try_from(offset));
    }
}

impl<'instr> Visitor<'instr> for Numbers {
    fn visit_const(&mut self, instr: &Const) {
        match instr.value {
            // What is taken away stands there as less than nothing that is added.
            Value::I32(value) => self
                .0
                .extend([value.cast_unsigned(), value.wrapping_neg().cast_unsigned()]),
            // An address and a length, written at once.
            Value::I64(value) => self.0.extend(halves(value.cast_unsigned())),
            _ => {}
        }
    }

    fn visit_load(&mut self, instr: &Load) {
        self.offset(instr.arg.offset);
    }

    fn visit_store(&mut self, instr: &Store) {
        self.offset(instr.arg.offset);
    }
}

fn halves(number: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    [[a, b, c, d], [e, f, g, h]].map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, ElementSection,
        Elements, FunctionSection, LinkingSection, SymbolTable, TypeSection,
    };

    /// Four pieces of four bytes from 1024 on: A holds the address of B, C the place of a function in the table,
    /// D is the address two bytes before which stands in the code. Then come bytes that belong to nothing.
    fn program(relocations: bool) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut elements = ElementSection::new();
        let from = ConstExpr::i32_const(7);
        elements.active(None, &from, Elements::Functions([0][..].into()));
        let mut code = CodeSection::new();
        // 1034 in five bytes, as a linker writes it.
        code.raw(&[0, 0x41, 0x8a, 0x88, 0x80, 0x80, 0, 0x1a, 0x0b]);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(1024), [0; 20]);
        let mut symbols = SymbolTable::new();
        symbols.function(0, 0, Some("f"));
        for (name, offset) in [("a", 0), ("b", 4), ("c", 8), ("d", 12)] {
            let place = DataSymbolDefinition {
                index: 0,
                offset,
                size: 4,
            };
            symbols.data(0, name, Some(place));
        }
        let mut linking = LinkingSection::new();
        linking.symbol_table(&symbols);
        let mut module = wasm_encoder::Module::new();
        module.section(&types).section(&functions);
        module.section(&elements).section(&code).section(&data);
        if relocations {
            let mut custom = |name: &str, bytes: &[u8]| {
                let (name, data) = (name.into(), bytes.into());
                module.section(&CustomSection { name, data });
            };
            // Section, how many; each: kind, offset, symbol and, for an address, what is added.
            let after_head = 4;
            custom("reloc.CODE", &[3, 1, 4, after_head, 4, 0x7e]);
            let first = 7;
            custom("reloc.DATA", &[4, 2, 5, first, 2, 0, 2, first + 8, 0]);
            module.section(&linking);
        }
        module.finish()
    }

    fn anywhere() -> BTreeSet<u32> {
        BTreeSet::from([1034])
    }

    fn needed(needs: &Needs, number: u32) -> (Vec<(u32, u32)>, Vec<u32>) {
        let needed = needs.of(&BTreeSet::from([number]), &anywhere());
        let data = needed.data.iter().map(|at| (at.start, at.end));
        (data.collect(), needed.places.into_iter().collect())
    }

    #[test]
    fn a_piece_is_needed_with_what_it_refers_to() {
        let needs = Needs::read(&program(true)).unwrap();
        assert_eq!(
            needed(&needs, 1025),
            (vec![(1024, 1028), (1028, 1032)], vec![])
        );
        // Known as two bytes before D, although it lies in C, which may be meant as well.
        let both = (vec![(1032, 1036), (1036, 1040)], vec![7]);
        assert_eq!(needed(&needs, 1034), both);
        assert_eq!(needed(&needs, 1033), (vec![(1032, 1036)], vec![7]));
        // The end of B or the beginning of C.
        assert_eq!(
            needed(&needs, 1032),
            (vec![(1028, 1032), (1032, 1036)], vec![7])
        );
        assert_eq!(needed(&needs, 7), (vec![], vec![]));
        // The number by which D was known is nowhere any more.
        let lost = needs.of(&BTreeSet::new(), &BTreeSet::new());
        assert!(lost.has(1036) && !lost.has(1035));
        assert!(needs.knows(1039) && !needs.knows(1040) && !needs.knows(1023));
        assert!(needs.knows_place(7) && !needs.knows_place(8));
        let needed = needs.of(&BTreeSet::from([1030]), &anywhere());
        assert!(needed.has(1028) && needed.has(1031) && !needed.has(1027) && !needed.has(1032));
    }

    #[test]
    fn a_program_without_relocations_is_refused() {
        assert!(Needs::read(&program(false)).is_err());
        assert!(Needs::read(b"no wasm").is_err());
    }

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let mut builder = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
        let (kind, align) = (walrus::ir::LoadKind::I32 { atomic: false }, 4);
        let arg = walrus::ir::MemArg { align, offset: 70 };
        let mut body = builder.func_body();
        body.i32_const(-50).load(memory, kind, arg).drop();
        body.i64_const(60 << 32 | 61).drop();
        let id = builder.finish(Vec::new(), &mut module.funcs);
        module.exports.add("f", id);
        let functions = module.funcs.iter_local().map(|(_, function)| function);
        let found = numbers(&module, functions);
        assert!(
            [50, 60, 61, 70].iter().all(|n| found.contains(n)),
            "{found:?}"
        );
    }
}
