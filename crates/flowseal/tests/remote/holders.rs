//! Holders of private keys that do what a test wants.

use std::sync::{Arc, Mutex};

use flowseal::testkit::Holder;
use flowseal::{Error, KeyHolder, RawOperation};

/// A holder that does with the right results, or without them, what a test wants.
pub(super) struct Played<F> {
    pub(super) holder: Holder,
    pub(super) play: F,
}

impl<F> KeyHolder for Played<F>
where
    F: Fn(&mut [u8]) -> Result<(), Error> + Send + Sync,
{
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        self.holder.raw_private(operations, results)?;
        (self.play)(results)
    }
}

/// How many operations a holder was asked for in each call, and with which ciphertexts.
#[derive(Clone, Default)]
pub(super) struct Seen(pub(super) Arc<Mutex<Vec<Vec<Vec<u8>>>>>);

pub(super) struct Watched(pub(super) Seen, pub(super) Holder, pub(super) usize);

impl KeyHolder for Watched {
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        let mut seen = self.0.0.lock().unwrap();
        let ciphertexts = operations.iter().map(|one| one.ciphertext().to_vec());
        seen.push(ciphertexts.collect());
        match seen.len() > self.2 {
            true => Err(Error::key_unavailable("it has had enough")),
            false => self.1.raw_private(operations, results),
        }
    }
}
