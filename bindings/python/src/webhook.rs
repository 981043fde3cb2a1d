//! Webhooks: hints that a flow has changed, which a ping has to confirm.

use std::cell::RefCell;

use flowseal::UnixTime;
use flowseal::api::{Webhook as Core, WebhookStore};
use pyo3::prelude::*;

use crate::api_config::ApiConfig;
use crate::errors::Failure;
use crate::request::Request;
use crate::token::SessionToken;
use crate::{clock, input};

/// A webhook as it was received: a hint that something has happened to a flow, and no more.
///
/// Anyone who knows the address can send one. There is no flow in it: all that it can cause is the
/// ping that ``confirm`` gives, and only for a flow that the caller waits for.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Webhook(Core);

impl Webhook {
    pub(crate) fn core(&self) -> &Core {
        &self.0
    }
}

#[pymethods]
impl Webhook {
    /// How long a webhook is remembered, in seconds: longer than any flow lives.
    #[classattr]
    const WINDOW: u64 = Core::WINDOW.as_secs();

    /// Reads the body of a webhook.
    ///
    /// Raises ``webhook`` for one that is not from pasby.
    #[staticmethod]
    fn from_json(body: &Bound<'_, PyAny>) -> Result<Self, Failure> {
        let read = |body: &[u8]| Ok(Core::from_json(body)?);
        input::with_text(body, read).map(Self)
    }

    /// The ping that confirms it, for the one flow that it is about and that the caller waits for.
    ///
    /// Send it, and believe its answer alone. ``store`` says which flow waits for a reference
    /// (``flow_of``) and remembers what has come (``remember``); what it raises is raised here.
    /// Where this fails nothing is remembered.
    ///
    /// Raises ``webhook_unmatched``, ``webhook_replayed`` or ``webhook``: answer the sender as
    /// always, and do nothing. v1 needs a session token.
    #[pyo3(signature = (config, store, *, token=None, now=None))]
    fn confirm(
        &self,
        config: &Bound<'_, ApiConfig>,
        store: &Bound<'_, PyAny>,
        token: Option<&Bound<'_, SessionToken>>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<Request, Failure> {
        let (config, now) = (config.get().open()?, clock::now(now)?);
        let token = SessionToken::given(token)?;
        let mut store = Store {
            object: store,
            raised: RefCell::new(None),
        };
        let ping = self.0.confirm(&config, token.as_deref(), &mut store, now);
        match store.raised.into_inner() {
            Some(error) => Err(error.into()),
            None => Ok(Request::new(ping?)),
        }
    }

    /// Without the references, which anyone may have written.
    fn __repr__(&self) -> &'static str {
        "<flowseal.Webhook>"
    }
}

/// The caller's store. The first exception that it raises is kept, and nothing is asked of it
/// after.
struct Store<'a, 'py> {
    object: &'a Bound<'py, PyAny>,
    raised: RefCell<Option<PyErr>>,
}

impl Store<'_, '_> {
    /// Asks, or says that there is nothing.
    fn ask<T: Default>(&self, ask: impl FnOnce() -> PyResult<T>) -> T {
        if self.raised.borrow().is_some() {
            return T::default();
        }
        ask().unwrap_or_else(|error| {
            self.raised.replace(Some(error));
            T::default()
        })
    }
}

impl WebhookStore for Store<'_, '_> {
    fn flow_of(&self, reference: &str) -> Option<String> {
        self.ask(|| {
            let flow = self.object.call_method1("flow_of", (reference,))?;
            flow.extract()
        })
    }

    fn remember(&mut self, key: &str, until: UnixTime) -> bool {
        self.ask(|| {
            let remembered = self
                .object
                .call_method1("remember", (key, until.seconds()))?;
            remembered.extract()
        })
    }
}
