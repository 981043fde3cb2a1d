//! Which token a URI means, and the login to it.

use std::sync::Arc;

use cryptoki::context::Function;
use cryptoki::error::RvError;
use cryptoki::mechanism::MechanismType;
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::RawAuthPin;
use flowseal::{ErrorCode, SecretText};

use crate::calls::{Calls, Computing};
use crate::failure::{Failure, Stop, Trouble};
use crate::module::Module;
use crate::objects;
use crate::pins::{self, Panicked, PinSource, TokenName};
use crate::uri::Uri;

/// A session to be logged in: one of `cryptoki`'s, or one that computes, with its module's calls.
pub(crate) trait Door {
    fn is_logged_in(&self) -> bool;
    fn log_in(&self, user: UserType, pin: Option<&SecretText>) -> Result<(), Trouble>;
}

impl Door for Session {
    fn is_logged_in(&self) -> bool {
        let user = [SessionState::RoUser, SessionState::RwUser];
        self.get_session_info()
            .is_ok_and(|info| user.contains(&info.session_state()))
    }

    fn log_in(&self, user: UserType, pin: Option<&SecretText>) -> Result<(), Trouble> {
        Ok(match pin {
            // A copy, which is wiped.
            Some(pin) => {
                let bytes = pin.expose_secret().as_bytes().to_vec();
                self.login_with_raw(user, &RawAuthPin::new(Box::new(bytes)))
            }
            // The token has a place of its own to type it.
            None => self.login(user, None),
        }?)
    }
}

impl Door for (&Calls, &Computing) {
    fn is_logged_in(&self) -> bool {
        self.0.is_logged_in(self.1)
    }

    fn log_in(&self, user: UserType, pin: Option<&SecretText>) -> Result<(), Trouble> {
        self.0.log_in(self.1, user, pin)
    }
}

/// A token in its slot.
pub(crate) struct Token {
    pub(crate) slot: Slot,
    pub(crate) info: TokenInfo,
    pub(crate) name: TokenName,
}

impl Token {
    /// The tokens that are initialised and match.
    pub(crate) fn matching(module: &Module, uri: &Uri) -> Result<Vec<Self>, Stop> {
        let tokens = Self::all(module)?.into_iter();
        Ok(tokens.filter(|token| token.matches(uri)).collect())
    }

    /// The one token that a URI means.
    ///
    /// Where several match by themselves, it is the one that shows without a login that it holds
    /// what is meant: a PIN is tried on one token and on no other.
    pub(crate) fn meant(module: &Module, uri: &Uri) -> Result<Self, Stop> {
        let mut tokens = Self::matching(module, uri)?;
        if tokens.len() > 1 {
            let mut holding = Vec::new();
            for token in &tokens {
                let session = token.session(module)?;
                let holds = objects::any_shown(&session, uri);
                session.close()?;
                holding.push(holds?);
            }
            if holding.iter().filter(|holds| **holds).count() == 1 {
                let mut holding = holding.into_iter();
                tokens.retain(|_| holding.next().unwrap_or_default());
            }
        }
        match (tokens.pop(), tokens.is_empty()) {
            (Some(token), true) => Ok(token),
            (Some(last), false) => {
                tokens.push(last);
                Err(several(module, uri, &tokens).into())
            }
            (None, _) => Err(none(module, uri)?.into()),
        }
    }

    /// The token of this name, wherever it is now.
    pub(crate) fn named(module: &Module, uri: &Uri, name: &TokenName) -> Result<Self, Stop> {
        let tokens = Self::all(module)?;
        // p11-kit's client is initialised without a server, too, and has no slots from then on.
        let is_empty = tokens.is_empty();
        let mut named = tokens
            .into_iter()
            .filter(|token| token.name == *name && token.matches(uri));
        named.next().ok_or_else(|| {
            Stop::Trouble(match is_empty {
                true => Trouble::of(Function::GetSlotList, RvError::DeviceRemoved),
                false => Trouble::of(Function::GetTokenInfo, RvError::TokenNotPresent),
            })
        })
    }

    /// A session, which is closed by whoever opened it and not when it is dropped: after a fork
    /// nobody may.
    pub(crate) fn session(&self, module: &Module) -> Result<Session, Stop> {
        Ok(module.pkcs11.open_ro_session_no_drop(self.slot)?)
    }

    /// Whether a session has to be logged in before it sees private objects.
    pub(crate) fn asks_for_login(&self) -> bool {
        self.info.login_required()
    }

    /// Logs in, unless the token asks for none or some session of this process is logged in.
    ///
    /// One thread of a process does so at a time, and no PIN is tried that was refused: tokens
    /// count, and lock.
    pub(crate) fn log_in(
        &self,
        module: &Module,
        session: &dyn Door,
        pin: &PinSource,
    ) -> Result<(), Stop> {
        if !self.asks_for_login() {
            return Ok(());
        }
        let _turn = module.login_turn();
        if session.is_logged_in() {
            return Ok(());
        }
        self.try_pin(module, session, pin, UserType::User)
    }

    /// The login of the operation that was just begun, of a key that asks for one each time.
    ///
    /// One thread at a time makes it, however often the PIN was right before: it may have been
    /// changed since, and as many wrong ones at once as there are sessions would lock the token.
    pub(crate) fn log_in_for_operation(
        &self,
        module: &Module,
        session: &dyn Door,
        pin: &PinSource,
    ) -> Result<(), Stop> {
        let _turn = module.login_turn();
        self.try_pin(module, session, pin, UserType::ContextSpecific)
    }

    fn try_pin(
        &self,
        module: &Module,
        session: &dyn Door,
        pin: &PinSource,
        user: UserType,
    ) -> Result<(), Stop> {
        let pin = pin.pin(&self.name.label).map_err(|Panicked| {
            self.pin_refused("asks for a PIN, and what was to give it has panicked: mend that")
        })?;
        if pin.is_none() && !self.info.protected_authentication_path() {
            return Err(self
                .pin_refused("asks for a PIN and none was given: give its user's PIN (to the command by --pin-file)")
                .into());
        }
        if pin
            .as_ref()
            .is_some_and(|pin| pin.expose_secret().is_empty())
        {
            return Err(self
                .pin_refused("asks for a PIN and an empty one was given, which was not tried: tokens count wrong PINs, and lock. Give its user's PIN (--pin-file)")
                .into());
        }
        if self.now(module).user_pin_locked() {
            return Err(self.locked().into());
        }
        if pin
            .as_ref()
            .is_some_and(|pin| pins::was_refused(&self.name, pin))
        {
            return Err(self
                .pin_refused("has refused this PIN before, and it was not tried again: tokens count wrong PINs, and lock. Give the right one")
                .into());
        }
        match session.log_in(user, pin.as_deref()) {
            Ok(()) => Ok(()),
            Err(trouble) => self.not_logged_in(module, pin.as_ref(), user, trouble),
        }
    }

    fn not_logged_in(
        &self,
        module: &Module,
        pin: Option<&Arc<SecretText>>,
        user: UserType,
        trouble: Trouble,
    ) -> Result<(), Stop> {
        match trouble.code {
            Some(RvError::UserAlreadyLoggedIn) if matches!(user, UserType::User) => return Ok(()),
            Some(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange) => {}
            Some(RvError::PinLocked) => {}
            Some(RvError::PinExpired | RvError::UserPinNotInitialized) => {
                let sentence = format!("has no PIN to log in with ({trouble}): set the user's PIN");
                return Err(self.pin_refused(&sentence).into());
            }
            _ => return Err(trouble.into()),
        }
        if let Some(pin) = pin {
            pins::remember_refused(&self.name, pin);
        }
        if trouble.is(RvError::PinLocked) {
            return Err(self.locked().into());
        }
        let info = self.now(module);
        let warning = match (
            info.user_pin_locked(),
            info.user_pin_final_try(),
            info.user_pin_count_low(),
        ) {
            (true, _, _) => ", and it is locked now",
            (_, true, _) => ", and one more wrong one locks it",
            (_, _, true) => ", and it counts them",
            _ => "",
        };
        let sentence =
            format!("refused the PIN ({trouble}){warning}: it was tried once; give the right one");
        Err(self.pin_refused(&sentence).into())
    }

    fn locked(&self) -> Failure {
        self.pin_refused(
            "is locked after wrong PINs: unlock it with its security officer's PIN, or wait if it \
             unlocks by itself",
        )
    }

    fn pin_refused(&self, what: &str) -> Failure {
        Failure::new(ErrorCode::Pin, format!("{self} {what}"))
    }

    /// What the token says of itself now, or said when it was found.
    fn now(&self, module: &Module) -> TokenInfo {
        let info = module.pkcs11.get_token_info(self.slot);
        info.unwrap_or_else(|_| self.info.clone())
    }

    /// Refuses a token that cannot give the raw result of RSA.
    pub(crate) fn check_mechanism(&self, module: &Module) -> Result<(), Stop> {
        let mechanisms = module.pkcs11.get_mechanism_list(self.slot)?;
        let raw = MechanismType::RSA_X_509;
        if mechanisms.contains(&raw) && module.pkcs11.get_mechanism_info(self.slot, raw)?.decrypt()
        {
            return Ok(());
        }
        let rsa: Vec<_> = mechanisms
            .iter()
            .map(ToString::to_string)
            .filter(|name| name.contains("RSA"))
            .collect();
        let has = match rsa.as_slice() {
            [] => "no RSA at all".to_owned(),
            some => some.join(", "),
        };
        Err(Failure::unavailable(format!(
            "{self} does not decrypt with CKM_RSA_X_509, which is the one mechanism whose result \
             can be checked and judged alike for all claims; it has {has}: allow that mechanism, \
             or use another token"
        ))
        .into())
    }

    fn all(module: &Module) -> Result<Vec<Self>, Stop> {
        let mut tokens = Vec::new();
        for slot in module.pkcs11.get_slots_with_token()? {
            // It may be pulled out between the two calls.
            let info = match module.pkcs11.get_token_info(slot).map_err(Trouble::from) {
                Ok(info) => info,
                Err(trouble)
                    if trouble.is(RvError::TokenNotPresent)
                        || trouble.is(RvError::TokenNotRecognized)
                        || trouble.is(RvError::SlotIdInvalid) =>
                {
                    continue;
                }
                Err(trouble) => return Err(trouble.into()),
            };
            if info.token_initialized() {
                let name = TokenName {
                    module: module.name(),
                    label: info.label().to_owned(),
                    serial: info.serial_number().to_owned(),
                };
                tokens.push(Self { slot, info, name });
            }
        }
        Ok(tokens)
    }

    fn matches(&self, uri: &Uri) -> bool {
        let is =
            |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|asked| asked == own);
        is(&uri.token, self.info.label())
            && is(&uri.serial, self.info.serial_number())
            && is(&uri.manufacturer, self.info.manufacturer_id())
            && is(&uri.model, self.info.model())
            && uri.slot_id.is_none_or(|id| id == self.slot.id())
    }
}

/// As its name is shown.
impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.name, f)
    }
}

/// A label as a sentence has it: quoted, escaped, and short.
pub(crate) fn shown(label: &str) -> String {
    const LONG: usize = 64;

    let short: String = label.chars().take(LONG).collect();
    let more = if short.len() < label.len() { "…" } else { "" };
    format!("{short:?}{more}")
}

fn none(module: &Module, uri: &Uri) -> Result<Failure, Stop> {
    let all = Token::all(module)?;
    let (has, advice) = match all.as_slice() {
        [] => (
            "no token at all".to_owned(),
            "check that the token is there, that the module is the one that leads to it, and, of \
             p11-kit's client, that its server listens at P11_KIT_SERVER_ADDRESS",
        ),
        some => (
            listed(some),
            "name one of them, or give the module that leads to yours",
        ),
    };
    let name = module.name();
    Ok(Failure::new(
        ErrorCode::KeyKind,
        format!("no token matches {uri}; {name} has {has}: {advice}"),
    ))
}

fn several(module: &Module, uri: &Uri, tokens: &[Token]) -> Failure {
    Failure::new(
        ErrorCode::KeyAmbiguous,
        format!(
            "several tokens of {} match {uri}, and a PIN is tried on one alone: name one of {} by \
             token, serial or slot-id",
            module.name(),
            listed(tokens)
        ),
    )
}

fn listed(tokens: &[Token]) -> String {
    let one = |token: &Token| {
        let (label, slot) = (shown(&token.name.label), token.slot.id());
        format!(
            "{label} (serial {}, slot-id {slot})",
            shown(&token.name.serial)
        )
    };
    let some: Vec<_> = tokens.iter().take(8).map(one).collect();
    let more = if tokens.len() > some.len() {
        " and more"
    } else {
        ""
    };
    format!("{}{more}", some.join(", "))
}
