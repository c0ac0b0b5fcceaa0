//! Tells the browser which way a branch nearly always goes: past what ends the program, and past what is rare.
//! What is seldom run then stands apart in the machine code, and the rest has the registers for itself.
//!
//! Hints are a section of the program that its meaning does not depend on
//! (<https://github.com/WebAssembly/branch-hinting>). Made from the final code, since they name its bytes; must not
//! live here: changes of the code.

mod flow;

use std::collections::BTreeSet;

use wasm_encoder::{BranchHint, BranchHints, Encode as _};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use flow::{Block, Flow, flow};

use crate::failure::{Failure, OrFail as _, Result};

/// The kind of sections that the meaning of a program does not depend on.
const CUSTOM: u8 = 0;

/// Functions that are rare though they return: memory and lists that grow, and what the engine keeps out of its
/// common ways. A hint that is wrong costs a little time and nothing else.
const RARE: [&str; 29] = [
    "arm",
    "arrive_together",
    "carry_disturbed",
    "do_reserve_and_handle",
    "drop_front",
    "drop_slow",
    "empty",
    "ended_by_hand",
    "forget_media",
    "grow",
    "grow_one",
    "leave_line",
    "leg_from",
    "malloc",
    "move_up",
    "push_behind",
    "push_far",
    "refill",
    "refuse",
    "sample_other",
    "spill",
    "star_comes",
    "successor_of",
    "tell_one",
    "trace_attempt",
    "visitor_refused",
    "watch_back",
    "watch_passing",
    "watch_stay",
];

/// Whether a function's name, as the compiler writes it, has this part.
fn is_part(name: &str, part: &str) -> bool {
    let part = format!("{}{part}", part.len());
    let before = |at: usize| name[..at].chars().next_back();
    name.match_indices(&part)
        .any(|(at, _)| before(at).is_none_or(|before| !before.is_ascii_digit()))
}

/// What has to be known of a program.
#[derive(Default)]
struct Program<'a> {
    /// How many functions are not its own: they are counted first.
    imported: u32,
    flows: Vec<Flow>,
    names: Vec<(u32, &'a str)>,
    /// Where its code begins, in bytes.
    code_at: usize,
}

/// The program with its hints.
///
/// # Errors
/// It cannot be read, or has no function of a name in the list: then the list is old.
pub fn add(wasm: &[u8]) -> Result<Vec<u8>> {
    add_with(wasm, &RARE)
}

fn add_with(wasm: &[u8], rare: &[&str]) -> Result<Vec<u8>> {
    let program = read(wasm)?;
    let of = |part: &str| {
        let named = program.names.iter();
        let named = named.filter(|(_, name)| is_part(name, part));
        named.map(|(index, _)| *index).collect::<Vec<_>>()
    };
    if let Some(unknown) = rare.iter().find(|part| of(part).is_empty()) {
        let name = file!();
        return Err(Failure::new(format!(
            "the fast worker has no function \"{unknown}\" any more, which {name} lists as rare"
        )));
    }
    let rare = rare.iter().flat_map(|part| of(part)).collect();
    let hints = hints(program.imported, &program.flows, rare);
    // Before the code, whose section begins with its kind and its length.
    let begin = section_begin(wasm, program.code_at).ok_or_else(|| Failure::new(broken()))?;
    let mut out = wasm[..begin].to_vec();
    out.push(CUSTOM);
    hints.encode(&mut out);
    out.extend_from_slice(&wasm[begin..]);
    Ok(out)
}

fn read(wasm: &[u8]) -> Result<Program<'_>> {
    let mut program = Program::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.or_fail(broken)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.or_fail(broken)?;
                    program.imported += u32::from(matches!(import.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { range, .. } => program.code_at = range.start,
            Payload::CodeSectionEntry(body) => program.flows.push(flow(&body)?),
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(names) = custom.as_known() else {
                    continue;
                };
                for names in names {
                    let Name::Function(functions) = names.or_fail(broken)? else {
                        continue;
                    };
                    for function in functions {
                        let function = function.or_fail(broken)?;
                        program.names.push((function.index, function.name));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(program)
}

fn broken() -> String {
    "the wasm cannot be read".to_owned()
}

/// Where the section begins whose content begins here.
fn section_begin(wasm: &[u8], content: usize) -> Option<usize> {
    let mut from = 8;
    while from < content {
        let mut reader = wasmparser::BinaryReader::new(wasm.get(from + 1..)?, from + 1);
        let length = reader.read_var_u32().ok()? as usize;
        let start = reader.original_position();
        if start == content {
            return Some(from);
        }
        from = start + length;
    }
    None
}

/// All hints, after it has been found which functions are rare because all their ways are.
fn hints(imported: u32, flows: &[Flow], mut rare: BTreeSet<u32>) -> BranchHints {
    loop {
        let before = rare.len();
        for (function, flow) in (imported..).zip(flows) {
            if !rare.contains(&function) && cold(flow, &rare).first() == Some(&true) {
                rare.insert(function);
            }
        }
        if rare.len() == before {
            break;
        }
    }
    let mut hints = BranchHints::new();
    for (function, flow) in (imported..).zip(flows) {
        let cold = cold(flow, &rare);
        let told: Vec<BranchHint> = flow
            .branches
            .iter()
            .filter(|branch| cold[branch.taken] != cold[branch.other])
            .map(|branch| BranchHint {
                branch_func_offset: branch.offset,
                branch_hint_value: u32::from(cold[branch.other]),
            })
            .collect();
        if !told.is_empty() {
            hints.function_hints(function, told);
        }
    }
    hints
}

/// Which blocks are rare: those that end the program or call what is rare, and those that only lead to such.
fn cold(flow: &Flow, rare: &BTreeSet<u32>) -> Vec<bool> {
    let blocks = &flow.blocks;
    let is = |block: &Block| block.ends || block.calls.iter().any(|call| rare.contains(call));
    let mut cold: Vec<bool> = blocks.iter().map(is).collect();
    loop {
        let mut changed = false;
        for (at, block) in blocks.iter().enumerate().rev() {
            let leads = !block.next.is_empty() && block.next.iter().all(|next| cold[*next]);
            if leads && !cold[at] {
                (cold[at], changed) = (true, true);
            }
        }
        if !changed {
            return cold;
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        BlockType, CodeSection, Function, FunctionSection, InstructionSink, Module, NameMap,
        NameSection, TypeSection, ValType,
    };

    use super::*;

    /// A program of functions that take one number.
    fn program(names: &[&str], bodies: &[fn(&mut InstructionSink<'_>)]) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], []);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for body in bodies {
            functions.function(0);
            let mut function = Function::new([]);
            body(&mut function.instructions());
            code.function(&function);
        }
        let mut map = NameMap::new();
        for (index, name) in (0..).zip(names) {
            map.append(index, name);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        module.section(&types).section(&functions).section(&code);
        module.section(&section);
        module.finish()
    }

    /// The hints of a program: function, byte, value.
    fn told(wasm: &[u8], rare: &[&str]) -> Vec<(u32, u32, bool)> {
        let hinted = add_with(wasm, rare).unwrap();
        assert!(wasmparser::validate(&hinted).is_ok());
        let mut out = Vec::new();
        let (mut seen, mut code) = (false, false);
        for payload in Parser::new(0).parse_all(&hinted) {
            match payload.unwrap() {
                Payload::CodeSectionStart { .. } => code = true,
                Payload::CustomSection(custom) => {
                    if let KnownCustom::BranchHints(functions) = custom.as_known() {
                        assert!(!code, "hints stand before the code");
                        seen = true;
                        for function in functions {
                            let function = function.unwrap();
                            for hint in function.hints {
                                let hint = hint.unwrap();
                                out.push((function.func, hint.func_offset, hint.taken));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        assert!(seen);
        out
    }

    #[test]
    fn a_branch_goes_past_what_ends_the_program() {
        let wasm = program(
            &["f"],
            &[|code| {
                code.block(BlockType::Empty).local_get(0).br_if(0);
                code.unreachable().end().end();
            }],
        );
        // Locals, block, local.get.
        assert_eq!(told(&wasm, &[]), [(0, 5, true)]);
    }

    #[test]
    fn what_only_leads_to_an_end_is_rare_itself() {
        let wasm = program(
            &["f", "fails"],
            &[
                |code| {
                    code.local_get(0).if_(BlockType::Empty);
                    code.local_get(0).call(1).end().end();
                },
                |code| {
                    code.local_get(0).if_(BlockType::Empty).unreachable();
                    code.else_().unreachable().end().unreachable().end();
                },
            ],
        );
        assert_eq!(told(&wasm, &[]), [(0, 3, false)]);
    }

    #[test]
    fn growing_is_rare_and_other_calls_are_not() {
        let bodies: [fn(&mut InstructionSink<'_>); 2] = [
            |code| {
                code.local_get(0).if_(BlockType::Empty);
                code.local_get(0).call(1).end().end();
            },
            |code| {
                code.end();
            },
        ];
        let grows = program(&["f", "_RNv4list4grow"], &bodies);
        assert_eq!(told(&grows, &["grow"]), [(0, 3, false)]);
        // Another name that ends alike, or has the part somewhere, is another function.
        for name in ["_RNv4list4push", "_RNv4list14growing_things"] {
            let error = add_with(&program(&["f", name], &bodies), &["grow"]);
            assert!(error.unwrap_err().to_string().contains("\"grow\""));
        }
        assert_eq!(told(&grows, &[]), []);
    }

    #[test]
    fn a_loop_that_goes_on_is_no_end() {
        let wasm = program(
            &["f"],
            &[|code| {
                code.loop_(BlockType::Empty).local_get(0).br_if(0);
                code.br(0).end().end();
            }],
        );
        assert_eq!(told(&wasm, &[]), []);
        assert!(add_with(&wasm[..wasm.len() / 2], &[]).is_err());
    }
}
