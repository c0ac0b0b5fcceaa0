//! The ways through a function: its blocks, where each leads, what it calls. Which of them are rare must not live
//! here.

use wasmparser::{FunctionBody, Operator};

use super::broken;
use crate::failure::{OrFail as _, Result};

/// A stretch of code without branches.
#[derive(Default)]
pub struct Block {
    /// It ends the program.
    pub ends: bool,
    pub calls: Vec<u32>,
    /// Where the code may go on.
    pub next: Vec<usize>,
}

/// A branch with two ways.
pub struct Branch {
    /// From the function's begin, in bytes.
    pub offset: u32,
    pub taken: usize,
    pub other: usize,
}

/// What there is of a function; the first block is its begin.
#[derive(Default)]
pub struct Flow {
    pub blocks: Vec<Block>,
    pub branches: Vec<Branch>,
}

/// An open block, loop or `if`.
struct Frame {
    /// Where a branch to it goes.
    label: usize,
    /// What comes after it.
    end: usize,
    /// The other arm of an `if`, until it has begun.
    other: Option<usize>,
}

impl Flow {
    fn block(&mut self) -> usize {
        self.blocks.push(Block::default());
        self.blocks.len() - 1
    }

    /// The code goes on from one block, if it is reached, to another.
    fn lead(&mut self, from: Option<usize>, to: usize) {
        if let Some(from) = from {
            self.blocks[from].next.push(to);
        }
    }
}

/// Reads a function.
pub fn flow(body: &FunctionBody<'_>) -> Result<Flow> {
    let mut flow = Flow::default();
    let begin = body.range().start;
    // Where the code is; `None` where nothing leads.
    let mut here = Some(flow.block());
    let end = flow.block();
    let mut frames = vec![Frame {
        label: end,
        end,
        other: None,
    }];
    let mut reader = body.get_operators_reader().or_fail(broken)?;
    while !reader.eof() {
        let offset = u32::try_from(reader.original_position() - begin).unwrap_or(u32::MAX);
        let operator = reader.read().or_fail(broken)?;
        let target = |frames: &[Frame], depth: u32| {
            let at = frames.len().checked_sub(depth as usize + 1);
            at.map_or(end, |at| frames[at].label)
        };
        match operator {
            Operator::Block { .. } => {
                let end = flow.block();
                frames.push(Frame {
                    label: end,
                    end,
                    other: None,
                });
            }
            Operator::Loop { .. } => {
                let (label, end) = (flow.block(), flow.block());
                flow.lead(here, label);
                here = here.map(|_| label);
                frames.push(Frame {
                    label,
                    end,
                    other: None,
                });
            }
            Operator::If { .. } => {
                let (taken, other, end) = (flow.block(), flow.block(), flow.block());
                branch(&mut flow, here, offset, taken, other);
                here = here.map(|_| taken);
                frames.push(Frame {
                    label: end,
                    end,
                    other: Some(other),
                });
            }
            Operator::Else => {
                if let Some(frame) = frames.last_mut() {
                    flow.lead(here, frame.end);
                    here = frame.other.take();
                }
            }
            Operator::End => {
                let Some(frame) = frames.pop() else { break };
                flow.lead(here, frame.end);
                flow.lead(frame.other, frame.end);
                here = Some(frame.end);
            }
            Operator::Br { relative_depth } => {
                flow.lead(here, target(&frames, relative_depth));
                here = None;
            }
            Operator::BrIf { relative_depth } => {
                let other = flow.block();
                let taken = target(&frames, relative_depth);
                branch(&mut flow, here, offset, taken, other);
                here = here.map(|_| other);
            }
            Operator::BrTable { targets } => {
                for depth in targets.targets() {
                    flow.lead(here, target(&frames, depth.or_fail(broken)?));
                }
                flow.lead(here, target(&frames, targets.default()));
                here = None;
            }
            Operator::Return => {
                flow.lead(here, end);
                here = None;
            }
            Operator::Unreachable => {
                if let Some(here) = here {
                    flow.blocks[here].ends = true;
                }
                here = None;
            }
            Operator::Call { function_index } => {
                if let Some(here) = here {
                    flow.blocks[here].calls.push(function_index);
                }
            }
            _ => {}
        }
    }
    Ok(flow)
}

/// A branch with two ways, if it is reached.
fn branch(flow: &mut Flow, here: Option<usize>, offset: u32, taken: usize, other: usize) {
    if here.is_some() {
        flow.branches.push(Branch {
            offset,
            taken,
            other,
        });
    }
    flow.lead(here, taken);
    flow.lead(here, other);
}
