//! The stable codes, in one table: what each language, the command and the page of codes say of
//! them.
//!
//! A new code is one row here, at the end of its range. `cargo xtask codes` then writes the page
//! of codes (`docs/codes.md`) and the statuses of the C library; Python asks this table when it
//! is loaded.

use std::fmt;

use CodeClass::{Caller, Ended, Fault, Refused, Response, Retry};

/// One row a code: number, name, class, suggested HTTP status, what is so, and what to do.
macro_rules! error_codes {
    ($($variant:ident = $number:literal, $name:literal, $class:ident, $http:literal, $cause:literal, $mend:literal;)*) => {
        /// The stable codes. A code is never reused; new ones are appended.
        ///
        /// Their number is the C status, their string the Python `.code` and what the command
        /// prints in `error[code]`. 1 to 39 are input that is unusable before a flow exists, 40
        /// to 69 a parsed flow that is refused, 70 to 79 faults of the machine or of this
        /// library, 100 to 139 requests to the API. [`class`](Self::class) says what kind of
        /// answer they want.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[repr(u32)]
        pub enum ErrorCode {
            $(#[doc = $cause] $variant = $number,)*
        }

        impl ErrorCode {
            /// Every code, by number.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        number: $number,
                        name: $name,
                        class: $class,
                        http_status: $http,
                        cause: $cause,
                        mend: $mend,
                    },)*
                }
            }
        }
    };
}

/// What the table says of a code.
struct Row {
    number: u32,
    name: &'static str,
    class: CodeClass,
    http_status: u16,
    cause: &'static str,
    mend: &'static str,
}

error_codes! {
    Usage = 1, "usage", Caller, 500,
        "The caller's arguments do not fit together.",
        "Correct the call.";
    Io = 2, "io", Caller, 500,
        "A file could not be read or written. The core never gives this code: it reads no files.",
        "Check the path and its permissions.";
    Json = 3, "json", Response, 502,
        "Not JSON (RFC 8259), not UTF-8, or a lone surrogate.",
        "Pass the bytes as they were received; look at what stands between this service and the API.";
    JsonDuplicate = 4, "json_duplicate", Response, 502,
        "An object names a member twice.",
        "Refuse the answer and fetch it again.";
    TooLarge = 5, "too_large", Response, 502,
        "The response is larger than the profile's `limits.response_bytes`.",
        "Refuse it, or raise the limit where such answers are expected.";
    TooDeep = 6, "too_deep", Response, 502,
        "The response nests deeper than the profile's `limits.depth`.",
        "Refuse it, or raise the limit where such answers are expected.";
    TooManyLeaves = 7, "too_many_leaves", Response, 502,
        "The flow has more leaves than the profile's `limits.leaves`.",
        "Refuse it, or raise the limit where such flows are expected.";
    NotAFlow = 8, "not_a_flow", Response, 502,
        "JSON, but not a flow: another response of the API, or something else.",
        "Read the answer as a `Response`, which says what it is.";
    FlowExpired = 9, "flow_expired", Ended, 410,
        "The flow expired before the person responded.",
        "Start a new flow.";
    FlowMalformed = 10, "flow_malformed", Response, 502,
        "A member of the flow is missing or of the wrong type.",
        "Pass the answer as the API sent it; if it is, ask pasby.";
    ClaimName = 11, "claim_name", Response, 502,
        "A claim's name has a dot in it, which its path could not tell from the next level.",
        "Refuse the answer.";
    Profile = 12, "profile", Caller, 500,
        "The profile file is not a profile.",
        "Correct the member that the sentence names.";
    ProfileMismatch = 13, "profile_mismatch", Caller, 500,
        "Two profiles of one operation disagree.",
        "Give one profile to everything that takes part in an operation.";
    KeyFormat = 14, "key_format", Caller, 500,
        "Not a key in any format that is read.",
        "Export the key as PEM or DER.";
    KeyKind = 15, "key_kind", Caller, 500,
        "A key, but not of the kind that is needed here.",
        "Give the key of the other role, or of the profile's algorithm.";
    KeySize = 16, "key_size", Caller, 500,
        "The modulus is too short or too long, or the exponent is out of bounds.",
        "Make a new key.";
    KeyInvalid = 17, "key_invalid", Caller, 500,
        "The numbers of the key do not belong together.",
        "Export the key again, or make a new one.";
    KeyWeak = 18, "key_weak", Caller, 500,
        "The key is known to be breakable.",
        "Make a new key, elsewhere.";
    KeyPassphrase = 19, "key_passphrase", Caller, 500,
        "The passphrase is missing or wrong, or the key's KDF costs more than is accepted.",
        "Give the passphrase without a line end; encrypt the key again where its KDF is the reason.";
    KeyAmbiguous = 20, "key_ambiguous", Caller, 500,
        "More than one usable key where one is wanted.",
        "Name the key, or give a file with one.";
    KeyConflict = 21, "key_conflict", Caller, 500,
        "One modulus in two roles that must not meet.",
        "Check which key is the app's and which is the user's.";
    ServiceAccount = 22, "service_account", Caller, 500,
        "The service account file is not one, or its parts do not belong together.",
        "Download the file again from pasby's console.";
    Statement = 23, "statement", Response, 502,
        "The signed statement cannot be built from this flow under this profile.",
        "Correct the profile's statement, or refuse the flow.";
    Time = 24, "time", Caller, 500,
        "A time that is not in Unix seconds.",
        "Give whole seconds since 1970; a flow with such a time is refused.";
    Evidence = 25, "evidence", Caller, 400,
        "Not an evidence file, or one that contradicts itself.",
        "Give the file as it was written.";
    Disclosure = 26, "disclosure", Caller, 400,
        "Not a disclosure file, or one that contradicts itself.",
        "Give the file as it was written.";
    Pin = 27, "pin", Caller, 500,
        "A token's PIN is missing, wrong or locked.",
        "Give the right PIN once: tokens lock themselves after a few wrong ones.";
    Checkpoint = 28, "checkpoint", Caller, 500,
        "What was begun cannot be resumed: its checkpoint belongs to other input or options, or is damaged.",
        "Resume with the same input and options, or start again.";
    PendingFlow = 29, "pending_flow", Caller, 500,
        "Not a pending flow as it was stored, or one of another configuration.",
        "Give what was stored, to the configuration that started it.";
    FlowPending = 40, "flow_pending", Retry, 202,
        "The person has not approved the flow yet.",
        "Ask again, until the flow ends.";
    FlowCancelled = 41, "flow_cancelled", Ended, 410,
        "The flow was cancelled.",
        "Start a new flow if the person wants one.";
    SignatureMissing = 42, "signature_missing", Refused, 403,
        "The flow has claims but no e-signature.",
        "Refuse it: anyone may have made its claims.";
    SignatureMalformed = 43, "signature_malformed", Refused, 403,
        "The e-signature is not base64 of an RSA signature.",
        "Refuse it; check that the answer was passed on as the API sent it.";
    SignatureInvalid = 44, "signature_invalid", Refused, 403,
        "No key that was tried verifies the e-signature over the statement.",
        "Refuse it; the diagnosis tells a wrong profile from a forgery.";
    NoVerifyingKey = 45, "no_verifying_key", Refused, 403,
        "The verifier has no key for this flow's requestee.",
        "Register the person's key first.";
    ExpectationFailed = 46, "expectation_failed", Refused, 403,
        "The signature is valid, but something that was expected is not so.",
        "Refuse it; the report says which check failed, and the sentence by how much.";
    ClaimsNotSigned = 47, "claims_not_signed", Refused, 403,
        "The flow has claims that the statement does not cover.",
        "Refuse it, or use a statement that covers them.";
    NotVerified = 48, "not_verified", Caller, 500,
        "An operation that is for verified flows only.",
        "Verify the flow first.";
    ClaimNotSealed = 49, "claim_not_sealed", Refused, 502,
        "A leaf of the claims tree is not a string.",
        "Refuse it: what is not sealed is not to be trusted.";
    ClaimBase64 = 50, "claim_base64", Refused, 502,
        "A leaf is not strict base64.",
        "Check that the answer was passed on as the API sent it.";
    ClaimLength = 51, "claim_length", Refused, 502,
        "A leaf's ciphertext has a length that no RSA key of the ring produces.",
        "Check that the answer was passed on as the API sent it.";
    ClaimRange = 52, "claim_range", Refused, 502,
        "A leaf's ciphertext is not a number from 2 to the modulus less 2.",
        "Refuse it: no sender makes such a number by chance.";
    NoDecryptingKey = 53, "no_decrypting_key", Refused, 500,
        "No key of the ring is of the size that the leaves are sealed under.",
        "Give the app's own key, and during a rotation the old one too.";
    ClaimUnopenable = 54, "claim_unopenable", Refused, 502,
        "The claims do not open: one verdict for the whole flow, whichever leaf was wrong.",
        "Check that the key is the app's and the padding the profile's, and refuse the flow.";
    ClaimType = 55, "claim_type", Refused, 502,
        "A claim's text is not of the type asked for.",
        "Read it as text, or correct the type.";
    DisclosureInvalid = 56, "disclosure_invalid", Refused, 403,
        "The disclosure does not prove what it shows.",
        "Refuse it; the sentence says which part fails.";
    StatementUnknown = 57, "statement_unknown", Refused, 500,
        "No known statement explains the signatures of all the flows given.",
        "Ask pasby which bytes are signed; the diagnosis says which algorithm is.";
    PendingFinished = 58, "pending_finished", Refused, 409,
        "The pending flow is already finished.",
        "Refuse it: its result is given once, and was given then.";
    InternalFault = 70, "internal_fault", Fault, 500,
        "A computation failed its own check. Nothing was released.",
        "Try again on a sound machine.";
    NoRandomness = 71, "no_randomness", Fault, 500,
        "The operating system gave no randomness.",
        "Try again on a sound machine.";
    EngineUnavailable = 72, "engine_unavailable", Fault, 500,
        "The engine that was asked for by name is not available here.",
        "Let the machine choose.";
    KeyUnavailable = 73, "key_unavailable", Fault, 503,
        "The module or the service that holds the key did not compute.",
        "Check that module, then try again.";
    ApiConfig = 100, "api_config", Caller, 500,
        "The configuration for the API lacks something, or its parts do not belong together.",
        "Correct the configuration.";
    ApiVersion = 101, "api_version", Caller, 500,
        "This version of the API does not have what was asked for.",
        "Use what the sentence names in its place.";
    ApiUnauthorized = 102, "api_unauthorized", Caller, 500,
        "The API does not accept the credentials, or a session token is missing: authorise again.",
        "Authorise again (v1), or check the API key and the app secret.";
    ApiRateLimited = 103, "api_rate_limited", Retry, 503,
        "The API has had too many requests from this address: wait.",
        "Wait as long as the answer says, then try again.";
    ApiUnavailable = 104, "api_unavailable", Retry, 503,
        "The API, or something on the way to it, has failed: try again later.",
        "Try again later, with growing pauses.";
    ApiRequest = 105, "api_request", Caller, 500,
        "The API refuses the request, and will do so again.",
        "Correct the request.";
    ApiExpired = 106, "api_expired", Ended, 410,
        "The API says that the flow or its session has expired: start a new one.",
        "Start a new flow.";
    ApiCancelled = 107, "api_cancelled", Ended, 410,
        "The API says that the person has cancelled: tell them.",
        "Tell the person, who may start again.";
    ApiError = 108, "api_error", Response, 502,
        "The API answers with an error that does not say what to do.",
        "Read its message; ask pasby.";
    ApiAnswer = 109, "api_answer", Response, 502,
        "An answer of the API, but not to this request.",
        "Look at what stands between this service and the API.";
    ConnectionLost = 110, "connection_lost", Retry, 503,
        "No answer came, and the connection is gone.",
        "Try again later; look at the network.";
    DeadlinePassed = 111, "deadline_passed", Ended, 504,
        "The caller's deadline passed before the flow ended.",
        "Cancel the flow, or watch it longer.";
    SessionOver = 112, "session_over", Ended, 500,
        "The session ended earlier, and gave its outcome then.",
        "Make a new session for another flow.";
    Webhook = 113, "webhook", Response, 400,
        "What was received is not a webhook.",
        "Do nothing: pasby did not send it.";
    WebhookUnmatched = 114, "webhook_unmatched", Refused, 200,
        "A webhook about a flow that the caller is not waiting for.",
        "Answer the sender as always, and do nothing.";
    WebhookReplayed = 115, "webhook_replayed", Refused, 200,
        "A webhook that has come before.",
        "Answer the sender as always, and do nothing.";
}

impl ErrorCode {
    /// The code as text, such as `signature_invalid`.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The code as a number, such as `44`.
    pub fn number(self) -> u32 {
        self.row().number
    }

    /// The code with this number, if there is one.
    pub fn from_number(number: u32) -> Option<Self> {
        let mut codes = Self::ALL.iter().copied();
        codes.find(|code| code.number() == number)
    }

    /// What kind of answer it wants, for programs that do not care for each code.
    ///
    /// ```
    /// use flowseal::{CodeClass, ErrorCode};
    ///
    /// assert_eq!(ErrorCode::ApiRateLimited.class(), CodeClass::Retry);
    /// assert_eq!(ErrorCode::SignatureInvalid.class(), CodeClass::Refused);
    /// ```
    pub fn class(self) -> CodeClass {
        self.row().class
    }

    /// What is so, as a sentence.
    pub fn cause(self) -> &'static str {
        self.row().cause
    }

    /// What to do, as a sentence; that of an [`Error`](super::Error) knows more of its case.
    pub fn mend(self) -> &'static str {
        self.row().mend
    }

    /// What a web service may answer its own caller with where this is in the way. A suggestion:
    /// never show that caller which check of a flow failed.
    pub fn http_status(self) -> u16 {
        self.row().http_status
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of answer a code wants.
///
/// The list is closed, so that a program that handles all of them is complete.
#[expect(
    clippy::exhaustive_enums,
    reason = "a program that handles all classes is complete"
)]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum CodeClass {
    /// The caller's own code, configuration or keys have to be corrected: it will not pass by
    /// itself.
    Caller,
    /// It is over, and nobody's fault: start again if the person wants to.
    Ended,
    /// The machine, a module or this library has failed: nothing was released.
    Fault,
    /// What was received is understood, and must not be accepted.
    Refused,
    /// What was received is not what it should be: look at where it comes from.
    Response,
    /// It may pass by itself: try again later.
    Retry,
}

impl CodeClass {
    /// The class's stable name, such as `refused`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Ended => "ended",
            Self::Fault => "fault",
            Self::Refused => "refused",
            Self::Response => "response",
            Self::Retry => "retry",
        }
    }
}

impl fmt::Display for CodeClass {
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

    #[test]
    fn the_table_says_something_of_each_code() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_number(code.number()), Some(*code));
            for sentence in [code.cause(), code.mend()] {
                assert!(sentence.ends_with('.') && sentence.len() > 10, "{code}");
            }
            let is_fault = (70..80).contains(&code.number());
            assert_eq!(is_fault, code.class() == Fault, "{code}");
            assert!((200..600).contains(&code.http_status()), "{code}");
        }
    }

    #[test]
    fn numbers_stand_in_their_ranges() {
        // 80 to 99 are the C library's own.
        let is_known = |number| matches!(number, 1..80 | 100..140);
        assert!(ErrorCode::ALL.iter().all(|code| is_known(code.number())));
    }
}
