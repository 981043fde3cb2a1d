//! From a column of Parquet files to batches of records.

use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use flowseal::ErrorCode;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use sha2::{Digest as _, Sha256};

use super::super::records::{BATCH, Batch, Batches, Mark, PIECE};
use crate::failure::Failure;

/// The cells of one column, of files one after the other. A line is a row here.
pub(in super::super) struct Cells {
    rest: std::vec::IntoIter<PathBuf>,
    column: String,
    current: Option<Table>,
    /// What was read and is not in a batch yet, and where the next one begins in it.
    read: Option<(RecordBatch, usize)>,
    /// The longest flow that is read.
    limit: usize,
    lines: u64,
    bytes: u64,
    taken: u64,
    digest: Sha256,
}

struct Table {
    name: PathBuf,
    reader: ParquetRecordBatchReader,
    /// The length of the file, and how many of its rows are read: what makes a bar.
    len: u64,
    rows: u64,
    read: u64,
}

impl Cells {
    /// The cells of this column.
    ///
    /// # Errors
    /// `usage` where one of the files is no Parquet, or has no such column of text or binary.
    pub(in super::super) fn new(
        names: &[PathBuf],
        column: &str,
        limit: usize,
    ) -> Result<Self, Failure> {
        if names.is_empty() || names.iter().any(|name| name == Path::new("-")) {
            let what = "Parquet is read from its end, which a pipe does not show: give the names \
                of files";
            return Err(Failure::new(ErrorCode::Usage, what));
        }
        // Whatever is wrong with the last of them is said before the first is begun.
        for name in names {
            Table::open(name, column)?;
        }
        Ok(Self {
            rest: Vec::from(names).into_iter(),
            column: column.to_owned(),
            current: None,
            read: None,
            limit,
            lines: 0,
            bytes: 0,
            taken: 0,
            digest: Sha256::new(),
        })
    }

    /// Cuts a batch off what was read, of not much more bytes than one of lines has; `None` where
    /// nothing is left.
    fn cut(&mut self) -> Option<Batch> {
        let (rows, at) = self.read.take()?;
        let cells = texts(rows.column(0).as_ref()).unwrap_or_default();
        let cells = cells.get(at..).filter(|cells| !cells.is_empty())?;
        let mut bytes = 0;
        let is_within = |cell: &&Option<&[u8]>| {
            let is_within = bytes < PIECE;
            bytes += cell.map_or(0, <[u8]>::len);
            is_within
        };
        let count = cells.iter().take_while(is_within).count();
        let cells = cells.get(..count).unwrap_or_default();
        for cell in cells {
            // Lengths are digested too, so that text cannot move between cells.
            let len = cell.map_or(u64::MAX, |cell| {
                u64::try_from(cell.len()).unwrap_or_default()
            });
            self.digest.update(len.to_le_bytes());
            self.digest.update(cell.unwrap_or_default());
            self.bytes += 8 + cell.map_or(0, |_| len);
        }
        let first = self.lines + 1;
        let count_u64 = u64::try_from(count).unwrap_or_default();
        self.lines += count_u64;
        if let Some(current) = &mut self.current {
            current.read += count_u64;
        }
        let batch = Batch::of_cells(cells, self.limit, first, self.mark());
        self.read = Some((rows, at + count));
        Some(batch)
    }

    fn damage(&mut self, name: &Path, error: &str) -> Batch {
        let why = format!(
            "{}: the Parquet cannot be read any further after row {} ({error}): the rows before it \
             are done, so write the file anew",
            crate::names::Name(name),
            self.lines
        );
        self.lines += 1;
        self.bytes += 1;
        self.digest.update(b"!");
        Batch::of_damage(why, self.lines, self.mark())
    }

    fn mark(&self) -> Mark {
        let here = self
            .current
            .as_ref()
            .map_or(0, |it| it.len * it.read / it.rows.max(1));
        Mark {
            bytes: self.bytes,
            lines: self.lines,
            digest: self.digest.clone().finalize().into(),
            taken: self.taken + here,
        }
    }
}

impl Batches for Cells {
    fn next(&mut self) -> Result<Option<Batch>, Failure> {
        loop {
            if let Some(batch) = self.cut() {
                return Ok(Some(batch));
            }
            let Some(current) = &mut self.current else {
                let Some(name) = self.rest.next() else {
                    return Ok(None);
                };
                self.current = Some(Table::open(&name, &self.column)?);
                continue;
            };
            match current.next() {
                Some(Ok(rows)) => self.read = Some((rows, 0)),
                end => {
                    self.taken += current.len;
                    let name = current.name.clone();
                    self.current = None;
                    if let Some(Err(error)) = end {
                        return Ok(Some(self.damage(&name, &error)));
                    }
                }
            }
        }
    }
}

impl Table {
    /// The next rows; a text says why there are no more. The decoder stops at some damages by a
    /// panic, which is no more than an error of that file.
    fn next(&mut self) -> Option<Result<RecordBatch, String>> {
        let next = panic::catch_unwind(AssertUnwindSafe(|| self.reader.next()));
        match next {
            Ok(rows) => rows.map(|rows| rows.map_err(|error| error.to_string())),
            Err(_) => Some(Err("its decoder cannot go on".to_owned())),
        }
    }

    fn open(name: &Path, column: &str) -> Result<Self, Failure> {
        let refused = |what: String| Failure::new(ErrorCode::Usage, what).about(name);
        let file = File::open(name).map_err(|error| {
            let what =
                format!("cannot be read ({error}): check the name, and that you may read it");
            Failure::new(ErrorCode::Io, what).about(name)
        })?;
        let len = file.metadata().map(|it| it.len()).unwrap_or_default();
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| {
            refused(format!(
                "this is not Parquet ({error}): leave out --column for lines of JSON"
            ))
        })?;
        let fields = builder.schema().fields();
        let place = fields.iter().position(|field| field.name() == column);
        let Some(place) = place else {
            let names: Vec<_> = fields.iter().map(|it| it.name().as_str()).collect();
            return Err(refused(format!(
                "the table has no column {column:?} but {}: name the column of the flows",
                names.join(", ")
            )));
        };
        let kind = fields.get(place).map(|field| field.data_type().clone());
        if !kind.as_ref().is_some_and(is_text) {
            let kind = kind.map(|kind| kind.to_string()).unwrap_or_default();
            return Err(refused(format!(
                "the column of the flows is of type {kind}: give text or binary"
            )));
        }
        let rows = builder.metadata().file_metadata().num_rows();
        let mask = ProjectionMask::roots(builder.parquet_schema(), [place]);
        let reader = builder.with_projection(mask).with_batch_size(BATCH).build();
        Ok(Self {
            name: name.to_owned(),
            reader: reader.map_err(|error| refused(format!("this cannot be read ({error})")))?,
            len,
            rows: u64::try_from(rows).unwrap_or_default(),
            read: 0,
        })
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The bytes of each cell, however the column is encoded; `None` for a column of another type.
fn texts(column: &dyn Array) -> Option<Vec<Option<&[u8]>>> {
    macro_rules! cells {
        ($array:expr, $bytes:expr) => {{
            let array = $array;
            let value = |row| array.is_valid(row).then(|| $bytes(array.value(row)));
            Some((0..array.len()).map(value).collect())
        }};
    }
    match column.data_type() {
        DataType::Utf8 => cells!(column.as_string::<i32>(), str::as_bytes),
        DataType::LargeUtf8 => cells!(column.as_string::<i64>(), str::as_bytes),
        DataType::Utf8View => cells!(column.as_string_view(), str::as_bytes),
        DataType::Binary => cells!(column.as_binary::<i32>(), <[u8]>::as_ref),
        DataType::LargeBinary => cells!(column.as_binary::<i64>(), <[u8]>::as_ref),
        DataType::BinaryView => cells!(column.as_binary_view(), <[u8]>::as_ref),
        DataType::Dictionary(_, _) => {
            let dictionary = column.as_any_dictionary();
            let values = texts(dictionary.values().as_ref())?;
            if values.is_empty() {
                return Some(vec![None; column.len()]);
            }
            let keys = dictionary.normalized_keys().into_iter().enumerate();
            let value = |(row, key): (usize, usize)| {
                let is_given = dictionary.keys().is_valid(row);
                is_given
                    .then(|| values.get(key).copied().flatten())
                    .flatten()
            };
            Some(keys.map(value).collect())
        }
        _ => None,
    }
}
