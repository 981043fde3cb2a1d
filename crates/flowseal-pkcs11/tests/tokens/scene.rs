//! Tokens that tests make and remove: `cargo xtask tokens` says where, and asks for the programs.

#![allow(
    clippy::expect_used,
    reason = "a test that is run otherwise says how it is run"
)]

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The user's PIN of every token.
pub(crate) const PIN: &str = "481516";
pub(crate) const SO_PIN: &str = "23424815";

pub(crate) const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// The directory of this run, which `SOFTHSM2_CONF` stands in.
pub(crate) fn directory() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let configured = std::env::var_os("SOFTHSM2_CONF").map(PathBuf::from);
        let configured = configured.expect("run these tests by cargo xtask tokens");
        configured.parent().unwrap().to_owned()
    })
}

/// Makes SoftHSM's directory anew, once in a process, and nothing in it.
pub(crate) fn softhsm() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        let tokens = directory().join("softhsm");
        let _ = std::fs::remove_dir_all(&tokens);
        std::fs::create_dir_all(&tokens).unwrap();
        let configuration = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        std::fs::write(directory().join("softhsm2.conf"), configuration).unwrap();
    });
}

/// Makes a token of this label.
pub(crate) fn token(label: &str) {
    softhsm();
    let line = format!("--init-token --free --label {label} --pin {PIN} --so-pin {SO_PIN}");
    ran("softhsm2-util", &line);
}

/// Puts a key of a file into a token.
pub(crate) fn import(label: &str, file: &Path, object: &str, id: &str) {
    let file = file.display();
    let line = format!("--import {file} --token {label} --label {object} --id {id} --pin {PIN}");
    ran("softhsm2-util", &line);
}

/// Makes a key in a token.
pub(crate) fn generate(label: &str, object: &str, id: &str, more: &str) {
    ran(
        "pkcs11-tool",
        &format!(
            "--module {SOFTHSM} --token-label {label} --login --pin {PIN} --keypairgen --key-type \
             rsa:2048 --label {object} --id {id} {more}"
        ),
    );
}

/// Runs a program to its end, and stops the test where it fails.
pub(crate) fn ran(program: &str, line: &str) -> String {
    ran_with(program, line, ("LC_ALL", "C"))
}

/// The same with a variable.
pub(crate) fn ran_with(program: &str, line: &str, (name, value): (&str, &str)) -> String {
    let output = Command::new(program)
        .args(line.split_whitespace())
        .env(name, value)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{program} {line}: {}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// A text in a file of this run.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let file = directory().join(name);
    std::fs::write(&file, content).unwrap();
    file
}

/// Runs a test of this very program in a process of its own: what initialises a module by itself.
pub(crate) fn in_a_process(test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// Makes NSS's database anew, with a password and no key.
pub(crate) fn nss() -> PathBuf {
    let database = directory().join("nss");
    let _ = std::fs::remove_dir_all(&database);
    std::fs::create_dir_all(&database).unwrap();
    let pin = file("nss/pin", format!("{PIN}\n"));
    let line = format!("-N -d sql:{} -f {}", database.display(), pin.display());
    ran("certutil", &line);
    database
}

/// Puts a key of a file into the database, with a certificate, which its tool wants.
pub(crate) fn import_to_nss(key: &Path, name: &str) {
    let at = |end: &str| {
        directory()
            .join(format!("nss/{name}{end}"))
            .display()
            .to_string()
    };
    let (certificate, both, key) = (at(".crt"), at(".p12"), key.display());
    let line = format!("req -x509 -key {key} -out {certificate} -subj /CN={name} -days 3650");
    ran("openssl", &line);
    let line = format!("pkcs12 -export -inkey {key} -in {certificate} -name {name} -out {both}");
    ran("openssl", &format!("{line} -passout pass:x"));
    let (database, pin) = (directory().join("nss"), directory().join("nss/pin"));
    let (database, pin) = (database.display(), pin.display());
    ran(
        "pk12util",
        &format!("-i {both} -d sql:{database} -k {pin} -W x"),
    );
}

/// p11-kit's client of its server.
pub(crate) fn client() -> String {
    library("pkcs11/p11-kit-client.so")
}

/// A library where Debian has them.
pub(crate) fn library(name: &str) -> String {
    let libraries = std::env::var("TOKENS_LIBRARIES").expect("cargo xtask tokens");
    format!("{libraries}/{name}")
}

/// A server in the foreground, which ends with the test.
pub(crate) struct Server(Child);

impl Server {
    /// Listens at the place that this process was told of before it began.
    pub(crate) fn start(token: &str) -> Self {
        let socket = socket();
        let _ = std::fs::remove_file(&socket);
        let mut child = Command::new("p11-kit")
            .args(["server", "--foreground", "--provider", SOFTHSM, "--name"])
            .arg(&socket)
            .arg(format!("pkcs11:token={token}"))
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        // It says where it listens when it does.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.next().unwrap().unwrap();
        Self(child)
    }

    /// Ends it, and the process that it has for each connection, and takes its socket away.
    pub(crate) fn kill(&mut self) {
        ran("kill", &format!("-s KILL -- -{}", self.0.id()));
        self.0.wait().unwrap();
        let _ = std::fs::remove_file(socket());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.kill();
        }
    }
}

fn socket() -> PathBuf {
    let address = std::env::var("P11_KIT_SERVER_ADDRESS").expect("cargo xtask tokens");
    PathBuf::from(address.strip_prefix("unix:path=").unwrap())
}
