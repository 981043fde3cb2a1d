//! The files of a service account's zip, inflated within bounds.

use miniz_oxide::inflate::decompress_slice_iter_to_slice;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};

use super::account_error;
use crate::error::Error;
use crate::ground::secret::SecretBytes;
use crate::text_file::Looks;

/// The files of an archive that make up service accounts.
pub(super) struct Files {
    /// Every `config.json`, in whichever folder.
    pub(super) configs: Vec<SecretBytes>,
    /// Every `*.pem`.
    pub(super) pems: Vec<SecretBytes>,
}

impl Files {
    /// Takes the files out of a zip.
    ///
    /// A file's name decides whether it is inflated, by its last part alone: nothing is written
    /// anywhere, so a name that climbs out of its folder leads nowhere.
    pub(super) fn unpack(zip: &[u8]) -> Result<Self, Error> {
        if zip.len() > MAX_ZIP_LEN {
            return Err(account_error(
                "the zip is {} bytes long, and a service account has at most {}: give the file as pasby's console made it",
                [zip.len().into(), MAX_ZIP_LEN.into()],
            ));
        }
        let archive = ZipArchive::from_slice(zip).map_err(|_| not_a_zip(zip))?;
        let mut files = Self {
            configs: Vec::new(),
            pems: Vec::new(),
        };
        let mut inflated = 0;
        let mut count = 0;
        for entry in archive.entries() {
            let entry = entry.map_err(|_| damaged())?;
            count += 1;
            if count > MAX_ENTRIES {
                return Err(account_error(
                    "the zip has more than {} files: give the one of a single service account",
                    [MAX_ENTRIES.into()],
                ));
            }
            let path = entry.file_path();
            let is_separator = |byte: &u8| matches!(byte, b'/' | b'\\');
            let name = path.as_bytes().rsplit(is_separator).next();
            let files = match name.unwrap_or_default() {
                // The Finder's companions of files, which are neither JSON nor PEM.
                name if name.starts_with(b"._") => continue,
                name if name.eq_ignore_ascii_case(b"config.json") => &mut files.configs,
                name if name.to_ascii_lowercase().ends_with(b".pem") => &mut files.pems,
                _ => continue,
            };
            let file = inflate(&archive, &entry, count)?;
            inflated += file.len();
            if inflated > MAX_INFLATED_LEN {
                return Err(account_error(
                    "the zip's files are longer than {} bytes together: this is not a service account",
                    [MAX_INFLATED_LEN.into()],
                ));
            }
            files.push(file);
        }
        if usize::try_from(archive.entries_hint()).ok() != Some(count) {
            return Err(damaged());
        }
        Ok(files)
    }
}

/// Inflates one file into memory of exactly its length, so that nothing else ever holds it.
fn inflate(
    archive: &ZipSliceArchive<&[u8]>,
    entry: &ZipFileHeaderRecord<'_>,
    place: usize,
) -> Result<SecretBytes, Error> {
    let place = || place.into();
    if entry.flags().is_encrypted() {
        return Err(account_error(
            "file {} of the zip is encrypted: unpack the zip with its password, and give the files",
            [place()],
        ));
    }
    // The length is the archive's claim. It is bounded before memory is taken, and held against
    // what comes out.
    let len = usize::try_from(entry.uncompressed_size_hint())
        .ok()
        .filter(|&len| len <= MAX_FILE_LEN)
        .ok_or_else(|| {
            account_error(
                "file {} of the zip is longer than {} bytes, which no part of a service account is",
                [place(), MAX_FILE_LEN.into()],
            )
        })?;
    let mut file = SecretBytes::zeroed(len);
    let packed = archive
        .get_entry(entry.wayfinder())
        .map_err(|_| damaged())?
        .data();
    let unpacked = match entry.compression_method() {
        CompressionMethod::STORE if packed.len() == len => {
            file.expose_secret_mut().copy_from_slice(packed);
            Some(len)
        }
        // Into the slice itself: the decoder keeps no window of its own, only code tables.
        CompressionMethod::DEFLATE => {
            let packed = std::iter::once(packed);
            decompress_slice_iter_to_slice(file.expose_secret_mut(), packed, false, true).ok()
        }
        CompressionMethod::STORE => None,
        _ => {
            return Err(account_error(
                "file {} of the zip is packed in a way that is not read: pack it again with deflate",
                [place()],
            ));
        }
    };
    if unpacked != Some(len) || rawzip::crc32(file.expose_secret()) != entry.crc32() {
        return Err(damaged());
    }
    Ok(file)
}

fn not_a_zip(found: &[u8]) -> Error {
    let looks = Looks::of(found);
    if looks == Looks::Zip {
        return damaged();
    }
    account_error(
        "expected a service account's zip and found {}: give the zip, or config.json together with its PEM files",
        [looks.name().into()],
    )
}

fn damaged() -> Error {
    account_error(
        "the zip is damaged: fetch it again from pasby's console",
        [],
    )
}

/// A service account is a few keys of some kilobytes. These bounds leave room for company in the
/// zip, and none for a bomb.
const MAX_ZIP_LEN: usize = 1 << 20;
const MAX_ENTRIES: usize = 64;
const MAX_FILE_LEN: usize = 1 << 16;
const MAX_INFLATED_LEN: usize = 1 << 18;

/// A zip of these files: APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16, with the fields that no
/// reader needs left zero.
#[cfg(test)]
pub(super) fn packed(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (index, (name, text)) in files.iter().enumerate() {
        // By turns, as real ones have both.
        let (method, data) = match index % 2 {
            0 => (
                8u16,
                miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6),
            ),
            _ => (0, text.as_bytes().to_vec()),
        };
        let len = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
        let mut common = [[20, 0, 0, 0].as_slice(), &method.to_le_bytes(), &[0; 4]].concat();
        common.extend(rawzip::crc32(text.as_bytes()).to_le_bytes());
        common.extend([len(data.len()), len(text.len())].concat());
        common.extend(&len(name.len())[..2]);
        common.extend([0; 2]);

        let offset = len(zip.len());
        zip.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), &data].concat());
        let entry: [&[u8]; _] = [b"PK\x01\x02\x14\0", &common, &[0; 10], &offset];
        directory.extend(entry.concat());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let len = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
    let (start, size) = (len(zip.len()), len(directory.len()));
    let end: [&[u8]; _] = [
        b"PK\x05\x06",
        &[0; 4],
        &count,
        &count,
        &size,
        &start,
        &[0; 2],
    ];
    [zip, directory, end.concat()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    fn unpack(zip: &[u8]) -> Result<Files, String> {
        Files::unpack(zip).map_err(|error| {
            assert_eq!(error.code(), ErrorCode::ServiceAccount);
            error.to_string()
        })
    }

    fn refusal(zip: &[u8]) -> String {
        unpack(zip).err().expect("a refusal")
    }

    /// A zip of one file, with these bytes written over its entry in the directory.
    fn patched(text: &str, offset: usize, bytes: &[u8]) -> Vec<u8> {
        let mut zip = packed(&[("config.json", text)]);
        let entry = zip.windows(4).rposition(|window| window == b"PK\x01\x02");
        let start = entry.unwrap() + offset;
        zip[start..start + bytes.len()].copy_from_slice(bytes);
        zip
    }

    /// Offsets into an entry of the directory: APPNOTE.TXT, section 4.3.12.
    const FLAGS: usize = 8;
    const METHOD: usize = 10;
    const CRC: usize = 16;
    const LEN: usize = 24;

    #[test]
    fn both_sides_of_the_bounds() {
        let text = |len: usize| "x".repeat(len);
        let one = |len| packed(&[("config.json", text(len).as_str())]);
        let config = unpack(&one(MAX_FILE_LEN)).unwrap().configs;
        assert!(config[0].expose_secret() == text(MAX_FILE_LEN).as_bytes());
        assert!(refusal(&one(MAX_FILE_LEN + 1)).contains("longer than"));

        let several = |count: usize, len| {
            let text = text(len);
            let names: Vec<_> = (0..count).map(|index| format!("{index}.pem")).collect();
            let files: Vec<_> = names
                .iter()
                .map(|name| (name.as_str(), text.as_str()))
                .collect();
            packed(&files)
        };
        assert_eq!(unpack(&several(4, MAX_FILE_LEN)).unwrap().pems.len(), 4);
        assert!(refusal(&several(5, MAX_FILE_LEN)).contains("together"));
        assert_eq!(unpack(&several(64, 1)).unwrap().pems.len(), 64);
        assert!(refusal(&several(65, 1)).contains("more than 64 files"));
    }

    #[test]
    fn a_bomb_is_refused_whatever_it_claims() {
        let zeros = "\0".repeat(10 << 20);
        assert!(refusal(&packed(&[("config.json", &zeros)])).contains("longer than"));
        let claim = 100u32.to_le_bytes();
        assert!(refusal(&patched(&zeros, LEN, &claim)).contains("damaged"));
        let claim = u32::MAX.to_le_bytes();
        assert!(refusal(&patched("{}", LEN, &claim)).contains("longer than"));
    }

    #[test]
    fn what_does_not_come_out_as_claimed_is_refused() {
        assert!(refusal(&patched("{}", LEN, &3u32.to_le_bytes())).contains("damaged"));
        assert!(refusal(&patched("{}", CRC, &[0; 4])).contains("damaged"));
        assert!(refusal(&patched("{}", FLAGS, &[1, 0])).contains("encrypted"));
        assert!(refusal(&patched("{}", METHOD, &[12, 0])).contains("a way that is not read"));
        assert!(refusal(&patched("{}", METHOD, &[0, 0])).contains("damaged"));
    }

    #[test]
    fn what_is_no_zip_is_named() {
        for (bytes, words) in [
            (b"".as_slice(), "found an empty file"),
            (b"hello", "found something else"),
            (b"{}", "found JSON"),
            (b"-----BEGIN PRIVATE KEY-----", "found PEM"),
            (b"PK\x03\x04", "damaged"),
        ] {
            assert!(refusal(bytes).contains(words));
        }
        assert!(refusal(&vec![0; MAX_ZIP_LEN + 1]).contains("at most"));
    }

    #[test]
    fn no_change_of_a_byte_makes_it_panic() {
        let zip = packed(&[("config.json", "{}"), ("a.pem", "aaaaaaaaaaaaaaaaaaaaaa")]);
        for index in 0..zip.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut zip = zip.clone();
                zip[index] = value;
                let _ = Files::unpack(&zip);
                let _ = Files::unpack(&zip[..index]);
            }
        }
    }
}
