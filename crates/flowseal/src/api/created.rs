//! What the API says of a flow that it has started.

use core::time::Duration;
use std::fmt;

use super::asked::{Asked, Origin};
use super::device::Route;
use super::response::RequestModel;
use super::session_token::SessionToken;
use super::url::Url;
use crate::error::{Error, ErrorCode};
use crate::flow::Mode;
use crate::ground::quoted::quoted;
use crate::ground::tree::{Json, Number};
use crate::time::UnixTime;

/// A flow that the API has started: its identifier, and what brings a person to it.
///
/// [`Start::read`](crate::api::Start::read) makes one. Nothing of it is signed by anybody whose key
/// is known; who is asked and for what is in the [`PendingFlow`](crate::api::PendingFlow), as it
/// was sent.
///
/// ```
/// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Device, Environment, HttpResponse,
/// #     Purpose};
/// # let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// # let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// let start = config.identify(Purpose::Login, ["naming.given"], "Log in", &Device::wildcard(2)?)?;
/// # let body = br#"{"status": "successful", "cost": 0.5, "data": {"request": {"id": "req_1",
/// #     "iat": 1716820052, "exp": 1716820412}, "seeds": ["one", "two"]}}"#;
/// let created = start.read(&HttpResponse::new(201, body))?;
/// assert_eq!((created.flow(), created.seeds().len()), ("req_1", 2));
/// // Every 1.2 s another code, from one on that chance has chosen.
/// let shown = |milliseconds| created.seed_at(core::time::Duration::from_millis(milliseconds), 7);
/// assert_ne!(shown(0), shown(1200));
/// assert_eq!(shown(0), shown(2400));
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Created {
    flow: String,
    link: Option<String>,
    seeds: Vec<String>,
    token: Option<SessionToken>,
    expires: UnixTime,
    cost: Option<Number>,
    request: RequestModel,
    asked: Asked,
    of: Origin,
}

impl Created {
    /// Reads what stands in and beside the request that was made.
    pub(super) fn read(
        request: RequestModel,
        token: Option<SessionToken>,
        beside: Option<&Json>,
        cost: Option<Number>,
        started: (&Asked, &Origin),
    ) -> Result<Self, Error> {
        let (asked, of) = started;
        let (mode, route) = (asked.method.mode(), asked.route);
        let flow = request
            .id()
            .filter(|id| super::request::checked(id).is_ok());
        let flow = flow
            .ok_or_else(|| strange("has no id of a flow"))?
            .to_owned();
        // A name that is not known may be another one for the same.
        let is_other = |other: &Mode| *other != mode && !matches!(other, Mode::Other(_));
        if let Some(other) = request.mode().filter(is_other) {
            let other = quoted(other.name());
            return Err(strange(&format!(
                "is of the mode {other}, which was not asked for"
            )));
        }
        let started = request.iat().map(|iat| iat + Self::LIFETIME);
        let expires = request.exp().or(started);
        let expires = expires.ok_or_else(|| strange("does not say when it expires"))?;

        let beside = |name: &str| beside.and_then(Json::as_object)?.present(name);
        let link = match (beside("link"), route) {
            (Some(Json::String(link)), _) => Some(checked_link(link)?),
            (Some(_), _) => return Err(strange("has a link that is not text")),
            (None, Route::Same) => return Err(strange("has no link to open on the device")),
            (None, _) => None,
        };
        let seeds = match (beside("seeds"), route) {
            (Some(Json::Array(seeds)), _) => seeds
                .iter()
                .map(|seed| {
                    seed.as_str()
                        .filter(|seed| !seed.is_empty())
                        .map(str::to_owned)
                })
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| strange("has a seed that is not text"))?,
            (Some(_), _) => return Err(strange("has seeds that are not a list")),
            (None, _) => Vec::new(),
        };
        if route == Route::Wildcard && seeds.is_empty() {
            return Err(strange("has no seeds to be shown as QR codes"));
        }
        Ok(Self {
            flow,
            link,
            seeds,
            token,
            expires,
            cost,
            request,
            asked: asked.clone(),
            of: of.clone(),
        })
    }

    /// What was asked, and where it was started.
    pub(super) fn started(&self) -> (&Asked, &Origin) {
        (&self.asked, &self.of)
    }

    /// The flow's identifier, `req_…`: its reference from here on.
    pub fn flow(&self) -> &str {
        &self.flow
    }

    /// The https URL to be opened on the device, where the person is asked on the same one. Whoever
    /// opens it first is asked: give it to the browser that the flow is bound to, and to nothing
    /// else.
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// The texts of the QR codes, where any device may scan one.
    pub fn seeds(&self) -> &[String] {
        &self.seeds
    }

    /// The QR code to be shown so long after the first one, for `chance` that stays the same for
    /// the flow: another every [`SEED_SHOWN`](Self::SEED_SHOWN). `None` where there are no seeds.
    pub fn seed_at(&self, since_shown: Duration, chance: u32) -> Option<&str> {
        let count = u128::try_from(self.seeds.len())
            .ok()
            .filter(|count| *count > 0)?;
        let step = since_shown.as_millis() / Self::SEED_SHOWN.as_millis();
        let index = usize::try_from((step + u128::from(chance)) % count).ok()?;
        self.seeds.get(index).map(String::as_str)
    }

    /// The token that some of these answers have. Its purpose is documented nowhere, so it is kept
    /// as the secret that it is elsewhere, and stands in no
    /// [`PendingFlow`](crate::api::PendingFlow).
    pub fn token(&self) -> Option<&SessionToken> {
        self.token.as_ref()
    }

    /// When the flow expires: `exp`, or else [`LIFETIME`](Self::LIFETIME) after `iat`, by the API's
    /// clock.
    pub fn expires(&self) -> UnixTime {
        self.expires
    }

    /// What the flow costs, where the answer says so.
    pub fn cost(&self) -> Option<Number> {
        self.cost
    }

    /// The request as the API keeps it, to be shown and not to be believed: what was asked is what
    /// was sent.
    pub fn request(&self) -> &RequestModel {
        &self.request
    }

    /// How long one QR code is shown: the vendor's sample takes as long.
    pub const SEED_SHOWN: Duration = Duration::from_millis(1200);

    /// How long a flow lives whose `exp` is not said.
    pub const LIFETIME: Duration = crate::api::session::Session::LIFETIME;
}

impl fmt::Debug for Created {
    /// The identifier and the expiry: a link or a seed is the flow for whoever has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Created")
            .field("flow", &self.flow)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A URL from outside that people are sent to.
fn checked_link(link: &str) -> Result<String, Error> {
    match Url::parse(link) {
        Some(url) if url.is_https => Ok(link.to_owned()),
        _ => Err(strange(
            "has a link that is not an https URL, so nobody must be sent there",
        )),
    }
}

fn strange(what: &str) -> Error {
    Error::new(
        ErrorCode::ApiAnswer,
        format!(
            "the answer to the start of the flow {what}: look at what stands between this service and the API"
        ),
    )
}
