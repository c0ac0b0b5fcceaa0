//! How big a document may be. Beyond these a file is refused before it can hurt the page.

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;
/// The most components in a design.
pub const MAX_COMPONENTS: usize = 5_000;
/// The most links in a design.
pub const MAX_LINKS: usize = 20_000;
/// The longest name a person may give, in characters.
pub const MAX_NAME_CHARS: usize = 80;
/// The longest text parameter, in bytes.
pub const MAX_TEXT_BYTES: usize = 2_000;
/// The most parameters of one component.
pub const MAX_PARAMS: usize = 64;
/// Coordinates stay within ± this, in canvas units (pixels at zoom 1).
pub const MAX_COORDINATE: f64 = 100_000.0;
/// The deepest nesting of groups.
pub const MAX_DEPTH: usize = 16;
/// The most scheduled actions of one auto-scaling group.
pub const MAX_SCHEDULE: usize = 48;
/// The longest scenario, in seconds of simulated time (7 days).
pub const MAX_DURATION_SECS: u32 = 7 * 86_400;
/// The highest arrival rate of one audience, per second.
pub const MAX_RATE_PER_SEC: f64 = 1_000_000.0;
/// The most steps that one operation may come to when its repeats are written out.
pub const MAX_OPERATION_STEPS: usize = 1_000;
/// The most entries of each list in a scenario.
pub const MAX_SCENARIO_LIST: usize = 200;
/// The most instances that one auto-scaling group may have.
pub const MAX_INSTANCES: u32 = 1_000;
/// The most characters of a post that a person writes by hand.
pub const MAX_POST_CHARS: usize = 200;
/// The most interventions that a run's file may hold.
pub const MAX_INTERVENTIONS: usize = 2_000;
