//! Which of a component's figures a card shows, and in what state that puts it.
//!
//! Must not live here: drawing; where the figures come from (`run::live`).

use archplay_model::{Component, Kind};
use archplay_text::Lang;
use yew::AttrValue;

use crate::app::lang::{tr, trf};
use crate::app::run::Live;

use super::names::{connection_limit, number};

/// From this utilisation on a component is said to be tight.
const TIGHT: f64 = 0.8;
/// Failures a second below which nothing is said of them.
const FEW_FAILURES: f64 = 0.05;

/// How a component is doing. Never told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Nothing to say.
    Calm,
    /// Near its limit.
    Tight,
    /// Requests fail here.
    Failing,
    /// Killed.
    Down,
}

impl Condition {
    /// The class on the card.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Tight => "tight",
            Self::Failing => "failing",
            Self::Down => "down",
        }
    }
}

/// What a card shows while a run is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The figure that matters for the kind.
    pub main: AttrValue,
    /// A second one, at the right end.
    pub side: AttrValue,
    /// The fill bar, in thousandths so that equal looks are equal.
    pub fill: Option<u16>,
    /// Instances that take requests.
    pub instances: Option<u32>,
    /// Instances that start.
    pub booting: u32,
    /// Failures a second, in words; empty when there are none to speak of.
    pub failures: AttrValue,
    /// How it is doing.
    pub condition: Condition,
}

impl Figure {
    /// Reads the figures of a component.
    pub fn of(component: &Component, live: &Live, lang: Lang) -> Self {
        let (main, side, share) = main_figure(component, live, lang);
        let failing = live.failed_rate > FEW_FAILURES;
        let condition = if live.down {
            Condition::Down
        } else if failing {
            Condition::Failing
        } else if !matches!(component.kind, Kind::Cdn | Kind::Cache)
            && share.is_some_and(|share| share >= TIGHT)
        {
            Condition::Tight
        } else {
            Condition::Calm
        };
        let count = |value: Option<f64>| value.map(|value| value.round().max(0.0) as u32);
        Self {
            main,
            side,
            fill: share.map(|share| (share.clamp(0.0, 1.0) * 1000.0).round() as u16),
            instances: count(live.instances),
            booting: count(live.booting).unwrap_or(0),
            failures: if failing {
                trf(
                    lang,
                    "canvas.live.failures",
                    &[("n", &number(live.failed_rate))],
                )
            } else {
                AttrValue::default()
            },
            condition,
        }
    }
}

/// The main figure, the one beside it, and the share for the fill bar.
fn main_figure(
    component: &Component,
    live: &Live,
    lang: Lang,
) -> (AttrValue, AttrValue, Option<f64>) {
    let none = AttrValue::default;
    let cpu = || {
        let share = live.utilisation?;
        let text = trf(lang, "canvas.live.cpu", &[("n", &number(share * 100.0))]);
        Some((text, share))
    };
    if live.down {
        return (tr(lang, "canvas.live.down"), none(), Some(0.0));
    }
    match component.kind {
        Kind::Server | Kind::Function | Kind::Worker | Kind::Station | Kind::Queue => {
            // A queue says more than a full processor; the bar goes on showing that.
            let queue = live.queue.filter(|queue| *queue >= 0.5);
            match (queue, live.utilisation) {
                (Some(queue), share) => (
                    trf(lang, "canvas.live.queue", &[("n", &number(queue))]),
                    share.map_or_else(none, |share| format!("{}%", number(share * 100.0)).into()),
                    share,
                ),
                (None, _) => match cpu() {
                    Some((text, share)) => (text, none(), Some(share)),
                    None => (rate(live, lang), none(), None),
                },
            }
        }
        Kind::Database | Kind::ConnectionProxy => {
            let limit = connection_limit(component).max(1.0);
            let slots = live.connections.map(|used| {
                let args = [("used", number(used)), ("limit", number(limit))];
                let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
                (trf(lang, "canvas.live.connections", &args), used / limit)
            });
            match (cpu(), slots) {
                (Some((text, share)), Some((_, taken))) if share >= taken => {
                    (text, none(), Some(share))
                }
                (_, Some((text, taken))) => (text, none(), Some(taken)),
                (Some((text, share)), None) => (text, none(), Some(share)),
                (None, None) => (none(), none(), None),
            }
        }
        Kind::Cdn | Kind::Cache => live.hit_ratio.map_or_else(
            || (rate(live, lang), none(), None),
            |ratio| {
                let text = trf(
                    lang,
                    "canvas.live.hit_ratio",
                    &[("n", &number(ratio * 100.0))],
                );
                (text, none(), Some(ratio))
            },
        ),
        Kind::LoadBalancer | Kind::Dns => {
            let healthy = live.healthy.map_or_else(none, |n| {
                trf(lang, "canvas.live.healthy", &[("n", &number(n))])
            });
            (rate(live, lang), healthy, None)
        }
        Kind::KeyValue
        | Kind::Search
        | Kind::GraphStore
        | Kind::ObjectStore
        | Kind::IdGenerator
        | Kind::Notification
        | Kind::Identity
        | Kind::Bastion => match cpu() {
            Some((text, share)) => (text, none(), Some(share)),
            None => (rate(live, lang), none(), None),
        },
        Kind::Client | Kind::WaitingRoom | Kind::RateLimiter | Kind::ApiGateway => {
            (rate(live, lang), none(), None)
        }
        Kind::Monitor
        | Kind::Controller
        | Kind::Region
        | Kind::Zone
        | Kind::AutoScalingGroup
        | Kind::Subnet => (none(), none(), None),
    }
}

fn rate(live: &Live, lang: Lang) -> AttrValue {
    live.rate.map_or_else(AttrValue::default, |rate| {
        trf(lang, "canvas.live.rate", &[("n", &number(rate))])
    })
}

#[cfg(test)]
mod tests {
    use archplay_model::Id;

    use super::*;

    #[test]
    fn the_worst_thing_wins() {
        let server = Component::new(Id::numbered("server", 1), Kind::Server, 0.0, 0.0);
        let check = |live: Live, expected: Condition| {
            assert_eq!(Figure::of(&server, &live, Lang::Ko).condition, expected);
        };
        let busy = Live {
            utilisation: Some(0.95),
            ..Live::default()
        };
        check(Live::default(), Condition::Calm);
        check(busy.clone(), Condition::Tight);
        let failing = Live {
            failed_rate: 3.0,
            ..busy
        };
        check(failing.clone(), Condition::Failing);
        check(
            Live {
                down: true,
                ..failing
            },
            Condition::Down,
        );
    }

    #[test]
    fn a_database_shows_what_is_scarcer() {
        let mut database = Component::new(Id::numbered("database", 1), Kind::Database, 0.0, 0.0);
        database.params.insert(
            "max_connections".into(),
            archplay_model::Value::Number(100.0),
        );
        let of = |cpu: f64, used: f64| {
            let live = Live {
                utilisation: Some(cpu),
                connections: Some(used),
                ..Live::default()
            };
            Figure::of(&database, &live, Lang::En).fill
        };
        assert_eq!(of(0.2, 90.0), Some(900));
        assert_eq!(of(0.7, 10.0), Some(700));
    }
}
