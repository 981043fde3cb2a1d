//! The start of a flow: what to send, and what was asked by it.

use std::fmt;

use super::asked::{Asked, Method, Origin, Purpose, SigningAction, check_claims};
use super::config::{ApiConfig, ApiVersion};
use super::created::Created;
use super::device::{Device, Route, Seeds, Signer};
use super::echo;
use super::header::Header;
use super::http_response::HttpResponse;
use super::request::Request;
use super::response::Response;
use super::session_token::SessionToken;
use super::webhook_target::WebhookTarget;
use crate::catalogue::warning_about_request;
use crate::error::{Error, ErrorCode};
use crate::ground::tree::{Json, Number, Object};

/// A flow that is to be started: the request to be sent, and what it asks.
///
/// [`ApiConfig`] makes it, by [`identify`](ApiConfig::identify), [`sign`](ApiConfig::sign) and
/// [`confirm`](ApiConfig::confirm). What comes back is [read](Self::read) here, and both together
/// are the [`PendingFlow`](crate::api::PendingFlow), which leads to the end.
///
/// ```
/// use flowseal::api::{ApiConfig, ApiVersion, Credentials, Device, Environment, HttpResponse,
///     Purpose};
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// let elsewhere = Device::different("22212345610")?;
/// let start = config.identify(Purpose::Login, ["naming.given"], "Log in to Example", &elsewhere)?;
///
/// let request = start.request();
/// assert!(request.url().ends_with("/api/v2/identification/different-device"));
/// // Send it, and read what comes back.
/// # let body = br#"{"status": "successful", "data": {"request": {"id": "req_1",
/// #     "exp": 1716820412}}}"#;
/// let created = start.read(&HttpResponse::new(201, body))?;
/// assert_eq!(created.flow(), "req_1");
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Start {
    request: Request,
    asked: Asked,
    of: Origin,
    warnings: Vec<String>,
}

impl Start {
    /// What to send. An answer may take as long as that to a ping: give up after 10 s.
    pub fn request(&self) -> &Request {
        &self.request
    }

    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// What is unusual and may still be right, a sentence each: a claim that the catalogue does not
    /// have.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// For an error of the API the code of what can be done about it, `api_unauthorized` to
    /// `api_error`, with the [`ApiError`](crate::api::ApiError) at hand, whose issues name the
    /// members that are wrong; `api_answer` for the answer to another request, and for one without
    /// an identifier or what the device needs, or with a link that is not an https URL; `json` and
    /// its like for what is not JSON.
    pub fn read(&self, response: &HttpResponse<'_>) -> Result<Created, Error> {
        let credentials = self.request.headers().iter();
        let credentials = credentials.filter(|header| header.is_sensitive());
        self.created(response).map_err(|error| {
            echo::without_credentials(
                error,
                response.body(),
                credentials.map(Header::expose_value),
            )
        })
    }

    fn created(&self, response: &HttpResponse<'_>) -> Result<Created, Error> {
        let read = Response::from_http(self.request.endpoint(), response)?;
        let (created, beside, cost) = read.into_created()?;
        let (request, token) = created.into_parts();
        // A token that could not be sent back is none.
        let of_header = || SessionToken::from_header(response.token()?).ok();
        let token = token.or_else(of_header);
        Created::read(
            request,
            token,
            beside.as_ref(),
            cost,
            (&self.asked, &self.of),
        )
    }
}

impl fmt::Debug for Start {
    /// Without credentials, the person and what they are asked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// Starts of flows. `payload` is the text that the person reads before they approve: what it is
/// about, and where, so that they can tell it from what somebody else has started.
impl ApiConfig {
    /// Asks a person who they are. `claims` are keys of the catalogue, such as `naming.given`.
    ///
    /// # Errors
    /// `usage` for a payload that is empty, and for a claim that is empty or named twice.
    pub fn identify(
        &self,
        purpose: Purpose,
        claims: impl IntoIterator<Item = impl Into<String>>,
        payload: &str,
        device: &Device,
    ) -> Result<Start, Error> {
        let claims: Vec<String> = claims.into_iter().map(Into::into).collect();
        check_claims(&claims)?;
        let (route, person, seeds) = device.taken_apart();
        self.start_of(
            Asked {
                method: Method::Identification(purpose),
                route,
                person,
                claims,
                webhook: None,
            },
            payload,
            seeds,
            None,
        )
    }

    /// Asks a person to sign. When they have, the API says so to the webhook.
    ///
    /// # Errors
    /// `usage` for a payload that is empty, and for a webhook on this machine where the API is on
    /// another; `api_version` for a wildcard in v1.
    pub fn sign(
        &self,
        signer: &Signer,
        payload: &str,
        webhook: &WebhookTarget,
    ) -> Result<Start, Error> {
        self.signing(SigningAction::Sign, signer, payload, Some(webhook))
    }

    /// Asks a person to confirm something.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign); `usage` without a webhook in v1, which wants one always.
    pub fn confirm(
        &self,
        signer: &Signer,
        payload: &str,
        webhook: Option<&WebhookTarget>,
    ) -> Result<Start, Error> {
        if webhook.is_none() && self.version() == ApiVersion::V1 {
            return Err(usage(
                "v1 wants a webhook with every signing, and none was given: give one, or use v2"
                    .to_owned(),
            ));
        }
        self.signing(SigningAction::Confirm, signer, payload, webhook)
    }

    fn signing(
        &self,
        action: SigningAction,
        signer: &Signer,
        payload: &str,
        webhook: Option<&WebhookTarget>,
    ) -> Result<Start, Error> {
        let (route, person, seeds) = signer.taken_apart();
        if route == Route::Wildcard && self.version() == ApiVersion::V1 {
            return Err(Error::new(
                ErrorCode::ApiVersion,
                "v1 has no signing for whoever scans a code: say who is to sign, or use v2",
            ));
        }
        self.start_of(
            Asked {
                method: Method::Signing(action),
                route,
                person,
                claims: Vec::new(),
                webhook: webhook.map(|webhook| webhook.reference().to_owned()),
            },
            payload,
            seeds,
            webhook,
        )
    }

    fn start_of(
        &self,
        asked: Asked,
        payload: &str,
        seeds: Option<Seeds>,
        webhook: Option<&WebhookTarget>,
    ) -> Result<Start, Error> {
        if payload.trim().is_empty() {
            return Err(usage(
                "the payload is empty, and it is all that the person reads of what they approve: say what it is and where"
                    .to_owned(),
            ));
        }
        if let Some(webhook) = webhook {
            webhook.check_from(self.is_local())?;
        }
        let body = body(&asked, payload, seeds, webhook);
        let step = asked.route.as_str();
        let claims = asked.claims.iter();
        Ok(Start {
            request: self.start(asked.method.endpoint(), step, &body),
            warnings: claims
                .filter_map(|key| warning_about_request(key))
                .collect(),
            of: Origin::of(self),
            asked,
        })
    }
}

fn body(
    asked: &Asked,
    payload: &str,
    seeds: Option<Seeds>,
    webhook: Option<&WebhookTarget>,
) -> Json {
    let text = |text: &str| Json::String(text.to_owned());
    let (claims, person) = match asked.method {
        Method::Identification(_) => {
            let claims = asked.claims.iter().map(|claim| text(claim));
            (Some(Json::Array(claims.collect())), "user")
        }
        Method::Signing(_) => (None, "nin"),
    };
    let members = [
        ("action", Some(text(asked.method.action()))),
        ("claims", claims),
        ("payload", Some(text(payload))),
        (
            person,
            asked.person.as_ref().map(|person| text(person.number())),
        ),
        (
            "seeds",
            seeds.map(|seeds| Json::Number(Number::of_integer(seeds.count().into()))),
        ),
        ("webhook", webhook.map(WebhookTarget::to_json)),
    ];
    let members = members.into_iter();
    let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Json::Object(members.collect::<Object>())
}

fn usage(sentence: String) -> Error {
    Error::new(ErrorCode::Usage, sentence)
}
