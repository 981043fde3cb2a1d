//! `flowseal disclose`: some claims of a flow for someone else, with the proof.

use std::path::Path;

use crate::args::Disclose;
use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::{input, keys, output, token};

use super::question::Question;

pub(super) fn run(arguments: &Disclose) -> Result<(), Failure> {
    let sources = arguments.key.iter().chain(&arguments.verify_key);
    token::check_meant(&arguments.token, sources)?;
    let profile = input::profile(arguments.rules.profile.as_deref())?;
    let profile = profile.as_ref();
    let question = Question::read(&arguments.rules, &arguments.expected, profile)?;
    let passphrase_file = arguments.passphrase_file.as_deref();
    let ring = keys::ring(&arguments.key, passphrase_file, &arguments.token, profile)?;
    let verifier = keys::verifier_beside(&ring, &arguments.verify_key, &arguments.token, profile)?;
    let flow = input::flow(arguments.source.flow.as_deref(), profile)?;

    let all = flow.claims().leaves().count();
    let verified = question.put(flow, &verifier)?;
    let disclosure = verified.disclose(&ring, &arguments.path)?;
    let shown = disclosure.paths().count();
    let text = disclosure.to_json();
    match arguments
        .output
        .as_deref()
        .filter(|file| *file != Path::new("-"))
    {
        Some(file) => {
            let line = SecretLine::of(text.expose_secret());
            files::write(file, line.bytes(), Existing::forced(arguments.force))?;
        }
        None => output::print(|out| writeln!(out, "{}", text.expose_secret()))?,
    }
    output::warn([format!(
        "beside {} the file also shows the national number, the reference, the requester, the times and \
         {}",
        match shown {
            1 => "the claim".to_owned(),
            shown => format!("the {shown} claims"),
        },
        match all {
            1 => "the claim's name, with its ciphertext".to_owned(),
            all => format!("the names of all {all} claims, with their ciphertexts"),
        }
    )]);
    Ok(())
}

/// A text with a line end, in a buffer that is wiped.
struct SecretLine(flowseal::SecretBytes);

impl SecretLine {
    fn of(text: &str) -> Self {
        let mut line = flowseal::SecretBytes::zeroed(text.len() + 1);
        let bytes = text.bytes().chain([b'\n']);
        for (place, byte) in line.expose_secret_mut().iter_mut().zip(bytes) {
            *place = byte;
        }
        Self(line)
    }

    fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }
}
