//! Columns of flows over the Arrow PyCapsule interface.

mod cells;
mod columns;
mod rows;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use flowseal::ErrorCode;
use flowseal::profile::Limits;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;

use self::columns::Columns;
use self::rows::Job;
use crate::clock;
use crate::closable::stays_here;
use crate::errors::Failure;
use crate::expectations::Expectations;
use crate::lists::Names;
use crate::options::{self, Keys};
use crate::profile::Profile;
use crate::verifier::Verifier;

/// Verifies and opens a column of flows: a table, a record batch or a stream of them.
///
/// Text or binary in ``column``, as it is or as a dictionary or runs, gives way to ``claims``,
/// ``verified`` and ``error``; every other column stays, and so does every row. ``error`` is a
/// code, or null; no flow raises. ``verified`` is true where the flow was, although it may not have
/// opened.
///
/// ``select`` names the paths that are to be columns; a group has those of its claims. Name claims
/// alone where the schema must be known beforehand. Without it there is a column for each path that
/// opened. A claim that is not of its column's type is ``claim_type``, and so is one where more
/// rows have a group, or the other way round; a row that would bring more columns than a flow may
/// have leaves is ``too_many_leaves``. The whole input is opened before there are columns; give
/// longer ones a batch at a time.
///
/// Raises ``InputError`` with ``usage`` for a table that does not fit.
#[pyfunction]
#[pyo3(signature = (
    flows, key, *, expectations, verifier=None, unverified=false, now=None, column="flow",
    select=None, profile=None, threads=1
))]
pub(crate) fn open_flows(
    py: Python<'_>,
    flows: AnyRecordBatch,
    key: Keys<'_>,
    expectations: &Bound<'_, Expectations>,
    verifier: Option<&Bound<'_, Verifier>>,
    unverified: bool,
    now: Option<&Bound<'_, PyAny>>,
    column: &str,
    select: Option<Names>,
    profile: Option<&Bound<'_, Profile>>,
    threads: usize,
) -> Result<OpenedColumns, Failure> {
    let verifier = match (verifier, unverified) {
        (Some(verifier), false) => Some(verifier.get().core().clone()),
        (None, true) => None,
        _ => {
            return Err(Failure::new(
                ErrorCode::Usage,
                "say whether flows are verified: give a verifier, or unverified=True, and not both",
            ));
        }
    };
    let engine = options::engine(threads)?;
    let paths = select.as_ref().map(|Names(paths)| paths.clone());
    let job = Job {
        verifier: verifier.map(|verifier| verifier.with_engine(engine)),
        expectations: expectations.get().core(),
        now: clock::now(now)?,
        ring: key.ring()?,
        options: options::open(py, select, profile, threads)?,
        profile: profile.map(|profile| profile.get().core()),
    };
    let (batches, schema) = flows.into_table().map_err(PyErr::from)?.into_inner();
    let place = place_of(&schema, column)?;
    py.detach(|| open(&job, &batches, &schema, place, paths.as_deref()))
}

/// Where the flows are. The new columns must not hide others.
fn place_of(schema: &Schema, column: &str) -> Result<usize, Failure> {
    let names = || schema.fields().iter().map(|field| field.name().as_str());
    if let Some(taken) = names().find(|name| *name != column && OUT.contains(name)) {
        return Err(Failure::new(
            ErrorCode::Usage,
            format!("the table has a column {taken:?}, which would be written: rename it"),
        ));
    }
    names().position(|name| name == column).ok_or_else(|| {
        let names = names().collect::<Vec<_>>().join(", ");
        Failure::new(
            ErrorCode::Usage,
            format!("the table has no column {column:?} but {names}: name the column of the flows"),
        )
    })
}

/// The columns that come out.
const OUT: [&str; 3] = ["claims", "verified", "error"];

fn open(
    job: &Job<'_>,
    batches: &[RecordBatch],
    schema: &Schema,
    place: usize,
    select: Option<&[String]>,
) -> Result<OpenedColumns, Failure> {
    // What a selection must not be is said before anything is computed.
    let selected = Columns::selected(select)?;
    let mut rows = Vec::new();
    for batch in batches {
        rows.push(job.open(cells::read(batch.column(place), job.profile)?)?);
    }
    // The columns are those of what opened: what was refused has no say in them.
    let bound = job.profile.map_or_else(Limits::default, |it| it.limits);
    let columns = selected.holding(&mut rows, bound.leaves());

    let mut fields: Vec<_> = schema.fields().iter().cloned().collect();
    fields.remove(place);
    fields.push(Arc::new(Field::new("claims", columns.data_type(), true)));
    fields.push(Arc::new(Field::new("verified", DataType::Boolean, false)));
    fields.push(Arc::new(Field::new("error", DataType::Utf8, true)));
    let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));

    let mut opened = Vec::new();
    for (batch, rows) in batches.iter().zip(&rows) {
        let mut arrays = batch.columns().to_vec();
        arrays.remove(place);
        arrays.extend(columns.arrays(rows)?);
        opened.push(RecordBatch::try_new(Arc::clone(&schema), arrays)?);
    }
    Ok(OpenedColumns {
        batches: opened,
        schema,
    })
}

/// Opened flows as columns, for whoever reads Arrow: ``pyarrow.table``, ``polars.DataFrame``.
#[pyclass(frozen, module = "flowseal.arrow")]
pub(crate) struct OpenedColumns {
    batches: Vec<RecordBatch>,
    schema: SchemaRef,
}

#[pymethods]
impl OpenedColumns {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema.as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let fields = DataType::Struct(self.schema.fields().clone());
        let metadata = self.schema.metadata().clone();
        let field = Field::new("", fields, false).with_metadata(metadata);
        let structs = self.batches.clone().into_iter();
        let structs = structs.map(|batch| -> Result<ArrayRef, ArrowError> {
            Ok(Arc::new(StructArray::from(batch)))
        });
        let reader = ArrayIterator::new(structs, Arc::new(field));
        Ok(to_stream_pycapsule(py, Box::new(reader), requested_schema)?)
    }

    /// The names of the columns, those that stayed first.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<flowseal.arrow.OpenedColumns of {} rows>", self.__len__())
    }

    fn __reduce_ex__(&self, _protocol: usize) -> PyResult<()> {
        Err(stays_here("an OpenedColumns", "make a table of it first"))
    }
}
