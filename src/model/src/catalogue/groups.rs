//! Parameters of the boxes that hold components.

/// Region.
pub mod region {
    use crate::catalogue::ParamSpec;

    /// Where it is.
    pub const PLACE: ParamSpec = ParamSpec::choice("place", &["seoul", "tokyo"]);
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[PLACE];
}

/// Availability zone.
pub mod zone {
    use crate::catalogue::ParamSpec;

    /// A zone has nothing to set: it is a failure domain.
    pub const ALL: &[ParamSpec] = &[];
}

/// Subnet.
pub mod subnet {
    use crate::catalogue::ParamSpec;

    /// A subnet only shows which network its components share.
    pub const ALL: &[ParamSpec] = &[];
}

/// Auto-scaling group.
pub mod auto_scaling_group {
    use crate::catalogue::{ParamKind, ParamSpec, Unit};
    use crate::limits::MAX_INSTANCES;

    /// Fewest instances.
    pub const MIN: ParamSpec = ParamSpec::integer("min", Unit::Count, (0, MAX_INSTANCES), 1);
    /// Most instances.
    pub const MAX: ParamSpec = ParamSpec::integer("max", Unit::Count, (1, MAX_INSTANCES), 10);
    /// Instances at the start, already booted.
    pub const DESIRED: ParamSpec =
        ParamSpec::integer("desired", Unit::Count, (0, MAX_INSTANCES), 2);
    /// Whether it follows the CPU.
    pub const POLICY: ParamSpec = ParamSpec::choice("policy", &["none", "target_tracking", "step"]);
    /// The mean CPU utilisation it steers to, in percent of the instances' capacity.
    pub const TARGET_CPU: ParamSpec =
        ParamSpec::number("target_cpu", Unit::Percent, (1.0, 100.0), 50.0);
    /// Counts from a time of day on.
    pub const SCHEDULE: ParamSpec = ParamSpec::of("schedule", ParamKind::Schedule);
    /// From the decision to an instance that can take a request.
    pub const BOOT_SECS: ParamSpec =
        ParamSpec::number("boot_secs", Unit::Seconds, (0.0, 3_600.0), 180.0);
    /// Time between two samples of the CPU metric.
    pub const PERIOD_SECS: ParamSpec =
        ParamSpec::number("period_secs", Unit::Seconds, (1.0, 3_600.0), 60.0).more();
    /// Samples in a row above the target before it scales out.
    pub const OUT_DATAPOINTS: ParamSpec =
        ParamSpec::integer("out_datapoints", Unit::Count, (1, 60), 3).more();
    /// Samples in a row clearly below the target before it scales in.
    pub const IN_DATAPOINTS: ParamSpec =
        ParamSpec::integer("in_datapoints", Unit::Count, (1, 120), 15).more();
    /// How long a new instance is left out of the metric after it has booted.
    pub const WARMUP_SECS: ParamSpec =
        ParamSpec::number("warmup_secs", Unit::Seconds, (0.0, 3_600.0), 60.0).more();
    /// For `step`: instances added when the CPU is above the target; twice as many when it is 20 percentage
    /// points above.
    pub const STEP: ParamSpec = ParamSpec::integer("step", Unit::Count, (1, 100), 1).more();
    /// For `step`: time after an action during which no other is taken.
    pub const COOLDOWN_SECS: ParamSpec =
        ParamSpec::number("cooldown_secs", Unit::Seconds, (0.0, 3_600.0), 300.0).more();
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[
        MIN,
        MAX,
        DESIRED,
        SCHEDULE,
        POLICY,
        TARGET_CPU,
        BOOT_SECS,
        PERIOD_SECS,
        OUT_DATAPOINTS,
        IN_DATAPOINTS,
        WARMUP_SECS,
        STEP,
        COOLDOWN_SECS,
    ];
}
