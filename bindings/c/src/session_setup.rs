//! What a session is made of, until it has begun.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowseal::Error;
use flowseal::api::{ApiConfig, PendingFlow, Session};
use flowseal::profile::{Profile, Trust};

use crate::budget::flowseal_budget;
use crate::edge::{call, take};
use crate::error::{Failure, flowseal_error};
use crate::lists::flowseal_trust;
use crate::profile::flowseal_profile;
use crate::session::flowseal_session;
use crate::setting::locked;
use crate::status::flowseal_status;

/// Uses long polling (v1): the API holds its answer back until the flow has changed. Before the
/// first poll only.
///
/// @param session The session.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v2, FLOWSEAL_STATUS_USAGE after
///     the first poll.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_long_polling(
    session: flowseal_session,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(session)), |(session,)| {
        set(&session, |setup| setup.long_polling = true)
    })
}

/// Gives up after this time, counted from the first poll. Before the first poll only.
///
/// @param session The session.
/// @param ms The time, a day at most: it is a length and no moment.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll, or for more than a
///     day.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_deadline_ms(
    session: flowseal_session,
    ms: u64,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(session), value(ms)), |(session, ms)| {
        let time = Some(length(ms)?);
        set(&session, |setup| setup.deadline = time)
    })
}

/// Takes a flow as expired when it is this old; 360 s unless given. Before the first poll only.
///
/// @param session The session.
/// @param ms The time, a day at most: it is a length and no moment.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll, or for more than a
///     day.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_lifetime_ms(
    session: flowseal_session,
    ms: u64,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(take!(error; handle(session), value(ms)), |(session, ms)| {
        let time = Some(length(ms)?);
        set(&session, |setup| setup.lifetime = time)
    })
}

/// Reads answers under a profile, which then has to be that of the verifier and the keys too.
/// Before the first poll only.
///
/// @param session The session.
/// @param profile The profile.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_profile(
    session: flowseal_session,
    profile: flowseal_profile,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(session), handle(profile)),
        |(session, profile)| set(&session, |setup| setup.profile = Some((*profile).clone())),
    )
}

/// What the flow at the end needs to be believed, FLOWSEAL_TRUST_SIGNED unless the profile of a
/// pending flow's session says otherwise: a flow that is to be received has to be asked for by
/// name. Before the first poll only.
///
/// @param session The session.
/// @param trust A number of `flowseal_trust`.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll, for another number,
///     and for FLOWSEAL_TRUST_RECEIVED of a session that is on no pending flow, or on one that is
///     not an identification; that speaks without TLS, but to loopback in the sandbox; or that
///     polls in place of pinging.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_trust(
    session: flowseal_session,
    trust: u32,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(session), value(trust)),
        |(session, trust)| {
            let trust = Some(flowseal_trust::core(trust)?);
            set(&session, |setup| setup.trust = trust)
        },
    )
}

/// Takes turns with the other sessions of an address. It is given last: nothing else can be set
/// after it. Before the first poll only.
///
/// @param session The session.
/// @param budget The budget, as it stands.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_RATE_LIMITED where so many share it that
///     another would not end in time, FLOWSEAL_STATUS_USAGE after the first poll, or where it has
///     one already.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_session_set_budget(
    session: flowseal_session,
    budget: flowseal_budget,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(session), handle(budget)),
        |(session, budget)| {
            let mut watched = locked(&session);
            watched.still_to_begin()?;
            watched.session = watched.setup.session()?.with_budget(&budget.value())?;
            watched.has_budget = true;
            Ok(())
        },
    )
}

/// A session, and what it is made of until it has begun.
pub struct Watched {
    setup: Setup,
    pub(crate) session: Session,
    /// It has been asked what to do: from then on it is as it is.
    pub(crate) begun: bool,
    /// It has its place in a budget, which is not taken twice.
    has_budget: bool,
}

impl Watched {
    pub(crate) fn of(setup: Setup) -> Result<Self, Error> {
        Ok(Self {
            session: setup.session()?,
            setup,
            begun: false,
            has_budget: false,
        })
    }
}

#[derive(Clone)]
pub(crate) struct Setup {
    config: Arc<ApiConfig>,
    subject: Subject,
    trust: Option<Trust>,
    long_polling: bool,
    pub(crate) stream: bool,
    deadline: Option<Duration>,
    lifetime: Option<Duration>,
    profile: Option<Profile>,
}

/// What is watched.
#[derive(Clone)]
pub(crate) enum Subject {
    Flow(String),
    Pending(Arc<PendingFlow>),
}

impl Setup {
    pub(crate) fn of(config: Arc<ApiConfig>, subject: Subject) -> Self {
        Self {
            config,
            subject,
            trust: None,
            long_polling: false,
            stream: false,
            deadline: None,
            lifetime: None,
            profile: None,
        }
    }

    fn session(&self) -> Result<Session, Error> {
        let setup = self
            .profile
            .clone()
            .map(flowseal::Setup::new)
            .unwrap_or_default();
        let config = Arc::clone(&self.config);
        let mut session = match &self.subject {
            Subject::Flow(flow) => setup.session(config, flow.as_str())?,
            Subject::Pending(pending) => setup.pending_session(pending, config)?,
        };
        if let Some(trust) = self.trust {
            session = session.with_trust(trust)?;
        }
        if self.long_polling {
            session = session.with_long_polling()?;
        }
        if self.stream {
            session = session.with_stream()?;
        }
        if let Some(after) = self.deadline {
            session = session.with_deadline(after);
        }
        if let Some(lifetime) = self.lifetime {
            session = session.with_lifetime(lifetime);
        }
        Ok(session)
    }
}

/// Makes the session anew, with another setup. One that cannot be made leaves the old one.
pub(crate) fn set(
    session: &Mutex<Watched>,
    change: impl FnOnce(&mut Setup),
) -> Result<(), Failure> {
    let mut watched = locked(session);
    watched.still_to_begin()?;
    let mut setup = watched.setup.clone();
    change(&mut setup);
    watched.session = setup.session()?;
    watched.setup = setup;
    Ok(())
}

impl Watched {
    fn still_to_begin(&self) -> Result<(), Failure> {
        let sentence = match (self.begun, self.has_budget) {
            (false, false) => return Ok(()),
            (true, _) => "the session has begun: set it up before the first poll",
            (false, true) => "the session has its place in a budget: give it that last",
        };
        Err(Failure::Said(flowseal_status::Usage, sentence))
    }
}

/// A session on a pending flow.
pub(crate) fn session_on(
    pending: Arc<PendingFlow>,
    config: Arc<ApiConfig>,
) -> Result<Mutex<Watched>, Error> {
    let setup = Setup::of(config, Subject::Pending(pending));
    Watched::of(setup).map(Mutex::new)
}

/// A length of time. What a clock shows, given by mistake, would be one that never ends.
fn length(milliseconds: u64) -> Result<Duration, Failure> {
    const DAY: Duration = Duration::from_secs(86_400);

    let length = Duration::from_millis(milliseconds);
    if length <= DAY {
        return Ok(length);
    }
    let sentence =
        "this is longer than a day: give a length of time in milliseconds, and no moment";
    Err(Failure::Said(flowseal_status::Usage, sentence))
}
