//! A module: the code of a token's maker, loaded once and kept, and when it may be called.

use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cryptoki::context::Pkcs11;
use cryptoki::error::RvError;
use flowseal::ErrorCode;

use crate::calls::Calls;
use crate::failure::{Failure, Stop};

/// A module that is loaded. It stays so until the process ends: modules have threads and exit
/// handlers of their own, whose code must not go away under them.
pub(crate) struct Module {
    path: PathBuf,
    text: Option<CString>,
    pub(crate) pkcs11: Pkcs11,
    pub(crate) calls: Calls,
    state: Mutex<State>,
    left: Condvar,
    /// Held by whoever logs in anywhere on this module, so that one thread at a time tries a PIN.
    login: Mutex<()>,
}

/// What the module was told, and by whom.
#[derive(Default)]
struct State {
    /// In which process it was initialised. A fork takes the memory along and not the right to use
    /// what stands in it.
    process: Option<u32>,
    /// Whether it was this crate that initialised it, and not another part of the program.
    ours: bool,
    /// Counts the initialisations: sessions of an earlier one are gone, and their numbers are
    /// others' now.
    generation: u64,
    /// Keys that are open.
    users: usize,
    /// Calls under way.
    inside: usize,
    /// Nobody may come in: the module is being initialised anew.
    closed: bool,
}

/// One initialisation of a module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Generation(u64);

static LOADED: Mutex<Vec<Arc<Module>>> = Mutex::new(Vec::new());

/// The name by which a system finds p11-kit's module, which leads to all that it is set up for.
const PROXY: &str = "p11-kit-proxy.so";

impl Module {
    /// The module of this file, or p11-kit's where none is named. Its code runs from here on.
    pub(crate) fn load(path: Option<&Path>, text: Option<&str>) -> Result<Arc<Self>, Failure> {
        let path = match path {
            // Which the loader would take for the program itself.
            Some(path) if path.as_os_str().is_empty() => {
                let sentence = "the name of the PKCS#11 module is empty: give the library that \
                                your token came with";
                return Err(Failure::new(ErrorCode::Usage, sentence));
            }
            // What is named without a directory is looked for where the system has libraries, and
            // not where this process happens to run, whose files others may have put there.
            Some(path) if path.parent() == Some(Path::new("")) => path.to_owned(),
            Some(path) => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            None => PathBuf::from(PROXY),
        };
        let mut loaded = held(&LOADED);
        if let Some(module) = loaded.iter().find(|module| module.path == path) {
            return Ok(Arc::clone(module));
        }
        let not_loaded = |why: String| match path == Path::new(PROXY) {
            true => Failure::new(
                ErrorCode::Usage,
                "no PKCS#11 module was named, and p11-kit's, which leads to the others, is not on \
                 this machine: name your token's as the module, or by module-path in the URI (to the \
                 command by --module or FLOWSEAL_PKCS11_MODULE)",
            ),
            false => Failure::new(
                ErrorCode::Io,
                format!(
                    "the PKCS#11 module {} cannot be loaded ({why}): give the library that your \
                     token came with",
                    path.display()
                ),
            ),
        };
        let pkcs11 = Pkcs11::new(&path).map_err(|error| not_loaded(error.to_string()))?;
        let calls = Calls::of(&path).map_err(|trouble| not_loaded(trouble.to_string()))?;
        // Under another name: it is initialised, and finalised, once.
        let is_it = |module: &&Arc<Self>| module.calls.is_of_one_module(&calls);
        if let Some(module) = loaded.iter().find(is_it) {
            return Ok(Arc::clone(module));
        }
        let text = text.map(CString::new).transpose().map_err(|_| {
            let sentence = "the text for the module's initialisation has a zero byte in it";
            Failure::new(ErrorCode::Usage, sentence)
        })?;
        let module = Arc::new(Self {
            path,
            text,
            pkcs11,
            calls,
            state: Mutex::default(),
            left: Condvar::new(),
            login: Mutex::default(),
        });
        loaded.push(Arc::clone(&module));
        Ok(module)
    }

    /// For sentences.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Begins to use the module, and initialises it where that has not been done in this process.
    pub(crate) fn join(&self) -> Result<Generation, Failure> {
        let mut state = held(&self.state);
        self.initialised(&mut state)?;
        state.users += 1;
        Ok(Generation(state.generation))
    }

    /// Ends what [`join`](Self::join) began. The last one finalises the module, if it was
    /// initialised here and nobody is inside.
    pub(crate) fn leave(&self) {
        let mut state = held(&self.state);
        state.users = state.users.saturating_sub(1);
        let here = state.process == Some(process::id());
        if state.users == 0 && state.ours && here && state.inside == 0 {
            self.calls.finalize(&self.pkcs11);
            state.process = None;
            state.ours = false;
        }
    }

    /// The generation that calls are made under now, by whoever has joined.
    pub(crate) fn generation(&self) -> Result<Generation, Failure> {
        let mut state = held(&self.state);
        self.initialised(&mut state)?;
        Ok(Generation(state.generation))
    }

    /// Calls the module, unless it is another one by now.
    pub(crate) fn call<T>(
        &self,
        generation: Generation,
        call: impl FnOnce(&Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let _inside = self.enter(generation)?;
        call(self)
    }

    fn enter(&self, generation: Generation) -> Result<Inside<'_>, Stop> {
        let mut state = held(&self.state);
        let is_current = state.generation == generation.0
            && state.process == Some(process::id())
            && !state.closed;
        if !is_current {
            return Err(Stop::Stale);
        }
        state.inside += 1;
        Ok(Inside(self))
    }

    /// Initialises the module anew: after a restart of what is behind it, all that it has is gone,
    /// and it says so to every call until then. Whoever asks says which generation is dead.
    pub(crate) fn restart(&self, dead: Generation, until: Instant) -> Result<(), Failure> {
        let mut state = held(&self.state);
        if state.generation != dead.0 {
            return Ok(());
        }
        if !state.ours {
            return Err(Failure::unavailable(format!(
                "{} has lost its tokens and has to be initialised anew, which is for the part of \
                 this program to do that initialised it: restart the program",
                self.name()
            )));
        }
        state.closed = true;
        while state.inside > 0 {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                state.closed = false;
                return Err(Failure::unavailable(format!(
                    "a call of {} does not return, and it cannot be initialised anew until it \
                     does: look after the token, or restart the program",
                    self.name()
                )));
            };
            let waited = self.left.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        self.calls.finalize(&self.pkcs11);
        state.process = None;
        state.ours = false;
        state.closed = false;
        self.initialised(&mut state)
    }

    /// Whoever holds this is the one thread that logs in.
    pub(crate) fn login_turn(&self) -> MutexGuard<'_, ()> {
        held(&self.login)
    }

    fn initialised(&self, state: &mut State) -> Result<(), Failure> {
        let process = process::id();
        if state.process == Some(process) {
            return Ok(());
        }
        let was_forked = state.process.is_some();
        match self.calls.initialize(&self.pkcs11, self.text.as_ref()) {
            Ok(()) => state.ours = true,
            Err(trouble) if !trouble.is(RvError::CryptokiAlreadyInitialized) => {
                return Err(Failure::unavailable(format!(
                    "the PKCS#11 module {} cannot be initialised ({trouble}): check its \
                     configuration, and that what it speaks to is running",
                    self.name()
                )));
            }
            // It has not noticed the fork: what it has are the sessions and the connections of the
            // parent, and a TPM takes what a child says over them for a wrong PIN.
            Err(_) if was_forked => {
                return Err(Failure::unavailable(format!(
                    "this process was forked from one that has {} open, which does not know it: \
                     open keys after the fork, or start the process anew instead of forking",
                    self.name()
                )));
            }
            Err(_) => state.ours = false,
        }
        state.process = Some(process);
        state.generation += 1;
        state.inside = 0;
        state.closed = false;
        if was_forked {
            state.users = 0;
        }
        Ok(())
    }
}

/// A call under way.
struct Inside<'a>(&'a Module);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut state = held(&self.0.state);
        state.inside = state.inside.saturating_sub(1);
        self.0.left.notify_all();
    }
}

/// A lock, whatever happened to the thread that had it: what it protects is changed in one step.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long to wait before what was not there is looked for again.
pub(crate) const PAUSE: Duration = Duration::from_millis(50);
