//! What a demand has in it, and what it leads to in other operations.
//!
//! Must not live here: who does it (`placement`).

use super::{Demand, Scenario};

/// Calls and messages lead so deep at most.
const MOST_DEEP: usize = 16;

impl Demand {
    /// Whether it, or one inside it, passes a test. Operations that it calls or publishes are not looked into.
    #[must_use]
    pub fn holds(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        let inner = |demand: &Self| demand.holds(test);
        test(self)
            || match self {
                Self::Seq(list) | Self::Transaction(list) | Self::Par { demands: list, .. } => {
                    list.iter().any(inner)
                }
                Self::Repeat { demand, .. } | Self::Optional(demand) => inner(demand),
                _ => false,
            }
    }
}

impl Scenario {
    /// Whether a demand, or one of what it calls and publishes, passes a test.
    #[must_use]
    pub fn leads_to(&self, demand: &Demand, test: &dyn Fn(&Demand) -> bool) -> bool {
        self.leads_deeper(demand, 0, test)
    }

    fn leads_deeper(&self, demand: &Demand, deep: usize, test: &dyn Fn(&Demand) -> bool) -> bool {
        demand.holds(&|inner| {
            test(inner)
                || match inner {
                    Demand::Publish { topic: id } | Demand::Call { service: id }
                        if deep < MOST_DEEP =>
                    {
                        self.operation(id)
                            .is_some_and(|other| self.leads_deeper(&other.demand, deep + 1, test))
                    }
                    _ => false,
                }
        })
    }
}
