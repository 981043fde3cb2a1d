//! What a session says is to be done, a class for each kind.

use flowseal::ErrorCode;
use flowseal::api::Action;
use pyo3::prelude::*;
use pyo3::{IntoPyObjectExt as _, PyClass};

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
        // A float of today's Unix time has steps of a quarter of a microsecond: added to it, a
        // pause of a nanosecond is no pause, and a caller who counts time so would poll for ever.
        Action::Wait(pause) => Wait {
            seconds: pause.as_secs_f64().max(1e-6),
        }
        .into_bound_py_any(py),
        Action::Progress(flow) => Progress {
            flow: Py::new(py, Flow::new(flow))?,
        }
        .into_bound_py_any(py),
        Action::Stream { request, timeout } => Stream {
            request: Py::new(py, Request::new(request))?,
            timeout: timeout.as_secs_f64(),
        }
        .into_bound_py_any(py),
        Action::Ended(Ok(flow)) => {
            let flow = Py::new(py, Flow::new(flow))?;
            Ended(Ok(flow)).into_a(py, Done)
        }
        Action::Ended(Err(error)) => {
            let has_expired = error.code() == ErrorCode::FlowExpired;
            let error = Failure::Core(error).into_exception(py)?.unbind();
            match has_expired {
                true => Ended(Err(error)).into_a(py, Expired),
                false => Ended(Err(error)).into_a(py, Failed),
            }
        }
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

/// Open this stream, give what arrives to ``Session.heard``, and poll on meanwhile.
///
/// It is said once, and only by a session with ``stream``. Whoever cannot open it says
/// ``Session.stream_ended``.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct Stream {
    /// What to send.
    request: Py<Request>,
    /// The seconds to wait for its head.
    timeout: f64,
}

#[pymethods]
impl Stream {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("request", "timeout")
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let request = self.request.bind(py).repr()?;
        Ok(format!("<flowseal.Stream {request}>"))
    }
}

/// The session is over: one name for every end, so that no program polls on by mistake.
///
/// ``result()`` gives the flow, or raises why there is none. To handle the ends differently,
/// ask for ``Done``, ``Expired`` and ``Failed``, which are all that there are.
#[pyclass(frozen, subclass, module = "flowseal")]
pub(crate) struct Ended(Result<Py<Flow>, Py<PyAny>>);

impl Ended {
    fn into_a<'py, T>(self, py: Python<'py>, end: T) -> PyResult<Bound<'py, PyAny>>
    where
        T: PyClass<BaseType = Self>,
    {
        Ok(Bound::new(py, PyClassInitializer::from(self).add_subclass(end))?.into_any())
    }

    fn flow_of(&self, py: Python<'_>) -> Option<Py<Flow>> {
        self.0.as_ref().ok().map(|flow| flow.clone_ref(py))
    }

    fn error_of(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.0.as_ref().err().map(|error| error.clone_ref(py))
    }
}

#[pymethods]
impl Ended {
    /// The flow, of which nothing is proved yet: it is complete, to be verified, or cancelled.
    ///
    /// Raises why there is none, and a ``FlowsealError`` is all of these: an ``InputError`` of
    /// ``flow_expired`` where nobody has responded in time, or of another code where what answers
    /// cannot be read; a ``RefusedError`` of ``flow_cancelled`` after ``Session.cancel``; a
    /// ``RequestError`` for the rest.
    fn result(&self, py: Python<'_>) -> PyResult<Py<Flow>> {
        match &self.0 {
            Ok(flow) => Ok(flow.clone_ref(py)),
            Err(error) => Err(PyErr::from_value(error.bind(py).clone())),
        }
    }

    /// The flow, of which nothing is proved yet; ``None`` where there is an ``error``.
    #[getter]
    fn flow(&self, py: Python<'_>) -> Option<Py<Flow>> {
        self.flow_of(py)
    }

    /// Why there is no ``flow``; ``None`` where there is one.
    #[getter]
    fn error(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.error_of(py)
    }
}

/// The flow has ended: it is complete, to be verified, or cancelled.
#[pyclass(frozen, extends = Ended, module = "flowseal")]
pub(crate) struct Done;

#[pymethods]
impl Done {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("flow",)
    }

    /// The flow, of which nothing is proved yet.
    #[getter]
    fn flow(slf: PyRef<'_, Self>) -> Option<Py<Flow>> {
        slf.as_super().flow_of(slf.py())
    }

    fn __repr__(slf: PyRef<'_, Self>) -> PyResult<String> {
        let py = slf.py();
        let flow = slf.as_super().flow_of(py).into_pyobject(py)?;
        Ok(format!("<flowseal.Done {}>", flow.repr()?))
    }
}

/// The flow expired before the person responded.
#[pyclass(frozen, extends = Ended, module = "flowseal")]
pub(crate) struct Expired;

#[pymethods]
impl Expired {
    /// ``flow_expired``, as an exception.
    #[getter]
    fn error(slf: PyRef<'_, Self>) -> Option<Py<PyAny>> {
        slf.as_super().error_of(slf.py())
    }

    fn __repr__(&self) -> &'static str {
        "<flowseal.Expired>"
    }
}

/// The session has ended without the flow's end.
#[pyclass(frozen, extends = Ended, module = "flowseal")]
pub(crate) struct Failed;

#[pymethods]
impl Failed {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("error",)
    }

    /// Why: raise it, or look at its code.
    #[getter]
    fn error(slf: PyRef<'_, Self>) -> Option<Py<PyAny>> {
        slf.as_super().error_of(slf.py())
    }

    fn __repr__(slf: PyRef<'_, Self>) -> PyResult<String> {
        let py = slf.py();
        let error = slf.as_super().error_of(py).into_pyobject(py)?;
        Ok(format!("<flowseal.Failed {}>", error.getattr("code")?))
    }
}
