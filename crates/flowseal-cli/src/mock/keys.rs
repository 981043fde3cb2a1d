//! The app's key pair, to which flows are sealed, and the user's, which signs them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::thread;

use flowseal::testkit::{FlowBuilder, KeyPair, SealedFlow, SealingKey, SigningKey};
use flowseal::{Error, ErrorCode};

use crate::failure::Failure;
use crate::keys::{sealing, signing};

/// Long enough for every claim of a persona; a key of 4096 bits would take many seconds to make.
const BITS: usize = 2048;

/// What seals and signs.
pub(super) struct Keys {
    app: SealingKey,
    user: SigningKey,
}

impl Keys {
    /// The testkit's.
    pub(super) fn samples() -> Result<Self, Failure> {
        Ok(Self {
            app: KeyPair::sample_app()?.sealing_key()?,
            user: KeyPair::sample_user()?.signing_key()?,
        })
    }

    /// Those that stand in the directory as `app.pub.pem` and `user.pem`. What does not is made and
    /// written, both halves of it, so that a second start has the keys of the first.
    pub(super) fn of_directory(directory: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
        thread::scope(|scope| {
            let user = scope.spawn(|| {
                let private = directory.join("user.pem");
                if !private.exists() {
                    make(directory, "user")?;
                }
                signing(&private)
            });
            let public = directory.join("app.pub.pem");
            if !public.exists() {
                make(directory, "app")?;
            }
            let app = sealing(&public)?;
            let user = user
                .join()
                .unwrap_or_else(|payload| std::panic::resume_unwind(payload))?;
            Ok(Self { app, user })
        })
    }

    /// Lets the person approve.
    pub(super) fn seal(&self, flow: &FlowBuilder) -> Result<SealedFlow, Error> {
        flow.seal(&self.app, &self.user)
    }
}

/// Makes a pair. Where the public half is seen, the private one is there too.
fn make(directory: &Path, name: &str) -> Result<(), Failure> {
    let pair = KeyPair::generate(BITS)?;
    for (half, pem) in [("pem", pair.private_pem()), ("pub.pem", pair.public_pem())] {
        let file = directory.join(format!("{name}.{half}"));
        let begun = directory.join(format!("{name}.{half}.begun"));
        write_private(&begun, pem)
            .and_then(|()| fs::rename(&begun, &file))
            .map_err(|error| unwritable(&file, &error))?;
    }
    Ok(())
}

/// Writes a file that only its owner can read.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    let sentence = format!("cannot be written ({error}): check the directory, and its room");
    Failure::new(ErrorCode::Io, sentence).about(file)
}
