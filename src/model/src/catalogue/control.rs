//! Parameters of what watches and acts.

use super::Unit;

params! {
    /// Monitor: one metric, one alarm.
    monitor {
        /// Which components it watches; those linked to it if empty.
        WATCHES = of("watches", ParamKind::Names(NameDomain::Components));
        /// What it samples.
        METRIC = choice("metric", &["utilisation", "error_percent", "latency_p99", "latency_mean", "rate", "backlog", "memory", "disk", "connections", "hit_ratio", "lag", "orders_per_min", "heartbeat", "load_average"]);
        /// On which side of the threshold it alarms.
        COMPARISON = choice("comparison", &["above", "below"]);
        /// The threshold, in the metric's unit: shares in percent, times in ms, the rest as counts.
        THRESHOLD = number("threshold", Unit::Count, (0.0, 1e9), 80.0);
        /// Time between two samples: 300 s basic, 60 s detailed, 10 s high resolution.
        PERIOD_SECS = number("period_secs", Unit::Seconds, (1.0, 86_400.0), 300.0);
        /// Samples that must breach …
        DATAPOINTS = integer("datapoints", Unit::Count, (1, 100), 1);
        /// … among this many.
        OF = integer("of", Unit::Count, (1, 100), 1);
        /// What a sample that is not there counts as.
        MISSING = choice("missing", &["missing", "breaching", "not_breaching", "ignore"]);
        /// What an alarm does.
        ACTION = choice("action", &["none", "call_person", "scale_out", "fail_over", "restart"]);
        /// How long a person takes from the call to the action.
        PERSON_SECS = number("person_secs", Unit::Seconds, (0.0, 86_400.0), 600.0).more();
        /// On whom the action works: a scaling group, a database to promote, a component to restart.
        ACTS_ON = of("acts_on", ParamKind::Names(NameDomain::Components)).more();
    }
}

params! {
    /// Failover controller.
    controller {
        /// Whom it watches.
        WATCHES = of("watches", ParamKind::Names(NameDomain::Components));
        /// Time between two looks.
        INTERVAL_SECS = number("interval_secs", Unit::Seconds, (0.5, 600.0), 10.0);
        /// Failed looks in a row before it acts.
        FAILURE_THRESHOLD = integer("failure_threshold", Unit::Count, (1, 100), 3);
        /// What it does.
        ACTION = choice("action", &["promote", "switch_names", "start"]);
        /// How long the switch-over takes.
        TAKES_SECS = number("takes_secs", Unit::Seconds, (0.0, 86_400.0), 30.0);
        /// On whom it acts.
        ACTS_ON = of("acts_on", ParamKind::Names(NameDomain::Components));
    }
}

/// The unit of a monitor's threshold, which is that of the metric it samples.
#[must_use]
pub fn threshold_unit(metric: &str) -> Unit {
    match metric {
        "utilisation" | "error_percent" | "memory" | "disk" | "hit_ratio" => Unit::Percent,
        "latency_p99" | "latency_mean" | "lag" => Unit::Milliseconds,
        "rate" => Unit::PerSecond,
        _ => Unit::Count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::ParamKind;

    #[test]
    fn every_metric_but_counts_has_a_unit() {
        let ParamKind::Choice { options, .. } = monitor::METRIC.kind else {
            panic!("{:?}", monitor::METRIC.kind);
        };
        let counts: Vec<_> = options
            .iter()
            .filter(|metric| threshold_unit(metric) == Unit::Count)
            .collect();
        let expected = [
            "backlog",
            "connections",
            "orders_per_min",
            "heartbeat",
            "load_average",
        ];
        assert_eq!(counts, expected.iter().collect::<Vec<_>>());
    }
}
