//! `flowseal seal`: the answer to a ping as if a person had approved, for tests.

use flowseal::testkit::FlowBuilder;
use flowseal::{Mode, UnixTime};

use crate::args::{Content, Seal};
use crate::failure::Failure;
use crate::input::SecretFile;
use crate::{clock, input, keys, output, persona};

pub(super) fn run(arguments: &Seal) -> Result<(), Failure> {
    let (iat, signed_at) = times(clock::now(arguments.now)?);
    let flow = FlowBuilder::new(&arguments.reference)
        .requester(&arguments.requester)
        .mode(Mode::from_name(&arguments.mode))
        .times(iat, signed_at);
    let flow = with_claims(flow, &arguments.content)?;
    let flow = match &arguments.requestee {
        Some(requestee) => flow.requestee(requestee),
        None => flow,
    };
    let flow = match input::profile(arguments.profile.as_deref())? {
        Some(profile) => flow.profile(&profile),
        None => flow,
    };

    let app = keys::sealing(&arguments.to)?;
    let user = keys::signing(&arguments.sign_with)?;
    let sealed = flow.seal(&app, &user)?;
    output::print(|out| writeln!(out, "{}", sealed.to_json()))
}

/// The person signs now, a minute after the flow was started.
pub(super) fn times(now: UnixTime) -> (i64, i64) {
    // A moment is below 10¹¹ seconds.
    let now = i64::try_from(now.seconds()).unwrap_or_default();
    ((now - 60).max(0), now)
}

fn with_claims(flow: FlowBuilder, content: &Content) -> Result<FlowBuilder, Failure> {
    if let Some(path) = &content.claims {
        let file = SecretFile::read(path)?;
        return flow
            .claims(file.bytes())
            .map_err(|error| Failure::from(error).about(path));
    }
    let name = content.persona.as_deref().unwrap_or_default();
    let persona = persona::named(name)?;
    Ok(flow.persona(persona))
}
