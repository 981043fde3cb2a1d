//! Arguments: what is asked for in help, and what does not fit together.

use crate::scene::Scene;

#[test]
fn help_and_version_are_no_errors() {
    let scene = Scene::new();
    for line in [
        "--help",
        "help open",
        "demo --help",
        "open --help",
        "verify --help",
        "inspect --help",
        "learn --help",
        "seal --help",
        "mock --help",
    ] {
        assert!(scene.run(line).done().contains("Usage: flowseal"), "{line}");
    }
    assert!(scene.run("--version").done().starts_with("flowseal "));
}

#[test]
fn arguments_that_do_not_fit_together_are_usage_errors() {
    let scene = Scene::new();
    for line in [
        "",
        "unseal",
        "inspect --verbose",
        "inspect flow.json flow.json",
        "inspect flow.json --format yaml",
        "verify flow.json",
        "verify flow.json --verify-key user.pub.pem --unverified",
        "verify flow.json --verify-key user.pub.pem --statement flow.json",
        "verify flow.json --verify-key user.pub.pem --covers reference",
        "verify flow.json --verify-key user.pub.pem --now yesterday",
        "verify flow.json --verify-key user.pub.pem --max-age -1",
        "open flow.json --key app.pem",
        "open flow.json --verify-key user.pub.pem",
        "open flow.json --key app.pem --unverified --verify-key user.pub.pem",
        "open flow.json --key app.pem --unverified --partial",
        "open flow.json --key app.pem --unverified --statement flow.json --covers reference",
        "seal --persona ada --to app.pub.pem",
        "seal --to app.pub.pem --sign-with user.pem",
        "seal --persona ada --claims claims.json --to app.pub.pem --sign-with user.pem",
    ] {
        assert_eq!(scene.run(line).refused(2, "usage"), "", "{line}");
    }
}

#[test]
fn an_expectation_or_path_that_is_empty_is_refused() {
    let scene = Scene::new();
    let verify = "verify flow.json --verify-key user.pub.pem";
    let open = "open flow.json --unverified --key app.pem";
    for line in [
        format!("{verify} --reference="),
        format!("{verify} --requester="),
        format!("{verify} --requestee="),
        format!("{verify} --mode="),
        format!("{verify} --claims="),
        format!("{open} --select="),
    ] {
        assert_eq!(scene.run(&line).refused(2, "usage"), "", "{line}");
    }
}

#[test]
fn an_option_takes_one_value_and_is_repeated() {
    let scene = Scene::new();
    let words = "verify flow.json --verify-key user.pub.pem app.pub.pem";
    scene.run(words).refused(2, "usage");
    let repeated = "verify flow.json --verify-key app.pub.pem --verify-key user.pub.pem";
    scene.run(repeated).done();
}

#[test]
fn what_is_missing_is_named_in_the_first_line() {
    let ran = Scene::new().run("");
    let first = ran.stderr.lines().next().unwrap();
    assert!(first.contains("requires a subcommand"), "{first}");
    let ran = Scene::new().run("open --key app.pem");
    let first = ran.stderr.lines().next().unwrap();
    assert!(
        first.contains("--verify-key") && first.contains("--unverified"),
        "{first}"
    );
}

#[test]
fn an_unknown_persona_is_told_who_there_is() {
    let ran = Scene::new().run("seal --persona eve --to app.pub.pem --sign-with user.pem");
    assert!(ran.stderr.contains("ada, bayo, chidi, dayo"), "{ran:?}");
    ran.refused(2, "usage");
}

#[test]
fn a_time_is_in_unix_seconds() {
    let scene = Scene::new();
    for now in ["-1", "1716820121000"] {
        let verify = format!("verify flow.json --verify-key user.pub.pem --now {now}");
        assert_eq!(scene.run(&verify).refused(2, "time"), "");
        let seal = format!("seal --persona ada --to app.pub.pem --sign-with user.pem --now {now}");
        assert_eq!(scene.run(&seal).refused(2, "time"), "");
    }
}
