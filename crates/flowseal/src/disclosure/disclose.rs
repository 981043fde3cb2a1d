//! What of a flow may be shown, and showing it.

use std::sync::Arc;

use flowseal_rsa::OperationError;

use super::check::raised;
use super::signed_leaves::SignedLeaves;
use super::{Disclosure, ShownClaim, invalid, not_signed};
use crate::error::{Error, ErrorCode};
use crate::ground::claim_path::at_or_under;
use crate::ground::report::{Check, Outcome};
use crate::keys::KeyRing;
use crate::profile::StatementForm;
use crate::verify::VerifiedFlow;

impl VerifiedFlow {
    /// Shows the claims at or under these paths to whoever gets the result, with the proof, and
    /// withholds the others.
    ///
    /// An encoded message is what the app's private key makes of a number that a sender chose. So
    /// it is given away for leaves that the person has signed as they are, in a flow of which every
    /// claim opens, and for no number that stands in it twice. See
    /// `crates/flowseal/docs/disclosure.md`.
    ///
    /// ```
    /// # use flowseal::{testkit, ErrorCode, Expectations};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let ring = sample.ring()?;
    /// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    /// let disclosure = verified.disclose(&ring, ["naming", "contact.email"])?;
    /// assert_eq!(disclosure.paths().count(), 3);
    /// let refused = verified.disclose(&ring, ["naming.nickname"]).unwrap_err();
    /// assert_eq!(refused.code(), ErrorCode::Disclosure);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// A flow that was received and not verified shows nothing to anyone:
    ///
    /// ```compile_fail,E0599
    /// fn show(received: &flowseal::api::ReceivedFlow, ring: &flowseal::KeyRing) {
    ///     let _ = received.disclose(ring, ["naming"]);
    /// }
    /// ```
    ///
    /// # Errors
    /// `usage` without a path, or with an empty one; `disclosure` for a path at which no claim is
    /// signed; those of [`open`](Self::open), which all claims have to pass. `disclosure_invalid`,
    /// of which [`why`](crate::ErrorDetails::why) is `unsigned_allowed` under a profile that allows
    /// unsigned claims, `not_covered` where the statement is not canonical flow v1 or does not
    /// cover the claims, and `ciphertext_twice` for a leaf whose number another leaf has too.
    pub fn disclose(
        &self,
        keys: &KeyRing,
        paths: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Disclosure, Error> {
        let paths: Vec<String> = paths.into_iter().map(Into::into).collect();
        if paths.is_empty() || paths.iter().any(String::is_empty) {
            return Err(Error::new(
                ErrorCode::Usage,
                "no path of a claim is named, or an empty one: name the claims or groups to show",
            ));
        }
        self.check_that_claims_are_signed()?;

        let signed = SignedLeaves::of(self.unauthenticated().claims());
        for path in &paths {
            let mut leaves = signed.leaves.iter();
            if !leaves.any(|leaf| at_or_under(&leaf.path, path)) {
                let sentence = "no signed claim stands at {}: name claims that the flow has";
                return Err(not_signed(path, sentence));
            }
        }
        let is_wanted = |path: &str| paths.iter().any(|wanted| at_or_under(path, wanted));
        for leaf in &signed.leaves {
            // What is no number does not open either, and opening says what it is.
            if let Some(ciphertext) = leaf.ciphertext().filter(|_| is_wanted(&leaf.path)) {
                signed.check_that_it_stands_once(leaf, &ciphertext)?;
            }
        }

        let messages = self.encoded_messages(keys, is_wanted)?;
        let key = messages.first().map(|message| Arc::clone(&message.key));
        let key = key.ok_or_else(|| Error::of_the_machine(OperationError::Fault))?;
        // A wrong result of a private operation can tell the key's factors to whoever gets it.
        let shown = messages.iter().map(|message| message.em.expose_secret());
        for (result, message) in raised(key.public(), shown)?.iter().zip(&messages) {
            if result.as_ref() != Some(&message.ciphertext) {
                return Err(Error::of_the_machine(OperationError::Fault));
            }
        }
        Ok(Disclosure {
            fingerprint: key.fingerprint().to_string(),
            padding: key.padding(),
            evidence: self.evidence().with_padding(key.padding()),
            claims: messages
                .into_iter()
                .map(|message| ShownClaim {
                    path: message.path,
                    em: message.em,
                })
                .collect(),
        })
    }

    fn check_that_claims_are_signed(&self) -> Result<(), Error> {
        let profile = self.profile();
        if profile.allow_unsigned_claims {
            return Err(invalid(
                "unsigned_allowed",
                None,
                "the profile allows claims that nobody signed, and such a flow is not shown to others: verify it under a profile that does not",
            ));
        }
        let is_canonical = profile.statement == StatementForm::CanonicalFlowV1;
        if !is_canonical || self.report().outcome(Check::ClaimsSigned) != Outcome::Passed {
            return Err(invalid(
                "not_covered",
                None,
                "the signed statement is not canonical flow v1 with the claims in it, so that no claim can be proved by it",
            ));
        }
        Ok(())
    }
}
