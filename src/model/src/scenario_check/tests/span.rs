//! What lies outside of the run.

use super::{WHOLE, check, told};

#[test]
fn what_lies_outside_of_the_run_is_told() {
    // The run lasts from 10:00 to 10:10.
    let fault = r#"{"at": "10:02", "action": {"hog_cpu""#;
    let at = |time: &str| fault.replace("10:02", time);
    check(fault, &at("10:10"), "faults[3].at fault_never_happens");
    check(fault, &at("09:59"), "faults[3].at fault_never_happens");
    let focus = r#"{"from": "10:01", "to": "10:09"}"#;
    let moved = |from: &str, to: &str| format!(r#"{{"from": "{from}", "to": "{to}"}}"#);
    check(focus, &moved("10:10", "10:20"), "focus focus_outside_run");
    check(focus, &moved("09:00", "10:00"), "focus focus_outside_run");
    let point = r#"{"at": "10:00", "per_sec": 1}"#;
    let points = |times: &[&str]| -> String {
        let all = times.iter().map(|time| point.replace("10:00", time));
        all.collect::<Vec<_>>().join(",")
    };
    check(
        point,
        &points(&["10:00", "10:20", "10:30"]),
        "audiences[0].rate[2].at rate_after_end",
    );
    let fine = [
        (fault, at("10:09:59")),
        (focus, moved("09:00", "10:01")),
        (focus, moved("10:09", "11:00")),
        // Where the line leads to, and what was before.
        (point, points(&["09:00", "09:30", "10:05", "10:20"])),
    ];
    for (old, new) in fine {
        assert!(WHOLE.contains(old), "{old}");
        assert_eq!(told(&WHOLE.replacen(old, &new, 1)), [""; 0], "{new}");
    }
    // On the next day, if the run lasts until then.
    let long = WHOLE.replace(r#""duration_secs": 600"#, r#""duration_secs": 86400"#);
    assert_eq!(told(&long.replacen(fault, &at("09:59"), 1)), [""; 0]);
}

#[test]
fn somebody_comes() {
    let mut whole: serde_json::Value = serde_json::from_str(WHOLE).unwrap();
    whole["audiences"] = serde_json::json!([]);
    assert_eq!(told(&whole.to_string()), ["audiences no_audience"]);
}
