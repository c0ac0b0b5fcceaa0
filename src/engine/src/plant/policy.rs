//! How a component asks others: time-outs, retries, circuit breaker, hedging.

/// How the wait before a retry grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backoff {
    /// Always the same.
    Fixed,
    /// Doubled each time.
    Exponential,
    /// Uniform between nothing and the doubled time.
    FullJitter,
}

/// The `caller` parameters of a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Policy {
    /// 0 for none.
    pub timeout_ns: u64,
    pub retries: u32,
    pub backoff: Backoff,
    pub backoff_ns: f64,
    /// Tokens a first try earns; 0 for no budget.
    pub budget: f64,
    /// Share of failures that opens the circuit, 0 to 1; 0 for none.
    pub breaker: f64,
    pub breaker_window: u32,
    pub breaker_open_ns: u64,
    /// 0 for none.
    pub hedge_ns: u64,
    pub propagates_deadline: bool,
}

/// The most tokens of a retry budget: a quiet minute must not allow a storm.
pub(crate) const MAX_BUDGET: f64 = 100.0;
