//! What can be done about an error of the API.

/// What can be done about an error of the API.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Remedy {
    /// The credentials are missing, wrong or no longer valid.
    Authorise,
    /// The request is wrong, and will be the next time.
    FixRequest,
    /// The answer does not say enough.
    Investigate,
    /// It is the API's trouble, or there were too many requests.
    RetryLater,
    /// The flow or the session has expired.
    StartAgain,
    /// The person has decided otherwise.
    TellUser,
}

impl Remedy {
    /// The remedy's stable name, such as `retry_later`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorise => "authorise",
            Self::FixRequest => "fix_request",
            Self::Investigate => "investigate",
            Self::RetryLater => "retry_later",
            Self::StartAgain => "start_again",
            Self::TellUser => "tell_user",
        }
    }

    /// What to do, as a sentence for a log or an operator.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Authorise => {
                "authorise again (v1), or check the API key and the app secret (v2), which have to be of one environment"
            }
            Self::FixRequest => {
                "correct the request: sent again as it is, it will be refused again"
            }
            Self::Investigate => {
                "read the message and helper_url: what to do does not follow from the answer"
            }
            Self::RetryLater => {
                "try again later, with growing pauses: the API takes 100 requests a minute from an address"
            }
            Self::StartAgain => {
                "start a new flow: this one or its session has expired (with v1, authorise first)"
            }
            Self::TellUser => "tell the user: they have cancelled, and may start again",
        }
    }

    pub(super) fn of_http_status(status: u16) -> Option<Self> {
        match status {
            401 => Some(Self::Authorise),
            408 | TOO_MANY_REQUESTS | 500..=599 => Some(Self::RetryLater),
            400..=499 => Some(Self::FixRequest),
            _ => None,
        }
    }
}

/// RFC 6585, section 4.
pub(super) const TOO_MANY_REQUESTS: u16 = 429;
