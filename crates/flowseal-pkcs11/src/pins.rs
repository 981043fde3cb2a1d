//! PINs: where one comes from, and which were refused.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex};

use flowseal::SecretText;

use crate::module::held;
use crate::token::shown;

/// Where the PIN comes from.
#[derive(Clone, Default)]
pub(crate) enum PinSource {
    #[default]
    None,
    Given(Arc<SecretText>),
    Asked(Arc<Ask>),
}

/// Answers the token's label with its PIN, or with none.
type Ask = dyn Fn(&str) -> Option<SecretText> + Send + Sync;

impl PinSource {
    /// The PIN for the token of this label.
    pub(crate) fn pin(&self, token: &str) -> Result<Option<Arc<SecretText>>, Panicked> {
        Ok(match self {
            Self::None => None,
            Self::Given(pin) => Some(Arc::clone(pin)),
            // The thread that asks is one that computes: it has to go on.
            Self::Asked(ask) => catch_unwind(AssertUnwindSafe(|| ask(token)))
                .map_err(|_| Panicked)?
                .map(Arc::new),
        })
    }
}

/// What was to give a PIN has panicked.
pub(crate) struct Panicked;

impl fmt::Debug for PinSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Given(_) => "given",
            Self::Asked(_) => "asked",
        })
    }
}

/// Which token, for as long as this process lives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TokenName {
    pub(crate) module: String,
    pub(crate) label: String,
    pub(crate) serial: String,
}

/// `the token "apps" (/usr/lib/softhsm/libsofthsm2.so)`
impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the token {} ({})", shown(&self.label), self.module)
    }
}

/// The PINs that were refused, and for whom. Of a PIN a keyed hash is kept, whose key is this
/// process's own: what was wrong for one token may be right for another.
struct Refused {
    key: RandomState,
    pins: Mutex<Vec<(TokenName, u64)>>,
}

static REFUSED: LazyLock<Refused> = LazyLock::new(|| Refused {
    key: RandomState::new(),
    pins: Mutex::default(),
});

/// Forgets which PINs tokens have refused, so that they are tried again: after a token was
/// unlocked, or its PIN was changed to one that had been wrong.
///
/// Until then a PIN that a token has refused is not tried on that token again by anything in this
/// process, because tokens count, and lock.
pub fn forget_refused_pins() {
    held(&REFUSED.pins).clear();
}

pub(crate) fn was_refused(token: &TokenName, pin: &SecretText) -> bool {
    let hash = REFUSED.key.hash_one(pin.expose_secret());
    held(&REFUSED.pins)
        .iter()
        .any(|(name, refused)| name == token && *refused == hash)
}

pub(crate) fn remember_refused(token: &TokenName, pin: &SecretText) {
    let hash = REFUSED.key.hash_one(pin.expose_secret());
    held(&REFUSED.pins).push((token.clone(), hash));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_refused_for_its_token_alone() {
        let token = |serial: &str| TokenName {
            module: "module.so".to_owned(),
            label: "apps".to_owned(),
            serial: serial.to_owned(),
        };
        let [wrong, right] = ["1111", "2222"].map(SecretText::copied_from);
        remember_refused(&token("1"), &wrong);
        assert!(was_refused(&token("1"), &wrong));
        assert!(!was_refused(&token("1"), &right));
        assert!(!was_refused(&token("2"), &wrong));
        forget_refused_pins();
        assert!(!was_refused(&token("1"), &wrong));
    }
}
