//! Who may ask: the credentials, looked at in the order in which the API does.

use hyper::{HeaderMap, StatusCode};

use super::answers::{self, Answer};
use super::route::{Device, Endpoint, Kind, Route, Version};
use super::tokens::Tokens;

/// Who asks.
pub(super) struct Caller {
    pub(super) requester: String,
    pub(super) has_token: bool,
}

/// Who starts the flows that nobody has authorised for.
const REQUESTER: &str = "bcn_sample";

impl Caller {
    pub(super) fn anyone() -> Self {
        Self {
            requester: REQUESTER.to_owned(),
            has_token: false,
        }
    }
}

/// What a route wants beside the API key.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Nothing,
    Secret,
    Token,
    /// A token where one is there, and else the secret.
    Either,
}

impl Wanted {
    fn by(route: Route) -> Self {
        match route {
            // Its page names the API key alone.
            Route::Start(_, Kind::Identification, Device::Wildcard) => Self::Nothing,
            Route::Flow(_, Endpoint::Sse) | Route::Health => Self::Nothing,
            Route::Start(Version::V1, ..) | Route::Flow(_, Endpoint::Polling) => Self::Either,
            Route::Start(Version::V2, ..)
            | Route::Flow(Version::V2, _)
            | Route::Flow(Version::V1, Endpoint::Authorize) => Self::Secret,
            Route::Flow(Version::V1, _) => Self::Token,
        }
    }
}

/// Lets a request in, or says what it lacks.
pub(super) fn admit(
    headers: &HeaderMap,
    route: Route,
    tokens: &Tokens,
    now: i64,
) -> Result<Caller, Box<Answer>> {
    let given = |name| headers.get(name).filter(|value| !value.is_empty());
    let text = |status, text| Err(Box::new(answers::text(status, text)));
    if route != Route::Health && given("x-api-key").is_none() {
        return text(StatusCode::UNAUTHORIZED, "An api key is needed");
    }
    let unauthorised = |kind, reason| {
        let status = StatusCode::UNAUTHORIZED;
        Err(Box::new(answers::typed(status, kind, reason)))
    };
    let has_secret = given("x-access-secret").is_some();
    let token = given("x-access-token").map(|token| token.to_str());
    match (Wanted::by(route), token) {
        (Wanted::Nothing, _) => Ok(Caller::anyone()),
        (Wanted::Secret, _) | (Wanted::Either, None) if has_secret => Ok(Caller::anyone()),
        (Wanted::Token | Wanted::Either, Some(token)) => {
            let token = token.ok();
            match token.and_then(|token| tokens.organisation(token, now)) {
                Some(requester) => Ok(Caller {
                    requester,
                    has_token: true,
                }),
                None => unauthorised("authorization_error", "The access token is not valid"),
            }
        }
        (Wanted::Either, None) if is_v1_polling(route) => {
            unauthorised("session_required", "An access token is needed")
        }
        (Wanted::Secret | Wanted::Either, _) => {
            text(StatusCode::BAD_REQUEST, "App secret missing in headers")
        }
        (Wanted::Token, None) => unauthorised("session_required", "An access token is needed"),
    }
}

fn is_v1_polling(route: Route) -> bool {
    route == Route::Flow(Version::V1, Endpoint::Polling)
}
