//! An opening that goes on when raw results come.

use std::fmt;

use flowseal_rsa::Engine;

use super::gather::{Gathered, compute_here, raws_of};
use super::remote::{Sent, receive, send};
use crate::claims::OpenedClaims;
use crate::error::{Error, ErrorCode};
use crate::ground::secret::SecretBytes;
use crate::keys::RawOperation;

/// An opening, of one flow or of many, that goes on when the results of raw operations come: those
/// of keys whose private half is elsewhere
/// ([`DecryptingKey::remote`](crate::DecryptingKey::remote)).
///
/// It says what is to be computed, takes results in any order and from anywhere, and ends in what
/// `open` gives: `T` is [`OpenedClaims`] for one flow, [`PartialClaims`](crate::PartialClaims) for
/// one that is opened in part, and for many a list with a result for each. Whoever computes, when
/// and on which thread is the caller's; nothing here waits. Keys that are here are applied by the
/// engine in [`finish`](Self::finish).
///
/// It owns what it needs, flows and keys included, is wiped when it is dropped, and lives in one
/// process: there is no way to write it down.
///
/// ```
/// # use flowseal::{testkit, Expectations};
/// use flowseal::{DecryptingKey, KeyRing, OpenOptions};
///
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// # let pair = testkit::KeyPair::sample_app()?;
/// # let hsm = testkit::Holder::load(pair.private_pem().as_bytes())?;
/// let ring = KeyRing::from(DecryptingKey::remote(pair.public_pem().as_bytes())?);
/// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
/// let mut opening = verified.begin_opening(&ring, &OpenOptions::new())?;
///
/// let mut results = Vec::new();
/// for operation in opening.operations() {
///     results.push((operation.id(), hsm.compute(operation.ciphertext())?));
/// }
/// for (id, result) in results.iter().rev() {
///     opening.supply(*id, result)?;
/// }
/// let claims = opening.finish()?;
/// assert_eq!(claims.get("naming.given").unwrap().text(), "Adébáyọ̀");
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct Opening<T = OpenedClaims> {
    /// Nothing once it is finished.
    flows: Option<Flows>,
    /// In the order of the flows' operations that wait.
    sent: Vec<Sent>,
    /// Beside each of them.
    answers: Vec<Option<SecretBytes>>,
    engine: Engine,
    end: fn(Flows) -> Result<T, Error>,
}

/// A result for each flow until its results are in.
pub(super) type Flows = Vec<Result<Gathered<'static>, Error>>;

impl<T> Opening<T> {
    pub(super) fn begin(
        mut flows: Flows,
        engine: &Engine,
        end: fn(Flows) -> Result<T, Error>,
    ) -> Self {
        let mut raws = raws_of(flows.iter_mut().flatten());
        let sent = send(&mut raws, engine);
        Self {
            flows: Some(flows),
            answers: sent.iter().map(|_| None).collect(),
            sent,
            engine: engine.clone(),
            end,
        }
    }

    /// All operations, whether they are answered or not: always the same ones, in the same order.
    /// None where every key is here.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = RawOperation<'_>> {
        self.sent.iter().map(Sent::raw)
    }

    /// The operations that have no result yet.
    pub fn missing(&self) -> impl Iterator<Item = RawOperation<'_>> {
        let sent = self.sent.iter().zip(&self.answers);
        let missing = sent.filter(|(_, answer)| answer.is_none());
        missing.map(|(sent, _)| sent.raw())
    }

    /// Takes the result of the operation of this id: a big-endian number of k bytes. It is copied
    /// into memory that is wiped; what was passed in is the caller's to wipe.
    ///
    /// Whether it is right shows in [`finish`](Self::finish), where all of them are checked
    /// together.
    ///
    /// # Errors
    /// `usage` for an id that belongs to no operation, for a second result, and for another length.
    /// The opening is as it was.
    pub fn supply(&mut self, id: u64, result: &[u8]) -> Result<(), Error> {
        self.check_unfinished()?;
        // Ids rise.
        let place = self.sent.binary_search_by_key(&id, Sent::id).ok();
        let at_place = place.and_then(|place| {
            let answer = self.answers.get_mut(place)?;
            Some((self.sent.get(place)?, answer))
        });
        let Some((sent, answer)) = at_place else {
            return Err(usage(format!(
                "there is no operation {id} in this opening: give each result the id that stands beside its ciphertext"
            )));
        };
        if answer.is_some() {
            return Err(usage(format!(
                "the operation {id} has its result already: the first one counts, so give each once"
            )));
        }
        if result.len() != sent.size() {
            return Err(usage(format!(
                "the result of operation {id} has {} bytes and its key's have {}: give the raw number, with its leading zeros and its padding",
                result.len(),
                sent.size()
            )));
        }
        *answer = Some(SecretBytes::copied_from(result));
        Ok(())
    }

    /// Checks the results, applies the keys that are here, and gives what `open` gives.
    ///
    /// # Errors
    /// `usage` while results are missing, and after it was finished once; nothing is lost by it.
    /// For one flow else those of [`VerifiedFlow::open`](crate::VerifiedFlow::open), with
    /// `internal_fault` for a wrong result. For many flows each has its own.
    pub fn finish(&mut self) -> Result<T, Error> {
        self.check_unfinished()?;
        let missing = self.answers.iter().filter(|answer| answer.is_none());
        match missing.count() {
            0 => {}
            count => {
                return Err(usage(format!(
                    "{count} of {} operations have no result yet: supply them, then finish",
                    self.sent.len()
                )));
            }
        }
        let Some(mut flows) = self.flows.take() else {
            return Err(finished());
        };
        let sent = std::mem::take(&mut self.sent);
        let answers = std::mem::take(&mut self.answers);
        let answers: Vec<_> = answers
            .iter()
            .flatten()
            .map(SecretBytes::expose_secret)
            .collect();

        let raws = raws_of(flows.iter_mut().flatten());
        let (mut remote, here): (Vec<_>, Vec<_>) =
            raws.into_iter().partition(|raw| raw.key.way().is_some());
        remote.retain(|raw| raw.is_waiting());
        receive(&mut remote, &sent, &answers, &self.engine);
        compute_here(here, &self.engine);
        (self.end)(flows)
    }

    fn check_unfinished(&self) -> Result<(), Error> {
        match self.flows {
            Some(_) => Ok(()),
            None => Err(finished()),
        }
    }
}

/// Shows how far it is, and nothing of what it holds.
impl<T> fmt::Debug for Opening<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening")
            .field("operations", &self.sent.len())
            .field("missing", &self.missing().count())
            .finish_non_exhaustive()
    }
}

fn finished() -> Error {
    usage("this opening is finished: begin another one to open again")
}

fn usage(sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::Usage, sentence)
}
