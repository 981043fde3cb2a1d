//! The C library as its users have it: installed into an empty prefix, found by pkg-config and by
//! CMake, built with two compilers and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{cargo_with_rustflags, execute, need, output, target_directory};
use crate::step::{Run, Stop, Verdict};
use crate::{abuse, cases, header, identify, install, readme, symbols};

/// What the stripped shared library promises to weigh at most.
const SHARED_BYTES: u64 = 4 << 20;

/// Whatever they find ends the program.
pub(crate) const SANITIZERS: [&str; 3] = [
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

const EXAMPLES: &str = "bindings/c/examples";
const KEYS: &str = "crates/flowseal/tests/vectors/keys";
const ACCOUNT: &str = "crates/flowseal/tests/vectors/service-account/app.zip";
/// What is sealed to `app-2048.pem` is checked with.
const APP_PUBLIC: &str = "crates/flowseal/tests/vectors/keys/app-2048.pub.pem";

/// What an example is run with: the flow, the keys, its reference, a minute after it was signed.
pub(crate) const REFERENCE: &str = "req_sample";
pub(crate) const NOW: &str = "1716820181";

/// The library in use. Where it cannot be installed there is nothing else to look at.
pub(crate) fn steps(run: &mut Run) {
    let mut installed = false;
    run.step("C: installed into an empty prefix", || {
        let verdict = fresh();
        installed = verdict.is_ok();
        verdict
    });
    if !installed {
        return;
    }
    run.step("C: symbols and weight", || {
        symbols::check()?;
        weight()
    });
    // A step to each compiler: a machine that has one of them is checked with that one.
    for [c, cpp] in [["gcc", "g++"], ["clang", "clang++"]] {
        run.step(&format!("C: examples, {c} and pkg-config"), || {
            examples(c, cpp)
        });
        run.step(&format!("C: the table of cases, {c}"), || {
            cases::all(c, &[])
        });
        run.step(&format!("C: abuse of every function, {c}"), || {
            abused(c, &[])
        });
    }
    run.step("C: example, static library", linked_statically);
    run.step("C: example, CMake", cmake);
    readme::lines(run);
}

/// What else looks at the library that [`steps`] installed.
pub(crate) fn thorough(run: &mut Run) {
    header::check(run);
    if !install::shared(&prefix()).exists() {
        return;
    }
    readme::programs(run);
    // The command of a release reads and writes columns, which takes minutes to build.
    run.step("C: installed elsewhere, with the command", elsewhere);
    run.step("C: examples with sanitizers", sanitized);
    run.step("C: the table of cases with sanitizers", || {
        instrumented("gcc")?;
        cases::all("gcc", &SANITIZERS)
    });
    run.step("C: abuse with sanitizers", || {
        instrumented("gcc")?;
        abused("gcc", &SANITIZERS)
    });
    run.step("C: valgrind", valgrind);
    run.step(
        "C: the journey with libcurl",
        identify::journey_with_libcurl,
    );
    run.step("C: identifying with libcurl", identify::with_libcurl);
    run.step(
        "C: identifying with libcurl under valgrind",
        identify::under_valgrind,
    );
}

/// The table of handles, in every order in which threads can meet at it.
pub(crate) fn loom(run: &mut Run) {
    run.step("C: the table of handles under loom", || {
        let line = "test --locked -p flowseal-ffi --lib table::models";
        execute(&mut cargo_with_rustflags(
            "--cfg flowseal_loom",
            "loom",
            line,
        ))
    });
}

/// Many threads on one ring and one verifier for a minute.
pub(crate) fn endurance(run: &mut Run) {
    run.step("C: 64 threads for 60 s", || {
        fresh()?;
        compile("gcc", "service_loop.c", &[], &[])?;
        execute(&mut example("service_loop", &["64", "60"]))
    });
}

fn fresh() -> Verdict {
    // A file of yesterday must not be found today.
    let _ = fs::remove_dir_all(prefix());
    install::into(&prefix())
}

fn weight() -> Verdict {
    // Where it is not there, the library was not stripped.
    need("strip", "--version")?;
    let library = install::shared(&prefix());
    let bytes = fs::metadata(&library)
        .map_err(|error| Stop::Failed(error.to_string()))?
        .len();
    println!("{} weighs {bytes} bytes", library.display());
    if bytes <= SHARED_BYTES {
        return Ok(());
    }
    Err(Stop::Failed(format!(
        "the library weighs {bytes} bytes, more than {SHARED_BYTES}"
    )))
}

/// As the README says it is done.
fn examples(c: &str, cpp: &str) -> Verdict {
    for (compiler, source) in [(c, "open_flow.c"), (cpp, "open_flow.cpp")] {
        compile(compiler, source, &[], &[])?;
        opens("open_flow")?;
    }
    requests(cpp, &[])?;
    flows(cpp, &[])?;
    journey(cpp, &[])?;
    processes(c, &[])?;
    compile(cpp, "../tests/no_exceptions.cpp", &["-fno-exceptions"], &[])?;
    execute(&mut example("no_exceptions", &[]))?;
    compile(c, "../tests/fork.c", &[], &[])?;
    execute(&mut example("fork", &[]))?;
    compile(c, "service_loop.c", &[], &[])?;
    execute(&mut example("service_loop", &["4", "1"]))
}

/// The API's half in C++, against answers that the program has itself.
fn requests(cpp: &str, flags: &[&str]) -> Verdict {
    compile(cpp, "../tests/requests.cpp", flags, &[])?;
    execute(&mut example("requests", &[]))
}

/// From the start of a flow to its end in C++, against answers that the program has itself.
fn journey(cpp: &str, flags: &[&str]) -> Verdict {
    compile(cpp, "../tests/journey.cpp", flags, &[])?;
    execute(&mut example("journey", &[]))
}

/// Two processes that finish one pending flow.
fn processes(c: &str, flags: &[&str]) -> Verdict {
    compile(c, "../tests/processes.c", flags, &[])?;
    let place = target_directory().join("c/finished");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).map_err(|error| Stop::Failed(error.to_string()))?;
    execute(example("processes", &[]).arg(place))
}

/// What is beyond the examples in C++: evidence, batches, partial opening.
fn flows(cpp: &str, flags: &[&str]) -> Verdict {
    compile(cpp, "../tests/flows.cpp", flags, &[])?;
    let other = format!("{KEYS}/other-2048.pem");
    execute(&mut example("flows", &[&other, ACCOUNT, APP_PUBLIC]))
}

fn cmake() -> Verdict {
    need("cmake", "--version")?;
    need("c++", "--version")?;
    need("make", "--version")?;
    let build = target_directory().join("c/cmake");
    let _ = fs::remove_dir_all(&build);
    execute(
        Command::new("cmake")
            .args(["-S", EXAMPLES, "-B"])
            .arg(&build)
            .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix().display())),
    )?;
    execute(Command::new("cmake").arg("--build").arg(&build))?;
    for name in ["open_flow", "open_flow_static"] {
        fs::copy(build.join(name), program(name))
            .map_err(|error| Stop::Failed(error.to_string()))?;
    }
    opens("open_flow")?;
    alone_opens("open_flow_static")
}

/// What the static library needs is what pkg-config says, and the program then needs no library of
/// this project's at run time.
fn linked_statically() -> Verdict {
    need("gcc", "--version")?;
    need("pkg-config", "--version")?;
    let found = output(
        Command::new("pkg-config")
            .args(["--static", "--cflags", "--libs", "flowseal-static"])
            .env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig")),
    )?;
    execute(
        Command::new("gcc")
            .args(["-std=c11", "-O1", "-pthread"])
            .arg(Path::new(EXAMPLES).join("open_flow.c"))
            .arg("-o")
            .arg(program("open_flow_static"))
            .args(found.split_whitespace()),
    )?;
    alone_opens("open_flow_static")
}

fn alone_opens(name: &str) -> Verdict {
    opened(example(name, &[]).env_remove("LD_LIBRARY_PATH"), name)
}

/// Elsewhere, with the command, and moved afterwards.
fn elsewhere() -> Verdict {
    let place = target_directory().join("c/elsewhere");
    let moved = target_directory().join("c/moved");
    for old in [&place, &moved] {
        let _ = fs::remove_dir_all(old);
    }
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let there = place.display().to_string();
    let words = ["--prefix", &there, "--libdir", "lib/multi", "--command"];
    let what = install::Installation::parse(&words, Path::new("/"));
    install::install(&what.ok_or_else(|| Stop::Failed("a plain command line".to_owned()))?)?;
    fs::rename(&place, &moved).map_err(failed)?;
    execute(Command::new(moved.join("bin/flowseal")).arg("--version"))?;
    let notices = moved.join("share/doc/flowseal/NOTICES");
    let notices = fs::read_to_string(notices).map_err(failed)?;
    for name in ["sha2 ", "serde_json ", "x509-cert "] {
        if !notices.contains(&format!("\n{name}")) {
            return Err(Stop::Failed(format!("the notices do not name {name}")));
        }
    }
    if !notices.contains("Permission is hereby granted") {
        return Err(Stop::Failed(
            "the notices have no licence's text".to_owned(),
        ));
    }
    need("pkg-config", "--version")?;
    let libs = output(
        Command::new("pkg-config")
            .args(["--variable=libdir", "flowseal"])
            .env("PKG_CONFIG_PATH", moved.join("lib/multi/pkgconfig")),
    )?;
    let found = fs::canonicalize(libs.trim()).map_err(failed)?;
    if found == fs::canonicalize(moved.join("lib/multi")).map_err(failed)? {
        return Ok(());
    }
    Err(Stop::Failed(format!("pkg-config says {}", found.display())))
}

/// The matrix, with sanitizers or without.
fn abused(compiler: &str, flags: &[&str]) -> Verdict {
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let header = fs::read_to_string(header::HEADER).map_err(failed)?;
    let (header, _) = symbols::parts(&header);
    let place = target_directory().join("c");
    fs::write(place.join("cells.inc"), abuse::cells(&header)).map_err(failed)?;
    fs::write(place.join("stale.inc"), abuse::stale(&header)).map_err(failed)?;
    let include = format!("-I{}", place.display());
    compile(
        compiler,
        "../tests/abuse.c",
        &[flags, &[&include]].concat(),
        &[],
    )?;
    execute(&mut example("abuse", &[APP_PUBLIC]))
}

/// The side of C: the library itself is not instrumented.
fn sanitized() -> Verdict {
    instrumented("gcc")?;
    instrumented("g++")?;
    for (compiler, source) in [("gcc", "open_flow.c"), ("g++", "open_flow.cpp")] {
        compile(compiler, source, &SANITIZERS, &[])?;
        opens("open_flow")?;
    }
    requests("g++", &SANITIZERS)?;
    flows("g++", &SANITIZERS)?;
    journey("g++", &SANITIZERS)?;
    processes("gcc", &SANITIZERS)?;
    compile("gcc", "service_loop.c", &SANITIZERS, &[])?;
    execute(&mut example("service_loop", &["4", "1"]))
}

/// Whether a compiler has the sanitizers' libraries, which some systems package by themselves.
pub(crate) fn instrumented(compiler: &str) -> Verdict {
    need(compiler, "--version")?;
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let place = target_directory().join("c");
    let source = place.join("empty.c");
    fs::write(&source, "int main(void) { return 0; }\n").map_err(failed)?;
    let links = Command::new(compiler)
        .args(SANITIZERS)
        .arg(&source)
        .arg("-o")
        .arg(place.join("empty"))
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if links {
        return Ok(());
    }
    let what = format!("{compiler} has no libraries of its sanitizers (libasan, libubsan)");
    Err(Stop::Lacking(what))
}

fn valgrind() -> Verdict {
    need("valgrind", "--version")?;
    for (compiler, source, name) in [
        ("gcc", "open_flow.c", "open_flow"),
        ("g++", "../tests/requests.cpp", "requests"),
        ("g++", "../tests/journey.cpp", "journey"),
    ] {
        compile(compiler, source, &["-g"], &[])?;
        execute(given(&mut under_valgrind(name)))?;
    }
    Ok(())
}

/// Compiles an example into a program of its name, with the flags that pkg-config gives for this
/// library and for others.
pub(crate) fn compile(compiler: &str, source: &str, flags: &[&str], others: &[&str]) -> Verdict {
    need(compiler, "--version")?;
    need("pkg-config", "--version")?;
    let found = output(
        Command::new("pkg-config")
            .args(["--cflags", "--libs", "flowseal"])
            .args(others)
            .env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig")),
    )?;
    let standard = if source.ends_with(".c") {
        "-std=c11"
    } else {
        "-std=c++17"
    };
    let stem = Path::new(source).file_stem().unwrap_or_default();
    execute(
        Command::new(compiler)
            .args([
                standard,
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Wshadow",
                "-Werror",
                "-O1",
                "-pthread",
            ])
            .args(flags)
            .arg(Path::new(EXAMPLES).join(source))
            .arg("-o")
            .arg(target_directory().join("c").join(stem))
            .args(found.split_whitespace()),
    )
}

/// Runs a program on the sample and looks for a claim of it.
fn opens(name: &str) -> Verdict {
    opened(&mut example(name, &[]), name)
}

fn opened(program: &mut Command, name: &str) -> Verdict {
    let claims = output(program)?;
    if claims.contains("\"given\":\"Adébáyọ̀\"") {
        return Ok(());
    }
    Err(Stop::Failed(format!("{name} did not print the claims")))
}

fn example(name: &str, more: &[&str]) -> Command {
    let mut example = alone(name);
    given(&mut example).args(more);
    example
}

fn given(program: &mut Command) -> &mut Command {
    program
        .arg(Path::new(EXAMPLES).join("flow.json"))
        .arg(Path::new(KEYS).join("app-2048.pem"))
        .arg(Path::new(KEYS).join("user-2048.pub.pem"))
        .args([REFERENCE, NOW])
}

/// A compiled program, which finds the installed library.
pub(crate) fn alone(name: &str) -> Command {
    with_library(Command::new(program(name)))
}

/// The same with its memory watched.
pub(crate) fn under_valgrind(name: &str) -> Command {
    let line = "--quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite";
    let mut valgrind = Command::new("valgrind");
    valgrind.args(line.split_whitespace()).arg(program(name));
    with_library(valgrind)
}

fn with_library(mut program: Command) -> Command {
    program.env("LD_LIBRARY_PATH", prefix().join("lib"));
    program
}

fn program(name: &str) -> PathBuf {
    target_directory().join("c").join(name)
}

pub(crate) fn prefix() -> PathBuf {
    target_directory().join("c/prefix")
}
