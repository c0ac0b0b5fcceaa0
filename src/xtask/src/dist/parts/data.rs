//! Takes the data of a program apart: what the first part needs stays, the rest brings its own.
//!
//! All of it keeps its address; where the rest's data will lie, there are zeros until it comes. Must not live
//! here: what is needed, see `needs.rs`.

use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, Module};

/// Shorter rows of zeros are written out: another segment costs as much.
const ZEROS: usize = 12;

/// Bytes and where they lie.
#[derive(Debug, PartialEq, Eq)]
pub struct Segment {
    at: u32,
    bytes: Vec<u8>,
}

impl Segment {
    /// The address after the last.
    fn end(&self) -> u32 {
        self.at
            .saturating_add(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX))
    }

    /// Bytes from an address on.
    #[cfg(test)]
    pub fn new(at: u32, bytes: &[u8]) -> Self {
        let bytes = bytes.to_vec();
        Self { at, bytes }
    }
}

/// Leaves in a program the bytes whose addresses are to stay, and returns the others.
pub fn keep(module: &mut Module, stays: impl Fn(u32) -> bool) -> Vec<Segment> {
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    for mut segment in take(module) {
        let places = (segment.at..).zip(&mut segment.bytes);
        // What comes later may write over nothing that stayed, so each of its rows is one of these.
        let mut rows: Vec<Segment> = Vec::new();
        for (address, byte) in places.filter(|(address, _)| !stays(*address)) {
            let byte = std::mem::take(byte);
            match rows.last_mut() {
                Some(row) if row.end() == address => row.bytes.push(byte),
                _ => rows.push(Segment {
                    at: address,
                    bytes: vec![byte],
                }),
            }
        }
        kept.extend(packed(&segment));
        gone.extend(rows.iter().flat_map(packed));
    }
    put(module, kept);
    gone
}

/// Takes all data that lies at a known place out of a program.
pub fn take(module: &mut Module) -> Vec<Segment> {
    let mut taken = Vec::new();
    for id in module.data.iter().map(|data| data.id()).collect::<Vec<_>>() {
        let data = module.data.get_mut(id);
        let DataKind::Active {
            memory,
            offset: ConstExpr::Value(Value::I32(at)),
        } = data.kind
        else {
            continue;
        };
        let (at, bytes) = (at.cast_unsigned(), std::mem::take(&mut data.value));
        taken.push(Segment { at, bytes });
        module.memories.get_mut(memory).data_segments.remove(&id);
        module.data.delete(id);
    }
    taken
}

/// Puts data into a program's memory.
pub fn put(module: &mut Module, segments: Vec<Segment>) {
    let Some(memory) = module.memories.iter().next().map(walrus::Memory::id) else {
        return;
    };
    for segment in segments {
        let offset = ConstExpr::Value(Value::I32(segment.at.cast_signed()));
        let kind = DataKind::Active { memory, offset };
        let id = module.data.add(kind, segment.bytes);
        module.memories.get_mut(memory).data_segments.insert(id);
    }
}

/// The bytes without the long rows of zeros: memory has these by itself.
fn packed(segment: &Segment) -> Vec<Segment> {
    let mut packed: Vec<Segment> = Vec::new();
    let mut zeros = usize::MAX;
    for (address, byte) in (segment.at..).zip(&segment.bytes) {
        if *byte == 0 {
            zeros = zeros.saturating_add(1);
            continue;
        }
        match packed.last_mut() {
            Some(last) if zeros < ZEROS => {
                last.bytes.extend(std::iter::repeat_n(0, zeros));
                last.bytes.push(*byte);
            }
            _ => packed.push(Segment {
                at: address,
                bytes: vec![*byte],
            }),
        }
        zeros = 0;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    use super::Segment as S;

    #[test]
    fn each_byte_lies_in_one_of_both_parts() {
        let mut module = Module::default();
        module.memories.add_local(false, false, 1, None, None);
        let long = [&[0, 1, 2][..], &[0; ZEROS], &[3, 4], &[5, 0, 6]].concat();
        put(&mut module, vec![S::new(100, &long), S::new(200, b"far")]);
        let gone = keep(&mut module, |at| at < 100 + 17 && at != 101 || at == 118);
        assert_eq!(
            gone,
            [
                S::new(101, &[1]),
                // In between lies what stayed, although it is nothing yet.
                S::new(117, &[5]),
                S::new(119, &[6]),
                S::new(200, b"far")
            ]
        );
        assert_eq!(take(&mut module), [S::new(102, &[2]), S::new(115, &[3, 4])]);
        assert!(take(&mut module).is_empty());
    }
}
