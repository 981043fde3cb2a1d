//! JSON of the core as Python's objects.

use flowseal::{Json, Object};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyList};

/// A JSON value; `null` is `None`, and a number is an `int` where it was written as one.
pub(crate) fn value<'py>(py: Python<'py>, json: &Json) -> PyResult<Bound<'py, PyAny>> {
    match json {
        Json::Null => Ok(py.None().into_bound(py)),
        Json::Bool(value) => value.into_bound_py_any(py),
        Json::String(text) => text.into_bound_py_any(py),
        Json::Number(number) => match json.as_integer() {
            Some(value) => value.into_bound_py_any(py),
            None => py.get_type::<PyFloat>().call1((number.to_string(),)),
        },
        Json::Array(elements) => {
            let list = PyList::empty(py);
            for element in elements {
                list.append(value(py, element)?)?;
            }
            Ok(list.into_any())
        }
        Json::Object(members) => Ok(object(py, members)?.into_any()),
        _ => Err(PyNotImplementedError::new_err(
            "a kind of JSON that this package does not know",
        )),
    }
}

/// The members of an object, in their order.
pub(crate) fn object<'py>(py: Python<'py>, members: &Object) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, member) in members.iter() {
        dict.set_item(name, value(py, member)?)?;
    }
    Ok(dict)
}
