//! Which answer a name server gives now.

use archplay_kernel::{mix, unit_of};

use super::{Dns, Kept, Member};

/// The most addresses of one answer: what a name server of the cloud gives.
pub(super) const ADDRESSES: usize = 8;

/// How the answer is chosen among the targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// Any of them, whether it is healthy or not.
    Simple,
    /// Any healthy one by weight.
    Weighted,
    /// The healthy one with the shortest way.
    Latency,
    /// A healthy one in the visitor's own place; the default, the primary, if there is none.
    Geolocation,
    /// The primary while it is healthy, else the first of the others that is.
    Failover,
    /// Any healthy one.
    Multivalue,
}

impl Policy {
    pub(super) fn from_slug(slug: &str) -> Self {
        match slug {
            "weighted" => Self::Weighted,
            "latency" => Self::Latency,
            "geolocation" => Self::Geolocation,
            "failover" => Self::Failover,
            "multivalue" => Self::Multivalue,
            _ => Self::Simple,
        }
    }
}

impl Dns {
    /// The target of an answer given now, by a draw.
    pub(super) fn answer(&self, asker: usize, class: u32, draw: u64) -> Option<u32> {
        let members = &self.classes[class as usize];
        if let Some(switched) = self.switched
            && members.contains(&switched)
        {
            return Some(switched);
        }
        let place = self.askers[asker].place;
        let delays = &self.askers[asker].delays;
        // If nobody is healthy, all count as healthy: a wrong answer is no worse than none.
        let checked = self.policy != Policy::Simple && members.iter().any(|m| self.healthy(*m));
        let usable = |index: &u32| !checked || self.healthy(*index);
        let of = |index: u32| -> &Member { &self.members[index as usize] };
        match self.policy {
            Policy::Simple | Policy::Multivalue => self.any(members, draw, usable),
            Policy::Weighted => {
                let all = || members.iter().copied().filter(|m| usable(m));
                let sum: f64 = all().map(|m| of(m).weight).sum();
                let mut left = unit_of(mix(draw, 1)) * sum;
                let heavy = all().find(|m| {
                    left -= of(*m).weight;
                    left < 0.0
                });
                heavy.or_else(|| self.any(members, draw, usable))
            }
            Policy::Latency => {
                let usables = members.iter().filter(|m| usable(m));
                let least = usables.map(|m| delays[*m as usize]).min()?;
                self.any(members, draw, |m| usable(m) && delays[*m as usize] == least)
            }
            Policy::Geolocation => self
                .any(members, draw, |m| usable(m) && of(*m).place == place)
                .or_else(|| self.first(members, usable)),
            Policy::Failover => self.first(members, usable),
        }
    }

    /// Which of a class have an address in an answer given now, beside the first, by their place in the class: as
    /// many healthy ones as an answer holds.
    pub(super) fn others(&self, class: u32) -> u64 {
        if self.policy != Policy::Multivalue {
            return 0;
        }
        let members = &self.classes[class as usize];
        let checked = members.iter().any(|m| self.healthy(*m));
        let usable = (0_u64..64)
            .zip(members)
            .filter(|(_, m)| !checked || self.healthy(**m));
        usable.take(ADDRESSES).fold(0, |mask, (i, _)| mask | 1 << i)
    }

    /// The address of an answer that is tried after so many others.
    pub(super) fn address(&self, class: u32, kept: Kept, tried: u16) -> Option<u32> {
        if tried == 0 {
            return Some(kept.first);
        }
        let members = &self.classes[class as usize];
        let first = members.iter().position(|m| *m == kept.first)?;
        // From the first on, round the class.
        let after = (1..members.len()).map(|i| (first + i) % members.len());
        after
            .filter(|i| *i < 64 && kept.others >> i & 1 == 1)
            .nth(usize::from(tried) - 1)
            .map(|i| members[i])
    }

    fn healthy(&self, member: u32) -> bool {
        self.members[member as usize].healthy
    }

    /// One of several, all alike.
    fn any(&self, members: &[u32], draw: u64, fits: impl Fn(&u32) -> bool) -> Option<u32> {
        let count = members.iter().filter(|m| fits(m)).count() as u64;
        if count == 0 {
            return None;
        }
        let chosen = (mix(draw, 2) % count) as usize;
        members.iter().filter(|m| fits(m)).nth(chosen).copied()
    }

    /// The primary if it fits, else the first that does.
    fn first(&self, members: &[u32], fits: impl Fn(&u32) -> bool) -> Option<u32> {
        let primary = members.iter().find(|m| **m == self.primary && fits(m));
        primary
            .or_else(|| members.iter().find(|m| fits(m)))
            .copied()
    }

    /// Whether a resolver that asked now would be led past a target.
    pub(super) fn leads_elsewhere(&self, class: u32, member: u32) -> bool {
        let members = &self.classes[class as usize];
        if let Some(switched) = self.switched
            && members.contains(&switched)
        {
            return switched != member;
        }
        self.policy != Policy::Simple
            && !self.healthy(member)
            && members.iter().any(|m| self.healthy(*m))
    }
}
