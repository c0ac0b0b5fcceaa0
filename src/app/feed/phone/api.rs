//! The two calls of the feed's interface as they would stand on the wire. Pure.
//!
//! The simulation knows their work and not their words: method, address and JSON are written from what was asked
//! and answered.

use archplay_model::scenario::HandAsk;
use archplay_report::{HandOutcome, Reason};
use serde_json::{Value, json};

use crate::app::run::Turn;

use super::screen::text_of;

/// The path of both calls.
const PATH: &str = "/v1/me/feed";

/// A call in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Method and address.
    pub line: String,
    /// The request's body; a GET has none.
    pub body: Option<String>,
    /// The status of the answer; absent without one.
    pub status: Option<u16>,
    /// The answer's body; absent without one.
    pub answer: Option<String>,
}

/// A request with its answer. `page` is how many posts a page has, `turns` what else was asked, for the texts;
/// `clock` writes a moment.
pub fn call(turn: &Turn, page: u32, turns: &[Turn], clock: &dyn Fn(u64) -> String) -> Call {
    let (line, body) = match turn.ask {
        HandAsk::Post => (
            format!("POST {PATH}"),
            Some(pretty(&json!({
                "content": turn.text.as_deref().unwrap_or_default(),
                "auth_token": token(turn.user),
            }))),
        ),
        HandAsk::Read { cursor: None } => (format!("GET {PATH}?n={page}"), None),
        HandAsk::Read {
            cursor: Some(cursor),
        } => (format!("GET {PATH}?cursor={cursor}&n={page}"), None),
    };
    let (status, answer) = match turn.answer.as_ref().map(|answer| &answer.outcome) {
        None => (None, None),
        Some(HandOutcome::Posted { post: Some(post) }) => {
            (Some(201), Some(json!({ "id": post.to_string() })))
        }
        Some(HandOutcome::Posted { post: None }) => {
            (Some(202), Some(json!({ "status": "accepted" })))
        }
        Some(HandOutcome::Page { posts, next, .. }) => {
            let posts: Vec<Value> = posts
                .iter()
                .map(|post| {
                    let mut out = json!({
                        "id": post.id.to_string(),
                        "author": post.author,
                        "created_at": clock(post.at_ns),
                    });
                    if let Some(text) = text_of(turns, post) {
                        out["content"] = json!(&*text);
                    }
                    out
                })
                .collect();
            let next = next.map(|next| next.to_string());
            (
                Some(200),
                Some(json!({ "posts": posts, "next_cursor": next })),
            )
        }
        Some(HandOutcome::Failed { reason }) => {
            let status = status_of(*reason);
            let answer = status.map(|_| json!({ "error": reason.slug() }));
            (status, answer)
        }
    };
    Call {
        line,
        body,
        status,
        answer: answer.as_ref().map(pretty),
    }
}

/// What stands for a person's token: an example, no secret.
pub fn token(user: u32) -> String {
    format!("user-{user}")
}

/// The status of a failure; none where no answer came at all.
const fn status_of(reason: Reason) -> Option<u16> {
    match reason {
        Reason::Timeout
        | Reason::Refused
        | Reason::ConnectionLost
        | Reason::NoRoute
        | Reason::NameUnresolved
        | Reason::DnsStale
        | Reason::GaveUp => None,
        Reason::BadGateway502 => Some(502),
        Reason::GatewayTimeout504 => Some(504),
        Reason::Unavailable503 => Some(503),
        Reason::Throttled429 => Some(429),
        _ => Some(500),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::screen::tests::{post, turn};
    use super::*;

    #[test]
    fn calls_are_written_as_the_interface_says() {
        let clock = |ns: u64| format!("at {ns}");
        let made = turn(4, HandAsk::Post, HandOutcome::Posted { post: Some(7) });
        let call_of = |turn: &Turn| call(turn, 20, std::slice::from_ref(&made), &clock);
        let posted = call_of(&made);
        assert_eq!(posted.line, "POST /v1/me/feed");
        assert!(posted.body.is_some_and(|body| body.contains("안녕")));
        assert_eq!(posted.status, Some(201));

        let read = turn(
            1,
            HandAsk::Read { cursor: Some(9) },
            HandOutcome::Page {
                posts: vec![post(u64::MAX, 2, 3), post(7, 4, 12)],
                next: None,
                missing: 0,
            },
        );
        let page = call_of(&read);
        assert_eq!(page.line, "GET /v1/me/feed?cursor=9&n=20");
        assert_eq!((page.body, page.status), (None, Some(200)));
        let answer: Value =
            serde_json::from_str(&page.answer.unwrap_or_default()).unwrap_or_default();
        // Greater than what JSON's readers in browsers can hold as a number.
        assert_eq!(answer["posts"][0]["id"], u64::MAX.to_string());
        assert_eq!(answer["posts"][1]["content"], "안녕");
        assert_eq!(answer["next_cursor"], Value::Null);

        for (reason, status) in [
            (Reason::Throttled429, Some(429)),
            (Reason::Timeout, None),
            (Reason::PoolTimeout, Some(500)),
        ] {
            let failed = turn(1, HandAsk::Post, HandOutcome::Failed { reason });
            let call = call_of(&failed);
            assert_eq!(
                (call.status, call.answer.is_some()),
                (status, status.is_some())
            );
        }
    }
}
