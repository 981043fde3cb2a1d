//! A directory with the keys and the flow of the testkit, and the command run in it.

use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use flowseal::testkit::{FlowBuilder, KeyPair, Sample};
use serde_json::Value;
use tempfile::TempDir;

/// A minute after the sample was signed.
pub(crate) const NOW: i64 = FlowBuilder::SIGNED_AT + 60;

/// `app.pem`, `app.pub.pem`, `user.pem`, `user.pub.pem`, and `flow.json`, which they fit.
pub(crate) struct Scene(TempDir);

impl Scene {
    pub(crate) fn new() -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        let (app, user) = (
            KeyPair::sample_app().unwrap(),
            KeyPair::sample_user().unwrap(),
        );
        scene.pair("app", &app);
        scene.pair("user", &user);
        scene.file("flow.json", Sample::new().unwrap().response());
        scene
    }

    pub(crate) fn pair(&self, name: &str, pair: &KeyPair) {
        self.file(&format!("{name}.pem"), pair.private_pem());
        self.file(&format!("{name}.pub.pem"), pair.public_pem());
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs the command with the words of `line`, at an end of input.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with(line, b"")
    }

    /// The same, with something to read.
    pub(crate) fn run_with(&self, line: &str, input: &[u8]) -> Ran {
        let words: Vec<_> = line.split_whitespace().collect();
        run(self.path(), &words, input)
    }
}

/// Runs the command in a directory.
pub(crate) fn run(directory: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = command(directory, arguments).spawn().unwrap();
    // A command that refuses before it reads closes the pipe, which is its right.
    match child.stdin.take().unwrap().write_all(input) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("{error}"),
        _ => {}
    }
    let output = child.wait_with_output().unwrap();
    Ran {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The command, its three streams piped.
pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowseal"));
    command
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a run has left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output of a run that did what it was asked, in silence.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.status, self.after_warnings()), (0, ""), "{self:?}");
        self.stdout
    }

    /// The same as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }

    /// What stands on standard output of a run that ended with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: i32, code: &str) -> String {
        assert_eq!((self.status, self.code()), (status, Some(code)), "{self:?}");
        self.stdout
    }

    /// The lines of standard error that begin with `warning: `.
    pub(crate) fn warnings(&self) -> Vec<&str> {
        let lines = self.stderr.lines();
        lines
            .take_while(|line| line.starts_with("warning: "))
            .collect()
    }

    /// Standard error behind its warnings.
    pub(crate) fn after_warnings(&self) -> &str {
        let mut rest = self.stderr.as_str();
        while let Some((_, after)) = rest
            .split_once('\n')
            .filter(|_| rest.starts_with("warning: "))
        {
            rest = after;
        }
        rest
    }

    /// The code of `error[code]: sentence`, if that is what standard error begins with after
    /// warnings.
    pub(crate) fn code(&self) -> Option<&str> {
        let after_warnings = self.after_warnings();
        let (code, sentence) = after_warnings.strip_prefix("error[")?.split_once("]: ")?;
        let has_sentence = sentence.trim_end().len() > 10 && sentence.ends_with('\n');
        has_sentence.then_some(code)
    }
}

/// The names of an object's members, in order.
pub(crate) fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
