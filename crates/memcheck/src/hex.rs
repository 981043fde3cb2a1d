//! Hexadecimal digits.

/// The bytes of a number that is written in hexadecimal digits.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let value = |digit: &u8| u8::try_from(char::from(*digit).to_digit(16).unwrap()).unwrap();
    let byte = |pair: &[u8]| {
        pair.iter()
            .fold(0, |byte, digit| (byte << 4) | value(digit))
    };
    digits.as_bytes().rchunks(2).rev().map(byte).collect()
}
