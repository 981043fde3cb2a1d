use core::fmt;

/// Why an operation of a batch gave no result.
///
/// Its output holds zeros. The other operations of the batch are not concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OperationError {
    /// The input or the output is not exactly as long as the modulus.
    Length,
    /// The input is not a number that the operation accepts: for a public operation it must be less
    /// than n; a private one refuses 0, 1 and n − 1 too, whose results say nothing or too much.
    Range,
    /// The result did not agree with the input when the public exponent was applied to it, or the
    /// engine failed its self-test. The result was wiped: a wrong one can reveal the key.
    Fault,
    /// The operating system gave no random bytes to blind the operation with.
    NoRandomness,
}

impl fmt::Display for OperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "the input or the output is not as long as the modulus of the key",
            Self::Range => "the input is not a number that this key operates on",
            Self::Fault => "the result of the RSA operation failed its check and was discarded",
            Self::NoRandomness => "the operating system gave no random bytes",
        })
    }
}

impl std::error::Error for OperationError {}

/// Why numbers were refused as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The modulus has fewer than 1024 or more than 8192 bits.
    Size,
    /// The modulus is even.
    EvenModulus,
    /// The public exponent is even, less than 3, or 2³³ or more.
    Exponent,
    /// The numbers of the private key do not belong together: n ≠ p·q, p = q, a prime is even, or
    /// d, dP, dQ or qInv is not the inverse that RFC 8017, section 3.2, defines.
    Inconsistent,
    /// The primes differ by less than 2^(bits/2 − 100), which lets anyone factor the modulus
    /// (FIPS 186-5, appendix A.1.3).
    ClosePrimes,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "the modulus does not have 1024 to 8192 bits",
            Self::EvenModulus => "the modulus is even",
            Self::Exponent => "the public exponent is not an odd number from 3 to 2^33 - 1",
            Self::Inconsistent => "the numbers of the private key do not belong together",
            Self::ClosePrimes => "the primes of the private key are too close to each other",
        })
    }
}

impl std::error::Error for KeyError {}

/// There is no engine of the name asked for, or this machine cannot run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineUnavailable {
    /// The names that there are.
    pub(crate) names: Vec<&'static str>,
}

impl fmt::Display for EngineUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names.join(", ");
        write!(
            f,
            "this machine has no RSA engine of that name; it has: {names}"
        )
    }
}

impl std::error::Error for EngineUnavailable {}
