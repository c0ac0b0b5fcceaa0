//! A station of the bare loop: workers and a line in a ring buffer.

/// A line of requests, first come first served. A power of two of places, so that going round is one mask.
struct Ring {
    places: Vec<u64>,
    head: usize,
    len: usize,
}

impl Ring {
    #[inline]
    fn push(&mut self, born: u64) {
        if self.len == self.places.len() {
            self.grow();
        }
        let mask = self.places.len() - 1;
        self.places[(self.head + self.len) & mask] = born;
        self.len += 1;
    }

    #[inline]
    fn pop(&mut self) -> Option<u64> {
        if self.len == 0 {
            return None;
        }
        let born = self.places[self.head];
        self.head = (self.head + 1) & (self.places.len() - 1);
        self.len -= 1;
        Some(born)
    }

    #[cold]
    fn grow(&mut self) {
        self.places.rotate_left(self.head);
        self.head = 0;
        self.places.resize(self.places.len() * 2, 0);
    }
}

/// Workers that serve one request each, and those that wait for one.
pub struct Station {
    idle: u32,
    line: Ring,
    /// Mean of the exponential service time in nanoseconds.
    pub mean_ns: f64,
}

impl Station {
    /// Makes a station with all workers idle.
    pub fn new(workers: u32, mean_ns: f64) -> Self {
        Self {
            idle: workers,
            line: Ring {
                places: vec![0; 64],
                head: 0,
                len: 0,
            },
            mean_ns,
        }
    }

    /// Takes a request; tells whether a worker begins with it at once.
    #[inline]
    pub fn arrive(&mut self, born: u64) -> bool {
        let begins = self.idle > 0;
        if begins {
            self.idle -= 1;
        } else {
            self.line.push(born);
        }
        begins
    }

    /// A worker is done; returns the request it goes on with.
    #[inline]
    pub fn next(&mut self) -> Option<u64> {
        let next = self.line.pop();
        if next.is_none() {
            self.idle += 1;
        }
        next
    }
}
