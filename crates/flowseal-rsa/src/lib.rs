//! The RSA engine of flowseal.
#![forbid(unsafe_code)]
