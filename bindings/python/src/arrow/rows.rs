//! From flows to rows: verified, opened, or refused with a code.

use std::sync::Arc;

use flowseal::profile::Profile;
use flowseal::{
    Error, ErrorCode, Expectations, Flow, KeyRing, OpenOptions, OpenedClaims, UnixTime,
    Verification, Verifier, open_many, open_many_unverified,
};

use super::cells::Cell;
use crate::errors::{Failure, interrupt};

/// What a row ends in.
pub(super) struct Row {
    /// Whether the flow was verified, whatever became of its claims.
    pub(super) verified: bool,
    /// Its claims, or the code that says why there are none.
    pub(super) claims: Result<OpenedClaims, ErrorCode>,
}

/// What is the same for every flow.
pub(super) struct Job<'a> {
    /// `None` where the caller has said that flows are not to be verified.
    pub(super) verifier: Option<Verifier>,
    pub(super) expectations: &'a Expectations,
    pub(super) now: UnixTime,
    pub(super) ring: Arc<KeyRing>,
    pub(super) options: OpenOptions,
    pub(super) profile: Option<&'a Profile>,
}

impl Job<'_> {
    /// Opens the flows that there are, together; one row for each cell, in order. An error is what
    /// stops them all.
    pub(super) fn open(&self, cells: Vec<Cell>) -> Result<Vec<Row>, Failure> {
        let mut rows: Vec<Row> = Vec::with_capacity(cells.len());
        let mut flows = Vec::new();
        for cell in cells {
            match cell {
                Ok(flow) => {
                    flows.push((rows.len(), flow));
                    // Keeps the place, and claims nothing until there is an answer.
                    rows.push(Row::refused(ErrorCode::NotVerified));
                }
                Err(code) => rows.push(Row::refused(code)),
            }
        }
        let (places, flows): (Vec<_>, Vec<_>) = flows.into_iter().unzip();
        let opened = match &self.verifier {
            Some(verifier) => self.verified(verifier, flows),
            None => self.unverified(&flows),
        }?;
        for (place, opened) in places.into_iter().zip(opened) {
            if let Some(row) = rows.get_mut(place) {
                *row = opened;
            }
        }
        Ok(rows)
    }

    fn verified(&self, verifier: &Verifier, flows: Vec<Flow>) -> Result<Vec<Row>, Failure> {
        let flows = flows.into_iter();
        let batch = flows.map(|flow| Verification::of(flow, self.expectations));
        let verified = verifier.verify_many(batch, self.now);

        let sound: Vec<_> = verified.iter().flatten().collect();
        let mut opened = open_many(&sound, &self.ring, &self.options).into_iter();
        let results = verified.into_iter().filter_map(|flow| match flow {
            Ok(_) => opened.next().map(|opened| Row::of(true, opened)),
            Err(refused) => Some(Ok(Row::refused(Error::from(refused).code()))),
        });
        results.collect()
    }

    fn unverified(&self, flows: &[Flow]) -> Result<Vec<Row>, Failure> {
        let flows: Vec<_> = flows.iter().collect();
        let opened = open_many_unverified(
            &flows,
            &self.ring,
            self.expectations,
            self.now,
            &self.options,
        );
        let rows = opened.into_iter().map(|opened| Row::of(false, opened));
        rows.collect()
    }
}

impl Row {
    fn of(verified: bool, opened: Result<OpenedClaims, Error>) -> Result<Self, Failure> {
        if let Some(raised) = opened.as_ref().err().and_then(interrupt) {
            return Err(raised.into());
        }
        Ok(Self {
            verified,
            claims: opened.map_err(|error| error.code()),
        })
    }

    fn refused(code: ErrorCode) -> Self {
        Self {
            verified: false,
            claims: Err(code),
        }
    }
}
