//! Evidence as one page for people: what was signed, by which key, what was looked at, and how
//! anyone repeats it without this software.
//!
//! The page is a copy of what is known and proves nothing by itself; it says so. Nothing in it runs
//! or is fetched, and text from outside stands in it as text and nothing else.
//!
//! | job | file |
//! |---|---|
//! | text from outside, safe in HTML | `html` |
//! | outcomes in words | `words` |
//! | the signed bytes, read for people | `signed` |
//! | commands that repeat it | `repeat` |

mod html;
mod repeat;
mod signed;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::disclosure::Disclosure;
use crate::error::Error;
use crate::ground::report::{Outcome, Report};
use crate::ground::secret::{SecretText, written_once};
use crate::ground::tree::Json;
use crate::keys::{AppKey, VerifyingKey};
use crate::profile::Profile;
use crate::verify::Evidence;

use html::Html;

/// Everything that a page shows.
struct Page<'a> {
    verdict: Verdict<'a>,
    /// What was signed; `None` where a flow was refused before there was anything to show.
    signed: Option<Signed<'a>>,
    key: Option<Key<'a>>,
    /// What was looked at when the page was made.
    checks: Vec<Line<'a>>,
    /// What a file says was looked at, at another time: a note.
    noted: Vec<Line<'a>>,
    disclosed: Option<Disclosed<'a>>,
}

/// What the page is about, in one word.
#[derive(Clone, Copy)]
enum Verdict<'a> {
    Valid,
    /// With the code and the sentence of the refusal.
    Refused(&'a str, &'a str),
    NotChecked,
}

/// The signed bytes, and by which rules they are.
struct Signed<'a> {
    evidence: &'a Evidence,
    statement: &'a [u8],
    /// The evidence's own.
    profile: &'a Profile,
    /// The one of whoever has checked it, where they had one: it leads.
    given: Option<&'a Profile>,
    covers: &'a [String],
}

/// A key by its names.
struct Key<'a> {
    fingerprint: &'a str,
    kid: Option<&'a str>,
    subject: Option<&'a str>,
}

/// A line of a report.
struct Line<'a> {
    check: &'a str,
    outcome: &'a str,
    why: Option<&'a str>,
}

/// Claims that a disclosure proves, by path and value. Every other claim under the signature is
/// kept.
struct Disclosed<'a> {
    claims: Vec<(&'a str, &'a str)>,
    /// The fingerprint of the app's key that the reader has given.
    app_key: &'a str,
}

impl Evidence {
    /// The evidence as one page of HTML for people: what was signed, by which key, every check in
    /// words, what is covered and what is not, and how to repeat it, with openssl too.
    ///
    /// Of a flow that this process has verified it shows what was found. Evidence that was read
    /// from a file is shown as *not checked*, whatever the file says of itself:
    /// [`check_to_html`](Self::check_to_html) checks it first. The page names the person, as the
    /// evidence does.
    ///
    /// ```
    /// # use flowseal::{testkit, Expectations};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    /// let page = verified.evidence().to_html();
    /// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("openssl dgst -sha256"));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn to_html(&self) -> String {
        let lines = noted(self.report_json());
        let (verdict, checks, noted) = match self.is_of_verified_flow() {
            true => (Verdict::Valid, lines, Vec::new()),
            false => (Verdict::NotChecked, Vec::new(), lines),
        };
        self.page(verdict, checks, noted).to_html()
    }

    /// Checks the evidence as [`check`](Self::check) does, or [`check_under`](Self::check_under)
    /// where there is a profile, and gives the page of what was found.
    ///
    /// ```
    /// # use flowseal::{testkit, Evidence, Expectations, VerifyingKey};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let file = flow.verify(&verifier, &Expectations::unbound(), now)?.evidence().to_json();
    /// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
    /// let evidence = Evidence::from_json(file.as_bytes())?;
    /// assert!(evidence.to_html().contains("was not checked"));
    /// assert!(evidence.check_to_html(&[ada], None)?.contains("is valid"));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the check. [`Error::to_html`] gives the page of a refusal.
    pub fn check_to_html(
        &self,
        keys: &[VerifyingKey],
        profile: Option<&Profile>,
    ) -> Result<String, Error> {
        let report = match profile {
            Some(profile) => self.check_under(keys, profile)?,
            None => self.check(keys)?,
        };
        let noted = noted(self.report_json());
        let page = self.page(Verdict::Valid, lines(&report), noted);
        Ok(page.checked_with(&report, profile).to_html())
    }

    fn page<'a>(
        &'a self,
        verdict: Verdict<'a>,
        checks: Vec<Line<'a>>,
        noted: Vec<Line<'a>>,
    ) -> Page<'a> {
        let name = |name| self.key_json().as_object()?.present(name)?.as_str();
        Page {
            verdict,
            signed: Some(Signed {
                evidence: self,
                statement: self.statement(),
                profile: self.profile(),
                given: None,
                covers: self.covers(),
            }),
            key: Some(Key {
                fingerprint: self.fingerprint(),
                kid: name("kid"),
                subject: name("subject"),
            }),
            checks,
            noted,
            disclosed: None,
        }
    }
}

impl Disclosure {
    /// Checks the disclosure as [`check`](Self::check) does, or [`check_under`](Self::check_under)
    /// where there is a profile, and gives the page of what was found: that of
    /// [`Evidence::to_html`], with the claims that are shown.
    ///
    /// ```
    /// # use flowseal::{testkit, AppKey, Expectations, VerifyingKey};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// # let (ring, app) = (sample.ring()?, testkit::KeyPair::sample_app()?);
    /// let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    /// let disclosure = verified.disclose(&ring, ["naming.given"])?;
    /// let app = AppKey::load(app.public_pem().as_bytes())?;
    /// let ada = VerifyingKey::load(testkit::Sample::USER_PUBLIC_PEM.as_bytes())?;
    /// let page = disclosure.check_to_html(&app, &[ada], None)?;
    /// assert!(page.expose_secret().contains("Adébáyọ̀"));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the check. [`Error::to_html`] gives the page of a refusal.
    pub fn check_to_html(
        &self,
        app_key: &AppKey,
        keys: &[VerifyingKey],
        profile: Option<&Profile>,
    ) -> Result<SecretText, Error> {
        let disclosed = match profile {
            Some(profile) => self.check_under(app_key, keys, profile)?,
            None => self.check(app_key, keys)?,
        };
        let claims: Vec<_> = disclosed.claims().iter().collect();
        let app_key = app_key.fingerprint().to_string();
        let noted = noted(self.evidence().report_json());
        let page = self
            .evidence()
            .page(Verdict::Valid, lines(disclosed.report()), noted);
        let mut page = page.checked_with(disclosed.report(), profile);
        page.disclosed = Some(Disclosed {
            claims: claims
                .iter()
                .map(|claim| (claim.path(), claim.text()))
                .collect(),
            app_key: &app_key,
        });
        Ok(page.to_secret())
    }
}

impl Error {
    /// The page of a refusal, in the form of [`Evidence::to_html`]; `None` where nothing was looked
    /// at, since there is no report.
    ///
    /// ```
    /// # use flowseal::{testkit, Error, Expectations};
    /// # let sample = testkit::Sample::new()?;
    /// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
    /// let asked = Expectations::for_reference("req_2");
    /// let refused = flow.verify(&verifier, &asked, now).unwrap_err();
    /// let page = Error::from(refused).to_html().unwrap();
    /// assert!(page.contains("expectation_failed"));
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    pub fn to_html(&self) -> Option<String> {
        let report = self.report()?;
        let fingerprint = report.key().map(|key| key.fingerprint().to_string());
        let page = Page {
            verdict: Verdict::Refused(self.code().as_str(), self.sentence()),
            signed: None,
            key: report
                .key()
                .zip(fingerprint.as_deref())
                .map(|(key, fingerprint)| Key {
                    fingerprint,
                    kid: key.kid(),
                    subject: key.subject(),
                }),
            checks: lines(report),
            noted: Vec::new(),
            disclosed: None,
        };
        Some(page.to_html())
    }
}

/// The lines of a report of this process's.
fn lines(report: &Report) -> Vec<Line<'_>> {
    let lines = report.lines().iter();
    let line = lines.map(|line| Line {
        check: line.check().as_str(),
        outcome: line.outcome().as_str(),
        why: line.why(),
    });
    line.collect()
}

/// The lines of a report in a file; what is no line is left to the file.
fn noted(report: &Json) -> Vec<Line<'_>> {
    let lines = report.as_array().unwrap_or_default();
    lines.iter().filter_map(noted_line).collect()
}

fn noted_line(line: &Json) -> Option<Line<'_>> {
    let line = line.as_object()?;
    Some(Line {
        check: line.present("check")?.as_str()?,
        outcome: line.present("outcome")?.as_str()?,
        why: line.present("why").and_then(Json::as_str),
    })
}

const STYLE: &str = include_str!("page/style.css");

impl<'a> Page<'a> {
    /// The page of what was checked with a key of the reader's own, and under their profile where
    /// there is one. A key is called what they call it, and not what the file does.
    fn checked_with(mut self, report: &'a Report, profile: Option<&'a Profile>) -> Self {
        if let Some((key, own)) = self.key.as_mut().zip(report.key()) {
            (key.kid, key.subject) = (own.kid(), own.subject());
        }
        if let Some(signed) = &mut self.signed {
            signed.given = profile;
        }
        self
    }

    /// The page as text that holds no claim.
    fn to_html(&self) -> String {
        let mut text = String::new();
        self.write(&mut |piece| text.push_str(piece));
        text
    }

    /// The same of a page that may hold claims.
    fn to_secret(&self) -> SecretText {
        let text = written_once(|emit| self.write(&mut |piece| emit(piece.as_bytes())));
        SecretText::from_utf8(text).unwrap_or_else(|| SecretText::copied_from(""))
    }

    fn write(&self, emit: &mut dyn FnMut(&str)) {
        let mut html = Html::new(emit);
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        // Nothing runs and nothing is fetched; of styles, this one alone.
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
        html.raw("style-src 'sha256-");
        html.text(&STANDARD.encode(Sha256::digest(STYLE)));
        html.raw("'; base-uri 'none'; form-action 'none'\">\n");
        html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
        html.text(self.title());
        html.raw("</title>\n<style>");
        html.raw(STYLE);
        html.raw("</style>\n</head>\n<body>\n<div class=\"sheet\">\n");
        self.header(&mut html);
        html.raw("<main>\n");
        if let Some(signed) = &self.signed {
            signed::what_was_signed(signed, self.disclosed.as_ref(), &mut html);
        }
        self.key_section(&mut html);
        self.checks_section(&mut html);
        if let Some(signed) = &self.signed {
            signed::coverage(signed, self.disclosed.as_ref(), &mut html);
            let fingerprint = signed.evidence.fingerprint();
            repeat::section(signed, fingerprint, self.disclosed.is_some(), &mut html);
        }
        html.raw(
            "</main>\n<footer>\n<p>This page is a copy for people to read. It proves nothing ",
        );
        html.raw("by itself: whoever made it could have written anything. The proof is the ");
        html.raw("signature, checked with a key that you got elsewhere.</p>\n<p>Made by flowseal ");
        html.text(env!("CARGO_PKG_VERSION"));
        html.raw(". It runs no script and fetches nothing.");
        if self.signed.is_some() {
            html.raw(" It names a person: keep it as you keep other papers that do.");
        }
        html.raw("</p>\n</footer>\n</div>\n</body>\n</html>\n");
    }

    fn title(&self) -> &'static str {
        match self.verdict {
            Verdict::Valid => "The e-signature is valid",
            Verdict::Refused(..) => "Refused",
            Verdict::NotChecked => "The e-signature was not checked",
        }
    }

    fn header(&self, html: &mut Html<'_>) {
        html.raw(match self.verdict {
            Verdict::Valid => "<header class=\"good\">\n",
            Verdict::Refused(..) => "<header class=\"bad\">\n",
            Verdict::NotChecked => "<header class=\"open\">\n",
        });
        // An ornament: what it says is said in the heading.
        html.raw(
            "<svg class=\"seal\" viewBox=\"0 0 96 96\" aria-hidden=\"true\" focusable=\"false\">",
        );
        html.raw("<circle cx=\"48\" cy=\"48\" r=\"45\" class=\"rim\"/>");
        html.raw("<circle cx=\"48\" cy=\"48\" r=\"40\" class=\"beads\"/>");
        html.raw("<circle cx=\"48\" cy=\"48\" r=\"34\" class=\"ring\"/>");
        html.raw(match self.verdict {
            Verdict::Valid => "<path d=\"M31 49.5 43 61 66 36\"/>",
            Verdict::Refused(..) => "<path d=\"M35 35 61 61M61 35 35 61\"/>",
            Verdict::NotChecked => "<path d=\"M31 48H65\"/>",
        });
        html.raw("</svg>\n<div>\n<p class=\"kind\">");
        html.raw(match self.disclosed {
            Some(_) => "Disclosure of claims under an e-signature",
            None => "Evidence of an e-signature",
        });
        html.raw("</p>\n<h1>");
        html.text(self.title());
        html.raw("</h1>\n<p class=\"lead\">");
        match self.verdict {
            Verdict::Valid => match &self.signed {
                Some(signed) => {
                    signed::summary(signed, html);
                    if self.disclosed.is_some() {
                        html.raw(" The values of claims that this page shows are those that were ");
                        html.raw("signed sealed.");
                    }
                }
                None => html.raw("The key below made it over the signed bytes."),
            },
            Verdict::Refused(code, sentence) => {
                html.outside(&capitalised(sentence));
                html.raw(" <span class=\"code\">");
                html.text(code);
                html.raw("</span>");
            }
            Verdict::NotChecked => {
                html.raw("Everything below is what a file says of itself. Check it, ");
                html.raw("as described further down, before you believe any of it.");
            }
        }
        html.raw("</p>\n</div>\n</header>\n");
    }

    fn key_section(&self, html: &mut Html<'_>) {
        let Some(key) = &self.key else { return };
        html.section("key", "By which key");
        html.raw("<dl>\n<div><dt>Fingerprint</dt><dd class=\"mono\">");
        html.grouped(key.fingerprint);
        html.raw("</dd></div>\n");
        if let Some(kid) = key.kid {
            html.fact("Name (kid)", kid);
        }
        if let Some(subject) = key.subject {
            html.fact("Subject", subject);
        }
        html.raw("</dl>\n<p class=\"note\">The fingerprint is SHA-256 of the public key ");
        html.raw(
            "(SubjectPublicKeyInfo, DER). This page cannot show whose key it is: compare it with ",
        );
        html.raw("the key that you have from its issuer.");
        if key.subject.is_some() {
            html.raw(" The dates and the chain of the certificate were not checked.");
        }
        html.raw("</p>\n</section>\n");
    }

    fn checks_section(&self, html: &mut Html<'_>) {
        if !self.checks.is_empty() {
            html.section("checks", "What was checked");
            table(&self.checks, "Checked for this page", words::class, html);
            html.raw("</section>\n");
        }
        if !self.noted.is_empty() {
            html.section("noted", "What was noted at the time");
            html.raw("<p>The file says that this was found when the flow was verified. ");
            html.raw("It is a note that nobody has signed.</p>\n");
            // A note that says that something passed does not look as if it had.
            let plain = |_: &str, _: Option<&str>| "outcome none";
            table(&self.noted, "Checks that the file notes", plain, html);
            html.raw("</section>\n");
        }
    }
}

/// A table of checks, each with its outcome in words.
fn table(
    lines: &[Line<'_>],
    caption: &str,
    class: impl Fn(&str, Option<&str>) -> &'static str,
    html: &mut Html<'_>,
) {
    html.raw("<table>\n<caption>");
    html.text(caption);
    html.raw("</caption>\n<thead><tr><th scope=\"col\">Check</th>");
    html.raw(
        "<th scope=\"col\">Outcome</th><th scope=\"col\">In words</th></tr></thead>\n<tbody>\n",
    );
    for line in lines {
        match words::check(line.check) {
            Some(known) => {
                html.raw("<tr><th scope=\"row\" class=\"known\">");
                html.raw(known);
            }
            None => {
                html.raw("<tr><th scope=\"row\">");
                html.outside(line.check);
            }
        }
        html.raw("</th><td class=\"");
        html.raw(class(line.outcome, line.why));
        html.raw("\">");
        html.outside(words::outcome(line.outcome).unwrap_or(line.outcome));
        html.raw("</td><td>");
        match words::sentence(line.check, line.outcome, line.why) {
            Some(sentence) => html.text(sentence),
            None => html.outside(line.why.unwrap_or_default()),
        }
        html.raw("</td></tr>\n");
    }
    html.raw("</tbody>\n</table>\n");
}

/// A sentence of an error's, as one that stands alone.
fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

/// The outcome by its name in a report.
fn outcome_of(name: &str) -> Option<Outcome> {
    let all = [
        Outcome::Failed,
        Outcome::NotAsked,
        Outcome::NotChecked,
        Outcome::Passed,
    ];
    all.into_iter().find(|outcome| outcome.as_str() == name)
}
