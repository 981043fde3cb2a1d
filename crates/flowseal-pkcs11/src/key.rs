//! Keys in tokens, as the rest of this library takes them.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flowseal::profile::Padding;
use flowseal::{
    DecryptingKey, Error, ErrorCode, KeyHolder, RawOperation, SecretText, Setup, VerifyingKey,
};

use crate::failure::{Failure, Stop};
use crate::module::Module;
use crate::objects::{self, PublicHalf, TokenObject};
use crate::pins::PinSource;
use crate::pool::{Pool, within};
use crate::token::Token;
use crate::uri::Uri;

/// Ways to a token's keys, which can be kept and used again.
///
/// ```no_run
/// use flowseal::{KeyRing, SecretText};
/// use flowseal_pkcs11::{TokenOptions, Uri};
///
/// let options = TokenOptions::new()
///     .with_module("/usr/lib/softhsm/libsofthsm2.so")
///     .with_pin(SecretText::copied_from("1234"));
/// let key = options.load_decrypting_key(&Uri::parse("pkcs11:token=apps;object=app")?)?;
/// let ring = KeyRing::from(key); // Opens flows as any ring does.
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct TokenOptions {
    module: Option<PathBuf>,
    initialisation: Option<String>,
    pin: PinSource,
    sessions: usize,
    patience: Duration,
    is_unblinded: bool,
    kid: Option<String>,
    padding: Option<Padding>,
    setup: Option<Setup>,
}

/// What the way to one key starts from.
pub(crate) struct Wish {
    pub(crate) uri: Uri,
    pub(crate) module: Option<PathBuf>,
    pub(crate) initialisation: Option<String>,
    pub(crate) pin: PinSource,
    pub(crate) sessions: usize,
    pub(crate) patience: Duration,
}

/// How long a token may take for what was asked of it, unless the caller says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// A longer one is no patience that a clock could measure.
const LONGEST_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// More sessions than processors wait for each other; tokens in devices have one processor.
const MOST_SESSIONS: usize = 8;

impl TokenOptions {
    /// p11-kit's module, no PIN, as many sessions as processors and eight at most, and a patience
    /// of ten seconds.
    pub fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self {
            module: None,
            initialisation: None,
            pin: PinSource::None,
            sessions: processors.min(MOST_SESSIONS),
            patience: PATIENCE,
            is_unblinded: false,
            kid: None,
            padding: None,
            setup: None,
        }
    }

    /// The PKCS#11 module, a library that is loaded into this process; a URI's `module-path` comes
    /// before it. Take it from whoever may run programs here, and from nobody else.
    #[must_use]
    pub fn with_module(mut self, path: impl Into<PathBuf>) -> Self {
        self.module = Some(path.into());
        self
    }

    /// A text that the module takes with its initialisation, where it takes one: NSS's softokn has
    /// `configdir='sql:/etc/pki/app'` there. Of a module that is initialised already it is not
    /// read.
    #[must_use]
    pub fn with_initialisation(mut self, text: impl Into<String>) -> Self {
        self.initialisation = Some(text.into());
        self
    }

    /// The user's PIN. It is wiped with the last of these options and of the keys that they loaded.
    #[must_use]
    pub fn with_pin(mut self, pin: SecretText) -> Self {
        self.pin = PinSource::Given(Arc::new(pin));
        self
    }

    /// Asks for the PIN, by the token's label, whenever one is needed: for the first login, after
    /// the token was lost, and for each operation of a key that wants that. `None` where there is
    /// no PIN to give.
    #[must_use]
    pub fn with_pin_source(
        mut self,
        ask: impl Fn(&str) -> Option<SecretText> + Send + Sync + 'static,
    ) -> Self {
        self.pin = PinSource::Asked(Arc::new(ask));
        self
    }

    /// At most so many sessions compute for one key, and one more keeps the login. None at all
    /// counts as one.
    #[must_use]
    pub fn with_sessions(mut self, most: usize) -> Self {
        self.sessions = most;
        self
    }

    /// How long one operation, a login or a way to the key may take; then it is `key_unavailable`.
    /// Half of it is spent on looking for a token that was lost. More than a day is a day.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience.min(LONGEST_PATIENCE);
        self
    }

    /// Sends ciphertexts to the token as they are; see
    /// [`RemoteKeyOptions::unblinded`](flowseal::RemoteKeyOptions::unblinded). Right for a module
    /// in the same process or machine.
    #[must_use]
    pub fn unblinded(mut self) -> Self {
        self.is_unblinded = true;
        self
    }

    /// A name by which a caller can pick the key from a ring.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// Binds the key to a padding of its own, whatever profile it is used under.
    #[must_use]
    pub fn with_padding(mut self, padding: Padding) -> Self {
        self.padding = Some(padding);
        self
    }

    /// Binds the key to the padding of a setup's profile.
    #[must_use]
    pub fn with_setup(mut self, setup: &Setup) -> Self {
        self.setup = Some(setup.clone());
        self
    }

    /// The one private RSA key that a URI means. It stays where it is: this is a handle, whose
    /// sessions are closed when it is dropped.
    ///
    /// # Errors
    /// `usage` and `io` for a module that is not there; `pin`; `key_kind` where no key matches,
    /// with what there is; `key_ambiguous` where several do, with their labels and ids; `key_size`,
    /// `key_weak`, `key_invalid`; `key_unavailable`.
    pub fn load_decrypting_key(&self, uri: &Uri) -> Result<DecryptingKey, Error> {
        let (holder, public) = self.open(uri)?;
        let mut options = DecryptingKey::remote_options().with_holder(Arc::new(holder));
        if self.is_unblinded {
            options = options.unblinded();
        }
        if let Some(kid) = &self.kid {
            options = options.with_kid(kid);
        }
        if let Some(setup) = &self.setup {
            options = options.with_setup(setup);
        }
        if let Some(padding) = self.padding {
            options = options.with_padding(padding);
        }
        options.from_numbers(&public.modulus, &public.exponent)
    }

    /// The same key as what computes with it alone, and its public half: for whoever makes a
    /// [`DecryptingKey`] of it by themselves, or wants to know what a token takes.
    ///
    /// # Errors
    /// Those of [`load_decrypting_key`](Self::load_decrypting_key).
    pub fn load_holder(&self, uri: &Uri) -> Result<(Arc<dyn KeyHolder>, VerifyingKey), Error> {
        let (holder, public) = self.open(uri)?;
        let options = VerifyingKey::options().allow_exponent_three();
        let public = options.from_numbers(&public.modulus, &public.exponent)?;
        Ok((Arc::new(holder), public))
    }

    fn open(&self, uri: &Uri) -> Result<(TokenKey, PublicHalf), Failure> {
        let (pool, found) = Pool::open(self.wish(uri))?;
        let size = found.public.size();
        Ok((TokenKey { pool, size }, found.public))
    }

    /// The one public key that a URI means, of a public key, a certificate or a private key that
    /// comes with its public half. Verifying stays in software.
    ///
    /// Without a PIN it is one that the token shows to everyone.
    ///
    /// # Errors
    /// Those of [`load_decrypting_key`](Self::load_decrypting_key).
    pub fn load_verifying_key(&self, uri: &Uri) -> Result<VerifyingKey, Error> {
        let keys = self.seen(uri, true, |session, uri, token| {
            let keys = objects::verifying_keys(session, uri)?;
            let names = keys.iter().map(|key| key.fingerprint().to_string());
            let names: Vec<_> = names.collect();
            let mut keys = keys.into_iter();
            match (keys.next(), names.len()) {
                (Some(key), 1) => Ok(key),
                (Some(_), _) => {
                    let sentence = format!(
                        "several public keys of {token} match {uri}: name one by object and id: \
                         the fingerprints are {}",
                        names.join(", ")
                    );
                    Err(Failure::new(ErrorCode::KeyAmbiguous, sentence).into())
                }
                (None, _) => {
                    let sentence = format!(
                        "no RSA public key or certificate of {token} matches {uri}: see what it \
                         holds with flowseal keys"
                    );
                    Err(Failure::new(ErrorCode::KeyKind, sentence).into())
                }
            }
        })?;
        let [key] = <[VerifyingKey; 1]>::try_from(keys).map_err(|_| {
            let sentence = "several tokens match: name one by token, serial or slot-id";
            Error::new(ErrorCode::KeyAmbiguous, sentence)
        })?;
        Ok(key)
    }

    /// What the tokens hold that a URI means; without a PIN, what they show to everyone.
    ///
    /// A PIN is tried on one token alone: with one, the URI has to mean one token.
    ///
    /// # Errors
    /// `usage` and `io` for a module that is not there; `pin`; `key_kind` where no token matches;
    /// `key_ambiguous` for a PIN and several tokens; `key_unavailable`.
    pub fn list(&self, uri: &Uri) -> Result<Vec<TokenObject>, Error> {
        let has_pin = !matches!(self.pin, PinSource::None);
        let lists = self.seen(uri, has_pin, |session, uri, token| {
            let objects = objects::list(session, uri)?.into_iter();
            Ok(objects
                .map(|object| object.in_token(token))
                .collect::<Vec<_>>())
        })?;
        Ok(lists.into_iter().flatten().collect())
    }

    /// What a session sees, of the one token that a URI means or of each.
    fn seen<T: Send + 'static>(
        &self,
        uri: &Uri,
        is_one: bool,
        look: impl Fn(&cryptoki::session::Session, &Uri, &Token) -> Result<T, Stop> + Send + 'static,
    ) -> Result<Vec<T>, Error> {
        let wish = self.wish(uri);
        let who = format!("the token of {uri}");
        let seen = within(&who, self.patience, move || {
            let path = wish.uri.module_path().or(wish.module.as_deref());
            let module = Module::load(path, wish.initialisation.as_deref())?;
            let generation = module.join()?;
            let seen = module.call(generation, |module| {
                let mut tokens = match is_one {
                    true => Vec::new(),
                    false => Token::matching(module, &wish.uri)?,
                };
                if tokens.is_empty() {
                    tokens.push(Token::meant(module, &wish.uri)?);
                }
                let mut seen = Vec::new();
                for token in &tokens {
                    let session = token.session(module)?;
                    let looked = match wish.pin {
                        PinSource::None => Ok(()),
                        _ => token.log_in(module, &session, &wish.pin),
                    }
                    .and_then(|()| look(&session, &wish.uri, token));
                    session.close()?;
                    seen.push(looked?);
                }
                Ok(seen)
            });
            module.leave();
            seen.map_err(|stop| match stop {
                Stop::Failure(failure) => failure,
                Stop::Trouble(trouble) => Failure::unavailable(format!(
                    "the PKCS#11 module {} cannot be used ({trouble}): check that the token is \
                     there and that what the module speaks to is running",
                    module.name()
                )),
                Stop::Stale => {
                    Failure::unavailable("the module is being initialised anew: try again")
                }
            })
        })?;
        Ok(seen)
    }

    fn wish(&self, uri: &Uri) -> Wish {
        Wish {
            uri: uri.clone(),
            module: self.module.clone(),
            initialisation: self.initialisation.clone(),
            pin: self.pin.clone(),
            sessions: self.sessions,
            patience: self.patience,
        }
    }
}

impl Default for TokenOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TokenOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenOptions")
            .field("module", &self.module)
            .field("pin", &self.pin)
            .field("sessions", &self.sessions)
            .field("patience", &self.patience)
            .field("is_unblinded", &self.is_unblinded)
            .finish_non_exhaustive()
    }
}

/// A key that is in its token.
struct TokenKey {
    pool: Pool,
    /// k: the modulus' length in bytes.
    size: usize,
}

impl KeyHolder for TokenKey {
    fn raw_private(
        &self,
        operations: &[RawOperation<'_>],
        results: &mut [u8],
    ) -> Result<(), Error> {
        Ok(self.pool.compute(operations, self.size, results)?)
    }
}
