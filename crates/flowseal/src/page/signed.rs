//! The signed bytes, read for people: the members that they are, and those that they are not.

use super::html::Html;
use super::{Disclosed, Signed};
use crate::claims::SealedClaims;
use crate::ground::tree::{Json, Object};
use crate::json;
use crate::limits::Limits;
use crate::profile::StatementForm;
use crate::statement::LASTING_MEMBERS;
use crate::time::UnixTime;

/// Who signed what and when, in a sentence.
pub(super) fn summary(signed: &Signed<'_>, html: &mut Html<'_>) {
    let members = members(signed);
    let text = |name: &str| members.as_ref()?.present(name)?.as_str();
    let Some(reference) = text("reference") else {
        return html.raw("The key below made it over the bytes that this page shows.");
    };
    html.raw("The holder of the key below signed the flow ");
    html.outside(reference);
    if let Some(time) = members
        .as_ref()
        .and_then(|members| moment(members.present("signedAt")?))
    {
        html.raw(" on <time>");
        html.text(&time);
        html.raw("</time>");
    }
    if let Some(requester) = text("requester") {
        html.raw(", which ");
        html.outside(requester);
        html.raw(" had started");
    }
    html.raw(".");
}

pub(super) fn what_was_signed(
    signed: &Signed<'_>,
    disclosed: Option<&Disclosed<'_>>,
    html: &mut Html<'_>,
) {
    html.section("signed", "What was signed");
    match members(signed) {
        Some(members) => {
            html.raw("<dl>\n");
            let in_order = LASTING_MEMBERS.iter();
            for name in in_order.filter(|name| **name != "claims") {
                if let Some(value) = members.present(name) {
                    member(name, value, html);
                }
            }
            html.raw("</dl>\n");
            if let Some(claims) = members.present("claims").and_then(Json::as_object) {
                claims_table(&SealedClaims::new(Some(claims)), disclosed, html);
            }
        }
        None => as_they_are(signed.statement, html),
    }
    html.raw("</section>\n");
}

/// The members of the canonical statement, which is a JSON object. Of other bytes nobody can read
/// them.
fn members(signed: &Signed<'_>) -> Option<Object> {
    if signed.profile.statement != StatementForm::CanonicalFlowV1 {
        return None;
    }
    match json::parse(signed.statement, &Limits::UNBOUNDED).ok()? {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

fn member(name: &str, value: &Json, html: &mut Html<'_>) {
    html.raw("<div><dt>");
    match meaning(name) {
        Some(meaning) => html.raw(meaning),
        None => html.outside(name),
    }
    html.raw(" <span class=\"wire\">");
    html.text(name);
    html.raw("</span></dt><dd>");
    let time = matches!(name, "iat" | "signedAt")
        .then(|| moment(value))
        .flatten();
    match (time, value) {
        (Some(time), _) => {
            html.text(&time);
            html.raw(" <span class=\"wire\">");
            html.text(&value.to_string());
            html.raw("</span>");
        }
        (None, Json::String(text)) => html.outside(text),
        (None, other) => html.outside(&other.to_string()),
    }
    html.raw("</dd></div>\n");
}

fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "reference" => "Flow",
        "requester" => "Organisation",
        "requestee" => "Person",
        "mode" => "Purpose",
        "iat" => "Started",
        "signedAt" => "Signed",
        "data" => "Data",
        _ => return None,
    })
}

fn moment(value: &Json) -> Option<String> {
    let seconds = i64::try_from(value.as_integer()?).ok()?;
    Some(UnixTime::from_seconds(seconds).ok()?.utc(" ", " UTC"))
}

fn claims_table(claims: &SealedClaims<'_>, disclosed: Option<&Disclosed<'_>>, html: &mut Html<'_>) {
    html.raw("<table>\n<caption>Claims under the signature</caption>\n<thead><tr>");
    html.raw("<th scope=\"col\">Claim</th><th scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
    for leaf in claims.leaves() {
        html.raw("<tr><th scope=\"row\">");
        html.outside(&leaf.path);
        html.raw("</th><td>");
        let shown = disclosed.and_then(|disclosed| {
            let mut claims = disclosed.claims.iter();
            claims.find(|(path, _)| *path == leaf.path)
        });
        match (shown, leaf.ciphertext_len()) {
            (Some((_, value)), _) => html.outside(value),
            (None, Some(bytes)) => {
                html.raw("<span class=\"sealed\">sealed, ");
                html.text(&bytes.to_string());
                html.raw(" bytes</span>");
            }
            (None, None) => html.raw("<span class=\"sealed\">not a sealed claim</span>"),
        }
        html.raw("</td></tr>\n");
    }
    html.raw("</tbody>\n</table>\n");
    match disclosed {
        Some(disclosed) => {
            html.raw("<p class=\"note\">The values shown were disclosed: raised to the public exponent of the app’s ");
            html.raw("key, with the fingerprint <span class=\"mono\">");
            html.text(disclosed.app_key);
            html.raw("</span>, what was disclosed gives the ciphertexts that were signed. ");
            html.raw("The others are withheld.</p>\n");
        }
        None => {
            html.raw("<p class=\"note\">A sealed claim can be read by the app that it was sealed ");
            html.raw("to. That it was shared is signed; what it says is not on this page.</p>\n");
        }
    }
}

/// Bytes of a template or detached bytes: as text where they are some.
fn as_they_are(statement: &[u8], html: &mut Html<'_>) {
    match std::str::from_utf8(statement) {
        Ok(text) => {
            html.raw("<p>These bytes, as text:</p>\n<pre class=\"bytes\"><bdi>");
            html.text(text);
        }
        Err(_) => {
            html.raw("<p>These bytes, which are no text, in hexadecimal:</p>\n<pre class=\"bytes\"><bdi>");
            for byte in statement {
                html.text(&format!("{byte:02x}"));
            }
        }
    }
    html.raw("</bdi></pre>\n");
}

/// What the signature covers of a flow, and what it does not.
pub(super) fn coverage(
    signed: &Signed<'_>,
    disclosed: Option<&Disclosed<'_>>,
    html: &mut Html<'_>,
) {
    html.section("covered", "What the signature covers, and what it does not");
    html.raw("<div class=\"pair\">\n<div>\n<h3>Covered</h3>\n<ul>\n");
    for name in signed.covers {
        html.raw("<li>");
        html.outside(name);
        html.raw("</li>\n");
    }
    html.raw("</ul>\n");
    if signed.covers.is_empty() {
        html.raw("<p>No member of the flow.</p>\n");
    }
    if signed.profile.statement == StatementForm::Detached {
        html.raw("<p class=\"note\">That these bytes say what these members say was the word of ");
        html.raw("whoever verified the flow. It does not show in the bytes.</p>\n");
    }
    html.raw("</div>\n<div>\n<h3>Not covered</h3>\n<ul>\n");
    let is_covered = |name: &str| signed.covers.iter().any(|covered| covered == name);
    for name in LASTING_MEMBERS {
        // Data is rare; that it is absent is no gap.
        if name != "data" && !is_covered(name) {
            html.raw("<li>");
            html.raw(name);
            html.raw("</li>\n");
        }
    }
    html.raw("<li>whether the flow was cancelled later</li>\n");
    html.raw("<li>the name that may stand beside a flow</li>\n");
    if is_covered("claims") {
        html.raw(match disclosed {
            Some(_) => {
                "<li>the values of the claims that are withheld: their ciphertexts alone are</li>\n"
            }
            None => "<li>the values of the claims: their ciphertexts alone are</li>\n",
        });
    }
    html.raw("</ul>\n</div>\n</div>\n</section>\n");
}
