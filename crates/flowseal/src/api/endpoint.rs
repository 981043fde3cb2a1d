//! The endpoints of the API.

/// An endpoint of the API, in either version.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Endpoint {
    /// `authorize`, v1 only: gives a session token.
    Authorize,
    /// `cancel`: voids a flow.
    Cancel,
    /// `health/check`: says whether the API is there.
    Health,
    /// `identification`: starts a flow in which a person says who they are.
    Identification,
    /// `ping`: gives a flow as it is.
    Ping,
    /// `polling`: gives a flow when it has changed.
    Polling,
    /// `signing`: starts a flow in which a person signs or confirms.
    Signing,
    /// `sse`, v2 only: gives a flow again and again, as server-sent events.
    Sse,
}

impl Endpoint {
    /// The endpoint as it stands in a path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Cancel => "cancel",
            Self::Health => "health",
            Self::Identification => "identification",
            Self::Ping => "ping",
            Self::Polling => "polling",
            Self::Signing => "signing",
            Self::Sse => "sse",
        }
    }
}
