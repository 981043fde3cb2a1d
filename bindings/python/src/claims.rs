//! Opened claims as a mapping of dotted paths.

mod tree;

use std::sync::Arc;

use flowseal::{Claim, ClaimType, ErrorCode, OpenedClaims as Core, SecretText};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyDate, PyDict, PyTuple};

use crate::closable::{Closable, stays_here};
use crate::errors::Failure;
use crate::report::Report;

/// The claims of one flow, opened: a mapping of dotted paths, in the flow's order.
///
/// A value is text, except for what the catalogue knows to be a boolean or a list; digits stay
/// text. ``close()``, or the end of a ``with`` block, wipes the claims. What was read out of them
/// is the caller's: Python cannot wipe a ``str``, a ``bytes`` or an ``int``; ``to_bytearray`` gives
/// what can be overwritten.
///
/// ``claims[path]`` is a boolean or a list where the catalogue says so, else the claim's text. What
/// the person declined is absent, like what was never asked for.
///
/// Any other text in their place, such as ``"False"``, would count as true: it is ``claim_type``,
/// here as in ``get``, ``values``, ``items`` and ``to_dict``. ``text`` gives it as it was sent.
#[pyclass(frozen, mapping, module = "flowseal")]
pub(crate) struct OpenedClaims(Closable<Core>);

impl OpenedClaims {
    pub(crate) fn new(claims: Core) -> Self {
        Self(Closable::new(claims))
    }

    /// The claims, unless they are closed.
    pub(crate) fn core(&self) -> Result<Arc<Core>, Failure> {
        self.0.open()
    }

    /// Reads the claim at a path.
    fn at<T>(
        &self,
        path: &str,
        read: impl FnOnce(Claim<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let claims = self.0.open()?;
        match claims.get(path) {
            Some(claim) => read(claim),
            None => Err(PyKeyError::new_err(path.to_owned()).into()),
        }
    }

    /// The same by a method that knows what it reads.
    fn typed<T>(
        &self,
        path: &str,
        read: impl FnOnce(Claim<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.check_is_no_group(path)?;
        self.at(path, read)
    }

    /// A group is no claim, and not absent either.
    fn check_is_no_group(&self, path: &str) -> Result<(), Failure> {
        let is_below = |claim: Claim<'_>| {
            let below = claim.path().strip_prefix(path);
            below.is_some_and(|below| below.starts_with('.'))
        };
        if self.0.open()?.iter().any(is_below) {
            let sentence =
                format!("{path:?} is a group of claims: name one of them, or use to_dict()");
            return Err(Failure::new(ErrorCode::Usage, sentence));
        }
        Ok(())
    }

    fn view<'py>(slf: &Bound<'py, Self>, name: &str) -> Result<Bound<'py, PyAny>, Failure> {
        slf.get().0.open()?;
        let views = slf.py().import("collections.abc")?;
        Ok(views.getattr(name)?.call1((slf,))?)
    }
}

#[pymethods]
impl OpenedClaims {
    /// The claim's value; ``claim_type`` where the catalogue has a boolean or a list and the text
    /// is none.
    fn __getitem__<'py>(&self, py: Python<'py>, path: &str) -> Result<Bound<'py, PyAny>, Failure> {
        self.at(path, |claim| value(py, &claim))
    }

    /// The claim's value, or the default where the flow has none there.
    #[pyo3(signature = (path, default=None))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        path: &str,
        default: Option<Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        match self.0.open()?.get(path) {
            Some(claim) => value(py, &claim),
            None => Ok(default.unwrap_or_else(|| py.None().into_bound(py))),
        }
    }

    fn __contains__(&self, path: &Bound<'_, PyAny>) -> Result<bool, Failure> {
        let claims = self.0.open()?;
        let path = path.extract::<String>();
        Ok(path.is_ok_and(|path| claims.get(&path).is_some()))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Failure> {
        let claims = self.0.open()?;
        let paths = PyTuple::new(
            py,
            claims
                .iter()
                .map(|claim| claim.path().to_owned())
                .collect::<Vec<_>>(),
        )?;
        Ok(paths.try_iter()?.into_any())
    }

    fn __len__(&self) -> Result<usize, Failure> {
        Ok(self.0.open()?.len())
    }

    fn keys<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Failure> {
        Self::view(slf, "KeysView")
    }

    fn values<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Failure> {
        Self::view(slf, "ValuesView")
    }

    fn items<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Failure> {
        Self::view(slf, "ItemsView")
    }

    /// The claim's text as it was sent. ``KeyError`` if the flow has none there, ``usage`` for a
    /// group.
    fn text(&self, path: &str) -> Result<String, Failure> {
        self.typed(path, |claim| Ok(claim.text().to_owned()))
    }

    /// The same, or ``None`` where the flow has none there: declined, or never asked for.
    fn text_or_none(&self, path: &str) -> Result<Option<String>, Failure> {
        self.check_is_no_group(path)?;
        let claims = self.0.open()?;
        Ok(claims.get(path).map(|claim| claim.text().to_owned()))
    }

    /// The claim's text in UTF-8, in a buffer that the caller can overwrite.
    fn to_bytearray<'py>(
        &self,
        py: Python<'py>,
        path: &str,
    ) -> Result<Bound<'py, PyByteArray>, Failure> {
        self.typed(path, |claim| {
            Ok(PyByteArray::new(py, claim.text().as_bytes()))
        })
    }

    /// The claim as a boolean; ``claim_type`` for anything but ``true`` and ``false``.
    fn boolean(&self, path: &str) -> Result<bool, Failure> {
        self.typed(path, |claim| Ok(claim.boolean()?))
    }

    /// The claim's elements; ``claim_type`` for anything but a JSON array of strings.
    fn texts(&self, path: &str) -> Result<Vec<String>, Failure> {
        self.typed(path, |claim| Ok(texts(&claim.list()?)))
    }

    /// The same under its name in Rust, which in Python is that of a type.
    fn list(&self, path: &str) -> Result<Vec<String>, Failure> {
        self.texts(path)
    }

    /// The claim's text; ``claim_type`` for anything but decimal digits.
    fn digits(&self, path: &str) -> Result<String, Failure> {
        self.typed(path, |claim| Ok(claim.digits()?.to_owned()))
    }

    /// The claim as a date; ``claim_type`` for anything but ``YYYY-MM-DD``.
    fn date<'py>(&self, py: Python<'py>, path: &str) -> Result<Bound<'py, PyDate>, Failure> {
        self.typed(path, |claim| {
            let (year, month, day) = claim.date()?;
            Ok(PyDate::new(py, year.into(), month, day)?)
        })
    }

    /// The tree as nested dictionaries, with the values of the command's JSON.
    fn to_dict<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyDict>, Failure> {
        let claims = self.0.open()?;
        // Whatever is no boolean where there must be one is no value here, either.
        for claim in claims.iter() {
            match ClaimType::of(claim.path()) {
                ClaimType::Boolean => claim.boolean().map(drop)?,
                ClaimType::List => claim.list().map(drop)?,
                _ => {}
            }
        }
        tree::dict(py, &claims)
    }

    /// Whether the flow was verified before it was opened.
    #[getter]
    fn verified(&self) -> Result<bool, Failure> {
        Ok(self.0.open()?.is_verified())
    }

    /// What made the flow one to believe before it was opened: ``signed`` or ``received``; ``None``
    /// where nothing did.
    #[getter]
    fn trust(&self) -> Result<Option<&'static str>, Failure> {
        Ok(self.0.open()?.trust().map(flowseal::profile::Trust::name))
    }

    /// What was looked at before opening.
    #[getter]
    fn report(&self) -> Result<Report, Failure> {
        Ok(Report::of(self.0.open()?.report()))
    }

    /// Wipes the claims. Using them from then on is an ``InputError`` with ``usage``.
    fn close(&self) {
        self.0.close();
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    /// Paths only.
    fn __repr__(&self) -> String {
        match self.0.peek() {
            Some(claims) => {
                let paths: Vec<_> = claims.iter().map(|claim| claim.path().to_owned()).collect();
                format!("<flowseal.OpenedClaims {}>", paths.join(", "))
            }
            None => "<flowseal.OpenedClaims closed>".to_owned(),
        }
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        let instead = "hand over what is needed of it, such as to_dict()";
        Err(stays_here("an OpenedClaims", instead))
    }
}

/// The claims that opened of a flow, and why each of the others did not.
#[pyclass(frozen, get_all, module = "flowseal")]
pub(crate) struct PartialClaims {
    /// What opened.
    opened: Py<OpenedClaims>,
    /// Path to exception of each claim that did not, in the flow's order.
    errors: Py<PyDict>,
}

impl PartialClaims {
    pub(crate) fn of(py: Python<'_>, partial: flowseal::PartialClaims) -> PyResult<Self> {
        let errors = PyDict::new(py);
        for (path, error) in partial.errors {
            errors.set_item(path, Failure::Core(error).into_exception(py)?)?;
        }
        Ok(Self {
            opened: Py::new(py, OpenedClaims::new(partial.opened))?,
            errors: errors.unbind(),
        })
    }
}

#[pymethods]
impl PartialClaims {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!(
            "<flowseal.PartialClaims {}, {} errors>",
            self.opened.bind(py).repr()?,
            self.errors.bind(py).len()
        ))
    }
}

/// A value of the catalogue's type, or none: `"False"` in the place of a boolean would be true.
fn value<'py>(py: Python<'py>, claim: &Claim<'_>) -> Result<Bound<'py, PyAny>, Failure> {
    let value = match ClaimType::of(claim.path()) {
        ClaimType::Boolean => claim.boolean()?.into_bound_py_any(py),
        ClaimType::List => texts(&claim.list()?).into_bound_py_any(py),
        _ => claim.text().into_bound_py_any(py),
    };
    Ok(value?)
}

fn texts(elements: &[SecretText]) -> Vec<String> {
    let texts = elements.iter().map(SecretText::expose_secret);
    texts.map(str::to_owned).collect()
}
