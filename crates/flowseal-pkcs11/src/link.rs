//! The way to one key: found, logged in, kept, and found again when it was lost.

use std::sync::Arc;
use std::time::Instant;

use cryptoki::error::RvError;
use cryptoki::object::{Attribute, ObjectHandle};
use cryptoki::session::{Session, SessionState};

use crate::failure::{Failure, Stop, Trouble};
use crate::key::Wish;
use crate::module::{Generation, Module, PAUSE};
use crate::objects::{self, PublicHalf};
use crate::pins::TokenName;
use crate::token::Token;

/// What is known of the way to a key. One thread at a time walks it.
#[derive(Default)]
pub(crate) struct Link {
    module: Option<Arc<Module>>,
    /// The token and the key that were found first: no other takes their place.
    found: Option<Found>,
    open: Option<Open>,
    /// Something went wrong since; it is looked at before it is used again.
    is_suspect: bool,
    /// Whether copies of the key compute, once that is known.
    copies_work: Option<bool>,
}

/// Which key this is.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) token: TokenName,
    pub(crate) public: PublicHalf,
}

/// A token that is there, in one initialisation of its module.
struct Open {
    generation: Generation,
    token: Arc<Token>,
    /// Computes nothing. It keeps the token logged in while other sessions come and go: with the
    /// last session of a process the login goes, and handles change.
    anchor: Session,
    handle: ObjectHandle,
    asks_each_time: bool,
}

/// A session that computes, of one thread.
pub(crate) struct Own {
    pub(crate) module: Arc<Module>,
    pub(crate) generation: Generation,
    pub(crate) token: Arc<Token>,
    pub(crate) session: Session,
    pub(crate) handle: ObjectHandle,
    pub(crate) asks_each_time: bool,
    pub(crate) is_copy: bool,
}

impl Own {
    /// Whether it is of the module's present initialisation.
    pub(crate) fn is_current(&self) -> bool {
        self.module
            .generation()
            .is_ok_and(|now| now == self.generation)
    }

    /// Closes the session, if it still is one.
    pub(crate) fn close(self) {
        close(&self.module, self.generation, self.session);
    }
}

impl Link {
    /// Finds the key, or makes sure that it is still there.
    pub(crate) fn find(&mut self, wish: &Wish) -> Result<Found, Failure> {
        self.ready(wish, Instant::now() + wish.patience / 2)?;
        self.found
            .clone()
            .ok_or_else(|| Failure::unavailable("the key was not found"))
    }

    /// A session for a thread of its own.
    ///
    /// `Ok(None)` where the token has no more of them.
    pub(crate) fn session(&mut self, wish: &Wish) -> Result<Option<Own>, Failure> {
        let until = Instant::now() + wish.patience / 2;
        self.ready(wish, until)?;
        match self.new_session() {
            Err(Stop::Trouble(trouble)) if trouble.is(RvError::SessionCount) => return Ok(None),
            Err(Stop::Failure(failure)) => return Err(failure),
            Ok(own) => return Ok(Some(own)),
            // Gone since it was looked at.
            Err(_) => self.is_suspect = true,
        }
        self.ready(wish, until)?;
        match self.new_session() {
            Ok(own) => Ok(Some(own)),
            Err(Stop::Trouble(trouble)) if trouble.is(RvError::SessionCount) => Ok(None),
            Err(stop) => Err(self.unavailable(stop)),
        }
    }

    /// Something went wrong: with a copy of the key, perhaps because it is one.
    pub(crate) fn suspect(&mut self, was_copy: bool) {
        self.is_suspect = true;
        if was_copy {
            self.copies_work.get_or_insert(false);
        }
    }

    /// A copy has computed.
    pub(crate) fn copies_work(&mut self) {
        self.copies_work = Some(true);
    }

    /// Computes in the one session that a token has.
    pub(crate) fn with_anchor<T>(
        &mut self,
        compute: impl FnOnce(&Arc<Module>, Generation, &Arc<Token>, &Session, ObjectHandle, bool) -> T,
    ) -> Option<T> {
        let (module, open) = (self.module.as_ref()?, self.open.as_ref()?);
        let (session, handle) = (&open.anchor, open.handle);
        Some(compute(
            module,
            open.generation,
            &open.token,
            session,
            handle,
            open.asks_each_time,
        ))
    }

    /// Ends it all.
    pub(crate) fn close(&mut self) {
        let Some(module) = self.module.take() else {
            return;
        };
        if let Some(open) = self.open.take() {
            close(&module, open.generation, open.anchor);
        }
        module.leave();
    }

    fn ready(&mut self, wish: &Wish, until: Instant) -> Result<(), Failure> {
        let module = match &self.module {
            Some(module) => Arc::clone(module),
            None => {
                let path = wish.uri.module_path().or(wish.module.as_deref());
                let module = Module::load(path, wish.initialisation.as_deref())?;
                module.join()?;
                self.module = Some(Arc::clone(&module));
                module
            }
        };
        let mut generation = module.generation()?;
        if self.is_there(&module, generation, wish) {
            return Ok(());
        }
        if let Some(open) = self.open.take() {
            close(&module, open.generation, open.anchor);
        }

        // A token that was pulled out, or a server that is being restarted, is waited for.
        loop {
            let stop = match self.establish(&module, generation, wish) {
                Ok(open) => {
                    self.open = Some(open);
                    self.is_suspect = false;
                    return Ok(());
                }
                Err(Stop::Failure(failure)) => return Err(failure),
                Err(stop) => stop,
            };
            if let Stop::Trouble(trouble) = &stop {
                let is_dead = is_dead(trouble);
                let may_return = is_dead || trouble.is(RvError::TokenNotPresent);
                if !may_return || Instant::now() >= until {
                    return Err(self.unavailable(stop));
                }
                if is_dead {
                    module.restart(generation, until)?;
                }
                std::thread::sleep(PAUSE);
            }
            generation = module.generation()?;
        }
    }

    /// Whether the anchor holds.
    fn is_there(&mut self, module: &Module, generation: Generation, wish: &Wish) -> bool {
        let Some(open) = self
            .open
            .as_ref()
            .filter(|open| open.generation == generation)
        else {
            return false;
        };
        if !self.is_suspect {
            return true;
        }
        let holds = module.call(generation, |module| {
            let state = open.anchor.get_session_info()?.session_state();
            let is_in = matches!(state, SessionState::RoUser | SessionState::RwUser);
            if !is_in {
                open.token.log_in(module, &open.anchor, &wish.pin)?;
            }
            Ok(is_in || !open.token.asks_for_login())
        });
        self.is_suspect = !holds.is_ok_and(|holds| holds);
        !self.is_suspect
    }

    fn establish(
        &mut self,
        module: &Arc<Module>,
        generation: Generation,
        wish: &Wish,
    ) -> Result<Open, Stop> {
        let known = self.found.clone();
        let (open, public) = module.call(generation, |module| {
            let token = match &known {
                None => Token::meant(module, &wish.uri)?,
                Some(known) => Token::named(module, &wish.uri, &known.token)?,
            };
            token.check_mechanism(module)?;
            let anchor = token.session(module)?;
            let found = token
                .log_in(module, &anchor, &wish.pin)
                .and_then(|()| objects::private_key(&token, &anchor, &wish.uri));
            let private = match found {
                Ok(private) => private,
                Err(stop) => {
                    let _ = anchor.close();
                    return Err(stop);
                }
            };
            let open = Open {
                generation,
                token: Arc::new(token),
                anchor,
                handle: private.handle,
                asks_each_time: private.asks_each_time,
            };
            Ok((open, private.public))
        })?;
        if known
            .as_ref()
            .is_some_and(|known| !known.public.is_of(&public.modulus))
        {
            let sentence = format!("{} has another key there now: load it anew", open.token);
            close(module, generation, open.anchor);
            return Err(Failure::unavailable(sentence).into());
        }
        self.found.get_or_insert(Found {
            token: open.token.name.clone(),
            public,
        });
        Ok(open)
    }

    fn new_session(&mut self) -> Result<Own, Stop> {
        let (module, open) = match (&self.module, &self.open) {
            (Some(module), Some(open)) => (Arc::clone(module), open),
            _ => return Err(Stop::Stale),
        };
        // A login for each operation is of the key itself.
        let may_copy = self.copies_work != Some(false) && !open.asks_each_time;
        let (session, copy) = module.call(open.generation, |module| {
            let session = open.token.session(module)?;
            // A key that stands in a file, as NSS's do, is decrypted for every operation; a copy in
            // the session is not. Where the token allows none, the key itself will do.
            let copy = match may_copy {
                true => session
                    .copy_object(open.handle, &[Attribute::Token(false)])
                    .ok(),
                false => None,
            };
            Ok((session, copy))
        })?;
        Ok(Own {
            generation: open.generation,
            token: Arc::clone(&open.token),
            session,
            handle: copy.unwrap_or(open.handle),
            asks_each_time: open.asks_each_time,
            is_copy: copy.is_some(),
            module,
        })
    }

    /// The sentence for a way that does not lead to the key.
    fn unavailable(&self, stop: Stop) -> Failure {
        let what = match stop {
            Stop::Failure(failure) => return failure,
            Stop::Trouble(trouble) => trouble.to_string(),
            Stop::Stale => "it is being initialised anew".to_owned(),
        };
        let module = self
            .module
            .as_ref()
            .map(|module| module.name())
            .unwrap_or_default();
        let who = match &self.found {
            Some(found) => format!(
                "the token {} ({module})",
                crate::token::shown(&found.token.label)
            ),
            None => format!("the PKCS#11 module {module}"),
        };
        Failure::unavailable(format!(
            "{who} cannot be used ({what}): check that the token is there and that what the module \
             speaks to is running"
        ))
    }
}

/// What modules say when all that they had is gone, and they have to be initialised anew.
fn is_dead(trouble: &Trouble) -> bool {
    matches!(
        trouble.code,
        Some(
            RvError::CryptokiNotInitialized
                | RvError::DeviceError
                | RvError::DeviceRemoved
                | RvError::FunctionFailed
                | RvError::GeneralError
        )
    )
}

fn close(module: &Module, generation: Generation, session: Session) {
    // A session that is gone already, or a parent's, is let go without a word.
    let _ = module.call(generation, |_| Ok(session.close()?));
}
