//! Which of a run's traces are listed. Pure.

use std::collections::BTreeSet;

use archplay_model::Id;
use archplay_report::{Kept, Reason, Trace};

/// What the list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only those kept for this.
    pub kept: Option<Kept>,
    /// Only those of this operation.
    pub operation: Option<Id>,
    /// Only those with this result.
    pub result: Option<Result<(), Reason>>,
}

impl Filter {
    /// Positions of the traces that fit: the longest first where slowness was asked for, else by time.
    pub fn positions(&self, traces: &[Trace]) -> Vec<usize> {
        let mut found: Vec<usize> = (0..traces.len())
            .filter(|at| self.fits(&traces[*at]))
            .collect();
        if self.kept == Some(Kept::Slow) {
            found.sort_by_key(|at| std::cmp::Reverse(traces[*at].took_ns));
        } else {
            found.sort_by_key(|at| traces[*at].began_ns);
        }
        found
    }

    fn fits(&self, trace: &Trace) -> bool {
        let result = trace.failed.map_or(Ok(()), Err);
        self.kept.is_none_or(|kept| kept == trace.kept)
            && self
                .operation
                .as_ref()
                .is_none_or(|id| *id == trace.operation)
            && self.result.is_none_or(|wanted| wanted == result)
    }
}

/// The operations that there are traces of.
pub fn operations(traces: &[Trace]) -> BTreeSet<&Id> {
    traces.iter().map(|trace| &trace.operation).collect()
}

/// The reasons for which traces failed.
pub fn reasons(traces: &[Trace]) -> BTreeSet<Reason> {
    traces.iter().filter_map(|trace| trace.failed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_narrowed_and_ordered() {
        let trace = |kept, n, began_ns, took_ns, failed| Trace {
            kept,
            operation: Id::numbered("order", n),
            visitor: String::new(),
            began_ns,
            took_ns,
            failed,
            spans: Vec::new(),
        };
        let traces = [
            trace(Kept::Slow, 1, 50, 10, None),
            trace(Kept::Slow, 2, 40, 20, None),
            trace(Kept::Failed, 1, 30, 5, Some(Reason::Timeout)),
            trace(Kept::Sampled, 1, 20, 1, None),
        ];
        let check = |filter: Filter, expected: &[usize]| {
            assert_eq!(filter.positions(&traces), expected, "{filter:?}");
        };
        check(Filter::default(), &[3, 2, 1, 0]);
        let kept = |kept| Filter {
            kept: Some(kept),
            ..Filter::default()
        };
        check(kept(Kept::Slow), &[1, 0]);
        check(kept(Kept::Failed), &[2]);
        let of = Filter {
            operation: Some(Id::numbered("order", 1)),
            result: Some(Ok(())),
            ..Filter::default()
        };
        check(of, &[3, 0]);
        assert_eq!(operations(&traces).len(), 2);
        assert_eq!(reasons(&traces), [Reason::Timeout].into());
    }
}
