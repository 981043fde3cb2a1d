//! The Python package `flowseal`: a thin layer over the core.
//!
//! What stands here is what Python has and the core has not: objects that are shared instead of
//! moved, files, a clock, exceptions, a lock around the interpreter that is let go while RSA is
//! computed. Nothing is decided here.
#![forbid(unsafe_code)]
#![allow(
    clippy::needless_pass_by_value,
    clippy::too_many_arguments,
    reason = "a method's signature is its Python signature"
)]

mod api_config;
mod arrow;
mod audit;
mod batch;
mod binding;
mod budget;
mod claims;
mod clock;
mod closable;
mod decrypting_key;
mod device;
mod disclosure;
mod errors;
mod event_stream;
mod evidence;
mod expectations;
mod file_name;
mod finish_once;
mod flow;
mod http_response;
mod input;
mod json;
mod learn;
mod lists;
mod opening;
mod options;
mod pending;
mod pkcs11;
mod profile;
mod received;
mod remote;
mod report;
mod request;
mod response;
mod ring;
mod service_account;
mod session;
mod setup;
mod start;
mod testing;
mod token;
mod verified;
mod verifier;
mod verifying_key;
mod warnings;
mod webhook;
mod words;

use pyo3::prelude::*;
use pyo3::types::PyMapping;

/// The compiled part of `flowseal`; its names are public there, and not here.
#[pymodule(gil_used = false)]
mod _flowseal {
    #[pymodule_export]
    use crate::api_config::ApiConfig;
    #[pymodule_export]
    use crate::arrow::{OpenedColumns, open_flows};
    #[pymodule_export]
    use crate::audit::{Audit, AuditEvent};
    #[pymodule_export]
    use crate::batch::{open_many, open_many_unverified, verify_many};
    #[pymodule_export]
    use crate::binding::Binding;
    #[pymodule_export]
    use crate::budget::Budget;
    #[pymodule_export]
    use crate::claims::{OpenedClaims, PartialClaims};
    #[pymodule_export]
    use crate::decrypting_key::DecryptingKey;
    #[pymodule_export]
    use crate::device::{Device, Signer, WebhookTarget};
    #[pymodule_export]
    use crate::disclosure::{AppKey, Disclosed, Disclosure};
    #[pymodule_export]
    use crate::errors::about_code;
    #[pymodule_export]
    use crate::event_stream::{EventStream, ServerEvent, ServerEvents};
    #[pymodule_export]
    use crate::evidence::Evidence;
    #[pymodule_export]
    use crate::expectations::Expectations;
    #[pymodule_export]
    use crate::finish_once::FinishedFlows;
    #[pymodule_export]
    use crate::flow::Flow;
    #[pymodule_export]
    use crate::http_response::HttpResponse;
    #[pymodule_export]
    use crate::learn::{Learned, learn};
    #[pymodule_export]
    use crate::opening::{Opening, begin_opening_many, begin_opening_many_unverified};
    #[pymodule_export]
    use crate::pending::PendingFlow;
    #[pymodule_export]
    use crate::pkcs11::forget_refused_pins;
    #[pymodule_export]
    use crate::profile::Profile;
    #[pymodule_export]
    use crate::received::ReceivedFlow;
    #[pymodule_export]
    use crate::remote::RawOperation;
    #[pymodule_export]
    use crate::report::{Report, ReportLine, ReportedKey};
    #[pymodule_export]
    use crate::request::Request;
    #[pymodule_export]
    use crate::response::{ApiError, CreatedRequest, RequestModel, Response, ValidationIssue};
    #[pymodule_export]
    use crate::ring::KeyRing;
    #[pymodule_export]
    use crate::service_account::ServiceAccount;
    #[pymodule_export]
    use crate::session::{Done, Ended, Expired, Failed, Progress, Send, Session, Stream, Wait};
    #[pymodule_export]
    use crate::setup::Setup;
    #[pymodule_export]
    use crate::start::{Created, Start};
    #[pymodule_export]
    use crate::testing::{KeyPair, SealedFlow, mutations, personas, seal};
    #[pymodule_export]
    use crate::token::SessionToken;
    #[pymodule_export]
    use crate::verified::VerifiedFlow;
    #[pymodule_export]
    use crate::verifier::Verifier;
    #[pymodule_export]
    use crate::verifying_key::VerifyingKey;
    #[pymodule_export]
    use crate::webhook::Webhook;
    #[pymodule_export]
    use crate::words::{Situation, Words};

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        PyMapping::register::<OpenedClaims>(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("ERROR_CODES", errors::codes(module.py())?)
    }
}
