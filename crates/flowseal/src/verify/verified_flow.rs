//! A flow whose signature is valid, and what of it is under the signature.

use std::fmt;
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use crate::flow::{Flow, Mode};
use crate::ground::report::Report;
use crate::ground::tree::{Json, Object};
use crate::keys::Signers;
use crate::profile::{Profile, Trust};
use crate::time::UnixTime;

/// A flow whose e-signature is valid and that met every expectation.
///
/// Its own methods give the members that are under the signature, and nothing else; the rest is
/// behind [`unauthenticated`](Self::unauthenticated). Only a verification makes one.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// assert_eq!(verified.reference(), Some("req_sample"));
/// // Nobody signs this member, so it is not among the flow's own.
/// assert!(verified.covered("cancelled").is_none());
/// assert!(!verified.unauthenticated().cancelled());
/// // The same approval again has the same key.
/// assert_eq!(verified.replay_key().len(), 64);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct VerifiedFlow {
    pub(super) flow: Flow,
    /// The flow's members as they are signed, where that is not as they were received.
    pub(super) without_nulls: OnceLock<Object>,
    pub(super) report: Report,
    pub(super) statement: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// Whoever may sign, none of whom may open claims as well.
    pub(super) signers: Signers,
    pub(super) profile: Profile,
    /// Whether anyone gave it.
    pub(super) profile_is_explicit: bool,
}

impl VerifiedFlow {
    /// What was looked at and what was found.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What makes it one to believe: its e-signature.
    pub fn trust(&self) -> Trust {
        Trust::Signed
    }

    /// `reference`, if the statement covers it.
    pub fn reference(&self) -> Option<&str> {
        self.covered("reference").and_then(Json::as_str)
    }

    /// `requester`, if the statement covers it.
    pub fn requester(&self) -> Option<&str> {
        self.covered("requester").and_then(Json::as_str)
    }

    /// `requestee`, if the statement covers it.
    pub fn requestee(&self) -> Option<&str> {
        self.covered("requestee").and_then(Json::as_str)
    }

    /// `mode`, if the statement covers it.
    pub fn mode(&self) -> Option<&Mode> {
        self.covered("mode").map(|_| self.flow.mode())
    }

    /// `iat`, if the statement covers it.
    pub fn iat(&self) -> Option<UnixTime> {
        self.covered("iat").map(|_| self.flow.iat())
    }

    /// `signedAt`, if the statement covers it.
    pub fn signed_at(&self) -> Option<UnixTime> {
        self.covered("signedAt").and_then(|_| self.flow.signed_at())
    }

    /// Any member by its name on the wire, if the statement covers it: as the statement has it,
    /// without the `null` members that anyone may have put into it.
    pub fn covered(&self, name: &str) -> Option<&Json> {
        let covered = self.report.covers().iter().any(|covered| covered == name);
        let member = covered.then(|| self.flow.member(name))??;
        if !member.has_null_members() {
            return Some(member);
        }
        let without_nulls = || {
            let members = self.flow.members().iter();
            members
                .map(|(name, value)| (name.to_owned(), value.without_null_members()))
                .collect::<Object>()
        };
        self.without_nulls.get_or_init(without_nulls).present(name)
    }

    /// The bytes that the e-signature is over.
    pub fn statement(&self) -> &[u8] {
        &self.statement
    }

    /// The e-signature, decoded.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The flow as it was received, with members that nobody signed.
    pub fn unauthenticated(&self) -> &Flow {
        &self.flow
    }

    /// The flow itself, no longer verified.
    pub fn into_unauthenticated(self) -> Flow {
        self.flow
    }

    /// What to remember so that the same approval is not accepted twice: 64 hexadecimal digits
    /// that depend on the key and the statement alone, not on how the signature was padded.
    ///
    /// Keep it for as long as `max_age` and `leeway` let the flow pass.
    pub fn replay_key(&self) -> String {
        let fingerprint = self.report.key().map(|key| *key.fingerprint().as_bytes());
        let digest = Sha256::new()
            .chain_update(b"flowseal-replay-v1\0")
            .chain_update(fingerprint.unwrap_or_default())
            .chain_update(&self.statement)
            .finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The profile that the flow was verified under.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The same, if anyone gave it.
    pub(crate) fn explicit_profile(&self) -> Option<&Profile> {
        self.profile_is_explicit.then_some(&self.profile)
    }

    /// The keys that the verifier has.
    pub(crate) fn signers(&self) -> &Signers {
        &self.signers
    }
}

impl fmt::Debug for VerifiedFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedFlow")
            .field("reference", &self.reference())
            .field("covers", &self.report.covers())
            .finish_non_exhaustive()
    }
}
