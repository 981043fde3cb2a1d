//! A file of flows for `flowseal bulk`, and what a program takes that runs over it.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::Fixture;

/// Flows of their own in a file, each with a reference, ciphertexts and an e-signature that are
/// real. A longer file has them again, in turn: nobody has to wait for a hundred thousand
/// signatures, and no program here remembers a flow.
const DIFFERENT: usize = 256;

/// A directory with `in`, `app.pem` and `user.pem`, which is gone when this is dropped.
#[derive(Debug)]
pub struct Scene {
    directory: PathBuf,
    /// The length of `in`.
    pub input_bytes: u64,
}

impl Scene {
    /// Writes so many flows, a line each. One of a hundred is spoilt: its e-signature is of another
    /// reference.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(fixture: &Fixture, flows: usize) -> Result<Self, Box<dyn Error>> {
        let name = format!("flowseal-bulk-{}", std::process::id());
        let mut scene = Self {
            directory: std::env::temp_dir().join(name),
            input_bytes: 0,
        };
        fs::create_dir(&scene.directory)?;
        fs::write(scene.at("app.pem"), fixture.app_pem)?;
        let user = include_bytes!("../../crates/flowseal/tests/vectors/keys/user-2048.pub.pem");
        fs::write(scene.at("user.pem"), user)?;
        let lines = (0..flows.min(DIFFERENT)).map(|at| {
            let flow = fixture.sealed(&format!("req_{at}"))?;
            Ok(flow.replace('\n', " "))
        });
        let lines = lines.collect::<Result<Vec<_>, flowseal::Error>>()?;
        let mut file = BufWriter::new(File::create(scene.at("in"))?);
        for (at, line) in lines.iter().cycle().take(flows).enumerate() {
            match at % 100 {
                99 => writeln!(file, "{}", line.replace("\"req_", "\"req_other_"))?,
                _ => writeln!(file, "{line}")?,
            }
        }
        file.flush()?;
        scene.input_bytes = fs::metadata(scene.at("in"))?.len();
        Ok(scene)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A file in it.
    pub fn at(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Whose processor time is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Whose {
    /// This process's.
    Own,
    /// That of its children which have ended.
    Children,
}

/// Processor time in seconds, which Linux counts in hundredths. It is the same on a machine that
/// has more to do; the clock's is not.
///
/// # Errors
/// On a system without `/proc`.
pub fn processor_time(whose: Whose) -> Result<f64, Box<dyn Error>> {
    // User and system time in Linux's `stat` of a process, after its name.
    let column = match whose {
        Whose::Own => 11,
        Whose::Children => 13,
    };
    let text = fs::read_to_string("/proc/self/stat")?;
    let columns = text.rsplit(')').next().unwrap_or_default();
    let mut columns = columns.split_whitespace().skip(column);
    let mut next = || columns.next().unwrap_or_default().parse::<f64>();
    Ok((next()? + next()?) / 100.0)
}
