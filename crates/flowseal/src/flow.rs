//! The flow model: what pasby says of one request for a person's approval.

use std::fmt;
use std::sync::Arc;

use crate::claims::{SealedClaims, check_names};
use crate::envelope::Envelope;
use crate::error::{Error, ErrorCode};
use crate::ground::quoted::quoted;
use crate::ground::strict_base64;
use crate::ground::tree::{Json, Object};
use crate::json;
use crate::profile::Profile;
use crate::setup::Setup;
use crate::time::UnixTime;

/// A flow as it was received. Nothing of it is proved yet.
///
/// Every member is at hand, unknown ones too, but none is authenticated: use them to find the
/// flow's own record, then [`verify`](Self::verify). Source: the flow model of the API.
///
/// ```
/// use flowseal::{Flow, FlowState};
///
/// let flow = Flow::from_json(br#"{"status": "successful", "reason": "Ping successful", "data": {
///     "request": {"reference": "req_", "requester": "bcn_", "requestee": "xxxxxxxxx10",
///     "iat": 1716820052, "mode": "identification", "cancelled": false, "onsession": true}}}"#)?;
/// assert_eq!(flow.reference(), "req_");
/// assert_eq!(flow.state(), FlowState::OnSession);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Flow {
    members: Object,
    reference: String,
    requester: String,
    requestee: String,
    mode: Mode,
    cancelled: bool,
    onsession: Option<bool>,
    iat: UnixTime,
    signed_at: Option<UnixTime>,
    username_unverified: Option<String>,
    profile: Option<Arc<Profile>>,
    receipt: Option<Receipt>,
}

/// That a session on a pending flow, which has this digest, received a flow by a ping of its own.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Receipt([u8; 32]);

impl Receipt {
    pub(crate) fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl Flow {
    /// Reads the answer to a ping or a poll, or a bare flow object, within the default limits.
    ///
    /// # Errors
    /// `json`, `json_duplicate`, `too_large`, `too_deep`, `too_many_leaves` for text that is no
    /// JSON within bounds; `not_a_flow` for another answer of the API; `flow_expired` for a
    /// successful ping without data; `flow_malformed` and `time` for a member that is missing or
    /// of the wrong type; `claim_name` for a claim whose name holds a dot.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        Self::parse(text, None)
    }

    fn parse(text: &[u8], profile: Option<Arc<Profile>>) -> Result<Self, Error> {
        let limits = profile
            .as_ref()
            .map(|profile| profile.limits)
            .unwrap_or_default();
        let (flow, username) = Envelope::open(json::parse(text, &limits)?)?.into_flow()?;
        Self::read(flow, username, profile)
    }

    /// Reads the members of a flow object, and takes the name that stood beside it.
    pub(crate) fn read(
        flow: Object,
        username: Option<String>,
        profile: Option<Arc<Profile>>,
    ) -> Result<Self, Error> {
        if let Some(claims) = flow.present("claims") {
            claims
                .as_object()
                .ok_or_else(|| wrong("claims", "an object", claims))?;
            check_names(claims)?;
        }
        optional(&flow, "signature", "a string", Json::as_str)?;
        Ok(Self {
            reference: required(&flow, "reference", "a string", Json::as_str)?.to_owned(),
            requester: required(&flow, "requester", "a string", Json::as_str)?.to_owned(),
            requestee: required(&flow, "requestee", "a string", Json::as_str)?.to_owned(),
            mode: Mode::from_name(required(&flow, "mode", "a string", Json::as_str)?),
            cancelled: required(&flow, "cancelled", "true or false", Json::as_bool)?,
            onsession: optional(&flow, "onsession", "true or false", Json::as_bool)?,
            iat: moment(
                "iat",
                required(&flow, "iat", WHOLE_SECONDS, Json::as_integer)?,
            )?,
            signed_at: optional(&flow, "signedAt", WHOLE_SECONDS, Json::as_integer)?
                .map(|seconds| moment("signedAt", seconds))
                .transpose()?,
            username_unverified: username,
            members: flow,
            profile,
            receipt: None,
        })
    }

    /// `reference`: the flow's identifier, `req_…`.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// `requester`: the organisation that started the flow, `bcn_…`.
    pub fn requester(&self) -> &str {
        &self.requester
    }

    /// `requestee`: the national identity number of the person asked.
    pub fn requestee(&self) -> &str {
        &self.requestee
    }

    /// `mode`: what the person is asked for.
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    /// `cancelled`: whether the flow was cancelled. Nobody signs this.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }

    /// `onsession`: whether a device has picked the flow up.
    pub fn onsession(&self) -> Option<bool> {
        self.onsession
    }

    /// `iat`: when the flow was started.
    pub fn iat(&self) -> UnixTime {
        self.iat
    }

    /// `signedAt`: when the person signed the flow.
    pub fn signed_at(&self) -> Option<UnixTime> {
        self.signed_at
    }

    /// `signature`: the e-signature as it was sent, base64.
    pub fn signature(&self) -> Option<&str> {
        self.members.present("signature").and_then(Json::as_str)
    }

    /// The e-signature's length in bytes; `None` where it is absent or not strict base64.
    ///
    /// ```
    /// # let sample = flowseal::testkit::Sample::new()?;
    /// let flow = sample.flow()?;
    /// assert_eq!(flow.signature_len(), Some(256));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn signature_len(&self) -> Option<usize> {
        strict_base64::decode(self.signature()?).map(|signature| signature.len())
    }

    /// `claims`: the tree of sealed claims; empty where the flow has none.
    pub fn claims(&self) -> SealedClaims<'_> {
        SealedClaims::new(self.members.present("claims").and_then(Json::as_object))
    }

    /// `data.username`, which stands beside the flow in some answers. Nobody signs it, and no
    /// statement can cover it.
    pub fn username_unverified(&self) -> Option<&str> {
        self.username_unverified.as_deref()
    }

    /// Any member of the flow by its name on the wire, known or unknown; `None` if it is absent or
    /// `null`.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.members.present(name)
    }

    /// Every member of the flow, as received.
    pub fn members(&self) -> &Object {
        &self.members
    }

    /// The flow from outside, without claims and people: what may go into a ticket.
    ///
    /// `reference`, `mode`, `state`, `iat`, `signedAt`, `leaves` (`path` and `bytes`, the length of
    /// the ciphertext) and `signature_bytes`; `null` where there is none, or where it is not
    /// base64.
    pub fn outline(&self) -> Json {
        let text = |text: &str| Json::String(text.to_owned());
        let number = |number: Option<u64>| {
            let number = number.and_then(|number| i64::try_from(number).ok());
            number.map_or(Json::Null, |number| Json::Number(number.into()))
        };
        let length = |length: Option<usize>| number(length.map(|length| length as u64));
        let leaves = self.claims().leaves().map(|leaf| {
            let bytes = length(leaf.ciphertext_len());
            Json::object([("path", text(&leaf.path)), ("bytes", bytes)])
        });
        Json::object([
            ("reference", text(self.reference())),
            ("mode", text(self.mode().name())),
            ("state", text(self.state().as_str())),
            ("iat", number(Some(self.iat().seconds()))),
            ("signedAt", number(self.signed_at().map(UnixTime::seconds))),
            ("leaves", Json::Array(leaves.collect())),
            ("signature_bytes", length(self.signature_len())),
        ])
    }

    /// How far the flow has come, by its members.
    pub fn state(&self) -> FlowState {
        if self.cancelled {
            FlowState::Cancelled
        } else if self.signature().is_some() || !self.claims().is_empty() {
            FlowState::Complete
        } else if self.onsession == Some(true) {
            FlowState::OnSession
        } else {
            FlowState::Pending
        }
    }

    /// The profile that the flow was read under, if one was given.
    pub(crate) fn profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }

    pub(crate) fn set_receipt(&mut self, receipt: Receipt) {
        self.receipt = Some(receipt);
    }

    /// What the session that received it says, and nothing for a flow from anywhere else.
    pub(crate) fn receipt(&self) -> Option<&Receipt> {
        self.receipt.as_ref()
    }
}

impl Setup {
    /// Reads the answer to a ping or a poll, or a bare flow object, within the profile's limits.
    ///
    /// # Errors
    /// Those of [`Flow::from_json`].
    pub fn read_flow(&self, text: &[u8]) -> Result<Flow, Error> {
        Flow::parse(text, self.named_profile())
    }
}

impl fmt::Debug for Flow {
    /// The reference and the state. The requestee is a person's national number, so it stays out
    /// of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("reference", &self.reference)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

/// What a person is asked for.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mode {
    /// To identify themselves: the flow brings claims.
    Identification,
    /// To sign: the flow brings an e-signature.
    Signature,
    /// A mode that this library does not know. The flow is judged by its members.
    Other(String),
}

impl Mode {
    /// The mode of this name on the wire.
    pub fn from_name(name: &str) -> Self {
        match name {
            "identification" => Self::Identification,
            "signature" => Self::Signature,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name on the wire.
    pub fn name(&self) -> &str {
        match self {
            Self::Identification => "identification",
            Self::Signature => "signature",
            Self::Other(name) => name,
        }
    }
}

/// How far a flow has come.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FlowState {
    /// It was cancelled: its result is void.
    Cancelled,
    /// It has an e-signature or claims.
    Complete,
    /// A device has picked it up; the person has not responded yet.
    OnSession,
    /// No device has picked it up yet.
    Pending,
}

impl FlowState {
    /// The state as text: `cancelled`, `complete`, `on_session` or `pending`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Complete => "complete",
            Self::OnSession => "on_session",
            Self::Pending => "pending",
        }
    }
}

const WHOLE_SECONDS: &str = "a whole number of Unix seconds";

fn required<'a, T>(
    flow: &'a Object,
    name: &str,
    expected: &str,
    read: impl Fn(&'a Json) -> Option<T>,
) -> Result<T, Error> {
    optional(flow, name, expected, read)?.ok_or_else(|| {
        Error::new(
            ErrorCode::FlowMalformed,
            format!(
                "the flow has no {}: pass the answer as the API sent it",
                quoted(name)
            ),
        )
    })
}

fn optional<'a, T>(
    flow: &'a Object,
    name: &str,
    expected: &str,
    read: impl Fn(&'a Json) -> Option<T>,
) -> Result<Option<T>, Error> {
    flow.present(name)
        .map(|value| read(value).ok_or_else(|| wrong(name, expected, value)))
        .transpose()
}

fn moment(name: &str, seconds: i128) -> Result<UnixTime, Error> {
    let seconds_i64 = i64::try_from(seconds).unwrap_or(i64::MAX);
    UnixTime::from_seconds(seconds_i64).map_err(|error| {
        let what = match seconds {
            ..0 => "is before 1970",
            _ => "is not a time in Unix seconds but looks like milliseconds",
        };
        Error::new(
            error.code(),
            format!(
                "the flow's {name} is {seconds}, which {what}: refuse the answer, since a signed member must not be altered, and ask pasby"
            ),
        )
    })
}

fn wrong(name: &str, expected: &str, found: &Json) -> Error {
    // A number where a time is wanted is no secret, and how it is written is what is wrong with it.
    let found = match found {
        Json::Number(number) => number.to_string(),
        other => other.kind().to_owned(),
    };
    Error::new(
        ErrorCode::FlowMalformed,
        format!(
            "the flow's {name} must be {expected}, and is {found}: pass the answer as the API sent it"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(members: &str) -> Result<Flow, ErrorCode> {
        let text = format!(
            r#"{{"reference": "req_", "requester": "bcn_", "requestee": "10", "iat": 1716820052, {members}}}"#
        );
        Flow::from_json(text.as_bytes()).map_err(|error| error.code())
    }

    #[test]
    fn the_state_follows_from_the_members() {
        for (members, state) in [
            (
                r#""mode": "identification", "cancelled": false"#,
                FlowState::Pending,
            ),
            (
                r#""mode": "x", "cancelled": false, "onsession": true"#,
                FlowState::OnSession,
            ),
            (
                r#""mode": "x", "cancelled": false, "claims": {"bio": {}}"#,
                FlowState::Pending,
            ),
            (
                r#""mode": "x", "cancelled": false, "claims": {"a": "b"}"#,
                FlowState::Complete,
            ),
            (
                r#""mode": "x", "cancelled": false, "signature": "", "claims": null"#,
                FlowState::Complete,
            ),
            (
                r#""mode": "x", "cancelled": true, "signature": "AA=="}"#.trim_end_matches('}'),
                FlowState::Cancelled,
            ),
        ] {
            assert_eq!(flow(members).unwrap().state(), state, "{members}");
        }
    }

    #[test]
    fn members_of_the_wrong_type_are_refused() {
        for (members, code) in [
            (r#""mode": "x""#, ErrorCode::FlowMalformed),
            (r#""mode": 1, "cancelled": false"#, ErrorCode::FlowMalformed),
            (
                r#""mode": "x", "cancelled": "false""#,
                ErrorCode::FlowMalformed,
            ),
            (
                r#""mode": "x", "cancelled": false, "claims": []"#,
                ErrorCode::FlowMalformed,
            ),
            (
                r#""mode": "x", "cancelled": false, "signature": 1"#,
                ErrorCode::FlowMalformed,
            ),
            (
                r#""mode": "x", "cancelled": false, "signedAt": 1e3"#,
                ErrorCode::FlowMalformed,
            ),
            (
                r#""mode": "x", "cancelled": false, "signedAt": 100000000000"#,
                ErrorCode::Time,
            ),
            (
                r#""mode": "x", "cancelled": false, "signedAt": 18446744073709551615"#,
                ErrorCode::Time,
            ),
            (
                r#""mode": "x", "cancelled": false, "claims": {"a": {"b.c": "x"}}"#,
                ErrorCode::ClaimName,
            ),
        ] {
            assert_eq!(flow(members).err(), Some(code), "{members}");
        }
    }

    #[test]
    fn debug_does_not_show_the_person() {
        let text = r#"{"reference": "req_1", "requester": "bcn_", "requestee": "22212345610",
            "iat": 1, "mode": "x", "cancelled": false}"#;
        let shown = format!("{:?}", Flow::from_json(text.as_bytes()).unwrap());
        assert!(shown.contains("req_1") && !shown.contains("222"), "{shown}");
    }
}
