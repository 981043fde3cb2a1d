//! Lists as arguments: what is no list, or a list of something else, is told in a sentence.

use flowseal::ErrorCode;
use pyo3::PyTypeInfo;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::errors::Failure;
use crate::file_name::type_error;

/// Paths of claims, or names of members. A `str` is a list of its letters to Python, and a mistake
/// here.
pub(crate) struct Names(pub(crate) Vec<String>);

impl<'py> FromPyObject<'_, 'py> for Names {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err(
                "a list is wanted, and this is one str: put it in brackets, such as [\"naming\"]",
            ));
        }
        let refused = |kind: &Bound<'_, PyAny>| match kind.get_type().name() {
            Ok(kind) => {
                PyTypeError::new_err(format!("a list of str is wanted, and this is {kind}"))
            }
            Err(error) => error,
        };
        let items = given.try_iter().map_err(|_| refused(&given))?;
        let names = items.map(|item| {
            let item = item?;
            if item.extract::<&str>().is_ok_and(str::is_empty) {
                let sentence = "a path or name in this list is empty: give it, or leave it out";
                return Err(Failure::new(ErrorCode::Usage, sentence).into());
            }
            item.extract::<String>().map_err(|_| {
                let kind = item.get_type().name().map(|kind| kind.to_string());
                let kind = kind.unwrap_or_default();
                PyTypeError::new_err(format!(
                    "a list of str is wanted, and {kind} is in this one"
                ))
            })
        });
        names.collect::<PyResult<_>>().map(Self)
    }
}

/// The objects of a list, each of one class.
pub(crate) fn each<'py, T: PyTypeInfo>(
    given: &Bound<'py, PyAny>,
    wanted: &str,
) -> Result<Vec<Bound<'py, T>>, Failure> {
    let refused = |what: &Bound<'_, PyAny>| -> Failure {
        match what.get_type().name() {
            Ok(kind) => type_error(format!("a list of {wanted} is wanted, and this is {kind}")),
            Err(error) => error.into(),
        }
    };
    if given.is_instance_of::<PyString>() {
        return Err(refused(given));
    }
    let items = given.try_iter().map_err(|_| refused(given))?;
    let mut each = Vec::new();
    for item in items {
        let item = item?;
        let Ok(item) = item.cast::<T>() else {
            let kind = item.get_type().name()?;
            let sentence = format!("a list of {wanted} is wanted, and {kind} is in this one");
            return Err(type_error(sentence));
        };
        each.push(item.clone());
    }
    Ok(each)
}
