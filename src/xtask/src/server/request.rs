//! What a browser asks: the first line and the one header that matters here.

use std::io::BufRead;

/// Longest head of a request that is read; browsers send far less.
const HEAD_BYTES: usize = 32 * 1024;

/// One request.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, still with its percent signs, without the query.
    pub path: String,
    /// Whether the visitor wants to ask more on this connection.
    pub keep: bool,
}

/// What came instead of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The visitor hung up or waited too long.
    Gone,
    /// Something that is no HTTP.
    Nonsense,
}

/// Reads one request up to its empty line.
pub fn read(input: &mut impl BufRead) -> Result<Request, Nothing> {
    let mut left = HEAD_BYTES;
    let first = read_line(input, &mut left)?;
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(if first.is_empty() {
            Nothing::Gone
        } else {
            Nothing::Nonsense
        });
    };
    if !target.starts_with('/') || !version.starts_with("HTTP/1.") {
        return Err(Nothing::Nonsense);
    }
    let mut keep = version == "HTTP/1.1";
    loop {
        let line = read_line(input, &mut left)?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("connection")
        {
            keep = keep && !value.trim().eq_ignore_ascii_case("close");
        }
    }
    let path = target.split(['?', '#']).next().unwrap_or("/").to_owned();
    Ok(Request {
        method: method.to_owned(),
        path,
        keep,
    })
}

fn read_line(input: &mut impl BufRead, left: &mut usize) -> Result<String, Nothing> {
    let mut line = Vec::new();
    let mut limited = std::io::Read::take(input, *left as u64);
    let length = limited
        .read_until(b'\n', &mut line)
        .map_err(|_| Nothing::Gone)?;
    *left -= length.min(*left);
    if !line.ends_with(b"\n") {
        return Err(if *left == 0 {
            Nothing::Nonsense
        } else {
            Nothing::Gone
        });
    }
    let text = String::from_utf8(line).map_err(|_| Nothing::Nonsense)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, &str, bool), Nothing>) {
        let expected = expected.map(|(method, path, keep)| Request {
            method: method.to_owned(),
            path: path.to_owned(),
            keep,
        });
        assert_eq!(read(&mut text.as_bytes()), expected, "{text:?}");
    }

    #[test]
    fn requests_are_read() {
        check(
            "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n",
            Ok(("GET", "/a", true)),
        );
        check(
            "HEAD / HTTP/1.1\r\nConnection: Close\r\n\r\n",
            Ok(("HEAD", "/", false)),
        );
        check("GET / HTTP/1.0\r\n\r\n", Ok(("GET", "/", false)));
    }

    #[test]
    fn anything_else_is_not() {
        check("", Err(Nothing::Gone));
        check("GET / HTTP/1.1\r\nHost", Err(Nothing::Gone));
        check("GET /\r\n\r\n", Err(Nothing::Nonsense));
        check(
            "GET http://elsewhere/ HTTP/1.1\r\n\r\n",
            Err(Nothing::Nonsense),
        );
        check(
            &format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(HEAD_BYTES)),
            Err(Nothing::Nonsense),
        );
    }
}
