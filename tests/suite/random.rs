//! Random designs and scenarios, made from one number: any kind, any link that the rules allow, parameters
//! anywhere in their ranges, any demand and fault. Used natively (properties, same bytes) and in the browser
//! (same bytes). Must not live here: what a run should show.
#![allow(dead_code, reason = "every user needs a part of it")]

use archplay_kernel::Stream;
use archplay_model::catalogue::{self, NameDomain, ParamKind, ParamSpec};
use archplay_model::scenario::{
    Alternative, Arrivals, Audience, Batch, Business, Celebrity, Consistency, Dataset, Demand,
    Entry, Fault, FaultAction, FaultTarget, Filter, FilterOp, Growth, Journey, JourneyStep,
    LocalText, Mode, OnConflict, Operation, Pick, Prices, RatePoint, Refresh, SCHEMA, Spread,
    State,
};
use archplay_model::{
    ClockTime, Component, Design, Id, Kind, Link, LinkKey, Place, Role, Scenario, Value, link_rule,
};

#[path = "random_feed.rs"]
mod feed;

use feed::{add_changes, add_feed, add_media};

const DATASETS: [&str; 2] = ["product", "order"];
const OPERATIONS: [&str; 4] = ["page", "buy", "mail", "look"];
const SECS: u32 = 40;
const JOINS: &str = "joins_secs";
const RESTART: &str = "restart_secs";

/// Draws.
pub struct Dice(Stream);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Stream::new(seed))
    }

    fn below(&mut self, n: usize) -> usize {
        self.0.below(n as u32) as usize
    }

    fn chance(&mut self, p: f64) -> bool {
        self.0.unit() < p
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    fn between(&mut self, min: f64, max: f64) -> f64 {
        min + (max - min) * self.0.unit()
    }
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// A design and a scenario for a number. The checker may refuse them.
pub fn both(seed: u64) -> (Design, Scenario) {
    let mut dice = Dice::new(seed);
    let mut design = design(&mut dice);
    let mut scenario = scenario(&mut dice, &design);
    if dice.chance(0.4) {
        add_feed(&mut dice, &mut design, &mut scenario);
    }
    (design, scenario)
}

/// The same with what came later, so that the designs of [`both`] stay as they are in `same-bytes.txt`.
pub fn more(seed: u64) -> (Design, Scenario) {
    let (mut design, mut scenario) = both(seed);
    let mut dice = Dice::new(!seed);
    for component in design.components.values_mut() {
        if component.kind == Kind::Database && dice.chance(0.3) {
            let secs = dice.between(0.0, 40.0);
            component.params.insert(JOINS.into(), Value::Number(secs));
        }
    }
    add_media(&mut dice, &mut scenario);
    if let Some(feed) = &mut scenario.feed {
        for _ in 0..dice.below(3) {
            feed.celebrities.push(Celebrity {
                followers: dice.between(1.0, 2_000.0),
                posts_per_day: dice.between(0.0, 500.0),
                at: vec![ClockTime::from_secs(
                    scenario.start.secs() + dice.below(40) as u32,
                )],
            });
        }
    }
    for fault in &mut scenario.faults {
        if dice.chance(0.3) && fault.action != FaultAction::Restore {
            let shard = 1 + dice.below(3) as u32;
            fault.action = FaultAction::KillShard { shard };
        }
        if dice.chance(0.2) {
            fault.target = FaultTarget::OneOf(dice.pick(&Kind::ALL));
        }
    }
    add_changes(&mut dice, &mut design, &mut scenario);
    for component in design.components.values_mut() {
        if component.kind == Kind::Database && dice.chance(0.3) {
            let secs = Value::Number(dice.between(1.0, 20.0));
            component.params.insert(RESTART.into(), secs);
        }
    }
    (design, scenario)
}

fn design(dice: &mut Dice) -> Design {
    let mut design = Design::default();
    let mut kinds = vec![Kind::Client];
    kinds.push(dice.pick(&[Kind::Server, Kind::Server, Kind::Station, Kind::Function]));
    kinds.push(dice.pick(&[Kind::Database, Kind::KeyValue, Kind::Cache, Kind::Station]));
    for _ in 0..dice.below(14) {
        kinds.push(dice.pick(&Kind::ALL));
    }
    for kind in kinds {
        let id = design.free_id(kind);
        let mut component = Component::new(id.clone(), kind, 0.0, 0.0);
        let boxes: Vec<Id> = design
            .components
            .values()
            .filter(|c| c.kind.is_group() && kind.may_be_in(Some(c.kind)))
            .map(|c| c.id.clone())
            .collect();
        if !boxes.is_empty() && dice.chance(0.6) {
            component.parent = Some(dice.pick(&boxes));
        }
        design.components.insert(id, component);
    }
    links(dice, &mut design);
    let ids: Vec<Id> = design.components.keys().cloned().collect();
    for id in ids {
        params(dice, &mut design, &id);
    }
    design
}

fn links(dice: &mut Dice, design: &mut Design) {
    let list: Vec<(Id, Kind)> = design
        .components
        .values()
        .map(|c| (c.id.clone(), c.kind))
        .collect();
    let density = dice.between(0.2, 0.9);
    for (from, a) in &list {
        for (to, b) in &list {
            let front = a.role() == Role::Front && b.role() == Role::Front;
            // Rings of those that pass requests on are refused: mostly made without.
            let ring = front && from >= to && dice.chance(0.98);
            let own = from == to && !(*a == Kind::Station && dice.chance(0.2));
            if link_rule(*a, *b).is_ok() && !ring && !own && dice.chance(density) {
                design
                    .links
                    .insert(LinkKey::new(from.clone(), to.clone()), Link::default());
            }
        }
    }
}

fn params(dice: &mut Dice, design: &mut Design, id: &Id) {
    let kind = design.components[id].kind;
    let out: Vec<Id> = design.outgoing(id).map(|key| key.to.clone()).collect();
    let all: Vec<Id> = design.components.keys().cloned().collect();
    // Those of a news feed are drawn with the feed, and what came later in `more`.
    let later = |key: &str| key == JOINS || kind == Kind::Database && key == RESTART;
    let own = |spec: &&ParamSpec| !spec.key.starts_with("feed_") && !later(spec.key);
    for spec in catalogue::all_params(kind).filter(own) {
        if dice.chance(0.3)
            && let Some(value) = value(dice, spec, &out, &all)
        {
            let component = design.components.get_mut(id).unwrap();
            component.params.insert(spec.key.into(), value);
        }
    }
}

fn value(dice: &mut Dice, spec: &ParamSpec, out: &[Id], all: &[Id]) -> Option<Value> {
    Some(match spec.kind {
        ParamKind::Number {
            min,
            max,
            default,
            integer,
        } => {
            let n = match dice.below(10) {
                0 => min,
                1 => max,
                2..5 => default,
                // Small values matter more than large ones: even over the orders of magnitude.
                _ => {
                    let low = min.max(max * 1e-7).max(1e-3);
                    let log = dice.between(libm::log(low), libm::log(max.max(low)));
                    libm::exp(log).clamp(min, max)
                }
            };
            // A thousand instances each would take their time to no end.
            let n = if spec.key == "max" { n.min(20.0) } else { n };
            Value::Number(if integer { n.round() } else { n })
        }
        ParamKind::Choice { options, .. } => Value::Text(dice.pick(options).into()),
        ParamKind::Names(domain) => {
            let list: Vec<String> = match domain {
                NameDomain::Audiences => vec!["people".into()],
                NameDomain::Operations => OPERATIONS.map(String::from).to_vec(),
                NameDomain::Datasets => DATASETS.map(String::from).to_vec(),
                NameDomain::Components => all.iter().map(ToString::to_string).collect(),
            };
            Value::Text(dice.pick(&list))
        }
        ParamKind::Weights => {
            let parts: Vec<String> = out
                .iter()
                .map(|id| format!("{id}={:.3}", dice.between(0.0, 0.4)))
                .collect();
            Value::Text(parts.join(", "))
        }
        ParamKind::Indexes => Value::Text(
            dice.pick(&["product(price)", "order(user, day); product(brand)"])
                .into(),
        ),
        ParamKind::Schedule => {
            Value::Text(format!("00:00:{:02}={}", dice.below(40), dice.below(4)))
        }
    })
}

fn demand(dice: &mut Dice, depth: u32, operation: usize) -> Demand {
    let dataset = id(dice.pick::<&str>(&DATASETS));
    let pick = dice.pick(&[Pick::Popular, Pick::Fresh, Pick::Own, Pick::Hottest]);
    let inner = |dice: &mut Dice| -> Vec<Demand> {
        (0..1 + dice.below(3))
            .map(|_| demand(dice, depth + 1, operation))
            .collect()
    };
    let kinds = if depth < 3 { 16 } else { 11 };
    match dice.below(kinds) {
        0 => Demand::Static {
            bytes: 200_000,
            objects: 4,
        },
        1 => Demand::Compute {
            cpu_ms: dice.between(0.0, 30.0),
            spread: spread(dice),
        },
        2 => Demand::Read {
            dataset,
            rows: 1 + dice.below(20) as u32,
            filters: Vec::new(),
            order_by: None,
            offset: 0,
            consistency: dice.pick(&[Consistency::Eventual, Consistency::Strong]),
            key: pick,
        },
        3 => {
            let op = dice.pick(&[FilterOp::Equal, FilterOp::Range, FilterOp::Contains]);
            let column = id(dice.pick(&["price", "brand", "day"]));
            Demand::Read {
                dataset,
                rows: 10,
                filters: vec![Filter {
                    column,
                    op,
                    selectivity: dice.between(0.001, 1.0),
                }],
                order_by: Some(id("price")),
                offset: dice.below(100) as u32,
                consistency: Consistency::Eventual,
                key: Pick::Popular,
            }
        }
        4 => Demand::Write { dataset, key: pick },
        5 => {
            let on_conflict = dice.pick(&[
                OnConflict::Error,
                OnConflict::FirstWins,
                OnConflict::LastWins,
            ]);
            Demand::Insert {
                dataset,
                on_conflict,
            }
        }
        6 => Demand::Reserve {
            dataset: id("product"),
            amount: 1,
            key: pick,
            read_then_write: dice.chance(0.3),
        },
        7 => Demand::NextId { dataset },
        // Only to later operations, so that nothing comes back to itself.
        8 if operation + 1 < OPERATIONS.len() => Demand::Publish {
            topic: id(OPERATIONS[operation + 1]),
        },
        9 if operation + 1 < OPERATIONS.len() => Demand::Call {
            service: id(OPERATIONS[operation + 1]),
        },
        8..=10 => dice.pick(&[Demand::Authenticate, Demand::Notify]),
        11 => Demand::Seq(inner(dice)),
        12 => {
            let demands = inner(dice);
            let wait_for = dice.chance(0.5).then_some(1);
            Demand::Par { wait_for, demands }
        }
        13 => Demand::Transaction(vec![
            Demand::Write {
                dataset: dataset.clone(),
                key: pick,
            },
            Demand::Compute {
                cpu_ms: 2.0,
                spread: Spread::Constant,
            },
            Demand::Write {
                dataset,
                key: Pick::Hottest,
            },
        ]),
        14 => Demand::Repeat {
            times: 1 + dice.below(3) as u32,
            demand: Box::new(demand(dice, depth + 1, operation)),
        },
        _ => Demand::Optional(Box::new(demand(dice, depth + 1, operation))),
    }
}

fn spread(dice: &mut Dice) -> Spread {
    dice.pick(&[
        Spread::Exponential,
        Spread::Constant,
        Spread::Uniform { half_width: 0.5 },
        Spread::Erlang { phases: 4 },
        Spread::Hyperexponential { cv: 2.0 },
        Spread::Lognormal { cv: 1.5 },
    ])
}

fn fault(dice: &mut Dice, design: &Design) -> Fault {
    let action = dice.pick(&[
        FaultAction::Kill,
        FaultAction::Restore,
        FaultAction::Slow { factor: 10.0 },
        FaultAction::Lose { share: 0.3 },
        FaultAction::Cut,
        FaultAction::FillDisk,
        FaultAction::LeakMemory { mib_per_sec: 500.0 },
        FaultAction::HogCpu { cores: 3.0 },
        FaultAction::Expire,
        FaultAction::StepClock { ms: -2_000.0 },
        FaultAction::FailResolver,
    ]);
    let ids: Vec<Id> = design.components.keys().cloned().collect();
    let links: Vec<LinkKey> = design.links.keys().cloned().collect();
    let target = match dice.below(5) {
        0 => FaultTarget::OneServer,
        1 => FaultTarget::Place(dice.pick(&Place::ALL)),
        2 => FaultTarget::Kind(dice.pick(&Kind::ALL)),
        3 if !links.is_empty() => FaultTarget::Link(dice.pick(&links)),
        _ => FaultTarget::Component(dice.pick(&ids)),
    };
    let at = 5 + dice.below(20) as u32;
    let ends = !matches!(action, FaultAction::Restore | FaultAction::Expire) && dice.chance(0.6);
    let until = ends.then(|| ClockTime::from_secs(at + 1 + dice.below(10) as u32));
    Fault {
        at: ClockTime::from_secs(at),
        until,
        action,
        target,
    }
}

fn scenario(dice: &mut Dice, design: &Design) -> Scenario {
    let operations: Vec<Operation> = OPERATIONS
        .iter()
        .enumerate()
        .map(|(i, name)| Operation {
            id: id(name),
            name: LocalText::default(),
            entry: Entry::Visitor,
            demand: demand(dice, 0, i),
        })
        .collect();
    let step = |operation: &str, probability: f64| JourneyStep {
        operation: id(operation),
        think_secs: 0.0,
        probability,
        or: Vec::new(),
        gives: None,
        needs: None,
    };
    let mut first = step("page", 1.0);
    let mut second = step("buy", 0.7);
    second.think_secs = 0.5;
    second.or = vec![Alternative {
        operation: id("look"),
        weight: 0.5,
    }];
    match dice.below(3) {
        0 => (first.gives, second.needs) = (Some(State::Session), Some(State::Session)),
        1 => (first.gives, second.needs) = (Some(State::OwnWrite), Some(State::OwnWrite)),
        _ => {}
    }
    let rate = dice.between(0.5, 60.0);
    let at = ClockTime::from_secs;
    let mut audience = Audience {
        id: id("people"),
        name: LocalText::default(),
        place: dice.pick(&Place::ALL),
        journey: id("visit"),
        rate: vec![
            RatePoint {
                at: at(0),
                per_sec: rate,
            },
            RatePoint {
                at: at(15),
                per_sec: rate * dice.between(0.0, 3.0),
            },
        ],
        arrivals: Arrivals::Poisson,
        batch: None,
        limit: None,
        timeout_secs: dice.between(0.05, 20.0),
        refresh: Refresh {
            probability: 0.5,
            max: 2,
            delay_secs: dice.between(0.0, 2.0),
            growth: dice.pick(&[
                Growth::Random,
                Growth::Fixed,
                Growth::Doubling,
                Growth::FullJitter,
            ]),
        },
    };
    match dice.below(4) {
        0 => audience.arrivals = Arrivals::Even,
        1 => audience.arrivals = Arrivals::Gaps(spread(dice)),
        2 => {
            audience.batch = Some(Batch {
                mean: 3.0,
                geometric: true,
            })
        }
        _ => {}
    }
    let dataset = |name: &str, dice: &mut Dice| Dataset {
        id: id(name),
        rows: 1 + dice.below(5_000) as u64,
        row_bytes: 1 + dice.below(20_000) as u32,
        zipf_alpha: dice.between(0.0, 1.5),
        stock: (name == "product").then_some(5),
        unique: dice.chance(0.5),
    };
    Scenario {
        schema: SCHEMA.into(),
        id: id("random"),
        name: LocalText::default(),
        start: at(0),
        duration_secs: SECS,
        focus: None,
        feed: None,
        datasets: DATASETS.map(|name| dataset(name, dice)).to_vec(),
        operations,
        journeys: vec![Journey {
            id: id("visit"),
            steps: vec![first, second],
            within_secs: 60.0,
        }],
        audiences: vec![audience],
        faults: (0..dice.below(5)).map(|_| fault(dice, design)).collect(),
        prices: Prices::default(),
        business: dice.chance(0.3).then(|| Business {
            order: id("buy"),
            revenue: 10.0,
        }),
        mode: Mode::Events,
        allow: None,
    }
}
