//! What is taken out, and what stays. That the programs do the same afterwards, the end-to-end tests show.

use walrus::ir::{BinaryOp, Instr};

use super::*;

const NAME: &str = "some::function";

/// Takes a number; when it is not 0, computes for long, changes a local that is read at the end, and may return
/// at once.
fn program(longer: bool) -> Vec<u8> {
    let mut module = Module::default();
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::F64]);
    let given = module.locals.add(ValType::I32);
    let sum = module.locals.add(ValType::F64);
    builder.func_body().local_get(given).if_else(
        None,
        |cold| {
            for _ in 0..40 {
                cold.f64_const(1.5);
                cold.local_get(sum).binop(BinaryOp::F64Add).local_set(sum);
            }
            cold.local_get(given).if_else(
                None,
                |out| {
                    out.f64_const(0.0).return_();
                },
                |_| {},
            );
            if longer {
                cold.local_get(sum).drop();
            }
        },
        |_| {},
    );
    builder.func_body().local_get(sum);
    let id = builder.finish(vec![given], &mut module.funcs);
    module.funcs.get_mut(id).name = Some(NAME.to_owned());
    module.exports.add("main", id);
    module.emit_wasm()
}

/// The keys of all places.
fn keys(wasm: &[u8]) -> Vec<String> {
    let module = Module::from_buffer(wasm).unwrap();
    let function = module.funcs.iter().next().unwrap();
    let (shape, places) = places(&module, function.kind.unwrap_local());
    (0..places.len()).map(|n| key(NAME, shape, n)).collect()
}

fn outlined(wasm: &[u8], keys: &[String]) -> Module {
    let list = Moved::of(keys.iter().map(String::as_str));
    // Reading checks that all types fit.
    Module::from_buffer(&outline(wasm, &list).unwrap()).unwrap()
}

#[test]
fn code_that_is_not_reached_becomes_a_function() {
    let wasm = program(false);
    let module = outlined(&wasm, &keys(&wasm)[..1]);
    let named = |cold| {
        let fits = |f: &&walrus::Function| is_cold(f.name.as_deref().unwrap_or_default()) == cold;
        module.funcs.iter().find(fits).unwrap()
    };
    let (hot, cold) = (named(false), named(true));
    assert_eq!(module.funcs.iter().count(), 2);
    let ty = module.types.get(cold.ty());
    // It needs both locals; it tells how it ended, what to return, and the sum.
    assert_eq!(ty.params(), [ValType::I32, ValType::F64]);
    assert_eq!(ty.results(), [ValType::I32, ValType::F64, ValType::F64]);
    let size = |f: &walrus::Function| f.kind.unwrap_local().size();
    assert!(
        size(hot) < 30 && size(cold) > 150,
        "{} {}",
        size(hot),
        size(cold)
    );
    let hot = hot.kind.unwrap_local();
    let Instr::IfElse(arms) = &hot.block(hot.entry_block()).instrs[1].0 else {
        panic!("the choice stays");
    };
    let calls = |i: &&(Instr, _)| matches!(i.0, Instr::Call(_));
    assert_eq!(hot.block(arms.consequent).iter().filter(calls).count(), 1);
}

#[test]
fn what_is_not_listed_or_has_changed_stays() {
    let wasm = program(false);
    for keys in [Vec::new(), keys(&program(true)), vec![NAME.to_owned()]] {
        assert_eq!(outlined(&wasm, &keys).funcs.iter().count(), 1);
    }
    assert!(keys(&wasm).iter().all(|key| key.starts_with(NAME)));
}
