//! The arguments of `bulk`.

use core::time::Duration;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum, value_parser};
use flowseal::Expectations;

use super::Token;

#[derive(Args)]
pub(crate) struct Bulk {
    /// Files of records, a record a line: JSON, plain or compressed; - or nothing is standard
    /// input.
    #[cfg_attr(
        not(feature = "columns"),
        doc = "This build lacks the feature columns, which zstd and Parquet need."
    )]
    #[arg(value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Where the rows go; - is standard output, which cannot be resumed.
    #[arg(short, long, value_name = "OUT", required = true)]
    pub(crate) out: PathBuf,
    /// The app's private key: PEM, DER, service account, or the pkcs11: URI of a token's. Repeat it
    /// during a rotation.
    #[arg(long, value_name = "SOURCE", required = true)]
    pub(crate) key: Vec<PathBuf>,
    /// A file whose first line is the passphrase of the app's encrypted keys.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) token: Token,
    #[command(flatten)]
    pub(crate) trust: BulkTrust,
    /// How flows are signed, sealed and bounded: a JSON file.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Open only the claims at or under this path, such as naming. Repeatable.
    #[arg(long, value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) select: Vec<String>,
    /// Leave this member out of the rows. Repeatable.
    #[arg(long, value_name = "MEMBER")]
    pub(crate) drop: Vec<Member>,
    /// How many records are computed at once, at most 1024 [default: as many as there are
    /// processors]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Write the rows that are refused to this file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    pub(crate) format: Rows,
    /// The column of the flows, where the input is Parquet.
    #[cfg_attr(
        not(feature = "columns"),
        doc = "This build lacks the feature columns, which it needs."
    )]
    #[arg(long, value_name = "NAME")]
    pub(crate) column: Option<String>,
    /// Go on where a run of the same input and options was stopped; the beginning, where there was
    /// none.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Start again, and replace what is there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Neither progress nor a summary.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// How to show progress: a bar on a terminal and else a line a while; a line of JSON each
    /// second; nothing.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub(crate) progress: Progress,
    #[command(flatten)]
    pub(crate) expected: BulkExpected,
}

/// Whose e-signature makes a flow one to open.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct BulkTrust {
    /// A key that may sign every flow: PEM, DER, JWK, JWKS, or the pkcs11: URI of a token's.
    /// Repeatable.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) verify_key: Vec<PathBuf>,
    /// Each person's keys: lines of {"requestee": "…", "keys": [JWK…]}, or a directory of
    /// REQUESTEE.pem and REQUESTEE.jwk.
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) verifiers: Option<PathBuf>,
    /// Open without looking at the e-signatures: the claims may be anyone's.
    #[arg(long)]
    pub(crate) unverified: bool,
}

/// What each flow must be; what is not given is not asked.
#[derive(Args)]
#[command(next_help_heading = "Expectations")]
pub(crate) struct BulkExpected {
    /// The organisation that started the flows.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) requester: Option<String>,
    /// How many seconds ago the person may have signed at most.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_age: Option<u64>,
    /// The seconds by which the signer's clock may differ.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) leeway: u64,
    /// The moment to judge by, in Unix seconds [default: the system's clock; on --resume, when the
    /// run began]
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
}

impl BulkExpected {
    pub(crate) fn expectations(&self) -> Expectations {
        let leeway = Duration::from_secs(self.leeway);
        let mut expectations = Expectations::unbound().with_leeway(leeway);
        if let Some(requester) = &self.requester {
            expectations = expectations.with_requester(requester);
        }
        if let Some(max_age) = self.max_age {
            expectations = expectations.with_max_age(Duration::from_secs(max_age));
        }
        expectations
    }
}

/// The members that a row can do without. What says whether a row is to be believed, and which it
/// is, always stays.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
pub(crate) enum Member {
    Reference,
    Sentence,
    Claims,
    Covers,
}

/// The forms of the rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Rows {
    /// A line of JSON for each record.
    Ndjson,
    /// A directory of part files.
    #[cfg_attr(
        not(feature = "columns"),
        doc = "This build lacks the feature columns, which it needs."
    )]
    Parquet,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Progress {
    Auto,
    Json,
    Off,
}
