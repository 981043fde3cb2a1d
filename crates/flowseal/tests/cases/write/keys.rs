//! Key files.

use flowseal::testkit::Persona;
use flowseal::{Error, ErrorCode};
use serde_json::json;

use super::{Table, profile_of};

impl Table {
    /// Key files in both roles.
    pub(super) fn keys(&mut self) {
        for (file, code) in [
            ("app-2048.pem", None),
            ("app-2048.der", None),
            ("app-2048.pkcs1.pem", None),
            ("app-2048.pkcs1.der", None),
            ("app-3072.pem", None),
            ("app-4096.pem", None),
            ("exponent-3.pem", None),
            ("key-and-cert.pem", None),
            ("key-and-dh.pem", None),
            ("literal-line-ends.pem", None),
            ("byte-order-mark.pem", None),
            ("not-utf8-around.pem", None),
            ("prime-512.pem", None),
            ("prime-511.pem", Some(ErrorCode::KeyWeak)),
            ("utf16.pem", Some(ErrorCode::KeyFormat)),
            ("begin-typo.pem", Some(ErrorCode::KeyFormat)),
            ("cut.pem", Some(ErrorCode::KeyFormat)),
            ("bare-base64.txt", Some(ErrorCode::KeyFormat)),
            ("pss-sha256.pub.pem", Some(ErrorCode::KeyKind)),
            ("app-2048.encrypted.pem", Some(ErrorCode::KeyPassphrase)),
            ("costly-kdf.pem", Some(ErrorCode::KeyPassphrase)),
            ("app-2048.legacy.pem", Some(ErrorCode::KeyKind)),
            ("app-2048.openssh.pem", Some(ErrorCode::KeyKind)),
            ("app.p12", Some(ErrorCode::KeyKind)),
            ("ec.pem", Some(ErrorCode::KeyKind)),
            ("ec.sec1.pem", Some(ErrorCode::KeyKind)),
            ("pss.pem", Some(ErrorCode::KeyKind)),
            ("multi-prime.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.pub.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.cert.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.jwk", Some(ErrorCode::KeyKind)),
            ("mislabelled.pem", Some(ErrorCode::KeyFormat)),
            ("trailing.der", Some(ErrorCode::KeyFormat)),
            ("garbage.txt", Some(ErrorCode::KeyFormat)),
            ("two-keys.pem", Some(ErrorCode::KeyAmbiguous)),
            ("weak-1024.pem", Some(ErrorCode::KeySize)),
            ("roca.pem", Some(ErrorCode::KeyWeak)),
            ("close-primes.pem", Some(ErrorCode::KeyWeak)),
            ("wrong-n.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-d.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-dp.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-dq.pem", Some(ErrorCode::KeyInvalid)),
            ("wrong-qinv.pem", Some(ErrorCode::KeyInvalid)),
        ] {
            let case = json!({ "operation": "load_decrypting_key", "keys": [file] });
            self.key(&format!("decrypting-key/{file}"), case, code);
        }
        for (passphrase, code) in [
            ("correct horse", None),
            ("correct horse ", Some(ErrorCode::KeyPassphrase)),
        ] {
            let case = json!({ "operation": "load_decrypting_key", "keys": ["app-2048.encrypted.pem"], "passphrase": passphrase });
            self.key(
                &format!("decrypting-key/passphrase {passphrase:?}"),
                case,
                code,
            );
        }
        for (file, code) in [
            ("hmac-sha1.pem", None),
            ("des3.pem", Some(ErrorCode::KeyPassphrase)),
            ("pbe-sha1-des.pem", Some(ErrorCode::KeyPassphrase)),
        ] {
            let case = json!({ "operation": "load_decrypting_key", "keys": [file], "passphrase": "correct horse" });
            self.key(&format!("decrypting-key/{file}"), case, code);
        }
        for (file, code) in [
            ("user-2048.pub.pem", None),
            ("bits-2047.jwk", Some(ErrorCode::KeySize)),
            ("bits-2048.jwk", None),
            ("bits-8192.jwk", None),
            ("bits-8193.jwk", Some(ErrorCode::KeySize)),
            ("exponent-1.jwk", Some(ErrorCode::KeySize)),
            ("exponent-5.jwk", None),
            ("exponent-65536.jwk", Some(ErrorCode::KeySize)),
            ("exponent-33-bits.jwk", None),
            ("exponent-34-bits.jwk", Some(ErrorCode::KeySize)),
            ("user-2048.pub.der", None),
            ("user-2048.pkcs1.pub.pem", None),
            ("user-2048.cert.pem", None),
            ("user-2048.cert.der", None),
            ("user-2048.jwk", None),
            ("users.jwks", None),
            ("byte-order-mark.jwk", None),
            ("one-unusable.jwks", None),
            ("none-usable.jwks", Some(ErrorCode::KeyKind)),
            ("key-ops-sign.jwk", Some(ErrorCode::KeyKind)),
            ("utf16.pub.pem", Some(ErrorCode::KeyFormat)),
            ("prime-modulus.jwk", Some(ErrorCode::KeyWeak)),
            ("square.jwk", Some(ErrorCode::KeyWeak)),
            ("small-factor.jwk", Some(ErrorCode::KeyWeak)),
            ("none-fits.jwks", Some(ErrorCode::KeyKind)),
            ("private.jwk", Some(ErrorCode::KeyKind)),
            ("user-2048.pem", Some(ErrorCode::KeyKind)),
            ("user-2048.ssh.pub", Some(ErrorCode::KeyKind)),
            ("ec.pub.pem", Some(ErrorCode::KeyKind)),
            ("weak-1024.pub.pem", Some(ErrorCode::KeySize)),
            ("exponent-3.pub.pem", Some(ErrorCode::KeySize)),
            ("roca.pub.pem", Some(ErrorCode::KeyWeak)),
            ("garbage.txt", Some(ErrorCode::KeyFormat)),
        ] {
            let case = json!({ "operation": "load_verifying_key", "verify_keys": [file] });
            self.key(&format!("verifying-key/{file}"), case, code);
        }
        for (algorithm, code) in [("PS256", None), ("PS512", Some(ErrorCode::KeyKind))] {
            let case = json!({
                "operation": "load_verifying_key",
                "verify_keys": ["pss-sha256.pub.pem"],
                "profile": { "algorithm": algorithm },
            });
            self.key(
                &format!("verifying-key/pss-sha256 for {algorithm}"),
                case,
                code,
            );
        }
    }

    /// A user's key under id-RSASSA-PSS: the same key, for PS* alone.
    pub(super) fn restricted_keys(&mut self) -> Result<(), Error> {
        for algorithm in ["RS256", "PS256", "PS512"] {
            let profile = json!({ "algorithm": algorithm });
            let response = self
                .sealed(&Persona::ADA, &profile_of(&profile)?)?
                .to_json();
            let case = json!({ "operation": "verify", "response": response, "profile": profile,
                "verify_keys": ["user-2048.pss.pub.pem"] });
            let name = format!("restricted-key/{algorithm}");
            match algorithm.starts_with("PS") {
                true => self.passed(&name, case, json!({ "passed": ["signature"] })),
                false => self.refused(&name, case, ErrorCode::KeyKind),
            }
        }
        Ok(())
    }
}
