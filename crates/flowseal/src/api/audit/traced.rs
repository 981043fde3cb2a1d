//! Events for whoever listens to `tracing`.

use core::time::Duration;

use super::{AuditEvent, AuditOutcome};

impl AuditEvent {
    /// Gives the event to `tracing`, to be kept by whatever listens there: target
    /// `flowseal::audit`, at `WARN` where something failed or is refused and at `INFO` else, with
    /// the members of [`to_json`](Self::to_json) as its fields.
    pub fn trace(&self) {
        let seconds = |span: Option<Duration>| span.map(|span| span.as_secs());
        macro_rules! give {
            ($level:ident) => {
                ::tracing::event!(
                    target: "flowseal::audit",
                    ::tracing::Level::$level,
                    event = self.kind().as_str(),
                    at = self.at().seconds(),
                    outcome = self.outcome().as_str(),
                    code = self.code().map(|code| code.as_str()),
                    check = self.check().map(|check| check.as_str()),
                    // It comes from outside, and a terminal acts upon control characters.
                    flow = self.flow().map(|flow| flow.escape_debug().to_string()),
                    method = self.method(),
                    action = self.action(),
                    device = self.device(),
                    trust = self.trust().map(|trust| trust.name()),
                    person = self.person(),
                    age_s = seconds(self.age()),
                    response_s = seconds(self.response()),
                    took_ms = self.took().map(|took| took.as_millis()),
                    "audit"
                )
            };
        }
        match self.outcome() {
            AuditOutcome::Done | AuditOutcome::Ended => give!(INFO),
            AuditOutcome::Failed | AuditOutcome::Refused => give!(WARN),
        }
    }
}
