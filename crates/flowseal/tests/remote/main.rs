//! Keys whose private half is elsewhere: what opens, what is refused, and what whoever computes
//! gets to see.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod holders;

use std::error::Error as _;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::profile::{Padding, Profile};
use flowseal::testkit::{FlowBuilder, Holder, KeyPair, Persona};
use flowseal::{
    DecryptingKey, Error, ErrorCode, Expectations, Flow, KeyHolder, KeyRing, OpenOptions,
    OpenedClaims, Opening, Setup, UnixTime, VerifiedFlow, Verifier, VerifyingKey,
    begin_opening_many, begin_opening_many_unverified, open_many, open_many_unverified,
};
use holders::{Played, Seen, Watched};
use proptest::prelude::*;
use serde_json::{Value, json};

static APP: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::sample_app().unwrap());
static USER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::sample_user().unwrap());
static OTHER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(2048).unwrap());

fn now() -> UnixTime {
    UnixTime::from_seconds(FlowBuilder::SIGNED_AT + 2).unwrap()
}

fn sealed(profile: &Profile, persona: &Persona) -> String {
    let builder = FlowBuilder::new("req_1").profile(profile).persona(persona);
    let (app, user) = (APP.sealing_key().unwrap(), USER.signing_key().unwrap());
    builder.seal(&app, &user).unwrap().to_json()
}

fn verified_as(json: &str, setup: &Setup) -> VerifiedFlow {
    let flow = setup.read_flow(json.as_bytes()).unwrap();
    let verifier = setup.verifier_trusting([USER.verifying_key().unwrap()]);
    let expectations = Expectations::unbound();
    flow.verify(&verifier, &expectations, now()).unwrap()
}

fn verified() -> VerifiedFlow {
    let json = sealed(&Profile::default(), &Persona::ADA);
    verified_as(&json, &Setup::default())
}

fn here(pair: &KeyPair) -> DecryptingKey {
    DecryptingKey::load(pair.private_pem().as_bytes()).unwrap()
}

fn elsewhere(pair: &KeyPair) -> DecryptingKey {
    DecryptingKey::remote(pair.public_pem().as_bytes()).unwrap()
}

fn holder(pair: &KeyPair) -> Holder {
    Holder::load(pair.private_pem().as_bytes()).unwrap()
}

fn held_by(holder: impl KeyHolder + 'static) -> KeyRing {
    let options = DecryptingKey::remote_options().with_holder(Arc::new(holder));
    options.load(APP.public_pem().as_bytes()).unwrap().into()
}

/// A leaf that is sealed to another key, and a number of the app's all the same: less than a power
/// of two that the modulus is more than.
fn leaf_of_others() -> Value {
    let builder = FlowBuilder::new("req_1").persona(&Persona::ADA);
    let (other, user) = (OTHER.sealing_key().unwrap(), USER.signing_key().unwrap());
    loop {
        let sealed = builder.seal(&other, &user).unwrap().to_bare_json();
        let sealed: Value = serde_json::from_str(&sealed).unwrap();
        let leaf = &sealed["claims"]["naming"]["given"];
        if STANDARD.decode(leaf.as_str().unwrap()).unwrap()[0] < 0x80 {
            return leaf.clone();
        }
    }
}

/// What is visible of an outcome: claims, codes, sentences, reports.
fn shown(outcome: &Result<OpenedClaims, Error>) -> String {
    match outcome {
        Ok(claims) => format!(
            "{} {:?} {}",
            claims.to_json().expose_secret(),
            claims.trust(),
            claims.report().to_json()
        ),
        Err(error) => format!(
            "{} {error} {} {:?}",
            error.code(),
            error.details().to_json(),
            error.report().map(|report| report.to_json().to_string())
        ),
    }
}

/// The right answers, by whichever of the two pairs the operation is for.
fn answers<T>(opening: &Opening<T>) -> Vec<(u64, Vec<u8>)> {
    let holders = [holder(&APP), holder(&OTHER)];
    let fingerprints = [here(&APP).fingerprint(), here(&OTHER).fingerprint()];
    opening
        .operations()
        .map(|operation| {
            let place = fingerprints
                .iter()
                .position(|fingerprint| *fingerprint == operation.fingerprint())
                .unwrap();
            let result = holders[place].compute(operation.ciphertext()).unwrap();
            (operation.id(), result)
        })
        .collect()
}

fn supplied<T>(mut opening: Opening<T>) -> Result<T, Error> {
    for (id, result) in answers(&opening).into_iter().rev() {
        opening.supply(id, &result)?;
    }
    opening.finish()
}

const PADDINGS: [Padding; 4] = [
    Padding::Pkcs1v15,
    Padding::OaepSha1,
    Padding::OaepSha256,
    Padding::OaepSha256Mgf1Sha1,
];

#[test]
fn a_flow_opens_alike_wherever_the_key_is() {
    for padding in PADDINGS {
        let mut profile = Profile::default();
        profile.padding = padding;
        let setup = Setup::new(profile.clone());
        let options = setup.open_options();
        let select = setup.open_options().select(["naming", "nationality"]);
        let flow = verified_as(&sealed(&profile, &Persona::ADA), &setup);
        let local = setup
            .load_decrypting_key(APP.private_pem().as_bytes())
            .unwrap();
        let local = KeyRing::from(local);
        let (expected, selected) = (
            shown(&flow.open_with(&local, &options)),
            shown(&flow.open_with(&local, &select)),
        );
        for unblinded in [false, true] {
            let remote = DecryptingKey::remote_options().with_setup(&setup);
            let remote = match unblinded {
                true => remote.unblinded(),
                false => remote,
            };
            let remote = remote.with_holder(Arc::new(holder(&APP)));
            let remote = remote.load(APP.public_pem().as_bytes()).unwrap();
            assert_eq!(remote.padding(), padding);
            let ring = KeyRing::from(remote);
            assert_eq!(shown(&flow.open_with(&ring, &options)), expected);
            assert_eq!(shown(&flow.open_with(&ring, &select)), selected);
            let many = open_many(&[&flow, &flow], &ring, &options);
            assert!(many.iter().all(|one| shown(one) == expected));
            let begun = flow.begin_opening(&ring, &select).unwrap();
            assert_eq!(begun.operations().len(), 4);
            assert_eq!(shown(&supplied(begun)), selected);
            let begun = begin_opening_many(&[&flow, &flow], &ring, &options);
            let many = supplied(begun).unwrap();
            assert!(many.iter().all(|one| shown(one) == expected));
        }
    }
}

/// What can be wrong with a leaf, seen from outside or not.
#[test]
fn a_spoilt_flow_is_refused_alike_wherever_the_key_is() {
    let builder = FlowBuilder::new("req_1").persona(&Persona::ADA);
    let user = USER.signing_key().unwrap();
    let ours = builder.seal(&APP.sealing_key().unwrap(), &user).unwrap();
    let sealed: Value = serde_json::from_str(&ours.to_bare_json()).unwrap();
    let theirs = leaf_of_others();
    let base64 = |bytes: &[u8]| json!(STANDARD.encode(bytes));
    let leaves = [
        (theirs.clone(), ErrorCode::ClaimUnopenable),
        (base64(&[1; 256]), ErrorCode::ClaimUnopenable),
        (base64(&[0; 256]), ErrorCode::ClaimRange),
        (base64(&[0xff; 256]), ErrorCode::ClaimRange),
        (base64(&[1; 250]), ErrorCode::ClaimUnopenable),
        (base64(&[1; 200]), ErrorCode::ClaimLength),
        (base64(&[1; 384]), ErrorCode::NoDecryptingKey),
        (json!("not base64"), ErrorCode::ClaimBase64),
        (json!(12), ErrorCode::ClaimNotSealed),
    ];
    let (local, remote) = (KeyRing::from(here(&APP)), held_by(holder(&APP)));
    let expectations = Expectations::for_reference("req_1");
    let options = OpenOptions::new();
    for (leaf, code) in leaves {
        let mut spoilt = sealed.clone();
        spoilt["claims"]["naming"]["given"] = leaf;
        let flow = Flow::from_json(spoilt.to_string().as_bytes()).unwrap();
        let open = |ring| flow.open_unverified(ring, &expectations, now(), &options);
        let expected = open(&local);
        assert_eq!(expected.as_ref().unwrap_err().code(), code);
        assert_eq!(shown(&open(&remote)), shown(&expected));
        let begun = flow.begin_opening_unverified(&remote, &expectations, now(), &options);
        assert_eq!(shown(&supplied(begun.unwrap())), shown(&expected));
        let flows = [&flow];
        let many = open_many_unverified(&flows, &remote, &expectations, now(), &options);
        assert_eq!(shown(&many[0]), shown(&expected));
        let begun = begin_opening_many_unverified(&flows, &remote, &expectations, now(), &options);
        assert_eq!(shown(&supplied(begun).unwrap()[0]), shown(&expected));
    }
    // What is refused before anything is computed is so at the beginning.
    let flow = Flow::from_json(sealed.to_string().as_bytes()).unwrap();
    let others = Expectations::for_reference("req_2");
    let begun = flow.begin_opening_unverified(&remote, &others, now(), &options);
    let expected = flow.open_unverified(&local, &others, now(), &options);
    assert_eq!(shown(&begun.and_then(supplied)), shown(&expected));
    assert_eq!(expected.unwrap_err().code(), ErrorCode::ExpectationFailed);
}

#[test]
fn what_opens_in_part_does_so_wherever_the_key_is() {
    // One leaf is sealed to somebody else.
    let builder = FlowBuilder::new("req_1").persona(&Persona::ADA);
    let user = USER.signing_key().unwrap();
    let theirs = leaf_of_others();
    let ours = builder.seal(&APP.sealing_key().unwrap(), &user).unwrap();
    let mut ours: Value = serde_json::from_str(&ours.to_bare_json()).unwrap();
    ours["claims"]["naming"]["given"] = theirs.clone();
    let signed = builder.sign(&ours.to_string(), &user).unwrap();
    let flow = verified_as(&signed, &Setup::default());
    let options = OpenOptions::new();
    let shown = |partial: flowseal::PartialClaims| {
        let errors: Vec<_> = partial
            .errors
            .iter()
            .map(|(path, error)| format!("{path} {}", error.code()))
            .collect();
        let claims = partial.opened.to_json().expose_secret().to_owned();
        (claims, errors)
    };
    let local = flow.open_partial(&here(&APP).into(), &options).unwrap();
    let expected = shown(local);
    assert_eq!(expected.1, ["naming.given claim_unopenable"]);
    let ring = held_by(holder(&APP));
    let blocking = flow.open_partial(&ring, &options).unwrap();
    assert_eq!(shown(blocking), expected);
    let begun = flow.begin_opening_partial(&ring, &options).unwrap();
    assert_eq!(shown(supplied(begun).unwrap()), expected);
}

/// Every key of the leaves' size runs on every leaf, wherever it is, and one verdict comes of it.
#[test]
fn keys_that_are_here_and_elsewhere_stand_in_one_ring() {
    let flow = verified();
    let expected = shown(&flow.open(&here(&APP).into()));
    let rings = [
        KeyRing::new([here(&APP), elsewhere(&OTHER)]),
        KeyRing::new([elsewhere(&OTHER), here(&APP)]),
        KeyRing::new([here(&OTHER), elsewhere(&APP)]),
        KeyRing::new([elsewhere(&APP), elsewhere(&OTHER)]),
    ];
    // A number that is no less than the other modulus is none of that key's, and is not sent.
    let (other, _) = numbers(&OTHER);
    let leaves = flow.unauthenticated().claims().leaves();
    let ciphertexts = leaves.map(|leaf| STANDARD.decode(leaf.value.as_str().unwrap()).unwrap());
    let below = ciphertexts.filter(|ciphertext| *ciphertext < other).count();
    let counts = [below, below, 9, 9 + below];
    for (ring, count) in rings.into_iter().zip(counts) {
        let ring = ring.unwrap();
        let begun = flow.begin_opening(&ring, &OpenOptions::new()).unwrap();
        assert_eq!(begun.operations().len(), count);
        assert_eq!(shown(&supplied(begun)), expected);
    }
    // The same modulus twice is one key, wherever it is: the first.
    let ring = KeyRing::new([here(&APP), elsewhere(&APP)]).unwrap();
    assert_eq!(ring.len(), 1);
    assert_eq!(shown(&flow.open(&ring)), expected);
    let twice = [elsewhere(&APP), {
        let options = DecryptingKey::options().with_padding(Padding::OaepSha1);
        options.load(APP.private_pem().as_bytes()).unwrap()
    }];
    let refused = KeyRing::new(twice).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyConflict);
    // A key that opens does not verify.
    let roles = Verifier::trusting([USER.verifying_key().unwrap(), APP.verifying_key().unwrap()]);
    let flow = flow.into_unauthenticated();
    let flow = flow
        .verify(&roles, &Expectations::unbound(), now())
        .unwrap();
    let begun = flow.begin_opening(&elsewhere(&APP).into(), &OpenOptions::new());
    assert_eq!(begun.unwrap_err().code(), ErrorCode::KeyConflict);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Answers come in any order, some twice, some to operations that are none, some too long: the
    /// claims are the same, and whatever is refused changes nothing.
    #[test]
    fn answers_come_as_they_come(
        order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
        early in 0..9_usize,
        spoilt in prop::collection::vec((0..9_usize, 0..4_u8), 0..6),
    ) {
        let flow = verified();
        let ring = KeyRing::from(elsewhere(&APP));
        let mut opening = flow.begin_opening(&ring, &OpenOptions::new()).unwrap();
        let answers = answers(&opening);
        let other = flow.begin_opening(&ring, &OpenOptions::new()).unwrap();
        let unknown = other.operations().next().unwrap().id();
        let usage = |outcome: Result<(), Error>| outcome.unwrap_err().code() == ErrorCode::Usage;
        for (count, place) in order.iter().enumerate() {
            let (id, answer) = &answers[*place];
            if count == early {
                prop_assert_eq!(opening.finish().unwrap_err().code(), ErrorCode::Usage);
                prop_assert_eq!(opening.missing().count(), 9 - count);
            }
            for (_, kind) in spoilt.iter().filter(|(place, _)| *place == count) {
                let outcome = match kind {
                    0 => opening.supply(unknown, answer),
                    1 => opening.supply(*id, &answer[1..]),
                    2 => opening.supply(*id, &[answer.as_slice(), &[0]].concat()),
                    _ => opening.supply(u64::MAX, answer),
                };
                prop_assert!(usage(outcome));
            }
            opening.supply(*id, answer).unwrap();
            prop_assert!(usage(opening.supply(*id, &[0; 256])));
        }
        prop_assert_eq!(opening.operations().len(), 9);
        let claims = opening.finish();
        prop_assert_eq!(shown(&claims), shown(&flow.open(&here(&APP).into())));
        // Once.
        prop_assert_eq!(opening.finish().unwrap_err().code(), ErrorCode::Usage);
        prop_assert!(usage(opening.supply(answers[0].0, &answers[0].1)));
    }

    /// One spoilt byte of one answer refuses that flow, and no other.
    #[test]
    fn a_wrong_answer_is_a_fault_of_its_flow_alone(
        place in 0..27_usize,
        byte in 0..256_usize,
        bit in 0..8_u8,
        unblinded: bool,
    ) {
        let flow = verified();
        let flows = [&flow, &flow, &flow];
        let options = DecryptingKey::remote_options();
        let options = if unblinded { options.unblinded() } else { options };
        let ring = options.load(APP.public_pem().as_bytes()).unwrap().into();
        let mut opening = begin_opening_many(&flows, &ring, &OpenOptions::new());
        for (number, (id, mut answer)) in answers(&opening).into_iter().enumerate() {
            if number == place {
                answer[byte] ^= 1 << bit;
            }
            opening.supply(id, &answer).unwrap();
        }
        let results = opening.finish().unwrap();
        for (number, result) in results.into_iter().enumerate() {
            match number == place / 9 {
                true => prop_assert_eq!(result.unwrap_err().code(), ErrorCode::InternalFault),
                false => prop_assert_eq!(result.unwrap().len(), 9),
            }
        }
    }
}

/// What is done to results.
type Play = fn(&mut [u8]) -> Result<(), Error>;

fn played(
    play: impl Fn(&mut [u8]) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<OpenedClaims, Error> {
    let holder = holder(&APP);
    verified().open(&held_by(Played { holder, play }))
}

#[test]
fn an_answer_that_is_none_is_a_fault_and_never_a_claim() {
    assert!(played(|_| Ok(())).is_ok());
    let refused: [Play; 6] = [
        |results| {
            results[300] ^= 1;
            Ok(())
        },
        |results| {
            results.fill(0);
            Ok(())
        },
        |results| {
            results.fill(0xff);
            Ok(())
        },
        |results| {
            // As if they were not in the order of the operations.
            results.rotate_left(256);
            Ok(())
        },
        |results| {
            // One of a thousand, as an encoded message that a stranger would like to see opened.
            results[..256].fill(0);
            results[255] = 1;
            Ok(())
        },
        |results| {
            let (one, other) = results.split_at_mut(256);
            one.copy_from_slice(&other[..256]);
            Ok(())
        },
    ];
    for play in refused {
        let error = played(play).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InternalFault);
        let fingerprint = here(&APP).fingerprint().to_string();
        assert!(error.sentence().contains(&fingerprint), "{error}");
    }
}

#[test]
fn what_a_holder_says_of_itself_is_the_error() {
    let error = played(|_| {
        let cause = std::io::Error::other("no route");
        Err(Error::key_unavailable("the signer does not answer: start it").with_source(cause))
    });
    let error = error.unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeyUnavailable);
    assert_eq!(error.sentence(), "the signer does not answer: start it");
    assert_eq!(error.source().unwrap().to_string(), "no route");

    let error = played(|_| Err(Error::new(ErrorCode::Pin, "the PIN is locked: unlock it")));
    assert_eq!(error.unwrap_err().code(), ErrorCode::Pin);

    // What only the core can know is not for a holder to say.
    for code in [ErrorCode::ClaimUnopenable, ErrorCode::SignatureInvalid] {
        let error = played(move |_| Err(Error::new(code, "said by a holder")));
        let error = error.unwrap_err();
        assert_eq!(error.code(), ErrorCode::KeyUnavailable);
        assert!(error.sentence().contains(code.as_str()), "{error}");
        assert_eq!(error.source().unwrap().to_string(), "said by a holder");
    }
}

#[test]
fn without_a_holder_it_opens_in_the_resumable_form_only() {
    let flow = verified();
    let ring = KeyRing::from(elsewhere(&APP));
    let error = flow.open(&ring).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Usage);
    assert!(
        error.sentence().contains("give the key a holder"),
        "{error}"
    );
    // Nor is a holder asked there.
    let never = Played {
        holder: holder(&APP),
        play: |_: &mut [u8]| panic!("asked"),
    };
    let begun = flow.begin_opening(&held_by(never), &OpenOptions::new());
    assert!(supplied(begun.unwrap()).is_ok());
    // Where every key is here there is nothing to wait for.
    let mut opening = flow
        .begin_opening(&here(&APP).into(), &OpenOptions::new())
        .unwrap();
    assert_eq!(opening.operations().len(), 0);
    assert_eq!(opening.finish().unwrap().len(), 9);
}

#[test]
fn many_flows_are_asked_for_in_bounded_batches_and_not_after_an_error() {
    let flow = verified();
    let flows = vec![&flow; 60];
    let seen = Seen::default();
    let ring = held_by(Watched(seen.clone(), holder(&APP), usize::MAX));
    let results = open_many(&flows, &ring, &OpenOptions::new());
    assert!(results.iter().all(Result::is_ok));
    let counts = |seen: &Seen| {
        seen.0
            .lock()
            .unwrap()
            .iter()
            .map(Vec::len)
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(&seen), [256, 256, 28]);

    // The first 28 flows have all their results; the others are not asked for again.
    let seen = Seen::default();
    let ring = held_by(Watched(seen.clone(), holder(&APP), 1));
    let results = open_many(&flows, &ring, &OpenOptions::new());
    assert_eq!(counts(&seen), [256, 256]);
    let opened = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(opened, 28);
    for refused in results.iter().filter_map(|result| result.as_ref().err()) {
        assert_eq!(refused.code(), ErrorCode::KeyUnavailable);
        assert_eq!(refused.sentence(), "it has had enough");
    }
}

#[test]
fn whoever_computes_sees_no_ciphertext_of_a_flow_unless_the_key_says_so() {
    let flow = verified();
    let leaves: Vec<_> = flow
        .unauthenticated()
        .claims()
        .leaves()
        .map(|leaf| {
            let text = leaf.value.as_str().unwrap();
            STANDARD.decode(text).unwrap()
        })
        .collect();
    for unblinded in [false, true] {
        let seen = Seen::default();
        let options = DecryptingKey::remote_options();
        let options = if unblinded {
            options.unblinded()
        } else {
            options
        };
        let watched = Watched(seen.clone(), holder(&APP), usize::MAX);
        let key = options.with_holder(Arc::new(watched));
        let ring = KeyRing::from(key.load(APP.public_pem().as_bytes()).unwrap());
        // Twice: nothing of the first comes again.
        assert!(flow.open(&ring).is_ok() && flow.open(&ring).is_ok());
        let mut seen = seen.0.lock().unwrap().concat();
        match unblinded {
            true => assert_eq!(seen, [leaves.as_slice(), &leaves].concat()),
            false => assert!(seen.iter().all(|sent| !leaves.contains(sent))),
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), if unblinded { 9 } else { 18 });
    }
}

#[test]
fn a_public_half_is_read_from_any_container_and_from_its_numbers() {
    let file = include_bytes!("../vectors/keys/app-2048.pub.pem");
    let key = DecryptingKey::remote_options().with_kid("hsm-1");
    let key = key.load(file).unwrap();
    assert!(key.is_remote() && !here(&APP).is_remote());
    assert_eq!((key.bits(), key.kid()), (2048, Some("hsm-1")));
    assert_eq!(key.padding(), Padding::Pkcs1v15);

    let (n, e) = numbers(&APP);
    let padded = [&[0, 0], n.as_slice()].concat();
    let even = [&n[..255], &[n[255] ^ 1]].concat();
    let options = DecryptingKey::remote_options;
    let from_numbers = options().from_numbers(&padded, &e).unwrap();
    assert_eq!(from_numbers.fingerprint(), here(&APP).fingerprint());
    let verifying = VerifyingKey::from_numbers(&padded, &[&[0], e.as_slice()].concat()).unwrap();
    assert_eq!(verifying.fingerprint(), here(&APP).fingerprint());
    for (outcome, code) in [
        (options().from_numbers(&even, &e), ErrorCode::KeyInvalid),
        (options().from_numbers(&n[..100], &e), ErrorCode::KeySize),
        (options().from_numbers(&n, &[2]), ErrorCode::KeySize),
        (options().from_numbers(&[0xff; 256], &e), ErrorCode::KeyWeak),
        (options().from_numbers(&[], &[]), ErrorCode::KeySize),
        (
            DecryptingKey::remote(APP.private_pem().as_bytes()),
            ErrorCode::KeyKind,
        ),
        (
            DecryptingKey::remote(include_bytes!("../vectors/keys/user-2048.jwk")),
            ErrorCode::KeyKind,
        ),
        (DecryptingKey::remote(b"no key"), ErrorCode::KeyFormat),
    ] {
        let found = outcome.map(|key| key.bits()).map_err(|error| error.code());
        assert_eq!(found, Err(code));
    }
}

/// The modulus and the exponent of a pair, as a token gives them.
fn numbers(pair: &KeyPair) -> (Vec<u8>, Vec<u8>) {
    use rsa::pkcs8::DecodePublicKey as _;
    use rsa::traits::PublicKeyParts as _;
    let key = rsa::PublicKey::from_public_key_pem(pair.public_pem()).unwrap();
    (key.n_bytes().to_vec(), key.e_bytes().to_vec())
}

#[test]
fn debug_shows_neither_ciphertexts_nor_answers() {
    let flow = verified();
    let ring = KeyRing::from(elsewhere(&APP));
    let mut opening = flow.begin_opening(&ring, &OpenOptions::new()).unwrap();
    let (id, answer) = answers(&opening).remove(0);
    opening.supply(id, &answer).unwrap();
    assert_eq!(
        format!("{opening:?}"),
        "Opening { operations: 9, missing: 8, .. }"
    );
    let operation = opening.operations().next().unwrap();
    let text = format!("{operation:?}");
    assert!(text.starts_with("RawOperation { id: "), "{text}");
    assert!(text.len() < 130, "{text}");
}
