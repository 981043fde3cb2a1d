//! The RSA engine of flowseal: batches of raw RSA operations over any mix of keys, one result each,
//! in the order of the batch.
//!
//! Integers in, integers out: the crate knows neither padding nor hashes nor any file format. A raw
//! RSA operation protects nothing by itself; use a library that adds the padding.
//!
//! - [`PublicKey`] and [`PrivateKey`] are made from big-endian integers and checked once.
//! - [`Engine`] runs batches of [`PrivateOperation`] and [`PublicOperation`].
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
//! What is secret, and what keeps it so, is described in [`scalar_engine`]; how eight operations are
//! computed at once, in [`vector_engine`]; how one is, with the same instructions, in
//! [`strided_engine`].

// The instructions of `units::lanes::x86` and `arithmetic::adx` and the calls of `units::aws_lc` are the only exemptions.
#![deny(unsafe_code)]

mod engine;
mod error;
mod key;
mod operations;
mod schedule;
mod units;

mod arithmetic;
mod ct;
mod workspace;

#[cfg(flowseal_hooks)]
pub mod hooks;

pub use engine::Engine;
pub use error::{EngineUnavailable, KeyError, OperationError};
pub use key::{PrivateKey, PrivateKeyParts, PublicKey};
pub use operations::{PrivateOperation, PublicOperation};
pub use schedule::Costs;

#[doc = include_str!("../docs/scalar.md")]
pub mod scalar_engine {}

#[doc = include_str!("../docs/vector.md")]
pub mod vector_engine {}

#[doc = include_str!("../docs/strided.md")]
pub mod strided_engine {}

#[cfg(feature = "aws-lc")]
#[doc = include_str!("../docs/aws_lc.md")]
pub mod aws_lc_engine {}
