//! How anyone repeats it: lines that write the evidence, one command of flowseal, and lines for
//! openssl alone. They stand in the order in which they are run, in a folder of their own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Signed;
use super::html::Html;
use crate::profile::{Algorithm, Profile};

pub(super) fn section(
    signed: &Signed<'_>,
    fingerprint: &str,
    is_disclosure: bool,
    html: &mut Html<'_>,
) {
    // Without one of the reader's own, the file's leads, and the default one is no news.
    let own = signed.given.unwrap_or(signed.profile);
    let profile = (signed.given.is_some() || *own != Profile::default()).then_some(own);

    html.section("repeat", "How to repeat it");
    needs(profile, is_disclosure, signed.given.is_some(), html);
    the_evidence(signed, html);

    html.raw("<h3>With flowseal</h3>\n<pre class=\"commands\" id=\"flowseal\">");
    html.raw(match is_disclosure {
        true => "flowseal verify --disclosure disclosure.json --app-key app.pub.pem --verify-key key.pem",
        false => "flowseal verify --from-evidence evidence.json --verify-key key.pem",
    });
    html.raw(match profile {
        Some(_) => " --profile profile.json\n</pre>\n",
        None => "\n</pre>\n",
    });

    html.raw("<h3>With openssl alone</h3>\n<p>These lines check the signature and nothing else. ");
    html.raw("The first two take the signed bytes and the signature out of the evidence. The ");
    html.raw("third prints the key’s fingerprint, which is <span class=\"mono\">");
    html.outside(fingerprint);
    html.raw("</span>. The fourth prints <samp>Verified OK</samp>.</p>\n");
    html.raw("<pre class=\"commands\" id=\"openssl\">");
    html.raw(
        "cut -d '\"' -f 6 evidence.json | fold -w 64 | openssl base64 -d -out statement.bin\n",
    );
    html.raw(
        "cut -d '\"' -f 10 evidence.json | fold -w 64 | openssl base64 -d -out signature.bin\n",
    );
    html.raw("openssl pkey -pubin -in key.pem -outform DER | openssl dgst -sha256 -r\n");
    html.raw(match signed.profile.algorithm {
        Algorithm::Rs256 => "openssl dgst -sha256 ",
        Algorithm::Rs384 => "openssl dgst -sha384 ",
        Algorithm::Rs512 => "openssl dgst -sha512 ",
        Algorithm::Ps256 => "openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha256 -sigopt rsa_pss_saltlen:32 ",
        Algorithm::Ps384 => "openssl dgst -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha384 -sigopt rsa_pss_saltlen:48 ",
        Algorithm::Ps512 => "openssl dgst -sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha512 -sigopt rsa_pss_saltlen:64 ",
    });
    html.raw("-verify key.pem -signature signature.bin statement.bin\n</pre>\n");
    html.raw("<p>That the bytes say what this page says, <code>cat statement.bin</code> shows.");
    if is_disclosure {
        html.raw(" For the claims, openssl has no line: flowseal’s documentation of disclosures ");
        html.raw("has a reader of sixty lines of Python.");
    }
    html.raw("</p>\n</section>\n");
}

/// What a reader has to have from elsewhere, under the names that the lines use.
fn needs(profile: Option<&Profile>, is_disclosure: bool, is_given: bool, html: &mut Html<'_>) {
    html.raw("<p>In an empty folder, you need:</p>\n<ul>\n");
    html.raw("<li><code>key.pem</code>, the public key of the person who signed, from its issuer ");
    html.raw("and not from whoever gave you this page</li>\n");
    if is_disclosure {
        html.raw(
            "<li><code>app.pub.pem</code>, the public key of the app, from elsewhere too</li>",
        );
        html.raw("\n<li><code>disclosure.json</code>, the disclosure that this page is of</li>\n");
    }
    let Some(profile) = profile else {
        return html.raw("</ul>\n");
    };
    html.raw("<li><code>profile.json</code>, how flows were signed, from the organisation’s ");
    html.raw("documentation of the time or from pasby</li>\n</ul>\n");
    html.raw(match is_given {
        true => "<p>The profile under which this page was made:</p>\n",
        false => "<p>The profile, by the evidence’s own word:</p>\n",
    });
    html.raw("<pre class=\"bytes\"><bdi>");
    html.text(&profile.to_json().to_string());
    html.raw("</bdi></pre>\n");
}

/// The file, in a text that nothing in it can act upon: neither here nor in a shell.
fn the_evidence(signed: &Signed<'_>, html: &mut Html<'_>) {
    // Exactly what the command writes.
    let file = format!("{}\n", signed.evidence.to_json());
    html.raw("<h3>The evidence</h3>\n<p>Paste these lines into a shell there. They write ");
    html.raw("<code>evidence.json</code>, of ");
    html.text(&file.len().to_string());
    html.raw(" bytes, which holds the signed bytes and the signature.</p>\n");
    // What scrolls has to be reached without a mouse.
    html.raw("<pre class=\"commands long\" id=\"evidence\" tabindex=\"0\" role=\"group\" ");
    html.raw("aria-label=\"Lines that write the evidence\">");
    html.raw("openssl base64 -d -out evidence.json &lt;&lt;'END'\n");
    lines(file.as_bytes(), html);
    html.raw("END\n</pre>\n");
}

/// Base64 in lines of 64, which is what openssl reads.
fn lines(bytes: &[u8], html: &mut Html<'_>) {
    const BYTES: usize = 48;

    for line in bytes.chunks(BYTES) {
        html.text(&STANDARD.encode(line));
        html.raw("\n");
    }
}
