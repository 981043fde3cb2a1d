//! `flowseal open`: the claims, of a flow that is verified or said not to be.

use flowseal::{Error, Json, Object, OpenOptions, OpenedClaims};

use super::engine;
use super::question::Question;
use crate::args::Open;
use crate::failure::Failure;
use crate::output::table::Page;
use crate::output::{self, Format, Reference, json};
use crate::{input, keys, token};

pub(super) fn run(arguments: &Open) -> Result<(), Failure> {
    let sources = arguments.key.iter().chain(&arguments.trust.verify_key);
    token::check_meant(&arguments.token, sources)?;
    let profile = input::profile(arguments.rules.profile.as_deref())?;
    let profile = profile.as_ref();
    let question = Question::read(&arguments.rules, &arguments.expected, profile)?;
    let passphrase_file = arguments.passphrase_file.as_deref();
    let ring = keys::ring(&arguments.key, passphrase_file, &arguments.token, profile)?;
    let verifier = keys::verifier_beside(
        &ring,
        &arguments.trust.verify_key,
        &arguments.token,
        profile,
    )?;
    let options = options(arguments);
    output::warn(options.warnings());
    let flow = input::flow(arguments.source.flow.as_deref(), profile)?;

    let received = flow.reference().to_owned();
    let (reference, claims, errors) = if arguments.trust.unverified {
        let Question {
            expectations, now, ..
        } = &question;
        let claims = flow.open_unverified(&ring, expectations, *now, &options)?;
        (Reference::Flow(received), claims, None)
    } else {
        let verified = question.put(flow, &verifier)?;
        let reference = Reference::of_verified(&received, verified.reference());
        if arguments.partial {
            let partial = verified.open_partial(&ring, &options)?;
            (reference, partial.opened, Some(partial.errors))
        } else {
            (reference, verified.open_with(&ring, &options)?, None)
        }
    };

    let errors = errors.as_deref();
    match Format::or_by_reader(arguments.shape.format) {
        Format::Json => print_json(&reference, &claims, errors)?,
        Format::Table => print_table(&reference, &claims, errors)?,
    }
    match errors.unwrap_or_default() {
        [] => Ok(()),
        errors @ [(_, first), ..] => Err(incomplete(&claims, errors, first)),
    }
}

fn options(arguments: &Open) -> OpenOptions {
    let options = OpenOptions::new().with_engine(engine());
    match arguments.select.as_slice() {
        [] => options,
        paths => options.select(paths),
    }
}

fn print_json(
    reference: &Reference,
    claims: &OpenedClaims,
    errors: Option<&[(String, Error)]>,
) -> Result<(), Failure> {
    let verdict = json::Verdict::of(reference, claims.report(), claims.is_verified());
    let text = claims.to_json();
    let opened = text.expose_secret();
    let code =
        |(path, error): &(String, Error)| (path.clone(), json::text(Some(error.code().as_str())));
    let errors = errors.map(|errors| Json::Object(errors.iter().map(code).collect::<Object>()));

    let mut members = verdict.members();
    members.push(("claims", &opened));
    if let Some(errors) = &errors {
        members.push(("errors", errors));
    }
    output::print(|out| json::object(out, &members))
}

fn print_table(
    reference: &Reference,
    claims: &OpenedClaims,
    errors: Option<&[(String, Error)]>,
) -> Result<(), Failure> {
    output::print(|out| {
        let mut page = Page::new(out, output::colour());
        match claims.is_verified() {
            true => page.verdict(true, "verified")?,
            false => page.verdict(
                false,
                "NOT VERIFIED: nobody looked at the e-signature, these claims may be anyone's",
            )?,
        }
        page.reference(reference)?;
        page.signed(claims.report())?;
        page.blank()?;
        page.report(claims.report())?;
        page.blank()?;
        page.claims(claims)?;
        match errors {
            Some(errors @ [_, ..]) => {
                page.blank()?;
                page.errors(errors)
            }
            _ => Ok(()),
        }
    })
}

/// What opened is printed; the exit status says that it is not all.
fn incomplete(claims: &OpenedClaims, errors: &[(String, Error)], first: &Error) -> Failure {
    let (failed, all) = (errors.len(), errors.len() + claims.len());
    let sentence = format!("{failed} of {all} claims did not open: the output says which");
    Failure::new(first.code(), sentence)
}
