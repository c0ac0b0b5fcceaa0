//! Compiles the crate anew when a text changes: the macro that reads the folder does not say so itself.

fn main() {
    let texts_are_compiled_in = cfg!(feature = "compiled");
    println!(
        "cargo::rerun-if-changed={}",
        if texts_are_compiled_in {
            "../../locales"
        } else {
            "build.rs"
        }
    );
}
