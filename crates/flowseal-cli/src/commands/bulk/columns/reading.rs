//! From a column of Parquet files to batches of records.
//!
//! Cells are read as the bytes that they are, whatever type a file says of them, so that one that
//! is no UTF-8 is a row of its own.

use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use flowseal::ErrorCode;
use parquet::basic::{ConvertedType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use sha2::{Digest as _, Sha256};

use super::super::records::{BATCH, Batch, Batches, Mark, PIECE};
use crate::failure::Failure;

/// The cells of one column, of files one after the other. A line is a row here.
pub(in super::super) struct Cells {
    rest: std::vec::IntoIter<PathBuf>,
    column: String,
    current: Option<Table>,
    /// What was read and is not in a batch yet, and where the next one begins in it.
    read: Option<(Vec<Cell>, usize)>,
    /// The longest flow that is read.
    limit: usize,
    lines: u64,
    bytes: u64,
    taken: u64,
    digest: Sha256,
}

/// The bytes of a cell, where it has a value.
type Cell = Option<ByteArray>;

struct Table {
    name: PathBuf,
    file: SerializedFileReader<File>,
    column: usize,
    /// How deep a value's level is: 0 where each cell has one.
    depth: i16,
    /// The next group of rows, and the one that is read, with how many of its rows are to come.
    group: usize,
    current: Option<(ColumnReaderImpl<ByteArrayType>, u64)>,
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
        let (read, at) = self.read.take()?;
        let cells: Vec<Option<&[u8]>> = read
            .iter()
            .skip(at)
            .map(|cell| cell.as_ref().map(ByteArray::data))
            .collect();
        if cells.is_empty() {
            return None;
        }
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
        self.read = Some((read, at + count));
        Some(batch)
    }

    fn damage(&mut self, name: &Path, error: &ParquetError) -> Batch {
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
            let read = guarded(|| current.next());
            match read {
                Ok(cells) if !cells.is_empty() => self.read = Some((cells, 0)),
                end => {
                    self.taken += current.len;
                    let name = current.name.clone();
                    self.current = None;
                    if let Err(error) = end {
                        return Ok(Some(self.damage(&name, &error)));
                    }
                }
            }
        }
    }
}

impl Table {
    fn open(name: &Path, column: &str) -> Result<Self, Failure> {
        let refused = |what: String| Failure::new(ErrorCode::Usage, what).about(name);
        let unreadable = |error| {
            let what =
                format!("cannot be read ({error}): check the name, and that you may read it");
            Failure::new(ErrorCode::Io, what).about(name)
        };
        let metadata = name.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            let what = "this is a pipe or a device, and Parquet is read from its end: give a file";
            return Err(refused(what.to_owned()));
        }
        let file = File::open(name).map_err(unreadable)?;
        let file = guarded(|| SerializedFileReader::new(file)).map_err(|error| {
            refused(format!(
                "this is not Parquet ({error}): leave out --column for lines of JSON"
            ))
        })?;
        let metadata_of_file = file.metadata().file_metadata();
        let schema = metadata_of_file.schema_descr();
        let fields = schema.root_schema().get_fields();
        match fields.iter().filter(|field| field.name() == column).count() {
            1 => {}
            0 => {
                let names: Vec<_> = fields.iter().map(|it| it.name()).collect();
                return Err(refused(format!(
                    "the table has no column {column:?} but {}: name the column of the flows",
                    names.join(", ")
                )));
            }
            several => {
                return Err(refused(format!(
                    "the table has {several} columns {column:?}: give a table in which one has \
                     that name"
                )));
            }
        }
        let is_it = |leaf: &parquet::schema::types::ColumnDescPtr| matches!(leaf.path().parts(), [name] if name == column);
        let leaf = schema.columns().iter().position(is_it);
        let leaf = leaf.map(|place| (place, schema.column(place)));
        let (column, depth) = match leaf {
            Some((place, leaf)) if is_text(&leaf) => (place, leaf.max_def_level()),
            Some((_, leaf)) => {
                return Err(refused(format!(
                    "the column of the flows is of type {}: give text or binary",
                    leaf.physical_type()
                )));
            }
            None => {
                let what = "the column of the flows has others in it: give text or binary";
                return Err(refused(what.to_owned()));
            }
        };
        let rows = u64::try_from(metadata_of_file.num_rows()).unwrap_or_default();
        Ok(Self {
            name: name.to_owned(),
            column,
            depth,
            group: 0,
            current: None,
            len: metadata.len(),
            rows,
            read: 0,
            file,
        })
    }

    /// The next cells, none at the end of the file.
    fn next(&mut self) -> Result<Vec<Cell>, ParquetError> {
        loop {
            let Some((column, due)) = &mut self.current else {
                if self.group == self.file.num_row_groups() {
                    return Ok(Vec::new());
                }
                let group = self.file.get_row_group(self.group)?;
                let rows = u64::try_from(group.metadata().num_rows()).unwrap_or_default();
                let ColumnReader::ByteArrayColumnReader(column) =
                    group.get_column_reader(self.column)?
                else {
                    return Err(damaged("a group of rows has the column in another type"));
                };
                self.group += 1;
                self.current = Some((column, rows));
                continue;
            };
            let (mut levels, mut values) = (Vec::new(), Vec::new());
            let read = column.read_records(BATCH, Some(&mut levels), None, &mut values);
            let (count, ..) = read?;
            // What is not there may be a part that was lost.
            let left = due.checked_sub(u64::try_from(count).unwrap_or_default());
            *due = left.ok_or_else(|| damaged("a group has more rows than it says"))?;
            if count == 0 {
                if *due > 0 {
                    return Err(damaged("a group has fewer rows than it says"));
                }
                self.current = None;
                continue;
            }
            if self.depth == 0 {
                levels = vec![0; count];
            }
            let has_value = |level: &i16| *level == self.depth;
            if levels.len() != count
                || levels.iter().filter(|it| has_value(it)).count() != values.len()
            {
                return Err(damaged("values are missing"));
            }
            let mut values = values.into_iter();
            let cells = levels.iter().map(|level| match has_value(level) {
                true => values.next(),
                false => None,
            });
            return Ok(cells.collect());
        }
    }
}

/// Reads what may be damaged: at some damages the decoder stops by a panic.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    panic::catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged("its decoder cannot go on")))
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

/// Whether a column has a text, or bytes, or nothing in each row.
fn is_text(leaf: &parquet::schema::types::ColumnDescriptor) -> bool {
    leaf.physical_type() == Physical::BYTE_ARRAY
        && leaf.max_rep_level() == 0
        && leaf.converted_type() != ConvertedType::DECIMAL
}
