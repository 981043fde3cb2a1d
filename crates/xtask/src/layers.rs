//! The rules of the architecture that no compiler knows.
//!
//! Each rule is a list at the top of this file and a function below it. To break a rule on
//! purpose is to change its list, in a commit that says why.

use std::path::Path;

use crate::columns;
use crate::command::{cargo, output};
use crate::sources::{self, Source};
use crate::step::{Run, Stop, Verdict};

mod core_floors;
mod engine_floors;
mod examples;

/// The engine is integers in, integers out: no JSON, no padding, no hash can creep in below it.
const ENGINE_MAY_USE: &[&str] = &["aws-lc-sys", "getrandom", "zeroize"];

/// What nobody links who uses the core: RUSTSEC-2023-0071 would be in the audit of each of them.
const NOT_LINKED: &[&str] = &["rsa"];

/// Files that may contain `unsafe`. The compiler denies it everywhere, but an attribute can lift
/// that anywhere; here all of it is seen at once. In the C library it is the word in the
/// prototypes of exported functions; what follows a pointer stands in `edge.rs`, what calls back
/// in `callback.rs`, `remote.rs` and `webhook.rs`.
const UNSAFE: &[&str] = &[
    "bindings/c/benches/overhead.rs",
    "bindings/c/src/api_config.rs",
    "bindings/c/src/api_error.rs",
    "bindings/c/src/audit.rs",
    "bindings/c/src/batch.rs",
    "bindings/c/src/binding.rs",
    "bindings/c/src/budget.rs",
    "bindings/c/src/callback.rs",
    "bindings/c/src/decrypting_key.rs",
    "bindings/c/src/details.rs",
    "bindings/c/src/device.rs",
    "bindings/c/src/disclosure.rs",
    "bindings/c/src/edge.rs",
    "bindings/c/src/error.rs",
    "bindings/c/src/event_stream.rs",
    "bindings/c/src/evidence.rs",
    "bindings/c/src/evidence_page.rs",
    "bindings/c/src/expectations.rs",
    "bindings/c/src/failures.rs",
    "bindings/c/src/finish.rs",
    "bindings/c/src/finish_once.rs",
    "bindings/c/src/flow.rs",
    "bindings/c/src/http_response.rs",
    "bindings/c/src/key_ring.rs",
    "bindings/c/src/lib.rs",
    "bindings/c/src/lists.rs",
    "bindings/c/src/opened_claims.rs",
    "bindings/c/src/opening.rs",
    "bindings/c/src/options.rs",
    "bindings/c/src/pending.rs",
    "bindings/c/src/profile.rs",
    "bindings/c/src/received_flow.rs",
    "bindings/c/src/remote.rs",
    "bindings/c/src/report.rs",
    "bindings/c/src/request.rs",
    "bindings/c/src/response.rs",
    "bindings/c/src/service_account.rs",
    "bindings/c/src/session.rs",
    "bindings/c/src/session_setup.rs",
    "bindings/c/src/session_stream.rs",
    "bindings/c/src/session_token.rs",
    "bindings/c/src/start.rs",
    "bindings/c/src/status.rs",
    "bindings/c/src/token.rs",
    "bindings/c/src/verified_flow.rs",
    "bindings/c/src/verifier.rs",
    "bindings/c/src/verify.rs",
    "bindings/c/src/verifying_keys.rs",
    "bindings/c/src/webhook.rs",
    "bindings/c/src/words.rs",
    "bindings/c/tests/entries/call.rs",
    "bindings/c/tests/entries/disclosures.rs",
    // Functions of the caller's, as the library calls them.
    "bindings/c/tests/entries/journey/budget.rs",
    "bindings/c/tests/entries/journey/pending.rs",
    // A function of C's, played.
    "bindings/c/tests/entries/remote.rs",
    "benches/peers/src/peers/intel.rs",
    "benches/peers/src/peers/openssl.rs",
    // Calls of PKCS#11 that the crate for it does not let be made as they have to be.
    "crates/flowseal-pkcs11/src/calls.rs",
    // A fork, in a test.
    "crates/flowseal-pkcs11/tests/tokens/forks.rs",
    "crates/flowseal-rsa/src/arithmetic/adx.rs",
    "crates/flowseal-rsa/src/units/aws_lc/mod.rs",
    "crates/flowseal-rsa/src/units/lanes/x86.rs",
    // An allocator that counts, in a test.
    "crates/flowseal-rsa/tests/memory.rs",
    // Requests to valgrind, in a program for checks.
    "crates/memcheck/src/valgrind.rs",
    // A module of PKCS#11, for tests.
    "crates/token-shim/src/lib.rs",
];

/// Crates in which not even an attribute can allow `unsafe`.
const FORBID_UNSAFE: &[&str] = &[
    "bindings/python/src/lib.rs",
    "crates/flowseal/src/lib.rs",
    "crates/flowseal-cli/src/main.rs",
];

/// The core has no socket, no file, no process and no clock: its callers have them.
const NOT_IN_THE_CORE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::time",
];

/// A moment of the caller's may come in the type that the standard library has for it. What the
/// clock says is asked nowhere.
const MAY_NAME_MOMENTS: &str = "crates/flowseal/src/time.rs";
const ASKS_THE_CLOCK: &[&str] = &["SystemTime::now", "Instant", ".elapsed("];

/// The command works offline; only its mock listens, on loopback.
const SOCKETS: &[&str] = &["std::net", "tokio::net"];
const MAY_LISTEN: &str = "crates/flowseal-cli/src/mock";

/// What the command writes to a file it writes in one place, whole or not at all and over
/// nothing; `growing` and `parts` are what grows for hours first, and is whole once it has
/// its name.
const WRITES: &[&str] = &[
    ".create(true)",
    ".create_new(true)",
    "File::create",
    "File::options",
    "fs::OpenOptions",
    "fs::copy",
    "fs::hard_link",
    "fs::rename",
    "fs::write",
];
const MAY_WRITE: &[&str] = &[
    "crates/flowseal-cli/src/files.rs",
    "crates/flowseal-cli/src/files/growing.rs",
    "crates/flowseal-cli/src/files/parts.rs",
];

/// What reads files and settings that can hold a secret says what is wrong with them in
/// `Sentence`s, which show no bytes of a file: not in errors or warnings of its own making.
const READS_SECRETS: &[&str] = &[
    "crates/flowseal/src/api/config.rs",
    "crates/flowseal/src/keys",
    "crates/flowseal/src/profile.rs",
    "crates/flowseal/src/api/service_account",
    "crates/flowseal/src/text_file.rs",
];
const SHOWS_ANYTHING: &[&str] = &["Error::new(", "quoted(", "format!("];

/// A file has one job. Longer ones are listed, with the reason beside them.
const LINES: usize = 600;
const LONG: &[&str] = &[];

/// Programs that a check calls without asking whether they are there, and why it may.
const UNASKED: &[(&str, &str)] = &[
    // Asked for where the program that they look at is built.
    ("crates/xtask/src/memcheck/functions.rs", "addr2line"),
    // Without it there is no commit to name.
    ("crates/xtask/src/audit.rs", "git"),
    // A system that has `apt-get` has a shell.
    ("crates/xtask/src/emulate/debian.rs", "sh"),
    // The lines of the READMEs are for one, and these steps are for systems that have one.
    ("crates/xtask/src/readme.rs", "sh"),
];

/// Words by which a file would tell whose machine it was written on. The directories around this
/// checkout are added at run time.
const OF_A_MACHINE: &[&str] = &["/home/", "/tmp/", "/Users/"];

/// Words by which a lock or a configuration would send everybody to one machine's package mirror.
const OF_A_MIRROR: &[&str] = &["\"resolved\":", "index-url", "registry=", "replace-with"];

/// This file spells the words that it looks for.
const THIS: &str = file!();

/// The step.
pub(crate) fn step(run: &mut Run) {
    run.step("layers", check);
}

fn check() -> Verdict {
    let sources = sources::all().map_err(|error| Stop::Failed(error.to_string()))?;
    let mut findings = unwanted_dependencies(&engine_dependencies()?);
    findings.extend(linked_by_users(&core_dependencies()?));
    findings.extend(missing_forbid(&sources));
    let machine = words_of_this_machine();
    for source in &sources {
        findings.extend(hidden_unsafe(source));
        findings.extend(lints_not_inherited(source));
        findings.extend(core_floors::arrows_up(source));
        findings.extend(input_or_output_in_the_core(source));
        findings.extend(secrets_in_a_sentence(source));
        findings.extend(sockets_in_the_command(source));
        findings.extend(writes_of_the_command(source));
        findings.extend(too_long(source));
        findings.extend(engine_floors::arrows_up(source));
        findings.extend(columns::wide_comments(source));
        findings.extend(examples::left_out(source));
        findings.extend(unasked_programs(source));
        findings.extend(named_machine(source, &machine));
    }

    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("{} files keep the rules", sources.len());
            Ok(())
        }
        count => Err(Stop::Failed(format!("{count} findings"))),
    }
}

/// The engine's own dependencies on every platform, under every feature: `name vVERSION` a line.
fn engine_dependencies() -> Result<String, Stop> {
    output(&mut cargo(
        "tree --locked -p flowseal-rsa --depth=1 --prefix=none --format={p} \
         --edges=normal,build --all-features --target=all",
    ))
}

/// All that is below the core and the C library with their default features, on every platform.
fn core_dependencies() -> Result<String, Stop> {
    output(&mut cargo(
        "tree --locked -p flowseal -p flowseal-ffi --prefix=none --format={p} --edges=normal,build \
         --target=all",
    ))
}

fn linked_by_users(tree: &str) -> Vec<String> {
    let names = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let mut linked: Vec<_> = names.filter(|name| NOT_LINKED.contains(name)).collect();
    linked.dedup();
    linked
        .into_iter()
        .map(|name| format!("who uses flowseal links {name}, which is for tests"))
        .collect()
}

fn unwanted_dependencies(tree: &str) -> Vec<String> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "flowseal-rsa" && !ENGINE_MAY_USE.contains(name))
        .map(|name| format!("flowseal-rsa depends on {name}, which no engine needs"))
        .collect()
}

fn missing_forbid(sources: &[Source]) -> Vec<String> {
    let forbids = |path: &str| {
        sources
            .iter()
            .any(|source| source.path == path && source.text.contains("#![forbid(unsafe_code)]"))
    };
    FORBID_UNSAFE
        .iter()
        .filter(|path| !forbids(path))
        .map(|path| format!("{path} does not say #![forbid(unsafe_code)]"))
        .collect()
}

fn hidden_unsafe(source: &Source) -> Vec<String> {
    if !is_rust(source) || UNSAFE.contains(&source.path.as_str()) {
        return Vec::new();
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    at_lines(source, "unsafe code in a file that is not listed", |line| {
        code_of(line)
            .split(|c| !is_word(c))
            .any(|word| word == "unsafe")
    })
}

/// The workspace's lints reach only crates that ask for them.
fn lints_not_inherited(source: &Source) -> Vec<String> {
    let is_member = source.path.ends_with("/Cargo.toml") && !source.path.starts_with("fuzz/");
    if !is_member || source.text.contains("[lints]\nworkspace = true") {
        return Vec::new();
    }
    vec![format!(
        "{}: the lints of the workspace are not inherited",
        source.path
    )]
}

fn input_or_output_in_the_core(source: &Source) -> Vec<String> {
    if !is_rust(source) || !source.path.starts_with("crates/flowseal/src/") {
        return Vec::new();
    }
    let names_moments = source.path == MAY_NAME_MOMENTS;
    at_lines(source, "input, output or a clock in the core", |line| {
        let code = code_of(line);
        let is_type_alone = names_moments && code == "use std::time::SystemTime;";
        let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
        (has(NOT_IN_THE_CORE) && !is_type_alone) || has(ASKS_THE_CLOCK)
    })
}

/// A file without the tests at its end, which may do what the program must not.
fn before_tests(source: &Source) -> Source {
    let before = source.text.split("#[cfg(test)]\nmod tests").next();
    Source {
        path: source.path.clone(),
        text: before.unwrap_or_default().to_owned(),
    }
}

fn secrets_in_a_sentence(source: &Source) -> Vec<String> {
    let reads_secrets = READS_SECRETS
        .iter()
        .any(|start| source.path.starts_with(start));
    if !is_rust(source) || !reads_secrets {
        return Vec::new();
    }
    at_lines(
        &before_tests(source),
        "a sentence beside `Sentence`, where secrets are read",
        |line| {
            let code = code_of(line);
            SHOWS_ANYTHING.iter().any(|word| code.contains(word))
        },
    )
}

fn sockets_in_the_command(source: &Source) -> Vec<String> {
    let is_command = source.path.starts_with("crates/flowseal-cli/src/");
    if !is_rust(source) || !is_command || source.path.starts_with(MAY_LISTEN) {
        return Vec::new();
    }
    at_lines(
        source,
        "a socket in the command, which is offline",
        |line| {
            let code = code_of(line);
            SOCKETS.iter().any(|module| code.contains(module))
        },
    )
}

fn writes_of_the_command(source: &Source) -> Vec<String> {
    let is_command = source.path.starts_with("crates/flowseal-cli/src/");
    if !is_rust(source) || !is_command || MAY_WRITE.contains(&source.path.as_str()) {
        return Vec::new();
    }
    let source = before_tests(source);
    at_lines(&source, "a file that is written past `files`", |line| {
        let code = code_of(line);
        WRITES.iter().any(|word| code.contains(word))
    })
}

fn too_long(source: &Source) -> Vec<String> {
    let is_ours = ["bindings/", "crates/"]
        .iter()
        .any(|top| source.path.starts_with(top));
    let lines = source.text.lines().count();
    if !is_ours || !is_rust(source) || lines <= LINES || LONG.contains(&source.path.as_str()) {
        return Vec::new();
    }
    vec![format!("{}: {lines} lines, more than {LINES}", source.path)]
}

/// A program that is called without being asked for fails its check where the machine lacks it,
/// and what a machine lacks is to be skipped by name.
fn unasked_programs(source: &Source) -> Vec<String> {
    if !is_rust(source) || !source.path.starts_with("crates/xtask/src/") || source.path == THIS {
        return Vec::new();
    }
    let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
    let called = code.split("Command::new(\"").skip(1);
    let mut programs: Vec<_> = called.filter_map(|rest| rest.split('"').next()).collect();
    programs.sort_unstable();
    programs.dedup();
    programs
        .into_iter()
        .filter(|program| {
            let is_asked = ["need", "has"].iter().any(|ask| {
                let call = format!("{ask}(\"{program}\"");
                code.contains(&call)
            });
            !is_asked && !UNASKED.contains(&(source.path.as_str(), program))
        })
        .map(|program| format!("{}: calls {program} and does not ask for it", source.path))
        .collect()
}

fn named_machine(source: &Source, machine: &[String]) -> Vec<String> {
    if source.path == THIS {
        return Vec::new();
    }
    let fixed = OF_A_MACHINE.iter().chain(OF_A_MIRROR).copied();
    fixed
        .chain(machine.iter().map(String::as_str))
        .flat_map(|word| at_lines(source, &format!("names {word}"), |line| line.contains(word)))
        .collect()
}

/// The directory that this checkout stands in, and the home directory.
fn words_of_this_machine() -> Vec<String> {
    let here = std::env::current_dir().ok();
    let home = std::env::home_dir();
    let around = here.as_deref().and_then(Path::parent);
    around
        .into_iter()
        .chain(home.as_deref())
        .filter(|directory| directory.parent().is_some())
        .map(|directory| format!("{}/", directory.display()))
        .collect()
}

fn at_lines(source: &Source, what: &str, is_bad: impl Fn(&str) -> bool) -> Vec<String> {
    source
        .lines()
        .filter(|(_, line)| is_bad(line))
        .map(|(number, _)| format!("{}:{number}: {what}", source.path))
        .collect()
}

fn is_rust(source: &Source) -> bool {
    source.path.ends_with(".rs")
}

/// A line without its comment and the insides of its strings. Good enough to find a keyword; the
/// compiler's own lint does not depend on it.
fn code_of(line: &str) -> String {
    let line = line.split("//").next().unwrap_or_default();
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn the_engine_may_not_parse_or_hash() {
        let tree =
            "flowseal-rsa v0.1.0 (somewhere)\ngetrandom v0.4.3\nsha2 v0.10.9\nzeroize v1.9.0";
        assert_eq!(
            unwanted_dependencies(tree),
            ["flowseal-rsa depends on sha2, which no engine needs"]
        );
    }

    #[test]
    fn a_crate_for_tests_that_users_would_link_is_found() {
        let tree = "flowseal v0.1.0 (somewhere)\npkcs1 v0.8.0\nrsa v0.10.0\nrsa v0.10.0 (*)";
        assert_eq!(
            linked_by_users(tree),
            ["who uses flowseal links rsa, which is for tests"]
        );
    }

    #[test]
    fn unsafe_code_is_found() {
        let text =
            "#![forbid(unsafe_code)]\n// unsafe in words\nlet s = \"unsafe\";\nunsafe { x() }";
        assert_eq!(
            hidden_unsafe(&source("crates/any/src/lib.rs", text)),
            ["crates/any/src/lib.rs:4: unsafe code in a file that is not listed"]
        );
        assert!(hidden_unsafe(&source("README.md", text)).is_empty());
    }

    #[test]
    fn a_crate_that_no_longer_forbids_unsafe_is_found() {
        let forbids = "//! The core.\n#![forbid(unsafe_code)]";
        let core = source("crates/flowseal/src/lib.rs", forbids);
        let command = source("crates/flowseal-cli/src/main.rs", "fn main() {}");
        let python = source("bindings/python/src/lib.rs", forbids);
        assert_eq!(
            missing_forbid(&[core, command, python]),
            ["crates/flowseal-cli/src/main.rs does not say #![forbid(unsafe_code)]"]
        );
    }

    #[test]
    fn a_crate_without_the_lints_is_found() {
        let without = source("crates/any/Cargo.toml", "[package]\nname = \"any\"\n");
        let with = source("crates/any/Cargo.toml", "[lints]\nworkspace = true\n");
        assert_eq!(lints_not_inherited(&without).len(), 1);
        assert!(lints_not_inherited(&with).is_empty());
    }

    #[test]
    fn a_file_read_by_the_core_is_found() {
        let text = "use std::fs;\n// not std::net\n";
        assert_eq!(
            input_or_output_in_the_core(&source("crates/flowseal/src/keys.rs", text)),
            ["crates/flowseal/src/keys.rs:1: input, output or a clock in the core"]
        );
        assert!(
            input_or_output_in_the_core(&source("crates/flowseal-cli/src/a.rs", text)).is_empty()
        );
    }

    #[test]
    fn a_clock_in_the_core_is_found_where_moments_are_named_too() {
        let found = |path: &str, text: &str| {
            let path = format!("crates/flowseal/src/{path}");
            input_or_output_in_the_core(&source(&path, text)).len()
        };
        let name = "use std::time::SystemTime;\n";
        assert_eq!((found("time.rs", name), found("flow.rs", name)), (0, 1));
        assert_eq!(found("time.rs", "let now = SystemTime::now();\n"), 1);
        assert_eq!(found("time.rs", "use std::time::Instant;\n"), 1);
    }

    #[test]
    fn a_sentence_of_a_key_s_reader_is_found_and_one_of_its_tests_is_not() {
        let text = "Error::new(code, x)\n// format!(x)\nlet s = format!(\"{x}\");\n#[cfg(test)]\nmod tests { quoted(x) }";
        assert_eq!(
            secrets_in_a_sentence(&source("crates/flowseal/src/keys/jwk.rs", text)),
            [
                "crates/flowseal/src/keys/jwk.rs:1: a sentence beside `Sentence`, where secrets are read",
                "crates/flowseal/src/keys/jwk.rs:3: a sentence beside `Sentence`, where secrets are read",
            ]
        );
        assert!(secrets_in_a_sentence(&source("crates/flowseal/src/flow.rs", text)).is_empty());
    }

    #[test]
    fn a_socket_of_the_command_is_found_unless_it_is_the_mock_s() {
        let text = "use std::net::TcpStream;\n";
        assert_eq!(
            sockets_in_the_command(&source("crates/flowseal-cli/src/input.rs", text)),
            ["crates/flowseal-cli/src/input.rs:1: a socket in the command, which is offline"]
        );
        let server = source("crates/flowseal-cli/src/mock/server.rs", text);
        assert!(sockets_in_the_command(&server).is_empty());
    }

    #[test]
    fn a_file_that_the_command_writes_elsewhere_is_found() {
        let text = "fn f() {}\nstd::fs::write(file, text)?;\n";
        assert_eq!(
            writes_of_the_command(&source("crates/flowseal-cli/src/mock/keys.rs", text)),
            ["crates/flowseal-cli/src/mock/keys.rs:2: a file that is written past `files`"]
        );
        for path in [MAY_WRITE[0], "crates/flowseal-cli/tests/a.rs"] {
            assert!(writes_of_the_command(&source(path, text)).is_empty());
        }
    }

    #[test]
    fn a_file_of_many_jobs_is_found() {
        let fits = source("crates/any/src/lib.rs", &"\n".repeat(LINES));
        let long = source("crates/any/src/lib.rs", &"\n".repeat(LINES + 1));
        assert!(too_long(&fits).is_empty());
        assert_eq!(
            too_long(&long),
            ["crates/any/src/lib.rs: 601 lines, more than 600"]
        );
        let test = source("crates/any/tests/any.rs", &long.text);
        assert_eq!(too_long(&test).len(), 1);
    }

    #[test]
    fn a_program_that_a_check_does_not_ask_for_is_found() {
        let path = "crates/xtask/src/any.rs";
        let asks = "need(\"clang\", \"--version\")?;\nCommand::new(\"clang\")";
        assert!(unasked_programs(&source(path, asks)).is_empty());
        let calls = "need(\"gcc\", \"--version\")?;\nCommand::new(\"clang\")";
        assert_eq!(
            unasked_programs(&source(path, calls)),
            [format!("{path}: calls clang and does not ask for it")]
        );
        assert!(unasked_programs(&source("benches/a.rs", calls)).is_empty());
    }

    #[test]
    fn the_name_of_a_machine_or_a_mirror_is_found() {
        let text = "one\ncd /home/ada/flowseal\ncd /srv/build/flowseal\n\"resolved\": \"…\"";
        assert_eq!(
            named_machine(&source("README.md", text), &["/srv/build/".to_owned()]),
            [
                "README.md:2: names /home/",
                "README.md:4: names \"resolved\":",
                "README.md:3: names /srv/build/",
            ]
        );
    }
}
