//! The core of flowseal.
