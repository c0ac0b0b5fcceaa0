//! Tables as CSV that spreadsheets open: RFC 4180, UTF-8 with its mark, so that Korean is read right.

/// Writes rows of cells.
#[must_use]
pub fn write(rows: &[Vec<String>]) -> String {
    let mut out = String::from("\u{feff}");
    for row in rows {
        for (i, value) in row.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&cell(value));
        }
        out.push_str("\r\n");
    }
    out
}

/// A cell: quoted where it must be. A name that a spreadsheet would take for a formula stays a text.
fn cell(value: &str) -> String {
    let number = value
        .strip_prefix(['-', '+'])
        .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
    let value = if formula {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = [
            row(&["팀", "점수, %"]),
            row(&["\"하나\"", "-1.5"]),
            row(&["a\nb", ""]),
        ];
        assert_eq!(
            write(&rows),
            "\u{feff}팀,\"점수, %\"\r\n\"\"\"하나\"\"\",-1.5\r\n\"a\nb\",\r\n"
        );
    }

    #[test]
    fn a_name_is_no_formula() {
        for (name, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-팀-", "'-팀-"),
            ("+7", "+7"),
        ] {
            assert_eq!(cell(name), expected);
        }
    }
}
