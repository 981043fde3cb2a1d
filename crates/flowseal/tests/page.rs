//! Evidence as a page for people: nothing from outside acts, nothing is fetched, nothing is called
//! more than it is, and openssl alone repeats it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use flowseal::profile::Profile;
use flowseal::testkit::{FlowBuilder, KeyPair, Persona, Sample};
use flowseal::{
    AppKey, DetachedStatement, Error, Evidence, Expectations, Flow, Setup, UnixTime, Verification,
    VerifiedFlow, VerifyingKey,
};
use serde_json::{Value, json};

fn now() -> UnixTime {
    UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 60).unwrap()
}

fn ada() -> VerifyingKey {
    VerifyingKey::load(Sample::USER_PUBLIC_PEM.as_bytes()).unwrap()
}

fn profile(text: &str) -> Profile {
    Profile::from_json(text.as_bytes()).unwrap()
}

/// A flow of Ada's that is verified under this profile.
fn verified(profile: &Profile) -> VerifiedFlow {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let builder = FlowBuilder::new("req_sample").profile(profile);
    let builder = match profile.statement.name() {
        "canonical-flow-v1" => builder.persona(&Persona::ADA),
        _ => builder,
    };
    let sealed = builder
        .seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap())
        .unwrap();
    let setup = Setup::new(profile.clone());
    let flow = setup.read_flow(sealed.to_json().as_bytes()).unwrap();
    let asked = Expectations::for_reference("req_sample").with_requestee("22212345610");
    flow.verify(&setup.verifier_trusting([ada()]), &asked, now())
        .unwrap()
}

fn template(algorithm: &str) -> Profile {
    profile(&format!(
        r#"{{"algorithm": "{algorithm}", "statement": {{"template": "{{reference}}|{{requestee}}|{{signedAt}}"}}}}"#
    ))
}

/// A flow that its own user has signed with hostile texts wherever there can be any, its evidence
/// with hostile notes, and the pages of both.
fn hostile() -> Vec<String> {
    // A word that is longer than any line, with what a link would be, in both directions.
    const LONG: &str = "javascript:alert(1)//\u{5e9}\u{5dc}\u{5d5}\u{5dd}";
    const TEXTS: [&str; 6] = [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=alert(1)>",
        "</bdi></td></table><style>*{display:none}</style><!--",
        "\u{202e}gnp\u{2066}.\u{0}\u{1b}[2J&#60;b&gt;]]>",
        "req\u{ad}_1\u{3164}\u{34f}\u{fe0f}\u{e0100}\u{180e}",
        LONG,
    ];
    let user = KeyPair::sample_user().unwrap();
    let mut pages = Vec::new();
    for text in TEXTS {
        let text = &match text {
            LONG => text.repeat(8),
            text => text.to_owned(),
        };
        let name = text.replace('.', "");
        let flow = json!({
            "reference": text, "requester": text, "requestee": text, "mode": text,
            "iat": FlowBuilder::IAT, "signedAt": FlowBuilder::SIGNED_AT, "cancelled": false,
            "data": {name.as_str(): text}, "claims": {name.as_str(): {name.as_str(): "AAAA"}},
        });
        let signed = FlowBuilder::new("r").sign(&flow.to_string(), &user.signing_key().unwrap());
        let flow = Flow::from_json(signed.unwrap().as_bytes()).unwrap();
        let verifier = flowseal::Verifier::trusting([ada()]);
        let refused = flow.clone().verify(
            &verifier,
            &Expectations::for_reference(format!("{text}x")),
            now(),
        );
        pages.push(Error::from(refused.unwrap_err()).to_html().unwrap());
        let evidence = flow
            .verify(&verifier, &Expectations::unbound(), now())
            .unwrap()
            .evidence();
        pages.push(evidence.to_html());
        let mut file: Value = serde_json::from_str(&evidence.to_json()).unwrap();
        file["report"] = json!([{"check": text, "outcome": text, "why": text}, text, null]);
        file["key"]["kid"] = json!(text);
        file["key"]["subject"] = json!(text);
        let read = Evidence::from_json(file.to_string().as_bytes()).unwrap();
        pages.push(read.to_html());
        pages.push(read.check_to_html(&[ada()], None).unwrap());
        let claims = json!({name.as_str(): {name.as_str(): text, "other": text}}).to_string();
        pages.push(disclosed(&claims, &[&format!("{name}.{name}")]));
        file["key"]["fingerprint"] = json!(text);
        pages.push(
            Evidence::from_json(file.to_string().as_bytes())
                .unwrap()
                .to_html(),
        );
    }
    for algorithm in ["RS256", "PS512"] {
        for (index, text) in TEXTS.into_iter().enumerate() {
            let flow = json!({
                "reference": format!("req_{index}"), "requester": "bcn_", "requestee": text, "mode": "x",
                "iat": FlowBuilder::IAT, "signedAt": FlowBuilder::SIGNED_AT, "cancelled": false,
            });
            let setup = Setup::new(template(algorithm));
            let builder = FlowBuilder::new("r").profile(&setup.profile());
            let signed = builder
                .sign(&flow.to_string(), &user.signing_key().unwrap())
                .unwrap();
            let flow = setup.read_flow(signed.as_bytes()).unwrap();
            let verifier = setup.verifier_trusting([ada()]);
            let evidence = flow
                .verify(&verifier, &Expectations::unbound(), now())
                .unwrap()
                .evidence();
            pages.push(evidence.to_html());
        }
    }
    pages
}

/// The page of a disclosure of these claims at these paths.
fn disclosed(claims: &str, paths: &[&str]) -> String {
    let (app, user) = (
        KeyPair::sample_app().unwrap(),
        KeyPair::sample_user().unwrap(),
    );
    let builder = FlowBuilder::new("req_sample");
    let builder = builder.claims(claims.as_bytes()).unwrap();
    let sealed = builder.seal(&app.sealing_key().unwrap(), &user.signing_key().unwrap());
    let flow = Flow::from_json(sealed.unwrap().to_json().as_bytes()).unwrap();
    let verifier = flowseal::Verifier::trusting([ada()]);
    let verified = flow
        .verify(&verifier, &Expectations::unbound(), now())
        .unwrap();
    let ring = app.decrypting_key().unwrap().into();
    let disclosure = verified.disclose(&ring, paths.iter().copied()).unwrap();
    let app_key = AppKey::load(app.public_pem().as_bytes()).unwrap();
    let page = disclosure.check_to_html(&app_key, &[ada()], None).unwrap();
    page.expose_secret().to_owned()
}

/// Evidence of a flow of which only the caller knows what was signed.
fn detached() -> Evidence {
    const BYTES: &str = "req_sample approved by 22212345610";

    let setup = Setup::new(profile(r#"{"statement": "detached"}"#));
    let user = KeyPair::sample_user().unwrap().signing_key().unwrap();
    let flow = json!({
        "reference": "req_sample", "requester": "bcn_sample", "requestee": "22212345610",
        "mode": "signature", "iat": FlowBuilder::IAT, "signedAt": FlowBuilder::SIGNED_AT,
        "cancelled": false,
    });
    // A detached statement of the builder's is its reference.
    let builder = FlowBuilder::new(BYTES).profile(&setup.profile());
    let signed = builder.sign(&flow.to_string(), &user).unwrap();
    let flow = setup.read_flow(signed.as_bytes()).unwrap();
    let members = ["reference", "requestee"];
    let statement = DetachedStatement::new(BYTES.as_bytes(), members);
    let verified = Verification::of(flow, &Expectations::unbound())
        .with_detached(statement)
        .verify(&setup.verifier_trusting([ada()]), now());
    verified.unwrap().evidence()
}

/// A page of each kind, by name.
fn kinds() -> Vec<(&'static str, String)> {
    let evidence = verified(&Profile::default()).evidence();
    let read = Evidence::from_json(evidence.to_json().as_bytes()).unwrap();
    let sample = Sample::new().unwrap();
    let refused = sample.flow().unwrap().verify(
        &sample.verifier().unwrap(),
        &Expectations::for_reference("req_other"),
        now(),
    );
    let of_template = verified(&template("PS256")).evidence();
    let mut changed: Value = serde_json::from_str(&evidence.to_json()).unwrap();
    changed["signature"] = json!("AAAA");
    let changed = Evidence::from_json(changed.to_string().as_bytes()).unwrap();
    let not_valid = changed.check_to_html(&[ada()], None).unwrap_err();
    let disclosed = disclosed(Persona::ADA.claims, &["naming.family", "bio.birthdate"]);
    vec![
        ("disclosed", disclosed),
        ("valid", evidence.to_html()),
        ("checked", read.check_to_html(&[ada()], None).unwrap()),
        ("unchecked", read.to_html()),
        (
            "refused",
            Error::from(refused.unwrap_err()).to_html().unwrap(),
        ),
        ("template", of_template.to_html()),
        ("detached", detached().to_html()),
        ("not-valid", not_valid.to_html().unwrap()),
    ]
}

/// Every `<…>` of a page, outside of its style.
fn tags(page: &str) -> Vec<&str> {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let of = |text| {
        let mut tags = Vec::new();
        let mut rest: &str = text;
        while let Some(at) = rest.find('<') {
            let tag = &rest[at..];
            let end = tag.find('>').unwrap();
            tags.push(&tag[..=end]);
            rest = &tag[end + 1..];
        }
        tags
    };
    [of(head), of(body)].concat()
}

/// What a reader sees of a page's text.
fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The lines that a reader is told to run, in the page's order, each by its name.
fn commands(page: &str) -> Vec<(&str, String)> {
    fn named(block: &str) -> Option<(&str, String)> {
        let (_, named) = block.split_once("id=\"")?;
        let (id, rest) = named.split_once('"')?;
        let (_, lines) = rest.split_once('>')?;
        Some((id, unescaped(lines.split_once("</pre>")?.0)))
    }
    let blocks = page.split("<pre class=\"commands").skip(1);
    blocks.map(|block| named(block).unwrap()).collect()
}

#[test]
fn text_from_outside_is_text() {
    let kinds = kinds();
    let own: BTreeSet<_> = kinds.iter().flat_map(|(_, page)| tags(page)).collect();
    assert!(
        own.iter()
            .all(|tag| !tag.contains("script") && !tag.contains("src=") && !tag.contains("href"))
    );
    for page in hostile() {
        for tag in tags(&page) {
            // A check that this version does not know is in a heading without a class.
            let is_own = own.contains(tag) || tag == "<th scope=\"row\">";
            assert!(is_own, "{tag}");
        }
        let unseen = [
            '\u{ad}',
            '\u{34f}',
            '\u{180e}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{e0100}',
        ];
        let turns = |c: char| ('\u{202a}'..='\u{2069}').contains(&c);
        let seen = |c: char| (c >= ' ' || c == '\n') && !turns(c) && !unseen.contains(&c);
        assert!(page.chars().all(seen));
    }
}

#[test]
fn nothing_runs_and_nothing_is_fetched() {
    for (name, page) in kinds() {
        let policy = "content=\"default-src 'none'; style-src 'sha256-";
        assert!(page.contains(policy), "{name}");
        assert!(
            page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"),
            "{name}"
        );
        let (_, style) = page.split_once("<style>").unwrap();
        let style = style.split_once("</style>").unwrap().0;
        assert!(!style.contains("url(") && !style.contains("@import"));
        assert!(
            !page.contains("http:") && !page.contains("https:"),
            "{name}"
        );
        use base64::Engine as _;
        use sha2::Digest as _;
        let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
        assert!(page.contains(&format!("sha256-{digest}'")), "{name}");
    }
}

#[test]
fn a_page_says_what_was_found_and_no_more() {
    let kinds = kinds();
    let page = |name| &kinds.iter().find(|(known, _)| *known == name).unwrap().1;
    for name in ["valid", "checked"] {
        assert!(
            page(name).contains("<h1>The e-signature is valid</h1>"),
            "{name}"
        );
        assert!(page(name).contains("22212345610") && page(name).contains("req_sample"));
        assert!(page(name).contains("2024-05-27 14:28:41 UTC"));
        assert!(page(name).contains("naming.given") && page(name).contains("sealed, 256 bytes"));
    }
    assert!(page("valid").contains("It is the person who was expected."));
    assert!(!page("valid").contains("What was noted at the time"));
    let (_, noted) = page("checked").split_once("id=\"noted\"").unwrap();
    let (noted, _) = noted.split_once("</section>").unwrap();
    // Nobody has signed a note: it is not green.
    assert!(noted.contains("✓\u{a0}passed") && !noted.contains("good"));

    let unchecked = page("unchecked");
    assert!(unchecked.contains("<h1>The e-signature was not checked</h1>"));
    assert!(!unchecked.contains("is valid") && !unchecked.contains("id=\"checks\""));

    let refused = page("refused");
    assert!(refused.contains("<h1>Refused</h1>") && refused.contains("expectation_failed"));
    assert!(!refused.contains("is valid<") && refused.contains("✗\u{a0}failed"));

    let of_template = page("template");
    assert!(of_template.contains("req_sample|22212345610|1716820121"));
    assert!(
        of_template.contains("<li>requester</li>")
            && of_template.contains("--profile profile.json")
    );

    // Evidence that was changed is refused, and is on no page as valid.
    let evidence = verified(&Profile::default()).evidence();
    let mut file: Value = serde_json::from_str(&evidence.to_json()).unwrap();
    file["signature"] = json!("AAAA");
    let changed = Evidence::from_json(file.to_string().as_bytes()).unwrap();
    let refused = changed.check_to_html(&[ada()], None).unwrap_err();
    assert!(refused.to_html().unwrap().contains("<h1>Refused</h1>"));
    assert!(changed.to_html().contains("was not checked"));
}

#[test]
fn a_page_repeats_the_check_that_was_made() {
    let line = |page: &str| commands(page)[1].1.clone();
    let file = verified(&Profile::default()).evidence().to_json();
    let read = Evidence::from_json(file.as_bytes()).unwrap();
    let with = "flowseal verify --from-evidence evidence.json --verify-key key.pem";
    let checked = |profile: Option<&Profile>| read.check_to_html(&[ada()], profile).unwrap();
    assert_eq!(line(&checked(None)), format!("{with}\n"));
    // The reader's own profile leads, and stands there as it is; the default one too.
    for text in ["{}", r#"{"leaf": "text"}"#] {
        let own = profile(text);
        let page = checked(Some(&own));
        assert_eq!(line(&page), format!("{with} --profile profile.json\n"));
        let shown = unescaped(page.split_once("<pre class=\"bytes\"><bdi>").unwrap().1);
        assert!(shown.starts_with(&own.to_json().to_string()), "{shown}");
        assert!(page.contains("The profile under which this page was made"));
    }
    let page = verified(&template("PS256")).evidence().to_html();
    assert_eq!(line(&page), format!("{with} --profile profile.json\n"));
    assert!(page.contains("The profile, by the evidence’s own word"));
}

#[test]
fn a_disclosure_s_page_shows_what_is_disclosed_and_nothing_else() {
    let page = disclosed(Persona::ADA.claims, &["naming.family", "bio.birthdate"]);
    for shown in [
        "Ọláwálé 😀",
        "1987-04-12",
        "sealed, 256 bytes",
        "--disclosure disclosure.json",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    for kept in ["Adébáyọ̀", "ada@example.ng", "female"] {
        assert!(!page.contains(kept), "{kept}");
    }
    let app = KeyPair::sample_app().unwrap().verifying_key().unwrap();
    assert!(page.contains(&app.fingerprint().to_string()));
}

#[test]
fn members_that_are_not_covered_are_named() {
    let evidence = verified(&template("RS256")).evidence();
    let page = evidence.to_html();
    let (_, rest) = page.split_once("<h3>Covered</h3>").unwrap();
    let (covered, rest) = rest.split_once("<h3>Not covered</h3>").unwrap();
    let (not_covered, _) = rest.split_once("</ul>").unwrap();
    for name in ["reference", "requestee", "signedAt"] {
        assert!(covered.contains(name) && !not_covered.contains(&format!("<li>{name}")));
    }
    for name in ["requester", "mode", "iat", "claims"] {
        assert!(!covered.contains(name) && not_covered.contains(&format!("<li>{name}")));
    }
}

/// The lines of the page in its order, as they stand there, in an empty folder. Those of flowseal
/// itself run in the command's tests.
#[test]
#[ignore = "needs openssl: cargo xtask test"]
fn openssl_repeats_what_the_page_says() {
    let run = |directory: &Path, lines: &str| {
        let output = Command::new("sh")
            .args(["-e", "-c", lines])
            .current_dir(directory)
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    let profiles = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    let canonical = |name: &&str| profile(&format!(r#"{{"algorithm": "{name}"}}"#));
    let profiles = profiles
        .iter()
        .map(canonical)
        .chain([template("PS256"), template("RS512")]);
    for (index, profile) in profiles.enumerate() {
        let name = profile.algorithm.name();
        let evidence = verified(&profile).evidence();
        let page = evidence.to_html();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{index}"));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("key.pem"), Sample::USER_PUBLIC_PEM).unwrap();
        let lines = commands(&page);
        let ids: Vec<_> = lines.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, ["evidence", "flowseal", "openssl"]);
        let alone = lines.iter().filter(|(id, _)| *id != "flowseal");
        let alone: String = alone.map(|(_, lines)| lines.as_str()).collect();
        let (done, said) = run(&directory, &alone);
        assert!(done && said.contains("Verified OK"), "{name}: {said}");
        assert!(said.starts_with(&ada().fingerprint().to_string()), "{said}");
        let statement = std::fs::read(directory.join("statement.bin")).unwrap();
        assert_eq!(statement, evidence.statement());
        let file = std::fs::read_to_string(directory.join("evidence.json")).unwrap();
        assert_eq!(file, evidence.to_json() + "\n");

        // The same lines refuse other bytes.
        let statement = file.split('"').nth(5).unwrap();
        let other = file.replacen(statement, "b3RoZXI=", 1);
        std::fs::write(directory.join("evidence.json"), other).unwrap();
        let (done, said) = run(&directory, &lines[2].1);
        assert!(!done && !said.contains("Verified OK"), "{name}: {said}");
    }
}

/// Writes pages for whoever looks at them: `cargo xtask page`.
#[test]
#[ignore = "started by cargo xtask page"]
fn write_pages() {
    let directory = std::env::var_os("FLOWSEAL_PAGES_DIR");
    let directory =
        directory.unwrap_or_else(|| concat!(env!("CARGO_TARGET_TMPDIR"), "/pages").into());
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory).unwrap();
    for (name, page) in kinds() {
        std::fs::write(directory.join(format!("{name}.html")), page).unwrap();
    }
    for (index, page) in hostile().into_iter().enumerate() {
        std::fs::write(directory.join(format!("hostile-{index}.html")), page).unwrap();
    }
}
