//! Every status and its name. Written by `cargo xtask codes` from the core's table of codes and from
//! `own_statuses.txt`.

use std::ffi::CStr;

/// What a call answers: 0, or why it refused.
///
/// A number is never reused; new ones are appended, so a caller must expect ones that it does not
/// know. 1 to 39 are input that is unusable before a flow exists, 40 to 69 a flow that is refused,
/// 70 to 79 faults of the machine or of this library, 80 to 99 misuse of this interface, 100 to 139
/// requests to the API.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_status {
    /// Done.
    Ok = 0,
    /// The caller's arguments do not fit together.
    Usage = 1,
    /// A file could not be read or written. The core never gives it: it reads no files.
    Io = 2,
    /// Not JSON (RFC 8259), not UTF-8, or a lone surrogate.
    Json = 3,
    /// An object names a member twice.
    JsonDuplicate = 4,
    /// The response is larger than the profile's `limits.response_bytes`.
    TooLarge = 5,
    /// The response nests deeper than the profile's `limits.depth`.
    TooDeep = 6,
    /// The flow has more leaves than the profile's `limits.leaves`.
    TooManyLeaves = 7,
    /// JSON, but no flow: another response of the API, or something else.
    NotAFlow = 8,
    /// The flow has expired before the person has responded.
    FlowExpired = 9,
    /// A member of the flow is missing or of the wrong type.
    FlowMalformed = 10,
    /// A claim's name holds a dot, which its path could not tell from a level.
    ClaimName = 11,
    /// The profile file is not a profile.
    Profile = 12,
    /// Two profiles of one operation disagree.
    ProfileMismatch = 13,
    /// Not a key in any form that is read.
    KeyFormat = 14,
    /// A key, but not of the kind that is needed here.
    KeyKind = 15,
    /// The modulus is too short, too long, or the exponent is out of bounds.
    KeySize = 16,
    /// The numbers of the key do not belong together.
    KeyInvalid = 17,
    /// The key is known to be breakable.
    KeyWeak = 18,
    /// The passphrase is missing or wrong, or the key's KDF costs more than is accepted.
    KeyPassphrase = 19,
    /// More than one usable key where one is wanted.
    KeyAmbiguous = 20,
    /// One modulus in two roles that must not meet.
    KeyConflict = 21,
    /// The service account file is not one, or its parts do not belong together.
    ServiceAccount = 22,
    /// The signed statement cannot be built from this flow under this profile.
    Statement = 23,
    /// A time that is not in Unix seconds.
    Time = 24,
    /// Not an evidence file, or one that contradicts itself.
    Evidence = 25,
    /// Not a disclosure file, or one that contradicts itself.
    Disclosure = 26,
    /// A token's PIN is missing, wrong or locked.
    Pin = 27,
    /// What was begun cannot be resumed: its checkpoint is of other input, other options or
    /// damaged.
    Checkpoint = 28,
    /// Not a pending flow as it was stored, or one of another configuration.
    PendingFlow = 29,
    /// The user has not approved the flow yet.
    FlowPending = 40,
    /// The flow was cancelled.
    FlowCancelled = 41,
    /// The flow has claims but no e-signature.
    SignatureMissing = 42,
    /// The e-signature is not base64 of an RSA signature.
    SignatureMalformed = 43,
    /// No key that was tried verifies the e-signature over the statement.
    SignatureInvalid = 44,
    /// The verifier has no key for this flow's requestee.
    NoVerifyingKey = 45,
    /// The signature is valid, but something that was asked for is not so.
    ExpectationFailed = 46,
    /// The flow has claims that the statement does not cover.
    ClaimsNotSigned = 47,
    /// An operation that is for verified flows only.
    NotVerified = 48,
    /// A leaf of the claims tree is not a string.
    ClaimNotSealed = 49,
    /// A leaf is not strict base64.
    ClaimBase64 = 50,
    /// A leaf's ciphertext has a length that no RSA key of the ring produces.
    ClaimLength = 51,
    /// A leaf's ciphertext is not between 2 and the modulus less 2.
    ClaimRange = 52,
    /// No key of the ring is of the size that the leaves are sealed under.
    NoDecryptingKey = 53,
    /// The claims do not open: one verdict for the flow, whatever was wrong with which leaf.
    ClaimUnopenable = 54,
    /// A claim's text is not of the type asked for.
    ClaimType = 55,
    /// The disclosure does not prove what it shows.
    DisclosureInvalid = 56,
    /// No known statement explains the signatures of all the flows given.
    StatementUnknown = 57,
    /// The pending flow was finished before.
    PendingFinished = 58,
    /// A computation failed its own check. Nothing was released.
    InternalFault = 70,
    /// The operating system gave no randomness.
    NoRandomness = 71,
    /// The engine that was asked for by name is not to be had here.
    EngineUnavailable = 72,
    /// The module or the service that holds the key does not compute.
    KeyUnavailable = 73,
    /// A handle of zeros: nothing was ever put into it.
    HandleNone = 80,
    /// A handle of another type.
    HandleType = 81,
    /// A handle that was freed, or that this library has never given.
    HandleStale = 82,
    /// A pointer that is NULL or misaligned, or a length that no object can have.
    Pointer = 83,
    /// The buffer is too short; the length that it needs was written.
    ShortBuffer = 84,
    /// Text that is not UTF-8.
    NotUtf8 = 85,
    /// An index at or above the count.
    Index = 86,
    /// What was asked for is not there, such as the signature of a flow that has none.
    Absent = 87,
    /// There is no place for another handle: 2^24 are in use.
    HandlesExhausted = 88,
    /// A defect of this library, caught at its edge. The call did nothing more.
    Panic = 89,
    /// The configuration for the API lacks something, or its parts do not belong together.
    ApiConfig = 100,
    /// This version of the API does not have what was asked for.
    ApiVersion = 101,
    /// The API does not accept the credentials, or a session token is missing: authorise again.
    ApiUnauthorized = 102,
    /// The API has had too many requests from this address: wait.
    ApiRateLimited = 103,
    /// The API, or something on the way to it, has failed: try again later.
    ApiUnavailable = 104,
    /// The API refuses the request, and will again.
    ApiRequest = 105,
    /// The API says that the flow or its session has expired: start a new one.
    ApiExpired = 106,
    /// The API says that the person has cancelled: tell them.
    ApiCancelled = 107,
    /// The API answers with an error that does not say what to do.
    ApiError = 108,
    /// An answer of the API, but not to this request.
    ApiAnswer = 109,
    /// No answer came, and the connection is gone.
    ConnectionLost = 110,
    /// The caller's deadline has passed before the flow has ended.
    DeadlinePassed = 111,
    /// The session has ended before, and has given its outcome then.
    SessionOver = 112,
    /// What was received is not a webhook.
    Webhook = 113,
    /// A webhook of a flow that the caller does not wait for.
    WebhookUnmatched = 114,
    /// A webhook that has come before.
    WebhookReplayed = 115,
}

impl flowseal_status {
    /// Every status and its name. The names are those of Rust, Python and the command.
    pub(crate) const NAMES: &[(Self, &CStr)] = &[
        (Self::Ok, c"ok"),
        (Self::Usage, c"usage"),
        (Self::Io, c"io"),
        (Self::Json, c"json"),
        (Self::JsonDuplicate, c"json_duplicate"),
        (Self::TooLarge, c"too_large"),
        (Self::TooDeep, c"too_deep"),
        (Self::TooManyLeaves, c"too_many_leaves"),
        (Self::NotAFlow, c"not_a_flow"),
        (Self::FlowExpired, c"flow_expired"),
        (Self::FlowMalformed, c"flow_malformed"),
        (Self::ClaimName, c"claim_name"),
        (Self::Profile, c"profile"),
        (Self::ProfileMismatch, c"profile_mismatch"),
        (Self::KeyFormat, c"key_format"),
        (Self::KeyKind, c"key_kind"),
        (Self::KeySize, c"key_size"),
        (Self::KeyInvalid, c"key_invalid"),
        (Self::KeyWeak, c"key_weak"),
        (Self::KeyPassphrase, c"key_passphrase"),
        (Self::KeyAmbiguous, c"key_ambiguous"),
        (Self::KeyConflict, c"key_conflict"),
        (Self::ServiceAccount, c"service_account"),
        (Self::Statement, c"statement"),
        (Self::Time, c"time"),
        (Self::Evidence, c"evidence"),
        (Self::Disclosure, c"disclosure"),
        (Self::Pin, c"pin"),
        (Self::Checkpoint, c"checkpoint"),
        (Self::PendingFlow, c"pending_flow"),
        (Self::FlowPending, c"flow_pending"),
        (Self::FlowCancelled, c"flow_cancelled"),
        (Self::SignatureMissing, c"signature_missing"),
        (Self::SignatureMalformed, c"signature_malformed"),
        (Self::SignatureInvalid, c"signature_invalid"),
        (Self::NoVerifyingKey, c"no_verifying_key"),
        (Self::ExpectationFailed, c"expectation_failed"),
        (Self::ClaimsNotSigned, c"claims_not_signed"),
        (Self::NotVerified, c"not_verified"),
        (Self::ClaimNotSealed, c"claim_not_sealed"),
        (Self::ClaimBase64, c"claim_base64"),
        (Self::ClaimLength, c"claim_length"),
        (Self::ClaimRange, c"claim_range"),
        (Self::NoDecryptingKey, c"no_decrypting_key"),
        (Self::ClaimUnopenable, c"claim_unopenable"),
        (Self::ClaimType, c"claim_type"),
        (Self::DisclosureInvalid, c"disclosure_invalid"),
        (Self::StatementUnknown, c"statement_unknown"),
        (Self::PendingFinished, c"pending_finished"),
        (Self::InternalFault, c"internal_fault"),
        (Self::NoRandomness, c"no_randomness"),
        (Self::EngineUnavailable, c"engine_unavailable"),
        (Self::KeyUnavailable, c"key_unavailable"),
        (Self::HandleNone, c"handle_none"),
        (Self::HandleType, c"handle_type"),
        (Self::HandleStale, c"handle_stale"),
        (Self::Pointer, c"pointer"),
        (Self::ShortBuffer, c"short_buffer"),
        (Self::NotUtf8, c"not_utf8"),
        (Self::Index, c"index"),
        (Self::Absent, c"absent"),
        (Self::HandlesExhausted, c"handles_exhausted"),
        (Self::Panic, c"panic"),
        (Self::ApiConfig, c"api_config"),
        (Self::ApiVersion, c"api_version"),
        (Self::ApiUnauthorized, c"api_unauthorized"),
        (Self::ApiRateLimited, c"api_rate_limited"),
        (Self::ApiUnavailable, c"api_unavailable"),
        (Self::ApiRequest, c"api_request"),
        (Self::ApiExpired, c"api_expired"),
        (Self::ApiCancelled, c"api_cancelled"),
        (Self::ApiError, c"api_error"),
        (Self::ApiAnswer, c"api_answer"),
        (Self::ConnectionLost, c"connection_lost"),
        (Self::DeadlinePassed, c"deadline_passed"),
        (Self::SessionOver, c"session_over"),
        (Self::Webhook, c"webhook"),
        (Self::WebhookUnmatched, c"webhook_unmatched"),
        (Self::WebhookReplayed, c"webhook_replayed"),
    ];
}
