//! Flows from the cells of a column.

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use flowseal::{ErrorCode, Flow, Profile};

use crate::errors::Failure;

/// A cell as a flow, or the code that says why it is none.
pub(super) type Cell = Result<Flow, ErrorCode>;

/// Reads each cell. A cell without a value holds no flow, which is no reason to leave the row out.
pub(super) fn read(column: &ArrayRef, profile: Option<&Profile>) -> Result<Vec<Cell>, Failure> {
    let rows = 0..column.len();
    let flow = |text: Option<&[u8]>| {
        let text = text.ok_or(ErrorCode::NotAFlow)?;
        let flow = match profile {
            Some(profile) => Flow::from_json_with(text, profile),
            None => Flow::from_json(text),
        };
        flow.map_err(|error| error.code())
    };
    macro_rules! cells {
        ($array:expr, $bytes:expr) => {{
            let array = $array;
            let value = |row| array.is_valid(row).then(|| $bytes(array.value(row)));
            Ok(rows.map(|row| flow(value(row))).collect())
        }};
    }
    match column.data_type() {
        DataType::Utf8 => cells!(column.as_string::<i32>(), str::as_bytes),
        DataType::LargeUtf8 => cells!(column.as_string::<i64>(), str::as_bytes),
        DataType::Utf8View => cells!(column.as_string_view(), str::as_bytes),
        DataType::Binary => cells!(column.as_binary::<i32>(), <[u8]>::as_ref),
        DataType::LargeBinary => cells!(column.as_binary::<i64>(), <[u8]>::as_ref),
        DataType::BinaryView => cells!(column.as_binary_view(), <[u8]>::as_ref),
        other => Err(Failure::new(
            ErrorCode::Usage,
            format!("the column of the flows is of type {other}: give text or binary"),
        )),
    }
}
