//! The Python package: its wheel is built, installed into a fresh virtual environment and tested
//! there, as a user would have it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{
    cargo_test, execute, execute_saying_why, execute_together, has, need, target_directory,
};
use crate::mock;
use crate::step::{Run, Stop, Verdict};
use crate::test::WITH_COLUMNS;
use crate::tokens::softhsm;

/// Where the package lives.
const PACKAGE: &str = "bindings/python";

/// What the package promises to weigh at most.
const WHEEL_BYTES: u64 = 4 << 20;

/// How the wheel is built.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wheel {
    /// As its users have it.
    Released,
    /// In half the time, for whoever wants to know whether their change broke something.
    Quick,
}

/// The wheel and its tests. Without a wheel there is nothing else to look at.
pub(crate) fn steps(run: &mut Run, which: Wheel) {
    // Where there is none now, that of yesterday must not be looked at.
    let _ = fs::remove_dir_all(environment());
    let mut built = false;
    run.step("Python: the wheel", || {
        let verdict = wheel(which);
        built = verdict.is_ok();
        verdict
    });
    if !built {
        return;
    }
    run.step("Python: tests", tests);
    run.step("Python: keys of tokens", tokens);
    run.step("Python: types", types);
}

/// What else looks at the wheel that [`steps`] installed.
pub(crate) fn thorough(run: &mut Run) {
    if !interpreter().exists() {
        return;
    }
    run.step("Python: types, a second opinion", pyright);
    run.step("Python: recipes with columns", recipes);
    // Last: it takes an older pandas.
    run.step("Python: Spark", spark);
}

/// Builds the wheel and installs it.
fn wheel(which: Wheel) -> Verdict {
    need("python3", "--version")?;
    let probe = "-cimport sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))";
    if !has("python3", probe) {
        let what = "python3 is older than 3.11, or makes no virtual environments (python3-venv)";
        return Err(Stop::Lacking(what.to_owned()));
    }
    execute(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(environment()),
    )?;
    install("check.txt", &["--only-binary=:all:"])?;

    let wheels = target_directory().join("python/wheels");
    // A wheel of yesterday must not be taken for today's.
    let _ = fs::remove_dir_all(&wheels);
    let build = match which {
        Wheel::Released => "-m maturin build --release --locked --compression-level 9",
        Wheel::Quick => "-m maturin build --locked",
    };
    execute(
        python(build)
            .current_dir(PACKAGE)
            .arg("--interpreter")
            .arg(interpreter())
            .arg("--out")
            .arg(&wheels),
    )?;
    let wheel = only_file(&wheels)?;
    execute(python("-m pip install --no-deps --no-index --disable-pip-version-check").arg(&wheel))?;
    match which {
        Wheel::Released => check_weight(&wheel),
        Wheel::Quick => Ok(()),
    }
}

/// The examples speak to the API that the command plays on loopback, and most of the time wait for
/// it: the files are divided between two runs beside each other.
fn tests() -> Verdict {
    mock::build()?;
    let files = test_files()?;
    let part = |which: usize| {
        let mut pytest = python("-m pytest");
        pytest
            .args(files.iter().skip(which).step_by(2))
            .current_dir(PACKAGE)
            .env("FLOWSEAL_COMMAND", mock::program());
        pytest
    };
    execute_together(&mut part(0), &mut [part(1)])
}

/// The files of tests without those that have a step of their own, in the order of their names.
fn test_files() -> Result<Vec<String>, Stop> {
    let apart = ["test_spark.py", "test_recipes.py", "test_pkcs11.py"];
    let failed = |error: std::io::Error| Stop::Failed(format!("{PACKAGE}/tests: {error}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(PACKAGE).join("tests")).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("test_") && name.ends_with(".py") && !apart.contains(&&*name) {
            files.push(format!("tests/{name}"));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// A token has a step of its own, since not every machine has one.
fn tokens() -> Verdict {
    softhsm()?;
    execute(python("-m pytest tests/test_pkcs11.py").current_dir(PACKAGE))
}

/// The stubs against the compiled module, and everything that is written in Python against the
/// stubs.
fn types() -> Verdict {
    let cache = target_directory().join("python/mypy");
    let mypy = |line: &str| {
        let mut mypy = python(line);
        mypy.current_dir(PACKAGE).env("MYPY_CACHE_DIR", &cache);
        mypy
    };
    execute(&mut mypy("-m mypy --strict python/flowseal examples tests"))?;
    // The compiled module is the installed one, whose stubs are the wheel's.
    let allowed = Path::new(PACKAGE).join("requirements/stubtest.txt");
    let allowed = std::path::absolute(&allowed).unwrap_or(allowed);
    execute(
        mypy("-m mypy.stubtest --ignore-disjoint-bases flowseal --allowlist")
            .arg(allowed)
            .current_dir(target_directory()),
    )
}

fn pyright() -> Verdict {
    need("node", "--version")?;
    need("npm", "--version")?;
    let place = Path::new(PACKAGE).join("pyright");
    let ci = "ci --ignore-scripts --no-audit --no-fund --prefer-offline";
    execute(
        Command::new("npm")
            .args(ci.split_whitespace())
            .current_dir(place),
    )?;
    execute(
        Command::new("node")
            .arg("pyright/node_modules/pyright/index.js")
            .arg("--pythonpath")
            .arg(interpreter())
            .current_dir(PACKAGE),
    )
}

/// What the page of recipes says, with the command that reads and writes columns: built as the
/// tests of bulk build it, since a released one takes minutes more.
fn recipes() -> Verdict {
    execute(&mut with_columns("tests/test_recipes.py")?)
}

fn with_columns(tests: &str) -> Result<Command, Stop> {
    execute(&mut cargo_test(&format!("{WITH_COLUMNS} --no-run")))?;
    let mut pytest = python("-m pytest");
    pytest
        .arg(tests)
        .current_dir(PACKAGE)
        .env("FLOWSEAL_COMMAND", mock::program());
    Ok(pytest)
}

/// Spark is a gigabyte, so it has a step and a lock of its own.
fn spark() -> Verdict {
    need("java", "-version")?;
    // It is a source package. What builds it has been installed with the lock of the other checks:
    // pip builds before it installs, so that it would not find it in this one.
    install("spark.txt", &["--no-build-isolation"])?;
    execute(&mut with_columns("tests/test_spark.py")?)
}

/// Packages of exactly these versions, and of exactly these bytes.
fn install(lock: &str, more: &[&str]) -> Verdict {
    let lock = Path::new(PACKAGE).join("requirements").join(lock);
    // Spark has a gigabyte, unpacked: nothing of it is kept that is not installed, and it is
    // unpacked where there is room for a build.
    let line = "-m pip install --quiet --no-deps --require-hashes --disable-pip-version-check --no-cache-dir";
    let unpacked = target_directory().join("python/unpacked");
    let stop = |error: std::io::Error| Stop::Failed(format!("{}: {error}", unpacked.display()));
    fs::create_dir_all(&unpacked).map_err(stop)?;
    let mut pip = python(line);
    pip.args(more)
        .arg("--requirement")
        .arg(lock)
        .env("TMPDIR", &unpacked);
    // A download that broke off is begun again: by its hash, what arrives is the same.
    let verdict = execute_saying_why(&mut pip).or_else(|_| execute_saying_why(&mut pip));
    fs::remove_dir_all(&unpacked).map_err(stop)?;
    verdict
}

fn check_weight(wheel: &Path) -> Verdict {
    let metadata = fs::metadata(wheel).map_err(|error| Stop::Failed(error.to_string()))?;
    println!("{} weighs {} bytes", wheel.display(), metadata.len());
    judge_weight(metadata.len())
}

fn judge_weight(bytes: u64) -> Verdict {
    if bytes <= WHEEL_BYTES {
        return Ok(());
    }
    let why = format!("the wheel weighs {bytes} bytes, more than {WHEEL_BYTES}");
    Err(Stop::Failed(why))
}

fn only_file(directory: &Path) -> Result<PathBuf, Stop> {
    let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", directory.display()));
    let mut entries = fs::read_dir(directory).map_err(failed)?;
    match (entries.next(), entries.next()) {
        (Some(entry), None) => Ok(entry.map_err(failed)?.path()),
        _ => Err(Stop::Failed(format!(
            "{} does not hold one wheel",
            directory.display()
        ))),
    }
}

/// The environment's interpreter, which leaves no files among the sources.
fn python(line: &str) -> Command {
    let mut python = Command::new(interpreter());
    python
        .args(line.split_whitespace())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env(
            "HYPOTHESIS_STORAGE_DIRECTORY",
            target_directory().join("python/hypothesis"),
        )
        .env("VIRTUAL_ENV", environment());
    python
}

fn interpreter() -> PathBuf {
    environment().join("bin/python")
}

fn environment() -> PathBuf {
    target_directory().join("python/venv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_that_weighs_too_much_is_refused() {
        assert_eq!(judge_weight(WHEEL_BYTES), Ok(()));
        assert!(matches!(
            judge_weight(WHEEL_BYTES + 1),
            Err(Stop::Failed(_))
        ));
    }

    #[test]
    fn a_directory_of_two_wheels_is_not_guessed_at() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(matches!(only_file(&sources), Err(Stop::Failed(_))));
    }
}
