//! Which statement flows were signed over, learnt from the flows.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use flowseal::profile::{Padding, Profile, StatementForm};
use flowseal::report::Finding;
use flowseal::testkit::{FlowBuilder, KeyPair, Persona};
use flowseal::{
    DecryptingKey, DetachedStatement, Error, ErrorCode, Expectations, Flow, Learned, Learner,
    Setup, UnixTime, Verification, Verifier,
};

/// What changes after a person has signed.
const LATER: [&str; 3] = ["signature", "cancelled", "onsession"];

/// A flow of this person's, signed over whatever `statement` makes of it.
struct Planted {
    app: KeyPair,
    user: KeyPair,
    algorithm: &'static str,
}

impl Planted {
    fn new(algorithm: &'static str) -> Self {
        Self {
            app: KeyPair::sample_app().unwrap(),
            user: KeyPair::sample_user().unwrap(),
            algorithm,
        }
    }

    fn profile(&self, statement: &str) -> Profile {
        let text = format!(
            r#"{{"algorithm": "{}", "statement": {statement}}}"#,
            self.algorithm
        );
        Profile::from_json(text.as_bytes()).unwrap()
    }

    /// The members of a flow that is not signed yet.
    fn flow(&self, reference: &str, persona: Option<&Persona>, signed_at: i64) -> String {
        let builder = FlowBuilder::new(reference).times(signed_at - 60, signed_at);
        let builder = match persona {
            Some(persona) => builder.persona(persona),
            None => builder,
        };
        let keys = (
            self.app.sealing_key().unwrap(),
            self.user.signing_key().unwrap(),
        );
        builder.seal(&keys.0, &keys.1).unwrap().to_bare_json()
    }

    fn signed(&self, flow: &str, statement: &str) -> String {
        // A detached statement of the builder's is its reference.
        let builder = FlowBuilder::new(statement).profile(&self.profile("\"detached\""));
        builder
            .sign(flow, &self.user.signing_key().unwrap())
            .unwrap()
    }

    /// Two flows of two people, each signed over what `statement` makes of it.
    fn two(&self, claims: bool, statement: impl Fn(&serde_json::Value) -> String) -> [String; 2] {
        let persona = |persona| claims.then_some(persona);
        let first = self.flow("req_1", persona(&Persona::ADA), 1_716_820_121);
        let second = self.flow("req_2", persona(&Persona::CHIDI), 1_716_906_522);
        [first, second].map(|flow| {
            let read = serde_json::from_str(&flow).unwrap();
            self.signed(&flow, &statement(&read))
        })
    }

    fn learner(&self) -> Learner {
        Learner::new([self.user.verifying_key().unwrap()])
    }

    fn learn(&self, flows: &[String]) -> Result<Learned, Error> {
        self.learner().learn(flows)
    }
}

fn text(flow: &serde_json::Value, name: &str) -> String {
    match &flow[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn what_a_profile_can_say_becomes_one_that_verifies() {
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
        let planted = Planted::new(algorithm);
        let template = r#"{"template": "v1|{reference}|{requestee}|{signedAt}"}"#;
        for (statement, finding) in [
            ("\"canonical-flow-v1\"", "canonical-flow-v1"),
            (&template.replace("v1|", ""), "template"),
        ] {
            let profile = planted.profile(statement);
            let seal = |reference: &str, persona: &Persona| {
                let builder = FlowBuilder::new(reference).profile(&profile);
                let builder = match finding {
                    "template" => builder.requestee(persona.requestee),
                    _ => builder.persona(persona),
                };
                let app = planted.app.sealing_key().unwrap();
                builder
                    .seal(&app, &planted.user.signing_key().unwrap())
                    .unwrap()
                    .to_json()
            };
            let flows = [seal("req_1", &Persona::ADA), seal("req_2", &Persona::BAYO)];
            let learned = planted.learn(&flows).unwrap();
            assert_eq!(learned.finding(), finding);
            assert_eq!(learned.algorithm().name(), algorithm);
            assert_eq!((learned.flows(), learned.is_weak()), (2, false));
            assert_eq!(learned.profile().unwrap(), profile);
            let shown = learned.to_json().to_string();
            assert!(shown.starts_with(&format!(r#"{{"algorithm":"{algorithm}","finding":"#)));
        }
    }
}

#[test]
fn what_no_profile_can_say_is_detached_with_its_name() {
    let planted = Planted::new("RS256");
    let of = |flow: &serde_json::Value, names: &[&str], between: &str| {
        let values: Vec<_> = names.iter().map(|name| text(flow, name)).collect();
        values.join(between)
    };
    let hex = |text: &str| {
        text.bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let names = ["requestee", "reference", "signedAt"];
    type Make<'a> = &'a dyn Fn(&serde_json::Value) -> String;
    let cases: [(Make<'_>, &str, &[&str]); 5] = [
        (
            &|flow| of(flow, &names, ""),
            "template {requestee}{reference}{signedAt}",
            &names,
        ),
        (
            &|flow| hex(&of(flow, &names, ".")),
            "template {requestee}.{reference}.{signedAt}+hex",
            &names,
        ),
        (
            &|flow| {
                format!(
                    "{}:{}:{}000",
                    text(flow, "requestee"),
                    text(flow, "reference"),
                    flow["signedAt"]
                )
            },
            "template {requestee}:{reference}:{signedAt}+milliseconds",
            &names,
        ),
        (
            // By serde_json's own writer, whose objects are sorted.
            &|flow| {
                let mut flow = flow.clone();
                let object = flow.as_object_mut().unwrap();
                object.retain(|name, _| !LATER.contains(&name.as_str()));
                serde_json::to_string_pretty(&flow).unwrap()
            },
            "json-pretty-2-sorted",
            &[
                "reference",
                "requester",
                "requestee",
                "mode",
                "iat",
                "signedAt",
            ],
        ),
        (
            &|flow| {
                let names = ["iat", "reference", "requestee"];
                let pairs = names.map(|name| format!("{}:{}", serde_json::json!(name), flow[name]));
                format!("{{{}}}\n", pairs.join(","))
            },
            "canonical-json+line-end",
            &["reference", "requestee", "iat"],
        ),
    ];
    for (make, finding, covers) in cases {
        let flows = planted.two(false, make);
        let learned = planted.learn(&flows).unwrap();
        assert_eq!(learned.finding(), finding);
        assert_eq!(*learned.statement(), StatementForm::Detached);
        assert_eq!(learned.covers(), covers);
        assert!(!learned.is_weak());
        assert_eq!(
            learned.profile().unwrap().statement,
            StatementForm::Detached
        );
    }
}

#[test]
fn statements_over_opened_claims_need_the_app_s_key() {
    let planted = Planted::new("PS256");
    let flows =
        [("req_1", &Persona::CHIDI), ("req_2", &Persona::ADA)].map(|(reference, persona)| {
            let flow = planted.flow(reference, Some(persona), 1_716_820_121);
            let read: serde_json::Value = serde_json::from_str(&flow).unwrap();
            let claims: serde_json::Value = serde_json::from_str(persona.claims).unwrap();
            // serde_json sorts; what the catalogue does not type is a text.
            let statement = format!(
                "{reference}.{}.{}.{claims}",
                text(&read, "requestee"),
                read["iat"]
            );
            planted.signed(&flow, &statement)
        });
    let refused = planted.learn(&flows).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StatementUnknown);
    let ring = planted.app.decrypting_key().unwrap();
    let learned = planted.learner().with_opening(ring).learn(&flows).unwrap();
    assert_eq!(
        learned.finding(),
        "template {reference}.{requestee}.{iat}.{claims}+claims-typed"
    );
    let profile = learned.profile().unwrap();
    assert_eq!(profile.statement, StatementForm::Detached);
    assert!(!profile.allow_unsigned_claims);
    // Under it both flows verify, with the bytes that the finding names.
    let verifier = Setup::new(profile).verifier_trusting([planted.user.verifying_key().unwrap()]);
    for (flow, persona) in flows.iter().zip([&Persona::CHIDI, &Persona::ADA]) {
        let flow = Flow::from_json(flow.as_bytes()).unwrap();
        let claims: serde_json::Value = serde_json::from_str(persona.claims).unwrap();
        let (reference, requestee, iat) = (flow.reference(), flow.requestee(), flow.iat());
        let bytes = format!("{reference}.{requestee}.{iat}.{claims}");
        let statement = DetachedStatement::new(bytes.as_bytes(), learned.covers());
        let (now, asked) = (flow.signed_at().unwrap(), Expectations::unbound());
        let verification = Verification::of(flow, &asked).with_detached(statement);
        verification.verify(&verifier, now).unwrap();
    }

    // A flow that does not verify whatever its statement is makes no profile either.
    let early = flows[1].replace("\"iat\":1716820061", "\"iat\":1716820122");
    assert_ne!(early, flows[1]);
    let ring = planted.app.decrypting_key().unwrap();
    let refused = planted.learner().with_opening(ring).learn(&[early]);
    assert_eq!(refused.unwrap_err().code(), ErrorCode::ExpectationFailed);
}

#[test]
fn the_profile_has_the_padding_under_which_the_claims_opened() {
    let planted = Planted::new("RS256");
    let profile = Profile::from_json(br#"{"padding": "rsaes-oaep-sha256"}"#).unwrap();
    let app = planted.app.sealing_key().unwrap();
    let user = planted.user.signing_key().unwrap();
    let flows =
        [("req_1", &Persona::ADA), ("req_2", &Persona::BAYO)].map(|(reference, persona)| {
            let builder = FlowBuilder::new(reference).profile(&profile);
            let sealed = builder.persona(persona).seal(&app, &user);
            sealed.unwrap().to_json()
        });
    let options = DecryptingKey::options().with_padding(Padding::OaepSha256);
    let key = options.load(planted.app.private_pem().as_bytes()).unwrap();
    let learned = planted.learner().with_opening(key).learn(&flows).unwrap();
    assert_eq!(learned.profile().unwrap(), profile);
    assert_eq!(
        planted.learn(&flows).unwrap().profile().unwrap(),
        Profile::default()
    );
}

#[test]
fn one_flow_is_weak_and_so_is_the_same_one_twice() {
    let planted = Planted::new("RS256");
    let [first, second] = planted.two(true, |flow| {
        // What canonical flow v1 is, by serde_json, which sorts.
        let mut flow = flow.clone();
        let object = flow.as_object_mut().unwrap();
        object.retain(|name, _| !LATER.contains(&name.as_str()));
        flow.to_string()
    });
    let signature = Flow::from_json(first.as_bytes()).unwrap();
    let signature = signature.signature().unwrap();
    let spelt = first.replace(signature, &format!(" {signature}"));
    for (flows, weak) in [
        (vec![first.clone()], true),
        (vec![first.clone(), first.clone()], true),
        (vec![first.clone(), spelt], true),
        (vec![first, second], false),
    ] {
        let learned = planted.learn(&flows).unwrap();
        assert_eq!(learned.finding(), "canonical-flow-v1");
        assert_eq!((learned.is_weak(), learned.flows()), (weak, flows.len()));
        assert_eq!(learned.profile().unwrap(), Profile::default());
    }

    // Each signature of PSS has a salt of its own: two are no two flows.
    let planted = Planted::new("PS256");
    let flow = planted.flow("req_1", None, 1_716_820_121);
    let twice = [0, 1].map(|_| planted.signed(&flow, "req_1"));
    assert_ne!(twice[0], twice[1]);
    assert!(planted.learn(&twice).unwrap().is_weak());
    let of_all = |flow: &serde_json::Value| {
        let names = ["reference", "requestee", "signedAt"];
        names.map(|name| text(flow, name)).join("|")
    };
    let [first, second] = planted.two(false, of_all);
    let [again, _] = planted.two(false, of_all);
    let weak = |flows: &[&String]| planted.learner().learn(flows).unwrap().is_weak();
    assert!(weak(&[&first, &again]) && !weak(&[&first, &second]));
}

#[test]
fn no_profile_is_made_that_leaves_out_who_what_or_when() {
    let planted = Planted::new("RS256");
    for (names, missing) in [
        (["reference", "requestee", "mode"], "signedAt and iat"),
        (["reference", "requester", "iat"], "requestee"),
        (["requestee", "requester", "signedAt"], "reference"),
    ] {
        let flows = planted.two(false, |flow| names.map(|name| text(flow, name)).join("|"));
        let learned = planted.learn(&flows).unwrap();
        assert!(learned.is_weak());
        let refused = learned.profile().unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Usage);
        assert!(refused.sentence().contains(missing), "{refused}");
        let weak = learned.weak_profile().unwrap();
        assert_eq!(weak.statement.name(), "template");
    }
}

#[test]
fn no_profile_is_made_under_which_the_flows_do_not_verify() {
    let planted = Planted::new("RS256");
    let names = ["reference", "requestee", "signedAt"];
    let flows = planted.two(true, |flow| names.map(|name| text(flow, name)).join("|"));
    let learned = planted.learn(&flows).unwrap();
    assert_eq!(learned.finding(), "template");
    for refused in [learned.profile(), learned.weak_profile()] {
        assert_eq!(refused.unwrap_err().code(), ErrorCode::ClaimsNotSigned);
    }
}

#[test]
fn a_profile_that_was_learnt_refuses_what_was_changed() {
    let planted = Planted::new("PS384");
    let names = ["reference", "requestee", "signedAt"];
    let flows = planted.two(false, |flow| names.map(|name| text(flow, name)).join(":"));
    let profile = planted.learn(&flows).unwrap().profile().unwrap();
    let setup = Setup::new(profile);
    let verifier = setup.verifier_trusting([planted.user.verifying_key().unwrap()]);
    let verify = |text: &str, verifier: &Verifier| {
        let now = UnixTime::from_seconds(1_716_906_600).unwrap();
        let flow = Flow::from_json(text.as_bytes()).unwrap();
        flow.verify(verifier, &Expectations::unbound(), now)
            .map(|_| ())
    };
    assert!(verify(&flows[0], &verifier).is_ok());
    let changed = flows[0].replace("req_1", "req_3");
    assert!(verify(&changed, &verifier).is_err());
}

#[test]
fn what_nothing_explains_is_unknown_and_what_is_known_is_told() {
    let planted = Planted::new("RS512");
    let flows = planted.two(false, |flow| {
        format!("{} and more", text(flow, "reference"))
    });
    let refused = planted.learn(&flows).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StatementUnknown);
    let diagnosis = refused.diagnosis().unwrap().keys();
    assert_eq!(diagnosis.len(), 2);
    for key in diagnosis {
        let shown = (key.finding(), key.padding(), key.hash());
        assert_eq!(shown, (Finding::OtherBytes, Some("v1_5"), Some("sha512")));
        assert_eq!(key.digest().map(<[u8]>::len), Some(64));
        assert!(
            !refused
                .sentence()
                .contains(&format!("{:02x}", key.digest().unwrap()[0]).repeat(2))
        );
    }
    assert!(refused.sentence().contains("RS512"), "{refused}");

    // One flow of two is explained, and the sentence says by what.
    let [first, _] = planted.two(false, |flow| {
        text(flow, "reference") + "|" + &text(flow, "requestee")
    });
    let refused = planted
        .learn(&[first.clone(), flows[1].clone()])
        .unwrap_err();
    let sentence = refused.sentence();
    let told = "template {reference}|{requestee} explains flow 1 of 2, and not flow 2, signed over other bytes";
    assert!(sentence.contains(told), "{sentence}");

    // Another key than the signer's.
    let stranger = planted.app.verifying_key().unwrap();
    let refused = Learner::new([stranger])
        .learn(&[first.as_str()])
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StatementUnknown);
    assert_eq!(
        refused.diagnosis().unwrap().keys()[0].finding(),
        Finding::OtherKey
    );

    // Another algorithm for the second flow.
    let [_, other] = Planted::new("RS256").two(false, |flow| text(flow, "reference"));
    let refused = planted.learn(&[first, other]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StatementUnknown);
}

/// What is told of each flow: the statement that explains it, or why none does.
fn told(refused: &Error) -> Vec<Result<String, Option<Finding>>> {
    let flows = refused.diagnosis().unwrap().flows().iter();
    flows
        .map(|flow| match (flow.explained_by(), flow.finding()) {
            (Some(name), None) => Ok(name.to_owned()),
            (None, finding) => Err(finding),
            both => panic!("{both:?}"),
        })
        .collect()
}

#[test]
fn a_stranger_s_flow_is_named_and_hides_no_statement() {
    let planted = Planted::new("RS256");
    let canonical = |flow: &serde_json::Value| {
        let mut flow = flow.clone();
        let object = flow.as_object_mut().unwrap();
        object.retain(|name, _| !LATER.contains(&name.as_str()));
        flow.to_string()
    };
    let [first, second] = planted.two(true, canonical);
    let [third, _] = planted.two(false, canonical);
    let mut stranger = Planted::new("RS256");
    stranger.user = KeyPair::generate(2048).unwrap();
    let [of_other_key, _] = stranger.two(true, canonical);
    let [of_other_algorithm, _] = Planted::new("PS256").two(true, canonical);
    let [of_other_bytes, _] = planted.two(true, |flow| text(flow, "reference") + " and more");
    let [of_other_statement, _] = planted.two(false, |flow| text(flow, "reference"));

    for (place, odd, finding, words) in [
        (
            1,
            of_other_key,
            Finding::OtherKey,
            "by none of the keys given",
        ),
        (
            0,
            of_other_algorithm,
            Finding::OtherAlgorithm,
            "with another algorithm",
        ),
        (0, of_other_bytes, Finding::OtherBytes, "over other bytes"),
        (
            3,
            of_other_statement,
            Finding::OtherBytes,
            "over other bytes",
        ),
    ] {
        let mut flows = vec![&first, &second, &third];
        flows.insert(place, &odd);
        let refused = planted.learner().learn(&flows).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::StatementUnknown);
        let mut expected = vec![Ok("canonical-flow-v1".to_owned()); 3];
        expected.insert(place, Err(Some(finding)));
        assert_eq!(told(&refused), expected, "{finding:?} at {place}");
        let sentence = refused.sentence();
        let named = format!("and not flow {}, signed {words}", place + 1);
        assert!(sentence.contains(&named), "{sentence}");
        // What every key shows, of that flow alone: the others are explained.
        assert_eq!(refused.diagnosis().unwrap().keys().len(), 1);
    }
    // No more than a profile that every flow given verifies under is ever made.
    let learned = planted.learn(&[first, second, third]).unwrap();
    assert_eq!(learned.profile().unwrap(), Profile::default());
}

#[test]
fn what_was_not_tried_is_told_as_that_and_makes_no_profile() {
    let planted = Planted::new("RS256");
    let of_all = |flow: &serde_json::Value| {
        let names = ["reference", "requestee", "signedAt"];
        names.map(|name| text(flow, name)).join("|")
    };
    let good = planted.two(false, of_all);
    let odd = ["a", "b", "c", "d"].map(|odd| {
        let flow = planted.flow("req_3", None, 1_716_820_121);
        planted.signed(&flow, &format!("req_3 and {odd} more"))
    });
    // Four odd ones first, behind which nothing is seen of the others.
    let refused = planted.learn(&[&odd[..], &good[..]].concat()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StatementUnknown);
    let over_others = Err(Some(Finding::OtherBytes));
    let expected = [vec![over_others.clone(); 4], vec![Err(None); 2]].concat();
    assert_eq!(told(&refused), expected);
    let sentence = refused.sentence();
    assert!(sentence.contains("explains all 6 flows"), "{sentence}");
    assert!(
        sentence.contains("tried on flows 1, 2, 3 and 4 alone"),
        "{sentence}"
    );

    // One of the others among the four, and all are told.
    let flows = [&odd[..3], &good[..], &odd[3..]].concat();
    let refused = planted.learn(&flows).unwrap_err();
    let explained = vec![Ok("template {reference}|{requestee}|{signedAt}".to_owned()); 2];
    let others = vec![over_others; 3];
    let expected = [&others[..], &explained, &others[..1]].concat();
    assert_eq!(told(&refused), expected);
    assert!(!refused.sentence().contains("alone"));
}

#[test]
fn flows_that_show_nothing_are_refused_as_anywhere() {
    let planted = Planted::new("RS256");
    let [flow, _] = planted.two(true, |_| "x".to_owned());
    let key = planted.user.verifying_key().unwrap();
    let none: [&str; 0] = [];
    let code = |flows: &[&str]| planted.learner().learn(flows).unwrap_err().code();
    assert_eq!(code(&none), ErrorCode::Usage);
    assert_eq!(code(&["{"]), ErrorCode::Json);
    assert_eq!(code(&["{}"]), ErrorCode::NotAFlow);
    let signature = Flow::from_json(flow.as_bytes())
        .unwrap()
        .signature()
        .unwrap()
        .to_owned();
    let unsigned = flow.replace(&format!(",\"signature\":\"{signature}\""), "");
    assert_eq!(code(&[&unsigned]), ErrorCode::SignatureMissing);
    assert_eq!(
        code(&[&flow.replace(&signature, "AAAA")]),
        ErrorCode::SignatureMalformed
    );
    let cancelled = flow.replace("\"cancelled\":false", "\"cancelled\":true");
    assert_eq!(code(&[&cancelled]), ErrorCode::FlowCancelled);
    let no_key = Learner::new([]).learn(&[&flow]).unwrap_err();
    assert_eq!(no_key.code(), ErrorCode::NoVerifyingKey);
    let other = KeyPair::sample_user().unwrap().decrypting_key().unwrap();
    assert_eq!(other.padding(), Padding::Pkcs1v15);
    let with = |ring| {
        let learner = Learner::new([key.clone()]).with_opening(ring);
        learner.learn(&[&flow]).unwrap_err().code()
    };
    assert_eq!(with(other), ErrorCode::KeyConflict);
    let stranger = KeyPair::generate(2048).unwrap().decrypting_key().unwrap();
    assert_eq!(with(stranger), ErrorCode::ClaimUnopenable);
}
