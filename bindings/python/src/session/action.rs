//! What a session says is to be done, a class for each kind.

use flowseal::{Action, ErrorCode};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;

use crate::errors::Failure;
use crate::flow::Flow;
use crate::request::Request;

/// The object of an action.
pub(super) fn object(py: Python<'_>, action: Action) -> Result<Bound<'_, PyAny>, Failure> {
    let object = match action {
        Action::Send { request, timeout } => Send {
            request: Py::new(py, Request::new(request))?,
            timeout: timeout.as_secs_f64(),
        }
        .into_bound_py_any(py),
        // A float of today's Unix time has steps of a quarter of a microsecond: added to it, a pause
        // of a nanosecond is no pause, and a caller who counts time so would poll for ever.
        Action::Wait(pause) => Wait {
            seconds: pause.as_secs_f64().max(1e-6),
        }
        .into_bound_py_any(py),
        Action::Progress(flow) => Progress {
            flow: Py::new(py, Flow::new(flow))?,
        }
        .into_bound_py_any(py),
        Action::Ended(Ok(flow)) => Done {
            flow: Py::new(py, Flow::new(flow))?,
        }
        .into_bound_py_any(py),
        Action::Ended(Err(error)) if error.code() == ErrorCode::FlowExpired => {
            Expired.into_bound_py_any(py)
        }
        Action::Ended(Err(error)) => Failed {
            error: Failure::Core(error).into_exception(py)?.unbind(),
        }
        .into_bound_py_any(py),
    };
    Ok(object?)
}

/// Send this, and tell the session what comes back.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct Send {
    /// What to send.
    request: Py<Request>,
    /// The seconds to wait for the whole response.
    timeout: f64,
}

#[pymethods]
impl Send {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("request", "timeout")
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let request = self.request.bind(py).repr()?;
        Ok(format!(
            "<flowseal.Send {request} within {} s>",
            self.timeout
        ))
    }
}

/// Poll again after this time, or earlier.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct Wait {
    /// How long.
    seconds: f64,
}

#[pymethods]
impl Wait {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("seconds",)
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.Wait {} s>", self.seconds)
    }
}

/// The flow has not ended but changed: a device has picked it up. Poll again at once.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct Progress {
    /// The flow as it is now.
    flow: Py<Flow>,
}

#[pymethods]
impl Progress {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("flow",)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!(
            "<flowseal.Progress {}>",
            self.flow.bind(py).repr()?
        ))
    }
}

/// The flow has ended: it is complete, to be verified, or cancelled.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct Done {
    /// The flow, of which nothing is proved yet.
    flow: Py<Flow>,
}

#[pymethods]
impl Done {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("flow",)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<flowseal.Done {}>", self.flow.bind(py).repr()?))
    }
}

/// The flow has expired before the person has treated it.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Expired;

#[pymethods]
impl Expired {
    fn __repr__(&self) -> &'static str {
        "<flowseal.Expired>"
    }
}

/// The session has ended without the flow's end.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct Failed {
    /// Why: raise it, or look at its code.
    error: Py<PyAny>,
}

#[pymethods]
impl Failed {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("error",)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let code = self.error.bind(py).getattr("code")?;
        Ok(format!("<flowseal.Failed {code}>"))
    }
}
