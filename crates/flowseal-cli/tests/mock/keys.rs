//! The keys of `--keys DIR`: made where there are none, and never over anything that is there.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use flowseal::testkit::KeyPair;
use tempfile::TempDir;

const FILES: [&str; 4] = ["app.pem", "app.pub.pem", "user.pem", "user.pub.pem"];

/// Whose four files they are is the same to these tests: the testkit's.
fn content(name: &str) -> String {
    let pair = match name.starts_with("app") {
        true => KeyPair::sample_app(),
        false => KeyPair::sample_user(),
    };
    let pair = pair.unwrap();
    match name.ends_with(".pub.pem") {
        true => pair.public_pem().to_owned(),
        false => pair.private_pem().to_owned(),
    }
}

fn put(directory: &TempDir, name: &str) {
    fs::write(directory.path().join(name), content(name)).unwrap();
}

/// Every name in a directory with what it leads to: a link, or a file's bytes.
fn state(directory: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory).unwrap();
    let state = entries.map(|entry| {
        let entry = entry.unwrap();
        let content = match fs::read_link(entry.path()) {
            Ok(target) => format!("-> {}", target.display()),
            Err(_) => fs::read_to_string(entry.path()).unwrap(),
        };
        (entry.file_name().into_string().unwrap(), content)
    });
    state.collect()
}

/// Starts the mock behind `set_up`, which the shell does first. Gives the line that says that the
/// keys are there, or else what it said as an error when it ended, with its status.
fn start(set_up: &str, directory: &Path) -> Result<String, (Option<i32>, String)> {
    let script = format!("{set_up}; exec \"$0\" mock --keys \"$1\"");
    let mut process = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_flowseal")])
        .arg(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(process.stdout.take().unwrap());
    if let Some(line) = output.lines().nth(1) {
        process.kill().unwrap();
        process.wait().unwrap();
        return Ok(line.unwrap());
    }
    let ended = process.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    Err((ended.status.code(), said))
}

#[track_caller]
fn refuses(directory: &Path, words: &[&str]) {
    let before = state(directory);
    let (status, said) = start(":", directory).unwrap_err();
    assert_eq!(status, Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert_eq!(state(directory), before);
}

#[test]
fn half_a_pair_is_refused_and_nothing_is_written() {
    for name in FILES {
        let directory = tempfile::tempdir().unwrap();
        put(&directory, name);
        let missing = match name.strip_suffix(".pub.pem") {
            Some(stem) => format!("{stem}.pem"),
            None => name.replace(".pem", ".pub.pem"),
        };
        refuses(
            directory.path(),
            &[
                "error[io]",
                &format!("/{missing}: is missing beside {name}"),
            ],
        );
    }
}

/// A pipe would be waited for, with clients at the door.
#[test]
fn what_is_not_a_regular_file_is_no_key() {
    let directory = tempfile::tempdir().unwrap();
    for name in FILES {
        symlink("/dev/null", directory.path().join(name)).unwrap();
    }
    refuses(directory.path(), &["app.pem: is not a regular file"]);
}

#[test]
fn three_files_of_four_are_refused_too() {
    for missing in FILES {
        let directory = tempfile::tempdir().unwrap();
        for name in FILES.iter().filter(|name| **name != missing) {
            put(&directory, name);
        }
        refuses(directory.path(), &[&format!("/{missing}: is missing")]);
    }
}

#[test]
fn a_link_is_there_wherever_it_leads() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target.pem");
    symlink(&target, directory.path().join("app.pem")).unwrap();
    refuses(directory.path(), &["app.pub.pem: is missing"]);
    assert!(!target.exists());

    // With its other half it is a pair, one file of which cannot be read.
    put(&directory, "app.pub.pem");
    refuses(directory.path(), &["app.pem: cannot be read"]);
    fs::write(&target, content("app.pem")).unwrap();
    start(":", directory.path()).unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), content("app.pem"));
    assert!(directory.path().join("app.pem").is_symlink());
}

#[test]
fn four_files_that_fit_are_used_and_those_that_do_not_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    for name in FILES {
        put(&directory, name);
    }
    let before = state(directory.path());
    let line = start(":", directory.path()).unwrap();
    assert!(line.starts_with("keys are in "), "{line}");
    assert_eq!(state(directory.path()), before);

    let public = directory.path().join("user.pub.pem");
    fs::write(public, content("app.pub.pem")).unwrap();
    refuses(
        directory.path(),
        &[
            "error[key_conflict]",
            "/user.pub.pem: is not the public half",
        ],
    );
}

#[test]
fn keys_that_are_made_are_for_their_owner_alone() {
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join("made/here");
    start("umask 0", &keys).unwrap();
    let made = state(&keys);
    assert!(made.keys().eq(FILES), "{:?}", made.keys());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    for name in FILES {
        assert_eq!(mode(&keys.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&keys), 0o700);
}

/// Whoever makes a pair first has made it for all of them.
#[test]
fn starts_at_the_same_time_have_the_same_keys() {
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join("new");
    std::thread::scope(|scope| {
        let starts = [(); 4].map(|()| scope.spawn(|| start(":", &keys)));
        for start in starts {
            let line = start.join().unwrap().unwrap();
            assert!(line.starts_with("keys are in "), "{line}");
        }
    });
    let made = state(&keys);
    assert!(made.keys().eq(FILES), "{:?}", made.keys());
    // They fit, or this one would be refused.
    start(":", &keys).unwrap();
    assert_eq!(state(&keys), made);
}

#[test]
fn a_pair_that_is_there_is_kept_beside_one_that_is_made() {
    let directory = tempfile::tempdir().unwrap();
    put(&directory, "app.pem");
    put(&directory, "app.pub.pem");
    start(":", directory.path()).unwrap();
    let after = state(directory.path());
    assert!(after.keys().eq(FILES));
    assert_eq!(after["app.pem"], content("app.pem"));
    assert_eq!(after["app.pub.pem"], content("app.pub.pem"));
}

#[test]
fn a_start_that_was_killed_is_in_nobody_s_way() {
    let directory = tempfile::tempdir().unwrap();
    // The system kills a process that writes more than the shell allows, which a key is.
    let (status, _) = start("ulimit -c 0; ulimit -f 1", directory.path()).unwrap_err();
    assert_eq!(status, None);
    let left = state(directory.path());
    assert!(
        left.keys().all(|name| name.starts_with(".flowseal-")),
        "{:?}",
        left.keys()
    );
    assert!(!left.is_empty());

    // An older release left files of these names.
    symlink("nowhere", directory.path().join("app.pem.begun")).unwrap();
    let left = state(directory.path());
    start(":", directory.path()).unwrap();
    let after = state(directory.path());
    assert!(
        left.iter()
            .all(|(name, content)| after.get(name) == Some(content))
    );
    assert_eq!(after.len(), left.len() + FILES.len());
}
