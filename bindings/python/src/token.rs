//! The session token of v1.

use std::sync::Arc;

use flowseal::api::SessionToken as Core;
use pyo3::prelude::*;

use crate::closable::{Closable, stays_here};
use crate::errors::Failure;
use crate::input::Text;

/// The session token that v1's authorize gives: a secret, since it carries the app's.
///
/// A ``Session`` keeps its own. It is signed by the API for the API: nobody else can verify it.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct SessionToken(Closable<Core>);

impl SessionToken {
    /// A copy of the core's, which the caller keeps.
    pub(crate) fn copied_from(token: &Core) -> Result<Self, Failure> {
        Ok(Self(Closable::new(Core::from_header(
            token.expose_secret(),
        )?)))
    }

    /// The token where one was given as an argument.
    pub(crate) fn given(token: Option<&Bound<'_, Self>>) -> Result<Option<Arc<Core>>, Failure> {
        token.map(|token| token.get().0.open()).transpose()
    }
}

#[pymethods]
impl SessionToken {
    /// Takes the value of an answer's ``x-access-token`` header.
    #[staticmethod]
    fn from_header(value: Text) -> Result<Self, Failure> {
        Ok(Self(Closable::new(Core::from_header(&value)?)))
    }

    /// The token, to be sent in ``x-access-token``, bare. Python cannot wipe it.
    fn expose_secret(&self) -> Result<String, Failure> {
        Ok(self.0.open()?.expose_secret().to_owned())
    }

    /// When it expires, in Unix seconds; ``None`` where it does not say.
    #[getter]
    fn expires_at(&self) -> Result<Option<u64>, Failure> {
        Ok(self.0.open()?.expires_at().map(flowseal::UnixTime::seconds))
    }

    /// Wipes it. Using it from then on is an ``InputError`` with ``usage``.
    fn close(&self) {
        self.0.close();
    }

    fn __repr__(&self) -> String {
        let Some(token) = self.0.peek() else {
            return "<flowseal.SessionToken closed>".to_owned();
        };
        match token.expires_at() {
            Some(moment) => format!("<flowseal.SessionToken expires at {moment}>"),
            None => "<flowseal.SessionToken>".to_owned(),
        }
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("a SessionToken", "authorise where it is used"))
    }
}
