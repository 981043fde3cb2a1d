//! The one error type: a stable code and a sentence that says what to do.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use flowseal_rsa::{EngineUnavailable, OperationError};

mod details;

use crate::ground::diagnosis::Diagnosis;
use crate::ground::report::Report;

pub use details::ErrorDetails;

/// Why an operation refused, as a stable code with a sentence for people.
///
/// Codes are the interface: the same string and number in Rust, C, Python and the command. The
/// sentence may change; it never holds a secret, and quotes of untrusted input are short and
/// escaped.
///
/// ```
/// use flowseal::{ErrorCode, Flow};
///
/// let error = Flow::from_json(b"{\"data\": 1, \"data\": 2}").unwrap_err();
/// assert_eq!(error.code(), ErrorCode::JsonDuplicate);
/// assert_eq!(error.code().as_str(), "json_duplicate");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    code: ErrorCode,
    sentence: String,
    report: Option<Report>,
    diagnosis: Option<Diagnosis>,
    details: ErrorDetails,
    cause: Option<Box<Cause>>,
}

/// An error of a floor above this one, which an [`Error`] was made of.
type Cause = dyn std::error::Error + Send + Sync + UnwindSafe + RefUnwindSafe;

impl Error {
    pub(crate) fn new(code: ErrorCode, sentence: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            sentence: sentence.into(),
            report: None,
            diagnosis: None,
            details: ErrorDetails::default(),
            cause: None,
        }))
    }

    /// What the engine could not compute, which is nobody's flow and nobody's key.
    pub(crate) fn of_the_machine(error: OperationError) -> Self {
        let code = match error {
            OperationError::NoRandomness => ErrorCode::NoRandomness,
            _ => ErrorCode::InternalFault,
        };
        let sentence = format!("{error}: nothing was released, so try again on a sound machine");
        Self::new(code, sentence)
    }

    pub(crate) fn with_report(mut self, report: Report) -> Self {
        self.0.report = Some(report);
        self
    }

    pub(crate) fn with_details(mut self, details: ErrorDetails) -> Self {
        self.0.details = details;
        self
    }

    pub(crate) fn with_diagnosis(mut self, diagnosis: Diagnosis) -> Self {
        self.0.diagnosis = Some(diagnosis);
        self
    }

    pub(crate) fn with_cause(mut self, cause: Box<Cause>) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// What went wrong and what to do, for people.
    pub fn sentence(&self) -> &str {
        &self.0.sentence
    }

    /// What it is about, as data: which claim, which check, what sizes, by how many seconds.
    pub fn details(&self) -> &ErrorDetails {
        &self.0.details
    }

    /// The report of the verification that refused; `None` where no verification was under way.
    pub fn report(&self) -> Option<&Report> {
        self.0.report.as_ref()
    }

    /// Why the e-signature is not valid, with `signature_invalid`; `None` with any other code.
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.0.diagnosis.as_ref()
    }

    /// What made it, by someone who knows the type.
    pub(crate) fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let cause = self.0.cause.as_deref()?;
        Some(cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.sentence)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error[{}]: {}", self.0.code, self.0.sentence)
    }
}

impl std::error::Error for Error {}

impl From<EngineUnavailable> for Error {
    fn from(error: EngineUnavailable) -> Self {
        Self::new(
            ErrorCode::EngineUnavailable,
            format!("{error}: name one of those, or let the machine choose"),
        )
    }
}

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// The stable codes. A code is never reused; new ones are appended.
        ///
        /// Their number is the C status, their string the Python `.code` and what the command
        /// prints in `error[code]`. [`exit_status`](Self::exit_status) tells the groups apart.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[repr(u32)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $variant = $number,)*
        }

        impl ErrorCode {
            /// Every code, by number.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code as text, such as `signature_invalid`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The code as a number, such as `44`.
            pub fn number(self) -> u32 {
                match self {
                    $(Self::$variant => $number,)*
                }
            }
        }
    };
}

error_codes! {
    /// The caller's arguments do not fit together.
    Usage = 1, "usage";
    /// A file could not be read or written. The core never gives it: it reads no files.
    Io = 2, "io";
    /// Not JSON (RFC 8259), not UTF-8, or a lone surrogate.
    Json = 3, "json";
    /// An object names a member twice.
    JsonDuplicate = 4, "json_duplicate";
    /// The response is larger than the profile's `limits.response_bytes`.
    TooLarge = 5, "too_large";
    /// The response nests deeper than the profile's `limits.depth`.
    TooDeep = 6, "too_deep";
    /// The flow has more leaves than the profile's `limits.leaves`.
    TooManyLeaves = 7, "too_many_leaves";
    /// JSON, but no flow: another response of the API, or something else.
    NotAFlow = 8, "not_a_flow";
    /// A successful ping without data: the flow has expired.
    FlowExpired = 9, "flow_expired";
    /// A member of the flow is missing or of the wrong type.
    FlowMalformed = 10, "flow_malformed";
    /// A claim's name holds a dot, which its path could not tell from a level.
    ClaimName = 11, "claim_name";
    /// The profile file is not a profile.
    Profile = 12, "profile";
    /// Two profiles of one operation disagree.
    ProfileMismatch = 13, "profile_mismatch";
    /// Not a key in any form that is read.
    KeyFormat = 14, "key_format";
    /// A key, but not of the kind that is needed here.
    KeyKind = 15, "key_kind";
    /// The modulus is too short, too long, or the exponent is out of bounds.
    KeySize = 16, "key_size";
    /// The numbers of the key do not belong together.
    KeyInvalid = 17, "key_invalid";
    /// The key is known to be breakable.
    KeyWeak = 18, "key_weak";
    /// The passphrase is missing or wrong, or the key's KDF costs more than is accepted.
    KeyPassphrase = 19, "key_passphrase";
    /// More than one usable key where one is wanted.
    KeyAmbiguous = 20, "key_ambiguous";
    /// One modulus in two roles that must not meet.
    KeyConflict = 21, "key_conflict";
    /// The service account file is not one, or its parts do not belong together.
    ServiceAccount = 22, "service_account";
    /// The signed statement cannot be built from this flow under this profile.
    Statement = 23, "statement";
    /// A time that is not in Unix seconds.
    Time = 24, "time";
    /// Not an evidence file, or one that contradicts itself.
    Evidence = 25, "evidence";
    /// The user has not approved the flow yet.
    FlowPending = 40, "flow_pending";
    /// The flow was cancelled.
    FlowCancelled = 41, "flow_cancelled";
    /// The flow has claims but no e-signature.
    SignatureMissing = 42, "signature_missing";
    /// The e-signature is not base64 of an RSA signature.
    SignatureMalformed = 43, "signature_malformed";
    /// No key that was tried verifies the e-signature over the statement.
    SignatureInvalid = 44, "signature_invalid";
    /// The verifier has no key for this flow's requestee.
    NoVerifyingKey = 45, "no_verifying_key";
    /// The signature is valid, but something that was asked for is not so.
    ExpectationFailed = 46, "expectation_failed";
    /// The flow has claims that the statement does not cover.
    ClaimsNotSigned = 47, "claims_not_signed";
    /// An operation that is for verified flows only.
    NotVerified = 48, "not_verified";
    /// A leaf of the claims tree is not a string.
    ClaimNotSealed = 49, "claim_not_sealed";
    /// A leaf is not strict base64.
    ClaimBase64 = 50, "claim_base64";
    /// A leaf's ciphertext has a length that no RSA key of the ring produces.
    ClaimLength = 51, "claim_length";
    /// A leaf's ciphertext is not between 2 and the modulus less 2.
    ClaimRange = 52, "claim_range";
    /// No key of the ring is of the size that the leaves are sealed under.
    NoDecryptingKey = 53, "no_decrypting_key";
    /// The claims do not open: one verdict for the flow, whatever was wrong with which leaf.
    ClaimUnopenable = 54, "claim_unopenable";
    /// A claim's text is not of the type asked for.
    ClaimType = 55, "claim_type";
    /// A computation failed its own check. Nothing was released.
    InternalFault = 70, "internal_fault";
    /// The operating system gave no randomness.
    NoRandomness = 71, "no_randomness";
    /// The engine that was asked for by name is not to be had here.
    EngineUnavailable = 72, "engine_unavailable";
    /// The configuration for the API lacks something, or its parts do not belong together.
    ApiConfig = 100, "api_config";
    /// This version of the API does not have what was asked for.
    ApiVersion = 101, "api_version";
    /// The API does not accept the credentials, or a session token is missing: authorise again.
    ApiUnauthorized = 102, "api_unauthorized";
    /// The API has had too many requests from this address: wait.
    ApiRateLimited = 103, "api_rate_limited";
    /// The API, or something on the way to it, has failed: try again later.
    ApiUnavailable = 104, "api_unavailable";
    /// The API refuses the request, and will again.
    ApiRequest = 105, "api_request";
    /// The API says that the flow or its session has expired: start a new one.
    ApiExpired = 106, "api_expired";
    /// The API says that the person has cancelled: tell them.
    ApiCancelled = 107, "api_cancelled";
    /// The API answers with an error that does not say what to do.
    ApiError = 108, "api_error";
    /// An answer of the API, but not to this request.
    ApiAnswer = 109, "api_answer";
    /// No answer came, and the connection is gone.
    ConnectionLost = 110, "connection_lost";
    /// The caller's deadline has passed before the flow has ended.
    DeadlinePassed = 111, "deadline_passed";
    /// The session has ended before, and has given its outcome then.
    SessionOver = 112, "session_over";
    /// The body of a webhook is none.
    Webhook = 113, "webhook";
    /// A webhook of a flow that the caller does not wait for.
    WebhookUnmatched = 114, "webhook_unmatched";
    /// A webhook that has come before.
    WebhookReplayed = 115, "webhook_replayed";
}

impl ErrorCode {
    /// The code with this number, if there is one.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.number() == number)
    }

    /// The command's exit status: 2 for input that is unusable before a flow exists, 1 for a
    /// parsed flow that is refused, 3 for a fault of the machine or of this library.
    ///
    /// Codes of requests (100 to 139) are of the first kind: the command sends none, and where they
    /// arise there is no flow yet.
    pub fn exit_status(self) -> u8 {
        match self.number() {
            1..40 | 100..140 => 2,
            40..70 => 1,
            _ => 3,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_ascend() {
        let ascending = |pair: &[ErrorCode]| pair[0].number() < pair[1].number();
        assert!(ErrorCode::ALL.windows(2).all(ascending));
        let mut names: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ErrorCode::ALL.len());
    }
}
