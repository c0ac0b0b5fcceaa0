//! Small designs and scenarios for the tests, made through the public documents.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
#![allow(dead_code, reason = "every test program uses a part of it")]

pub mod checks;

use archplay_model::scenario::{
    Arrivals, Audience, Dataset, Demand, Entry, Journey, JourneyStep, LocalText, Mode, Operation,
    Prices, RatePoint, Refresh, SCHEMA, Spread,
};
use archplay_model::{
    ClockTime, Component, Design, Id, Kind, Link, LinkKey, Place, Scenario, Value,
};
use archplay_report::{OperationTotals, Report};

pub fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// Reads `id kind(param=value …) [in group]` and `a > b`, one a line.
pub fn design(text: &str) -> Design {
    let mut design = Design::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some((from, to)) = line.split_once('>') {
            let key = LinkKey::new(id(from.trim()), id(to.trim()));
            design.links.insert(key, Link::default());
            continue;
        }
        let (head, group) = line
            .split_once(" in ")
            .map_or((line, None), |(h, g)| (h, Some(g)));
        let (name, rest) = head.split_once(' ').unwrap();
        let (kind, params) = rest.split_once('(').unwrap_or((rest, ")"));
        let kind = Kind::from_slug(kind.trim()).unwrap_or_else(|| panic!("kind {kind}"));
        let mut component = Component::new(id(name), kind, 0.0, 0.0);
        component.parent = group.map(|g| id(g.trim()));
        for pair in params
            .trim_end()
            .trim_end_matches(')')
            .split(';')
            .filter(|p| !p.is_empty())
        {
            let (key, value) = pair.split_once('=').unwrap();
            let value = value
                .trim()
                .parse()
                .map_or_else(|_| Value::Text(value.trim().into()), Value::Number);
            component.params.insert(key.trim().into(), value);
        }
        design.components.insert(component.id.clone(), component);
    }
    design
}

pub fn compute(cpu_ms: f64) -> Demand {
    Demand::Compute {
        cpu_ms,
        spread: Spread::Exponential,
    }
}

/// One audience that asks one operation, at this rate for this long.
pub fn scenario(rate: f64, secs: u32, demand: Demand) -> Scenario {
    Scenario {
        schema: SCHEMA.into(),
        id: id("test"),
        name: LocalText::default(),
        start: ClockTime::from_secs(0),
        duration_secs: secs,
        focus: None,
        feed: None,
        datasets: vec![Dataset {
            id: id("product"),
            rows: 1_000,
            row_bytes: 100,
            zipf_alpha: 0.0,
            stock: None,
            unique: false,
        }],
        operations: vec![Operation {
            id: id("page"),
            name: LocalText::default(),
            entry: Entry::Visitor,
            demand,
        }],
        journeys: vec![Journey {
            id: id("visit"),
            steps: vec![JourneyStep {
                operation: id("page"),
                think_secs: 0.0,
                probability: 1.0,
                or: Vec::new(),
                gives: None,
                needs: None,
            }],
            within_secs: 1e6,
        }],
        audiences: vec![Audience {
            id: id("people"),
            name: LocalText::default(),
            place: Place::Seoul,
            journey: id("visit"),
            rate: vec![RatePoint {
                at: ClockTime::from_secs(0),
                per_sec: rate,
            }],
            arrivals: Arrivals::Poisson,
            batch: None,
            limit: None,
            timeout_secs: 80_000.0,
            refresh: Refresh::default(),
        }],
        faults: vec![],
        prices: Prices::default(),
        business: None,
        mode: Mode::Events,
        allow: None,
    }
}

/// Adds an administrator who logs in every `every` seconds.
pub fn with_admin(mut scenario: Scenario, every: f64) -> Scenario {
    scenario.operations.push(Operation {
        id: id("ssh"),
        name: LocalText::default(),
        entry: Entry::Admin,
        demand: Demand::Login { cpu_ms: 200.0 },
    });
    scenario.journeys.push(Journey {
        id: id("login"),
        steps: vec![JourneyStep {
            operation: id("ssh"),
            think_secs: 0.0,
            probability: 1.0,
            or: Vec::new(),
            gives: None,
            needs: None,
        }],
        within_secs: 1e6,
    });
    let mut audience = scenario.audiences[0].clone();
    audience.id = id("admin");
    audience.journey = id("login");
    audience.rate = vec![RatePoint {
        at: ClockTime::from_secs(0),
        per_sec: 1.0 / every,
    }];
    audience.arrivals = Arrivals::Even;
    audience.timeout_secs = 10.0;
    scenario.audiences.push(audience);
    scenario
}

/// Runs, checks conservation and Little's law, reports.
pub fn run(design: &Design, scenario: &Scenario, seed: u64) -> Report {
    let mut run = archplay_engine::Run::compile(design, scenario, seed).unwrap();
    let budget = archplay_engine::Budget {
        until_ns: u64::MAX,
        max_events: 1 << 20,
    };
    while !run.advance(budget).done {}
    assert_eq!(run.check_conservation(), Ok(()));
    run.report()
}

pub fn page(report: &Report) -> &OperationTotals {
    &report.whole.operations[0]
}

pub fn near(got: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!(
        (got - wanted).abs() <= tolerance * wanted.abs(),
        "{what}: got {got}, wanted {wanted} ± {} %",
        tolerance * 100.0
    );
}

/// Counts only what begins after the warm-up.
pub fn focus(scenario: &mut Scenario, warmup_secs: u32) {
    let at = ClockTime::from_secs;
    scenario.focus = (warmup_secs > 0).then(|| archplay_model::scenario::Window {
        from: at(warmup_secs),
        to: at(scenario.duration_secs),
    });
}

/// Reads one row by its key.
pub fn read(dataset: &str) -> Demand {
    Demand::Read {
        dataset: id(dataset),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: archplay_model::scenario::Consistency::Eventual,
        key: archplay_model::scenario::Pick::Popular,
    }
}
