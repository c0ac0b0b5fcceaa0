//! A random perfect matching that is computed, not stored: the partner of every stub of a graph.
//!
//! Whose stubs they are does not live here.

use archplay_kernel::mix;

/// A random matching of the numbers from 0 to an even `stubs` − 1, in memory of the order of √stubs.
///
/// A permutation F puts the stubs into a random order, in which neighbours are partners:
/// partner(s) = F⁻¹(F(s) xor 1). F is a Feistel network of four rounds on a rectangle a little larger than
/// `stubs`, with tables of random numbers as round functions (M. Luby and C. Rackoff, 1988: four such
/// rounds are a pseudo-random permutation); what falls outside walks on (J. Black and P. Rogaway, 2002).
#[derive(Clone, Debug)]
pub(super) struct Matching {
    stubs: u32,
    height: u32,
    width: u32,
    /// Added to the row for each column, to the column for each row, and both again.
    rounds: [Box<[u32]>; 4],
}

impl Matching {
    /// The most stubs that can be matched.
    pub(super) const MOST: u32 = 1 << 31;

    pub(super) fn new(key: u64, stubs: u32) -> Self {
        let stubs = stubs.min(Self::MOST) & !1;
        // Up to 2³¹ the root is exact to one, and one too many does no harm.
        let height = (libm::sqrt(f64::from(stubs)) as u32).max(1);
        let width = stubs.div_ceil(height).max(1);
        let table = |round: u64, length: u32, below: u32| -> Box<[u32]> {
            let key = mix(key, round);
            (0..length)
                .map(|at| ((u128::from(mix(key, at.into())) * u128::from(below)) >> 64) as u32)
                .collect()
        };
        Self {
            stubs,
            height,
            width,
            rounds: [
                table(0, width, height),
                table(1, height, width),
                table(2, width, height),
                table(3, height, width),
            ],
        }
    }

    /// The partner of a stub, never the stub itself; `None` for those beyond the last pair.
    pub(super) fn partner(&self, stub: u32) -> Option<u32> {
        if stub >= self.stubs {
            return None;
        }
        let mut there = self.forward(stub);
        while there >= self.stubs {
            there = self.forward(there);
        }
        let mut back = self.backward(there ^ 1);
        while back >= self.stubs {
            back = self.backward(back);
        }
        Some(back)
    }

    pub(super) fn bytes(&self) -> usize {
        self.rounds.iter().map(|table| table.len() * 4).sum()
    }

    fn forward(&self, at: u32) -> u32 {
        let (mut row, mut column) = (at / self.width, at % self.width);
        let [a, b, c, d] = &self.rounds;
        row = add(row, a[column as usize], self.height);
        column = add(column, b[row as usize], self.width);
        row = add(row, c[column as usize], self.height);
        column = add(column, d[row as usize], self.width);
        row * self.width + column
    }

    fn backward(&self, at: u32) -> u32 {
        let (mut row, mut column) = (at / self.width, at % self.width);
        let [a, b, c, d] = &self.rounds;
        column = add(column, self.width - d[row as usize], self.width);
        row = add(row, self.height - c[column as usize], self.height);
        column = add(column, self.width - b[row as usize], self.width);
        row = add(row, self.height - a[column as usize], self.height);
        row * self.width + column
    }
}

/// The sum of a number below `n` and one up to `n`, taken around.
fn add(x: u32, y: u32, n: u32) -> u32 {
    let sum = x + y;
    if sum >= n { sum - n } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_partner() {
        for stubs in [2, 4, 6, 10, 98, 1_000, 12_346] {
            let matching = Matching::new(7, stubs);
            for stub in 0..stubs {
                let partner = matching.partner(stub).unwrap();
                assert_ne!(partner, stub);
                assert!(partner < stubs);
                assert_eq!(matching.partner(partner), Some(stub));
            }
        }
        assert_eq!(Matching::new(7, 0).partner(0), None);
        assert_eq!(Matching::new(7, 5).partner(4), None);
        let most = Matching::new(7, Matching::MOST);
        for stub in [0, 1, Matching::MOST / 3, Matching::MOST - 1] {
            assert_eq!(most.partner(stub).and_then(|p| most.partner(p)), Some(stub));
        }
    }

    /// Partners of neighbours are spread evenly: sixteen by sixteen fields by place of stub and partner.
    #[test]
    fn partners_are_even() {
        let stubs = 1 << 20;
        let matching = Matching::new(3, stubs);
        let mut fields = [[0_u32; 16]; 16];
        for stub in 0..stubs {
            fields[(stub >> 16) as usize][(matching.partner(stub).unwrap() >> 16) as usize] += 1;
        }
        // 4,096 wanted in each, standard deviation about 64 (90 on the diagonal, where pairs count twice).
        let most = fields.iter().flatten().map(|n| n.abs_diff(4_096)).max();
        assert!(most < Some(400), "{most:?}");
    }
}
