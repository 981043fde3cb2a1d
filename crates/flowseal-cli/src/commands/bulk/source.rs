//! Where the records come from: files one after the other, each plain or compressed, as its first
//! bytes say.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::GzDecoder;
use flowseal::ErrorCode;

use crate::failure::Failure;
use crate::names::Name;

/// The inputs, as one stream of lines.
pub(super) struct Inputs {
    rest: std::vec::IntoIter<PathBuf>,
    current: Option<Current>,
    /// Bytes as they are in the files, for whoever shows how far it is.
    taken: Arc<AtomicU64>,
}

/// What has become of a buffer that was to be filled.
#[derive(Debug)]
pub(super) enum Filled {
    /// It is full.
    Whole,
    /// A file ended.
    EndOfFile,
    /// The rest of a file cannot be decoded; the sentence says why.
    Damaged(String),
    /// There are no more files.
    End,
}

struct Current {
    name: PathBuf,
    stream: Box<dyn Read + Send>,
    /// Why the file itself could not be read, where that is so: no decoder is to blame then.
    failed: Failed,
    is_compressed: bool,
    is_begun: bool,
    decoded: u64,
}

type Failed = Arc<Mutex<Option<io::Error>>>;

impl Inputs {
    /// Those of these names, of which nothing is opened yet; standard input where there are none.
    pub(super) fn new(mut names: Vec<PathBuf>) -> Self {
        if names.is_empty() {
            names.push(PathBuf::from("-"));
        }
        Self {
            rest: names.into_iter(),
            current: None,
            taken: Arc::default(),
        }
    }

    /// How many bytes of the files were read, to be looked at from elsewhere.
    pub(super) fn taken(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }

    /// Reads on until `text` has `len` bytes, or a file ends.
    ///
    /// # Errors
    /// `io` for a file that is not there or that the system cannot read, `usage` for one of a kind
    /// that is not read here.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, len: usize) -> Result<Filled, Failure> {
        if self.current.is_none() {
            match self.rest.next() {
                Some(name) => self.current = Some(Current::open(name, &self.taken)?),
                None => return Ok(Filled::End),
            }
        }
        let Some(current) = &mut self.current else {
            return Ok(Filled::End);
        };
        let filled = current.fill(text, len)?;
        if !matches!(filled, Filled::Whole) {
            self.current = None;
        }
        Ok(filled)
    }
}

impl Current {
    fn open(name: PathBuf, taken: &Arc<AtomicU64>) -> Result<Self, Failure> {
        let file: Box<dyn Read + Send> = match name == Path::new("-") {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(&name).map_err(|error| unreadable(&name, &error))?),
        };
        let failed = Failed::default();
        let mut raw = Raw {
            file,
            taken: Arc::clone(taken),
            failed: Arc::clone(&failed),
        };
        let mut head = Vec::with_capacity(4);
        let read = (&mut raw).take(4).read_to_end(&mut head);
        read.map_err(|error| unreadable(&name, &error))?;
        let kind = Kind::of(&head);
        let raw = Cursor::new(head).chain(raw);
        Ok(Self {
            stream: kind.decoded(&name, raw)?,
            name,
            failed,
            is_compressed: kind != Kind::Plain,
            is_begun: false,
            decoded: 0,
        })
    }

    fn fill(&mut self, text: &mut Vec<u8>, len: usize) -> Result<Filled, Failure> {
        let before = text.len();
        let read = self.read(text, len);
        let count = text.len().saturating_sub(before);
        self.decoded += u64::try_from(count).unwrap_or_default();
        match read {
            Ok(()) if text.len() >= len => Ok(Filled::Whole),
            Ok(()) => Ok(Filled::EndOfFile),
            Err(error) => self.judge(&error),
        }
    }

    fn read(&mut self, text: &mut Vec<u8>, len: usize) -> io::Result<()> {
        if !self.is_begun {
            self.is_begun = true;
            let begin = text.len();
            let bom = u64::try_from(BOM.len()).unwrap_or_default();
            (&mut self.stream).take(bom).read_to_end(text)?;
            if text.get(begin..) == Some(BOM) {
                text.truncate(begin);
            }
        }
        let missing = len.saturating_sub(text.len());
        text.reserve_exact(missing);
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        (&mut self.stream).take(missing).read_to_end(text)?;
        Ok(())
    }

    /// Tells a file that cannot be read from one that cannot be decoded.
    fn judge(&mut self, error: &io::Error) -> Result<Filled, Failure> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match failed.as_ref() {
            Some(own) => Err(unreadable(&self.name, own)),
            None if self.is_compressed => Ok(Filled::Damaged(format!(
                "{}: what is compressed here is damaged after {} bytes of text ({error}): the \
                 records before it are done, so get the file anew",
                shown(&self.name),
                self.decoded
            ))),
            None => Err(unreadable(&self.name, error)),
        }
    }
}

/// The mark that some editors put before a text of UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Plain,
    Gzip,
    Zstd,
    Parquet,
    /// What holds no flow that could be read here, and what makes lines of it.
    Other(&'static str, &'static str),
}

impl Kind {
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            // RFC 1952, section 2.3.1.
            [0x1f, 0x8b, ..] => Self::Gzip,
            // RFC 8878, sections 3.1.1 and 3.1.2: a frame, or one that is to be skipped.
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Self::Zstd,
            b"PAR1" => Self::Parquet,
            // No JSON begins like these, and each line of them would be a row without sense.
            [0xfd, b'7', b'z', b'X'] => Self::Other("xz", "xz -dc"),
            [b'B', b'Z', b'h', ..] => Self::Other("bzip2", "bzip2 -dc"),
            [0x04, 0x22, 0x4d, 0x18] => Self::Other("LZ4", "lz4 -dc"),
            b"PK\x03\x04" => Self::Other("a zip", "unzip -p"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                Self::Other("UTF-16", "iconv -f UTF-16 -t UTF-8")
            }
            _ => Self::Plain,
        }
    }

    /// Refuses what is not read here.
    fn check(self, name: &Path) -> Result<(), Failure> {
        let what = match self {
            Self::Plain | Self::Gzip => return Ok(()),
            Self::Zstd if cfg!(feature = "columns") => return Ok(()),
            Self::Zstd => lacking("zstd, unless zstd -dc is before it in a pipe,"),
            Self::Parquet if cfg!(feature = "columns") => {
                "this is Parquet: name the column of the flows with --column, and give Parquet alone"
                    .to_owned()
            }
            Self::Parquet => lacking("Parquet"),
            Self::Other(kind, command) => {
                format!("this is {kind}, which is not read here: put {command} before it in a pipe")
            }
        };
        Err(Failure::new(
            ErrorCode::Usage,
            format!("{}: {what}", shown(name)),
        ))
    }

    fn decoded(
        self,
        name: &Path,
        raw: impl Read + Send + 'static,
    ) -> Result<Box<dyn Read + Send>, Failure> {
        self.check(name)?;
        match self {
            Self::Gzip => Ok(Box::new(Gzip::new(BufReader::with_capacity(BLOCK, raw)))),
            #[cfg(feature = "columns")]
            Self::Zstd => {
                let raw = BufReader::with_capacity(BLOCK, raw);
                let decoder = zstd::Decoder::with_buffer(raw);
                Ok(Box::new(decoder.map_err(|error| unreadable(name, &error))?))
            }
            _ => Ok(Box::new(raw)),
        }
    }
}

/// What a build without the feature `columns` says.
pub(super) fn lacking(what: &str) -> String {
    format!(
        "{what} needs the feature columns, which this build of flowseal lacks: take a released \
         build, or make one with cargo build --release -p flowseal-cli --features columns"
    )
}

/// How much of a compressed file is read at once.
const BLOCK: usize = 1 << 16;

/// Looks at the files before anything is begun, that they are there and of a kind that is read, and
/// gives all their bytes; `None` where one is a pipe, which does not know.
///
/// # Errors
/// `io` and `usage` for a file that cannot be an input.
pub(super) fn look(names: &[PathBuf], has_column: bool) -> Result<Option<u64>, Failure> {
    let mut bytes = (!names.is_empty()).then_some(0);
    for name in names {
        let metadata = match name == Path::new("-") {
            true => None,
            false => Some(name.metadata().map_err(|error| unreadable(name, &error))?),
        };
        match metadata {
            Some(it) if it.is_dir() => {
                let what = "this is a directory: give the files in it";
                return Err(Failure::new(ErrorCode::Usage, what).about(name));
            }
            // What is taken from a pipe is gone: it is looked at when its turn comes.
            Some(it) if it.is_file() => {
                bytes = bytes.map(|bytes| bytes + it.len());
                let mut head = Vec::new();
                let file = File::open(name).map_err(|error| unreadable(name, &error))?;
                let read = file.take(4).read_to_end(&mut head);
                read.map_err(|error| unreadable(name, &error))?;
                if !has_column {
                    Kind::of(&head).check(name)?;
                }
            }
            _ => bytes = None,
        }
    }
    Ok(bytes)
}

/// A file that counts what is taken of it, and remembers why it could not be read.
struct Raw {
    file: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
    failed: Failed,
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.file.read(buffer) {
            Ok(count) => {
                let count_u64 = u64::try_from(count).unwrap_or_default();
                self.taken.fetch_add(count_u64, Ordering::Relaxed);
                Ok(count)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let told = io::Error::new(error.kind(), error.to_string());
                *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
                Err(error)
            }
        }
    }
}

/// All members of a gzip file. Zeros at its end, which tapes and block devices leave, are its end.
///
/// `flate2::MultiGzDecoder` reports such zeros as one of two errors, after all data.
struct Gzip<R: BufRead>(Option<Member<R>>);

enum Member<R: BufRead> {
    Inside(GzDecoder<R>),
    Between(R),
}

impl<R: BufRead> Gzip<R> {
    fn new(file: R) -> Self {
        Self(Some(Member::Inside(GzDecoder::new(file))))
    }

    /// From the end of a member to the next; `None` at the end of the file.
    fn next(mut file: R) -> io::Result<Option<Member<R>>> {
        let mut has_zeros = false;
        loop {
            let (zeros, is_all) = match file.fill_buf()? {
                [] => return Ok(None),
                rest => {
                    let zeros = rest.iter().take_while(|byte| **byte == 0).count();
                    (zeros, zeros == rest.len())
                }
            };
            file.consume(zeros);
            has_zeros |= zeros > 0;
            if !is_all {
                break;
            }
        }
        match file.fill_buf()?.first() {
            Some(0x1f) if !has_zeros => Ok(Some(Member::Inside(GzDecoder::new(file)))),
            _ => Err(io::Error::new(
                ErrorKind::InvalidData,
                "something that is not gzip follows",
            )),
        }
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.0.take() {
                None => return Ok(0),
                Some(Member::Inside(mut member)) => match member.read(buffer) {
                    Ok(0) => self.0 = Some(Member::Between(member.into_inner())),
                    Ok(count) => {
                        self.0 = Some(Member::Inside(member));
                        return Ok(count);
                    }
                    Err(error) => {
                        if error.kind() == ErrorKind::Interrupted {
                            self.0 = Some(Member::Inside(member));
                        }
                        return Err(error);
                    }
                },
                Some(Member::Between(file)) => self.0 = Self::next(file)?,
            }
        }
    }
}

fn unreadable(name: &Path, error: &io::Error) -> Failure {
    let sentence = format!("cannot be read ({error}): check the name, and that you may read it");
    let what = format!("{}: {sentence}", shown(name));
    Failure::new(ErrorCode::Io, what)
}

fn shown(name: &Path) -> String {
    match name == Path::new("-") {
        true => "standard input".to_owned(),
        false => Name(name).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(file: &[u8]) -> (Vec<u8>, Option<ErrorKind>) {
        let mut text = Vec::new();
        let read = Gzip::new(file).read_to_end(&mut text);
        (text, read.err().map(|error| error.kind()))
    }

    #[test]
    fn members_and_zeros_are_read_and_anything_else_is_said() {
        let two = [member(b"one\n"), member(b"two\n")].concat();
        assert_eq!(read(&two), (b"one\ntwo\n".to_vec(), None));
        let padded = [two.as_slice(), &[0; 1000]].concat();
        assert_eq!(read(&padded), (b"one\ntwo\n".to_vec(), None));
        for more in [&b"x"[..], b"\0x", b"\0\x1f\x8b"] {
            let (text, error) = read(&[two.as_slice(), more].concat());
            assert_eq!(text, b"one\ntwo\n", "{more:?}");
            assert_eq!(error, Some(ErrorKind::InvalidData), "{more:?}");
        }
        assert!(read(&two[..two.len() - 1]).1.is_some());
        assert!(read(&two[..two.len() - 30]).1.is_some());
    }

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        for (head, kind) in [
            (&b""[..], Kind::Plain),
            (b"{\"st", Kind::Plain),
            (b"\x1f\x8b\x08\0", Kind::Gzip),
            (b"\x28\xb5\x2f\xfd", Kind::Zstd),
            (b"\x5a\x2a\x4d\x18", Kind::Zstd),
            (b"PAR1", Kind::Parquet),
            (b"PK\x03\x04", Kind::Other("a zip", "unzip -p")),
        ] {
            assert_eq!(Kind::of(head), kind, "{head:?}");
        }
    }
}
