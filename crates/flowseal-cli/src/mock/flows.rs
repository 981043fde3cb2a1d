//! The flows that have begun, and how far each has come.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::OnceCell;

use super::scenario::{Ending, Scenario};

/// As many flows as are remembered; a server that ran for days would otherwise take all memory.
const MOST: usize = 10_000;

/// Every flow by its identifier.
#[derive(Default)]
pub(super) struct Flows {
    by_reference: HashMap<String, Flow>,
    /// The identifiers, oldest first.
    order: VecDeque<String>,
}

/// One flow.
#[derive(Clone)]
pub(super) struct Flow {
    pub(super) reference: String,
    pub(super) requester: String,
    /// When it began, in Unix seconds.
    pub(super) iat: i64,
    begun: Instant,
    /// How many requests were about it.
    requests: u32,
    is_cancelled: bool,
    /// The answer once the person has approved. It is made once, however many ask at the same time,
    /// so that sealing costs the same under load and every ping has the same ciphertexts.
    pub(super) sealed: Arc<OnceCell<String>>,
}

/// How far a flow has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stage {
    Pending,
    OnSession,
    Approved,
    Cancelled,
    Expired,
}

impl Flows {
    /// The flow of this identifier, which begins now if it is not known.
    pub(super) fn begin(&mut self, reference: &str, requester: &str, now: i64) -> &mut Flow {
        if !self.by_reference.contains_key(reference) {
            if self.order.len() >= MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.by_reference.remove(&oldest);
            }
            self.order.push_back(reference.to_owned());
        }
        self.by_reference
            .entry(reference.to_owned())
            .or_insert_with(|| Flow {
                reference: reference.to_owned(),
                requester: requester.to_owned(),
                iat: now,
                begun: Instant::now(),
                requests: 0,
                is_cancelled: false,
                sealed: Arc::default(),
            })
    }
}

impl Flow {
    /// Counts a request, and gives its number.
    pub(super) fn count(&mut self) -> u32 {
        self.requests = self.requests.saturating_add(1);
        self.requests
    }

    /// Voids it, unless it has ended.
    pub(super) fn cancel(&mut self, scenario: Scenario) {
        let is_open = matches!(self.stage(scenario), Stage::Pending | Stage::OnSession);
        self.is_cancelled |= is_open;
    }

    pub(super) fn stage(&self, scenario: Scenario) -> Stage {
        let since = self.begun.elapsed();
        if self.is_cancelled {
            Stage::Cancelled
        } else if since < scenario.picked_up() {
            Stage::Pending
        } else if since < scenario.ends() {
            Stage::OnSession
        } else {
            match scenario.ending() {
                Ending::Approved | Ending::ApprovedInPart => Stage::Approved,
                Ending::Cancelled => Stage::Cancelled,
                Ending::Expired => Stage::Expired,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_flow_makes_room() {
        let mut flows = Flows::default();
        for number in 0..=MOST {
            flows.begin(&format!("req_{number}"), "bcn_", 0).count();
        }
        assert_eq!(flows.by_reference.len(), MOST);
        assert_eq!(flows.begin("req_1", "bcn_", 0).count(), 2);
        assert_eq!(flows.begin("req_0", "bcn_", 0).count(), 1);
    }

    #[test]
    fn a_cancelled_flow_stays_so() {
        let mut flows = Flows::default();
        flows.begin("req_1", "bcn_", 0).cancel(Scenario::Default);
        let flow = flows.begin("req_1", "bcn_", 0);
        assert_eq!(flow.stage(Scenario::Default), Stage::Cancelled);
    }
}
