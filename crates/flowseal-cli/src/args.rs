//! The arguments, as clap reads them.

use core::time::Duration;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use flowseal::{ErrorCode, Expectations, Mode};

use crate::failure::Failure;
use crate::names;
use crate::output::{Format, Shown, VerifyFormat};

mod bulk;

pub(crate) use bulk::{Bulk, Member, Progress, Rows};

/// Verify, open, inspect and seal flows of the pasby e-ID.
#[derive(Parser)]
#[command(
    name = "flowseal",
    version,
    after_help = EXITS,
    arg_required_else_help = false
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXITS: &str = "\
Exit status: 0 done, 1 the flow is refused, 2 input is unusable, 3 a fault of the machine.
Standard error says error[code]: sentence.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show a flow sealed, signed, inspected, verified, opened and refused, with new keys.
    Demo,
    /// Verify a flow and open its claims.
    Open(Open),
    /// Verify a flow's e-signature, and compare the flow with what is expected.
    Verify(Verify),
    /// Show some claims of a flow to someone else with the proof, and withhold the others.
    ///
    /// Whoever has the file checks it with public keys alone. It keeps values, and not that they
    /// were shared: it also shows the national number, the reference, the times and the names of
    /// all claims, with their ciphertexts.
    Disclose(Disclose),
    /// Verify and open a file of flows, a record a line, and write a row for each.
    ///
    /// A record that is refused has its code in its row, and the others are still done. A run that
    /// was stopped, by whatever, goes on with --resume, and ends with the same bytes.
    Bulk(Bulk),
    /// Show what a flow looks like from outside. Nothing in it is proved.
    Inspect(Inspect),
    /// Find out which statement real flows were signed over, by trying a list of them.
    ///
    /// pasby publishes neither the signed bytes nor the algorithm. What explains all flows given is
    /// printed; it is a guess that fits, and a weak one where there is one flow alone. Nothing is
    /// sent anywhere.
    Learn(Learn),
    /// List the keys that files and tokens hold, and what each is good for.
    Keys(Keys),
    /// Seal claims to an app and sign the flow, as a test would.
    Seal(Seal),
    /// Play the API on loopback, for developing and testing an integration offline.
    ///
    /// A flow begins where it is started (POST /api/v2/identification/… and /api/v2/signing/…), or
    /// at the first ping of any other req_… identifier. A program is pointed at it by its base URL,
    /// http://127.0.0.1:PORT, in the sandbox. Any API key and any app secret will do, such as
    /// bk-test_mock and snb_mock; the organisation is bcn_sample.
    #[cfg(feature = "mock")]
    #[command(after_help = TRYING)]
    Mock(Mock),
}

#[cfg(feature = "mock")]
const TRYING: &str = "\
To try it, in another terminal; the answer to the first has the req_… of the second:
  curl -H 'x-api-key: bk-test_mock' -H 'x-access-secret: snb_mock' \\
    -d '{\"action\": \"login\", \"claims\": [\"naming.given\"], \"payload\": \"Log in\"}' \\
    http://127.0.0.1:PORT/api/v2/identification/same-device
  curl -H 'x-api-key: bk-test_mock' -H 'x-access-secret: snb_mock' \\
    -d '{\"request\": \"req_…\"}' http://127.0.0.1:PORT/api/v2/flow/ping

Who responds, by number:
  ada    22212345610  shares what the specification's example has
  bayo   00112345678  shares a given name and declines the rest
  chidi  33312345610  shares whatever is asked for
  dayo   44412345610  signs, and shares nothing
The persona that --persona names, or the header x-mock-persona of a start, responds even if the
start asks for another of these numbers: then the flow is somebody else's. Any other number counts
as that persona's own, except 00000000000, which is nobody's.";

#[derive(Args)]
pub(crate) struct Open {
    #[command(flatten)]
    pub(crate) source: Source,
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
    pub(crate) trust: Trust,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Open only the claims at or under this path, such as naming. Repeatable.
    #[arg(long, value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) select: Vec<String>,
    /// Print the claims that open and the code of each that does not. Verified flows only.
    #[arg(long)]
    pub(crate) partial: bool,
    #[command(flatten)]
    pub(crate) expected: Expected,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Args)]
pub(crate) struct Disclose {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The app's private key: PEM, DER, service account, or the pkcs11: URI of a token's. Repeat it
    /// during a rotation.
    #[arg(long, value_name = "SOURCE", required = true)]
    pub(crate) key: Vec<PathBuf>,
    /// A file whose first line is the passphrase of the app's encrypted keys.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) token: Token,
    /// A key that may sign this flow: PEM, DER, JWK, JWKS, or the pkcs11: URI of a token's.
    /// Repeatable.
    #[arg(long, value_name = "SOURCE", required = true)]
    pub(crate) verify_key: Vec<PathBuf>,
    /// Show the claims at or under this path, such as naming.given. Repeatable.
    #[arg(long, value_name = "PATH", required = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) path: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) expected: Expected,
    /// Write to this file, which only its owner may read [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = None)]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file where there is one already.
    #[arg(long, requires = "output", help_heading = None)]
    pub(crate) force: bool,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) source: Source,
    /// A key that may sign this flow: PEM, DER, JWK, JWKS, or the pkcs11: URI of a token's.
    /// Repeatable.
    #[arg(long, value_name = "SOURCE", required = true)]
    pub(crate) verify_key: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) token: Token,
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) expected: Expected,
    /// Write what an auditor keeps of the verified flow to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// Replace the evidence file where there is one already.
    #[arg(long, requires = "evidence")]
    pub(crate) force: bool,
    /// Check such a file again, instead of a flow. What was expected of the flow is not asked
    /// again.
    ///
    /// A profile beside it leads: where the file's has another statement, algorithm or padding, it
    /// is refused.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "flow", "statement", "evidence", "reference", "requester", "requestee", "mode",
        "claims", "max_age", "now",
    ])]
    pub(crate) from_evidence: Option<PathBuf>,
    /// Check what `flowseal disclose` has written, instead of a flow: what it shows, and by whom it
    /// is signed. What was expected of the flow is not asked again.
    ///
    /// Get the app's key and the person's from somewhere other than the file. A profile beside it
    /// leads, as beside evidence.
    #[arg(long, value_name = "FILE", requires = "app_key", conflicts_with_all = [
        "flow", "statement", "evidence", "from_evidence", "reference", "requester", "requestee",
        "mode", "claims", "max_age", "now",
    ])]
    pub(crate) disclosure: Option<PathBuf>,
    /// The public key of the app that the disclosed claims were sealed to: PEM or DER.
    #[arg(long, value_name = "FILE", requires = "disclosure")]
    pub(crate) app_key: Option<PathBuf>,
    /// How to print; html is one page for people, for a file [default: table on a terminal, json in
    /// a pipe]
    #[arg(long, value_name = "FORMAT", help_heading = None)]
    pub(crate) format: Option<VerifyFormat>,
}

#[derive(Args)]
pub(crate) struct Learn {
    /// The answers to pings of flows that their people have signed, as they were received: the
    /// more, the surer.
    #[arg(value_name = "FLOW", required = true)]
    pub(crate) flows: Vec<PathBuf>,
    /// A key that has signed one of them: PEM, DER, JWK or JWKS. Repeatable.
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) verify_key: Vec<PathBuf>,
    /// The app's private key, to try statements over opened claims as well. Repeatable.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) key: Vec<PathBuf>,
    /// A file whose first line is the passphrase of the app's encrypted keys.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) token: Token,
    /// Write the profile to this file.
    #[arg(short, long, value_name = "PROFILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write it even where the statement leaves out reference, requestee or a time.
    #[arg(long, requires = "output")]
    pub(crate) allow_weak: bool,
    /// Replace the profile where there is one already.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Args)]
pub(crate) struct Keys {
    /// Key files, service accounts, and pkcs11: URIs.
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// A file whose first line is the passphrase of encrypted keys.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) token: Token,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Args)]
pub(crate) struct Seal {
    #[command(flatten)]
    pub(crate) content: Content,
    /// The app's public key, to which the claims are sealed.
    #[arg(long, value_name = "APP_PUBLIC")]
    pub(crate) to: PathBuf,
    /// The user's private key, which signs the flow.
    #[arg(long, value_name = "USER_PRIVATE")]
    pub(crate) sign_with: PathBuf,
    /// Pad, encode and sign by this profile. Where it says detached, the reference is signed.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// What the person was asked for.
    #[arg(long, default_value = "identification")]
    pub(crate) mode: String,
    /// The flow's reference.
    #[arg(long, value_name = "ID", default_value = "req_sample")]
    pub(crate) reference: String,
    /// The organisation.
    #[arg(long, value_name = "ID", default_value = "bcn_sample")]
    pub(crate) requester: String,
    /// The person's national number [default: the persona's, or 22212345610]
    #[arg(long, value_name = "NIN")]
    pub(crate) requestee: Option<String>,
    /// When the person signs, in Unix seconds [default: the system's clock]
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
}

#[cfg(feature = "mock")]
#[derive(Args)]
pub(crate) struct Mock {
    /// The port to listen on; 0 takes a free one, which the first line of output tells.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// Who responds to the flows: ada, bayo, chidi or dayo. The header x-mock-persona of a start
    /// leads.
    #[arg(long, value_name = "NAME", default_value = "ada")]
    pub(crate) persona: String,
    /// What happens to the flows.
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) scenario: crate::mock::Scenario,
    /// Answer 429 to an address that sends more than so many requests in any so many seconds, such
    /// as 100/60 [default: no limit]
    #[arg(long, value_name = "N/SECONDS")]
    pub(crate) limit: Option<crate::mock::Limit>,
    /// Where app.pem, app.pub.pem, user.pem and user.pub.pem are, or are to be made; nothing that
    /// is there is changed [default: the testkit's samples]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
}

/// What `seal` seals.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Content {
    /// Claims in the clear: JSON such as {"naming": {"given": "Ada"}}
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<PathBuf>,
    /// Someone who does not exist: ada, bayo, chidi or dayo.
    #[arg(long, value_name = "NAME")]
    pub(crate) persona: Option<String>,
}

/// Where the flow is.
#[derive(Args)]
pub(crate) struct Source {
    /// The API's answer, or the flow alone; - or nothing is standard input.
    pub(crate) flow: Option<PathBuf>,
}

/// How to get at the keys of tokens.
#[derive(Args, Default)]
pub(crate) struct Token {
    /// A file whose first line is the PIN of the token that a pkcs11: URI names.
    #[arg(long, value_name = "FILE")]
    pub(crate) pin_file: Option<PathBuf>,
    /// The token's PKCS#11 module, a library; a URI's own module-path leads [default:
    /// FLOWSEAL_PKCS11_MODULE, else p11-kit-proxy.so]
    #[arg(long, value_name = "FILE")]
    pub(crate) module: Option<PathBuf>,
}

/// Whose e-signature makes a flow one to open.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Trust {
    /// A key that may sign this flow: PEM, DER, JWK, JWKS, or the pkcs11: URI of a token's.
    /// Repeatable.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) verify_key: Vec<PathBuf>,
    /// Open without looking at the e-signature: the claims may be anyone's.
    #[arg(long, conflicts_with_all = ["partial", "statement"])]
    pub(crate) unverified: bool,
}

/// By which rules the flow is read and verified.
#[derive(Args)]
pub(crate) struct Rules {
    /// How flows are signed, sealed and bounded: a JSON file.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// The signed bytes, where they come apart from the flow.
    #[arg(long, value_name = "FILE", requires = "covers")]
    pub(crate) statement: Option<PathBuf>,
    /// A member of the flow that the signed bytes cover. Repeatable.
    #[arg(long, value_name = "MEMBER", requires = "statement")]
    pub(crate) covers: Vec<String>,
}

/// What the flow must be; what is not given is not asked.
#[derive(Args)]
#[command(next_help_heading = "Expectations")]
pub(crate) struct Expected {
    /// The flow that was started.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    reference: Option<String>,
    /// The organisation that started it.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    requester: Option<String>,
    /// The national number of the person who was asked.
    #[arg(long, value_name = "NIN", value_parser = NonEmptyStringValueParser::new())]
    requestee: Option<String>,
    /// What the person was asked for, such as identification.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    mode: Option<String>,
    /// A claim or group that was asked for, as a path; there must be no others. Repeatable.
    #[arg(long, value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    claims: Vec<String>,
    /// How many seconds ago the person may have signed at most.
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<u64>,
    /// The seconds by which the signer's clock may differ.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    leeway: u64,
    /// The moment to judge by, in Unix seconds [default: the system's clock]
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
}

impl Expected {
    pub(crate) fn expectations(&self) -> Expectations {
        let mut expectations =
            Expectations::unbound().with_leeway(Duration::from_secs(self.leeway));
        if let Some(reference) = &self.reference {
            expectations = expectations.with_reference(reference);
        }
        if let Some(requester) = &self.requester {
            expectations = expectations.with_requester(requester);
        }
        if let Some(requestee) = &self.requestee {
            expectations = expectations.with_requestee(requestee);
        }
        if let Some(mode) = &self.mode {
            expectations = expectations.with_mode(Mode::from_name(mode));
        }
        if let Some(max_age) = self.max_age {
            expectations = expectations.with_max_age(Duration::from_secs(max_age));
        }
        if !self.claims.is_empty() {
            expectations = expectations.with_claims(&self.claims);
        }
        expectations
    }
}

/// How the answer is printed.
#[derive(Args)]
#[command(next_help_heading = None)]
pub(crate) struct Shape {
    /// How to print [default: table on a terminal, json in a pipe]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
}

/// clap's refusal under this project's code: its first paragraph as one sentence, then its advice.
///
/// It quotes arguments: what a terminal obeys is escaped in them, and long ones are shortened.
pub(crate) fn usage(error: &clap::Error, arguments: &[OsString]) -> Failure {
    let text = names::shortened(&error.to_string(), arguments);
    let lines: Vec<_> = text.lines().map(|line| Shown(line).to_string()).collect();
    let text = lines.join("\n");
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    let (sentence, advice) = text.split_once("\n\n").unwrap_or((text, ""));
    let lines: Vec<_> = sentence.lines().map(str::trim).collect();
    let sentence = lines.join(" ");
    Failure::new(
        ErrorCode::Usage,
        match advice {
            "" => sentence,
            advice => format!("{sentence}\n\n{advice}"),
        },
    )
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use flowseal::testkit::Persona;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn help_names_every_persona() {
        let mut command = Arguments::command();
        for name in ["seal", "mock"] {
            let Some(subcommand) = command.find_subcommand_mut(name) else {
                assert!(name == "mock" && cfg!(not(feature = "mock")), "{name}");
                continue;
            };
            let help = subcommand.render_help().to_string();
            let is_named = |persona: &Persona| help.contains(persona.name);
            assert!(Persona::ALL.iter().all(is_named), "{name}");
            let has_number = |persona: &Persona| {
                help.contains(&format!("  {:<7}{}  ", persona.name, persona.requestee))
            };
            let has_numbers = Persona::ALL.iter().all(has_number);
            assert_eq!(has_numbers, name == "mock", "{name}");
        }
    }
}
