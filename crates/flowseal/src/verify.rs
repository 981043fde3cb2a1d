//! From a flow to a verified flow: whose keys count, whether one of them has signed these bytes,
//! and whether the flow is the one that was expected.
//!
//! | job | file |
//! |---|---|
//! | whose keys may sign which flows | `verifier` |
//! | what is expected, and whether it is so | `expectations`, `judge` |
//! | one signature under one key, and the encodings of RSASSA | `attempt`, `signature` |
//! | the way of a flow through all of that | `verification` |
//! | what comes out | `verified_flow`, `refused` |
//! | why not, in words and as data | `sentences`, `diagnosis`, `encoding` |
//! | what a signature shows of bytes that are not known | `recovered` |
//! | the same again years later | `evidence` |

mod attempt;
mod diagnosis;
mod encoding;
mod evidence;
mod expectations;
mod judge;
pub(crate) mod recovered;
mod refused;
mod sentences;
pub(crate) mod signature;
mod verification;
mod verified_flow;
mod verifier;

pub use evidence::Evidence;
pub use expectations::Expectations;
pub use refused::Refused;
pub(crate) use sentences::signature_missing;
pub use verification::Verification;
pub use verified_flow::VerifiedFlow;
pub use verifier::Verifier;
