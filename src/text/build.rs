//! Makes cargo compile the texts again when a file of them changes: the macro that reads them cannot say so.

#![expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo:rerun-if-changed=../../locales");
}
