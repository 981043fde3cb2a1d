//! Where the private key is: with a token in another process, in no byte of ours. Nor are claims
//! that were opened and dropped.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::scene::Server;
use crate::{GIVEN_NAME, nss, ring, scene, server};

#[test]
#[ignore = "cargo xtask tokens"]
fn the_key_of_another_process_is_in_no_byte_of_ours() {
    let (primes, flow) = key_and_flow();
    let claim = [EMAIL.as_bytes().to_vec()];
    let _server = Server::start("apps");
    assert_eq!(found("p11-kit", &flow, [&primes, &claim]), [0, 0]);
    // The scan finds what is there: softokn in the process has the key in it, and the child its
    // claims.
    nss::database();
    scene::import_to_nss(&scene::directory().join("secret.pem"), "secret");
    let found = found("nss", &flow, [&primes, &claim]);
    assert!(found.iter().all(|count| *count > 0), "{found:?}");
}

/// A claim of Ada's that stands in no text of this program.
const EMAIL: &str = "ada@example.ng";

/// Opens a flow with the module that it is told, and waits to be looked at. The claims are dropped
/// before, unless it is softokn's.
#[test]
#[ignore = "the test above runs it"]
fn child() {
    let module = std::env::var("TOKENS_MODULE").unwrap();
    let flow = std::fs::read_to_string(std::env::var("TOKENS_FLOW").unwrap()).unwrap();
    let (options, uri) = match module.as_str() {
        "nss" => (
            nss::options_of(scene::directory()),
            "pkcs11:object=secret;type=private",
        ),
        _ => (server::options(), "pkcs11:token=apps;object=secret"),
    };
    let ring = ring(&options, uri);
    let claims = crate::verify(&flow).open(&ring).unwrap();
    assert_eq!(claims.get("naming.given").unwrap().text(), GIVEN_NAME);
    let _held = (module == "nss").then_some(claims);
    println!("\nready");
    let _ = std::io::stdin().read_line(&mut String::new());
}

/// How often something of each of these stands in the memory of a process that has opened a flow.
fn found(module: &str, flow: &Path, needles: [&[Vec<u8>]; 2]) -> [usize; 2] {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["memory::child", "--exact", "--ignored", "--nocapture"])
        .env("TOKENS_MODULE", module)
        .env("TOKENS_FLOW", flow)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines.any(|line| line.unwrap() == "ready"),
        "the child did not open the flow"
    );
    let count = needles.map(|needles| scan(child.id(), needles));
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(child.wait().unwrap().success());
    count
}

fn scan(process: u32, needles: &[Vec<u8>]) -> usize {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut count = 0;
    let mut bytes = 0;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        let (start, end) = range.split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (start, end) = (number(start), number(end));
        if !rights.starts_with("rw") || end - start > 1 << 30 {
            continue;
        }
        let mut region = vec![0; usize::try_from(end - start).unwrap()];
        // What cannot be read, such as a guard, holds nothing.
        let read = memory
            .seek(SeekFrom::Start(start))
            .and_then(|_| memory.read_exact(&mut region));
        if read.is_err() {
            continue;
        }
        bytes += region.len();
        for needle in needles {
            count += region
                .windows(needle.len())
                .filter(|window| window == needle)
                .count();
        }
    }
    assert!(bytes > 1 << 20, "{bytes} bytes are not all");
    count
}

/// A new key in the token, its primes in both orders of bytes, and a flow that is sealed to it.
fn key_and_flow() -> (Vec<Vec<u8>>, std::path::PathBuf) {
    crate::softhsm::apps();
    let pem = scene::directory().join("secret.pem");
    scene::ran("openssl", &format!("genrsa -out {}", pem.display()));
    scene::import("apps", &pem, "secret", "09");
    let text = scene::ran(
        "openssl",
        &format!("rsa -in {} -noout -text", pem.display()),
    );
    let mut primes = Vec::new();
    for name in ["prime1:", "prime2:", "privateExponent:"] {
        let after = text.split(name).nth(1).unwrap();
        let hex: String = after
            .lines()
            .skip(1)
            .take_while(|line| line.starts_with(' '))
            .flat_map(str::chars)
            .filter(char::is_ascii_hexdigit)
            .collect();
        let bytes: Vec<_> = hex
            .as_bytes()
            .chunks(2)
            .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap())
            .skip_while(|byte| *byte == 0)
            .collect();
        // A part of it is enough, and found where a buffer was cut.
        let part = bytes[16..80].to_vec();
        primes.push(part.iter().rev().copied().collect());
        primes.push(part);
    }
    let public = scene::ran("openssl", &format!("rsa -in {} -pubout", pem.display()));
    let public = flowseal::VerifyingKey::load(public.as_bytes()).unwrap();
    let flow = scene::file("secret.json", crate::sealed(&public));
    (primes, flow)
}
