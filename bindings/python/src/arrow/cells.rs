//! Flows from the cells of a column.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int16Type, Int32Type, Int64Type, RunEndIndexType};
use arrow_array::{Array, ArrayRef, RunArray};
use arrow_schema::DataType;
use flowseal::profile::Profile;
use flowseal::{ErrorCode, Flow};

use crate::errors::Failure;

/// A cell as a flow, or the code that says why it is not one.
pub(super) type Cell = Result<Flow, ErrorCode>;

/// Reads each cell. A cell without a value holds no flow, which is no reason to leave the row out.
pub(super) fn read(column: &ArrayRef, profile: Option<&Profile>) -> Result<Vec<Cell>, Failure> {
    let flow = |text: Option<&[u8]>| {
        let text = text.ok_or(ErrorCode::NotAFlow)?;
        let flow = match profile {
            Some(profile) => flowseal::Setup::new(profile.clone()).read_flow(text),
            None => Flow::from_json(text),
        };
        flow.map_err(|error| error.code())
    };
    Ok(texts(column.as_ref())?.into_iter().map(flow).collect())
}

/// The bytes of each cell. How the column is encoded is its maker's choice: pandas' and Polars'
/// categoricals and DuckDB's enums are dictionaries, and what is the same many times may be runs.
fn texts(column: &dyn Array) -> Result<Vec<Option<&[u8]>>, Failure> {
    macro_rules! cells {
        ($array:expr, $bytes:expr) => {{
            let array = $array;
            let value = |row| array.is_valid(row).then(|| $bytes(array.value(row)));
            Ok((0..array.len()).map(value).collect())
        }};
    }
    match column.data_type() {
        DataType::Utf8 => cells!(column.as_string::<i32>(), str::as_bytes),
        DataType::LargeUtf8 => cells!(column.as_string::<i64>(), str::as_bytes),
        DataType::Utf8View => cells!(column.as_string_view(), str::as_bytes),
        DataType::Binary => cells!(column.as_binary::<i32>(), <[u8]>::as_ref),
        DataType::LargeBinary => cells!(column.as_binary::<i64>(), <[u8]>::as_ref),
        DataType::BinaryView => cells!(column.as_binary_view(), <[u8]>::as_ref),
        // A column that has no value at all has no other type, either.
        DataType::Null => Ok(vec![None; column.len()]),
        DataType::Dictionary(_, _) => {
            let dictionary = column.as_any_dictionary();
            let values = texts(dictionary.values().as_ref())?;
            if values.is_empty() {
                return Ok(vec![None; column.len()]);
            }
            let keys = dictionary.normalized_keys().into_iter().enumerate();
            let value = |(row, key): (usize, usize)| {
                let is_given = dictionary.keys().is_valid(row);
                is_given
                    .then(|| values.get(key).copied().flatten())
                    .flatten()
            };
            Ok(keys.map(value).collect())
        }
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => runs(column.as_run::<Int16Type>()),
            DataType::Int32 => runs(column.as_run::<Int32Type>()),
            _ => runs(column.as_run::<Int64Type>()),
        },
        other => Err(Failure::new(
            ErrorCode::Usage,
            format!("the column of the flows is of type {other}: give text or binary"),
        )),
    }
}

fn runs<R: RunEndIndexType>(column: &RunArray<R>) -> Result<Vec<Option<&[u8]>>, Failure> {
    let values = texts(column.values().as_ref())?;
    let value = |row| {
        let run = column.get_physical_index(row);
        values.get(run).copied().flatten()
    };
    Ok((0..column.len()).map(value).collect())
}
