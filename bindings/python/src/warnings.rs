//! What is odd but no refusal, by Python's own module `warnings`.

use std::ffi::CString;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// Issues each as a `FlowsealWarning`, in the name of the line that has called this package: there
/// is no frame of Python's between that line and this function. Where the caller has made errors of
/// warnings, the first is raised.
pub(crate) fn issue(
    py: Python<'_>,
    warnings: impl IntoIterator<Item = impl Into<String>>,
) -> PyResult<()> {
    static CATEGORY: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    for warning in warnings {
        let category = CATEGORY.import(py, "flowseal._errors", "FlowsealWarning")?;
        let message = CString::new(warning.into().replace('\0', "\u{fffd}"))?;
        PyErr::warn(py, category, &message, 1)?;
    }
    Ok(())
}
