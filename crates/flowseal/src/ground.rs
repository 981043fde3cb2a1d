//! What everything else stands on, and what knows nothing of flows, keys and answers.

pub(crate) mod mgf1;
pub(crate) mod report;
pub(crate) mod secret;
pub(crate) mod strict_base64;
pub(crate) mod tree;
