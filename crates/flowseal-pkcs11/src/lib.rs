//! Keys that stay in their token: flowseal opens claims with a private key over PKCS#11, and takes
//! a token's public keys for verifying.
//!
//! A [`Uri`] says which key is meant, [`TokenOptions`] how to get there, and what comes of it is a
//! [`DecryptingKey`](flowseal::DecryptingKey) like any other. The token is asked for the raw result
//! of RSA (`CKM_RSA_X_509`) and for nothing else: padding, synthetic messages and the one verdict
//! for all claims stay in the core, which also blinds what is sent and checks what comes back.
//!
//! A module of the standard is code that runs in this process. One that holds the key there, such
//! as SoftHSM, protects it no better than a file does; a device does, or `p11-kit server` as
//! another process.
//!
//! How to put a key into a token, and how tokens differ: `docs/tokens.md`.

mod calls;
mod failure;
mod key;
mod link;
mod module;
mod objects;
mod pins;
mod pool;
mod token;
mod uri;

pub use key::TokenOptions;
pub use objects::{TokenObject, TokenObjectKind};
pub use pins::forget_refused_pins;
pub use uri::Uri;
