//! Paths: what is asked, in which version.

use hyper::Method;

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Route {
    /// Whether the API is there.
    Health,
    /// The start of a flow.
    Start(Version, Kind, Device),
    /// Something about a flow, or the token that v1 wants before.
    Flow(Version, Endpoint),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Version {
    V1,
    V2,
}

/// What a person is asked to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Identification,
    Signing,
}

/// Where a person is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Device {
    Same,
    Different,
    Wildcard,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Endpoint {
    Authorize,
    Cancel,
    Ping,
    Polling,
    Sse,
}

impl Route {
    /// The route that a method and a path name.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let (route, expected) = match path.strip_prefix("/api/")? {
            "health/check" => (Self::Health, Method::GET),
            versioned => Self::versioned(versioned)?,
        };
        (*method == expected).then_some(route)
    }

    fn versioned(path: &str) -> Option<(Self, Method)> {
        let (version, path) = path.split_once('/')?;
        let version = match version {
            "v1" => Version::V1,
            "v2" => Version::V2,
            _ => return None,
        };
        let (group, step) = path.split_once('/')?;
        let kind = match group {
            "flow" => return Self::about_a_flow(version, step),
            "identification" => Kind::Identification,
            "signing" => Kind::Signing,
            _ => return None,
        };
        let device = match (step, version, kind) {
            ("same-device", ..) => Device::Same,
            ("different-device", ..) => Device::Different,
            // v1 signs for nobody in particular.
            ("wildcard", Version::V1, Kind::Signing) => return None,
            ("wildcard", ..) => Device::Wildcard,
            _ => return None,
        };
        Some((Self::Start(version, kind, device), Method::POST))
    }

    fn about_a_flow(version: Version, step: &str) -> Option<(Self, Method)> {
        let (endpoint, method) = match (step, version) {
            ("authorize", Version::V1) => (Endpoint::Authorize, Method::GET),
            ("sse", Version::V2) => (Endpoint::Sse, Method::GET),
            ("cancel", _) => (Endpoint::Cancel, Method::POST),
            ("ping", _) => (Endpoint::Ping, Method::POST),
            ("polling", _) => (Endpoint::Polling, Method::POST),
            _ => return None,
        };
        Some((Self::Flow(version, endpoint), method))
    }
}

/// A parameter of a query, its percent-encoding undone.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, value)| *key == name && !value.is_empty())?;
    let mut decoded = Vec::new();
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_those_of_the_api_and_no_others() {
        let route = |method, path| Route::of(&method, path);
        for (method, path, expected) in [
            (Method::GET, "/api/health/check", Route::Health),
            (
                Method::POST,
                "/api/v2/flow/ping",
                Route::Flow(Version::V2, Endpoint::Ping),
            ),
            (
                Method::GET,
                "/api/v1/flow/authorize",
                Route::Flow(Version::V1, Endpoint::Authorize),
            ),
            (
                Method::POST,
                "/api/v1/identification/wildcard",
                Route::Start(Version::V1, Kind::Identification, Device::Wildcard),
            ),
            (
                Method::POST,
                "/api/v2/signing/wildcard",
                Route::Start(Version::V2, Kind::Signing, Device::Wildcard),
            ),
        ] {
            assert_eq!(route(method, path), Some(expected), "{path}");
        }
        for (method, path) in [
            (Method::GET, "/api/v2/flow/authorize"),
            (Method::GET, "/api/v1/flow/sse"),
            (Method::GET, "/api/v2/flow/ping"),
            (Method::POST, "/api/v3/flow/ping"),
            (Method::POST, "/api/v2/flow/ping/"),
            (Method::POST, "/api/v1/signing/wildcard"),
            (Method::GET, "/api/v2/signing/wildcard"),
            (Method::OPTIONS, "/api/v2/signing/wildcard"),
            (Method::POST, "/api/v2/signing/ping"),
            (Method::POST, "/api/health/check"),
            (Method::GET, "/api/v2/health/check"),
            (Method::GET, "/"),
        ] {
            assert_eq!(route(method, path), None, "{path}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        assert_eq!(
            parameter("a=1&request=req_%2B+x", "request").as_deref(),
            Some("req_+ x")
        );
        for query in [
            "",
            "request",
            "request=",
            "request=%",
            "request=%zz",
            "request=%ff",
        ] {
            assert_eq!(parameter(query, "request"), None, "{query}");
        }
    }
}
