//! Checks that take long, by hand; their results are recorded in `crates/xtask/AUDIT.md`.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::command::{cargo, cargo_with_cfg, execute, has, output};
use crate::step::{Run, Stop, Verdict};
use crate::{emulate, ffi, memcheck, page, test, tools};

const FUZZ_TARGETS: &str = "fuzz/fuzz_targets";

/// All of them; each fuzz target runs for `fuzzing`.
pub(crate) fn all(run: &mut Run, fuzzing: Duration) {
    differential(run);
    edges(run);
    faults(run);
    damaged(run);
    statements(run);
    page::steps(run);
    kills(run);
    emulate::step(run, &[]);
    memcheck::steps(run);
    for target in fuzz_targets() {
        let name = format!("fuzz {target} for {} s", fuzzing.as_secs());
        run.step(&name, || fuzz(&target, fuzzing));
    }
    ffi::loom(run);
    ffi::endurance(run);
    run.note(format!("{} · {} · {}", today(), commit(), machine()));
}

/// A hundred times what the tests run. The counts are printed, and the seed.
pub(crate) fn differential(run: &mut Run) {
    run.step("differential of the engine at full scale", || {
        let line = format!("{} --features aws-lc -- --nocapture", test::DIFFERENTIAL);
        execute(cargo(&line).env("FLOWSEAL_DIFFERENTIAL", "100"))
    });
}

/// Digits that make carries run far, in eight lanes at a time and across them: 10 000 cases and
/// more for each of eight sizes.
pub(crate) fn edges(run: &mut Run) {
    run.step("edge cases of the vector arithmetic", || {
        let line =
            "test --release --locked -p flowseal-rsa --lib -- vector::moduli strided::moduli";
        execute(cargo(line).env("PROPTEST_CASES", "11000"))
    });
}

/// Eight times what the tests run: more than 10 000 flipped bits.
pub(crate) fn faults(run: &mut Run) {
    run.step("faults in private operations", || {
        let line =
            "test --release --locked -p flowseal-rsa --features aws-lc --test hooks -- --nocapture";
        let mut faults = cargo_with_cfg(test::HOOKS, line)?;
        execute(faults.env("FLOWSEAL_DIFFERENTIAL", "8"))
    });
}

/// A million damaged files of every kind: no panic, memory within its factor, which is printed; and
/// a million that hold secrets: none is shown.
fn damaged(run: &mut Run) {
    run.step("damaged files", || {
        let line = "test --locked -p flowseal --test damaged --test secrets -- --nocapture";
        let mut tests = cargo(line);
        tests.env("FLOWSEAL_DAMAGED", "125000");
        execute(tests.env("PROPTEST_CASES", "250000"))
    });
}

/// Every statement that can be learnt is planted and found, where the tests plant a part of them;
/// and what a search costs, which is printed.
fn statements(run: &mut Run) {
    run.step("statements that can be learnt", || {
        let line =
            "test --release --locked -p flowseal --lib learn:: -- --include-ignored --nocapture";
        execute(cargo(line).env("FLOWSEAL_LEARN_STEP", "1"))
    });
}

/// Fifty runs of `flowseal bulk` that are killed at any moment, and ten on a disk that is full.
fn kills(run: &mut Run) {
    run.step("bulk runs that are killed and go on", || {
        let line = "test --locked -p flowseal-cli --test command -- --ignored --nocapture fifty";
        execute(&mut cargo(line))
    });
}

fn fuzz_targets() -> Vec<String> {
    let Ok(entries) = Path::new(FUZZ_TARGETS).read_dir() else {
        return Vec::new();
    };
    let mut targets: Vec<String> = entries
        .filter_map(|entry| {
            Some(
                entry
                    .ok()?
                    .path()
                    .file_stem()?
                    .to_string_lossy()
                    .into_owned(),
            )
        })
        .collect();
    targets.sort();
    targets
}

/// The sanitizer needs a nightly compiler, and rustup's own `cargo` to choose it.
fn fuzz(target: &str, duration: Duration) -> Verdict {
    if !has("cargo", "+nightly") {
        return Err(Stop::Lacking(
            "nightly Rust is not on this machine".to_owned(),
        ));
    }
    let mut fuzz = tools::installed("cargo-fuzz", "0.13.2")?;
    // What a run finds goes into the first directory; what everyone starts with stays as committed.
    let corpus = format!("fuzz/corpus/{target}");
    std::fs::create_dir_all(&corpus).map_err(|error| Stop::Failed(format!("{corpus}: {error}")))?;
    fuzz.args(["run", target, &corpus, &format!("fuzz/seeds/{target}")])
        .env("RUSTUP_TOOLCHAIN", "nightly")
        .env_remove("CARGO")
        .arg("--")
        .arg(format!("-max_total_time={}", duration.as_secs()));
    execute(&mut fuzz)
}

fn commit() -> String {
    let git = output(Command::new("git").args(["describe", "--always", "--dirty"]));
    git.map_or_else(|_| "no commit".to_owned(), |name| name.trim().to_owned())
}

pub(crate) fn machine() -> String {
    let rust = output(&mut cargo("--version")).unwrap_or_default();
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unnamed processor", |(_, name)| name);
    format!("{} · {cpu}", rust.trim())
}

pub(crate) fn today() -> String {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    date(since_1970.as_secs() / 86_400)
}

/// The date of a day that is counted from 1970-01-01, by the calendar's own rule: years that start
/// in March end with the leap day, and 400 of them have 146 097 days.
fn date(day: u64) -> String {
    let day = day + 719_468; // Counted from 0000-03-01.
    let era = day / 146_097;
    let of_era = day % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let (month, next) = match from_march {
        0..=9 => (from_march + 3, 0),
        _ => (from_march - 9, 1),
    };
    format!("{:04}-{month:02}-{of_month:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_have_dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(11_017), "2000-03-01");
        assert_eq!(date(20_453), "2025-12-31");
        assert_eq!(date(20_454), "2026-01-01");
    }
}
