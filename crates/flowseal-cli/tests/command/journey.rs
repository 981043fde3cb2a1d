//! One flow from beginning to end, with keys that nobody has seen before.

use flowseal::testkit::KeyPair;

use crate::scene::Scene;

#[test]
fn what_is_sealed_is_inspected_verified_and_opened() {
    let scene = Scene::new();
    scene.pair("app", &KeyPair::generate(2048).unwrap());
    scene.pair("user", &KeyPair::generate(2048).unwrap());

    let seal = "seal --persona chidi --to app.pub.pem --sign-with user.pem --reference req_1";
    let sealed = scene.run(seal).done();
    let inspected = scene.run_with("inspect", sealed.as_bytes()).json();
    assert_eq!(inspected["reference"], "req_1");
    let verify =
        "verify - --verify-key user.pub.pem --reference req_1 --requestee 33312345610 --max-age 60";
    let verified = scene.run_with(verify, sealed.as_bytes()).json();
    assert_eq!(verified["signature"], "valid");
    let open = "open --verify-key user.pub.pem --key app.pem --reference req_1";
    let opened = scene.run_with(open, sealed.as_bytes()).json();
    assert_eq!(opened["claims"]["financial"]["bvn"], "22212345678");
    assert_eq!(opened["claims"]["nationality"]["pep"], false);
    assert_eq!(opened["claims"]["hobbies"]["sports"][1], "chess");

    // The sample's keys are of the same size, and of other people.
    let sample = Scene::new();
    let stranger = sample.run_with("verify --verify-key user.pub.pem", sealed.as_bytes());
    stranger.refused(1, "signature_invalid");
    let other_app = sample.run_with("open --unverified --key app.pem", sealed.as_bytes());
    assert_eq!((other_app.status, other_app.stdout.as_str()), (1, ""));
}
