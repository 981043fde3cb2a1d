//! Zips as other programs write them, from APPNOTE.TXT alone: files stored as they are.

/// A zip of these files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let header = common(name, content);
        // Made by version 1.0; no comment, first disk, no attributes: section 4.3.12.
        directory.extend_from_slice(b"PK\x01\x02\x0a\0");
        directory.extend_from_slice(&header);
        directory.extend_from_slice(&[0; 10]);
        directory.extend(u32_of(zip.len()));
        directory.extend_from_slice(name.as_bytes());
        // Section 4.3.7.
        zip.extend_from_slice(b"PK\x03\x04");
        zip.extend_from_slice(&header);
        zip.extend_from_slice(name.as_bytes());
        zip.extend_from_slice(content);
    }
    // One disk, no comment: section 4.3.16.
    let (offset, len) = (u32_of(zip.len()), u32_of(directory.len()));
    let count = u16_of(files.len());
    zip.extend(directory);
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    zip.extend([count, count].concat());
    zip.extend([len, offset].concat());
    zip.extend_from_slice(&[0; 2]);
    zip
}

/// What both headers of a file hold: version 1.0, no flags, stored, no time; CRC and lengths.
fn common(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = vec![0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    header.extend(crc32(content).to_le_bytes());
    header.extend([u32_of(content.len()), u32_of(content.len())].concat());
    header.extend(u16_of(name.len()));
    header.extend_from_slice(&[0; 2]);
    header
}

/// The CRC of section 4.4.7, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

fn u16_of(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap().to_le_bytes()
}

fn u32_of(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap().to_le_bytes()
}
