//! Flows for a caller's own tests, sealed and signed by people who do not exist.

use flowseal::testkit::{self, FlowBuilder, Mutation, Persona};
use flowseal::{ErrorCode, Mode};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::decrypting_key::DecryptingKey;
use crate::errors::Failure;
use crate::input::Text;
use crate::profile::Profile;
use crate::verifying_key::VerifyingKey;
use crate::{clock, input};

/// An RSA key pair in every role that a test may need it in. It protects nothing.
#[pyclass(frozen, module = "flowseal.testing")]
pub(crate) struct KeyPair(testkit::KeyPair);

#[pymethods]
impl KeyPair {
    /// The sample app's: 2048 bits, known to everyone.
    #[staticmethod]
    fn sample_app() -> Result<Self, Failure> {
        Ok(Self(testkit::KeyPair::sample_app()?))
    }

    /// The sample user's: 2048 bits, known to everyone.
    #[staticmethod]
    fn sample_user() -> Result<Self, Failure> {
        Ok(Self(testkit::KeyPair::sample_user()?))
    }

    /// A new pair. At 4096 bits this takes seconds; the samples are there at once.
    #[staticmethod]
    fn generate(py: Python<'_>, bits: usize) -> Result<Self, Failure> {
        Ok(Self(py.detach(|| testkit::KeyPair::generate(bits))?))
    }

    /// The private key: PKCS#8 PEM.
    #[getter]
    fn private_pem(&self) -> &str {
        self.0.private_pem()
    }

    /// The public key: SubjectPublicKeyInfo PEM.
    #[getter]
    fn public_pem(&self) -> &str {
        self.0.public_pem()
    }

    /// The private key as one that opens claims.
    fn decrypting_key(&self) -> Result<DecryptingKey, Failure> {
        Ok(DecryptingKey::new(self.0.decrypting_key()?))
    }

    /// The public key as one that verifies e-signatures.
    fn verifying_key(&self) -> Result<VerifyingKey, Failure> {
        Ok(VerifyingKey::new(self.0.verifying_key()?))
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.testing.KeyPair>"
    }
}

/// A flow that is sealed and signed.
#[pyclass(frozen, module = "flowseal.testing")]
pub(crate) struct SealedFlow(testkit::SealedFlow);

#[pymethods]
impl SealedFlow {
    /// The whole answer to a ping.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The flow alone.
    fn to_bare_json(&self) -> String {
        self.0.to_bare_json()
    }

    /// The answer with the flow spoilt in one of the ways of ``MUTATIONS``.
    fn mutated(&self, wanted: &str) -> Result<String, Failure> {
        let named = |known: &&Mutation| name(known) == wanted;
        let mutation = Mutation::ALL.iter().find(named);
        let mutation = mutation.ok_or_else(|| unknown("mutation", wanted))?;
        Ok(self.0.mutated(*mutation)?)
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.testing.SealedFlow>"
    }
}

/// Seals claims to an app and signs the flow as a user: those of the samples unless given.
///
/// ``persona`` is one of ``PERSONAS``; ``claims`` are a tree with each leaf in the clear. The flow
/// is signed at ``SIGNED_AT`` unless said otherwise.
#[pyfunction]
#[pyo3(signature = (
    reference, *, persona=None, claims=None, requester=None, requestee=None, mode=None,
    iat=None, signed_at=None, app=None, user=None, profile=None
))]
pub(crate) fn seal(
    py: Python<'_>,
    reference: Text,
    persona: Option<Text>,
    claims: Option<&Bound<'_, PyAny>>,
    requester: Option<Text>,
    requestee: Option<Text>,
    mode: Option<Text>,
    iat: Option<&Bound<'_, PyAny>>,
    signed_at: Option<&Bound<'_, PyAny>>,
    app: Option<&Bound<'_, KeyPair>>,
    user: Option<&Bound<'_, KeyPair>>,
    profile: Option<&Bound<'_, Profile>>,
) -> Result<SealedFlow, Failure> {
    let mut flow = FlowBuilder::new(reference);
    if let Some(wanted) = persona {
        flow = flow.persona(Persona::named(&wanted).ok_or_else(|| unknown("persona", &wanted))?);
    }
    if let Some(claims) = claims {
        let text = py.import("json")?.call_method1("dumps", (claims,))?;
        flow = input::with_text(&text, |text| Ok(flow.claims(text)?))?;
    }
    if let Some(requester) = requester {
        flow = flow.requester(requester);
    }
    if let Some(requestee) = requestee {
        flow = flow.requestee(requestee);
    }
    if let Some(mode) = mode {
        flow = flow.mode(Mode::from_name(&mode));
    }
    let iat = iat.map(clock::seconds).transpose()?;
    let signed_at = signed_at.map(clock::seconds).transpose()?;
    let signed_at = signed_at.unwrap_or(FlowBuilder::SIGNED_AT);
    flow = flow.times(
        iat.unwrap_or_else(|| signed_at.min(FlowBuilder::IAT)),
        signed_at,
    );
    if let Some(profile) = profile {
        flow = flow.profile(profile.get().core());
    }
    let sealing = match app {
        Some(app) => app.get().0.sealing_key()?,
        None => testkit::KeyPair::sample_app()?.sealing_key()?,
    };
    let signing = match user {
        Some(user) => user.get().0.signing_key()?,
        None => testkit::KeyPair::sample_user()?.signing_key()?,
    };
    Ok(SealedFlow(py.detach(|| flow.seal(&sealing, &signing))?))
}

/// Everyone who can be sealed for: name → (national number, claims as JSON).
#[pyfunction]
pub(crate) fn personas(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let personas = PyDict::new(py);
    for persona in Persona::ALL {
        personas.set_item(persona.name, (persona.requestee, persona.claims))?;
    }
    Ok(personas)
}

/// Every way to spoil a sealed flow, with the code that refuses it.
#[pyfunction]
pub(crate) fn mutations(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let mutations = PyDict::new(py);
    for mutation in Mutation::ALL {
        mutations.set_item(name(mutation), mutation.refusal().as_str())?;
    }
    Ok(mutations)
}

fn name(mutation: &Mutation) -> String {
    format!("{mutation:?}")
}

fn unknown(what: &str, name: &str) -> Failure {
    Failure::new(
        ErrorCode::Usage,
        format!("there is no {what} {name:?}: see flowseal.testing for those there are"),
    )
}
