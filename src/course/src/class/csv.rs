//! Tables as CSV that spreadsheets open: RFC 4180, UTF-8 with its mark, so that Korean is read right.

/// What a spreadsheet takes for the begin of a formula, in the wide letters of Korean and Japanese keyboards too.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes rows of cells; shorter rows are filled up, so that all have the same number.
#[must_use]
pub fn write(rows: &[Vec<String>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut out = String::from("\u{feff}");
    for row in rows {
        for i in 0..width {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&cell(row.get(i).map_or("", String::as_str)));
        }
        out.push_str("\r\n");
    }
    out
}

/// A cell: quoted where it must be. A name that a spreadsheet would take for a formula stays a text.
fn cell(value: &str) -> String {
    let number = value.strip_prefix(['-', '+']).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    });
    let formula = value.starts_with(FORMULA) && !number;
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
            row(&["a\nb"]),
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
            ("-", "'-"),
            ("\t=1", "'\t=1"),
            ("＝1+1", "'＝1+1"),
            ("팀=1", "팀=1"),
            ("+7", "+7"),
        ] {
            assert_eq!(cell(name), expected);
        }
    }
}
