//! Webhooks: a post that something has happened, to this machine and to nobody else.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use hyper::Uri;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Where an app wants to hear of its flow.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Webhook {
    /// `None` for an address that is somewhere else: it is taken, as the API takes it, and nothing
    /// is sent there.
    address: Option<Address>,
    reference: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Address {
    socket: SocketAddr,
    authority: String,
    path: String,
}

/// How long a post may take in all.
const PATIENCE: Duration = Duration::from_secs(5);

impl Webhook {
    /// `None` for a URL that is neither one of https nor of an address of this machine, written as
    /// a number: a name may lead anywhere.
    pub(super) fn new(host: &str, reference: &str) -> Option<Self> {
        let url: Uri = host.parse().ok()?;
        let authority = url.authority()?;
        if authority.as_str().contains('@') || host.contains('#') {
            return None;
        }
        // A port that is none would be taken for the usual one.
        let rest = authority.as_str().strip_prefix(authority.host())?;
        if !rest.is_empty() && authority.port_u16().is_none() {
            return None;
        }
        let address = match (url.scheme_str()?, authority.host()) {
            ("http", "127.0.0.1") => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            ("http", "[::1]") => Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
            ("https", host) if !host.is_empty() => None,
            _ => return None,
        };
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        Some(Self {
            address: address.map(|ip| Address {
                socket: SocketAddr::new(ip, url.port_u16().unwrap_or(80)),
                authority: authority.as_str().to_owned(),
                path: path.to_owned(),
            }),
            reference: reference.to_owned(),
        })
    }

    /// Posts once. Whether it is heard is not looked at: the API documents no second try.
    pub(super) async fn post(&self, status: &str) {
        let Some(address) = &self.address else {
            return;
        };
        let body = json!({"reference": self.reference, "status": status}).to_string();
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\nuser-agent: flowseal mock\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            address.path,
            address.authority,
            body.len()
        );
        let _ = timeout(PATIENCE, send(address.socket, request.as_bytes())).await;
    }
}

async fn send(to: SocketAddr, mut request: &[u8]) -> std::io::Result<()> {
    let stream = TcpStream::connect(to).await?;
    while !request.is_empty() {
        stream.writable().await?;
        match stream.try_write(request) {
            Ok(written) => request = request.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    // Closed only when it has been answered: some servers drop what nobody waits for.
    loop {
        stream.readable().await?;
        match stream.try_read(&mut [0; 1024]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            done => return done.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_posted_to_and_only_https_is_taken_besides() {
        let posted = |host: &str| Webhook::new(host, "r").map(|hook| hook.address.is_some());
        for (host, expected) in [
            ("http://127.0.0.1:8080/hook?x=1", Some(true)),
            ("http://127.0.0.1", Some(true)),
            ("http://[::1]:8080/", Some(true)),
            ("https://bank.example/hook", Some(false)),
            // It would need a certificate.
            ("https://127.0.0.1:8443/hook", Some(false)),
            ("http://localhost:8080/hook", None),
            ("http://bank.example/hook", None),
            ("http://127.0.0.1.example/", None),
            ("http://127.0.0.1:99999/", None),
            ("http://127.0.0.1:/", None),
            ("https://bank.example:99999/", None),
            ("http://127.0.0.2/", None),
            ("http://127.1/", None),
            ("http://2130706433/", None),
            ("http://0.0.0.0/", None),
            ("http://169.254.169.254/", None),
            ("http://127.0.0.1@bank.example/", None),
            ("http://bank.example@127.0.0.1/", None),
            ("http://127.0.0.1/\r\nx: y", None),
            ("http://127.0.0.1/#x", None),
            ("ftp://127.0.0.1/", None),
            ("//127.0.0.1/", None),
            ("/hook", None),
            ("", None),
        ] {
            assert_eq!(posted(host), expected, "{host:?}");
        }
    }
}
