//! Times of a day in minutes after midnight, as people type them.

/// Reads `9:00` or `09:00`; minutes after midnight.
#[must_use]
pub fn read_clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str, most: u16| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let value: u16 = text.parse().ok()?;
        (digits && value <= most).then_some(value)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}

/// Minutes after midnight as `09:00`.
#[must_use]
pub fn clock_text(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_they_are_typed() {
        for (text, minutes) in [
            ("9:00", 540),
            ("09:05", 545),
            (" 0:00 ", 0),
            ("23:59", 1439),
        ] {
            assert_eq!(read_clock(text), Some(minutes), "{text}");
        }
        for text in [
            "", "9", "24:00", "9:60", "+9:00", "009:00", "9:0x", "9:00:00", ":",
        ] {
            assert_eq!(read_clock(text), None, "{text}");
        }
        assert_eq!(clock_text(545), "09:05");
        assert_eq!(read_clock(&clock_text(1439)), Some(1439));
    }
}
