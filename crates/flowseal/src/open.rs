//! Opening: gather the leaves, run the raw operations, unpad, decode, put the tree together.
//!
//! The middle step is the engine's, or that of whoever holds a key which never leaves its module:
//! ciphertexts go out, raw results come in, and nothing before or after knows who computed.

use std::borrow::{Borrow, Cow};

use flowseal_rsa::{Engine, OperationError};

use crate::catalogue::warning_about;
use crate::claims::{OpenedClaims, PartialClaims};
use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::claim_path::at_or_under;
use crate::ground::report::Report;
use crate::keys::KeyRing;
use crate::profile::Profile;
use crate::setup::Setup;
use crate::time::UnixTime;
use crate::verify::{Expectations, VerifiedFlow};

mod gather;
mod opening;
mod remote;
mod scatter;
#[cfg(test)]
mod wycheproof;

pub(crate) use gather::EncodedMessage;
use gather::{Gathered, Sealed, compute};
use opening::Flows;
pub use opening::Opening;
pub(crate) use scatter::opened_tree;

/// What to open, and how.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// use flowseal::OpenOptions;
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let ring = sample.ring()?;
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let claims = verified.open_with(&ring, &OpenOptions::new().select(["naming"]))?;
/// assert_eq!(claims.iter().count(), 2);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    select: Option<Vec<String>>,
    setup: Setup,
}

impl OpenOptions {
    /// Every claim, one thread.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens only the leaves at or under these paths. A path that the flow lacks is left out, and
    /// leaves that are not selected are not even looked at.
    #[must_use]
    pub fn select(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.select = Some(paths.into_iter().map(Into::into).collect());
        self
    }

    /// The profile of the operation, where neither the flow nor the keys have brought it, and
    /// the engine.
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

    /// What it opens by.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What is unusual in the selection and may still be right, a sentence each: a path that the
    /// catalogue does not have.
    ///
    /// ```
    /// use flowseal::OpenOptions;
    ///
    /// let options = OpenOptions::new().select(["naming.givn"]);
    /// assert!(options.warnings()[0].contains("naming.given"));
    /// ```
    pub fn warnings(&self) -> Vec<String> {
        let paths = self.select.iter().flatten();
        paths.filter_map(|path| warning_about(path)).collect()
    }

    /// Refuses a selection of an empty path, which selects nothing.
    fn check_usage(&self) -> Result<(), Error> {
        let mut paths = self.select.iter().flatten();
        if paths.any(String::is_empty) {
            return Err(Error::new(
                ErrorCode::Usage,
                "a selected path is empty: name a claim or a group, or select nothing to open all",
            ));
        }
        Ok(())
    }

    fn selects(&self, path: &str) -> bool {
        let is_selected =
            |paths: &Vec<String>| paths.iter().any(|selected| at_or_under(path, selected));
        self.select.as_ref().is_none_or(is_selected)
    }
}

impl Setup {
    /// Every claim, under the profile and with the engine.
    pub fn open_options(&self) -> OpenOptions {
        OpenOptions::new().with_setup(self)
    }
}

impl VerifiedFlow {
    /// Opens every claim.
    ///
    /// # Errors
    /// `profile_mismatch` and `key_conflict` for keys that do not fit the verification;
    /// `claim_not_sealed`, `claim_base64`, `claim_length`, `claim_range` and `no_decrypting_key`
    /// for what shows from outside; `internal_fault` and `no_randomness`. Whatever else is wrong
    /// with whichever leaf is `claim_unopenable`: one verdict for the flow, which does not say
    /// where.
    pub fn open(&self, keys: &KeyRing) -> Result<OpenedClaims, Error> {
        self.open_with(keys, &OpenOptions::new())
    }

    /// Opens what the options select.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_with(&self, keys: &KeyRing, options: &OpenOptions) -> Result<OpenedClaims, Error> {
        let mut gathered = self.gather(keys, options)?;
        compute([&mut gathered], options.setup.engine());
        gathered.decode()?.whole()
    }

    /// Opens what opens, and says of every other leaf why it does not.
    ///
    /// For flows that are verified only: on another's, one answer a leaf is an oracle.
    ///
    /// # Errors
    /// Those of [`open`](Self::open) that are not about a leaf, such as `key_conflict`.
    pub fn open_partial(
        &self,
        keys: &KeyRing,
        options: &OpenOptions,
    ) -> Result<PartialClaims, Error> {
        let mut gathered = self.gather(keys, options)?;
        compute([&mut gathered], options.setup.engine());
        gathered.decode()?.partial()
    }

    /// Opens every claim, and gives the encoded messages of the wanted ones, under the one key that
    /// has opened them all.
    ///
    /// # Errors
    /// Those of [`open`](Self::open): unless all of them open, there is none.
    pub(crate) fn encoded_messages(
        &self,
        keys: &KeyRing,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<EncodedMessage>, Error> {
        let options = OpenOptions::new();
        let mut gathered = self.gather(keys, &options)?;
        compute([&mut gathered], options.setup.engine());
        // Of every key: which of them opens is not known before all that is secret is decoded.
        let mut messages = gathered.encoded_messages(is_wanted);
        let decoded = gathered.decode()?;
        let opener = decoded.opener();
        decoded.whole()?;
        messages.retain(|message| Some(message.key_index) == opener);
        Ok(messages)
    }

    /// Begins to open what the options select, with keys whose private halves may be elsewhere: the
    /// results of their raw operations are [supplied](Opening::supply).
    ///
    /// # Errors
    /// Those of [`open`](Self::open) that show before anything is computed and are about no leaf.
    pub fn begin_opening(&self, keys: &KeyRing, options: &OpenOptions) -> Result<Opening, Error> {
        let gathered = self.gather(keys, options)?.into_owned();
        Ok(begin(gathered, options, whole))
    }

    /// Begins what [`open_partial`](Self::open_partial) does at once.
    ///
    /// # Errors
    /// Those of [`begin_opening`](Self::begin_opening).
    pub fn begin_opening_partial(
        &self,
        keys: &KeyRing,
        options: &OpenOptions,
    ) -> Result<Opening<PartialClaims>, Error> {
        let gathered = self.gather(keys, options)?.into_owned();
        Ok(begin(gathered, options, |flows| {
            one(flows)?.decode()?.partial()
        }))
    }

    fn gather<'a>(&'a self, keys: &KeyRing, options: &OpenOptions) -> Result<Gathered<'a>, Error> {
        options.check_usage()?;
        let own = options.setup.named_profile();
        let given = [self.explicit_profile(), own.as_deref()];
        let profile = keys.agreed(given)?.unwrap_or_else(|| self.profile());
        keys.check_roles(self.signers())?;
        let sealed = Sealed {
            claims: self.unauthenticated().claims().root().map(Cow::Borrowed),
            leaf: profile.leaf,
            cesu8: profile.cesu8,
            verified: true,
            report: self.report().clone(),
        };
        Ok(Gathered::of(sealed, keys, options))
    }
}

impl Flow {
    /// Opens the claims of a flow whose e-signature nobody has looked at.
    ///
    /// Anyone can encrypt to an app's public key: such claims may be anyone's, and whoever can
    /// send flows here and watch the answers has part of a padding oracle (see SECURITY.md). What
    /// is expected of the flow is compared with it all the same.
    ///
    /// # Errors
    /// `flow_cancelled`, `flow_pending` and `expectation_failed`, with a report; else those of
    /// [`VerifiedFlow::open`].
    pub fn open_unverified(
        &self,
        keys: &KeyRing,
        expectations: &Expectations,
        now: UnixTime,
        options: &OpenOptions,
    ) -> Result<OpenedClaims, Error> {
        let mut gathered = self.gather_unverified(keys, expectations, now, options)?;
        compute([&mut gathered], options.setup.engine());
        gathered.decode()?.whole()
    }

    /// Opens the claims of a flow that was judged, and of which this is the report.
    pub(crate) fn open_judged(
        &self,
        report: Report,
        keys: &KeyRing,
        options: &OpenOptions,
    ) -> Result<OpenedClaims, Error> {
        options.check_usage()?;
        let mut gathered = self.gather_judged(report, keys, options)?;
        compute([&mut gathered], options.setup.engine());
        gathered.decode()?.whole()
    }

    /// Begins what [`open_unverified`](Self::open_unverified) does at once, with keys whose private
    /// halves may be elsewhere: the results of their raw operations are
    /// [supplied](Opening::supply).
    ///
    /// # Errors
    /// Those of [`open_unverified`](Self::open_unverified) that show before anything is computed
    /// and are about no leaf.
    pub fn begin_opening_unverified(
        &self,
        keys: &KeyRing,
        expectations: &Expectations,
        now: UnixTime,
        options: &OpenOptions,
    ) -> Result<Opening, Error> {
        let gathered = self.gather_unverified(keys, expectations, now, options)?;
        Ok(begin(gathered.into_owned(), options, whole))
    }

    /// Begins to open the claims of a flow that was judged, and of which this is the report.
    pub(crate) fn begin_judged(
        &self,
        report: Report,
        keys: &KeyRing,
        options: &OpenOptions,
    ) -> Result<Opening, Error> {
        options.check_usage()?;
        let gathered = self.gather_judged(report, keys, options)?;
        Ok(begin(gathered.into_owned(), options, whole))
    }

    fn gather_unverified<'a>(
        &'a self,
        keys: &KeyRing,
        expectations: &Expectations,
        now: UnixTime,
        options: &OpenOptions,
    ) -> Result<Gathered<'a>, Error> {
        options.check_usage()?;
        let report = self.check_unverified(expectations, now)?;
        self.gather_judged(report, keys, options)
    }

    fn gather_judged<'a>(
        &'a self,
        report: Report,
        keys: &KeyRing,
        options: &OpenOptions,
    ) -> Result<Gathered<'a>, Error> {
        let default = Profile::default();
        let own = options.setup.named_profile();
        let given = [self.profile(), own.as_deref()];
        let profile = keys.agreed(given)?.unwrap_or(&default);
        let sealed = Sealed {
            claims: self.claims().root().map(Cow::Borrowed),
            leaf: profile.leaf,
            cesu8: profile.cesu8,
            verified: false,
            report,
        };
        Ok(Gathered::of(sealed, keys, options))
    }
}

/// Opens many verified flows at once: one result each, in order.
///
/// The engine is handed the leaves of all flows together, to compute as many at a time as it can,
/// however few claims each flow has.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// use flowseal::{OpenOptions, open_many};
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let ring = sample.ring()?;
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let results = open_many(&[verified], &ring, &OpenOptions::new());
/// assert!(results.iter().all(Result::is_ok));
/// # Ok::<(), flowseal::Error>(())
/// ```
pub fn open_many(
    flows: &[impl Borrow<VerifiedFlow>],
    keys: &KeyRing,
    options: &OpenOptions,
) -> Vec<Result<OpenedClaims, Error>> {
    let gathered = flows.iter().map(|flow| flow.borrow().gather(keys, options));
    open_gathered(gathered.collect(), options)
}

/// Opens many flows at once whose e-signatures nobody has looked at: one result each, in order.
///
/// What [`Flow::open_unverified`] says of one flow is true of each. Right for an archive; not for
/// what strangers send.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// use flowseal::{OpenOptions, open_many_unverified};
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, now, ring) = (sample.flow()?, sample.now()?, sample.ring()?);
/// let expectations = Expectations::for_reference("req_sample");
/// let results =
///     open_many_unverified(&[&flow, &flow], &ring, &expectations, now, &OpenOptions::new());
/// assert!(results.iter().flatten().all(|claims| !claims.is_verified()));
/// # assert_eq!(results.iter().flatten().count(), 2);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub fn open_many_unverified(
    flows: &[impl Borrow<Flow>],
    keys: &KeyRing,
    expectations: &Expectations,
    now: UnixTime,
    options: &OpenOptions,
) -> Vec<Result<OpenedClaims, Error>> {
    let gathered = flows.iter().map(|flow| {
        flow.borrow()
            .gather_unverified(keys, expectations, now, options)
    });
    open_gathered(gathered.collect(), options)
}

/// Begins to open many verified flows at once, with keys whose private halves may be elsewhere.
///
/// All their operations are one list, and [`finish`](Opening::finish) gives one result each, in
/// order. Each flow has a verdict of its own: a wrong answer to one of its operations refuses it
/// and no other.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// use flowseal::{DecryptingKey, KeyRing, OpenOptions, begin_opening_many};
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let pair = testkit::KeyPair::sample_app()?;
/// # let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// # let flows = [&verified, &verified];
/// # let hsm = testkit::Holder::load(pair.private_pem().as_bytes())?;
/// let ring = KeyRing::from(DecryptingKey::remote(pair.public_pem().as_bytes())?);
/// let mut opening = begin_opening_many(&flows, &ring, &OpenOptions::new());
/// let mut results = Vec::new();
/// for operation in opening.operations() {
///     results.push((operation.id(), hsm.compute(operation.ciphertext())?));
/// }
/// for (id, result) in results {
///     opening.supply(id, &result)?;
/// }
/// for result in opening.finish()? {
///     assert!(result?.is_verified());
/// }
/// # Ok::<(), flowseal::Error>(())
/// ```
pub fn begin_opening_many(
    flows: &[impl Borrow<VerifiedFlow>],
    keys: &KeyRing,
    options: &OpenOptions,
) -> Opening<Vec<Result<OpenedClaims, Error>>> {
    let gathered = flows.iter().map(|flow| {
        let gathered = flow.borrow().gather(keys, options);
        gathered.map(Gathered::into_owned)
    });
    Opening::begin(gathered.collect(), options.setup.engine(), each)
}

/// Begins to open many flows at once whose e-signatures nobody has looked at.
///
/// What [`Flow::open_unverified`] says of one flow is true of each.
pub fn begin_opening_many_unverified(
    flows: &[impl Borrow<Flow>],
    keys: &KeyRing,
    expectations: &Expectations,
    now: UnixTime,
    options: &OpenOptions,
) -> Opening<Vec<Result<OpenedClaims, Error>>> {
    let gathered = flows.iter().map(|flow| {
        let flow = flow.borrow();
        let gathered = flow.gather_unverified(keys, expectations, now, options);
        gathered.map(Gathered::into_owned)
    });
    Opening::begin(gathered.collect(), options.setup.engine(), each)
}

/// Begins the opening of one flow.
fn begin<T>(
    gathered: Gathered<'static>,
    options: &OpenOptions,
    end: fn(Flows) -> Result<T, Error>,
) -> Opening<T> {
    Opening::begin(vec![Ok(gathered)], options.setup.engine(), end)
}

/// The one flow of an opening that was begun with one.
fn one(mut flows: Flows) -> Result<Gathered<'static>, Error> {
    let none = || Error::of_the_machine(OperationError::Fault);
    flows.pop().ok_or_else(none)?
}

fn whole(flows: Flows) -> Result<OpenedClaims, Error> {
    one(flows)?.decode()?.whole()
}

fn each(flows: Flows) -> Result<Vec<Result<OpenedClaims, Error>>, Error> {
    let flows = flows.into_iter();
    Ok(flows.map(|flow| flow?.decode()?.whole()).collect())
}

fn open_gathered(
    mut gathered: Vec<Result<Gathered<'_>, Error>>,
    options: &OpenOptions,
) -> Vec<Result<OpenedClaims, Error>> {
    compute(gathered.iter_mut().flatten(), options.setup.engine());
    gathered
        .into_iter()
        .map(|gathered| gathered?.decode()?.whole())
        .collect()
}
