//! stub
use super::Results; use crate::setup::Toolbox;
pub struct Machine; impl Machine { pub fn look(_:&Toolbox)->Self{Self} }
pub fn markdown(r:&Results,_:&Machine)->String{ format!("{}\n{}\n{:?}\n{}", r.native, r.simpy, r.simpy_missing, r.browser) }
