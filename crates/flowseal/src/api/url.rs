//! URLs, as far as they have to be understood here: where they lead.

/// A URL of `http` or `https` that is written in full and names nobody.
pub(super) struct Url<'a> {
    pub(super) is_https: bool,
    host: &'a str,
    port: Option<u16>,
    /// Path and query, from their slash on; empty where there is none.
    rest: &'a str,
}

impl<'a> Url<'a> {
    /// Reads `https://HOST[:PORT][/PATH][?QUERY]`, or the same of `http`.
    ///
    /// There is no user, no fragment and nothing but visible ASCII: what two readers could
    /// understand differently is no URL here.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}#".contains(&byte);
        if url.len() > MAX_LEN || !url.bytes().all(is_plain) {
            return None;
        }
        let (scheme, behind) = url.split_once("://")?;
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let end = behind.find(['/', '?']).unwrap_or(behind.len());
        let (authority, rest) = behind.split_at_checked(end)?;
        // The port's colon stands behind the bracket of an IPv6 address.
        let host_end = match authority.find(']') {
            Some(bracket) => bracket + 1,
            None => authority.find(':').unwrap_or(authority.len()),
        };
        let (host, port) = authority.split_at_checked(host_end)?;
        let port = match port.strip_prefix(':') {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            None if port.is_empty() => None,
            _ => return None,
        };
        is_a_host(host).then_some(Self {
            is_https,
            host,
            port,
            rest,
        })
    }

    /// Whether it is an address of this machine, written as a number: a name may lead anywhere.
    pub(super) fn is_literal_loopback(&self) -> bool {
        ["127.0.0.1", "[::1]"].contains(&self.host)
    }

    /// The same, or the name that every machine has for itself.
    pub(super) fn is_loopback(&self) -> bool {
        self.is_literal_loopback() || self.host.eq_ignore_ascii_case("localhost")
    }

    /// Whether it names a server, and nothing on it.
    pub(super) fn is_origin(&self) -> bool {
        self.rest.is_empty()
    }

    fn port(&self) -> u16 {
        let default = if self.is_https { 443 } else { 80 };
        self.port.unwrap_or(default)
    }
}

/// Whether two URLs are one address, as HTTP clients may write it: the scheme and the host in
/// either case, a port that goes without saying said or not.
pub(super) fn are_one_address(left: &str, right: &str) -> bool {
    let (Some(left), Some(right)) = (Url::parse(left), Url::parse(right)) else {
        return false;
    };
    left.is_https == right.is_https
        && left.host.eq_ignore_ascii_case(right.host)
        && left.port() == right.port()
        && left.rest == right.rest
}

fn is_a_host(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_written = match address {
        Some(address) => address
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.'),
        None => host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'),
    };
    is_written && !host.is_empty() && address != Some("")
}

/// What browsers and servers take.
const MAX_LEN: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_in_one_way_or_not_at_all() {
        for (url, is_one) in [
            ("https://open.pasby.africa/x?y=1", true),
            ("HTTPS://open.pasby.africa", true),
            ("https://[2001:db8::1]:8443/", true),
            ("http://127.0.0.1:8080/hook", true),
            ("https://open.pasby.africa@evil.example/", false),
            ("https://user:pass@open.pasby.africa/", false),
            ("https://open.pasby.africa\\@evil.example/", false),
            ("https:///x", false),
            ("https://", false),
            ("https://[]/", false),
            ("https://[::1", false),
            ("https://a:b", false),
            ("https://a:70000", false),
            ("https://a:", false),
            ("https:open.pasby.africa", false),
            ("https://a/\u{e9}", false),
            ("https://a/ b", false),
            ("https://a/\nb", false),
            ("https://a/#b", false),
            ("javascript:alert(1)", false),
            ("javascript://a/%0aalert(1)", false),
            ("pasby://open", false),
            ("", false),
        ] {
            assert_eq!(Url::parse(url).is_some(), is_one, "{url}");
        }
        let longest = format!("https://a/{}", "x".repeat(MAX_LEN - 10));
        assert!(Url::parse(&longest).is_some());
        assert!(Url::parse(&(longest + "x")).is_none());
    }

    #[test]
    fn a_loopback_address_is_written_as_a_number() {
        for (url, literal, loopback) in [
            ("http://127.0.0.1:1", true, true),
            ("http://[::1]/", true, true),
            ("http://localhost", false, true),
            ("http://127.0.0.1.example", false, false),
            ("http://127.1", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(url.is_literal_loopback(), literal);
            assert_eq!(url.is_loopback(), loopback);
        }
    }

    #[test]
    fn one_address_may_be_written_in_two_ways() {
        let address = "https://s.pasby.africa/api/v2/flow/ping";
        for (other, is_one) in [
            (address, true),
            ("https://S.pasby.africa:443/api/v2/flow/ping", true),
            ("http://s.pasby.africa/api/v2/flow/ping", false),
            ("https://s.pasby.africa:444/api/v2/flow/ping", false),
            ("https://s.pasby.africa/api/v2/flow/PING", false),
            ("https://s.pasby.africa/api/v2/flow/ping?x", false),
            ("https://l.pasby.africa/api/v2/flow/ping", false),
            ("", false),
        ] {
            assert_eq!(are_one_address(address, other), is_one, "{other}");
        }
        assert!(!are_one_address("", ""));
    }
}
