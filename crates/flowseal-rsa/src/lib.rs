//! The RSA engine of flowseal: batches of raw RSA operations over any mix of keys, one result each,
//! in the order of the batch.
//!
//! Integers in, integers out: the crate knows neither padding nor hashes nor any file format. A raw
//! RSA operation protects nothing by itself; use a library that adds the padding.
//!
//! - [`PublicKey`] and [`PrivateKey`] are made from big-endian integers and checked once.
//! - [`Engine`] runs batches of [`PrivateOperation`] and [`PublicOperation`], and readies batches
//!   of [`RemoteOperation`] for whoever else holds the private key.
//!
//! ```
//! use flowseal_rsa::{Engine, PublicKey, PublicOperation};
//!
//! let modulus = [0xff; 128]; // any odd number of 1024 bits will do for this
//! let key = PublicKey::new(&modulus, &[1, 0, 1])?;
//! let mut input = [0; 128];
//! input[127] = 1;
//! let mut output = [0; 128];
//!
//! let mut batch = [PublicOperation { key: &key, input: &input, output: &mut output }];
//! assert_eq!(Engine::new().public_vartime(&mut batch), [Ok(())]);
//! assert_eq!(output, input); // 1 to any power is 1
//! # Ok::<(), flowseal_rsa::KeyError>(())
//! ```
//!
//! How it is built, what is secret and what keeps it so, and how each unit computes is described in
//! [`design`].

// The instructions of `units::lanes::x86` and `arithmetic::adx` and the calls of `units::aws_lc`
// are the only exemptions.
#![deny(unsafe_code)]

// From the roof to the ground: no floor knows one above it, as `cargo xtask layers` checks.
#[cfg(flowseal_hooks)]
pub mod hooks;

mod engine;

mod schedule;

mod operations;

mod units;

mod job;

mod key;

mod prepared;

mod arithmetic;

mod ct;
mod error;
#[cfg_attr(flowseal_hooks, path = "hooks/probe.rs")]
mod probe;
mod workspace;

pub use engine::Engine;
pub use error::{EngineUnavailable, KeyError, OperationError};
pub use key::{PrivateKey, PrivateKeyParts, PublicKey};
pub use operations::{
    Blinding, PrivateOperation, PublicOperation, RemoteAnswer, RemoteInput, RemoteOperation,
};
pub use schedule::Costs;

/// How the engine is built, and why its results are right.
pub mod design {
    #[doc = include_str!("../docs/engine.md")]
    pub mod engine {}

    #[doc = include_str!("../docs/scalar.md")]
    pub mod scalar {}

    #[doc = include_str!("../docs/vector.md")]
    pub mod vector {}

    #[doc = include_str!("../docs/strided.md")]
    pub mod strided {}

    #[cfg(feature = "aws-lc")]
    #[doc = include_str!("../docs/aws_lc.md")]
    pub mod aws_lc {}
}
