//! Why a signature is not valid, as data: what each key that was tried shows of it.

use std::fmt;

use crate::ground::fingerprint::Fingerprint;
use crate::ground::quoted;
use crate::ground::tree::Json;

/// Why an e-signature is `signature_invalid`: what each key that was tried shows of it.
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair};
/// use flowseal::report::Finding;
/// use flowseal::profile::Profile;
/// use flowseal::{Expectations, Flow, UnixTime, Verifier};
///
/// # let user = KeyPair::sample_user()?;
/// # let rs512 = Profile::from_json(br#"{"algorithm": "RS512"}"#)?;
/// # let builder = FlowBuilder::new("req_1").profile(&rs512);
/// # let app = KeyPair::sample_app()?.sealing_key()?;
/// # let response = builder.seal(&app, &user.signing_key()?)?.to_json();
/// # let verifier = Verifier::trusting([user.verifying_key()?]);
/// # let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT)?;
/// let flow = Flow::from_json(response.as_bytes())?;
/// let refused = flow.verify(&verifier, &Expectations::unbound(), now).unwrap_err();
/// let diagnosis = refused.error().diagnosis().unwrap();
/// assert_eq!(diagnosis.keys()[0].finding(), Finding::OtherAlgorithm);
/// assert_eq!(diagnosis.keys()[0].hash(), Some("sha512"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Diagnosis {
    keys: Vec<DiagnosedKey>,
    flows: Vec<DiagnosedFlow>,
}

impl Diagnosis {
    pub(crate) fn new(keys: Vec<DiagnosedKey>) -> Self {
        Self {
            keys,
            flows: Vec::new(),
        }
    }

    pub(crate) fn with_flows(mut self, flows: Vec<DiagnosedFlow>) -> Self {
        self.flows = flows;
        self
    }

    /// One entry for each key that was tried; with `statement_unknown`, on each flow that is not
    /// explained.
    pub fn keys(&self) -> &[DiagnosedKey] {
        &self.keys
    }

    /// With `statement_unknown`, one entry for each flow that was given, in their order; empty with
    /// `signature_invalid`, which is about one flow.
    pub fn flows(&self) -> &[DiagnosedFlow] {
        &self.flows
    }

    /// The diagnosis as JSON: an array of `{"fingerprint", "kid", "finding", "padding", "hash",
    /// "salt_length", "digest"}`. The digest is personal data: keep it out of logs.
    pub fn to_json(&self) -> Json {
        Json::Array(self.keys.iter().map(DiagnosedKey::to_json).collect())
    }

    /// What is found, in words that hold no digest.
    pub(crate) fn sentence(&self) -> String {
        let made_it = |key: &&DiagnosedKey| key.finding != Finding::OtherKey;
        let Some(key) = self.keys.iter().find(made_it) else {
            return "none of these keys made it, or it was damaged on the way".to_owned();
        };
        let name = key.name();
        match key.finding {
            Finding::OtherBytes => format!(
                "the key {name} made it with this algorithm, over other bytes than these: something was changed, or the statement is another"
            ),
            _ => format!(
                "the key {name} made it, with {}: {}",
                key.scheme(),
                match key.is_of_jwa() {
                    true => "correct the profile's algorithm",
                    false => "no profile has that, so its signer has to change it",
                }
            ),
        }
    }
}

/// What is known of one flow among several of which no statement explains all.
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair};
/// use flowseal::report::Finding;
/// use flowseal::Learner;
///
/// # let (app, user) = (KeyPair::sample_app()?.sealing_key()?, KeyPair::sample_user()?);
/// # let stranger = KeyPair::generate(2048)?.signing_key()?;
/// # let seal = |reference: &str, key| {
/// #     Ok::<_, flowseal::Error>(FlowBuilder::new(reference).seal(&app, key)?.to_json())
/// # };
/// # let known = user.signing_key()?;
/// # let flows = [seal("req_1", &known)?, seal("req_2", &stranger)?, seal("req_3", &known)?];
/// let refused = Learner::new([user.verifying_key()?]).learn(&flows).unwrap_err();
/// let found = refused.diagnosis().unwrap().flows();
/// assert_eq!(found[0].explained_by(), Some("canonical-flow-v1"));
/// assert_eq!(found[1].finding(), Some(Finding::OtherKey));
/// assert_eq!(found[2].explained_by(), Some("canonical-flow-v1"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DiagnosedFlow(Result<String, Option<Finding>>);

impl DiagnosedFlow {
    pub(crate) fn new(explained_by: Result<String, Option<Finding>>) -> Self {
        Self(explained_by)
    }

    /// The statement that explains more of the flows than any other does, where it explains this
    /// one.
    pub fn explained_by(&self) -> Option<&str> {
        self.0.as_deref().ok()
    }

    /// Why that statement does not: another key than those given has signed it; a key given has,
    /// with another algorithm than most; a key given has, over other bytes. `None` where it does,
    /// and where nothing explains any of the flows on which the list was tried and this is another.
    pub fn finding(&self) -> Option<Finding> {
        self.0.as_ref().err().copied().flatten()
    }

    /// As JSON: `{"explained_by", "finding"}`, one of which is `null`, or both of a flow on which
    /// nothing was tried.
    pub fn to_json(&self) -> Json {
        let text = |text: Option<&str>| text.map_or(Json::Null, |text| Json::String(text.into()));
        Json::object([
            ("explained_by", text(self.explained_by())),
            ("finding", text(self.finding().map(Finding::as_str))),
        ])
    }
}

/// What one key shows of a signature that is not valid.
#[derive(Clone)]
pub struct DiagnosedKey {
    fingerprint: Fingerprint,
    kid: Option<String>,
    finding: Finding,
    encoding: Option<Encoding>,
}

impl DiagnosedKey {
    pub(crate) fn new(
        fingerprint: Fingerprint,
        kid: Option<&str>,
        finding: Finding,
        encoding: Option<Encoding>,
    ) -> Self {
        Self {
            fingerprint,
            kid: kid.map(str::to_owned),
            finding,
            encoding,
        }
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The key's `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Which cause it is.
    pub fn finding(&self) -> Finding {
        self.finding
    }

    /// `v1_5` or `pss`; `None` where this key did not make the signature.
    pub fn padding(&self) -> Option<&'static str> {
        self.encoding
            .as_ref()
            .map(|encoding| match encoding.salt_length {
                None => "v1_5",
                Some(_) => "pss",
            })
    }

    /// The hash that was signed, such as `sha256`.
    pub fn hash(&self) -> Option<&'static str> {
        self.encoding.as_ref().map(|encoding| encoding.hash.name)
    }

    /// The length of PSS's salt, in bytes.
    pub fn salt_length(&self) -> Option<usize> {
        self.encoding.as_ref()?.salt_length
    }

    /// The digest that was signed; PSS shows none.
    ///
    /// Personal data: whoever has it guesses a national number that was signed in minutes.
    pub fn digest(&self) -> Option<&[u8]> {
        self.encoding.as_ref()?.digest.as_deref()
    }

    fn name(&self) -> String {
        match &self.kid {
            Some(kid) => quoted::kid(kid),
            None => self.fingerprint.to_string(),
        }
    }

    /// The signature's scheme, in words.
    fn scheme(&self) -> String {
        let Some(encoding) = &self.encoding else {
            return "an unknown scheme".to_owned();
        };
        let hash = encoding.hash;
        match (encoding.salt_length, hash.number) {
            (None, Some(number)) => format!("RS{number}"),
            (None, None) => format!("RSASSA-PKCS1-v1_5 and {}", hash.name),
            (Some(salt), Some(number)) if salt == hash.len && encoding.mask.is_none() => {
                format!("PS{number}")
            }
            (Some(salt), _) => format!(
                "RSASSA-PSS, {}, MGF1 with {} and a salt of {salt} bytes, where JWA wants one of {} and one hash",
                hash.name,
                encoding.mask.unwrap_or(hash.name),
                hash.len
            ),
        }
    }

    /// Whether JSON Web Algorithms have the scheme, and so a profile can name it.
    fn is_of_jwa(&self) -> bool {
        self.encoding.as_ref().is_some_and(|encoding| {
            let salt_fits = encoding
                .salt_length
                .is_none_or(|salt| salt == encoding.hash.len);
            encoding.hash.number.is_some() && encoding.mask.is_none() && salt_fits
        })
    }

    fn to_json(&self) -> Json {
        let text = |text: Option<&str>| text.map_or(Json::Null, |text| Json::String(text.into()));
        let number = |number: Option<usize>| {
            let number = number.and_then(|number| i64::try_from(number).ok());
            number.map_or(Json::Null, |number| Json::Number(number.into()))
        };
        let digest = self.digest().map(|digest| {
            let digits = digest.iter().map(|byte| format!("{byte:02x}"));
            digits.collect::<String>()
        });
        Json::object([
            ("fingerprint", text(Some(&self.fingerprint.to_string()))),
            ("kid", text(self.kid())),
            ("finding", text(Some(self.finding.as_str()))),
            ("padding", text(self.padding())),
            ("hash", text(self.hash())),
            ("salt_length", number(self.salt_length())),
            ("digest", text(digest.as_deref())),
        ])
    }
}

impl fmt::Debug for DiagnosedKey {
    /// Without the digest, which is as good as the national number in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiagnosedKey")
            .field("fingerprint", &self.fingerprint)
            .field("finding", &self.finding)
            .field("padding", &self.padding())
            .field("hash", &self.hash())
            .field("salt_length", &self.salt_length())
            .finish_non_exhaustive()
    }
}

/// Which cause it is that a signature is not valid under a key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Finding {
    /// The key made it, with another algorithm than the profile's.
    OtherAlgorithm,
    /// The key made it with the profile's algorithm, over other bytes.
    OtherBytes,
    /// The key did not make it.
    OtherKey,
}

impl Finding {
    /// The stable name, such as `other_bytes`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherAlgorithm => "other_algorithm",
            Self::OtherBytes => "other_bytes",
            Self::OtherKey => "other_key",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A hash that may stand in a signature.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Hash {
    pub(crate) name: &'static str,
    pub(crate) len: usize,
    /// The digits of JWA's names, where there is such an algorithm.
    pub(crate) number: Option<u16>,
}

pub(crate) const SHA1: Hash = Hash {
    name: "sha1",
    len: 20,
    number: None,
};
pub(crate) const SHA224: Hash = Hash {
    name: "sha224",
    len: 28,
    number: None,
};
pub(crate) const SHA256: Hash = Hash {
    name: "sha256",
    len: 32,
    number: Some(256),
};
pub(crate) const SHA384: Hash = Hash {
    name: "sha384",
    len: 48,
    number: Some(384),
};
pub(crate) const SHA512: Hash = Hash {
    name: "sha512",
    len: 64,
    number: Some(512),
};

/// How an encoded message was made (RFC 8017, section 9), as far as it shows it.
#[derive(Clone)]
pub(crate) struct Encoding {
    pub(crate) hash: Hash,
    /// `None` is RSASSA-PKCS1-v1_5.
    pub(crate) salt_length: Option<usize>,
    /// The hash of PSS's MGF1, where it is another than the message's.
    pub(crate) mask: Option<&'static str>,
    pub(crate) digest: Option<Vec<u8>>,
}
