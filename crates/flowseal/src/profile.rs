//! The profile: what pasby publishes nowhere, as configuration.

use crate::error::{Error, ErrorCode};
use crate::ground::tree::Json;
use crate::shown::{Sentence, Shown, refusal};
use crate::text_file::secret_json;

mod template;

pub use crate::limits::Limits;
pub use template::Template;

/// How flows are signed, sealed and bounded.
///
/// pasby publishes neither the signed bytes nor the algorithm, so both are the caller's to say;
/// the default is RS256 over this project's own canonical statement. A profile file is JSON in
/// which every member is optional and an unknown one is an error:
///
/// ```
/// use flowseal::profile::{Algorithm, Padding, Profile};
///
/// let profile = Profile::from_json(br#"{"algorithm": "PS256", "padding": "rsaes-oaep-sha256"}"#)?;
/// assert_eq!(profile.algorithm, Algorithm::Ps256);
/// assert_eq!(profile.padding, Padding::OaepSha256);
/// assert!(!profile.allow_unsigned_claims);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile {
    /// The e-signature's algorithm. It never comes from the message.
    pub algorithm: Algorithm,
    /// Which bytes the e-signature is over.
    pub statement: StatementForm,
    /// Whether claims outside the statement are acceptable. Anyone can encrypt to an app's public
    /// key, so such claims may be anyone's.
    pub allow_unsigned_claims: bool,
    /// What a flow needs to be believed: an e-signature, unless said otherwise.
    pub trust: Trust,
    /// How leaves are padded. Never guessed from the data.
    pub padding: Padding,
    /// How a leaf's plaintext is read.
    pub leaf: LeafEncoding,
    /// Whether plaintext that is not UTF-8 may be CESU-8, as JSEncrypt writes characters outside
    /// the Basic Multilingual Plane.
    pub cesu8: bool,
    /// Bounds on a response.
    pub limits: Limits,
}

impl Profile {
    const MEMBERS: &[&'static str] = &[
        "algorithm",
        "statement",
        "allow_unsigned_claims",
        "trust",
        "padding",
        "leaf",
        "cesu8",
        "limits",
    ];

    /// Reads a profile file.
    ///
    /// # Errors
    /// `json`, `json_duplicate`, `too_large` and `too_deep` for text that is no JSON within the
    /// default limits; `profile` for a member that is unknown or has an unknown value.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let tree = secret_json(text, "the profile", &Limits::default())?;
        let object = tree.as_object().ok_or_else(|| {
            refusal(
                ErrorCode::Profile,
                "the profile must be a JSON object, and is {}",
                [tree.kind().into()],
            )
        })?;

        let mut profile = Self::default();
        for (name, value) in object.iter() {
            match name {
                "algorithm" => profile.algorithm = choice("algorithm", value, Algorithm::NAMES)?,
                "statement" => profile.statement = StatementForm::from_json(value)?,
                "allow_unsigned_claims" => {
                    profile.allow_unsigned_claims = boolean("allow_unsigned_claims", value)?;
                }
                "trust" => profile.trust = choice("trust", value, Trust::NAMES)?,
                "padding" => profile.padding = choice("padding", value, Padding::NAMES)?,
                "leaf" => profile.leaf = choice("leaf", value, LeafEncoding::NAMES)?,
                "cesu8" => profile.cesu8 = boolean("cesu8", value)?,
                "limits" => profile.limits = limits_of(value)?,
                unknown => return Err(unknown_member(unknown, Self::MEMBERS)),
            }
        }
        Ok(profile)
    }

    /// The profile as JSON, every member written out.
    ///
    /// ```
    /// use flowseal::profile::Profile;
    ///
    /// let written = Profile::default().to_json().to_string();
    /// assert_eq!(Profile::from_json(written.as_bytes())?, Profile::default());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn to_json(&self) -> Json {
        let text = |text: &str| Json::String(text.to_owned());
        Json::object([
            ("algorithm", text(self.algorithm.name())),
            ("statement", self.statement.to_json()),
            (
                "allow_unsigned_claims",
                Json::Bool(self.allow_unsigned_claims),
            ),
            ("trust", text(self.trust.name())),
            ("padding", text(self.padding.name())),
            ("leaf", text(self.leaf.name())),
            ("cesu8", Json::Bool(self.cesu8)),
            ("limits", limits_to_json(self.limits)),
        ])
    }

    /// The one profile among those given in an operation.
    pub(crate) fn agreed<'a>(
        given: impl IntoIterator<Item = Option<&'a Self>>,
    ) -> Result<Option<&'a Self>, Error> {
        let mut agreed: Option<&Self> = None;
        for profile in given.into_iter().flatten() {
            match agreed {
                Some(first) if first != profile => return Err(mismatch("two profiles differ")),
                _ => agreed = Some(profile),
            }
        }
        Ok(agreed)
    }
}

impl Default for Profile {
    /// RS256 over canonical flow v1, which must be signed; RSAES-PKCS1-v1_5 as pasby documents, the
    /// default limits.
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Rs256,
            statement: StatementForm::CanonicalFlowV1,
            allow_unsigned_claims: false,
            trust: Trust::Signed,
            padding: Padding::Pkcs1v15,
            leaf: LeafEncoding::Auto,
            cesu8: true,
            limits: Limits::default(),
        }
    }
}

/// The refusal of an operation that was given two opinions.
pub(crate) fn mismatch(what: &'static str) -> Error {
    refusal(
        ErrorCode::ProfileMismatch,
        "{}: give one profile to everything that takes part in an operation",
        [what.into()],
    )
}

/// An RSA signature algorithm, by its name in RFC 7518, section 3.1. The list is closed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, a salt of 32 bytes.
    Ps256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384, a salt of 48 bytes.
    Ps384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512, a salt of 64 bytes.
    Ps512,
}

impl Algorithm {
    const NAMES: &[(&str, Self)] = &[
        ("RS256", Self::Rs256),
        ("RS384", Self::Rs384),
        ("RS512", Self::Rs512),
        ("PS256", Self::Ps256),
        ("PS384", Self::Ps384),
        ("PS512", Self::Ps512),
    ];

    /// The algorithm of this name, such as `RS256`.
    pub fn from_name(name: &str) -> Option<Self> {
        by_name(name, Self::NAMES)
    }

    /// The name of RFC 7518, such as `RS256`.
    pub fn name(self) -> &'static str {
        name_of(self, Self::NAMES)
    }
}

/// Which bytes an e-signature is over.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StatementForm {
    /// RFC 8785 over the flow's lasting members, claims still sealed: this project's own form.
    CanonicalFlowV1,
    /// Bytes that the caller has from elsewhere, with the members that they cover.
    Detached,
    /// A template over top-level members, such as `{reference}.{requestee}.{signedAt}`.
    Template(Template),
}

impl StatementForm {
    fn from_json(value: &Json) -> Result<Self, Error> {
        const EXPECTED: &str = r#""canonical-flow-v1", "detached" or {"template": "…"}"#;
        match value {
            Json::String(name) if name == "canonical-flow-v1" => Ok(Self::CanonicalFlowV1),
            Json::String(name) if name == "detached" => Ok(Self::Detached),
            Json::Object(object) if object.len() == 1 => object
                .present("template")
                .and_then(Json::as_str)
                .ok_or_else(|| profile_error("statement", EXPECTED, value))?
                .parse()
                .map(Self::Template),
            _ => Err(profile_error("statement", EXPECTED, value)),
        }
    }

    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Template(template) => {
                Json::object([("template", Json::String(template.to_string()))])
            }
            named => Json::String(named.name().to_owned()),
        }
    }

    /// The form's name in a report and in a profile.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CanonicalFlowV1 => "canonical-flow-v1",
            Self::Detached => "detached",
            Self::Template(_) => "template",
        }
    }
}

/// What makes a flow one to believe.
///
/// Both are judged by the same rules: to [verify](crate::Flow::verify) a flow is to verify its
/// e-signature under either, and one without is `signature_missing`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Trust {
    /// The person's e-signature, and nothing else.
    Signed,
    /// That a session of this library's has received it from the API itself may do in its place.
    /// It is no proof that could be shown to anyone.
    Received,
}

impl Trust {
    const NAMES: &[(&str, Self)] = &[("signed", Self::Signed), ("received", Self::Received)];

    /// The name in a profile, such as `signed`.
    pub fn name(self) -> &'static str {
        name_of(self, Self::NAMES)
    }
}

/// An RSA encryption scheme of RFC 8017, section 7.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Padding {
    /// RSAES-OAEP with SHA-1, MGF1 with SHA-1, an empty label.
    OaepSha1,
    /// RSAES-OAEP with SHA-256, MGF1 with SHA-256, an empty label.
    OaepSha256,
    /// RSAES-OAEP with SHA-256, MGF1 with SHA-1, an empty label: what Java makes of
    /// `OAEPWithSHA-256AndMGF1Padding` unless it is told otherwise.
    OaepSha256Mgf1Sha1,
    /// RSAES-PKCS1-v1_5: what pasby documents.
    Pkcs1v15,
}

impl Padding {
    const NAMES: &[(&str, Self)] = &[
        ("rsaes-pkcs1-v1_5", Self::Pkcs1v15),
        ("rsaes-oaep-sha256", Self::OaepSha256),
        ("rsaes-oaep-sha1", Self::OaepSha1),
        ("rsaes-oaep-sha256-mgf1-sha1", Self::OaepSha256Mgf1Sha1),
    ];

    /// The padding of this name, such as `rsaes-pkcs1-v1_5`.
    pub fn from_name(name: &str) -> Option<Self> {
        by_name(name, Self::NAMES)
    }

    /// The name in a profile, such as `rsaes-pkcs1-v1_5`.
    pub fn name(self) -> &'static str {
        name_of(self, Self::NAMES)
    }
}

/// How a leaf's plaintext becomes a claim's text.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum LeafEncoding {
    /// A JSON string literal is unquoted; any other text is the claim as it was sent.
    Auto,
    /// The plaintext must be JSON; a string literal is unquoted.
    Json,
    /// The plaintext is the claim. It is never unquoted.
    Text,
}

impl LeafEncoding {
    const NAMES: &[(&str, Self)] = &[
        ("auto", Self::Auto),
        ("json", Self::Json),
        ("text", Self::Text),
    ];

    /// The name in a profile, such as `auto`.
    pub fn name(self) -> &'static str {
        name_of(self, Self::NAMES)
    }
}

fn limits_of(value: &Json) -> Result<Limits, Error> {
    let object = value
        .as_object()
        .ok_or_else(|| profile_error("limits", "an object", value))?;
    let default = Limits::default();
    let mut response_bytes = default.response_bytes();
    let (mut depth, mut leaves) = (default.depth(), default.leaves());
    for (name, value) in object.iter() {
        let bound = |name: &'static str| {
            value
                .as_integer()
                .and_then(|bound| usize::try_from(bound).ok())
                .ok_or_else(|| profile_error(name, "a whole number from 1 on", value))
        };
        match name {
            "response_bytes" => response_bytes = bound("limits.response_bytes")?,
            "depth" => depth = bound("limits.depth")?,
            "leaves" => leaves = bound("limits.leaves")?,
            unknown => {
                return Err(unknown_member(
                    unknown,
                    &["limits.response_bytes", "limits.depth", "limits.leaves"],
                ));
            }
        }
    }
    Limits::new(response_bytes, depth, leaves)
}

fn limits_to_json(limits: Limits) -> Json {
    let bound = |bound: usize| Json::Number(i64::try_from(bound).unwrap_or(i64::MAX).into());
    Json::object([
        ("response_bytes", bound(limits.response_bytes())),
        ("depth", bound(limits.depth())),
        ("leaves", bound(limits.leaves())),
    ])
}

fn choice<T: Copy>(
    member: &'static str,
    value: &Json,
    names: &[(&'static str, T)],
) -> Result<T, Error> {
    value
        .as_str()
        .and_then(|name| by_name(name, names))
        .ok_or_else(|| {
            let known = names.iter().map(|(name, _)| Shown::from(*name));
            let known = Shown::joined(["one of".into(), Shown::joined(known, ", ")], " ");
            profile_error(member, known, value)
        })
}

fn boolean(member: &'static str, value: &Json) -> Result<bool, Error> {
    value
        .as_bool()
        .ok_or_else(|| profile_error(member, "true or false", value))
}

fn by_name<T: Copy>(name: &str, names: &[(&str, T)]) -> Option<T> {
    let (_, value) = names.iter().find(|(known, _)| *known == name)?;
    Some(*value)
}

fn name_of<T: Copy + PartialEq>(value: T, names: &[(&'static str, T)]) -> &'static str {
    names
        .iter()
        .find_map(|(name, known)| (*known == value).then_some(*name))
        .unwrap_or_default()
}

fn profile_error(member: &'static str, expected: impl Into<Shown>, found: &Json) -> Error {
    let found = match found {
        Json::String(text) => Shown::id(text),
        Json::Number(number) => {
            let number = Shown::id(&number.to_string());
            Sentence::new("the number {}", [number]).into()
        }
        other => other.kind().into(),
    };
    refusal(
        ErrorCode::Profile,
        "{} of the profile must be {}, and is {}",
        [member.into(), expected.into(), found],
    )
}

/// Another file in the place of the profile may hold a secret as a member's name, too.
fn unknown_member(name: &str, known: &[&'static str]) -> Error {
    let known = Shown::joined(known.iter().map(|name| Shown::from(*name)), ", ");
    refusal(
        ErrorCode::Profile,
        "the profile has the unknown member {}, and knows {}: a misspelt member would otherwise change nothing, silently",
        [Shown::id(name), known],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_read() {
        let profile = Profile::from_json(
            br#"{"algorithm": "PS512", "statement": {"template": "{reference}.{iat}"},
                "allow_unsigned_claims": true, "trust": "received", "padding": "rsaes-oaep-sha1", "leaf": "json",
                "cesu8": false, "limits": {"response_bytes": 9, "depth": 120, "leaves": 1}}"#,
        )
        .unwrap();
        assert_eq!(profile.algorithm.name(), "PS512");
        assert_eq!(profile.statement.name(), "template");
        assert!(profile.allow_unsigned_claims);
        assert_eq!(profile.trust, Trust::Received);
        assert_eq!(profile.padding.name(), "rsaes-oaep-sha1");
        assert_eq!(profile.leaf.name(), "json");
        assert!(!profile.cesu8);
        assert_eq!(profile.limits, Limits::new(9, 120, 1).unwrap());
        let written = profile.to_json().to_string();
        assert_eq!(Profile::from_json(written.as_bytes()).unwrap(), profile);
        assert_eq!(Profile::from_json(b"{}").unwrap(), Profile::default());
    }

    #[test]
    fn unknown_members_and_values_are_errors() {
        for text in [
            "[]",
            r#"{"algorithms": "RS256"}"#,
            r#"{"algorithm": "none"}"#,
            r#"{"algorithm": "HS256"}"#,
            r#"{"algorithm": null}"#,
            r#"{"statement": "canonical-flow-v2"}"#,
            r#"{"statement": {"template": "{a}{b}"}}"#,
            r#"{"statement": {"template": "{a}", "covers": []}}"#,
            r#"{"cesu8": "true"}"#,
            r#"{"trust": "none"}"#,
            r#"{"trust": true}"#,
            r#"{"limits": {"depth": 121}}"#,
            r#"{"limits": {"depth": 0}}"#,
            r#"{"limits": {"leaves": 1.5}}"#,
            r#"{"limits": {"leafs": 1}}"#,
        ] {
            let error = Profile::from_json(text.as_bytes()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::Profile, "{text}");
        }
    }
}
