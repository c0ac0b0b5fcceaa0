//! Compiles the crate anew when a text changes: the macro that reads the folder does not say so itself.

fn main() {
    println!("cargo::rerun-if-changed=../../locales");
}
