//! What is known of flows of which no statement of the list explains all: flow by flow, so that one
//! stranger's among many is named.

use super::{Case, Known, Partly, learned};
use crate::error::{Error, ErrorCode};
use crate::ground::diagnosis::{DiagnosedFlow, Diagnosis, Finding};
use crate::profile::{Algorithm, StatementForm};
use crate::statement::Statement;
use crate::verify::recovered::Recovered;

/// The error, with what is known.
pub(super) fn error(
    cases: &[Case<'_>],
    algorithm: Option<Algorithm>,
    candidates: u64,
    known: &Known,
) -> Error {
    let best = known.best.as_ref();
    let name = algorithm.zip(best).map(|(algorithm, best)| {
        let explained = best.explained.iter().filter_map(|place| cases.get(*place));
        let mut explained = explained.map(|case| (case, case.under(algorithm)));
        match explained.all(|(case, shown)| shown.is_some_and(|shown| best.is_own(case, shown))) {
            true => "canonical-flow-v1".to_owned(),
            false => learned::name(&best.recipe, best.encoding),
        }
    });
    let verdict = |(place, case): (usize, &Case<'_>)| {
        let is_explained = best.is_some_and(|best| best.explained.contains(&place));
        match name.clone().filter(|_| is_explained) {
            Some(name) => Ok(name),
            // Of what was not tried, and is held against no statement, nothing is said.
            None => Err(Some(finding(case, algorithm)).filter(|finding| {
                *finding != Finding::OtherBytes || best.is_some() || known.tried.contains(&place)
            })),
        }
    };
    let verdicts: Vec<_> = cases.iter().enumerate().map(verdict).collect();
    let unexplained = cases.iter().zip(&verdicts);
    let unexplained = unexplained.filter(|(_, verdict)| verdict.is_err());
    let diagnosed = unexplained.flat_map(|(case, _)| case.diagnosed.iter().cloned());
    let diagnosis = Diagnosis::new(diagnosed.collect());
    let sentence = match (algorithm, &name) {
        (Some(_), Some(name)) => partly_explained(name, &verdicts),
        (Some(algorithm), None) => format!(
            "none of {candidates} statements explains {}, signed with {} by the keys given{}: ask whoever signs which bytes it is, and give them as detached",
            all(cases),
            algorithm.name(),
            others(&verdicts, &[Finding::OtherAlgorithm, Finding::OtherKey])
                + &untried(&verdicts, known)
        ),
        (None, _) => format!(
            "what is signed cannot be learnt of {}: {}",
            all(cases),
            diagnosis.sentence()
        ),
    };
    let flows = verdicts.into_iter().map(DiagnosedFlow::new).collect();
    Error::new(ErrorCode::StatementUnknown, sentence).with_diagnosis(diagnosis.with_flows(flows))
}

impl Partly {
    /// Whether what explains this flow is a profile's own form.
    fn is_own(&self, case: &Case<'_>, shown: &Recovered) -> bool {
        let form = StatementForm::CanonicalFlowV1;
        learned::form_of(&self.recipe, self.encoding).as_ref() == Some(&form)
            && Statement::of(&case.flow, &form, None)
                .is_ok_and(|statement| shown.is_over(&statement.bytes))
    }
}

/// Why a flow is not explained, where most are signed with this algorithm.
fn finding(case: &Case<'_>, algorithm: Option<Algorithm>) -> Finding {
    let mut keys = case.diagnosed.iter();
    match algorithm.and_then(|algorithm| case.under(algorithm)) {
        Some(_) => Finding::OtherBytes,
        None if keys.all(|key| key.finding() == Finding::OtherKey) => Finding::OtherKey,
        None => Finding::OtherAlgorithm,
    }
}

fn all(cases: &[Case<'_>]) -> String {
    match cases.len() {
        1 => "the flow".to_owned(),
        count => format!("all {count} flows"),
    }
}

/// The statement that explains a flow, or why none is known to.
type Verdict = Result<String, Option<Finding>>;

/// Where the list was tried on a few flows of many, that it was.
fn untried(verdicts: &[Verdict], known: &Known) -> String {
    match verdicts.contains(&Err(None)) {
        true => {
            let tried: Vec<_> = known.tried.iter().map(|place| place + 1).collect();
            format!(" (it was tried on {} alone)", numbered(&tried))
        }
        false => String::new(),
    }
}

fn partly_explained(name: &str, verdicts: &[Verdict]) -> String {
    let explained = places(verdicts, Result::is_ok);
    let findings = [
        Finding::OtherKey,
        Finding::OtherAlgorithm,
        Finding::OtherBytes,
    ];
    format!(
        "{name} explains {} of {}{}: leave out those that are not of these keys and this rule, or ask who signed them which bytes it is",
        numbered(&explained),
        verdicts.len(),
        others(verdicts, &findings)
    )
}

/// Which flows are not explained for these reasons, as the end of a sentence's part.
fn others(verdicts: &[Verdict], findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let places = places(verdicts, |verdict| verdict.as_ref() == Err(&Some(*finding)));
        if !places.is_empty() {
            text += &format!(
                ", and not {}, signed {}",
                numbered(&places),
                match finding {
                    Finding::OtherKey => "by none of the keys given",
                    Finding::OtherAlgorithm => "with another algorithm",
                    Finding::OtherBytes => "over other bytes",
                }
            );
        }
    }
    text
}

/// The numbers of the flows of which this is so, from 1.
fn places(verdicts: &[Verdict], is_so: impl Fn(&Verdict) -> bool) -> Vec<usize> {
    let places = verdicts.iter().zip(1..);
    let places = places.filter(|(verdict, _)| is_so(verdict));
    places.map(|(_, place)| place).collect()
}

/// Flows by their numbers: a sentence names ten at most.
fn numbered(places: &[usize]) -> String {
    const NAMED: usize = 10;

    let named: Vec<_> = places.iter().take(NAMED).map(usize::to_string).collect();
    let (last, before) = match named.split_last() {
        Some((last, before)) if !before.is_empty() => (last, before.join(", ")),
        _ => return format!("flow {}", named.concat()),
    };
    match places.len() - named.len() {
        0 => format!("flows {before} and {last}"),
        more => format!("flows {before}, {last} and {more} more"),
    }
}
