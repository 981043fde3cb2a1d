//! How a service works: the profile and the engine, named once.

use std::num::NonZeroUsize;
use std::sync::Arc;

use flowseal_rsa::Engine;

use crate::profile::Profile;

/// The profile and the engine of a service: what reads its flows, loads its keys and makes its
/// verifiers.
///
/// Everything that takes part in an operation has to be of one profile. Made by one setup it is;
/// what was made without any goes along with whatever the others have.
///
/// ```
/// # use flowseal::testkit;
/// use flowseal::profile::Profile;
/// use flowseal::{Expectations, KeyRing, Setup};
///
/// # let sample = testkit::Sample::new()?;
/// # let (response, now) = (sample.response(), sample.now()?);
/// # let app_pem = testkit::Sample::APP_PRIVATE_PEM;
/// # let user_pem = testkit::Sample::USER_PUBLIC_PEM;
/// let profile = Profile::from_json(br#"{"padding": "rsaes-pkcs1-v1_5"}"#)?;
/// let setup = Setup::new(profile).with_threads(4);
///
/// let keys = KeyRing::from(setup.load_decrypting_key(app_pem.as_bytes())?);
/// let verifier = setup.verifier_trusting(setup.load_verifying_keys(user_pem.as_bytes())?);
///
/// let flow = setup.read_flow(response)?;
/// let verified = flow.verify(&verifier, &Expectations::for_reference("req_sample"), now)?;
/// let claims = verified.open_with(&keys, &setup.open_options())?;
/// # assert!(claims.get("naming.given").is_some());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Setup {
    profile: Option<Arc<Profile>>,
    engine: Engine,
}

impl Setup {
    /// This profile, and the quickest engine of the machine on one thread. `default()` is the
    /// same without a profile.
    pub fn new(profile: impl Into<Arc<Profile>>) -> Self {
        Self {
            profile: Some(profile.into()),
            engine: Engine::new(),
        }
    }

    /// The same under another profile.
    #[must_use]
    pub fn with_profile(mut self, profile: impl Into<Arc<Profile>>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// Computes with this engine, and with as many threads as it is set to.
    #[must_use]
    pub fn with_engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Computes on so many threads; none at all counts as one.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.engine = with_threads(self.engine, threads);
        self
    }

    /// The profile; the default one where none was given.
    pub fn profile(&self) -> Profile {
        self.profile.as_deref().cloned().unwrap_or_default()
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The profile that was given, if one was.
    pub(crate) fn named_profile(&self) -> Option<Arc<Profile>> {
        self.profile.clone()
    }
}

/// The engine on so many threads; none at all counts as one.
pub(crate) fn with_threads(engine: Engine, threads: usize) -> Engine {
    engine.with_threads(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN))
}
