//! Cuts the page's wasm in two: what a first visit runs, and the rest, which is fetched when it is
//! wanted.
//!
//! A function that moved away leaves a short one behind, which fetches the rest if it is not there yet and
//! then calls through the function table. The rest shares memory, tables and globals with the first part;
//! `static/parts.js` brings the two together. Which functions move is read from a list (see `list.rs`).
//! Binaryen has such a tool, `wasm-split`, but none of its packages brings it. Data and places in the function
//! table that only moved functions use move with them.
//!
//! Must not live here: where files lie, who uses what (see `needs.rs`), the table (`table.rs`), what the rest
//! looks like (`rest.rs`).

use std::collections::{BTreeMap, BTreeSet};

use super::data;
use super::direct::call_directly;
use super::list::Moved;
use super::needs::{Needs, numbers};
use super::outline::is_cold;
use super::rest::make_rest;
use super::table::{gone, leave_places, places};
use crate::failure::{Failure, OrFail as _, Result};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId,
    LocalFunction, Module, TableId, ValType,
};

/// The module name of what the first part gives to the rest.
pub const FIRST: &str = "first";
/// The module name of what the loader gives to the first part.
pub const LOADER: &str = "rest";

/// Both parts.
pub struct Parts {
    /// Fetched at once.
    pub first: Vec<u8>,
    /// Fetched when something in it is called, or before.
    pub rest: Vec<u8>,
}

/// Splits a module with names: the listed functions move into the rest, and what only they need.
pub fn split(wasm: &[u8], list: &Moved, needs: &Needs) -> Result<Parts> {
    let mut first = read(wasm)?;
    let moved = moved(&first, list);
    let needed = needs.of(
        &numbers(&first, staying(&first, &moved)),
        &numbers(&first, staying(&first, &BTreeSet::new())),
    );
    let gone = gone(&first, &moved, needs, &needed);
    let ways = Ways::new(&mut first, &moved, &gone)?;
    leave_stubs(&mut first, &moved, &ways);
    leave_places(&mut first, &gone, ways.ensure);
    call_few_directly(&mut first, &moved, &ways);
    let mut rest = read(wasm)?;
    make_rest(&mut first, &mut rest, &moved, &ways, &gone)?;
    let stays = |address| needed.has(address) || !needs.knows(address);
    data::put(&mut rest, data::keep(&mut first, stays));
    walrus::passes::gc::run(&mut first);
    walrus::passes::gc::run(&mut rest);
    Ok(Parts {
        first: first.emit_wasm(),
        rest: rest.emit_wasm(),
    })
}

fn read(wasm: &[u8]) -> Result<Module> {
    Module::from_buffer(wasm).or_fail(|| "the wasm cannot be read".to_owned())
}

/// Positions of the functions that move, in the order of the module.
fn moved(module: &Module, list: &Moved) -> BTreeSet<usize> {
    let start = module.start;
    module
        .funcs
        .iter()
        .enumerate()
        .filter(|(_, f)| matches!(f.kind, FunctionKind::Local(_)) && Some(f.id()) != start)
        .filter(|(_, f)| {
            f.name
                .as_deref()
                .is_some_and(|name| is_cold(name) || list.has(name))
        })
        .map(|(position, _)| position)
        .collect()
}

/// The functions that do not move.
fn staying<'a>(
    module: &'a Module,
    moved: &BTreeSet<usize>,
) -> impl Iterator<Item = &'a LocalFunction> {
    let functions = module.funcs.iter().enumerate();
    functions.filter_map(|(position, function)| match &function.kind {
        FunctionKind::Local(local) if !moved.contains(&position) => Some(local),
        _ => None,
    })
}

pub fn ids(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|f| f.id()).collect()
}

#[derive(Default)]
struct Called(BTreeSet<FunctionId>);

impl<'instr> Visitor<'instr> for Called {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.insert(*function);
    }
}

pub fn called_by(function: &LocalFunction) -> BTreeSet<FunctionId> {
    let mut called = Called::default();
    dfs_in_order(&mut called, function, function.entry_block());
    called.0
}

/// How the parts reach each other.
pub struct Ways {
    table: TableId,
    /// The first place in the table that is ours.
    pub base: i32,
    /// By position of a moved function that the first part calls: its place after `base`.
    pub places: BTreeMap<usize, i32>,
    /// Not 0 once the rest is there.
    pub here: GlobalId,
    ensure: FunctionId,
}

impl Ways {
    fn new(
        first: &mut Module,
        moved: &BTreeSet<usize>,
        gone: &BTreeMap<u32, usize>,
    ) -> Result<Self> {
        let all = ids(first);
        let position: BTreeMap<FunctionId, usize> =
            all.iter().enumerate().map(|(p, id)| (*id, p)).collect();
        let mut reached: BTreeSet<FunctionId> = BTreeSet::new();
        for function in staying(first, moved) {
            reached.extend(called_by(function));
        }
        let places = places(first).into_iter();
        reached.extend(places.filter_map(|(place, id)| (!gone.contains_key(&place)).then_some(id)));
        for element in first.elements.iter() {
            if let ElementItems::Expressions(_, values) = &element.items {
                reached.extend(values.iter().filter_map(|value| match value {
                    ConstExpr::RefFunc(id) => Some(*id),
                    _ => None,
                }));
            }
        }
        for export in first.exports.iter() {
            if let ExportItem::Function(id) = export.item {
                reached.insert(id);
            }
        }
        let table = first
            .tables
            .main_function_table()
            .or_fail(|| "the wasm has several function tables".to_owned())?
            .ok_or_else(|| Failure::new("the wasm has no function table"))?;
        let size = first.tables.get(table).initial;
        let base = i32::try_from(size).or_fail(|| "the function table is too large".to_owned())?;
        let places: BTreeMap<usize, i32> = reached
            .iter()
            .filter_map(|id| position.get(id).copied())
            .filter(|position| moved.contains(position))
            .zip(0..)
            .collect();
        let more = places.len() as u64;
        let ours = first.tables.get_mut(table);
        ours.initial = size + more;
        ours.maximum = ours.maximum.map(|maximum| maximum + more);
        let here =
            first
                .globals
                .add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        let nothing = first.types.add(&[], &[]);
        let (load, _) = first.add_import_func(LOADER, "load", nothing);
        let mut builder = FunctionBuilder::new(&mut first.types, &[], &[]);
        builder.func_body().global_get(here).if_else(
            None,
            |_| {},
            |there| {
                there.call(load);
            },
        );
        let ensure = builder.finish(Vec::new(), &mut first.funcs);
        Ok(Self {
            table,
            base,
            places,
            here,
            ensure,
        })
    }
}

/// Puts a short function in place of each that moved.
fn leave_stubs(first: &mut Module, moved: &BTreeSet<usize>, ways: &Ways) {
    let all = ids(first);
    for position in moved {
        let id = all[*position];
        let ty = first.funcs.get(id).ty();
        let (params, results) = {
            let ty = first.types.get(ty);
            (ty.params().to_vec(), ty.results().to_vec())
        };
        let locals: Vec<_> = params.iter().map(|ty| first.locals.add(*ty)).collect();
        let mut builder = FunctionBuilder::new(&mut first.types, &params, &results);
        let mut body = builder.func_body();
        match ways.places.get(position) {
            Some(place) => {
                body.call(ways.ensure);
                for local in &locals {
                    body.local_get(*local);
                }
                body.i32_const(ways.base + place);
                body.call_indirect(ty, ways.table);
            }
            // Nobody calls it; the sweep takes it away.
            None => {
                body.unreachable();
            }
        }
        let function = builder.local_func(locals);
        first.funcs.get_mut(id).kind = FunctionKind::Local(function);
    }
}

fn call_few_directly(first: &mut Module, moved: &BTreeSet<usize>, ways: &Ways) {
    let all = ids(first);
    let places = ways.places.iter();
    let places = places.map(|(position, place)| (all[*position], ways.base + place));
    let stays = all.iter().enumerate().filter(|(p, _)| !moved.contains(p));
    let callers: Vec<FunctionId> = stays.map(|(_, id)| *id).collect();
    call_directly(first, &callers, places.collect(), ways.ensure, ways.table);
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::ElementKind;

    /// `main` runs `hot`, which calls `cold`, which calls `hot` and `colder`; the table holds `cold`.
    fn program() -> Vec<u8> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        let table = module
            .tables
            .add_local(false, 1, Some(1), walrus::RefType::FUNCREF);
        let mut function = |name: &str, calls: &[FunctionId]| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
            let argument = module.locals.add(ValType::I32);
            let mut body = builder.func_body();
            for call in calls {
                body.local_get(argument).call(*call);
            }
            let id = builder.finish(vec![argument], &mut module.funcs);
            module.funcs.get_mut(id).name = Some(name.to_owned());
            id
        };
        let colder = function("colder", &[]);
        let leaf = function("leaf", &[]);
        let cold = function("cold", &[leaf, colder]);
        let hot = function("hot", &[cold, leaf]);
        module.exports.add("main", hot);
        let element = module.elements.add(
            ElementKind::Active {
                table,
                offset: ConstExpr::Value(Value::I32(0)),
            },
            ElementItems::Functions(vec![cold]),
        );
        module.tables.get_mut(table).elem_segments.insert(element);
        module.emit_wasm()
    }

    fn names(module: &Module) -> Vec<&str> {
        let local = |f: &&walrus::Function| matches!(f.kind, FunctionKind::Local(_));
        let mut names: Vec<&str> = module
            .funcs
            .iter()
            .filter(local)
            .filter_map(|f| f.name.as_deref())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_is_listed_moves_and_can_still_be_called() {
        let list = Moved::of(["cold", "colder"].into_iter());
        let parts = split(&program(), &list, &Needs::default()).unwrap();
        let (first, rest) = (read(&parts.first).unwrap(), read(&parts.rest).unwrap());
        // `cold` is called from the first part, so a stub stays; nobody there calls `colder`.
        assert_eq!(names(&first), ["cold", "hot", "leaf"]);
        assert_eq!(names(&rest), ["cold", "colder"]);
        assert!(first.imports.find(LOADER, "load").is_some());
        assert_eq!(first.tables.iter().next().unwrap().initial, 2);
        // All that the rest asks for is given, and under the same name.
        let given: BTreeSet<&str> = first.exports.iter().map(|e| e.name.as_str()).collect();
        for import in rest.imports.iter() {
            assert_eq!(import.module, FIRST);
            assert!(given.contains(import.name.as_str()), "{}", import.name);
        }
        assert!(given.contains("main") && given.contains("memory") && given.contains("here"));
        assert!(rest.start.is_some() && rest.exports.iter().next().is_none());
    }

    #[test]
    fn data_and_places_move_with_their_only_user() {
        let mut module = read(&program()).unwrap();
        // In the second piece stands the place of `cold`, which alone refers to it.
        for (name, number) in [("hot", 100), ("cold", 104)] {
            let id = module.funcs.by_name(name).unwrap();
            let body = module.funcs.get_mut(id).kind.unwrap_local_mut();
            body.builder_mut().func_body().i32_const(number).drop();
        }
        data::put(&mut module, vec![data::Segment::new(100, b"herethen")]);
        let needs = Needs::known(&[(100..104, &[]), (104..108, &[0])]);
        let list = Moved::of(["cold", "colder"].into_iter());
        let parts = split(&module.emit_wasm(), &list, &needs).unwrap();
        let (mut first, mut rest) = (read(&parts.first).unwrap(), read(&parts.rest).unwrap());
        assert_eq!(data::take(&mut first), [data::Segment::new(100, b"here")]);
        assert_eq!(data::take(&mut rest), [data::Segment::new(104, b"then")]);
        let held = |module: &Module| places(module).iter().map(|(at, _)| *at).collect::<Vec<_>>();
        // What stands for `cold` in the first part until the rest comes is nobody's to call.
        assert_eq!(held(&first), [0]);
        let (_, stands) = places(&first)[0];
        assert_eq!(first.funcs.get(stands).name, None);
        // `hot` calls `cold`, by the place after those there were.
        assert_eq!(held(&rest), [0, 1]);
    }

    #[test]
    fn without_a_list_nothing_moves() {
        let parts = split(
            &program(),
            &Moved::of(std::iter::empty()),
            &Needs::default(),
        )
        .unwrap();
        assert_eq!(
            names(&read(&parts.first).unwrap()),
            ["cold", "colder", "hot", "leaf"]
        );
        assert!(names(&read(&parts.rest).unwrap()).is_empty());
    }
}
