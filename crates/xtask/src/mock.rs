//! `flowseal mock`, for clients that are not Rust's.

use std::io::{BufRead as _, BufReader, Error};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::command::{cargo_test, execute, target_directory};
use crate::step::Verdict;

/// Builds the command that plays the API, as its own tests have it.
pub(crate) fn build() -> Verdict {
    execute(&mut cargo_test("--quiet --no-run --test command"))
}

/// Where it is then.
pub(crate) fn program() -> PathBuf {
    target_directory().join("debug/flowseal")
}

/// A running mock, stopped when it is dropped.
pub(crate) struct Mock {
    process: Child,
    address: String,
}

impl Mock {
    /// Starts one, and waits until it says where it listens. What it says later nobody reads, nor
    /// does it wait for that.
    pub(crate) fn start(scenario: &str) -> std::io::Result<Self> {
        let process = Command::new(program())
            .args(["mock", "--scenario", scenario])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        // Stopped from here on, also where its first line is another.
        let mut mock = Self {
            process,
            address: String::new(),
        };
        let mut first = String::new();
        if let Some(output) = mock.process.stdout.as_mut() {
            BufReader::new(output).read_line(&mut first)?;
        }
        let address = first.trim_end().strip_prefix("listening on ");
        let strange = || Error::other("the first line of the mock is not `listening on …`");
        mock.address = address.ok_or_else(strange)?.to_owned();
        Ok(mock)
    }

    /// Its URL, without a path.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // One that has ended by itself needs no stopping.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
