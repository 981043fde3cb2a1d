//! The report of a verification, as plain data.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

/// What a verification looked at and what it found: one line for each check, always.
///
/// Plain data, which travels with an exception to another process. It proves nothing: a
/// ``VerifiedFlow`` does.
#[pyclass(frozen, get_all, eq, hash, module = "flowseal")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Report {
    /// The checks, in their order.
    lines: Vec<ReportLine>,
    /// The members that the statement covers. They are signed if ``signature`` has passed.
    covers: Vec<String>,
    /// The key under which the signature is valid.
    key: Option<ReportedKey>,
}

/// One check and its outcome.
#[pyclass(frozen, get_all, eq, hash, from_py_object, module = "flowseal")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ReportLine {
    /// The check's stable name, such as ``claims_signed``.
    check: String,
    /// What was found.
    outcome: String,
    /// The reason, as a stable word.
    why: Option<String>,
}

/// The key under which a signature is valid.
#[pyclass(frozen, get_all, eq, hash, from_py_object, module = "flowseal")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ReportedKey {
    /// SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.
    fingerprint: String,
    /// Its name.
    kid: Option<String>,
    /// The subject of the certificate that it came in.
    subject: Option<String>,
}

impl Report {
    pub(crate) fn of(report: &flowseal::report::Report) -> Self {
        let lines = report.lines().iter().map(|line| ReportLine {
            check: line.check().to_string(),
            outcome: line.outcome().to_string(),
            why: line.why().map(str::to_owned),
        });
        Self {
            lines: lines.collect(),
            covers: report.covers().to_vec(),
            key: report.key().map(|key| ReportedKey {
                fingerprint: key.fingerprint().to_string(),
                kid: key.kid().map(str::to_owned),
                subject: key.subject().map(str::to_owned),
            }),
        }
    }

    fn line(&self, check: &str) -> PyResult<&ReportLine> {
        let line = self.lines.iter().find(|line| line.check == check);
        line.ok_or_else(|| pyo3::exceptions::PyKeyError::new_err(check.to_owned()))
    }
}

#[pymethods]
impl Report {
    #[new]
    fn new(lines: Vec<ReportLine>, covers: Vec<String>, key: Option<ReportedKey>) -> Self {
        Self { lines, covers, key }
    }

    /// The outcome of a check. ``not_checked`` is not ``passed``.
    fn outcome(&self, check: &str) -> PyResult<&str> {
        Ok(&self.line(check)?.outcome)
    }

    /// The reason, as a stable word, where the outcome does not say all.
    fn why(&self, check: &str) -> PyResult<Option<&str>> {
        Ok(self.line(check)?.why.as_deref())
    }

    /// The members ``report``, ``covers`` and ``key`` of the command's JSON.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let lines = self.lines.iter().map(|line| line.to_dict(py));
        dict.set_item("report", lines.collect::<PyResult<Vec<_>>>()?)?;
        dict.set_item("covers", &self.covers)?;
        let key = self.key.as_ref().map(|key| key.to_dict(py)).transpose()?;
        dict.set_item("key", key)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let outcomes = self.lines.iter().map(|line| {
            let why = line.why.as_ref().map(|why| format!(" ({why})"));
            format!(
                "{}: {}{}",
                line.check,
                line.outcome,
                why.unwrap_or_default()
            )
        });
        format!(
            "<flowseal.Report {}>",
            outcomes.collect::<Vec<_>>().join(", ")
        )
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let report = slf.get();
        let parts = (
            report.lines.clone(),
            report.covers.clone(),
            report.key.clone(),
        );
        Ok((slf.get_type(), parts.into_pyobject(slf.py())?))
    }
}

#[pymethods]
impl ReportLine {
    #[new]
    #[pyo3(signature = (check, outcome, why=None))]
    fn new(check: String, outcome: String, why: Option<String>) -> Self {
        Self {
            check,
            outcome,
            why,
        }
    }

    /// The check as in the command's JSON.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("check", &self.check)?;
        dict.set_item("outcome", &self.outcome)?;
        dict.set_item("why", &self.why)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let why = self.why.as_ref().map(|why| format!(" why={why}"));
        format!(
            "<flowseal.ReportLine {}={}{}>",
            self.check,
            self.outcome,
            why.unwrap_or_default()
        )
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let line = slf.get();
        let parts = (line.check.clone(), line.outcome.clone(), line.why.clone());
        Ok((slf.get_type(), parts.into_pyobject(slf.py())?))
    }
}

#[pymethods]
impl ReportedKey {
    #[new]
    #[pyo3(signature = (fingerprint, kid=None, subject=None))]
    fn new(fingerprint: String, kid: Option<String>, subject: Option<String>) -> Self {
        Self {
            fingerprint,
            kid,
            subject,
        }
    }

    /// The key as in the command's JSON.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("fingerprint", &self.fingerprint)?;
        dict.set_item("kid", &self.kid)?;
        dict.set_item("subject", &self.subject)?;
        dict.set_item("certificate", self.certificate())?;
        Ok(dict)
    }

    /// What such a certificate is worth here.
    #[getter]
    fn certificate(&self) -> Option<&'static str> {
        self.subject.as_ref().map(|_| "dates_and_chain_not_checked")
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.ReportedKey {}>", self.fingerprint)
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let key = slf.get();
        let parts = (
            key.fingerprint.clone(),
            key.kid.clone(),
            key.subject.clone(),
        );
        Ok((slf.get_type(), parts.into_pyobject(slf.py())?))
    }
}
