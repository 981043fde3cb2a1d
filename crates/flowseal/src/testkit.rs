//! Seal and sign flows for an integrator's own tests.
//!
//! The real API needs a real person with a phone. Here a [`Persona`] approves at once: a
//! [`FlowBuilder`] seals the claims to an app's key, signs the flow as a user would, and gives the
//! response of a ping. A [`Mutation`] then spoils it in one of the ways in which a response can be
//! wrong, and knows the code that it must be refused with.
//!
//! Never for production: it makes and holds keys without care for what stays in memory.
//!
//! ```
//! use flowseal::testkit::{FlowBuilder, KeyPair, Mutation, Persona};
//! use flowseal::{Expectations, Flow, UnixTime, Verifier};
//!
//! let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
//! let sealed = FlowBuilder::new("req_1")
//!     .persona(&Persona::ADA)
//!     .seal(&app.sealing_key()?, &user.signing_key()?)?;
//! let verifier = Verifier::trusting([user.verifying_key()?]);
//! let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT)?;
//!
//! let flow = Flow::from_json(sealed.to_json().as_bytes())?;
//! assert!(flow.verify(&verifier, &Expectations::for_reference("req_1"), now).is_ok());
//!
//! let spoilt = Flow::from_json(sealed.mutated(Mutation::SwapClaims)?.as_bytes())?;
//! let refused = spoilt.verify(&verifier, &Expectations::for_reference("req_1"), now).unwrap_err();
//! assert_eq!(refused.error().code(), Mutation::SwapClaims.refusal());
//! # Ok::<(), flowseal::Error>(())
//! ```

mod holder;
mod key_pair;
mod mutation;
mod persona;
mod seal;

pub use holder::Holder;
pub use key_pair::{KeyPair, SealingKey, SigningKey};
pub use mutation::Mutation;
pub use persona::Persona;
pub use seal::{FlowBuilder, SealedFlow};

use std::fmt;

use crate::error::Error;
use crate::flow::Flow;
use crate::keys::KeyRing;
use crate::time::UnixTime;
use crate::verify::Verifier;

/// A flow that Ada has approved, with everything that it takes to verify and open it.
///
/// ```
/// use flowseal::Expectations;
/// use flowseal::testkit::Sample;
///
/// let sample = Sample::new()?;
/// let (verifier, now) = (sample.verifier()?, sample.now()?);
/// let verified = sample.flow()?.verify(&verifier, &Expectations::unbound(), now)?;
/// assert_eq!(verified.open(&sample.ring()?)?.len(), 9);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Sample {
    response: String,
}

impl fmt::Debug for Sample {
    /// The length alone: it is what a real answer looks like, in a log too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sample({} bytes)", self.response.len())
    }
}

impl Sample {
    /// The app's private key, a PEM of 2048 bits that everyone knows.
    pub const APP_PRIVATE_PEM: &str = include_str!("testkit/app.pem");
    /// The user's public key.
    pub const USER_PUBLIC_PEM: &str = include_str!("testkit/user.pub.pem");
    /// The flow's reference.
    pub const REFERENCE: &str = "req_sample";

    /// Seals and signs the flow.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// assert!(Sample::new()?.response().starts_with(b"{"));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `no_randomness` on a machine that gives none.
    pub fn new() -> Result<Self, Error> {
        let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
        let sealed = FlowBuilder::new(Self::REFERENCE)
            .persona(&Persona::ADA)
            .seal(&app.sealing_key()?, &user.signing_key()?)?;
        Ok(Self {
            response: sealed.to_json(),
        })
    }

    /// The whole answer to a ping, as JSON.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// assert!(flowseal::Flow::from_json(Sample::new()?.response()).is_ok());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn response(&self) -> &[u8] {
        self.response.as_bytes()
    }

    /// The flow, read.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// assert_eq!(Sample::new()?.flow()?.reference(), Sample::REFERENCE);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: the response is sound.
    pub fn flow(&self) -> Result<Flow, Error> {
        Flow::from_json(self.response())
    }

    /// A verifier that trusts the user's key.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// let sample = Sample::new()?;
    /// let unbound = flowseal::Expectations::unbound();
    /// assert!(sample.flow()?.verify(&sample.verifier()?, &unbound, sample.now()?).is_ok());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: the key is sound.
    pub fn verifier(&self) -> Result<Verifier, Error> {
        Ok(Verifier::trusting([
            KeyPair::sample_user()?.verifying_key()?
        ]))
    }

    /// A ring of the app's key.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// assert_eq!(Sample::new()?.ring()?.len(), 1);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: the key is sound.
    pub fn ring(&self) -> Result<KeyRing, Error> {
        Ok(KeyPair::sample_app()?.decrypting_key()?.into())
    }

    /// A moment shortly after the user signed.
    ///
    /// ```
    /// # use flowseal::testkit::Sample;
    /// let sample = Sample::new()?;
    /// assert!(Some(sample.now()?) > sample.flow()?.signed_at());
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: the moment is sound.
    pub fn now(&self) -> Result<UnixTime, Error> {
        UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2)
    }
}
