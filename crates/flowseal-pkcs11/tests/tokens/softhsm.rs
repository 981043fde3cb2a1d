//! SoftHSM2, which holds keys in this process.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;
use cryptoki::session::UserType;
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use flowseal::testkit::KeyPair;
use flowseal::{ErrorCode, KeyRing, RawOperation, VerifiedFlow, VerifyingKey};
use flowseal_pkcs11::{TokenObject, TokenObjectKind, Uri};

use crate::{GIVEN_NAME, flow_for, given_name, load, pin, public, ring, scene, softhsm_options};

/// A token `apps` with the keys `app` (imported), `made` (inside), `asks` (a login for each
/// operation) and `signs`, and an empty one, `other`.
pub(crate) fn apps() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        for label in ["apps", "other"] {
            scene::token(label);
        }
        let app = KeyPair::sample_app().unwrap();
        let pem = scene::file("app.pem", app.private_pem());
        scene::import("apps", &pem, "app", "01");
        scene::generate("apps", "made", "02", "--usage-decrypt");
        scene::generate("apps", "asks", "03", "--usage-decrypt --always-auth");
        scene::in_a_process("softhsm::child_makes_a_key_that_signs");
    });
}

/// No tool says of a key that it does not decrypt.
#[test]
#[ignore = "the tests below run it"]
fn child_makes_a_key_that_signs() {
    let pkcs11 = Pkcs11::new(scene::SOFTHSM).unwrap();
    pkcs11
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .unwrap();
    let slots = pkcs11.get_slots_with_token().unwrap().into_iter();
    let is_apps = |slot: &Slot| pkcs11.get_token_info(*slot).unwrap().label() == "apps";
    let slot = slots.into_iter().find(is_apps).unwrap();
    let session = pkcs11.open_rw_session(slot).unwrap();
    session
        .login(UserType::User, Some(&AuthPin::new(scene::PIN.into())))
        .unwrap();
    let name = [
        Attribute::Token(true),
        Attribute::Label(b"signs".to_vec()),
        Attribute::Id(vec![4]),
    ];
    let bits = Attribute::ModulusBits(2048.into());
    let public = [&name[..], &[Attribute::Private(false), bits]].concat();
    let private = [
        &name[..],
        &[Attribute::Decrypt(false), Attribute::Sign(true)],
    ]
    .concat();
    let mechanism = Mechanism::RsaPkcsKeyPairGen;
    session
        .generate_key_pair(&mechanism, &public, &private)
        .unwrap();
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_flow_opens_with_a_key_that_was_imported_and_with_one_that_was_made_inside() {
    apps();
    for object in ["app", "made"] {
        let uri = format!("pkcs11:token=apps;object={object}");
        for options in [softhsm_options(), softhsm_options().unblinded()] {
            let flow = flow_for(&public(&options, &uri));
            assert_eq!(
                given_name(&flow, &ring(&options, &uri)).unwrap(),
                GIVEN_NAME
            );
        }
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_module_that_the_program_has_initialised_stays_so() {
    apps();
    scene::in_a_process("softhsm::child_has_initialised_the_module");
}

#[test]
#[ignore = "the test above runs it"]
fn child_has_initialised_the_module() {
    let pkcs11 = Pkcs11::new(scene::SOFTHSM).unwrap();
    let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
    pkcs11.initialize(arguments).unwrap();
    let slot = pkcs11.get_slots_with_token().unwrap().remove(0);
    let session = pkcs11.open_ro_session(slot).unwrap();

    let (uri, options) = ("pkcs11:token=apps;object=app", softhsm_options());
    let flow = flow_for(&public(&options, uri));
    let ring = ring(&options, uri);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    drop(ring);
    // A module that was finalised would know nothing of it.
    session.get_session_info().unwrap();
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_key_is_found_by_its_id_and_by_type_and_slot() {
    apps();
    let options = softhsm_options();
    let by_name = load(&options, "pkcs11:token=apps;object=app").unwrap();
    for uri in [
        "pkcs11:token=apps;id=%01",
        "pkcs11:token=apps;type=private;id=%01",
        "pkcs11:manufacturer=SoftHSM%20project;token=apps;object=app;id=%01",
        &format!(
            "pkcs11:token=apps;object=app?module-path={}",
            scene::SOFTHSM
        ),
        // Of two tokens it is the one that shows a key of this name to everyone.
        "pkcs11:object=app",
    ] {
        let found = load(&options, uri).unwrap();
        assert_eq!(found.fingerprint(), by_name.fingerprint(), "{uri}");
    }
}

/// Its threads have copies of it in their sessions, which the others see.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_key_that_computes_is_found_again() {
    apps();
    let (uri, options) = ("pkcs11:token=apps;object=app", softhsm_options());
    let flow = flow_for(&public(&options, uri));
    let first = ring(&options, uri);
    assert_eq!(given_name(&flow, &first).unwrap(), GIVEN_NAME);
    let second = ring(&options, uri);
    assert_eq!(given_name(&flow, &second).unwrap(), GIVEN_NAME);
    let objects = options.list(&uri.parse().unwrap()).unwrap();
    let private = |object: &&TokenObject| object.kind() == TokenObjectKind::PrivateKey;
    assert_eq!(objects.iter().filter(private).count(), 1);
}

#[test]
#[ignore = "cargo xtask tokens"]
fn what_does_not_name_one_key_is_refused_with_what_there_is() {
    apps();
    let options = softhsm_options();
    for (uri, code, said) in [
        (
            "pkcs11:token=apps;object=none",
            ErrorCode::KeyKind,
            "\"made\" (id %02)",
        ),
        ("pkcs11:token=other", ErrorCode::KeyKind, "nothing"),
        ("pkcs11:token=none", ErrorCode::KeyKind, "\"other\""),
        (
            "pkcs11:token=apps",
            ErrorCode::KeyAmbiguous,
            "\"app\" (id %01)",
        ),
        (
            "pkcs11:token=apps;type=public;object=app",
            ErrorCode::KeyKind,
            "type",
        ),
        (
            "pkcs11:token=apps;object=signs",
            ErrorCode::KeyKind,
            "CKA_DECRYPT",
        ),
        (
            "pkcs11:manufacturer=SoftHSM%20project",
            ErrorCode::KeyAmbiguous,
            "\"apps\"",
        ),
    ] {
        // The last one means two tokens, and the first of them to show keys is the one.
        match load(&options, uri) {
            Err(error) => {
                assert_eq!(error.code(), code, "{uri}: {error}");
                let says = error.sentence().contains(said) || uri.contains("manufacturer");
                assert!(says, "{uri}: {error}");
            }
            Ok(_) => panic!("{uri}"),
        }
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn without_a_pin_and_with_a_wrong_one_nothing_opens() {
    apps();
    let uri = "pkcs11:token=apps;object=app";
    // Another key of the same token must not be logged in here: the login is the token's.
    let without = flowseal_pkcs11::TokenOptions::new().with_module(scene::SOFTHSM);
    for options in [without.clone(), without.with_pin(pin("0000"))] {
        let refused = load(&options, uri).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Pin, "{refused}");
        assert!(!refused.sentence().contains("0000"));
    }
    flowseal_pkcs11::forget_refused_pins();
    // An empty one is a file that was not filled: it costs none of the token's tries.
    let empty = flowseal_pkcs11::TokenOptions::new()
        .with_module(scene::SOFTHSM)
        .with_pin(pin(""));
    let refused = load(&empty, uri).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Pin, "{refused}");
    assert!(refused.sentence().contains("was not tried"), "{refused}");
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_key_that_asks_for_a_login_each_time_gets_one() {
    apps();
    let uri = "pkcs11:token=apps;object=asks";
    let options = softhsm_options();
    let flow = flow_for(&public(&options, uri));
    assert_eq!(given_name(&flow, &ring(&options, uri)).unwrap(), GIVEN_NAME);

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let options = options.with_pin_source(move |token| {
        assert_eq!(token, "apps");
        count.fetch_add(1, Ordering::SeqCst);
        Some(pin(scene::PIN))
    });
    let ring = ring(&options, uri);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    // Once for the token, and once for each of Ada's nine claims.
    assert_eq!(asked.load(Ordering::SeqCst), 10);
}

/// It is asked in the threads that compute, which have to be there for the next operation.
#[test]
#[ignore = "cargo xtask tokens"]
fn what_gives_the_pin_may_panic() {
    apps();
    let uri = "pkcs11:token=apps;object=asks";
    let panics = Arc::new(AtomicBool::new(false));
    let source = Arc::clone(&panics);
    let options = softhsm_options()
        .with_sessions(2)
        .with_pin_source(move |_| {
            assert!(!source.load(Ordering::SeqCst), "nobody is there");
            Some(pin(scene::PIN))
        });
    let flow = flow_for(&public(&options, uri));
    let ring = ring(&options, uri);
    for _ in 0..3 {
        assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
        panics.store(true, Ordering::SeqCst);
        let error = given_name(&flow, &ring).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Pin, "{error}");
        assert!(error.sentence().contains("has panicked"), "{error}");
        panics.store(false, Ordering::SeqCst);
    }
}

/// A source that opens claims with the key that it is asked for waits for itself.
#[test]
#[ignore = "cargo xtask tokens"]
fn what_gives_the_pin_may_not_need_it() {
    apps();
    let uri = "pkcs11:token=apps;object=asks";
    let own = Arc::new(Mutex::new(None::<Arc<(VerifiedFlow, KeyRing)>>));
    let held = Arc::clone(&own);
    let (said, heard) = channel();
    let options = softhsm_options()
        .with_sessions(2)
        .with_patience(Duration::from_secs(1))
        .with_pin_source(move |_| {
            let own = held.lock().unwrap().clone();
            if let Some(own) = own {
                let code = given_name(&own.0, &own.1).unwrap_err().code();
                drop(own);
                said.send(code).unwrap();
            }
            Some(pin(scene::PIN))
        });
    let app = public(&softhsm_options(), uri);
    let ring = ring(&options, uri);
    drop(options);
    *own.lock().unwrap() = Some(Arc::new((flow_for(&app), ring.clone())));
    let error = given_name(&flow_for(&app), &ring).unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeyUnavailable);
    // What keeps itself alive is let go, and ends.
    *own.lock().unwrap() = None;
    drop(ring);
    let codes: Vec<_> = heard.iter().collect();
    assert!(!codes.is_empty());
    assert!(codes.iter().all(|code| *code == ErrorCode::KeyUnavailable));
}

#[test]
#[ignore = "cargo xtask tokens"]
fn any_patience_is_one() {
    apps();
    let uri = "pkcs11:token=apps;object=app";
    let options = softhsm_options().with_patience(Duration::MAX);
    let flow = flow_for(&public(&options, uri));
    assert_eq!(given_name(&flow, &ring(&options, uri)).unwrap(), GIVEN_NAME);
    let none = softhsm_options().with_patience(Duration::ZERO);
    assert_eq!(
        load(&none, uri).unwrap_err().code(),
        ErrorCode::KeyUnavailable
    );
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_holder_computes_what_is_of_its_key_s_length() {
    apps();
    let uri = Uri::parse("pkcs11:token=apps;object=app").unwrap();
    let (holder, public) = softhsm_options().load_holder(&uri).unwrap();
    let computed = |size: usize, room: usize| {
        let number = vec![7; size];
        let operation = RawOperation::new(1, public.fingerprint(), &number);
        holder.raw_private(&[operation], &mut vec![0; room])
    };
    assert!(computed(256, 256).is_ok());
    for (size, room) in [
        (255, 256),
        (512, 512),
        (256, 255),
        (256, 512),
        (256, 0),
        (0, 0),
    ] {
        let error = computed(size, room).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Usage, "{size} {room}");
    }
    assert!(holder.raw_private(&[], &mut []).is_ok());
}

#[test]
#[ignore = "cargo xtask tokens"]
fn threads_open_flows_with_one_key_at_once() {
    apps();
    let (uri, options) = ("pkcs11:token=apps;object=app", softhsm_options());
    let text = crate::sealed(&public(&options, uri));
    let ring: KeyRing = ring(&options, uri);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..4 {
                    assert_eq!(
                        given_name(&crate::verify(&text), &ring).unwrap(),
                        GIVEN_NAME
                    );
                }
            });
        }
    });
}

/// As with files: exponent 3 opens, and 1024 bits do not.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_key_of_exponent_three_opens_and_one_of_1024_bits_does_not() {
    apps();
    scene::token("odd");
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flowseal/tests/vectors/keys");
    for (name, id) in [("exponent-3", "0a"), ("weak-1024", "0b")] {
        scene::import("odd", &vectors.join(format!("{name}.pem")), name, id);
    }
    let (uri, options) = ("pkcs11:token=odd;object=exponent-3", softhsm_options());
    let app = std::fs::read(vectors.join("exponent-3.pub.pem")).unwrap();
    let app = VerifyingKey::options()
        .allow_exponent_three()
        .load(&app)
        .unwrap();
    assert_eq!(
        given_name(&flow_for(&app), &ring(&options, uri)).unwrap(),
        GIVEN_NAME
    );
    let parsed = Uri::parse(uri).unwrap();
    let refused = options.load_verifying_key(&parsed).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyKind, "{refused}");
    let weak = load(&options, "pkcs11:token=odd;object=weak-1024").unwrap_err();
    assert_eq!(weak.code(), ErrorCode::KeySize, "{weak}");

    for object in options
        .list(&Uri::parse("pkcs11:token=odd").unwrap())
        .unwrap()
    {
        let is_private = object.kind() == TokenObjectKind::PrivateKey;
        let is_three = object.label() == Some("exponent-3");
        assert_eq!(object.opens(), is_private && is_three, "{object:?}");
        assert!(object.public().is_none(), "{object:?}");
        assert_eq!(object.note().is_none(), object.opens(), "{object:?}");
        assert_eq!(object.fingerprint().is_some(), is_three, "{object:?}");
    }
}

#[test]
#[ignore = "cargo xtask tokens"]
fn a_list_says_what_a_token_holds() {
    apps();
    let list = |options: &flowseal_pkcs11::TokenOptions, uri: &str| {
        options.list(&Uri::parse(uri).unwrap()).unwrap()
    };
    let private = |objects: &[TokenObject]| {
        let is = |kind| {
            objects
                .iter()
                .filter(|object| object.kind() == kind)
                .count()
        };
        (
            is(TokenObjectKind::PrivateKey),
            is(TokenObjectKind::PublicKey),
        )
    };
    let without = flowseal_pkcs11::TokenOptions::new().with_module(scene::SOFTHSM);
    assert_eq!(private(&list(&without, "pkcs11:token=apps")), (0, 4));
    let all = list(&softhsm_options(), "pkcs11:token=apps");
    assert_eq!(private(&all), (4, 4));
    let signs = all.iter().find(|object| {
        object.kind() == TokenObjectKind::PrivateKey && object.label() == Some("signs")
    });
    let signs = signs.unwrap();
    assert!(!signs.opens() && signs.note().is_some());
    assert_eq!(
        (signs.id(), signs.bits(), signs.token()),
        (&[4][..], Some(2048), "apps")
    );
}
