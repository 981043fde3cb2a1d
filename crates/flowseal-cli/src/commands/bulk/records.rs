//! From bytes to batches of records: a line each, none longer than what is read of a flow.
//!
//! Where a batch ends depends on the input alone, so that a run which goes on with an earlier one
//! has the same batches.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};
use sha2::{Digest as _, Sha256};

use super::ahead::Ahead;
use super::source::Filled;
use crate::failure::Failure;

/// Records that are computed together.
pub(super) struct Batch {
    text: Arc<Piece>,
    /// Each record's line, counted through all inputs from 1, and its place in the text.
    records: Vec<(u64, Range<usize>)>,
    /// How far the input was read when this batch ended.
    pub(super) mark: Mark,
}

/// A record as it was found.
pub(super) enum Record<'a> {
    /// A line, without its end; of one that is too long, more than is read of a flow. An empty one
    /// is a cell without a value.
    Text(&'a [u8]),
    /// Where a file cannot be decoded any further, and why.
    Damaged(&'a str),
}

impl Batch {
    /// Each record with its line.
    pub(super) fn records(&self) -> impl Iterator<Item = (u64, Record<'_>)> {
        self.records.iter().map(|(line, place)| {
            let record = match self.text.damages.get(&place.start) {
                Some(why) => Record::Damaged(why),
                None => Record::Text(self.text.bytes.get(place.clone()).unwrap_or_default()),
            };
            (*line, record)
        })
    }
}

/// What gives batches, one after the other.
pub(super) trait Batches: Send {
    /// The next batch; `None` at the end of the inputs.
    ///
    /// # Errors
    /// `io` and `usage` for an input that cannot be read at all.
    fn next(&mut self) -> Result<Option<Batch>, Failure>;
}

#[cfg(feature = "columns")]
impl Batch {
    /// A batch of cells, which are counted on from this line. Of one that is longer than what is
    /// read of a flow, one byte more is kept.
    pub(super) fn of_cells(cells: &[Option<&[u8]>], limit: usize, line: u64, mark: Mark) -> Self {
        let mut text = Piece::default();
        let kept = |cell: &Option<&[u8]>| cell.map_or(0, |cell| cell.len().min(limit + 1));
        text.bytes.reserve_exact(cells.iter().map(kept).sum());
        let records = (line..).zip(cells).map(|(line, cell)| {
            let start = text.bytes.len();
            let bytes = cell.and_then(|bytes| bytes.get(..kept(cell)));
            text.bytes.extend_from_slice(bytes.unwrap_or_default());
            (line, start..text.bytes.len())
        });
        let records = records.collect();
        Self {
            text: Arc::new(text),
            records,
            mark,
        }
    }

    /// A batch of the damage alone that ends a file.
    pub(super) fn of_damage(why: String, line: u64, mark: Mark) -> Self {
        let mut text = Piece::default();
        text.damaged(why);
        Self {
            text: Arc::new(text),
            records: vec![(line, 0..1)],
            mark,
        }
    }
}

/// How far the input was read, at the end of a batch.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Mark {
    /// Bytes of text, decoded.
    pub(super) bytes: u64,
    pub(super) lines: u64,
    /// SHA-256 of that text.
    pub(super) digest: [u8; 32],
    /// Bytes of the files, as they are: a little more may have been read already.
    pub(super) taken: u64,
}

/// The inputs, cut into batches.
pub(super) struct Records {
    inputs: Ahead,
    taken: Arc<std::sync::atomic::AtomicU64>,
    limit: usize,
    /// What is cut up now, and where the next batch begins in it.
    piece: Arc<Piece>,
    at: usize,
    /// How many records a batch of this piece has.
    share: usize,
    /// The beginning of a line of which the end is in the next piece.
    carry: Vec<u8>,
    has_ended: bool,
    bytes: u64,
    lines: u64,
    digest: Sha256,
}

/// A text that ends where a line does.
#[derive(Default)]
struct Piece {
    bytes: Vec<u8>,
    /// Why there is no record at a place, but a damage.
    damages: BTreeMap<usize, String>,
    /// Of a line that was too long, what follows the part that is in `bytes`: only counted.
    beyond: BTreeMap<usize, Beyond>,
}

/// What was read of a line and not kept: its bytes, and their digest.
struct Beyond {
    bytes: u64,
    digest: [u8; 32],
}

impl Batches for Records {
    fn next(&mut self) -> Result<Option<Batch>, Failure> {
        loop {
            if let Some(batch) = self.cut() {
                return Ok(Some(batch));
            }
            if self.has_ended {
                return Ok(None);
            }
            self.read()?;
        }
    }
}

/// How much is read at once: little enough for many batches in hand, and enough for the lanes of a
/// processor with flows of one claim.
pub(super) const PIECE: usize = 1 << 19;

/// How many records are computed together, at most.
pub(super) const BATCH: usize = 64;

impl Records {
    /// Those of these files, or of standard input, of `limit` bytes at most; of longer ones, one
    /// byte more is kept.
    pub(super) fn new(names: Vec<PathBuf>, limit: usize) -> Self {
        let inputs = Ahead::new(names);
        Self {
            taken: inputs.taken(),
            inputs,
            limit,
            piece: Arc::default(),
            at: 0,
            share: BATCH,
            carry: Vec::new(),
            has_ended: false,
            bytes: 0,
            lines: 0,
            digest: Sha256::new(),
        }
    }

    /// How far it has come. After the last batch there may have been empty lines.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            bytes: self.bytes,
            lines: self.lines,
            digest: self.digest.clone().finalize().into(),
            taken: self.taken.load(std::sync::atomic::Ordering::Relaxed),
        }
    }

    /// Cuts a batch off the piece; `None` where nothing but empty lines is left of it.
    fn cut(&mut self) -> Option<Batch> {
        let rest = self.piece.bytes.get(self.at..).unwrap_or_default();
        let mut records = Vec::with_capacity(self.share);
        let mut end = self.at;
        for newline in memchr_iter(b'\n', rest) {
            let place = end..self.at + newline;
            end = place.end + 1;
            self.lines += 1;
            let line = self.piece.bytes.get(place.clone()).unwrap_or_default();
            if !line.iter().all(u8::is_ascii_whitespace) {
                records.push((self.lines, place));
            }
            if records.len() == self.share {
                break;
            }
        }

        // What was not kept of long lines is a part of what was read, in its place.
        let mut hashed = self.at;
        for (place, beyond) in self.piece.beyond.range(self.at..end) {
            let kept = self.piece.bytes.get(hashed..*place).unwrap_or_default();
            self.digest.update(kept);
            self.digest.update(beyond.digest);
            self.bytes += beyond.bytes;
            hashed = *place;
        }
        let kept = self.piece.bytes.get(hashed..end).unwrap_or_default();
        self.digest.update(kept);
        self.bytes += u64::try_from(end - self.at).unwrap_or_default();
        self.at = end;
        (!records.is_empty()).then(|| Batch {
            text: Arc::clone(&self.piece),
            records,
            mark: self.mark(),
        })
    }

    /// Reads the next piece.
    fn read(&mut self) -> Result<(), Failure> {
        let mut piece = Piece {
            bytes: Vec::with_capacity(PIECE.max(self.carry.len())),
            ..Piece::default()
        };
        piece.bytes.append(&mut self.carry);
        let mut target = PIECE;
        loop {
            match self.inputs.fill(&mut piece.bytes, target)? {
                Filled::Whole => {
                    if let Some(end) = memrchr(b'\n', &piece.bytes) {
                        self.carry = piece.bytes.split_off(end + 1);
                        break;
                    }
                    if piece.bytes.len() > self.limit {
                        self.skip(&mut piece)?;
                        break;
                    }
                    target = piece.bytes.len() + PIECE;
                }
                // The last line of a file ends there, whether it says so or not.
                Filled::EndOfFile => {
                    if piece.bytes.last().is_some_and(|last| *last != b'\n') {
                        piece.bytes.push(b'\n');
                    }
                    if piece.bytes.len() >= PIECE {
                        break;
                    }
                }
                Filled::Damaged(why) => {
                    piece.damaged(why);
                    break;
                }
                Filled::End => {
                    self.has_ended = true;
                    break;
                }
            }
        }
        // Batches of like sizes: a small one would leave lanes empty.
        let count = memchr_iter(b'\n', &piece.bytes).count();
        self.share = count.div_ceil(count.div_ceil(BATCH).max(1)).max(1);
        self.piece = Arc::new(piece);
        self.at = 0;
        Ok(())
    }

    /// Reads past the rest of a line that is too long: `piece` is its beginning.
    fn skip(&mut self, piece: &mut Piece) -> Result<(), Failure> {
        let kept = self.limit + 1;
        let mut digest = Sha256::new();
        let mut bytes = 0;
        let mut beyond = piece.bytes.split_off(kept);
        let mut damage = None;
        loop {
            let end = memchr(b'\n', &beyond);
            let part = beyond
                .get(..end.unwrap_or(beyond.len()))
                .unwrap_or_default();
            digest.update(part);
            bytes += u64::try_from(part.len()).unwrap_or_default();
            if let Some(end) = end {
                self.carry = beyond.split_off(end + 1);
                break;
            }
            beyond.clear();
            match self.inputs.fill(&mut beyond, PIECE)? {
                Filled::Whole => {}
                Filled::EndOfFile if beyond.is_empty() => break,
                Filled::EndOfFile if beyond.ends_with(b"\n") => {}
                Filled::EndOfFile => beyond.push(b'\n'),
                Filled::Damaged(why) => {
                    damage = Some(why);
                    break;
                }
                Filled::End => {
                    self.has_ended = true;
                    break;
                }
            }
        }
        let digest = digest.finalize().into();
        piece.bytes.push(b'\n');
        piece.beyond.insert(kept, Beyond { bytes, digest });
        if let Some(why) = damage {
            piece.damaged(why);
        }
        Ok(())
    }
}

impl Piece {
    /// A damage stands in place of the line that it breaks off.
    fn damaged(&mut self, why: String) {
        let whole = memrchr(b'\n', &self.bytes).map_or(0, |end| end + 1);
        self.bytes.truncate(whole);
        self.damages.insert(whole, why);
        self.bytes.extend_from_slice(b"!\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(files: &[&[u8]], limit: usize) -> (Vec<(u64, String)>, Mark) {
        let directory = tempfile::tempdir().unwrap();
        let names = files.iter().enumerate().map(|(at, file)| {
            let name = directory.path().join(at.to_string());
            std::fs::write(&name, file).unwrap();
            name
        });
        let mut records = Records::new(names.collect(), limit);
        let mut found = Vec::new();
        while let Some(batch) = records.next().unwrap() {
            assert!(batch.records.len() <= BATCH);
            found.extend(batch.records().map(|(line, record)| match record {
                Record::Text(text) => (line, String::from_utf8_lossy(text).into_owned()),
                Record::Damaged(_) => (line, "DAMAGED".to_owned()),
            }));
        }
        (found, records.mark())
    }

    #[test]
    fn a_line_is_a_record_and_an_empty_one_none() {
        let (found, mark) = records(&[b"a\r\n\n \nb\n", b"", b"\xef\xbb\xbfc", b"d\n"], 9);
        let found: Vec<_> = found
            .iter()
            .map(|(line, it)| (*line, it.as_str()))
            .collect();
        assert_eq!(found, [(1, "a\r"), (4, "b"), (5, "c"), (6, "d")]);
        assert_eq!((mark.lines, mark.bytes), (6, 12));
        let text: [u8; 32] = Sha256::digest(b"a\r\n\n \nb\nc\nd\n").into();
        assert_eq!(mark.digest, text);
    }

    #[test]
    fn lines_are_whole_wherever_pieces_end() {
        let line = |at: usize| format!("{at}:{}", "x".repeat(at * 31 % 7919));
        let lines: Vec<_> = (0..1000).map(line).collect();
        let text = lines.join("\n");
        assert!(text.len() > 3 * PIECE);
        let (found, mark) = records(&[text.as_bytes()], 1 << 20);
        assert!(found.iter().map(|(_, it)| it).eq(&lines));
        assert_eq!(mark.bytes, u64::try_from(text.len() + 1).unwrap());
    }

    #[test]
    fn a_line_that_is_too_long_is_one_record_and_is_not_kept() {
        for long in [1 << 20, 3 << 20, (3 << 20) + 17] {
            let text = [b"a\n", "x".repeat(long).as_bytes(), b"\nb\n"].concat();
            let (found, mark) = records(&[&text], 1000);
            let lens: Vec<_> = found.iter().map(|(line, it)| (*line, it.len())).collect();
            assert_eq!((lens[0], lens[2]), ((1, 1), (3, 1)));
            assert!((1001..=PIECE + 1001).contains(&lens[1].1), "{lens:?}");
            assert_eq!(mark.bytes, u64::try_from(text.len()).unwrap());
            let mut other = text.clone();
            other[long] = b'y';
            assert_ne!(records(&[&other], 1000).1.digest, mark.digest);
        }
    }

    #[test]
    fn a_damage_stands_where_the_text_breaks_off() {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        encoder.write_all(b"a\nb\nhalf").unwrap();
        let mut file = encoder.finish().unwrap();
        let at = file.len() - 1;
        file[at] ^= 1;
        let (found, _) = records(&[&file, b"c\n"], 1000);
        let found: Vec<_> = found
            .iter()
            .map(|(line, it)| (*line, it.as_str()))
            .collect();
        assert_eq!(found, [(1, "a"), (2, "b"), (3, "DAMAGED"), (4, "c")]);
    }
}
