//! How a target is chosen among those that get requests.

use super::{Algorithm, LoadBalancer};
use crate::core::Core;

/// How often it draws again because a target in its slow start passed its turn on, before it takes it.
const DRAWS: usize = 100;

impl LoadBalancer {
    /// A target by the algorithm; `None` if nobody gets requests.
    #[inline(always)]
    pub(super) fn choose(&mut self, core: &Core, class: u32) -> Option<u32> {
        // In line is what most do: turns, without a slow start, where everyone takes the turn.
        if self.algorithm == Algorithm::RoundRobin && self.slow_ns == 0 {
            return self.targets.classes[class as usize].next_turn();
        }
        self.choose_any(core, class)
    }

    #[inline(never)]
    fn choose_any(&mut self, core: &Core, class: u32) -> Option<u32> {
        let now = core.now;
        let at = class as usize;
        let n = self.targets.classes[at].eligible.len();
        match n {
            0 => return None,
            1 => return self.targets.classes[at].eligible.first().copied(),
            _ => {}
        }
        Some(match self.algorithm {
            Algorithm::RoundRobin => self.next_ramped(at, now)?,
            Algorithm::Random => self.draw(at, now),
            Algorithm::Weighted => self.draw_weighted(at, now),
            Algorithm::PowerOfTwo => self.better_of_two(at, now),
            Algorithm::LeastOutstanding => self.least_outstanding(at, now),
            Algorithm::ShortestLine => self.shortest_line(core, at),
        })
    }

    /// A target by the algorithm among the others than this one.
    #[inline(never)]
    pub(super) fn choose_other(&mut self, core: &Core, class: u32, target: u32) -> Option<u32> {
        let all = &mut self.targets.classes[class as usize];
        let Some(at) = all.eligible.iter().position(|other| *other == target) else {
            return self.choose(core, class);
        };
        // It steps back for the moment. By weights, whoever stands behind it has its share.
        all.eligible.remove(at);
        let until = (all.until.len() > at).then(|| all.until.remove(at));
        all.next -= usize::from(all.next > at);
        let chosen = self.choose(core, class);
        let all = &mut self.targets.classes[class as usize];
        all.eligible.insert(at, target);
        if let Some(until) = until {
            all.until.insert(at, until);
        }
        all.next += usize::from(all.next > at);
        chosen
    }

    /// The next in turn who takes the turn; after a whole round without one, whoever is next.
    fn next_ramped(&mut self, class: usize, now: u64) -> Option<u32> {
        for _ in 0..self.targets.classes[class].eligible.len() {
            let target = self.targets.classes[class].next_turn()?;
            if self.ramped(target, now) {
                return Some(target);
            }
        }
        self.targets.classes[class].next_turn()
    }

    /// The target with the fewest requests under way. Equal ones take turns, else the first would get every request
    /// of a quiet hour.
    fn least_outstanding(&mut self, class: usize, now: u64) -> u32 {
        let n = self.targets.classes[class].eligible.len();
        let start = self.targets.classes[class].next % n;
        self.targets.classes[class].next = start + 1;
        let eligible = &self.targets.classes[class].eligible;
        let (late, early) = eligible.split_at(start);
        let order = early.iter().chain(late);
        let list = &self.targets.list;
        let score = |target: &u32| {
            let outstanding = list[*target as usize].outstanding;
            self.scaled(*target, outstanding, now)
        };
        let mut best = (f64::INFINITY, eligible[start]);
        for target in order {
            let found = score(target);
            if found < best.0 {
                best = (found, *target);
            }
        }
        best.1
    }

    /// The target with the shortest line of requests that wait for a place; of equal ones any.
    fn shortest_line(&mut self, core: &Core, class: usize) -> u32 {
        let eligible = &self.targets.classes[class].eligible;
        let line = |target: u32| {
            let plan = &self.targets.list[target as usize];
            let units = &core.boards[plan.way.node as usize].units;
            let waiting = units.get(plan.unit as usize).map_or(0, |unit| unit.waiting);
            self.scaled(target, waiting, core.now)
        };
        let (mut least, mut equal) = (f64::INFINITY, 0);
        for target in eligible {
            let found = line(*target);
            if found < least {
                (least, equal) = (found, 0);
            }
            equal += u32::from(found <= least);
        }
        let chosen = self.stream.below(equal) as usize;
        let eligible = &self.targets.classes[class].eligible;
        let line = |target: u32| {
            let plan = &self.targets.list[target as usize];
            let units = &core.boards[plan.way.node as usize].units;
            let waiting = units.get(plan.unit as usize).map_or(0, |unit| unit.waiting);
            self.scaled(target, waiting, core.now)
        };
        let mut shortest = eligible.iter().filter(|target| line(**target) <= least);
        shortest.nth(chosen).copied().unwrap_or(eligible[0])
    }

    fn better_of_two(&mut self, class: usize, now: u64) -> u32 {
        let eligible = &self.targets.classes[class].eligible;
        let n = eligible.len() as u32;
        let first = self.stream.below(n);
        let second = (first + 1 + self.stream.below(n - 1)) % n;
        let (a, b) = (eligible[first as usize], eligible[second as usize]);
        let score = |target: u32| {
            let outstanding = self.targets.list[target as usize].outstanding;
            self.scaled(target, outstanding, now)
        };
        // Which of two equal ones was drawn first is chance already.
        if score(b) < score(a) { b } else { a }
    }

    fn draw(&mut self, class: usize, now: u64) -> u32 {
        let n = self.targets.classes[class].eligible.len();
        let mut chosen = self.targets.classes[class].eligible[0];
        for _ in 0..DRAWS {
            let position = self.stream.below(n as u32) as usize;
            chosen = self.targets.classes[class].eligible[position];
            if self.ramped(chosen, now) {
                break;
            }
        }
        chosen
    }

    fn draw_weighted(&mut self, class: usize, now: u64) -> u32 {
        let n = self.targets.classes[class].eligible.len();
        let mut chosen = self.targets.classes[class].eligible[0];
        for _ in 0..DRAWS {
            let draw = self.stream.unit();
            let class = &self.targets.classes[class];
            let position = class.until.partition_point(|until| *until <= draw);
            chosen = class.eligible[position.min(n - 1)];
            if self.ramped(chosen, now) {
                break;
            }
        }
        chosen
    }

    /// The share of a full target's requests that a target gets, 0 to 1: grows on a straight line during a
    /// slow start.
    fn share(&self, target: u32, now: u64) -> f64 {
        match self.targets.list[target as usize].slow_since {
            Some(since) if now < since.saturating_add(self.slow_ns) => {
                // Never nothing, else one that starts alone would stay alone.
                ((now - since) as f64 / self.slow_ns as f64).max(0.01)
            }
            _ => 1.0,
        }
    }

    /// Whether a target whose turn it is takes the turn.
    fn ramped(&mut self, target: u32, now: u64) -> bool {
        if self.slow_ns == 0 {
            return true;
        }
        let share = self.share(target, now);
        share >= 1.0 || self.stream.unit() < share
    }

    /// A load as it weighs for a target during its slow start.
    fn scaled(&self, target: u32, load: u32, now: u64) -> f64 {
        if self.slow_ns == 0 {
            return f64::from(load);
        }
        (f64::from(load) + 1.0) / self.share(target, now)
    }
}
