//! What is compared with what, and what that does not say.

use archplay_model::Kind;
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};

/// The questions that are answered: `checks.explain.<key>_title` and `checks.explain.<key>`.
pub const QUESTIONS: [&str; 6] = ["what", "tolerance", "differ", "ties", "same", "not"];

/// Things that the model leaves simple, about the same kinds.
#[derive(Debug)]
pub struct Group {
    /// The texts are `checks.simplified.<slug>.<key>`, a sentence each.
    pub slug: &'static str,
    /// The kinds whose names are the heading; without any it is `checks.simplified_heading.<slug>`.
    pub kinds: &'static [Kind],
    /// One for each thing.
    pub keys: &'static [&'static str],
}

impl Group {
    /// The keys of the texts that make the heading.
    pub fn heading_keys(&self) -> Vec<String> {
        if self.kinds.is_empty() {
            return vec![format!("checks.simplified_heading.{}", self.slug)];
        }
        let kinds = self.kinds.iter();
        kinds
            .map(|kind| format!("kind.{}.name", kind.slug()))
            .collect()
    }

    /// The keys of its sentences.
    pub fn text_keys(&self) -> impl Iterator<Item = String> {
        let slug = self.slug;
        let keys = self.keys.iter();
        keys.map(move |key| format!("checks.simplified.{slug}.{key}"))
    }

    fn heading(&self, lang: Lang) -> String {
        let names = self.heading_keys();
        let names: Vec<_> = names.iter().map(|key| tr(lang, key).to_string()).collect();
        names.join(" · ")
    }
}

/// What the model leaves simple.
pub static SIMPLIFIED: [Group; 19] = [
    Group {
        slug: "general",
        kinds: &[],
        keys: &[
            "network",
            "answers",
            "lost",
            "cut",
            "hops",
            "leaving",
            "ties",
            "percentiles",
        ],
    },
    Group {
        slug: "entry",
        kinds: &[Kind::LoadBalancer, Kind::Cdn, Kind::ApiGateway],
        keys: &["limits", "edges", "files", "fetch", "sticky"],
    },
    Group {
        slug: "waiting_room",
        kinds: &[Kind::WaitingRoom],
        keys: &["turn", "patience"],
    },
    Group {
        slug: "dns",
        kinds: &[Kind::Dns],
        keys: &[
            "look_up",
            "dead",
            "age",
            "none_healthy",
            "deep",
            "multivalue",
        ],
    },
    Group {
        slug: "server",
        kinds: &[Kind::Server, Kind::Function],
        keys: &[
            "connecting",
            "session_look_up",
            "session_loss",
            "session_life",
            "function",
            "function_cost",
            "disk",
            "logs",
            "replaced",
            "parallel",
            "names",
            "load_average",
        ],
    },
    Group {
        slug: "database",
        kinds: &[Kind::Database],
        keys: &[
            "commit",
            "rollback",
            "by_key",
            "other_rows",
            "scans",
            "sorting",
            "dirty",
            "big_pool",
            "memory",
            "read_write",
            "applying",
            "synchronous",
            "taking_over",
            "far_behind",
            "fenced",
            "reads",
            "shard_copies",
            "handed",
            "rebalancing",
            "counters",
            "ids_kept",
            "versions_kept",
            "agreeing",
        ],
    },
    Group {
        slug: "connection_proxy",
        kinds: &[Kind::ConnectionProxy],
        keys: &["pinning", "shards"],
    },
    Group {
        slug: "cache",
        kinds: &[Kind::Cache],
        keys: &[
            "size",
            "queries",
            "cost",
            "behind",
            "plain",
            "connections",
            "ring",
            "shard",
        ],
    },
    Group {
        slug: "key_value",
        kinds: &[Kind::KeyValue],
        keys: &["copies", "lag", "saved", "ids", "tables"],
    },
    Group {
        slug: "object_store",
        kinds: &[Kind::ObjectStore],
        keys: &["page", "searches", "copies", "events"],
    },
    Group {
        slug: "search",
        kinds: &[Kind::Search],
        keys: &["times", "growth", "indexing", "refresh", "unlinked"],
    },
    Group {
        slug: "graph_store",
        kinds: &[Kind::GraphStore],
        keys: &["times", "queries", "database"],
    },
    Group {
        slug: "id_generator",
        kinds: &[Kind::IdGenerator],
        keys: &["bits", "counter"],
    },
    Group {
        slug: "queue",
        kinds: &[Kind::Queue, Kind::Worker],
        keys: &[
            "failed",
            "partitions",
            "polling",
            "killed",
            "pool",
            "backlog",
        ],
    },
    Group {
        slug: "notification",
        kinds: &[Kind::Notification],
        keys: &["end", "dies"],
    },
    Group {
        slug: "identity",
        kinds: &[Kind::Identity],
        keys: &["times"],
    },
    Group {
        slug: "monitor",
        kinds: &[Kind::Monitor, Kind::Controller],
        keys: &["several", "levels", "heartbeat", "errors", "start"],
    },
    Group {
        slug: "feed",
        kinds: &[],
        keys: &[
            "sample",
            "time",
            "new_posts",
            "rows",
            "commands",
            "outboxes",
            "batches",
            "again",
            "media",
            "followers",
        ],
    },
    Group {
        slug: "aggregate",
        kinds: &[],
        keys: &["tenth", "whole", "rules", "piles"],
    },
];

/// The explanations.
#[component]
pub fn Explain() -> Html {
    let lang = use_lang();
    html! {
        <>
            <div class="checks-explain">
                for key in QUESTIONS {
                    <section key={key}>
                        <h2>{ tr(lang, &format!("checks.explain.{key}_title")) }</h2>
                        <p>{ tr(lang, &format!("checks.explain.{key}")) }</p>
                    </section>
                }
            </div>
            <section class="checks-simplified">
                <h2>{ tr(lang, "checks.simplified_title") }</h2>
                <p>{ tr(lang, "checks.simplified_about") }</p>
                <div class="checks-simplified-groups">
                    for group in &SIMPLIFIED {
                        <section key={group.slug}>
                            <h3>{ group.heading(lang) }</h3>
                            <ul>
                                for key in group.text_keys() {
                                    <li key={key.clone()}>{ tr(lang, &key) }</li>
                                }
                            </ul>
                        </section>
                    }
                </div>
            </section>
        </>
    }
}
