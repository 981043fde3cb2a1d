//! Where the API is and with which credentials it is spoken to.

use std::sync::Arc;

use flowseal::ErrorCode;
use flowseal::api::{ApiConfig as Core, ApiVersion, Environment, PollingCredentials, Purpose};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::closable::{Closable, stays_here};
use crate::device::{Device, Signer, WebhookTarget};
use crate::errors::Failure;
use crate::input;
use crate::input::Text;
use crate::lists::Names;
use crate::request::Request;
use crate::service_account::ServiceAccount;
use crate::start::Start;
use crate::token::SessionToken;
use crate::warnings;

/// What every request to the API needs: environment, version, credentials and identifiers.
///
/// One for all sessions. The credentials are copied into memory that is wiped by ``close()`` or at
/// the end of a ``with`` block; a ``str`` or ``bytes`` that they came in stays, so give a
/// ``bytearray`` and overwrite it, or a ``ServiceAccount``. It is neither pickled nor copied.
///
/// It is made with the organisation's API key and the app's secret.
///
/// v1 needs both identifiers. ``base_url`` is the caller's gateway, or ``flowseal mock``:
/// ``https://`` or loopback. ``polling_credentials`` are what v1's long polling carries:
/// the app's secret as the specification has it, or a session token as documented since.
///
/// Raises ``api_config`` for credentials of another environment or in each other's place, and
/// for an address that credentials must not go to.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct ApiConfig(Closable<Core>);

impl ApiConfig {
    pub(crate) fn open(&self) -> Result<Arc<Core>, Failure> {
        self.0.open()
    }
}

#[pymethods]
impl ApiConfig {
    #[new]
    #[pyo3(signature = (
        *, version, environment, api_key, app_secret, organisation_id=None, app_id=None,
        base_url=None, polling_credentials="app_secret"
    ))]
    fn new(
        py: Python<'_>,
        version: Text,
        environment: Text,
        api_key: &Bound<'_, PyAny>,
        app_secret: &Bound<'_, PyAny>,
        organisation_id: Option<Text>,
        app_id: Option<Text>,
        base_url: Option<Text>,
        polling_credentials: &str,
    ) -> Result<Self, Failure> {
        let (version, environment) = (version_of(&version)?, environment_of(&environment)?);
        let credentials = flowseal::api::Credentials {
            api_key: input::credential(api_key)?,
            app_secret: input::credential(app_secret)?,
        };
        let config = Core::new(version, environment, credentials)?;
        let config = match (organisation_id, app_id) {
            (Some(organisation_id), Some(app_id)) => config.with_ids(organisation_id, app_id),
            (None, None) => config,
            _ => {
                let sentence = "organisation_id and app_id belong together: give both or none";
                return Err(Failure::new(ErrorCode::Usage, sentence));
            }
        };
        Self::of(py, config, base_url, polling_credentials)
    }

    /// The credentials and identifiers of a service account, for one environment.
    ///
    /// Raises ``api_config`` for an account that lacks what the environment needs.
    #[staticmethod]
    #[pyo3(signature = (
        account, *, version, environment, base_url=None, polling_credentials="app_secret"
    ))]
    fn from_service_account(
        py: Python<'_>,
        account: &Bound<'_, ServiceAccount>,
        version: Text,
        environment: Text,
        base_url: Option<Text>,
        polling_credentials: &str,
    ) -> Result<Self, Failure> {
        let (version, environment) = (version_of(&version)?, environment_of(&environment)?);
        let account = account.get().open()?;
        let config = Core::from_service_account(version, environment, &account)?;
        Self::of(py, config, base_url, polling_credentials)
    }

    /// Asks a person who they are. ``claims`` are keys of the catalogue, such as ``naming.given``.
    ///
    /// ``purpose`` is ``login``, ``signup`` or ``link``. ``payload`` is the text that the person
    /// reads before they approve: what it is about, and where, so that they can tell it from what
    /// somebody else has started.
    ///
    /// Raises ``usage`` for a payload that is empty, another purpose, and a claim that is empty or
    /// named twice. A claim that the catalogue does not have is a warning.
    fn identify(
        &self,
        py: Python<'_>,
        purpose: Text,
        claims: Names,
        payload: Text,
        device: &Bound<'_, Device>,
    ) -> Result<Start, Failure> {
        let purpose = Purpose::from_name(&purpose)?;
        let device = device.get().core();
        let start = self.open()?.identify(purpose, claims.0, &payload, device)?;
        warnings::issue(py, start.warnings())?;
        Ok(Start::new(start))
    }

    /// Asks a person to sign. When they have, the API says so to the webhook.
    ///
    /// Raises ``usage`` for a payload that is empty, and for a webhook on this machine where the
    /// API is on another; ``api_version`` for a wildcard in v1.
    fn sign(
        &self,
        signer: &Bound<'_, Signer>,
        payload: Text,
        webhook: &Bound<'_, WebhookTarget>,
    ) -> Result<Start, Failure> {
        let (signer, webhook) = (signer.get().core(), webhook.get().core());
        Ok(Start::new(self.open()?.sign(signer, &payload, webhook)?))
    }

    /// Asks a person to confirm something.
    ///
    /// Raises what ``sign`` raises; ``usage`` without a webhook in v1, which wants one always.
    #[pyo3(signature = (signer, payload, webhook=None))]
    fn confirm(
        &self,
        signer: &Bound<'_, Signer>,
        payload: Text,
        webhook: Option<&Bound<'_, WebhookTarget>>,
    ) -> Result<Start, Failure> {
        let signer = signer.get().core();
        let webhook = webhook.map(|webhook| webhook.get().core());
        Ok(Start::new(self.open()?.confirm(signer, &payload, webhook)?))
    }

    /// Asks whether the API is there, without any credential; ``Response.check_health`` reads the
    /// answer.
    fn health_check(&self) -> Result<Request, Failure> {
        Ok(Request::new(self.open()?.health_check()))
    }

    /// Asks for a session token (v1).
    ///
    /// Raises ``api_version`` in v2, which has none.
    fn authorize(&self) -> Result<Request, Failure> {
        Ok(Request::new(self.open()?.authorize()?))
    }

    /// Asks how a flow is (v1 with a session token, v2 without).
    ///
    /// Raises ``api_unauthorized`` in v1 without a token.
    #[pyo3(signature = (flow, token=None))]
    fn ping(
        &self,
        flow: Text,
        token: Option<&Bound<'_, SessionToken>>,
    ) -> Result<Request, Failure> {
        let token = SessionToken::given(token)?;
        Ok(Request::new(self.open()?.ping(&flow, token.as_deref())?))
    }

    /// Asks how a flow is, to be answered when it has changed.
    ///
    /// v1; v2's route is a legacy, which wants a token of v1.
    #[pyo3(signature = (flow, token=None))]
    fn polling(
        &self,
        flow: Text,
        token: Option<&Bound<'_, SessionToken>>,
    ) -> Result<Request, Failure> {
        let token = SessionToken::given(token)?;
        Ok(Request::new(self.open()?.polling(&flow, token.as_deref())?))
    }

    /// Asks for a flow as a stream of server-sent events (v2), for an ``EventStream``.
    ///
    /// Raises ``api_version`` in v1, which has none.
    fn sse(&self, flow: &str) -> Result<Request, Failure> {
        Ok(Request::new(self.open()?.sse(flow)?))
    }

    /// Voids a flow, also one that a device has picked up (v1 with a session token, v2 without).
    #[pyo3(signature = (flow, token=None))]
    fn cancel(
        &self,
        flow: Text,
        token: Option<&Bound<'_, SessionToken>>,
    ) -> Result<Request, Failure> {
        let token = SessionToken::given(token)?;
        Ok(Request::new(self.open()?.cancel(&flow, token.as_deref())?))
    }

    /// ``v1`` or ``v2``.
    #[getter]
    fn version(&self) -> Result<&'static str, Failure> {
        Ok(self.open()?.version().as_str())
    }

    /// ``sandbox`` or ``production``.
    #[getter]
    fn environment(&self) -> Result<&'static str, Failure> {
        Ok(self.open()?.environment().as_str())
    }

    /// What is unusual and may still be right, a sentence each: what was issued as warnings.
    #[getter]
    fn warnings(&self) -> Result<Vec<String>, Failure> {
        Ok(self.open()?.warnings().to_vec())
    }

    /// Wipes the credentials, unless a ``Session`` still holds them; then they are wiped with it.
    fn close(&self) {
        self.0.close();
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    fn __repr__(&self) -> String {
        match self.0.peek() {
            Some(config) => format!(
                "<flowseal.ApiConfig {} {}>",
                config.version().as_str(),
                config.environment().as_str()
            ),
            None => "<flowseal.ApiConfig closed>".to_owned(),
        }
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("an ApiConfig", "make it where it is used"))
    }
}

impl ApiConfig {
    fn of(
        py: Python<'_>,
        mut config: Core,
        base_url: Option<Text>,
        polling_credentials: &str,
    ) -> Result<Self, Failure> {
        if let Some(url) = base_url {
            config = config.with_base_url(&url)?;
        }
        let polling = match polling_credentials {
            "app_secret" => PollingCredentials::AppSecret,
            "session_token" => PollingCredentials::SessionToken,
            other => {
                return Err(no_such(
                    "polling_credentials",
                    other,
                    "app_secret or session_token",
                ));
            }
        };
        warnings::issue(py, config.warnings())?;
        Ok(Self(Closable::new(
            config.with_polling_credentials(polling),
        )))
    }
}

fn version_of(name: &str) -> Result<ApiVersion, Failure> {
    let versions = [ApiVersion::V1, ApiVersion::V2];
    let known = versions
        .into_iter()
        .find(|version| version.as_str() == name);
    known.ok_or_else(|| no_such("version", name, "v1 or v2"))
}

fn environment_of(name: &str) -> Result<Environment, Failure> {
    let environments = [Environment::Production, Environment::Sandbox];
    let known = environments
        .into_iter()
        .find(|known| known.as_str() == name);
    known.ok_or_else(|| no_such("environment", name, "sandbox or production"))
}

/// What is longer than any of these names may be a credential in the wrong place.
fn no_such(what: &str, name: &str, known: &str) -> Failure {
    const LONGEST: usize = "production".len();
    let shown = match name.chars().count() {
        0..=LONGEST if !name.contains('_') => format!("{name:?}"),
        count => format!("of {count} characters"),
    };
    Failure::new(
        ErrorCode::Usage,
        format!("there is no {what} {shown}: give {known}"),
    )
}
