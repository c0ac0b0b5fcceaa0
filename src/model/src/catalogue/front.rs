//! Parameters of what stands in front of those who work: names, admission, gateways.

params! {
    /// Name server with routing policies; the resolvers' caches are part of it.
    dns {
        /// How the answer is chosen among the linked targets.
        POLICY = choice("policy", &["simple", "weighted", "latency", "geolocation", "failover", "multivalue"]);
        /// How long a resolver keeps an answer.
        TTL_SECS = number("ttl_secs", Unit::Seconds, (0.0, 172_800.0), 60.0);
        /// What a health check asks: nothing; whether the target answers; or a request through to its stores.
        CHECK = choice("check", &["none", "shallow", "deep"]);
        /// Time between two health checks of one target.
        CHECK_INTERVAL_SECS = number("check_interval_secs", Unit::Seconds, (1.0, 300.0), 30.0);
        /// Failed checks in a row before a target is left out of the answers.
        FAILURE_THRESHOLD = integer("failure_threshold", Unit::Count, (1, 10), 3);
        /// How long a check waits for its answer.
        CHECK_TIMEOUT_SECS = number("check_timeout_secs", Unit::Seconds, (0.0, 60.0), 4.0).more();
        /// Weights of the targets, for `weighted`.
        WEIGHTS = of("weights", ParamKind::Weights).more();
        /// The target that answers while it is healthy, for `failover`; the first by id if empty.
        PRIMARY = of("primary", ParamKind::Names(NameDomain::Components)).more();
        /// Share of the resolvers that keep answers longer than the TTL allows.
        STRAGGLERS_PERCENT = number("stragglers_percent", Unit::Percent, (0.0, 100.0), 0.0).more();
        /// How long these keep them.
        STRAGGLER_TTL_SECS = number("straggler_ttl_secs", Unit::Seconds, (0.0, 604_800.0), 3_600.0).more();
        /// How many resolvers the visitors of one place share; 0 gives each visitor one.
        RESOLVERS = integer("resolvers", Unit::Count, (0, 100_000), 0).more();
    }
}

params! {
    /// Virtual waiting room.
    waiting_room {
        /// Whether it admits at a rate, or as long as fewer than a ceiling are inside.
        MODE = choice("mode", &["rate", "ceiling"]);
        /// Visitors admitted a second.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (0.01, 1_000_000.0), 100.0);
        /// Visitors inside at once.
        CEILING = integer("ceiling", Unit::Count, (1, 10_000_000), 1_000);
        /// Time between two looks at the own position; each is a request to the waiting room.
        POLL_SECS = number("poll_secs", Unit::Seconds, (1.0, 600.0), 20.0);
        /// Whether one who reloads the page keeps the position, or goes to the end.
        KEEP_POSITION = choice("keep_position", &["yes", "no"]);
        /// Whether those who come before it opens are drawn by lot, or are served in order of arrival.
        EARLY_DRAW = choice("early_draw", &["no", "yes"]).more();
        /// Time of day from which it admits, as a schedule `14:00=1`; from the start if empty.
        OPENS = of("opens", ParamKind::Schedule).more();
        /// How long an admission is good for.
        ADMITTED_SECS = number("admitted_secs", Unit::Seconds, (1.0, 86_400.0), 600.0).more();
        /// Looks at the position that it can answer in a second; more are refused.
        POLL_LIMIT_PER_SEC = number("poll_limit_per_sec", Unit::PerSecond, (1.0, 10_000_000.0), 100_000.0).more();
    }
}

params! {
    /// Rate limiter.
    rate_limiter {
        /// Tokens a second.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (0.01, 10_000_000.0), 1_000.0);
        /// Tokens that the bucket holds.
        BURST = integer("burst", Unit::Count, (1, 10_000_000), 1_000);
        /// One bucket for all, or one for each visitor.
        PER = choice("per", &["all", "visitor"]);
    }
}

params! {
    /// API gateway.
    api_gateway {
        /// Requests a second, steady.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (0.01, 10_000_000.0), 10_000.0);
        /// Requests at once on top.
        BURST = integer("burst", Unit::Count, (1, 10_000_000), 5_000);
        /// How long it waits for those behind before it answers 504.
        INTEGRATION_TIMEOUT_SECS = number("integration_timeout_secs", Unit::Seconds, (0.05, 900.0), 29.0);
    }
}

params! {
    /// Bastion host.
    bastion {
        /// CPU time of a login.
        LOGIN_CPU_MS = number("login_cpu_ms", Unit::Milliseconds, (0.0, 60_000.0), 200.0);
        /// Processor cores.
        VCPU = integer("vcpu", Unit::Count, (1, 256), 1);
    }
}
