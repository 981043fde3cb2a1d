//! Who is measured, and what is said of those who cannot be.

mod aws_lc;
mod flowseal;
mod intel;
mod openssl;
mod rustcrypto;
mod worker;

use std::collections::BTreeSet;

use crate::cases::{Case, Operation};
use crate::material::{Material, Signed};
use crate::measure::Job;
use crate::run::Fallible;

/// What is not built into this program.
pub(crate) struct Others {
    openssl: Option<openssl::Library>,
    intel: Option<intel::Library>,
    workers: Vec<worker::Worker>,
    lacking: BTreeSet<String>,
}

impl Others {
    pub(crate) fn start() -> Self {
        let mut lacking = BTreeSet::new();
        let mut note = |name: &str, error: Box<dyn std::error::Error>| {
            lacking.insert(format!("{name}: {error}"));
        };
        let openssl = openssl::Library::open()
            .map_err(|error| note("openssl", error))
            .ok();
        let intel = intel::Library::open()
            .map_err(|error| note("crypto_mb", error))
            .ok();
        let mut workers = Vec::new();
        for language in worker::ALL {
            match worker::Worker::start(language) {
                Ok(worker) => workers.push(worker),
                Err(error) => note(language.peer, error),
            }
        }
        Self {
            openssl,
            intel,
            workers,
            lacking,
        }
    }

    /// Hands the workers what the others have in memory.
    pub(crate) fn tell(&mut self, material: &Material) -> Fallible<()> {
        for worker in &mut self.workers {
            worker.tell(material)?;
        }
        Ok(())
    }

    /// Who is measured, and who is not; where standard output is for programs, too.
    pub(crate) fn introduce(&self) {
        let mut present = vec!["aws-lc-rs 1.19", "rsa 0.9"];
        present.extend(self.openssl.iter().map(|library| library.version.as_str()));
        present.extend(self.intel.iter().map(|_| "crypto_mb 2026.2"));
        present.extend(self.workers.iter().map(|worker| worker.version.as_str()));
        eprintln!("flowseal beside {}", present.join(", "));
        for what in &self.lacking {
            eprintln!("not measured: {what}");
        }
    }
}

/// Everyone who does this, flowseal first.
pub(crate) fn jobs<'a>(
    case: &Case,
    material: &'a Material,
    others: &'a mut Others,
    quick: bool,
) -> Fallible<Vec<Job<'a>>> {
    let mut jobs = flowseal::jobs(case, material)?;
    if case.operation != Operation::PrivateRaw {
        jobs.push(aws_lc::job(case, material)?);
        jobs.push(rustcrypto::job(case, material)?);
        if let Some(library) = &others.openssl {
            jobs.push(library.job(case, material)?);
        }
    }
    if let Some(library) = &others.intel {
        jobs.extend(library.job(case, material)?);
    }
    // A worker has one thread; on two it would be measured at its scheduler.
    let single = if quick {
        case.batch * case.operation.leaves()
    } else {
        1
    };
    if case.threads == 1 && single == 1 {
        for worker in &mut others.workers {
            jobs.extend(worker.job(case));
        }
    }
    Ok(jobs)
}

/// How many ciphertexts are decrypted in one operation, one after the other.
fn decryptions(case: &Case) -> usize {
    match case.operation {
        Operation::Verify | Operation::VerifyFlow | Operation::PrivateRaw => 0,
        operation => operation.leaves(),
    }
}

/// What is to be verified, of which each operation takes the next; nothing where none is.
fn signatures<'a>(case: &Case, material: &'a Material) -> &'a [Signed] {
    match case.operation {
        Operation::Verify => &material.signed,
        Operation::VerifyFlow => std::slice::from_ref(&material.statement),
        Operation::Flow1 => std::slice::from_ref(&material.statement_of_one),
        _ => &[],
    }
}
