//! Each way a drawing can be wrong, found at its place.

mod demands;
mod faults;
mod settings;
mod stores;

use super::{check, check_design};
use crate::format::read_design;
use crate::presets::Preset;
use crate::{Design, Location, Problem};

/// Reads `id kind key=value;key=value` lines and `a > b` links.
fn drawing(text: &str) -> Design {
    let mut components = Vec::new();
    let mut links = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some((from, to)) = line.split_once(" > ") {
            links.push(format!(r#"{{"from":"{from}","to":"{to}"}}"#));
            continue;
        }
        let mut words = line.splitn(3, ' ');
        let (id, kind) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let params: Vec<String> = words
            .next()
            .unwrap_or("")
            .split('|')
            .filter_map(|pair| pair.split_once(':'))
            .map(|(key, value)| format!(r#""{}":{}"#, key.trim(), value.trim()))
            .collect();
        components.push(format!(
            r#"{{"id":"{id}","kind":"{kind}","x":0,"y":0,"params":{{{}}}}}"#,
            params.join(",")
        ));
    }
    let json = format!(
        r#"{{"schema":"archplay/design/1","name":"","components":[{}],"links":[{}]}}"#,
        components.join(","),
        links.join(",")
    );
    let (design, problems) = read_design(&json).unwrap_or_else(|e| panic!("{e} {json}"));
    assert_eq!(problems, []);
    design
}

fn told(problems: &[Problem]) -> Vec<String> {
    let place = |problem: &Problem| match &problem.at {
        Location::Design => "design".to_owned(),
        Location::Scenario(path) => path.clone(),
        Location::Component(id) => id.to_string(),
        Location::Param(id, key) => format!("{id}.{key}"),
        Location::Link(key) => key.name(),
    };
    let told = problems.iter().map(|p| format!("{} {}", place(p), p.code));
    told.collect()
}

/// Expects these problems of a drawing by itself.
fn expect(text: &str, expected: &[&str]) {
    assert_eq!(told(&check_design(&drawing(text))), expected, "{text}");
}

/// Expects these problems of a drawing under the steady scenario.
fn expect_run(text: &str, expected: &[&str]) {
    let scenario = Preset::Steady.scenario().unwrap_or_else(|e| panic!("{e}"));
    let found = check(&drawing(text), &scenario);
    assert_eq!(told(&found), expected, "{text}");
}

#[test]
fn weights_are_of_linked_components() {
    expect(
        r#"lb load_balancer algorithm: "weighted" | weights: "s1=1, s9=2"
           s1 server
           lb > s1"#,
        &["lb.weights weight_of_unlinked"],
    );
    expect(
        r#"d dns policy: "weighted" | weights: "s1=0"
           s1 server
           d > s1"#,
        &["d.weights weights_all_zero"],
    );
    expect(
        r#"d dns primary: "s1" | policy: "failover"
           s1 server"#,
        &["d.primary weight_of_unlinked"],
    );
}

#[test]
fn probabilities_of_a_station_come_to_one_at_most() {
    let station =
        |routing: &str| format!("q station routing: \"{routing}\"\na station\nq > q\nq > a");
    expect(&station("q=0.3, a=0.7"), &[]);
    expect(&station("q=0.1, a=0.9000000000001"), &[]);
    expect(&station("q=0, a=0"), &[]);
    expect(&station("q=0.31, a=0.7"), &["q.routing routing_above_one"]);
}

#[test]
fn a_station_keeps_to_what_its_distributions_can_do() {
    let station =
        |service: &str, cv: &str| format!("q station service: \"{service}\" | service_cv: {cv}");
    for (service, cv) in [
        ("exponential", "50"),
        ("uniform", "0.577"),
        ("erlang", "0.5"),
        ("hyperexponential", "1"),
        ("lognormal", "3"),
    ] {
        expect(&station(service, cv), &[]);
    }
    for (service, cv) in [
        ("uniform", "0.6"),
        ("erlang", "1.1"),
        ("hyperexponential", "0.9"),
        ("lognormal", "0"),
    ] {
        expect(&station(service, cv), &["q.service_cv service_cv_range"]);
    }
    let fork = "a station\nb station\nq > a\nq > b\nq station then: \"fork\" | wait_for: ";
    expect(&format!("{fork}2"), &[]);
    expect(&format!("{fork}3"), &["q.wait_for wait_for_above_links"]);
}

#[test]
fn monitors_and_controllers_name_what_is_there() {
    expect("m monitor", &["m watches_nobody"]);
    expect("c controller", &["c watches_nobody"]);
    expect("m monitor\ns server\nm > s", &[]);
    expect(
        r#"m monitor watches: "s, gone" | action: "restart" | datapoints: 3 | of: 2
           s server"#,
        &[
            "m.watches names_unknown_component",
            "m.datapoints datapoints_above_of",
            "m.acts_on acts_on_nobody",
        ],
    );
    expect(
        r#"c controller watches: "s" | acts_on: "gone"
           s server"#,
        &["c.acts_on names_unknown_component"],
    );
}

#[test]
fn replicas_form_no_ring_but_two_primaries_may_copy_each_other() {
    let three = "a database\nb database\nc database\na > b\nb > c";
    expect(three, &[]);
    expect(&format!("{three}\nc > a"), &["c>a replica_ring"]);
    expect("a database\nb database\na > b\nb > a", &[]);
    expect("a database\na > a", &["a>a link_self_link"]);
    expect(
        "a load_balancer\nb rate_limiter\na > b\nb > a",
        &["b>a link_cycle"],
    );
}

const SHOP: &str = "v client\ns server\nv > s";

#[test]
fn every_kind_that_answers_will_do() {
    expect_run("v client", &["v client_without_way", "design no_server"]);
    for kind in ["server", "station"] {
        let text = format!("v client\nw {kind}\nd database\nv > w\nw > d");
        expect_run(&text, &[]);
    }
    // A function has no files.
    let files = "v client\no object_store\nv > o\nd database holds: \"product, order\"";
    expect_run(&format!("{files}\nf function\nv > f\nf > d"), &[]);
    expect_run(
        &format!("{files}\ng api_gateway\nl rate_limiter\nf function\nv > l\nl > g\ng > f\nf > d"),
        &[],
    );
    expect_run(
        "v client\ns server\nd database\nb load_balancer\nv > s\ns > d\nv > b",
        &["b passes_to_nobody"],
    );
    expect_run(
        "v client\ns server\nd database\nd2 database\nm monitor\nv > s\ns > d\nm > d2",
        &["d2 never_asked"],
    );
}

#[test]
fn data_is_reached_through_what_stands_between() {
    let none = ["s no_route", "s no_route"];
    expect_run(SHOP, &none);
    expect_run(&format!("{SHOP}\nc cache\ns > c"), &none);
    for between in ["cache", "connection_proxy"] {
        let text = format!("{SHOP}\nx {between}\nd database\ns > x\nx > d");
        expect_run(&text, &[]);
    }
    expect_run(
        &format!(
            "{SHOP}\nd database holds: \"order\"\nk key_value holds: \"product\"\ns > d\ns > k"
        ),
        &[],
    );
    expect_run(
        &format!("{SHOP}\nd database holds: \"order\"\ns > d"),
        &["s no_route"],
    );
}

#[test]
fn an_index_is_of_a_dataset_of_the_scenario() {
    expect_run(
        &format!("{SHOP}\nd database indexes: \"product(price); ghost(a)\"\ns > d"),
        &["d.indexes index_unknown_dataset"],
    );
}

#[test]
fn a_link_that_does_nothing_is_told() {
    let none = "o>q event_without_operation";
    let shop =
        format!("{SHOP}\nd database holds: \"product, order\"\ns > d\no object_store\ns > o");
    expect_run(&format!("{shop}\nq queue\no > q"), &[none]);
    expect_run(
        &format!("{shop}\nq function handles: \"ghost\"\no > q"),
        &["q.handles names_unknown_operation", none],
    );
    let one = "p object_store holds: \"video\"\ns > p\no > p";
    expect_run(
        &format!("{shop}\n{one}"),
        &["p.holds names_unknown_dataset", "o>p no_common_dataset"],
    );
    let tables = |other: &str| {
        format!(
            "{SHOP}\na key_value\nb key_value holds: \"{other}\"\nd database\ns > d\ns > a\ns > b\na > b"
        )
    };
    expect_run(&tables("product"), &["a>b no_common_dataset"]);
    expect_run(
        &tables("product").replace("a key_value", "a key_value holds: \"product\""),
        &[],
    );
    let graph = |held: &str| {
        format!("{SHOP}\ng graph_store holds: \"{held}\"\nd database\ns > g\ns > d\ng > d")
    };
    expect_run(&graph("product"), &[]);
    expect_run(
        &graph("ghost"),
        &["g.holds names_unknown_dataset", "g>d no_common_dataset"],
    );
    let tickets = |scheme: &str| {
        format!("{SHOP}\nd database\ns > d\ng id_generator scheme: \"{scheme}\"\ns > g\ng > d")
    };
    for (from, to) in [
        ("identity", "database"),
        ("identity", "cache"),
        ("notification", "queue"),
        ("api_gateway", "identity"),
        ("api_gateway", "queue"),
    ] {
        let text = format!("{SHOP}\nx {from}\ny {to}\ns > x\ns > y\nx > y");
        let scenario = Preset::Steady.scenario().unwrap_or_else(|e| panic!("{e}"));
        let problems = told(&check(&drawing(&text), &scenario));
        assert!(
            problems
                .iter()
                .any(|problem| *problem == "x>y link_without_effect"),
            "{from} {to}: {problems:?}"
        );
    }
    // Nobody draws identifiers in this scenario.
    expect_run(&tickets("ticket"), &["g>d counter_not_kept"]);
    expect_run(&tickets("snowflake"), &["g>d counter_not_kept"]);
}
