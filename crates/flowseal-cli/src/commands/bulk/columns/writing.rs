//! Rows as part files of Parquet.
//!
//! The columns are known before the first row: a column for each claim that was selected, or that
//! the catalogue knows, and one map for whatever else opens. So nobody's flow makes a column.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Int64Builder, ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use flowseal::{Claim, ClaimType, ErrorCode};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::super::judging::Row;
use crate::args::Member;
use crate::failure::Failure;
use crate::files::{Directory, Existing, Written};

/// A directory of part files, and the rows of the next one.
pub(in super::super) struct Parts {
    directory: Directory,
    dropped: Vec<Member>,
    claims: Vec<(String, ClaimType)>,
    places: HashMap<String, usize>,
    part: Part,
}

/// A part has as many rows as come together before a batch ends beyond this: some megabytes.
const ROWS: usize = 8192;

impl Parts {
    /// A new directory, in place of a draft that was left.
    pub(in super::super) fn new(
        name: &Path,
        select: &[String],
        dropped: &[Member],
    ) -> Result<Self, Failure> {
        Ok(Self::of(Directory::new(name)?, select, dropped))
    }

    /// The draft of an earlier run, up to where it is known; `None` where it has got its name.
    pub(in super::super) fn resume(
        name: &Path,
        select: &[String],
        dropped: &[Member],
        known: &Written,
        is_whole: bool,
    ) -> Result<Option<Self>, Failure> {
        let directory = Directory::resume(name, known, is_whole)?;
        Ok(directory.map(|directory| Self::of(directory, select, dropped)))
    }

    fn of(directory: Directory, select: &[String], dropped: &[Member]) -> Self {
        let claims = match dropped.contains(&Member::Claims) {
            true => Vec::new(),
            false => columns(select),
        };
        let names = claims.iter().enumerate();
        Self {
            directory,
            dropped: dropped.to_vec(),
            places: names.map(|(at, (path, _))| (path.clone(), at)).collect(),
            part: Part::new(&claims),
            claims,
        }
    }

    /// Takes a row.
    pub(in super::super) fn push(&mut self, row: &Row) {
        self.part.push(row, &self.claims, &self.places);
    }

    /// Whether the next part has enough rows, and none is missing where it ends.
    pub(in super::super) fn is_full(&self) -> bool {
        self.part.rows >= ROWS
    }

    /// Whether all rows are in parts.
    pub(in super::super) fn is_between(&self) -> bool {
        self.part.rows == 0
    }

    /// Writes the next part, where there are rows; an empty one, where there are no others.
    pub(in super::super) fn close(&mut self) -> Result<(), Failure> {
        if self.part.rows == 0 && self.directory.parts() > 0 {
            return Ok(());
        }
        let part = std::mem::replace(&mut self.part, Part::new(&self.claims));
        let file = part.file(&self.claims, &self.dropped).map_err(|error| {
            let what = format!("a part of the rows could not be made ({error}): please report it");
            Failure::new(ErrorCode::InternalFault, what)
        })?;
        self.directory.add(&file)
    }

    /// How much is in parts.
    pub(in super::super) fn written(&self) -> Written {
        self.directory.written()
    }

    /// Gives the directory its name.
    pub(in super::super) fn publish(self, existing: Existing) -> Result<(), Failure> {
        self.directory.publish(existing)
    }
}

/// The columns of claims: what is selected, a group by what the catalogue knows in it.
fn columns(select: &[String]) -> Vec<(String, ClaimType)> {
    let known = ClaimType::catalogue();
    let is_under = |path: &str, group: &str| {
        let rest = path.strip_prefix(group);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut paths: Vec<String> = Vec::new();
    for path in select {
        let below = known.iter().filter(|known| is_under(known, path));
        let below: Vec<_> = below.map(|known| (*known).to_owned()).collect();
        match below.is_empty() {
            true => paths.push(path.clone()),
            false => paths.extend(below),
        }
    }
    if select.is_empty() {
        paths.extend(known.iter().map(|known| (*known).to_owned()));
    }
    let mut columns: Vec<(String, ClaimType)> = Vec::new();
    for path in paths {
        let is_new = columns.iter().all(|(other, _)| *other != path);
        if is_new && !ROW.contains(&path.as_str()) {
            let kind = ClaimType::of(&path);
            columns.push((path, kind));
        }
    }
    columns
}

/// The columns that are not claims. A claim of such a name stands in the map.
const ROW: [&str; 8] = [
    "line",
    "reference",
    "trust",
    "verified",
    "code",
    "sentence",
    "other_claims",
    "covers",
];

/// The rows of a part, a builder for each column.
struct Part {
    rows: usize,
    line: Int64Builder,
    reference: StringBuilder,
    trust: StringBuilder,
    verified: BooleanBuilder,
    code: StringBuilder,
    sentence: StringBuilder,
    claims: Vec<Column>,
    other: MapBuilder<StringBuilder, StringBuilder>,
    covers: ListBuilder<StringBuilder>,
}

enum Column {
    Boolean(BooleanBuilder),
    List(ListBuilder<StringBuilder>),
    Text(StringBuilder),
}

impl Part {
    fn new(claims: &[(String, ClaimType)]) -> Self {
        let column = |(_, kind): &(String, ClaimType)| match kind {
            ClaimType::Boolean => Column::Boolean(BooleanBuilder::new()),
            ClaimType::List => Column::List(ListBuilder::new(StringBuilder::new())),
            _ => Column::Text(StringBuilder::new()),
        };
        Self {
            rows: 0,
            line: Int64Builder::new(),
            reference: StringBuilder::new(),
            trust: StringBuilder::new(),
            verified: BooleanBuilder::new(),
            code: StringBuilder::new(),
            sentence: StringBuilder::new(),
            claims: claims.iter().map(column).collect(),
            other: MapBuilder::new(None, StringBuilder::new(), StringBuilder::new()),
            covers: ListBuilder::new(StringBuilder::new()),
        }
    }

    fn push(&mut self, row: &Row, claims: &[(String, ClaimType)], places: &HashMap<String, usize>) {
        self.rows += 1;
        self.line
            .append_value(i64::try_from(row.line).unwrap_or(i64::MAX));
        self.reference.append_option(row.reference.as_deref());
        self.trust.append_value(row.trust());
        self.verified.append_value(row.verified);
        let refusal = row.claims.as_ref().err();
        self.code.append_option(refusal.map(|it| it.code.as_str()));
        self.sentence
            .append_option(refusal.map(|it| it.sentence.as_str()));
        for name in &*row.covers {
            self.covers.values().append_value(name);
        }
        self.covers.append(true);

        let mut cells: Vec<Option<Claim<'_>>> = Vec::new();
        cells.resize_with(claims.len(), || None);
        let Ok(opened) = &row.claims else {
            for column in &mut self.claims {
                column.push(None);
            }
            let _ = self.other.append(false);
            return;
        };
        for claim in opened.iter() {
            let place = places.get(claim.path()).copied();
            let cell = place.filter(|place| {
                let kind = claims.get(*place).map(|(_, kind)| *kind);
                kind.is_some_and(|kind| is_of(&claim, kind))
            });
            match cell.and_then(|place| cells.get_mut(place)) {
                Some(cell) => *cell = Some(claim),
                // What is not of its column's type is kept as it was sent.
                None => {
                    self.other.keys().append_value(claim.path());
                    self.other.values().append_value(claim.text());
                }
            }
        }
        for (column, cell) in self.claims.iter_mut().zip(&cells) {
            column.push(cell.as_ref());
        }
        let _ = self.other.append(true);
    }

    /// The file, as bytes.
    fn file(
        mut self,
        claims: &[(String, ClaimType)],
        dropped: &[Member],
    ) -> Result<Vec<u8>, ParquetError> {
        let mut columns: Vec<(&str, ArrayRef, bool)> = vec![("line", self.line_array(), false)];
        let has = |member| !dropped.contains(&member);
        if has(Member::Reference) {
            columns.push(("reference", Arc::new(self.reference.finish()), true));
        }
        columns.push(("trust", Arc::new(self.trust.finish()), false));
        columns.push(("verified", Arc::new(self.verified.finish()), false));
        columns.push(("code", Arc::new(self.code.finish()), true));
        if has(Member::Sentence) {
            columns.push(("sentence", Arc::new(self.sentence.finish()), true));
        }
        for ((path, _), column) in claims.iter().zip(&mut self.claims) {
            columns.push((path, column.finish(), true));
        }
        if has(Member::Claims) {
            columns.push(("other_claims", Arc::new(self.other.finish()), true));
        }
        if has(Member::Covers) {
            columns.push(("covers", Arc::new(self.covers.finish()), false));
        }
        let batch = RecordBatch::try_from_iter_with_nullable(columns)?;

        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties.build()))?;
        writer.write(&batch)?;
        writer.close()?;
        Ok(file)
    }

    fn line_array(&mut self) -> ArrayRef {
        Arc::new(self.line.finish())
    }
}

fn is_of(claim: &Claim<'_>, kind: ClaimType) -> bool {
    match kind {
        ClaimType::Boolean => claim.boolean().is_ok(),
        ClaimType::List => claim.list().is_ok(),
        _ => true,
    }
}

impl Column {
    fn push(&mut self, claim: Option<&Claim<'_>>) {
        match self {
            Self::Boolean(values) => values.append_option(claim.and_then(|it| it.boolean().ok())),
            Self::List(lists) => {
                let list = claim.and_then(|claim| claim.list().ok());
                for element in list.iter().flatten() {
                    lists.values().append_value(element.expose_secret());
                }
                lists.append(list.is_some());
            }
            Self::Text(values) => values.append_option(claim.map(Claim::text)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(values) => Arc::new(values.finish()),
            Self::List(lists) => Arc::new(lists.finish()),
            Self::Text(values) => Arc::new(values.finish()),
        }
    }
}
