//! Where the API is and with which credentials it is spoken to.

use std::fmt;

use super::header::fits_a_header;
use super::url::Url;
use crate::api::service_account::ServiceAccount;
use crate::error::{Error, ErrorCode};
use crate::ground::secret::SecretText;
use crate::shown::{Sentence, Shown, refusal, short};

/// What every request to the API needs: environment, version, credentials and identifiers.
///
/// It makes the [`Request`](crate::api::Request)s; see there for who sends them. The API key and
/// the app secret are held in memory that is wiped, and appear in no URL, no `Debug` and no error.
/// Credentials of two environments are refused together, since the API would refuse them later with
/// less of a reason.
///
/// ```
/// use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment};
/// use flowseal::ErrorCode;
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials)?;
/// let ping = config.ping("req_1", None)?;
/// assert_eq!(ping.url(), "https://s.pasby.africa/api/v2/flow/ping");
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "prd_1".into() };
/// let mixed = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials);
/// assert_eq!(mixed.unwrap_err().code(), ErrorCode::ApiConfig);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct ApiConfig {
    version: ApiVersion,
    environment: Environment,
    base_url: String,
    api_key: SecretText,
    app_secret: SecretText,
    organisation_id: Option<String>,
    app_id: Option<String>,
    polling_credentials: PollingCredentials,
    warnings: Vec<String>,
}

impl ApiConfig {
    /// A configuration with the organisation's API key and the app's secret.
    ///
    /// # Errors
    /// `api_config` for credentials of another environment or in each other's place, and for ones
    /// that no header can carry.
    pub fn new(
        version: ApiVersion,
        environment: Environment,
        credentials: Credentials,
    ) -> Result<Self, Error> {
        let Credentials {
            api_key,
            app_secret,
        } = credentials;
        let mut warnings = Vec::new();
        for (credential, value) in [(&API_KEY, &api_key), (&APP_SECRET, &app_secret)] {
            warnings.extend(credential.check(value.expose_secret(), environment)?);
        }
        Ok(Self {
            version,
            environment,
            base_url: environment.base_url().to_owned(),
            api_key,
            app_secret,
            organisation_id: None,
            app_id: None,
            polling_credentials: PollingCredentials::default(),
            warnings,
        })
    }

    /// The same from a service account, which has the identifiers too.
    ///
    /// ```
    /// use flowseal::api::{ApiConfig, ApiVersion, Environment, ServiceAccount};
    ///
    /// let config = br#"{"type": "app", "appid": "app_1", "consumer": "bcn_1", "secret": "snb_1",
    ///     "apikeys": {"live": "", "test": "bk-test_1"}}"#;
    /// let account = ServiceAccount::from_parts(config, [""; 0])?;
    /// let (version, environment) = (ApiVersion::V1, Environment::Sandbox);
    /// let config = ApiConfig::from_service_account(version, environment, &account)?;
    /// assert!(config.authorize()?.url().ends_with("/authorize?sub=bcn_1&app=app_1"));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `api_config` for an account without an API key for this environment or without a secret, and
    /// for what [`new`](Self::new) refuses.
    pub fn from_service_account(
        version: ApiVersion,
        environment: Environment,
        account: &ServiceAccount,
    ) -> Result<Self, Error> {
        let (api_key, member) = match environment {
            Environment::Sandbox => (account.test_api_key(), "apikeys.test"),
            Environment::Production => (account.live_api_key(), "apikeys.live"),
        };
        let given = |value: Option<&SecretText>, member: &'static str| {
            let member = Shown::from(member);
            value
                .map(|value| SecretText::copied_from(value.expose_secret()))
                .ok_or_else(|| {
                    config_error(
                        "the service account has no {}, which {} needs: download the app's own file again, or give the credentials themselves",
                        [member, environment.into()],
                    )
                })
        };
        let credentials = Credentials {
            api_key: given(api_key, member)?,
            app_secret: given(account.app_secret(), "secret")?,
        };
        let config = Self::new(version, environment, credentials)?;
        Ok(match (account.organisation_id(), account.app_id()) {
            (Some(organisation_id), Some(app_id)) => config.with_ids(organisation_id, app_id),
            _ => config,
        })
    }

    /// The organisation, `bcn_…`, and the app, `app_…`: v1's authorize names them in its URL.
    #[must_use]
    pub fn with_ids(
        mut self,
        organisation_id: impl Into<String>,
        app_id: impl Into<String>,
    ) -> Self {
        let (organisation_id, app_id) = (organisation_id.into(), app_id.into());
        for (name, id, prefix) in [
            ("organisation's identifier", &organisation_id, "bcn_"),
            ("app's identifier", &app_id, "app_"),
        ] {
            if !id.starts_with(prefix) {
                let warning = Sentence::new(
                    "the {} {} does not begin with {}",
                    [Shown::from(name), Shown::id(id), Shown::from(prefix)],
                );
                self.warnings.push(warning.warning());
            }
        }
        self.organisation_id = Some(organisation_id);
        self.app_id = Some(app_id);
        self
    }

    /// Speaks to another address than the environment's: the caller's gateway, or the server
    /// of `flowseal mock`.
    ///
    /// ```
    /// # use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment};
    /// # let credentials = || Credentials {
    /// #     api_key: "bk-test_1".into(),
    /// #     app_secret: "snb_1".into(),
    /// # };
    /// # let config = || ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials());
    /// let config_of_tests = config()?.with_base_url("http://127.0.0.1:8080")?;
    /// assert!(config()?.with_base_url("http://gateway.example").is_err());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `api_config` for anything but `https://host[:port]`; without TLS only for a loopback
    /// address, because every request carries the credentials.
    pub fn with_base_url(mut self, url: &str) -> Result<Self, Error> {
        let url = url.strip_suffix('/').unwrap_or(url);
        let may_be_told = |url: Url<'_>| url.is_origin() && (url.is_https || url.is_loopback());
        if !Url::parse(url).is_some_and(may_be_told) {
            // It may hold a password, or be the credential itself.
            return Err(config_error(
                "what was given ({} bytes) is not an address to send credentials to: give https://HOST or https://HOST:PORT, or http:// of a loopback address in tests",
                [url.len().into()],
            ));
        }
        self.base_url = url.to_owned();
        Ok(self)
    }

    /// Which credentials v1's long polling carries.
    #[must_use]
    pub fn with_polling_credentials(mut self, credentials: PollingCredentials) -> Self {
        self.polling_credentials = credentials;
        self
    }

    /// The same again, with copies of the credentials of its own: for who shares one configuration
    /// and needs another that differs.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self {
            version: self.version,
            environment: self.environment,
            base_url: self.base_url.clone(),
            api_key: SecretText::copied_from(self.api_key()),
            app_secret: SecretText::copied_from(self.app_secret()),
            organisation_id: self.organisation_id.clone(),
            app_id: self.app_id.clone(),
            polling_credentials: self.polling_credentials,
            warnings: self.warnings.clone(),
        }
    }

    /// The version of the API.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The environment that the credentials are for.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// What is unusual and may still be right, such as a credential with an unknown prefix: a
    /// sentence each, for the log of a start-up. Without any secret.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    pub(crate) fn origin(&self) -> &str {
        &self.base_url
    }

    /// Whether the API is on this machine.
    pub(crate) fn is_local(&self) -> bool {
        Url::parse(&self.base_url).is_some_and(|url| url.is_loopback())
    }

    /// Whether everything that is sent and answered is under TLS.
    pub(crate) fn is_tls(&self) -> bool {
        Url::parse(&self.base_url).is_some_and(|url| url.is_https)
    }

    /// The organisation, where it was given.
    pub(crate) fn organisation_id(&self) -> Option<&str> {
        self.organisation_id.as_deref()
    }

    /// The app, where it was given.
    pub(crate) fn app_id(&self) -> Option<&str> {
        self.app_id.as_deref()
    }

    pub(crate) fn api_key(&self) -> &str {
        self.api_key.expose_secret()
    }

    pub(crate) fn app_secret(&self) -> &str {
        self.app_secret.expose_secret()
    }

    pub(crate) fn organisation_and_app(&self) -> Option<(&str, &str)> {
        Some((self.organisation_id.as_deref()?, self.app_id.as_deref()?))
    }

    /// Whether polling carries a session token, which v2's legacy route always does.
    pub(crate) fn polls_with_token(&self) -> bool {
        self.version == ApiVersion::V2
            || self.polling_credentials == PollingCredentials::SessionToken
    }
}

impl fmt::Debug for ApiConfig {
    /// Without the credentials, one of which may stand in the place of an identifier.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiConfig")
            .field("version", &self.version)
            .field("environment", &self.environment)
            .field("base_url", &self.base_url)
            .field("organisation_id", &short(self.organisation_id.as_deref()))
            .field("app_id", &short(self.app_id.as_deref()))
            .finish_non_exhaustive()
    }
}

/// What an app proves itself with: named, since two texts are easily exchanged.
///
/// ```
/// use flowseal::api::Credentials;
///
/// let credentials = Credentials { api_key: "bk-test_1".into(), app_secret: "snb_1".into() };
/// assert!(!format!("{credentials:?}").contains("snb_1"));
/// ```
#[derive(Debug)]
pub struct Credentials {
    /// The organisation's API key, `bk-…`.
    pub api_key: SecretText,
    /// The app's secret, `snb_…` or `prd_…`.
    pub app_secret: SecretText,
}

/// A version of the API.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ApiVersion {
    /// A session token comes first: authorize, then everything else with the token.
    V1,
    /// Universal authentication: every request carries the API key and the app secret.
    V2,
}

impl ApiVersion {
    /// The version as it stands in a path: `v1` or `v2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// An environment of the API.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Environment {
    /// People are real: `bk-live_` and `prd_`.
    Production,
    /// For trying out: `bk-test_` and `snb_`.
    Sandbox,
}

impl Environment {
    /// The environment's stable name: `production` or `sandbox`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }

    /// The name in a sentence.
    fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "the sandbox",
        }
    }

    /// The address, without a path.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Production => "https://l.pasby.africa",
            Self::Sandbox => "https://s.pasby.africa",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Environment> for Shown {
    fn from(environment: Environment) -> Self {
        environment.name().into()
    }
}

/// Which credentials v1's long polling carries, beside the API key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum PollingCredentials {
    /// `x-access-secret`, as the specification has it.
    #[default]
    AppSecret,
    /// `x-access-token`, as the newer documentation has it.
    SessionToken,
}

/// A credential, and what its prefix says of its environment.
struct Credential {
    name: &'static str,
    sandbox: &'static str,
    production: &'static str,
}

const API_KEY: Credential = Credential {
    name: "API key",
    sandbox: "bk-test_",
    production: "bk-live_",
};

const APP_SECRET: Credential = Credential {
    name: "app secret",
    sandbox: "snb_",
    production: "prd_",
};

impl Credential {
    /// What is unusual about a credential that may be right.
    fn check(&self, value: &str, environment: Environment) -> Result<Option<String>, Error> {
        let name = self.name;
        if !fits_a_header(value) {
            return Err(config_error(
                "the {} is empty, or no header can carry it: give it as pasby's console shows it, without a line end",
                [name.into()],
            ));
        }
        match self.environment_of(value) {
            Some(own) if own == environment => Ok(None),
            Some(own) => Err(config_error(
                "the {} is for {} and the environment is {}: take credentials of one environment",
                [name.into(), own.into(), environment.into()],
            )),
            None if [API_KEY, APP_SECRET]
                .iter()
                .any(|other| other.environment_of(value).is_some()) =>
            {
                Err(config_error(
                    "what was given as the {} is the other credential: the API key begins with bk-, the app secret with snb_ or prd_",
                    [name.into()],
                ))
            }
            None => {
                let warning = Sentence::new(
                    "the {} begins with neither {} nor {}: nothing says that it is for {}",
                    [
                        name.into(),
                        self.sandbox.into(),
                        self.production.into(),
                        environment.into(),
                    ],
                );
                Ok(Some(warning.warning()))
            }
        }
    }

    fn environment_of(&self, value: &str) -> Option<Environment> {
        if value.starts_with(self.sandbox) {
            Some(Environment::Sandbox)
        } else if value.starts_with(self.production) {
            Some(Environment::Production)
        } else {
            None
        }
    }
}

fn config_error<const N: usize>(words: &'static str, shown: [Shown; N]) -> Error {
    refusal(ErrorCode::ApiConfig, words, shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(environment: Environment, api_key: &str, secret: &str) -> Result<ApiConfig, Error> {
        let credentials = Credentials {
            api_key: api_key.into(),
            app_secret: secret.into(),
        };
        ApiConfig::new(ApiVersion::V2, environment, credentials)
    }

    #[test]
    fn credentials_of_two_environments_are_refused() {
        use Environment::{Production, Sandbox};
        for (environment, api_key, secret, accepted) in [
            (Sandbox, "bk-test_1", "snb_1", true),
            (Sandbox, "bk-test_", "snb_", true),
            (Production, "bk-live_1", "prd_1", true),
            (Sandbox, "bk-test_1", "prd_1", false),
            (Sandbox, "bk-live_1", "snb_1", false),
            (Sandbox, "bk-live_1", "prd_1", false),
            (Production, "bk-test_1", "snb_1", false),
            (Production, "unknown", "snb_1", false),
            (Sandbox, "snb_1", "bk-test_1", false),
            (Sandbox, "bk-test_1", "bk-test_1", false),
        ] {
            let outcome = config(environment, api_key, secret).map_err(|error| error.code());
            assert_eq!(
                outcome.is_ok(),
                accepted,
                "{environment} {api_key} {secret}"
            );
            if let Err(code) = outcome {
                assert_eq!(code, ErrorCode::ApiConfig);
            }
        }
    }

    #[test]
    fn an_unknown_prefix_is_a_warning_without_the_secret() {
        let config = config(Environment::Sandbox, "key-of-tomorrow", "snb_1").unwrap();
        let [warning] = config.warnings() else {
            panic!("{:?}", config.warnings());
        };
        assert!(
            warning.contains("API key") && !warning.contains("tomorrow"),
            "{warning}"
        );
    }

    #[test]
    fn identifiers_in_each_others_place_are_two_warnings() {
        let config = || config(Environment::Sandbox, "bk-test_1", "snb_1").unwrap();
        assert_eq!(config().with_ids("bcn_1", "app_1").warnings().len(), 0);
        assert_eq!(config().with_ids("app_1", "bcn_1").warnings().len(), 2);
    }

    #[test]
    fn a_credential_in_the_place_of_an_identifier_is_not_shown() {
        let config = config(Environment::Sandbox, "bk-test_1", "snb_1").unwrap();
        let config = config.with_ids("snb_hush-hush", "bk-live_hush-hush");
        let shown = format!("{:?} {config:?}", config.warnings());
        assert!(!shown.contains("hush"), "{shown}");
        assert!(
            shown.contains("snb_…") && shown.contains("(13 characters)"),
            "{shown}"
        );
        let right = config.with_ids("bcn_1", "app_1234567890123");
        let shown = format!("{right:?}");
        assert!(
            shown.contains("\"bcn_1\"") && shown.contains("\"app_…23\""),
            "{shown}"
        );
    }

    #[test]
    fn what_no_header_can_carry_is_refused_without_being_shown() {
        for secret in [
            "",
            "snb_ 1",
            "snb_1\r\nx-api-key: other",
            "snb_é",
            &"s".repeat(8193),
        ] {
            let error = config(Environment::Sandbox, "bk-test_1", secret).unwrap_err();
            assert_eq!(error.code(), ErrorCode::ApiConfig);
            assert!(!format!("{error:?} {error}").contains("snb_"));
        }
    }

    #[test]
    fn credentials_go_to_no_address_without_tls_but_loopback() {
        for (url, accepted) in [
            ("https://s.pasby.africa", true),
            ("https://gateway.example:8443/", true),
            ("https://[2001:db8::1]:8443", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://localhost", true),
            ("http://s.pasby.africa", false),
            ("http://127.0.0.1.example", false),
            ("http://localhost@example.com", false),
            ("https://user@example.com", false),
            ("https://example.com/path", false),
            ("https://example.com?x", false),
            ("https://example.com:70000", false),
            ("https://example.com:", false),
            ("https://[::1", false),
            ("https://", false),
            ("ftp://example.com", false),
            ("", false),
        ] {
            let config = config(Environment::Sandbox, "bk-test_1", "snb_1").unwrap();
            assert_eq!(config.with_base_url(url).is_ok(), accepted, "{url}");
        }
    }

    #[test]
    fn a_service_account_lacks_what_it_lacks() {
        let account = |members: &str| {
            let text = format!(r#"{{"type": "app", "appid": "app_1"{members}}}"#);
            let account = ServiceAccount::from_parts(text.as_bytes(), [""; 0]).unwrap();
            ApiConfig::from_service_account(ApiVersion::V1, Environment::Production, &account)
                .map_err(|error| error.to_string())
        };
        let both = r#", "secret": "prd_1", "apikeys": {"live": "bk-live_1", "test": "bk-test_1"}"#;
        assert!(account(both).is_ok());
        let no_key = account(r#", "secret": "prd_1", "apikeys": {"test": "bk-test_1"}"#);
        assert!(no_key.unwrap_err().contains("apikeys.live"));
        let no_secret = account(r#", "apikeys": {"live": "bk-live_1"}"#);
        assert!(no_secret.unwrap_err().contains("no secret"));
    }

    #[test]
    fn debug_shows_no_credential() {
        let config = config(Environment::Sandbox, "bk-test_hush", "snb_hush").unwrap();
        let shown = format!("{config:?}");
        assert!(
            shown.contains("Sandbox") && !shown.contains("hush"),
            "{shown}"
        );
    }
}
