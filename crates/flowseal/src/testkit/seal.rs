//! Flows as pasby would send them, sealed and signed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key_pair::{SealingKey, SigningKey};
use super::persona::Persona;
use crate::catalogue::ClaimType;
use crate::error::{Error, ErrorCode};
use crate::flow::Mode;
use crate::ground::claim_path::below;
use crate::ground::tree::{Json, Object};
use crate::json;
use crate::limits::Limits;
use crate::profile::{LeafEncoding, Profile, StatementForm};
use crate::setup::Setup;
use crate::statement::{DetachedStatement, Statement};
use crate::text_file;

/// A flow in the making.
///
/// Its members start with the specification's example: change what a test is about.
///
/// ```
/// use flowseal::testkit::{FlowBuilder, KeyPair};
/// use flowseal::{Flow, Mode};
///
/// let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
/// let sealed = FlowBuilder::new("req_1")
///     .mode(Mode::Signature)
///     .seal(&app.sealing_key()?, &user.signing_key()?)?;
/// assert_eq!(Flow::from_json(sealed.to_json().as_bytes())?.mode(), &Mode::Signature);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct FlowBuilder {
    reference: String,
    requester: String,
    requestee: String,
    mode: Mode,
    iat: i64,
    signed_at: i64,
    claims: Json,
    profile: Profile,
}

impl fmt::Debug for FlowBuilder {
    /// The reference and the mode, as of a flow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowBuilder")
            .field("reference", &self.reference)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

impl FlowBuilder {
    /// When a flow was started, unless said otherwise: the example's `iat`.
    pub const IAT: i64 = 1_716_820_052;
    /// When it was signed, unless said otherwise: the example's `signedAt`.
    pub const SIGNED_AT: i64 = 1_716_820_121;

    /// A flow of this reference, approved by nobody in particular.
    pub fn new(reference: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            requester: "bcn_sample".to_owned(),
            requestee: Persona::ADA.requestee.to_owned(),
            mode: Mode::Identification,
            iat: Self::IAT,
            signed_at: Self::SIGNED_AT,
            claims: Json::Object(Object::default()),
            profile: Profile::default(),
        }
    }

    /// Lets this persona approve it, with their claims and their national number.
    #[must_use]
    pub fn persona(mut self, persona: &Persona) -> Self {
        self.requestee = persona.requestee.to_owned();
        // A persona's claims are this crate's own text; one that is not JSON would show in the
        // first test that uses it.
        if let Ok(claims) = json::parse(persona.claims.as_bytes(), &Limits::default()) {
            self.claims = claims;
        }
        self
    }

    /// Shares these claims: JSON with each leaf in the clear. A list that the catalogue knows is
    /// one leaf; any other array is sealed element by element; `null` is left as it is.
    ///
    /// # Errors
    /// `json` and its relatives for text that is no JSON, `flow_malformed` for JSON that is no
    /// object.
    pub fn claims(mut self, claims: &[u8]) -> Result<Self, Error> {
        let claims = text_file::json_file(claims, "the file of claims", &Limits::default())?;
        if claims.as_object().is_none() {
            return Err(Error::new(
                ErrorCode::FlowMalformed,
                "the claims must be an object of groups, such as {\"naming\": {\"given\": \"Ada\"}}",
            ));
        }
        self.claims = claims;
        Ok(self)
    }

    /// `requester`.
    #[must_use]
    pub fn requester(mut self, requester: impl Into<String>) -> Self {
        self.requester = requester.into();
        self
    }

    /// `requestee`.
    #[must_use]
    pub fn requestee(mut self, requestee: impl Into<String>) -> Self {
        self.requestee = requestee.into();
        self
    }

    /// `mode`.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// `iat` and `signedAt`, in Unix seconds.
    #[must_use]
    pub fn times(mut self, iat: i64, signed_at: i64) -> Self {
        (self.iat, self.signed_at) = (iat, signed_at);
        self
    }

    /// Pads, encodes and signs by this profile. A detached statement is the flow's reference.
    #[must_use]
    pub fn profile(mut self, profile: &Profile) -> Self {
        self.profile = profile.clone();
        self
    }

    /// Seals the claims to the app and signs the flow as the user.
    ///
    /// # Errors
    /// Those of the keys; `key_size` for a claim that is too long for the app's; `statement` for a
    /// profile whose statement this flow does not have.
    pub fn seal(&self, app: &SealingKey, user: &SigningKey) -> Result<SealedFlow, Error> {
        let mut flow = self.unsigned(self.sealed(None, &self.claims, app)?);

        let signature = self.signature(&flow, user)?;
        flow.set("signature", Json::String(signature));
        Ok(SealedFlow {
            flow,
            app: app.clone(),
            padding: self.profile.padding,
        })
    }

    /// Signs a flow that was put together or changed by hand, and gives the answer to a ping.
    ///
    /// For what a builder does not make: a flow whose own user has signed what is wrong with it.
    ///
    /// # Errors
    /// Those of [`Flow::from_json`](crate::Flow::from_json) and [`seal`](Self::seal).
    pub fn sign(&self, flow: &str, user: &SigningKey) -> Result<String, Error> {
        let Json::Object(mut flow) = json::parse(flow.as_bytes(), &self.profile.limits)? else {
            return Err(Error::new(
                ErrorCode::NotAFlow,
                "a bare flow object is signed: leave the envelope out",
            ));
        };
        flow.set("signature", Json::String(self.signature(&flow, user)?));
        Ok(ping(&flow))
    }

    fn signature(&self, flow: &Object, user: &SigningKey) -> Result<String, Error> {
        let parsed = Setup::new(self.profile.clone()).read_flow(flow.to_string().as_bytes())?;
        let detached = DetachedStatement::new(self.reference.as_bytes(), ["reference"]);
        let detached = (self.profile.statement == StatementForm::Detached).then_some(&detached);
        let statement = Statement::of(&parsed, &self.profile.statement, detached)?;
        let signature = user.sign(self.profile.algorithm, &statement.bytes)?;
        Ok(STANDARD.encode(signature))
    }

    fn unsigned(&self, claims: Json) -> Object {
        let text = |text: &str| Json::String(text.to_owned());
        let mut flow = Object::default();
        flow.set("reference", text(&self.reference));
        flow.set("requester", text(&self.requester));
        flow.set("requestee", text(&self.requestee));
        flow.set("iat", Json::Number(self.iat.into()));
        flow.set("mode", text(self.mode.name()));
        flow.set("cancelled", Json::Bool(false));
        flow.set("onsession", Json::Bool(false));
        flow.set("signedAt", Json::Number(self.signed_at.into()));
        if claims.as_object().is_some_and(|claims| !claims.is_empty()) {
            flow.set("claims", claims);
        }
        flow
    }

    fn sealed(&self, path: Option<&str>, value: &Json, app: &SealingKey) -> Result<Json, Error> {
        let below = |name: &str| path.map_or_else(|| name.to_owned(), |path| below(path, name));
        let is_list = path.is_some_and(|path| ClaimType::of(path) == ClaimType::List);
        match value {
            Json::Null => Ok(Json::Null),
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| {
                    Ok((
                        name.to_owned(),
                        self.sealed(Some(&below(name)), value, app)?,
                    ))
                })
                .collect::<Result<Object, Error>>()
                .map(Json::Object),
            Json::Array(elements) if !is_list => elements
                .iter()
                .enumerate()
                .map(|(index, element)| self.sealed(Some(&below(&index.to_string())), element, app))
                .collect::<Result<Vec<_>, Error>>()
                .map(Json::Array),
            leaf => {
                let plaintext = match (leaf, self.profile.leaf) {
                    (Json::String(text), LeafEncoding::Text) => text.clone(),
                    (leaf, _) => leaf.to_string(),
                };
                let ciphertext = app.encrypt(self.profile.padding, plaintext.as_bytes())?;
                Ok(Json::String(STANDARD.encode(ciphertext)))
            }
        }
    }
}

/// A flow that is sealed and signed.
///
/// ```
/// use flowseal::testkit::{FlowBuilder, KeyPair, Persona};
///
/// let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
/// let sealed = FlowBuilder::new("req_1")
///     .persona(&Persona::BAYO)
///     .seal(&app.sealing_key()?, &user.signing_key()?)?;
/// assert!(sealed.to_json().contains(&sealed.to_bare_json()));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Debug)]
pub struct SealedFlow {
    pub(super) flow: Object,
    pub(super) app: SealingKey,
    pub(super) padding: crate::profile::Padding,
}

impl SealedFlow {
    /// The whole answer to a ping.
    pub fn to_json(&self) -> String {
        ping(&self.flow)
    }

    /// The flow alone, as some callers pass it on.
    pub fn to_bare_json(&self) -> String {
        self.flow.to_string()
    }
}

/// Puts the envelope of a ping around a flow.
pub(super) fn ping(flow: &Object) -> String {
    format!(
        r#"{{"status":"successful","reason":"Ping successful","data":{{"request":{flow}}},"cost":0}}"#
    )
}
