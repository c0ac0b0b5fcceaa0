//! What a person may do to a running drawing by hand: which faults make sense for which kind.

use crate::Kind;
use crate::scenario::FaultAction;

const KILL: FaultAction = FaultAction::Kill;
const SLOW: FaultAction = FaultAction::Slow { factor: 10.0 };
const LOSE: FaultAction = FaultAction::Lose { share: 0.3 };
const CUT: FaultAction = FaultAction::Cut;
const FILL: FaultAction = FaultAction::FillDisk;
const LEAK: FaultAction = FaultAction::LeakMemory { mib_per_sec: 50.0 };
const HOG: FaultAction = FaultAction::HogCpu { cores: 1.0 };
const EXPIRE: FaultAction = FaultAction::Expire;
const STEP: FaultAction = FaultAction::StepClock { ms: -1_000.0 };
const RESOLVER: FaultAction = FaultAction::FailResolver;

const SHARD: FaultAction = FaultAction::KillShard { shard: 1 };

/// The faults that make sense for a component or group of this kind, with their usual strength. All but
/// those that end by themselves can be taken back by [`FaultAction::Restore`].
#[must_use]
pub const fn faults_for(kind: Kind) -> &'static [FaultAction] {
    match kind {
        Kind::Client => &[LOSE, CUT],
        Kind::Server => &[KILL, SLOW, HOG, LEAK, FILL, LOSE, CUT, STEP, RESOLVER],
        Kind::Database => &[KILL, SLOW, HOG, LEAK, FILL, LOSE, CUT],
        Kind::Search | Kind::GraphStore | Kind::Bastion => &[KILL, SLOW, HOG, LOSE, CUT],
        Kind::Cdn => &[KILL, EXPIRE, LOSE, CUT],
        Kind::Cache => &[KILL, SHARD, SLOW, HOG, LEAK, EXPIRE, LOSE, CUT],
        Kind::IdGenerator => &[KILL, SLOW, STEP, LOSE, CUT],
        Kind::Dns => &[KILL, EXPIRE, RESOLVER, LOSE, CUT],
        Kind::WaitingRoom | Kind::RateLimiter | Kind::LoadBalancer | Kind::ApiGateway => {
            &[KILL, LOSE, CUT]
        }
        Kind::Function => &[KILL, SLOW, RESOLVER, LOSE, CUT],
        Kind::Worker => &[KILL, SLOW, HOG, RESOLVER, LOSE, CUT],
        Kind::Station
        | Kind::Identity
        | Kind::Queue
        | Kind::KeyValue
        | Kind::ConnectionProxy
        | Kind::ObjectStore
        | Kind::Notification => &[KILL, SLOW, LOSE, CUT],
        // Nobody's request passes through: slowness and lost packets would not be seen.
        Kind::Monitor | Kind::Controller => &[KILL, CUT],
        Kind::Region => &[KILL, SLOW, RESOLVER, LOSE, CUT],
        Kind::Zone | Kind::AutoScalingGroup => &[KILL, SLOW, LOSE, CUT],
        // Only shows which network its components share, and may lose just that.
        Kind::Subnet => &[LOSE, CUT],
    }
}

/// The faults of a link.
pub const LINK_FAULTS: &[FaultAction] = &[SLOW, LOSE, CUT];

/// Whether something remains of it that [`FaultAction::Restore`] ends.
#[must_use]
pub const fn lasts(action: &FaultAction) -> bool {
    !matches!(
        action,
        FaultAction::Restore | FaultAction::Expire | FaultAction::StepClock { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_strengths_are_allowed_and_no_fault_is_offered_twice() {
        let of_kinds = Kind::ALL.into_iter().map(faults_for);
        for faults in of_kinds.chain([LINK_FAULTS]) {
            assert!(!faults.is_empty());
            for (i, fault) in faults.iter().enumerate() {
                assert!(faults[..i].iter().all(|other| other.slug() != fault.slug()));
                assert_ne!(*fault, FaultAction::Restore, "is always there");
                if let (Some(range), Some(value)) = (fault.strength_range(), fault.strength()) {
                    assert!(range.holds(value), "{fault:?}");
                    assert_eq!(fault.with_strength(value), *fault);
                }
            }
        }
    }

    #[test]
    fn what_is_offered_is_all_that_is_felt() {
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_group()) {
            for fault in faults_for(kind) {
                let felt = fault.is_of_network() || fault.felt_by(kind);
                assert!(felt, "{kind:?} does not feel {fault:?}");
            }
            for fault in [KILL, SLOW, FILL, LEAK, HOG, EXPIRE, STEP, RESOLVER, SHARD] {
                let offered = faults_for(kind).contains(&fault);
                assert_eq!(offered, fault.felt_by(kind), "{kind:?}: {fault:?}");
            }
        }
    }

    #[test]
    fn every_fault_can_be_had_somewhere() {
        for slug in FaultAction::SLUGS.iter().filter(|slug| **slug != "restore") {
            let somewhere = Kind::ALL
                .into_iter()
                .any(|kind| faults_for(kind).iter().any(|fault| fault.slug() == *slug));
            assert!(somewhere, "{slug}");
        }
    }
}
