mod support;
use support::*;
fn go(name: &str, text: &str, rate: f64, secs: u32) {
    let drawing = design(text);
    let sc = scenario(rate, secs, compute(1.0));
    for _ in 0..3 {
        let t = std::time::Instant::now();
        let mut run = archplay_engine::Run::compile(&drawing, &sc, 1).unwrap();
        let budget = archplay_engine::Budget {
            until_ns: u64::MAX,
            max_events: 1 << 20,
        };
        let mut events = 0;
        loop {
            let p = run.advance(budget);
            events += p.events;
            if p.done {
                break;
            }
        }
        let el = t.elapsed().as_secs_f64();
        let report = run.report();
        let n = page(&report).offered as f64;
        println!(
            "{name}: {:.2} M req/s, {:.2} M things/s ({n})",
            n / el / 1e6,
            events as f64 / el / 1e6
        );
    }
}
#[test]
fn perf() {
    let only = std::env::var("ONLY").unwrap_or_default();
    if only != "3" {
        go(
            "mm1",
            "c client(access_rtt_ms=0)
         s station(workers=1; service_ms=1)
         c > s",
            800.0,
            3_000,
        );
    }
    if only != "3" && only != "1" {
        go(
            "mm4",
            "c client(access_rtt_ms=0)
         s station(workers=4; service_ms=5)
         c > s",
            640.0,
            3_000,
        );
    }
    if only != "1" {
        go("three","c client(access_rtt_ms=0)
         lb station(workers=0; service_ms=0; service=constant; routing=s1=0.25,s2=0.25,s3=0.25,s4=0.25)
         s1 station(workers=8; service_ms=20)
         s2 station(workers=8; service_ms=20)
         s3 station(workers=8; service_ms=20)
         s4 station(workers=8; service_ms=20)
         ca station(workers=0; service_ms=1; service=constant; routing=db=0.2)
         db station(workers=20; service_ms=62.5)
         c > lb
         lb > s1
         lb > s2
         lb > s3
         lb > s4
         s1 > ca
         s2 > ca
         s3 > ca
         s4 > ca
         ca > db", 1280.0, 1_000);
    }
}
