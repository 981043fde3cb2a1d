//! What was found, and what a profile can say of it.

use std::fmt;

use sha2::Digest;

use super::Case;
use super::judge::Encoding;
use super::list::{JsonForm, Members, Pool, Recipe, claim_text_suffix, forms};
use super::render::Order;
use super::table::{Joints, bit};
use crate::error::{Error, ErrorCode};
use crate::ground::secret::SecretBytes;
use crate::ground::tree::Json;
use crate::keys::VerifyingKey;
use crate::profile::{Algorithm, Profile, StatementForm};
use crate::setup::Setup;
use crate::statement::{DetachedStatement, LASTING_MEMBERS, Statement};
use crate::verify::recovered::Recovered;
use crate::verify::{Expectations, Verification, Verifier};

/// The statement that explains every flow that was given.
///
/// As JSON: `{"algorithm", "finding", "statement", "covers", "flows", "weak", "candidates"}`.
///
/// ```
/// # let sample = flowseal::testkit::Sample::new()?;
/// # let key = flowseal::testkit::KeyPair::sample_user()?.verifying_key()?;
/// let learned = flowseal::Learner::new([key]).learn(&[sample.response()])?;
/// assert_eq!(learned.finding(), "canonical-flow-v1");
/// assert!(learned.is_weak()); // There was one flow alone.
/// assert_eq!(learned.profile()?, flowseal::profile::Profile::default());
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Learned {
    algorithm: Algorithm,
    finding: String,
    statement: StatementForm,
    covers: Vec<String>,
    flows: usize,
    one_alone: bool,
    candidates: u64,
    /// The flows as they are under the profile; what it refuses of them is not written.
    verified: Result<Profile, Error>,
}

/// A recipe that explains every flow.
pub(super) struct Found {
    recipe: Recipe,
    encoding: Encoding,
    statement: StatementForm,
    /// The bytes of each flow, where nothing in them is a claim in the clear.
    bytes: Option<Vec<Vec<u8>>>,
    /// Whether the bytes of all flows are the same, so that they are one flow's, however often it
    /// was signed and however its signature is spelt.
    one_alone: bool,
}

impl Found {
    /// Puts the statements together and asks the rule that verifies flows. A digest that is like
    /// another is none of the matters for which this would be needed: it guards against this code.
    pub(super) fn confirmed<D: Digest>(
        recipe: Recipe,
        encoding: Encoding,
        judged: &[(&Case<'_>, &Recovered)],
        joints: &Joints,
        pool: &Pool,
    ) -> Option<Self> {
        let mut statements = Vec::new();
        for (case, shown) in judged {
            let (table, mut pieces) = (case.table(), Vec::new());
            table.pieces(&recipe, joints, &mut pieces)?;
            let statement = encoding.of::<D>(&pieces);
            if !shown.is_over(statement.expose_secret()) {
                return None;
            }
            statements.push(statement);
        }
        let is_said = |form: &StatementForm| {
            judged.iter().zip(&statements).all(|((case, _), bytes)| {
                Statement::of(&case.flow, form, None)
                    .is_ok_and(|statement| statement.bytes == bytes.expose_secret())
            })
        };
        let first = statements.first().map(SecretBytes::expose_secret);
        let mut bytes = statements.iter().map(SecretBytes::expose_secret);
        let one_alone = bytes.all(|bytes| Some(bytes) == first);
        let in_the_clear = pool.opened && has_opened_claims(&recipe);
        let bytes = statements
            .iter()
            .map(|bytes| bytes.expose_secret().to_vec());
        Some(Self {
            statement: form_of(&recipe, encoding)
                .filter(is_said)
                .unwrap_or(StatementForm::Detached),
            bytes: (!in_the_clear).then(|| bytes.collect()),
            one_alone,
            recipe,
            encoding,
        })
    }
}

impl Learned {
    pub(super) fn new(
        keys: &[VerifyingKey],
        cases: &[Case<'_>],
        profile: &Profile,
        found: Found,
        candidates: u64,
    ) -> Self {
        let covers = covers(&found.recipe, cases);
        let finding = match (&found.statement, &found.recipe) {
            (StatementForm::CanonicalFlowV1, _) => "canonical-flow-v1".to_owned(),
            (StatementForm::Template(_), _) => "template".to_owned(),
            _ => name(&found.recipe, found.encoding),
        };
        let profile = Profile {
            statement: found.statement.clone(),
            ..*profile
        };
        Self {
            algorithm: profile.algorithm,
            finding,
            verified: verified(keys, cases, &found, &covers, profile),
            statement: found.statement,
            covers,
            flows: cases.len(),
            one_alone: found.one_alone,
            candidates,
        }
    }

    /// The algorithm that all flows were signed with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of what was found: `canonical-flow-v1`, `template`, or another of the list, which
    /// no profile can express.
    pub fn finding(&self) -> &str {
        &self.finding
    }

    /// The statement as a profile says it: detached where it cannot.
    pub fn statement(&self) -> &StatementForm {
        &self.statement
    }

    /// The members that it covers, of the flows that have them.
    pub fn covers(&self) -> &[String] {
        &self.covers
    }

    /// How many flows it explains: all that were given.
    pub fn flows(&self) -> usize {
        self.flows
    }

    /// How many statements were tried.
    pub fn candidates(&self) -> u64 {
        self.candidates
    }

    /// Whether it rests on one flow alone, or leaves out `reference`, `requestee` or a time: then
    /// who was asked, for what or when is not under the signature.
    pub fn is_weak(&self) -> bool {
        self.one_alone || self.missing().is_some()
    }

    /// The profile to verify by. It has verified every flow that was given.
    ///
    /// # Errors
    /// `usage` if the statement leaves out `reference`, `requestee` or a time; the refusal of the
    /// first flow that does not verify under it, such as `claims_not_signed` where claims are not
    /// in the statement. Allowing that is nothing that is learnt.
    pub fn profile(&self) -> Result<Profile, Error> {
        match self.missing() {
            Some(missing) => Err(Error::new(
                ErrorCode::Usage,
                format!(
                    "the statement that was found leaves out {missing}, which anyone may change then: no profile is made of it unless a weak one is allowed"
                ),
            )),
            None => self.weak_profile(),
        }
    }

    /// The same, even where the statement leaves out `reference`, `requestee` or a time.
    ///
    /// # Errors
    /// The refusal of the first flow that does not verify under it.
    pub fn weak_profile(&self) -> Result<Profile, Error> {
        match &self.verified {
            Ok(profile) => Ok(profile.clone()),
            Err(refusal) => Err(Error::new(
                refusal.code(),
                format!(
                    "no profile is made, since a flow that it was learnt from does not verify under it: {}",
                    refusal.sentence()
                ),
            )),
        }
    }

    /// What was found, as JSON.
    pub fn to_json(&self) -> Json {
        let text = |text: &str| Json::String(text.to_owned());
        let number = |number: u64| {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            Json::Number(number.into())
        };
        Json::object([
            ("algorithm", text(self.algorithm.name())),
            ("finding", text(&self.finding)),
            ("statement", self.statement.to_json()),
            (
                "covers",
                Json::Array(self.covers.iter().map(|name| text(name)).collect()),
            ),
            ("flows", number(self.flows as u64)),
            ("weak", Json::Bool(self.is_weak())),
            ("candidates", number(self.candidates)),
        ])
    }

    /// What of a flow is not under the signature and has to be.
    fn missing(&self) -> Option<String> {
        let covers = |name: &str| self.covers.iter().any(|covered| covered == name);
        let has_time = covers("signedAt") || covers("iat");
        let missing = [
            (!covers("reference")).then_some("reference"),
            (!covers("requestee")).then_some("requestee"),
            (!has_time).then_some("signedAt and iat"),
        ];
        let missing: Vec<_> = missing.into_iter().flatten().collect();
        (!missing.is_empty()).then(|| missing.join(", "))
    }
}

impl fmt::Debug for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Learned")
            .field("algorithm", &self.algorithm)
            .field("finding", &self.finding)
            .field("covers", &self.covers)
            .field("flows", &self.flows)
            .finish_non_exhaustive()
    }
}

/// The profile, if every flow verifies under it.
fn verified(
    keys: &[VerifyingKey],
    cases: &[Case<'_>],
    found: &Found,
    covers: &[String],
    profile: Profile,
) -> Result<Profile, Error> {
    let verifier =
        Verifier::trusting(keys.iter().cloned()).with_setup(&Setup::new(profile.clone()));
    for (at, case) in cases.iter().enumerate() {
        let flow = case.flow.clone();
        let now = flow.signed_at().unwrap_or(flow.iat());
        let expectations = Expectations::unbound();
        let verification = Verification::of(flow, &expectations);
        let verification = match (&found.statement, &found.bytes) {
            (StatementForm::Detached, Some(bytes)) => {
                let bytes = bytes.get(at).map(Vec::as_slice).unwrap_or_default();
                let covers = covers
                    .iter()
                    .filter(|name| case.flow.member(name).is_some());
                verification.with_detached(DetachedStatement::new(bytes, covers))
            }
            // Claims in the clear are not copied into a flow that outlives this. The statement has
            // been judged by the rule that verifies, under a key that may have made it, and it
            // covers the claims; that the flow is as it has to be was asked before it was opened.
            (StatementForm::Detached, None) => continue,
            _ => verification,
        };
        verification.verify(&verifier, now)?;
    }
    Ok(profile)
}

/// The recipe as a profile would say it, if one could.
pub(super) fn form_of(recipe: &Recipe, encoding: Encoding) -> Option<StatementForm> {
    match recipe {
        Recipe::Json { form: 0, .. } if encoding == Encoding::Plain => {
            Some(StatementForm::CanonicalFlowV1)
        }
        Recipe::Json { .. } => None,
        Recipe::Template(pattern) => pattern.template(encoding).map(StatementForm::Template),
    }
}

/// The name of a recipe and what was done to it.
pub(super) fn name(recipe: &Recipe, encoding: Encoding) -> String {
    let end = encoding.suffix();
    match recipe {
        Recipe::Json { form, members } => {
            let signature = if members.has(Members::EMPTY_SIGNATURE) {
                "+signature-empty"
            } else if members.has(Members::NULL_SIGNATURE) {
                "+signature-null"
            } else {
                ""
            };
            let Some(form) = json_form(*form) else {
                return String::new();
            };
            let claims = form.claims.suffix();
            match (form.order, form.style) {
                (Order::Canonical, _) => format!("canonical-json{claims}{signature}{end}"),
                (_, None) => format!("json-as-received{signature}{end}"),
                (Order::Sorted, Some(style)) => {
                    format!("json-{}-sorted{claims}{signature}{end}", style.name)
                }
                (_, Some(style)) => format!("json-{}{claims}{signature}{end}", style.name),
            }
        }
        Recipe::Template(pattern) => format!(
            "template {}{}{}{end}",
            pattern.text().escape_debug(),
            claim_text_suffix(pattern.claims),
            pattern.times.suffix(),
        ),
    }
}

fn json_form(place: usize) -> Option<JsonForm> {
    // With opened claims the list goes on; it begins alike.
    forms(true).into_iter().nth(place)
}

fn has_opened_claims(recipe: &Recipe) -> bool {
    use super::list::{CLAIM_TEXTS, Claims};

    match recipe {
        Recipe::Json { form, .. } => {
            json_form(*form).is_some_and(|form| form.claims != Claims::Sealed)
        }
        Recipe::Template(pattern) => CLAIM_TEXTS
            .get(pattern.claims)
            .is_some_and(|(claims, _)| *claims != Claims::Sealed),
    }
}

/// The members that a recipe covers, of those that any flow has.
fn covers(recipe: &Recipe, cases: &[Case<'_>]) -> Vec<String> {
    let is_there = |name: &str| cases.iter().any(|case| case.flow.member(name).is_some());
    let members = match recipe {
        Recipe::Template(pattern) => {
            let name = |place: usize| LASTING_MEMBERS.get(place).map(|name| (*name).to_owned());
            return pattern.places().filter_map(name).collect();
        }
        Recipe::Json { members, .. } => *members,
    };
    let mut covers: Vec<String> = LASTING_MEMBERS
        .iter()
        .filter(|name| members.has(bit(name)) && is_there(name))
        .map(|name| (*name).to_owned())
        .collect();
    for case in cases {
        for (name, _) in case.flow.members().iter() {
            let is_new = !covers.iter().any(|covered| covered == name);
            if is_new && name != "signature" && members.has(bit(name)) && is_there(name) {
                covers.push(name.to_owned());
            }
        }
    }
    covers
}
