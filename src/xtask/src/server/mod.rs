//! A small web server for the finished site, on this machine only.
//!
//! It serves the published bytes under any folder, with the types a strict browser wants.
//! It is no server for the world: no TLS, no compression, one thread a connection.

mod connection;
mod request;
mod site;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use crate::failure::{Failure, OrFail, Result};
use site::Site;

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    site: Arc<Site>,
}

impl Server {
    /// Listens on a port of this machine; 0 takes any free one.
    ///
    /// `base` is the folder the site appears under, such as `/` or `/sub/archplay/`.
    pub fn bind(folder: &Path, base: &str, port: u16) -> Result<Self> {
        let site = Arc::new(Site::open(folder, base)?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .or_fail(|| format!("cannot listen on 127.0.0.1:{port}"))
            .map_err(|failure| failure.advise("choose another port with --port, or --port 0"))?;
        let address = listener
            .local_addr()
            .or_fail(|| "cannot tell the port".to_owned())?;
        Ok(Self {
            listener,
            address,
            site,
        })
    }

    /// The address to type into a browser.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.site.base())
    }

    /// Answers until the process ends.
    pub fn run(&self) -> Result {
        for stream in self.listener.incoming() {
            // A visitor who hung up before we answered is not our failure.
            let Ok(stream) = stream else { continue };
            let site = Arc::clone(&self.site);
            thread::Builder::new()
                .spawn(move || connection::serve(stream, &site))
                .or_fail(|| "cannot start a thread".to_owned())?;
        }
        Err(Failure::new("the server stopped listening"))
    }

    /// Answers beside the caller's own work, until the process ends.
    pub fn run_beside(self) -> Result<String> {
        let url = self.url();
        thread::Builder::new()
            .spawn(move || self.run())
            .or_fail(|| "cannot start a thread".to_owned())?;
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;
    use crate::files;

    /// Sends one request and returns the whole answer.
    fn ask(url: &str, request: &str) -> String {
        let address = url.trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{request}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn a_site_is_served_under_its_folder() {
        let folder = std::env::temp_dir().join(format!("archplay-site-{}", std::process::id()));
        files::write(&folder.join("index.html"), "<p>hello").unwrap();
        files::write(&folder.join("a_bg.wasm"), b"\0asm").unwrap();
        let url = Server::bind(&folder, "/sub/archplay/", 0)
            .unwrap()
            .run_beside()
            .unwrap();

        let page = ask(&url, "GET /sub/archplay/ HTTP/1.1");
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        assert!(page.ends_with("<p>hello"), "{page}");
        let wasm = ask(&url, "HEAD /sub/archplay/a_bg.wasm?x=1 HTTP/1.1");
        assert!(
            wasm.contains("Content-Type: application/wasm\r\n"),
            "{wasm}"
        );
        assert!(
            wasm.contains("Content-Length: 4\r\n") && wasm.ends_with("\r\n\r\n"),
            "{wasm}"
        );
        let bare = ask(&url, "GET /sub/archplay HTTP/1.1");
        assert!(bare.contains("Location: /sub/archplay/\r\n"), "{bare}");
        for (request, status) in [
            ("GET / HTTP/1.1", "404"),
            ("GET /sub/archplay/absent HTTP/1.1", "404"),
            ("GET /sub/archplay/../index.html HTTP/1.1", "404"),
            ("POST /sub/archplay/ HTTP/1.1", "405"),
            ("nonsense", "400"),
        ] {
            let answer = ask(&url, request);
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{request}: {answer}"
            );
        }
        files::remove_folder(&folder).unwrap();
    }
}
