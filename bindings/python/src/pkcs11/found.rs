//! With the feature: the way that `flowseal-pkcs11` knows.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use flowseal::{
    DecryptingKey, Error, ErrorCode, KeyHolder, RawOperation, RemoteKeyOptions, SecretBytes,
    SecretText, VerifyingKey,
};
use flowseal_pkcs11::{TokenOptions, Uri};
use pyo3::prelude::*;

use crate::clock;
use crate::errors::Failure;
use crate::input::{self, Text};

/// The way to one key: which it is, and how to get there. It owns everything, so that the
/// interpreter need not be held while a token is looked for.
pub(crate) struct Way {
    uri: Uri,
    options: TokenOptions,
    asked: Option<Arc<Asked>>,
}

impl Way {
    pub(crate) fn new(
        uri: &Text,
        pin: Option<&Bound<'_, PyAny>>,
        module: Option<PathBuf>,
        initialisation: Option<Text>,
        patience: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self, Failure> {
        let uri = Uri::parse(uri)?;
        let mut options = TokenOptions::new();
        let mut asked = None;
        if let Some(pin) = pin {
            if pin.is_callable() {
                let source = Arc::new(Asked::new(pin));
                asked = Some(Arc::clone(&source));
                options = options.with_pin_source(move |token| source.pin(token));
            } else {
                options = options.with_pin(text_of(&input::secret_text(pin)?)?);
            }
        }
        if let Some(module) = module {
            options = options.with_module(module);
        }
        if let Some(text) = initialisation {
            options = options.with_initialisation(text);
        }
        if let Some(patience) = patience {
            options = options.with_patience(clock::length_within_a_day(patience)?);
        }
        Ok(Self {
            uri,
            options,
            asked,
        })
    }

    /// The private key, to be used as the other options say.
    pub(crate) fn decrypting_key(
        self,
        sessions: Option<usize>,
        options: RemoteKeyOptions,
    ) -> Result<DecryptingKey, Error> {
        let way = match sessions {
            Some(most) => self.options.with_sessions(most),
            None => self.options,
        };
        let found = way.load_holder(&self.uri);
        let (holder, public) = found.map_err(|error| with_cause(error, self.asked.as_deref()))?;
        let holder = Held {
            holder: Some(holder),
            asked: self.asked,
        };
        let exponent = public.exponent().to_be_bytes();
        let options = options.with_holder(Arc::new(holder));
        options.from_numbers(public.modulus(), &exponent)
    }

    /// The public key.
    pub(crate) fn verifying_key(&self) -> Result<VerifyingKey, Error> {
        let found = self.options.load_verifying_key(&self.uri);
        found.map_err(|error| with_cause(error, self.asked.as_deref()))
    }
}

/// A key in its token, as the core has it.
struct Held {
    /// There until it is dropped.
    holder: Option<Arc<dyn KeyHolder>>,
    asked: Option<Arc<Asked>>,
}

impl KeyHolder for Held {
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        let holder = self.holder.as_ref().ok_or_else(|| {
            Error::key_unavailable("this key was let go: load it anew from its token")
        })?;
        let computed = holder.raw_private(operations, results);
        computed.map_err(|error| with_cause(error, self.asked.as_deref()))
    }
}

impl Drop for Held {
    /// Waits for the threads that compute, one of which may wait for the interpreter to ask for a
    /// PIN.
    fn drop(&mut self) {
        let holder = self.holder.take();
        // Where there is no interpreter any more, it is dropped with the closure.
        Python::try_attach(move |py| py.detach(move || drop(holder)));
    }
}

/// A Python callable that gives the PIN, and what it raised when it was last asked.
struct Asked {
    ask: Py<PyAny>,
    raised: Mutex<Option<PyErr>>,
}

impl Asked {
    fn new(ask: &Bound<'_, PyAny>) -> Self {
        Self {
            ask: ask.clone().unbind(),
            raised: Mutex::default(),
        }
    }

    /// The PIN for the token of this label, asked for in a thread that computes: whoever waits for
    /// it has let the interpreter go.
    fn pin(&self, token: &str) -> Option<SecretText> {
        // None also where the interpreter ends, and nobody can be asked.
        Python::try_attach(|py| {
            let (pin, raised) = match self.call(py, token) {
                Ok(pin) => (pin, None),
                Err(error) => (None, Some(error)),
            };
            *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = raised;
            pin
        })
        .flatten()
    }

    fn call(&self, py: Python<'_>, token: &str) -> PyResult<Option<SecretText>> {
        let answer = self.ask.bind(py).call1((token,))?;
        if answer.is_none() {
            return Ok(None);
        }
        Ok(Some(text_of(&input::secret_text(&answer)?)?))
    }

    fn raised(&self) -> Option<PyErr> {
        let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        raised.take()
    }
}

/// The same error, with what the callable has raised beneath it where it is about the PIN.
fn with_cause(error: Error, asked: Option<&Asked>) -> Error {
    let is_about_it = error.code() == ErrorCode::Pin;
    match asked.filter(|_| is_about_it).and_then(Asked::raised) {
        Some(raised) => error.with_source(raised),
        None => error,
    }
}

/// The PIN that these bytes are.
fn text_of(pin: &SecretBytes) -> Result<SecretText, Failure> {
    match std::str::from_utf8(pin.expose_secret()) {
        Ok(pin) => Ok(SecretText::copied_from(pin)),
        Err(_) => Err(Failure::new(
            ErrorCode::Pin,
            "this is not UTF-8, which every PIN is: give it as that",
        )),
    }
}
