//! The app's key pair, to which flows are sealed, and the user's, which signs them.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use flowseal::testkit::{FlowBuilder, KeyPair, SealedFlow, SealingKey, SigningKey};
use flowseal::{DecryptingKey, Error, ErrorCode, VerifyingKey};

use crate::failure::Failure;
use crate::files::{self, Draft, Existing};
use crate::keys::{self, sealing, signing};
use crate::names::Name;

/// Long enough for every claim of a persona; a key of 4096 bits would take many seconds to make.
const BITS: usize = 2048;

/// How often what is wrong with a pair is looked at, half a second in all: another start has both
/// halves at hand when it names the first.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

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

    /// Those of the directory, `app` and `user`, in two files each. A pair of which nothing is
    /// there is made and written, so that a second start has the keys of the first, even one at the
    /// same time. What is there is someone's and stays as it is: of half a pair the other half is
    /// not made up.
    pub(super) fn of_directory(directory: &Path) -> Result<Self, Failure> {
        let (app, user) = (Pair::at(directory, "app"), Pair::at(directory, "user"));
        // Both are looked at before either is made.
        let (app_is_there, user_is_there) = (app.is_there()?, user.is_there()?);
        files::directory(directory)?;
        thread::scope(|scope| {
            let user = scope.spawn(|| {
                user.make_unless(user_is_there)?;
                signing(&user.private)
            });
            app.make_unless(app_is_there)?;
            let app = sealing(&app.public)?;
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

/// Where the two halves of a key are, or are to be.
struct Pair {
    private: PathBuf,
    public: PathBuf,
}

impl Pair {
    fn at(directory: &Path, name: &str) -> Self {
        Self {
            private: directory.join(format!("{name}.pem")),
            public: directory.join(format!("{name}.pub.pem")),
        }
    }

    /// Whether both halves are there, and fit. Half a pair is refused, whatever has the name; but
    /// not at once, since another start may be about to write the other half.
    fn is_there(&self) -> Result<bool, Failure> {
        let mut looks = LOOKS;
        loop {
            looks -= 1;
            match self.look() {
                Err(_) if looks > 0 => thread::sleep(BETWEEN_LOOKS),
                found => return found,
            }
        }
    }

    fn look(&self) -> Result<bool, Failure> {
        // A link that leads nowhere has a name, too.
        let is_taken = |file: &Path| file.symlink_metadata().is_ok();
        match (is_taken(&self.private), is_taken(&self.public)) {
            (true, true) => self.check().map(|()| true),
            (false, false) => Ok(false),
            (true, false) => Err(half(&self.public, &self.private)),
            (false, true) => Err(half(&self.private, &self.public)),
        }
    }

    /// Whether the halves are of one key: flows would be sealed to a key that the other cannot
    /// open.
    fn check(&self) -> Result<(), Failure> {
        for half in [&self.private, &self.public] {
            // A pipe would be waited for while clients believe that there is an API.
            if half.metadata().is_ok_and(|about| !about.is_file()) {
                let sentence =
                    "is not a regular file: put the key itself there, or give another directory";
                return Err(Failure::new(ErrorCode::Io, sentence).about(half));
            }
        }
        let private = keys::from_file(&self.private, DecryptingKey::load)?;
        let load = |file: &[u8]| VerifyingKey::options().allow_exponent_three().load(file);
        let public = keys::from_file(&self.public, load)?;
        if private.fingerprint() == public.fingerprint() {
            return Ok(());
        }
        let sentence = "is not the public half of the private key beside it: put the two halves of \
            one key there, or give a directory that is empty";
        Err(Failure::new(ErrorCode::KeyConflict, sentence).about(&self.public))
    }

    /// Both are written before either has its name, so that little can come between. Whoever names
    /// the private half has made the pair; who comes second throws theirs away and has that one.
    fn make_unless(&self, is_there: bool) -> Result<(), Failure> {
        if is_there {
            return Ok(());
        }
        let pair = KeyPair::generate(BITS)?;
        let private = Draft::new(&self.private, pair.private_pem().as_bytes())?;
        let public = Draft::new(&self.public, pair.public_pem().as_bytes())?;
        match files::publish_both(&private, &public, Existing::Kept) {
            Err(failure) if !self.is_there()? => Err(failure),
            _ => Ok(()),
        }
    }
}

fn half(missing: &Path, there: &Path) -> Failure {
    let there = Name(Path::new(there.file_name().unwrap_or_default()));
    let sentence = format!(
        "is missing beside {there}, and nothing is written where somebody's key is: put the missing \
         half there, or give a directory that is empty"
    );
    Failure::new(ErrorCode::Io, sentence).about(missing)
}
