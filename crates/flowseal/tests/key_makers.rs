//! Keys that other people's tools have made, in the forms and under the encryptions that each has.
//!
//! Each test needs one tool and is named after it; `cargo xtask test` runs those whose tool is
//! there, and skips the others by name. A table of what is read stands in `docs/keys.md`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use flowseal::profile::Algorithm;
use flowseal::{DecryptingKey, Error, ErrorCode, VerifyingKey};

const PASSPHRASE: &str = "bi-owe-1";

#[test]
#[ignore = "needs openssl: cargo xtask test"]
fn openssl() {
    let place = Place::new("openssl");
    place.run("openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out key.pem");
    place.run("openssl pkey -in key.pem -pubout -out key.pub.pem");
    let expected = place.fingerprint("key.pub.pem");
    for (form, command) in [
        (
            "pkcs8.der",
            "openssl pkcs8 -topk8 -nocrypt -outform DER -in key.pem",
        ),
        ("pkcs1.pem", "openssl rsa -traditional -in key.pem"),
        (
            "pkcs1.der",
            "openssl rsa -traditional -outform DER -in key.pem",
        ),
        (
            "default.pem",
            "openssl pkcs8 -topk8 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "aes128.pem",
            "openssl pkcs8 -topk8 -v2 aes128 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "aes192.der",
            "openssl pkcs8 -topk8 -v2 aes192 -outform DER -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "sha1.pem",
            "openssl pkcs8 -topk8 -v2prf hmacWithSHA1 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "sha224.pem",
            "openssl pkcs8 -topk8 -v2prf hmacWithSHA224 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "sha384.pem",
            "openssl pkcs8 -topk8 -v2prf hmacWithSHA384 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "sha512.pem",
            "openssl pkcs8 -topk8 -v2prf hmacWithSHA512 -iter 600000 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "sha512-256.pem",
            "openssl pkcs8 -topk8 -v2prf hmacWithSHA512-256 -in key.pem -passout pass:bi-owe-1",
        ),
        (
            "scrypt.pem",
            "openssl pkcs8 -topk8 -scrypt -in key.pem -passout pass:bi-owe-1",
        ),
    ] {
        place.run(&format!("{command} -out {form}"));
        let key = place.decrypting(form).unwrap();
        assert_eq!(key.fingerprint().to_string(), expected, "{form}");
    }
    for (form, command) in [
        ("pub.der", "openssl pkey -in key.pem -pubout -outform DER"),
        ("pub.pkcs1.pem", "openssl rsa -in key.pem -RSAPublicKey_out"),
        (
            "cert.pem",
            "openssl req -x509 -new -key key.pem -subj /CN=ada -days 1",
        ),
        (
            "cert.der",
            "openssl req -x509 -new -key key.pem -subj /CN=ada -days 1 -outform DER",
        ),
    ] {
        place.run(&format!("{command} -out {form}"));
        assert_eq!(place.fingerprint(form), expected, "{form}");
    }
    // A bag of PKCS#12 as PEM: attributes and a certificate around the key.
    place.run("openssl pkcs12 -export -in cert.pem -inkey key.pem -name Jürgen -out key.p12 -passout pass:bi-owe-1");
    place.run("openssl pkcs12 -in key.p12 -nodes -out bag.pem -passin pass:bi-owe-1");
    assert!(place.decrypting("bag.pem").is_ok());
    assert!(place.verifying("bag.pem").is_ok());
    let error = place.decrypting("key.p12").unwrap_err();
    assert!(
        error
            .sentence()
            .contains("a PKCS#12 file: convert it with openssl pkcs12"),
        "{error}"
    );
}

/// What is not read says what it is, and the command that it names converts it.
#[test]
#[ignore = "needs openssl: cargo xtask test"]
fn openssl_converts_what_is_not_read() {
    let place = Place::new("openssl-converts");
    place.run("openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out key.pem");
    for (form, name, command) in [
        (
            "md5-des.pem",
            "PBE-MD5-DES",
            "openssl pkcs8 -topk8 -v1 PBE-MD5-DES -provider legacy -provider default -in key.pem",
        ),
        (
            "sha1-des.pem",
            "PBE-SHA1-DES",
            "openssl pkcs8 -topk8 -v1 PBE-SHA1-DES -provider legacy -provider default -in key.pem",
        ),
        (
            "sha1-3des.pem",
            "PBE-SHA1-3DES",
            "openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in key.pem",
        ),
        (
            "sha1-rc2.pem",
            "PBE-SHA1-RC2-40",
            "openssl pkcs8 -topk8 -v1 PBE-SHA1-RC2-40 -provider legacy -provider default -in key.pem",
        ),
        (
            "des3.pem",
            "triple DES (PBES2)",
            "openssl pkcs8 -topk8 -v2 des3 -in key.pem",
        ),
        (
            "legacy.pem",
            "the old PEM encryption",
            "openssl rsa -traditional -aes256 -in key.pem",
        ),
    ] {
        place.run(&format!("{command} -out {form} -passout pass:bi-owe-1"));
        let error = place.decrypting(form).unwrap_err();
        assert!(error.sentence().contains(name), "{form}: {error}");
        let (_, advice) = error.sentence().split_once("convert it with ").unwrap();
        let advice = advice.replace("FILE", form).replace("NEW", "new.pem");
        place.run(&format!(
            "{advice} -passin pass:bi-owe-1 -passout pass:bi-owe-1"
        ));
        assert!(place.decrypting("new.pem").is_ok(), "{form}");
    }
}

#[test]
#[ignore = "needs openssl: cargo xtask test"]
fn openssl_keys_for_pss_alone() {
    let place = Place::new("openssl-pss");
    for (name, options, allowed) in [
        (
            "any",
            "",
            &[Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512][..],
        ),
        (
            "sha256",
            "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32",
            &[Algorithm::Ps256],
        ),
        (
            "sha1-in-mgf1",
            "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha1 -pkeyopt rsa_pss_keygen_saltlen:20",
            &[],
        ),
    ] {
        place.run(&format!("openssl genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 {options} -out {name}.pem"));
        place.run(&format!(
            "openssl pkey -in {name}.pem -pubout -out {name}.pub.pem"
        ));
        let error = place.decrypting(&format!("{name}.pem")).unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeyKind);
        for algorithm in [
            Algorithm::Rs256,
            Algorithm::Ps256,
            Algorithm::Ps384,
            Algorithm::Ps512,
        ] {
            let options = VerifyingKey::options().with_algorithm(algorithm);
            let outcome = options.load(&place.read(&format!("{name}.pub.pem")));
            let code = outcome.map(|_| ()).map_err(|error| error.code());
            let expected = match allowed.contains(&algorithm) {
                true => Ok(()),
                false => Err(ErrorCode::KeyKind),
            };
            assert_eq!(code, expected, "{name} {algorithm:?}");
        }
    }
    place.run("openssl req -x509 -new -key sha256.pem -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -subj /CN=ada -days 1 -out sha256.crt");
    assert_eq!(
        place.fingerprint("sha256.crt"),
        place.fingerprint("sha256.pub.pem")
    );
}

/// GnuTLS writes text around the block, 600,000 iterations in its newer versions, and leaves the
/// NULL behind the pseudorandom function out.
#[test]
#[ignore = "needs certtool: cargo xtask test"]
fn certtool() {
    let place = Place::new("certtool");
    place.run("certtool --generate-privkey --rsa --bits 2048 --no-text --outfile key.pem");
    place.run("certtool --load-privkey key.pem --pubkey-info --outfile key.pub.pem");
    let expected = place.fingerprint("key.pub.pem");
    let text = place.output("certtool --generate-privkey --rsa --bits 2048");
    assert!(
        !text.starts_with(b"-----"),
        "there is text around the block"
    );
    assert!(DecryptingKey::load(&text).is_ok());
    for cipher in ["aes-128", "aes-192", "aes-256"] {
        let file = format!("{cipher}.pem");
        place.run(&format!("certtool --to-p8 --load-privkey key.pem --pkcs-cipher {cipher} --password {PASSPHRASE} --outfile {file}"));
        let key = place.decrypting(&file).unwrap();
        assert_eq!(key.fingerprint().to_string(), expected, "{cipher}");
    }
    for (cipher, name) in [
        ("3des", "triple DES (PBES2)"),
        ("3des-pkcs12", "PBE-SHA1-3DES (of PKCS#12)"),
    ] {
        place.run(&format!("certtool --to-p8 --load-privkey key.pem --pkcs-cipher {cipher} --password {PASSPHRASE} --outfile other.pem"));
        let error = place.decrypting("other.pem").unwrap_err();
        assert!(error.sentence().contains(name), "{error}");
    }
}

#[test]
#[ignore = "needs node: cargo xtask test"]
fn node() {
    const PROGRAM: &str = r#"
        const { generateKeyPairSync } = require('node:crypto');
        const { writeFileSync } = require('node:fs');
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const passphrase = 'bi-owe-1';
        const write = (file, key, options) => writeFileSync(file, key.export(options));
        write('key.pub.pem', publicKey, { type: 'spki', format: 'pem' });
        write('pkcs1.pub.der', publicKey, { type: 'pkcs1', format: 'der' });
        writeFileSync('key.jwk', JSON.stringify(publicKey.export({ format: 'jwk' })));
        for (const cipher of ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc'])
            write(cipher + '.pem', privateKey, { type: 'pkcs8', format: 'pem', cipher, passphrase });
        write('pkcs1.pem', privateKey, { type: 'pkcs1', format: 'pem' });
    "#;
    let place = Place::new("node");
    std::fs::write(place.0.join("make.cjs"), PROGRAM).unwrap();
    place.run("node make.cjs");
    let expected = place.fingerprint("key.pub.pem");
    for file in ["pkcs1.pub.der", "key.jwk"] {
        assert_eq!(place.fingerprint(file), expected, "{file}");
    }
    for file in [
        "aes-128-cbc.pem",
        "aes-192-cbc.pem",
        "aes-256-cbc.pem",
        "pkcs1.pem",
    ] {
        let key = place.decrypting(file).unwrap();
        assert_eq!(key.fingerprint().to_string(), expected, "{file}");
    }
    let error = place.decrypting("des-ede3-cbc.pem").unwrap_err();
    assert!(error.sentence().contains("triple DES (PBES2)"), "{error}");
}

#[test]
#[ignore = "needs ssh-keygen: cargo xtask test"]
fn ssh_keygen() {
    let place = Place::new("ssh-keygen");
    for (file, options) in [
        ("pem", "-m PEM -N="),
        ("pkcs8", "-m PKCS8 -N=bi-owe-1"),
        ("own", "-N="),
    ] {
        let (options, passphrase) = options.split_once("-N=").unwrap();
        place.run_with(
            &format!("ssh-keygen -q -t rsa -b 2048 -f {file} {options}"),
            &["-N", passphrase],
        );
    }
    for file in ["pem", "pkcs8"] {
        assert!(place.decrypting(file).is_ok(), "{file}");
    }
    let error = place.verifying("own.pub").unwrap_err();
    assert!(
        error
            .sentence()
            .contains("an OpenSSH public key: convert it with ssh-keygen -e -m PKCS8 -f FILE"),
        "{error}"
    );
    let converted = place.output("ssh-keygen -e -m PKCS8 -f own.pub");
    let public = VerifyingKey::load(&converted).unwrap();
    let error = place.decrypting("own").unwrap_err();
    assert!(
        error
            .sentence()
            .contains("an OpenSSH private key: convert it with ssh-keygen -p -m PEM -f FILE"),
        "{error}"
    );
    place.run_with("ssh-keygen -q -p -m PEM -f own", &["-P", "", "-N", ""]);
    let key = place.decrypting("own").unwrap();
    assert_eq!(key.fingerprint(), public.fingerprint());
}

/// Java's key stores are no keys: they are told what they are and how to convert them.
#[test]
#[ignore = "needs keytool: cargo xtask test"]
fn keytool() {
    let place = Place::new("keytool");
    for (kind, name) in [
        ("PKCS12", "a PKCS#12 file: convert it with openssl pkcs12"),
        (
            "JKS",
            "a Java key store (JKS): convert it with keytool -importkeystore",
        ),
    ] {
        place.run(&format!("keytool -genkeypair -alias app -keyalg RSA -keysize 2048 -dname CN=app -storetype {kind} -keystore {kind} -storepass {PASSPHRASE} -keypass {PASSPHRASE}"));
        for error in [
            place.decrypting(kind).unwrap_err(),
            place.verifying(kind).unwrap_err(),
        ] {
            assert_eq!(error.code(), ErrorCode::KeyKind);
            assert!(error.sentence().contains(name), "{error}");
        }
    }
    place.run(&format!(
        "keytool -exportcert -rfc -alias app -keystore PKCS12 -storepass {PASSPHRASE} -file app.crt"
    ));
    assert!(place.verifying("app.crt").is_ok());
}

/// A directory of one test's own.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("makers-{name}"));
        // What a run before has left.
        let _ = std::fs::remove_dir_all(&place);
        std::fs::create_dir_all(&place).unwrap();
        Self(place)
    }

    fn run(&self, line: &str) {
        self.run_with(line, &[]);
    }

    fn run_with(&self, line: &str, more: &[&str]) {
        self.command(line, more);
    }

    fn output(&self, line: &str) -> Vec<u8> {
        self.command(line, &[])
    }

    /// Runs a tool in the directory; its words are shown only where it fails.
    fn command(&self, line: &str, more: &[&str]) -> Vec<u8> {
        let mut words = line.split_whitespace();
        let output = Command::new(words.next().unwrap())
            .args(words)
            .args(more)
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
        output.stdout
    }

    fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.0.join(file)).unwrap()
    }

    fn decrypting(&self, file: &str) -> Result<DecryptingKey, Error> {
        let options = DecryptingKey::options().with_passphrase(PASSPHRASE.as_bytes());
        options.load(&self.read(file))
    }

    fn verifying(&self, file: &str) -> Result<VerifyingKey, Error> {
        VerifyingKey::load(&self.read(file))
    }

    fn fingerprint(&self, file: &str) -> String {
        self.verifying(file).unwrap().fingerprint().to_string()
    }
}
