//! From sealed claims to raw operations: all that shows from outside is judged here.

use flowseal_rsa::{Engine, OperationError, PrivateOperation};

use super::OpenOptions;
use crate::claims::{SealedClaims, SealedLeaf};
use crate::error::{Error, ErrorCode, quoted};
use crate::keys::{DecryptingKey, KeyRing};
use crate::profile::LeafEncoding;
use crate::secret::SecretBytes;
use crate::strict_base64;
use crate::verify::Report;

/// A flow's claims, and what goes with them into the opened tree.
pub(super) struct Sealed<'a> {
    pub(super) claims: SealedClaims<'a>,
    pub(super) leaf: LeafEncoding,
    pub(super) cesu8: bool,
    pub(super) verified: bool,
    pub(super) report: Report,
}

/// A flow's leaves with their raw operations.
pub(super) struct Gathered<'a> {
    pub(super) sealed: Sealed<'a>,
    pub(super) leaves: Vec<Leaf<Vec<Raw<'a>>>>,
}

/// What has become of a selected leaf, on its way through the stages.
pub(super) struct Leaf<T> {
    /// Its place among all leaves of the tree, selected or not.
    pub(super) place: usize,
    pub(super) path: String,
    pub(super) stage: Result<T, Error>,
}

impl<'a> Gathered<'a> {
    pub(super) fn of(sealed: Sealed<'a>, keys: &'a KeyRing, options: &OpenOptions) -> Self {
        let leaves = sealed
            .claims
            .leaves()
            .enumerate()
            .filter(|(_, leaf)| options.selects(&leaf.path))
            .map(|(place, leaf)| Leaf {
                place,
                stage: raw_operations(&leaf, keys),
                path: leaf.path,
            })
            .collect();
        Self { sealed, leaves }
    }
}

/// One key tried on one leaf.
pub(super) struct Raw<'a> {
    pub(super) key: &'a DecryptingKey,
    /// The key's place in the ring.
    pub(super) key_index: usize,
    /// As long as the modulus.
    pub(super) ciphertext: Vec<u8>,
    /// The encoded message, once it is computed.
    pub(super) em: SecretBytes,
    pub(super) outcome: Result<(), OperationError>,
}

impl Raw<'_> {
    fn operation(&mut self) -> PrivateOperation<'_> {
        PrivateOperation {
            key: self.key.private(),
            input: &self.ciphertext,
            output: self.em.expose_secret_mut(),
        }
    }
}

/// Runs the raw operations of all these flows together.
pub(super) fn compute<'a, 'keys: 'a>(
    flows: impl IntoIterator<Item = &'a mut Gathered<'keys>>,
    engine: &Engine,
) {
    let mut raws: Vec<_> = flows
        .into_iter()
        .flat_map(|flow| &mut flow.leaves)
        .filter_map(|leaf| leaf.stage.as_mut().ok())
        .flatten()
        .collect();
    let mut operations: Vec<_> = raws.iter_mut().map(|raw| raw.operation()).collect();
    let outcomes = engine.private(&mut operations);
    for (raw, outcome) in raws.into_iter().zip(outcomes) {
        raw.outcome = outcome;
    }
}

/// The operations that try every key of a leaf's size on it.
fn raw_operations<'a>(leaf: &SealedLeaf<'_>, keys: &'a KeyRing) -> Result<Vec<Raw<'a>>, Error> {
    let text = leaf.value.as_str().ok_or_else(|| {
        refused(
            ErrorCode::ClaimNotSealed,
            &leaf.path,
            "is not a string, so it is not sealed: do not trust it",
        )
    })?;
    let ciphertext = strict_base64::decode(text)
        .ok_or_else(|| refused(ErrorCode::ClaimBase64, &leaf.path, "is not strict base64"))?;
    let size = modulus_size(&leaf.path, ciphertext.len(), keys)?;

    // node-jsencrypt drops a ciphertext's leading zero bytes.
    let mut padded = ciphertext;
    padded.splice(0..0, std::iter::repeat_n(0, size - padded.len()));
    let of_size = keys
        .keys()
        .enumerate()
        .filter(|(_, key)| size_of(key) == size);
    Ok(of_size
        .map(|(key_index, key)| Raw {
            key,
            key_index,
            ciphertext: padded.clone(),
            em: SecretBytes::zeroed(size),
            outcome: Err(OperationError::Fault),
        })
        .collect())
}

/// The size in bytes of the smallest moduli that a ciphertext of `len` bytes may be under.
fn modulus_size(path: &str, len: usize, keys: &KeyRing) -> Result<usize, Error> {
    let fitting = keys
        .keys()
        .map(size_of)
        .filter(|&size| len <= size && size - len <= MAX_DROPPED_ZEROS)
        .min();
    fitting.ok_or_else(|| {
        let sizes: Vec<_> = keys.keys().map(|key| size_of(key).to_string()).collect();
        let sizes = sizes.join(", ");
        let is_anothers = |size: &&usize| len <= **size && **size - len <= MAX_DROPPED_ZEROS;
        if let Some(size) = COMMON_SIZES.iter().find(is_anothers) {
            refused(
                ErrorCode::NoDecryptingKey,
                path,
                &format!(
                    "is sealed under a key of {} bits, and the keys given have {sizes} bytes: give the app's own key",
                    size * 8
                ),
            )
        } else {
            refused(
                ErrorCode::ClaimLength,
                path,
                &format!("is {len} bytes long, and the keys given open {sizes}"),
            )
        }
    })
}

fn size_of(key: &DecryptingKey) -> usize {
    key.private().public().size()
}

fn refused(code: ErrorCode, path: &str, what: &str) -> Error {
    Error::new(code, format!("the claim {} {what}", quoted(path)))
}

/// How many bytes shorter than the modulus a ciphertext may be.
const MAX_DROPPED_ZEROS: usize = 8;

/// Lengths of moduli that are somebody's key rather than somebody's mistake: RSA-2048, 3072, 4096.
const COMMON_SIZES: [usize; 3] = [256, 384, 512];
