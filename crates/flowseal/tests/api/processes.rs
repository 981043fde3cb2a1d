//! A flow that one process has started is finished by another, and by no more than one.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use flowseal::api::{FinishOnce, PendingFlow};
use flowseal::{Flow, UnixTime};

use crate::pending::{GIVEN, browser, builder, now, pending, sealed, v2, verifier};

/// Names the folder that the processes share, in those that a test has started.
const FOLDER: &str = "FLOWSEAL_TEST_OF_PROCESSES";

/// What the app's database does by a unique key, by the name of a file.
struct Names(PathBuf);

impl FinishOnce for Names {
    fn finish(&self, reference: &str, until: UnixTime) -> bool {
        let file = self.0.join(format!("finished.{reference}"));
        let new = OpenOptions::new().write(true).create_new(true).open(&file);
        new.is_ok() && fs::write(file, until.to_string()).is_ok()
    }
}

/// All that a process does which begins after the start: it has what was kept, and nothing else.
/// Alone it does nothing.
#[test]
fn one_of_them() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let kept = fs::read(folder.join("kept.json")).unwrap();
    let answer = fs::read(folder.join("answer.json")).unwrap();
    let pending = PendingFlow::from_json(&kept, &v2()).unwrap();
    let flow = Flow::from_json(&answer).unwrap();
    // They begin to end it at the same time.
    while !folder.join("go").exists() {
        std::thread::yield_now();
    }
    let (mine, once) = (browser(), Names(folder.clone()));
    let told = match pending.finish(flow, &verifier(), Some(&mine), &once, now()) {
        Ok(verified) => verified.reference().unwrap().to_owned(),
        Err(refused) => refused.code().to_string(),
    };
    let own = folder.join(format!("told.{}", std::process::id()));
    fs::write(own, told).unwrap();
}

#[test]
fn of_several_processes_that_finish_one_flow_one_wins() {
    let folder = Folder::new();
    // What the process of the start leaves behind.
    fs::write(folder.0.join("kept.json"), pending().to_json()).unwrap();
    fs::write(folder.0.join("answer.json"), sealed(builder(), GIVEN)).unwrap();
    let processes: Vec<_> = (0..3).map(|_| another(&folder.0)).collect();
    fs::write(folder.0.join("go"), "").unwrap();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let told = |start: &str| {
        let entries = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap());
        let entries =
            entries.filter(|entry| entry.file_name().to_str().unwrap().starts_with(start));
        let mut told: Vec<_> = entries
            .map(|entry| fs::read_to_string(entry.path()).unwrap())
            .collect();
        told.sort();
        told
    };
    assert_eq!(
        told("told."),
        ["pending_finished", "pending_finished", "req_1"]
    );
    // As long as it can be finished: 600 s after it has expired.
    assert_eq!(told("finished."), ["1716821012"]);
}

/// This program again, for the one test that is a process.
fn another(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::one_of_them"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// A folder of the test's own, gone after it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("flowseal-processes-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
