//! Which host a request believes that it speaks to.
//!
//! A page of some other site whose name suddenly leads to 127.0.0.1 may read what it is answered,
//! as a browser sees it; but its requests name that site.

use hyper::header::HOST;
use hyper::http::request::Parts;

/// Whether every name that the request has for its server is this machine's own.
pub(super) fn is_this_machine(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(HOST).iter();
    let is_named = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_local),
        _ => false,
    };
    // A request to a proxy has it in its first line, too.
    let authority = head.uri.authority();
    is_named && authority.is_none_or(|authority| is_local(authority.as_str()))
}

fn is_local(authority: &str) -> bool {
    let names = ["127.0.0.1", "[::1]", "localhost"];
    let mut ports = names.iter().filter_map(|name| {
        let (start, rest) = authority.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some(rest)
    });
    ports.next().is_some_and(|port| {
        let digits = port.strip_prefix(':').unwrap_or("0");
        (port.is_empty() || port.starts_with(':')) && digits.parse::<u16>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_three() {
        for (authority, expected) in [
            ("127.0.0.1", true),
            ("127.0.0.1:8080", true),
            ("LocalHost:1", true),
            ("[::1]:8080", true),
            ("", false),
            (":8080", false),
            ("localhost:", false),
            ("localhost:x", false),
            ("localhost:99999", false),
            ("localhost.example", false),
            ("localhost.", false),
            ("127.0.0.1.example:80", false),
            ("127.0.0.1@evil.example", false),
            ("evil.example", false),
            ("s.pasby.africa", false),
            ("0.0.0.0", false),
        ] {
            assert_eq!(is_local(authority), expected, "{authority}");
        }
    }
}
