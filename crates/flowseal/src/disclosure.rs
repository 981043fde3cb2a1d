//! Some claims of a verified flow shown to someone else with the proof, and the rest withheld.
//!
//! | job | file |
//! |---|---|
//! | the file | here |
//! | what may be shown, and showing it | `disclose` |
//! | checking it with public keys alone | `check` |
//! | signed leaves, compared as numbers | `signed_leaves` |

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, ErrorCode, ErrorDetails};
use crate::ground::secret::{SecretBytes, SecretText, written_once};
use crate::ground::tree::{Json, Object, escape};
use crate::limits::Limits;
use crate::profile::Padding;
use crate::text_file;
use crate::verify::Evidence;

mod check;
mod disclose;
mod signed_leaves;

pub use check::Disclosed;

/// Some claims of a flow that a person signed, with the proof, and without the others.
///
/// The statement that was signed holds each claim as a ciphertext. RSA encryption has no choice
/// left once a claim is padded, so the padded claim (EM, in the words of RFC 8017) proves it:
/// whoever has the app's public key raises EM to its exponent and compares the result with the
/// ciphertext. What that shows and what it does not, with the assumptions named:
/// `crates/flowseal/docs/disclosure.md`.
///
/// It keeps values, and not that they were shared: whoever has the file also sees the national
/// number, the reference, the times, and the names of all claims beside their ciphertexts. As JSON:
///
/// ```json
/// {"flowseal_disclosure": 1, "app_key": {"fingerprint": "hex", "padding": "rsaes-pkcs1-v1_5"},
///  "claims": [{"path": "naming.given", "em": "base64"}], "evidence": {}}
/// ```
///
/// ```
/// # use flowseal::{testkit, AppKey, Expectations, VerifyingKey};
/// use flowseal::Disclosure;
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let ring = sample.ring()?;
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let file = verified.disclose(&ring, ["naming.given"])?.to_json();
///
/// // Elsewhere, with public keys alone. Both come from another place than the file.
/// # let app_pem = testkit::KeyPair::sample_app()?;
/// # let app_pem = app_pem.public_pem();
/// let app = AppKey::load(app_pem.as_bytes())?;
/// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
/// let disclosed = Disclosure::from_json(file.expose_secret().as_bytes())?.check(&app, &[ada])?;
/// assert_eq!(disclosed.claims().text("naming.given")?, Some("Adébáyọ̀"));
/// assert_eq!(disclosed.requestee(), Some("22212345610"));
/// assert_eq!(disclosed.withheld().len(), 8);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Disclosure {
    /// In lower-case hexadecimal.
    fingerprint: String,
    /// That of the evidence's profile, too.
    padding: Padding,
    claims: Vec<ShownClaim>,
    evidence: Evidence,
}

/// A claim with what proves it.
struct ShownClaim {
    path: String,
    em: SecretBytes,
}

impl Disclosure {
    /// Reads a disclosure file. Nothing of it is proved yet.
    ///
    /// # Errors
    /// `json` and its relatives for text that is no JSON; `disclosure` for a file of another
    /// version, or one with a member that is missing, malformed, unknown or there twice.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        // As long as the flow was: a profile may have allowed more than the default one does.
        let tree = text_file::secret_json(text, "the disclosure", &Limits::UNBOUNDED);
        let tree = tree.map_err(|error| of_this_file(error.into(), ErrorCode::JsonDuplicate))?;
        let is_evidence = |file: &Object| file.present("flowseal_evidence").is_some();
        if tree.as_object().is_some_and(is_evidence) {
            return Err(malformed("it is evidence, which shows no claim"));
        }
        let file = object(&tree, "the file", MEMBERS)?;
        match member(file, "flowseal_disclosure")?.as_integer() {
            Some(VERSION) => {}
            _ => {
                return Err(malformed(&format!(
                    "its flowseal_disclosure, which is its version, is not the {VERSION} that this library reads"
                )));
            }
        }

        let app_key = object(member(file, "app_key")?, "app_key", APP_KEY_MEMBERS)?;
        let fingerprint = text_of(app_key, "fingerprint")?;
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if fingerprint.len() != 64 || !fingerprint.bytes().all(is_hex) {
            return Err(malformed(
                "app_key.fingerprint is not 64 hexadecimal digits",
            ));
        }
        let padding = text_of(app_key, "padding")?;
        let padding =
            Padding::from_name(padding).ok_or_else(|| malformed("app_key.padding is unknown"))?;
        let claims = member(file, "claims")?
            .as_array()
            .filter(|claims| !claims.is_empty())
            .ok_or_else(|| malformed("claims is not a list of at least one claim"))?;
        let claims = claims
            .iter()
            .map(ShownClaim::read)
            .collect::<Result<Vec<_>, _>>()?;
        let mut paths: Vec<_> = claims.iter().map(|claim| &claim.path).collect();
        paths.sort_unstable();
        if paths.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(malformed("it shows a claim twice"));
        }

        let evidence = member(file, "evidence")?;
        let notes = object(evidence, "evidence", Evidence::MEMBERS)?;
        object(member(notes, "key")?, "evidence.key", KEY_MEMBERS)?;
        let report = member(notes, "report")?.as_array();
        for line in report.ok_or_else(|| malformed("evidence.report is no list"))? {
            object(line, "a line of evidence.report", LINE_MEMBERS)?;
        }
        let evidence = Evidence::read(evidence)
            .map_err(|error| of_this_file(error, ErrorCode::Evidence))
            .map_err(|error| of_this_file(error, ErrorCode::Profile))?;
        if evidence.profile().padding != padding {
            return Err(malformed(
                "its app_key and the profile of its evidence name different paddings",
            ));
        }
        Ok(Self {
            fingerprint: fingerprint.to_owned(),
            padding,
            claims,
            evidence,
        })
    }

    /// The disclosure as JSON text.
    ///
    /// To hand it to someone is to show the claims in it, and what stands around them.
    pub fn to_json(&self) -> SecretText {
        let evidence = self.evidence.to_tree().to_string();
        let encoded: Vec<_> = self.claims.iter().map(ShownClaim::encoded).collect();
        let text = written_once(|emit| {
            let mut emit = |piece: &str| emit(piece.as_bytes());
            emit(r#"{"flowseal_disclosure":1,"app_key":{"fingerprint":""#);
            emit(&self.fingerprint);
            emit(r#"","padding":""#);
            emit(self.padding.name());
            emit(r#""},"claims":["#);
            for (index, (claim, em)) in self.claims.iter().zip(&encoded).enumerate() {
                emit(if index == 0 { "" } else { "," });
                emit(r#"{"path":"#);
                escape::quote(&claim.path, &mut emit);
                emit(r#","em":""#);
                emit(em.expose_secret());
                emit(r#""}"#);
            }
            emit(r#"],"evidence":"#);
            emit(&evidence);
            emit("}");
        });
        SecretText::from_utf8(text).unwrap_or_else(|| SecretText::copied_from(""))
    }

    /// The paths of the claims that it shows, in the flow's order where this library made it.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().map(|claim| claim.path.as_str())
    }

    /// The encoded message that proves the claim at this path, as long as the modulus; `None` where
    /// the claim is not shown.
    pub fn encoded_message(&self, path: &str) -> Option<&SecretBytes> {
        let claim = self.claims.iter().find(|claim| claim.path == path)?;
        Some(&claim.em)
    }

    /// The fingerprint that the file gives the app's key, in hexadecimal: a note, by which the key
    /// is looked for elsewhere.
    pub fn app_key_fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The padding under which the claims are sealed. A block that is valid under one is accepted
    /// under no other.
    pub fn padding(&self) -> Padding {
        self.padding
    }

    /// The proof that the person signed the ciphertexts.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

impl ShownClaim {
    fn read(tree: &Json) -> Result<Self, Error> {
        let claim = object(tree, "a claim", CLAIM_MEMBERS)?;
        let path = text_of(claim, "path")?;
        let em = text_of(claim, "em")?;
        let mut buffer = SecretBytes::zeroed(base64::decoded_len_estimate(em.len()));
        let decoded = STANDARD
            .decode_slice(em, buffer.expose_secret_mut())
            .ok()
            .and_then(|len| buffer.expose_secret().get(..len));
        Ok(Self {
            path: path.to_owned(),
            em: SecretBytes::copied_from(decoded.ok_or_else(|| malformed("an em is not base64"))?),
        })
    }

    fn encoded(&self) -> SecretText {
        let em = self.em.expose_secret();
        let mut text = SecretBytes::zeroed(em.len().div_ceil(3) * 4);
        // The buffer is exactly as long as the text.
        let _ = STANDARD.encode_slice(em, text.expose_secret_mut());
        SecretText::from_utf8(text).unwrap_or_else(|| SecretText::copied_from(""))
    }
}

impl fmt::Debug for Disclosure {
    /// Paths only: what proves a claim shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disclosure")
            .field("paths", &self.paths().collect::<Vec<_>>())
            .field("evidence", &self.evidence)
            .finish_non_exhaustive()
    }
}

const VERSION: i128 = 1;

const MEMBERS: &[&str] = &["flowseal_disclosure", "app_key", "claims", "evidence"];
const APP_KEY_MEMBERS: &[&str] = &["fingerprint", "padding"];
const CLAIM_MEMBERS: &[&str] = &["path", "em"];
const KEY_MEMBERS: &[&str] = &["fingerprint", "kid", "subject", "certificate"];
const LINE_MEMBERS: &[&str] = &["check", "outcome", "why"];

/// An object with these members and no other: what is not known here was meant to say something.
fn object<'a>(tree: &'a Json, what: &str, names: &[&str]) -> Result<&'a Object, Error> {
    let object = tree
        .as_object()
        .ok_or_else(|| malformed(&format!("{what} is no JSON object")))?;
    match object.iter().all(|(name, _)| names.contains(&name)) {
        true => Ok(object),
        false => Err(malformed(&format!(
            "{what} has a member other than {}",
            names.join(", ")
        ))),
    }
}

fn member<'a>(object: &'a Object, name: &str) -> Result<&'a Json, Error> {
    let member = object.present(name);
    member.ok_or_else(|| malformed(&format!("it has no {name}")))
}

fn text_of<'a>(object: &'a Object, name: &str) -> Result<&'a str, Error> {
    let text = member(object, name)?.as_str();
    text.ok_or_else(|| malformed(&format!("{name} is no text")))
}

/// The same refusal as one of a disclosure, where it has the given code.
fn of_this_file(error: Error, code: ErrorCode) -> Error {
    match error.code() == code {
        true => Error::new(ErrorCode::Disclosure, error.sentence()),
        false => error,
    }
}

fn malformed(why: &str) -> Error {
    Error::new(
        ErrorCode::Disclosure,
        format!("this is not a disclosure, since {why}: give the file as it was written"),
    )
}

/// What is no proof, or may not become one; `why` is its stable word.
fn invalid(why: &'static str, claim: Option<&str>, sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::DisclosureInvalid, sentence).with_details(ErrorDetails {
        claim: claim.map(str::to_owned),
        why: Some(why),
        ..ErrorDetails::default()
    })
}

/// A path at which nothing was signed, which stands in the sentence in the place of `{}`.
fn not_signed(path: &str, sentence: &str) -> Error {
    let sentence = sentence.replace("{}", &crate::ground::quoted::quoted(path));
    Error::new(ErrorCode::Disclosure, sentence).with_details(ErrorDetails {
        claim: Some(path.to_owned()),
        ..ErrorDetails::default()
    })
}
