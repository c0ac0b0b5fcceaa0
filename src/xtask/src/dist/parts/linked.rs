//! Reads what the linker leaves in a program when it is asked for its relocations: which piece of data lies where,
//! and where in code and data its address stands. The form is that of the tool conventions for WebAssembly
//! (`Linking.md`). Must not live here: what follows from it, see `needs.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    BinaryReader, DataKind, Element, ElementItems, ElementKind, KnownCustom, Linking, Operator,
    Parser, Payload, RelocationEntry, RelocationType, SymbolInfo,
};

use super::needs::{Needs, Piece};

/// What is read of a linked program.
#[derive(Default)]
pub struct Linked<'a> {
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
    /// Reads it.
    pub fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
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

    /// Tells whether the linker left nothing for us.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty() || self.relocations.is_empty()
    }

    /// What refers to what.
    pub fn needs(&self) -> Needs {
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
