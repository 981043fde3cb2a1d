//! How anyone repeats it: one command of flowseal, and lines for openssl alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Signed;
use super::html::Html;
use crate::profile::{Algorithm, Profile};

pub(super) fn section(
    signed: &Signed<'_>,
    fingerprint: Option<&str>,
    is_disclosure: bool,
    html: &mut Html<'_>,
) {
    html.section("repeat", "How to repeat it");
    html.raw("<p>You need the key of the person who signed, from its issuer and not from whoever ");
    html.raw("gave you this page. Save it as <code>key.pem</code>.</p>\n");
    html.raw("<h3>With flowseal</h3>\n<p>Beside the ");
    html.raw(match is_disclosure {
        true => "disclosure, from which this page was made, and the app’s public key:</p>\n",
        false => "evidence file, from which this page was made:</p>\n",
    });
    html.raw("<pre class=\"commands\" id=\"flowseal\">");
    html.raw(match is_disclosure {
        true => "flowseal verify --disclosure disclosure.json --app-key app.pub.pem --verify-key key.pem",
        false => "flowseal verify --from-evidence evidence.json --verify-key key.pem",
    });
    let is_default = *signed.profile == Profile::default();
    if !is_default {
        html.raw(" --profile profile.json");
    }
    html.raw("\n</pre>\n");
    if !is_default {
        html.raw(
            "<p>Where <code>profile.json</code> is what you know from elsewhere of how flows are ",
        );
        html.raw("signed. The file says that it is:</p>\n<pre class=\"bytes\"><bdi>");
        html.text(&signed.profile.to_json().to_string());
        html.raw("</bdi></pre>\n");
    }

    html.raw("<h3>With openssl alone</h3>\n<p>These lines check the signature and nothing else. ");
    html.raw("First, the key: the fingerprint that is printed is ");
    match fingerprint {
        Some(fingerprint) => {
            html.raw("<span class=\"mono\">");
            html.text(fingerprint);
            html.raw("</span>.</p>\n");
        }
        None => html.raw("the one above.</p>\n"),
    }
    html.raw("<pre class=\"commands\" id=\"openssl-key\">");
    html.raw("openssl pkey -pubin -in key.pem -outform DER | openssl dgst -sha256 -r\n</pre>\n");
    html.raw(
        "<p>Then the signature, with the bytes from the end of this page. What is printed is ",
    );
    html.raw("<samp>Verified OK</samp>.</p>\n<pre class=\"commands\" id=\"openssl-verify\">");
    html.raw(match signed.profile.algorithm {
        Algorithm::Rs256 => "openssl dgst -sha256 ",
        Algorithm::Rs384 => "openssl dgst -sha384 ",
        Algorithm::Rs512 => "openssl dgst -sha512 ",
        Algorithm::Ps256 => "openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha256 -sigopt rsa_pss_saltlen:32 ",
        Algorithm::Ps384 => "openssl dgst -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha384 -sigopt rsa_pss_saltlen:48 ",
        Algorithm::Ps512 => "openssl dgst -sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha512 -sigopt rsa_pss_saltlen:64 ",
    });
    html.raw("-verify key.pem -signature signature.bin statement.bin\n</pre>\n");
    html.raw(
        "<p>That the bytes say what this page says, <code>cat statement.bin</code> shows.</p>\n",
    );
    html.raw("<h3>The bytes</h3>\n<p>Paste these lines into a shell before the line above: they ");
    html.raw("write <code>statement.bin</code>, of ");
    html.text(&signed.statement.len().to_string());
    html.raw(" bytes, and <code>signature.bin</code>, of ");
    html.text(&signed.signature.len().to_string());
    html.raw(", signed with ");
    html.text(signed.profile.algorithm.name());
    html.raw(".</p>\n<pre class=\"commands long\" id=\"openssl-bytes\">");
    html.raw("openssl base64 -d -out statement.bin &lt;&lt;'END'\n");
    lines(signed.statement, html);
    html.raw("END\nopenssl base64 -d -out signature.bin &lt;&lt;'END'\n");
    lines(signed.signature, html);
    html.raw("END\n</pre>\n</section>\n");
}

/// Base64 in lines of 64, which is what openssl reads.
fn lines(bytes: &[u8], html: &mut Html<'_>) {
    const BYTES: usize = 48;

    for line in bytes.chunks(BYTES) {
        html.text(&STANDARD.encode(line));
        html.raw("\n");
    }
}
