//! What is asked by the start of a flow, and where.

use super::config::ApiConfig;
use super::device::{Person, Route};
use super::endpoint::Endpoint;
use crate::error::{Error, ErrorCode};
use crate::flow::Mode;
use crate::ground::quoted::quoted;

/// What a person identifies themselves for: `action` on the wire.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Purpose {
    /// To tie an account that they have here to their e-ID.
    Link,
    /// To log in.
    Login,
    /// To get an account.
    Signup,
}

impl Purpose {
    /// The purpose of this name.
    ///
    /// ```
    /// use flowseal::api::Purpose;
    /// use flowseal::ErrorCode;
    ///
    /// assert_eq!(Purpose::from_name("login")?, Purpose::Login);
    /// assert_eq!(Purpose::from_name("logon").unwrap_err().code(), ErrorCode::Usage);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `usage` for any other name.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        let mut known = [Self::Link, Self::Login, Self::Signup].into_iter();
        let found = known.find(|purpose| purpose.as_str() == name);
        found.ok_or_else(|| {
            usage(format!(
                "the action {} is not known: an identification is for login, signup or link",
                quoted(name)
            ))
        })
    }

    /// The name on the wire: `login`, `signup` or `link`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Login => "login",
            Self::Signup => "signup",
        }
    }
}

/// What was asked, and of whom, by the start of a flow.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) route: Route,
    pub(super) person: Option<Person>,
    pub(super) claims: Vec<String>,
    /// The reference that webhooks bring.
    pub(super) webhook: Option<String>,
}

/// Which kind of flow was started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Method {
    Identification(Purpose),
    Signing(SigningAction),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SigningAction {
    Confirm,
    Sign,
}

impl Method {
    pub(super) fn endpoint(self) -> Endpoint {
        match self {
            Self::Identification(_) => Endpoint::Identification,
            Self::Signing(_) => Endpoint::Signing,
        }
    }

    /// The mode of the flow that this starts.
    pub(super) fn mode(self) -> Mode {
        match self {
            Self::Identification(_) => Mode::Identification,
            Self::Signing(_) => Mode::Signature,
        }
    }

    pub(super) fn action(self) -> &'static str {
        match self {
            Self::Identification(purpose) => purpose.as_str(),
            Self::Signing(SigningAction::Confirm) => "confirm",
            Self::Signing(SigningAction::Sign) => "sign",
        }
    }

    /// The method of this name and action.
    pub(super) fn from_names(method: &str, action: &str) -> Option<Self> {
        match (method, action) {
            ("identification", action) => Purpose::from_name(action).ok().map(Self::Identification),
            ("signing", "confirm") => Some(Self::Signing(SigningAction::Confirm)),
            ("signing", "sign") => Some(Self::Signing(SigningAction::Sign)),
            _ => None,
        }
    }
}

/// Where a flow was started and by whom: what has to be the same at its end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Origin {
    pub(super) environment: &'static str,
    pub(super) base: String,
    pub(super) organisation: Option<String>,
    pub(super) app: Option<String>,
}

impl Origin {
    pub(super) fn of(config: &ApiConfig) -> Self {
        Self {
            environment: config.environment().as_str(),
            base: config.origin().to_owned(),
            organisation: config.organisation_id().map(str::to_owned),
            app: config.app_id().map(str::to_owned),
        }
    }
}

/// Refuses claims that the API could not be asked for.
pub(super) fn check_claims(claims: &[String]) -> Result<(), Error> {
    if claims.len() > MOST_CLAIMS {
        return Err(usage(format!(
            "{} claims are asked for, and the catalogue has less than {MOST_CLAIMS}: ask for what is needed",
            claims.len()
        )));
    }
    for (index, key) in claims.iter().enumerate() {
        let is_odd = |c: char| c.is_control() || c.is_whitespace();
        if !(1..=LONGEST_CLAIM).contains(&key.len()) || key.contains(is_odd) {
            return Err(usage(format!(
                "the claim {} is not the key of a claim: name one, such as naming.given",
                quoted(key)
            )));
        }
        if claims.iter().take(index).any(|other| other == key) {
            return Err(usage(format!(
                "the claim {} is asked for twice: ask for it once",
                quoted(key)
            )));
        }
    }
    Ok(())
}

/// Far more than there are, and few enough for a pending flow to be read back.
const MOST_CLAIMS: usize = 256;

/// Of one, in bytes: for the same reason.
const LONGEST_CLAIM: usize = 256;

fn usage(sentence: String) -> Error {
    Error::new(ErrorCode::Usage, sentence)
}
