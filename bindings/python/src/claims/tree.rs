//! The tree of claims, built into Python's objects as the core hands it out: no JSON in between,
//! which would be one more copy of every claim.

use std::fmt;

use flowseal::OpenedClaims;
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::errors::Failure;

/// The claims as nested dictionaries, with the values of JSON output.
pub(super) fn dict<'py>(
    py: Python<'py>,
    claims: &OpenedClaims,
) -> Result<Bound<'py, PyDict>, Failure> {
    let Tree(tree) = claims.deserialize()?;
    Ok(tree.into_bound(py).cast_into().map_err(PyErr::from)?)
}

struct Tree(Py<PyAny>);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Builder).map(Self)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Py<PyAny>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a claim or a group of claims")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Py<PyAny>, E> {
        Python::attach(|py| value.into_py_any(py)).map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Py<PyAny>, E> {
        Python::attach(|py| text.into_py_any(py)).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Py<PyAny>, A::Error> {
        let mut list = Vec::new();
        while let Some(Tree(element)) = elements.next_element()? {
            list.push(element);
        }
        Python::attach(|py| PyList::new(py, list).map(|list| list.into_any().unbind()))
            .map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Py<PyAny>, A::Error> {
        let dict = Python::attach(|py| PyDict::new(py).unbind());
        while let Some((name, Tree(member))) = members.next_entry::<String, _>()? {
            Python::attach(|py| dict.bind(py).set_item(name, member)).map_err(A::Error::custom)?;
        }
        Ok(dict.into_any())
    }
}
