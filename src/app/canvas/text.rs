//! Fits a line of text into a width without asking the browser to measure it.
//!
//! SVG has no ellipsis. Widths are estimated from classes of characters, a little on the wide side, so that
//! what is said to fit does fit in every font of the stack.

/// The estimated width of a text in pixels at a font size.
pub fn width(text: &str, font_px: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * font_px
}

/// The text, or as much of it as fits, with an ellipsis; and whether anything was left out.
pub fn fit(text: &str, room_px: f64, font_px: f64) -> (String, bool) {
    if width(text, font_px) <= room_px {
        return (text.to_owned(), false);
    }
    let mut left = room_px / font_px - advance('…');
    let mut out = String::new();
    for c in text.chars() {
        left -= advance(c);
        if left < 0.0 {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    (out, true)
}

/// The advance of a character in shares of the font size.
fn advance(c: char) -> f64 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'l' | 'I' | 'j' | '·' => 0.3,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.9,
        'A'..='Z' | '&' | '+' | '=' | '×' => 0.7,
        ' '..='~' => 0.58,
        '\u{0300}'..='\u{036f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{00a0}'..='\u{024f}' => 0.62,
        '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{ffef}' => 0.93,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_and_long_ones_end_in_an_ellipsis() {
        let check = |text: &str, room: f64, expected: &str| {
            assert_eq!(fit(text, room, 13.0).0, expected);
        };
        check("web-1", 78.0, "web-1");
        check("데이터베이스", 80.0, "데이터베이스");
        check("주문 처리 데이터베이스", 79.0, "주문 처리…");
        check("", 10.0, "");
        for text in ["아주 긴 이름을 가진 서버", "a-very-long-server-name"] {
            let (short, cut) = fit(text, 60.0, 13.0);
            assert!(cut && width(&short, 13.0) <= 60.0, "{short}");
        }
    }
}
