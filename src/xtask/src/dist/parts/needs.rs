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
use wasmparser::{
    BinaryReader, DataKind, Element, ElementItems, ElementKind, KnownCustom, Linking, Operator,
    Parser, Payload, RelocationEntry, RelocationType, SymbolInfo,
};

use crate::failure::{Failure, OrFail as _, Result};

/// What the data and the table of a linked program are used for.
#[derive(Debug, Default)]
pub struct Needs {
    /// In the order of their addresses; none overlaps another.
    pieces: Vec<Piece>,
    /// By the numbers in the code that stand for addresses: the pieces that are meant.
    meant: BTreeMap<u32, BTreeSet<usize>>,
    /// The numbers in the code that stand for places in the table.
    places: BTreeSet<u32>,
}

/// A piece of data that is used as a whole or not at all.
#[derive(Debug)]
struct Piece {
    at: Range<u32>,
    /// Other pieces whose addresses stand in it.
    pieces: BTreeSet<usize>,
    /// Places in the function table that stand in it.
    places: BTreeSet<u32>,
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
        if linked.symbols.is_empty() || linked.relocations.is_empty() {
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

    /// What functions need in which these numbers stand, and what that needs in turn.
    pub fn of(&self, numbers: &BTreeSet<u32>) -> Needed {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for number in numbers {
            match self.meant.get(number) {
                Some(pieces) => found.extend(pieces),
                // Put together from an address and a distance; the end of a piece may be meant, too.
                None => {
                    found.extend(self.piece_at(*number));
                    found.extend(number.checked_sub(1).and_then(|last| self.piece_at(last)));
                }
            }
        }
        let mut places: BTreeSet<u32> = self.places.intersection(numbers).copied().collect();
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

    fn piece_at(&self, address: u32) -> Option<usize> {
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
        if let Value::I32(value) = instr.value {
            // What is taken away stands there as less than nothing that is added.
            self.0
                .extend([value.cast_unsigned(), value.wrapping_neg().cast_unsigned()]);
        }
    }

    fn visit_load(&mut self, instr: &Load) {
        self.offset(instr.arg.offset);
    }

    fn visit_store(&mut self, instr: &Store) {
        self.offset(instr.arg.offset);
    }
}

/// What is read of a linked program.
#[derive(Default)]
struct Linked<'a> {
    wasm: &'a [u8],
    /// The payload of each section, by its number.
    sections: Vec<Range<usize>>,
    /// Where each segment of the data lies in memory, and in the file.
    segments: Vec<(u32, Range<usize>)>,
    /// By function: its place in the table.
    table: BTreeMap<u32, u32>,
    symbols: Vec<Symbol>,
    /// The number of the section that is patched, and how.
    relocations: Vec<(usize, RelocationEntry)>,
}

enum Symbol {
    Function(u32),
    /// Segment, offset in it, size.
    Data(usize, u32, u32),
    Other,
}

impl<'a> Linked<'a> {
    fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut linked = Linked {
            wasm,
            ..Self::default()
        };
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((_, range)) = payload.as_section() {
                linked.sections.push(range);
            }
            match payload {
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let at = match segment.kind {
                            DataKind::Active { offset_expr, .. } => {
                                constant(offset_expr.get_operators_reader())?
                            }
                            DataKind::Passive => None,
                        };
                        let end = segment.range.end;
                        let range = end - segment.data.len()..end;
                        linked.segments.push((at.unwrap_or(u32::MAX), range));
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        linked.element(element?)?;
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(parts) => {
                        for part in parts.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                for symbol in symbols {
                                    linked.symbols.push(Symbol::of(symbol?));
                                }
                            }
                        }
                    }
                    KnownCustom::Reloc(section) => {
                        let index = usize::try_from(section.section_index()).unwrap_or(usize::MAX);
                        for entry in section.entries() {
                            linked.relocations.push((index, entry?));
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(linked)
    }

    fn element(&mut self, element: Element) -> wasmparser::Result<()> {
        let ElementKind::Active { offset_expr, .. } = element.kind else {
            return Ok(());
        };
        let ElementItems::Functions(functions) = element.items else {
            return Ok(());
        };
        let from = constant(offset_expr.get_operators_reader())?.unwrap_or(0);
        for (place, function) in (from..).zip(functions) {
            self.table.insert(function?, place);
        }
        Ok(())
    }

    fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        let mut pieces: Vec<Range<u32>> = self.symbols.iter().filter_map(|s| self.at(s)).collect();
        pieces.sort_by_key(|at| (at.start, at.end));
        for at in pieces {
            match needs.pieces.last_mut() {
                Some(last) if at.start < last.at.end => last.at.end = last.at.end.max(at.end),
                _ => needs.pieces.push(Piece {
                    at,
                    pieces: BTreeSet::new(),
                    places: BTreeSet::new(),
                }),
            }
        }
        for (section, entry) in &self.relocations {
            self.note(&mut needs, *section, entry);
        }
        needs
    }

    fn note(&self, needs: &mut Needs, section: usize, entry: &RelocationEntry) {
        let symbol = usize::try_from(entry.index).ok();
        let Some(symbol) = symbol.and_then(|index| self.symbols.get(index)) else {
            return;
        };
        let payload = self.sections.get(section).map_or(0, |range| range.start);
        let from = payload + usize::try_from(entry.offset).unwrap_or(0);
        match entry.ty {
            RelocationType::MemoryAddrLeb | RelocationType::MemoryAddrSleb => {
                // The number as it stands in the code: the address and the distance together.
                let mut reader = BinaryReader::new(self.wasm.get(from..).unwrap_or_default(), from);
                let number = match entry.ty {
                    RelocationType::MemoryAddrLeb => reader.read_var_u32(),
                    _ => reader.read_var_i32().map(i32::cast_unsigned),
                };
                if let (Ok(number), Some(piece)) = (number, self.piece(needs, symbol)) {
                    needs.meant.entry(number).or_default().insert(piece);
                }
            }
            RelocationType::TableIndexSleb => needs.places.extend(self.place(symbol)),
            RelocationType::MemoryAddrI32 => {
                let to = self.piece(needs, symbol);
                if let (Some(holder), Some(to)) = (self.holder(needs, from), to) {
                    needs.pieces[holder].pieces.insert(to);
                }
            }
            RelocationType::TableIndexI32 => {
                let place = self.place(symbol);
                if let Some(holder) = self.holder(needs, from) {
                    needs.pieces[holder].places.extend(place);
                }
            }
            _ => {}
        }
    }

    /// The place in the table of a function.
    fn place(&self, symbol: &Symbol) -> Option<u32> {
        match symbol {
            Symbol::Function(function) => self.table.get(function).copied(),
            Symbol::Data(..) | Symbol::Other => None,
        }
    }

    /// The addresses of a piece of data that is not empty.
    fn at(&self, symbol: &Symbol) -> Option<Range<u32>> {
        let Symbol::Data(segment, offset, size) = symbol else {
            return None;
        };
        let start = self.segments.get(*segment)?.0.checked_add(*offset)?;
        (*size > 0).then_some(start..start.checked_add(*size)?)
    }

    fn piece(&self, needs: &Needs, symbol: &Symbol) -> Option<usize> {
        needs.piece_at(self.at(symbol)?.start)
    }

    /// The piece of data in which a byte of the file lies.
    fn holder(&self, needs: &Needs, byte: usize) -> Option<usize> {
        let (at, range) = self.segments.iter().find(|(_, r)| r.contains(&byte))?;
        needs.piece_at(at.checked_add(u32::try_from(byte - range.start).ok()?)?)
    }
}

impl Symbol {
    fn of(symbol: SymbolInfo) -> Self {
        match symbol {
            SymbolInfo::Func { index, .. } => Self::Function(index),
            SymbolInfo::Data {
                symbol: Some(data), ..
            } => match usize::try_from(data.index) {
                Ok(segment) => Self::Data(segment, data.offset, data.size),
                Err(_) => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// The number that an expression is which is nothing else.
fn constant(mut expression: wasmparser::OperatorsReader) -> wasmparser::Result<Option<u32>> {
    Ok(match expression.read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
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

    fn needed(needs: &Needs, number: u32) -> (Vec<(u32, u32)>, Vec<u32>) {
        let needed = needs.of(&BTreeSet::from([number]));
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
        // Known as two bytes before D, although it lies in C.
        assert_eq!(needed(&needs, 1034), (vec![(1036, 1040)], vec![]));
        assert_eq!(needed(&needs, 1033), (vec![(1032, 1036)], vec![7]));
        // The end of B or the beginning of C.
        assert_eq!(
            needed(&needs, 1032),
            (vec![(1028, 1032), (1032, 1036)], vec![7])
        );
        assert_eq!(needed(&needs, 7), (vec![], vec![]));
        assert!(needs.knows(1039) && !needs.knows(1040) && !needs.knows(1023));
        assert!(needs.knows_place(7) && !needs.knows_place(8));
        let needed = needs.of(&BTreeSet::from([1030]));
        assert!(needed.has(1028) && needed.has(1031) && !needed.has(1027) && !needed.has(1032));
    }

    #[test]
    fn a_program_without_relocations_is_refused() {
        assert!(Needs::read(&program(false)).is_err());
        assert!(Needs::read(b"no wasm").is_err());
    }
}
