//! The lock on hints and model answers: a code that the instructor gives out, and a moment from which no code is needed.
//!
//! The files of a static site can be read by anyone, so this hinders and does not prevent; the page says so. Only a
//! salted digest of the code travels in links: guessing a short code from it takes time, but not for ever.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The shortest code that is taken, in characters.
pub const SHORTEST_CODE: usize = 4;
/// The longest, in characters.
const LONGEST_CODE: usize = 64;
/// How often the digest is taken anew: tenths of a second in a browser.
const ROUNDS: u32 = 40_000;
/// Bytes of the salt.
const SALT: usize = 8;
/// Bytes of the digest that are kept.
const HASH: usize = 16;
/// Milliseconds of a minute.
const MINUTE_MS: u64 = 60_000;

/// A lock, as it travels in a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    salt: [u8; SALT],
    hash: [u8; HASH],
    /// From when no code is needed, in minutes since 1970.
    opens: u64,
}

/// Whether hints and answers may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// They may.
    Open,
    /// Not without the code, or before this moment in milliseconds since 1970.
    Closed(u64),
}

impl Lock {
    /// Makes one; `None` for a code that is too short or too long. `salt` should be random, `opens_ms` is the moment
    /// from which no code is needed, in milliseconds since 1970.
    #[must_use]
    pub fn new(code: &str, salt: [u8; SALT], opens_ms: u64) -> Option<Self> {
        let plain = plain(code);
        let length = plain.chars().count();
        (SHORTEST_CODE..=LONGEST_CODE)
            .contains(&length)
            .then(|| Self {
                salt,
                hash: digest(&plain, salt),
                opens: opens_ms.div_ceil(MINUTE_MS),
            })
    }

    /// Whether this is the code. Capital letters and blanks do not matter.
    #[must_use]
    pub fn fits(&self, code: &str) -> bool {
        let plain = plain(code);
        plain.chars().count() <= LONGEST_CODE && digest(&plain, self.salt) == self.hash
    }

    /// From when no code is needed, in milliseconds since 1970.
    #[must_use]
    pub const fn opens_ms(&self) -> u64 {
        self.opens.saturating_mul(MINUTE_MS)
    }

    /// Whether hints and answers may be shown at a moment, where the code was given or not.
    #[must_use]
    pub fn gate(lock: Option<&Self>, code_given: bool, now_ms: u64) -> Gate {
        match lock {
            Some(lock) if !code_given && now_ms < lock.opens_ms() => Gate::Closed(lock.opens_ms()),
            _ => Gate::Open,
        }
    }

    /// As it stands in a link.
    #[must_use]
    pub fn token(&self) -> String {
        format!("1.{}.{}.{}", hex(&self.salt), hex(&self.hash), self.opens)
    }

    /// Reads what stands in a link.
    #[must_use]
    pub fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        if parts.next()? != "1" {
            return None;
        }
        let salt = bytes(parts.next()?)?;
        let hash = bytes(parts.next()?)?;
        let opens = parts.next()?;
        let digits = opens.len() <= 12 && opens.bytes().all(|b| b.is_ascii_digit());
        let opens = opens.parse().ok().filter(|_| digits)?;
        parts.next().is_none().then_some(Self { salt, hash, opens })
    }
}

/// The code as it is compared: people write it off a board.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(|c| !c.is_whitespace());
    letters.flat_map(char::to_lowercase).collect()
}

fn digest(code: &str, salt: [u8; SALT]) -> [u8; HASH] {
    let mut last = Sha256::new()
        .chain_update(salt)
        .chain_update(code)
        .finalize();
    for _ in 0..ROUNDS {
        last = Sha256::new()
            .chain_update(last)
            .chain_update(salt)
            .finalize();
    }
    let mut out = [0; HASH];
    for (to, from) in out.iter_mut().zip(last.iter()) {
        *to = *from;
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    if text.len() != 2 * N || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (i, to) in out.iter_mut().enumerate() {
        *to = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENS: u64 = 1_800_000_000_000;

    #[test]
    fn the_code_opens_and_nothing_else_does() {
        let lock = Lock::new("특강 2026", [7; SALT], OPENS).unwrap();
        assert!(lock.fits("특강2026") && lock.fits(" 특강 2026 "));
        assert!(!lock.fits("특강2027") && !lock.fits(""));
        let other = Lock::new("특강 2026", [8; SALT], OPENS).unwrap();
        assert_ne!(lock.hash, other.hash, "the salt matters");
        assert!(Lock::new("AbCd", [0; SALT], OPENS).unwrap().fits("abcd"));
    }

    #[test]
    fn short_codes_are_refused() {
        for code in ["", "abc", " a b c ", &"x".repeat(LONGEST_CODE + 1)] {
            assert_eq!(Lock::new(code, [0; SALT], OPENS), None, "{code}");
        }
    }

    #[test]
    fn a_link_holds_the_lock_and_not_the_code() {
        let lock = Lock::new("secret", [0xab; SALT], OPENS + 1).unwrap();
        let token = lock.token();
        assert_eq!(Lock::read(&token), Some(lock.clone()));
        assert!(!token.contains("secret"));
        assert_eq!(
            lock.opens_ms(),
            OPENS + MINUTE_MS,
            "never earlier than was said"
        );
        let good = "1.0011223344556677.00112233445566778899aabbccddeeff.30000000";
        assert!(Lock::read(good).is_some());
        for bad in [
            "",
            "2.0011223344556677.00112233445566778899aabbccddeeff.30000000",
            "1.00112233445566.00112233445566778899aabbccddeeff.30000000",
            "1.001122334455667g.00112233445566778899aabbccddeeff.30000000",
            "1.0011223344556677.00112233445566778899aabbccddeeff.+3",
            "1.0011223344556677.00112233445566778899aabbccddeeff.3.4",
            "1.0011223344556677.00112233445566778899aabbccddeeff",
        ] {
            assert_eq!(Lock::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_gate_opens_by_code_or_by_time() {
        let lock = Lock::new("secret", [1; SALT], OPENS).unwrap();
        assert_eq!(Lock::gate(None, false, 0), Gate::Open);
        assert_eq!(
            Lock::gate(Some(&lock), false, OPENS - 1),
            Gate::Closed(OPENS)
        );
        assert_eq!(Lock::gate(Some(&lock), true, OPENS - 1), Gate::Open);
        assert_eq!(Lock::gate(Some(&lock), false, OPENS), Gate::Open);
    }
}
