//! Traces on their way to the page. The report's own types leave absent fields out, which only formats that
//! name their fields can read again; here every field is there and ids are numbers of a table.

use archplay_model::Id;
use archplay_report::{Kept, Reason, Span, Trace};
use serde::{Deserialize, Serialize};

/// A run's traces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TraceBook {
    /// Operations and components.
    ids: Vec<Id>,
    traces: Vec<TraceRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TraceRow {
    kept: Kept,
    operation: u32,
    visitor: String,
    began_ns: u64,
    took_ns: u64,
    failed: Option<Reason>,
    spans: Vec<SpanRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SpanRow {
    component: u32,
    unit: Option<u32>,
    parent: Option<u32>,
    sent_ns: u64,
    took_ns: u64,
    /// Network, queue, pool, others, service.
    parts_ns: [u64; 5],
    failed: Option<Reason>,
    open: bool,
}

impl TraceBook {
    /// Packs traces.
    #[must_use]
    pub fn pack(traces: &[Trace]) -> Self {
        let mut book = Self::default();
        for trace in traces {
            let row = TraceRow {
                kept: trace.kept,
                operation: book.number(&trace.operation),
                visitor: trace.visitor.clone(),
                began_ns: trace.began_ns,
                took_ns: trace.took_ns,
                failed: trace.failed,
                spans: trace.spans.iter().map(|span| book.span(span)).collect(),
            };
            book.traces.push(row);
        }
        book
    }

    fn span(&mut self, span: &Span) -> SpanRow {
        SpanRow {
            component: self.number(&span.component),
            unit: span.unit,
            parent: span.parent,
            sent_ns: span.sent_ns,
            took_ns: span.took_ns,
            parts_ns: [
                span.network_ns,
                span.queue_ns,
                span.pool_ns,
                span.others_ns,
                span.service_ns,
            ],
            failed: span.failed,
            open: span.open,
        }
    }

    fn number(&mut self, id: &Id) -> u32 {
        let known = self.ids.iter().position(|other| other == id);
        let at = known.unwrap_or_else(|| {
            self.ids.push(id.clone());
            self.ids.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The traces; those that name what the table does not have are left out.
    #[must_use]
    pub fn unpack(&self) -> Vec<Trace> {
        let id = |number: u32| self.ids.get(number as usize).cloned();
        let span = |row: &SpanRow| {
            let [network_ns, queue_ns, pool_ns, others_ns, service_ns] = row.parts_ns;
            Some(Span {
                component: id(row.component)?,
                unit: row.unit,
                parent: row.parent,
                sent_ns: row.sent_ns,
                took_ns: row.took_ns,
                network_ns,
                queue_ns,
                pool_ns,
                others_ns,
                service_ns,
                failed: row.failed,
                open: row.open,
            })
        };
        self.traces
            .iter()
            .filter_map(|row| {
                Some(Trace {
                    kept: row.kept,
                    operation: id(row.operation)?,
                    visitor: row.visitor.clone(),
                    began_ns: row.began_ns,
                    took_ns: row.took_ns,
                    failed: row.failed,
                    spans: row.spans.iter().map(span).collect::<Option<_>>()?,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FromWorker, decode, encode};

    #[test]
    fn traces_survive_the_way() {
        let span = |n: usize, parent| Span {
            component: Id::numbered("server", n),
            unit: (n == 1).then_some(3),
            parent,
            sent_ns: 5,
            took_ns: 100,
            network_ns: 1,
            queue_ns: 2,
            pool_ns: 3,
            others_ns: 4,
            service_ns: 90,
            failed: (n == 2).then_some(Reason::PoolTimeout),
            open: n == 2,
        };
        let traces: Vec<Trace> = (0..3)
            .map(|n| Trace {
                kept: Kept::ALL[n],
                operation: Id::numbered("order", 1),
                visitor: n.to_string(),
                began_ns: u64::MAX,
                took_ns: 7,
                failed: None,
                spans: vec![span(1, None), span(2, Some(0))],
            })
            .collect();
        let message = FromWorker::Traces {
            run: 1,
            book: TraceBook::pack(&traces),
        };
        let bytes = encode(&message).unwrap_or_default();
        let Ok(FromWorker::Traces { book, .. }) = decode(&bytes) else {
            panic!("not read");
        };
        assert_eq!(book.unpack(), traces);
    }
}
