//! No secret of a file in a sentence: not in an error, a warning or a `Debug`, whatever the file.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use flowseal::{DecryptingKey, ErrorCode, VerifyingKey};

/// The label of a PEM block was once taken up to the next five dashes, over lines, and quoted.
#[test]
fn a_begin_line_that_lost_a_dash_is_named_and_nothing_of_the_file_is_quoted() {
    let pem = include_str!("vectors/keys/ec.sec1.pem");
    let typo = pem.replacen("KEY-----", "KEY----", 1);
    let body: String = pem.lines().nth(1).unwrap().to_owned();
    for error in [
        DecryptingKey::load(typo.as_bytes()).unwrap_err(),
        VerifyingKey::load(typo.as_bytes()).unwrap_err(),
    ] {
        assert_eq!(error.code(), ErrorCode::KeyFormat);
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("a BEGIN line that does not end in five dashes"),
            "{shown}"
        );
        let quoted = body
            .as_bytes()
            .windows(6)
            .find(|piece| shown.as_bytes().windows(6).any(|window| window == *piece));
        assert_eq!(quoted, None, "{shown}");
    }
}
