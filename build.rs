//! What the linker is asked for besides.
//!
//! The page's program keeps its relocations: by them `cargo xtask dist` knows which data a function needs, and
//! takes them out again. Must not live here: anything that depends on the machine.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
    }
}
