//! What `open` and `verify` ask of a flow before they believe it.

use flowseal::profile::Profile;
use flowseal::{
    DetachedStatement, Expectations, Flow, Refused, UnixTime, Verification, VerifiedFlow, Verifier,
};

use crate::args::{Expected, Rules};
use crate::failure::Failure;
use crate::{clock, input, output};

/// Expectations, the moment, and the signed bytes where they come apart from the flow.
pub(super) struct Question {
    pub(super) expectations: Expectations,
    pub(super) now: UnixTime,
    detached: Option<DetachedStatement>,
}

impl Question {
    pub(super) fn read(
        rules: &Rules,
        expected: &Expected,
        profile: Option<&Profile>,
    ) -> Result<Self, Failure> {
        let detached = rules.statement.as_deref().map(|path| {
            let bytes = input::statement(path, profile)?;
            Ok::<_, Failure>(DetachedStatement::new(&bytes, &rules.covers))
        });
        let expectations = expected.expectations();
        output::warn(expectations.warnings());
        Ok(Self {
            expectations,
            now: clock::now(expected.now)?,
            detached: detached.transpose()?,
        })
    }

    pub(super) fn put(self, flow: Flow, verifier: &Verifier) -> Result<VerifiedFlow, Refused> {
        let verification = Verification::of(flow, &self.expectations);
        let verification = match self.detached {
            Some(statement) => verification.with_detached(statement),
            None => verification,
        };
        verification.verify(verifier, self.now)
    }
}
