//! `flowseal verify`: is the signature valid, and is this the expected flow?

use flowseal::{Check, Outcome, Report};

use super::question::Question;
use crate::args::Verify;
use crate::failure::Failure;
use crate::output::table::Page;
use crate::output::{self, Format, Shown, json};
use crate::{input, keys};

pub(super) fn run(arguments: &Verify) -> Result<(), Failure> {
    let profile = input::profile(arguments.rules.profile.as_deref())?;
    let question = Question::read(&arguments.rules, &arguments.expected, profile.as_ref())?;
    let verifier = keys::verifier(&arguments.verify_key, profile.as_ref())?;
    let flow = input::flow(arguments.source.flow.as_deref(), profile.as_ref())?;

    let reference = flow.reference().to_owned();
    let print = |report: &Report, verified| match Format::or_by_reader(arguments.shape.format) {
        Format::Json => print_json(&reference, report, verified),
        Format::Table => print_table(&reference, report, verified),
    };
    match question.put(flow, &verifier) {
        Ok(verified) => print(verified.report(), true),
        Err(refused) => {
            // A question that could not be put, such as bytes that cover no member of this flow,
            // has no answer to print.
            let was_judged = refused.error().code().exit_status() == 1;
            if let Some(report) = refused.report().filter(|_| was_judged) {
                print(report, false)?;
            }
            Err(refused.into())
        }
    }
}

fn print_json(reference: &str, report: &Report, verified: bool) -> Result<(), Failure> {
    let verdict = json::Verdict::of(reference, report, verified);
    let signature = json::text(Some(signature(report)));
    let mut members = verdict.members().to_vec();
    members.push(("signature", &signature));
    output::print(|out| json::object(out, &members))
}

fn print_table(reference: &str, report: &Report, verified: bool) -> Result<(), Failure> {
    output::print(|out| {
        let mut page = Page::new(out, output::colour());
        page.verdict(verified, if verified { "verified" } else { "refused" })?;
        page.fact("reference", &Shown(reference))?;
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
