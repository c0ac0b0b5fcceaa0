//! Which of a component's figures a card shows, and in what state that puts it.
//!
//! Must not live here: drawing; where the figures come from (`run::live`).

use archplay_model::catalogue::server;
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
    let say = Say { live, lang };
    if live.down {
        return (tr(lang, "canvas.live.down"), none(), Some(0.0));
    }
    match component.kind {
        Kind::Server => say.working(say.tight_disk().or_else(|| say.load(component))),
        Kind::Station => say.working(None),
        Kind::Function => {
            let cold = say.above("cold", live.cold_starts);
            let running = say.of("instances", live.instances);
            let side = cold.or_else(|| say.above("throttled", live.throttled));
            (
                say.rate(),
                side.or(running).unwrap_or_else(none),
                live.utilisation,
            )
        }
        Kind::Worker => say.working(Some(say.rate())),
        Kind::Queue => {
            let depth = say.of("queue", live.queue).unwrap_or_else(|| say.rate());
            let side = say
                .above("dead", live.dead_letters)
                .or_else(|| say.above("age", live.oldest_secs));
            (depth, side.unwrap_or_else(none), live.utilisation)
        }
        Kind::Database => {
            let (main, side, share) = say.slots(component);
            let side = say
                .tight_disk()
                .or_else(|| say.above("lag", live.lag_ms))
                .or_else(|| say.above("locks", live.lock_waiting))
                .unwrap_or(side);
            (main, side, share)
        }
        Kind::ConnectionProxy => {
            let (main, side, share) = say.slots(component);
            (main, say.above("queue", live.queue).unwrap_or(side), share)
        }
        Kind::Cdn | Kind::Cache => match live.hit_ratio {
            Some(ratio) => {
                let hits = say.of("hit_ratio", Some(ratio * 100.0));
                (hits.unwrap_or_else(none), say.rate(), Some(ratio))
            }
            None => (say.rate(), none(), None),
        },
        Kind::LoadBalancer | Kind::Dns => {
            let healthy = say.of("healthy", live.healthy);
            (say.rate(), healthy.unwrap_or_else(none), None)
        }
        Kind::WaitingRoom => match say.of("waiting", live.queue) {
            Some(waiting) => {
                let admitted = say.of("admitted", live.admitted);
                (waiting, admitted.unwrap_or_else(|| say.rate()), None)
            }
            None => (say.rate(), none(), None),
        },
        Kind::KeyValue
        | Kind::Search
        | Kind::GraphStore
        | Kind::ObjectStore
        | Kind::IdGenerator
        | Kind::Notification
        | Kind::Identity
        | Kind::Bastion
        | Kind::RateLimiter
        | Kind::ApiGateway => {
            let side = say
                .above("throttled", live.throttled)
                .or_else(|| say.above("lag", live.lag_ms))
                .or_else(|| say.above("queue", live.queue));
            match say.cpu() {
                Some((text, share)) => (text, side.unwrap_or_else(|| say.rate()), Some(share)),
                None => (say.rate(), side.unwrap_or_else(none), None),
            }
        }
        Kind::Client => (say.rate(), none(), None),
        Kind::Monitor => {
            let raised = match live.alarm {
                Some(true) => tr(lang, "canvas.live.alarm"),
                Some(false) => tr(lang, "canvas.live.quiet"),
                None => none(),
            };
            (raised, none(), None)
        }
        Kind::Controller | Kind::Region | Kind::Zone | Kind::AutoScalingGroup | Kind::Subnet => {
            (none(), none(), None)
        }
    }
}

fn none() -> AttrValue {
    AttrValue::default()
}

/// Puts figures into words.
struct Say<'a> {
    live: &'a Live,
    lang: Lang,
}

impl Say<'_> {
    fn of(&self, key: &str, value: Option<f64>) -> Option<AttrValue> {
        let args = [("n", &*number(value?))];
        Some(trf(self.lang, &format!("canvas.live.{key}"), &args))
    }

    /// The same, unless there is nothing to speak of.
    fn above(&self, key: &str, value: Option<f64>) -> Option<AttrValue> {
        self.of(key, value.filter(|value| *value >= 0.05))
    }

    fn rate(&self) -> AttrValue {
        self.of("rate", self.live.rate).unwrap_or_else(none)
    }

    fn cpu(&self) -> Option<(AttrValue, f64)> {
        let share = self.live.utilisation?;
        Some((self.of("cpu", Some(share * 100.0))?, share))
    }

    fn tight_disk(&self) -> Option<AttrValue> {
        let used = self.live.disk_used.filter(|used| *used >= TIGHT)?;
        self.of("disk", Some(used * 100.0))
    }

    /// The load average, once there is a line for the processors.
    fn load(&self, component: &Component) -> Option<AttrValue> {
        let load = self.live.load_average?;
        self.of(
            "load",
            (load > component.number(&server::VCPU)).then_some(load),
        )
    }

    /// A queue says more than a full processor; the bar goes on showing that.
    fn working(&self, side: Option<AttrValue>) -> (AttrValue, AttrValue, Option<f64>) {
        let queue = self.live.queue.filter(|queue| *queue >= 0.5);
        let share = self.live.utilisation;
        match (self.of("queue", queue), self.cpu()) {
            (Some(queue), _) => {
                let percent = share.map(|share| format!("{}%", number(share * 100.0)).into());
                (queue, percent.unwrap_or_else(none), share)
            }
            (None, Some((text, share))) => (text, side.unwrap_or_else(none), Some(share)),
            (None, None) => (self.rate(), none(), None),
        }
    }

    /// Processors or connections, whichever is scarcer.
    fn slots(&self, component: &Component) -> (AttrValue, AttrValue, Option<f64>) {
        let limit = connection_limit(component).max(1.0);
        let slots = self.live.connections.map(|used| {
            let args = [("used", &*number(used)), ("limit", &*number(limit))];
            (
                trf(self.lang, "canvas.live.connections", &args),
                used / limit,
            )
        });
        match (self.cpu(), slots) {
            (Some((text, share)), Some((_, taken))) if share >= taken => {
                (text, none(), Some(share))
            }
            (_, Some((text, taken))) => (text, none(), Some(taken)),
            (Some((text, share)), None) => (text, none(), Some(share)),
            (None, None) => (none(), none(), None),
        }
    }
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

    #[test]
    fn new_kinds_show_their_two_most_telling_figures() {
        let check = |kind: Kind, live: &Live, main: &str, side: &str| {
            let component = Component::new(Id::numbered(kind.slug(), 1), kind, 0.0, 0.0);
            let figure = Figure::of(&component, live, Lang::En);
            assert_eq!((&*figure.main, &*figure.side), (main, side), "{kind:?}");
        };
        let live = Live {
            queue: Some(40.0),
            rate: Some(7.0),
            oldest_secs: Some(12.0),
            hit_ratio: Some(0.5),
            admitted: Some(3.0),
            alarm: Some(true),
            cold_starts: Some(2.0),
            throttled: Some(4.0),
            ..Live::default()
        };
        check(Kind::Queue, &live, "40 waiting", "12 s old");
        check(Kind::Cache, &live, "hit ratio 50%", "7/s");
        check(Kind::WaitingRoom, &live, "40 wait", "3/s let in");
        check(Kind::Monitor, &live, "alarm", "");
        check(Kind::Function, &live, "7/s", "2/s cold");
        check(Kind::RateLimiter, &live, "7/s", "4/s throttled");
    }
}
