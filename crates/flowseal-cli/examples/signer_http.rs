//! A signer of one's own: one process has the private key, and others open flows through it over
//! HTTP.
//!
//! ```text
//! cargo run -p flowseal-cli --example signer_http
//! ```
//!
//! Both are in this program, on loopback. A real signer has the key in an HSM, TLS, a credential
//! for each client and a limit on each; what it must not have is a padding: it gives the raw result
//! of RSA. Since flowseal blinds what it sends, the signer never learns a claim, and since it
//! checks what comes back, a wrong answer is an error and never a claim.
//!
//! `POST /raw/FINGERPRINT` with `authorization: Bearer …`; the body is the ciphertexts of k bytes,
//! one after the other, and so is the answer.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example speaks to a terminal"
)]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flowseal::testkit::{Holder, KeyPair, Persona, Sample};
use flowseal::{DecryptingKey, Error, Expectations, KeyHolder, KeyRing, RawOperation};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error[{}]: {error}", error.code());
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    let unavailable = |error: io::Error| Error::key_unavailable("no signer").with_source(error);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(unavailable)?;
    let address = listener.local_addr().map_err(unavailable)?;
    let app = KeyPair::sample_app()?;
    let signer = Signer(Holder::load(app.private_pem().as_bytes())?);
    thread::spawn(move || signer.serve(&listener));

    // From here on nobody has more than the public key.
    let holder = Remote::new(format!("http://{address}"));
    let key = DecryptingKey::remote_options().with_holder(Arc::new(holder));
    let ring = KeyRing::from(key.load(app.public_pem().as_bytes())?);

    let sample = Sample::new()?;
    let expectations =
        Expectations::for_reference("req_sample").with_requestee(Persona::ADA.requestee);
    let verified = sample
        .flow()?
        .verify(&sample.verifier()?, &expectations, sample.now()?)?;
    for claim in verified.open(&ring)?.iter() {
        println!("{}: {}", claim.path(), claim.text());
    }
    Ok(())
}

const CREDENTIAL: &str = "Bearer loopback";

/// More than any batch of a flow has.
const MOST_BYTES: u64 = 1 << 20;

/// The client: a batch of operations is one request.
struct Remote {
    agent: ureq::Agent,
    address: String,
}

impl Remote {
    fn new(address: String) -> Self {
        let configuration = ureq::Agent::config_builder()
            // The core waits for as long as its holder does.
            .timeout_global(Some(Duration::from_secs(10)))
            // A redirect would carry the credential elsewhere.
            .max_redirects(0)
            .build();
        Self {
            agent: configuration.into(),
            address,
        }
    }
}

impl KeyHolder for Remote {
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        let Some(first) = operations.first() else {
            return Ok(());
        };
        let ciphertexts: Vec<u8> = operations
            .iter()
            .flat_map(|operation| operation.ciphertext().iter().copied())
            .collect();
        let url = format!("{}/raw/{}", self.address, first.fingerprint());
        let unavailable = |error: ureq::Error| {
            Error::key_unavailable("the signer does not answer: check that it runs")
                .with_source(error)
        };
        let mut response = self
            .agent
            .post(&url)
            .header("authorization", CREDENTIAL)
            .send(&ciphertexts[..])
            .map_err(unavailable)?;
        let body = response.body_mut().with_config().limit(MOST_BYTES);
        let answer = body.read_to_vec().map_err(unavailable)?;
        if answer.len() != results.len() {
            return Err(Error::key_unavailable(
                "the signer's answer has another length: look at its log",
            ));
        }
        results.copy_from_slice(&answer);
        Ok(())
    }
}

/// The server, which has the key.
struct Signer(Holder);

impl Signer {
    fn serve(&self, listener: &TcpListener) {
        for stream in listener.incoming().flatten() {
            // Whoever hangs up in the middle is not answered.
            let _ = self.answer(stream);
        }
    }

    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?.take(MOST_BYTES));
        let (mut is_allowed, mut length, mut line) = (false, 0, String::new());
        while reader.read_line(&mut line)? > 0 && line.trim_end() != "" {
            let (name, value) = line.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "authorization" => is_allowed = value.trim() == CREDENTIAL,
                "content-length" => length = value.trim().parse().unwrap_or_default(),
                _ => {}
            }
            line.clear();
        }
        let mut ciphertexts = vec![0; usize::min(length, 1 << 20)];
        reader.read_exact(&mut ciphertexts)?;
        let (status, body) = match is_allowed {
            false => ("401 Unauthorized", Vec::new()),
            true => match self.compute(&ciphertexts) {
                Ok(results) => ("200 OK", results),
                Err(_) => ("500 Internal Server Error", Vec::new()),
            },
        };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body)
    }

    /// Each number of k bytes to the power of the private exponent.
    fn compute(&self, ciphertexts: &[u8]) -> Result<Vec<u8>, Error> {
        let size = 256;
        let results = ciphertexts
            .chunks(size)
            .map(|ciphertext| self.0.compute(ciphertext));
        Ok(results.collect::<Result<Vec<_>, _>>()?.concat())
    }
}
