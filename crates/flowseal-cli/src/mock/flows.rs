//! The flows that have begun, and how far each has come.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use flowseal::testkit::Persona;
use tokio::sync::OnceCell;

use super::asked::Asked;
use super::route::Kind;
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
    /// Who responds.
    pub(super) persona: Persona,
    /// `None` for a flow that began with a ping.
    pub(super) asked: Option<Asked>,
    begun: Instant,
    /// How many requests were about it.
    requests: u32,
    is_cancelled: bool,
    /// Whether its webhook has been posted to.
    is_told: bool,
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
    /// The flow of this identifier, if it is known.
    pub(super) fn known(&mut self, reference: &str) -> Option<&mut Flow> {
        self.by_reference.get_mut(reference)
    }

    /// The flow of its identifier: this one, which begins now, if it is not known.
    pub(super) fn begin(&mut self, flow: Flow) -> &mut Flow {
        if !self.by_reference.contains_key(&flow.reference) {
            if self.order.len() >= MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.by_reference.remove(&oldest);
            }
            self.order.push_back(flow.reference.clone());
        }
        self.by_reference
            .entry(flow.reference.clone())
            .or_insert(flow)
    }
}

impl Flow {
    /// One that begins now.
    pub(super) fn new(reference: &str, requester: &str, persona: Persona, now: i64) -> Self {
        Self {
            reference: reference.to_owned(),
            requester: requester.to_owned(),
            iat: now,
            persona,
            asked: None,
            begun: Instant::now(),
            requests: 0,
            is_cancelled: false,
            is_told: false,
            sealed: Arc::default(),
        }
    }

    /// `mode`. Of a flow that began with a ping nobody knows what is asked: who shares nothing is
    /// asked to sign; everyone else, to identify themselves.
    pub(super) fn mode(&self) -> &'static str {
        match (&self.asked, self.persona.claims) {
            (Some(asked), _) if asked.kind == Kind::Identification => "identification",
            (None, claims) if claims != "{}" => "identification",
            _ => "signature",
        }
    }

    /// `requestee`.
    pub(super) fn requestee(&self) -> &str {
        match &self.asked {
            Some(asked) => asked.requestee(&self.persona),
            None => self.persona.requestee,
        }
    }

    /// Whether the webhook is to be told now: once, when the flow has ended.
    pub(super) fn is_to_be_told(&mut self, scenario: Scenario) -> bool {
        let has_ended = !matches!(self.stage(scenario), Stage::Pending | Stage::OnSession);
        has_ended && !std::mem::replace(&mut self.is_told, true)
    }

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
        let flow = |number| flow(&format!("req_{number}"));
        for number in 0..=MOST {
            flows.begin(flow(number)).count();
        }
        assert_eq!(flows.by_reference.len(), MOST);
        assert_eq!(flows.begin(flow(1)).count(), 2);
        assert_eq!(flows.begin(flow(0)).count(), 1);
    }

    #[test]
    fn a_cancelled_flow_stays_so() {
        let mut flows = Flows::default();
        flows.begin(flow("req_1")).cancel(Scenario::Default);
        let flow = flows.begin(flow("req_1"));
        assert_eq!(flow.stage(Scenario::Default), Stage::Cancelled);
    }

    #[test]
    fn the_end_of_a_flow_is_told_once() {
        let mut flow = flow("req_1");
        assert!(!flow.is_to_be_told(Scenario::Default));
        flow.cancel(Scenario::Default);
        assert!(flow.is_to_be_told(Scenario::Default));
        assert!(!flow.is_to_be_told(Scenario::Default));
    }

    fn flow(reference: &str) -> Flow {
        Flow::new(reference, "bcn_", Persona::ADA, 0)
    }
}
