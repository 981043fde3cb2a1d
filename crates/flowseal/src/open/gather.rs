//! From sealed claims to raw operations: all that shows from outside is judged here.

use std::borrow::Cow;
use std::sync::Arc;

use flowseal_rsa::{Engine, OperationError, PrivateOperation};

use super::OpenOptions;
use super::remote::compute_elsewhere;
use crate::claims::{SealedClaims, SealedLeaf};
use crate::error::{Error, ErrorCode, ErrorDetails};
use crate::ground::quoted::quoted;
use crate::ground::report::Report;
use crate::ground::secret::SecretBytes;
use crate::ground::strict_base64;
use crate::ground::tree::Object;
use crate::keys::{DecryptingKey, KeyRing};
use crate::profile::LeafEncoding;

/// A flow's claims, and what goes with them into the opened tree.
pub(super) struct Sealed<'a> {
    /// The tree; nothing where the flow has no `claims`.
    pub(super) claims: Option<Cow<'a, Object>>,
    pub(super) leaf: LeafEncoding,
    pub(super) cesu8: bool,
    pub(super) verified: bool,
    pub(super) report: Report,
}

/// A flow's leaves with their raw operations.
pub(super) struct Gathered<'a> {
    pub(super) sealed: Sealed<'a>,
    pub(super) leaves: Vec<Leaf<Vec<Raw>>>,
}

/// What has become of a selected leaf, on its way through the stages.
pub(super) struct Leaf<T> {
    /// Its place among all leaves of the tree, selected or not.
    pub(super) place: usize,
    pub(super) path: String,
    pub(super) stage: Result<T, Error>,
}

impl<'a> Gathered<'a> {
    pub(super) fn of(sealed: Sealed<'a>, keys: &KeyRing, options: &OpenOptions) -> Self {
        let leaves = SealedClaims::new(sealed.claims.as_deref())
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

    /// The same, without the flow that it was gathered from.
    pub(super) fn into_owned(self) -> Gathered<'static> {
        let Self { sealed, leaves } = self;
        let claims = sealed.claims.map(|claims| Cow::Owned(claims.into_owned()));
        let sealed = Sealed {
            claims,
            leaf: sealed.leaf,
            cesu8: sealed.cesu8,
            verified: sealed.verified,
            report: sealed.report,
        };
        Gathered { sealed, leaves }
    }

    /// Copies of what was computed of the wanted leaves, under each key.
    pub(super) fn encoded_messages(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<EncodedMessage> {
        let wanted = self.leaves.iter().filter(|leaf| is_wanted(&leaf.path));
        let copy = |leaf: &Leaf<Vec<Raw>>| {
            let raws = leaf.stage.iter().flatten();
            let copies = raws.map(|raw| EncodedMessage {
                path: leaf.path.clone(),
                key: Arc::clone(&raw.key),
                key_index: raw.key_index,
                ciphertext: raw.ciphertext.clone(),
                em: SecretBytes::copied_from(raw.em.expose_secret()),
            });
            copies.collect::<Vec<_>>()
        };
        wanted.flat_map(copy).collect()
    }
}

/// What a leaf is under the padding, under one of the keys: RFC 8017's EM.
pub(crate) struct EncodedMessage {
    pub(crate) path: String,
    pub(crate) key: Arc<DecryptingKey>,
    /// The key's place in the ring.
    pub(super) key_index: usize,
    /// As long as the modulus.
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) em: SecretBytes,
}

/// One key tried on one leaf.
pub(super) struct Raw {
    pub(super) key: Arc<DecryptingKey>,
    /// The key's place in the ring.
    pub(super) key_index: usize,
    /// As long as the modulus.
    pub(super) ciphertext: Vec<u8>,
    /// The encoded message, once it is computed.
    pub(super) em: SecretBytes,
    pub(super) outcome: Result<(), NotComputed>,
}

/// Why there is no encoded message.
pub(super) enum NotComputed {
    /// There is none yet.
    Waiting,
    /// The engine gave none.
    Engine(OperationError),
    /// Whoever has the private half gave none.
    Elsewhere(Error),
}

impl Raw {
    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.outcome, Err(NotComputed::Waiting))
    }

    /// What the engine is to do; nothing where the private half is elsewhere.
    fn operation(&mut self) -> Option<PrivateOperation<'_>> {
        Some(PrivateOperation {
            key: self.key.private()?,
            input: &self.ciphertext,
            output: self.em.expose_secret_mut(),
        })
    }
}

/// Runs the raw operations of all these flows together.
pub(super) fn compute<'a, 'flow: 'a>(
    flows: impl IntoIterator<Item = &'a mut Gathered<'flow>>,
    engine: &Engine,
) {
    let raws = raws_of(flows).into_iter();
    let (remote, here) = raws.partition(|raw| raw.key.way().is_some());
    compute_here(here, engine);
    compute_elsewhere(remote, engine);
}

/// The raw operations of all these flows, in their order.
pub(super) fn raws_of<'a, 'flow: 'a>(
    flows: impl IntoIterator<Item = &'a mut Gathered<'flow>>,
) -> Vec<&'a mut Raw> {
    flows
        .into_iter()
        .flat_map(|flow| &mut flow.leaves)
        .filter_map(|leaf| leaf.stage.as_mut().ok())
        .flatten()
        .collect()
}

/// Runs these operations, none of whose private halves is elsewhere.
pub(super) fn compute_here(mut raws: Vec<&mut Raw>, engine: &Engine) {
    let mut operations: Vec<_> = raws.iter_mut().filter_map(|raw| raw.operation()).collect();
    let outcomes = engine.private(&mut operations);
    for (raw, outcome) in raws.into_iter().zip(outcomes) {
        raw.outcome = outcome.map_err(NotComputed::Engine);
    }
}

/// The operations that try every key of a leaf's size on it.
fn raw_operations(leaf: &SealedLeaf<'_>, keys: &KeyRing) -> Result<Vec<Raw>, Error> {
    let text = leaf.value.as_str().ok_or_else(|| {
        leaf_error(
            ErrorCode::ClaimNotSealed,
            &leaf.path,
            "is not a string, so it is not sealed: do not trust it",
        )
    })?;
    let ciphertext = strict_base64::decode(text).ok_or_else(|| {
        let fault = strict_base64::fault(text);
        let what = format!("is not strict base64: {fault}");
        leaf_error(ErrorCode::ClaimBase64, &leaf.path, &what)
    })?;
    // node-jsencrypt drops a ciphertext's leading zero bytes: every key counts that it may be
    // under.
    let may_be_under = |key: &DecryptingKey| is_cut_from(size_of(key), ciphertext.len());
    let keys_of_size = keys.shared().enumerate();
    let raws: Vec<_> = keys_of_size
        .filter(|(_, key)| may_be_under(key))
        .map(|(key_index, key)| {
            let mut padded = vec![0; size_of(key) - ciphertext.len()];
            padded.extend_from_slice(&ciphertext);
            Raw {
                key: key.clone(),
                key_index,
                em: SecretBytes::zeroed(padded.len()),
                ciphertext: padded,
                outcome: Err(NotComputed::Waiting),
            }
        })
        .collect();
    if raws.is_empty() {
        return Err(of_no_key(&leaf.path, text, ciphertext.len(), keys));
    }
    Ok(raws)
}

/// Why a ciphertext of `len` bytes is under none of these keys.
fn of_no_key(path: &str, text: &str, len: usize, keys: &KeyRing) -> Error {
    let mut sizes: Vec<_> = keys.keys().map(size_of).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let details = ErrorDetails {
        size: Some(len),
        sizes: sizes.clone(),
        ..about(path)
    };
    if sizes.is_empty() {
        let what = "cannot be opened: the ring is empty, so give the app's private key";
        return leaf_error_with(ErrorCode::NoDecryptingKey, what, details);
    }
    let digits = strict_base64::hexadecimal_len(text);
    if digits.is_some_and(|len| sizes.iter().any(|size| is_cut_from(*size, len))) {
        let what = "is hexadecimal, as long as a ciphertext of the key: its sender has to encode it in base64, as the API does";
        return leaf_error_with(ErrorCode::ClaimLength, what, details);
    }

    let bits = |size: &usize| (size * 8).to_string();
    let given = sizes.iter().map(bits).collect::<Vec<_>>().join(", ");
    let split = sizes
        .iter()
        .find(|size| len > **size && len.is_multiple_of(**size))
        .map(|size| {
            format!(
                "its sender has split a long text into {} blocks, which the API does not",
                len / size
            )
        });
    let another = COMMON_SIZES.iter().find(|size| is_cut_from(**size, len));
    match (another, split) {
        (Some(size), split) => {
            let or_split = split.map(|split| format!(", unless {split}"));
            let what = format!(
                "is sealed under a key of {} bits, and the keys given have {given} bits: give the app's own key{}",
                size * 8,
                or_split.unwrap_or_default()
            );
            leaf_error_with(ErrorCode::NoDecryptingKey, &what, details)
        }
        (None, Some(split)) => {
            let what = format!("is as long as several ciphertexts: {split}");
            leaf_error_with(ErrorCode::ClaimLength, &what, details)
        }
        (None, None) => {
            let bytes: Vec<_> = sizes.iter().map(usize::to_string).collect();
            let advice = match len < SHORTEST {
                true => "so few bytes are not a ciphertext, so the value may be in the clear",
                false => "pass the answer as the API sent it",
            };
            let what = format!(
                "is {len} bytes long, and the keys given open {} bytes: {advice}",
                bytes.join(", ")
            );
            leaf_error_with(ErrorCode::ClaimLength, &what, details)
        }
    }
}

/// Whether `len` bytes may be what is left of a number of `size` bytes without its leading zeros.
fn is_cut_from(size: usize, len: usize) -> bool {
    len <= size && size - len <= MAX_DROPPED_ZEROS
}

fn size_of(key: &DecryptingKey) -> usize {
    key.public().size()
}

fn leaf_error(code: ErrorCode, path: &str, what: &str) -> Error {
    leaf_error_with(code, what, about(path))
}

/// The same, beside the lengths that were found and wanted.
fn leaf_error_with(code: ErrorCode, what: &str, details: ErrorDetails) -> Error {
    let path = details.claim.as_deref().unwrap_or_default();
    let sentence = format!("the claim {} {what}", quoted(path));
    Error::new(code, sentence).with_details(details)
}

fn about(path: &str) -> ErrorDetails {
    ErrorDetails {
        claim: Some(path.to_owned()),
        ..ErrorDetails::default()
    }
}

/// Fewer bytes than any key's ciphertext has.
const SHORTEST: usize = 100;

/// How many bytes shorter than the modulus a ciphertext may be.
const MAX_DROPPED_ZEROS: usize = 8;

/// Lengths of moduli that are somebody's key rather than somebody's mistake: RSA-2048, 3072, 4096.
const COMMON_SIZES: [usize; 3] = [256, 384, 512];
