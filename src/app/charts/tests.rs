//! From a run's state to the scene of a chart, without a browser.

use archplay_text::Lang;

use super::spec::ChartId;
use super::{chosen, slugs, toggled};

#[test]
fn the_choice_keeps_the_order_and_never_becomes_empty() {
    let two = toggled(&[ChartId::Cpu], ChartId::Traffic);
    assert_eq!(*two, [ChartId::Traffic, ChartId::Cpu]);
    assert_eq!(*toggled(&two, ChartId::Traffic), [ChartId::Cpu]);
    assert_eq!(*toggled(&[ChartId::Cpu], ChartId::Cpu), [ChartId::Cpu]);
    assert_eq!(*chosen(&slugs(&ChartId::ALL)), ChartId::ALL);
    assert!(chosen("nonsense,").is_empty());
}

#[test]
fn every_chart_has_its_texts() {
    for lang in Lang::ALL {
        for chart in ChartId::ALL {
            for key in [chart.title_key(), format!("chart_unit.{}", chart.slug())] {
                assert!(archplay_text::find(lang, &key).is_some(), "{key}");
            }
        }
    }
}
