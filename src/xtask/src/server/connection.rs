//! One visitor's connection: reads requests and writes answers until it closes.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::request::{self, Nothing, Request};
use super::site::{Found, Site, media_type};

/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Answers a visitor; one who hangs up in between is left alone.
pub fn serve(stream: TcpStream, site: &Site) {
    let _ = talk(&stream, site);
}

fn talk(stream: &TcpStream, site: &Site) -> io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream);
    loop {
        match request::read(&mut input) {
            Ok(request) => {
                answer(stream, site, &request)?;
                if !request.keep {
                    return Ok(());
                }
            }
            Err(Nothing::Nonsense) => return plain(stream, "400 Bad Request", "", false),
            Err(Nothing::Gone) => return Ok(()),
        }
    }
}

fn answer(stream: &TcpStream, site: &Site, request: &Request) -> io::Result<()> {
    let with_body = match request.method.as_str() {
        "GET" => true,
        "HEAD" => false,
        // A body may follow that we do not read, so the connection ends.
        _ => {
            plain(
                stream,
                "405 Method Not Allowed",
                "Allow: GET, HEAD\r\n",
                false,
            )?;
            return Err(io::ErrorKind::Unsupported.into());
        }
    };
    match site.find(&request.path) {
        Found::File(path) => {
            let mut file = File::open(&path)?;
            let length = file.metadata()?.len();
            let kind = media_type(&path);
            head(stream, "200 OK", kind, length, "", request.keep)?;
            if with_body {
                io::copy(&mut file, &mut &*stream)?;
            }
            Ok(())
        }
        Found::Redirect(place) => {
            let location = format!("Location: {place}\r\n");
            head(
                stream,
                "308 Permanent Redirect",
                "text/plain",
                0,
                &location,
                request.keep,
            )
        }
        Found::Nothing => {
            let text = if with_body { "404 Not Found\n" } else { "" };
            head(
                stream,
                "404 Not Found",
                "text/plain",
                text.len() as u64,
                "",
                request.keep,
            )?;
            (&*stream).write_all(text.as_bytes())
        }
    }
}

fn plain(stream: &TcpStream, status: &str, extra: &str, keep: bool) -> io::Result<()> {
    head(stream, status, "text/plain", 0, extra, keep)
}

fn head(
    mut stream: &TcpStream,
    status: &str,
    kind: &str,
    length: u64,
    extra: &str,
    keep: bool,
) -> io::Result<()> {
    let connection = if keep { "keep-alive" } else { "close" };
    // One write: a head in pieces would wait for the other side's acknowledgement.
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\
         Connection: {connection}\r\n{extra}\r\n"
    );
    stream.write_all(text.as_bytes())
}
