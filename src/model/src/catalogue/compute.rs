//! Parameters of what works on requests besides servers, and of how a component asks others.

params! {
    /// How a component asks others: time-outs, retries, circuit breaker, hedging. Every kind that asks has these.
    caller {
        /// How long it waits for an answer; 0 waits for ever.
        CALL_TIMEOUT_MS = number("call_timeout_ms", Unit::Milliseconds, (0.0, 3_600_000.0), 0.0).more();
        /// How often it tries again after a failure.
        RETRIES = integer("retries", Unit::Count, (0, 100), 0).more();
        /// How the wait before a retry grows.
        BACKOFF = choice("backoff", &["fixed", "exponential", "full_jitter"]).more();
        /// The first wait before a retry.
        BACKOFF_MS = number("backoff_ms", Unit::Milliseconds, (0.0, 600_000.0), 100.0).more();
        /// Retries allowed, as a share of the first tries (token bucket); 0 for no budget.
        RETRY_BUDGET_PERCENT = number("retry_budget_percent", Unit::Percent, (0.0, 1_000.0), 0.0).more();
        /// Share of failures among the last calls from which the circuit opens; 0 for no breaker.
        BREAKER_PERCENT = number("breaker_percent", Unit::Percent, (0.0, 100.0), 0.0).more();
        /// How many of the last calls the breaker looks at.
        BREAKER_WINDOW = integer("breaker_window", Unit::Count, (1, 10_000), 20).more();
        /// How long the circuit stays open before one call tries.
        BREAKER_OPEN_SECS = number("breaker_open_secs", Unit::Seconds, (0.1, 3_600.0), 10.0).more();
        /// After how long it asks a second time without waiting for the first; 0 for never.
        HEDGE_MS = number("hedge_ms", Unit::Milliseconds, (0.0, 600_000.0), 0.0).more();
        /// Whether those asked drop work that nobody waits for any more.
        PROPAGATE_DEADLINE = choice("propagate_deadline", &["no", "yes"]).more();
    }
}

params! {
    /// How a news feed is run; everything that runs operations has these.
    feed {
        /// Whose posts are written into whose feed lists by those who run the fan-out: all; nobody's; those of authors with few friends; to readers who read often; where reading is frequent against posting.
        FEED_RULE = choice("feed_rule", &["push", "pull", "by_friends", "by_activity", "by_rates"]).more();
        /// For `by_friends`: authors with at most so many friends are pushed.
        FEED_MOST_FRIENDS = integer("feed_most_friends", Unit::Count, (1, 65_535), 1_000).more();
        /// For `by_activity`: readers who read at least so often a day are pushed to.
        FEED_VIEWS_PER_DAY = number("feed_views_per_day", Unit::Count, (0.0, 86_400.0), 0.1).more();
        /// For `by_rates`: cost of a push / cost of looking an author up; pushed is where views / posts is at least this.
        FEED_COST_RATIO = number("feed_cost_ratio", Unit::Count, (0.0, 1_000_000.0), 1.0).more();
        /// Feed lists that a fan-out writes at once.
        FEED_BATCH = integer("feed_batch", Unit::Count, (1, 65_535), 1_000).more();
        /// What the next page begins with: the post after the last one seen, or so many posts from the newest.
        FEED_PAGES = choice("feed_pages", &["cursor", "offset"]).more();
        /// What a read does that finds no feed list: it gathers and makes it anew; it only gathers; it takes it for an empty one.
        FEED_REBUILD = choice("feed_rebuild", &["yes", "no", "empty"]).more();
    }
}

params! {
    /// Function as a service.
    function {
        /// Instances at once; more is throttled with 429.
        QUOTA = integer("quota", Unit::Count, (1, 1_000_000), 1_000);
        /// Extra time of a request that starts a new instance.
        COLD_START_MS = number("cold_start_ms", Unit::Milliseconds, (0.0, 600_000.0), 400.0);
        /// New instances a second, after the first burst.
        SCALE_PER_SEC = number("scale_per_sec", Unit::PerSecond, (0.1, 100_000.0), 100.0).more();
        /// Instances that may start at once.
        SCALE_BURST = integer("scale_burst", Unit::Count, (1, 100_000), 1_000).more();
        /// How long an idle instance is kept.
        KEEP_SECS = number("keep_secs", Unit::Seconds, (0.0, 86_400.0), 600.0).more();
        /// How long a request may take.
        TIMEOUT_SECS = number("timeout_secs", Unit::Seconds, (0.05, 900.0), 30.0);
        /// Database connections that one instance keeps.
        DB_POOL = integer("db_pool", Unit::Count, (1, 1_000), 1).more();
        /// Which operations it runs.
        HANDLES = of("handles", ParamKind::Names(NameDomain::Operations)).more();
    }
}

params! {
    /// Worker that takes messages from queues.
    worker {
        /// Processor cores, shared fairly.
        VCPU = integer("vcpu", Unit::Count, (1, 4_096), 2);
        /// Messages worked on at once.
        WORKERS = integer("workers", Unit::Count, (1, 100_000), 10);
        /// Messages taken at once, and given back together.
        BATCH = integer("batch", Unit::Count, (1, 10_000), 1);
        /// Time between two looks into an empty queue.
        POLL_MS = number("poll_ms", Unit::Milliseconds, (1.0, 60_000.0), 20.0).more();
        /// Database connections that it keeps.
        DB_POOL = integer("db_pool", Unit::Count, (1, 10_000), 10).more();
        /// Which topics it works on.
        HANDLES = of("handles", ParamKind::Names(NameDomain::Operations)).more();
    }
}

params! {
    /// Textbook queue.
    station {
        /// Parallel servers; 0 for as many as there are requests.
        WORKERS = integer("workers", Unit::Count, (0, 1_000_000), 1);
        /// Mean service time.
        SERVICE_MS = number("service_ms", Unit::Milliseconds, (0.0, 3_600_000.0), 10.0);
        /// Distribution of the service time.
        SERVICE = choice("service", &["exponential", "constant", "uniform", "erlang", "hyperexponential", "lognormal"]);
        /// Standard deviation / mean of the service time, for uniform (up to 0.577), Erlang (1/√phases), hyperexponential (from 1) and lognormal.
        SERVICE_CV = number("service_cv", Unit::Count, (0.0, 100.0), 0.5).more();
        /// Waiting places; the greatest value means no limit.
        QUEUE_CAPACITY = integer("queue_capacity", Unit::Count, (0, 1_000_000_000), 1_000_000_000);
        /// How long a request waits in the line before it leaves; 0 for ever. Service once begun is never cut.
        PATIENCE_MS = number("patience_ms", Unit::Milliseconds, (0.0, 86_400_000.0), 0.0);
        /// How the patience varies.
        PATIENCE = choice("patience", &["constant", "exponential"]).more();
        /// Share of the services that fail at their end.
        FAIL_PERCENT = number("fail_percent", Unit::Percent, (0.0, 100.0), 0.0).more();
        /// What comes after the service: the request goes on and the server is free; it asks one and keeps its server; it asks all at once and keeps its server.
        THEN = choice("then", &["pass_on", "call", "fork"]);
        /// Probabilities of the linked targets; equal if empty, the rest of 1 leaves.
        ROUTING = of("routing", ParamKind::Weights);
        /// For `fork`: how many answers it waits for; 0 for all.
        WAIT_FOR = integer("wait_for", Unit::Count, (0, 1_000), 0).more();
        /// For `fork`: whether it asks one after the other instead of all at once.
        SEQUENTIAL = choice("sequential", &["no", "yes"]).more();
    }
}

params! {
    /// Identity service.
    identity {
        /// Time of a login.
        LOGIN_MS = number("login_ms", Unit::Milliseconds, (0.0, 60_000.0), 100.0);
        /// Time of a token check.
        CHECK_MS = number("check_ms", Unit::Milliseconds, (0.0, 60_000.0), 5.0);
        /// Logins and checks a second; more is refused with 429.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (0.01, 10_000_000.0), 500.0);
        /// On top, at once.
        BURST = integer("burst", Unit::Count, (1, 10_000_000), 500).more();
    }
}

params! {
    /// Notification service.
    notification {
        /// Messages delivered a second.
        RATE_PER_SEC = number("rate_per_sec", Unit::PerSecond, (0.01, 10_000_000.0), 1_000.0);
        /// Time from a device's turn to its receipt.
        DELIVERY_MS = number("delivery_ms", Unit::Milliseconds, (0.0, 600_000.0), 300.0);
        /// Messages that may wait; more are refused.
        CAPACITY = integer("capacity", Unit::Count, (0, 1_000_000_000), 10_000_000).more();
    }
}
