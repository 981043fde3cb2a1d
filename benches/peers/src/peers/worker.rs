//! Libraries of other languages, each in a process of its own that takes its own time: what the
//! pipe costs is not counted.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cases::{Case, Operation};
use crate::material::{Material, Signed};
use crate::measure::Job;
use crate::run::Fallible;

/// How a worker is started. `cargo xtask peers` installs what it needs and names it in the
/// environment.
pub(super) struct Language {
    pub(super) peer: &'static str,
    /// Names the interpreter, or the directory that it is to stand in.
    variable: &'static str,
    script: &'static str,
    verifies: bool,
}

pub(super) const ALL: &[Language] = &[
    Language {
        peer: "cryptography",
        variable: "FLOWSEAL_PEERS_PYTHON",
        script: "pyca.py",
        verifies: true,
    },
    Language {
        peer: "node-jsencrypt",
        variable: "FLOWSEAL_PEERS_NODE",
        script: "jsencrypt.mjs",
        verifies: false,
    },
];

pub(super) struct Worker {
    peer: &'static str,
    pub(super) version: String,
    verifies: bool,
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Worker {
    pub(super) fn start(language: &Language) -> Fallible<Self> {
        let variable = language.variable;
        let program = std::env::var_os(variable).ok_or("was not installed for this run")?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/workers/");
        let mut child = Command::new(PathBuf::from(program))
            .arg(format!("{script}{}", language.script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = child.stdin.take().ok_or("no pipe")?;
        let from = child.stdout.take().ok_or("no pipe")?;
        let mut worker = Self {
            peer: language.peer,
            version: String::new(),
            verifies: language.verifies,
            child,
            to,
            from: BufReader::new(from),
        };
        worker.version = worker.ask("name")?;
        Ok(worker)
    }

    /// The key, ciphertexts with their texts, and signatures: binary values in base64, one line
    /// each.
    pub(super) fn tell(&mut self, material: &Material) -> Fallible<()> {
        let mut lines = format!("key {}\n", STANDARD.encode(material.pem));
        for (sealed, text) in material.sealed.iter().zip(&material.texts) {
            let (sealed, text) = (STANDARD.encode(sealed), STANDARD.encode(text));
            writeln!(lines, "sealed {sealed} {text}")?;
        }
        let mut tell = |name: &str, signed: &Signed| {
            let [key, message, signature] =
                [&signed.public_key, &signed.message, &signed.signature]
                    .map(|bytes| STANDARD.encode(bytes));
            writeln!(lines, "{name} {key} {message} {signature}")
        };
        for signed in &material.signed {
            tell("signed", signed)?;
        }
        tell("statement", &material.statement)?;
        tell("statement_of_one", &material.statement_of_one)?;
        self.to.write_all(lines.as_bytes())?;
        Ok(())
    }

    /// Does nothing that the worker cannot.
    pub(super) fn job<'a>(&'a mut self, case: &Case) -> Option<Job<'a>> {
        let question = match case.operation {
            Operation::PrivateRaw => return None,
            Operation::Verify => "verify",
            Operation::VerifyFlow => "verify_flow",
            Operation::Flow1 => "flow1",
            _ => "private",
        };
        if question != "private" && !self.verifies {
            return None;
        }
        let leaves = case.operation.leaves();
        Some(Job {
            peer: self.peer.to_owned(),
            run: Box::new(move |count| {
                let answer = self.ask(&format!("{question} {}", count * leaves))?;
                let nanoseconds = answer.parse();
                Ok(Duration::from_nanos(nanoseconds.map_err(|_| answer)?))
            }),
            together: false,
        })
    }

    fn ask(&mut self, question: &str) -> Fallible<String> {
        writeln!(self.to, "{question}")?;
        let mut answer = String::new();
        self.from.read_line(&mut answer)?;
        let answer = answer.trim().to_owned();
        if answer.is_empty() {
            return Err("the worker ended".into());
        }
        Ok(answer)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
