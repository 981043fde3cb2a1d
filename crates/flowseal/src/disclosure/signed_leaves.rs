//! The leaves of a sealed tree, compared as the numbers that they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::invalid;
use crate::claims::SealedClaims;
use crate::error::Error;
use crate::ground::quoted::quoted;
use crate::ground::strict_base64;
use crate::ground::tree::Json;

pub(super) struct SignedLeaves<'a> {
    pub(super) leaves: Vec<SignedLeaf<'a>>,
}

pub(super) struct SignedLeaf<'a> {
    /// Its place among all leaves.
    pub(super) place: usize,
    pub(super) path: String,
    spelling: Spelling<'a>,
}

/// How a leaf spells its number. To decode every leaf of a flow takes longer than to verify it, and
/// nearly none has to be: strict base64 has one text for each sequence of bytes, so that numbers
/// are compared as texts where no zeros stand before them.
enum Spelling<'a> {
    /// Base64 of bytes of which the first is not zero, since its six upper bits are not, or no
    /// base64 at all.
    Text(&'a str),
    /// Bytes that may have begun with zeros, which some senders drop, without them.
    Bytes(Vec<u8>),
    /// Nothing that could be a number.
    None,
}

impl<'a> SignedLeaves<'a> {
    pub(super) fn of(claims: SealedClaims<'a>) -> Self {
        let leaves = claims.leaves().enumerate();
        Self {
            leaves: leaves
                .map(|(place, leaf)| SignedLeaf {
                    place,
                    spelling: Spelling::of(leaf.value),
                    path: leaf.path,
                })
                .collect(),
        }
    }

    /// Refuses a leaf whose number another leaf has too: to show one is to show the other, which
    /// may have been put there for that.
    pub(super) fn check_that_it_stands_once(
        &self,
        leaf: &SignedLeaf<'_>,
        ciphertext: &Ciphertext,
    ) -> Result<(), Error> {
        let same = |other: &SignedLeaf<'_>| other.place != leaf.place && other.is(ciphertext);
        if !self.leaves.iter().any(same) {
            return Ok(());
        }
        Err(invalid(
            "ciphertext_twice",
            Some(&leaf.path),
            format!(
                "the ciphertext of {} stands in the flow twice, which no sealing does: it is not shown",
                quoted(&leaf.path)
            ),
        ))
    }
}

impl SignedLeaf<'_> {
    /// Whether this number stands in the leaf.
    pub(super) fn is(&self, ciphertext: &Ciphertext) -> bool {
        match &self.spelling {
            Spelling::Text(text) => *text == ciphertext.text,
            Spelling::Bytes(bytes) => *bytes == ciphertext.bytes,
            Spelling::None => false,
        }
    }

    /// Its number; `None` where it is no base64.
    pub(super) fn ciphertext(&self) -> Option<Ciphertext> {
        match &self.spelling {
            Spelling::Text(text) => Some(Ciphertext::of(&STANDARD.decode(text).ok()?)),
            Spelling::Bytes(bytes) => Some(Ciphertext::of(bytes)),
            Spelling::None => None,
        }
    }
}

impl<'a> Spelling<'a> {
    fn of(leaf: &'a Json) -> Self {
        let Some(text) = leaf.as_str().map(strict_base64::inside) else {
            return Self::None;
        };
        // What begins with "A" has six zero bits, and maybe more; what is empty is the number 0.
        if !text.is_empty() && !text.starts_with('A') {
            return Self::Text(text);
        }
        match STANDARD.decode(text) {
            Ok(bytes) => Self::Bytes(without_zeros(&bytes).to_vec()),
            Err(_) => Self::None,
        }
    }
}

/// A number in both spellings in which leaves are compared.
pub(super) struct Ciphertext {
    /// Big-endian, without zeros before it.
    bytes: Vec<u8>,
    /// The same in base64.
    text: String,
}

impl Ciphertext {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let bytes = without_zeros(bytes).to_vec();
        Self {
            text: STANDARD.encode(&bytes),
            bytes,
        }
    }
}

/// A number without the zeros before it, which some senders drop.
fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The bytes with this many zeros before them, in one of the spellings that are read.
    fn spelt(bytes: &[u8], zeros: usize, around: (&str, &str)) -> String {
        let text = STANDARD.encode([&vec![0; zeros], bytes].concat());
        format!("{}{text}{}", around.0, around.1)
    }

    fn leaf(value: &Json) -> SignedLeaf<'_> {
        SignedLeaf {
            place: 0,
            path: String::new(),
            spelling: Spelling::of(value),
        }
    }

    proptest! {
        /// Two texts are one number exactly if what they decode to is, but for zeros before it.
        #[test]
        fn leaves_are_compared_as_numbers(
            // Few values, so that many pairs are equal, and many begin with an "A".
            one in proptest::collection::vec(0_u8..6, 0..5),
            other in proptest::collection::vec(0_u8..6, 0..5),
            top in any::<u8>(),
            zeros in (0_usize..4, 0_usize..4),
            around in prop::sample::select(vec![("", ""), ("\"", "\""), (" ", "\n"), (" \"", "\" ")]),
        ) {
            let (one, other) = ([&[top], &one[..]].concat(), [&[top], &other[..]].concat());
            let values = [
                Json::String(spelt(&one, zeros.0, ("", ""))),
                Json::String(spelt(&other, zeros.1, around)),
            ];
            let decoded = values.each_ref().map(|value| {
                let bytes = strict_base64::decode(value.as_str().unwrap()).unwrap();
                num_bigint::BigUint::from_bytes_be(&bytes)
            });
            let [first, second] = values.each_ref().map(leaf);
            let same = decoded[0] == decoded[1];
            prop_assert_eq!(second.is(&Ciphertext::of(&one)), same);
            prop_assert_eq!(second.is(&first.ciphertext().unwrap()), same);
            prop_assert_eq!(first.is(&second.ciphertext().unwrap()), same);
        }
    }

    #[test]
    fn what_is_no_base64_is_no_number() {
        let ciphertext = Ciphertext::of(&[0x41, 1, 2]);
        assert_eq!(ciphertext.text, "QQEC");
        for text in [
            "QQEC=",
            "QQE",
            "QQEC QQEC",
            "\"\"QQEC\"\"",
            "\"QQEC \"",
            "AEEBAg",
            "é",
        ] {
            let value = Json::String(text.to_owned());
            assert!(!leaf(&value).is(&ciphertext), "{text}");
            assert!(leaf(&value).ciphertext().is_none(), "{text}");
        }
        for value in [Json::Null, Json::Bool(true), Json::Array(Vec::new())] {
            assert!(leaf(&value).ciphertext().is_none());
        }
    }
}
