//! What everything else stands on, and what knows nothing of flows, keys and answers.

pub(crate) mod back_off;
pub(crate) mod claim_path;
pub(crate) mod diagnosis;
pub(crate) mod fingerprint;
pub(crate) mod mgf1;
pub(crate) mod not_a_file_name;
pub(crate) mod quoted;
pub(crate) mod report;
pub(crate) mod secret;
pub(crate) mod strict_base64;
pub(crate) mod tree;
