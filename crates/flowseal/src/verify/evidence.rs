//! What an auditor keeps of a verified flow, and how it is checked again years later.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal_rsa::Engine;

use super::attempt::Attempt;
use super::diagnosis::diagnosis;
use super::sentences::{none_for, signature_invalid};
use super::verified_flow::VerifiedFlow;
use crate::error::{Error, ErrorCode, ErrorDetails};
use crate::ground::report::{Check, Outcome, Report, ReportedKey};
use crate::ground::strict_base64;
use crate::ground::tree::{Json, Object};
use crate::keys::VerifyingKey;
use crate::limits::Limits;
use crate::profile::{Padding, Profile, StatementForm};
use crate::shown::Shown;
use crate::statement::members_of_canonical_flow_v1;
use crate::text_file;

/// The proof that a person signed a flow: the signed bytes, the signature, which key, which
/// profile.
///
/// It holds no claim in the clear. The report in it is a note of what was found at the time;
/// [`check`](Self::check) believes the signature only. As JSON:
///
/// ```json
/// {"flowseal_evidence": 1, "statement": "base64", "signature": "base64",
///  "key": {"fingerprint": "hex", "kid": null, "subject": null, "certificate": null},
///  "covers": ["reference"], "profile": {}, "report": [{"check": "", "outcome": "", "why": null}]}
/// ```
///
/// ```
/// # use flowseal::report::{Check, Outcome};
/// # use flowseal::{testkit, Expectations, VerifyingKey};
/// use flowseal::Evidence;
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let file = verified.evidence().to_json();
///
/// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
/// let report = Evidence::from_json(file.as_bytes())?.check(&[ada])?;
/// assert_eq!(report.outcome(Check::Signature), Outcome::Passed);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Evidence {
    statement: Vec<u8>,
    signature: Vec<u8>,
    fingerprint: String,
    key: Json,
    covers: Arc<[String]>,
    profile: Profile,
    report: Json,
    /// The signed members, where they were read already: of canonical flow v1, out of a file.
    members: Option<Arc<Object>>,
    /// Whether this process has verified the flow that it is of.
    of_verified_flow: bool,
}

impl Evidence {
    /// The members of the file.
    pub(crate) const MEMBERS: &[&str] = &[
        "flowseal_evidence",
        "statement",
        "signature",
        "key",
        "covers",
        "profile",
        "report",
    ];

    /// Reads an evidence file.
    ///
    /// # Errors
    /// `json` and its relatives for text that is no JSON; `evidence` for a file of another version,
    /// or one whose members are missing, malformed or contradict each other; `profile` for a
    /// profile that is none.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        // As long as the flow was: a profile may have allowed more than the default one does.
        Self::read(&text_file::json_file(
            text,
            "the evidence",
            &Limits::UNBOUNDED,
        )?)
    }

    /// Reads what an evidence file holds, wherever it stands.
    pub(crate) fn read(tree: &Json) -> Result<Self, Error> {
        let file = tree
            .as_object()
            .ok_or_else(|| malformed("it is no JSON object"))?;
        match file.present("flowseal_evidence").and_then(Json::as_integer) {
            Some(VERSION) => {}
            Some(version) => {
                return Err(malformed(&format!(
                    "its version is {version}, and this library reads {VERSION}"
                )));
            }
            None if file.present("flowseal_disclosure").is_some() => {
                return Err(malformed("it is a disclosure, which evidence is in"));
            }
            None => {
                return Err(malformed(
                    "it has no flowseal_evidence, which is its version",
                ));
            }
        }

        let key = member(file, "key")?;
        let fingerprint = key
            .as_object()
            .and_then(|key| key.present("fingerprint"))
            .and_then(Json::as_str)
            .ok_or_else(|| malformed("its key has no fingerprint"))?;
        let covers = member(file, "covers")?
            .as_array()
            .and_then(|names| {
                names
                    .iter()
                    .map(|name| name.as_str().map(str::to_owned))
                    .collect()
            })
            .ok_or_else(|| malformed("covers is not a list of member names"))?;
        let statement = bytes(file, "statement")?;
        let profile = Profile::from_json(member(file, "profile")?.to_string().as_bytes())?;
        let evidence = Self {
            members: members_of(&profile, &statement),
            statement,
            signature: bytes(file, "signature")?,
            fingerprint: fingerprint.to_owned(),
            key: key.clone(),
            covers,
            profile,
            report: member(file, "report")?.clone(),
            of_verified_flow: false,
        };
        if evidence.covers_are_right() {
            Ok(evidence)
        } else {
            Err(malformed(
                "its statement is not of the form that its profile names, or covers other members than it says",
            ))
        }
    }

    /// The evidence as JSON text.
    pub fn to_json(&self) -> String {
        self.to_tree().to_string()
    }

    /// The same as a value.
    pub(crate) fn to_tree(&self) -> Json {
        let text = |text: &str| Json::String(text.to_owned());
        Json::object([
            ("flowseal_evidence", Json::Number(1.into())),
            ("statement", text(&STANDARD.encode(&self.statement))),
            ("signature", text(&STANDARD.encode(&self.signature))),
            ("key", self.key.clone()),
            (
                "covers",
                Json::Array(self.covers.iter().map(|name| text(name)).collect()),
            ),
            ("profile", self.profile.to_json()),
            ("report", self.report.clone()),
        ])
    }

    /// Verifies the signature over the signed bytes again, with the key of the fingerprint among
    /// `keys`, which the auditor has from elsewhere.
    ///
    /// The report has the signature's outcome; what was expected of the flow at the time was not
    /// asked again. Which members the bytes are is the canonical form's own to say; of another form
    /// it is the file's word, and the check `claims_signed` is `not_checked`, `covers_by_file`.
    ///
    /// # Errors
    /// `no_verifying_key` if the key is not among those given, or is there as a JWK of another
    /// algorithm; `key_kind` if it is there with a restriction of its own that the algorithm does
    /// not meet; `signature_invalid`, with the report, if the signature is not that key's over
    /// these bytes.
    pub fn check(&self, keys: &[VerifyingKey]) -> Result<Report, Error> {
        self.checked(
            keys,
            self.profile.statement == StatementForm::CanonicalFlowV1,
        )
    }

    /// The same where the auditor knows the profile of the time, so that a template too is known
    /// and not the file's word. Bytes that were detached do not say what they cover in any case.
    ///
    /// ```
    /// # use flowseal::profile::Profile;
    /// # use flowseal::{testkit, ErrorCode, Expectations, VerifyingKey};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    /// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
    /// let other = Profile::from_json(br#"{"algorithm": "PS256"}"#)?;
    /// let refused = verified.evidence().check_under(&[ada], &other).unwrap_err();
    /// assert_eq!(refused.code(), ErrorCode::ProfileMismatch);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`check`](Self::check); `profile_mismatch` where the file's profile has another
    /// statement, algorithm or padding.
    pub fn check_under(&self, keys: &[VerifyingKey], profile: &Profile) -> Result<Report, Error> {
        let own = &self.profile;
        for (member, agrees) in [
            ("statement", own.statement == profile.statement),
            ("algorithm", own.algorithm == profile.algorithm),
            ("padding", own.padding == profile.padding),
        ] {
            if !agrees {
                return Err(Error::new(
                    ErrorCode::ProfileMismatch,
                    format!(
                        "the evidence was made under another {member} than the profile given: give the profile of the time, or refuse the file"
                    ),
                ));
            }
        }
        self.checked(keys, self.profile.statement != StatementForm::Detached)
    }

    /// The profile that the file says the flow was verified under.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The same evidence, of a flow that was sealed with this padding.
    pub(crate) fn with_padding(mut self, padding: Padding) -> Self {
        self.profile.padding = padding;
        self
    }

    /// The signed members, where the statement is in this project's own form.
    pub(crate) fn signed_members(&self) -> Option<Arc<Object>> {
        let read = || members_of(&self.profile, &self.statement);
        self.members.clone().or_else(read)
    }

    fn checked(&self, keys: &[VerifyingKey], covers_are_known: bool) -> Result<Report, Error> {
        let named: Vec<_> = keys
            .iter()
            .filter(|key| key.fingerprint().is_named(&self.fingerprint))
            .collect();
        if named.is_empty() {
            let is_one = is_fingerprint(&self.fingerprint);
            let fingerprint = is_one.then(|| self.fingerprint.clone());
            let shown = fingerprint.clone();
            let shown = shown.unwrap_or_else(|| Shown::id(&self.fingerprint).to_string());
            return Err(Error::new(
                ErrorCode::NoVerifyingKey,
                format!(
                    "the evidence names the key {shown}, which is not among those given: give that person's key of the time"
                ),
            )
            .with_details(ErrorDetails {
                key: fingerprint,
                kid: self.kid().map(str::to_owned),
                ..ErrorDetails::default()
            })
            .with_report(Report::unchecked("no_verifying_key")));
        }
        let mut fitting = named
            .iter()
            .copied()
            .filter(|key| key.is_for(self.profile.algorithm));
        let key = fitting
            .next()
            .ok_or_else(|| none_for(&self.profile, named.iter().copied()))?;
        let mut attempt = Attempt::new(key, &self.signature);
        if let Some(attempt) = &mut attempt {
            attempt.compute(&Engine::new());
        }

        let mut report = Report::unchecked("from_evidence");
        report.set(
            Check::NotCancelled,
            Outcome::NotChecked,
            Some("from_evidence"),
        );
        if !covers_are_known {
            let why = Some("covers_by_file");
            report.set(Check::ClaimsSigned, Outcome::NotChecked, why);
        }
        report.set_covers(Arc::clone(&self.covers));
        if let Some(fault) = attempt.as_ref().and_then(Attempt::fault) {
            return Err(fault.with_report(report));
        }
        let verifies =
            |attempt: &Attempt<'_>| attempt.verifies(self.profile.algorithm, &self.statement);
        if attempt.as_ref().is_some_and(verifies) {
            report.set(Check::Signature, Outcome::Passed, None);
            report.set_key(key.reported());
            Ok(report)
        } else {
            report.set(Check::Signature, Outcome::Failed, Some("invalid"));
            let attempts: Vec<_> = attempt.into_iter().collect();
            let tried: Vec<_> = attempts.iter().map(|attempt| attempt.key).collect();
            let of_another_length = if tried.is_empty() {
                vec![key]
            } else {
                Vec::new()
            };
            let diagnosis = diagnosis(&attempts, &of_another_length, self.profile.algorithm);
            Err(signature_invalid(&self.profile, &tried, diagnosis).with_report(report))
        }
    }

    /// The name that the file gives its key.
    fn kid(&self) -> Option<&str> {
        self.key.as_object()?.present("kid")?.as_str()
    }

    /// The bytes that were signed.
    pub fn statement(&self) -> &[u8] {
        &self.statement
    }

    /// The names of the members that the signed bytes cover.
    pub fn covers(&self) -> &[String] {
        &self.covers
    }

    /// The fingerprint that the file gives its key.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The key's names, as the file has them.
    pub(crate) fn key_json(&self) -> &Json {
        &self.key
    }

    /// The note of what was found at the time.
    pub(crate) fn report_json(&self) -> &Json {
        &self.report
    }

    /// Whether this process has verified the flow that it is of.
    pub(crate) fn is_of_verified_flow(&self) -> bool {
        self.of_verified_flow
    }

    /// Whether the statement is of the profile's form and covers what the file says. What detached
    /// bytes cover is whatever the caller said at the time.
    fn covers_are_right(&self) -> bool {
        match &self.profile.statement {
            StatementForm::CanonicalFlowV1 => self.members.as_ref().is_some_and(|members| {
                let names = members.iter().map(|(name, _)| name);
                are_the_same(names.collect(), &self.covers)
            }),
            StatementForm::Template(template) => {
                let covers = template.covers();
                let names = covers.iter().map(String::as_str);
                template.could_give(&self.statement) && are_the_same(names.collect(), &self.covers)
            }
            StatementForm::Detached => true,
        }
    }
}

impl fmt::Debug for Evidence {
    /// The key and what is covered. What is signed names a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("fingerprint", &self.fingerprint)
            .field("covers", &self.covers)
            .finish_non_exhaustive()
    }
}

impl VerifiedFlow {
    /// What an auditor keeps of this flow.
    pub fn evidence(&self) -> Evidence {
        let key = self.report.key();
        Evidence {
            statement: self.statement.clone(),
            signature: self.signature.clone(),
            fingerprint: key
                .map(|key| key.fingerprint().to_string())
                .unwrap_or_default(),
            key: key.map_or(Json::Null, ReportedKey::to_json),
            covers: self.report.covers().into(),
            profile: self.profile.clone(),
            report: self.report.to_json(),
            members: None,
            of_verified_flow: true,
        }
    }
}

/// Whether a text of a file's is a fingerprint. Another file in its place may hold anything there.
fn is_fingerprint(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

const VERSION: i128 = 1;

/// The members of a statement that says by its own form which they are.
fn members_of(profile: &Profile, statement: &[u8]) -> Option<Arc<Object>> {
    let is_canonical = profile.statement == StatementForm::CanonicalFlowV1;
    let members = is_canonical.then(|| members_of_canonical_flow_v1(statement))?;
    members.map(Arc::new)
}

/// Whether these are the same names, in whatever order.
fn are_the_same(mut names: Vec<&str>, others: &[String]) -> bool {
    let mut others: Vec<_> = others.iter().map(String::as_str).collect();
    names.sort_unstable();
    others.sort_unstable();
    names == others
}

fn member<'a>(file: &'a Object, name: &str) -> Result<&'a Json, Error> {
    file.present(name)
        .ok_or_else(|| malformed(&format!("it has no {name}")))
}

fn bytes(file: &Object, name: &str) -> Result<Vec<u8>, Error> {
    member(file, name)?
        .as_str()
        .and_then(strict_base64::decode)
        .ok_or_else(|| malformed(&format!("{name} is not base64")))
}

fn malformed(why: &str) -> Error {
    Error::new(
        ErrorCode::Evidence,
        format!("this is not an evidence file, since {why}: give the file as it was written"),
    )
}
