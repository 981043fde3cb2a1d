//! The keys of the engine's tests, their secret numbers marked.

use flowseal_rsa::{PrivateKey, PrivateKeyParts};

use crate::hex;
use crate::secrets::make_secret;

macro_rules! keys {
    ($($name:literal)*) => {
        const KEYS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../flowseal-rsa/tests/keys/", $name, ".txt")))),*
        ];
    };
}

keys!("1024" "2048-a" "2048-p-1000-q-1048" "3072" "4096");

/// The key of this name, from numbers that are secrets but for n and e.
pub(crate) fn load(name: &str) -> PrivateKey {
    let (_, text) = KEYS.iter().find(|(known, _)| *known == name).unwrap();
    let public = |name| number(text, name);
    let secret = |name| {
        let mut number = number(text, name);
        make_secret(&mut number);
        number
    };
    PrivateKey::new(&PrivateKeyParts {
        modulus: &public("n"),
        public_exponent: &public("e"),
        private_exponent: &secret("d"),
        prime_p: &secret("p"),
        prime_q: &secret("q"),
        exponent_p: &secret("dP"),
        exponent_q: &secret("dQ"),
        coefficient: &secret("qInv"),
    })
    .unwrap()
}

/// The number that a line of the key has under this name.
fn number(text: &str, wanted: &str) -> Vec<u8> {
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    let (_, digits) = lines.find(|(name, _)| *name == wanted).unwrap();
    hex::bytes(digits)
}
