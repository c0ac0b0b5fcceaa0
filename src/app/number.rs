//! Reads numbers that people type or the page has kept.
//!
//! JSON's reader is in the page anyway; the standard library's would bring a table of ten kilobytes. Must
//! not live here: units, limits, how numbers are written.

/// Reads a finite number: digits with an optional sign, decimal point and exponent, and space around it.
pub fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let with_digit = digits.strip_prefix('.').unwrap_or(digits);
    if !with_digit.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // JSON has no zeros in front and always a digit before the point.
    let digits = digits.trim_start_matches('0');
    let zero = if digits.starts_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        "0"
    };
    let digits = digits.strip_suffix('.').unwrap_or(digits);
    let number: f64 = serde_json::from_str(&format!("{sign}{zero}{digits}")).ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("12", 12.0),
            (" 007 ", 7.0),
            (".5", 0.5),
            ("-0.25", -0.25),
            ("+3", 3.0),
            ("3.", 3.0),
            ("0", 0.0),
            ("000", 0.0),
            ("1e3", 1000.0),
            ("16px", f64::NAN),
            ("", f64::NAN),
            ("-", f64::NAN),
            (".", f64::NAN),
            ("e0", f64::NAN),
            ("0x10", f64::NAN),
            ("1,000", f64::NAN),
            ("1e999", f64::NAN),
            ("inf", f64::NAN),
            ("NaN", f64::NAN),
            ("--1", f64::NAN),
        ] {
            let expected = Some(expected).filter(|number| !number.is_nan());
            assert_eq!(read_number(text), expected, "{text}");
        }
    }
}
