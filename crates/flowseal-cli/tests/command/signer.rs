//! The example of a signer over HTTP opens the sample's claims.

use std::path::Path;
use std::process::Command;

#[test]
fn a_signer_over_http_opens_a_flow() {
    // Cargo builds a package's examples with its tests, beside its binaries.
    let example = Path::new(env!("CARGO_BIN_EXE_flowseal"))
        .with_file_name("examples")
        .join(format!("signer_http{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(example).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(text.contains("naming.given: Adébáyọ̀"), "{text}");
    assert_eq!(text.lines().count(), 9);
}
