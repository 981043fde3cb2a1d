//! The table of cases that every language runs: `vectors/disclosures.json`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::profile::Profile;
use flowseal::testkit::FlowBuilder;
use flowseal::{Error, Expectations, Setup, UnixTime, Verifier};
use serde_json::{Value, json};

use super::{
    app, app_key, disclosure, flow, profile, read, ring, shown, user, user_public, verified,
};

const TABLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/vectors/disclosures.json"
);

#[test]
fn every_case_ends_as_the_table_says() {
    let table = std::fs::read_to_string(TABLE).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&table).unwrap();
    assert!(cases.len() >= 28);
    for case in cases {
        let found = match case["operation"].as_str().unwrap() {
            "check" => check(&case),
            _ => disclose(&case),
        };
        let found = found.unwrap_or_else(|error| {
            let why = error.details().why();
            match why {
                Some(why) => json!({"code": error.code().as_str(), "why": why}),
                None => json!({"code": error.code().as_str()}),
            }
        });
        assert_eq!(found, case["expect"], "{}", case["name"]);
    }
}

fn own_profile(case: &Value) -> Option<Profile> {
    case.get("profile").map(|it| profile(&it.to_string()))
}

fn check(case: &Value) -> Result<Value, Error> {
    let disclosure = read(&case["file"])?;
    let (app, user) = (app_key(), user_public());
    let disclosed = match own_profile(case) {
        Some(profile) => disclosure.check_under(&app, &user, &profile),
        None => disclosure.check(&app, &user),
    }?;
    Ok(json!({"disclosed": shown(&disclosed), "withheld": disclosed.withheld()}))
}

fn disclose(case: &Value) -> Result<Value, Error> {
    let profile = own_profile(case).unwrap_or_default();
    let setup = Setup::new(profile.clone());
    let flow = setup.read_flow(case["flow"].to_string().as_bytes())?;
    let verifier = Verifier::trusting(user_public()).with_setup(&setup);
    let now = UnixTime::from_seconds(FlowBuilder::SIGNED_AT).unwrap();
    let verified = flow.verify(&verifier, &Expectations::unbound(), now)?;
    let paths = case["paths"].as_array().unwrap();
    let paths = paths.iter().map(|path| path.as_str().unwrap());
    let disclosure = verified.disclose(&ring(&profile), paths)?;
    Ok(json!({"paths": disclosure.paths().collect::<Vec<_>>()}))
}

/// Writes the table anew: sealing is random, so each time it is another. A case that is added
/// here is added there by it.
#[test]
#[ignore = "writes the table: cargo test -p flowseal --test disclosure -- --ignored write_the_table"]
fn write_the_table() {
    let cases = [checks(), disclosures()].concat();
    // A line a case.
    let lines: Vec<_> = cases.iter().map(Value::to_string).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    std::fs::write(TABLE, text).unwrap();
}

type Edit<'a> = &'a dyn Fn(&mut Value);

fn checks() -> Vec<Value> {
    let default = Profile::default();
    let sample = disclosure(&default, &["naming.given", "other"]);
    let whole = json!({"disclosed": {"naming": {"given": "Ada"}, "other": ["one", "two"]},
        "withheld": ["naming.surname", "nationality.nationalities"]});
    let refused = |code: &str| json!({"code": code});
    let invalid = |why: &str| json!({"code": "disclosure_invalid", "why": why});
    let em = |bytes: &[u8]| json!(STANDARD.encode(bytes));
    let evidence_of = |profile: &Profile, flow: &Value| -> Value {
        serde_json::from_str(&verified(profile, flow).evidence().to_json()).unwrap()
    };

    let template = profile(r#"{"statement": {"template": "{reference}.{claims}"}}"#);
    let of_template = evidence_of(&template, &flow(&template));
    let mut without = flow(&default);
    without.as_object_mut().unwrap().remove("claims");
    let without = evidence_of(&default, &without);
    let (twice, zeros) = (twice(false), twice(true));

    let row = |name: &str, edit: Edit<'_>, expect: Value| {
        let mut file = sample.clone();
        edit(&mut file);
        json!({"name": format!("check/{name}"), "operation": "check", "file": file, "expect": expect})
    };
    let mut table = vec![
        row("shown", &|_| {}, whole.clone()),
        row(
            "unknown member",
            &|file| file["note"] = json!(""),
            refused("disclosure"),
        ),
        row(
            "another version",
            &|file| file["flowseal_disclosure"] = json!(2),
            refused("disclosure"),
        ),
        row(
            "no claim",
            &|file| file["claims"] = json!([]),
            refused("disclosure"),
        ),
        row(
            "a claim twice",
            &|file| file["claims"][1] = file["claims"][0].clone(),
            refused("disclosure"),
        ),
        row(
            "a path that is not signed",
            &|file| file["claims"][0]["path"] = json!("naming.nickname"),
            refused("disclosure"),
        ),
        row(
            "a number beyond the modulus",
            &|file| file["claims"][0]["em"] = em(&[0xff; 256]),
            refused("disclosure"),
        ),
        row(
            "a number that is a byte short",
            &|file| file["claims"][0]["em"] = em(&[1; 255]),
            refused("disclosure"),
        ),
        row(
            "a number that is a byte long",
            &|file| file["claims"][0]["em"] = em(&[0; 257]),
            refused("disclosure"),
        ),
        row(
            "the proof of another claim",
            &|file| file["claims"][0]["em"] = file["claims"][1]["em"].clone(),
            invalid("ciphertext_differs"),
        ),
        row(
            "the name of another app's key",
            &|file| file["app_key"]["fingerprint"] = json!("0".repeat(64)),
            invalid("other_key"),
        ),
        row(
            "another padding than the claims'",
            &|file| {
                file["app_key"]["padding"] = json!("rsaes-oaep-sha256");
                file["evidence"]["profile"]["padding"] = json!("rsaes-oaep-sha256");
            },
            invalid("no_block"),
        ),
        row(
            "a template",
            &|file| file["evidence"] = of_template.clone(),
            invalid("not_covered"),
        ),
        row(
            "a statement without claims",
            &|file| file["evidence"] = without.clone(),
            invalid("not_covered"),
        ),
        row(
            "a number twice",
            &|file| *file = twice.clone(),
            invalid("ciphertext_twice"),
        ),
        row(
            "a number twice, once without its zeros",
            &|file| *file = zeros.clone(),
            invalid("ciphertext_twice"),
        ),
        row(
            "a signature of nobody's",
            &|file| file["evidence"]["signature"] = em(&[1; 256]),
            refused("signature_invalid"),
        ),
        row(
            "another person's key",
            &|file| file["evidence"]["key"]["fingerprint"] = json!("0".repeat(64)),
            refused("no_verifying_key"),
        ),
    ];
    for padding in [
        "rsaes-oaep-sha1",
        "rsaes-oaep-sha256",
        "rsaes-oaep-sha256-mgf1-sha1",
    ] {
        let sealed = profile(&json!({"padding": padding}).to_string());
        let file = disclosure(&sealed, &["naming.given", "other"]);
        table.push(
            json!({"name": format!("check/{padding}"), "operation": "check", "file": file,
            "expect": whole}),
        );
    }
    table.push(
        json!({"name": "check/another profile", "operation": "check", "file": sample,
        "profile": {"algorithm": "PS256"}, "expect": refused("profile_mismatch")}),
    );
    table
}

fn disclosures() -> Vec<Value> {
    let default = flow(&Profile::default());
    let edited = |edit: Edit<'_>| {
        let mut flow = default.clone();
        edit(&mut flow);
        flow
    };
    // A number below the one of the leaf, and so below the modulus, and no block.
    let no_block = edited(&|flow| {
        let leaf = flow["claims"]["naming"]["surname"].as_str().unwrap();
        let first = if leaf.starts_with('A') { "B" } else { "A" };
        flow["claims"]["naming"]["surname"] = json!(format!("{first}{}", &leaf[1..]));
    });
    let clear = edited(&|flow| flow["claims"]["naming"]["surname"] = json!("in the clear"));
    let copied = edited(&|flow| flow["claims"]["copy"] = flow["claims"]["naming"].clone());
    let given = json!(["naming.given"]);
    let refused = |code: &str| json!({"code": code});
    let invalid = |why: &str| json!({"code": "disclosure_invalid", "why": why});
    let unsigned_allowed = json!({"allow_unsigned_claims": true});
    let template = json!({"statement": {"template": "{reference}.{claims}"}});
    let rows = [
        (
            "shown",
            &default,
            None,
            given.clone(),
            json!({"paths": ["naming.given"]}),
        ),
        ("no path", &default, None, json!([]), refused("usage")),
        (
            "an empty path",
            &default,
            None,
            json!([""]),
            refused("usage"),
        ),
        (
            "a path that is not signed",
            &default,
            None,
            json!(["naming.given", "naming.nickname"]),
            refused("disclosure"),
        ),
        (
            "unsigned claims are allowed",
            &default,
            Some(unsigned_allowed),
            given.clone(),
            invalid("unsigned_allowed"),
        ),
        (
            "a template",
            &default,
            Some(template),
            given.clone(),
            invalid("not_covered"),
        ),
        (
            "a number twice",
            &copied,
            None,
            given.clone(),
            invalid("ciphertext_twice"),
        ),
        (
            "a number twice, once without its zeros",
            &with_zeros(),
            None,
            json!(["copy"]),
            invalid("ciphertext_twice"),
        ),
        (
            "not whole",
            &no_block,
            None,
            given.clone(),
            refused("claim_unopenable"),
        ),
        (
            "a claim in the clear",
            &clear,
            None,
            given.clone(),
            refused("claim_base64"),
        ),
    ];
    let mut table: Vec<_> = rows
        .into_iter()
        .map(|(name, flow, under, paths, expect)| {
            let rules = profile(&under.clone().unwrap_or_else(|| json!({})).to_string());
            let builder = FlowBuilder::new("req_1").profile(&rules);
            let signed = builder.sign(&flow.to_string(), &user()).unwrap();
            let signed: Value = serde_json::from_str(&signed).unwrap();
            let mut case = json!({"name": format!("disclose/{name}"), "operation": "disclose",
                "flow": signed, "paths": paths, "expect": expect});
            if let Some(under) = under {
                case["profile"] = under;
            }
            case
        })
        .collect();
    let mut unsigned = default.clone();
    unsigned.as_object_mut().unwrap().remove("signature");
    table.push(
        json!({"name": "disclose/not signed", "operation": "disclose", "flow": unsigned,
        "paths": given, "expect": refused("signature_missing")}),
    );
    table
}

/// A file that shows a claim whose number the person has signed at another path, too; the other
/// one without the zeros before it, where there are some.
fn twice(zeros: bool) -> Value {
    let mut copied = match zeros {
        true => with_zeros(),
        false => flow(&Profile::default()),
    };
    let original = {
        let mut original = copied.clone();
        original["claims"].as_object_mut().unwrap().remove("copy");
        original
    };
    let name = if zeros { "zeros" } else { "naming.given" };
    if !zeros {
        copied["claims"]["copy"] = copied["claims"]["naming"]["given"].clone();
    }
    // What no maker of this library's shows: the file of the flow as it was, over this one.
    let default = Profile::default();
    let disclosure = verified(&default, &original).disclose(&ring(&default), [name]);
    let mut file: Value =
        serde_json::from_str(disclosure.unwrap().to_json().expose_secret()).unwrap();
    let evidence = verified(&default, &copied).evidence().to_json();
    file["evidence"] = serde_json::from_str(&evidence).unwrap();
    file
}

/// A flow with a claim `zeros` whose number begins with a zero byte, and the same number without
/// it as the claim `copy`.
fn with_zeros() -> Value {
    loop {
        let claims: serde_json::Map<_, _> = (0..64)
            .map(|index| (format!("c{index}"), json!("x")))
            .collect();
        let builder = FlowBuilder::new("req_1");
        let builder = builder
            .claims(json!(claims).to_string().as_bytes())
            .unwrap();
        let sealed = builder.seal(&app().sealing_key().unwrap(), &user());
        let mut flow: Value = serde_json::from_str(&sealed.unwrap().to_bare_json()).unwrap();
        let leaves = flow["claims"].as_object().unwrap().values();
        let leaves = leaves.map(|leaf| STANDARD.decode(leaf.as_str().unwrap()).unwrap());
        let zeros = leaves.into_iter().find(|leaf| leaf[0] == 0);
        if let Some(zeros) = zeros {
            let start = zeros.iter().position(|byte| *byte != 0).unwrap();
            flow["claims"] = json!({
                "zeros": STANDARD.encode(&zeros), "copy": STANDARD.encode(&zeros[start..]),
            });
            return flow;
        }
    }
}
