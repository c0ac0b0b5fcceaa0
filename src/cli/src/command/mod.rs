//! The commands. Each reads its input, asks the library and prints.

pub(crate) mod check;
pub(crate) mod grade;
pub(crate) mod lesson;
mod measures;
mod paired;
mod replay;
pub(crate) mod run;
pub(crate) mod steps;
