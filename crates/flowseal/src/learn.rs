//! Which bytes a signature is over, found by trying: for whoever has real flows and the key, and no
//! word from anyone on what is signed.
//!
//! | job | file |
//! |---|---|
//! | which statements are tried | `list` |
//! | a flow's members, in every way of writing them | `table`, `render`, `raw` |
//! | the bytes, and what hexadecimal and base64 make of them | `pieces` |
//! | whether they are the signed ones | `judge` |
//! | what was found | `learned` |

use core::ops::ControlFlow;
use std::collections::BTreeSet;
use std::fmt;

use flowseal_rsa::Engine;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::claims::OpenedClaims;
use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::diagnosis::{DiagnosedKey, Diagnosis};
use crate::keys::{KeyRing, VerifyingKey};
use crate::open::OpenOptions;
use crate::profile::Algorithm;
use crate::verify::Expectations;
use crate::verify::recovered::Recovered;

mod judge;
mod learned;
mod list;
mod pieces;
#[cfg(test)]
mod planted;
mod raw;
mod render;
// With a clock, which stays out of the core.
#[cfg(test)]
#[path = "../tests/learn/speed.rs"]
mod speed;
mod table;

pub use learned::Learned;

use judge::{Encoding, Judge};
use learned::Found;
use list::{Members, Pool, Recipe};
use table::{Joints, Table};

/// Finds out which statement real flows were signed over.
///
/// pasby publishes neither the signed bytes nor the algorithm. The power of a signature under its
/// key shows the padding and the hash, and RSASSA-PKCS1-v1_5 the digest; a closed list of
/// statements, in `crates/flowseal/docs/learning.md`, is tried until one explains *all* flows
/// given.
/// What is found is a guess that fits, to be confirmed by whoever signs: two flows of two people
/// are hard to fit by chance, one is weak.
///
/// ```
/// # use flowseal::testkit::{FlowBuilder, KeyPair};
/// use flowseal::profile::Profile;
/// use flowseal::Learner;
///
/// # let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
/// # let text = r#"{"statement": {"template": "{reference}|{requestee}|{signedAt}"}}"#;
/// # let planted = Profile::from_json(text.as_bytes())?;
/// # let (sealing, signing) = (app.sealing_key()?, user.signing_key()?);
/// # let response = |reference: &str| {
/// #     let builder = FlowBuilder::new(reference).profile(&planted);
/// #     Ok::<_, flowseal::Error>(builder.seal(&sealing, &signing)?.to_json())
/// # };
/// # let (first, second) = (response("req_1")?, response("req_2")?);
/// # let user_key = user.verifying_key()?;
/// let learned = Learner::new([user_key]).learn(&[first, second])?;
/// assert_eq!(learned.finding(), "template");
/// assert_eq!(learned.covers(), ["reference", "requestee", "signedAt"]);
/// assert!(!learned.is_weak());
/// let profile = learned.profile()?;
/// # assert_eq!(profile, planted);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Learner {
    keys: Vec<VerifyingKey>,
    ring: Option<KeyRing>,
    engine: Engine,
}

impl Learner {
    /// Learns from flows that these keys have signed.
    pub fn new(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            ring: None,
            engine: Engine::new(),
        }
    }

    /// Opens the claims and tries statements over them as well. They are wiped with everything that
    /// was made of them.
    #[must_use]
    pub fn with_opening(mut self, ring: impl Into<KeyRing>) -> Self {
        self.ring = Some(ring.into());
        self
    }

    /// Computes with this engine. The search itself is one thread's work.
    #[must_use]
    pub fn with_engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Finds the statement of these flows, each the whole answer to a ping or a bare flow, as it
    /// was received.
    ///
    /// # Errors
    /// `usage` without a flow; `no_verifying_key` without a key; those of
    /// [`Flow::from_json`](crate::Flow::from_json); `flow_pending`, `flow_cancelled`,
    /// `signature_missing` and `signature_malformed` for a flow that shows nothing; those of
    /// opening where there is a ring; `statement_unknown`, with a diagnosis of every key and flow,
    /// where no statement of the list explains all flows.
    pub fn learn(&self, flows: &[impl AsRef<[u8]>]) -> Result<Learned, Error> {
        self.learn_watched(flows, &mut |_, _| {})
    }

    /// The same, and says now and then how many statements were tried, and of how many.
    ///
    /// ```
    /// # let sample = flowseal::testkit::Sample::new()?;
    /// # let key = flowseal::testkit::KeyPair::sample_user()?.verifying_key()?;
    /// use flowseal::Learner;
    ///
    /// let mut shown = 0;
    /// let learner = Learner::new([key]);
    /// learner.learn_watched(&[sample.response()], &mut |tried, of| {
    ///     assert!(tried <= of);
    ///     shown += 1;
    /// })?;
    /// assert!(shown > 0);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`learn`](Self::learn).
    pub fn learn_watched(
        &self,
        flows: &[impl AsRef<[u8]>],
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Learned, Error> {
        if flows.is_empty() {
            return Err(Error::new(
                ErrorCode::Usage,
                "there is no flow to learn from: give at least one that its person has signed",
            ));
        }
        if self.keys.is_empty() {
            return Err(Error::new(
                ErrorCode::NoVerifyingKey,
                "there is no key to learn with: give the keys of the people who signed",
            ));
        }
        let mut cases = Vec::new();
        for (at, answer) in flows.iter().enumerate() {
            let case = Case::read(self, answer.as_ref());
            cases.push(case.map_err(|error| match flows.len() {
                1 => error,
                _ => Error::new(error.code(), format!("flow {}: {error}", at + 1)),
            })?);
        }
        let Some(algorithm) = common(&cases) else {
            return Err(unknown(&cases, None, 0, None));
        };
        let search = Search::new(&cases, algorithm);
        let mut tried = Tried {
            count: 0,
            of: search.size(),
            progress,
        };
        let (found, partly) = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => search.run::<Sha256>(&mut tried),
            Algorithm::Rs384 | Algorithm::Ps384 => search.run::<Sha384>(&mut tried),
            Algorithm::Rs512 | Algorithm::Ps512 => search.run::<Sha512>(&mut tried),
        };
        let Some(found) = found else {
            return Err(unknown(
                &cases,
                Some(algorithm),
                tried.count,
                partly.as_ref(),
            ));
        };
        let distinct: BTreeSet<_> = cases.iter().map(|case| case.flow.signature()).collect();
        Ok(Learned::new(
            &self.keys,
            &cases,
            algorithm,
            found,
            distinct.len() == 1,
            tried.count,
        ))
    }
}

impl fmt::Debug for Learner {
    /// How many keys there are, and whether claims are opened.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Learner")
            .field("keys", &self.keys.len())
            .field("opens", &self.ring.is_some())
            .finish_non_exhaustive()
    }
}

/// A flow, what its signature shows, and what statements of it are made of.
struct Case<'a> {
    flow: Flow,
    /// The text that it was read from.
    answer: &'a [u8],
    opened: Option<OpenedClaims>,
    recovered: Vec<Recovered>,
    diagnosed: Vec<DiagnosedKey>,
}

impl<'a> Case<'a> {
    fn read(learner: &Learner, answer: &'a [u8]) -> Result<Self, Error> {
        let flow = Flow::from_json(answer)?;
        let (recovered, diagnosed) = flow.recovered(&learner.keys, &learner.engine)?;
        let open = |ring: &KeyRing| {
            let options = OpenOptions::new().with_engine(learner.engine.clone());
            // Whatever the clock says: nothing is believed of the flow, and nothing given out.
            let now = flow.signed_at().unwrap_or(flow.iat());
            flow.open_unverified(ring, &Expectations::unbound(), now, &options)
        };
        let opened = learner.ring.as_ref().map(open).transpose()?;
        Ok(Self {
            answer,
            opened,
            recovered,
            diagnosed,
            flow,
        })
    }

    /// The flow in pieces, which take many times its length: that of one flow is kept, and that of
    /// another while it is asked for.
    fn table(&self) -> Table {
        Table::new(&self.flow, self.answer, self.opened.as_ref())
    }

    /// What the signature shows under this algorithm.
    fn under(&self, algorithm: Algorithm) -> Option<&Recovered> {
        let mut recovered = self.recovered.iter();
        recovered.find(|recovered| recovered.algorithm == algorithm)
    }
}

/// The algorithm that all of these were signed with.
fn common(cases: &[Case<'_>]) -> Option<Algorithm> {
    let mut of_first = cases.first()?.recovered.iter().map(|shown| shown.algorithm);
    of_first.find(|algorithm| cases.iter().all(|case| case.under(*algorithm).is_some()))
}

/// How far a search has come, for whoever watches.
struct Tried<'a> {
    count: u64,
    of: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl Tried<'_> {
    fn add(&mut self, candidates: usize) {
        const SHOWN_EVERY: u64 = 1 << 14;

        let before = self.count / SHOWN_EVERY;
        self.count += candidates as u64;
        if self.count / SHOWN_EVERY != before {
            self.show();
        }
    }

    fn show(&mut self) {
        (self.progress)(self.count.min(self.of), self.of);
    }
}

/// A statement that explains the first flow, and how many of all.
struct Partly {
    recipe: Recipe,
    encoding: Encoding,
    flows: usize,
}

/// The list, tried on these flows.
struct Search<'a> {
    judged: Vec<(&'a Case<'a>, &'a Recovered)>,
    pool: Pool,
    joints: Joints,
}

impl<'a> Search<'a> {
    fn new(cases: &'a [Case<'a>], algorithm: Algorithm) -> Self {
        let judged = cases.iter();
        Self {
            judged: judged
                .filter_map(|case| Some((case, case.under(algorithm)?)))
                .collect(),
            pool: pool_of(cases),
            joints: Joints::new(),
        }
    }

    /// How many candidates the whole list has.
    fn size(&self) -> u64 {
        let mut size = 0;
        let _ = list::visit(&self.pool, &mut |recipe| {
            size += recipe.encodings().len() as u64;
            ControlFlow::Continue(())
        });
        size
    }

    /// The first statement that explains every flow; else the one that explains most of them.
    fn run<D: Digest + Clone>(&self, tried: &mut Tried<'_>) -> (Option<Found>, Option<Partly>) {
        let (mut found, mut partly) = (None, None::<Partly>);
        let Some(((first, shown), others)) = self.judged.split_first() else {
            return (None, None);
        };
        let judge = Judge::new(&shown.seen);
        let table = first.table();
        let mut pieces = Vec::new();
        let _ = list::visit(&self.pool, &mut |recipe| {
            let there = table.pieces(recipe, &self.joints, &mut pieces);
            if there.is_none() {
                return ControlFlow::Continue(());
            }
            let encodings = recipe.encodings();
            tried.add(encodings.len());
            let Some(encoding) = judge.find::<D>(&pieces, encodings) else {
                return ControlFlow::Continue(());
            };
            let explains = |(case, shown): &&(&'a Case<'a>, &'a Recovered)| {
                let (table, mut of_other) = (case.table(), Vec::new());
                let there = table.pieces(recipe, &self.joints, &mut of_other);
                let judge = Judge::new(&shown.seen);
                there.is_some() && judge.find::<D>(&of_other, &[encoding]).is_some()
            };
            let flows = 1 + others.iter().filter(explains).count();
            if flows == self.judged.len() {
                found = Some((*recipe, encoding));
                return ControlFlow::Break(());
            }
            if partly.as_ref().is_none_or(|partly| partly.flows < flows) {
                partly = Some(Partly {
                    recipe: *recipe,
                    encoding,
                    flows,
                });
            }
            ControlFlow::Continue(())
        });
        tried.show();
        let found = found.and_then(|(recipe, encoding)| {
            Found::confirmed::<D>(recipe, encoding, &self.judged, &self.joints, &self.pool)
        });
        (found, partly)
    }
}

fn pool_of(cases: &[Case<'_>]) -> Pool {
    let mut any = Members::default();
    for case in cases {
        for (name, _) in case.flow.members().iter() {
            if name != "signature" {
                any = any.with(table::bit(name));
            }
        }
    }
    let first = cases.first().map(|case| case.flow.members().iter());
    let first = first.into_iter().flatten();
    let place = |(name, _): (&str, _)| {
        let everywhere = cases.iter().all(|case| case.flow.member(name).is_some());
        let place = crate::statement::LASTING_MEMBERS
            .iter()
            .position(|known| *known == name)?;
        u8::try_from(place).ok().filter(|_| everywhere)
    };
    Pool {
        any,
        every: first.filter_map(place).collect(),
        opened: cases
            .iter()
            .filter_map(|case| case.opened.as_ref())
            .any(|claims| !claims.is_empty()),
    }
}

/// No statement of the list explains these flows; what is known of them is in the diagnosis.
fn unknown(
    cases: &[Case<'_>],
    algorithm: Option<Algorithm>,
    candidates: u64,
    partly: Option<&Partly>,
) -> Error {
    let diagnosed = cases.iter().flat_map(|case| case.diagnosed.iter().cloned());
    let diagnosis = Diagnosis::new(diagnosed.collect());
    let flows = match cases.len() {
        1 => "the flow".to_owned(),
        count => format!("all {count} flows"),
    };
    let sentence = match algorithm {
        Some(algorithm) => format!(
            "none of {candidates} statements explains {flows}, signed with {} by the keys given{}: ask whoever signs which bytes it is, and give them as detached",
            algorithm.name(),
            match partly {
                Some(partly) => format!(
                    " ({} explains {} of them)",
                    learned::name(&partly.recipe, partly.encoding),
                    partly.flows
                ),
                None => String::new(),
            },
        ),
        None if cases.iter().all(|case| case.recovered.is_empty()) => format!(
            "what is signed cannot be learnt of {flows}: {}",
            diagnosis.sentence()
        ),
        None => "the flows were not all signed by the keys given and with one algorithm: leave out those that the diagnosis shows, or give their keys".to_owned(),
    };
    Error::new(ErrorCode::StatementUnknown, sentence).with_diagnosis(diagnosis)
}
