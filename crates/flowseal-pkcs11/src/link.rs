//! The way to one key: found, logged in, kept, and found again when it was lost.

use std::sync::Arc;
use std::time::Instant;

use cryptoki::context::Function;
use cryptoki::error::RvError;
use cryptoki::object::{Attribute, ObjectHandle};
use cryptoki::session::{Session, SessionState};

use crate::calls::{Computing, KeyHandle};
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
    /// The token that is meant, for sentences until then.
    meant: Option<TokenName>,
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
    /// How the key is found once more, where what computes has sessions of its own.
    likeness: Option<Vec<Attribute>>,
    asks_each_time: bool,
}

/// A session that computes, of one thread.
pub(crate) struct Own {
    pub(crate) module: Arc<Module>,
    pub(crate) generation: Generation,
    pub(crate) token: Arc<Token>,
    pub(crate) session: Computing,
    pub(crate) handle: KeyHandle,
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
        // A parent's is let go without a word.
        let _ = self.module.call(self.generation, |module| {
            module.calls.close(self.session);
            Ok(())
        });
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
        match self.new_session(wish) {
            Err(Stop::Trouble(trouble)) if trouble.is(RvError::SessionCount) => return Ok(None),
            Err(Stop::Failure(failure)) => return Err(failure),
            Ok(own) => return Ok(Some(own)),
            Err(stop) => self.gone(&stop, until)?,
        }
        self.ready(wish, until)?;
        match self.new_session(wish) {
            Ok(own) => Ok(Some(own)),
            Err(Stop::Trouble(trouble)) if trouble.is(RvError::SessionCount) => Ok(None),
            Err(stop) => Err(self.unavailable(stop)),
        }
    }

    /// The token is gone since it was looked at. Where what computes has a connection of its own,
    /// that one can be gone alone.
    fn gone(&mut self, stop: &Stop, until: Instant) -> Result<(), Failure> {
        self.is_suspect = true;
        match (stop, &self.module, &self.open) {
            (Stop::Trouble(trouble), Some(module), Some(open))
                if module.calls.is_apart() && is_dead(trouble) =>
            {
                module.restart(open.generation, until)
            }
            _ => Ok(()),
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
        compute: impl FnOnce(&Arc<Module>, Generation, &Arc<Token>, &Computing, KeyHandle, bool) -> T,
    ) -> Result<Option<T>, Failure> {
        let (Some(module), Some(open)) = (&self.module, &self.open) else {
            return Ok(None);
        };
        let Some(session) = module.calls.shared(&open.anchor) else {
            let code = Trouble::of(Function::OpenSession, RvError::SessionCount);
            return Err(self.unavailable(code.into()));
        };
        Ok(Some(compute(
            module,
            open.generation,
            &open.token,
            &session,
            KeyHandle::of(open.handle),
            open.asks_each_time,
        )))
    }

    /// An operation has failed in the one session that there is: it is closed as any other would
    /// be, and with it the login goes.
    pub(crate) fn drop_anchor(&mut self) {
        if let (Some(module), Some(open)) = (&self.module, self.open.take()) {
            close(module, open.generation, open.anchor);
        }
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
            let (is_dead, may_return) = match &stop {
                Stop::Trouble(trouble) => {
                    let is_dead = is_dead(trouble);
                    (is_dead, is_dead || trouble.is(RvError::TokenNotPresent))
                }
                // Another key's thread initialises the module anew.
                _ => (false, true),
            };
            if !may_return || Instant::now() >= until {
                return Err(self.unavailable(stop));
            }
            if is_dead {
                module.restart(generation, until)?;
            }
            std::thread::sleep(PAUSE);
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
        let meant = &mut self.meant;
        let (open, public) = module.call(generation, |module| {
            let token = match &known {
                None => Token::meant(module, &wish.uri)?,
                Some(known) => Token::named(module, &wish.uri, &known.token)?,
            };
            *meant = Some(token.name.clone());
            token.check_mechanism(module)?;
            let anchor = token.session(module)?;
            let found = token
                .log_in(module, &anchor, &wish.pin)
                .and_then(|()| objects::private_key(&token, &anchor, &wish.uri));
            let found = found.and_then(|private| {
                let likeness = match module.calls.is_apart() {
                    true => Some(objects::likeness(&anchor, private.handle)?),
                    false => None,
                };
                Ok((private, likeness))
            });
            let (private, likeness) = match found {
                Ok(found) => found,
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
                likeness,
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

    fn new_session(&mut self, wish: &Wish) -> Result<Own, Stop> {
        let (module, open) = match (&self.module, &self.open) {
            (Some(module), Some(open)) => (Arc::clone(module), open),
            _ => return Err(Stop::Stale),
        };
        // A login for each operation is of the key itself.
        let may_copy = self.copies_work != Some(false) && !open.asks_each_time;
        let (session, key, copy) = module.call(open.generation, |module| {
            let (calls, name) = (&module.calls, &open.token.name);
            let session = calls.open(open.token.slot, &name.label, &name.serial)?;
            let key = match &open.likeness {
                None => Ok(KeyHandle::of(open.handle)),
                Some(likeness) => open
                    .token
                    .log_in(module, &(calls, &session), &wish.pin)
                    .and_then(|()| Ok(calls.find(&session, likeness)?)),
            };
            match key {
                Ok(key) => {
                    // A key that stands in a file, as NSS's do, is decrypted for every operation; a
                    // copy in the session is not. Where the token allows none, the key itself will
                    // do.
                    let copy = may_copy.then(|| calls.copy(&session, key)).flatten();
                    Ok((session, key, copy))
                }
                Err(stop) => {
                    calls.close(session);
                    Err(stop)
                }
            }
        })?;
        Ok(Own {
            generation: open.generation,
            token: Arc::clone(&open.token),
            session,
            handle: copy.unwrap_or(key),
            asks_each_time: open.asks_each_time,
            is_copy: copy.is_some(),
            module,
        })
    }

    /// The sentence for a way that does not lead to the key.
    fn unavailable(&self, stop: Stop) -> Failure {
        let (what, code) = match stop {
            Stop::Failure(failure) => return failure,
            Stop::Trouble(trouble) => (trouble.to_string(), trouble.code),
            Stop::Stale => ("it is being initialised anew".to_owned(), None),
        };
        let who = match (&self.meant, &self.module) {
            (Some(meant), _) => meant.to_string(),
            (None, Some(module)) => format!("the PKCS#11 module {}", module.name()),
            (None, None) => "the PKCS#11 module".to_owned(),
        };
        let advice = match code {
            Some(RvError::SessionCount) => {
                "it has no session left: end another program that uses it, or close other keys"
            }
            _ => "check that the token is there and that what the module speaks to is running",
        };
        Failure::unavailable(format!("{who} cannot be used ({what}): {advice}"))
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
