//! What a flow must be, beyond being genuine.

use flowseal::{ErrorCode, Mode};
use pyo3::prelude::*;

use crate::errors::Failure;
use crate::input::Text;
use crate::lists::Names;
use crate::{clock, warnings};

/// What a flow must be, beyond being genuine: the caller's own. Everything that is known should be
/// asked.
///
/// Members are compared byte for byte.
///
/// ``max_age`` says how long ago the person may have signed, and ``leeway`` by how much their clock
/// may differ: seconds or a ``timedelta``, of which the whole seconds count. ``claims`` are the
/// paths that were asked for: the flow may have fewer, and no others. To expect nothing is
/// ``usage``: say ``unbound()``.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Expectations(flowseal::Expectations);

impl Expectations {
    pub(crate) fn of(expected: flowseal::Expectations) -> Self {
        Self(expected)
    }

    pub(crate) fn core(&self) -> &flowseal::Expectations {
        &self.0
    }
}

#[pymethods]
impl Expectations {
    /// To expect nothing has to be said explicitly.
    #[new]
    #[pyo3(signature = (
        *, reference=None, requester=None, requestee=None, mode=None, max_age=None, leeway=None, claims=None
    ))]
    fn new(
        py: Python<'_>,
        reference: Option<Text>,
        requester: Option<Text>,
        requestee: Option<Text>,
        mode: Option<Text>,
        max_age: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
        claims: Option<Names>,
    ) -> Result<Self, Failure> {
        let texts = [&reference, &requester, &requestee];
        let nothing = texts.iter().all(|text| text.is_none())
            && (mode.is_none() && max_age.is_none() && claims.is_none());
        if nothing {
            return Err(Failure::new(
                ErrorCode::Usage,
                "nothing is expected of the flow: give at least its reference, or say Expectations.unbound()",
            ));
        }
        // An empty one would fail with every flow, as if each were an attack.
        for (name, text) in ["reference", "requester", "requestee"].iter().zip(texts) {
            if text.as_deref() == Some("") {
                let sentence = format!("{name} is empty: give it, or leave it out");
                return Err(Failure::new(ErrorCode::Usage, sentence));
            }
        }
        if mode.as_deref() == Some("") {
            let sentence = "mode is empty: give it, or leave it out";
            return Err(Failure::new(ErrorCode::Usage, sentence));
        }
        let mut expected = bound_to_nothing(leeway)?;
        if let Some(reference) = reference {
            expected = expected.with_reference(reference);
        }
        if let Some(requester) = requester {
            expected = expected.with_requester(requester);
        }
        if let Some(requestee) = requestee {
            expected = expected.with_requestee(requestee);
        }
        if let Some(mode) = mode {
            expected = expected.with_mode(Mode::from_name(&mode));
        }
        if let Some(age) = max_age {
            expected = expected.with_max_age(clock::length(age)?);
        }
        if let Some(Names(paths)) = claims {
            expected = expected.with_claims(paths);
        }
        warnings::issue(py, expected.warnings())?;
        Ok(Self(expected))
    }

    /// Ties the flow to nothing that the caller knows: any flow that anyone ever signed will do.
    ///
    /// Right for an archive or an inspection; for a login it is a replay waiting to happen.
    #[staticmethod]
    #[pyo3(signature = (*, leeway=None))]
    fn unbound(leeway: Option<&Bound<'_, PyAny>>) -> Result<Self, Failure> {
        bound_to_nothing(leeway).map(Self)
    }

    fn __repr__(&self) -> &'static str {
        // What is expected names a person.
        "<flowseal.Expectations>"
    }
}

fn bound_to_nothing(leeway: Option<&Bound<'_, PyAny>>) -> Result<flowseal::Expectations, Failure> {
    let leeway = leeway.map(clock::length).transpose()?;
    Ok(flowseal::Expectations::unbound().with_leeway(leeway.unwrap_or_default()))
}
