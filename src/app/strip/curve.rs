//! How many visitors come when: the scenario's rate curves added up. Pure.

use archplay_editor::scenario::curve::rate_at;
use archplay_model::Scenario;
use archplay_model::scenario::{Audience, Entry};

/// The sum of the visitors' rates, as points of seconds since the beginning and visitors per second.
pub fn load_curve(scenario: &Scenario) -> Vec<(f64, f64)> {
    let start = f64::from(scenario.start.secs());
    let length = f64::from(scenario.duration_secs);
    let visitors: Vec<&Audience> = scenario
        .audiences
        .iter()
        .filter(|audience| !is_admin(scenario, audience))
        .collect();
    let mut times: Vec<f64> = visitors
        .iter()
        .flat_map(|audience| &audience.rate)
        .map(|point| f64::from(point.at.secs()) - start)
        .filter(|time| (0.0..=length).contains(time))
        .chain([0.0, length])
        .collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
        .into_iter()
        .map(|time| {
            let sum = visitors
                .iter()
                .map(|a| rate_at(&a.rate, start + time))
                .sum();
            (time, sum)
        })
        .collect()
}

fn is_admin(scenario: &Scenario, audience: &Audience) -> bool {
    scenario
        .journey(&audience.journey)
        .and_then(|journey| journey.steps.first())
        .and_then(|step| scenario.operation(&step.operation))
        .is_some_and(|operation| operation.entry == Entry::Admin)
}

/// The curve as the points of an SVG polygon in a box of this size.
pub fn polygon(curve: &[(f64, f64)], width: f64, height: f64) -> String {
    let length = curve.last().map_or(1.0, |(time, _)| time.max(1.0));
    let top = curve.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    let mut out = format!("0,{height}");
    for (time, rate) in curve {
        let x = time / length * width;
        let y = height - rate / top.max(f64::MIN_POSITIVE) * height * 0.92;
        out.push_str(&format!(" {x:.1},{y:.1}"));
    }
    out.push_str(&format!(" {width},{height}"));
    out
}

#[cfg(test)]
mod tests {
    use archplay_model::presets::Preset;

    use super::*;

    #[test]
    fn presets_have_their_peaks() {
        for preset in Preset::ALL {
            let scenario = preset.scenario().unwrap_or_else(|e| panic!("{e}"));
            let curve = load_curve(&scenario);
            assert_eq!(curve[0].0, 0.0);
            assert!(curve.is_sorted_by(|a, b| a.0 < b.0));
            assert!(curve.iter().all(|(_, rate)| *rate >= 0.0));
        }
        let crowd = Preset::FlashCrowd
            .scenario()
            .unwrap_or_else(|e| panic!("{e}"));
        let curve = load_curve(&crowd);
        assert!(curve.contains(&(360.0, 120.0)), "{curve:?}");
        assert_eq!(curve.last(), Some(&(1_800.0, 6.0)));
        assert!(polygon(&curve, 100.0, 20.0).ends_with("100,20"));
    }
}
