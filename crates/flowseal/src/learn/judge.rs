//! Whether a statement is the signed one, by what the signature has shown: hashes and comparisons,
//! and no power of a key.

use sha2::Digest;
use sha2::digest::Output;

use super::pieces::{Piece, base64, hex, in_base64, joined};
use crate::ground::secret::{SecretBytes, written_once};
use crate::verify::recovered::Seen;

/// What was done to a statement's bytes before they were signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Encoding {
    Plain,
    /// A line end behind them.
    Line,
    Hex,
    Base64,
    /// Their digest was signed as if it were the statement.
    Digest,
    DigestHex,
    DigestBase64,
}

impl Encoding {
    pub(super) const ALL: [Self; 7] = [
        Self::Plain,
        Self::Line,
        Self::Hex,
        Self::Base64,
        Self::Digest,
        Self::DigestHex,
        Self::DigestBase64,
    ];

    /// Behind the name of a statement.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Line => "+line-end",
            Self::Hex => "+hex",
            Self::Base64 => "+base64",
            Self::Digest => "+digest",
            Self::DigestHex => "+digest-hex",
            Self::DigestBase64 => "+digest-base64",
        }
    }

    /// The signed bytes.
    pub(super) fn of<D: Digest>(self, pieces: &[&Piece]) -> SecretBytes {
        let plain = || pieces.iter().map(|piece| piece.plain());
        let digest = || {
            let mut digest = D::new();
            plain().for_each(|piece| digest.update(piece));
            digest.finalize()
        };
        match self {
            Self::Plain => joined(&plain()),
            Self::Line => joined(&plain().chain([b"\n".as_slice()])),
            Self::Hex => joined(&pieces.iter().map(|piece| piece.hex())),
            Self::Base64 => written_once(|emit| in_base64(pieces, &mut |piece| emit(piece))),
            Self::Digest => SecretBytes::copied_from(&digest()),
            Self::DigestHex => hex(&digest()),
            Self::DigestBase64 => base64(&digest()),
        }
    }
}

/// A signature's own part in the judgement.
pub(super) struct Judge<'a>(&'a Seen);

impl<'a> Judge<'a> {
    pub(super) fn new(seen: &'a Seen) -> Self {
        Self(seen)
    }

    /// In which encoding these pieces are what was signed.
    pub(super) fn find<D: Digest + Clone>(
        &self,
        pieces: &[&Piece],
        encodings: &[Encoding],
    ) -> Option<Encoding> {
        let mut plain = D::new();
        pieces.iter().for_each(|piece| plain.update(piece.plain()));
        let digest = plain.clone().finalize();
        let is_over = |encoding: &Encoding| {
            let digest = match encoding {
                Encoding::Plain => return self.is::<D>(&digest),
                Encoding::Line => plain.clone().chain_update(b"\n").finalize(),
                Encoding::Hex => {
                    let mut hex = D::new();
                    pieces.iter().for_each(|piece| hex.update(piece.hex()));
                    hex.finalize()
                }
                Encoding::Base64 => {
                    let mut base64 = D::new();
                    in_base64(pieces, &mut |piece| base64.update(piece));
                    base64.finalize()
                }
                Encoding::Digest => D::digest(&digest),
                Encoding::DigestHex => D::digest(hex(&digest).expose_secret()),
                Encoding::DigestBase64 => D::digest(base64(&digest).expose_secret()),
            };
            self.is::<D>(&digest)
        };
        encodings.iter().copied().find(|encoding| is_over(encoding))
    }

    fn is<D: Digest>(&self, digest: &Output<D>) -> bool {
        match self.0 {
            Seen::Digest(signed) => signed.as_slice() == digest.as_slice(),
            Seen::Salted { salt, hash } => {
                let salted = D::new()
                    .chain_update([0; 8])
                    .chain_update(digest)
                    .chain_update(salt);
                salted.finalize().as_slice() == hash.as_slice()
            }
        }
    }
}
