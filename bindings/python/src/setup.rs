//! How a service works: the profile and the threads, named once.

use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::api_config::ApiConfig;
use crate::batch::{self, OneOrEach};
use crate::budget::Budget;
use crate::decrypting_key::DecryptingKey;
use crate::errors::Failure;
use crate::event_stream::EventStream;
use crate::flow::Flow;
use crate::input::Text;
use crate::lists::Names;
use crate::options::{self, Keys};
use crate::pending::PendingFlow;
use crate::profile::Profile;
use crate::response::Response;
use crate::session::{Session, Settings};
use crate::verifier::Verifier;
use crate::verifying_key::VerifyingKey;

/// The profile and the threads of a service, named once: it reads flows, loads keys, makes
/// verifiers.
///
/// Everything that takes part in an operation has to be of one profile. Made by one setup it is,
/// and ``flow.verify`` and ``verified.open`` need not be told which: they follow what they are
/// given. Without a profile it is the default one. Batches are computed on ``threads``.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Setup {
    profile: Option<Py<Profile>>,
    threads: usize,
}

impl Setup {
    fn named<'py>(&self, py: Python<'py>) -> Option<&Bound<'py, Profile>> {
        self.profile.as_ref().map(|profile| profile.bind(py))
    }
}

#[pymethods]
impl Setup {
    #[new]
    #[pyo3(signature = (profile=None, *, threads=1))]
    fn new(profile: Option<Py<Profile>>, threads: usize) -> Result<Self, Failure> {
        options::engine(threads)?;
        Ok(Self { profile, threads })
    }

    /// The profile; the default one where none was given.
    #[getter]
    fn profile(&self, py: Python<'_>) -> PyResult<Py<Profile>> {
        match &self.profile {
            Some(profile) => Ok(profile.clone_ref(py)),
            None => Py::new(py, Profile::default()),
        }
    }

    /// The threads that a batch is computed on.
    #[getter]
    fn threads(&self) -> usize {
        self.threads
    }

    /// Reads a flow as ``Flow.from_json`` does.
    fn read_flow(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> Result<Flow, Failure> {
        Flow::from_json(text, self.named(py))
    }

    /// Reads an answer of the API as ``Response.from_json`` does.
    fn read_response(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> Result<Response, Failure> {
        Response::from_json(text, self.named(py))
    }

    /// Reads what an HTTP client received, as ``Response.from_http`` does.
    fn read_http(
        &self,
        py: Python<'_>,
        endpoint: Text,
        response: &Bound<'_, PyAny>,
    ) -> Result<Response, Failure> {
        Response::from_http(endpoint, response, self.named(py))
    }

    /// An ``EventStream``.
    fn event_stream(&self, py: Python<'_>) -> EventStream {
        EventStream::new(self.named(py))
    }

    /// A ``Session``.
    #[pyo3(signature = (
        config, flow, *, trust=None, budget=None, long_polling=false, stream=false, deadline=None,
        lifetime=None
    ))]
    fn session(
        &self,
        config: &Bound<'_, ApiConfig>,
        flow: Text,
        trust: Option<Text>,
        budget: Option<&Bound<'_, Budget>>,
        long_polling: bool,
        stream: bool,
        deadline: Option<&Bound<'_, PyAny>>,
        lifetime: Option<&Bound<'_, PyAny>>,
    ) -> Result<Session, Failure> {
        let py = config.py();
        Session::new(
            config,
            flow,
            trust,
            budget,
            long_polling,
            stream,
            deadline,
            lifetime,
            self.named(py),
        )
    }

    /// ``PendingFlow.session``, which receives where the profile's ``trust`` says so and the flow
    /// is one that may be.
    #[pyo3(signature = (
        pending, config, *, trust=None, budget=None, long_polling=false, stream=false,
        deadline=None, lifetime=None
    ))]
    fn pending_session(
        &self,
        pending: &Bound<'_, PendingFlow>,
        config: &Bound<'_, ApiConfig>,
        trust: Option<Text>,
        budget: Option<&Bound<'_, Budget>>,
        long_polling: bool,
        stream: bool,
        deadline: Option<&Bound<'_, PyAny>>,
        lifetime: Option<&Bound<'_, PyAny>>,
    ) -> Result<Session, Failure> {
        let settings = Settings {
            trust,
            budget,
            long_polling,
            stream,
            deadline,
            lifetime,
        };
        pending
            .get()
            .watched(config, self.named(config.py()), settings)
    }

    /// Loads the app's key as ``DecryptingKey.load`` does, bound to the profile's padding.
    #[pyo3(signature = (path, passphrase=None, *, kid=None, allow_1024_bits=false))]
    fn load_decrypting_key(
        &self,
        path: &Bound<'_, PyAny>,
        passphrase: Option<&Bound<'_, PyAny>>,
        kid: Option<Text>,
        allow_1024_bits: bool,
    ) -> Result<DecryptingKey, Failure> {
        let py = path.py();
        DecryptingKey::load(py, path, passphrase, kid, self.named(py), allow_1024_bits)
    }

    /// Loads every key of a file as ``VerifyingKey.load_all`` does, for the profile's algorithm.
    #[pyo3(signature = (path, *, kid=None, allow_exponent_three=false))]
    fn load_verifying_keys(
        &self,
        path: &Bound<'_, PyAny>,
        kid: Option<Text>,
        allow_exponent_three: bool,
    ) -> Result<Vec<VerifyingKey>, Failure> {
        let py = path.py();
        VerifyingKey::load_all(py, path, kid, self.named(py), allow_exponent_three)
    }

    /// ``Verifier.by_requestee``: each person's keys verify that person's flows and no other's.
    fn verifier_by_requestee(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyMapping>,
    ) -> Result<Verifier, Failure> {
        Verifier::by_requestee(py, keys, self.named(py))
    }

    /// ``Verifier.trusting``: these keys verify every flow.
    fn verifier_trusting(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
    ) -> Result<Verifier, Failure> {
        Verifier::trusting(py, keys, self.named(py))
    }

    /// ``flowseal.verify_many`` on the setup's threads.
    #[pyo3(signature = (flows, verifier, expectations, *, now=None))]
    fn verify_many<'py>(
        &self,
        flows: &Bound<'py, PyAny>,
        verifier: &Bound<'_, Verifier>,
        expectations: OneOrEach<'_>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
        batch::verify_many(flows.py(), flows, verifier, expectations, now, self.threads)
    }

    /// ``flowseal.open_many`` under the setup's profile and on its threads.
    #[pyo3(signature = (flows, key, *, select=None))]
    fn open_many<'py>(
        &self,
        flows: &Bound<'py, PyAny>,
        key: Keys<'_>,
        select: Option<Names>,
    ) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
        let py = flows.py();
        batch::open_many(py, flows, key, select, self.named(py), self.threads)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let profile = self.profile(py)?;
        let (profile, threads) = (profile.bind(py).repr()?, self.threads);
        Ok(format!("<flowseal.Setup {profile}, threads: {threads}>"))
    }
}
