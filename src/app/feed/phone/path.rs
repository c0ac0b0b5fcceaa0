//! The way of one request through the drawing: which links and cards, in which order. Pure.

use archplay_model::{Design, Id, Kind, LinkKey};
use archplay_report::{Span, Trace};

/// A stop on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The component.
    pub component: Id,
    /// The link by which it was reached; absent where the drawing has none.
    pub link: Option<LinkKey>,
    /// How long it took there the first time, until the answer was back, in ns.
    pub took_ns: u64,
    /// How often it was asked.
    pub times: u32,
    /// Whether any of its answers was a failure.
    pub failed: bool,
}

/// Each component that the request came to, in the order in which it got there first.
pub fn stops(trace: &Trace, design: &Design) -> Vec<Stop> {
    let mut spans: Vec<&Span> = trace.spans.iter().collect();
    spans.sort_by_key(|span| span.sent_ns);
    let mut out: Vec<Stop> = Vec::new();
    for span in spans {
        let known = out.iter_mut().find(|stop| stop.component == span.component);
        if let Some(stop) = known {
            stop.times += 1;
            stop.failed |= span.failed.is_some();
            continue;
        }
        out.push(Stop {
            component: span.component.clone(),
            link: link_to(span, trace, design),
            took_ns: span.took_ns,
            times: 1,
            failed: span.failed.is_some(),
        });
    }
    out
}

/// The link by which a span was sent: from the one that asked, or from the client that asks this component.
fn link_to(span: &Span, trace: &Trace, design: &Design) -> Option<LinkKey> {
    let to = &span.component;
    let asker = span
        .parent
        .and_then(|parent| trace.spans.get(parent as usize));
    match asker {
        Some(asker) => {
            let direct = LinkKey::new(asker.component.clone(), to.clone());
            // Those who fetch from a queue are linked to it the other way round.
            let back = LinkKey::new(to.clone(), asker.component.clone());
            [direct, back]
                .into_iter()
                .find(|key| design.links.contains_key(key))
        }
        None => design
            .links
            .keys()
            .find(|key| {
                let kind = design.get(&key.from).map(|from| from.kind);
                key.to == *to && kind == Some(Kind::Client)
            })
            .cloned(),
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::format::read_design;
    use archplay_report::Kept;

    use super::*;

    const SHOP: &str = r#"{"schema":"archplay/design/1","name":"","components":[
    {"id":"client-1","kind":"client","x":0,"y":0},
    {"id":"server-1","kind":"server","x":200,"y":0},
    {"id":"cache-1","kind":"cache","x":400,"y":100},
    {"id":"database-1","kind":"database","x":400,"y":0}
    ],"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"},
    {"from":"server-1","to":"cache-1"}]}"#;

    fn span(component: &str, parent: Option<u32>, sent_ns: u64) -> Span {
        Span {
            component: Id::new(component).unwrap_or_else(|e| panic!("{e}")),
            unit: None,
            parent,
            sent_ns,
            took_ns: 5,
            network_ns: 0,
            queue_ns: 0,
            pool_ns: 0,
            others_ns: 0,
            service_ns: 5,
            failed: None,
            open: false,
        }
    }

    #[test]
    fn a_way_begins_at_the_client_and_goes_in_the_order_of_time() {
        let (design, _) = read_design(SHOP).unwrap_or_else(|e| panic!("{e}"));
        let trace = Trace {
            kept: Kept::Sampled,
            operation: Id::numbered("read", 1),
            visitor: String::new(),
            began_ns: 0,
            took_ns: 20,
            failed: None,
            spans: vec![
                span("server-1", None, 0),
                span("database-1", Some(0), 9),
                span("cache-1", Some(0), 2),
                span("cache-1", Some(0), 4),
            ],
        };
        let stops = stops(&trace, &design);
        let told: Vec<(&str, String, u32)> = stops
            .iter()
            .map(|stop| {
                let link = stop.link.as_ref().map(LinkKey::name).unwrap_or_default();
                (stop.component.as_str(), link, stop.times)
            })
            .collect();
        let link = |from: &str, to: &str| {
            let id = |id| Id::new(id).unwrap_or_else(|e| panic!("{e}"));
            LinkKey::new(id(from), id(to)).name()
        };
        assert_eq!(
            told,
            [
                ("server-1", link("client-1", "server-1"), 1),
                ("cache-1", link("server-1", "cache-1"), 2),
                ("database-1", link("server-1", "database-1"), 1),
            ]
        );
    }
}
