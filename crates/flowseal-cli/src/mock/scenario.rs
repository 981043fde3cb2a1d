//! What happens to a flow: who does what when, and what goes wrong on the way.

use std::time::Duration;

use clap::ValueEnum;

/// A course of events.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Scenario {
    /// A device picks the flow up after half a second; the person approves after two.
    Default,
    /// The person takes eight seconds.
    Slow,
    /// The person shares a given name, and declines the rest.
    Declined,
    /// The claims of an identification come without the person's signature.
    Unsigned,
    /// The person cancels.
    Cancelled,
    /// The flow expires after two seconds.
    Expired,
    /// The session token (v1) expires after the first answer about a flow.
    ExpiredToken,
    /// The second and the third request about a flow are too many.
    #[value(name = "429")]
    TooManyRequests,
    /// The second and the third request about a flow fail.
    #[value(name = "500")]
    ServerError,
    /// The second and the third answer about a flow are a proxy's page.
    Garbage,
    /// The second and the third connection about a flow are dropped.
    Dropped,
}

/// How a flow ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ending {
    Approved,
    ApprovedInPart,
    Cancelled,
    Expired,
}

/// What is done instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    TokenExpired,
    TooManyRequests,
    ServerError,
    Garbage,
    Drop,
}

impl Scenario {
    /// How long after its start a device picks a flow up.
    pub(super) fn picked_up(self) -> Duration {
        match self {
            Self::Slow => Duration::from_secs(3),
            _ => Duration::from_millis(500),
        }
    }

    /// How long after its start a flow ends.
    pub(super) fn ends(self) -> Duration {
        match self {
            Self::Slow => Duration::from_secs(8),
            _ => Duration::from_secs(2),
        }
    }

    pub(super) fn ending(self) -> Ending {
        match self {
            Self::Declined => Ending::ApprovedInPart,
            Self::Cancelled => Ending::Cancelled,
            Self::Expired => Ending::Expired,
            _ => Ending::Approved,
        }
    }

    /// Whether identifications come without the person's signature.
    pub(super) fn is_unsigned(self) -> bool {
        matches!(self, Self::Unsigned)
    }

    /// What goes wrong with the request of this number about a flow, counted from 1.
    pub(super) fn fault(self, number: u32, has_token: bool) -> Option<Fault> {
        match (self, number) {
            (Self::ExpiredToken, 2) if has_token => Some(Fault::TokenExpired),
            (Self::TooManyRequests, 2 | 3) => Some(Fault::TooManyRequests),
            (Self::ServerError, 2 | 3) => Some(Fault::ServerError),
            (Self::Garbage, 2 | 3) => Some(Fault::Garbage),
            (Self::Dropped, 2 | 3) => Some(Fault::Drop),
            _ => None,
        }
    }
}
