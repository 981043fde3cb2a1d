//! `flowseal verify`: is the signature valid, and is this the expected flow?

use std::path::Path;

use flowseal::report::{Check, Outcome, Report};
use flowseal::{AppKey, Disclosed, Disclosure, Error, ErrorCode, Evidence, Json};

use super::question::Question;
use crate::args::Verify;
use crate::failure::{Failure, exit_status};
use crate::files::{self, Existing};
use crate::output::table::{Page, moment};
use crate::output::{self, Format, Reference, Shown, VerifyFormat, json};
use crate::{input, keys, token};

pub(super) fn run(arguments: &Verify) -> Result<(), Failure> {
    token::check_meant(&arguments.token, &arguments.verify_key)?;
    match (
        &arguments.from_evidence,
        &arguments.disclosure,
        &arguments.app_key,
    ) {
        (Some(file), ..) => run_on_evidence(arguments, file),
        (None, Some(file), Some(app_key)) => run_on_disclosure(arguments, file, app_key),
        // clap does not ask for what an argument requires where that conflicts with another one.
        (.., Some(_)) => Err(Failure::new(
            ErrorCode::Usage,
            "--app-key is for a disclosure and has no part in a flow's verification: name the file with --disclosure",
        )),
        _ => run_on_flow(arguments),
    }
}

fn run_on_flow(arguments: &Verify) -> Result<(), Failure> {
    let profile = input::profile(arguments.rules.profile.as_deref())?;
    let question = Question::read(&arguments.rules, &arguments.expected, profile.as_ref())?;
    let verifier = keys::verifier(&arguments.verify_key, &arguments.token, profile.as_ref())?;
    let flow = input::flow(arguments.source.flow.as_deref(), profile.as_ref())?;

    let received = flow.reference().to_owned();
    match question.put(flow, &verifier) {
        Ok(verified) => {
            if let Some(file) = &arguments.evidence {
                let text = format!("{}\n", verified.evidence().to_json());
                let existing = Existing::forced(arguments.force);
                files::write(file, text.as_bytes(), existing)?;
            }
            if VerifyFormat::is_html(arguments.format) {
                return print_page(&verified.evidence().to_html());
            }
            let reference = Reference::of_verified(&received, verified.reference());
            print(arguments, &reference, verified.report(), None)
        }
        Err(refused) => refuse(arguments, &Reference::Flow(received), refused.into()),
    }
}

/// A file that `--evidence` has written, at another time and by someone else. The auditor's own
/// profile leads, where there is one.
fn run_on_evidence(arguments: &Verify, file: &Path) -> Result<(), Failure> {
    let profile = input::profile(arguments.rules.profile.as_deref())?;
    let keys = keys::verifying(&arguments.verify_key, &arguments.token, None)?;
    let about = |error: Error| Failure::from(error).about(file);
    let evidence = Evidence::from_json(&input::evidence(file)?).map_err(about)?;
    if VerifyFormat::is_html(arguments.format) {
        return match evidence.check_to_html(&keys, profile.as_ref()) {
            Ok(page) => print_page(&page),
            Err(error) => refuse(arguments, &Reference::None, error),
        };
    }
    let checked = match &profile {
        Some(profile) => evidence.check_under(&keys, profile),
        None => evidence.check(&keys),
    };
    match checked {
        Ok(report) => print(arguments, &Reference::None, &report, None),
        Err(error) => refuse(arguments, &Reference::None, error),
    }
}

/// A file that `flowseal disclose` has written, likewise. Both keys are the auditor's own.
fn run_on_disclosure(arguments: &Verify, file: &Path, app_key: &Path) -> Result<(), Failure> {
    let profile = input::profile(arguments.rules.profile.as_deref())?;
    let keys = keys::verifying(&arguments.verify_key, &arguments.token, None)?;
    if token::is_meant(app_key) {
        return Err(Failure::new(
            ErrorCode::Usage,
            "--app-key is a file with the app's public key, and this names a key of a token: write its public half into a file (pkcs11-tool --read-object)",
        ));
    }
    let app_key = keys::from_file(app_key, AppKey::load)?;
    let about = |error: Error| Failure::from(error).about(file);
    let text = input::disclosure(file)?;
    let disclosure = Disclosure::from_json(text.bytes()).map_err(about)?;
    if VerifyFormat::is_html(arguments.format) {
        return match disclosure.check_to_html(&app_key, &keys, profile.as_ref()) {
            Ok(page) => print_page(page.expose_secret()),
            Err(error) => refuse(arguments, &Reference::None, error),
        };
    }
    let checked = match &profile {
        Some(profile) => disclosure.check_under(&app_key, &keys, profile),
        None => disclosure.check(&app_key, &keys),
    };
    match checked {
        Ok(disclosed) => print_disclosed(arguments, &disclosed),
        Err(error) => refuse(arguments, &Reference::None, error),
    }
}

/// The answer on a flow, and what was shown of it.
fn print_disclosed(arguments: &Verify, disclosed: &Disclosed) -> Result<(), Failure> {
    let report = disclosed.report();
    let reference = disclosed.reference();
    let reference = reference.map_or(Reference::None, |it| Reference::Flow(it.to_owned()));
    let format = arguments.format.and_then(VerifyFormat::plain);
    match Format::or_by_reader(format) {
        Format::Json => {
            let verdict = json::Verdict::of(&reference, report, true);
            let signature = json::text(Some(signature(report)));
            let text = disclosed.claims().to_json();
            let shown = text.expose_secret();
            let withheld = disclosed.withheld().iter();
            let withheld = Json::Array(withheld.map(|path| json::text(Some(path))).collect());
            let mut members = verdict.members();
            members.push(("signature", &signature));
            members.push(("disclosed", &shown));
            members.push(("withheld", &withheld));
            output::print(|out| json::object(out, &members))
        }
        Format::Table => output::print(|out| {
            let mut page = Page::new(out, output::colour());
            page.verdict(true, "verified")?;
            page.reference(&reference)?;
            for (name, value) in [
                ("requestee", disclosed.requestee()),
                ("requester", disclosed.requester()),
            ] {
                page.fact(name, &Shown(value.unwrap_or("none")))?;
            }
            if let Some(signed_at) = disclosed.signed_at() {
                page.fact("signed at", &moment(signed_at))?;
            }
            page.fact("signature", &signature(report))?;
            page.signed(report)?;
            page.blank()?;
            page.claims(disclosed.claims())?;
            page.blank()?;
            page.fact("withheld", &Shown(&disclosed.withheld().join(", ")))?;
            page.blank()?;
            page.report(report)
        }),
    }
}

/// Prints what was looked at, where anything was: a question that could not be put, such as bytes
/// that cover no member of this flow, has no answer to print.
fn refuse(arguments: &Verify, reference: &Reference, error: Error) -> Result<(), Failure> {
    let was_judged = exit_status(error.code()) == 1;
    if let Some(report) = error.report().filter(|_| was_judged) {
        print(arguments, reference, report, Some(&error))?;
    }
    Err(error.into())
}

/// Prints what was found of a flow that is verified, or of one that is refused.
fn print(
    arguments: &Verify,
    reference: &Reference,
    report: &Report,
    refusal: Option<&Error>,
) -> Result<(), Failure> {
    if VerifyFormat::is_html(arguments.format) {
        let page = refusal.and_then(Error::to_html);
        return page.map_or(Ok(()), |page| print_page(&page));
    }
    let format = arguments.format.and_then(VerifyFormat::plain);
    match Format::or_by_reader(format) {
        Format::Json => print_json(reference, report, refusal),
        Format::Table => print_table(reference, report, refusal.is_none()),
    }
}

fn print_page(page: &str) -> Result<(), Failure> {
    output::print(|out| out.write_all(page.as_bytes()))
}

fn print_json(
    reference: &Reference,
    report: &Report,
    refusal: Option<&Error>,
) -> Result<(), Failure> {
    let verdict = json::Verdict::of(reference, report, refusal.is_none())
        .diagnosed(refusal.and_then(Error::diagnosis));
    let signature = json::text(Some(signature(report)));
    let mut members = verdict.members();
    members.push(("signature", &signature));
    // Which part of a disclosure proves nothing.
    let why = refusal.and_then(|error| error.details().why());
    let why = why.map(|why| json::text(Some(why)));
    if let Some(why) = &why {
        members.push(("why", why));
    }
    output::print(|out| json::object(out, &members))
}

fn print_table(reference: &Reference, report: &Report, verified: bool) -> Result<(), Failure> {
    output::print(|out| {
        let mut page = Page::new(out, output::colour());
        page.verdict(verified, if verified { "verified" } else { "refused" })?;
        page.reference(reference)?;
        page.fact("signature", &signature(report).replace('_', " "))?;
        page.signed(report)?;
        page.blank()?;
        page.report(report)
    })
}

/// The one of three answers that there is on the e-signature.
fn signature(report: &Report) -> &'static str {
    match report.outcome(Check::Signature) {
        Outcome::Passed => "valid",
        Outcome::Failed => "invalid",
        _ => "not_checked",
    }
}
