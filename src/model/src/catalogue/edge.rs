//! Parameters of what stands between the visitors and the servers.

/// Visitors.
pub mod client {
    use crate::catalogue::{NameDomain, ParamKind, ParamSpec, Unit};

    /// Which audiences of the scenario come through here.
    pub const AUDIENCES: ParamSpec =
        ParamSpec::of("audiences", ParamKind::Names(NameDomain::Audiences));
    /// Where they are.
    pub const PLACE: ParamSpec = ParamSpec::choice("place", &["seoul", "tokyo"]);
    /// Round-trip time of the access network to the nearest region or edge.
    pub const ACCESS_RTT_MS: ParamSpec =
        ParamSpec::number("access_rtt_ms", Unit::Milliseconds, (0.0, 2_000.0), 20.0);
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[PLACE, ACCESS_RTT_MS, AUDIENCES.more()];
}

/// Content delivery network.
pub mod cdn {
    use crate::catalogue::{ParamSpec, Unit};

    /// How long an object stays at the edge after it was fetched.
    pub const TTL_SECS: ParamSpec =
        ParamSpec::number("ttl_secs", Unit::Seconds, (0.0, 31_536_000.0), 3_600.0);
    /// How long the edge waits for the origin before it answers 504.
    pub const ORIGIN_TIMEOUT_SECS: ParamSpec =
        ParamSpec::number("origin_timeout_secs", Unit::Seconds, (1.0, 120.0), 30.0).more();
    /// What it keeps: static files, or the answers to reads that are the same for everyone as well.
    pub const CACHEABLE: ParamSpec =
        ParamSpec::choice("cacheable", &["static", "static_and_reads"]).more();
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[TTL_SECS, ORIGIN_TIMEOUT_SECS, CACHEABLE];
}

/// Load balancer.
pub mod load_balancer {
    use crate::catalogue::{ParamKind, ParamSpec, Unit};

    /// How a target is chosen.
    pub const ALGORITHM: ParamSpec = ParamSpec::choice(
        "algorithm",
        &[
            "round_robin",
            "least_outstanding",
            "power_of_two",
            "random",
            "shortest_line",
            "weighted",
        ],
    );
    /// Time between two health checks of one target.
    pub const HEALTH_INTERVAL_SECS: ParamSpec =
        ParamSpec::number("health_interval_secs", Unit::Seconds, (5.0, 300.0), 30.0);
    /// How long a health check waits for its answer.
    pub const HEALTH_TIMEOUT_SECS: ParamSpec =
        ParamSpec::number("health_timeout_secs", Unit::Seconds, (1.0, 120.0), 5.0).more();
    /// Failed checks in a row before a target gets no more requests.
    pub const UNHEALTHY_THRESHOLD: ParamSpec =
        ParamSpec::integer("unhealthy_threshold", Unit::Count, (1, 10), 2).more();
    /// Passed checks in a row before a target that had failed gets requests again.
    pub const HEALTHY_THRESHOLD: ParamSpec =
        ParamSpec::integer("healthy_threshold", Unit::Count, (1, 10), 5).more();
    /// How long it waits for a target's answer before it sends 504.
    pub const IDLE_TIMEOUT_SECS: ParamSpec =
        ParamSpec::number("idle_timeout_secs", Unit::Seconds, (1.0, 4_000.0), 60.0).more();
    /// Whether a visitor keeps the target that answered first.
    pub const STICKY: ParamSpec = ParamSpec::choice("sticky", &["no", "yes"]).more();
    /// How long a new target gets less than its share; 0 for not at all.
    pub const SLOW_START_SECS: ParamSpec =
        ParamSpec::number("slow_start_secs", Unit::Seconds, (0.0, 900.0), 0.0).more();
    /// How long a target that goes may finish what it has.
    pub const DRAIN_SECS: ParamSpec =
        ParamSpec::number("drain_secs", Unit::Seconds, (0.0, 3_600.0), 300.0).more();
    /// Whether it sends to all targets when none is healthy.
    pub const FAIL_OPEN: ParamSpec = ParamSpec::choice("fail_open", &["yes", "no"]).more();
    /// Weights of the targets, for `weighted`.
    pub const WEIGHTS: ParamSpec = ParamSpec::of("weights", ParamKind::Weights).more();
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[
        ALGORITHM,
        HEALTH_INTERVAL_SECS,
        HEALTH_TIMEOUT_SECS,
        UNHEALTHY_THRESHOLD,
        HEALTHY_THRESHOLD,
        IDLE_TIMEOUT_SECS,
        STICKY,
        SLOW_START_SECS,
        DRAIN_SECS,
        FAIL_OPEN,
        WEIGHTS,
    ];
}
