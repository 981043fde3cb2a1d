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
//! | what is known where nothing was | `unknown` |

use core::ops::ControlFlow;
use std::collections::BTreeSet;
use std::fmt;

use flowseal_rsa::Engine;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::claims::OpenedClaims;
use crate::error::{Error, ErrorCode};
use crate::flow::Flow;
use crate::ground::diagnosis::DiagnosedKey;
use crate::keys::{DecryptingKey, KeyRing, Signers, VerifyingKey};
use crate::open::OpenOptions;
use crate::profile::{Algorithm, Padding, Profile};
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
mod unknown;

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
    /// `usage` without a flow; `no_verifying_key` without a key; `key_conflict` for one that opens
    /// claims as well; those of
    /// [`Flow::from_json`](crate::Flow::from_json); `flow_pending`, `flow_cancelled`,
    /// `signature_missing` and `signature_malformed` for a flow that shows nothing; those of
    /// opening where there is a ring; `statement_unknown`, where no statement of the list explains
    /// all flows, with a [diagnosis](crate::report::Diagnosis::flows) that says which of them the
    /// best one explains, and what every key shows of the others.
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
        if let Some(ring) = &self.ring {
            ring.check_roles(&Signers::of(&self.keys))?;
        }
        let mut cases = Vec::new();
        for (at, answer) in flows.iter().enumerate() {
            let case = Case::read(self, answer.as_ref());
            cases.push(case.map_err(|error| match flows.len() {
                1 => error,
                _ => Error::new(error.code(), format!("flow {}: {error}", at + 1)),
            })?);
        }
        let Some(algorithm) = of_most(&cases) else {
            return Err(unknown::error(&cases, None, 0, &Known::default()));
        };
        let search = Search::new(&cases, algorithm);
        let mut tried = Tried::new(search.size(), progress);
        let (found, known) = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => search.run::<Sha256>(&mut tried),
            Algorithm::Rs384 | Algorithm::Ps384 => search.run::<Sha384>(&mut tried),
            Algorithm::Rs512 | Algorithm::Ps512 => search.run::<Sha512>(&mut tried),
        };
        let Some(found) = found else {
            return Err(unknown::error(&cases, Some(algorithm), tried.most, &known));
        };
        let mut profile = Profile {
            algorithm,
            ..Profile::default()
        };
        profile.padding = self.padding().unwrap_or(profile.padding);
        Ok(Learned::new(
            &self.keys, &cases, &profile, found, tried.most,
        ))
    }

    /// That of the keys that have opened the claims, where they have one.
    fn padding(&self) -> Option<Padding> {
        let mut paddings = self
            .ring
            .iter()
            .flat_map(KeyRing::keys)
            .map(DecryptingKey::padding);
        let first = paddings.next()?;
        paddings.all(|padding| padding == first).then_some(first)
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

/// The algorithm that most of these were signed with; of two with as many flows, the first.
fn of_most(cases: &[Case<'_>]) -> Option<Algorithm> {
    let count = |algorithm: Algorithm| {
        let under = cases.iter().filter(|case| case.under(algorithm).is_some());
        under.count()
    };
    let shown = cases.iter().flat_map(|case| &case.recovered);
    // `max_by_key` gives the last of those that are alike.
    let backwards = shown.map(|shown| shown.algorithm).collect::<Vec<_>>();
    backwards.into_iter().rev().max_by_key(|it| count(*it))
}

/// How far a search has come, for whoever watches.
struct Tried<'a> {
    /// In the pass that is under way.
    count: u64,
    /// In the pass that had most.
    most: u64,
    of: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl<'a> Tried<'a> {
    fn new(of: u64, progress: &'a mut dyn FnMut(u64, u64)) -> Self {
        Self {
            count: 0,
            most: 0,
            of,
            progress,
        }
    }

    fn begin(&mut self) {
        self.count = 0;
    }

    fn add(&mut self, candidates: usize) {
        const SHOWN_EVERY: u64 = 1 << 14;

        let before = self.count / SHOWN_EVERY;
        self.count += candidates as u64;
        self.most = self.most.max(self.count);
        if self.count / SHOWN_EVERY != before {
            (self.progress)(self.count.min(self.of), self.of);
        }
    }

    fn end(&mut self) {
        (self.progress)(self.most.min(self.of), self.of);
    }
}

/// What is known where no statement explains every flow.
#[derive(Default)]
struct Known {
    /// The statement that explains most flows, of those that were found.
    best: Option<Partly>,
    /// The places of the flows on which the list was tried.
    tried: BTreeSet<usize>,
}

/// A statement that explains some of the flows.
struct Partly {
    recipe: Recipe,
    encoding: Encoding,
    /// Their places among all that were given.
    explained: BTreeSet<usize>,
}

impl Partly {
    fn explained_by(statement: Option<&Self>) -> &BTreeSet<usize> {
        static NONE: BTreeSet<usize> = BTreeSet::new();

        statement.map_or(&NONE, |statement| &statement.explained)
    }
}

/// The list, tried on these flows.
struct Search<'a> {
    /// Those that a key given has signed with the algorithm, beside their places among all.
    judged: Vec<(usize, &'a Case<'a>, &'a Recovered)>,
    /// Whether these are all that were given.
    is_whole: bool,
    pool: Pool,
    joints: Joints,
}

impl<'a> Search<'a> {
    fn new(cases: &'a [Case<'a>], algorithm: Algorithm) -> Self {
        let under = |(place, case): (usize, &'a Case<'a>)| {
            let shown = case.under(algorithm)?;
            Some((place, case, shown))
        };
        let judged: Vec<_> = cases.iter().enumerate().filter_map(under).collect();
        Self {
            is_whole: judged.len() == cases.len(),
            pool: pool_of(&judged.iter().map(|(_, case, _)| *case).collect::<Vec<_>>()),
            judged,
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
    ///
    /// What explains every flow explains the first. Where nothing does, the list is tried on some
    /// more that nothing has explained yet, so that a stranger's flow, which may be the first,
    /// hides no statement of the others; until half of them are explained, which no other can beat.
    fn run<D: Digest + Clone>(&self, tried: &mut Tried<'_>) -> (Option<Found>, Known) {
        const AT_MOST: usize = 4;

        let mut known = Known::default();
        for (place, ..) in &self.judged {
            let so_far = Partly::explained_by(known.best.as_ref());
            let is_enough = 2 * so_far.len() >= self.judged.len();
            if is_enough || known.tried.len() == AT_MOST {
                break;
            }
            if so_far.contains(place) {
                continue;
            }
            known.tried.insert(*place);
            let partly = self.explaining::<D>(*place, tried);
            let explained = Partly::explained_by(partly.as_ref());
            if self.is_whole && explained.len() == self.judged.len() {
                tried.end();
                let found = partly.and_then(|whole| self.confirmed::<D>(&whole));
                return (found, known);
            }
            if explained.len() > so_far.len() {
                known.best = partly;
            }
        }
        tried.end();
        (None, known)
    }

    /// Of the statements that explain the flow at this place, the first that explains every flow;
    /// else the one that explains most of them.
    fn explaining<D: Digest + Clone>(&self, place: usize, tried: &mut Tried<'_>) -> Option<Partly> {
        let (_, first, shown) = self.judged.iter().find(|(at, ..)| *at == place)?;
        let judge = Judge::new(&shown.seen);
        let table = first.table();
        let (mut best, mut pieces) = (None::<Partly>, Vec::new());
        tried.begin();
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
            let explained = self.explained::<D>(place, recipe, encoding);
            let is_all = explained.len() == self.judged.len();
            if explained.len() > Partly::explained_by(best.as_ref()).len() {
                best = Some(Partly {
                    recipe: *recipe,
                    encoding,
                    explained,
                });
            }
            match is_all {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        best
    }

    /// The places of the flows that this statement explains, of which one is known.
    fn explained<D: Digest + Clone>(
        &self,
        known: usize,
        recipe: &Recipe,
        encoding: Encoding,
    ) -> BTreeSet<usize> {
        let explains = |(place, case, shown): &&(usize, &'a Case<'a>, &'a Recovered)| {
            if *place == known {
                return true;
            }
            let (table, mut pieces) = (case.table(), Vec::new());
            let there = table.pieces(recipe, &self.joints, &mut pieces);
            let judge = Judge::new(&shown.seen);
            there.is_some() && judge.find::<D>(&pieces, &[encoding]).is_some()
        };
        let explained = self.judged.iter().filter(explains);
        explained.map(|(place, ..)| *place).collect()
    }

    fn confirmed<D: Digest>(&self, partly: &Partly) -> Option<Found> {
        let judged = self.judged.iter().map(|(_, case, shown)| (*case, *shown));
        Found::confirmed::<D>(
            partly.recipe,
            partly.encoding,
            &judged.collect::<Vec<_>>(),
            &self.joints,
            &self.pool,
        )
    }
}

/// What there is in these flows to make statements of.
fn pool_of(cases: &[&Case<'_>]) -> Pool {
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
