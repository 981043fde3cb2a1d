//! Checking a disclosure: public keys alone, offline.

use std::fmt;
use std::sync::Arc;

use flowseal_rsa::{Engine, OperationError, PublicKey, PublicOperation};

use super::signed_leaves::{Ciphertext, SignedLeaf, SignedLeaves};
use super::{Disclosure, invalid, malformed, not_signed};
use crate::claims::{OpenedClaims, SealedClaims, check_names, text};
use crate::error::{Error, ErrorCode};
use crate::ground::quoted::quoted;
use crate::ground::report::{Check, Outcome, Report};
use crate::ground::secret::SecretText;
use crate::ground::tree::{Json, Object};
use crate::keys::{AppKey, VerifyingKey};
use crate::open::opened_tree;
use crate::padding::shown_message;
use crate::profile::Profile;
use crate::shown::refusal;
use crate::time::UnixTime;

impl Disclosure {
    /// Verifies the signature over the ciphertexts, and of each claim that what is shown is what
    /// stands in its ciphertext.
    ///
    /// Both keys have to come from somewhere other than the file: the app's, which is the one that
    /// the flow was sealed to *before* anything was shown, and the person's. Compare
    /// [`requestee`](Disclosed::requestee) and [`requester`](Disclosed::requester) with whom it is
    /// said to be about.
    ///
    /// # Errors
    /// `key_conflict` for a modulus that is both the app's and a person's; `no_verifying_key`,
    /// `key_kind` and `signature_invalid` as of [`Evidence::check`](crate::Evidence::check);
    /// `disclosure` for a path that is not signed, and for an encoded message of another length
    /// than the modulus, or that is no number below it. `disclosure_invalid`, with the report,
    /// and as [`why`](crate::ErrorDetails::why):
    ///
    /// | why | what fails |
    /// |---|---|
    /// | `not_covered` | the statement is not canonical flow v1 with claims in it |
    /// | `other_key` | the file names another app's key than the one given |
    /// | `ciphertext_differs` | EM to the power of e is not the ciphertext that was signed |
    /// | `ciphertext_twice` | the same number is signed at another path too |
    /// | `no_block` | EM is not a block of the padding, or one of another padding |
    /// | `no_text` | what is in the block is not text in the profile's encoding |
    pub fn check(&self, app_key: &AppKey, keys: &[VerifyingKey]) -> Result<Disclosed, Error> {
        self.checked(app_key, keys, None)
    }

    /// The same where whoever checks knows the profile of the time, which leads: in how the text of
    /// a claim is encoded, too.
    ///
    /// ```
    /// # use flowseal::profile::Profile;
    /// # use flowseal::{testkit, AppKey, ErrorCode, Expectations, VerifyingKey};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let (ring, app) = (sample.ring()?, testkit::KeyPair::sample_app()?);
    /// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    /// let disclosure = verified.disclose(&ring, ["naming.given"])?;
    /// let app = AppKey::load(app.public_pem().as_bytes())?;
    /// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
    /// let other = Profile::from_json(br#"{"padding": "rsaes-oaep-sha256"}"#)?;
    /// let refused = disclosure.check_under(&app, &[ada], &other).unwrap_err();
    /// assert_eq!(refused.code(), ErrorCode::ProfileMismatch);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`check`](Self::check); `profile_mismatch` where the file's profile has another
    /// statement, algorithm or padding.
    pub fn check_under(
        &self,
        app_key: &AppKey,
        keys: &[VerifyingKey],
        profile: &Profile,
    ) -> Result<Disclosed, Error> {
        self.checked(app_key, keys, Some(profile))
    }

    fn checked(
        &self,
        app_key: &AppKey,
        keys: &[VerifyingKey],
        profile: Option<&Profile>,
    ) -> Result<Disclosed, Error> {
        if keys
            .iter()
            .any(|key| key.public().modulus() == app_key.public().modulus())
        {
            return Err(refusal(
                ErrorCode::KeyConflict,
                "the key {} is given as the app's and as a person's: check which is which",
                [app_key.fingerprint().into()],
            ));
        }
        let mut report = match profile {
            Some(profile) => self.evidence.check_under(keys, profile),
            None => self.evidence.check(keys),
        }?;
        let proved = self.signed_claims(&mut report).and_then(|members| {
            let profile = profile.unwrap_or_else(|| self.evidence.profile());
            let proved = self.proved(&members, app_key, profile)?;
            Ok((members, proved))
        });
        let (members, proved) = proved.map_err(|error| match error.code() {
            ErrorCode::DisclosureInvalid => error.with_report(report.clone()),
            _ => error,
        })?;
        let claims = opened_tree(claims_of(&members), proved.texts);
        Ok(Disclosed {
            withheld: proved.withheld,
            claims: OpenedClaims::new(claims, true, report),
            members,
        })
    }

    /// The signed members, where the claims are among them.
    fn signed_claims(&self, report: &mut Report) -> Result<Arc<Object>, Error> {
        let members = self.evidence.signed_members();
        let members = members.filter(|members| members.present("claims").is_some());
        let Some(members) = members else {
            report.set(Check::ClaimsSigned, Outcome::Failed, Some("not_covered"));
            return Err(invalid(
                "not_covered",
                None,
                "the signed statement is not canonical flow v1 with claims in it, so that it proves none: refuse it",
            ));
        };
        report.set(Check::ClaimsSigned, Outcome::Passed, None);
        Ok(members)
    }

    /// Compares each claim that is shown with what was signed at its path.
    fn proved(
        &self,
        members: &Object,
        app_key: &AppKey,
        profile: &Profile,
    ) -> Result<Proved, Error> {
        if !app_key.fingerprint().is_named(&self.fingerprint) {
            return Err(invalid(
                "other_key",
                None,
                format!(
                    "the disclosure is of claims sealed to the app's key {}, and the key given is {}: give that app's key, if it is the app in question",
                    self.fingerprint,
                    app_key.fingerprint()
                ),
            ));
        }
        if let Some(claims) = members.present("claims") {
            check_names(claims)?;
        }
        let signed = SignedLeaves::of(claims_of(members));
        let leaf_of = |path: &str| {
            let leaf = signed.leaves.iter().find(|leaf| leaf.path == path);
            leaf.ok_or_else(|| {
                let sentence =
                    "the disclosure shows a claim at {}, and none was signed there: refuse it";
                not_signed(path, sentence)
            })
        };
        let leaves = self.paths().map(leaf_of).collect::<Result<Vec<_>, _>>()?;
        let modulus = app_key.public().modulus();
        for claim in &self.claims {
            let em = claim.em.expose_secret();
            if em.len() != modulus.len() || em >= modulus {
                return Err(malformed(
                    "an em is not as long as the app's modulus, or is not a number below it",
                ));
            }
        }

        let ems = self.claims.iter().map(|claim| claim.em.expose_secret());
        let results = raised(app_key.public(), ems)?;
        let mut texts = Vec::with_capacity(self.claims.len());
        for ((claim, leaf), result) in self.claims.iter().zip(leaves).zip(results) {
            let path = claim.path.as_str();
            let about = |why, what: &str| {
                invalid(
                    why,
                    Some(path),
                    format!("the claim {} {what}", quoted(path)),
                )
            };
            let ciphertext = result.map(|result| Ciphertext::of(&result));
            let ciphertext = ciphertext
                .filter(|ciphertext| leaf.is(ciphertext))
                .ok_or_else(|| {
                    let what = "is not what stands in the ciphertext that was signed: refuse it";
                    about("ciphertext_differs", what)
                })?;
            signed.check_that_it_stands_once(leaf, &ciphertext)?;
            let Some(message) = shown_message(self.padding, &claim.em) else {
                let what = "stands in no block of the padding that the disclosure names: refuse it";
                return Err(about("no_block", what));
            };
            let text = text::decode(message.expose_secret(), profile.leaf, profile.cesu8);
            let Some(text) = text else {
                let what = "is not text in the profile's encoding: check the profile, or refuse it";
                return Err(about("no_text", what));
            };
            texts.push((leaf.place, text));
        }
        texts.sort_unstable_by_key(|(place, _)| *place);
        let is_shown = |leaf: &SignedLeaf<'_>| {
            let found = texts.binary_search_by_key(&leaf.place, |(place, _)| *place);
            found.is_ok()
        };
        let withheld = signed.leaves.into_iter().filter(|leaf| !is_shown(leaf));
        Ok(Proved {
            withheld: withheld.map(|leaf| leaf.path).collect(),
            texts,
        })
    }
}

/// What the proofs of a disclosure prove.
struct Proved {
    /// The text of each claim that is shown beside its place among the signed ones, in their order.
    texts: Vec<(usize, SecretText)>,
    withheld: Vec<String>,
}

/// What a disclosure has proved: claims, and the signed members around them.
///
/// ```
/// # use flowseal::report::{Check, Outcome};
/// # use flowseal::{testkit, AppKey, Expectations, VerifyingKey};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let (ring, app) = (sample.ring()?, testkit::KeyPair::sample_app()?);
/// # let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// # let disclosure = verified.disclose(&ring, ["contact.emailVerified"])?;
/// # let app = AppKey::load(app.public_pem().as_bytes())?;
/// # let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
/// let disclosed = disclosure.check(&app, &[ada])?;
/// assert_eq!(disclosed.claims().get("contact.emailVerified").unwrap().boolean()?, true);
/// assert!(disclosed.claims().get("naming.given").is_none());
/// assert_eq!(disclosed.reference(), Some("req_sample"));
/// assert_eq!(disclosed.report().outcome(Check::ClaimsSigned), Outcome::Passed);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Disclosed {
    claims: OpenedClaims,
    withheld: Vec<String>,
    /// Under the signature, as the statement has them.
    members: Arc<Object>,
}

impl Disclosed {
    /// The claims that are shown.
    pub fn claims(&self) -> &OpenedClaims {
        &self.claims
    }

    /// The same, taken out.
    pub fn into_claims(self) -> OpenedClaims {
        self.claims
    }

    /// The paths of the claims that were signed and are not shown, in the statement's order.
    pub fn withheld(&self) -> &[String] {
        &self.withheld
    }

    /// What was looked at: the signature, and that it covers the claims. What was expected of the
    /// flow at the time was not asked again.
    pub fn report(&self) -> &Report {
        self.claims.report()
    }

    /// `reference`, under the signature.
    pub fn reference(&self) -> Option<&str> {
        self.covered("reference").and_then(Json::as_str)
    }

    /// `requester`, under the signature.
    pub fn requester(&self) -> Option<&str> {
        self.covered("requester").and_then(Json::as_str)
    }

    /// `requestee`, under the signature.
    pub fn requestee(&self) -> Option<&str> {
        self.covered("requestee").and_then(Json::as_str)
    }

    /// `signedAt`, under the signature.
    pub fn signed_at(&self) -> Option<UnixTime> {
        let seconds = self.covered("signedAt")?.as_integer()?;
        UnixTime::from_seconds(i64::try_from(seconds).ok()?).ok()
    }

    /// The signed members, as the statement has them. `claims` is the tree of ciphertexts.
    pub fn members(&self) -> &Object {
        &self.members
    }

    /// Any signed member by its name on the wire. `claims` is the tree of ciphertexts.
    pub fn covered(&self, name: &str) -> Option<&Json> {
        self.members.present(name)
    }
}

impl fmt::Debug for Disclosed {
    /// Paths only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<_> = self.claims.iter().map(|it| it.path().to_owned()).collect();
        f.debug_struct("Disclosed")
            .field("shown", &shown)
            .field("withheld", &self.withheld)
            .finish_non_exhaustive()
    }
}

/// Each of these numbers to the power of e, as long as the modulus; `None` for one that the engine
/// does not take, such as 1.
pub(super) fn raised<'a>(
    key: &PublicKey,
    numbers: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<Option<Vec<u8>>>, Error> {
    let mut results: Vec<_> = numbers
        .into_iter()
        .map(|input| (input, vec![0; key.size()]))
        .collect();
    let mut operations: Vec<_> = results
        .iter_mut()
        .map(|(input, output)| PublicOperation { key, input, output })
        .collect();
    let outcomes = Engine::new().public_vartime(&mut operations);
    let results = results.into_iter().zip(outcomes);
    results
        .map(|((_, result), outcome)| match outcome {
            Ok(()) => Ok(Some(result)),
            Err(OperationError::Range) => Ok(None),
            Err(error) => Err(Error::of_the_machine(error)),
        })
        .collect()
}

fn claims_of(members: &Object) -> SealedClaims<'_> {
    SealedClaims::new(members.present("claims").and_then(Json::as_object))
}
