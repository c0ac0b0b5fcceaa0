//! The commands. Each reads its input, asks the library and prints.

pub(crate) mod check;
pub(crate) mod grade;
mod measures;
mod paired;
mod replay;
pub(crate) mod run;
