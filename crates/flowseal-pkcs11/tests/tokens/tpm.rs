//! A TPM, emulated by swtpm, through tpm2-pkcs11: it locks, and a fork can lock it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use flowseal::ErrorCode;
use flowseal_pkcs11::{TokenOptions, forget_refused_pins};

use crate::forks::in_child;
use crate::{GIVEN_NAME, flow_for, given_name, load, pin, public, ring, scene};

const URI: &str = "pkcs11:token=apps;object=app";

/// The emulator, which ends with the test.
struct Tpm(Child);

impl Tpm {
    /// With a token and a key that was made inside.
    fn start() -> Self {
        static MADE: OnceLock<()> = OnceLock::new();
        let state = scene::directory().join("tpm");
        let is_first = MADE.get().is_none();
        if is_first {
            let _ = std::fs::remove_dir_all(&state);
            std::fs::create_dir_all(&state).unwrap();
        }
        let port: u16 = std::env::var("TOKENS_TPM_PORT").unwrap().parse().unwrap();
        let line = format!(
            "socket --tpm2 --tpmstate dir={} --server type=tcp,port={port} --ctrl \
             type=tcp,port={} --flags not-need-init,startup-clear",
            state.display(),
            port + 1
        );
        let child = Command::new("swtpm")
            .args(line.split_whitespace())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let tpm = Self(child);
        while std::net::TcpStream::connect(("127.0.0.1", port + 1)).is_err() {
            std::thread::yield_now();
        }
        MADE.get_or_init(|| {
            let pins = format!("--userpin={} --sopin={}", scene::PIN, scene::SO_PIN);
            ptool("init");
            ptool(&format!("addtoken --pid=1 --label=apps {pins}"));
            let key = "--algorithm=rsa2048 --label=apps --key-label=app";
            ptool(&format!("addkey {key} --userpin={}", scene::PIN));
        });
        tpm
    }
}

impl Drop for Tpm {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs `tpm2_ptool` where no resource manager is: the tools that it calls leave objects in the
/// TPM, which has room for three.
fn ptool(line: &str) {
    let tools = scene::directory().join("tpm2-tools");
    std::fs::create_dir_all(&tools).unwrap();
    for tool in [
        "create",
        "createprimary",
        "evictcontrol",
        "hash",
        "import",
        "load",
        "sign",
    ] {
        let script = format!(
            "#!/bin/sh\n/usr/bin/tpm2_{tool} \"$@\"\ncode=$?\n/usr/bin/tpm2_flushcontext -Q -t \
             </dev/null >/dev/null 2>&1\nexit $code\n"
        );
        let file = tools.join(format!("tpm2_{tool}"));
        std::fs::write(&file, script).unwrap();
        std::fs::set_permissions(file, Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap();
    scene::ran_with(
        "tpm2_ptool",
        line,
        ("PATH", &format!("{}:{path}", tools.display())),
    );
}

fn options() -> TokenOptions {
    let module = scene::library("pkcs11/libtpm2_pkcs11.so");
    TokenOptions::new()
        .with_module(module)
        .with_pin(pin(scene::PIN))
}

/// One test, because a module in a process knows one emulator.
#[test]
#[ignore = "cargo xtask tokens"]
fn a_flow_a_fork_and_a_wrong_pin() {
    let _tpm = Tpm::start();

    let wrong = options().with_pin(pin("0000"));
    for _ in 0..4 {
        // Tried once: after three the right one would be locked out.
        assert_eq!(load(&wrong, URI).unwrap_err().code(), ErrorCode::Pin);
    }

    let flow = flow_for(&public(&options(), URI));
    let ring = ring(&options(), URI);
    assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);

    let status = in_child(|| {
        let is_told = |code| code == ErrorCode::KeyUnavailable;
        let held = given_name(&flow, &ring).is_err_and(|error| is_told(error.code()));
        let anew = load(&options(), URI).is_err_and(|error| is_told(error.code()));
        held && anew
    });
    assert_eq!(status, 0);
    for _ in 0..4 {
        assert_eq!(given_name(&flow, &ring).unwrap(), GIVEN_NAME);
    }
    forget_refused_pins();
}
