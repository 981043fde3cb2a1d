//! Raw operations that somebody else computes: blinded on their way out, checked on their way in.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use flowseal_rsa::{Blinding, Engine, OperationError, RemoteAnswer, RemoteInput, RemoteOperation};

use super::gather::{NotComputed, Raw};
use crate::error::{Error, ErrorCode};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::secret::SecretBytes;
use crate::keys::RawOperation;

/// A raw operation that is on its way.
pub(super) struct Sent {
    id: u64,
    fingerprint: Fingerprint,
    operation: RemoteOperation,
}

impl Sent {
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// What is to be computed, as it is shown to whoever computes.
    pub(super) fn raw(&self) -> RawOperation<'_> {
        RawOperation::new(self.id, self.fingerprint, self.operation.ciphertext())
    }

    /// k.
    pub(super) fn size(&self) -> usize {
        self.operation.key().size()
    }
}

/// Readies the operations whose private halves are elsewhere. There is one `Sent` for each that
/// waits for its result from now on, in their order; the outcome of every other one is known.
pub(super) fn send(raws: &mut [&mut Raw], engine: &Engine) -> Vec<Sent> {
    let remote = raws
        .iter_mut()
        .filter(|raw| raw.key.way().is_some() && raw.is_waiting());
    let mut remote: Vec<_> = remote.collect();
    let inputs: Vec<_> = remote
        .iter()
        .map(|raw| RemoteInput {
            key: raw.key.public(),
            input: &raw.ciphertext,
            blinding: match raw.key.way() {
                Some(way) if !way.is_blinded => Blinding::None,
                _ => Blinding::Own,
            },
        })
        .collect();
    let operations = engine.blind(&inputs);
    drop(inputs);

    let mut sent = Vec::with_capacity(remote.len());
    let first = take_ids(remote.len());
    for ((raw, operation), id) in remote.iter_mut().zip(operations).zip(first..) {
        match operation {
            Ok(operation) => sent.push(Sent {
                id,
                fingerprint: raw.key.fingerprint(),
                operation,
            }),
            Err(error) => raw.outcome = Err(NotComputed::Engine(error)),
        }
    }
    sent
}

/// Checks the answers to what was sent, and takes the blinding off. `raws` are those that wait.
pub(super) fn receive(raws: &mut [&mut Raw], sent: &[Sent], answers: &[&[u8]], engine: &Engine) {
    let mut batch: Vec<_> = raws
        .iter_mut()
        .zip(sent.iter().zip(answers))
        .map(|(raw, (sent, answer))| RemoteAnswer {
            operation: &sent.operation,
            answer,
            output: raw.em.expose_secret_mut(),
        })
        .collect();
    let outcomes = engine.unblind(&mut batch);
    drop(batch);
    for (raw, outcome) in raws.iter_mut().zip(outcomes) {
        raw.outcome = outcome.map_err(|error| match error {
            OperationError::Fault => NotComputed::Elsewhere(wrong(raw.key.fingerprint())),
            error => NotComputed::Engine(error),
        });
    }
}

/// Has the holders of the keys compute, a batch after the other. After an error a holder is not
/// asked again.
pub(super) fn compute_elsewhere(raws: Vec<&mut Raw>, engine: &Engine) {
    let mut by_key = BTreeMap::<_, Vec<&mut Raw>>::new();
    for raw in raws {
        by_key.entry(raw.key_index).or_default().push(raw);
    }
    for mut raws in by_key.into_values() {
        let mut failure = None;
        for batch in raws.chunks_mut(BATCH) {
            if failure.is_none() {
                failure = ask(batch, engine).err();
            }
            if let Some(error) = &failure {
                let waiting = batch.iter_mut().filter(|raw| raw.is_waiting());
                waiting.for_each(|raw| raw.outcome = Err(NotComputed::Elsewhere(error.shared())));
            }
        }
    }
}

/// Has the holder of a key compute these operations, all of which are under it.
fn ask(raws: &mut [&mut Raw], engine: &Engine) -> Result<(), Error> {
    let key = raws.first().map(|raw| raw.key.clone());
    let Some((key, way)) = key.as_ref().and_then(|key| Some((key, key.way()?))) else {
        return Ok(());
    };
    let holder = way.holder.clone().ok_or_else(|| {
        Error::new(
            ErrorCode::Usage,
            format!(
                "the private half of the key {} is elsewhere, and nobody was named who computes with it: give the key a holder, or begin the opening and supply the results",
                key.fingerprint()
            ),
        )
    })?;
    let sent = send(raws, engine);
    let mut waiting: Vec<_> = raws.iter_mut().filter(|raw| raw.is_waiting()).collect();
    if sent.is_empty() {
        return Ok(());
    }
    let size = key.public().size();
    let mut results = SecretBytes::zeroed(sent.len() * size);
    let operations: Vec<_> = sent.iter().map(Sent::raw).collect();
    holder
        .raw_private(&operations, results.expose_secret_mut())
        .map_err(|error| of_holder(error, key.fingerprint()))?;
    let answers: Vec<_> = results.expose_secret().chunks_exact(size).collect();
    let mut waiting: Vec<_> = waiting.iter_mut().map(|raw| &mut ***raw).collect();
    receive(&mut waiting, &sent, &answers, engine);
    Ok(())
}

/// What a holder may say of itself is passed on; whatever else it says is that it does not compute.
fn of_holder(error: Error, fingerprint: Fingerprint) -> Error {
    match error.code() {
        ErrorCode::KeyUnavailable | ErrorCode::Pin => error,
        code => Error::key_unavailable(format!(
            "whoever holds the key {fingerprint} does not compute, and says {code}: look at its error, which is the source of this one"
        ))
        .with_source(error),
    }
}

fn wrong(fingerprint: Fingerprint) -> Error {
    Error::new(
        ErrorCode::InternalFault,
        format!(
            "whoever holds the key {fingerprint} has answered with a number that is not the result: nothing was released, so look at that module, and whether it has this key"
        ),
    )
}

/// Ids that no other operation of the process has, so that an answer to one opening is none to
/// another.
fn take_ids(count: usize) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(count as u64, Ordering::Relaxed)
}

/// So many operations a holder gets at once: enough for any number of a token's sessions, and
/// 128 KiB of results under RSA-4096.
const BATCH: usize = 256;
