//! Keys in real tokens: SoftHSM2, NSS's softokn, p11-kit's server, and a TPM that is emulated.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, cargo_test, execute, need, output, target_directory};
use crate::ffi;
use crate::install::{self, Installation};
use crate::step::{Run, Stop, Verdict};

/// All of them; each takes seconds.
pub(crate) fn steps(run: &mut Run) {
    run.step("tokens: SoftHSM2, and a module that spoils", || {
        softhsm()?;
        tests(&["softhsm", "shim", "forks"])
    });
    run.step("tokens: the C library", || {
        softhsm()?;
        let line = "--features flowseal-ffi/pkcs11 --test entries -- --ignored --test-threads=1";
        execute(environment(&mut cargo_test(line))?.arg("token::"))
    });
    run.step("tokens: NSS's softokn", || {
        tool("certutil", "libnss3-tools")?;
        tool("pk12util", "libnss3-tools")?;
        need("openssl", "version")?;
        library("libsoftokn3.so", "libnss3")?;
        tests(&["nss"])
    });
    run.step("tokens: p11-kit server, another process", || {
        softhsm()?;
        need("openssl", "version")?;
        tool("p11-kit", "p11-kit")?;
        library("pkcs11/p11-kit-client.so", "p11-kit-modules")?;
        tests(&["server", "memory"])
    });
    run.step("tokens: the table of cases, and bulk", || {
        softhsm()?;
        tool("p11-kit", "p11-kit")?;
        tool("certutil", "libnss3-tools")?;
        need("openssl", "version")?;
        library("pkcs11/p11-kit-client.so", "p11-kit-modules")?;
        execute(&mut cargo("build --locked -p token-shim"))?;
        let line = "--test command -- --ignored --test-threads=1";
        execute(environment(&mut cargo_test(line))?.args(["tokens::", "--skip", "nss"]))?;
        let mut text = std::ffi::OsString::from("configdir='sql:");
        text.push(target_directory().join("tokens/nss"));
        text.push("' flags=readOnly");
        let mut cargo = cargo_test(line);
        let cargo = environment(&mut cargo)?.env("FLOWSEAL_PKCS11_INIT", text);
        execute(cargo.arg("tokens::nss"))
    });
    run.step("tokens: a TPM (tpm2-pkcs11 on swtpm)", || {
        need("swtpm", "--version")?;
        need("tpm2_ptool", "--help")?;
        need("tpm2_flushcontext", "--version")?;
        library("pkcs11/libtpm2_pkcs11.so", "libtpm2-pkcs11-1")?;
        tests(&["tpm"])
    });
}

/// What a library that is installed with tokens adds, which takes a released build of it.
pub(crate) fn thorough(run: &mut Run) {
    run.step("tokens: C and C++ with an installed library", || {
        softhsm()?;
        need("pkg-config", "--version")?;
        programs()
    });
}

/// SoftHSM2, and what makes keys in it.
pub(crate) fn softhsm() -> Verdict {
    need("softhsm2-util", "--version")?;
    tool("pkcs11-tool", "opensc")?;
    library("softhsm/libsofthsm2.so", "softhsm2").map(drop)
}

/// The example in C and a test in C++, built as its first lines say and run with a token of their
/// own.
fn programs() -> Verdict {
    const KEYS: &str = "crates/flowseal/tests/vectors/keys";
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let place = target_directory().join("tokens/program");
    let (prefix, tokens) = (place.join("installed"), place.join("tokens"));
    // What an older run has left must not be found.
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&tokens).map_err(failed)?;
    let there = prefix.display().to_string();
    let what = Installation::parse(&["--prefix", &there, "--pkcs11"], Path::new("/"));
    install::install(&what.ok_or_else(|| Stop::Failed("a plain command line".to_owned()))?)?;

    let found = output(
        Command::new("pkg-config")
            .args(["--cflags", "--libs", "flowseal"])
            .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")),
    )?;
    let (configuration, pin) = (place.join("softhsm2.conf"), place.join("pin"));
    let text = format!("directories.tokendir = {}\n", tokens.display());
    std::fs::write(&configuration, text).map_err(failed)?;
    std::fs::write(&pin, "481516\n").map_err(failed)?;
    let softhsm = |line: &str| {
        let mut tool = Command::new("softhsm2-util");
        let tool = tool.args(line.split_whitespace());
        execute(tool.env("SOFTHSM2_CONF", &configuration))
    };
    softhsm("--init-token --free --label apps --pin 481516 --so-pin 23424815")?;
    let key = format!("{KEYS}/app-2048.pem");
    softhsm(&format!(
        "--import {key} --token apps --label app --id 01 --pin 481516"
    ))?;
    let programs = [
        ("gcc", "-std=c11", "examples/open_with_token.c"),
        ("g++", "-std=c++17", "tests/token.cpp"),
    ];
    for (compiler, standard, source) in programs {
        need(compiler, "--version")?;
        let program = place.join("program");
        execute(
            Command::new(compiler)
                .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
                .arg(Path::new("bindings/c").join(source))
                .args(found.split_whitespace())
                .arg(format!("-Wl,-rpath,{there}/lib"))
                .arg("-o")
                .arg(&program),
        )?;
        let claims = output(
            Command::new(&program)
                .arg("bindings/c/examples/flow.json")
                .args(["pkcs11:token=apps;object=app", SOFTHSM])
                .arg(&pin)
                .arg(format!("{KEYS}/user-2048.pub.pem"))
                .args([ffi::REFERENCE, ffi::NOW])
                .env("SOFTHSM2_CONF", &configuration),
        )?;
        if !claims.contains("Adébáyọ̀") {
            return Err(Stop::Failed(format!("{source} prints {claims}")));
        }
    }
    Ok(())
}

const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// The tests whose names begin so, one at a time: they share a token, and some spoil it.
fn tests(modules: &[&str]) -> Verdict {
    execute(&mut cargo("build --locked -p token-shim"))?;
    for module in modules {
        let mut cargo = cargo_test("--test tokens -- --ignored --test-threads=1");
        let cargo = environment(&mut cargo)?;
        // What another test runs in a process of its own.
        execute(cargo.arg(format!("{module}::")).args(["--skip", "child"]))?;
    }
    Ok(())
}

/// Where the tokens of this run are, and what is between them and the tests.
fn environment(cargo: &mut Command) -> Result<&mut Command, Stop> {
    let directory = target_directory().join("tokens");
    let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", directory.display()));
    std::fs::create_dir_all(&directory).map_err(failed)?;
    let at = |name: &str| directory.join(name);
    let mut server = std::ffi::OsString::from("unix:path=");
    server.push(at("server"));
    let port = free_port().map_err(failed)?;
    let tcti = format!("swtpm:host=127.0.0.1,port={port}");
    Ok(cargo
        .env("TOKENS_TPM_PORT", port.to_string())
        .env("TPM2_PKCS11_STORE", at("tpm"))
        .env("TPM2_PKCS11_TCTI", &tcti)
        .env("TPM2TOOLS_TCTI", &tcti)
        .env("TSS2_LOG", "all+NONE")
        .env("SOFTHSM2_CONF", at("softhsm2.conf"))
        .env("P11_KIT_SERVER_ADDRESS", server)
        .env("TOKENS_LIBRARIES", libraries())
        .env(
            "TOKEN_SHIM",
            target_directory().join("debug/libtoken_shim.so"),
        )
        .env("TOKEN_SHIM_MODULE", SOFTHSM)
        .env("TOKEN_SHIM_ORDERS", at("orders"))
        .env("TOKEN_SHIM_COUNTS", at("counts")))
}

/// A port of loopback that nobody listens on, and neither on the next.
fn free_port() -> std::io::Result<u16> {
    loop {
        let first = TcpListener::bind(("127.0.0.1", 0))?;
        let port = first.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
}

/// A program that has no question to which it answers with success.
fn tool(name: &str, package: &str) -> Verdict {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|directory| directory.join(name).exists()) {
        return Ok(());
    }
    let what = format!("{name} is not on this machine (Debian: {package})");
    Err(Stop::Lacking(what))
}

/// A library of Debian's, by its place among them.
fn library(name: &str, package: &str) -> Result<PathBuf, Stop> {
    let places = [libraries(), PathBuf::from("/usr/lib")];
    let mut files = places.iter().map(|place| place.join(name));
    files.find(|file| file.exists()).ok_or_else(|| {
        let what = format!("{name} is not on this machine (Debian: {package})");
        Stop::Lacking(what)
    })
}

/// Where Debian has the libraries of this processor.
fn libraries() -> PathBuf {
    let triple = format!("{}-linux-gnu", std::env::consts::ARCH);
    Path::new("/usr/lib").join(triple)
}
