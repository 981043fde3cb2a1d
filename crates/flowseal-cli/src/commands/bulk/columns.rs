//! Parquet: flows from a column of it, and rows as columns of it.

mod reading;
mod writing;

pub(super) use reading::Cells;
pub(super) use writing::Parts;
