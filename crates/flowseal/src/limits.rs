//! Bounds on what is read, so that nobody's answer takes all memory.

use crate::error::{Error, ErrorCode};
use crate::shown::refusal;

/// Bounds on a response, checked while it is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    response_bytes: usize,
    depth: usize,
    leaves: usize,
}

impl Limits {
    /// The deepest nesting that a profile can ask for.
    pub const MAX_DEPTH: usize = 120;

    /// What bounds the JSON reader itself, and nothing less.
    pub(crate) const UNBOUNDED: Self = Self {
        response_bytes: usize::MAX,
        depth: Self::MAX_DEPTH,
        leaves: usize::MAX,
    };

    /// Bounds other than the default ones: bytes of a response, arrays and objects inside each
    /// other (the root is the first), leaves of a claims tree.
    ///
    /// # Errors
    /// `profile` if a bound is zero or `depth` is over [`MAX_DEPTH`](Self::MAX_DEPTH), where the
    /// JSON reader stops by itself.
    pub fn new(response_bytes: usize, depth: usize, leaves: usize) -> Result<Self, Error> {
        if response_bytes == 0 || leaves == 0 || !(1..=Self::MAX_DEPTH).contains(&depth) {
            return Err(refusal(
                ErrorCode::Profile,
                "limits must be at least 1, and limits.depth at most {}",
                [Self::MAX_DEPTH.into()],
            ));
        }
        Ok(Self {
            response_bytes,
            depth,
            leaves,
        })
    }

    /// The longest response, in bytes. By default 1 MiB.
    pub fn response_bytes(&self) -> usize {
        self.response_bytes
    }

    /// The deepest nesting; the response's root is 1. By default 32.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The most leaves of a flow's claims tree. By default 1024.
    pub fn leaves(&self) -> usize {
        self.leaves
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            response_bytes: 1 << 20,
            depth: 32,
            leaves: 1024,
        }
    }
}
