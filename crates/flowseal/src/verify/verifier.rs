//! Whose keys may sign which flows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use flowseal_rsa::Engine;

use crate::flow::Flow;
use crate::keys::{Signers, VerifyingKey};
use crate::setup::Setup;

/// A rule that says whose keys may sign which flows.
///
/// ```
/// # use flowseal::{testkit, Expectations, Verifier, VerifyingKey};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, now) = (sample.flow()?, sample.now()?);
/// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
/// let verifier = Verifier::by_requestee([("22212345610", vec![ada])]);
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// assert_eq!(verified.requestee(), Some("22212345610"));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    trust: Trust,
    pub(super) signers: Signers,
    setup: Setup,
}

#[derive(Clone)]
enum Trust {
    ByRequestee(BTreeMap<String, Arc<[VerifyingKey]>>),
    Everyone(Arc<[VerifyingKey]>),
}

impl Verifier {
    /// Each person's keys verify that person's flows and no other's: the rule for a service that
    /// knows its users. Of a person who is named twice, all keys count.
    ///
    /// With many people the keys stay in a database: look up those of the one whom the flow names,
    /// and make a verifier of that one person, which is a map of one entry. The flow's
    /// word is enough for the question, because the answer is compared with it again: another's
    /// flow does not verify under these keys.
    ///
    /// ```
    /// # use flowseal::{testkit, Error, Expectations, Verifier, VerifyingKey};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, now) = (sample.flow()?, sample.now()?);
    /// # let keys_of = |_: &str| -> Result<Vec<VerifyingKey>, Error> {
    /// #     Ok(vec![VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?])
    /// # };
    /// let person = flow.requestee().to_owned();
    /// let keys = keys_of(&person)?; // Your database, asked as you ask it.
    /// let verifier = Verifier::by_requestee([(person, keys)]);
    /// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    /// # assert_eq!(verified.requestee(), Some("22212345610"));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn by_requestee(
        keys: impl IntoIterator<Item = (impl Into<String>, Vec<VerifyingKey>)>,
    ) -> Self {
        let mut joined = BTreeMap::<String, Vec<VerifyingKey>>::new();
        for (requestee, keys) in keys {
            joined.entry(requestee.into()).or_default().extend(keys);
        }
        let keys = joined.into_iter();
        Self::of(Trust::ByRequestee(
            keys.map(|(requestee, keys)| (requestee, keys.into()))
                .collect(),
        ))
    }

    /// These keys verify every flow, whoever the requestee is: right where one authority signs
    /// for all.
    pub fn trusting(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self::of(Trust::Everyone(keys.into_iter().collect()))
    }

    fn of(trust: Trust) -> Self {
        let signers = match &trust {
            Trust::ByRequestee(keys) => Signers::of(keys.values().flat_map(|keys| keys.iter())),
            Trust::Everyone(keys) => Signers::of(keys.iter()),
        };
        Self {
            signers,
            trust,
            setup: Setup::default(),
        }
    }

    /// Verifies under the profile of a setup, with its engine.
    #[must_use]
    pub fn with_setup(mut self, setup: &Setup) -> Self {
        self.setup = setup.clone();
        self
    }

    /// Computes with this engine, and with as many threads as it is set to.
    #[must_use]
    pub fn with_engine(mut self, engine: Engine) -> Self {
        self.setup = self.setup.with_engine(engine);
        self
    }

    /// Computes on so many threads; none at all counts as one.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.setup = self.setup.with_threads(threads);
        self
    }

    /// What it verifies by.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Every key that may sign.
    pub(crate) fn signers(&self) -> &Signers {
        &self.signers
    }

    /// The keys that may sign this flow.
    pub(super) fn keys_for(&self, flow: &Flow) -> Option<&[VerifyingKey]> {
        let keys: &[_] = match &self.trust {
            Trust::ByRequestee(keys) => keys.get(flow.requestee())?,
            Trust::Everyone(keys) => keys,
        };
        (!keys.is_empty()).then_some(keys)
    }
}

impl Setup {
    /// A verifier of these people's keys: see [`Verifier::by_requestee`].
    pub fn verifier_by_requestee(
        &self,
        keys: impl IntoIterator<Item = (impl Into<String>, Vec<VerifyingKey>)>,
    ) -> Verifier {
        Verifier::by_requestee(keys).with_setup(self)
    }

    /// A verifier of keys that may sign for everyone: see [`Verifier::trusting`].
    pub fn verifier_trusting(&self, keys: impl IntoIterator<Item = VerifyingKey>) -> Verifier {
        Verifier::trusting(keys).with_setup(self)
    }
}

impl fmt::Debug for Verifier {
    /// How many keys there are, and not whose.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.signers.len())
            .field("setup", &self.setup)
            .finish_non_exhaustive()
    }
}
